"""The quick cases of parametrized tests that are slow when all cases run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest


QUICK_TESTS: Mapping[str, frozenset[str]] = {
    "test_desk_article_intake": frozenset({"test_pasted_text_becomes_an_article_in_two_forms"}),
    "test_desk_articles": frozenset({
        "test_passage_is_accepted_as_a_claim",
        "test_unknown_names_are_not_found",
    }),
    "test_desk_claim_page": frozenset({
        "test_refused_edit_names_every_wrong_field",
        "test_comparators_are_offered_by_their_labels",
        "test_edit_of_a_public_claim_needs_a_reason",
        "test_evidence_shows_the_details_of_its_document",
        "test_missing_page_reveals_no_claim_to_visitors",
    }),
    "test_desk_permissions": frozenset({
        "test_permission_table_covers_every_route_and_action",
        "test_route_follows_the_permission_table",
        "test_claim_action_follows_the_permission_table",
        "test_reason_is_needed_if_the_action_rules_require_it",
        "test_checker_dismisses_a_passage",
        "test_same_origin_form_is_accepted",
        "test_token_of_another_session_is_refused",
        "test_expired_session_is_refused",
        "test_sign_out_ends_the_session",
        "test_invented_session_is_refused",
        "test_other_methods_change_and_reveal_nothing",
        "test_static_route_serves_only_its_folder",
        "test_datasette_addresses_do_not_reach_the_desk",
    }),
}  # fmt: skip
"""The quick tests of long files in which all others are slow: a mark for each would make these files too long."""


def quick_only(cases: Iterable[Any], *quick: object) -> list[Any]:
    """Return the cases of a parametrised test, all marked slow except the quick ones.

    >>> [getattr(case, "values", case) for case in quick_only(["a", "b"], "b")]
    [('a',), 'b']
    """
    known = list(cases)
    assert all(one in known for one in quick), quick
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in known]


def every(step: int, cases: Iterable[Any], *, unpack: bool = False) -> list[Any]:
    """Return the cases of a parametrised test; only every so many stay quick, the others are marked slow.

    A case is one value, the values of several arguments (`unpack`), or a `pytest.param`.

    >>> [len(case.marks) for case in every(2, [pytest.param(1), pytest.param(2)])]
    [0, 1]
    """
    made = [case if hasattr(case, "marks") else pytest.param(*(case if unpack else [case])) for case in cases]
    return [
        pytest.param(*case.values, id=case.id, marks=[*case.marks, *([pytest.mark.slow] if number % step else [])])
        for number, case in enumerate(made)
    ]
