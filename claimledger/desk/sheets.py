"""Review sheets: claims of the queue given out for a spreadsheet, and what comes back taken in, all of it or nothing.

In: what the queue was asked for; or a sheet's bytes, the choices in its conflicts and who brings it. Out: bytes; a plan
to look at; drafts. The invariant: a sheet may do no more than the forms of a claim's page: edits are edits, verdicts
are proposals, and a change of a published verdict is left to that page, where the note to the readers is written.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from claimledger.addresses import page_of, without_tracking
from claimledger.desk.checking import going_on
from claimledger.desk.claim import new_document_id
from claimledger.desk.opening import Clock, keep, open_store, utc_now
from claimledger.editorial.at_desk import ClaimAtDesk, at_desk
from claimledger.editorial.queue import bring_up_to_date
from claimledger.editorial.recording import Asked, refusals_of_claim
from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger import edits, work
from claimledger.ledger.edit import Edit, make_edit
from claimledger.ledger.edits import Proposed
from claimledger.ledger.files import Places
from claimledger.ledger.standing import Standing, standing
from claimledger.ledger.store import DeskStore, Draft, utc_text
from claimledger.ledger.work import PAGE, Queue
from claimledger.ledger.yaml_source import Where
from claimledger.models import Change
from claimledger.publishing.csv_exchange import Encoding
from claimledger.publishing.review_lookup import DeskLookup
from claimledger.publishing.review_merge import Choice, Plan, plan, resolved
from claimledger.publishing.review_outcome import NewEvidence, PlannedChange, VerdictProposal
from claimledger.publishing.review_sheet import Delimiter, read_sheet, sheet_bytes
from claimledger.review import Staff, decide
from claimledger.vocabulary import Action, Captured, RevisionKind, Subject

Choices = Mapping[tuple[str, str], Choice]
"""(claim_id, column) to `mine`, `theirs` or another text."""
_REASON = "Taken in from a review sheet. · 검토표에서 가져왔다."
"""Why a row that gives no reason changes its claim; it is public, and in both languages."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet came to."""

    claim_ids: tuple[str, ...]
    """The claims that have a new draft."""
    documents: tuple[str, ...]
    """The documents drafted."""


def export_sheet(
    places: Places,
    asked: Queue,
    *,
    encoding: Encoding = Encoding.UTF_8_SIG,
    delimiter: Delimiter = Delimiter.COMMA,
    is_workbook: bool = False,
) -> bytes:
    """Return a sheet of all claims that the queue is asked for, as CSV or as a workbook.

    Raises:
        CharacterNotInEncoding, CellTooLong: a text cannot be written so; it names row and column.
    """
    with open_store(places) as store:
        bring_up_to_date(store)
        claims = [*DeskLookup(store).rows(_claim_ids(store, asked))]
    if not is_workbook:
        return sheet_bytes(claims, encoding=encoding, delimiter=delimiter)
    from claimledger.publishing.sheet_xlsx import write_xlsx  # noqa: PLC0415  imported only where used

    target = io.BytesIO()
    write_xlsx(target, claims)
    return target.getvalue()


