"""Find the subject of a reporting verb in a Korean sentence.

The subject is a topic or subject, in a range of words, that can speak. The subject of a relative clause ("정부가 내놓은
대책이") never is one. This module does not know cues or other sentences.
"""

from __future__ import annotations

import re

from claimledger.spotting.korean_cues import cue_words
from claimledger.spotting.korean_speaker_words import is_personal_name, speaker_words
from claimledger.spotting.korean_speakers import Trust, read_speaker
from claimledger.spotting.korean_sentence import WordFunction, KoreanSentence, Word, parse_words
from claimledger.spotting.language import SpottedSpeaker

_BOUND = re.compile("^(?:것|걸|게|거|수|바|줄|점|예정|계획|방침|전망|만큼|듯|셈|뿐)")
_BETWEEN = frozenset((WordFunction.OBJECT, WordFunction.ADVERB, WordFunction.ADVERBIAL))
_CLAUSE_END = re.compile("(?:[가-힣]고|지만|며|면서|는데|으나|자)$")
_SUBJECT_ENDINGS = frozenset("은는이가도만서시한")
_TOPIC_ENDINGS = frozenset("은는서")
_POINTERS = frozenset(("이", "그것", "이것", "저것", "이곳", "여기", "거기", "자신", "자기"))
_TIME = re.compile("(?:[0-9](?:년|월|일|시|분|분기|개월)|때|날|해|달|주|오전|오후|밤|년|이후|이전|당시|동안)$")
_STRIDE = 9
"""The number of words parsed at once: most topics are among the first."""
_LEAD = 5
"""The number of words of a clause within which its topic comes."""
_NEAR = 2
"""The distance, in words before a quotation, within which a subject precedes an earlier topic."""


def nearest_subject(
    text: str, sentence: KoreanSentence, first: int, last: int, *, any_noun: bool = False
) -> tuple[int, SpottedSpeaker] | None:
    """Return the speaker nearest before word `last`: right before it, else the last topic, else the last subject.

    If none of them is known to speak, with `any_noun` the first topic does, with any title.
    """
    parse_words(sentence, last + 1)
    topic: tuple[int, SpottedSpeaker] | None = None
    subject: tuple[int, SpottedSpeaker] | None = None
    for index in range(last - 1, first - 1, -1):
        if topic is None and _is_topic(sentence.words, index):
            topic = _speaker_at(text, sentence, index, first)
        elif subject is None and _may_govern(sentence.words, index, last):
            subject = _speaker_at(text, sentence, index, first)
            if subject and last - index <= _NEAR:
                return subject
        if topic:
            return topic
    return subject or (unlisted_subject(text, sentence, first, last) if any_noun else None)


def unlisted_subject(text: str, sentence: KoreanSentence, first: int, last: int) -> tuple[int, SpottedSpeaker] | None:
    """Return the subject of a verb whose content cannot contain it (a quotation, …을 요청했다); any noun may be one."""
    words = sentence.words
    parse_words(sentence, last + 1)
    for index in range(first, last):
        is_topic = words[index].function is WordFunction.TOPIC and words[index].form[-1:] in _TOPIC_ENDINGS
        if (is_topic or _is_beside(words, index, last)) and not is_thing(words[index]):
            speaker = read_speaker(text, words, index, first, trusts=Trust.ANYBODY)
            return (index, speaker) if speaker else None
    return None


def _is_beside(words: list[Word], index: int, last: int) -> bool:
    """Return whether only objects and adverbs are between a subject and word `last`."""
    between = words[index + 1 : last]
    return words[index].function is WordFunction.SUBJECT and all(
        word.function in _BETWEEN and not _CLAUSE_END.search(word.form) for word in between
    )


