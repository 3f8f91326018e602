"""Each number and quotation of an article is claimed, dismissed or unbound; dates are counted separately."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.coverage import AccountedSpan, CoverageKind, measure_coverage
from claimledger.models import Span
from claimledger.desk_vocabulary import Coverage

TEXT = "2031년 4월 직원은 40명이다. 소장은 “곧 3배가 된다”고 했다. 한 ‘똑똑한’ 기계가 두 달 만에 왔다.\n공유 12\n"


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


def measured_items(
    *bounds: AccountedSpan, dismissed: tuple[AccountedSpan, ...] = ()
) -> dict[str, tuple[CoverageKind, Coverage]]:
    items = measure_coverage(TEXT, bounds, dismissed, [span("공유 12")]).items
    return {TEXT[item.span.start : item.span.end]: (item.sort, item.state) for item in items}


def test_items_are_all_numbers_and_quotations_outside_furniture() -> None:
    assert {words: sort for words, (sort, _) in measured_items().items()} == {
        "2031년 4월": CoverageKind.DATE,
        "40명": CoverageKind.FIGURE,
        "“곧 3배가 된다”": CoverageKind.QUOTATION,
        "3배": CoverageKind.FIGURE,
        "‘똑똑한’": CoverageKind.QUOTATION,
        "두 달": CoverageKind.DATE,
    }


def test_items_are_claimed_in_passages_and_dismissed_by_decision() -> None:
    claim = AccountedSpan(span("소장은 “곧 3배가 된다”고 했다"), "threefold-aaaa")
    states = measured_items(claim, dismissed=(AccountedSpan(span("‘똑똑한’"), "반어"),))
    assert states["3배"][1] is states["“곧 3배가 된다”"][1] is Coverage.CLAIMED
    assert states["‘똑똑한’"][1] is Coverage.DISMISSED
    assert states["40명"][1] is Coverage.UNBOUND


def test_quotation_is_claimed_only_if_it_is_covered_completely() -> None:
    first, rest = AccountedSpan(span("곧"), "a-aaaa"), AccountedSpan(span("3배가 된다"), "ours")
    assert measured_items(first)["“곧 3배가 된다”"][1] is Coverage.UNBOUND
    assert measured_items(first, AccountedSpan(rest.span, "b-bbbb"))["“곧 3배가 된다”"][1] is Coverage.CLAIMED
    assert measured_items(first, dismissed=(rest,))["“곧 3배가 된다”"][1] is Coverage.DISMISSED


def test_dates_are_counted_separately() -> None:
    accounted = measure_coverage(TEXT, [AccountedSpan(span("직원은 40명"), "a-aaaa")], [], [span("공유 12")])
    assert (accounted.total(), accounted.total(dates=True)) == (4, 2)
    assert accounted.share() == pytest.approx(0.25)
    assert accounted.share(dates=True) == 0
    assert measure_coverage("글자뿐이다.", []).share() == 1


def test_item_names_the_claims_that_cover_it() -> None:
    bounds = [
        AccountedSpan(span("직원은 40명"), "a-aaaa"),
        AccountedSpan(span("40명이다"), "b-bbbb"),
        AccountedSpan(span("3배"), "c-cccc"),
    ]
    (item,) = (one for one in measure_coverage(TEXT, bounds).items if one.span == span("40명"))
    assert item.by == ("a-aaaa", "b-bbbb")


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30)), max_size=4))
def test_items_lie_within_any_text(text: str, places: list[tuple[int, int]]) -> None:
    bounds = [AccountedSpan(Span(start=start, end=start + length), "a-aaaa") for start, length in places]
    for item in measure_coverage(text, bounds[:2], bounds[2:]).items:
        assert 0 <= item.span.start < item.span.end <= len(text)
        assert (item.state is Coverage.UNBOUND) == (item.by == ())
