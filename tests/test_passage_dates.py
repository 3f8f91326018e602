"""Dates of a passage, with the values that the text and the day of the article determine."""

from __future__ import annotations

import pytest

from claimledger.editorial.passage_dates import DateBasis, only_date, passage_dates
from claimledger.models import Span

WEDNESDAY = "2023-06-14"


def dates(text: str, passage: str = "", published_on: str = WEDNESDAY) -> list[tuple[str, str | None]]:
    start = text.index(passage)
    found = passage_dates(text, Span(start=start, end=start + len(passage or text)), published_on)
    return [(one.text, one.edtf) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("매출은 지난 12일 3% 늘었다", [("지난 12일", "2023-06-12")]),
        ("오는 20일 3곳을 연다", [("오는 20일", "2023-06-20")]),
        ("지난 금요일 3% 떨어졌다", [("지난 금요일", "2023-06-09")]),
        ("It fell last Friday by 3%.", [("Friday", "2023-06-09")]),
        ("It fell last Wednesday by 3%.", []),
        ("수요일 3% 올랐다", []),
        ("매출은 전년 동기보다 10% 늘었다", [("전년 동기", None)]),
        (
            "올해 1분기 매출은 지난해 같은 기간보다 3% 늘었다",
            [("올해 1분기", "2023-01/2023-03"), ("지난해 같은 기간", "2022-01/2022-03")],
        ),
        ("결혼 40주년을 맞았다", []),
    ],
)
def test_relative_date_counts_from_the_article_or_the_period(text: str, found: list[tuple[str, str | None]]) -> None:
    assert dates(text) == found


def test_this_day_is_the_last_day_named_before() -> None:
    assert dates("공사는 5월 2일 문을 열었다. 이날 짐은 10% 늘었다.", "이날") == [("이날", "2023-05-02")]
    assert dates("이날 짐은 10% 늘었다.") == [("이날", None)]
    assert dates("공사는 오는 20일 문을 연다. 이날 짐은 10% 늘었다.", "이날") == [("이날", None)]


def test_article_without_a_day_gives_only_printed_dates() -> None:
    assert dates("지난 12일 3%, 2022년 4월 2% 늘었다", published_on="2023-06") == [("2022년 4월", "2022-04")]


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("2022년 4월 3% 늘었다", "2022-04"),
        ("2021년과 2022년에 3% 늘었다", ""),
        ("이날 3% 늘었다", ""),
        ("3% 늘었다", ""),
    ],
)
def test_period_is_offered_only_if_it_is_the_only_date(text: str, only: str) -> None:
    found = passage_dates(text, Span(start=0, end=len(text)), WEDNESDAY)
    assert only_date(found) == only
    assert all(one.basis is not DateBasis.PRINTED or one.edtf for one in found)
