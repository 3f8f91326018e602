"""The quick cases of parametrized tests that are slow when all cases run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest


QUICK_TESTS: Mapping[str, frozenset[str]] = {
    "test_desk_article_intake": frozenset({"test_pasted_text_becomes_an_article_in_two_forms"}),
    "test_desk_articles": frozenset({
        "test_passage_is_accepted_as_a_claim",
        "test_unknown_names_are_not_found",
    }),
    "test_desk_claim_page": frozenset({
        "test_comparators_are_offered_by_their_labels",
        "test_evidence_shows_the_details_of_its_document",
        "test_missing_page_reveals_no_claim_to_visitors",
    }),
    "test_desk_permissions": frozenset({
        "test_route_follows_the_permission_table",
        "test_claim_action_follows_the_permission_table",
        "test_reason_is_needed_if_the_action_rules_require_it",
        "test_checker_dismisses_a_passage",
        "test_same_origin_form_is_accepted",
        "test_token_of_another_session_is_refused",
        "test_expired_session_is_refused",
        "test_sign_out_ends_the_session",
        "test_invented_session_is_refused",
        "test_static_route_serves_only_its_folder",
        "test_datasette_addresses_do_not_reach_the_desk",
    }),
}  # fmt: skip
"""The quick tests of long files in which all others are slow: a mark for each would make these files too long."""


QUICK_ROWS = 3
"""Quick tests run so many rows of a longer table of examples."""


def spare(rows: Sequence[Any]) -> list[Any]:
    """Return the rows that the quick tests leave out: all but the first, the last and those evenly between.

    >>> spare("abcde")
    ['b', 'd']
    >>> spare("abc")
    []
    """
    if len(rows) <= QUICK_ROWS:
        return []
    kept = {round(number * (len(rows) - 1) / (QUICK_ROWS - 1)) for number in range(QUICK_ROWS)}
    return [row for number, row in enumerate(rows) if number not in kept]


def quick_only(cases: Iterable[Any], *quick: object) -> list[Any]:
    """Return the cases of a parametrised test, all marked slow except the quick ones.

    >>> [getattr(case, "values", case) for case in quick_only(["a", "b"], "b")]
    [('a',), 'b']
    """
    known = list(cases)
    assert all(one in known for one in quick), quick
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in known]


def each_language(first: str) -> pytest.MarkDecorator:
    """Run a browser journey in this language in every test run, and in the other one in the long runs only.

    Which one comes first alternates from journey to journey, so that every run tests both.
    """
    other = {"ko": "en", "en": "ko"}[first]
    return pytest.mark.parametrize("language", [first, pytest.param(other, marks=pytest.mark.soak)])
