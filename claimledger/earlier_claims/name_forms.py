"""The names and the chief words of a text, in the form in which they are compared.

In: Korean or English text. Out: names, aliases made one; and words, cut to the part that endings leave alone. The
invariant: a pure function of the text and of `names.toml`, which a newsroom extends. It guesses no language: each run
of letters is read by its own script.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from claimledger.quantities.unit_tables import any_of

_TABLES: Mapping[str, Any] = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
_SAME: Mapping[str, str] = {
    form.casefold(): group[0].casefold() for group in _TABLES["aliases"]["same"] for form in group
}
_MANY = frozenset(name.casefold() for name in _TABLES["places"]["many"])
_SHOWN: Mapping[str, tuple[str, str]] = {
    group[0].casefold(): (group[0], next((form for form in group if not form.isascii()), group[0]))
    for group in _TABLES["aliases"]["same"]
}
"""The form in which a name is compared to how it is written in English and in Korean."""
_KOREAN_ALIAS = re.compile(any_of(form for form in _SAME if not form.isascii()), re.IGNORECASE)
_ENGLISH_ALIAS = re.compile(
    rf"(?<![A-Za-z0-9]){any_of(form for form in _SAME if form.isascii())}(?![A-Za-z0-9])", re.IGNORECASE
)
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-'’][A-Za-z0-9]+)*")
_KOREAN = re.compile("[가-힣]+")
_PARTICLE = re.compile(f"(?:{'|'.join(_TABLES['korean']['particles'])})$")
_PLACE_OR_BODY = re.compile(f"[가-힣]+(?:{'|'.join(_TABLES['korean']['bodies'])})$")
_IDLE = frozenset((*_TABLES["english"]["idle"], *_TABLES["korean"]["idle"]))
_SHORTEST = 2
_ENGLISH_STEM, _KOREAN_STEM = 5, 2


def telling(names: Iterable[str]) -> frozenset[str]:
    """Return the names that say what a statement is about: no countries and capitals, which many share.

    >>> sorted(telling({"us", "seoul", "openai"}))
    ['openai']
    """
    return frozenset(names) - _MANY


def shown(name: str, language: str) -> str:
    """Return a name, in the form in which it is compared, as it is written in a language.

    >>> shown("seoul", "ko"), shown("us", "en"), shown("haneul", "ko")
    ('서울', 'US', 'haneul')
    """
    english, korean = _SHOWN.get(name, (name, name))
    return korean if language == "ko" else english


def names_in(text: str) -> frozenset[str]:
    """Return the names in a text: people, bodies, places, products.

    >>> sorted(names_in("오픈AI에 마이크로소프트가 투자했다")), sorted(names_in("Haneul Port's cargo at OpenAI"))
    (['microsoft', 'openai'], ['haneul', 'openai', 'port'])
    """
    aliased = [found[0] for pattern in (_KOREAN_ALIAS, _ENGLISH_ALIAS) for found in pattern.finditer(text)]
    rest = _KOREAN_ALIAS.sub(" ", text)
    return frozenset((*(_SAME[form.casefold()] for form in aliased), *_english_names(rest), *_korean_names(rest)))


def _english_names(text: str) -> Iterator[str]:
    for found in _ENGLISH.finditer(text):
        word = found[0].removesuffix("'s").removesuffix("’s")
        if not word[0].isupper() and not any(letter.isdigit() for letter in word):
            continue
        name = word.casefold()
        if len(name) >= _SHORTEST and name not in _IDLE:
            yield _SAME.get(name, name)


def _korean_names(text: str) -> Iterator[str]:
    for found in _KOREAN.finditer(text):
        word = without_particle(found[0])
        if _PLACE_OR_BODY.match(word) and word not in _IDLE:
            yield word


def without_particle(word: str) -> str:
    """Return a Korean word without the particle at its end.

    >>> without_particle("하늘항만공사는"), without_particle("시")
    ('하늘항만공사', '시')
    """
    stem = _PARTICLE.sub("", word)
    return stem if len(stem) >= _SHORTEST else word


def words_in(text: str) -> frozenset[str]:
    """Return the beginnings of the words that say something: five letters, or two syllables.

    >>> sorted(words_in("The bridges cost more than planned")), sorted(words_in("다리를 짓는 공사비는"))
    (['bridg', 'cost', 'plann'], ['공사', '다리', '짓는'])
    """
    english = (word for found in _ENGLISH.finditer(text) if (word := found[0].casefold()) not in _IDLE)
    korean = (word for found in _KOREAN.finditer(text) if (word := without_particle(found[0])) not in _IDLE)
    return frozenset((*_begun(english, 4, _ENGLISH_STEM), *_begun(korean, _SHORTEST, _KOREAN_STEM)))


def _begun(words: Iterable[str], shortest: int, kept: int) -> Iterator[str]:
    return (word[:kept] for word in words if len(word) >= shortest)
