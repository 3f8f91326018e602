"""Article texts as stored, and the quotations in them."""

from __future__ import annotations

import pytest

from claimledger.article import NotUtf8, quotation_spans, decode_article
from claimledger.models import Span


def passages(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def test_newlines_and_byte_order_mark_are_kept() -> None:
    text = decode_article("\ufeff하늘\r\n항구".encode(), "a.txt")
    assert text.content == "\ufeff하늘\r\n항구"
    assert text.line_number(text.content.index("항")) == 2


def test_other_encoding_is_refused_with_its_position() -> None:
    with pytest.raises(NotUtf8, match=r"a\.txt: byte 0 is not UTF-8"):
        decode_article("하늘항".encode("cp949"), "a.txt")


def test_every_position_of_a_passage_is_found() -> None:
    text = decode_article("1만 명, 다시 1만 명".encode(), "a.txt")
    assert text.find_passage("1만 명") == [Span(start=0, end=4), Span(start=9, end=13)]
    assert text.find_passage("2만 명") == []
    assert text.find_passage("") == []


def test_quotation_spans_include_their_marks() -> None:
    text = '그는 “늘었다”고, 신문은 ‘배로’라고 했다. He said "yes".'
    assert passages(text, list(quotation_spans(text))) == ["“늘었다”", "‘배로’", '"yes"']
