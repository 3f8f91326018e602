"""Convert the versions of some records to all that `ledger.db` contains of them: the part that processes can share.

A record comes with its versions, with how many of them the file contains already, and with what its rows need from
other records. The result has the rows of its newest version, the rows of the changes that are new, and what it adds to
the counts. Every new version is checked against the one before. Nothing is read or written here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

import msgspec
from pydantic import ValidationError

from claimledger.consistency import CheckContext
from claimledger.errors import LedgerError
from claimledger.models import Alias, Appearance, Article, Claim, Document, EarlierCheck, Revision
from claimledger.models.stored import read_or_validate, validated_revision
from claimledger.origins import collect_origins
from claimledger.publishing import projection
from claimledger.publishing.alias_rows import alias_rows
from claimledger.publishing.earlier_check_rows import earlier_check_row
from claimledger.publishing.near_checks import earlier_check_tokens
from claimledger.publishing.claim_tokens import claim_tokens
from claimledger.publishing.projection import ChangedVersion, LoggedVersion, TableRow
from claimledger.publishing.redaction import newest_redaction, without_passages
from claimledger.publishing.tables import (
    ALIAS, ALIAS_NAME, APPEARANCES, ARTICLES, CHECK_INDEX, CLAIMS, CORRECTIONS, DOCUMENTS, EARLIER_CHECKS, EDITIONS,
    EVIDENCE, FINDINGS, HISTORY, QUANTITIES, RELATIONS, SEARCH_INDEX, TABLES, TOPICS, VERDICTS,
)  # fmt: skip
from claimledger.publishing.tallies import (
    CORRECTION, MONTH, Tally, claim_tallies, difference, document_tallies, verification_status,
)  # fmt: skip
from claimledger.workflow import changed_judged_fields
from claimledger.vocabulary import RecordState, RevisionKind, Subject

_TABLE_OF_ROW: Mapping[type[Any], str] = {table.row: table.name for table in TABLES}
RECORD_TABLES: Mapping[Subject, Sequence[tuple[str, str]]] = {
    Subject.CLAIM: [(table.name, "claim_id") for table in (
        CLAIMS, QUANTITIES, TOPICS, VERDICTS, EVIDENCE, RELATIONS, FINDINGS,
    )],
    Subject.APPEARANCE: [(APPEARANCES.name, "")],
    Subject.ARTICLE: [(ARTICLES.name, "article"), (EDITIONS.name, "article")],
    Subject.DOCUMENT: [(DOCUMENTS.name, "document_id")],
    Subject.ALIAS: [(ALIAS_NAME.name, "alias_id"), (ALIAS.name, "alias_id")],
    Subject.EARLIER_CHECK: [(EARLIER_CHECKS.name, "earlier_check_id")],
}  # fmt: skip
"""The tables with rows of a record by its kind, each with the column of its key; an appearance has its own key."""
SEARCH_INDEX_OF: Mapping[Subject, str] = {Subject.CLAIM: SEARCH_INDEX, Subject.EARLIER_CHECK: CHECK_INDEX}
"""The full-text index of the records of a kind."""


class RevisionUnusable(LedgerError):
    """Raised when a body of the log is not a revision, or does not continue its record."""

    def __init__(self, number: int, what: str) -> None:
        """Name the body by its number in the log, from 1, and say what is wrong with it."""
        self.number, self.what = number, what
        super().__init__(number=number, reason=what)

    def __reduce__(self) -> tuple[type[RevisionUnusable], tuple[int, str]]:
        """Return how to make the error again in another process."""
        return type(self), (self.number, self.what)


class NeededRecords(NamedTuple):
    """What the rows of a record need from other records, as JSON bodies with their numbers in the log."""

    published_on: str | None = None
    """The date of the article; None if there is no article."""
    may_hold_text: bool = True
    """Whether the article's rights allow its passages."""
    passages: Sequence[str] = ()
    """The passages of a claim in the article's newest edition, if the rights allow them."""
    documents: Sequence[tuple[int, str]] = ()
    """The documents of a claim and those that they are based on: number in the log and body."""


class LoggedRecord(NamedTuple):
    """A record to convert."""

    subject: Subject
    key: str
    versions: Sequence[LoggedVersion]
    """All versions, oldest first."""
    applied: int
    """How many of the versions the file contains already."""
    is_anew: bool
    """True if the rows of the versions that the file contains may change too, because of a redaction or of rights."""
    needed: NeededRecords
    is_validated: bool = False
    """True if every rule of the models is checked for the new versions. A fresh build only checks their fields."""
    claim_count: int = 0
    """For articles and documents: the number of claims."""


