"""Rates of exchange, conversions held against them, and what is computed of anything at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import claims, few
from test_computed import claim_of

from claimledger.consistency import CheckContext, FINDING_CODES, Finding, conversions, consistency_findings
from claimledger.consistency.date_ranges import day_range, matches_duration
from claimledger.consistency.exchange_rates import rate_period, rate_table_hash, has_no_rates, rates
from claimledger.models import Claim

ISSUE_DAY = "2023-06-01"
DOLLARS = "사재 5천만달러(약 667억원)를 들인다."
YUAN = "장비값은 20억위안(3834억원)이다."


def found_in(statement: str, published_on: str | None = ISSUE_DAY, about_on: str = "1990") -> list[Finding]:
    return consistency_findings(claim_of({"about_on": about_on}, statement, "ko"), CheckContext(published_on))


def test_a_rate_is_one_the_bank_published_that_day_and_goes_through_the_euro() -> None:
    found = rates("USD", "KRW", day_range("2023-05-12/2023-05-15"))
    assert [(rate.day, round(rate.value, 1)) for rate in found] == [
        (date(2023, 5, 12), Decimal("1335.9")), (date(2023, 5, 15), Decimal("1336.7")),
    ]  # fmt: skip
    (euro,), (back,) = (rates(*pair, day_range("2023-05-12")) for pair in (("EUR", "KRW"), ("KRW", "EUR")))
    assert round(euro.value * back.value, 12) == 1


def test_a_currency_has_no_rate_before_its_first_or_after_its_last_day() -> None:
    assert has_no_rates("TWD")
    assert rates("TWD", "KRW", day_range("2023-05")) == []
    assert rate_period("RUB").last == date(2022, 3, 1)
    assert rates("RUB", "KRW", day_range("2022-03-02/2022-04-01")) == []
    assert len(rates("RUB", "KRW", day_range("2022-03-01/2022-04-01"))) == 1
    assert rate_period("CNY").first == date(2005, 4, 1)
    assert rates("CNY", "KRW", day_range("2005-03")) == []


def test_the_table_of_rates_is_named_by_its_own_bytes() -> None:
    assert len(rate_table_hash()) == 16
    assert int(rate_table_hash(), 16)


@pytest.mark.parametrize(("statement", "rate"), [(DOLLARS, "'1,334' KRW a USD"), (YUAN, "'191.7' KRW a CNY")])
def test_a_conversion_shows_the_implied_rate_and_the_nearest_day(statement: str, rate: str) -> None:
    (found,) = found_in(statement)
    assert found.code == "conversion-fits"
    assert rate in found.en
    assert "From 2023-04-02 to 2023-06-01" in found.en
    assert ("1,334 KRW" if "USD" in rate else "191.7 KRW") in found.ko


def test_the_conversions_of_one_article_point_to_the_day_they_were_made() -> None:
    first, second = (
        claim_of({}, text, "ko", claim_id=f"made-up-{'ab'[n] * 4}") for n, text in enumerate((DOLLARS, YUAN))
    )
    found = list(conversions.common_rate_day_findings([first, second], day_range(ISSUE_DAY)))
    assert {one.code for one in found} == {"conversions-of-one-day"}
    assert all("'2023-05-12'" in one.en and "(-0.14%)" in one.en and "(-0.24%)" in one.en for one in found)
    assert [one.other_claim_id for one in found] == ["made-up-bbbb", "made-up-aaaa"]


def test_one_conversion_alone_points_to_no_common_day() -> None:
    claim = claim_of({}, DOLLARS, "ko")
    assert list(conversions.common_rate_day_findings([claim], day_range(ISSUE_DAY))) == []
    assert list(conversions.common_rate_day_findings([claim, claim_of({}, YUAN, "ko")], None)) == []


@pytest.mark.parametrize(("won", "code"), [
    ("644억원", "conversion-fits"),  # 1,288: 1 % below the least of the sixty days
    ("643억원", "conversion-differs"),
    ("677억원", "conversion-fits"),  # 1,354: 1 % above the most
    ("678억원", "conversion-differs"),
    ("650억원", "conversion-fits"),  # rounded to the ten, as the digits show
    ("6670억원", "conversion-off-by-ten"),
])  # fmt: skip
def test_the_range_is_sixty_days_and_a_hundredth(won: str, code: str) -> None:
    assert [one.code for one in found_in(f"사재 5천만달러({won})를 들인다.")] == [code]


def test_an_article_of_a_day_without_rates_says_from_when_to_when_there_are_some() -> None:
    (found,) = found_in(DOLLARS, "1998-11-01")
    assert found.code == "conversion-not-covered"
    assert "from 1999-01-04 to" in found.en
    assert "1999-01-04부터" in found.ko


def test_without_the_day_of_publication_nothing_is_said() -> None:
    assert found_in(DOLLARS, None) == []


def test_two_amounts_without_parentheses_are_no_conversion() -> None:
    assert found_in("5천만달러와 667억원을 따로 들인다.") == []


@pytest.mark.parametrize(("days", "amount", "unit", "both", "said"), [
    (2, 2, "day", False, True), (2, 3, "day", False, False), (2, 3, "day", True, True), (10, 2, "week", False, False),
    (365, 1, "year", False, True), (59, 2, "month", False, True), (3, 3, "hour", False, None),
])  # fmt: skip
def test_how_long_some_days_are(days: int, amount: float, unit: str, both: bool, said: bool | None) -> None:  # noqa: FBT001
    assert matches_duration(days, amount, unit, counts_both_ends=both) is said


@few
@given(claims(), st.lists(st.text(max_size=60), max_size=2))
def test_no_claim_and_no_text_is_too_odd(claim: Claim, passages: list[str]) -> None:
    for found in consistency_findings(claim, CheckContext("2031-04-02", passages)):
        assert found.code in FINDING_CODES
        assert found.en
        assert found.ko


VALUES = st.integers(2, 9_999)


@given(VALUES, VALUES, st.sampled_from(("원", "명", "t", "km")))
def test_a_change_that_was_computed_right_is_clean_and_one_that_was_not_is_found(
    first: int, second: int, unit: str
) -> None:
    change = round(abs(second - first) / first * 100)
    verb = "늘었다" if second > first else "줄었다"
    right = f"합이 {first}{unit}에서 {second}{unit}으로 {change}% {verb}."
    wrong = f"합이 {first}{unit}에서 {second}{unit}으로 {change * 3 + 200}% {verb}."
    if first == second:
        return
    assert [one.en for one in found_in(right) if one.is_blocking] == []
    assert [one.code for one in found_in(wrong) if one.is_blocking][:1] in (
        ["growth-differs"],
        ["percentage-of-wrong-base"],
    )
