"""Names what speaks against a place for a passage in a new text, although the words are the same.

A correction note quotes the sentence that it corrects, and a rumour is repeated to deny it. The words around a place
decide, compared with those around the passage in the old text; words that were there before are not a reason. Without
the old text, such words are always a reason. The lists are in reversals.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from claimledger.desk_vocabulary import PlaceDoubt
from claimledger.models import Span

_TABLES: Mapping[str, Any] = tomllib.loads((files(__package__) / "reversals.toml").read_text(encoding="utf-8"))
_LINES_BEFORE, _LINES_AFTER = 3, 1
"""The lines around a paragraph that a correction note may be spread over."""
_FARTHEST = 4_000
"""The code points before and after a passage in which a word of correction or denial counts."""


def _words_pattern(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Return a pattern for the words of a table in a text in lower case; English words match as a whole.

    No alternative begins with a border and none ignores case, so that most are ruled out by their first letter.
    """
    whole = "|".join(word for word in table["en"] if not word.startswith("n["))
    endings = "".join(rf"|{word}\b" for word in table["en"] if word.startswith("n["))
    return re.compile(rf"\b(?:{whole})\b{endings}|{'|'.join(table['ko'])}")


_CORRECTION, _DENIAL = _words_pattern(_TABLES["correction"]), _words_pattern(_TABLES["denial"])
_PAIRS = [(marks[0], marks[1]) for marks in _TABLES["quotation"]["marks"]]
_STRAIGHT: Sequence[str] = _TABLES["quotation"]["straight"]
_SENTENCE_END = re.compile(r"[.?!。…:;][”’»」』\"')\]]*\s*$|^\s*$|\n[\s\-*•·–—\[(“‘\"'「『<〈《>]*$|[“‘「『«]\s*$")
"""The end of the text before a passage that begins a sentence."""
_SENTENCE_STOP = re.compile(r"[”’»」』\"')\]]*\s*(?:[.?!。…]|\n|$)")
"""The beginning of the text after a passage that ends a sentence, without its full stop."""
_FINAL = re.compile(r"[.?!。…][”’»」』\"')\]]*$")


class PlacedPassage(NamedTuple):
    """A passage at a place of a text."""

    text: str
    """The text."""
    span: Span
    """The place of the passage."""


class PlaceReason(NamedTuple):
    """A reason not to move a claim to a place without asking."""

    doubt: PlaceDoubt
    """The kind of reason."""
    words: str = ""
    """The words beside the place that are the reason, if there are any."""


def find_place_reason(new: PlacedPassage, old: PlacedPassage | None, agreeing_sides: int) -> PlaceReason | None:
    """Return the first reason against a place, or None.

    If the context agrees on both sides, only words of the passage's own paragraph count.
    """
    if not agreeing_sides:
        return _added_words(new, old, 0) or PlaceReason(PlaceDoubt.CONTEXT)
    if is_quoted(new) != (old is not None and is_quoted(old)):
        return PlaceReason(PlaceDoubt.QUOTATION)
    if reason := _added_words(new, old, agreeing_sides):
        return reason
    if old and _sentence_borders(new) != _sentence_borders(old):
        return PlaceReason(PlaceDoubt.EMBEDDED)
    return None


def _added_words(new: PlacedPassage, old: PlacedPassage | None, agreeing_sides: int) -> PlaceReason | None:
    """Return the first word of correction or denial that is only beside the new place."""
    is_sure = agreeing_sides > 1
    for pattern, surroundings in (
        (_CORRECTION, _paragraph_around if is_sure else _lines_around),
        (_DENIAL, _sentence_around),
    ):
        if words := _first_added(pattern, surroundings, new, old):
            return PlaceReason(PlaceDoubt.CORRECTION, words)
    return None


def _first_added(
    pattern: re.Pattern[str],
    surroundings: Callable[[PlacedPassage], tuple[str, str]],
    new: PlacedPassage,
    old: PlacedPassage | None,
) -> str:
    added = list(_find_all(pattern, surroundings(_near(new))))
    if added and old:
        known = {words.casefold() for words in _find_all(pattern, surroundings(_near(old)))}
        added = [words for words in added if words.casefold() not in known]
    return added[0] if added else ""


