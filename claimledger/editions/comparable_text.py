"""A text in the form in which two editions are compared, with the way back to the stored text.

The form keeps every letter, digit and mark. It joins white space of any kind to one space, composes letters (NFC),
writes typographic quotation marks as straight ones, and drops invisible characters. Two texts with the same form
have the same words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from claimledger.models import Span

_UNSEEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = str.maketrans({**dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„‟″", '"')})
_SPACE = rf"(?! [^\s{_UNSEEN}])[\s{_UNSEEN}]*\s[\s{_UNSEEN}]*"
"""White space other than one plain space."""
_MARK = "\u0300-\u036f\u3099\u309a\u1160-\u11ff"
_DECOMPOSED = rf"[^{_MARK}{_UNSEEN}\s](?:[{_UNSEEN}]*[{_MARK}])+"
"""A letter with the marks or Hangul letters that belong to it."""
_COMPATIBLE = "[\u2126\u212a\u212b\uf900-\ufaff]"
"""Single characters that have another canonical form."""
_UNUSUAL = re.compile(rf"(?P<space>{_SPACE})|[{_UNSEEN}]+|[‘’‚‛′“”„‟″]|{_DECOMPOSED}|{_COMPATIBLE}")


def comparable_form(text: str) -> str:
    r"""Return a text in its comparable form, without white space around it.

    >>> comparable_form("그는 “간다”고\r\n 했다. ")
    '그는 "간다"고 했다.'
    """
    return ComparableText(text).text.strip()


class ComparableText:
    r"""A text in its comparable form that knows the stored position of each character.

    >>> folded = ComparableText("값은\r\n\r\n2배다")
    >>> folded.text, folded.stored_span(Span(start=2, end=4))
    ('값은 2배다', Span(start=2, end=7))
    """

    def __init__(self, source: str) -> None:
        """Fold a stored text."""
        parts: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for part, start, end in _folded_parts(source):
            parts.append(part)
            is_plain = len(part) == end - start
            self._starts += range(start, end) if is_plain else [start] * len(part)
            self._ends += range(start + 1, end + 1) if is_plain else [end] * len(part)
        self.text = "".join(parts)

    def stored_span(self, span: Span) -> Span:
        """Return the span in the stored text for a span of the comparable form."""
        return Span(start=self._starts[span.start], end=self._ends[span.end - 1])

    def folded_span(self, span: Span) -> Span | None:
        """Return the span of the comparable form for a span of the stored text; None if nothing visible is in it."""
        start, end = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return Span(start=start, end=end) if start < end else None


def _folded_parts(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield the parts of a text in comparable form, each with its start and end in the stored text."""
    position = 0
    for found in _UNUSUAL.finditer(source):
        if position < found.start():
            yield source[position : found.start()], position, found.start()
        yield _fold_part(found), found.start(), found.end()
        position = found.end()
    if position < len(source):
        yield source[position:], position, len(source)


def _fold_part(found: re.Match[str]) -> str:
    if found["space"]:
        return " "
    visible = re.sub(f"[{_UNSEEN}]", "", found[0])
    return unicodedata.normalize("NFC", visible).translate(_MARKS)
