"""A claim at the desk: what is public, what waits, who checks it, what was asked, and how the workflow table sees it.

In: the desk as it stands and a claim's name. Out: everything the table and the claim's page need. Nothing is stored
here twice: each stage is derived from the log, the drafts and the acts, in the order they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from claimledger.agreement import Passage
from claimledger.consistency import AtHand, Finding, barring, findings
from claimledger.editorial.agreement_at_desk import Texts, disagreements, of_newest_edition, passages
from claimledger.editorial.check_inputs import day_of_article, kept_texts
from claimledger.errors import NotFound, Problem
from claimledger.newsroom.acts import Deed, Done, acts_on
from claimledger.newsroom.current_records import Standing
from claimledger.newsroom.store import Draft
from claimledger.models import Appearance, Claim, Document, Revision, Verdict
from claimledger.origins import with_origins
from claimledger.workflow import INDEPENDENCE_NEEDED, Case, lacks_evidence, material_authors
from claimledger.verdicts.independence import is_waived, lacks_independence, rests_on_few
from claimledger.vocabulary import (
    Action, Answer, CheckStage, Priority, Question, RecordStage, RevisionKind, Subject,
)  # fmt: skip


class WriterQuery(NamedTuple):
    """A question to the writer."""

    act_id: int
    """Its number."""
    asked: Done
    """How it was asked."""
    answer: Answer
    """The newest answer."""
    answered: Done | None
    """How that came."""


@dataclass(frozen=True, slots=True)
class ClaimAtDesk:
    """A claim, everything that was done to it, and what waits."""

    claim_id: str
    """Its name."""
    claim: Claim
    """The claim as it stands: the open draft, or the newest public version."""
    revisions: tuple[Revision, ...]
    """Its public versions, the oldest first."""
    head_sha256: str | None
    """Hash of the newest of them."""
    draft: Draft | None
    """The version that waits."""
    waiting: tuple[Draft, ...]
    """All that waits: the version and the claim's passages."""
    appearances: tuple[Appearance, ...]
    """Its passages, those that wait included."""
    acts: tuple[Done, ...]
    """What was done, the oldest first."""
    findings: tuple[Problem, ...]
    """Where its wording disagrees, or what was computed does not fit, as far as nobody waived it."""
    had_in_public: tuple[Problem, ...]
    """Those of them that the newest public version has too, on a field that what waits does not change."""
    computed: tuple[Finding, ...]
    """What was computed of it, notes and waived findings too."""
    documents: Mapping[str, Document]
    """The documents of its evidence, and those that these rest on, by name."""

    @property
    def public(self) -> Claim | None:
        """The newest public version."""
        record = self.revisions[-1].record if self.revisions else None
        return record if isinstance(record, Claim) else None

    @property
    def public_fields(self) -> dict[str, Any]:
        """The newest public version as JSON values; empty if there is none."""
        return self.public.to_json() if self.public else {}

    @property
    def new_findings(self) -> tuple[Problem, ...]:
        """The findings that bar what waits: all but those that readers have before them already."""
        return tuple(finding for finding in self.findings if finding not in self.had_in_public)

    @property
    def newest_draft_id(self) -> int:
        """The newest draft that waits; 0 if none does."""
        return max((draft.draft_id or 0 for draft in self.waiting), default=0)

    @property
    def record(self) -> RecordStage:
        """Where the record stands."""
        if not self.revisions:
            return RecordStage.DRAFT
        kinds = [revision.kind for revision in self.revisions if revision.kind is not RevisionKind.REDACTION]
        return RecordStage.WITHDRAWN if kinds[-1] is RevisionKind.WITHDRAWAL else RecordStage.LISTED

    @property
    def waiting_stage(self) -> CheckStage:
        """How far what waits has come: open if nothing does."""
        if not self.waiting:
            return CheckStage.OPEN
        judged = self._judgement()
        if judged is None:
            return CheckStage.PROPOSED
        return CheckStage.APPROVED if judged.action is Action.APPROVE else CheckStage.RETURNED

    def _judgement(self) -> Deed | None:
        """Return the newest approval or return of the very drafts that wait."""
        judged = [act.deed for act in self.acts if act.deed.action in (Action.APPROVE, Action.RETURN)]
        return judged[-1] if judged and judged[-1].draft_id == self.newest_draft_id else None

    @property
    def returned(self) -> Deed | None:
        """The return of what waits, if an editor gave it back and nobody wrote it anew since."""
        judged = self._judgement() if self.waiting else None
        return judged if judged and judged.action is Action.RETURN else None

    @property
    def approver(self) -> str | None:
        """Who approved what waits."""
        judged = self._judgement() if self.waiting else None
        return judged.actor if judged and judged.action is Action.APPROVE else None

    def stage(self, question: Question) -> CheckStage:
        """Return how far the check of a question has come."""
        if self.public and self.verdict(question) != verdict_on(self.public, question):
            return CheckStage.ASSIGNED if self.waiting_stage is CheckStage.OPEN else self.waiting_stage
        if self.assignee(question):
            return CheckStage.ASSIGNED
        is_answered = self.public is not None and verdict_on(self.public, question) is not None
        return CheckStage.PUBLISHED if is_answered else CheckStage.OPEN

    def verdict(self, question: Question) -> Verdict | None:
        """Return the verdict as it stands on the desk."""
        return verdict_on(self.claim, question)

    def assignment(self, question: Question) -> Deed | None:
        """Return the assignment that stands: the newest, unless its verdict was published since."""
        found = None
        for act in (done.deed for done in self.acts):
            if act.action is Action.ASSIGN and act.question is question:
                found = act if act.detail.get("assignee") else None
            elif act.action is Action.PUBLISH and question in act.detail.get("questions", ()):
                found = None
        return found

    def assignee(self, question: Question) -> str | None:
        """Return who checks a question."""
        act = self.assignment(question)
        return str(act.detail["assignee"]) if act else None

    def authors(self) -> frozenset[str]:
        """Return who wrote a part of what waits, or a material part of what is public since the claim was listed."""
        versions = [(revision.record.to_json(), revision.authors) for revision in self.revisions]
        return self.writers() | material_authors(versions)

    def writers(self) -> frozenset[str]:
        """Return who wrote a part of what waits."""
        return frozenset(author for draft in self.waiting for author in draft.authors)

    def queries(self) -> list[WriterQuery]:
        """Return the questions to the writer with their newest answers, the oldest question first."""
        answers = {act.deed.detail["query"]: act for act in self.acts if act.deed.action is Action.ANSWER}
        asked = (act for act in self.acts if act.deed.action is Action.QUERY)
        return [
            WriterQuery(
                act.act_id,
                act,
                Answer(answers[act.act_id].deed.detail["answer"]) if act.act_id in answers else Answer.OPEN,
                answers.get(act.act_id),
            )
            for act in asked
        ]

    def case(self, action: Action, question: Question | None = None) -> Case:
        """Return the claim as the workflow table sees it for an act.

        Whether verdicts lack something is told of what waits, for those who judge it; of what an act would write, by
        who knows that.
        """
        judges = action in (Action.APPROVE, Action.RETURN, Action.PUBLISH, Action.LIST)
        fields = self.claim.to_json()
        return Case(
            record=self.record,
            check=self.waiting_stage if question is None or judges else self.stage(question),
            assignee=self.assignee(question) if question else None,
            authors=self.authors(),
            waits=self.draft.kind if self.draft else None,
            writers=self.writers(),
            is_current=self.draft is None or self.draft.base == self.head_sha256,
            has_findings=bool(self.new_findings),
            lacks_evidence=judges and lacks_evidence(fields),
            lacks_independence=judges and lacks_independence(fields, self.public_fields, self.documents.get),
        )

    @property
    def barring(self) -> tuple[Problem, ...]:
        """What would bar a verdict of this claim, before there is one: its evidence is few and secondary."""
        fields = self.claim.to_json()
        is_thin = bool(fields.get("evidence")) and not is_waived(fields) and rests_on_few(fields, self.documents.get)
        return (INDEPENDENCE_NEEDED,) if is_thin else ()

    @property
    def priority(self) -> Priority:
        """How soon it is to be looked at: the more urgent of the assignments that stand."""
        found = [Priority(value) for value in self._assigned("priority")]
        return min(found, key=list(Priority).index, default=Priority.NORMAL)

    @property
    def due_on(self) -> str | None:
        """The print deadline: the sooner of the assignments that stand."""
        return min(self._assigned("due_on"), default=None)

    def _assigned(self, name: str) -> list[str]:
        """Return what each assignment that stands says of a deadline or a priority."""
        standing = (self.assignment(question) for question in Question)
        return [str(deed.detail[name]) for deed in standing if deed and deed.detail.get(name)]