def _near(at: PlacedPassage) -> PlacedPassage:
    """Return a passage with the nearest part of its text: a paragraph without an end is not searched as a whole."""
    first = max(0, at.span.start - _FARTHEST)
    span = Span(start=at.span.start - first, end=at.span.end - first)
    return PlacedPassage(at.text[first : at.span.end + _FARTHEST], span)


def _find_all(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        lowered = text.lower()
        printed = text if len(lowered) == len(text) else lowered
        yield from (printed[slice(*found.span())] for found in pattern.finditer(lowered))


# Surroundings: the text before and after a passage


def _paragraph_around(at: PlacedPassage) -> tuple[str, str]:
    return _cut_lines(at, 0, 0)


def _lines_around(at: PlacedPassage) -> tuple[str, str]:
    return _cut_lines(at, _LINES_BEFORE, _LINES_AFTER)


def _cut_lines(at: PlacedPassage, before: int, after: int) -> tuple[str, str]:
    """Return the rest of the passage's paragraph on both sides, with some lines that are not blank around it."""
    ahead = [line for line in at.text[: at.span.start].splitlines(keepends=True) if line.strip()]
    if not at.text[: at.span.start].endswith("\n"):
        before += 1
    behind = at.text[at.span.end :].split("\n")
    rest, *following = behind
    kept = [line for line in following if line.strip()][:after]
    return "".join(ahead[-before:] if before else ()), "\n".join((rest, *kept))


def _sentence_around(at: PlacedPassage) -> tuple[str, str]:
    """Return the rest of the passage's own sentence on both sides."""
    before = re.split(r"(?<=[.?!。])[”’\"')\]]*\s+|\n", at.text[: at.span.start])[-1]
    if _FINAL.search(at.text[at.span.start : at.span.end]):
        return before, ""
    return before, re.split(r"(?<=[.?!。])[”’\"')\]]*(?:\s|$)|\n", at.text[at.span.end :], maxsplit=1)[0]


def _sentence_borders(at: PlacedPassage) -> tuple[bool, bool, bool]:
    """Return whether the passage begins a sentence, whether it ends one, and whether that is a question."""
    passage = at.text[at.span.start : at.span.end]
    begins = bool(_SENTENCE_END.search(at.text[max(0, at.span.start - 40) : at.span.start]))
    stop = _FINAL.search(passage) or _SENTENCE_STOP.match(at.text, at.span.end)
    return begins, stop is not None, stop is not None and "?" in stop[0]


# Quotation marks


def is_quoted(at: PlacedPassage) -> bool:
    """Return whether a passage is inside quotation marks that are not part of it.

    >>> text = "본지는 “다리가 무너졌다”고 썼다."
    >>> [is_quoted(PlacedPassage(text, Span(start=start, end=13))) for start in (5, 4, 0)]
    [True, False, False]
    """
    start, end = at.span.start, at.span.end
    return (
        _is_quoted_line(at)
        or any(_is_open(at.text, start, end, *pair) for pair in _PAIRS)
        or any(_is_open_straight(at.text, start, end, mark) for mark in _STRAIGHT)
    )


def _is_quoted_line(at: PlacedPassage) -> bool:
    """Return whether the line of a passage is marked as a quotation with '>'."""
    return at.text[at.text.rfind("\n", 0, at.span.start) + 1 :].lstrip().startswith(">")


def _is_open(text: str, start: int, end: int, opening: str, closing: str) -> bool:
    """Return whether a mark opens before a passage and is not closed until its end."""
    before = text.rfind(opening, 0, start)
    return before >= 0 and closing not in text[before + 1 : start] and text.find(closing, start, end - 1) < 0


def _is_open_straight(text: str, start: int, end: int, mark: str) -> bool:
    """Return whether a straight mark is open in the line of a passage; an apostrophe inside a word does not count."""
    line = text.rfind("\n", 0, start) + 1
    if mark not in text[line:start] or mark in text[start : end - 1]:
        return False
    marks = rf"{mark}(?:(?<![A-Za-z0-9].)|(?![A-Za-z0-9]))"
    return len(re.findall(marks, text[line:start])) % 2 == 1
