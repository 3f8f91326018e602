"""Check that the words that a statement has between quotation marks are in the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.errors import Problem

_QUOTED = re.compile(
    r"“([^“”]+)”|‘((?:[^‘’]|’(?=[A-Za-z0-9]))+)’(?![A-Za-z0-9])|\"([^\"]+)\"|(?<!\w)'((?:[^']|'(?=[A-Za-z0-9]))+)'(?![A-Za-z0-9])|「([^」]+)」|『([^』]+)』"
)
_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]|\([^)]*\)")
_MARKS = re.compile(r"[\W_]+")
_SHORTEST = 2
_HANGUL, _LATIN = re.compile("[가-힣]"), re.compile("[A-Za-z]")


def quotation_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first quoted words that are in no part of the article; a translation is not compared."""
    quoted = _QUOTED.findall(texts.statement)
    if not quoted:
        return
    whole = texts.article or texts.before + texts.passage
    for groups in quoted:
        words = next(filter(None, groups), "")
        if is_same_script(words, texts.passage) and not _stands_in(words, whole):
            yield Problem("quote-not-in-article", field=texts.path, words=words)
            return


def is_same_script(words: str, passage: str) -> bool:
    """Return whether the words are in the script of most of the passage."""
    korean = len(_HANGUL.findall(passage)) * 2 > len(_LATIN.findall(passage))
    return bool(_HANGUL.search(words)) if korean else bool(_LATIN.search(words)) and not _HANGUL.search(words)


def _stands_in(words: str, whole: str) -> bool:
    plain = _strip_marks(whole)
    return all(_strip_marks(part) in plain for part in _LEFT_OUT.split(words) if len(_strip_marks(part)) >= _SHORTEST)


@lru_cache(maxsize=64)
def _strip_marks(text: str) -> str:
    """Return the letters and digits of a text, in one form and lower case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
