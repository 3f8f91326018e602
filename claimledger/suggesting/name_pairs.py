"""Find names in a text, and compare the names of two texts, in one language or across Korean and English.

A Korean and an English name are the same if a list of the ledger or of the program pairs them, if one is printed in
both texts, or if they have the same consonants. Anything else is not known to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.name_sounds import sound_key
from claimledger.agreement.time_points import TIME_NAMES
from claimledger.earlier_claims.name_forms import known_name_groups, without_particle
from claimledger.models import Alias, Claim, Span
from claimledger.suggesting.word_tables import suggestion_words

NameGroups = tuple[tuple[str, ...], ...]
"""Groups of names; the names of a group mean the same."""
_LEAST_SOUNDS = 2
"""The fewest consonants that two names must share."""
_WORD_EN = re.compile(r"[A-Z][A-Za-z0-9]*(?:[-&.][A-Za-z0-9]+)*|[A-Za-z]*[0-9]+[A-Za-z][A-Za-z0-9-]*")
_WORD_KO = re.compile("[가-힣A-Za-z0-9]+")
_WORDS = suggestion_words("name_pairs")
_SENTENCE_WORDS = frozenset(_WORDS["first_words"])
"""English words that begin a sentence with a capital letter and are not names."""
_GENERAL = frozenset(_WORDS["general"])
"""Capital words that name nothing in particular."""
_COMMON_ENDING = re.compile(r"(?:ing|ed|ive|ly|ions?|ments?|ence|ness|ups?|[^s]s|soon)$", re.IGNORECASE)
"""The ending of a word that begins a sentence and is most often no name."""
_CURRENCY_NAME = re.compile(r"(?:US|U\.S\.|Hong Kong|Australian|Canadian)(?= dollars?)")


class PlacedName(NamedTuple):
    """A name and its place in a text."""

    text: str
    """The name as printed."""
    span: Span
    """Its place, in code points."""
    group: int | None
    """The number of its group; None if no list has it."""


class NameTable(NamedTuple):
    """Groups of names, ready to be found in a text."""

    groups: NameGroups
    """The groups."""
    group_of: dict[str, int]
    """The number of the group of each name, in lower case."""
    pattern: re.Pattern[str]
    """The names of all groups."""


@lru_cache(maxsize=8)
def name_table(ledger_groups: NameGroups) -> NameTable:
    """Return the table of the ledger's own groups and the program's; groups that share a name are one."""
    merged: list[list[str]] = []
    for group in (*ledger_groups, *known_name_groups()):
        known = {name.casefold() for name in group}
        same = [one for one in merged if known & {name.casefold() for name in one}]
        merged = [one for one in merged if one not in same]
        merged.append(list(dict.fromkeys(name for one in (*same, group) for name in one)))
    group_of = {name.casefold(): number for number, group in enumerate(merged) for name in group}
    forms = [
        rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" if name.isascii() else re.escape(name)
        for name in sorted((name for group in merged for name in group), key=len, reverse=True)
    ]
    return NameTable(tuple(map(tuple, merged)), group_of, re.compile("|".join(forms) or "(?!)"))


def ledger_name_groups(claims: Iterable[Claim], aliases: Iterable[Alias] = ()) -> NameGroups:
    """Return the groups of names of accepted claims and of the ledger's lists of names."""
    wordings = [
        wording
        for claim in claims
        for wording in (
            claim.speaker and claim.speaker.name, claim.speaker and claim.speaker.organization, claim.source.name
        )
        if wording and len(wording) > 1
    ]  # fmt: skip
    pairs = [tuple(dict.fromkeys(wording.values())) for wording in wordings]
    listed = [tuple(name.text for name in alias.names) for alias in aliases]
    return tuple(dict.fromkeys(group for group in (*pairs, *listed) if len(group) > 1))


