"""The three-way merge of a review sheet with the ledger: changes, proposals, conflicts and problems.

A cell changes a claim only if it differs from the exported value, and never overwrites a later change of someone else;
that is a conflict. A plan with a problem or an open conflict contains no changes at all. Nothing is stored, and each
row needs at most three lookups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

from claimledger.errors import NotFound, Problem
from claimledger.newsroom.drafting import ChangeBatch
from claimledger.messages import did_you_mean
from claimledger.models import Claim
from claimledger.sheets.planned_changes import (
    CellDifference, MergedRow, NewEvidence, RowOutcome, PlannedChange, VerdictProposal, row_outcome,
)  # fmt: skip
from claimledger.sheets.review_sheet import SheetContent, SheetRow
from claimledger.sheets.sheet_columns import (
    SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS, ReviewRow, SheetColumn, ColumnUse, claim_fingerprint,
)  # fmt: skip
from claimledger.sheets.spreadsheet_damage import CellReading, read_cell, tidy_cell


class CurrentClaim(NamedTuple):
    """A claim's current state: its public revision and its open draft."""

    head: str | None
    """The hash of the newest public revision, or None if the claim is not public."""
    revision: int
    """The number of the newest public revision, or 0 if the claim is not public."""
    public: Claim | None
    """The claim in that revision, or None."""
    standing: Claim
    """The base of the next change: the open draft, or else the newest public revision."""
    draft_author: str = ""
    """The last author of the open draft, or an empty string."""


class SheetLookup(Protocol):
    """The interface through which a merge reads claims and documents."""

    def current_claim(self, claim_id: str) -> CurrentClaim | None:
        """Return a claim's current state, or None if the claim does not exist."""

    def public_claim(self, claim_id: str, revision: int) -> Claim | None:
        """Return the claim in a public revision, or None if the revision does not exist."""

    def find_draft(self, claim_id: str, wanted_fingerprint: str) -> Claim | None:
        """Return the draft with a fingerprint, including replaced ones, or None if there never was one."""

    def similar_claims(self, claim_id: str) -> Sequence[str]:
        """Return identifiers of claims that resemble an unknown one."""

    def document_at(self, address: str) -> str:
        """Return the identifier of the document with an address, or an empty string."""


ConflictChoice = Literal["mine", "theirs"] | str  # noqa: PYI051  the two words are special values


class CellConflict(NamedTuple):
    """A cell that was changed in the sheet, and changed differently in the ledger since the export."""

    claim_id: str
    row: int
    field: str
    """The column."""
    base: str
    """The exported value."""
    mine: str
    """The value in the sheet."""
    theirs: str
    """The claim's current value."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The effect of importing a sheet."""

    file: str
    """The name of the sheet in messages."""
    rows: tuple[MergedRow, ...]
    """The rows with changes, decided or not."""
    found: tuple[Problem, ...]
    """The problems that no choice between conflicting values can fix."""
    conflicts: tuple[CellConflict, ...]
    """The conflicts to decide first, with `resolve_conflicts`."""
    outcome: RowOutcome
    """The changes of the rows, as far as they are decided."""
    notices: tuple[Problem, ...]
    """The repairs made and the points to look at; they do not stop the import."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the rows."""
        return tuple(sorted((*self.found, *self.outcome.problems), key=lambda problem: problem.line or 0))

    @property
    def is_ready(self) -> bool:
        """True if it can be imported: no problems and no open conflicts."""
        return not (self.found or self.outcome.problems or self.conflicts)

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        """The changes of statements and notes; empty unless the plan is ready."""
        return self.outcome.changes if self.is_ready else ()

    @property
    def proposals(self) -> tuple[VerdictProposal, ...]:
        """The proposed verdicts; empty unless the plan is ready."""
        return self.outcome.proposals if self.is_ready else ()

    @property
    def evidence(self) -> tuple[NewEvidence, ...]:
        """The proposed evidence; empty unless the plan is ready."""
        return self.outcome.evidence if self.is_ready else ()

    @property
    def differences(self) -> tuple[CellDifference, ...]:
        """The cells that would change, as far as they are decided; a dry run shows them."""
        return self.outcome.differences

    @property
    def batch(self) -> ChangeBatch:
        """The changes as a batch for the ledger."""
        return ChangeBatch([change.as_proposed(self.file) for change in self.changes])


def plan_sheet(read: SheetContent, lookup: SheetLookup) -> SheetPlan:
    """Return the effect of a sheet on the current claims; nothing is written."""
    merger = _Merger(read.name, lookup, [*read.problems], [*read.notices])
    rows: list[MergedRow] = []
    for one in read.rows:
        if len(rows) == MOST_CHANGED:
            merger.problems.append(
                Problem("too-many-changed-rows", file=read.name, line=one.number, limit=MOST_CHANGED)
            )
            break
        if row := merger.merge_row(one):
            rows.append(row)
    return _make_plan(read.name, rows, merger.conflicts, merger.problems, merger.notices)


