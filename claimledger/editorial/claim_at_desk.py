"""A claim at the desk: its public versions, its open drafts, its assignments and queries, and its workflow stages.

It contains everything that the workflow table and the claim's page need. Each stage is derived from the log, the drafts
and the acts, in their order; none is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self

import msgspec

from claimledger.agreement import PassageContext
from claimledger.consistency import CheckContext, Finding, blocking_findings, consistency_findings
from claimledger.editorial.agreement_at_desk import (
    TextCache, wording_findings, newest_edition_passages, resolve_passages,
)  # fmt: skip
from claimledger.editorial.check_inputs import article_date, read_evidence_texts
from claimledger.errors import NotFound, Problem
from claimledger.newsroom.article_acts import read_deadline
from claimledger.newsroom.actions import ActionEntry, RecordedAction, actions_on_claim
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.store import Draft
from claimledger.models import Appearance, Claim, Document, Revision, Verdict, record_key
from claimledger.origins import collect_origins
from claimledger.workflow import ACTION_RULES, INDEPENDENCE_NEEDED, Case, Demand, lacks_evidence, material_authors
from claimledger.verdicts.independence import is_independence_waived, lacks_independence, has_too_few_documents
from claimledger.desk_vocabulary import Action, QueryAnswer, CheckStage, Priority, RecordStage
from claimledger.vocabulary import Question, RevisionKind, Subject


class WriterQuery(NamedTuple):
    """A question to the writer."""

    act_id: int
    """The query's number."""
    asked: RecordedAction
    """The act that asked it."""
    answer: QueryAnswer
    """The newest answer."""
    answered: RecordedAction | None
    """The act that recorded the newest answer, or None."""


