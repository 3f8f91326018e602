"""What may follow what in public: the kinds of revisions, and what each may change.

In: a kind of revision, and the record before and after it. Out: the refusals, as problems; none means it may follow.
The invariant: what a published verdict says, and what it was given on, is changed by a correction alone.
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
JUDGED = (
    "statement", "quantities", "speaker", "attribution", "source", "said_on", "about_on", "evidence",
)  # fmt: skip
"""The fields of a claim that a verdict is given on."""
MATERIAL = frozenset((*JUDGED, "verdicts", "relations"))
"""The fields of which an edit makes its author one of the claim's."""
GROWING = frozenset({"evidence", "verdicts"})
"""Fields to which something may be added without changing what stood there."""
STANCES: Mapping[VerdictValue, frozenset[Stance]] = {
    VerdictValue.SUPPORTED: frozenset({Stance.SUPPORTS}),
    VerdictValue.REFUTED: frozenset({Stance.REFUTES}),
    VerdictValue.CONFLICTING_EVIDENCE: frozenset({Stance.SUPPORTS, Stance.REFUTES}),
}
"""Verdicts that must rest on evidence, and the stances of which each takes one; context carries none."""


def lacks_evidence(claim: Fields) -> bool:
    """Whether a claim says with a verdict what none of its evidence says."""
    stances = {entry.get("stance") for entry in claim.get("evidence", ())}
    demanded = (STANCES.get(verdict.get("value"), frozenset()) for verdict in claim.get("verdicts", ()))
    return any(not one <= stances for one in demanded)


def is_changed(name: str, before: Fields, after: Fields) -> bool:
    """Whether what stood in a field of a record is another or gone; what was only added to it changes nothing."""
    if name in GROWING:
        return any(entry not in after.get(name, ()) for entry in before.get(name, ()))
    return bool(before.get(name) != after.get(name))


def judged_anew(before: Fields, after: Fields) -> tuple[str, ...]:
    """Return the fields in which a claim that has a verdict says something else; a correction alone may do that."""
    return tuple(name for name in ("verdicts", *JUDGED) if before.get("verdicts") and is_changed(name, before, after))


def material_authors(versions: Sequence[tuple[Fields, Sequence[str]]]) -> frozenset[str]:
    """Return who changed something material since the first public version; `versions` have each who wrote it."""
    return frozenset(
        author
        for (before, _), (after, authors) in pairwise(versions)
        if any(before.get(name) != after.get(name) for name in MATERIAL)
        for author in authors
    )


