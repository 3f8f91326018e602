"""Find a word that only one of two texts has with a negating prefix: 등록 and 미등록, related and unrelated."""

from __future__ import annotations

import re

from claimledger.agreement.word_lists import NEGATED_KO, NOT_NEGATED_EN

_PREFIXED_KO = re.compile(rf"(?<![가-힣])(?:{'|'.join(sorted(NEGATED_KO, key=len, reverse=True))})")
_PREFIXED_EN = re.compile(r"\b(?:un|in|im|ir|il|dis|non-?|de)(?P<word>[a-z]{5,})\b")
_HINT_EN = re.compile(r"\b(?:[Uu]n|[Ii][nmrl]|[Dd]is|[Nn]on|[Dd]e)[a-z-]{5}")
_SYLLABLES = frozenset(word[0] for word in NEGATED_KO)


def may_have_prefix(text: str) -> bool:
    """Return whether a text may have a word with a negating prefix."""
    if not _SYLLABLES.isdisjoint(text) and _PREFIXED_KO.search(text):
        return True
    return _HINT_EN.search(text) is not None


def turned_by_prefix(statement: str, passage: str) -> tuple[str, str] | None:
    """Return a word of which only one text has the form with a negating prefix, as the two texts have it.

    >>> turned_by_prefix("미등록 업체 3곳을 적발했다.", "등록 업체 3곳을 적발했다.")
    ('미등록', '등록')
    >>> turned_by_prefix("The result is unrelated to age.", "The result is related to age.")
    ('unrelated', 'related')
    """
    said, printed = statement.lower(), passage.lower()
    found = _prefixed_word(said, printed)
    if found:
        return found, _bare(found)
    found = _prefixed_word(printed, said)
    return (_bare(found), found) if found else None


def _bare(word: str) -> str:
    found = _PREFIXED_EN.fullmatch(word)
    return found["word"] if found else word[1:]


def _prefixed_word(text: str, other: str) -> str:
    """Return a word of a text with a prefix; the other text has it without one, and neither text has both."""
    for pattern in (_PREFIXED_KO, _PREFIXED_EN):
        for found in pattern.finditer(text):
            bare = _bare(found[0])
            begins = re.compile(rf"(?<![가-힣a-z-]){bare}")
            if (
                bare not in NOT_NEGATED_EN
                and found[0] not in other
                and begins.search(other)
                and not begins.search(text)
            ):
                return found[0]
    return ""
