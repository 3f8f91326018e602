"""A text cut into numbered sentences, and the blocks of an article that are sent one at a time.

The cut depends only on the text, its furniture and its language, so that a number always means the same sentence. The
end of a block depends on the paragraphs around it: after a change, only the blocks of the changed paragraphs differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from claimledger.models import Span
from claimledger.spotting import paragraph_languages
from claimledger.spotting.sentences import split_sentences

BLOCK_TOKENS = 1500
"""The greatest size of a block, in estimated tokens."""
_ONE_IN = 8
"""One in so many paragraphs ends its block, by its words, so that a change elsewhere does not move the end."""


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A text, or a block of it, whose sentences have the numbers from 1 on."""

    content: str
    """The whole text; offsets count its code points."""
    sentences: tuple[Span, ...]
    """The sentences, in order."""
    language: str
    """The language of the text (BCP 47)."""
    published_on: str = ""
    """The date of the text (EDTF); empty if it is not known."""
    headline: str = ""
    """The headline; empty if there is none."""

    def words(self, span: Span) -> str:
        """Return the words of a span."""
        return self.content[span.start : span.end]

    def words_by_number(self) -> dict[str, str]:
        """Return each sentence by its number, as the model gets them."""
        return {str(number): self.words(span) for number, span in enumerate(self.sentences, start=1)}

    @property
    def sha256(self) -> str:
        """The hash of the sentences, which identifies a block in every edition."""
        return sha256("\0".join(self.words_by_number().values()).encode()).hexdigest()


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has: .6 for each Hangul character, .3 for each other one.

    >>> estimate_tokens("수출이 늘었다"), estimate_tokens("Exports rose")
    (4, 4)
    """
    hangul = sum("가" <= letter <= "힣" for letter in text)
    return round(hangul * 0.6 + (len(text) - hangul) * 0.3)


@lru_cache(maxsize=32)
def _paragraph_sentences(content: str, furniture: tuple[Span, ...] | None) -> tuple[tuple[Span, ...], ...]:
    return tuple(
        tuple(split_sentences(content, one.span, one.code or "en")) for one in paragraph_languages(content, furniture)
    )


def number_text(
    content: str,
    language: str,
    *,
    furniture: Sequence[Span] | None = None,
    published_on: str = "",
    headline: str = "",
) -> NumberedText:
    """Return a whole text with its sentences; page furniture has no numbers, and is detected unless it is given.

    >>> number_text("값이 2배로 뛰었다. 날씨가 맑다.", "ko").words_by_number()
    {'1': '값이 2배로 뛰었다.', '2': '날씨가 맑다.'}
    """
    paragraphs = _paragraph_sentences(content, None if furniture is None else tuple(furniture))
    sentences = tuple(span for paragraph in paragraphs for span in paragraph)
    return NumberedText(content, sentences, language, published_on, headline)


def cut_blocks(text: NumberedText, furniture: Sequence[Span] | None = None) -> list[NumberedText]:
    """Return a text in blocks of whole paragraphs, each with its own numbers from 1 on."""
    return [
        NumberedText(text.content, tuple(block), text.language, text.published_on, text.headline)
        for block in _blocks(text, _paragraph_sentences(text.content, None if furniture is None else tuple(furniture)))
    ]


def _blocks(text: NumberedText, paragraphs: Sequence[Sequence[Span]]) -> Iterator[list[Span]]:
    block: list[Span] = []
    size = 0
    for paragraph in paragraphs:
        words = "".join(text.words(span) for span in paragraph)
        own = estimate_tokens(words)
        if block and size + own > BLOCK_TOKENS:
            yield block
            block, size = [], 0
        block, size = [*block, *paragraph], size + own
        if sha256(words.encode()).digest()[0] % _ONE_IN == 0:
            yield block
            block, size = [], 0
    if block:
        yield block
