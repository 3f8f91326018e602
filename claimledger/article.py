"""Decode the text of an article and find its quotations.

The text is stored as given: UTF-8, without newline translation. Every offset counts code points of exactly this text.
This module knows nothing of claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from claimledger.errors import LedgerError
from claimledger.models import Span


@dataclass(frozen=True, slots=True)
class StoredText:
    """An article's text as stored."""

    content: str
    """The text; offsets count its code points."""
    sha256: str
    """The SHA-256 of its bytes, in hexadecimal."""

    def line_number(self, position: int) -> int:
        """Return the line number of a code point, counted from 1."""
        return self.content.count("\n", 0, position) + 1

    def find_passage(self, passage: str) -> list[Span]:
        """Return every occurrence of a passage in order, overlapping ones included."""
        found = []
        start = self.content.find(passage) if passage else -1
        while start >= 0:
            found.append(Span(start=start, end=start + len(passage)))
            start = self.content.find(passage, start + 1)
        return found


class NotUtf8(LedgerError):
    """Raised when a text is not encoded in UTF-8."""

    def __init__(self, name: str, at: int) -> None:
        """Name the file and the byte offset of the first byte that is not UTF-8."""
        super().__init__(name=name, at=at)


def decode_article(content: bytes, name: str) -> StoredText:
    """Return a text from its bytes.

    Raises:
        NotUtf8: the bytes are not UTF-8.
    """
    try:
        return StoredText(content.decode("utf-8"), sha256(content).hexdigest())
    except UnicodeDecodeError as error:
        raise NotUtf8(name, error.start) from error


_QUOTATION = re.compile(r"“[^”]{1,2000}”|‘[^’]{1,2000}’|「[^」]{1,2000}」|『[^』]{1,2000}』|\"[^\"\n]{1,2000}\"")


def quotation_spans(text: str) -> Iterator[Span]:
    """Yield the spans in quotation marks, marks included.

    >>> [(span.start, span.end) for span in quotation_spans("그는 “그렇다”고 말했다.")]
    [(3, 8)]
    """
    for found in _QUOTATION.finditer(text):
        yield Span(start=found.start(), end=found.end())


_BORDER = re.compile(r"(?=\s)|(?<=[\s。，、！？])")
"""The border between two words; Chinese and Japanese put no space there."""
ELLIPSIS = "…"
"""The mark for omitted text."""


def words_before(text: str, most: int) -> str:
    """Return the end of a text, at most `most` code points of it, cut between words; an ellipsis marks a cut.

    >>> words_before("지난해 12.5% 줄었다. 올해는", 13), words_before("올해는", 13)
    ('… 줄었다. 올해는', '올해는')
    """
    if len(text) <= most:
        return text
    border = _BORDER.search(text, len(text) - most)
    return f"{ELLIPSIS} {text[border.start() :].lstrip() if border else ''}"


def words_after(text: str, most: int) -> str:
    """Return the beginning of a text, at most `most` code points of it, cut between words; an ellipsis marks a cut.

    >>> words_after("을 넣었다. 환율은 1,334원이다.", 14), words_after("을 넣었다.", 14)
    ('을 넣었다. 환율은 …', '을 넣었다.')
    """
    if len(text) <= most:
        return text
    borders = [found.start() for found in _BORDER.finditer(text) if found.start() <= most]
    return f"{text[: borders[-1] if borders else 0].rstrip()} {ELLIPSIS}"
