"""The order of public revisions: which kind may follow which, and what each kind may change.

`revision_problems` takes a kind of revision and the record before and after it. It returns the reasons for a refusal as
problems; an empty list means that the revision may follow. Only a correction changes a published verdict or its basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from claimledger.errors import Problem
from claimledger.vocabulary import CorrectionKind, RevisionKind, Stance, VerdictValue

Fields = Mapping[str, Any]
"""A record's fields as JSON values."""
JUDGED_FIELDS = (
    "statement", "quantities", "speaker", "attribution", "source", "said_on", "about_on", "evidence",
)  # fmt: skip
"""The fields of a claim that a verdict is given on."""
MATERIAL_FIELDS = frozenset((*JUDGED_FIELDS, "verdicts", "relations"))
"""The fields whose edit makes a person an author of the claim."""
APPENDABLE_FIELDS = frozenset({"evidence", "verdicts"})
"""The fields to which an entry may be added without a change to the existing entries."""
ADDABLE_PARTS = frozenset({"passage", "searched"})
"""The parts that an entry of these fields may gain: they say where the same finding can be seen."""
NEEDED_STANCES: Mapping[VerdictValue, frozenset[Stance]] = {
    VerdictValue.SUPPORTED: frozenset({Stance.SUPPORTS}),
    VerdictValue.REFUTED: frozenset({Stance.REFUTES}),
    VerdictValue.CONFLICTING_EVIDENCE: frozenset({Stance.SUPPORTS, Stance.REFUTES}),
}
"""The verdicts that need evidence, with the stances that each needs; background evidence does not count."""


def lacks_evidence(claim: Fields) -> bool:
    """Return whether no evidence supports one of the claim's verdicts."""
    stances = {entry.get("stance") for entry in claim.get("evidence", ())}
    demanded = (NEEDED_STANCES.get(verdict.get("value"), frozenset()) for verdict in claim.get("verdicts", ()))
    return any(not one <= stances for one in demanded)


def is_changed(name: str, before: Fields, after: Fields) -> bool:
    """Return whether the content of a field was changed or removed; an added entry is not a change.

    Neither is what an entry only gains in `ADDABLE_PARTS`.
    """
    if name in APPENDABLE_FIELDS:
        entries = after.get(name, ())
        return any(not any(_only_gains(entry, other) for other in entries) for entry in before.get(name, ()))
    return bool(before.get(name) != after.get(name))


def _only_gains(entry: Fields, other: Fields) -> bool:
    gained = other.keys() - entry.keys()
    return gained <= ADDABLE_PARTS and all(name in other and other[name] == value for name, value in entry.items())


def changed_judged_fields(before: Fields, after: Fields) -> tuple[str, ...]:
    """Return the judged fields of a claim with a verdict that differ; only a correction may change them."""
    return tuple(
        name for name in ("verdicts", *JUDGED_FIELDS) if before.get("verdicts") and is_changed(name, before, after)
    )


def material_authors(versions: Sequence[tuple[Fields, Sequence[str]]]) -> frozenset[str]:
    """Return the people who changed a material field since the first public version.

    `versions` are the records, oldest first, each with its authors.
    """
    return frozenset(
        author
        for (before, _), (after, authors) in pairwise(versions)
        if any(before.get(name) != after.get(name) for name in MATERIAL_FIELDS)
        for author in authors
    )


