"""Locates an excerpt in the stored text of a document (W3C Web Annotation: Text Position, Text Quote).

The passage as a person copied it becomes an `Excerpt` with the words of the text, or a problem. The passage must appear
exactly once, word for word; only white space may differ.
"""

from __future__ import annotations

from typing import NamedTuple

from claimledger.errors import Problem, ProblemsFound
from claimledger.models import QuoteSelector, Span
from claimledger.selectors import make_quote, find_spans


class Excerpt(NamedTuple):
    """An excerpt of a document."""

    exact: str
    """The words as they appear in the text."""
    position: Span
    """The position, in code points of the text."""
    quote: QuoteSelector
    """The words with the text around them."""


def locate_excerpt(text: str, passage: str) -> Excerpt:
    r"""Return the excerpt for a passage of a text.

    >>> locate_excerpt("화물은 약\n120만t이다.", "약 120만t").position
    Span(start=4, end=11)

    Raises:
        ProblemsFound: the passage is not in the text, or appears more than once.
    """
    spans = find_spans(text, passage)
    if len(spans) != 1:
        raise ProblemsFound([_AMBIGUOUS if spans else _NOT_FOUND])
    (span,) = spans
    return Excerpt(text[span.start : span.end], span, make_quote(text, span, may_hold_text=True))


_NOT_FOUND = Problem("excerpt-not-there", field="excerpt")
_AMBIGUOUS = Problem("excerpt-twice", field="excerpt"
)  # fmt: skip
