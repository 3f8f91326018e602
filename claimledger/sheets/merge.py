"""A review sheet held against the ledger: what its rows change, what others changed meanwhile, where the two meet.

In: the rows of a sheet, and a lookup of claims and documents. Out: a plan, of changes, verdicts and evidence proposed,
conflicts, and every problem at once. The invariant is three-way: a cell changes a claim only where it differs from
what was given out, and never over what somebody else wrote since; and all or nothing: with a problem or an open
conflict a plan holds no change at all. It stores nothing, and asks the lookup at most three times a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

from claimledger.errors import NotFound, Problem
from claimledger.newsroom.drafting import Batch
from claimledger.models import Claim
from claimledger.sheets.row_changes import (
    Difference, MergedRow, NewEvidence, Outcome, PlannedChange, VerdictProposal, outcome_of,
)  # fmt: skip
from claimledger.sheets.review_sheet import SheetRead, SheetRow
from claimledger.sheets.sheet_columns import BY_NAME, COLUMNS, ReviewRow, SheetColumn, Use, fingerprint
from claimledger.sheets.spreadsheet_damage import Judged, judge, tidied
from claimledger.scalars import Fault


class ClaimNow(NamedTuple):
    """A claim as it stands: what is public of it, and the open draft over that, if there is one."""

    head: str | None
    """Hash of the newest public revision; none if it is not public."""
    revision: int
    """Number of the newest public revision; 0 if it is not public."""
    public: Claim | None
    """What that revision says."""
    standing: Claim
    """What the open draft says, or else that revision: what the next change finds."""
    draft_author: str = ""
    """Who wrote the open draft last; empty if there is none."""


class Lookup(Protocol):
    """Where claims are looked up."""

    def now(self, claim_id: str) -> ClaimNow | None:
        """Return a claim as it stands; none if there is no such claim."""

    def at(self, claim_id: str, revision: int) -> Claim | None:
        """Return what a public revision said; none if it is not at hand."""

    def drafted(self, claim_id: str, print_given: str) -> Claim | None:
        """Return what a draft said, also one written anew since, by its fingerprint; none if there never was one."""

    def near(self, claim_id: str) -> Sequence[str]:
        """Return names of claims that resemble one that is not there."""

    def document_at(self, address: str) -> str:
        """Return the document that an address is of; empty if there is none."""


Choice = Literal["mine", "theirs"] | str  # noqa: PYI051  the two words have a meaning of their own


class Conflict(NamedTuple):
    """A cell changed in the sheet, and changed otherwise in the ledger since the sheet was given out."""

    claim_id: str
    row: int
    field: str
    """The column."""
    base: str
    """What was given out."""
    mine: str
    """What the sheet says."""
    theirs: str
    """What the claim says now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet would do."""

    file: str
    """What people call the sheet."""
    rows: tuple[MergedRow, ...]
    """The rows that change something, or would."""
    found: tuple[Problem, ...]
    """Problems that no choice between conflicting values mends."""
    conflicts: tuple[Conflict, ...]
    """What is to be decided first; `resolved` does."""
    outcome: Outcome
    """What the rows come to, as far as it is decided."""
    notices: tuple[Problem, ...]
    """What was put right, or what to look at; nothing is stopped by it."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, in the order of the rows."""
        return tuple(sorted((*self.found, *self.outcome.problems), key=lambda problem: problem.line or 0))

    @property
    def is_ready(self) -> bool:
        """Whether it may be taken in: no problem, nothing to decide."""
        return not (self.found or self.outcome.problems or self.conflicts)

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        """Changes of statements and notes; none unless the plan is ready."""
        return self.outcome.changes if self.is_ready else ()

    @property
    def proposals(self) -> tuple[VerdictProposal, ...]:
        """Verdicts proposed; none unless the plan is ready."""
        return self.outcome.proposals if self.is_ready else ()

    @property
    def evidence(self) -> tuple[NewEvidence, ...]:
        """Evidence proposed; none unless the plan is ready."""
        return self.outcome.evidence if self.is_ready else ()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Each cell that would change, as far as it is decided; a dry run shows them."""
        return self.outcome.differences

    @property
    def batch(self) -> Batch:
        """The changes as the ledger takes them."""
        return Batch([change.proposed(self.file) for change in self.changes])


def plan(read: SheetRead, lookup: Lookup) -> Plan:
    """Return what a sheet would do to the claims as they stand; nothing is written."""
    merging = _Merging(read.name, lookup, [*read.problems], [*read.notices])
    merged = [row for one in read.rows if (row := merging.merged(one))]
    return _finished(read.name, merged, merging.conflicts, merging.problems, merging.notices)


def _finished(
    file: str,
    rows: Iterable[MergedRow],
    conflicts: Iterable[Conflict],
    found: Iterable[Problem],
    notices: Iterable[Problem],
) -> Plan:
    rows, conflicts = tuple(rows), tuple(conflicts)
    undecided = {conflict.claim_id for conflict in conflicts}
    outcomes = [outcome_of(row, file, is_decided=row.claim_id not in undecided) for row in rows]
    outcome = Outcome.together(outcomes)
    outcome = replace(outcome, problems=(*outcome.problems, *_described_twice(outcome.evidence, file)))
    return Plan(file, rows, tuple(found), conflicts, outcome, tuple(notices))


def _described_twice(evidence: Iterable[NewEvidence], file: str) -> Iterator[Problem]:
    """Yield each row that describes the document of an address otherwise than a row before."""
    first: dict[str, NewEvidence] = {}
    for new in evidence:
        if first.setdefault(new.address, new).document != new.document:
            sentence = f"Row {first[new.address].row} describes the document of this address otherwise."
            remedy = "Describe it in both rows alike."
            yield Problem("document-described-twice", sentence, remedy, file, new.row, "evidence_address")


def resolved(plan: Plan, choices: Mapping[tuple[str, str], Choice]) -> Plan:
    """Return a plan in which conflicts are decided, by (claim_id, column): `mine`, `theirs`, or another text.

    Raises:
        NotFound: there is no such conflict.
    """
    known = {(conflict.claim_id, conflict.field): conflict for conflict in plan.conflicts}
    if strange := next((place for place in choices if place not in known), None):
        raise NotFound("conflict over", " ".join(strange), [" ".join(place) for place in known][:3])
    edits: dict[str, dict[str, str]] = {}
    found = list(plan.found)
    for place, choice in choices.items():
        conflict = known[place]
        judged = _chosen(conflict, choice)
        found += [_placed(judged.fault, plan.file, conflict.row, conflict.field)] if judged.fault else []
        edits.setdefault(conflict.claim_id, {})[conflict.field] = judged.value
    rows = [replace(row, edits={**row.edits, **edits.get(row.claim_id, {})}) for row in plan.rows]
    left = [conflict for place, conflict in known.items() if place not in choices]
    return _finished(plan.file, rows, left, found, plan.notices)


def _chosen(conflict: Conflict, choice: Choice) -> Judged:
    if choice in {"mine", "theirs"}:
        return Judged(conflict.mine if choice == "mine" else conflict.theirs)
    return judge(BY_NAME[conflict.field], choice, conflict.theirs)


def _placed(fault: Fault, file: str, row: int, column: str) -> Problem:
    return Problem(fault.code, fault.sentence, fault.remedy, file, row, column)


_MOST_NEAR = 20
"""Unknown claims for which near names are looked up; that takes long, and one wrong column makes all unknown."""


class _Merging:
    """The rows of one sheet on their way into a plan."""

    def __init__(self, file: str, lookup: Lookup, problems: list[Problem], notices: list[Problem]) -> None:
        self._file, self._lookup = file, lookup
        self.problems, self.notices = problems, notices
        self.conflicts: list[Conflict] = []
        self._unknown_count = 0

    def merged(self, row: SheetRow) -> MergedRow | None:
        """Return what a row changes; none if it changes nothing, or cannot be held against its claim."""
        now = self._lookup.now(row.claim_id)
        if now is None:
            self._report(row, "claim_id", self._unknown(row))
            return None
        base = self._base(row, now)
        if isinstance(base, Fault):
            self._report(row, "revision", base)
            return None
        values = self._values(row, base)
        edits = dict(self._edits(row, values, base, now))
        added = {name: value for name, value in values.items() if BY_NAME[name].use is Use.ADDED and value}
        if edits and now.draft_author:
            self._notice(row, "claim_id", _over_draft(now))
        has_conflict = bool(self.conflicts) and self.conflicts[-1].claim_id == row.claim_id
        if not (edits or added or has_conflict):
            return None
        known = self._lookup.document_at(added["evidence_address"]) if "evidence_address" in added else ""
        return MergedRow(row.number, row.claim_id, now.head, now.public, now.standing, edits, added, known)

    def _unknown(self, row: SheetRow) -> Fault:
        self._unknown_count += 1
        near = self._lookup.near(row.claim_id)[:3] if self._unknown_count <= _MOST_NEAR else ()
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return Fault("unknown-claim", f"There is no claim '{row.claim_id}'.{hint}", "Put back the name given out.")

    def _base(self, row: SheetRow, now: ClaimNow) -> Claim | Fault:
        """Return the claim as it was given out."""
        if row.revision is None:
            is_as_given = _given_print(row) == fingerprint(now.standing)
            return now.standing if is_as_given else self._lookup.drafted(row.claim_id, _given_print(row)) or _NO_DRAFT
        if row.revision > now.revision:
            remedy = "Put back the number given out." if now.revision else _AGAIN
            last = f"the newest is {now.revision}" if now.revision else "it is not public"
            sentence = f"The claim has no revision {row.revision}; {last}."
            return Fault("revision-never-was" if now.revision else "claim-not-public", sentence, remedy)
        is_newest = row.revision == now.revision
        claim = now.public if is_newest else self._lookup.at(row.claim_id, row.revision)
        if claim is None:
            return Fault("revision-not-at-hand", f"Revision {row.revision} cannot be read any more.", _AGAIN)
        return claim if _given_print(row) in {"", fingerprint(claim)} else _OTHER_TEXT

    def _values(self, row: SheetRow, base: Claim) -> dict[str, str]:
        """Return the value of each cell that is taken in, and report what is wrong with any."""
        shown = ReviewRow(base, row.revision)
        values = {}
        for column in COLUMNS:
            if column.use in _LOOKED_AT and (cell := row.cells.get(column.name)) is not None:
                given = column.cell(shown)
                judged = judge(column, cell, given)
                values[column.name] = given if judged.fault else judged.value
                self._report_cell(row, column, judged, given)
        return values

    def _report_cell(self, row: SheetRow, column: SheetColumn, judged: Judged, given: str) -> None:
        for notice in judged.notices:
            self._notice(row, column.name, notice)
        if column.use is Use.SHOWN and (judged.fault or judged.value != given):
            remedy = f"Put back '{given}'." if given else "Empty the cell."
            sentence = "The cell was changed, and this column is not taken in."
            self._report(row, column.name, Fault("column-not-taken-in", sentence, remedy))
        elif judged.fault:
            self._report(row, column.name, judged.fault)

    def _edits(self, row: SheetRow, values: Mapping[str, str], base: Claim, now: ClaimNow) -> Iterator[tuple[str, str]]:
        """Yield each column whose value is taken from the sheet; where others changed it too, keep a conflict."""
        given, standing = ReviewRow(base, row.revision), ReviewRow(now.standing, row.revision)
        merged = [BY_NAME[name] for name in values if BY_NAME[name].use is Use.MERGED]
        for column in merged:
            was, mine, theirs = column.cell(given), values[column.name], column.cell(standing)
            if mine in (was, theirs):
                continue
            if theirs == was and not _moved(column, given, standing):
                yield column.name, mine
            else:
                self.conflicts.append(Conflict(row.claim_id, row.number, column.name, was, mine, theirs))

    def _report(self, row: SheetRow, column: str, fault: Fault) -> None:
        self.problems.append(_placed(fault, self._file, row.number, column))

    def _notice(self, row: SheetRow, column: str, fault: Fault) -> None:
        self.notices.append(_placed(fault, self._file, row.number, column))


_LOOKED_AT = (Use.SHOWN, Use.MERGED, Use.ADDED)
_AGAIN = "Export the sheet again and carry your edits over."
_NO_DRAFT = Fault(
    "draft-unknown", "The claim never had a draft with the fingerprint of this row.",
    "Put back the fingerprint given out, or take the row out.",
)  # fmt: skip
_OTHER_TEXT = Fault("revision-differs", "That revision says something else than the row was given out with.", _AGAIN)


def _given_print(row: SheetRow) -> str:
    return tidied(row.cells.get("fingerprint", ""))[0].lower()


def _over_draft(now: ClaimNow) -> Fault:
    sentence = f"The change is laid over the open draft of '{now.draft_author}'."
    return Fault("laid-over-draft", sentence, "If it is not yours, agree on one before recording.")


def _moved(column: SheetColumn, given: ReviewRow, standing: ReviewRow) -> bool:
    """Whether another part of the verdict that a column belongs to was changed by others."""
    if column.verdict is None:
        return False
    parts = [part for part in COLUMNS if part.verdict is column.verdict]
    return any(part.cell(given) != part.cell(standing) for part in parts)


def diff_lines(plan: Plan) -> Iterator[str]:
    """Yield what a plan would do, for people: each claim, column, what it says and what it would say."""
    claim_id = ""
    entries: list[Difference | Conflict] = [*plan.differences, *plan.conflicts]
    for entry in sorted(entries, key=lambda entry: entry.row):
        if entry.claim_id != claim_id:
            claim_id = entry.claim_id
            yield f"{claim_id} (row {entry.row})"
        yield f"  {entry.field}{': conflict' if isinstance(entry, Conflict) else ''}"
        for mark, text in _sides(entry):
            yield from (f"    {mark} {line}" for line in text.split("\n") if text)


def _sides(entry: Difference | Conflict) -> tuple[tuple[str, str], ...]:
    if isinstance(entry, Conflict):
        return ("base  ", entry.base), ("mine  ", entry.mine), ("theirs", entry.theirs)
    return ("-", entry.before), ("+", entry.after)