_PUBLIC = frozenset({RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.UPDATE, RevisionKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of revision may follow, and what it demands."""

    follows: frozenset[RevisionKind | None]
    """Kinds of the newest public revision it may follow; none stands for a record that is not public yet."""
    may_change_judged: bool
    """Whether it may change or take away a published verdict, or what that was given on."""
    adds_verdict: bool
    """Whether it must bring a verdict on a question that had none, or must not."""
    needs_public_note: bool
    """Whether readers are owed a note, and the word for what was corrected."""
    keeps_record: bool = False
    """Whether the record must stay as it is in public."""


RULES: Mapping[RevisionKind, Rule] = {
    RevisionKind.LISTED: Rule(frozenset({None}), may_change_judged=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.VERDICT: Rule(_PUBLIC, may_change_judged=False, adds_verdict=True, needs_public_note=False),
    RevisionKind.UPDATE: Rule(_PUBLIC, may_change_judged=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.CORRECTION: Rule(_PUBLIC, may_change_judged=True, adds_verdict=False, needs_public_note=True),
    RevisionKind.WITHDRAWAL: Rule(
        _PUBLIC, may_change_judged=False, adds_verdict=False, needs_public_note=False, keeps_record=True
    ),
}
"""What may follow what in public. Redaction is no act of this version."""
CHANGES_VERDICT: Mapping[CorrectionKind, bool] = {
    CorrectionKind.VERDICT_CHANGED: True,
    CorrectionKind.VERDICT_UNCHANGED: False,
    CorrectionKind.CLARIFICATION: False,
}
"""Whether a verdict answers otherwise after a correction of a kind; after a retraction it may or may not."""
ANSWER = ("question", "value", "as_of")
"""What a verdict answers, to what, and by the knowledge of which day; its rationale says why, and may be put better."""


def refusals(
    kind: RevisionKind,
    last: RevisionKind | None,
    before: Fields,
    after: Fields,
    correction: CorrectionKind | None = None,
) -> list[Problem]:
    """Return why a draft of `kind` may not follow a public revision of kind `last`; an empty list if it may.

    `before` and `after` are the record in public and in the draft. `correction` is what the note owed to readers says
    was corrected; none if there is no note.
    """
    rule = RULES.get(kind)
    if rule is None or last not in rule.follows:
        return [_not_in_order(kind, last)]
    if rule.keeps_record and before != after:
        return [_RECORD_CHANGED]
    changed = judged_anew(before, after)
    if changed and not rule.may_change_judged:
        return [_CHANGED.get(changed[0], _REWORDED)]
    is_added = bool(_questions(after) - _questions(before))
    if is_added != rule.adds_verdict:
        return [_VERDICT_ADDED if last is not None else _VERDICT_TOO_SOON] if is_added else [_NO_VERDICT_ADDED]
    return (
        _faults_of_note(correction, is_verdict_changed=_answers(before) != _answers(after))
        if rule.needs_public_note
        else []
    )


def _questions(claim: Fields) -> set[str]:
    return {verdict["question"] for verdict in claim.get("verdicts", ())}


def _answers(claim: Fields) -> set[tuple[str | None, ...]]:
    return {tuple(verdict.get(name) for name in ANSWER) for verdict in claim.get("verdicts", ())}


def _not_in_order(kind: RevisionKind, last: RevisionKind | None) -> Problem:
    if last is None:
        return Problem("not-listed", f"The record is not public yet, so there is no '{kind}' of it.", "List it first.")
    if kind is RevisionKind.LISTED:
        return Problem(
            "kind-needed",
            "The record is public already.",
            "Say whether the change is a verdict, an update or a correction.",
        )
    return Problem("not-in-order", f"'{kind}' cannot follow '{last}'.", "This version cannot do it.")


def _faults_of_note(correction: CorrectionKind | None, *, is_verdict_changed: bool) -> list[Problem]:
    if correction is None:
        return [_NO_NOTE]
    if CHANGES_VERDICT.get(correction, is_verdict_changed) is is_verdict_changed:
        return []
    return [_ANSWER_DIFFERS if is_verdict_changed else _ANSWER_STANDS]


_ANSWER_DIFFERS = Problem(
    "verdict-called-unchanged", "A verdict answers otherwise than in public, and the correction is called otherwise.",
    "Call it verdict_changed ('the verdict changed'), or retraction.", field="verdicts",
)  # fmt: skip
_ANSWER_STANDS = Problem(
    "verdict-called-changed", "Every verdict answers as in public, by the knowledge of the same day.",
    "Call it verdict_unchanged ('the verdict stands') or clarification.", field="verdicts",
)  # fmt: skip
_VERDICT_CHANGED = Problem(
    "verdict-changed-without-correction", "A published verdict is changed or taken away.",
    "Record the change as a correction, or put the verdict back.", field="verdicts",
)  # fmt: skip
_RECORD_CHANGED = Problem(
    "withdrawal-changes-record", "A withdrawal takes the claim back as it stands in public, and this one changes it.",
    "Leave the fields as they are, or record the change as what it is.",
)  # fmt: skip
_REWORDED = Problem(
    "reworded-without-correction", "A claim that has a verdict says something else than what was judged.",
    "Record the change as a correction, with a note to the readers.", field="statement",
)  # fmt: skip
_EVIDENCE_LOST = Problem(
    "evidence-gone-without-correction", "Evidence that a published verdict rests on is changed or taken away.",
    "Record the change as a correction, with a note to the readers, or put the evidence back.", field="evidence",
)  # fmt: skip
_CHANGED: Mapping[str, Problem] = {"verdicts": _VERDICT_CHANGED, "evidence": _EVIDENCE_LOST}
_VERDICT_ADDED = Problem(
    "verdict-needs-its-kind", "A question gets its first verdict.",
    "Record the change as a verdict; its assignee proposes it.", field="verdicts",
)  # fmt: skip
_VERDICT_TOO_SOON = Problem(
    "verdict-too-soon", "A claim is listed before it is judged.",
    "Take the verdict out, publish the claim, then record the verdict.", field="verdicts",
)  # fmt: skip
_NO_VERDICT_ADDED = Problem(
    "no-verdict-added",
    "The change is called a verdict, but adds none.",
    "Record the change as an update.",
    field="verdicts",
)
_NO_NOTE = Problem("correction-without-note", "A correction owes its readers a note.", "Give one in Korean or English.")