def verdict_on(claim: Claim, question: Question) -> Verdict | None:
    """Return a claim's verdict on a question."""
    return next((verdict for verdict in claim.verdicts if verdict.question is question), None)


def at_desk(standing: Standing, claim_id: str, texts: Texts | None = None) -> ClaimAtDesk:
    """Return a claim at the desk; `texts` spares reading one text for each of many claims.

    Raises:
        NotFound: there is no such claim.
    """
    claim = standing.record(Subject.CLAIM, claim_id)
    if not isinstance(claim, Claim):
        raise NotFound("claim", claim_id, standing.near(claim_id))
    bodies = list(standing.store.bodies_of(claim_id))
    versions = [body for body in bodies if msgspec.json.decode(body, type=_Envelope).subject == Subject.CLAIM]
    head = standing.store.head(Subject.CLAIM, claim_id)
    waiting = tuple(standing.waiting_for(claim_id))
    appearances = tuple(standing.appearances_of(claim_id))
    newest = of_newest_edition(appearances, standing.whole_article)
    at_hand = list(passages(newest, texts or Texts(standing.store.connection)))
    documents = _documents_of(standing, claim)
    computed = _computed(standing, claim, at_hand, documents)
    revisions = tuple(Revision.model_validate_json(body) for body in versions)
    still_open = _open_findings(claim, at_hand, computed)
    return ClaimAtDesk(
        claim_id,
        claim,
        revisions,
        head.sha256 if head else None,
        standing.drafts.get((Subject.CLAIM, claim_id)),
        waiting,
        appearances,
        tuple(acts_on(standing.store, claim_id)),
        still_open,
        _had_in_public(standing, claim, revisions, waiting, at_hand) if still_open else (),
        tuple(computed),
        documents,
    )


