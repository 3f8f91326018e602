"""Make selectors for a passage and find the passage again.

The selectors are those of the W3C Web Annotation Data Model: Text Position and Text Quote. Where rights forbid the
text, they contain lengths and hashes instead of words. Resolving returns a span whose text is exactly the selected
passage, or an orphan; it never guesses. The text is used as stored, without normalisation or newline translation. The
quotation identifies the passage. The position only counts in the very text it was taken from; there it distinguishes
equal passages in equal surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from claimledger.models import PassageHash, QuoteSelector, Span

CONTEXT_LENGTH = 32
"""The number of code points of context kept before and after a passage."""
MOST_PLACES = 200
"""The most places of the same words that are compared by their context."""


@dataclass(frozen=True, slots=True)
class ResolvedPassage:
    """A passage that was found."""

    span: Span
    """The span of the passage, in code points."""
    is_moved: bool
    """True if the passage is not at the given position."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """The result for a passage that was not found, or that has several possible positions."""

    places: tuple[Span, ...]
    """The spans with the same words; empty if there are none."""


def make_quote(text: str, span: Span, *, may_hold_text: bool) -> QuoteSelector:
    """Return the Text Quote Selector of `text[span.start:span.end]`.

    >>> make_quote("MS로부터 약 130억달러를", Span(start=6, end=14), may_hold_text=True).exact
    '약 130억달러'

    Raises:
        ValueError: the span reaches past the end of the text.
    """
    if span.end > len(text):
        raise ValueError(f"the span ends at {span.end}, the text at {len(text)}")
    before = text[max(0, span.start - CONTEXT_LENGTH) : span.start]
    after = text[span.end : span.end + CONTEXT_LENGTH]
    encode = str if may_hold_text else hash_passage
    return QuoteSelector(
        exact=encode(text[span.start : span.end]),
        prefix=encode(before) if before else None,
        suffix=encode(after) if after else None,
    )


def hash_quote(quote: QuoteSelector) -> QuoteSelector:
    """Return a quotation with lengths and hashes instead of words."""
    parts = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    hashed = {name: hash_passage(part) if isinstance(part, str) else part for name, part in parts.items()}
    return quote.model_copy(update=hashed)


def hash_passage(passage: str) -> PassageHash:
    """Return the length of a passage in code points and the SHA-256 of its UTF-8."""
    return PassageHash(length=len(passage), sha256=sha256(passage.encode()).hexdigest())


def resolve_selector(text: str, position: Span | None, quote: QuoteSelector) -> ResolvedPassage | Orphan:
    """Find a passage in `text`, first at its position, then by its words and their context.

    Give the position only if `text` is the edition it was taken from. After an edit, an equal passage in equal
    surroundings may have moved there. If several spans have the same words, the one whose context agrees on both sides
    is chosen, or else the one whose context agrees on one side. Then the passage and the agreeing context together must
    have at least `CONTEXT_LENGTH` code points. In all other cases the result is an orphan that lists the spans: the
    words are not enough, because a correction note repeats the sentence that it corrects. Of words that a text has
    more than `MOST_PLACES` times, only the first spans are listed, and none is chosen.
    """
    if (
        position
        and is_passage_at(text, position.start, quote.exact)
        and len(agreeing_sides(text, position.start, quote)) == _BOTH
    ):
        span = Span(start=position.start, end=position.start + quote.length)
        return ResolvedPassage(span, is_moved=span != position)
    starts = islice(_occurrences(text, quote.exact), MOST_PLACES + 1)
    places = tuple(Span(start=start, end=start + quote.length) for start in starts)
    if len(places) > MOST_PLACES:
        return Orphan(places[:MOST_PLACES])
    sides = [agreeing_sides(text, place.start, quote) for place in places]
    best = max(sides, key=len, default=())
    is_enough = len(best) == _BOTH or (sum(best) > 0 and quote.length + sum(best) >= CONTEXT_LENGTH)
    if not is_enough or sum(len(agreeing) == len(best) for agreeing in sides) != 1:
        return Orphan(places)
    span = places[sides.index(best)]
    return ResolvedPassage(span, is_moved=position is not None and span != position)


_BOTH = 2


def agreeing_sides(text: str, start: int, quote: QuoteSelector) -> tuple[int, ...]:
    """Return the length of each side of the context that agrees; an agreeing end of the text has length 0."""
    end = start + quote.length
    before, after = text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]
    sides = ((before, quote.prefix), (after, quote.suffix))
    return tuple(len(found) for found, part in sides if (not found if part is None else _matches(found, part)))


def find_spans(text: str, passage: str) -> list[Span]:
    r"""Return the spans of a passage in a text, word for word, in code points; only white space may differ.

    >>> find_spans("화물은 약\n120만t이다.", "약 120만t")
    [Span(start=4, end=11)]
    """
    words = passage.split()
    found = re.finditer(r"\s+".join(map(re.escape, words)), text) if words else ()
    return [Span(start=one.start(), end=one.end()) for one in found]


def is_passage_at(text: str, start: int, exact: str | PassageHash) -> bool:
    """Return whether a passage, given as words or as length and hash, begins at a code point of a text.

    >>> is_passage_at("약 130억달러", 2, hash_passage("130억")), is_passage_at("약 130억달러", 0, "130억")
    (True, False)
    """
    length = exact.length if isinstance(exact, PassageHash) else len(exact)
    return _matches(text[start : start + length], exact)


def _matches(passage: str, part: str | PassageHash) -> bool:
    if isinstance(part, str):
        return passage == part
    return len(passage) == part.length and sha256(passage.encode()).hexdigest() == part.sha256


def _occurrences(text: str, exact: str | PassageHash) -> Iterator[int]:
    """Yield the start of every occurrence of a passage in order, overlapping ones included."""
    if isinstance(exact, PassageHash):
        starts = range(len(text) - exact.length + 1)
        yield from (start for start in starts if is_passage_at(text, start, exact))
        return
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)
