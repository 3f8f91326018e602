"""Selectors: say where a passage stands in a text, and find it again.

In: the text as stored (no newline translation) and a span of code points. Out: the two selectors of the W3C Web
Annotation Data Model (Text Position, Text Quote), as text or, where rights forbid the text, as lengths and hashes;
and back from them a span. The invariant: resolving gives a span whose passage is exactly the one selected, or an
orphan, never a guess. Nothing is normalised here; the quotation identifies, the position only makes it quick.
"""

from __future__ import annotations

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
    """Whether it stands elsewhere than its position said."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """The passage was not found, or found more than once with nothing to tell its places apart."""

    places: tuple[Span, ...]
    """The equal places it might be; empty when it is nowhere."""


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
    hold = _as_text if may_hold_text else hash_passage
    return QuoteSelector(
        exact=hold(text[span.start : span.end]),
        prefix=hold(before) if before else None,
        suffix=hold(after) if after else None,
    )


def hash_passage(passage: str) -> PassageHash:
    """Return the length (code points) and the SHA-256 (of its UTF-8) of a passage."""
    return PassageHash(length=len(passage), sha256=sha256(passage.encode()).hexdigest())


def _as_text(passage: str) -> str:
    return passage


def resolve(text: str, position: Span, quote: QuoteSelector) -> Resolved | Orphan:
    """Find the passage in `text`: at its position if it still stands there, else wherever it stands now.

    Of several equal passages the one with the same context is meant; if none or more than one has it, the
    answer is an orphan that lists them.
    """
    if _stands_at(text, position.start, quote):
        return Resolved(position, is_moved=False)
    places = [start for start in _places(text, quote.exact)]
    in_context = [start for start in places if _stands_at(text, start, quote)]
    chosen = places if len(places) == 1 else in_context
    if len(chosen) == 1:
        span = Span(start=chosen[0], end=chosen[0] + _length(quote.exact))
        return Resolved(span, is_moved=span != position)
    return Orphan(tuple(Span(start=start, end=start + _length(quote.exact)) for start in places))


def _length(part: str | PassageHash) -> int:
    return part.length if isinstance(part, PassageHash) else len(part)


def _is(passage: str, part: str | PassageHash) -> bool:
    if isinstance(part, PassageHash):
        return len(passage) == part.length and hash_passage(passage) == part
    return passage == part


def _stands_at(text: str, start: int, quote: QuoteSelector) -> bool:
    """Whether the passage with its whole context stands at `start`; the ends of the text count as context."""
    end = start + _length(quote.exact)
    before = text[max(0, start - CONTEXT) : start]
    after = text[end : end + CONTEXT]
    return (
        _is(text[start:end], quote.exact)
        and (not before if quote.prefix is None else _is(before, quote.prefix))
        and (not after if quote.suffix is None else _is(after, quote.suffix))
    )


def _places(text: str, exact: str | PassageHash) -> Iterator[int]:
    length = _length(exact)
    if isinstance(exact, str):
        start = text.find(exact)
        while start >= 0:
            yield start
            start = text.find(exact, start + 1)
        return
    for start in range(len(text) - length + 1):
        if _is(text[start : start + length], exact):
            yield start