class ProjectedRecord(NamedTuple):
    """All that the file contains of a record; rows are plain tuples, which pass quickly between processes."""

    subject: Subject
    key: str
    number: int
    """The number of the first version in the log."""
    is_new: bool
    new_versions: int
    rows: Mapping[str, Sequence[TableRow]]
    """The rows of the newest version by table. Those of tables with row numbers begin with it."""
    changes: Mapping[str, Sequence[TableRow]]
    """The rows of `history` and `corrections` of the new versions, or of all if the record is converted anew."""
    bodies: Sequence[tuple[int, str | None]] = ()
    """The numbers of the versions whose bodies are shown otherwise than in the log, and how."""
    tokens: tuple[str | None, str | None] = (None, None)
    """The search tokens before and after."""
    tallies: Mapping[Tally, int] = {}
    """The change of each count."""
    status_changes: Sequence[tuple[int, str, int]] = ()
    silent_edits: Sequence[tuple[str, int]] = ()
    correction_numbers: Sequence[int] = ()
    """The numbers of the new versions that correct a claim."""


def project(records: Sequence[LoggedRecord]) -> list[ProjectedRecord]:
    """Return all that the file contains of some records.

    Raises:
        RevisionUnusable: a new body is not a revision or does not continue its record.
    """
    return [_project(record) for record in records]


def _project(record: LoggedRecord) -> ProjectedRecord:
    first = 0 if record.is_anew else record.applied
    revisions = {place: _checked_revision(record, place) for place in _places_to_read(record)}
    kinds = [version.kind for version in record.versions]
    rows: dict[str, list[TableRow]] = defaultdict(list)
    newest = revisions[len(kinds) - 1].record
    for row in _record_rows(record, newest):
        rows[_TABLE_OF_ROW[type(row)]].append(tuple(row))
    number = record.versions[0].number
    for table in (CLAIMS, EARLIER_CHECKS):
        if table.name in rows:
            rows[table.name] = [(number, *row) for row in rows[table.name]]
    found = ProjectedRecord(
        record.subject, record.key, number, not record.applied, len(kinds) - record.applied, rows,
        _changes(record, revisions, first), _shown_bodies(record, first),
    )  # fmt: skip
    if record.subject is Subject.CLAIM:
        return found._replace(**_claim_counts(record, revisions, kinds))
    if record.subject is Subject.EARLIER_CHECK:
        was = revisions[record.applied - 1].record if record.applied else None
        return found._replace(tokens=(_check_tokens(was), _check_tokens(newest)))
    if record.subject is Subject.DOCUMENT:
        return found._replace(tallies=_document_tallies(record, revisions))
    return found


def _places_to_read(record: LoggedRecord) -> Iterator[int]:
    """Yield the places of the versions whose bodies are needed: the new ones and the one before, or all."""
    first = 0 if record.is_anew else max(record.applied - 1, 0)
    yield from range(min(first, len(record.versions) - 1), len(record.versions))


def _record_rows(record: LoggedRecord, newest: object) -> Iterator[TableRow]:
    standing = projection.summarize_versions(record.versions)
    match newest:
        case Claim():
            yield from projection.claim_rows(newest, standing, _check_context(record.needed, newest))
        case Appearance():
            allows = record.needed.may_hold_text
            yield projection.appearance_row(newest, standing.record_state, may_hold_text=allows)
        case Article():
            yield from projection.article_rows(newest, standing.record_state, record.claim_count)
        case Document():
            yield projection.document_row(newest, standing.record_state, record.claim_count)
        case Alias():
            yield from alias_rows(newest, standing.record_state)
        case EarlierCheck():
            yield earlier_check_row(newest, standing.record_state)


def _check_tokens(check: object) -> str | None:
    return earlier_check_tokens(check) if isinstance(check, EarlierCheck) else None


def _check_context(needed: NeededRecords, claim: Claim) -> CheckContext:
    """Return what the public ledger has beside a claim: the day of its article, its passages, its documents."""
    named = {one.document_id: one for one in (_document(number, body) for number, body in needed.documents)}
    documents = collect_origins((one.document_id for one in claim.evidence), named.get)
    return CheckContext(published_on=needed.published_on, passages=needed.passages, documents=documents)


@lru_cache(maxsize=1_000)
def _document(number: int, body: str) -> Document:
    return cast("Document", _read(Subject.DOCUMENT, number, body).record)


def _changes(record: LoggedRecord, revisions: Mapping[int, Revision], first: int) -> dict[str, list[TableRow]]:
    """Return the rows of history and corrections of the versions from the place `first` on."""
    found: dict[str, list[TableRow]] = {HISTORY.name: [], CORRECTIONS.name: []}
    redacted = newest_redaction([version.kind for version in record.versions])
    before = _fields(record.versions[first - 1]) if first else None
    for place in range(first, len(record.versions)):
        logged = record.versions[place]
        after = _fields(logged)
        version = ChangedVersion(revisions[place], logged.sha256, after, is_redacted=place <= redacted)
        hides = record.subject in _WITH_PASSAGES and not record.needed.may_hold_text
        for row in projection.change_rows(version, before, hides_passages=hides):
            found[_TABLE_OF_ROW[type(row)]].append(tuple(row))
        before = after
    return found


_WITH_PASSAGES = frozenset({Subject.ARTICLE, Subject.APPEARANCE})


def _fields(version: LoggedVersion) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = msgspec.json.decode(version.body)["record"]
    return fields