@dataclass(frozen=True, slots=True)
class ClaimAtDesk:
    """A claim with its history and its open drafts."""

    claim_id: str
    """The claim's identifier."""
    claim: Claim
    """The claim's current version: the open draft, or else the newest public version."""
    revisions: tuple[Revision, ...]
    """The public versions, the oldest first."""
    head_sha256: str | None
    """The hash of the newest public version, or None."""
    draft: Draft | None
    """The open draft of the claim, or None."""
    waiting: tuple[Draft, ...]
    """All open drafts: of the claim and of its passages."""
    appearances: tuple[Appearance, ...]
    """The claim's passages, drafted ones included."""
    acts: tuple[RecordedAction, ...]
    """The acts on the claim, the oldest first."""
    article_deadline: str
    """The deadline of its article, or an empty text."""
    checks: ClaimChecks = field(compare=False, repr=False)
    """The checks of the claim, which run when their results are first used."""

    def with_findings(self) -> Self:
        """Run the checks now, so that their results can be used after the desk is closed, and return the claim."""
        self.checks.run()
        return self

    @property
    def findings(self) -> tuple[Problem, ...]:
        """The open findings on its wording and of the automatic checks, without waived ones."""
        return self.checks.findings

    @property
    def public_findings(self) -> tuple[Problem, ...]:
        """The open findings that the newest public version has too, on fields that the draft does not change."""
        return self.checks.public_findings

    @property
    def computed(self) -> tuple[Finding, ...]:
        """The results of the automatic checks, including notes and waived findings."""
        return self.checks.computed

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents of its evidence and those that these are based on, by identifier."""
        return self.checks.documents

    @property
    def public(self) -> Claim | None:
        """The newest public version, or None."""
        record = self.revisions[-1].record if self.revisions else None
        return record if isinstance(record, Claim) else None

    @property
    def public_fields(self) -> dict[str, Any]:
        """The newest public version as JSON values; empty for a claim that is not public."""
        return self.public.to_json() if self.public else {}

    @property
    def new_findings(self) -> tuple[Problem, ...]:
        """The findings that block the open drafts: all except those that are public already."""
        return tuple(finding for finding in self.findings if finding not in self.public_findings)

    @property
    def newest_draft_id(self) -> int:
        """The number of the newest open draft, or 0."""
        return max((draft.draft_id or 0 for draft in self.waiting), default=0)

    @property
    def record(self) -> RecordStage:
        """The stage of the record: draft, listed or withdrawn."""
        if not self.revisions:
            return RecordStage.DRAFT
        kinds = [revision.kind for revision in self.revisions if revision.kind is not RevisionKind.REDACTION]
        return RecordStage.WITHDRAWN if kinds[-1] is RevisionKind.WITHDRAWAL else RecordStage.LISTED

    @property
    def waiting_stage(self) -> CheckStage:
        """The stage of the open drafts: proposed, approved or returned; open without drafts."""
        if not self.waiting:
            return CheckStage.OPEN
        judged = self._judgement()
        if judged is None:
            return CheckStage.PROPOSED
        return CheckStage.APPROVED if judged.action is Action.APPROVE else CheckStage.RETURNED

    def _judgement(self) -> ActionEntry | None:
        """Return the newest approval or return of the current open drafts, or None.

        An approval covers only what the approver saw. Drafts are also still returned if the only newer ones give
        passages with the same words a place in another edition, which answers nothing.
        """
        judged = [act.entry for act in self.acts if act.entry.action in (Action.APPROVE, Action.RETURN)]
        if not judged:
            return None
        newest, drafts = judged[-1], {draft.draft_id or 0: draft for draft in self.waiting}
        newer = [draft for number, draft in drafts.items() if number > (newest.draft_id or 0)]
        may_follow = newest.action is Action.RETURN and all(map(self._keeps_words, newer))
        return newest if newest.draft_id in drafts and (may_follow or not newer) else None

    @property
    def is_carried_over(self) -> bool:
        """True if the open drafts only give passages with the same words a place in another edition."""
        return bool(self.waiting) and all(self._keeps_words(draft) for draft in self.waiting)

    def _keeps_words(self, draft: Draft) -> bool:
        """Return whether a draft is a passage with the words of an earlier one of the claim."""
        own = draft.record
        others = (one for one in self.appearances if record_key(one) != draft.key)
        return isinstance(own, Appearance) and any(
            (one.place, one.quote.exact) == (own.place, own.quote.exact) for one in others
        )

    @property
    def returned(self) -> ActionEntry | None:
        """The act that sent the open drafts back, or None if they were changed since."""
        judged = self._judgement() if self.waiting else None
        return judged if judged and judged.action is Action.RETURN else None

    @property
    def approver(self) -> str | None:
        """The person who approved the open drafts, or None."""
        judged = self._judgement() if self.waiting else None
        return judged.actor if judged and judged.action is Action.APPROVE else None

    def stage(self, question: Question) -> CheckStage:
        """Return the stage of the check of a question."""
        if self.public and self.verdict(question) != find_verdict(self.public, question):
            return CheckStage.ASSIGNED if self.waiting_stage is CheckStage.OPEN else self.waiting_stage
        if self.assignee(question):
            return CheckStage.ASSIGNED
        is_answered = self.public is not None and find_verdict(self.public, question) is not None
        return CheckStage.PUBLISHED if is_answered else CheckStage.OPEN

    def verdict(self, question: Question) -> Verdict | None:
        """Return the verdict on a question in the claim's current version."""
        return find_verdict(self.claim, question)

    def assignment(self, question: Question) -> ActionEntry | None:
        """Return the current assignment: the newest, unless it was removed or its verdict was published since."""
        found = None
        for act in (done.entry for done in self.acts):
            if act.action is Action.ASSIGN and act.question is question:
                found = act if act.detail.get("assignee") else None
            elif act.action is Action.PUBLISH and question in act.detail.get("questions", ()):
                found = None
        return found

    def assignee(self, question: Question) -> str | None:
        """Return the person who checks a question, or None."""
        act = self.assignment(question)
        return str(act.detail["assignee"]) if act else None

    def authors(self) -> frozenset[str]:
        """Return the authors of the open drafts and of material public changes since the claim was listed."""
        versions = [(revision.record.to_json(), revision.authors) for revision in self.revisions]
        return self.writers() | material_authors(versions)

    def writers(self) -> frozenset[str]:
        """Return the authors of the open drafts."""
        return frozenset(author for draft in self.waiting for author in draft.authors)

    def queries(self) -> list[WriterQuery]:
        """Return the questions to the writer with their newest answers, the oldest question first."""
        answers = {act.entry.detail["query"]: act for act in self.acts if act.entry.action is Action.ANSWER}
        asked = (act for act in self.acts if act.entry.action is Action.QUERY)
        return [
            WriterQuery(
                act.act_id,
                act,
                QueryAnswer(answers[act.act_id].entry.detail["answer"]) if act.act_id in answers else QueryAnswer.OPEN,
                answers.get(act.act_id),
            )
            for act in asked
        ]

    def case(self, action: Action, question: Question | None = None) -> Case:
        """Return the claim as the workflow table sees it for an action.

        Findings are filled in only for actions that depend on them, and missing evidence only for actions that judge
        the open drafts. A caller that knows the fields an action would write fills it in for them.
        """
        judges = action in (Action.APPROVE, Action.RETURN, Action.PUBLISH, Action.LIST)
        fields = self.claim.to_json()
        return Case(
            record=self.record,
            check=self.waiting_stage if question is None or judges else self.stage(question),
            assignee=self.assignee(question) if question else None,
            authors=self.authors(),
            waiting_kind=self.draft.kind if self.draft else None,
            writers=self.writers(),
            is_current=self.draft is None or self.draft.base == self.head_sha256,
            has_findings=Demand.AGREEMENT in ACTION_RULES[action].demands and bool(self.new_findings),
            lacks_evidence=judges and lacks_evidence(fields),
            lacks_independence=judges and lacks_independence(fields, self.public_fields, self.documents.get),
        )

    @property
    def evidence_shortage(self) -> tuple[Problem, ...]:
        """The problem that would block a verdict on this claim: its few documents are all secondary."""
        fields = self.claim.to_json()
        is_thin = (
            bool(fields.get("evidence"))
            and not is_independence_waived(fields)
            and has_too_few_documents(fields, self.documents.get)
        )
        return (INDEPENDENCE_NEEDED,) if is_thin else ()

    @property
    def priority(self) -> Priority:
        """The highest priority of the current assignments."""
        found = [Priority(value) for value in self._assignment_values("priority")]
        return min(found, key=list(Priority).index, default=Priority.NORMAL)

    @property
    def due_on(self) -> str | None:
        """The earliest deadline of the current assignments, or that of the article until it is checked; or None."""
        is_done = self.record is RecordStage.WITHDRAWN or self.stage(Question.SO) is CheckStage.PUBLISHED
        return min(self._assignment_values("due_on"), default=None if is_done else self.article_deadline or None)

    def _assignment_values(self, name: str) -> list[str]:
        """Return the deadline or the priority (`name`) of each current assignment that has one."""
        assignments = (self.assignment(question) for question in Question)
        return [str(deed.detail[name]) for deed in assignments if deed and deed.detail.get(name)]