def _make_plan(
    file: str,
    rows: Iterable[MergedRow],
    conflicts: Iterable[CellConflict],
    found: Iterable[Problem],
    notices: Iterable[Problem],
) -> SheetPlan:
    rows, conflicts = tuple(rows), tuple(conflicts)
    undecided = {conflict.claim_id for conflict in conflicts}
    outcomes = [row_outcome(row, file, is_decided=row.claim_id not in undecided) for row in rows]
    outcome = RowOutcome.combine(outcomes)
    outcome = replace(outcome, problems=(*outcome.problems, *_conflicting_descriptions(outcome.evidence, file)))
    return SheetPlan(file, rows, tuple(found), conflicts, outcome, tuple(notices))


def _conflicting_descriptions(evidence: Iterable[NewEvidence], file: str) -> Iterator[Problem]:
    """Yield a problem for each row that describes the document of an address differently from an earlier row."""
    first: dict[str, NewEvidence] = {}
    for new in evidence:
        if first.setdefault(new.address, new).document != new.document:
            yield Problem(
                "document-described-twice", file=file, line=new.row, field="evidence_address",
                other=first[new.address].row,
            )  # fmt: skip


def resolve_conflicts(plan: SheetPlan, choices: Mapping[tuple[str, str], ConflictChoice]) -> SheetPlan:
    """Return a plan with conflicts decided, by (claim_id, column): `mine`, `theirs`, or another text.

    Raises:
        NotFound: the conflict does not exist.
    """
    known = {(conflict.claim_id, conflict.field): conflict for conflict in plan.conflicts}
    if strange := next((place for place in choices if place not in known), None):
        raise NotFound("conflict", " ".join(strange), [" ".join(place) for place in known][:3])
    edits: dict[str, dict[str, str]] = {}
    found = list(plan.found)
    for place, choice in choices.items():
        conflict = known[place]
        judged = _decide(conflict, choice)
        found += (
            [judged.fault.relocate(file=plan.file, line=conflict.row, field=conflict.field)] if judged.fault else []
        )
        edits.setdefault(conflict.claim_id, {})[conflict.field] = judged.value
    rows = [replace(row, edits={**row.edits, **edits.get(row.claim_id, {})}) for row in plan.rows]
    left = [conflict for place, conflict in known.items() if place not in choices]
    return _make_plan(plan.file, rows, left, found, plan.notices)


def _decide(conflict: CellConflict, choice: ConflictChoice) -> CellReading:
    if choice in {"mine", "theirs"}:
        return CellReading(conflict.mine if choice == "mine" else conflict.theirs)
    return read_cell(SHEET_COLUMNS_BY_NAME[conflict.field], choice, conflict.theirs)


MOST_CHANGED = 1_000
"""The most claims that one sheet may change; each is checked like an edit in the browser, which takes about 4 ms."""
_MOST_NEAR = 20
"""The most unknown claims for which similar names are searched; one shifted column makes all names unknown."""


