"""Find the noun that an English number counts, without a parser.

The noun is the head of the noun phrase after the number; at most six words are read. This module does not know numbers
or units of measure.
"""

from __future__ import annotations

import re

from claimledger.quantities.unit_tables import NOUN_RULES

_WORDS = re.compile(r"(?:(?:[ -]|' |- )(?=[A-Za-z])[A-Za-z][A-Za-z0-9']*+(?:(?<=[A-Za-z])/[A-Za-z]+)?){1,6}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'/]*")
_ACRONYMS = re.compile("[A-Z]s$")
_STOP = frozenset(NOUN_RULES["stop"])
_ADJECTIVE = re.compile(r"(?:al|ic|ous|ive|able|ible|ful|less|ary|ed|ing|est|ern|ean|ish|ese)$")
_ADJECTIVES = frozenset(NOUN_RULES["adjectives"])
_PLURALS = frozenset(NOUN_RULES["plurals"])
_NOT_PLURALS = ("ss", "us", "is", "'s", "ous")
_SINGULARS: dict[str, str] = NOUN_RULES["singulars"]


def singularize(noun: str) -> str:
    """Return an English noun in the singular and in lower case.

    >>> singularize("companies"), singularize("boxes"), singularize("fishermen")
    ('company', 'box', 'fisherman')
    """
    word = noun.lower()
    if word in _SINGULARS:
        return _SINGULARS[word]
    if word.endswith("men"):
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > len("pies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    is_plural = (_is_plural(word) and word not in _PLURALS) or _ACRONYMS.search(noun)
    return word[:-1] if is_plural else word


def _is_plural(word: str) -> bool:
    return word not in _SINGULAR_IN_S and (
        word in _PLURALS
        or (len(word) > len("us") and word.endswith("s") and not word.endswith(_NOT_PLURALS))
        or word.endswith("men")
    )


def read_noun(text: str, end: int, *, is_one: bool) -> tuple[str, int] | None:
    """Return the noun counted by the number that ends at `end`, and the end of the noun.

    >>> read_noun("40 different gadgets and", 2, is_one=False)
    ('gadget', 20)
    """
    found = _WORDS.match(text, end)
    if not found:
        return None
    phrase: list[re.Match[str]] = []
    for word in _WORD.finditer(found[0]):
        lower = word[0].lower()
        if lower in _STOP and not (lower in _MORE and not phrase) and not (lower in _LINKS and _may_go_on(phrase)):
            break
        if lower not in _STOP:
            phrase.append(word)
    if not phrase:
        return None
    head = _singular_head(phrase) if is_one else _plural_head(phrase)
    if (head is None and len(phrase) > 1 and phrase[0][0] in _ATTRIBUTIVE) or _is_joined(text, end, phrase):
        head = phrase[0]
    return (singularize(head[0]), end + head.end()) if head else None


_MORE = frozenset(("more", "fewer", "less"))
"""Words between a number and its noun: three more teachers."""
_NOT_JOINED = frozenset(NOUN_RULES["not_joined"])
_SINGULAR_IN_S = frozenset(NOUN_RULES["singulars_in_s"])
_LINKS = frozenset(("and", "or"))
_ATTRIBUTIVE = frozenset(NOUN_RULES["attributive"])
"""Singulars that a number counts before another noun: an 11 member panel."""


def _is_joined(text: str, end: int, phrase: list[re.Match[str]]) -> bool:
    """Return whether a hyphen joins the number to its noun, whatever follows: six-cylinder engine options."""
    return text[end] == "-" and phrase[0][0].lower() not in _NOT_JOINED


def _may_go_on(phrase: list[re.Match[str]]) -> bool:
    """Return whether a phrase may go on after "and": it has no noun yet, as in "digital and physical sales"."""
    return bool(phrase) and not any(_is_plural(word[0].lower()) or _ACRONYMS.search(word[0]) for word in phrase)


def _singular_head(phrase: list[re.Match[str]]) -> re.Match[str] | None:
    for place, word in enumerate(phrase[:3]):
        lower = word[0].lower()
        following = phrase[place + 1][0].lower() if place + 1 < len(phrase) else ""
        if following and not _is_plural(following) and (lower in _ADJECTIVES or _ADJECTIVE.search(lower)):
            continue
        return None if (place == 0 and _is_plural(lower)) or (not following and lower.endswith(("ing", "ed"))) else word
    return None


_COMPOUND = frozenset(NOUN_RULES["compound"])
"""Plurals that describe the noun after them."""


def _plural_head(phrase: list[re.Match[str]]) -> re.Match[str] | None:
    plurals = [word for word in phrase if _is_plural(word[0].lower()) or _ACRONYMS.search(word[0])]
    if len(plurals) > 1 and plurals[0][0].lower() in _COMPOUND and plurals[1].start() == plurals[0].end() + 1:
        return plurals[1]
    return plurals[0] if plurals else None


_SIZES = re.compile(
    r" ?(?:long|wide|high|tall|deep|thick|away|across|above|below|apart|from|further|in (?:length|height|width|depth)"
    r"|race|dash|sprint|swim|relay|pool|final|heats?|freestyle|breaststroke|backstroke|butterfly|medley|hurdles|run|walk"
    r"|steeplechase|title|champion|record|race|races|runner|runners|sprinter|waves?|cables?|ceilings?|fences?|walls?)\b"
)
"""Words that follow a length or name a race over it."""
_COUNTED_WORDS = 3


def counts_noun(text: str, end: int) -> bool:
    """Return whether a plural noun, or a unit in full letters, follows a number within three words.

    >>> counts_noun("2.3m people", 4), counts_noun("22.4m long", 5), counts_noun("37m (121ft)", 3)
    (True, False, False)
    """
    found = _WORDS.match(text, end)
    if not found or text[end] != " " or _SIZES.match(text, end):
        return False
    for place, word in enumerate(_WORD.finditer(found[0])):
        lower = word[0].lower()
        if place >= _COUNTED_WORDS or lower in _STOP:
            return False
        if _is_plural(lower):
            return True
    return False


def begins_with_noun(text: str, end: int) -> bool:
    """Return whether a word that is not a function word follows directly.

    >>> begins_with_noun("one that was", 3), begins_with_noun("one proposal asks", 3)
    (False, True)
    """
    found = _WORDS.match(text, end)
    return bool(found) and _WORD.search(found[0])[0].lower() not in _STOP  # type: ignore[index]