def has_own_subject(text: str, sentence: KoreanSentence, first: int, last: int, *, must_be_known: bool = False) -> bool:
    """Return whether a range of words has a subject that may be the speaker, so that no other speaker continues.

    A thing does not count. With `must_be_known`, only a known kind of speaker does, not any noun.
    """
    parse_words(sentence, last + 1)
    for index in range(first, min(last, len(sentence.words))):
        word = sentence.words[index]
        is_subject = _is_topic(sentence.words, index) or _may_govern(sentence.words, index, last)
        is_candidate = is_subject and not is_thing(word)
        if is_candidate and (not must_be_known or read_speaker(text, sentence.words, index, first)):
            return True
    return False


def is_thing(word: Word) -> bool:
    """Return whether a noun is a thing, a time or a connective: it is spoken about and never speaks."""
    known = speaker_words()
    if word.stem in known.apart or word.stem in _POINTERS or _TIME.search(word.stem) or not word.stem:
        return True
    listed = (known.roles, known.organizations, known.anonymous)
    is_listed = any(pattern.search(word.stem) for pattern in listed)
    return bool(known.things.search(word.stem)) and not (is_listed or word.is_proper or is_personal_name(word.stem))


def first_subject(
    text: str, sentence: KoreanSentence, first: int, last: int, *, needs_second: bool = False
) -> tuple[int, SpottedSpeaker] | None:
    """Return the first topic between two words that can speak, else the first subject that can.

    With `needs_second`, a subject only counts before another one: that of "수출이 줄 것으로" belongs to the content.
    """
    words = sentence.words
    is_blocked = False
    first = max(first, _contrasted_clause(text, sentence, first, last))
    for index in range(first, last):
        if index >= sentence.parsed_count:
            parse_words(sentence, min(index + _STRIDE, last + 1))
        if _is_topic(words, index):
            found = _speaker_at(text, sentence, index, first)
            leading = None if is_blocked else _subject_before_topic(text, sentence, first, index)
            if leading or (found and not is_blocked):
                return leading or found
            is_blocked = is_blocked or (found is None and words[index].stem not in speaker_words().apart)
        elif _CLAUSE_END.search(words[index].form):
            is_blocked = False
    return None if is_blocked else _leading_subject(text, sentence, first, last, needs_second=needs_second)


def _subject_before_topic(
    text: str, sentence: KoreanSentence, first: int, topic: int
) -> tuple[int, SpottedSpeaker] | None:
    """Return the subject before a topic of the same clause: in "시가 물값은 오른다고" the topic is in the content."""
    words = sentence.words
    for index in range(topic - 1, first - 1, -1):
        if words[index].function in (WordFunction.CLAUSE_END, WordFunction.MODIFIER):
            return None
        if words[index].function is WordFunction.SUBJECT and not _is_spoken_about(words[index]):
            return _speaker_at(text, sentence, index, first)
    return None


def _contrasted_clause(text: str, sentence: KoreanSentence, first: int, last: int) -> int:
    """Return the first word after the last clause that ends with a comma before a new topic that can speak.

    In "가 회사는 문을 닫았고, 나 회사는 더 짓겠다고 밝혔다" the second topic speaks.
    """
    words = sentence.words
    for index in range(last - 1, first, -1):
        before = words[index - 1]
        if before.has_comma and _CLAUSE_END.search(before.form) and _has_topic_form(words, index):
            parse_words(sentence, min(index + _STRIDE, last + 1))
            clause = range(index, min(index + _LEAD, last))
            topic = next((i for i in clause if words[i].function is WordFunction.TOPIC), None)
            found = _speaker_at(text, sentence, topic, index) if topic is not None else None
            if found and not found[1].is_anonymous:
                return index
    return first


def _has_topic_form(words: list[Word], index: int) -> bool:
    """Return whether a word near the beginning of a clause ends like a topic; this check needs no morphemes."""
    return any(word.form[-1:] in _TOPIC_ENDINGS for word in words[index : index + _LEAD])


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


def _is_topic(words: list[Word], index: int) -> bool:
    """Return whether a word is a topic; 도 before a verb of saying marks its object: 대책도 강조하면서."""
    if words[index].function is not WordFunction.TOPIC:
        return False
    following = words[index + 1].form if index + 1 < len(words) else ""
    return not (words[index].form.endswith("도") and following in cue_words().forms)


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
