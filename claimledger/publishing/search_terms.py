"""Interpret one term of a query, and list the spellings that a record may use for it.

A term gets several FTS5 expressions, and any of them may match. It always finds the texts that contain it as typed.
Other spellings and names only add results; `search_names` knows the other names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from claimledger.publishing.search import normalize_text, fts_phrase
from claimledger.publishing.search_figures import digits_phrase, figure_phrase, number_phrase
from claimledger.quantities import Figure

_HANGUL = "가-힣"
_DIGITS = re.compile("[0-9]+")
_WORD = re.compile(r"[A-Za-z]+")
_WORD_OR_NUMBER = re.compile(r"[A-Za-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=[A-Za-z0-9])['’]s?\Z")
_PARTS = re.compile("(?<=[A-Za-z])(?=[0-9])|(?<=[a-z])(?=[A-Z])")
"""The position between a letter and a digit, or a lower-case and an upper-case letter: GPT4, KaiFu."""
_HYPHEN = re.compile("(?<=[A-Za-z0-9])[-‐‑](?=[A-Za-z0-9])")
_COMPOUND = re.compile("[가-힣]{4,9}")
"""A word that may also be written as two words of at least two syllables each: 수출제한, 수출 제한."""
_ABBREVIATION = re.compile("(?<![A-Za-z])(?:[A-Z]{2,3}|(?i:[b-df-hj-np-tv-xz]{2,3}))(?![A-Za-z])")
"""Capitals, or letters without a vowel: GPT, gpt. The words no, is, us and by do not match in lower case."""
_FRACTION = "ratio"
"""The unit of a fraction, whose words are one phrase: 3분의 2."""
_MIN_STEM = 2
"""The minimum number of syllables before a particle: 회의 and 결과 are words."""
_MIN_LETTER_NAMES = 3
"""The minimum number of syllables of spelled-out letters: 유지 is a word."""
_SYLLABLES_A_VOWEL = 28
_RIEUL = 8
"""The number of the final consonant ㄹ."""

_ALWAYS = (
    "에게서", "에서는", "에서도", "까지는", "에서", "에게", "에는", "에도", "까지", "부터", "처럼", "보다", "의", "에",
)  # fmt: skip
_AFTER_CONSONANT = (
    "으로부터",
    "으로는",
    "으로도",
    "으로서",
    "이라는",
    "이라고",
    "으로",
    "이나",
    "은",
    "이",
    "을",
    "과",
)
_AFTER_VOWEL = ("로부터", "로는", "로도", "로서", "라는", "라고", "는", "가", "를", "와")
_PARTICLES = sorted((*_ALWAYS, *_AFTER_CONSONANT, *_AFTER_VOWEL), key=len, reverse=True)


class SearchTerm(NamedTuple):
    """A term of a query."""

    printed: str
    """The term as typed."""
    word: str
    """The word to search for: the term without a particle at its end."""
    answers: Sequence[str]
    """The FTS5 expressions for records that contain the term."""
    looser: Sequence[str]
    """The FTS5 expressions for records that nearly contain the term."""
    figure: Figure | None = None
    """The figure, if the term is one."""
    is_exact: bool = False
    """True if the term was in quotation marks or ends in a star."""

    @property
    def is_reinterpreted(self) -> bool:
        """True if the search differs from the word as typed: a figure by its value, or a word without its particle."""
        return self.word != self.printed or (self.figure is not None and not self.printed.replace(",", "").isdecimal())


def exact_term(text: str, *, has_star: bool = False) -> SearchTerm | None:
    """Return the term exactly as typed, or None if it has no letter and no digit."""
    if found := fts_phrase(text, has_star=has_star):
        return SearchTerm(text, text, (found,), (found,), is_exact=True)
    return None


def word_term(text: str) -> SearchTerm | None:
    """Return the term of a word without its particle, or None if it has no letter and no digit.

    >>> word_term("바이두가").word, word_term("GPT-4").answers
    ('바이두', ('"gpt 4"', '"gpt4"', '"지피 피티 티\ue000 4"'))
    """
    return plain_term(text, stem(text))


def plain_term(text: str, word: str) -> SearchTerm | None:
    """Return the term `text` that searches for `word`, or None if it has no letter and no digit."""
    answers = tuple(dict.fromkeys(filter(None, map(fts_phrase, spellings(word)))))
    if _DIGITS.fullmatch(word):
        answers = (*answers, digits_phrase(word))
    looser = (fts_phrase(word, has_star=True),) if len(word) > _MIN_STEM and _WORD.fullmatch(word) else answers
    return SearchTerm(text, word, answers, looser) if answers else None


def synonym_term(text: str, word: str, names: Sequence[str]) -> SearchTerm | None:
    """Return the term `text` that searches for `word` and its other names; each name stays together.

    >>> synonym_term("규제", "규제", ("규제", "regulation")).answers
    ('"규제"', '"regulation"')
    """
    phrases = (fts_phrase(spelling) for name in (*names, word) for spelling in spellings(name))
    answers = tuple(dict.fromkeys(filter(None, phrases)))
    return SearchTerm(text, word, answers, answers) if answers else None


def figure_term(text: str, figure: Figure) -> SearchTerm:
    """Return the term of a figure. It matches the figure's value or its printed words."""
    words = [fts_phrase(word) for word in normalize_text(text).split()]
    is_counted = figure.unit not in {None, _FRACTION} and all(words) and len(words) > 1
    printed = f"({' AND '.join(words)})" if is_counted else fts_phrase(text)
    return SearchTerm(text, text, (figure_phrase(figure), printed), (number_phrase(figure), printed), figure)


