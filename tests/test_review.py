"""The workflow table, held against every combination of act, last act, verdict change and note."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest

from claimledger.review import RULES, is_second_person, refusals
from claimledger.vocabulary import CorrectionKind, RevisionKind

LISTED, VERDICT, UPDATE = RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.UPDATE
CORRECTION, WITHDRAWAL, REDACTION = RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL, RevisionKind.REDACTION

VERDICT_CHANGES = {
    "none before, none after": ((), ()),
    "the same": (("said",), ("said",)),
    "added to none": ((), ("so",)),
    "added to one": (("said",), ("said", "so")),
    "changed": (("so: supported",), ("so: refuted",)),
    "taken away": (("so",), ()),
    "one changed, one added": (("so: supported",), ("so: refuted", "said")),
    "in another order": (("said", "so"), ("so", "said")),
}
ADDED = {"added to none", "added to one"}
LOST = {"changed", "taken away", "one changed, one added"}


def expected(kind: RevisionKind, last: RevisionKind | None, change: str, note: CorrectionKind | None) -> str | None:
    """Say in other words what the table should answer."""
    if last is None and kind is not LISTED:
        return "not-listed"
    if kind is REDACTION or (last in (WITHDRAWAL, REDACTION) and kind is not LISTED):
        return "not-in-order"
    if last is not None and kind is LISTED:
        return "kind-needed"
    return expected_of_correction(change, note) if kind is CORRECTION else expected_of_verdicts(kind, change)


def expected_of_correction(change: str, note: CorrectionKind | None) -> str | None:
    """Say what a correction's note must fit."""
    if note is None:
        return "correction-without-note"
    stands = ["verdict_unchanged", "clarification"]
    return "wrong-correction-kind" if note in (stands if change in ADDED | LOST else ["verdict_changed"]) else None


def expected_of_verdicts(kind: RevisionKind, change: str) -> str | None:
    """Say which other acts may bring or change a verdict."""
    if change in LOST:
        return "verdict-changed-without-correction"
    if kind is VERDICT:
        return None if change in ADDED else "no-verdict-added"
    too_soon = "verdict-too-soon" if kind is LISTED else "verdict-needs-its-kind"
    return too_soon if change in ADDED else None


@pytest.mark.parametrize("kind", RevisionKind)
@pytest.mark.parametrize("last", [None, *RevisionKind])
def test_every_act_after_every_other(kind: RevisionKind, last: RevisionKind | None) -> None:
    for change, note in product(VERDICT_CHANGES, [None, *CorrectionKind]):
        before, after = VERDICT_CHANGES[change]
        found = refusals(kind, last, verdicts_before=before, verdicts_after=after, correction=note)
        answer = expected(kind, last, change, note)
        assert [problem.code for problem in found] == ([answer] if answer else []), (change, note)


@pytest.mark.parametrize(
    ("kind", "last", "follows"),
    [
        (LISTED, None, True),
        (UPDATE, LISTED, True),
        (UPDATE, CORRECTION, True),
        (UPDATE, None, False),
        (UPDATE, WITHDRAWAL, False),
        (LISTED, LISTED, False),
        (WITHDRAWAL, LISTED, True),
        (REDACTION, LISTED, False),
    ],
)
def test_some_answers_spelled_out(kind: RevisionKind, last: RevisionKind | None, *, follows: bool) -> None:
    assert (refusals(kind, last) == []) is follows


@pytest.mark.parametrize("kind", [VERDICT, UPDATE, WITHDRAWAL, CORRECTION])
def test_evidence_of_a_published_verdict_is_changed_by_a_correction_alone(kind: RevisionKind) -> None:
    before, after = VERDICT_CHANGES["added to one" if kind is VERDICT else "the same"]
    new = tuple(one for one in after if one not in before)

    def codes(verdicts: Sequence[str], *, is_lost: bool) -> list[str]:
        given = {"verdicts_before": verdicts, "verdicts_after": (*verdicts, *new), "is_unfounded": is_lost}
        found = refusals(kind, LISTED, **given, correction=CorrectionKind.CLARIFICATION)  # type: ignore[arg-type]
        return [problem.code for problem in found]

    assert codes(before, is_lost=True) == ([] if kind is CORRECTION else ["evidence-gone-without-correction"])
    assert codes(before, is_lost=False) == codes((), is_lost=True) == []


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    changes = VERDICT_CHANGES.values()
    for kind, last, (before, after), note in product(
        RevisionKind, [None, *RevisionKind], changes, [None, *CorrectionKind]
    ):
        for problem in refusals(kind, last, verdicts_before=before, verdicts_after=after, correction=note):
            assert problem.sentence.endswith(".")
            assert problem.remedy.endswith(".")


def test_the_acts_of_this_version_have_a_rule_each() -> None:
    assert set(RevisionKind) - RULES.keys() == {REDACTION}


@pytest.mark.parametrize(
    ("approver", "authors", "is_second"),
    [("lee", ["kim"], True), ("kim", ["kim"], False), ("kim", ["lee", "kim"], False), ("kim", [], True)],
)
def test_nobody_approves_what_they_wrote_themselves(approver: str, authors: Sequence[str], *, is_second: bool) -> None:
    assert is_second_person(approver, authors) is is_second
