"""The page of a claim: the claim with its origin, figures, verdicts, evidence and history, today or on a past date.

The page of a past date uses nothing that was recorded later, not even documents. Values that were redacted later are
shown for no date.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claimledger.models import Appearance, Article, Claim, Document, Evidence, Verdict
from claimledger.publishing import projection
from claimledger.publishing.as_of import NOW
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.near_checks import NearCheck
from claimledger.publishing.pages.check_pages import checks_beside
from claimledger.publishing.pages.claim_findings import (
    PublicFinding, PublicRelation, public_findings, code_meaning, public_relations,
)  # fmt: skip
from claimledger.publishing.pages.versions import (
    HistoryEntry, RecordVersion, history_entries, version_at, last_redaction_number, newest_record,
    record_versions,
)  # fmt: skip
from claimledger.publishing.projection import RecordSummary
from claimledger.verdicts.answers import labelled_verdict, status_on
from claimledger.vocabulary import Question, RecordState, RevisionKind, Stance, Subject, Term

_APPEARANCE_KEYS = (
    "SELECT key FROM revision WHERE subject = 'appearance' AND key > ? || '@' AND key < ? || 'A' AND revision = 1 "
    "AND recorded_at < ? ORDER BY number"
)  # 'A' follows '@' in ASCII, and '@' ends the claim ID in an appearance's key

_EVIDENCE_FIELD = re.compile(r"evidence\.([^.]+)\.")
"""A field of evidence, which contains the document ID."""


class Exhibit(NamedTuple):
    """A piece of evidence with its document."""

    evidence: Evidence
    document: Document | None
    """The document, or None if it is not public."""


class ClaimPage(NamedTuple):
    """The data of a claim's page."""

    claim: Claim
    newest: RecordVersion
    """The version that is shown."""
    standing: RecordSummary
    article: Article | None
    source: str
    """The name of the source's page, as of today."""
    appearances: tuple[Appearance, ...]
    """The positions of the claim in texts."""
    exhibits: tuple[Exhibit, ...]
    checks: tuple[NearCheck, ...]
    """The earlier checks by others that resemble the claim; none on the page of a past date."""
    titles: Mapping[str, Mapping[str, str]]
    """The titles, by language, of the documents named in the evidence, its sources or the history."""
    findings: tuple[PublicFinding, ...]
    """The current findings of the automatic checks. Empty for a past date."""
    meanings: Mapping[str, Mapping[str, str]]
    """The meaning, by language, of each code that an editor waived."""
    relations: tuple[PublicRelation, ...]
    """The current relations to earlier claims. Empty for a past date."""
    acts: tuple[HistoryEntry, ...]
    """The history, newest first."""
    is_redacted: bool

    @property
    def status(self) -> Term:
        """The answer to the question `so`."""
        return self.status_on(Question.SO)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that apply. `said` applies only if someone is quoted or the claim has a `said` verdict."""
        is_said = self.claim.speaker is not None or self.claim.verdict_on(Question.SAID) is not None
        return tuple(Question) if is_said else (Question.SO,)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts in the order of the questions."""
        return tuple(sorted(self.claim.verdicts, key=lambda verdict: [*Question].index(verdict.question)))

    @property
    def verdict_by_question(self) -> Mapping[Question, Verdict]:
        """The verdicts by the question that they answer."""
        return {verdict.question: verdict for verdict in self.verdicts}

    @property
    def dated_verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts whose dates the page shows: only the first one if all have the same dates."""
        dates = {(verdict.as_of, verdict.recheck_after) for verdict in self.claim.verdicts}
        return self.verdicts if len(dates) > 1 else self.verdicts[:1]

    @property
    def stance_counts(self) -> Mapping[Stance, int]:
        """The number of documents for each relation to the claim, in the order in which the vocabulary has them."""
        stances = [one.evidence.stance for one in self.exhibits]
        return {stance: stances.count(stance) for stance in Stance if stance in stances}

    @property
    def has_hashes(self) -> bool:
        """True if the page shows the SHA-256 of a document."""
        return any(one.document is not None and one.document.content_sha256 for one in self.exhibits)

    def status_on(self, question: Question) -> Term:
        """Return the answer to a question, `not_checked` if there is no verdict."""
        return labelled_verdict(question, status_on(self.claim, question))

    def shows(self, document_id: str) -> bool:
        """Return whether a document is among the evidence."""
        return any(one.evidence.document_id == document_id for one in self.exhibits)

    @property
    def findings_by_code(self) -> tuple[tuple[PublicFinding, ...], ...]:
        """The findings grouped by code, in the order of the checks."""
        codes = dict.fromkeys(one.code for one in self.findings)
        return tuple(tuple(one for one in self.findings if one.code == code) for code in codes)

    @property
    def corrections(self) -> tuple[HistoryEntry, ...]:
        """The corrections, newest first."""
        return tuple(act for act in self.acts if act.kind is RevisionKind.CORRECTION)

    @property
    def withdrawal(self) -> HistoryEntry | None:
        """The history entry that withdrew the claim, or None."""
        found = (act for act in self.acts if act.kind is RevisionKind.WITHDRAWAL and act.subject is Subject.CLAIM)
        return next(found, None)


class ClaimUnavailable(NamedTuple):
    """The reason why a claim has no page for a date."""

    first_recorded_at: str
    """The time when the claim became public, UTC."""
    is_redacted: bool
    """True if the claim was public on that date, but that version was redacted later."""


def claim_page(connection: sqlite3.Connection, claim_id: str, until: str = NOW) -> ClaimPage | ClaimUnavailable | None:
    """Return the data of a claim's page as of a moment, or None if the claim never existed."""
    all_versions = record_versions(connection, Subject.CLAIM, claim_id)
    if not all_versions:
        return None
    found = [one for one in all_versions if one.revision.recorded_at < until]
    redacted = last_redaction_number(all_versions)
    if not found or found[-1].revision.number < redacted:
        return ClaimUnavailable(all_versions[0].revision.recorded_at, is_redacted=bool(found))
    claim = newest_record(found, Claim)
    exhibits, entries = tuple(_exhibits(connection, claim, until)), history_entries(connection, claim_id, until)
    return ClaimPage(
        claim=claim,
        newest=found[-1],
        standing=projection.summarize_versions(found),
        article=_article(connection, claim.article_id, until),
        source=connection.execute("SELECT source FROM claims WHERE claim_id = ?", (claim_id,)).fetchone()[0],
        appearances=tuple(_appearances(connection, claim_id, until)),
        exhibits=exhibits,
        checks=checks_beside(connection, claim.to_json()) if until == NOW else (),
        titles=dict(_titles(connection, exhibits, entries, until)),
        findings=tuple(public_findings(connection, claim_id)) if until == NOW else (),
        meanings={waiver.code: code_meaning(connection, waiver.code) for waiver in claim.waivers},
        relations=tuple(public_relations(connection, claim_id)) if until == NOW else (),
        acts=entries,
        is_redacted=bool(redacted),
    )


