"""Figures of Korean and English text: their positions and their meaning.

Each row of a table in `quantities/` is a text and, for each figure in it, `printed = value unit comparator direction`;
a range is written low..high, money by its ISO 4217 code. A row without figures is a text that contains none.
"""

from __future__ import annotations

import sys
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.quantities import Figure, FigureRole, find_figures, resolve_date, to_quantity
from claimledger.quantities.numeral_words import ENGLISH_NUMBERS
from claimledger.quantities.scanner import _READERS, SCAN
from claimledger.vocabulary import Comparator, Direction

CASES = Path(__file__).parent / "quantities"
TABLES = ("money", "counts", "shares", "measures", "times", "mixed", "names", "korean_counters", "english_values")
ARTICLE_ON = date(2023, 6, 1)


def table_rows(name: str) -> list[list[str]]:
    """Return the rows of a table as their cells."""
    lines = (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" | ") for line in lines if line and not line.startswith("#")]


ROWS = [row for name in TABLES for row in table_rows(name)]


def figure_cell(figure: Figure) -> str:
    """Return a figure as the tables write it."""
    if figure.role in (FigureRole.DATE, FigureRole.TIME):
        return f"{figure.text} = {figure.role.value}"
    ends = (figure.low, figure.high) if figure.amount is None else (figure.amount,)
    value = (
        figure.role.value
        if figure.role is FigureRole.DURATION
        else "..".join(format(end, "f") for end in ends if end is not None)
    )
    words = (
        value,
        figure.currency or figure.unit if figure.role is FigureRole.QUANTITY else None,
        figure.comparator,
        figure.direction,
    )
    return f"{figure.text} = {' '.join(str(word) for word in words if word)}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_figures_are_read_as_the_table_says(row: list[str]) -> None:
    assert [figure_cell(figure) for figure in find_figures(row[0])] == row[1:]


def test_tables_have_enough_cases() -> None:
    assert len(ROWS) >= 250


@pytest.mark.parametrize(("text", "wanted"), table_rows("conversions"))
def test_figure_in_parentheses_converts_the_previous_figure(text: str, wanted: str) -> None:
    found = [(place, figure.conversion_of) for place, figure in enumerate(find_figures(text))]
    assert (" ".join(f"{place}<-{other}" for place, other in found if other is not None) or "-") == wanted


@pytest.mark.parametrize(("text", "step"), table_rows("precisions"))
def test_precision_is_the_step_of_the_last_digit(text: str, step: str) -> None:
    assert find_figures(text)[0].precision == Decimal(step)


def test_fraction_has_no_precision() -> None:
    assert find_figures("3분의 2에")[0].precision is None


@pytest.mark.parametrize(("text", "edtf", "basis"), table_rows("dates"))
def test_date_is_resolved_against_the_article_date(text: str, edtf: str, basis: str) -> None:
    resolved = resolve_date(find_figures(text)[0], ARTICLE_ON)
    assert (resolved.edtf or "-", resolved.basis.value) == (edtf, basis)


def test_quantity_is_not_resolved_as_a_date() -> None:
    with pytest.raises(ValueError, match="is a quantity, not a date"):
        resolve_date(find_figures("40명")[0], ARTICLE_ON)


def test_quantity_record_keeps_bounds_and_direction() -> None:
    record = to_quantity(find_figures("성적이 40% 정도 낮은 것으로")[0])
    assert record.to_json() == {
        "text": "40% 정도 낮은", "amount": "40", "unit": "percent", "comparator": "about", "direction": "below",
    }  # fmt: skip
    assert (record.comparator, record.direction) == (Comparator.ABOUT, Direction.BELOW)


def test_number_without_a_unit_gets_the_unit_number() -> None:
    assert to_quantity(find_figures("closed at 2,417.35.")[0]).unit == "number"


def test_date_is_not_a_quantity() -> None:
    with pytest.raises(ValueError, match="is a date, not a quantity"):
        to_quantity(find_figures("3월19일")[0])


SPACED = [
    ("1,000\u00a0명", "1,000\u00a0명"),
    ("10\u2009000개", "10\u2009000개"),
    ("１２명이", "１２명"),
    ("약\u00a0４０％ 정도", "약\u00a0４０％ 정도"),
    ("10\u201312 %", "10\u201312 %"),
    ("3\u223c4억원", "3\u223c4억원"),
    ("\u200f5명\u200f이", "5명"),
    ("\u202b40%\u202c", "40%"),
    ("￦5,000", "￦5,000"),
    ("첫 줄\r\n40명\r\n", "40명"),
    ("1\u20442 of", "1\u20442"),
    ("2\u200b0명", "2\u200b0명"),
]


@pytest.mark.parametrize(("text", "printed"), SPACED)
def test_spans_refer_to_the_stored_text(text: str, printed: str) -> None:
    (figure,) = find_figures(text)
    assert figure.text == text[figure.start : figure.end] == printed


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_decomposed_hangul_gives_the_same_figures(row: list[str]) -> None:
    text = unicodedata.normalize("NFD", row[0])
    figures = find_figures(text)
    assert [text[figure.start : figure.end] for figure in figures] == [figure.text for figure in figures]
    assert [unicodedata.normalize("NFC", figure_cell(figure)) for figure in figures] == row[1:]