def find_verdict(claim: Claim, question: Question) -> Verdict | None:
    """Return a claim's verdict on a question, or None."""
    return next((verdict for verdict in claim.verdicts if verdict.question is question), None)


@dataclass(frozen=True)
class ClaimChecks:
    """The checks of a claim at the desk; each runs when its result is first used, while the desk is open."""

    desk: CurrentRecords
    """The open desk."""
    claim: Claim
    """The claim's current version."""
    public: Claim | None
    """The newest public version, or None."""
    waiting: Sequence[Draft]
    """All open drafts: of the claim and of its passages."""
    appearances: Sequence[Appearance]
    """The claim's passages, drafted ones included."""
    texts: TextCache
    """A cache of the article texts."""

    def run(self) -> None:
        """Run all checks that have not run yet."""
        _ = self.documents, self.computed, self.findings, self.public_findings

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The documents of the claim's evidence and those that these are based on, by identifier."""
        return self._evidence_documents(self.claim)

    @cached_property
    def computed(self) -> tuple[Finding, ...]:
        """The results of the automatic checks, including notes and waived findings."""
        return tuple(self._run_automatic(self.claim, self.documents))

    @cached_property
    def findings(self) -> tuple[Problem, ...]:
        """The open findings on the claim's wording and of the automatic checks."""
        return _open_findings(self.claim, self._passages, self.computed)

    @cached_property
    def public_findings(self) -> tuple[Problem, ...]:
        """The findings of the newest public version on fields that the only open draft leaves unchanged.

        There are none without an open finding, for the draft of a verdict, and if several drafts are open.
        """
        kinds_leave_findings = [draft.kind in _LEAVES_FINDINGS for draft in self.waiting]
        if not self.findings or self.public is None or kinds_leave_findings != [True]:
            return ()
        computed = self._run_automatic(self.public, self._evidence_documents(self.public))
        found = _open_findings(self.public, self._passages, computed)
        before, after = self.public.to_json(), self.claim.to_json()
        fields = {problem: problem.field.partition(".")[0] for problem in found}
        return tuple(problem for problem, name in fields.items() if before.get(name) == after.get(name))

    @cached_property
    def _passages(self) -> Sequence[PassageContext]:
        article_of = self.desk.article_or_draft
        return list(resolve_passages(newest_edition_passages(self.appearances, article_of), self.texts, article_of))

    def _evidence_documents(self, claim: Claim) -> Mapping[str, Document]:
        return collect_origins((one.document_id for one in claim.evidence), self.desk.document)

    def _run_automatic(self, claim: Claim, documents: Mapping[str, Document]) -> list[Finding]:
        day, texts_kept = article_date(claim, self.desk.article_or_draft), read_evidence_texts(self.desk.store, claim)
        texts = [passage.text for passage in self._passages]
        return consistency_findings(claim, CheckContext(day, texts, documents, texts_kept))


