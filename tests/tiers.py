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
        "test_all_that_is_wrong_is_said_at_once",
        "test_the_words_of_a_figure_are_chosen_by_their_labels",
        "test_a_public_claim_is_edited_with_a_reason",
        "test_evidence_is_shown_with_its_document",
        "test_a_draft_that_would_be_closed_is_closed_by_who_may_discard_it",
        "test_nobody_learns_nothing_from_a_page_that_is_not_there",
    }),
    "test_desk_permissions": frozenset({
        "test_every_route_and_every_act_has_a_row",
        "test_a_route_answers_whom_it_should",
        "test_an_act_is_taken_from_whom_the_table_says",
        "test_a_reason_is_needed_where_the_table_asks_for_one",
        "test_a_checker_dismisses_a_passage",
        "test_the_desks_own_page_may_say_where_it_comes_from",
        "test_a_token_of_another_session_is_none",
        "test_a_session_that_is_over_is_nobodys",
        "test_who_signs_out_is_out",
        "test_a_made_up_session_is_nobodys",
        "test_other_methods_do_nothing_and_tell_nobody_anything",
        "test_static_files_are_those_of_their_folder",
        "test_no_address_of_datasette_reaches_the_desk",
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
