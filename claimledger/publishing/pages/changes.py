"""List the public revisions since a day, newest first, with their reasons and the fields that changed.

A revision belongs to one group: corrections, withdrawals, redactions, verdicts, updates, first publications or
documents. The first publication of a claim's position belongs to that of the claim and is not listed. Values of
versions that were redacted later are never shown. The cost depends on the revisions that are shown, not on the ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from claimledger.models import Claim
from claimledger.models.stored import read_revision
from claimledger.publishing.field_changes import FieldChange, field_changes
from claimledger.publishing.page_language import reason_by_language
from claimledger.verdicts.answers import labelled_verdict, status_on
from claimledger.verdicts.reasons import reason_in_short
from claimledger.vocabulary import Question, RevisionKind, Subject, Term, VerificationStatus

_RECORDS = (Subject.CLAIM, Subject.ARTICLE, Subject.ALIAS)
_APART = (Subject.DOCUMENT, Subject.EARLIER_CHECK)
"""The records whose groups are apart from those of claims: they are many."""
_DECISIONS = (RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL, RevisionKind.REDACTION)
GROUPS: Mapping[str, Sequence[tuple[Subject, RevisionKind]]] = {
    **{kind.value: [(subject, kind) for subject in Subject] for kind in _DECISIONS},
    "verdict": [(Subject.CLAIM, RevisionKind.VERDICT)],
    "update": [(subject, RevisionKind.UPDATE) for subject in Subject if subject not in _APART],
    "listed": [(subject, RevisionKind.LISTED) for subject in _RECORDS],
    **{subject.value: [(subject, kind) for kind in (RevisionKind.LISTED, RevisionKind.UPDATE)] for subject in _APART},
}
"""The groups in the order of a page, each with the records and the kinds of revision in it."""
DEFAULT_GROUPS = tuple(name for name in GROUPS if name not in _APART)
"""The groups that are shown unless a reader chooses others: documents and earlier checks would hide the verdicts."""
_GROUP_OF = {pair: name for name, pairs in GROUPS.items() for pair in pairs}
NOTHING_FOUND = VerificationStatus.NOTHING_FOUND.value
"""The group, on a page only, of verdicts after a search that found nothing."""


class ChangeFilter(NamedTuple):
    """The revisions that a reader asks for."""

    since: str
    """The first UTC day, as YYYY-MM-DD."""
    groups: Sequence[str] = DEFAULT_GROUPS
    article: str = ""
    claim: str = ""
    speaker: str = ""
    """The name of the speaker, in Korean or English."""

    @property
    def is_about_claims(self) -> bool:
        """True if the filter names an article, a claim or a speaker."""
        return bool(self.article or self.claim or self.speaker)


class AnswerChange(NamedTuple):
    """An answer before and after a revision."""

    question: Question
    before: Term
    after: Term


class PublicChange(NamedTuple):
    """A public revision as a line of the list."""

    number: int
    """The number in the log."""
    sha256: str
    subject: Subject
    key: str
    kind: RevisionKind
    group: str
    recorded_at: str
    """The time of publication, UTC."""
    author: str
    approver: str
    title: Mapping[str, str]
    """The record's current title, by language: the statement of a claim, the headline of an article."""
    claim_id: str | None
    article_id: str | None
    """The article of a claim, or the article itself."""
    answers: Sequence[AnswerChange]
    """The answers that changed."""
    fields: Sequence[FieldChange]
    """The changed fields. Empty for a first publication; without values if the version was redacted."""
    reason: Mapping[str, str]
    """The reason by language: that of the verdict, the note of a correction, or that of the log."""
    redacted_at: str | None
    """The time when the version was redacted, or None."""

    @property
    def day(self) -> str:
        """The UTC day of publication."""
        return self.recorded_at[:10]


class ChangeCounts(NamedTuple):
    """The numbers of revisions since a day, in the order of the page."""

    corrections: int
    withdrawals: int
    verdicts: int
    nothing_found: int
    """The verdicts after a search that found nothing; they are not among `verdicts`."""
    documents: int
    claims: int
    """The claims first published."""


def newest_day(connection: sqlite3.Connection) -> str | None:
    """Return the UTC day of the newest revision, or None in an empty ledger."""
    row = connection.execute("SELECT recorded_at FROM revision ORDER BY number DESC LIMIT 1").fetchone()
    return row[0][:10] if row else None


