"""Readers of figures, names, dates and searches pass over no letter of an odd case or form with an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.agreement.figure_meaning import read_figures, read_worded_numbers
from claimledger.agreement.time_points import read_time_points
from claimledger.earlier_claims.profile import profile_of_text
from claimledger.publishing.search_query import QueryNotSearchable, match_expression
from claimledger.quantities import FigureRole, find_figures, resolve_date
from claimledger.spotting.candidates import spot_text

DAY = date(2031, 5, 2)
WORDS = (
    "six", "Six", "twenty-six", "sixty-six thousand", "half a million", "tens of millions", "several dozen", "a third",
    "five-sixths", "six in ten", "six times", "one in six", "two and a half miles", "six years and six months", "risk",
    "May 6", "Sept. 16, 2031", "first", "sixth", "sixfold", "six-figure", "0.6 km", "£6bn", "6 per cent",
    "$1.6 million",
    "minus six", "six o'clock", "Kim Sison said", "it rose", "“six”", "six of the seven",
    "육십억 원", "6천 킬로미터", "이틀",
)  # fmt: skip
ODD_FORMS = {
    "s": "ſＳsS", "k": "\u212aｋK", "i": "ıİiI", "m": "㎜ｍM", "0": "٠〇０", "1": "①¹１一", "6": "⅙６٦Ⅵ", "f": "ﬀﬁF",
    "t": "ﬅT", "e": "e\u0301E", "a": "ａÅA", "n": "ŉN", "-": "‐–—", " ": "\u00a0 \u200b", "$": "＄", "£": "￡",
}  # fmt: skip
"""Other forms of letters; some of them match a pattern without regard to case, and some change their length."""


@st.composite
def odd_texts(draw: st.DrawFn) -> str:
    """Return words in which some letters have another form."""
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)))
    chosen = draw(st.sets(st.integers(0, len(text) - 1), max_size=6))
    return "".join(
        draw(st.sampled_from(ODD_FORMS.get(letter.lower(), letter))) if at in chosen else letter
        for at, letter in enumerate(text)
    )


def search(text: str) -> Iterable[object]:
    """Return the expression for a search; a text without letters is refused."""
    try:
        return match_expression(text)
    except QueryNotSearchable:
        return ()


READERS: dict[str, Callable[[str], object]] = {
    "figures": lambda text: find_figures(text, with_names=True),
    "dates": lambda text: [resolve_date(one, DAY) for one in find_figures(text) if one.role is FigureRole.DATE],
    "normalized figures": read_figures,
    "worded numbers": read_worded_numbers,
    "times": lambda text: read_time_points(text, DAY),
    "profile": profile_of_text,
    "candidates": spot_text,
    "search": search,
}


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@given(text=odd_texts())
def test_reader_survives_odd_letters(reader: str, text: str) -> None:
    READERS[reader](text)


@pytest.mark.parametrize(("printed", "value"), [("ſix and a half", "6.5"), ("sİx in ten", "60"), ("a thırd", "33")])
def test_worded_number_with_odd_letters_is_read(printed: str, value: str) -> None:
    assert [str(one.low).startswith(value) for one in read_worded_numbers(printed)] == [True]


def test_figure_with_odd_letters_keeps_its_printed_text() -> None:
    assert [(one.text, str(one.amount)) for one in find_figures("half a mıllİon won")] == [
        ("half a mıllİon won", "500000")
    ]
