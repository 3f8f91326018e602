"""Find …에 따르면, …에 의하면 and …한 결과 in a Korean sentence, and the source that the phrase names.

For a document, the source is its author; a document without an author, or a work with a title, is the source itself.
A rule or a custom (이 법에 따르면) is not a source, and 이에 따르면 only refers to one. It also works without
morphemes, less precisely. This module does not know verbs of saying.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from claimledger.models import Span
from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.korean_speakers import Trust, phrase_start, read_speaker
from claimledger.spotting.korean_sentence import WordFunction, KoreanSentence, Word, parse_words
from claimledger.spotting.language import SpottedSpeaker
from claimledger.vocabulary import AttributionMode, SpeakerBasis

_PHRASE = re.compile("에(?:게)?\\s(?:따르면|의하면|따르자면)[은도]?,?")
_OBTAINED = re.compile("입수|확보|받은|받아낸|제출받|확인|살펴")
_QUICK = ("따르면", "의하면", "따르자면", "결과")
_STUDIES = (
    "조사|집계|분석|설문|설문조사|확인|점검|측정|연구|추적|비교|조회|전수조사|모니터링|수사|관측|실험|감식|부검|검사|감정|"
    "역학조사|평가|심사|감사|취재"
)
_SURVEY = re.compile(f"(?P<cue>(?:{_STUDIES})(?:한)? 결과),? ")
_PUBLISHED = re.compile("(?:발간|출간|발행|공개|발표|출판|배포)한|펴낸|내놓은|낸$")
_REFERENCES = frozenset(("이", "그", "저", "여기"))
_POINTING = frozenset(("이", "그", "저", "해당", "같은", "이런", "위"))
_INDEFINITE = frozenset(("한", "최근", "최신", "관련"))
_DATE = re.compile("(?:지난\\s?)?\\d+(?:년|월|일|분기)(?:도)?$|지난|지난해|올해")
_TITLE_BEFORE = re.compile("[‘'「『<《]([^‘’'「」『』<>《》\n]{2,60})[’'」』>》]\\s?(?:[가-힣]{2,6})?$")


@dataclass(frozen=True, slots=True)
class AccordingPhrase:
    """A phrase of the form X에 따르면."""

    end: int
    """The start of the content."""
    cue: Span
    """The span of 에 따르면."""
    speaker: SpottedSpeaker | None
    """The speaker that it names; None for a reference to a document."""
    mode: AttributionMode
    """The attribution mode: a document, or an indirect quotation."""
    is_survey: bool = False
    """True for X가 조사한 결과: it only names the source of findings (…것으로 나타났다)."""


def may_have_according_phrase(sentence: str) -> bool:
    """Return whether a sentence may contain the phrase."""
    return any(word in sentence for word in _QUICK)


def find_according_phrase(text: str, sentence: KoreanSentence) -> AccordingPhrase | None:
    """Return the sentence's first phrase of this kind, if it names a source or refers to one (이에 따르면)."""
    found = _PHRASE.search(sentence.masked)
    if found is None:
        return _find_survey(text, sentence)
    cue = Span(start=sentence.start + found.start(), end=sentence.start + found.end() - found[0].endswith(","))
    head = sentence.word_index(cue.start + 1) - 1
    if head < 0 or not sentence.words[head].form.endswith(("에", "에게")):
        return None
    parse_words(sentence, head + 1)
    word = sentence.words[head]
    stem = word.form.removesuffix("에게").removesuffix("에")
    if not stem:  # a mark or nothing before the particle
        return None
    word.stem, word.stem_end = stem, max(cue.start, word.start + 1)
    if speaker_words().no_sources.search(word.stem) or _has_topic_before(text, sentence, head):
        return None
    end = sentence.start + found.end()
    is_document = _is_document(word) or _is_published(sentence, head)
    mode = AttributionMode.DOCUMENT if is_document else AttributionMode.INDIRECT_QUOTE
    return AccordingPhrase(end + (text[end : end + 1] == " "), cue, _source(text, sentence, head), mode)


def _find_survey(text: str, sentence: KoreanSentence) -> AccordingPhrase | None:
    """Return X가 … 조사한 결과 or X 조사 결과 as a phrase of this kind; X is the speaker."""
    found = _SURVEY.search(sentence.masked) if "결과" in sentence.masked else None
    if found is None:
        return None
    cue = Span(start=sentence.start + found.start("cue"), end=sentence.start + found.end("cue"))
    at = sentence.word_index(cue.start)
    parse_words(sentence, at + 1)
    if found["cue"].endswith("한 결과"):
        speaker = _subject_of_clause(text, sentence, at)
    else:
        first = phrase_start(sentence.words, at)
        speaker = _read_owner(text, sentence, first, at - 1) if first < at else None
    end = sentence.start + found.end()
    return AccordingPhrase(end, cue, speaker, AttributionMode.DOCUMENT, is_survey=True) if speaker else None


