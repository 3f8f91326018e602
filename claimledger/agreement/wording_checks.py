"""Checks a claim's dates and speaker, the end of its passage, and verdicts on opinions and forecasts.

The checks take a claim, the figures and dates of its statements, and its passages. They report nothing that the words
leave open, for example a date next to "since" or 이후, or a name in another script than the article's. Quantities are
checked elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from claimledger.agreement.compared_texts import PassageContext
from claimledger.agreement.figure_meaning import TextFigures
from claimledger.agreement.word_lists import (
    CONTRAST_ENDING, FORECAST, FORECAST_CUE, UNSPECIFIC_WORDS, CONTRAST_IN_SENTENCE, CONDITION_WORDS,
    CONTRAST_IN_NEXT_SENTENCE, OPINION, OPINION_CUE, RELATED_AFTER, RELATED_BEFORE,
)  # fmt: skip
from claimledger.errors import Problem
from claimledger.models import Claim, Speaker
from claimledger.quantities import Basis, Figure, FigureRole, resolve_date
from claimledger.vocabulary import Kind, Question, SpeakerKind, VerdictValue


# Dates


def date_problems(claim: Claim, readings: Mapping[str, TextFigures]) -> Iterator[Problem]:
    """Yield the statements whose dates are not the claim's, and differences between the dates of the statements."""
    if not any(reading.dates for reading in readings.values()):
        return
    own = [day for day in (claim.about_on, claim.said_on) if day]
    year = int(own[0].split("/")[-1][:4]) if own else 0
    found = {language: _usable_dates(reading, year) for language, reading in readings.items() if reading.dates}
    wrong = [language for language, dates in found.items() if own and dates and not _any_overlap(dates, own)]
    related = {edtf for reading in readings.values() for edtf in _related_dates(reading)} if wrong else set()
    is_surely_own = claim.kind is Kind.EVENT or len(wrong) < len(found)
    told = {
        language: [
            edtf
            for edtf in _complete_dates(readings[language])
            if edtf not in related and (is_surely_own or any(_is_near_miss(edtf, day) for day in own))
        ]
        for language in wrong
    }
    for language, dates in told.items():
        if dates:
            yield Problem("statement-date-differs", field=f"statement.{language}", dates=tuple(dates), own=tuple(own))
    if len(found) > 1 and not any(told.values()):
        yield from _date_differences(*found.values())


def _any_overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    return any(one in others for one in some) or any(_overlap(one, other) for one in some for other in others)


def _overlap(one: str, other: str) -> bool:
    """Return whether two EDTF dates have a day in common."""
    first, last = one.split("/", maxsplit=1)[0], one.rsplit("/", maxsplit=1)[-1]
    begin, end = other.split("/", maxsplit=1)[0], other.rsplit("/", maxsplit=1)[-1]
    return first[: len(end)] <= end[: len(first)] and begin[: len(last)] <= last[: len(begin)]


def _is_near_miss(one: str, other: str) -> bool:
    """Return whether two months or days differ in only one of their parts."""
    parts, others = one.split("-"), other.split("-")
    differing = [part for part, also in zip(parts, others, strict=False) if part != also]
    return len(parts) == len(others) > 1 and len(differing) == 1


def _usable_dates(reading: TextFigures, year: int) -> list[str]:
    """Return the dates of a statement that are complete or lack only the year."""
    return [edtf for figure in reading.dates if (edtf := _resolve_figure(figure, year))]


def _complete_dates(reading: TextFigures) -> list[str]:
    """Return the complete dates of a statement."""
    return [edtf for figure in reading.dates if (edtf := _resolve_figure(figure, 0))]


def _related_dates(reading: TextFigures) -> Iterator[str]:
    """Yield the complete dates next to a word such as "since"; the claim only relates to them."""
    for figure in reading.dates:
        if RELATED_BEFORE.search(reading.text, max(0, figure.start - 24), figure.start) or RELATED_AFTER.match(
            reading.text, figure.end
        ):
            yield _resolve_figure(figure, 0) or ""


def _resolve_figure(figure: Figure, year: int) -> str | None:
    return _resolve_printed(figure.text, year)


@lru_cache(maxsize=4096)
def _resolve_printed(printed: str, year: int) -> str | None:
    resolved = resolve_date(Figure(0, len(printed), 0, len(printed), printed, FigureRole.DATE), date(year or 1, 12, 31))
    if resolved.basis is Basis.EXPLICIT or (year and resolved.basis is Basis.YEAR_FROM_ARTICLE):
        return resolved.edtf
    return None


def _date_differences(one: Sequence[str], other: Sequence[str]) -> Iterator[Problem]:
    if one == other or len(one) != len(other):
        return
    rest = [day for day in one if not _any_overlap([day], other)]
    others = [day for day in other if not _any_overlap([day], one)]
    if rest and others:
        yield Problem("statements-differ-in-date", field="statement", one=tuple(rest), other=tuple(others))


# The speaker


def speaker_problems(claim: Claim, passages: Sequence[PassageContext]) -> Iterator[Problem]:
    """Yield a problem if the article never names the speaker and one of the names is in the article's script."""
    articles = {passage.article for passage in passages if passage.article}
    if claim.speaker is None or not articles:
        return
    names, texts = claim.speaker.name.values(), [fold_text(article) for article in articles]
    expected = [name for name in names if _script(name) and any(_script(name) == _script(text) for text in texts)]
    if expected and not any(_is_named(name, claim.speaker, text) for name in names for text in texts):
        yield Problem("speaker-not-in-text", field="speaker.name", names=tuple(expected))