def _documents_of(standing: Standing, claim: Claim) -> Mapping[str, Document]:
    return with_origins((one.document_id for one in claim.evidence), standing.document)


def _computed(
    standing: Standing, claim: Claim, at_hand: Sequence[Passage], documents: Mapping[str, Document]
) -> list[Finding]:
    day, texts_kept = day_of_article(claim, standing.whole_article), kept_texts(standing.store, claim)
    return findings(claim, AtHand(day, [passage.text for passage in at_hand], documents, texts_kept))


def _open_findings(claim: Claim, at_hand: Sequence[Passage], computed: Sequence[Finding]) -> tuple[Problem, ...]:
    return (*disagreements(claim, at_hand), *(one.as_problem() for one in barring(claim, computed)))


def _had_in_public(
    standing: Standing,
    claim: Claim,
    revisions: Sequence[Revision],
    waiting: Sequence[Draft],
    at_hand: Sequence[Passage],
) -> tuple[Problem, ...]:
    """Return the findings of the newest public version on fields that the one draft of it, no verdict, leaves alone."""
    public = revisions[-1].record if revisions else None
    if not isinstance(public, Claim) or [draft.kind in _LEAVES_FINDINGS for draft in waiting] != [True]:
        return ()
    computed = _computed(standing, public, at_hand, _documents_of(standing, public))
    found = _open_findings(public, at_hand, computed)
    before, after = public.to_json(), claim.to_json()
    fields = {problem: problem.field.partition(".")[0] for problem in found}
    return tuple(problem for problem, name in fields.items() if before.get(name) == after.get(name))


_LEAVES_FINDINGS = frozenset({RevisionKind.UPDATE, RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL})


class _Envelope(msgspec.Struct):
    subject: str
