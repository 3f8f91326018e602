"""Complete a short Korean name from its introduction earlier in the text, such as 김민수 한빛전자 대표.

The speaker gets the name, role and organisation printed before. Only the few thousand characters before the speaker are
searched, and only the words beside that name are used. This module does not know cues or paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.language import SpottedSpeaker

_ALIAS = re.compile(r"\([^()\n]{1,120}\)")
_LOOK_BACK = 6000
"""The distance searched backward for a full name, in code points."""


def complete_name(text: str, speaker: SpottedSpeaker) -> SpottedSpeaker:
    """Return the speaker with the full name, role and organisation that the text gave before.

    >>> from claimledger.models import Span
    >>> from claimledger.vocabulary import SpeakerBasis
    >>> text = "김민수 한빛전자 대표는 웃었다. 김 대표는 말했다."
    >>> short = SpottedSpeaker(Span(start=18, end=22), "김", "대표", None, False, SpeakerBasis.EXPLICIT)
    >>> complete_name(text, short).name, complete_name(text, short).organization
    ('김민수', '한빛전자')
    """
    if speaker.is_anonymous or (speaker.role is not None) == (len(speaker.name) != 1):
        return speaker
    before = text[max(0, speaker.span.start - _LOOK_BACK) : speaker.span.start]
    name = speaker.name + ("[가-힣]{1,3}" if len(speaker.name) == 1 else "")
    role = re.escape(speaker.role.split(" ")[-1]) if speaker.role else "|".join(speaker_words().plain_roles)
    introduced = list(_introduction(name, role).finditer(before)) if speaker.name in before else []
    if introduced:
        found = introduced[-1]
        organization = speaker.organization or _ALIAS.sub("", found[2]).strip() or None
        return replace(speaker, name=found[1], role=speaker.role or found[3], organization=organization)
    return replace(speaker, name=f"{speaker.name} {speaker.role}") if len(speaker.name) == 1 else speaker


@lru_cache(maxsize=256)
def _introduction(name: str, role: str) -> re.Pattern[str]:
    """Return a pattern for a name with a role after it: 김민수(45) 한빛전자 대표."""
    aside, between = r"(?:\([^()]{1,40}\))?", "(?:[가-힣A-Za-z]+ ){0,2}?"
    rank = f"(?:[가-힣]*(?:{role}) 겸 )?[가-힣]*(?:{role})"
    return re.compile(
        f"(?<![가-힣])({name}){aside} ({between})({rank})(?=은|는|이|가|도|의|에|과|와|을|를|들|측|[ .,(:])"
    )
