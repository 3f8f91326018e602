"""Read an English source as name, role, organisation and other names, or as the description of an anonymous person.

The words beside a cue become a `SourceDescription`, by their capitals and the lists of `english_people.toml`. Every
part is a passage of those words with single spaces. This module does not know other sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from claimledger.spotting.english_lexicon import load_words, plural


class SourceDescription(NamedTuple):
    """A source as its own words describe it."""

    name: str
    """The name, or the description."""
    role: str | None
    """The role, as printed, without its article."""
    organization: str | None
    """The organisation, as printed; it equals the name if the source is an organisation."""
    is_anonymous: bool
    """True if the words only describe the source."""
    aliases: tuple[str, ...]
    """Other forms of the name, in parentheses."""


_PEOPLE = load_words("english_people.toml")


def _with_plurals(words: Iterable[str]) -> frozenset[str]:
    listed = tuple(words)
    return frozenset(listed) | frozenset(map(plural, listed))


TITLES: dict[str, str] = _PEOPLE["titles"]
"""Titles before a name, with the pronoun that fits them; empty for any."""
ROLES = frozenset(_PEOPLE["roles"]["nouns"])
"""Nouns for an office or a trade."""
_MODIFIERS = frozenset(_PEOPLE["roles"]["modifiers"])
_ROLES_AND_PLURALS = _with_plurals(ROLES)
ANONYMOUS_NOUNS = _with_plurals(_PEOPLE["anonymous"]["nouns"])
"""Nouns that only describe a person."""
DOCUMENT_NOUNS = _with_plurals(_PEOPLE["documents"]["nouns"])
"""Nouns for something written or measured."""
ORGANIZATION_ENDINGS = frozenset(_PEOPLE["organizations"]["endings"])
"""Last words of the names of organisations."""
ORGANIZATION_NOUNS = _with_plurals(_PEOPLE["organizations"]["nouns"])
"""Nouns that mean an organisation."""
_INSTITUTIONS = frozenset(_PEOPLE["institutions"]["nouns"])
_OFFICES = frozenset(_PEOPLE["institutions"]["offices"])
_COMMON = _ROLES_AND_PLURALS | ANONYMOUS_NOUNS
_ORIGINS = frozenset(_PEOPLE["origins"]["adjectives"])
NOUNS_WITHOUT_ROLE = frozenset(("official", "officials", "source", "sources", "person", "people"))
"""Nouns that are not a role without other words."""

_PARENTHESIS = re.compile(r"\s*\(([^()]*)\)?")
_NOT_ALIAS = re.compile(r"^(?:[RDI]-|\d)|^(?:right|left|above|below|pictured|center|D|R|I)$")
_SPLIT = re.compile(r"\s*(?:,(?!\d{3}\b)|—|–|--| - )\s*")
_ARTICLE = re.compile(
    r"^(?:the|an?|his|her|its|their|our|some|many|several|one|two|another|other|most)\s+", re.IGNORECASE
)
_INDEFINITE = re.compile(r"(?:an?|one|two|another|other|some|several|many|most)\s", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|at|for|with)\s+(?:the\s+)?(?:[a-z-]+\s+){0,2}(?=[\"“A-Z가-힣一-鿿])")
_TAIL = re.compile(r"\s+(?:who|which|that|whose|where|and an?|and the|and is)\s.*$", re.DOTALL)
_OWNER = re.compile(r"^([A-Z][\w&.-]*|(?:[A-Z]\w*\s)+[A-Z]\w*)[’']s?\s+(?=[a-z])")
_NAMED = r"[A-Z][\w.&’'-]*(?: [\w.&’'-]+){0,3}"
_LIST = re.compile(rf"{_NAMED}(?:, {_NAMED})*,? and {_NAMED}")
_HEAD_ENDS = re.compile(r",|\s(?:of|by|from|in|on|at|for|released|published|conducted|commissioned|that|which|with)\s")
_PREPOSITIONS = frozenset(("of", "at", "for", "with", "from", "in", "by", "on", "to"))
_PARTICLES = frozenset((
    "de", "van", "von", "bin", "ibn", "al", "el", "da", "di", "la", "le", "du", "der", "den", "of", "the", "and", "&",
    "for",
))  # fmt: skip
_LONGEST_ROLE = 8
_LONGEST_CITED = 5
_SOURCES = _COMMON | DOCUMENT_NOUNS | ORGANIZATION_NOUNS


def describe_source(words: str) -> SourceDescription:
    """Return the description of a source from its words.

    >>> describe_source("Kim Min-ji, the chief executive of Hanbit Labs")[:3]
    ('Kim Min-ji', 'chief executive', 'Hanbit Labs')
    >>> describe_source("Harbor Board Press Secretary Ruth Okafor")[:3]
    ('Ruth Okafor', 'Press Secretary', 'Harbor Board')
    >>> describe_source("a person familiar with the talks").is_anonymous
    True
    """
    words = " ".join(words.split())
    aliases = tuple(alias for alias in _PARENTHESIS.findall(words) if alias.strip() and not _NOT_ALIAS.search(alias))
    plain = _PARENTHESIS.sub("", words).strip(" ,;:—–-.")
    if _LIST.fullmatch(plain) and ROLES.isdisjoint(plain.lower().split()):
        return SourceDescription(plain, None, None, is_anonymous=False, aliases=())
    head, *rest = _SPLIT.split(plain) if plain else [words]
    described = _read_head(head or words)
    for part in rest:
        described = _add_apposition(described, part)
    return described._replace(aliases=tuple(alias.strip() for alias in aliases))


def _is_capital(word: str) -> bool:
    letters = word.lstrip("“\"‘'(0123456789/$")
    return letters[:1].isupper() or (bool(letters) and not letters[0].isascii()) or word[:1].isdigit()


def _read_head(head: str) -> SourceDescription:
    bare = _ARTICLE.sub("", head)
    words = bare.split()
    if _is_office(words) or bare.lower() in DOCUMENT_NOUNS:
        return _describe_anonymous(head, words)
    name_at = None if bare[:1].isdigit() else _name_start(words)
    if name_at is None:
        return _describe_anonymous(head, words)
    before, name = words[:name_at], words[name_at:]
    full = head if name_at == 0 else " ".join(name)
    role, organization = _split_role(before)
    person, place = _split_of_organization(full)
    if place is None and role is None and _is_organization(name):
        return SourceDescription(head, None, head, is_anonymous=False, aliases=())
    return SourceDescription(_without_title(person), role, organization or place, is_anonymous=False, aliases=())


def _is_office(words: list[str]) -> bool:
    """Return whether the words begin with a common noun and its complement: "chairman of", "survey by"."""
    places = (at for at in range(1, len(words)) if words[at] in _PREPOSITIONS)
    at = next(places, None)
    return at is not None and (not _is_capital(words[at - 1]) or words[at - 1].lower() in _COMMON)


def _split_of_organization(name: str) -> tuple[str, str | None]:
    """Return the two parts of "Kim Min-ji of Hanbit Labs"."""
    person, of, organization = name.partition(" of ")
    words = person.split()
    if not of or not words[1:] or any(word.lower() in ORGANIZATION_ENDINGS for word in words):
        return name, None
    return person, organization.removeprefix("the ")


def _without_title(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() in TITLES and rest else name


def _name_start(words: list[str]) -> int | None:
    """Return the index of the name that ends a head; None if the head ends in a common noun."""
    if not words or not _is_capital(words[-1]) or (words[-1].lower() in _COMMON and not _is_surname(words)):
        return None
    first = len(words) - 1
    while first and _continues_name(words, first - 1):
        first -= 1
    return first


def _continues_name(words: list[str], at: int) -> bool:
    """Return whether a word may be part of a name, and not the role before it as in "Press Secretary Ruth"."""
    low = words[at].lower()
    if low.rstrip(",") in ROLES and low not in TITLES:
        return False
    return _is_capital(words[at]) or (words[at] in _PARTICLES and at > 0 and _is_capital(words[at - 1]))


def _is_surname(words: list[str]) -> bool:
    """Return whether a noun like "King" ends a name."""
    if not words[:-1]:
        return False
    before = words[-2].lower()
    return before in TITLES or (_is_capital(words[-2]) and before not in _COMMON | _MODIFIERS | ORGANIZATION_ENDINGS)


def _is_organization(name: list[str]) -> bool:
    first, last = name[0].lower(), name[-1].lower()
    has_ending = not ORGANIZATION_ENDINGS.isdisjoint((last, last.rstrip("s")))
    return has_ending or (bool(name[2:]) and first in ORGANIZATION_ENDINGS)


def _split_role(before: list[str]) -> tuple[str | None, str | None]:
    """Return role and organisation of the words before a name."""
    last = len(before)
    if not last or before[-1].lower() not in ROLES:
        return None, None
    first = last - 1
    while first and _continues_role(before, first - 1):
        first -= 1
    return " ".join(before[first:]), _role_organization(before[:first])


def _continues_role(before: list[str], at: int) -> bool:
    low = before[at].lower()
    return low in ROLES or low in _MODIFIERS or (low == "and" and at > 0 and before[at - 1].lower() in ROLES)


def _role_organization(words: list[str]) -> str | None:
    """Return the organisation that words before a role name, or None."""
    if not words or words[0].lower() in _ORIGINS or not words[0][0].isalpha():
        return None
    if not all(_is_capital(word) or word in _PARTICLES for word in words):
        return None
    named = " ".join(words)
    owner = re.sub(r"[’']s?$", "", named)
    return None if owner != named and len(words) > 1 else owner


def _describe_anonymous(head: str, words: list[str]) -> SourceDescription:
    """Describe a source without a name: "Harbor Board officials", "the chairman of Hanbit Labs"."""
    if is_institution(head):
        return SourceDescription(head, None, head, is_anonymous=False, aliases=())
    role, organization = _split_office(head)
    if organization is None and words and _is_capital(words[0]) and head[:1] == words[0][:1]:
        run = list(takewhile(_is_capital, words[:-1]))
        if len(run) > 1 or any(word.isupper() for word in run):
            organization = _role_organization(run)
    return SourceDescription(head, role, organization, is_anonymous=not is_document(head), aliases=())


def is_institution(words: str) -> bool:
    """Return whether words name an institution that everyone knows: "police", "the health ministry".

    >>> [is_institution(words) for words in ("the central bank", "the health ministry", "the ministry", "a ministry")]
    [True, True, False, False]
    """
    if _INDEFINITE.match(words):
        return False
    low = _ARTICLE.sub("", words).lower().split()
    is_office = len(low) > 1 and low[-1] in _OFFICES and _PREPOSITIONS.isdisjoint(low) and "".join(low).isalpha()
    return is_office or " ".join(low) in _INSTITUTIONS


def is_document(words: str) -> bool:
    """Return whether words describe something written or measured, and no person.

    >>> is_document("a report by Daon Securities"), is_document("the report's author")
    (True, False)
    """
    head = _HEAD_ENDS.split(words.lower(), maxsplit=1)[0].split()
    return bool(head) and head[-1] in DOCUMENT_NOUNS


def names_source(words: str) -> bool:
    """Return whether words name or describe somebody who can be a source, as after "citing".

    >>> names_source("two people familiar with the talks"), names_source("rising costs")
    (True, False)
    """
    return any(_is_capital(word) or word.lower() in _SOURCES for word in words.split()[:_LONGEST_CITED])


def _split_office(words: str) -> tuple[str | None, str | None]:
    """Return role and organisation of "the chairman of Hanbit Labs"."""
    role, *rest = _OF.split(_TAIL.sub("", _ARTICLE.sub("", words)), maxsplit=1)
    organization: str | None = rest[0].strip() if rest else None
    if owner := _OWNER.match(role):
        organization = organization or str(owner[1])
        role = role[owner.end() :]
    parts = role.lower().split()
    if not parts or parts[-1] not in _COMMON:
        return None, None
    is_role = parts[-1] in ROLES - NOUNS_WITHOUT_ROLE and "of" not in parts and len(parts) <= _LONGEST_ROLE
    return (role, organization) if is_role else (None, organization if parts[-1] in ANONYMOUS_NOUNS else None)


def _add_apposition(described: SourceDescription, part: str) -> SourceDescription:
    """Add the words after a name: "the chairman of Y", "R-Va.", "a person", "82"."""
    if described.is_anonymous and len(part.split()) > 1 and all(map(_is_capital, part.split())):
        role = described.role or _ARTICLE.sub("", described.name)
        return described._replace(name=part, role=role, is_anonymous=False)
    if described.role is not None or not part or not part[0].isalpha():
        return described
    office, organization = _split_office(part)
    if office is None or (described.is_anonymous and _is_capital(part)):
        return described
    return described._replace(role=office, organization=described.organization or organization)
