"""Print the text form from the newest public revisions, without overwriting a person's edits.

A file in the claims folder is printed if it is missing or if the log already contains all of its content. That is the
case if each record in it equals the newest revision, the revision named as its base, or a draft that a later published
draft replaced; YAML formatting does not matter. Any other file that differs contains an edit: it stays unchanged and
is reported. Contents that rights allow to be shared are added, and contents that they no longer allow are removed. If
you delete printed files and print again, you get the same bytes. `print_text_form` updates every file, `print_records`
only those of some records.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from pydantic import ValidationError

from claimledger.errors import LogDamaged
from claimledger.ledger import content_store, files, log, shared_files, text_form
from claimledger.ledger.files import LedgerPaths
from claimledger.messages import Message
from claimledger.models import Appearance, Article, Claim, Document, Revision, LedgerRecord, record_key
from claimledger.vocabulary import Subject


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The result of printing."""

    written: tuple[Path, ...]
    """The files written."""
    edited: tuple[Path, ...]
    """The files left unchanged because they contain a person's edit."""
    removed: tuple[Path, ...] = ()
    """The contents removed because no public record allows them any longer."""


class _RecordName(msgspec.Struct):
    subject: str
    key: str


def _no_text(_: str) -> None:
    """Return no text, for a caller without a desk."""


Said = Callable[[Sequence[text_form.FileRecord]], Iterable[LedgerRecord]]
"""A function that returns, of the records under the keys of some records in files, those the log already contains: the
newest revision, the revision named as base, and drafts that a later published draft replaced.
"""


def print_text_form(
    places: LedgerPaths,
    passed_over: Callable[[Collection[str]], list[LedgerRecord]] | None = None,
    text_of: Callable[[str], bytes | None] = _no_text,
) -> PrintResult:
    """Update the claims folder from the log.

    `passed_over` returns the records drafted under some keys for which a later draft was published instead. `text_of`
    returns the text of an edition that the desk stores, by its hash.
    """
    newest = newest_records(log.read_log(places.log))
    printed = _print_files(newest, partial(_said_in_log, newest, places, passed_over), places)
    folders = shared_files.shared_evidence_folder(newest, places), shared_files.shared_texts_folder(newest, places)
    added = _add_shared(folders, text_of, places)
    removed = [path for folder in folders for path in _remove_contents(folder.leftover_files, places)]
    return PrintResult((*printed.written, *added), printed.edited, tuple(removed))


def print_records(
    places: LedgerPaths,
    heads: Sequence[tuple[str, Revision]],
    gone: Iterable[Path],
    said: Said,
    text_of: Callable[[str], bytes | None],
) -> PrintResult:
    """Update the files of some records, and the contents that these allow to be shared; remove the contents `gone`.

    `heads` are (hash, newest revision) of the records, a claim with all its passages, in the order of first
    publication. `text_of` returns the text of an edition that the desk stores, by its hash.
    """
    printed = _print_files(heads, said, places)
    folders = shared_files.shared_evidence_folder(heads, places), shared_files.shared_texts_folder(heads, places)
    added = _add_shared(folders, text_of, places)
    return PrintResult((*printed.written, *added), printed.edited, tuple(_remove_contents(gone, places)))


def _print_files(heads: Sequence[tuple[str, Revision]], said: Said, places: LedgerPaths) -> PrintResult:
    """Write the files of records that differ from them and contain no edit."""
    expected = dict(printed_files(heads, places))
    current = {path: path.read_bytes() for path in expected if path.is_file()}
    differing = {path for path, content in current.items() if content != expected[path]}
    edited = _edited_files(differing, said, places) | _linked_outside(expected.keys(), places)
    stale = [path for path in expected if path not in edited and current.get(path) != expected[path]]
    saved_meanwhile = {path for path in stale if not _write_if_unchanged(path, current.get(path), expected[path])}
    written = tuple(path for path in stale if path not in saved_meanwhile)
    return PrintResult(written, tuple(sorted(edited | saved_meanwhile)))


def _add_shared(
    folders: tuple[shared_files.SharedFolder, shared_files.SharedFolder],
    text_of: Callable[[str], bytes | None],
    places: LedgerPaths,
) -> list[Path]:
    """Add the missing contents of the folders of documents and of texts; return the files written."""
    evidence, texts = folders
    kept = partial(content_store.read_stored_content, places.private_evidence)
    return [*_add_contents(evidence, kept, places), *_add_contents(texts, text_of, places)]


def _add_contents(
    shelf: shared_files.SharedFolder, content_of: Callable[[str], bytes | None], places: LedgerPaths
) -> list[Path]:
    """Write the missing contents that rights allow to be shared, if they are stored; return the files written."""
    lacking = shelf.lacking
    inside = lacking.keys() - _linked_outside(lacking.keys(), places)
    kept = ((path, content_of(lacking[path])) for path in sorted(inside))
    found = [(path, content) for path, content in kept if content is not None]
    files.replace_all(found)
    return [path for path, _ in found]


def _remove_contents(contents: Iterable[Path], places: LedgerPaths) -> list[Path]:
    """Remove contents that no public record allows any longer; return the files removed."""
    gone = set(contents)
    inside = sorted(gone - _linked_outside(gone, places))
    for path in inside:
        path.unlink()
    for folder in {path.parent for path in inside}:
        with suppress(OSError):  # the folder contains other files
            folder.rmdir()
    return inside


