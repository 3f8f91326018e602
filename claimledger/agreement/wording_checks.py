"""What a claim says beside its figures: its dates, its speaker, where its passage is cut, what cannot be judged yet.

In: a claim, its statements as read, its passages. Out: problems. The invariant: what the words do not settle is not
reported: a date with "since" or 이후 beside it, a name in another script than the article's. It must not know
quantities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from claimledger.agreement.figure_meaning import Reading
from claimledger.agreement.word_lists import (
    ENDING,
    FORECAST,
    FORECAST_CUE,
    IDLE,
    JOINED,
    KEPT,
    NEXT,
    OPINION,
    OPINION_CUE,
    RELATED_AFTER,
    RELATED_BEFORE,
)  # fmt: skip
from claimledger.errors import Problem
from claimledger.models import Claim, Speaker
from claimledger.quantities import Basis, Figure, Role, resolve_date
from claimledger.vocabulary import Kind, Question, SpeakerKind, VerdictValue


@dataclass(frozen=True, slots=True)
class Passage:
    """One appearance of a claim whose article's text is at hand."""

    text: str
    """The passage, verbatim."""
    before: str = ""
    """Up to about 200 code points before it."""
    after: str = ""
    """Up to about 200 code points after it."""
    article: str = ""
    """The whole text of the article; empty when it is not at hand."""


# Dates


def date_problems(claim: Claim, readings: Mapping[str, Reading]) -> Iterator[Problem]:
    """Yield the statements whose dates are neither the claim's nor one another's."""
    if not any(reading.dates for reading in readings.values()):
        return
    own = [day for day in (claim.about_on, claim.said_on) if day]
    year = int(own[0].split("/")[-1][:4]) if own else 0
    found = {language: _dates(reading, year) for language, reading in readings.items() if reading.dates}
    wrong = [language for language, dates in found.items() if own and dates and not _any_overlap(dates, own)]
    related = {edtf for reading in readings.values() for edtf in _related(reading)} if wrong else set()
    is_surely_own = claim.kind is Kind.EVENT or len(wrong) < len(found)
    told = {
        language: [
            edtf
            for edtf in _told(readings[language])
            if edtf not in related and (is_surely_own or any(_is_near_miss(edtf, day) for day in own))
        ]
        for language in wrong
    }
    for language, dates in told.items():
        if dates:
            yield Problem("statement-date-differs", field=f"statement.{language}", dates=tuple(dates), own=tuple(own))
    if len(found) > 1 and not any(told.values()):
        yield from _between(*found.values())


def _any_overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    return any(one in others for one in some) or any(_overlap(one, other) for one in some for other in others)


def _overlap(one: str, other: str) -> bool:
    """Whether two EDTF dates have a day in common."""
    first, last = one.split("/", maxsplit=1)[0], one.rsplit("/", maxsplit=1)[-1]
    begin, end = other.split("/", maxsplit=1)[0], other.rsplit("/", maxsplit=1)[-1]
    return first[: len(end)] <= end[: len(first)] and begin[: len(last)] <= last[: len(begin)]


def _is_near_miss(one: str, other: str) -> bool:
    """Whether two months or days differ in one of their parts alone."""
    parts, others = one.split("-"), other.split("-")
    differing = [part for part, also in zip(parts, others, strict=False) if part != also]
    return len(parts) == len(others) > 1 and len(differing) == 1


def _dates(reading: Reading, year: int) -> list[str]:
    """Return the dates of a statement that are whole, or lack the year alone."""
    return [edtf for figure in reading.dates if (edtf := _resolved(figure, year))]


def _told(reading: Reading) -> list[str]:
    """Return the whole dates of a statement."""
    return [edtf for figure in reading.dates if (edtf := _resolved(figure, 0))]


def _related(reading: Reading) -> Iterator[str]:
    """Yield the whole dates that a word beside them makes ones the claim only relates to."""
    for figure in reading.dates:
        if RELATED_BEFORE.search(reading.text, max(0, figure.start - 24), figure.start) or RELATED_AFTER.match(
            reading.text, figure.end
        ):
            yield _resolved(figure, 0) or ""


def _resolved(figure: Figure, year: int) -> str | None:
    return _edtf(figure.text, year)


@lru_cache(maxsize=4096)
def _edtf(printed: str, year: int) -> str | None:
    resolved = resolve_date(Figure(0, len(printed), 0, len(printed), printed, Role.DATE), date(year or 1, 12, 31))
    if resolved.basis is Basis.EXPLICIT or (year and resolved.basis is Basis.YEAR_FROM_ARTICLE):
        return resolved.edtf
    return None


def _between(one: Sequence[str], other: Sequence[str]) -> Iterator[Problem]:
    if one == other or len(one) != len(other):
        return
    rest = [day for day in one if not _any_overlap([day], other)]
    others = [day for day in other if not _any_overlap([day], one)]
    if rest and others:
        yield Problem("statements-differ-in-date", field="statement", one=tuple(rest), other=tuple(others))


# The speaker


