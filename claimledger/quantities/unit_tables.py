"""Load the word tables of the grammar from the TOML files in this package.

Units, currencies, words, dates and nouns become dictionaries and compiled patterns. Everything that an editor may
extend is in those files. This module does not know how numbers are composed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

from claimledger.quantities.figure import FigureRole
from claimledger.vocabulary import Comparator, Direction


class Unit(NamedTuple):
    """The meaning of a printed form after a number."""

    name: str | None
    """The unit as an English singular; None for money."""
    role: FigureRole
    """The role of a number with this unit."""
    currency: str | None = None
    """The ISO 4217 code of money."""
    is_measure: bool = False
    """True for a physical unit, a share or money, which belongs to the number whatever follows."""


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def alternation(forms: Iterable[str]) -> str:
    """Return a pattern that matches any of the forms, the longest first; one branch per first character makes it fast.

    >>> alternation(["bp", "bps", "%"])
    '(?:%|b(?:ps|p))'
    """
    branches: dict[str, list[str]] = {}
    for form in sorted(set(forms), key=lambda form: (-len(form), form)):
        branches.setdefault(form[0], []).append(re.escape(form[1:]))
    return f"(?:{'|'.join(re.escape(first) + _alternatives(rest) for first, rest in sorted(branches.items()))})"


def _alternatives(rest: list[str]) -> str:
    return rest[0] if len(rest) == 1 else f"(?:{'|'.join(rest)})"


def case_variants(forms: Iterable[str]) -> list[str]:
    """Return the forms in lower case, capitalised and in capitals; this is faster than a case-insensitive pattern.

    >>> case_variants(["one"])
    ['one', 'One', 'ONE']
    """
    return [variant for form in forms for variant in (form.lower(), form[0].upper() + form[1:].lower(), form.upper())]


class CounterRule(NamedTuple):
    """A meaning of a counter in certain surroundings; every pattern that it has must match."""

    unit: str
    """The unit; "name" if the number is part of a name, "number" if the counter is no unit here."""
    number: re.Pattern[str] | None
    """The whole printed number."""
    before: re.Pattern[str] | None
    """The end of the text before the number."""
    after: re.Pattern[str] | None
    """The start of the text after the counter."""
    near: re.Pattern[str] | None
    """A word anywhere near the number."""
    cut: int
    """The number of characters at the end of the form that are a particle."""


_BETWEEN_WORDS = (
    "(?:[은는이가을를도만의중등과와]|으로|로|에서|에)? ?"
    "(?:(?:약|총|모두|각각|겨우|단|최소|최대|무려|고작|불과|또|다시|합쳐|올해|지난해|매년) ?)?$"
)
"""A particle and an adverb that may come between a counted noun and the number."""


def _load_counter_rules() -> dict[str, list[CounterRule]]:
    rules: dict[str, list[CounterRule]] = {}
    for row in _load("counters.toml")["rule"]:
        before, after, near = (row.get(key) for key in ("before", "after", "near"))
        rule = CounterRule(
            row["unit"],
            re.compile(row["number"]) if "number" in row else None,
            re.compile(f"{_join_forms(before)}{_BETWEEN_WORDS if row.get('is_noun_before') else ' ?$'}")
            if before
            else None,
            re.compile(_join_forms(after)) if after else None,
            re.compile(_join_forms(near)) if near else None,
            row.get("cut", 0),
        )
        for form in row["forms"]:
            rules.setdefault(form, []).append(rule)
    return rules


def _join_forms(forms: str | Sequence[str]) -> str:
    """Return the pattern of a row, which is a pattern already or a list of words."""
    return f"(?:{forms})" if isinstance(forms, str) else alternation(forms)


def _load_units() -> tuple[dict[str, Unit], dict[str, Unit], dict[str, Unit], dict[str, Unit]]:
    after_digits: dict[str, Unit] = {}
    after_native: dict[str, Unit] = {}
    words: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    for name, entry in _load("units.toml").items():
        unit = Unit(name, FigureRole(entry.get("role", "quantity")), None, "kind" in entry)
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


KOREAN_UNITS, NATIVE_UNITS, ENGLISH_UNITS, SYMBOLS = _load_units()
"""Printed forms after digits, after native numerals, as English words (case-folded), and as exact symbols."""

UNITS_BY_NAME: Mapping[str, Unit] = {
    name: Unit(name, FigureRole(entry.get("role", "quantity")), None, "kind" in entry)
    for name, entry in _load("units.toml").items()
}
"""Every unit of the table by its name."""
COUNTER_RULES: Mapping[str, Sequence[CounterRule]] = _load_counter_rules()
"""The rules of each ambiguous counter, the first that matches decides."""

_PRINTED_UNITS = {
    name: {"ko": entry.get("printed_ko"), "en": entry.get("printed_en"), "name_ko": entry.get("name_ko")}
    for name, entry in _load("units.toml").items()
}
"""The printed forms of a unit after a number, and its Korean name."""


_DURATIONS = frozenset(name for name, entry in _load("units.toml").items() if entry.get("role") == FigureRole.DURATION)
_COUNTING_UNITS = frozenset(name for name, entry in _load("units.toml").items() if not {"role", "kind"} & entry.keys())
_PRINTED_CURRENCIES = {
    code: {"ko": entry.get("printed_ko"), "en": entry.get("printed_en")}
    for code, entry in _load("currencies.toml").items()
}
"""The printed forms of a currency after an amount."""


def format_with_unit(number: str, unit: str, language: str) -> str:
    """Return a number with its unit as people read it.

    A unit without a printed form follows in brackets, and so does a unit that an editor named. No other unit replaces
    it.

    >>> (format_with_unit("480", "vehicle", "ko"), format_with_unit("480", "vehicle", "en"),
    ...  format_with_unit("1", "vehicle", "en"))
    ('480대', '480 vehicles', '1 vehicle')
    >>> format_with_unit("3", "family_member", "ko"), format_with_unit("3", "space_station", "en")
    ('3 (함께 있는 가족)', '3 (space station)')
    """
    printed = _PRINTED_UNITS.get(unit, {})
    form = printed.get(language)
    if form is None:
        return f"{number} ({(language == 'ko' and printed.get('name_ko')) or unit.replace('_', ' ')})"
    return f"{number}{form}" if language == "ko" else f"{number} {form[number != '1']}".strip()


def format_with_currency(number: str, code: str, language: str) -> str:
    """Return a number with its currency as people read it, or with the code if the currency's name is unknown.

    >>> (format_with_currency("130억 ", "USD", "ko"), format_with_currency("13 billion", "USD", "en"),
    ...  format_with_currency("1", "NOK", "ko"))
    ('130억 달러', '13 billion US dollars', '1 NOK')
    """
    form = _PRINTED_CURRENCIES.get(code, {}).get(language)
    if form is None:
        return f"{number.strip()} {code}"
    return f"{number}{form}" if language == "ko" else f"{number} {form[number != '1']}"


def is_duration(unit: str) -> bool:
    """Return whether a unit measures a length of time.

    >>> is_duration("year"), is_duration("vehicle")
    (True, False)
    """
    return unit in _DURATIONS


def is_counting_unit(unit: str) -> bool:
    """Return whether a unit counts single things.

    >>> is_counting_unit("vehicle"), is_counting_unit("kilogram"), is_counting_unit("year")
    (True, False, False)
    """
    return unit in _COUNTING_UNITS


CURRENCY_SIGNS: dict[str, str] = {}
"""Currency signs before a number, with their currency codes."""
GARBLED_SIGNS: dict[str, str] = {}
"""Characters that remain of a currency sign damaged in conversion, with their currency codes."""


def _load_currencies() -> None:
    for code, entry in _load("currencies.toml").items():
        money = Unit(None, FigureRole.QUANTITY, code, is_measure=True)
        for form in entry.get("ko", ()):
            KOREAN_UNITS[form] = money
        for form in entry.get("en", ()):
            ENGLISH_UNITS.setdefault(form, money)
        for form in entry.get("sign", ()):
            SYMBOLS.setdefault(form, money)
            CURRENCY_SIGNS[form] = code
        for form in entry.get("garbled", ()):
            GARBLED_SIGNS[form] = code


_load_currencies()


def _longest_by_first(forms: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for form in forms:
        longest[form[0]] = max(longest.get(form[0], 0), len(form))
    return longest


LONGEST_KOREAN = _longest_by_first(KOREAN_UNITS)
"""The length of the longest Korean form for each first character."""
LONGEST_SYMBOL = _longest_by_first(SYMBOLS)
"""The length of the longest symbol for each first character."""
ENGLISH_STARTS = frozenset(form.replace("-", " ").split(" ")[0].rstrip(".") for form in ENGLISH_UNITS)
"""The first words of the English forms."""

_WORDS = _load("words.toml")
COMPARATORS = {member.value: member for member in Comparator}
DIRECTIONS = {member.value: member for member in Direction}
"""Directions by their stored value; `COMPARATORS` likewise."""
COMPARATORS_BEFORE: Mapping[str, Comparator] = {
    form: COMPARATORS[value] for value, forms in _WORDS["before"].items() for form in forms
}
"""The comparator of each form before a number."""
COMPARATORS_BY_LAST_WORD: Mapping[str, Sequence[str]] = {
    last: [form for form in sorted(COMPARATORS_BEFORE, key=len, reverse=True) if form.split(" ")[-1] == last]
    for last in {form.split(" ")[-1] for form in COMPARATORS_BEFORE}
}
"""The forms that end with each last word, the longest first."""
DIRECTION_BEFORE: Mapping[str, Direction] = {
    form: DIRECTIONS[value] for value in ("above", "below") for form in _WORDS["direction"]["before"][value]
}
"""The direction of each verb or adverb before a difference."""
BRIDGES = frozenset(_WORDS["direction"]["before"]["bridges"])
"""Words that may come between such a verb and the number."""
_PARTICLE = "(?:이|가|을|를|도|은|는|에|에도|이나|나|보다|선을|조차)?"


_AFTER_PARTICLE = "{j} "


_WHOLE_FORMS = frozenset(("선", "꼴"))
"""Comparators of one syllable that many words begin with: 5% 선, but 22차례 선발."""
_ENDS_FORM = "(?=(?:에|에서|을|으로|로|까지|보다|인|이다|이었)(?![가-힣]{2})|[^가-힣]|$)"


def _named_groups(mark: str, chosen: Mapping[str, list[str]]) -> str:
    """Return a pattern with one named group for each comparator that has forms; English forms end with their word."""
    groups = []
    for name, forms in chosen.items():
        english = [form for form in forms if form.isascii()]
        korean = [form for form in forms if not form.isascii()]
        whole = [form for form in korean if form in _WHOLE_FORMS]
        ways = [alternation([form for form in korean if form not in whole])] if korean else []
        ways += [alternation(whole) + _ENDS_FORM] if whole else []
        ways += [f"{alternation(english)}(?![A-Za-z])"] if english else []
        groups += [f"(?P<{mark}{name}>{'|'.join(ways)})"] if ways else []
    return "|".join(groups)


def _after_pattern(forms: Mapping[str, list[str]]) -> str:
    """Return the pattern after a unit, forms without a particle first, so that a particle is tried only once."""
    plain = {name: [form for form in those if "{" not in form] for name, those in forms.items()}
    led = {name: [form[len(_AFTER_PARTICLE) :] for form in those if "{" in form] for name, those in forms.items()}
    return f"[ -]?(?:{_named_groups('', plain)}|{_PARTICLE} ?(?:{_named_groups('led_', led)}))"


COMPARATOR_AFTER = re.compile(_after_pattern(_WORDS["after"]))
"""A comparator after the unit."""
AFTER_BEGINS = frozenset(
    [
        " ",
        *"이가을를도은는에나보선조",
        *(form.removeprefix(_AFTER_PARTICLE)[0] for form in chain(*_WORDS["after"].values())),
    ]
)
"""The first characters of such a comparator, after an optional space or hyphen; other text skips the pattern."""
AFTER_GROUPS: Mapping[str, Comparator] = {mark + member.value: member for member in Comparator for mark in ("", "led_")}
"""The comparator of each group of `COMPARATOR_AFTER`."""
DIRECTION_AFTER = re.compile(
    f"(?:{alternation(_WORDS['direction']['after']['adverbs'])}|(?:은|는|이|가|을|를|의)(?= ))?"
    f" ?(?:{alternation(_WORDS['direction']['after']['adverbs'])} ?)?(?:"
    + "|".join(
        f"(?P<{name}>{alternation(_WORDS['direction']['after'][name])})(?:[가-힣]{{0,2}}(?![가-힣])|(?![A-Za-z가-힣]))"
        for name in ("above", "below")
    )
    + ")"
)
"""The side of a difference, after unit and comparator."""
DIRECTION_BEGINS = frozenset([*"은는이가을를의", *(form[0] for form in chain(*_WORDS["direction"]["after"].values()))])
"""The first characters of such a direction, after an optional space."""

IDIOMS_KO = re.compile(alternation(_WORDS["idioms"]["ko"]))
"""Korean figures of speech, from their numeral on."""
IDIOMS_EN = re.compile(alternation(_WORDS["idioms"]["en"]) + r"(?![A-Za-z])", re.IGNORECASE)
"""English figures of speech, with their numeral in any place."""
JOINED_NAMES = re.compile(alternation(_WORDS["names"]["joined"]) + r"(?![0-9A-Za-z]|[.,][0-9])")
"""Names that begin with a number."""
KOREAN_NAMES = re.compile(f"{alternation(_WORDS['names']['before_ko'])} ?$")
"""Korean names that a number may end."""
KOREAN_NAMES_END = frozenset(name[-1] for name in _WORDS["names"]["before_ko"])
"""The last syllables of these names."""
NAME_WORDS = frozenset(_WORDS["names"]["before_en"])
"""Words, in lower case, after which a bare number belongs to a name."""
PREFIXES = frozenset(_WORDS["names"]["prefixes"])
"""Korean words that may touch the number after them without making it a name."""

HYPHENATED_PREFIXES = frozenset(_WORDS["names"]["hyphened"])
"""Words that a hyphen may join to a number without making a name: sub-7."""
OPENERS = frozenset((*_WORDS["names"]["openers"], *(form for form in COMPARATORS_BEFORE if form.isascii())))
"""Words whose capital means nothing, because they begin sentences."""
ATTACHED_COUNTERS = frozenset(_WORDS["counting"]["attached"])
"""Counters that are written together with one-syllable native numerals."""
STANDALONE_NUMBERS: Mapping[str, tuple[str, str]] = {
    word: (many, unit) for word, (many, unit) in _WORDS["counting"]["alone"].items()
}
"""Number words that need no counter, with their amount and unit."""
PERSON_NOUNS: list[str] = _WORDS["counting"]["persons"]
"""Ends of Korean nouns that name people."""
NOT_COUNTED_NOUNS = frozenset(_WORDS["counting"]["not_after_one"])
"""Nouns before which 한 means "a certain"."""

WEATHER_WORDS = frozenset(_WORDS["near"]["weather"])
"""English words near a number whose C or F is a scale of temperature."""
LENGTH_WORDS = frozenset(_WORDS["near"]["length"])
"""English words near a number whose m is metres."""
MULTIPLES: Mapping[str, tuple[str, str]] = {word: (many, unit) for word, (many, unit) in _WORDS["multiples"].items()}
"""English words that are a multiple or a share, with their amount and unit."""
NOT_SCALE_WORDS: Mapping[str, list[str]] = _WORDS["scales"]["not_before"]
"""For 조, 천 and 백, the syllables after them that make another word."""
COUNTED_IN_VAST_NUMBERS: list[str] = _WORDS["scales"]["counted_in_vast_numbers"]
"""The words after 경 when it is the scale word."""
MONEY_WORDS: Mapping[str, list[str]] = _WORDS["scales"]["money"]
"""Words before and after a bare number in 조 that show an amount of money."""
LAW_WORDS: Mapping[str, list[str]] = _WORDS["law"]
"""Words before and after 조 that show an article of a law."""
PARTICLES: list[str] = _WORDS["particles"]["after_noun"]
"""Korean particles and suffixes that a noun may carry."""
COPULAS: list[str] = _WORDS["particles"]["copula"]
"""Forms of 이다 after a noun."""
SHORT_FORMS: Mapping[str, list[str]] = _WORDS["short_forms"]
"""Short units that also mean something else, grouped by the positions in which they are units."""

CALENDAR_WORDS: Mapping[str, Any] = _load("dates.toml")
"""Calendar words by language and use."""
LIMITS: Mapping[str, Mapping[str, float]] = _load("limits.toml")
"""The greatest amount of each unit, and of units without an entry by their kind."""
NOUN_RULES: Mapping[str, Any] = _load("nouns.toml")
"""English nouns: the words that end their phrase, and their singulars."""
