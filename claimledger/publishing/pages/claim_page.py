"""A claim's page: the claim with its chain, figures, verdicts, evidence and history, now or as of a day.

In: a claim's name, and a day if one is asked for. Out: everything its page shows. The invariant: the page of a day
rests on nothing recorded after it, documents included; but what was redacted later is told on no page of any day.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claimledger.models import Appearance, Article, Claim, Document, Evidence, Verdict
from claimledger.publishing import projection
from claimledger.publishing.pages.claim_findings import Finding, Relation, findings, meaning, relations
from claimledger.publishing.pages.versions import NOW, Act, acts, as_it_stood, redacted_through, versions
from claimledger.publishing.projection import Standing, Version
from claimledger.verdicts.answers import answer
from claimledger.vocabulary import Question, RecordState, RevisionKind, Subject, Term, VerificationStatus

_PLACES = (
    "SELECT key FROM revision WHERE subject = 'appearance' AND key > ? || '@' AND key < ? || 'A' AND revision = 1 "
    "AND recorded_at < ? ORDER BY number"
)  # an 'A' follows '@', which ends the claim's name in an appearance's key

_OF_DOCUMENT = re.compile(r"evidence\.([^.]+)\.")
"""A field of evidence, which is called by its document."""


class Exhibit(NamedTuple):
    """A piece of evidence with its document."""

    evidence: Evidence
    document: Document | None
    """None where the document is not public."""


class ClaimPage(NamedTuple):
    """What a claim's page shows."""

    claim: Claim
    newest: Version
    """The revision that is shown."""
    standing: Standing
    article: Article | None
    source: str
    """The name by which the claim's source is put together with others; of now."""
    appearances: tuple[Appearance, ...]
    """Where it stands in texts."""
    exhibits: tuple[Exhibit, ...]
    titles: Mapping[str, Mapping[str, str]]
    """Documents that its evidence, what that rests on, or its history names, to their titles by language."""
    findings: tuple[Finding, ...]
    """What was computed; of now, and empty on the page of a day."""
    meanings: Mapping[str, Mapping[str, str]]
    """The code of each finding that an editor let stand, to what it says, by language."""
    relations: tuple[Relation, ...]
    """Earlier claims it is tied to; of now, and empty on the page of a day."""
    acts: tuple[Act, ...]
    """Its history, the newest first."""
    is_redacted: bool

    @property
    def status(self) -> Term:
        """The answer to whether it is so."""
        return self.status_on(Question.SO)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are asked of it: whether it was said only where somebody is quoted, or it was judged."""
        is_said = self.claim.speaker is not None or self.claim.verdict_on(Question.SAID) is not None
        return tuple(Question) if is_said else (Question.SO,)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Its verdicts, in the order of the questions."""
        return tuple(sorted(self.claim.verdicts, key=lambda verdict: [*Question].index(verdict.question)))

    def status_on(self, question: Question) -> Term:
        """Return the answer to a question, `not_checked` where there is none."""
        verdict = self.claim.verdict_on(question)
        return answer(question, VerificationStatus(verdict or VerificationStatus.NOT_CHECKED))

    def shows(self, document_id: str) -> bool:
        """Whether a document is told of in its evidence."""
        return any(one.evidence.document_id == document_id for one in self.exhibits)

    @property
    def findings_together(self) -> tuple[tuple[Finding, ...], ...]:
        """Its findings, those of one code together, in the order of the checks."""
        codes = dict.fromkeys(one.code for one in self.findings)
        return tuple(tuple(one for one in self.findings if one.code == code) for code in codes)

    @property
    def corrections(self) -> tuple[Act, ...]:
        """Its corrections, the newest first."""
        return tuple(act for act in self.acts if act.kind is RevisionKind.CORRECTION)

    @property
    def withdrawal(self) -> Act | None:
        """The act that withdrew it, if it is withdrawn."""
        found = (act for act in self.acts if act.kind is RevisionKind.WITHDRAWAL and act.subject is Subject.CLAIM)
        return next(found, None)


class Absent(NamedTuple):
    """Why a claim has no page for a day."""

    first_recorded_at: str
    """When it became public, UTC."""
    is_redacted: bool
    """Whether it was there, but what it said was redacted since."""


def claim_page(connection: sqlite3.Connection, claim_id: str, until: str = NOW) -> ClaimPage | Absent | None:
    """Return what a claim's page shows, as things stood before a moment; None if there never was such a claim."""
    every = versions(connection, Subject.CLAIM, claim_id)
    if not every:
        return None
    found = [one for one in every if one.revision.recorded_at < until]
    redacted = redacted_through(every)
    if not found or found[-1].revision.number < redacted:
        return Absent(every[0].revision.recorded_at, is_redacted=bool(found))
    claim = projection.newest(found, Claim)
    exhibits, done = tuple(_exhibits(connection, claim, until)), acts(connection, claim_id, until)
    return ClaimPage(
        claim=claim,
        newest=found[-1],
        standing=projection.standing_of(found),
        article=_article(connection, claim.article_id, until),
        source=connection.execute("SELECT source FROM claims WHERE claim_id = ?", (claim_id,)).fetchone()[0],
        appearances=tuple(_appearances(connection, claim_id, until)),
        exhibits=exhibits,
        titles=dict(_titles(connection, exhibits, done, until)),
        findings=tuple(findings(connection, claim_id)) if until == NOW else (),
        meanings={waiver.code: meaning(connection, waiver.code) for waiver in claim.waivers},
        relations=tuple(relations(connection, claim_id)) if until == NOW else (),
        acts=done,
        is_redacted=bool(redacted),
    )


def _article(connection: sqlite3.Connection, article_id: str, until: str) -> Article | None:
    found = as_it_stood(connection, Subject.ARTICLE, article_id, until)
    return projection.newest([found], Article) if found else None


def _appearances(connection: sqlite3.Connection, claim_id: str, until: str) -> Iterator[Appearance]:
    """Yield where a claim stands in texts; what was withdrawn by then, or ever redacted, is left out."""
    for (key,) in connection.execute(_PLACES, (claim_id, claim_id, until)).fetchall():
        every = versions(connection, Subject.APPEARANCE, key)
        found = [one for one in every if one.revision.recorded_at < until]
        is_withdrawn = projection.standing_of(found).record_state is RecordState.WITHDRAWN
        if not is_withdrawn and not redacted_through(every):
            yield projection.newest(found, Appearance)


def _exhibits(connection: sqlite3.Connection, claim: Claim, until: str) -> Iterator[Exhibit]:
    for evidence in claim.evidence:
        yield Exhibit(evidence, _document(connection, evidence.document_id, until))


def _titles(
    connection: sqlite3.Connection, exhibits: Iterable[Exhibit], done: Iterable[Act], until: str
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the documents that a page names, each with its title, where they are public."""
    known = {one.evidence.document_id: one.document for one in exhibits}
    rest = [name for document in known.values() if document for name in document.derives_from]
    rest += [found[1] for act in done for change in act.changes if (found := _OF_DOCUMENT.match(change.field))]
    for name in dict.fromkeys((*known, *rest)):
        document = known[name] if name in known else _document(connection, name, until)
        if document and document.title:
            yield name, document.title


def _document(connection: sqlite3.Connection, document_id: str, until: str) -> Document | None:
    found = as_it_stood(connection, Subject.DOCUMENT, document_id, until)
    return projection.newest([found], Document) if found else None
