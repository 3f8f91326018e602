"""Find the antecedent of a definite noun ("the company", "the ministry", "the filing"), and limits of pronouns.

Such a noun is neither a name nor a person without a name. It stands for an organisation named earlier in the paragraph;
if several are possible, or none, no speaker is named. A pronoun means an earlier speaker only if no sentence between
them has another subject. This module does not know statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from claimledger.spotting.english_lexicon import TAGS, load_words
from claimledger.spotting.english_quotes import TextRange
from claimledger.spotting.english_speakers import (
    ANONYMOUS_NOUNS, ORGANIZATION_ENDINGS, ORGANIZATION_NOUNS, ROLES, TITLES, is_institution,
)  # fmt: skip

_REFERENCES = load_words("english_people.toml")["references"]
_COMPANIES = frozenset(_REFERENCES["companies"])
"""Nouns for any company; every other noun must be a word of the name."""
_AUTHORED = frozenset(_REFERENCES["authored"])
"""Documents that speak for their author, who is the source."""
_COMPANY_ENDINGS = ORGANIZATION_ENDINGS - frozenset(_REFERENCES["public_endings"])
_DEFINITE = frozenset(("the", "this", "that", "its", "his", "her", "their", "our"))
_LONGEST_MODIFIED = 4
_PERSONS = ROLES | ANONYMOUS_NOUNS
_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSen)(?<!\bGov)(?<!\bRep)(?<!\b[A-Z])[.?!][”\"’)]*\s+(?=[“\"‘(A-Z])"
)
_CONTRAST = re.compile(r"\b(?:but|while|whereas|although|though)\s+(?=[A-Z])")
_SUBJECT = re.compile(r"[^\W\d_][\w’'-]*")
_IT = re.compile(r"(?:(?:But|And|Also|However,)\s)?(?:It|They|Its|Their)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:[“\"].*|(?:But|And|However|Also|Moreover|Still|Yet|In|On|At|For|By|Since|During)\b[^.?!]*,?\s)?", re.DOTALL
)
_WORD = r"[A-Z][\w&’'-]*"
_NAME = re.compile(rf"{_WORD}(?:\s{_WORD})*(?:\s(?:of|for)(?:\sthe)?\s{_WORD}(?:\s{_WORD})*(?:\sand\s{_WORD})?)?")
_PLACE = re.compile(r"\b(?:in|at|near|from|outside|across)\s(?:the\s)?$")
_IS_ROLE = re.compile(r",\s(?:(?:the|a|an|its|his|her|their)\s)?((?:[\w-]+\s){0,3}?[\w-]+)")
_POSSESSIVE = re.compile(r"[’']s?$")


def reference_noun(words: str) -> str | None:
    """Return the noun of a reference to an organisation or to a document of somebody, else None.

    >>> [reference_noun(words) for words in ("The company", "its board", "says bank".split()[1], "the health ministry")]
    ['company', 'board', 'bank', None]
    """
    parts = words.lower().split()
    if not parts or is_institution(words):
        return None
    noun = parts[-1]
    if len(parts) == 1:
        return noun if noun in ORGANIZATION_NOUNS and not noun.endswith("s") and words.islower() else None
    if parts[0] not in _DEFINITE or noun not in ORGANIZATION_NOUNS | _AUTHORED:
        return None
    is_modified = parts[1:-1] != []
    return noun if not is_modified or (noun in _COMPANIES and len(parts) <= _LONGEST_MODIFIED) else None


def find_antecedent(text: str, noun: str, within: TextRange, persons: Sequence[str]) -> TextRange | None:
    """Return the organisation named in a range that a noun refers to, if only one is possible.

    A name after "in" or "from" is a place, and `persons` are no organisations. Any other name that might be a company
    makes the reference ambiguous.

    >>> text = "Daon Motors lost money. The company"
    >>> text[slice(*(find_antecedent(text, "company", (0, 24), ()) or (0, 0)))]
    'Daon Motors'
    """
    if noun in _AUTHORED:
        return None
    found: dict[str, TextRange] = {}
    for span in _names(text, within):
        words = text[slice(*span)].lower().split()
        if noun in _COMPANIES:
            if words[-1] not in _COMPANY_ENDINGS and not _is_no_organization(text, span, persons):
                return None
            is_fitting = words[-1] in _COMPANY_ENDINGS
        else:
            is_fitting = noun in words
        if is_fitting:
            found.setdefault(" ".join(words), span)
    return next(iter(found.values())) if len(found) == 1 else None


def _names(text: str, within: TextRange) -> Iterator[TextRange]:
    """Yield the capitalised names of a range, without function words at their start."""
    for match in _NAME.finditer(text, *within):
        start, end = match.span()
        while start < end and text[start:end].split(maxsplit=1)[0].lower() in TAGS:
            rest = text[start:end].split(maxsplit=1)[1:]
            start = end - len(rest[0]) if rest else end
        end -= len(text[start:end]) - len(_POSSESSIVE.sub("", text[start:end]))
        if start < end:
            yield start, end


def _is_no_organization(text: str, span: TextRange, persons: Sequence[str]) -> bool:
    """Return whether a name is a place or a person: after "in", beside a role, or known as a person."""
    name = text[slice(*span)]
    words = [word.lower() for word in name.split()]
    if _PLACE.search(text, max(0, span[0] - 12), span[0]) or not ROLES.isdisjoint(words) or words[0] in TITLES:
        return True
    if any(name in person or person in name for person in persons):
        return True
    apposition = _IS_ROLE.match(text, span[1], span[1] + 80)
    return apposition is not None and not ROLES.isdisjoint(apposition[1].lower().split())


def has_other_subject(text: str, first: int, place: int) -> bool:
    """Return whether "it" or "they" at a place may mean another subject than the source that ends at `first`.

    Every sentence between them must begin with such a pronoun, and so must the sentence of the pronoun itself.

    >>> line = "The report said it fell. The well was dry. It said"
    >>> has_other_subject(line, 10, 43), has_other_subject(line[:25] + "It said", 10, 25)
    (True, False)
    """
    starts = [match.end() for match in _SENTENCE.finditer(text, first, place + 1)]
    if not starts:
        return False
    own = text[starts[-1] : place]
    return any(not _IT.match(text, start) for start in starts[:-1]) or not _OPENING.fullmatch(own)


def names_other_person(text: str, first: int, place: int, name: str) -> bool:
    """Return whether a sentence or clause between a name and "he" or "she" begins with another person.

    >>> line = "Cho said it fell. Adeyemi laughed. He said"
    >>> names_other_person(line, 3, 35, "Cho"), names_other_person(line, 3, 35, "Tom Adeyemi")
    (True, False)
    """
    whole = [match.end() for match in _SENTENCE.finditer(text, first, place + 1)][:-1]
    clauses = [match.end() for match in _CONTRAST.finditer(text, first, place)]
    return any(_begins_with_person(text, start, name) for start in [*whole, *clauses])


def _begins_with_person(text: str, start: int, name: str) -> bool:
    words = _SUBJECT.findall(text, start, start + 80)[:_LONGEST_MODIFIED]
    if not words:
        return False
    first = words[0]
    if TAGS.get(first.lower()) == "D":
        return not _PERSONS.isdisjoint(word.lower() for word in words[1:])
    is_name = first[0].isupper() and first.lower() not in TAGS and first.lower() != "to"
    return is_name and first not in name.split()
