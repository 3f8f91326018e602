"""The passage relied on, as selectors into the kept text (W3C Web Annotation: Text Position, Text Quote).

In: a document's text, and the passage as a person copied it. Out: an `Excerpt` with the words as they stand in the
text, or the problem. The invariant: the passage stands there once, word for word; only white space may differ.
"""

from __future__ import annotations

from typing import NamedTuple

from claimledger.errors import Problem, ProblemsFound
from claimledger.models import QuoteSelector, Span
from claimledger.selectors import make_quote, spans_of


class Excerpt(NamedTuple):
    """A passage of a document."""

    exact: str
    """Its words as they stand in the text."""
    position: Span
    """Where they stand, in code points of the text."""
    quote: QuoteSelector
    """What they are, with what stands around them."""


def select(text: str, passage: str) -> Excerpt:
    r"""Return where a passage stands in a text.

    >>> select("화물은 약\n120만t이다.", "약 120만t").position
    Span(start=4, end=11)

    Raises:
        ProblemsFound: it does not stand there, or more than once.
    """
    places = spans_of(text, passage)
    if len(places) != 1:
        raise ProblemsFound([_TWICE if places else _NOWHERE])
    (span,) = places
    return Excerpt(text[span.start : span.end], span, make_quote(text, span, may_hold_text=True))


_NOWHERE = Problem("excerpt-not-there", field="excerpt")
_TWICE = Problem("excerpt-twice", field="excerpt"
)  # fmt: skip
