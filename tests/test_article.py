"""Text as stored, its figures and quotations."""

from __future__ import annotations

import pytest

from claimledger.article import NotUtf8, outside, quotations, read_text
from claimledger.models import Span


def passages(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def test_newlines_and_marks_are_kept_as_stored() -> None:
    text = read_text("\ufeff하늘\r\n항구".encode(), "a.txt")
    assert text.content == "\ufeff하늘\r\n항구"
    assert text.line_of(text.content.index("항")) == 2


def test_another_encoding_is_refused_with_the_place() -> None:
    with pytest.raises(NotUtf8, match=r"a\.txt: byte 0 is not UTF-8"):
        read_text("하늘항".encode("cp949"), "a.txt")


def test_every_place_of_a_passage_is_found() -> None:
    text = read_text("1만 명, 다시 1만 명".encode(), "a.txt")
    assert text.places_of("1만 명") == [Span(start=0, end=4), Span(start=9, end=13)]
    assert text.places_of("2만 명") == []
    assert text.places_of("") == []


def test_quotations_have_their_marks() -> None:
    text = '그는 “늘었다”고, 신문은 ‘배로’라고 했다. He said "yes".'
    assert passages(text, list(quotations(text))) == ["“늘었다”", "‘배로’", '"yes"']


def test_a_quotation_is_covered_by_several_claims_together() -> None:
    text = "“늘었다. 또 는다.”"
    spans = list(quotations(text))
    assert outside(text, spans, [Span(start=1, end=4)]) == spans
    assert outside(text, spans, [Span(start=1, end=4), Span(start=6, end=10)]) == []