def _claim_ids(store: DeskStore, asked: Queue) -> Iterator[str]:
    for page in range(1, -(-work.count(store, asked) // PAGE) + 1):
        yield from (row.claim_id for row in work.rows(store, asked, page))


def plan_import(
    places: Places, content: bytes, name: str, actor: Staff, choice: Choice = "theirs", *, clock: Clock = utc_now
) -> Plan:
    """Return what a sheet would do to the claims as they stand, and each refusal `actor` would get; nothing is written.

    `name` is the file's; the refusals are those that come if every conflict is decided by `choice`.
    """
    with open_store(places) as store, store.writing() as connection:
        planned = plan(read_sheet(content, name), DeskLookup(store))
        decided = resolved(planned, {(conflict.claim_id, conflict.field): choice for conflict in planned.conflicts})
        connection.execute("SAVEPOINT dry_run")
        refused = _Taking(store, connection, decided, actor, clock).refusals()
        connection.execute("ROLLBACK TO dry_run")
    return replace(planned, found=(*planned.found, *refused))


def seen_of(planned: Plan) -> str:
    """Return what tells a plan from any other: a form brings it back, so that what is taken in is what was shown."""
    return sha256(repr((planned.conflicts, planned.rows, planned.problems)).encode()).hexdigest()


def take_in(
    places: Places,
    content: bytes,
    name: str,
    choices: Choices,
    actor: Staff,
    *,
    seen: str | None = None,
    clock: Clock = utc_now,
) -> Taken:
    """Make drafts of all that a sheet changes; `seen` tells the plan that was shown, if one was.

    Raises:
        ProblemsFound: the sheet has a problem or an undecided conflict, the table forbids a change, or the claims were
            changed since the plan was shown; nothing was stored.
        NotFound: a choice is about no conflict.
    """
    with open_store(places) as store, store.writing() as connection:
        planned = plan(read_sheet(content, name), DeskLookup(store))
        if seen is not None and seen != seen_of(planned):
            raise ProblemsFound([replace(_OTHER_PLAN, file=name)])
        decided = resolved(planned, choices)
        if not decided.is_ready:
            raise ProblemsFound([*decided.problems, *_undecided(decided)])
        return _Taking(store, connection, decided, actor, clock).taken()


def _undecided(planned: Plan) -> Iterator[Problem]:
    for conflict in planned.conflicts:
        sentence = "The cell was changed in the sheet, and otherwise on the desk since."
        remedy = "Choose one of the two, or write a third text."
        yield Problem("conflict-undecided", sentence, remedy, planned.file, conflict.row, conflict.field)


_OTHER_PLAN = Problem(
    "plan-changed-meanwhile", "The claims were changed since the differences were shown.", "Look at them again."
)
_PUBLISHED = Problem(
    "correction-on-the-page", "The verdict is published, and a sheet has no room for what readers are told of it.",
    "Propose the correction on the claim's page.",
)  # fmt: skip
_Made = PlannedChange | VerdictProposal | NewEvidence


class _Taking:
    """A plan on its way into the store, inside one transaction."""

    def __init__(
        self, store: DeskStore, connection: sqlite3.Connection, planned: Plan, actor: Staff, clock: Clock
    ) -> None:
        self._store, self._connection, self._plan, self._actor, self._clock = store, connection, planned, actor, clock
        self._documents: dict[str, str] = {}
        self._problems: list[Problem] = []

    def taken(self) -> Taken:
        """Store the drafts of every row.

        Raises:
            ProblemsFound: every problem of every row.
        """
        drafts = [draft for claim_id, own in self._rows().items() for draft in self._drafts(claim_id, own)]
        if self._problems:
            raise ProblemsFound(self._problems)
        claims = tuple(draft.key for draft in drafts if draft.subject is Subject.CLAIM)
        return Taken(claims, tuple(self._documents.values()))

    def refusals(self) -> list[Problem]:
        """Return why rows that are right in themselves are refused; what the others come to is stored, to be undone."""
        wrong = {problem.line for problem in self._plan.problems}
        for claim_id, parts in self._rows().items():
            if parts[0].row not in wrong:
                self._drafts(claim_id, parts)
        return self._problems

    def _rows(self) -> dict[str, list[_Made]]:
        rows: dict[str, list[_Made]] = {}
        outcome = self._plan.outcome
        parts: tuple[_Made, ...] = (*outcome.changes, *outcome.proposals, *outcome.evidence)
        for made in parts:
            rows.setdefault(_claim_id(made), []).append(made)
        return rows

    def _drafts(self, claim_id: str, parts: Sequence[_Made]) -> list[Draft]:
        desk = standing(self._store, claim_id)
        claim = at_desk(desk, claim_id)
        row = parts[0].row
        documents = [change for part in parts if isinstance(part, NewEvidence) for change in self._document(part)]
        fields = self._fields(claim, parts)
        made = self._edit(claim, parts)
        refused = [
            *_refusals(
                claim, Asked(fields, made.kind or RevisionKind.UPDATE, made.actor, made.reason, desk.document), parts
            )
        ]
        if refused:
            self._problems += [self._placed(problem, claim_id, row) for problem in refused]
            return []
        return self._stored(desk, [*documents, _change(claim, fields)], made, (claim, row))

    def _stored(
        self, desk: Standing, changes: Iterable[Change], made: Edit, at: tuple[ClaimAtDesk, int]
    ) -> list[Draft]:
        claim, row = at
        where = Where(self._plan.file, {(): row})
        draft_id = claim.draft.draft_id if claim.draft else None
        batch = edits.Batch([Proposed(change, where, draft_id or 0) for change in changes])
        drafts, problems = edits.drafts_of(batch, desk.store, made)
        self._problems += [self._placed(problem, claim.claim_id, row) for problem in problems]
        if not problems:
            keep(desk.store, self._connection, drafts, self._clock())
        return drafts

    def _placed(self, problem: Problem, claim_id: str, row: int) -> Problem:
        return replace(problem, file=self._plan.file, line=row, field=self._column(claim_id, problem.field))

    def _column(self, claim_id: str, field: str) -> str:
        """Return the column that a refusal of a claim's field is about, else the first that says what is refused."""
        cells = next([*row.edits, *row.added] for row in self._plan.rows if row.claim_id == claim_id)
        cells.sort(key=lambda column: not column.startswith("verdict"))
        return next((column for column in cells if column.startswith(field.removesuffix("s"))), cells[0])

    def _fields(self, claim: ClaimAtDesk, parts: Sequence[_Made]) -> dict[str, Any]:
        """Return all fields of the claim with what its row changes."""
        fields: dict[str, Any] = claim.claim.to_json()
        for part in parts:
            if isinstance(part, PlannedChange):
                changed = claim.public_fields | part.change.to_json()["fields"]
                fields = {name: value for name, value in changed.items() if value is not None}
        for part in parts:
            if isinstance(part, VerdictProposal):
                fields = _with_verdict(fields, part)
            elif isinstance(part, NewEvidence):
                entry = {
                    "document_id": part.known_document or self._documents[page_of(part.address)],
                    "stance": part.stance.value,
                    "summary": dict(part.summary),
                }
                fields["evidence"] = [*fields.get("evidence", ()), entry]
        return fields

    def _document(self, new: NewEvidence) -> Iterator[Change]:
        """Yield the document of new evidence, unless the desk or a row before has it."""
        if new.known_document or page_of(new.address) in self._documents:
            return
        document_id = new_document_id(new.document["title"].get("en", ""))
        self._documents[page_of(new.address)] = document_id
        fields = {
            **new.document, "document_id": document_id, "address": without_tracking(new.address),
            "obtained_at": utc_text(self._clock()), "captured": Captured.NONE.value,
        }  # fmt: skip
        yield Change(subject=Subject.DOCUMENT, key=document_id, base=None, fields=fields)

    def _edit(self, claim: ClaimAtDesk, parts: Sequence[_Made]) -> Edit:
        """Return who makes the change, why, and what it is: a proposed verdict, or what the open draft is."""
        reason = next((part.reason for part in parts if part.reason), _REASON)
        made = going_on(claim, make_edit(author=self._actor.name, reason=reason, roles=self._actor.roles))
        is_proposal = made.kind is RevisionKind.UPDATE and any(isinstance(part, VerdictProposal) for part in parts)
        return replace(made, kind=RevisionKind.VERDICT) if is_proposal else made


def _claim_id(made: _Made) -> str:
    return made.change.key if isinstance(made, PlannedChange) else made.claim_id


def _change(claim: ClaimAtDesk, fields: Mapping[str, Any]) -> Change:
    changed = edits.differing_fields(claim.public_fields, fields)
    return Change(subject=Subject.CLAIM, key=claim.claim_id, base=claim.head_sha256, fields=changed)


def _with_verdict(fields: Mapping[str, Any], proposal: VerdictProposal) -> dict[str, Any]:
    others = [one for one in fields.get("verdicts", ()) if one["question"] != proposal.question.value]
    verdicts = [*others, *([proposal.verdict.to_json()] if proposal.verdict else [])]
    kept = {name: value for name, value in fields.items() if name != "verdicts"}
    return kept | ({"verdicts": verdicts} if verdicts else {})


def _refusals(claim: ClaimAtDesk, asked: Asked, parts: Sequence[_Made]) -> Iterator[Problem]:
    """Yield why the table, or the want of a public note, forbids what a row does."""
    if any(isinstance(part, VerdictProposal) and part.published for part in parts):
        yield _PUBLISHED
        return
    if any(isinstance(part, NewEvidence) for part in parts):
        yield from decide(Action.ATTACH, claim.case(Action.ATTACH), asked.actor, reason=asked.reason)
    yield from refusals_of_claim(claim, asked)
