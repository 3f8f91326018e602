"""An article's text: its code points, and the figures and quotations that stand in them.

In: the bytes of a text file. Out: the text as stored (UTF-8, no newline translation) and passages with offsets in code
points. The invariant: every offset points into the text exactly as it was given. It knows nothing of claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from claimledger.errors import LedgerError
from claimledger.models import Span


@dataclass(frozen=True, slots=True)
class Text:
    """A text as stored."""

    content: str
    """The text; offsets count its code points."""
    sha256: str
    """SHA-256 of its bytes."""

    def line_of(self, position: int) -> int:
        """Return the 1-based line that a code point stands on."""
        return self.content.count("\n", 0, position) + 1

    def places_of(self, passage: str) -> list[Span]:
        """Return where a passage stands, in order; every place, overlapping ones too."""
        found = []
        start = self.content.find(passage) if passage else -1
        while start >= 0:
            found.append(Span(start=start, end=start + len(passage)))
            start = self.content.find(passage, start + 1)
        return found


class NotUtf8(LedgerError):
    """The text is in another encoding."""

    def __init__(self, name: str, at: int) -> None:
        """Name the file and the offset in bytes of the first one that is not UTF-8."""
        super().__init__(f"{name}: byte {at} is not UTF-8. Give the text as it was stored in the ledger, in UTF-8.")


def read_text(content: bytes, name: str) -> Text:
    """Return a text from its bytes.

    Raises:
        NotUtf8: the bytes are not UTF-8.
    """
    try:
        return Text(content.decode("utf-8"), sha256(content).hexdigest())
    except UnicodeDecodeError as error:
        raise NotUtf8(name, error.start) from error


_QUOTATION = re.compile(r"“[^”]{1,2000}”|‘[^’]{1,2000}’|「[^」]{1,2000}」|『[^』]{1,2000}』|\"[^\"\n]{1,2000}\"")
_FIGURE = re.compile(
    r"(?<![A-Za-z0-9.-])(?:\d+(?:,\d{3})*(?:\.\d+)?|수(?=[십백천만억조]))[십백천만억조\d]*"
    r"(?:\s?(?:%포인트|%|퍼센트|달러|위안|원|엔|유로|명|개|배|분의\s?\d+|건|곳|대|종|번|살|세|억|조|만))?"
)
_NOT_A_FIGURE = re.compile(r"\s?(?:년|월|일|주|시|분(?!의)|회|차|세대)|\.\d|[A-Za-z0-9]")


def quotations(text: str) -> Iterator[Span]:
    """Yield the passages in quotation marks, marks included.

    >>> [(span.start, span.end) for span in quotations("그는 “그렇다”고 말했다.")]
    [(3, 8)]
    """
    for found in _QUOTATION.finditer(text):
        yield Span(start=found.start(), end=found.end())


def figures(text: str) -> Iterator[Span]:
    """Yield the numbers with their units; not dates, and not digits inside names such as A100.

    >>> text = "A100 4만 개를 2023년에 20억위안(3834억원)에 샀다"
    >>> [text[span.start:span.end] for span in figures(text)]
    ['4만 개', '20억위안', '3834억원']
    """
    for found in _FIGURE.finditer(text):
        if not _NOT_A_FIGURE.match(text, found.end()):
            yield Span(start=found.start(), end=found.end())


def outside(text: str, spans: Iterable[Span], covers: Iterable[Span]) -> list[Span]:
    """Return the spans that `covers` together do not cover; only letters and digits need to be.

    >>> text = "“적자다. 곧 준다.”"
    >>> outside(text, quotations(text), [Span(start=1, end=4), Span(start=6, end=10)])
    []
    """
    covered = bytearray(len(text))
    for cover in covers:
        covered[cover.start : cover.end] = b"\x01" * (cover.end - cover.start)
    return [span for span in spans if any(text[at].isalnum() and not covered[at] for at in range(span.start, span.end))]
