"""Thousands of bad suggestions: none passes as clean that the text can refute, and honest ones mostly do.

The rules and the attacks have one author, so the figures show how far the rules got on these texts, not on others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

import pytest
import suggestion_attacks
from suggestion_attacks import Case

from claimledger.suggesting.grounded import _MARKS, Clean, Judgement, Refused, Shown, _compare_with_passage

PROVABLE = {"passage", "speaker", "document", "figure", "date", "wording"}
"""The families of changes that the text refutes."""
MEANING = {"polarity", "hedge", "actor"}
"""The families of changes of meaning, which no rule finds always."""
SAMPLE = 23
"""The quick test judges one in so many attacks."""


def attacks() -> Iterator[Case]:
    return chain(
        suggestion_attacks.claim_attacks(), suggestion_attacks.translation_attacks(),
        suggestion_attacks.document_attacks(), suggestion_attacks.reason_attacks(),
    )  # fmt: skip


@cache
def judge_all() -> Sequence[tuple[Case, Judgement]]:
    return [(case, case.judge()) for case in attacks()]


def describe(cases: Sequence[Case]) -> list[str]:
    return [f"{case.kind}: {case.suggestion.wording} {case.suggestion.words}" for case in cases]


def test_sample_of_attacks_is_not_clean() -> None:
    sample = [case for number, case in enumerate(attacks()) if number % SAMPLE == 0]
    assert len(sample) > 100
    assert describe([one for one in sample if one.family in PROVABLE and isinstance(one.judge(), Clean)]) == []


@pytest.mark.slow
def test_attacks_are_of_many_kinds_in_both_languages() -> None:
    kinds = Counter((case.text.language, case.kind) for case, _ in judge_all())
    assert kinds.total() >= 3000
    for language in ("ko", "en"):
        assert len([kind for tongue, kind in kinds if tongue == language]) >= 20


@pytest.mark.slow
def test_no_change_that_the_text_refutes_is_clean() -> None:
    passed = [case for case, judgement in judge_all() if case.family in PROVABLE and isinstance(judgement, Clean)]
    assert describe(passed) == []


@pytest.mark.slow
@pytest.mark.parametrize("family", sorted(MEANING))
@pytest.mark.parametrize(("is_translated", "least"), [(False, 0.9), (True, 0.8)], ids=["own", "other"])
def test_changes_of_meaning_are_rarely_clean(family: str, is_translated: bool, least: float) -> None:  # noqa: FBT001
    found = [
        isinstance(judgement, Clean)
        for case, judgement in judge_all()
        if case.family == family and case.is_in_other_language is is_translated
    ]
    assert len(found) > 15
    assert 1 - sum(found) / len(found) >= least


@pytest.mark.slow
@pytest.mark.parametrize(("family", "least"), [("long clause", 0.9), ("short clause", 0.75)])
def test_added_clause_of_a_translation_is_rarely_clean(family: str, least: float) -> None:
    found = [isinstance(judgement, Clean) for case, judgement in judge_all() if case.family == family]
    assert len(found) > 100
    assert 1 - sum(found) / len(found) >= least


@pytest.mark.slow
def test_honest_suggestions_are_mostly_clean_and_never_refused() -> None:
    for cases in (suggestion_attacks.honest_claims(), suggestion_attacks.honest_translations()):
        found = [case.judge() for case in cases]
        assert [one for one in found if isinstance(one, Refused)] == []
        assert sum(isinstance(one, Clean) for one in found) / len(found) >= 0.75


@pytest.mark.slow
def test_each_rule_is_the_only_one_to_find_some_attack() -> None:
    left = {rule.__name__ for rule in _MARKS}
    for case, judgement in judge_all():
        if isinstance(judgement, Shown):
            rules = _rules_that_find(case, judgement)
            left -= rules if len(rules) == 1 else set()
        if not left:
            break
    assert left == set()


def _rules_that_find(case: Case, judgement: Shown) -> set[str]:
    if case.is_in_other_language:
        compared = suggestion_attacks.compared_translation(case)
    elif judgement.passage and case.suggestion.wording:
        compared = _compare_with_passage(case.suggestion, case.text, judgement.passage, case.grounds)
    else:
        return set()
    return {rule.__name__ for rule in _MARKS if any(rule(compared))}
