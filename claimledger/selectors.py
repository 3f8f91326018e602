"""Selectors: say where a passage stands in a text, and find it again.

In: the text as stored (no newline translation) and a span of code points. Out: the two selectors of the W3C Web
Annotation Data Model (Text Position, Text Quote), as text or, where rights forbid the text, as lengths and hashes;
and back from them a span. The invariant: resolving gives a span whose passage is exactly the one selected, or an
orphan, never a guess. Nothing is normalised here. The quotation identifies; a position counts only in the very text it
was taken from, where it tells equal passages in equal surroundings apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from claimledger.models import PassageHash, QuoteSelector, Span

CONTEXT = 32
"""Code points of text kept before and after a passage."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The passage was found."""

    span: Span
    """Where it stands, in code points."""
    is_moved: bool
    """Whether it stands elsewhere than the position given said."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """The passage was not found, or nothing tells which of the places where its words stand is meant."""

    places: tuple[Span, ...]
    """The places where its words stand; empty when that is nowhere."""


def make_quote(text: str, span: Span, *, may_hold_text: bool) -> QuoteSelector:
    """Return the Text Quote Selector of `text[span.start:span.end]`.

    >>> make_quote("MS로부터 약 130억달러를", Span(start=6, end=14), may_hold_text=True).exact
    '약 130억달러'

    Raises:
        ValueError: the span reaches past the end of the text.
    """
    if span.end > len(text):
        raise ValueError(f"the span ends at {span.end}, the text at {len(text)}")
    before = text[max(0, span.start - CONTEXT) : span.start]
    after = text[span.end : span.end + CONTEXT]
    hold = str if may_hold_text else hash_passage
    return QuoteSelector(
        exact=hold(text[span.start : span.end]),
        prefix=hold(before) if before else None,
        suffix=hold(after) if after else None,
    )


def without_words(quote: QuoteSelector) -> QuoteSelector:
    """Return a quotation as lengths and hashes alone."""
    parts = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    hashed = {name: hash_passage(part) if isinstance(part, str) else part for name, part in parts.items()}
    return quote.model_copy(update=hashed)


def hash_passage(passage: str) -> PassageHash:
    """Return the length (code points) and the SHA-256 (of its UTF-8) of a passage."""
    return PassageHash(length=len(passage), sha256=sha256(passage.encode()).hexdigest())


def resolve(text: str, position: Span | None, quote: QuoteSelector) -> Resolved | Orphan:
    """Find the passage in `text`: where its position says, else where its words stand in the same surroundings.

    Give the position if `text` is the edition it was taken from, else none: after an edit, an equal passage in equal
    surroundings may have come to stand there. Of several places with the same words the one with both sides of the
    context is meant, else the one with one side. Unless both sides agree, what agrees, words and context, must come to
    `CONTEXT` code points. Anything else is an orphan that lists the places.
    """
    if (
        position
        and stands_at(text, position.start, quote.exact)
        and len(_agreeing(text, position.start, quote)) == _BOTH
    ):
        span = Span(start=position.start, end=position.start + quote.length)
        return Resolved(span, is_moved=span != position)
    places = tuple(Span(start=start, end=start + quote.length) for start in _places(text, quote.exact))
    sides = [_agreeing(text, place.start, quote) for place in places]
    best = max(sides, key=len, default=())
    is_enough = len(best) == _BOTH or quote.length + sum(best) >= CONTEXT
    if not is_enough or sum(len(agreeing) == len(best) for agreeing in sides) != 1:
        return Orphan(places)
    span = places[sides.index(best)]
    return Resolved(span, is_moved=position is not None and span != position)


_BOTH = 2


def _agreeing(text: str, start: int, quote: QuoteSelector) -> tuple[int, ...]:
    """Return the length of each side of the context that stands around `start`; an end of the text has length 0."""
    end = start + quote.length
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    sides = ((before, quote.prefix), (after, quote.suffix))
    return tuple(len(found) for found, part in sides if (not found if part is None else _equals(found, part)))


def spans_of(text: str, passage: str) -> list[Span]:
    r"""Return where a passage stands in a text word for word, in code points; only white space may differ.

    >>> spans_of("화물은 약\n120만t이다.", "약 120만t")
    [Span(start=4, end=11)]
    """
    words = passage.split()
    found = re.finditer(r"\s+".join(map(re.escape, words)), text) if words else ()
    return [Span(start=one.start(), end=one.end()) for one in found]


def stands_at(text: str, start: int, exact: str | PassageHash) -> bool:
    """Whether a passage, known by its words or by its length and hash, stands at a code point of a text.

    >>> stands_at("약 130억달러", 2, hash_passage("130억")), stands_at("약 130억달러", 0, "130억")
    (True, False)
    """
    length = exact.length if isinstance(exact, PassageHash) else len(exact)
    return _equals(text[start : start + length], exact)


def _equals(passage: str, part: str | PassageHash) -> bool:
    if isinstance(part, str):
        return passage == part
    return len(passage) == part.length and sha256(passage.encode()).hexdigest() == part.sha256


def _places(text: str, exact: str | PassageHash) -> Iterator[int]:
    """Yield where a passage's words stand, in order, overlapping places too."""
    if isinstance(exact, PassageHash):
        starts = range(len(text) - exact.length + 1)
        yield from (start for start in starts if stands_at(text, start, exact))
        return
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)
