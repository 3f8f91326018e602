"""Print the public files of the records that were published since the files were last printed.

The table `printed_seen` contains the newest publication and the newest text whose files are printed. It is committed
after the files were written. After a kill before that, the next publication prints the files that are missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from claimledger.ledger import files, printing, shared_files
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.log import LogEntry
from claimledger.ledger.printing import PrintResult
from claimledger.ledger.text_form import FileRecord
from claimledger.models import LedgerRecord, Revision, record_key
from claimledger.newsroom.article_texts import read_text_bytes
from claimledger.newsroom.store import DeskStore
from claimledger.scalars import STORED
from claimledger.vocabulary import Subject


def print_all(places: LedgerPaths, store: DeskStore) -> PrintResult:
    """Update every public file from the log, inside a `writing` transaction; remove what a killed process left."""
    files.remove_parts(places.claims)
    text_of = partial(read_text_bytes, store.connection)
    printed = printing.print_text_form(places, store.replaced_records, text_of)
    _record_printed(store.connection)
    return printed


def print_changed(places: LedgerPaths, store: DeskStore) -> PrintResult:
    """Update the files of the records published since the last time, inside a `writing` transaction.

    A claim's file is printed if the claim or one of its passages was published, a text also if it was stored since.
    Edits in files of other records are not reported. If no file was ever printed from this store, all are.
    """
    if not _has_printed(store.connection):
        return print_all(places, store)
    entries = [entry for key in _changed_keys(store.connection) for entry in _entries(store.connection, key)]
    gone = _unshared_contents(entries, places, store.connection)
    text_of = partial(read_text_bytes, store.connection)
    printed = printing.print_records(
        places, printing.newest_records(entries), gone, partial(_said_in_store, store), text_of
    )
    _record_printed(store.connection)
    return printed


def _has_printed(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM printed_seen WHERE number > 0").fetchone() is not None


def _record_printed(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE printed_seen SET number = (SELECT coalesce(max(number), 0) FROM publication), "
        "text_row = (SELECT coalesce(max(rowid), 0) FROM text)"
    )


def _changed_keys(connection: sqlite3.Connection) -> list[str]:
    """Return the articles, documents and claims whose files may be out of date."""
    published = connection.execute(
        "SELECT key FROM publication WHERE number > (SELECT number FROM printed_seen) AND subject <> 'earlier_check' "
        "ORDER BY number"
    )
    stored = connection.execute("SELECT article_id FROM text WHERE rowid > (SELECT text_row FROM printed_seen)")
    return list(dict.fromkeys([*(key.partition("@")[0] for (key,) in published), *(key for (key,) in stored)]))


def _entries(connection: sqlite3.Connection, key: str) -> Iterator[LogEntry]:
    """Yield all revisions of a record, a claim's with those of its passages, in order."""
    rows = connection.execute(
        "SELECT number, sha256, CAST(body AS BLOB) FROM publication WHERE key = ? OR (key >= ? AND key < ?) "
        "ORDER BY number",
        (key, f"{key}@", f"{key}A"),
    )
    return (LogEntry(*row) for row in rows)


def _unshared_contents(entries: Iterable[LogEntry], places: LedgerPaths, connection: sqlite3.Connection) -> list[Path]:
    """Return the contents that an earlier revision of these records shared and no public record shares now."""
    revisions = (Revision.model_validate_json(entry.body, context=STORED) for entry in entries)
    shared = (shared_files.shared_content(one, places) for one in revisions if one.subject in _NAMING_SQL)
    present = (path for path in dict.fromkeys(shared) if path and path.is_file())
    return [path for path in present if not _is_shared(path, places, connection)]


_NAMING_SQL = {
    Subject.DOCUMENT: "SELECT DISTINCT key FROM publication WHERE subject = 'document' AND "
    "json_extract(body, '$.record.content_sha256') = ?",
    Subject.ARTICLE: "SELECT DISTINCT key FROM publication WHERE subject = 'article' AND "
    "json_extract(body, '$.record.editions[#-1].edition_sha256') = ?",
}
"""The query for the records of which a revision names a content; the terms equal those of the indexes."""


def _is_shared(path: Path, places: LedgerPaths, connection: sqlite3.Connection) -> bool:
    """Return whether the newest revision of any record allows this content to be shared."""
    subject = Subject.DOCUMENT if path.is_relative_to(places.shared_evidence) else Subject.ARTICLE
    keys = [key for (key,) in connection.execute(_NAMING_SQL[subject], (path.name,))]
    return any(shared_files.shared_content(_newest(connection, subject, key), places) == path for key in keys)


def _newest(connection: sqlite3.Connection, subject: Subject, key: str) -> Revision:
    row = connection.execute(
        "SELECT CAST(body AS BLOB) FROM publication WHERE key = ? AND subject = ? ORDER BY revision DESC LIMIT 1",
        (key, subject.value),
    ).fetchone()
    return Revision.model_validate_json(row[0], context=STORED)


def _said_in_store(store: DeskStore, found: Sequence[FileRecord]) -> Iterator[LedgerRecord]:
    """Yield the public revisions and replaced drafts of records in files, as `printing.Said` describes."""
    for entry in found:
        key = record_key(entry.record)
        head = store.head(entry.subject, key)
        bodies = (head and head.body, entry.base and store.body(entry.subject, key, entry.base))
        yield from (Revision.model_validate_json(body, context=STORED).record for body in bodies if body)
    yield from store.replaced_records({record_key(entry.record) for entry in found})