def read_claim_at_desk(desk: CurrentRecords, claim_id: str, texts: TextCache | None = None) -> ClaimAtDesk:
    """Return a claim at the desk; `texts` is a cache to share between many claims.

    Its findings are computed when they are first used, while the desk is open.

    Raises:
        NotFound: the claim does not exist.
    """
    claim = desk.record(Subject.CLAIM, claim_id)
    if not isinstance(claim, Claim):
        raise NotFound("claim", claim_id, desk.near(claim_id))
    bodies = list(desk.store.revision_bodies(claim_id))
    versions = [body for body in bodies if msgspec.json.decode(body, type=_Envelope).subject == Subject.CLAIM]
    head = desk.store.head(Subject.CLAIM, claim_id)
    waiting = tuple(desk.claim_drafts(claim_id))
    appearances = tuple(desk.claim_appearances(claim_id))
    revisions = tuple(Revision.model_validate_json(body) for body in versions)
    newest = revisions[-1].record if revisions else None
    public = newest if isinstance(newest, Claim) else None
    return ClaimAtDesk(
        claim_id,
        claim,
        revisions,
        head.sha256 if head else None,
        desk.drafts.get((Subject.CLAIM, claim_id)),
        waiting,
        appearances,
        tuple(actions_on_claim(desk.store, claim_id)),
        read_deadline(desk.store.connection, claim.article_id),
        ClaimChecks(desk, claim, public, waiting, appearances, texts or TextCache(desk.store.connection)),
    )


def _open_findings(claim: Claim, at_hand: Sequence[PassageContext], computed: Sequence[Finding]) -> tuple[Problem, ...]:
    return (*wording_findings(claim, at_hand), *(one.as_problem() for one in blocking_findings(claim, computed)))


_LEAVES_FINDINGS = frozenset({RevisionKind.UPDATE, RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL})


class _Envelope(msgspec.Struct):
    subject: str
