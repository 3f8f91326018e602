"""Compare the speakers and organisations that a statement names with those that the reader sees in the article.

A name is compared only in its own script. A statement may name a person whom the passage calls "he", if the article
names that person anywhere; it may not name a person whom the article does not name, while the passage names another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.content_words import content_words, stems
from claimledger.agreement.passage_organisations import is_short_for, other_organisation
from claimledger.agreement.passage_names import other_name
from claimledger.agreement.quoted_words import is_same_script
from claimledger.agreement.word_lists import (
    GENERIC_SPEAKERS, KOREAN_TITLES, SPEAKER_TITLES, SAYING_EN, SAYING_KO,
)  # fmt: skip
from claimledger.errors import Problem

_SPEAKER_KO = re.compile(
    rf"(?:^|[.?!”\"’,] ?)(?P<who>(?:[가-힣A-Za-z0-9]+ ){{0,3}}?[가-힣A-Za-z0-9]{{2,}}?)"
    rf"(?:(?:은|는|이|가|도) |에 (?=따르면|의하면))(?=[^.]{{0,120}}?(?:{SAYING_KO}))"
)
_NAME = r"(?:[A-Z][\w’'.-]*(?: (?:of|the|and|de|van|von|bin|al) )?(?: ?[A-Z][\w’'.-]*)*)"
_SAYS = rf"(?:{SAYING_EN})"
_TITLE_EN = (
    "lawyer|judge|minister|spokes[a-z]+|professor|coach|captain|director|chief|chairman|chairwoman|chair|president"
    "|senator|mayor|governor|researcher|head|officer|manager|[a-z]+ist"
)
_SPEAKER_EN = re.compile(
    rf"(?P<who>{_NAME})(?:,[^,.]{{1,60}},|,)? {_SAYS}\b|\b{_SAYS} (?:(?:the )?(?:[a-z]+ )"
    rf"{{0,2}}?(?:{_TITLE_EN}) )?(?P<after>{_NAME})"
    rf"|\b[Aa]ccording to (?:the )?(?P<source>{_NAME})"
)
_SPEAKER_LATE = re.compile(
    rf"[다라자냐]고 (?P<who>(?:[가-힣A-Za-z]+ ){{0,3}}?[가-힣A-Za-z]{{2,}}?)(?:은|는|이|가) (?:\S+ )?(?:{SAYING_KO})"
)
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z][\w’'-]+")


def named_speaker_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if the statement names a speaker or an organisation that the passage replaces by another."""
    found = (
        _other_speaker(texts)
        or _other_role(texts)
        or _credited_to_other(texts)
        or other_organisation(texts)
        or other_name(texts)
    )
    if found:
        yield Problem("passage-speaker-differs", field=texts.path, said=found[0], printed=found[1])


def _other_speaker(texts: ComparedTexts) -> tuple[str, str] | None:
    said = [who for who in _speakers(texts.statement) if is_same_script(who, texts.passage)]
    printed = _speakers(texts.passage) if said else ()
    whole = texts.article or texts.before + texts.passage
    for who in said:
        missing = [word for word in _name_words(who) if not _is_in(word, whole) and not is_short_for(word, whole)]
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
    return tuple(who for who, _ in _placed_speakers(text))


_NUMBER = re.compile("[0-9]")


@lru_cache(maxsize=512)
def _placed_speakers(text: str) -> Sequence[tuple[str, int]]:
    """Return the speakers of a text, each with its position."""
    late = [(one["who"], one.start("who")) for one in _SPEAKER_LATE.finditer(text)]
    found = [
        (one["who"], one.start("who")) for one in _SPEAKER_KO.finditer(text) if not late or _title_words(one["who"])
    ]
    found += late
    found += [(next(filter(None, one.groups())), one.start()) for one in _SPEAKER_EN.finditer(text)]
    named = ((who, at) for who, at in found if _name_words(who) and not _NUMBER.search(who))
    return tuple(sorted(named, key=lambda one: one[1]))


def _name_words(who: str) -> frozenset[str]:
    """Return the words of a speaker that are a name: no title, no pronoun, nothing that any speaker can be called."""
    words = _WORD.findall(who)
    return frozenset(word for word in words if word not in KOREAN_TITLES and word.lower() not in GENERIC_SPEAKERS)


def _title_words(who: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(who) if word in KOREAN_TITLES)


def _is_in(word: str, whole: str) -> bool:
    """Return whether a text has a word, or the beginning of it."""
    return word in whole or (word.isascii() and word.rstrip("s’'") in whole)


# Titles


def _other_role(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return a speaker with a title of a kind that the article never has, and the speaker of the passage."""
    printed = _speakers(texts.passage)
    whole = texts.article or texts.before + texts.passage
    for who in _speakers(texts.statement) if printed else ():
        roles = [pattern for pattern in SPEAKER_TITLES.values() if pattern.search(who)]
        if roles and not any(pattern.search(whole) for pattern in roles):
            return who, printed[0]
    return None


# Two speakers in one passage

_SEGMENT_END = re.compile(r"[.?!;][”\"’]?\s|, (?:while|but|and) |(?<=고), ")
_ENOUGH = 2


_NO_ANSWER = re.compile(
    "답하지|답변하지|답변을 (?:거부|피)|말을 아꼈|언급을 (?:피|거부)|입장을 (?:내지|밝히지)|반박했|부인했|동의하지"
    r"|\b(?:declined to|did not (?:answer|respond|comment)|would not comment|disagreed|denied it"
    r"|refused to (?:comment|say))\b"
)


def _silent_party(who: str, segment: str) -> list[str]:
    """Return the speaker of the statement, if a part of the passage says that he or she did not answer."""
    return [who] if who in segment and _NO_ANSWER.search(segment) else []


def _credited_to_other(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return the speaker of a statement whose words another speaker of the passage says."""
    said, printed = _speakers(texts.statement), _placed_speakers(texts.passage)
    if len(said) != 1 or not printed:
        return None
    own = stems(content_words(texts.statement.replace(said[0], " ")))
    stops = [0, *(found.end() for found in _SEGMENT_END.finditer(texts.passage)), len(texts.passage)]
    scored = []
    for start, end in pairwise(stops):
        segment = texts.passage[start:end]
        speakers = [who for who, at in printed if start <= at < end] or _silent_party(said[0], segment)
        if len(speakers) == 1:
            words = stems(content_words(segment.replace(speakers[0], " ")))
            scored.append((len(words & own), speakers[0]))
    scored.sort(reverse=True)
    mine = [score for score, who in scored if _name_words(who) & _name_words(said[0])]
    if not mine or len(mine) == len(scored) or scored[0][0] < max(mine) + _ENOUGH:
        return None
    return said[0], scored[0][1]
