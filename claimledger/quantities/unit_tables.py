"""The word tables of the grammar, read once from the TOML files beside this module.

In: units, currencies, words, dates and nouns. Out: look-up dictionaries and compiled alternations. The invariant:
what an editor may extend is in those files. It must not know how numbers are put together.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

from claimledger.quantities.figure import Role
from claimledger.vocabulary import Comparator, Direction


class Unit(NamedTuple):
    """What a form after a number means."""

    name: str | None
    """The unit in English, in the singular; none for money."""
    role: Role
    """What a number of it is."""
    currency: str | None = None
    """ISO 4217 code of money."""
    is_measure: bool = False
    """Whether it is a physical unit or a share, which binds to the number whatever follows."""


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def any_of(forms: Iterable[str]) -> str:
    """Return a pattern that matches any of the forms, the longest first; one branch a first character is quick.

    >>> any_of(["bp", "bps", "%"])
    '(?:%|b(?:ps|p))'
    """
    branches: dict[str, list[str]] = {}
    for form in sorted(set(forms), key=lambda form: (-len(form), form)):
        branches.setdefault(form[0], []).append(re.escape(form[1:]))
    return f"(?:{'|'.join(re.escape(first) + _rest(rest) for first, rest in sorted(branches.items()))})"


def _rest(rest: list[str]) -> str:
    return rest[0] if len(rest) == 1 else f"(?:{'|'.join(rest)})"


def cased(forms: Iterable[str]) -> list[str]:
    """Return the forms in lower case, capitalised and in capitals: quicker than a pattern blind to case.

    >>> cased(["one"])
    ['one', 'One', 'ONE']
    """
    return [variant for form in forms for variant in (form.lower(), form[0].upper() + form[1:].lower(), form.upper())]


def _units() -> tuple[dict[str, Unit], dict[str, Unit], dict[str, Unit], dict[str, Unit]]:
    after_digits: dict[str, Unit] = {}
    after_native: dict[str, Unit] = {}
    words: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    for name, entry in _load("units.toml").items():
        unit = Unit(name, Role(entry.get("role", "quantity")), None, "kind" in entry)
        for key, tables in {
            "ko": (after_digits,),
            "both": (after_digits, after_native),
            "native": (after_native,),
            "en": (words,),
            "symbol": (symbols,),
        }.items():
            for form in entry.get(key, ()):
                for table in tables:
                    table.setdefault(form, unit)
    return after_digits, after_native, words, symbols


KOREAN_UNITS, NATIVE_UNITS, ENGLISH_UNITS, SYMBOLS = _units()
"""Forms after digits, after native numerals, English words (case-folded), exact signs."""

_PRINTED = {
    name: {"ko": entry.get("printed_ko"), "en": entry.get("printed_en"), "name_ko": entry.get("name_ko")}
    for name, entry in _load("units.toml").items()
}
"""Unit to what pages write after a number, and to its Korean name."""


_DURATIONS = frozenset(name for name, entry in _load("units.toml").items() if entry.get("role") == Role.DURATION)
_COUNTED = frozenset(name for name, entry in _load("units.toml").items() if not {"role", "kind"} & entry.keys())
_MONEY = {
    code: {"ko": entry.get("printed_ko"), "en": entry.get("printed_en")}
    for code, entry in _load("currencies.toml").items()
}
"""Currency to what pages write after an amount."""


def with_unit(number: str, unit: str, language: str) -> str:
    """Return a number with what it counts or measures, as people read it.

    A unit without a printed form, or one that an editor named, follows in brackets: never another unit in its place.

    >>> with_unit("480", "vehicle", "ko"), with_unit("480", "vehicle", "en"), with_unit("1", "vehicle", "en")
    ('480대', '480 vehicles', '1 vehicle')
    >>> with_unit("3", "family_member", "ko"), with_unit("3", "space_station", "en")
    ('3 (함께 있는 가족)', '3 (space station)')
    """
    printed = _PRINTED.get(unit, {})
    form = printed.get(language)
    if form is None:
        return f"{number} ({(language == 'ko' and printed.get('name_ko')) or unit.replace('_', ' ')})"
    return f"{number}{form}" if language == "ko" else f"{number} {form[number != '1']}".strip()


def with_currency(number: str, code: str, language: str) -> str:
    """Return a number with its currency, as people read it; by the code of one whose name we do not have.

    >>> with_currency("130억 ", "USD", "ko"), with_currency("13 billion", "USD", "en"), with_currency("1", "NOK", "ko")
    ('130억 달러', '13 billion US dollars', '1 NOK')
    """
    form = _MONEY.get(code, {}).get(language)
    if form is None:
        return f"{number.strip()} {code}"
    return f"{number}{form}" if language == "ko" else f"{number} {form[number != '1']}"


def is_duration(unit: str) -> bool:
    """Whether a unit measures how long something lasts.

    >>> is_duration("year"), is_duration("vehicle")
    (True, False)
    """
    return unit in _DURATIONS


def is_counted(unit: str) -> bool:
    """Whether a unit counts single things.

    >>> is_counted("vehicle"), is_counted("kilogram"), is_counted("year")
    (True, False, False)
    """
    return unit in _COUNTED


SIGNS: dict[str, str] = {}
"""Currency signs that stand before a number."""
GARBLED: dict[str, str] = {}
"""What a lost currency sign leaves before a number."""


def _currencies() -> None:
    for code, entry in _load("currencies.toml").items():
        money = Unit(None, Role.QUANTITY, code, is_measure=True)
        for form in entry.get("ko", ()):
            KOREAN_UNITS[form] = money
        for form in entry.get("en", ()):
            ENGLISH_UNITS.setdefault(form, money)
        for form in entry.get("sign", ()):
            SYMBOLS.setdefault(form, money)
            SIGNS[form] = code
        for form in entry.get("garbled", ()):
            GARBLED[form] = code


_currencies()


def _longest(forms: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for form in forms:
        longest[form[0]] = max(longest.get(form[0], 0), len(form))
    return longest


LONGEST_KOREAN = _longest(KOREAN_UNITS)
"""First character of a Korean form to the length of the longest."""
LONGEST_SYMBOL = _longest(SYMBOLS)
"""First character of a sign to the length of the longest."""
ENGLISH_STARTS = frozenset(form.replace("-", " ").split(" ")[0].rstrip(".") for form in ENGLISH_UNITS)
"""First words of the English forms."""

_WORDS = _load("words.toml")
COMPARATORS = {member.value: member for member in Comparator}
DIRECTIONS = {member.value: member for member in Direction}
"""Comparators and directions by their stored value."""
BEFORE: Mapping[str, Comparator] = {
    form: COMPARATORS[value] for value, forms in _WORDS["before"].items() for form in forms
}
"""Form before a number to the comparator it makes."""
BEFORE_BY_LAST_WORD: Mapping[str, Sequence[str]] = {
    last: [form for form in sorted(BEFORE, key=len, reverse=True) if form.split(" ")[-1] == last]
    for last in {form.split(" ")[-1] for form in BEFORE}
}
"""Last word to those of the forms that end with it, the longest first."""
DIRECTION_BEFORE: Mapping[str, Direction] = {
    form: DIRECTIONS[value] for value in ("above", "below") for form in _WORDS["direction"]["before"][value]
}
"""Verb or adverb before a difference to its direction."""
BRIDGES = frozenset(_WORDS["direction"]["before"]["bridges"])
"""Words that may stand between such a verb and the number."""
_PARTICLE = "(?:이|가|을|를|도|은|는|에|에도|이나|나|보다|선을|조차)?"


_AFTER_PARTICLE = "{j} "


def _groups(mark: str, chosen: Mapping[str, list[str]]) -> str:
    """Return one named group for each comparator that has forms; English ones end with their word."""
    groups = []
    for name, forms in chosen.items():
        english = [form for form in forms if form.isascii()]
        korean = [form for form in forms if not form.isascii()]
        ways = [any_of(korean)] if korean else []
        ways += [f"{any_of(english)}(?![A-Za-z])"] if english else []
        groups += [f"(?P<{mark}{name}>{'|'.join(ways)})"] if ways else []
    return "|".join(groups)


def _after(forms: Mapping[str, list[str]]) -> str:
    """Return what may stand after a unit: first what needs no particle, so that a particle is tried but once."""
    plain = {name: [form for form in those if "{" not in form] for name, those in forms.items()}
    led = {name: [form[len(_AFTER_PARTICLE) :] for form in those if "{" in form] for name, those in forms.items()}
    return f"[ -]?(?:{_groups('', plain)}|{_PARTICLE} ?(?:{_groups('led_', led)}))"


AFTER = re.compile(_after(_WORDS["after"]))
"""A comparator after the unit."""
AFTER_BEGINS = frozenset(
    [
        " ",
        *"이가을를도은는에나보선조",
        *(form.removeprefix(_AFTER_PARTICLE)[0] for form in chain(*_WORDS["after"].values())),
    ]
)
"""Each begins so, a space or hyphen aside: most of what follows a number does not, and needs no pattern."""
AFTER_GROUPS: Mapping[str, Comparator] = {mark + member.value: member for member in Comparator for mark in ("", "led_")}
"""The group of `AFTER` that matched, to its comparator."""
DIRECTION_AFTER = re.compile(
    f"(?:{any_of(_WORDS['direction']['after']['adverbs'])}|(?:은|는|이|가|을|를|의)(?= ))?"
    f" ?(?:{any_of(_WORDS['direction']['after']['adverbs'])} ?)?(?:"
    + "|".join(
        f"(?P<{name}>{any_of(_WORDS['direction']['after'][name])})(?:[가-힣]{{0,2}}(?![가-힣])|(?![A-Za-z가-힣]))"
        for name in ("above", "below")
    )
    + ")"
)
"""The side of a difference, after unit and comparator."""
DIRECTION_BEGINS = frozenset([*"은는이가을를의", *(form[0] for form in chain(*_WORDS["direction"]["after"].values()))])
"""Each begins so, a space aside."""

IDIOMS_KO = re.compile(any_of(_WORDS["idioms"]["ko"]))
"""Korean figures of speech, from their numeral on."""
IDIOMS_EN = re.compile(any_of(_WORDS["idioms"]["en"]) + r"(?![A-Za-z])", re.IGNORECASE)
"""English figures of speech, wherever their numeral stands in them."""
JOINED_NAMES = re.compile(any_of(_WORDS["names"]["joined"]) + r"(?![0-9A-Za-z]|[.,][0-9])")
"""Names that begin with a number."""
KOREAN_NAMES = re.compile(f"{any_of(_WORDS['names']['before_ko'])} ?$")
"""Korean names that a number may end."""
KOREAN_NAMES_END = frozenset(name[-1] for name in _WORDS["names"]["before_ko"])
"""Their last syllables."""
NAME_WORDS = frozenset(_WORDS["names"]["before_en"])
"""Words after which a bare number belongs to a name, in lower case."""
PREFIXES = frozenset(_WORDS["names"]["prefixes"])
"""Korean words that may touch the number after them without making it a name."""

HYPHENED = frozenset(_WORDS["names"]["hyphened"])
"""Words that may be joined to a number by a hyphen without making a name: sub-7."""
OPENERS = frozenset((*_WORDS["names"]["openers"], *(form for form in BEFORE if form.isascii())))
"""Words whose capital says nothing, since they open sentences."""
ATTACHED_COUNTERS = frozenset(_WORDS["counting"]["attached"])
"""Counters that one-syllable native numerals are written together with."""
STANDING_ALONE: Mapping[str, tuple[str, str]] = {
    word: (many, unit) for word, (many, unit) in _WORDS["counting"]["alone"].items()
}
"""Number words that need no counter: how many, of what."""
NOT_A_COUNTED = frozenset(_WORDS["counting"]["not_after_one"])
"""Nouns before which 한 means "a certain"."""

PARTICLES: list[str] = _WORDS["particles"]["after_noun"]
"""Korean particles and suffixes a noun may carry."""
COPULAS: list[str] = _WORDS["particles"]["copula"]
"""Forms of 이다 after a noun."""
SHORT_FORMS: Mapping[str, list[str]] = _WORDS["short_forms"]
"""Short units that are also something else, by how they may stand."""

DATES: Mapping[str, Any] = _load("dates.toml")
"""Calendar words by language and use."""
NOUNS: Mapping[str, Any] = _load("nouns.toml")
"""English nouns: where their phrase ends, and their singulars."""
