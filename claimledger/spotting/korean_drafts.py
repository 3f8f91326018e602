"""Define unfinished Korean statements, and decide which quotations are speech.

`korean_statements` fills the drafts and `korean` completes them. A term in quotation marks (‘똑똑한’) is not speech.
This module does not know sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from claimledger.models import Span
from claimledger.spotting.korean_cues import Cue
from claimledger.spotting.language import SpottedSpeaker
from claimledger.spotting.quotations import Quotation
from claimledger.vocabulary import AttributionMode

GO = re.compile("[”\"’'」』]\\s?(?:이?라|하)?고(?:도|만|는)?(?![가-힣])")
"""…”(이)라고 after a quotation."""
MYEO = re.compile("[”\"’'」』](?:이?라)?(?:며|면서)(?:도)?(?![가-힣])")
"""…”(이라)며 after a quotation."""
NEUN = re.compile("[”\"’'」』](?:이?라)?는(?![가-힣])")
"""…”(라)는 after a quotation."""
OWN_WORDS = re.compile("의 (?P<noun>말|설명|얘기|이야기|주장|진단|분석|지적|전망|귀띔|하소연)(?:이다|이었다|입니다)")
"""…의 말이다, after a quotation."""
_SPEECH_END = re.compile("(?:[다까요죠자라네지오]|습니까|음|함)[.?!…~]*[”\"’'」』]$")
_LONGEST_TERM = 14


class MissingPart(StrEnum):
    """The part of a draft that the surrounding sentences must supply."""

    NOTHING = "nothing"
    SPEAKER = "speaker"
    """The speaker is omitted: the previous one continues."""
    FORECASTER = "forecaster"
    """…할 전망이다: the previous speaker, if that was a forecast."""
    NEIGHBOUR = "neighbour"
    """A quotation without a verb in its sentence."""


@dataclass(slots=True)
class KoreanDraft:
    """A statement whose speaker may still be missing."""

    content: Span
    mode: AttributionMode
    cue: Span | None
    cue_class: str | None
    speaker: SpottedSpeaker | None
    missing: MissingPart = MissingPart.NOTHING


@dataclass(slots=True)
class SentenceReading:
    """The content of one sentence."""

    drafts: list[KoreanDraft] = field(default_factory=list)
    """The statements."""
    bare: Cue | None = None
    """A verb without content (…는 말했다.): the quotation is in a neighbouring sentence."""
    has_according_phrase: bool = False
    """True if the sentence has a source (…에 따르면) that may continue in the next one."""


def is_speech(text: str, quotation: Quotation) -> bool:
    """Return whether a quotation is speech, not a term in quotation marks.

    >>> text = "그는 ‘똑똑한’ 기계를 “좋다”고 했다"
    >>> is_speech(text, Quotation(3, 8, False)), is_speech(text, Quotation(13, 17, True))
    (False, True)
    """
    last = quotation.end - 1
    is_sentence = bool(_SPEECH_END.search(text, max(quotation.end - 12, quotation.start), quotation.end))
    if GO.match(text, last) or MYEO.match(text, last):
        return quotation.is_double or is_sentence or quotation.end - quotation.start > _LONGEST_TERM
    return is_sentence and (quotation.is_double or (bool(NEUN.match(text, last)) and text[last - 1] in "다까요죠"))