def _has_topic_before(text: str, sentence: KoreanSentence, head: int) -> bool:
    """Return whether a topic that can speak precedes the phrase, which then belongs to the words of the topic."""
    words = sentence.words
    return any(
        word.function is WordFunction.TOPIC and word.form[-1:] in ("은", "는") and read_speaker(text, words, index)
        for index, word in enumerate(words[:head])
    )


def _is_document(word: Word) -> bool:
    """Return whether the last noun of the phrase is a document, not an oral report."""
    known = speaker_words()
    is_paper = known.documents.search(word.stem) or known.findings.search(word.stem) or known.works.search(word.stem)
    return bool(is_paper) and not word.stem.endswith(("설명", "말", "증언", "진술", "제보"))


def _is_published(sentence: KoreanSentence, head: int) -> bool:
    """Return whether the words before the phrase say that it was published: 재단이 펴낸 ‘새 길’."""
    words = sentence.words
    before = next((i for i in range(head, -1, -1) if words[i].function is WordFunction.MODIFIER), None)
    return before is not None and bool(_PUBLISHED.match(words[before].form))


def _source(text: str, sentence: KoreanSentence, head: int) -> SpottedSpeaker | None:
    """Return the person or organisation of the phrase, the author of its document, or else the document."""
    words, known = sentence.words, speaker_words()
    stem = words[head].stem
    if stem in _REFERENCES:
        return None
    if stem == "바":
        return _subject_of_clause(text, sentence, head)
    is_work = stem[-1:] in "’'」』>》" or known.works.search(stem)
    if is_work or known.documents.search(stem) or known.findings.search(stem):
        return (None if is_work else _author(text, sentence, head)) or _document(text, sentence, head)
    return read_speaker(text, words, head) or read_speaker(text, words, head, trusts=Trust.ANYBODY)


def _document(text: str, sentence: KoreanSentence, head: int) -> SpottedSpeaker | None:
    """Return a document that names no author, as printed; None for 이 자료 and a bare 보도."""
    words, known = sentence.words, speaker_words()
    first = phrase_start(words, head)
    stem = words[head].stem
    if words[first].form in _POINTING or (first == head and known.tellings.search(stem)):
        return None
    while first < head and (words[first].form in _INDEFINITE or _DATE.match(words[first].form)):
        first += 1
    title = _TITLE_BEFORE.search(text, sentence.start, words[head].stem_end)
    if title:
        span = Span(start=title.start(1), end=title.end(1))
    else:
        span = Span(start=words[first].start, end=words[head].stem_end)
    name = text[span.start : span.end].strip("‘’'\"“”「」『』<>《》")
    return SpottedSpeaker(span, name, None, None, is_anonymous=False, basis=SpeakerBasis.EXPLICIT) if name else None


def _subject_of_clause(text: str, sentence: KoreanSentence, last: int) -> SpottedSpeaker | None:
    """Return the nearest subject before a modifier: 통계청이 집계한 (바)."""
    words = sentence.words
    kinds = (WordFunction.SUBJECT, WordFunction.TOPIC)
    subject = next((i for i in range(last - 1, -1, -1) if words[i].function in kinds), None)
    return read_speaker(text, words, subject, trusts=Trust.ANYBODY) if subject is not None else None


def _author(text: str, sentence: KoreanSentence, head: int) -> SpottedSpeaker | None:
    """Return the author of a document: 통계청 자료, 한국은행이 3일 발표한 자료, 한빛연구소의 ‘동향’ 보고서."""
    words = sentence.words
    first = phrase_start(words, head)
    if first and words[first - 1].function is WordFunction.MODIFIER:
        if _OBTAINED.match(words[first - 1].form):
            return None
        return _subject_of_clause(text, sentence, first - 1)
    while first < head and words[first].form in (*_POINTING, *_INDEFINITE):
        first += 1
    last = next((i for i in range(first, head) if words[i].function is WordFunction.GENITIVE), head - 1)
    known = speaker_words()
    while last > first and (known.documents.search(words[last].form) or known.findings.search(words[last].form)):
        last -= 1
    if last < first or words[last].form[:1] in "‘'「『<《":
        return None
    return _read_owner(text, sentence, first, last)


def _read_owner(text: str, sentence: KoreanSentence, first: int, last: int) -> SpottedSpeaker | None:
    """Return the speaker of the words before a document; the last of them has no particle, or 의."""
    word = sentence.words[last]
    whole = replace(
        word, stem=word.stem if word.function is WordFunction.GENITIVE else word.form, function=WordFunction.BARE
    )
    return read_speaker(text, [*sentence.words[first:last], whole], last - first, trusts=Trust.ANYBODY)