def check_figures(text: str) -> list[Figure]:
    """Return the figures after asserting the rules that apply to any text."""
    figures = find_figures(text)
    floor = 0
    for place, figure in enumerate(figures):
        assert floor <= figure.start <= figure.core_start < figure.core_end <= figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert figure.conversion_of is None or figure.conversion_of < place
        if figure.role is FigureRole.QUANTITY:
            to_quantity(figure)
        if figure.role is FigureRole.DATE:
            resolve_date(figure, ARTICLE_ON)
        floor = figure.end
    return figures


PIECES = [
    *"0123456789.,-~%$()/:·'억만천십조수여한두세이명개원년월일시분전뒤A３ ",
    *(
        "달러",
        "약 ",
        "최대 ",
        "이상",
        "가까이",
        "넘는",
        "낮은",
        "\n",
        "\u00a0",
        "\u200f",
        "2023",
        "지난 ",
        "오는 ",
        "대 ",
    ),
    *("one ", "two ", "half ", "a ", "dozen ", "million ", "of ", "to ", "between ", "and ", "or ", "about ", "ago"),
    *("more than ", "May ", "April ", "분의 ", "per ", "km", "/h", "m2", "US$", "하루 ", "오전 ", "\u1112\u1161\u11ab"),
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map("".join)))
def test_any_text_gives_valid_figures(text: str) -> None:
    check_figures(text)


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_unicode_normal_forms_give_the_same_figures(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    values = [(figure.amount, figure.low, figure.unit, figure.role) for figure in check_figures(composed)]
    decomposed = check_figures(unicodedata.normalize("NFD", composed))
    assert [(figure.amount, figure.low, figure.unit, figure.role) for figure in decomposed] == values


def in_korean(number: int, *, comma: bool, space: bool) -> str:
    """Return a number as Korean newspapers print it: 1조2000억."""
    parts = []
    for scale, word in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        part, number = divmod(number, scale)
        if part:
            parts.append(f"{part:,}{word}" if comma else f"{part}{word}")
    return (" " if space else "").join(parts)


def in_sino(number: int) -> str:
    """Return a number below ten thousand in Sino-Korean words: 이천삼백."""
    words = ""
    for small, word in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit, number = divmod(number, small)
        words += ("" if digit == 1 and word else "영일이삼사오육칠팔구"[digit]) + word if digit else ""
    return words


BY_VALUE = {value: word for word, value in ENGLISH_NUMBERS.items()}


def in_english(number: int) -> str:
    """Return a number below a trillion in English words."""
    for scale, word in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = f" {in_english(number % scale)}" if number % scale else ""
            return f"{in_english(number // scale)} {word}{rest}"
    return BY_VALUE.get(number) or f"{BY_VALUE[number // 10 * 10]}-{BY_VALUE[number % 10]}"


@given(st.integers(1, 10**15), st.booleans(), st.booleans())
def test_number_in_korean_print_reads_back(number: int, comma: bool, space: bool) -> None:  # noqa: FBT001
    figures = check_figures(in_korean(number, comma=comma, space=space) + "원이 있다")
    assert [figure.amount for figure in figures] == [Decimal(number)]


@given(st.integers(11, 9999))
def test_number_in_korean_words_reads_back(number: int) -> None:
    assert [figure.amount for figure in check_figures(in_sino(number) + " 명이 있다")] == [Decimal(number)]


@given(st.integers(2, 10**12 - 1))
def test_number_in_english_words_reads_back(number: int) -> None:
    assert [figure.amount for figure in check_figures(f"they need {in_english(number)} boxes")] == [Decimal(number)]


@given(st.integers(2, 10**15))
def test_number_with_commas_reads_back(number: int) -> None:
    assert [figure.amount for figure in check_figures(f"they need {number:,} boxes")] == [Decimal(number)]


HEADS = st.decimals(Decimal("0.01"), Decimal(999), places=2)


@given(HEADS, st.sampled_from([("bn", 9), ("m", 6), (" billion", 9), (" trillion", 12)]))
def test_scaled_money_reads_back(head: Decimal, scale: tuple[str, int]) -> None:
    assert [figure.amount for figure in check_figures(f"paid ${head}{scale[0]} for it")] == [head.scaleb(scale[1])]


RUNS = (
    *(
        "1,",
        "9",
        "억",
        "십",
        "수",
        " - ",
        "1-",
        "1만",
        "1 ",
        "1~",
        "한 ",
        "두 명 ",
        "$",
        "(",
        "“",
        "'",
        ".",
        "1% ",
        "3분의 ",
        "1대 ",
    ),
    *("one ", "half a ", "오전 ", "1시간 ", "약 ", "more than ", "between 1 and ", "5 per ", "May ", "지난 ", "\u200f"),
    *(
        "1.",
        ".1",
        "1명",
        "$1 ",
        "a dozen ",
        "dozens of ",
        "만",
        "천만",
        "여",
        "1여 ",
        "A1",
        "a-1",
        "1a",
        "\u1112\u1161\u11ab ",
    ),
)


def call_count(text: str) -> int:
    """Return the number of function calls for reading the text: a measure of work that does not depend on the clock."""
    count = 0

    def count_calls(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(count_calls)
    try:
        find_figures(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_work_grows_linearly_with_the_length(run: str) -> None:
    short, long = (call_count(run * (size // len(run))) for size in (2_000, 8_000))
    assert long < 5 * short + 200


def test_scanner_has_a_reader_for_each_group() -> None:
    assert set(SCAN.groupindex) == set(_READERS)