def _article(connection: sqlite3.Connection, article_id: str, until: str) -> Article | None:
    found = version_at(connection, Subject.ARTICLE, article_id, until)
    return newest_record([found], Article) if found else None


def _appearances(connection: sqlite3.Connection, claim_id: str, until: str) -> Iterator[Appearance]:
    """Yield the claim's appearances, except those that were withdrawn by then or ever redacted."""
    for (key,) in connection.execute(_APPEARANCE_KEYS, (claim_id, claim_id, until)).fetchall():
        all_versions = record_versions(connection, Subject.APPEARANCE, key)
        found = [one for one in all_versions if one.revision.recorded_at < until]
        is_withdrawn = projection.summarize_versions(found).record_state is RecordState.WITHDRAWN
        if not is_withdrawn and not last_redaction_number(all_versions):
            yield newest_record(found, Appearance)


def _exhibits(connection: sqlite3.Connection, claim: Claim, until: str) -> Iterator[Exhibit]:
    """Yield the evidence as the claim lists it, background last: documents added in a correction often decide it."""
    for evidence in sorted(claim.evidence, key=lambda one: one.stance is Stance.CONTEXT):
        yield Exhibit(evidence, _document(connection, evidence.document_id, until))


def _titles(
    connection: sqlite3.Connection, exhibits: Iterable[Exhibit], entries: Iterable[HistoryEntry], until: str
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the public documents that a page names, with their titles."""
    known = {one.evidence.document_id: one.document for one in exhibits}
    rest = [name for document in known.values() if document for name in document.derives_from]
    rest += [found[1] for act in entries for change in act.changes if (found := _EVIDENCE_FIELD.match(change.field))]
    for name in dict.fromkeys((*known, *rest)):
        document = known[name] if name in known else _document(connection, name, until)
        if document and document.title:
            yield name, document.title


def titles_in_changes(connection: sqlite3.Connection, changes: Iterable[FieldChange]) -> dict[str, Mapping[str, str]]:
    """Return the titles, by language, of the public documents that changed fields of evidence name."""
    names = {found[1] for change in changes if (found := _EVIDENCE_FIELD.match(change.field))}
    documents = ((name, _document(connection, name, NOW)) for name in sorted(names))
    return {name: document.title for name, document in documents if document and document.title}


def _document(connection: sqlite3.Connection, document_id: str, until: str) -> Document | None:
    found = version_at(connection, Subject.DOCUMENT, document_id, until)
    return newest_record([found], Document) if found else None
