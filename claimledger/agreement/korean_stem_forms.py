"""Make the forms of a Korean verb from its stem, by the regular rules of conjugation.

A form is the beginning of a word: the stem as it changes before an ending. The endings themselves follow it freely.
"""

from __future__ import annotations

from collections.abc import Iterator

_FIRST, _VOWELS, _FINALS = 0xAC00, 21, 28
_N, _L, _LM, _M, _B, _SS = 4, 8, 10, 16, 17, 20
"""The numbers of the final consonants ㄴ, ㄹ, ㄻ, ㅁ, ㅂ and ㅆ."""
_CONTRACTED = {20: 6, 8: 9, 13: 14, 11: 10, 18: 4, 0: 0, 4: 4, 1: 1, 5: 5, 6: 6}
"""A vowel at the end of a stem, and the vowel it becomes before 아/어: ㅣ to ㅕ, ㅗ to ㅘ, ㅜ to ㅝ."""
_A, _AE, _O = 0, 1, 8
_R = 5


def stem_forms(stem: str) -> frozenset[str]:
    """Return the beginnings that the forms of a verb can have.

    >>> sorted(stem_forms("밑돌")), "치솟" in stem_forms("치솟"), "올랐" in stem_forms("오르")
    (['밑도', '밑돈', '밑돌', '밑돎', '밑돕'], True, True)
    >>> {"떨어졌", "떨어진", "떨어지"} <= stem_forms("떨어지"), "급증했" in stem_forms("급증하")
    (True, True)
    """
    head, last = stem[:-1], ord(stem[-1]) - _FIRST
    initial, vowel, final = last // (_VOWELS * _FINALS), last // _FINALS % _VOWELS, last % _FINALS
    if final == _L:
        return frozenset(head + _syllable(initial, vowel, end) for end in (0, _N, _L, _LM, _B))
    if final:
        return frozenset((stem,))
    plain = (head + _syllable(initial, vowel, end) for end in (0, _N, _L, _M, _B))
    return frozenset((*plain, *_contracted_forms(head, initial, vowel)))


def _contracted_forms(head: str, initial: int, vowel: int) -> Iterator[str]:
    """Yield the forms before 아/어: 내려 and 내렸 of 내리, 올라 and 올랐 of 오르."""
    if initial == _R and vowel == 18 and head:  # noqa: PLR2004  르 doubles its ㄹ
        before = ord(head[-1]) - _FIRST
        joined = head[:-1] + chr(_FIRST + before - before % _FINALS + _L)
        ending = _A if before // _FINALS % _VOWELS in (_A, _O) else 4
        yield from (joined + _syllable(_R, ending, end) for end in (0, _SS))
    elif head and _syllable(initial, vowel, 0) == "하":
        yield from (head + _syllable(initial, _AE, end) for end in (0, _SS))
    elif vowel in _CONTRACTED:
        yield from (head + _syllable(initial, _CONTRACTED[vowel], end) for end in (0, _SS))


def _syllable(initial: int, vowel: int, final: int) -> str:
    return chr(_FIRST + (initial * _VOWELS + vowel) * _FINALS + final)
