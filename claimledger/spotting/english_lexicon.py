"""Load the English words that report, and function words, from the TOML files beside this module.

An editor may extend these files. Every listed verb is found in all its forms. This module does not know sentences.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.resources import files
from typing import Any, NamedTuple


class VerbForm(StrEnum):
    """The forms of a verb."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"


class Verb(NamedTuple):
    """One reading of a word as a form of a reporting verb."""

    lemma: str
    """The infinitive, particle included."""
    form: VerbForm
    """The form of the verb."""
    cue_class: str
    """The class of the verb, for example say or deny."""
    takes: frozenset[str]
    """The kinds of complement that may follow."""
    particle: tuple[str, ...]
    """The words that must follow for this reading."""


class Noun(NamedTuple):
    """A noun that reports: "the claim that"."""

    cue_class: str
    """The class of the noun."""
    takes: frozenset[str]
    """The words that may follow."""


def load_words(name: str) -> dict[str, Any]:
    """Return the content of a TOML data file of this package."""
    return tomllib.loads((files("claimledger.spotting") / name).read_text(encoding="utf-8"))


_FORMS = load_words("english_forms.toml")
_IRREGULAR: Mapping[str, list[str]] = _FORMS["irregular"]
_DOUBLED = frozenset(_FORMS["doubled"]["words"])
_SINGLE = frozenset(_FORMS["doubled"]["single"])


def inflect(verb: str) -> dict[VerbForm, frozenset[str]]:
    """Return the forms of a verb.

    >>> sorted(inflect("deny")[VerbForm.THIRD] | inflect("admit")[VerbForm.PAST] | inflect("write")[VerbForm.GERUND])
    ['admitted', 'denies', 'writing']
    """
    past = frozenset((_past_form(verb),))
    participle = past
    if verb in _IRREGULAR:
        past, participle = (frozenset((form,)) for form in _IRREGULAR[verb])
    return {
        VerbForm.BASE: frozenset((verb,)),
        VerbForm.THIRD: frozenset((_third_person(verb),)),
        VerbForm.PAST: past,
        VerbForm.PARTICIPLE: participle,
        VerbForm.GERUND: frozenset((_gerund(verb),)),
    }


def _is_doubled(verb: str) -> bool:
    if verb in _SINGLE:
        return False
    if verb in _DOUBLED:
        return True
    has_one_vowel = sum(letter in "aeiou" for letter in verb) == 1
    return has_one_vowel and verb[-1] not in "aeiouwxy" and verb[-2:-1] in tuple("aeiou")


def _third_person(verb: str) -> str:
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def plural(noun: str) -> str:
    """Return the regular plural of a noun.

    >>> plural("study"), plural("press release"), plural("boss")
    ('studies', 'press releases', 'bosses')
    """
    return _third_person(noun)


def _past_form(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + (verb[-1] if _is_doubled(verb) else "") + "ed"


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if _is_doubled(verb) else "") + "ing"


_CUES = load_words("english_cues.toml")
REPORTABLE_CLASSES: Mapping[str, bool] = {name: row["reportable"] for name, row in _CUES["classes"].items()}
"""True for each class of cue whose statements the desk offers."""
PHRASE_CLASSES = frozenset(name for name, row in _CUES["classes"].items() if row.get("phrases", False))
"""Classes for which a noun phrase is enough content."""


def _verb_rows() -> Iterator[tuple[str, Verb]]:
    for row in _CUES["verbs"]:
        for lemma in row["words"]:
            verb, *particle = lemma.split()
            for form, words in inflect(verb).items():
                for word in words:
                    yield word, Verb(lemma, form, row["class"], frozenset(row["takes"]), tuple(particle))


def _verbs() -> dict[str, tuple[Verb, ...]]:
    """Return all readings of each form; those with a particle come first."""
    found: dict[str, list[Verb]] = defaultdict(list)
    for word, verb in _verb_rows():
        found[word].append(verb)
    return {word: tuple(sorted(rows, key=lambda row: -len(row.particle))) for word, rows in found.items()}


def _nouns() -> dict[str, Noun]:
    found: dict[str, Noun] = {}
    for row in _CUES["nouns"]:
        for word in row["words"]:
            for form in (word, plural(word)):
                known = found.get(form, Noun(row["class"], frozenset()))
                found[form] = known._replace(takes=known.takes | frozenset(row["takes"]))
    return found


REPORTING_VERBS: Mapping[str, tuple[Verb, ...]] = _verbs()
"""The verbs that each form, in lower case, may belong to."""
REPORTING_NOUNS: Mapping[str, Noun] = _nouns()
"""The reporting nouns, in lower case, singular and plural."""

REPORTING_ADJECTIVES: Mapping[str, Verb] = {
    word: Verb(word, VerbForm.PARTICIPLE, row["class"], frozenset(row["takes"]), ())
    for row in _CUES["adjectives"]
    for word in row["words"]
}
"""The adjectives that report after a form of be, in lower case."""

_CLOSED = load_words("english_closed.toml")
TAGS: Mapping[str, str] = {word: tag for tag, words in _CLOSED["tags"].items() for word in words.split()}
"""The tags of function words."""
FINITE_VERBS = frozenset(_CLOSED["finite"]["words"].split())
"""Verbs that show that a clause has begun."""
MEASUREMENTS = frozenset(_CLOSED["measurements"]["words"].split())
"""Nouns for a measurement, which is the source of its result after "in" or "by"."""
NOT_SPEAKERS = frozenset(_CLOSED["labels"]["others"].split())
"""Words that, before a colon and a quotation, name no speaker."""
LABELS = frozenset(_CLOSED["labels"]["words"].split())
"""Words that, before a colon, name the kind of source of a sentence: "Poll: …"."""