def first_number_since(connection: sqlite3.Connection, day: str) -> int:
    """Return the log number of the first revision from a day on; one more than the last if there is none."""
    low, high = 1, (connection.execute("SELECT max(number) FROM revision").fetchone()[0] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        (recorded_at,) = connection.execute("SELECT recorded_at FROM revision WHERE number = ?", (middle,)).fetchone()
        low, high = (low, middle) if recorded_at >= day else (middle + 1, high)
    return low


def list_changes(
    connection: sqlite3.Connection, asked: ChangeFilter, *, count: int, before: int | None = None
) -> list[PublicChange]:
    """Return up to `count` revisions that a reader asks for, newest first, before a log number if given."""
    first, end = first_number_since(connection, asked.since), before or 2**31
    numbers = _numbers_of_claims if asked.is_about_claims else _numbers
    return _changes(connection, sorted(numbers(connection, asked, first, end, count), reverse=True)[:count])


_NUMBERS = (
    "SELECT number FROM revision WHERE subject = ? AND kind = ? AND number >= ? AND number < ? "
    "ORDER BY number DESC LIMIT ?"
)


def _numbers(connection: sqlite3.Connection, asked: ChangeFilter, first: int, end: int, count: int) -> Iterator[int]:
    """Yield the newest numbers of each kind of record and revision; an index has each in order."""
    for pair in (pair for group in asked.groups for pair in GROUPS[group]):
        yield from (row[0] for row in connection.execute(_NUMBERS, (*map(str, pair), first, end, count)))


_CLAIMS_ASKED = (
    "SELECT claim_id, article FROM claims LEFT JOIN speakers USING (speaker) "
    "WHERE (:article = '' OR article = :article) "
    "AND (:claim = '' OR claim_id = :claim) AND (:speaker = '' OR speaker = :speaker OR name_ko = :speaker)"
)
_NUMBERS_OF_CLAIMS = f"""
WITH asked AS MATERIALIZED ({_CLAIMS_ASKED})
SELECT number, subject, kind FROM revision WHERE number >= :first AND number < :end AND (
  (subject = 'claim' AND key IN (SELECT claim_id FROM asked))
  OR (subject = 'article' AND key IN (SELECT article FROM asked) AND :of_article)
  OR (subject = 'document' AND key IN (SELECT document_id FROM evidence JOIN asked USING (claim_id)))
)"""  # noqa: S608  our own


def _numbers_of_claims(
    connection: sqlite3.Connection, asked: ChangeFilter, first: int, end: int, _count: int
) -> Iterator[int]:
    """Yield the numbers of the revisions of some claims, of the requested article, and of their documents."""
    values = {
        "first": first, "end": end, "article": asked.article, "claim": asked.claim, "speaker": asked.speaker,
        "of_article": bool(asked.article) and not (asked.claim or asked.speaker),
    }  # fmt: skip
    for number, subject, kind in connection.execute(_NUMBERS_OF_CLAIMS, values):
        if _GROUP_OF.get((Subject(subject), RevisionKind(kind))) in asked.groups:
            yield number


_VERSIONS = """
SELECT r.number, r.sha256, r.subject, r.key, r.kind, r.recorded_at, r.actor, r.approver, r.body, p.body AS before,
  (SELECT max(x.recorded_at) FROM revision x WHERE x.subject = r.subject AND x.key = r.key AND x.kind = 'redaction'
   AND x.revision > r.revision) AS redacted_at,
  (SELECT y.body FROM revision y WHERE y.subject = r.subject AND y.key = r.key ORDER BY y.revision DESC LIMIT 1)
   AS newest
FROM revision r LEFT JOIN revision p ON p.subject = r.subject AND p.key = r.key AND p.revision = r.revision - 1
WHERE r.number IN
"""


def _changes(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[PublicChange]:
    marks = ", ".join("?" * len(numbers))
    rows = connection.execute(f"{_VERSIONS} ({marks}) ORDER BY r.number DESC", numbers).fetchall()
    found = [_change(row) for row in rows]
    return [one if one.subject is not Subject.APPEARANCE else _with_statement(connection, one) for one in found]


def _with_statement(connection: sqlite3.Connection, one: PublicChange) -> PublicChange:
    """Return the change of a position with the statement of its claim as the title."""
    sql = "SELECT statement_en AS en, statement_ko AS ko FROM claims WHERE claim_id = ?"
    statement = connection.execute(sql, (one.claim_id,)).fetchone()
    return one._replace(title={name: text for name, text in zip(("en", "ko"), statement or (), strict=False) if text})


def _change(row: sqlite3.Row) -> PublicChange:
    subject, kind = Subject(row["subject"]), RevisionKind(row["kind"])
    newest = msgspec.json.decode(row["newest"])["record"]
    is_claim = subject in {Subject.CLAIM, Subject.APPEARANCE}
    answers = tuple(_answer_changes(row)) if subject is Subject.CLAIM else ()
    group = _GROUP_OF[subject, kind]
    if group == "verdict" and any(one.after == NOTHING_FOUND for one in answers):
        group = NOTHING_FOUND
    return PublicChange(
        number=row["number"], sha256=row["sha256"], subject=subject, key=row["key"], kind=kind, group=group,
        recorded_at=row["recorded_at"], author=row["actor"], approver=row["approver"], title=_title(newest),
        claim_id=newest["claim_id"] if is_claim else None, article_id=newest.get("article_id"), answers=answers,
        fields=tuple(_fields(row)), reason=_reason(row), redacted_at=row["redacted_at"],
    )  # fmt: skip


def _title(record: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the title of a record by language; empty for an appearance and for a confidential document."""
    if "alias_id" in record:
        return {"en": ", ".join(name["text"] for name in record["names"])}
    if "earlier_check_id" in record:
        return {record.get("language", "und"): record["claim"]}
    title: Mapping[str, str] = record.get("statement") or record.get("headline") or record.get("title") or {}
    return title


def _answer_changes(row: sqlite3.Row) -> Iterator[AnswerChange]:
    if row["redacted_at"] or not row["body"] or row["kind"] == RevisionKind.LISTED:
        return
    after = read_revision(row["body"]).record
    before = read_revision(row["before"]).record if row["before"] else None
    for question in Question:
        if not isinstance(after, Claim) or not isinstance(before, Claim):
            return
        was, now = (labelled_verdict(question, status_on(one, question)) for one in (before, after))
        if was != now:
            yield AnswerChange(question, was, now)


def _fields(row: sqlite3.Row) -> Iterable[FieldChange]:
    """Return the changed fields of a version; none if it or the one before may not be shown."""
    if row["redacted_at"] or not row["body"] or not row["before"]:
        return ()
    return field_changes(*(msgspec.json.decode(row[name])["record"] for name in ("before", "body")))


def _reason(row: sqlite3.Row) -> Mapping[str, str]:
    if row["redacted_at"] or not row["body"]:
        return {}
    revision = read_revision(row["body"])
    if revision.correction:
        return revision.correction.public_note
    of_log = reason_by_language(revision.reason)
    if revision.kind is RevisionKind.VERDICT and isinstance(revision.record, Claim):
        in_short = {language: reason_in_short(revision.record, language) for language in ("en", "ko")}
        return {language: text for language, text in in_short.items() if text} or of_log
    return of_log


_COUNT = "SELECT count(*) FROM revision WHERE subject = ? AND kind = ? AND number >= ?"
_COUNT_NOTHING_FOUND = (
    "SELECT count(*) FROM status_changes s JOIN revision r USING (number) WHERE s.number >= ? AND s.status = ? "
    "AND s.claims > 0 AND r.kind = 'verdict'"
)


def count_changes(connection: sqlite3.Connection, since: str) -> ChangeCounts:
    """Return the numbers of revisions since a day."""
    first = first_number_since(connection, since)

    def count(pairs: Iterable[tuple[Subject, RevisionKind]]) -> int:
        return sum(connection.execute(_COUNT, (*map(str, pair), first)).fetchone()[0] for pair in pairs)

    nothing_found: int = connection.execute(_COUNT_NOTHING_FOUND, (first, NOTHING_FOUND)).fetchone()[0]
    return ChangeCounts(
        corrections=count(GROUPS["correction"]),
        withdrawals=count(GROUPS["withdrawal"]),
        verdicts=count(GROUPS["verdict"]) - nothing_found,
        nothing_found=nothing_found,
        documents=count([(Subject.DOCUMENT, RevisionKind.LISTED)]),
        claims=count([(Subject.CLAIM, RevisionKind.LISTED)]),
    )