def joined_phrase(first: SearchTerm, second: SearchTerm) -> str:
    """Return the FTS5 phrase for two Latin words, or a word and a number, written as one. Other terms give "".

    >>> joined_phrase(word_term("open"), word_term("AI")), joined_phrase(word_term("구글"), word_term("AI"))
    ('"openai"', '')
    """
    if any((one.figure and not one.word.isdecimal()) or one.is_exact for one in (first, second)):
        return ""
    is_word = _WORD.fullmatch(first.word) and _WORD_OR_NUMBER.fullmatch(second.word)
    return fts_phrase(first.word + second.word) if is_word else ""


def stem(word: str) -> str:
    """Return a word without a Korean particle or an English possessive at its end.

    The particle must fit the preceding sound (any fits a Latin word or number), and two syllables must be left. 도, 만
    and 로 are not removed because too many names end in them.

    >>> [stem(word) for word in ("바이두가", "챗GPT의", "Baidu's", "전문가", "회의", "서울로부터")]
    ['바이두', '챗GPT', 'Baidu', '전문가', '회의', '서울']
    """
    word = _POSSESSIVE.sub("", word)
    return next((word[: -len(one)] for one in _PARTICLES if word.endswith(one) and _fits(word[: -len(one)], one)), word)


def _fits(before: str, particle: str) -> bool:
    if _WORD_OR_NUMBER.fullmatch(before[-1:]):
        return True
    if not re.search(f"[{_HANGUL}]{{{_MIN_STEM}}}\\Z|[A-Za-z0-9][{_HANGUL}]\\Z", before):
        return False
    final = (ord(before[-1]) - ord("가")) % _SYLLABLES_A_VOWEL
    if particle in _ALWAYS:
        return True
    if particle.startswith("로") and final == _RIEUL:  # 로 follows ㄹ as it follows a vowel
        return True
    return (particle in _AFTER_CONSONANT) == bool(final)


def spellings(word: str) -> Iterator[str]:
    """Yield a word and its other spellings. Some are repeated.

    >>> [list(dict.fromkeys(spellings(word))) for word in ("챗GPT", "일론머스크")]
    [['챗GPT', '챗지피티'], ['일론머스크', '일론 머스크', '일론머 스크']]
    """
    for spelling in letter_spellings(word):
        yield spelling
        yield _PARTS.sub(" ", spelling)
        yield _HYPHEN.sub("", spelling)
    if _COMPOUND.fullmatch(word):
        yield from (f"{word[:place]} {word[place:]}" for place in range(2, len(word) - 1))


def letter_spellings(word: str) -> tuple[str, ...]:
    """Return a word with its abbreviations as typed, spelled out in Korean, and with letters for Korean letter names.

    >>> letter_spellings("챗GPT"), letter_spellings("구글")
    (('챗GPT', '챗지피티'), ('구글',))
    """
    return tuple(dict.fromkeys((word, _spell_out_abbreviations(word), _abbreviate_letter_names(word))))


def _spell_out_abbreviations(word: str) -> str:
    """Return a word with its abbreviations spelled out in Korean.

    >>> _spell_out_abbreviations("챗GPT")
    '챗지피티'
    """
    return _ABBREVIATION.sub(lambda found: "".join(_letters()[letter][0] for letter in found[0].upper()), word)


def _abbreviate_letter_names(word: str) -> str:
    """Return a word with letters instead of their Korean names.

    >>> _abbreviate_letter_names("챗지피티"), _abbreviate_letter_names("유지")
    ('챗GPT', '유지')
    """
    return _letter_names_pattern().sub(_letters_for_names, word)


def _letters_for_names(found: re.Match[str]) -> str:
    if len(found[0]) < _MIN_LETTER_NAMES:
        return found[0]
    by_name = {name: letter for letter, names in _letters().items() for name in names}
    return "".join(by_name[name] for name in _letter_name_pattern().findall(found[0]))


@cache
def _letters() -> dict[str, list[str]]:
    text = files(__package__ or "").joinpath("search_letters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _letter_name_pattern() -> re.Pattern[str]:
    return re.compile(
        "|".join(sorted((name for names in _letters().values() for name in names), key=len, reverse=True))
    )


@cache
def _letter_names_pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{_letter_name_pattern().pattern}){{2,}}")
