"""Two checks of the desk: published bodies against their approved drafts, and public files against private data.

Every body published from this desk must be the public form of a draft, by its authors, and approved by someone else.
Private data may occur in the log and in ledger.db only if an approved draft contains it, or if it is article text that
its rights allow to publish. The checks read the desk without opening the store, and write nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from claimledger.checks.private_texts import (
    TextSearchResult, read_database_rows, identifying_texts, read_overlapping_pieces, private_texts, search_pieces,
)  # fmt: skip
from claimledger.errors import Problem
from claimledger.checks.results import CheckResult, make_check_result
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.shared_files import public_edition, public_text
from claimledger.newsroom.store import DISCARDED
from claimledger.newsroom.article_texts import public_articles
from claimledger.messages import Message, Value


def check_public_forms(places: LedgerPaths) -> CheckResult:
    """Compare each body that was published from this desk with its draft and its approval."""
    return run_check(places, "public forms", _compare_forms)


def check_privacy(places: LedgerPaths) -> CheckResult:
    """Search the bytes of the log and of ledger.db for private data of the desk."""
    return run_check(places, "private", lambda connection: _search_public_files(connection, places))


def run_check(places: LedgerPaths, name: str, look: Callable[[sqlite3.Connection], CheckResult]) -> CheckResult:
    """Run one check on the desk database, read-only, and return its result."""
    if not places.desk.exists():
        return CheckResult(name, "there is no desk.db here", has_run=False)
    try:
        with closing(sqlite3.connect(f"{places.desk.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")  # a read-only connection would leave its journal file behind
            return look(connection)
    except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
        return CheckResult(name, f"a file cannot be read on: {error}", has_run=False)


class _Body(msgspec.Struct):
    """The parts of a public body that come from its draft and its approval."""

    kind: str
    reason: str
    recorded_at: str
    authors: tuple[str, ...]
    approver: str
    record: msgspec.Raw
    prev: str | None = None
    correction: msgspec.Raw = msgspec.Raw()


class _Version(msgspec.Struct):
    """A row of the table `draft`."""

    draft_id: int
    base: str | None
    kind: str
    author: str
    reason: str
    record: bytes
    correction: bytes | None


@dataclass(slots=True)
class _FormResult:
    compared: int = 0
    imported: int = 0
    without_acts: int = 0
    problems: list[Problem] = field(default_factory=list)


def _compare_forms(connection: sqlite3.Connection) -> CheckResult:
    found, since = _FormResult(), _approvals_since(connection)
    last: dict[tuple[str, str], int] = {}
    rows = connection.execute(
        "SELECT number, key, subject, draft_id, CAST(body AS BLOB) FROM publication ORDER BY number"
    )
    for number, key, subject, draft_id, content in rows:
        if draft_id is None:
            found.imported += 1
            continue
        body = msgspec.json.decode(content, type=_Body)
        versions = _versions(connection, key, subject, last.get((key, subject), 0), draft_id)
        last[key, subject] = draft_id
        found.compared += 1
        found.problems += _faults(number, key, body, versions, draft_id)
        if subject not in ("claim", "appearance"):
            continue
        if since is None or body.recorded_at < since:
            found.without_acts += 1
        elif not _is_approved(connection, body.approver, key, subject, draft_id):
            found.problems.append(_alteration_problem("no-approval", number, key, approver=body.approver))
    return make_check_result("public forms", _summary(found), found.problems)


def _summary(found: _FormResult) -> str:
    parts = [f"{found.compared:,} bodies against their drafts"]
    parts += [f"{found.without_acts:,} of them from before approvals were kept"] if found.without_acts else []
    parts += [f"{found.imported:,} more came with the log"] if found.imported else []
    return "; ".join(parts)


def _approvals_since(connection: sqlite3.Connection) -> str | None:
    """Return the time of the first body with a stored approval (UTC); a desk may be older than the table of acts."""
    row = connection.execute(
        "SELECT body FROM publication WHERE draft_id IN "
        "(SELECT draft_id FROM act WHERE action IN ('list', 'publish')) ORDER BY number LIMIT 1"
    ).fetchone()
    return msgspec.json.decode(row[0], type=_Body).recorded_at if row else None


def _versions(connection: sqlite3.Connection, key: str, subject: str, after: int, until: int) -> list[_Version]:
    """Return the drafts of a record between two of its publications."""
    rows = connection.execute(
        "SELECT draft_id, base_sha256, kind, author, reason, CAST(record AS BLOB), CAST(correction AS BLOB) FROM draft "
        "WHERE key = ? AND subject = ? AND draft_id > ? AND draft_id <= ? ORDER BY draft_id",
        (key, subject, after, until),
    )
    return [_Version(*row) for row in rows]


def _faults(number: int, key: str, body: _Body, versions: list[_Version], draft_id: int) -> Iterator[Problem]:
    if body.approver in body.authors:
        yield _alteration_problem("author-approved", number, key, approver=body.approver)
    if not versions or versions[-1].draft_id != draft_id or versions[-1].kind == DISCARDED:
        yield _alteration_problem("no-draft", number, key, draft=draft_id)
        return
    draft = versions[-1]
    pairs: Mapping[str, tuple[object, object]] = {
        "record": (bytes(body.record), draft.record),
        "kind": (body.kind, draft.kind),
        "reason": (body.reason, draft.reason),
        "prev": (body.prev, draft.base),
        "correction": (bytes(body.correction), draft.correction or b""),
        "authors": ({*body.authors}, _authors(versions)),
    }
    if names := tuple(name for name, (public, private) in pairs.items() if public != private):
        yield _alteration_problem("not-the-draft", number, key, draft=draft_id, names=names)


def _authors(versions: Iterable[_Version]) -> set[str]:
    """Return the authors of the newest version.

    These are all authors since the last discarded draft. Authors of discarded drafts count up to a draft with the same
    record.
    """
    drafts: list[list[_Version]] = [[]]
    for version in versions:
        if version.kind == DISCARDED:
            drafts.append([])
        else:
            drafts[-1].append(version)
    *closed, newest = drafts
    wrote = {one.author for one in newest}
    for draft in closed:
        while draft and draft[-1].record != newest[-1].record:
            draft.pop()
        wrote |= {one.author for one in draft}
    return wrote


def _is_approved(connection: sqlite3.Connection, approver: str, key: str, subject: str, draft_id: int) -> bool:
    """Return whether the approver judged exactly this version of a claim or its passage, before the next draft."""
    row = connection.execute(
        "SELECT 1 FROM act WHERE claim_id = ? AND actor = ? AND action IN ('list', 'approve') AND draft_id >= ? "
        "AND draft_id < "
        "(SELECT coalesce(min(draft_id), 1 << 62) FROM draft WHERE key = ? AND subject = ? AND draft_id > ?)",
        (key.partition("@")[0], approver, draft_id, key, subject, draft_id),
    ).fetchone()
    return row is not None


def _alteration_problem(code: str, number: int, key: str, **values: Value) -> Problem:
    return Problem(Message(code, number=number, key=key, **values), file="desk.db")


def _search_public_files(connection: sqlite3.Connection, places: LedgerPaths) -> CheckResult:
    lines, names = private_texts(connection), identifying_texts(connection)
    texts = names | lines
    searches = {
        "claims/log": search_pieces(read_overlapping_pieces(sorted(places.log.glob("*.jsonl"))), lines, names),
        "ledger.db": search_pieces(
            chain(read_overlapping_pieces([places.ledger]), read_database_rows(places.ledger)), lines, names
        )
        if places.ledger.exists()
        else TextSearchResult(),
    }
    hits = {text: texts[text] for search in searches.values() for text in search.found}
    allowed = chain(_approved_texts(connection), _public_texts(connection, places))
    lawful = search_pieces(allowed, hits.keys() & lines.keys(), hits.keys() & names.keys()).found
    problems = [
        Problem("private-text-public", file=place, what=Message(f"private/{hits[text]}"))
        for place, search in searches.items()
        for text in sorted(search.found - lawful)
    ]
    size = sum(search.size for search in searches.values())
    return make_check_result(
        "private", f"{len(texts):,} private texts against {size:,} bytes of the log and ledger.db", problems
    )


def _approved_texts(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Yield the approved texts: the published drafts, and the bodies that came with the log."""
    rows = connection.execute(
        "SELECT record || ' ' || reason || ' ' || author || ' ' || coalesce(correction, '') FROM draft "
        "WHERE draft_id IN (SELECT draft_id FROM publication) "
        "UNION ALL SELECT body FROM publication WHERE draft_id IS NULL UNION ALL SELECT actor FROM act "
        "WHERE action IN ('list', 'approve', 'publish')"
    )
    return (text.encode() for (text,) in rows)


def _public_texts(connection: sqlite3.Connection, places: LedgerPaths) -> Iterator[bytes]:
    """Yield the published texts of articles, whose rights allow it and which ledger.db contains."""
    editions = map(public_edition, public_articles(connection))
    texts = (public_text(places.shared_texts, edition) for edition in editions if edition)
    return (text.encode() for text in texts if text is not None)
