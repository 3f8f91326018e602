"""Find the subject of a reporting verb in a Korean sentence.

The subject is a topic or subject, in a range of words, that can speak. The subject of a relative clause ("정부가 내놓은
대책이") never is one. This module does not know cues or other sentences.
"""

from __future__ import annotations

import re

from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.korean_speakers import Trust, read_speaker
from claimledger.spotting.korean_sentence import WordFunction, KoreanSentence, Word, parse_words
from claimledger.spotting.language import SpottedSpeaker

_BOUND = re.compile("^(?:것|걸|게|거|수|바|줄|점|예정|계획|방침|전망|만큼|듯|셈|뿐)")
_BETWEEN = frozenset((WordFunction.OBJECT, WordFunction.ADVERB, WordFunction.ADVERBIAL))
_CLAUSE_END = re.compile("(?:[가-힣]고|지만|며|면서|는데|으나|자)$")
_SUBJECT_ENDINGS = frozenset("은는이가도만서시한")
_STRIDE = 9
"""The number of words parsed at once: most topics are among the first."""
_NEAR = 2
"""The distance, in words before a quotation, within which a subject precedes an earlier topic."""


def nearest_subject(text: str, sentence: KoreanSentence, first: int, last: int) -> tuple[int, SpottedSpeaker] | None:
    """Return the speaker nearest before word `last`: right before it, else the last topic, else the last subject."""
    parse_words(sentence, last + 1)
    topic: tuple[int, SpottedSpeaker] | None = None
    subject: tuple[int, SpottedSpeaker] | None = None
    for index in range(last - 1, first - 1, -1):
        if topic is None and sentence.words[index].function is WordFunction.TOPIC:
            topic = _speaker_at(text, sentence, index, first)
        elif subject is None and _may_govern(sentence.words, index, last):
            subject = _speaker_at(text, sentence, index, first)
            if subject and last - index <= _NEAR:
                return subject
        if topic:
            return topic
    return subject


def first_subject(
    text: str, sentence: KoreanSentence, first: int, last: int, *, needs_second: bool = False
) -> tuple[int, SpottedSpeaker] | None:
    """Return the first topic between two words that can speak, else the first subject that can.

    With `needs_second`, a subject only counts before another one: that of "수출이 줄 것으로" belongs to the content.
    """
    words = sentence.words
    is_blocked = False
    for index in range(first, last):
        if index >= sentence.parsed_count:
            parse_words(sentence, min(index + _STRIDE, last + 1))
        if words[index].function is WordFunction.TOPIC:
            found = _speaker_at(text, sentence, index, first)
            if found and not is_blocked:
                return found
            is_blocked = is_blocked or (found is None and words[index].stem not in speaker_words().apart)
        elif _CLAUSE_END.search(words[index].form):
            is_blocked = False
    return None if is_blocked else _leading_subject(text, sentence, first, last, needs_second=needs_second)


def _leading_subject(
    text: str, sentence: KoreanSentence, first: int, last: int, *, needs_second: bool
) -> tuple[int, SpottedSpeaker] | None:
    words = sentence.words
    subjects = [index for index in range(first, last) if words[index].function is WordFunction.SUBJECT]
    for index in subjects:
        is_fit = not _is_spoken_about(words[index]) and (not needs_second or index != subjects[-1])
        if is_fit and _may_govern(words, index, last) and (found := _speaker_at(text, sentence, index, first)):
            return found
    return None


def subject_between(text: str, sentence: KoreanSentence, first: int, last: int) -> SpottedSpeaker | None:
    """Return the subject between the content and its verb, which may be any noun: “…”라고 대사관은 전했다."""
    if not any(word.form and word.form[-1] in _SUBJECT_ENDINGS for word in sentence.words[first:last]):
        return None
    parse_words(sentence, last + 1)
    for index in range(last - 1, first - 1, -1):
        word = sentence.words[index]
        if word.function in (WordFunction.TOPIC, WordFunction.SUBJECT) and word.stem not in speaker_words().apart:
            return read_speaker(text, sentence.words, index, first, trusts=Trust.ANYBODY)
    return None


def _is_spoken_about(word: Word) -> bool:
    """Return whether a subject is more likely spoken about than a speaker: 김씨가 훔쳤다고 밝혔다."""
    return word.stem.endswith("씨")


def _speaker_at(text: str, sentence: KoreanSentence, index: int, floor: int) -> tuple[int, SpottedSpeaker] | None:
    trusts = Trust.LISTED if sentence.words[index].function is WordFunction.SUBJECT else Trust.KNOWN
    speaker = read_speaker(text, sentence.words, index, floor, trusts=trusts)
    return (index, speaker) if speaker else None


def _may_govern(words: list[Word], index: int, last: int) -> bool:
    """Return whether a subject does not belong to a relative clause: …가 (…를) 내놓은 대책."""
    if words[index].function is not WordFunction.SUBJECT:
        return False
    at = index + 1
    while at < last and words[at].function in _BETWEEN and not words[at].has_comma:
        at += 1
    if at + 1 >= len(words) or words[at].function is not WordFunction.MODIFIER or not words[at].is_verb:
        return True
    return bool(_BOUND.match(words[at + 1].form))