_PUBLIC = frozenset({RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.UPDATE, RevisionKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class RevisionRule:
    """The conditions of a kind of revision."""

    follows: frozenset[RevisionKind | None]
    """The kinds of the newest public revision that it may follow; none means a record that is not public yet."""
    may_change_judged: bool
    """True if it may change or remove a published verdict or its basis."""
    adds_verdict: bool
    """True if it must add a verdict on a question that had none. If not, it must not add one."""
    needs_public_note: bool
    """True if it needs a note to readers and a kind of correction."""
    keeps_record: bool = False
    """True if the record must stay the same as in public."""


REVISION_RULES: Mapping[RevisionKind, RevisionRule] = {
    RevisionKind.LISTED: RevisionRule(
        frozenset({None}), may_change_judged=False, adds_verdict=False, needs_public_note=False
    ),
    RevisionKind.VERDICT: RevisionRule(_PUBLIC, may_change_judged=False, adds_verdict=True, needs_public_note=False),
    RevisionKind.UPDATE: RevisionRule(_PUBLIC, may_change_judged=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.CORRECTION: RevisionRule(_PUBLIC, may_change_judged=True, adds_verdict=False, needs_public_note=True),
    RevisionKind.WITHDRAWAL: RevisionRule(
        _PUBLIC, may_change_judged=False, adds_verdict=False, needs_public_note=False, keeps_record=True
    ),
}
"""The rule for each kind of revision. This version has no redaction."""
CHANGES_VERDICT: Mapping[CorrectionKind, bool] = {
    CorrectionKind.VERDICT_CHANGED: True,
    CorrectionKind.VERDICT_UNCHANGED: False,
    CorrectionKind.CLARIFICATION: False,
}
"""For each kind of correction, True if it changes a verdict; a retraction may or may not."""
ANSWER = ("question", "value", "as_of")
"""The fields of a verdict that make its answer; the rationale may be reworded without a correction."""


def revision_problems(
    kind: RevisionKind,
    last: RevisionKind | None,
    before: Fields,
    after: Fields,
    correction: CorrectionKind | None = None,
) -> list[Problem]:
    """Return the reasons why a draft of `kind` may not follow a public revision of kind `last`.

    The list is empty if it may. `before` and `after` are the record in public and in the draft. `correction` is the
    kind of correction that the note to readers gives; none if there is no note.
    """
    rule = REVISION_RULES.get(kind)
    if rule is None or last not in rule.follows:
        return [_not_in_order(kind, last)]
    if rule.keeps_record and before != after:
        return [_RECORD_CHANGED]
    changed = changed_judged_fields(before, after)
    if changed and not rule.may_change_judged:
        return [_BY_FIELD.get(changed[0], _REWORDED)]
    is_added = bool(_questions(after) - _questions(before))
    if is_added != rule.adds_verdict:
        return [_VERDICT_ADDED if last is not None else _VERDICT_TOO_SOON] if is_added else [_NO_VERDICT_ADDED]
    return (
        _note_problems(correction, is_verdict_changed=_answers(before) != _answers(after))
        if rule.needs_public_note
        else []
    )


def _questions(claim: Fields) -> set[str]:
    return {verdict["question"] for verdict in claim.get("verdicts", ())}


def _answers(claim: Fields) -> set[tuple[str | None, ...]]:
    return {tuple(verdict.get(name) for name in ANSWER) for verdict in claim.get("verdicts", ())}


def _not_in_order(kind: RevisionKind, last: RevisionKind | None) -> Problem:
    if last is None:
        return Problem("not-listed", kind=kind)
    if kind is RevisionKind.LISTED:
        return Problem("kind-needed")
    return Problem("not-in-order", kind=kind, last=last)


def _note_problems(correction: CorrectionKind | None, *, is_verdict_changed: bool) -> list[Problem]:
    if correction is None:
        return [_NO_NOTE]
    if CHANGES_VERDICT.get(correction, is_verdict_changed) is is_verdict_changed:
        return []
    return [_ANSWER_DIFFERS if is_verdict_changed else _ANSWER_UNCHANGED]


_ANSWER_DIFFERS = Problem(
    "verdict-called-unchanged", field="verdicts", kinds=(CorrectionKind.VERDICT_CHANGED, CorrectionKind.RETRACTION)
)
_ANSWER_UNCHANGED = Problem(
    "verdict-called-changed", field="verdicts",
    kinds=(CorrectionKind.VERDICT_UNCHANGED, CorrectionKind.CLARIFICATION),
)  # fmt: skip
_VERDICT_CHANGED = Problem("verdict-changed-without-correction", field="verdicts")
_RECORD_CHANGED = Problem("withdrawal-changes-record")
_REWORDED = Problem("reworded-without-correction", field="statement")
_EVIDENCE_LOST = Problem("evidence-gone-without-correction", field="evidence")
_BY_FIELD: Mapping[str, Problem] = {"verdicts": _VERDICT_CHANGED, "evidence": _EVIDENCE_LOST}
_VERDICT_ADDED = Problem("verdict-needs-its-kind", field="verdicts")
_VERDICT_TOO_SOON = Problem("verdict-too-soon", field="verdicts")
_NO_VERDICT_ADDED = Problem("no-verdict-added", field="verdicts")
_NO_NOTE = Problem("correction-without-note")
