"""The language plug-in for Korean: split sentences and find reported statements with their speakers.

A speaker is named beside the words, meant by a pronoun, or carried over from the sentence before. Only a sentence
without a subject gets a speaker carried over. If none of these is certain, there is no speaker. Time grows linearly
with the text, and kiwi is only called for sentences with a cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claimledger.errors import Problem
from claimledger.models import Span
from claimledger.spotting.korean_according import may_have_according_phrase
from claimledger.spotting.korean_cues import cue_words, may_report
from claimledger.spotting.korean_drafts import KoreanDraft, SentenceReading, MissingPart, is_speech
from claimledger.spotting.korean_headlines import may_have_estimate
from claimledger.spotting.korean_introductions import complete_name
from claimledger.spotting.korean_nouns import may_have_noun_cue
from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.korean_statements import bare_speaker, read_korean_sentence
from claimledger.spotting.korean_subjects import first_subject, has_own_subject
from claimledger.spotting.korean_sentence import LONGEST_KOREAN_SENTENCE, KoreanSentence, has_kiwi, make_sentence
from claimledger.spotting.language import ReportedStatement, SpottedSpeaker
from claimledger.spotting.quotations import Quotation, find_quotations
from claimledger.spotting.sentences import split_sentences
from claimledger.vocabulary import AttributionMode, SpeakerBasis

_HANGUL = re.compile("[\\u1100-\\u11ff\\u3130-\\u318f가-힣]")
_QUOTING = re.compile("[다자라](?:며|면서)")
_NEW_MATTER = re.compile(
    '\\s*(?:[이그저]것|이들|이런|이러한|이에|이후|한편|또|하지만|그러나|반면|그런|그래서|이처럼|이와|다만|앞서|지난|최근|현재까지|이날|\\d{4}년|\\d{1,2}월|[“"▲(])'
)
_COMPARISON = re.compile("\\s*(?:지난해|작년|전년|전월|지난달|이는)\\s?(?:같은|보다|동기|대비|\\d)")
"""A sentence that goes on with the figure before: 지난해보다 3% 늘었다."""
_POLITE = re.compile("(?:니다|요)[.?!]*$")
_SEVERAL = re.compile("(?:들|명|진|팀|단|부부|형제|자매|업계)$|[와과] ")
_PRONOUN_REACH = 4
"""The number of sentences that a pronoun may reach back."""
_LAST_WORD = re.compile("\\S+$")
_CONTINUED_SENTENCES = 2
"""The number of sentences after …에 따르면 that continue the same speaker."""


class Korean:
    """The language plug-in for Korean, `ko`."""

    code = "ko"

    def share(self, paragraph: str) -> float:
        """Return the share of a paragraph's letters that are Hangul, from 0 to 1.

        >>> Korean().share("GPT 가나다")
        0.5
        """
        letters = sum(map(str.isalpha, paragraph))
        return len(_HANGUL.findall(paragraph)) / letters if letters else 0.0

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        """Return the sentences of a paragraph; a quotation of several sentences stays in one piece."""
        return split_sentences(text, paragraph, "ko")

    def reported(self, text: str, sentences: Sequence[Span]) -> list[ReportedStatement]:
        """Return the statements that the sentences of a paragraph report, in order.

        >>> text = "한국은행에 따르면 수출이 2% 늘었다."
        >>> [statement.speaker.name for statement in Korean().reported(text, [Span(start=0, end=len(text))])]
        ['한국은행']
        """
        return [_to_statement(draft) for draft in _Paragraph(text, sentences).drafts()]

    def lacks(self) -> Problem | None:
        """Return a problem if the morphological analyser is missing, else None."""
        if has_kiwi():
            return None
        return Problem("korean-without-morphemes")


def _to_statement(draft: KoreanDraft) -> ReportedStatement:
    return ReportedStatement(draft.content, draft.mode, draft.cue, draft.cue_class, draft.speaker)


@dataclass
class _Paragraph:
    """The sentences of a paragraph and their statements, with speakers resolved in order."""

    text: str
    spans: Sequence[Span]
    sentences: list[KoreanSentence] = field(default_factory=list)
    readings: list[SentenceReading] = field(default_factory=list)
    continued: KoreanDraft | None = None
    continuable: int = 0

    def drafts(self) -> list[KoreanDraft]:
        """Return the statements of all sentences with their speakers."""
        self._read()
        for index in range(len(self.sentences)):
            self._continue_according(index)
            for place, draft in enumerate(self.readings[index].drafts):
                self._resolve_draft(index, place, draft)
        return [draft for reading in self.readings for draft in reading.drafts]

    def _read(self) -> None:
        if not self.spans:
            return
        quotations = find_quotations(self.text, self.spans[0].start, self.spans[-1].end)
        at = 0
        for span in self.spans:
            first = at
            while at < len(quotations) and quotations[at].start < span.end:
                at += 1
            spoken = [it for it in quotations[first:at] if it.end <= span.end and is_speech(self.text, it)]
            self._read_one(span, spoken)

    def _read_one(self, span: Span, spoken: list[Quotation]) -> None:
        words = self.text[span.start : span.end]
        hint = len(words) <= LONGEST_KOREAN_SENTENCE and (
            bool(spoken)
            or may_have_according_phrase(words)
            or may_report(words, cue_words())
            or may_have_noun_cue(words)
            or may_have_estimate(words)
            or bool(_QUOTING.search(words))
        )
        sentence = make_sentence(self.text, span.start, span.end, spoken if hint else [])
        self.sentences.append(sentence)
        self.readings.append(read_korean_sentence(self.text, sentence) if hint else SentenceReading())

    # Speakers

    def _resolve_draft(self, index: int, place: int, draft: KoreanDraft) -> None:
        if draft.speaker is not None:
            draft.speaker = self._resolve_speaker(index, place, draft.speaker)
        elif draft.missing is MissingPart.SPEAKER:
            draft.speaker = self._previous_speaker(index, place)
        elif draft.missing is MissingPart.FORECASTER:
            self._resolve_forecast(index, draft)
        elif draft.missing is MissingPart.NEIGHBOUR:
            self._resolve_neighbour(index, draft)

    def _resolve_speaker(self, index: int, place: int, speaker: SpottedSpeaker) -> SpottedSpeaker | None:
        if speaker.basis is not SpeakerBasis.PRONOUN:
            return complete_name(self.text, speaker)
        if (
            speaker.span.end > self.spans[index].end
            or speaker.name not in self.text[speaker.span.start : speaker.span.end]
        ):
            return speaker
        return self._antecedent(index, place, speaker) or _describe_reference(speaker)

    def _antecedent(self, index: int, place: int, pronoun: SpottedSpeaker) -> SpottedSpeaker | None:
        """Return the person that a pronoun means: the last one who spoke or was a topic before it."""
        earlier = [draft.speaker for draft in self.readings[index].drafts[:place]]
        for at in range(index, max(index - _PRONOUN_REACH, -1), -1):
            if at < index:
                earlier = [*(draft.speaker for draft in self.readings[at].drafts), *earlier]
            for speaker in reversed(earlier):
                if speaker and _may_mean(pronoun, speaker):
                    return replace(speaker, basis=SpeakerBasis.PRONOUN)
            topic = self._topic(at) if at < index else None
            if topic and _may_mean(pronoun, topic):
                return replace(topic, basis=SpeakerBasis.PRONOUN)
            earlier = []
        return self._antecedent_before(pronoun) if index < _PRONOUN_REACH else None

    def _antecedent_before(self, pronoun: SpottedSpeaker) -> SpottedSpeaker | None:
        """Return the person of the previous paragraph that a pronoun means, if this paragraph names no one."""
        end = self.spans[0].start
        before = self.text[max(0, end - LONGEST_KOREAN_SENTENCE) : end].rstrip()
        start = end - len(self.text[max(0, end - LONGEST_KOREAN_SENTENCE) : end]) + before.rfind("\n") + 1
        if not before or (before.rfind("\n") < 0 and end > LONGEST_KOREAN_SENTENCE):
            return None
        spans = split_sentences(
            self.text, Span(start=start, end=max(start + 1, start + len(before) - before.rfind("\n") - 1)), "ko"
        )
        drafts = _PreviousParagraph(self.text, spans).drafts()
        speakers = [draft.speaker for draft in drafts if draft.speaker and _may_mean(pronoun, draft.speaker)]
        return replace(speakers[-1], basis=SpeakerBasis.PRONOUN) if speakers else None

    def _previous_speaker(self, index: int, place: int) -> SpottedSpeaker | None:
        """Return the speaker who continues in a sentence that omits its subject."""
        drafts = self.readings[index].drafts[:place]
        if drafts:
            return drafts[-1].speaker
        if index == 0:
            return None
        before = self.readings[index - 1]
        speaker = before.drafts[-1].speaker if before.drafts else None
        if speaker is None and before.bare:
            speaker = self._bare_speaker(index - 1)
        speaker = speaker or self._topic(index - 1, follows_pronoun=True)
        return replace(speaker, basis=SpeakerBasis.CARRIED) if speaker else None

    def _resolve_forecast(self, index: int, draft: KoreanDraft) -> None:
        before = self.readings[index - 1].drafts if index else []
        if before and before[-1].speaker and before[-1].cue_class in ("forecast", "estimate"):
            draft.speaker = replace(before[-1].speaker, basis=SpeakerBasis.CARRIED)
            draft.mode = before[-1].mode if before[-1].mode is AttributionMode.DOCUMENT else draft.mode

    def _resolve_neighbour(self, index: int, draft: KoreanDraft) -> None:
        """Give an isolated quotation to the verb of a neighbouring sentence, or else to the previous speaker."""
        for at in (index - 1, index + 1):
            if (
                0 <= at < len(self.readings)
                and (cue := self.readings[at].bare)
                and not self._introduces_next(at, index)
            ):
                speaker = self._bare_speaker(at)
                if speaker:
                    draft.speaker, draft.cue, draft.cue_class = speaker, Span(start=cue.start, end=cue.end), cue.kind
                    return
        draft.speaker = (
            self._previous_speaker(index, 0)
            if self.readings[index].drafts[0] is draft
            else self.readings[index].drafts[0].speaker
        )

    def _introduces_next(self, at: int, index: int) -> bool:
        """Return whether the verb after a quotation introduces the next quotation instead."""
        if at < index or at + 1 >= len(self.readings):
            return False
        following = self.readings[at + 1].drafts
        ends_with_verb = self.text[: self.spans[at].end].rstrip().endswith(":")
        return ends_with_verb and bool(following) and following[0].missing is MissingPart.NEIGHBOUR

    def _bare_speaker(self, at: int) -> SpottedSpeaker | None:
        cue = self.readings[at].bare
        speaker = bare_speaker(self.text, self.sentences[at], cue) if cue else None
        return self._resolve_speaker(at, 0, speaker) if speaker else None

    def _topic(self, at: int, *, follows_pronoun: bool = False) -> SpottedSpeaker | None:
        """Return the topic of a sentence that reports nothing, if it can be a speaker."""
        sentence = self.sentences[at]
        if len(sentence.words) > LONGEST_KOREAN_SENTENCE // 4 or not sentence.words:
            return None
        found = first_subject(self.text, sentence, 0, len(sentence.words) - 1)
        if found is None:
            return None
        speaker = found[1]
        if speaker.basis is SpeakerBasis.PRONOUN:
            return self._antecedent(at, 0, speaker) if follows_pronoun else None
        return complete_name(self.text, speaker)

    def _continue_according(self, index: int) -> None:
        """Continue a speaker named by …에 따르면 in the sentences that follow."""
        reading = self.readings[index]
        if reading.has_according_phrase and reading.drafts:
            self.continued = reading.drafts[-1]
            self.continuable = _CONTINUED_SENTENCES
            return
        before = self.continued
        if before is None or before.speaker is None or not self._continues(index, before):
            self.continuable = 0
        if not self.continuable or before is None or before.speaker is None:
            return
        self.continuable -= 1
        span = self.spans[index]
        length = len(self.text[span.start : span.end].rstrip(" .?!"))
        content = Span(start=span.start, end=span.start + max(length, 1))
        speaker = replace(before.speaker, basis=SpeakerBasis.CARRIED)
        reading.drafts.append(KoreanDraft(content, before.mode, None, None, speaker))

    def _continues(self, index: int, before: KoreanDraft) -> bool:
        """Return whether a sentence goes on with what a source says.

        It reports nothing, has no new matter or person, keeps the style of the sentence before (…다 or …습니다), and
        has a figure unless the source is a document.
        """
        span, last = self.spans[index], self.spans[index - 1]
        words = self.text[span.start : span.end]
        is_new = _NEW_MATTER.match(words) and not _COMPARISON.match(words)
        if self.readings[index].drafts or is_new or self._has_subject(index):
            return False
        is_polite = [bool(_POLITE.search(self.text[it.start : it.end])) for it in (last, span)]
        has_figure = any(map(str.isdigit, words)) or before.mode is AttributionMode.DOCUMENT
        return is_polite[0] == is_polite[1] and has_figure

    def _has_subject(self, index: int) -> bool:
        sentence = self.sentences[index]
        last = len(sentence.words) - 1
        return bool(sentence.words) and has_own_subject(self.text, sentence, 0, last, must_be_known=True)


class _PreviousParagraph(_Paragraph):
    """The previous paragraph; its own pronouns do not reach further back."""

    def _antecedent_before(self, pronoun: SpottedSpeaker) -> SpottedSpeaker | None:
        del pronoun
        return None


def _describe_reference(reference: SpottedSpeaker) -> SpottedSpeaker | None:
    """Return 이 관계자 or 이 회사 as the text describes it, for use without an antecedent; None for 그 and 이들."""
    known = speaker_words()
    if reference.name in known.pronouns:
        return None
    return replace(reference, is_anonymous=bool(known.anonymous.search(reference.name)))


def _may_mean(pronoun: SpottedSpeaker, speaker: SpottedSpeaker) -> bool:
    """Return whether a pronoun can mean a speaker: 그 one person, 이들 several, 이 관계자 a person so described."""
    known = speaker_words()
    if pronoun.name in known.plural_pronouns:
        return bool(_SEVERAL.search(speaker.name))
    if pronoun.name in known.pronouns:
        is_office = known.organizations.search(speaker.name) and not speaker.role
        return not is_office and not speaker.name.endswith(("들", "명"))
    last = _LAST_WORD.search(pronoun.name)
    head = last[0] if last else pronoun.name
    if known.anonymous.search(head):
        return speaker.is_anonymous and speaker.name.endswith(head)
    return speaker.role is None and not speaker.is_anonymous
