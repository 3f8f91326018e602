"""The words by which two statements are told to be about one thing: names, and what is measured.

In: a statement. Out: names; or the words of a statement without its figures and dates. The invariant: a pure function
of the text, fast enough for every claim of a large ledger; no language model, no list of names. Limits: "sales" and
"turnover" are two things, and a name spelt two ways is two names. It must not know claims.
"""

from __future__ import annotations

import re

from claimledger.consistency.relation_words import LIGHT, NUMBER_WORD, PARTICLE

_WORD = re.compile(r"[^\W_]+(?:[.\-’'·][^\W_]+)*")
_NAME = re.compile(r"[A-Z0-9][^\W_]*(?:-[^\W_]+)*")
_SYLLABLES = 3
"""A Korean name has so many syllables at least; an English word loses its plural if it has more letters."""


def names_in(text: str) -> frozenset[str]:
    """Return the names in a text: capitalised words; in Korean, words of three syllables or more without a particle.

    >>> sorted(names_in("It came one day after GPT-4")), sorted(names_in("바이두도 원신이옌을 내놓았다"))
    (['gpt-4'], ['내놓았', '바이두', '원신이옌'])
    """
    if re.search("[가-힣]", text):
        words = (PARTICLE.sub("", word) for word in _WORD.findall(text))
        return frozenset(word.casefold() for word in words if len(word) >= _SYLLABLES and not _is_counting(word))
    return frozenset(name.casefold() for name in _NAME.findall(text) if not _is_counting(name))


def measured_words(statement: str) -> tuple[str, ...]:
    """Return, sorted, the words of a statement that say of what it gives a number, each once.

    >>> measured_words("ChatGPT has 175 billion parameters."), measured_words("ChatGPT's parameters number 9.")
    (('chatgpt', 'parameter'), ('chatgpt', 'parameter'))
    >>> measured_words("챗지피티의 매개변수는 1750억 개다."), measured_words("챗지피티는 매개변수가 1천억 개를 넘는다.")
    (('매개변수', '챗지피티'), ('매개변수', '챗지피티'))
    """
    words = {_plain(word) for word in _WORD.findall(statement) if not _is_counting(word)}
    return tuple(sorted(words - LIGHT - {""}))


def _is_counting(word: str) -> bool:
    return bool(NUMBER_WORD.fullmatch(word) or word.casefold() in LIGHT)


def _plain(word: str) -> str:
    """Return a word without its particle or its plural."""
    word = word.removesuffix("'s").removesuffix("’s")
    if "가" <= word[0] <= "힣" or "가" <= word[-1] <= "힣":
        return PARTICLE.sub("", word).casefold()
    low = word.casefold()
    return low[:-1] if len(low) > _SYLLABLES and low.endswith("s") and not low.endswith("ss") else low