class _Merger:
    """The merge of the rows of one sheet."""

    def __init__(self, file: str, lookup: SheetLookup, problems: list[Problem], notices: list[Problem]) -> None:
        self._file, self._lookup = file, lookup
        self.problems, self.notices = problems, notices
        self.conflicts: list[CellConflict] = []
        self._unknown_count = 0

    def merge_row(self, row: SheetRow) -> MergedRow | None:
        """Return the changes of a row, or None if it has none or cannot be compared with its claim."""
        now = self._lookup.current_claim(row.claim_id)
        if now is None:
            self._report(row, "claim_id", self._unknown_claim_fault(row))
            return None
        base = self._base(row, now)
        if isinstance(base, Problem):
            self._report(row, "revision", base)
            return None
        values = self._values(row, base)
        edits = dict(self._edits(row, values, base, now))
        added = {
            name: value
            for name, value in values.items()
            if SHEET_COLUMNS_BY_NAME[name].use is ColumnUse.ADDED and value
        }
        if edits and now.draft_author:
            self._notice(row, "claim_id", _draft_fault(now))
        has_conflict = bool(self.conflicts) and self.conflicts[-1].claim_id == row.claim_id
        if not (edits or added or has_conflict):
            return None
        known = self._lookup.document_at(added["evidence_address"]) if "evidence_address" in added else ""
        return MergedRow(row.number, row.claim_id, now.head, now.public, now.standing, edits, added, known)

    def _unknown_claim_fault(self, row: SheetRow) -> Problem:
        self._unknown_count += 1
        near = self._lookup.similar_claims(row.claim_id)[:3] if self._unknown_count <= _MOST_NEAR else ()
        return Problem("unknown-claim/sheet", name=row.claim_id, near=did_you_mean(near))

    def _base(self, row: SheetRow, now: CurrentClaim) -> Claim | Problem:
        """Return the claim as it was exported, or a fault if that version cannot be determined."""
        if row.revision is None:
            is_as_given = _given_fingerprint(row) == claim_fingerprint(now.standing)
            return (
                now.standing
                if is_as_given
                else self._lookup.find_draft(row.claim_id, _given_fingerprint(row)) or _NO_DRAFT
            )
        if row.revision > now.revision:
            if now.revision:
                return Problem("revision-never-was", revision=row.revision, newest=now.revision)
            return Problem("claim-not-public", revision=row.revision)
        is_newest = row.revision == now.revision
        claim = now.public if is_newest else self._lookup.public_claim(row.claim_id, row.revision)
        if claim is None:
            return Problem("revision-not-at-hand", revision=row.revision)
        return claim if _given_fingerprint(row) in {"", claim_fingerprint(claim)} else _REVISION_DIFFERS

    def _values(self, row: SheetRow, base: Claim) -> dict[str, str]:
        """Return the value of each imported cell, and report the problems with any cell."""
        shown = ReviewRow(base, row.revision)
        values = {}
        for column in SHEET_COLUMNS:
            if column.use in _CHECKED_USES and (cell := row.cells.get(column.name)) is not None:
                given = column.cell(shown)
                judged = read_cell(column, cell, given)
                values[column.name] = given if judged.fault else judged.value
                self._report_cell(row, column, judged, given)
        return values

    def _report_cell(self, row: SheetRow, column: SheetColumn, judged: CellReading, given: str) -> None:
        for notice in judged.notices:
            self._notice(row, column.name, notice)
        if column.use is ColumnUse.SHOWN and (judged.fault or judged.value != given):
            restore = Problem("column-not-taken-in", given=given) if given else Problem("column-not-taken-in/empty")
            self._report(row, column.name, restore)
        elif judged.fault:
            self._report(row, column.name, judged.fault)

    def _edits(
        self, row: SheetRow, values: Mapping[str, str], base: Claim, now: CurrentClaim
    ) -> Iterator[tuple[str, str]]:
        """Yield each column whose value the sheet changes; store a conflict if others changed it too."""
        given, standing = ReviewRow(base, row.revision), ReviewRow(now.standing, row.revision)
        columns = [
            SHEET_COLUMNS_BY_NAME[name] for name in values if SHEET_COLUMNS_BY_NAME[name].use is ColumnUse.MERGED
        ]
        for column in columns:
            was, mine, theirs = column.cell(given), values[column.name], column.cell(standing)
            if mine in (was, theirs):
                continue
            if theirs == was and not _is_verdict_changed(column, given, standing):
                yield column.name, mine
            else:
                self.conflicts.append(CellConflict(row.claim_id, row.number, column.name, was, mine, theirs))

    def _report(self, row: SheetRow, column: str, fault: Problem) -> None:
        self.problems.append(fault.relocate(file=self._file, line=row.number, field=column))

    def _notice(self, row: SheetRow, column: str, fault: Problem) -> None:
        self.notices.append(fault.relocate(file=self._file, line=row.number, field=column))


_CHECKED_USES = (ColumnUse.SHOWN, ColumnUse.MERGED, ColumnUse.ADDED)
_NO_DRAFT = Problem("draft-unknown")
_REVISION_DIFFERS = Problem("revision-differs")


def _given_fingerprint(row: SheetRow) -> str:
    return tidy_cell(row.cells.get("fingerprint", ""))[0].lower()


def _draft_fault(now: CurrentClaim) -> Problem:
    return Problem("laid-over-draft", author=now.draft_author)


def _is_verdict_changed(column: SheetColumn, given: ReviewRow, standing: ReviewRow) -> bool:
    """Return whether others changed another part of the verdict that a column belongs to."""
    if column.verdict is None:
        return False
    parts = [part for part in SHEET_COLUMNS if part.verdict is column.verdict]
    return any(part.cell(given) != part.cell(standing) for part in parts)


def plan_diff_lines(plan: SheetPlan) -> Iterator[str]:
    """Yield the lines of a plan's diff for people: each claim, each column, its value before and after."""
    claim_id = ""
    entries: list[CellDifference | CellConflict] = [*plan.differences, *plan.conflicts]
    for entry in sorted(entries, key=lambda entry: entry.row):
        if entry.claim_id != claim_id:
            claim_id = entry.claim_id
            yield f"{claim_id} (row {entry.row})"
        yield f"  {entry.field}{': conflict' if isinstance(entry, CellConflict) else ''}"
        for mark, text in _value_lines(entry):
            yield from (f"    {mark} {line}" for line in text.split("\n") if text)


def _value_lines(entry: CellDifference | CellConflict) -> tuple[tuple[str, str], ...]:
    if isinstance(entry, CellConflict):
        return ("base  ", entry.base), ("mine  ", entry.mine), ("theirs", entry.theirs)
    return ("-", entry.before), ("+", entry.after)
