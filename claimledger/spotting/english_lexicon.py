"""The words of English that report, and the small words around them.

In: the TOML files beside this module, which an editor may extend. Out: `VERBS` and `NOUNS`, from a form in lower case
to what it may be a form of, `TAGS` for small words, `REPORTABLE` for classes. The invariant: every listed verb is
found in all its forms. It must not know sentences.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.resources import files
from typing import Any, NamedTuple


class Form(StrEnum):
    """Which form of a verb a word may be."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"


class Verb(NamedTuple):
    """One reading of a word as a form of a reporting verb."""

    lemma: str
    """The infinitive, particle included."""
    form: Form
    """Which form of it the word is."""
    cue_class: str
    """What the verb does."""
    takes: frozenset[str]
    """What may follow."""
    particle: tuple[str, ...]
    """Words that must follow for this reading."""


class Noun(NamedTuple):
    """A noun that reports: "the claim that"."""

    cue_class: str
    """What it stands for."""
    takes: frozenset[str]
    """What may follow."""


def load(name: str) -> dict[str, Any]:
    """Return a data file of this package."""
    return tomllib.loads((files("claimledger.spotting") / name).read_text(encoding="utf-8"))


_FORMS = load("english_forms.toml")
_IRREGULAR: Mapping[str, list[str]] = _FORMS["irregular"]
_DOUBLED = frozenset(_FORMS["doubled"]["words"])
_SINGLE = frozenset(_FORMS["doubled"]["single"])


def inflect(verb: str) -> dict[Form, frozenset[str]]:
    """Return the forms of a verb.

    >>> sorted(inflect("deny")[Form.THIRD] | inflect("admit")[Form.PAST] | inflect("write")[Form.GERUND])
    ['admitted', 'denies', 'writing']
    """
    past = frozenset((_past(verb),))
    participle = past
    if verb in _IRREGULAR:
        past, participle = (frozenset((form,)) for form in _IRREGULAR[verb])
    return {
        Form.BASE: frozenset((verb,)),
        Form.THIRD: frozenset((_third(verb),)),
        Form.PAST: past,
        Form.PARTICIPLE: participle,
        Form.GERUND: frozenset((_gerund(verb),)),
    }


def _is_doubled(verb: str) -> bool:
    if verb in _SINGLE:
        return False
    if verb in _DOUBLED:
        return True
    has_one_vowel = sum(letter in "aeiou" for letter in verb) == 1
    return has_one_vowel and verb[-1] not in "aeiouwxy" and verb[-2:-1] in tuple("aeiou")


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def plural(noun: str) -> str:
    """Return the regular plural of a noun.

    >>> plural("study"), plural("press release"), plural("boss")
    ('studies', 'press releases', 'bosses')
    """
    return _third(noun)


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + (verb[-1] if _is_doubled(verb) else "") + "ed"


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if _is_doubled(verb) else "") + "ing"


_CUES = load("english_cues.toml")
REPORTABLE: Mapping[str, bool] = {name: row["reportable"] for name, row in _CUES["classes"].items()}
"""Class of cue to whether the desk is offered such statements."""
PHRASES = frozenset(name for name, row in _CUES["classes"].items() if row.get("phrases", False))
"""Classes in which a noun phrase is statement enough."""


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


VERBS: Mapping[str, tuple[Verb, ...]] = _verbs()
"""A form in lower case to the verbs it may be a form of."""
NOUNS: Mapping[str, Noun] = _nouns()
"""A noun in lower case, singular or plural, to what it reports."""

_CLOSED = load("english_closed.toml")
TAGS: Mapping[str, str] = {word: tag for tag, words in _CLOSED["tags"].items() for word in words.split()}
"""A small word to its tag."""
FINITE = frozenset(_CLOSED["finite"]["words"].split())
"""Verbs that show a clause has begun."""
LABELS = frozenset(_CLOSED["labels"]["words"].split())
"""Words that say, before a colon, whose statement a sentence is."""
