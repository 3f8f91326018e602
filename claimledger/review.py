"""The workflow table: what may follow what, and what each act demands.

In: the act, the kind of the record's newest public revision, who wrote and who approves, what changed. Out: the
refusals, as problems; none means the act is allowed. Pure; every interface goes through it. An administrator has no
editorial power of their own, and nothing waives the second person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from claimledger.errors import Problem
from claimledger.vocabulary import CorrectionKind, RevisionKind

_PUBLIC = frozenset({RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.UPDATE, RevisionKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of revision may follow, and what it demands."""

    follows: frozenset[RevisionKind | None]
    """Kinds of the newest public revision it may follow; none stands for a record that is not public yet."""
    may_change_verdict: bool
    """Whether it may change or take away a published verdict."""
    adds_verdict: bool | None
    """Whether it must bring a verdict (true) or must not (false); none if both are right."""
    needs_public_note: bool
    """Whether readers are owed a note, and the word for what was corrected."""


RULES: Mapping[RevisionKind, Rule] = {
    RevisionKind.LISTED: Rule(frozenset({None}), may_change_verdict=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.VERDICT: Rule(_PUBLIC, may_change_verdict=False, adds_verdict=True, needs_public_note=False),
    RevisionKind.UPDATE: Rule(_PUBLIC, may_change_verdict=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.CORRECTION: Rule(_PUBLIC, may_change_verdict=True, adds_verdict=None, needs_public_note=True),
}
"""The table. Withdrawal and redaction are not acts of this version."""
CHANGES_VERDICT: Mapping[CorrectionKind, bool] = {
    CorrectionKind.VERDICT_CHANGED: True,
    CorrectionKind.VERDICT_UNCHANGED: False,
    CorrectionKind.CLARIFICATION: False,
}
"""Whether verdicts differ after a correction of a kind; after a retraction they may or may not."""


def refusals(
    kind: RevisionKind,
    last: RevisionKind | None,
    *,
    verdicts_before: Sequence[object] = (),
    verdicts_after: Sequence[object] = (),
    correction: CorrectionKind | None = None,
) -> list[Problem]:
    """Return why a draft of `kind` may not follow a public revision of kind `last`; an empty list if it may.

    `correction` is what the note owed to readers says was corrected; none if there is no note.
    """
    rule = RULES.get(kind)
    if rule is None or last not in rule.follows:
        return [_not_in_order(kind, last)]
    is_kept = all(verdict in verdicts_after for verdict in verdicts_before)
    is_added = any(verdict not in verdicts_before for verdict in verdicts_after)
    if not is_kept and not rule.may_change_verdict:
        return [_VERDICT_CHANGED]
    if rule.adds_verdict is not None and is_added != rule.adds_verdict:
        return [_VERDICT_ADDED if last is not None else _VERDICT_TOO_SOON] if is_added else [_NO_VERDICT_ADDED]
    if rule.needs_public_note:
        return _faults_of_note(correction, is_verdict_changed=is_added or not is_kept)
    return []


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
    sentence = f"It is called '{correction}', and a verdict {'differs' if is_verdict_changed else 'does not differ'}."
    return [Problem("wrong-correction-kind", sentence, "Call it what it is.", field="verdicts")]


_VERDICT_CHANGED = Problem(
    "verdict-changed-without-correction", "A published verdict is changed or taken away.",
    "Record the change as a correction, or put the verdict back.", field="verdicts",
)  # fmt: skip
_VERDICT_ADDED = Problem(
    "verdict-needs-its-kind", "A verdict is added.", "Record the change as a verdict.", field="verdicts"
)
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


def is_second_person(approver: str, authors: Collection[str]) -> bool:
    """Whether `approver` wrote no part of the work: the rule of four eyes, which nothing waives."""
    return approver not in authors