def _shown_bodies(record: LoggedRecord, first: int) -> list[tuple[int, str | None]]:
    """Return how the bodies from the place `first` on are shown where a redaction or rights hide words of them.

    For a record that is converted anew, every body is in the result: words may have been hidden before.
    """
    hides = record.subject in _WITH_PASSAGES and not record.needed.may_hold_text
    redacted = newest_redaction([version.kind for version in record.versions])
    found: list[tuple[int, str | None]] = []
    for place, version in enumerate(record.versions[first:], start=first):
        shown = without_passages(version.body) if hides else version.body
        if place < redacted:
            found.append((version.number, None))
        elif record.is_anew or shown != version.body:
            found.append((version.number, shown))
    return found


def _claim_counts(record: LoggedRecord, revisions: Mapping[int, Revision], kinds: Sequence[str]) -> dict[str, Any]:
    """Return the fields of `ProjectedRecord` that count a claim."""
    applied, last = record.applied, len(kinds) - 1
    claims = {place: _claim(revision) for place, revision in revisions.items()}
    was = claims[applied - 1] if applied else None
    before = claim_tallies(was, projection.state_after(kinds[:applied])) if was else ()
    tallies = difference(before, claim_tallies(claims[last], projection.state_after(kinds)))
    status_changes = list(_status_changes(record, claims, kinds))
    for number, status, change in status_changes:
        month = next(version.recorded_at[:7] for version in record.versions if version.number == number)
        tallies[MONTH, month, status] = tallies.get((MONTH, month, status), 0) + change
    corrections = [revisions[place] for place in range(applied, last + 1) if revisions[place].correction]
    for revision in corrections:
        kind = str(revision.correction.kind) if revision.correction else ""
        tallies[CORRECTION, kind, ""] = tallies.get((CORRECTION, kind, ""), 0) + 1
    return {
        "tokens": (claim_tokens(was) if was else None, claim_tokens(claims[last])),
        "tallies": tallies,
        "status_changes": status_changes,
        "silent_edits": list(_silent_edits(record)),
        "correction_numbers": [revision.number for revision in corrections],
    }


def _document_tallies(record: LoggedRecord, revisions: Mapping[int, Revision]) -> Mapping[Tally, int]:
    """Return how the counts of what derives from each document change."""
    before = revisions[record.applied - 1].record if record.applied else None
    after = revisions[len(record.versions) - 1].record
    return difference(*(document_tallies(one) if isinstance(one, Document) else () for one in (before, after)))


def _claim(revision: Revision) -> Claim:
    return cast("Claim", revision.record)


def _status_changes(
    record: LoggedRecord, claims: Mapping[int, Claim], kinds: Sequence[str]
) -> Iterator[tuple[int, str, int]]:
    """Yield each change in the number of listed claims with a status, by the new versions."""
    before = _listed_status(claims[record.applied - 1], kinds[: record.applied]) if record.applied else None
    for place in range(record.applied, len(kinds)):
        after = _listed_status(claims[place], kinds[: place + 1])
        if before != after:
            changes = ((before, -1), (after, 1))
            yield from ((record.versions[place].number, status, change) for status, change in changes if status)
        before = after


def _listed_status(claim: Claim, kinds: Sequence[str]) -> str | None:
    return verification_status(claim) if projection.state_after(kinds) is RecordState.LISTED else None


_EDITS = frozenset({RevisionKind.UPDATE.value, RevisionKind.VERDICT.value})


def _silent_edits(record: LoggedRecord) -> Iterator[tuple[str, int]]:
    """Yield the new versions that changed what only a correction may change."""
    for place in range(max(record.applied, 1), len(record.versions)):
        version = record.versions[place]
        if version.kind in _EDITS and changed_judged_fields(_fields(record.versions[place - 1]), _fields(version)):
            yield record.key, version.revision


def _check_chain(record: LoggedRecord, place: int) -> None:
    """Check that the version at a place continues the record.

    Raises:
        RevisionUnusable: it does not.
    """
    version, before = record.versions[place], record.versions[place - 1] if place else None
    if version.revision != place + 1:
        what = f"version {version.revision} stands where {place + 1} is due."
    elif before and _links.decode(version.body).prev != before.sha256:
        what = "it does not name the hash of the version before it."
    elif before and version.number < before.number:
        what = "it stands before the version it follows."
    else:
        return
    raise RevisionUnusable(version.number, f"{record.key}: {what}")


class _Link(msgspec.Struct):
    prev: object = None


_links = msgspec.json.Decoder(_Link)


def _checked_revision(record: LoggedRecord, place: int) -> Revision:
    version, is_new = record.versions[place], place >= record.applied
    if is_new:
        _check_chain(record, place)
    return _read(record.subject, version.number, version.body, is_validated=record.is_validated and is_new)


def _read(subject: Subject, number: int, body: str, *, is_validated: bool = False) -> Revision:
    try:
        return (validated_revision if is_validated else read_or_validate)(subject, body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise RevisionUnusable(number, f"It is no revision: {where}: {first['msg']}.") from error
