"""Find the quotations of an English paragraph, marks included.

The result is (start, end) pairs inside the paragraph, in order and without overlap; a nested quotation belongs to the
outer one. Marks may be typographic, straight, doubled single marks or guillemets, and may be mixed. One pass over the
marks is enough. This module does not know words.
"""

from __future__ import annotations

import re
from itertools import pairwise

from claimledger.spotting.english_lexicon import TAGS

TextRange = tuple[int, int]

_MARKS = re.compile("''|``|[“”„«»\"‟]")
_SINGLE = re.compile(r"(?<![\w’'.,!?])([‘'])(?=\w)(?!\d\ds\b|em\b|til\b|n\b|cause\b)")
_SINGLE_END = re.compile(r"(?<=[\w.,!?…%)])[’'](?![\w’'])")
_LONGEST_SINGLE = 400
_WORDS = re.compile(r"[^\W\d_][\w’'-]*")
_LONGEST_TITLE = 8


def find_english_quotations(text: str, start: int, end: int) -> list[TextRange]:
    """Return the quotations of a paragraph.

    >>> [text[a:b] for text in ['He said “no,” then "go."'] for a, b in find_english_quotations(text, 0, len(text))]
    ['“no,”', '"go."']
    """
    double = _double_quotations(text, start, end)
    found: list[TextRange] = []
    at = start
    for pair in [*double, (end, end)]:
        found += _single_quotations(text, at, pair[0])
        found.append(pair)
        at = pair[1]
    return found[:-1]


def is_term(text: str, quotation: TextRange) -> bool:
    """Return whether a quotation without a cue is the title of a work, a mentioned word, or code.

    Titles have capitals ("Harbor Nights"); a single function word is mentioned, not said; code follows "=" or has no
    letters.

    >>> [is_term(line, (4, len(line))) for line in ('Her "Two Rivers at Dawn."', 'Her "dawn chorus"')]
    [True, False]
    """
    start, end = quotation
    words = _WORDS.findall(text, start, end)
    if not words or text[start - 1 : start] == "=":
        return True
    if len(words) == 1 and words[0].lower() in TAGS:
        return True
    return len(words) <= _LONGEST_TITLE and words[0][0].isupper() and all(map(_is_in_title, words))


def _is_in_title(word: str) -> bool:
    return word[0].isupper() or TAGS.get(word, "w") in "DICTM"


def _double_quotations(text: str, start: int, end: int) -> list[TextRange]:
    pairs: list[TextRange] = []
    opened: list[int] = []
    for mark in _MARKS.finditer(text, start, end):
        if _opens(text, mark, start, end, is_open=bool(opened)):
            opened.append(mark.start())
        elif opened:
            first = opened.pop()
            while pairs and pairs[-1][0] > first:
                pairs.pop()
            pairs.append((first, mark.end()))
    return _close_unclosed(text, start, end, pairs, opened)


def _opens(text: str, mark: re.Match[str], start: int, end: int, *, is_open: bool) -> bool:
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    is_left = before.isspace() or before in "([{—–-/‘'"
    is_right = after.isspace() or after in ")]}—–-/,.;:!?’'"
    if mark[0] in "„«``":
        return True
    if mark[0] in "”»":
        return is_left and not is_right and not is_open
    if mark[0] == "“":
        return not (is_open and is_right and not is_left)
    if is_left != is_right:
        return is_left and not (is_open and before in "—–-/")
    return not is_open and not before.isdigit()


def _close_unclosed(text: str, start: int, end: int, pairs: list[TextRange], opened: list[int]) -> list[TextRange]:
    """Close unclosed quotations: at the end of the paragraph if it begins with one, else before the next quotation."""
    if not opened:
        return pairs
    if not text[start : opened[0]].strip() and (not pairs or len(opened) == 1):
        return [(opened[0], _strip_end(text, opened[0], end))]
    starts = sorted([pair[0] for pair in pairs] + opened + [end])
    ends = dict.fromkeys(opened, end)
    for one, following in pairwise(starts):
        if one in ends:
            ends[one] = _strip_end(text, one, following)
    return sorted([*pairs, *((one, last) for one, last in ends.items() if last - one > 1)])


def _strip_end(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end


def _single_quotations(text: str, start: int, end: int) -> list[TextRange]:
    """Return the quotations in single marks whose opening mark cannot be an apostrophe."""
    pairs: list[TextRange] = []
    at = start
    while at < end and (opening := _SINGLE.search(text, at, end)):
        closing = _SINGLE_END.search(text, opening.end(), min(end, opening.end() + _LONGEST_SINGLE))
        if closing:
            pairs.append((opening.start(), closing.end()))
        at = closing.end() if closing else opening.end()
    return pairs
