"""Compare the speakers and organisations that a statement names with those that the reader sees in the article.

A name is compared only in its own script. A statement may name a person whom the passage calls "he", if the article
names that person anywhere; it may not name a person whom the article does not name, while the passage names another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.quoted_words import is_same_script
from claimledger.agreement.word_lists import (
    GENERIC_SPEAKERS, ORGANISATIONS_EN, ORGANISATIONS_KO, SAYING_EN, SAYING_KO, KOREAN_TITLES,
)  # fmt: skip
from claimledger.errors import Problem

_SPEAKER_KO = re.compile(
    rf"(?:^|[.?!”\"’,] ?)(?P<who>(?:[가-힣A-Za-z0-9]+ ){{0,3}}?[가-힣A-Za-z0-9]{{2,}}?)"
    rf"(?:(?:은|는|이|가|도) |에 (?=따르면|의하면))(?=[^.]{{0,120}}?(?:{SAYING_KO}))"
)
_NAME = r"(?:[A-Z][\w’'.-]*(?: (?:of|the|and|de|van|von|bin|al) )?(?: ?[A-Z][\w’'.-]*)*)"
_SAYS = rf"(?:{SAYING_EN})"
_SPEAKER_EN = re.compile(
    rf"(?P<who>{_NAME})(?:,[^,.]{{1,60}},)? {_SAYS}\b|\b{_SAYS} (?P<after>{_NAME})"
    rf"|\b[Aa]ccording to (?:the )?(?P<source>{_NAME})"
)
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z][\w’'-]+")


def named_speaker_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if the statement names a speaker or an organisation that the passage replaces by another."""
    found = _other_speaker(texts) or _other_organisation(texts)
    if found:
        yield Problem("passage-speaker-differs", field=texts.path, said=found[0], printed=found[1])


def _other_speaker(texts: ComparedTexts) -> tuple[str, str] | None:
    said = [who for who in _speakers(texts.statement) if is_same_script(who, texts.passage)]
    printed = _speakers(texts.passage) if said else ()
    whole = texts.article or texts.before + texts.passage
    for who in said:
        missing = [word for word in _name_words(who) if not _is_in(word, whole)]
        if not missing or any(word in _title_words(who) for word in missing):
            continue
        others = [other for other in printed if _name_words(other) and not _name_words(other) & _name_words(who)]
        if others and len(missing) == len(_name_words(who)):
            return who, others[0]
    return None


@lru_cache(maxsize=512)
def _speakers(text: str) -> Sequence[str]:
    """Return the speakers that a text names beside a verb of saying.

    >>> _speakers("According to Ines Calloway, it rained."), _speakers("한서윤 국장은 비가 왔다고 말했다.")
    (('Ines Calloway',), ('한서윤 국장',))
    """
    found = [one["who"] for one in _SPEAKER_KO.finditer(text)]
    found += [next(filter(None, one.groups())) for one in _SPEAKER_EN.finditer(text)]
    return tuple(who for who in found if _name_words(who))


def _name_words(who: str) -> frozenset[str]:
    """Return the words of a speaker that are a name: no title, no pronoun, nothing that any speaker can be called."""
    words = _WORD.findall(who)
    return frozenset(word for word in words if word not in KOREAN_TITLES and word.lower() not in GENERIC_SPEAKERS)


def _title_words(who: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(who) if word in KOREAN_TITLES)


def _is_in(word: str, whole: str) -> bool:
    """Return whether a text has a word, or the beginning of it."""
    return word in whole or (word.isascii() and word.rstrip("s’'") in whole)


# Organisations

_ORGANISATION_KO = re.compile(rf"[가-힣A-Za-z]{{1,}}?(?:{ORGANISATIONS_KO})(?=[은는이가의을를에도과와]?(?:\s|$))")
_ORGANISATION_EN = re.compile(
    rf"\b(?:[A-Z][\w’'-]+ )*(?:[A-Z][\w-]*(?:bank|corp|soft)|{ORGANISATIONS_EN})\b(?:(?: of| for) [A-Z][\w-]+)?"
)
_PERSON = re.compile(rf"\b[A-Z][a-z]+ [A-Z][a-z]+\b|[가-힣]{{2,4}}(?= (?:\S+ )?(?:{'|'.join(sorted(KOREAN_TITLES))}))")


def _other_organisation(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return an organisation that no part of the article names, and one of the passage that the statement lacks.

    Both texts must name the same person.
    """
    people = {name for name in _PERSON.findall(texts.statement) if not _ORGANISATION_EN.search(name)}
    if not any(person in texts.passage for person in people):
        return None
    whole, statement = texts.article or texts.before + texts.passage, texts.statement
    for pattern in (_ORGANISATION_KO, _ORGANISATION_EN):
        said = [name for name in pattern.findall(texts.statement) if not _is_in(name, whole) and name not in people]
        printed = [
            name for name in pattern.findall(texts.passage) if not _is_in(name, statement) and name not in people
        ]
        if said and printed:
            return said[0], printed[0]
    return None