def find_placed_names(text: str, table: NameTable, *, with_first_word: bool = False) -> list[PlacedName]:
    """Return the names of a text in order: those of the table, and the capital words of English.

    The first word of a sentence is left out if it does not look like a name, unless it is wanted.

    >>> table = name_table((("Calloway", "캘러웨이"),))
    >>> [name.text for name in find_placed_names("The firm Norwick paid 구글 and Calloway.", table)]
    ['Norwick', '구글', 'Calloway']
    """
    text = _CURRENCY_NAME.sub(lambda found: " " * len(found[0]), text)
    listed = [
        PlacedName(found[0], Span(start=found.start(), end=found.end()), table.group_of[found[0].casefold()])
        for found in table.pattern.finditer(text)
    ]
    others = [
        PlacedName(found[0], Span(start=found.start(), end=found.end()), None)
        for found in _WORD_EN.finditer(text)
        if _is_name(found[0])
        and (with_first_word or not (_begins_sentence(text, found.start()) and _COMMON_ENDING.search(found[0])))
        and not any(one.span.start <= found.start() < one.span.end for one in listed)
    ]
    return sorted((*listed, *others), key=lambda one: one.span.start)


def _begins_sentence(text: str, start: int) -> bool:
    return text[:start].rstrip("“‘\"' ")[-1:] in ("", ".", "?", "!")


def _is_name(word: str) -> bool:
    lowered = word.casefold().removesuffix(".")
    return len(lowered) > 1 and lowered not in _SENTENCE_WORDS | _GENERAL and lowered not in TIME_NAMES


def pairs_in(text: str, table: NameTable) -> list[tuple[str, ...]]:
    """Return the groups of the names that a text has."""
    found = dict.fromkeys(name.group for name in find_placed_names(text, table) if name.group is not None)
    return [table.groups[number] for number in found]


def names_without_pair(text: str, other: str, table: NameTable) -> Iterator[PlacedName]:
    """Yield the names of a text that the other text does not have in any known form.

    >>> table = name_table(())
    >>> [one.text for one in names_without_pair("Microsoft sued Velora.", "구글이 벨로라를 고소했다.", table)]
    ['Microsoft']
    """
    groups = {name.group for name in find_placed_names(other, table)}
    sounds: set[str] | None = None
    for name in find_placed_names(text, table):
        if name.group is not None and name.group in groups:
            continue
        if name.group is None and (is_printed(name.text, other) or _has_listed_part(name, text, table, groups)):
            continue
        if name.group is None:
            sounds = sounds if sounds is not None else word_sounds(other)
            if _sounds_alike(sound_key(name.text.removesuffix("'s")), sounds):
                continue
        yield name


def _sounds_alike(key: str, sounds: set[str]) -> bool:
    """Return whether a word has these consonants, or all but the last of at least four: Nigerian, 나이지리아."""
    return len(key) >= _LEAST_SOUNDS and (key in sounds or (len(key) > _LEAST_SOUNDS + 1 and key[:-1] in sounds))


def _has_listed_part(name: PlacedName, text: str, table: NameTable, groups: set[int | None]) -> bool:
    """Return whether a word is a part of a listed name that both texts have: Bot in Ernie Bot."""
    return any(
        group in groups and group is not None and name.text in form.split() and form in text
        for form, group in ((form, table.group_of[form.casefold()]) for names in table.groups for form in names)
        if name.text in form
    )


def is_printed(word: str, text: str) -> bool:
    """Return whether a text has a word, in any case and with its plural or possessive."""
    stem = re.sub(r"(?:['’]s|s)$", "", word)
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(stem)}", text, re.IGNORECASE) is not None


def word_sounds(text: str) -> set[str]:
    """Return the consonants of each word of a text, with and without its particle."""
    found: set[str] = set()
    for word in _WORD_KO.findall(text):
        found.add(sound_key(word))
        if not word.isascii():
            for form in _stems(word):
                found.add(sound_key(form))
    return found


def _stems(word: str) -> Sequence[str]:
    once = without_particle(word)
    return (once, without_particle(once), *(word[:length] for length in range(2, len(word))))
