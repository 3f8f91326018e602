"""Exchange rates, the conversions checked against them, and properties of any claim's findings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import claims, few
from test_consistency import make_claim

from claimledger.consistency import CheckContext, FINDING_CODES, Finding, conversions, consistency_findings
from claimledger.consistency.date_ranges import day_range, matches_duration
from claimledger.consistency.exchange_rates import rate_period, rate_table_hash, has_no_rates, rates
from claimledger.models import Claim

ISSUE_DAY = "2023-06-01"
DOLLARS = "사재 5천만달러(약 667억원)를 들인다."
YUAN = "장비값은 20억위안(3834억원)이다."


def statement_findings(statement: str, published_on: str | None = ISSUE_DAY, about_on: str = "1990") -> list[Finding]:
    return consistency_findings(make_claim({"about_on": about_on}, statement, "ko"), CheckContext(published_on))


def test_rate_is_computed_from_the_banks_euro_rates_of_that_day() -> None:
    found = rates("USD", "KRW", day_range("2023-05-12/2023-05-15"))
    assert [(rate.day, round(rate.value, 1)) for rate in found] == [
        (date(2023, 5, 12), Decimal("1335.9")), (date(2023, 5, 15), Decimal("1336.7")),
    ]  # fmt: skip
    (euro,), (back,) = (rates(*pair, day_range("2023-05-12")) for pair in (("EUR", "KRW"), ("KRW", "EUR")))
    assert round(euro.value * back.value, 12) == 1


def test_currency_has_rates_only_within_its_period() -> None:
    assert has_no_rates("TWD")
    assert rates("TWD", "KRW", day_range("2023-05")) == []
    assert rate_period("RUB").last == date(2022, 3, 1)
    assert rates("RUB", "KRW", day_range("2022-03-02/2022-04-01")) == []
    assert len(rates("RUB", "KRW", day_range("2022-03-01/2022-04-01"))) == 1
    assert rate_period("CNY").first == date(2005, 4, 1)
    assert rates("CNY", "KRW", day_range("2005-03")) == []


def test_rate_table_hash_has_sixteen_hexadecimal_digits() -> None:
    assert len(rate_table_hash()) == 16
    assert int(rate_table_hash(), 16)


@pytest.mark.parametrize(("statement", "rate"), [(DOLLARS, "'1,334' KRW a USD"), (YUAN, "'191.7' KRW a CNY")])
def test_conversion_shows_the_implied_rate_and_the_nearest_day(statement: str, rate: str) -> None:
    (found,) = statement_findings(statement)
    assert found.code == "conversion-fits"
    assert rate in found.en
    assert "From 2023-04-02 to 2023-06-01" in found.en
    assert ("1,334 KRW" if "USD" in rate else "191.7 KRW") in found.ko


def test_conversions_of_one_article_share_a_rate_day() -> None:
    first, second = (
        make_claim({}, text, "ko", claim_id=f"made-up-{'ab'[n] * 4}") for n, text in enumerate((DOLLARS, YUAN))
    )
    found = list(conversions.common_rate_day_findings([first, second], day_range(ISSUE_DAY)))
    assert {one.code for one in found} == {"conversions-of-one-day"}
    assert all("'2023-05-12'" in one.en and "(-0.14%)" in one.en and "(-0.24%)" in one.en for one in found)
    assert [one.other_claim_id for one in found] == ["made-up-bbbb", "made-up-aaaa"]


def test_single_conversion_has_no_common_rate_day() -> None:
    claim = make_claim({}, DOLLARS, "ko")
    assert list(conversions.common_rate_day_findings([claim], day_range(ISSUE_DAY))) == []
    assert list(conversions.common_rate_day_findings([claim, make_claim({}, YUAN, "ko")], None)) == []


@pytest.mark.parametrize(("won", "code"), [
    ("644억원", "conversion-fits"),  # 1,288: 1 % below the least of the sixty days
    ("643억원", "conversion-differs"),
    ("677억원", "conversion-fits"),  # 1,354: 1 % above the most
    ("678억원", "conversion-differs"),
    ("650억원", "conversion-fits"),  # rounded to the ten, as the digits show
    ("6670억원", "conversion-off-by-ten"),
])  # fmt: skip
def test_conversion_may_differ_by_one_percent_within_sixty_days(won: str, code: str) -> None:
    assert [one.code for one in statement_findings(f"사재 5천만달러({won})를 들인다.")] == [code]


def test_article_outside_the_rate_period_names_the_period() -> None:
    (found,) = statement_findings(DOLLARS, "1998-11-01")
    assert found.code == "conversion-not-covered"
    assert "from 1999-01-04 to" in found.en
    assert "1999-01-04부터" in found.ko


def test_unknown_publication_date_gives_no_conversion_finding() -> None:
    assert statement_findings(DOLLARS, None) == []


def test_two_amounts_without_parentheses_are_not_a_conversion() -> None:
    assert statement_findings("5천만달러와 667억원을 따로 들인다.") == []


@pytest.mark.parametrize(("days", "amount", "unit", "both", "said"), [
    (2, 2, "day", False, True), (2, 3, "day", False, False), (2, 3, "day", True, True), (10, 2, "week", False, False),
    (365, 1, "year", False, True), (59, 2, "month", False, True), (3, 3, "hour", False, None),
])  # fmt: skip
def test_duration_matches_a_number_of_days(days: int, amount: float, unit: str, both: bool, said: bool | None) -> None:  # noqa: FBT001
    assert matches_duration(days, amount, unit, counts_both_ends=both) is said


@pytest.mark.slow
@few
@given(claims(), st.lists(st.text(max_size=60), max_size=2))
def test_findings_are_well_formed_for_any_claim_and_text(claim: Claim, passages: list[str]) -> None:
    for found in consistency_findings(claim, CheckContext("2031-04-02", passages)):
        assert found.code in FINDING_CODES
        assert found.en
        assert found.ko


VALUES = st.integers(2, 9_999)


@given(VALUES, VALUES, st.sampled_from(("원", "명", "t", "km")))
def test_only_a_wrong_percentage_change_is_a_finding(first: int, second: int, unit: str) -> None:
    change = round(abs(second - first) / first * 100)
    verb = "늘었다" if second > first else "줄었다"
    right = f"합이 {first}{unit}에서 {second}{unit}으로 {change}% {verb}."
    wrong = f"합이 {first}{unit}에서 {second}{unit}으로 {change * 3 + 200}% {verb}."
    if first == second:
        return
    assert [one.en for one in statement_findings(right) if one.is_blocking] == []
    assert [one.code for one in statement_findings(wrong) if one.is_blocking][:1] in (
        ["growth-differs"],
        ["percentage-of-wrong-base"],
    )
