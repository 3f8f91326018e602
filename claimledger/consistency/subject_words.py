"""Extracts the names of a statement and the words that show what it measures.

Both are used to decide whether two statements are about the same thing. The functions depend only on the text and are
fast enough for every claim of a large ledger; they use no language model and no list of names. Words of one meaning are
the same only if words.toml lists them, and a name with two spellings is two names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from claimledger.consistency.relation_words import (
    GENERIC_WORDS, MEASURE_NOUNS, MEASURE_VERBS, NUMERIC_WORD, PARTICLE, SAME_WORDS, UNIT_WORDS,
)  # fmt: skip

_WORD = re.compile(r"[^\W_]+(?:[.\-’'·][^\W_]+)*")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:[.\-'][A-Za-z0-9]+)*")
"""The same in ASCII text, which is found faster."""
_NAME = re.compile(r"[A-Z0-9][^\W_]*(?:-[^\W_]+)*")
_MIN_SYLLABLES = 3
"""The shortest Korean name, in syllables; a longer English word loses its plural."""


def name_like_words(text: str) -> frozenset[str]:
    """Return the name-like words of a text, case-folded.

    They are the capitalised words; in Korean the words of three or more syllables, without a particle.

    >>> sorted(name_like_words("It came one day after GPT-4")), sorted(name_like_words("바이두도 원신이옌을 내놓았다"))
    (['gpt-4'], ['내놓았', '바이두', '원신이옌'])
    """
    if re.search("[가-힣]", text):
        words = (PARTICLE.sub("", word) for word in _WORD.findall(text))
        return frozenset(
            word.casefold() for word in words if len(word) >= _MIN_SYLLABLES and not _is_number_or_generic(word)
        )
    return frozenset(name.casefold() for name in _NAME.findall(text) if not _is_number_or_generic(name))


def measured_words(statement: str) -> tuple[str, ...]:
    """Return, sorted and each once, the words of a statement that show what it measures.

    >>> measured_words("ChatGPT has 175 billion parameters."), measured_words("ChatGPT's parameters number 9.")
    (('chatgpt', 'parameter'), ('chatgpt', 'parameter'))
    >>> measured_words("챗지피티의 매개변수는 1750억 개다."), measured_words("챗지피티는 매개변수가 1천억 개를 넘는다.")
    (('매개변수', '챗지피티'), ('매개변수', '챗지피티'))
    >>> measured_words("누리항의 매출은 1조2000억원이다."), measured_words("누리항은 매출액 1조5000억원을 올렸다.")
    (('누리항', '매출'), ('누리항', '매출'))
    """
    words = {*map(_measured_stem, (_ASCII_WORD if statement.isascii() else _WORD).findall(statement))} - {""}
    return tuple(sorted(words - MEASURE_VERBS if words & MEASURE_NOUNS else words))


@lru_cache(maxsize=2**15)
def _measured_stem(word: str) -> str:
    """Return the stem of a word that shows what is measured, or an empty text; cached because words repeat."""
    stem = "" if _is_number_or_generic(word) else _word_stem(word)
    if "가" <= stem[-1:] <= "힣":
        stem = PARTICLE.sub("", stem)  # a second particle: 공장에는
    return "" if stem in GENERIC_WORDS or stem in UNIT_WORDS else SAME_WORDS.get(stem, stem)


def _is_number_or_generic(word: str) -> bool:
    return bool(NUMERIC_WORD.fullmatch(word) or word.casefold() in GENERIC_WORDS)


def _word_stem(word: str) -> str:
    """Return a word without its particle or its plural."""
    word = word.removesuffix("'s").removesuffix("’s")
    if "가" <= word[0] <= "힣" or "가" <= word[-1] <= "힣":
        return PARTICLE.sub("", word).casefold()
    lowered = word.casefold()
    return (
        lowered[:-1]
        if len(lowered) > _MIN_SYLLABLES and lowered.endswith("s") and not lowered.endswith("ss")
        else lowered
    )