@lru_cache(maxsize=8)
def fold_text(article: str) -> str:
    """Return a text in NFC and case-folded, without white space, hyphens and middle dots."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFC", article).casefold())


_SEPARATORS = re.compile(r"[\s·‧ㆍ\-‐‑]+")
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile("[A-Za-z]")
_KOREAN_SHARE, _LATIN_SHARE = 0.1, 0.5


@lru_cache(maxsize=256)
def _script(text: str) -> str:
    """Return the script of a name or of most of a text: Hangul, Latin, or an empty text for any other."""
    if len(_HANGUL.findall(text)) > _KOREAN_SHARE * len(text):
        return "Hangul"
    return "Latin" if len(_LATIN.findall(text)) > _LATIN_SHARE * len(text) else ""


def _is_named(name: str, speaker: Speaker, text: str) -> bool:
    """Return whether a text has the name.

    The last word of a Latin name is enough, and any specific word of a description.
    """
    if fold_text(name) in text:
        return True
    words = [word for word in _WORD.findall(name.casefold()) if word not in UNSPECIFIC_WORDS and len(word) > 1]
    if speaker.kind is SpeakerKind.ANONYMOUS:
        return not words or any(_stem(word) in text for word in words)
    return speaker.kind is SpeakerKind.PERSON and name.isascii() and len(words) > 1 and words[-1] in text


def _stem(word: str) -> str:
    """Return a word without Korean particles or an English plural: its first syllables or letters."""
    return word[: max(2, len(word) - 1)] if _HANGUL.search(word) else word[: max(4, len(word) - 2)]


# The end of the passage

_SENTENCE_END = re.compile(r"[.?!。][\s”’\"'」』)]*$")
_CLOSING_MARK = re.compile(r"[”’\"'」』)]*[.?!。][”’\"'」』)]*")
_END_LENGTH, _WORD_LENGTH = 8, 20
"""The number of code points at the end of a passage that are searched."""
_LAST_WORD = re.compile("[가-힣]*$")
_FIRST_WORD = re.compile("[가-힣]*")


def cut_problems(claim: Claim, passages: Sequence[PassageContext]) -> Iterator[Problem]:
    """Yield a problem if every passage ends before a "but" that no statement mentions."""
    found = [_contrast_after(passage) for passage in passages]
    if found and all(found) and not any(CONDITION_WORDS.search(text) for text in claim.statement.values()):
        yield Problem("cut-before-but", field="statement", words=found[0])


def _contrast_after(passage: PassageContext) -> str:
    """Return the contrasting words after a passage, or an empty text."""
    text, after = passage.text, passage.after
    if _SENTENCE_END.search(text, max(0, len(text) - _END_LENGTH)):
        head = after
    elif contrast := _contrast_in_sentence(text, after):
        return contrast
    else:
        head = _text_after_stop(after)
    found = CONTRAST_IN_NEXT_SENTENCE.match(head)
    return found[0].strip() if found else ""


def _contrast_in_sentence(text: str, after: str) -> str:
    """Return contrasting words in the passage's own sentence: the rest of its last word, or the next words."""
    if "가" <= after[:1] <= "힣":
        whole = _LAST_WORD.search(text, max(0, len(text) - _WORD_LENGTH))[0] + _FIRST_WORD.match(after)[0]  # type: ignore[index]
        if CONTRAST_ENDING.search(whole):
            return whole
    found = CONTRAST_IN_SENTENCE.match(after)
    return found[0].strip(" ,;") if found else ""


def _text_after_stop(after: str) -> str:
    """Return the text after the end of the sentence, if the passage leaves out only its last punctuation mark."""
    stop = _CLOSING_MARK.match(after)
    return after[stop.end() :] if stop else ""


# Opinions and forecasts


def opinion_problems(claim: Claim) -> Iterator[Problem]:
    """Yield a problem if an opinion, or a forecast for a time still open on the verdict's date, has a fact verdict."""
    for verdict in claim.verdicts:
        if verdict.question is not Question.SO or verdict.value is VerdictValue.NOT_CHECKABLE:
            continue
        kind = _unsettled_kind(claim)
        if not kind or (kind == "forecast" and _is_due(claim, verdict.as_of)):
            continue
        yield Problem(
            f"opinion-with-verdict/{kind}", field=f"verdicts.{verdict.question}.value", day=verdict.as_of,
            value=verdict.value,
        )  # fmt: skip


def _is_due(claim: Claim, as_of: str) -> bool:
    return claim.about_on is not None and claim.about_on.split("/")[-1] <= as_of.rsplit("/", maxsplit=1)[-1]


def _unsettled_kind(claim: Claim) -> str:
    cue = claim.attribution.cue or ""
    if OPINION_CUE.search(cue) or any(OPINION.search(text) for text in claim.statement.values()):
        return "opinion"
    if FORECAST_CUE.search(cue) or any(FORECAST.search(text) for text in claim.statement.values()):
        return "forecast"
    return ""
