"""Find the content that a Korean reporting verb needs before it: …다고, …것으로, …도록, …점을.

A verb without content reports nothing. A light verb (하다, 보다, 알리다) needs its content close by. This module reads
the words of one sentence; `korean_statements` decides about statements and speakers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimledger.spotting.korean_cues import Cue
from claimledger.spotting.korean_sentence import BLANK, Word
from claimledger.spotting.korean_speaker_words import speaker_words

_SAID = re.compile("[다라자냐]고(?:도|만|는)?$")
_FACT = re.compile("(?:것|걸)으로(?:도|만)?$")
_BESIDE = (
    ("order", re.compile("(?:도록|것을|걸)$")),
    (
        "point",
        re.compile(
            "(?:점|것|사실|음|함|됨|임|뜻|입장|의사|방침|계획|가능성|필요성|우려|중요성|책임|잘못|실수)(?:을|를|도|은|는)$"
        ),
    ),
    ("thing", re.compile("[가-힣A-Za-z](?:을|를)$")),
)
_QUOTING = re.compile("(?:[다자]|(?:이|으|하|아니|달|더|말|시키)라)(?:며|면서)(?:도)?$")
_LIGHT_VERBS = frozenset(
    (
        "하다",
        "보다",
        "쓰다",
        "적다",
        "알리다",
        "보이다",
        "계산하다",
        "공개하다",
        "확인하다",
        "평하다",
        "발표하다",
        "소개하다",
    )
)
_VOICE_VERBS = frozenset(
    ("모으다", "높이다", "긋다", "올리다", "남기다", "나타내다", "드러내다", "인용하다", "표현하다")
)
"""Verbs that report only after …다고, as in 입을 모으다, 목소리를 높이다, 글을 올리다."""
_HEARSAY = re.compile("하(?:네요|는데요?|죠|지요|더군요|더라고요|거든요|고)|해요|(?:한다|합니다(?:만)?|한답니다)")
_WILL = re.compile("(?:겠다|자|냐|려)고$")
_CLAUSE = re.compile("(?:[다며]|면서|지만|는데)$")
_REACH = 8
"""The number of words before a verb that are searched for its content."""
_LIGHT_REACH = 3
"""The same for a light verb."""
_SUBJECT_ENDINGS = frozenset("은는이가도")
_ADVERBS = 2
"""The greatest distance, in words, of an object or a purpose (…을, …도록) from its verb."""


def needs_content(cue: Cue) -> bool:
    """Return whether a verb reports only together with its content."""
    return cue.verb in _LIGHT_VERBS or cue.verb in _VOICE_VERBS or cue.is_impersonal or "quote" not in cue.takes


def is_hearsay(words: Sequence[Word], content: int, cue_form: str) -> bool:
    """Return whether …다고 한다 is hearsay, without a speaker.

    In the present tense 하다 after …다고 names no speaker: its subject is that of the content. After …겠다고 and …자고,
    which express a will, the subject is the speaker.
    """
    return bool(_HEARSAY.fullmatch(cue_form)) and not _WILL.search(words[content].form)


def has_factual_ending(word: Word) -> bool:
    """Return whether a word ends content as a fact: …것으로."""
    return bool(_FACT.search(word.form))


def find_content(words: Sequence[Word], cue: Cue, at: int, floor: int) -> tuple[int, str] | None:
    """Return the index of the word that ends the content of a verb, and the form of the content.

    The content lies between the word `floor` and the verb, whose word is `at`.
    """
    reach = _LIGHT_REACH if cue.verb in _LIGHT_VERBS else _REACH
    for index in range(at - 1, max(floor, at - reach) - 1, -1):
        form = words[index].form
        if cue.verb in _LIGHT_VERBS and index == at - 2 and words[at - 1].form[-1:] not in _SUBJECT_ENDINGS:
            return None
        if "quote" in cue.takes and _SAID.search(form):
            return index, "quote"
        if "fact" in cue.takes and _FACT.search(form):
            return index, "fact"
        if at - index <= _ADVERBS:
            beside = next((name for name, pattern in _BESIDE if name in cue.takes and pattern.search(form)), None)
            if beside and (at - index == 1 or beside == "order"):
                return index, beside
        if BLANK in form or _CLAUSE.search(form):
            return None
    return None


def has_document_source(words: Sequence[Word], first: int, last: int) -> bool:
    """Return whether the source is a document: 보고서에서, 공개 서한을 통해."""
    known = speaker_words().documents
    for index in range(first, last):
        form = words[index].form
        stem = re.sub("(?:에서|에서는|에|을|를)$", "", form)
        if stem != form and known.search(stem):
            following = words[index + 1].form if index + 1 < len(words) else ""
            if not form.endswith(("을", "를")) or following in ("통해", "내고", "내", "내어", "발표해"):
                return True
    return False


def is_quoting_word(word: Word) -> bool:
    """Return whether a word ends content and the sentence continues: …했다며, …만들겠다면서."""
    return bool(_QUOTING.search(word.form)) and BLANK not in word.form and word.form[0] not in "“”\"'‘’"