def _write_if_unchanged(path: Path, seen: bytes | None, content: bytes) -> bool:
    """Write a file unless someone has changed it since it was read; return whether it was written."""
    if (path.read_bytes() if path.is_file() else None) != seen:
        return False
    files.replace_bytes(path, content)
    return True


def newest_records(entries: Iterable[log.LogEntry], subject: Subject | None = None) -> list[tuple[str, Revision]]:
    """Return (hash, newest revision) of every record, or of those of a subject, in the order of first publication.

    Earlier checks have no files and are many; without a subject they are left out.

    Raises:
        LogDamaged: A body that is read is no revision.
    """
    newest: dict[tuple[str, str], log.LogEntry] = {}
    for entry in entries:
        with _naming_the_line(entry):
            place = msgspec.json.decode(entry.body, type=_RecordName)
        if place.subject == subject or (subject is None and place.subject != Subject.EARLIER_CHECK):
            newest[place.subject, place.key] = entry
    return [(entry.sha256, _revision(entry)) for entry in newest.values()]


def _revision(entry: log.LogEntry) -> Revision:
    with _naming_the_line(entry):
        return Revision.model_validate_json(entry.body)


@contextmanager
def _naming_the_line(entry: log.LogEntry) -> Iterator[None]:
    """Say which line of the log is no revision.

    Raises:
        LogDamaged: The body of the entry cannot be read, or the models refuse it.
    """
    try:
        yield
    except (ValidationError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = Message("unreadable-body", reason=str(error).splitlines()[0])
        file = log.log_file(Path("claims/log"), entry.number).as_posix()
        raise LogDamaged(file, log.line_number(entry.number), reason) from error


def printed_files(heads: Iterable[tuple[str, Revision]], places: LedgerPaths) -> Iterator[tuple[Path, bytes]]:
    """Yield each file with its bytes, from (hash, newest revision) of every record; some kinds have no files."""
    holders: list[tuple[str, Claim | Article | Document]] = []
    appearances: dict[str, list[tuple[Appearance, str]]] = {}
    for sha256, revision in heads:
        if isinstance(revision.record, Appearance):
            appearances.setdefault(revision.record.claim_id, []).append((revision.record, sha256))
        elif isinstance(revision.record, Claim | Article | Document):
            holders.append((sha256, revision.record))
    for sha256, record in holders:
        of_claim = appearances.get(record.claim_id, []) if isinstance(record, Claim) else []
        form = text_form.make_record_file(record, sha256, of_claim)
        yield text_form.record_path(record, places), text_form.format_record_file(form)


def _edited_files(paths: AbstractSet[Path], said: Said, places: LedgerPaths) -> AbstractSet[Path]:
    """Return the files that cannot be read or that contain something the log does not."""
    forms = {path: text_form.read_record_file(path, places).form for path in paths}
    entries = {path: text_form.split_into_records(form) for path, form in forms.items() if form}
    found = [entry for own in entries.values() for entry in own]
    known = {_identity(record) for record in said(found)} if found else set()
    unsaid = {path for path, own in entries.items() if any(_identity(one.record) not in known for one in own)}
    return unsaid | (paths - entries.keys())


def _said_in_log(
    newest: Iterable[tuple[str, Revision]],
    places: LedgerPaths,
    passed_over: Callable[[Collection[str]], list[LedgerRecord]] | None,
    found: Sequence[text_form.FileRecord],
) -> Iterator[LedgerRecord]:
    bases = {entry.base for entry in found} - {None}
    older = [body for _, sha256, body in (log.read_log(places.log) if bases else ()) if sha256 in bases]
    yield from (revision.record for _, revision in newest)
    yield from (Revision.model_validate_json(body).record for body in older)
    yield from passed_over({record_key(entry.record) for entry in found}) if passed_over else ()


def files_with_drafts(
    paths: AbstractSet[Path], waiting: Iterable[LedgerRecord], public: Iterable[LedgerRecord], places: LedgerPaths
) -> AbstractSet[Path]:
    """Return the files that contain open drafts of the desk, and apart from them only public records."""
    new, said = ({_identity(record) for record in records} for records in (waiting, public))
    forms = ((path, text_form.read_record_file(path, places).form) for path in paths)
    found = {
        path: {_identity(one.record) for one in text_form.split_into_records(form)} for path, form in forms if form
    }
    return {path for path, records in found.items() if records & new and records <= new | said}


def _identity(record: LedgerRecord) -> tuple[str, str, str]:
    """Return a key that distinguishes records, including their digits: equal amounts may be written differently."""
    return type(record).__name__, record_key(record), record.model_dump_json()


def _linked_outside(paths: AbstractSet[Path], places: LedgerPaths) -> AbstractSet[Path]:
    """Return the files whose folder is a link to outside the claims folder; nothing is printed there."""
    claims = places.claims.resolve()
    outside = {folder for folder in {path.parent for path in paths} if not folder.resolve().is_relative_to(claims)}
    return {path for path in paths if path.parent in outside}
