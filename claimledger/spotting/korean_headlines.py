"""Read Korean forms without a verb of saying: 김 대표: “…”, 시장 “…” in headlines, and 경찰 추산 3만 명.

In each of them the words right before name the speaker, and nothing else in the sentence may. If two bodies estimate
the same crowd, there is no speaker. This module does not know verbs or other sentences.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from claimledger.spotting.korean_sentence import KoreanSentence, WordFunction, parse_words
from claimledger.spotting.korean_speakers import Trust, phrase_start, read_speaker
from claimledger.spotting.language import SpottedSpeaker
from claimledger.spotting.quotations import Quotation

_ESTIMATES = ("추산", "추정", "추계", "집계")
_ESTIMATE = re.compile(
    f"(?<=[가-힣A-Za-z]) (?P<noun>{'|'.join(_ESTIMATES)})(?: 결과)?(?:으로|로)?,? (?:약 |최대 |최소 )?[0-9수몇]"
)
_OPENING = re.compile(r"[\s▲△■◆●○▶※-]*$")
_LETTERS = frozenset(("Q", "A", "문", "답", "질문", "답변", "기자"))


class Estimate(NamedTuple):
    """A sentence with a figure that a body estimates."""

    content: tuple[int, int]
    """The whole sentence without its stop."""
    cue: tuple[int, int]
    """The noun: 추산."""
    speaker: SpottedSpeaker
    """The body that estimates."""


def may_have_estimate(sentence: str) -> bool:
    """Return whether a sentence may contain an estimate."""
    return any(noun in sentence for noun in _ESTIMATES) and _ESTIMATE.search(sentence) is not None


def find_estimate(text: str, sentence: KoreanSentence) -> Estimate | None:
    """Return the estimate of a sentence: 경찰 추산 3만 명이 모였다; None if there are two."""
    found = list(_ESTIMATE.finditer(sentence.masked))
    if len(found) != 1:
        return None
    start = sentence.start + found[0].start("noun")
    at = sentence.word_index(start)
    parse_words(sentence, at + 1)
    words = sentence.words
    if not at or words[at - 1].function is not WordFunction.BARE:
        return None
    speaker = read_speaker(text, words, at - 1, trusts=Trust.LISTED)
    end = sentence.start + len(text[sentence.start : sentence.end].rstrip(" .?!\n"))
    return Estimate((sentence.start, end), (start, start + len(found[0]["noun"])), speaker) if speaker else None


def speaker_before_quotation(text: str, sentence: KoreanSentence, quotation: Quotation) -> SpottedSpeaker | None:
    """Return the speaker of a line that only consists of a name and a quotation, with or without a colon."""
    at = sentence.word_index(quotation.start)
    if not 0 < at <= _LONGEST_NAME or text[quotation.end : sentence.end].strip(" .") or not quotation.is_double:
        return None
    if not _is_line_start(text, sentence.start) or sentence.words[at - 1].form in _LETTERS:
        return None
    parse_words(sentence, at)
    if sentence.words[at - 1].function is not WordFunction.BARE or phrase_start(sentence.words, at - 1):
        return None
    return read_speaker(text, sentence.words, at - 1, trusts=Trust.KNOWN)


def _is_line_start(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip(" ▲△■◆●○▶※-")


_LONGEST_NAME = 5
"""The greatest number of words of a name with its title before such a quotation."""
