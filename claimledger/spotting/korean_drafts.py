"""Statements on their way, and which quotations are speech at all.

In: a text and a quotation in it. Out: whether it is something said; and the rows that `korean_statements` fills and
`korean` completes. The invariant: a term set off by marks (‘똑똑한’) is no speech.
It must not know sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from claimledger.models import Span
from claimledger.spotting.korean_cues import Cue
from claimledger.spotting.language import SpeakerFound
from claimledger.spotting.quotations import Quotation
from claimledger.vocabulary import AttributionMode

GO = re.compile("[”\"’'」』]\\s?(?:이?라|하)?고(?:도|만|는)?(?![가-힣])")
"""…”(이)라고."""
MYEO = re.compile("[”\"’'」』](?:이?라)?(?:며|면서)(?:도)?(?![가-힣])")
"""…”(이라)며."""
NEUN = re.compile("[”\"’'」』](?:이?라)?는(?![가-힣])")
"""…”(라)는."""
OWN_WORDS = re.compile("의 (?P<noun>말|설명|얘기|이야기|주장|진단|분석|지적|전망|귀띔|하소연)(?:이다|이었다|입니다)")
"""…의 말이다, after a quotation."""
_SPEECH_END = re.compile("(?:[다까요죠자라네지오]|습니까|음|함)[.?!…~]*[”\"’'」』]$")
_LONGEST_TERM = 14


class Wants(StrEnum):
    """What a draft still needs from the sentences around it."""

    NOTHING = "nothing"
    SPEAKER = "speaker"
    """The speaker is left out: the one before goes on speaking."""
    FORECASTER = "forecaster"
    """…할 전망이다: the one before, if that was a forecast."""
    NEIGHBOUR = "neighbour"
    """A quotation that stands alone."""


@dataclass(slots=True)
class Draft:
    """A statement on its way."""

    content: Span
    mode: AttributionMode
    cue: Span | None
    cue_class: str | None
    speaker: SpeakerFound | None
    wants: Wants = Wants.NOTHING


@dataclass(slots=True)
class Reading:
    """What one sentence holds."""

    drafts: list[Draft] = field(default_factory=list)
    """Its statements."""
    bare: Cue | None = None
    """A verb with nothing said before it (…는 말했다.): the quotation stands in a neighbouring sentence."""
    accords: bool = False
    """Whether the sentence rests on somebody (…에 따르면), who may go on in the next one."""


def is_speech(text: str, quotation: Quotation) -> bool:
    """Whether a quotation is something said, not a term set off.

    >>> text = "그는 ‘똑똑한’ 기계를 “좋다”고 했다"
    >>> is_speech(text, Quotation(3, 8, False)), is_speech(text, Quotation(13, 17, True))
    (False, True)
    """
    last = quotation.end - 1
    is_sentence = bool(_SPEECH_END.search(text, max(quotation.end - 12, quotation.start), quotation.end))
    if GO.match(text, last) or MYEO.match(text, last):
        return quotation.is_double or is_sentence or quotation.end - quotation.start > _LONGEST_TERM
    return is_sentence and (quotation.is_double or (bool(NEUN.match(text, last)) and text[last - 1] in "다까요죠"))
