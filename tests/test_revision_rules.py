"""The revision rules for every combination of kind, previous kind, verdict change and correction note."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product
from typing import Any

import pytest

from claimledger.workflow import (
    ACTION_RULES, PROPOSING_ACTIONS, REVISION_RULES, is_second_person, lacks_evidence, material_authors,
    revision_problems,
)  # fmt: skip
from claimledger.desk_vocabulary import Action, CheckStage, RecordStage
from claimledger.vocabulary import CorrectionKind, RevisionKind

LISTED, VERDICT, UPDATE = RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.UPDATE
CORRECTION, WITHDRAWAL, REDACTION = RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL, RevisionKind.REDACTION


def claim(*verdicts: str, **fields: object) -> dict[str, Any]:
    """Return the fields of a claim with verdicts, each written as "question: value: rationale"."""
    given = [dict(zip(("question", "value", "rationale"), verdict.split(": "), strict=False)) for verdict in verdicts]
    return {"statement": {"ko": "짐은 120만t이다."}, **({"verdicts": given} if given else {}), **fields}


VERDICT_CHANGES = {
    "none before, none after": (claim(), claim()),
    "the same": (claim("said"), claim("said")),
    "added to none": (claim(), claim("so")),
    "added to one": (claim("said"), claim("said", "so")),
    "changed": (claim("so: supported"), claim("so: refuted")),
    "taken away": (claim("so"), claim()),
    "one changed, one added": (claim("so: supported"), claim("so: refuted", "said")),
    "one taken away, one added": (claim("so"), claim("said")),
    "in another order": (claim("said", "so"), claim("so", "said")),
    "put otherwise": (claim("so: supported", "said"), claim("so: supported: in other words", "said")),
}
ANSWER_CHANGED = {"changed", "taken away", "one changed, one added", "one taken away, one added"}
LOST = ANSWER_CHANGED | {"put otherwise"}
ADDED = {"added to none", "added to one", "one changed, one added", "one taken away, one added"}


def expected_code(
    kind: RevisionKind, last: RevisionKind | None, change: str, note: CorrectionKind | None
) -> str | None:
    """Return the expected problem code, from rules written independently of the table."""
    if last is None and kind is not LISTED:
        return "not-listed"
    if kind is REDACTION or (last in (WITHDRAWAL, REDACTION) and kind is not LISTED):
        return "not-in-order"
    if last is not None and kind is LISTED:
        return "kind-needed"
    return expected_correction_code(change, note) if kind is CORRECTION else expected_verdict_code(kind, change)


def expected_correction_code(change: str, note: CorrectionKind | None) -> str | None:
    """Return the code for a correction whose note does not fit; a first verdict is not a correction."""
    if change in ADDED:
        return "verdict-needs-its-kind"
    if note is None:
        return "correction-without-note"
    if change in ANSWER_CHANGED:
        return "verdict-called-unchanged" if note in ("verdict_unchanged", "clarification") else None
    return "verdict-called-changed" if note == "verdict_changed" else None


def expected_verdict_code(kind: RevisionKind, change: str) -> str | None:
    """Return the code for another kind of revision that must not add or change a verdict."""
    before, after = VERDICT_CHANGES[change]
    if kind is WITHDRAWAL:
        return None if before == after else "withdrawal-changes-record"
    if change in LOST:
        return "verdict-changed-without-correction"
    if kind is VERDICT:
        return None if change in ADDED else "no-verdict-added"
    too_soon = "verdict-too-soon" if kind is LISTED else "verdict-needs-its-kind"
    return too_soon if change in ADDED else None


CHANGE_OF_NEW_CLAIM = {
    change: "added to none" if "verdicts" in after else "none before, none after"
    for change, (_, after) in VERDICT_CHANGES.items()
}
"""The change that results where nothing is public yet."""


@pytest.mark.parametrize("kind", RevisionKind)
@pytest.mark.parametrize("last", [None, *RevisionKind])
def test_every_revision_kind_after_every_other(kind: RevisionKind, last: RevisionKind | None) -> None:
    for change, note in product(VERDICT_CHANGES, [None, *CorrectionKind]):
        before, after = VERDICT_CHANGES[change]
        found = revision_problems(kind, last, before if last else {}, after, note)
        answer = expected_code(kind, last, change if last else CHANGE_OF_NEW_CLAIM[change], note)
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
def test_common_sequences_of_revisions(kind: RevisionKind, last: RevisionKind | None, *, follows: bool) -> None:
    assert (revision_problems(kind, last, claim(), claim()) == []) is follows


SAYS = {"document_id": "call-a2b3", "stance": "supports"}
FULL: dict[str, Any] = {
    "quantities": [{"amount": "1200000"}], "speaker": {"name": {"ko": "하늘항만공사"}},
    "attribution": {"cue": "밝혔다"}, "source": {"kind": "announcement"},
    "said_on": "2031-01", "about_on": "2030", "evidence": [SAYS],
}  # fmt: skip
JUDGED_CHANGES: dict[str, dict[str, Any]] = {
    "other words": {"statement": {"ko": "짐은 130만t이다."}},
    "another figure": {"quantities": [{"amount": "1300000"}]},
    "a figure more": {"quantities": [*FULL["quantities"], {"amount": "10"}]},
    "another speaker": {"speaker": {"name": {"ko": "하늘시"}}},
    "no speaker": {"speaker": None},
    "another cue": {"attribution": {"cue": "내다봤다"}},
    "another source": {"source": {"kind": "speech"}},
    "another day of saying": {"said_on": "2031-02"},
    "another period": {"about_on": "1999"},
    "evidence taken away": {"evidence": []},
    "evidence turned round": {"evidence": [SAYS | {"stance": "refutes"}]},
    "evidence exchanged": {"evidence": [SAYS | {"document_id": "call-c4d5"}]},
}
"""Changes of fields that a verdict depends on."""
FREE_CHANGES: dict[str, dict[str, Any]] = {
    "evidence added": {"evidence": [SAYS, SAYS | {"document_id": "call-c4d5"}]},
    "a topic": {"topics": ["ports"]}, "a note": {"note": {"ko": "덧붙임"}}, "a tie": {"relations": [{"claim_id": "x"}]},
}  # fmt: skip


@pytest.mark.parametrize("change", JUDGED_CHANGES)
@pytest.mark.parametrize("kind", [VERDICT, UPDATE, CORRECTION])
def test_judged_fields_change_only_by_a_correction(kind: RevisionKind, change: str) -> None:
    new = ("so",) if kind is VERDICT else ()
    for judged in ((), ("said",)):
        before = claim(*judged, **FULL)
        after = claim(*judged, *new, **FULL | JUDGED_CHANGES[change])
        codes = [one.code for one in revision_problems(kind, LISTED, before, after, CorrectionKind.CLARIFICATION)]
        lost = "evidence-gone" if "evidence" in change else "reworded"
        assert codes == ([f"{lost}-without-correction"] if judged and kind is not CORRECTION else [])


@pytest.mark.parametrize("change", FREE_CHANGES)
def test_fields_without_effect_on_verdicts_are_updated_freely(change: str) -> None:
    before, after = claim("so", **FULL), claim("so", **FULL | FREE_CHANGES[change])
    assert revision_problems(UPDATE, VERDICT, before, after) == []
    assert [one.code for one in revision_problems(WITHDRAWAL, VERDICT, before, after)] == ["withdrawal-changes-record"]


@pytest.mark.parametrize(
    ("verdicts", "stances", "lacks"),
    [
        (["so: supported"], [], True),
        (["so: supported"], ["supports"], False),
        (["so: supported"], ["supports", "refutes"], False),
        (["so: supported"], ["refutes", "context"], True),
        (["so: refuted"], ["refutes"], False),
        (["so: refuted"], ["supports"], True),
        (["so: conflicting_evidence"], ["supports", "refutes"], False),
        (["so: conflicting_evidence"], ["supports", "context"], True),
        (["so: conflicting_evidence"], ["refutes"], True),
        (["so: not_enough_evidence", "said: not_checkable"], [], False),
        (["said: not_checkable", "so: refuted"], ["supports"], True),
        ([], [], False),
    ],
)
def test_firm_verdict_needs_evidence_for_it(verdicts: list[str], stances: list[str], *, lacks: bool) -> None:
    assert lacks_evidence(claim(*verdicts, evidence=[{"stance": stance} for stance in stances])) is lacks


@pytest.mark.parametrize(
    ("change", "is_author"),
    [
        *((change, True) for change in JUDGED_CHANGES.values()),
        (FREE_CHANGES["evidence added"], True),
        (FREE_CHANGES["a tie"], True),
        ({"verdicts": []}, True),
        (FREE_CHANGES["a topic"], False),
        (FREE_CHANGES["a note"], False),
        ({}, False),
    ],
)
def test_material_change_since_listing_makes_an_author(change: dict[str, Any], *, is_author: bool) -> None:
    listed = claim("so", **FULL)
    versions = [(listed, ["kim"]), (listed | change, ["lee"])]
    assert material_authors(versions) == ({"lee"} if is_author else set())


def can_follow(kind: RevisionKind, last: Collection[RevisionKind | None]) -> bool:
    """Return whether any change of any claim may follow one of the last kinds as a revision of a kind."""
    every = product(last, VERDICT_CHANGES.values(), CorrectionKind)
    return any(
        revision_problems(kind, one, before if one else {}, after, note) == [] for one, (before, after), note in every
    )


PUBLIC: dict[RecordStage, tuple[RevisionKind | None, ...]] = {
    RecordStage.NONE: (None,), RecordStage.DRAFT: (None,), RecordStage.LISTED: (LISTED, VERDICT, UPDATE, CORRECTION),
    RecordStage.WITHDRAWN: (WITHDRAWAL,),
}  # fmt: skip
"""The kinds of the newest public version at each stage of the record."""
WRITES = {
    Action.ACCEPT: (LISTED,), Action.EDIT: (LISTED, UPDATE), Action.WAIVE: (LISTED, UPDATE),
    Action.ATTACH: (LISTED, UPDATE), Action.PROPOSE: (VERDICT,),
    Action.CORRECT: (CORRECTION,), Action.WITHDRAW: (WITHDRAWAL,),
}  # fmt: skip
"""The actions that write a version, with the kinds of version they write."""


@pytest.mark.parametrize("action", WRITES)
def test_actions_that_the_table_allows_can_be_written(action: Action) -> None:
    for record in RecordStage:
        allowed = any(
            record in ACTION_RULES[action].records and check in ACTION_RULES[action].checks for check in CheckStage
        )
        assert allowed is any(can_follow(kind, PUBLIC[record]) for kind in WRITES[action]) or (
            record is RecordStage.DRAFT and action is Action.ACCEPT  # a name is given once
        ) or (record is RecordStage.NONE and action is not Action.ACCEPT)  # fmt: skip


def test_every_revision_kind_has_an_action_that_starts_it() -> None:
    assert {kind for kinds in WRITES.values() for kind in kinds} == REVISION_RULES.keys()
    assert PROPOSING_ACTIONS == {VERDICT: Action.PROPOSE, CORRECTION: Action.CORRECT, WITHDRAWAL: Action.WITHDRAW}


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    changes = VERDICT_CHANGES.values()
    for kind, last, (before, after), note in product(
        RevisionKind, [None, *RevisionKind], changes, [None, *CorrectionKind]
    ):
        for problem in revision_problems(kind, last, before, after, note):
            assert problem.sentence.endswith(".")
            assert problem.remedy.endswith(".")


def test_every_revision_kind_except_redaction_has_a_rule() -> None:
    assert set(RevisionKind) - REVISION_RULES.keys() == {REDACTION}


@pytest.mark.parametrize(
    ("approver", "authors", "is_second"),
    [("lee", ["kim"], True), ("kim", ["kim"], False), ("kim", ["lee", "kim"], False), ("kim", [], True)],
)
def test_authors_cannot_approve_their_own_revision(approver: str, authors: Sequence[str], *, is_second: bool) -> None:
    assert is_second_person(approver, authors) is is_second
