"""Find nouns that report: …다는 입장이다, …라는 지적이 나온다, …할 전망이다, …는 이유를 들어.

Each match has the end of the content, the noun, and its owner if the pattern shows one. The nouns and phrases come from
`korean_cues.toml`. This module does not know morphemes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from claimledger.spotting.korean_cues import cue_words
from claimledger.spotting.korean_sentence import KoreanSentence

IMPERSONAL_NOUNS = frozenset(
    (
        "전망",
        "관측",
        "지적",
        "우려",
        "비판",
        "목소리",
        "분석",
        "평가",
        "해석",
        "예상",
        "예측",
        "경고",
        "소식",
        "보도",
        "진단",
    )
)
"""Nouns that, without an owner, belong to no particular person."""

_INTENT = re.compile(
    "(?<=겠다)는 (?P<noun>꿈|계획|목표|포부|방침|뜻|구상|의지|각오|전략|생각|입장|약속)(?=[을를에이으])"
)
_SHOWN = (
    "(?:내놨다|내놓았다|내놓고|밝혔다|밝히고|보였다|보이고|나타냈다|고수하고|고수했다|"
    "피력했다|전했다|드러냈다|제시했다|유지하고)"
)


@dataclass(frozen=True, slots=True)
class NounCue:
    """A noun that reports."""

    content_end: int
    """The end of the content."""
    start: int
    """The start of the cue."""
    end: int
    """The end of the cue."""
    noun: str
    """The noun."""
    kind: str
    """The class of the noun."""
    owner_end: int | None
    """The end of the owner's phrase, before 의."""
    arises: bool
    """True if it arises without an owner (…는 지적이 나온다)."""
    is_plain: bool = False
    """True for …할 전망이다, without 다는 before it."""
    is_intent: bool = False
    """True for …하겠다는 꿈 with any continuation; the sentence's topic is the owner."""

    @property
    def is_impersonal(self) -> bool:
        """True if it belongs to no particular person unless an owner is beside it."""
        return self.arises or self.noun in IMPERSONAL_NOUNS


def find_noun_cues(sentence: KoreanSentence) -> list[NounCue]:
    """Return the reporting nouns of a sentence in order."""
    if not may_have_noun_cue(sentence.masked):
        return []
    found = [_said_cue(sentence, match) for match in _said_pattern().finditer(sentence.masked)]
    found += [_grounds_cue(sentence, match) for match in _grounds_or_plain_pattern().finditer(sentence.masked)]
    found += [
        _intent_cue(sentence, match)
        for match in _INTENT.finditer(sentence.masked)
        if not any(cue.content_end == sentence.start + match.start() for cue in found)
    ]
    return sorted(found, key=lambda cue: cue.start)


def may_have_noun_cue(sentence: str) -> bool:
    """Return whether a sentence may contain such a noun."""
    return _quick_pattern().search(sentence) is not None


@lru_cache(maxsize=1)
def _quick_pattern() -> re.Pattern[str]:
    nouns = "|".join(cue_words().nouns)
    return re.compile(
        f"(?:는|[것게건]?\\s?[가-힣]+의) (?:{nouns})|전망이[다고며]|겠다는 |이유(?:를 들|로)|는 (?:것[이은]|게|건) "
    )


@lru_cache(maxsize=1)
def _said_pattern() -> re.Pattern[str]:
    nouns = "|".join(sorted(cue_words().nouns, key=len, reverse=True))
    arises = "|".join(sorted(cue_words().arising, key=len, reverse=True))
    lead = (
        "(?:(?:(?<=[다라자냐])|(?<=[”’\"']))(?:이?라)?는|(?<=[을를]) (?:촉구|요구|우려|비판|반대|경고|지적|주장)하는)"
    )
    owner = "(?:(?:것이|게|것은|건) (?P<owner>[^\\s,]+(?: [^\\s,]+){0,5}?)의 )?"
    shown = f"(?P<is>이다|이었다|였다|입니다|이라며|으로,|으로)|(?:을|를) {_SHOWN}"
    comes = f"(?P<arises>(?:이|가|도|들?이|까지) (?:\\S+ )?(?:{arises}))"
    return re.compile(f"{lead} {owner}(?P<noun>{nouns})(?:{shown}|{comes})")


@lru_cache(maxsize=1)
def _grounds_or_plain_pattern() -> re.Pattern[str]:
    grounds = "|".join(cue_words().grounds)
    lead = "(?:(?<=[다라])|(?<=[”’\"']))(?:이?라)?는"
    return re.compile(f"{lead} (?P<grounds>{grounds})|(?<=[가-힣]) (?P<plain>전망)이(?:다|라고|며)(?![가-힣])")


def _intent_cue(sentence: KoreanSentence, match: re.Match[str]) -> NounCue:
    at = sentence.start
    start, end = match.span("noun")
    return NounCue(
        at + match.start(), at + start, at + end, match["noun"], "promise", None, arises=False, is_intent=True
    )


def _said_cue(sentence: KoreanSentence, match: re.Match[str]) -> NounCue:
    noun, at = match["noun"], sentence.start
    owner_end = at + match.end("owner") if match["owner"] else None
    start, end = at + match.start("noun"), at + match.end()
    return NounCue(at + match.start(), start, end, noun, cue_words().nouns[noun], owner_end, bool(match["arises"]))


def _grounds_cue(sentence: KoreanSentence, match: re.Match[str]) -> NounCue:
    at = sentence.start
    name, kind = ("grounds", "cite") if match["grounds"] else ("plain", "forecast")
    start, end = at + match.start(name), at + match.end()
    is_plain = name == "plain"
    return NounCue(at + match.start(), start, end, match[name], kind, None, arises=False, is_plain=is_plain)
