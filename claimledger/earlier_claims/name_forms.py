"""Extracts the names and the main words of a text, in the form in which they are compared.

Aliases of a name become one form, and words are cut to the part before their endings. The result depends only on the
text and on `names.toml`, which a newsroom can extend. The language is not guessed: each run of letters is read by its
own script.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from claimledger.quantities.unit_tables import alternation

_TABLES: Mapping[str, Any] = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
_CANONICAL_NAMES: Mapping[str, str] = {
    form.casefold(): group[0].casefold() for group in _TABLES["aliases"]["same"] for form in group
}
_COMMON_NAMES = frozenset(name.casefold() for name in _TABLES["places"]["many"])
_SPELLINGS: Mapping[str, tuple[str, str]] = {
    group[0].casefold(): (group[0], next((form for form in group if not form.isascii()), group[0]))
    for group in _TABLES["aliases"]["same"]
}
"""The compared form of a name, with its English and its Korean spelling."""
_FORMS: Mapping[str, tuple[str, ...]] = {
    form.casefold(): tuple(group) for group in _TABLES["aliases"]["same"] for form in group
}
_KOREAN_ALIAS = re.compile(alternation(form for form in _CANONICAL_NAMES if not form.isascii()), re.IGNORECASE)


def _written_forms(name: str) -> set[str]:
    """Return the forms of an English name: "who", "us" and "fed" are words, and "openai" is always a name."""
    if name.isupper():
        return {name}
    is_mixed = " " not in name and any(letter.isupper() for letter in name[1:])
    return {name, name.upper(), *([name.lower(), name.capitalize()] if is_mixed else [])}


_ENGLISH_FORMS = {
    written
    for group in _TABLES["aliases"]["same"]
    for form in group
    if form.isascii()
    for written in _written_forms(form)
}
_ENGLISH_ALIAS = re.compile(f"(?<![A-Za-z0-9]){alternation(_ENGLISH_FORMS)}(?![A-Za-z0-9])")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-'’][A-Za-z0-9]+)*")
_KOREAN = re.compile("[가-힣]+")
_PARTICLE = re.compile(f"(?:{'|'.join(_TABLES['korean']['particles'])})$")
_PLACE_OR_ORGANIZATION = re.compile(f"[가-힣]+(?:{'|'.join(_TABLES['korean']['bodies'])})$")
_STOP_WORDS = frozenset((*_TABLES["english"]["idle"], *_TABLES["korean"]["idle"]))
_MIN_LENGTH = 2
_ENGLISH_STEM, _KOREAN_STEM = 5, 2


def distinctive_names(names: Iterable[str]) -> frozenset[str]:
    """Return the names that show what a statement is about, without countries and capitals, which many share.

    >>> sorted(distinctive_names({"us", "seoul", "openai"}))
    ['openai']
    """
    return frozenset(names) - _COMMON_NAMES


def spell_name(name: str, language: str) -> str:
    """Return the spelling of a compared name in a language.

    >>> spell_name("seoul", "ko"), spell_name("us", "en"), spell_name("haneul", "ko")
    ('서울', 'US', 'haneul')
    """
    english, korean = _SPELLINGS.get(name, (name, name))
    return korean if language == "ko" else english


def name_spellings(name: str) -> tuple[str, ...]:
    """Return a name and all its other forms in either language.

    >>> name_spellings("오픈에이아이"), name_spellings("이소라")
    (('오픈에이아이', 'OpenAI', '오픈AI', '오픈 AI'), ('이소라',))
    """
    others = _FORMS.get(name.strip().casefold(), ())
    return (name, *(one for one in others if one != name))


def known_name_groups() -> tuple[tuple[str, ...], ...]:
    """Return the groups of names with the same meaning, English and Korean, as `names.toml` has them.

    >>> [group for group in known_name_groups() if "구글" in group]
    [('Google', '구글')]
    """
    return tuple(tuple(group) for group in _TABLES["aliases"]["same"])


def find_names(text: str) -> frozenset[str]:
    """Return the names in a text: people, organisations, places, products.

    >>> sorted(find_names("오픈AI에 마이크로소프트가 투자했다")), sorted(find_names("Haneul Port's cargo at OpenAI"))
    (['microsoft', 'openai'], ['haneul', 'openai', 'port'])
    """
    aliased = [found[0] for pattern in (_KOREAN_ALIAS, _ENGLISH_ALIAS) for found in pattern.finditer(text)]
    rest = _ENGLISH_ALIAS.sub(" ", _KOREAN_ALIAS.sub(" ", text))
    return frozenset(
        (*(_CANONICAL_NAMES[form.casefold()] for form in aliased), *_english_names(rest), *_korean_names(rest))
    )


def _english_names(text: str) -> Iterator[str]:
    for found in _ENGLISH.finditer(text):
        word = found[0].removesuffix("'s").removesuffix("’s")
        if not word[0].isupper() and not any(letter.isdigit() for letter in word):
            continue
        name = word.casefold()
        if len(name) >= _MIN_LENGTH and name not in _STOP_WORDS:
            yield name


def _korean_names(text: str) -> Iterator[str]:
    for found in _KOREAN.finditer(text):
        word = without_particle(found[0])
        if _PLACE_OR_ORGANIZATION.match(word) and word not in _STOP_WORDS:
            yield word


def without_particle(word: str) -> str:
    """Return a Korean word without the particle at its end.

    >>> without_particle("하늘항만공사는"), without_particle("시")
    ('하늘항만공사', '시')
    """
    stem = _PARTICLE.sub("", word)
    return stem if len(stem) >= _MIN_LENGTH else word


def find_word_stems(text: str) -> frozenset[str]:
    """Return the beginnings of the meaningful words of a text: five letters, or two syllables.

    >>> sorted(find_word_stems("The bridges cost more than planned")), sorted(find_word_stems("다리를 짓는 공사비는"))
    (['bridg', 'cost', 'plann'], ['공사', '다리', '짓는'])
    """
    english = (word for found in _ENGLISH.finditer(text) if (word := found[0].casefold()) not in _STOP_WORDS)
    korean = (word for found in _KOREAN.finditer(text) if (word := without_particle(found[0])) not in _STOP_WORDS)
    return frozenset((*_cut_words(english, 4, _ENGLISH_STEM), *_cut_words(korean, _MIN_LENGTH, _KOREAN_STEM)))


def _cut_words(words: Iterable[str], shortest: int, length: int) -> Iterator[str]:
    return (word[:length] for word in words if len(word) >= shortest)
