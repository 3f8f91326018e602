"""Find …에 따르면 and …에 의하면 in a Korean sentence, and the source that the phrase names.

For a document, the source is its author. A phrase without a speaker or a document (an act, a custom, a reason) gives
nothing. It also works without morphemes, less precisely. This module does not know verbs of saying.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from claimledger.models import Span
from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.korean_speakers import Trust, phrase_start, read_speaker
from claimledger.spotting.korean_sentence import WordFunction, KoreanSentence, parse_words
from claimledger.spotting.language import SpottedSpeaker
from claimledger.vocabulary import AttributionMode

_PHRASE = re.compile("에(?:게)?\\s(?:따르면|의하면|따르자면)[은도]?,?")
_OBTAINED = re.compile("입수|확보|받은|받아낸|제출받|확인|살펴")
_QUICK = re.compile("따르면|의하면|따르자면")


@dataclass(frozen=True, slots=True)
class AccordingPhrase:
    """A phrase of the form X에 따르면."""

    end: int
    """The start of the content."""
    cue: Span
    """The span of 에 따르면."""
    speaker: SpottedSpeaker | None
    """The speaker that it names; None for a document without an author."""
    mode: AttributionMode
    """The attribution mode: a document, or an indirect quotation."""


def may_have_according_phrase(sentence: str) -> bool:
    """Return whether a sentence may contain the phrase."""
    return _QUICK.search(sentence) is not None


def find_according_phrase(text: str, sentence: KoreanSentence) -> AccordingPhrase | None:
    """Return the sentence's first phrase of this kind, if it names a speaker or a document."""
    found = _PHRASE.search(sentence.masked)
    if found is None:
        return None
    cue = Span(start=sentence.start + found.start(), end=sentence.start + found.end() - found[0].endswith(","))
    head = sentence.word_index(cue.start + 1) - 1
    if head < 0 or not sentence.words[head].form.endswith(("에", "에게")):
        return None
    parse_words(sentence, head + 1)
    word = sentence.words[head]
    word.stem, word.stem_end = word.form.removesuffix("에게").removesuffix("에"), cue.start
    if word.stem in ("이", "그", "저"):
        return None
    is_paper = speaker_words().documents.search(word.stem) or speaker_words().findings.search(word.stem)
    speaker = _author(text, sentence, head) if is_paper else read_speaker(text, sentence.words, head)
    if not is_paper and speaker is None:
        return None
    end = sentence.start + found.end()
    is_written = is_paper and not word.stem.endswith(("설명", "말", "증언", "진술"))
    mode = AttributionMode.DOCUMENT if is_written else AttributionMode.INDIRECT_QUOTE
    return AccordingPhrase(end + (text[end : end + 1] == " "), cue, speaker, mode)


def _author(text: str, sentence: KoreanSentence, head: int) -> SpottedSpeaker | None:
    """Return the author of a document: 통계청 자료, 한국은행이 3일 발표한 자료, 한빛연구소의 ‘동향’ 보고서."""
    words = sentence.words
    first = phrase_start(words, head)
    if first and words[first - 1].function is WordFunction.MODIFIER:
        if _OBTAINED.match(words[first - 1].form):
            return None
        subject = next(
            (i for i in range(first - 2, -1, -1) if words[i].function in (WordFunction.SUBJECT, WordFunction.TOPIC)),
            None,
        )
        return read_speaker(text, words, subject, trusts=Trust.ANYBODY) if subject is not None else None
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