def speaker_problems(claim: Claim, passages: Sequence[Passage]) -> Iterator[Problem]:
    """Yield that the article names the speaker nowhere, if it does not and its script is one of the names'."""
    articles = {passage.article for passage in passages if passage.article}
    if claim.speaker is None or not articles:
        return
    names, texts = claim.speaker.name.values(), [folded(article) for article in articles]
    expected = [name for name in names if _script(name) and any(_script(name) == _script(text) for text in texts)]
    if expected and not any(_is_named(name, claim.speaker, text) for name in names for text in texts):
        yield Problem("speaker-not-in-text", field="speaker.name", names=tuple(expected))


@lru_cache(maxsize=8)
def folded(article: str) -> str:
    """Return a text in NFC and lower case, without white space, hyphens and middle dots."""
    return _APART.sub("", unicodedata.normalize("NFC", article).casefold())


_APART = re.compile(r"[\s·‧ㆍ\-‐‑]+")
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile("[A-Za-z]")
_KOREAN_SHARE, _LATIN_SHARE = 0.1, 0.5


@lru_cache(maxsize=256)
def _script(text: str) -> str:
    """Return the script of a name or of most of a text, if it is one of the two that are told."""
    if len(_HANGUL.findall(text)) > _KOREAN_SHARE * len(text):
        return "Hangul"
    return "Latin" if len(_LATIN.findall(text)) > _LATIN_SHARE * len(text) else ""


def _is_named(name: str, speaker: Speaker, text: str) -> bool:
    """Whether a text has the name, its last word if it is Latin, or of a description any telling word."""
    if folded(name) in text:
        return True
    words = [word for word in _WORD.findall(name.casefold()) if word not in IDLE and len(word) > 1]
    if speaker.kind is SpeakerKind.ANONYMOUS:
        return not words or any(_stem(word) in text for word in words)
    return speaker.kind is SpeakerKind.PERSON and name.isascii() and len(words) > 1 and words[-1] in text


def _stem(word: str) -> str:
    """Return a word without what Korean particles or an English plural add: its first syllables or letters."""
    return word[: max(2, len(word) - 1)] if _HANGUL.search(word) else word[: max(4, len(word) - 2)]


# Where the passage is cut

_ENDS = re.compile(r"[.?!。][\s”’\"'」』)]*$")
_FIRST_END = re.compile(r"[”’\"'」』)]*[.?!。][”’\"'」』)]*")
_LONGEST_END, _LONGEST_WORD = 8, 20
"""So many code points at the end of a passage are looked at."""
_LAST_WORD = re.compile("[가-힣]*$")
_FIRST_WORD = re.compile("[가-힣]*")


def cut_problems(claim: Claim, passages: Sequence[Passage]) -> Iterator[Problem]:
    """Yield that a passage ends before a "but" no statement keeps; one passage that does not is enough."""
    found = [_turn(passage) for passage in passages]
    if found and all(found) and not any(KEPT.search(text) for text in claim.statement.values()):
        yield Problem("cut-before-but", field="statement", words=found[0])


def _turn(passage: Passage) -> str:
    """Return the words after a passage that turn it, if there are any."""
    text, after = passage.text, passage.after
    if _ENDS.search(text, max(0, len(text) - _LONGEST_END)):
        head = after
    elif turned := _within(text, after):
        return turned
    else:
        head = _after_stop(after)
    found = NEXT.match(head)
    return found[0].strip() if found else ""


def _within(text: str, after: str) -> str:
    """Return what turns the passage in its own sentence: the rest of its last word, or the words after."""
    if "가" <= after[:1] <= "힣":
        whole = _LAST_WORD.search(text, max(0, len(text) - _LONGEST_WORD))[0] + _FIRST_WORD.match(after)[0]  # type: ignore[index]
        if ENDING.search(whole):
            return whole
    found = JOINED.match(after)
    return found[0].strip(" ,;") if found else ""


def _after_stop(after: str) -> str:
    """Return what follows the sentence's end, if the passage leaves out no more than its last sign."""
    stop = _FIRST_END.match(after)
    return after[stop.end() :] if stop else ""


# What cannot be judged yet


def judged_problems(claim: Claim) -> Iterator[Problem]:
    """Yield that an opinion, or a forecast of a time not over by the verdict's date, is judged so or not so."""
    for verdict in claim.verdicts:
        if verdict.question is not Question.SO or verdict.value is VerdictValue.NOT_CHECKABLE:
            continue
        kind = _unsettled(claim)
        if not kind or (kind == "forecast" and _is_due(claim, verdict.as_of)):
            continue
        yield Problem(
            f"opinion-with-verdict/{kind}", field=f"verdicts.{verdict.question}.value", day=verdict.as_of,
            value=verdict.value,
        )  # fmt: skip


def _is_due(claim: Claim, as_of: str) -> bool:
    return claim.about_on is not None and claim.about_on.split("/")[-1] <= as_of.rsplit("/", maxsplit=1)[-1]


def _unsettled(claim: Claim) -> str:
    cue = claim.attribution.cue or ""
    if OPINION_CUE.search(cue) or any(OPINION.search(text) for text in claim.statement.values()):
        return "opinion"
    if FORECAST_CUE.search(cue) or any(FORECAST.search(text) for text in claim.statement.values()):
        return "forecast"
    return ""
