"""Files with markup are read as pages or refused, and no text makes the spotter fail or give a wrong offset."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.spotting import Candidate, spot_files, spot_text
from claimledger.spotting.markup import find_markup

PAGE = (
    "<!doctype html><html><head><title>Pier 300</title><style>p { width: 400px }</style></head><body>"
    "<nav><a href='/5'>Home 5</a></nav><article><h1>Pier to reopen</h1>"
    "<p>The pier will reopen in May after 12 years, the harbor office said on Monday in a long note to residents.</p>"
    "<p>Hana Seo, the chief engineer of the harbor office, said the work had cost 40 million dollars in all.</p>"
    "</article></body></html>"
)
MARKED_UP: list[tuple[str, str]] = [
    ("<p>Rents rose 3%.</p>\n<p>Wages fell 4%.</p>", "html"),
    ("<div><span>Rents rose 3%.</span><br></div>", "html"),
    ("Rents rose <strong>3%</strong> and wages <em>fell</em> 4%.", "html"),
    ("<ul><li>3 boats</li><li>4 cars</li></ul>", "html"),
    ("머리말\n<p>임대료가 3% 올랐다.</p>\n<p>임금은 4% 내렸다.</p>", "html"),
    ('{"title": "Rents rise 3%", "body": "…"}', "json"),
    ('[{"text": "임대료가 3% 올랐다."}]', "json"),
    ('{"text": "Rents rose 3%."}\n{"text": "Wages fell 4%."}', "json"),
    ('{\n  "rents": 3\n}', "json"),
    ("[\n  300,\n  400\n]", "json"),
    ('<?xml version="1.0"?><rss><item>3</item></rss>', "xml"),
    ('<rss version="2.0"><channel>3</channel></rss>', "xml"),
    ("<feed><entry>3</entry></feed>", "xml"),
    ("  <?xml version='1.0'?>\n<news>3</news>", "xml"),
    ("<atom:feed><entry>3</entry></atom:feed>", "xml"),
    ("# Rents\n\nRents rose **3%** ([data](https://a.example/400)).", "markdown"),
    ("## 임대료\n\n## 임금\n\n[자료](https://a.example/3)", "markdown"),
    ("```\nrents = 3\n```\n\n# Wages", "markdown"),
    ("|a|b|\n|---|---|\n\n# Rents\n\n**3%**", "markdown"),
    ("![pier](/pier-300.jpg) [a](/1) [b](/2)", "markdown"),
]
"""Texts that obviously contain markup or data, with the kind."""

PROSE = [
    "Rents rose 3% (wages < prices), the office said.",
    "The tag <b> makes words bold, and <i> makes them slanted.",
    "[속보] 임대료 3% 상승",
    "{3} is a set, said Prof. Ines Varga.",
    "# 1 in the charts for 12 weeks, the band sold 300,000 albums.",
    "The note had one **marked** word.",
    "[12]",
]
"""Prose with single signs of markup."""


@pytest.mark.parametrize(("text", "kind"), MARKED_UP)
def test_markup_is_detected(text: str, kind: str) -> None:
    assert find_markup(text) == kind


@pytest.mark.parametrize("text", PROSE)
def test_prose_with_single_signs_is_no_markup(text: str) -> None:
    assert find_markup(text) is None


def test_text_with_markup_is_refused_with_advice(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("<p>Rents rose 3%.</p>\n<p>Wages fell 4%.</p>", encoding="utf-8")
    (spotted,) = spot_files([file])
    assert spotted.candidates == ()
    assert spotted.problem is not None
    assert spotted.problem.code == "text-markup"
    assert ".html" in spotted.problem.line_text("ko")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["page.html", "PAGE.HTM", "saved.txt", "page"])
def test_web_page_is_read_without_its_markup(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(PAGE, encoding="utf-8")
    (spotted,) = spot_files([file])
    assert spotted.problem is None
    assert spotted.is_extracted
    figures = [figure.text for found in spotted.candidates for figure in found.figures]
    assert figures == ["12 years", "40 million dollars"]
    assert not any("<" in found.quote for found in spotted.candidates)


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"<html></html>", b"<!doctype html><p>3", b"\x00\x01<html>", b"PK\x03\x04broken"])
def test_page_without_article_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(content)
    (spotted,) = spot_files([file])
    assert spotted.problem is not None


def assert_offsets_are_right(text: str) -> None:
    """Check that every quote, figure and speaker is the passage at its offsets."""
    for found in spot_text(text):
        assert text[found.start : found.end] == found.quote
        assert all(found.start <= one.start < one.end <= found.end for one in found.figures)
        assert_speaker_is_inside(text, found)


def assert_speaker_is_inside(text: str, found: Candidate) -> None:
    if found.speaker:
        span = found.speaker.span
        assert 0 <= span.start < span.end <= len(text)


_MARKS = "“ ” ' ‘ ’ . , : # ** 1. <p> </p> &amp; [a](b) ½ ٣٤"
_SAID = "said Cho Ms. according to It 3% 40조 말했다 고 다 은 대표"
_INVISIBLE = ("\n", "\r", "\u2028", "\x00", "\u200b", "\u202e", "\ufeff", "e\u0301", "\U0001f600", "\u1112\u1161\u11ab")
WORDS = st.sampled_from([
    *(f"{_MARKS} {_SAID}".split(" ")), *_INVISIBLE, "the company", "에 따르면", "Most read", "많이 본 뉴스", '"',
])  # fmt: skip


@given(st.lists(WORDS, max_size=40), st.sampled_from(["", " "]))
def test_any_mixture_of_words_and_marks_has_right_offsets(words: list[str], between: str) -> None:
    assert_offsets_are_right(between.join(words))


@given(st.text(max_size=120))
def test_any_unicode_text_has_right_offsets(text: str) -> None:
    assert_offsets_are_right(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["Cho said 3% fell. ", "“", "3 ", "가나다 3% ", "<p>3%</p>", "according to ", "a, ", "It said "]
)
@pytest.mark.parametrize("length", [100_000, pytest.param(1_000_000, marks=pytest.mark.soak)])
def test_long_line_is_read(unit: str, length: int) -> None:
    assert_offsets_are_right((unit * (length // len(unit) + 1))[:length])
