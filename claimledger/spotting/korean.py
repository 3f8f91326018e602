"""Korean for the spotter: sentences of a paragraph, and the statements reported in them with their speakers.

In: a text and a paragraph of it. Out: `Reported` rows. A speaker is named beside the words, meant by a pronoun, or
carried from the sentence before; where none of these is sure, there is none. The invariant: time grows with the length
of the text, and kiwi is called only for sentences that hold a cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claimledger.errors import Problem
from claimledger.models import Span
from claimledger.spotting.korean_according import may_accord
from claimledger.spotting.korean_cues import cue_words, may_report
from claimledger.spotting.korean_nouns import may_name
from claimledger.spotting.korean_introductions import full_name
from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.korean_drafts import Draft, Reading, Wants, is_speech
from claimledger.spotting.korean_statements import bare_speaker, read_sentence
from claimledger.spotting.korean_subjects import first_subject
from claimledger.spotting.korean_sentence import LONGEST_SENTENCE, Sentence, has_kiwi, make_sentence
from claimledger.spotting.language import Reported, SpeakerFound
from claimledger.spotting.quotations import Quotation, find_quotations
from claimledger.spotting.sentences import split_sentences
from claimledger.vocabulary import AttributionMode, SpeakerBasis

_HANGUL = re.compile("[\\u1100-\\u11ff\\u3130-\\u318f가-힣]")
_QUOTING = re.compile("[다자라](?:며|면서)")
_NEW_MATTER = re.compile(
    '\\s*(?:[이그저]것|이들|이런|이러한|이에|이후|한편|또|하지만|그러나|반면|그런|그래서|이처럼|이와|다만|앞서|지난|최근|현재까지|이날|\\d{4}년|\\d{1,2}월|[“"▲(])'
)
_REACH = 4
"""How many sentences back a pronoun may reach."""
_LAST_WORD = re.compile("\\S+$")
_CARRIES = 2
"""How many sentences after …에 따르면 go on in the same voice."""


class Korean:
    """The built-in language `ko`."""

    code = "ko"

    def share(self, paragraph: str) -> float:
        """Return how much of a paragraph's letters are Hangul.

        >>> Korean().share("GPT 가나다")
        0.5
        """
        letters = sum(map(str.isalpha, paragraph))
        return len(_HANGUL.findall(paragraph)) / letters if letters else 0.0

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        """Return the sentences of a paragraph; a quotation of several sentences stays in one piece."""
        return split_sentences(text, paragraph, "ko")

    def reported(self, text: str, sentences: Sequence[Span]) -> list[Reported]:
        """Return the statements reported in a paragraph's sentences, in order.

        >>> text = "한국은행에 따르면 수출이 2% 늘었다."
        >>> [statement.speaker.name for statement in Korean().reported(text, [Span(start=0, end=len(text))])]
        ['한국은행']
        """
        return [_finished(draft) for draft in _Paragraph(text, sentences).drafts()]

    def lacks(self) -> Problem | None:
        """Return what is missing for the whole of Korean, if anything is."""
        if has_kiwi():
            return None
        return Problem(
            "korean-without-morphemes",
            "Korean is read without a morphological analyser: many speakers and indirect quotations are missed.",
            "Install the extra: pip install 'claimledger[ko]'.",
        )


def _finished(draft: Draft) -> Reported:
    return Reported(draft.content, draft.mode, draft.cue, draft.cue_class, draft.speaker)


@dataclass
class _Paragraph:
    """The sentences of a paragraph, and who has spoken so far."""

    text: str
    spans: Sequence[Span]
    sentences: list[Sentence] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    carrying: int = 0

    def drafts(self) -> list[Draft]:
        """Return the statements of all sentences, speakers settled."""
        self._read()
        for index in range(len(self.sentences)):
            self._carry_on(index)
            for place, draft in enumerate(self.readings[index].drafts):
                self._settle(index, place, draft)
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
        hint = len(words) <= LONGEST_SENTENCE and (
            bool(spoken)
            or may_accord(words)
            or may_report(words, cue_words())
            or may_name(words)
            or bool(_QUOTING.search(words))
        )
        sentence = make_sentence(self.text, span.start, span.end, spoken if hint else [])
        self.sentences.append(sentence)
        self.readings.append(read_sentence(self.text, sentence) if hint else Reading())

    # Speakers

    def _settle(self, index: int, place: int, draft: Draft) -> None:
        if draft.speaker is not None:
            draft.speaker = self._known(index, place, draft.speaker)
        elif draft.wants is Wants.SPEAKER:
            draft.speaker = self._carried(index, place)
        elif draft.wants is Wants.FORECASTER:
            self._forecast(index, draft)
        elif draft.wants is Wants.NEIGHBOUR:
            self._neighbour(index, draft)

    def _known(self, index: int, place: int, speaker: SpeakerFound) -> SpeakerFound | None:
        if speaker.basis is not SpeakerBasis.PRONOUN:
            return full_name(self.text, speaker)
        if (
            speaker.span.end > self.spans[index].end
            or speaker.name not in self.text[speaker.span.start : speaker.span.end]
        ):
            return speaker
        return self._antecedent(index, place, speaker)

    def _antecedent(self, index: int, place: int, pronoun: SpeakerFound) -> SpeakerFound | None:
        """Return whom a pronoun means: the last one who spoke or was spoken of before."""
        earlier = [draft.speaker for draft in self.readings[index].drafts[:place]]
        for at in range(index, max(index - _REACH, -1), -1):
            if at < index:
                earlier = [*(draft.speaker for draft in self.readings[at].drafts), *earlier]
            for speaker in reversed(earlier):
                if speaker and _may_mean(pronoun, speaker):
                    return replace(speaker, basis=SpeakerBasis.PRONOUN)
            topic = self._topic(at) if at < index else None
            if topic and _may_mean(pronoun, topic):
                return replace(topic, basis=SpeakerBasis.PRONOUN)
            earlier = []
        return self._from_before(pronoun) if index < _REACH else None

    def _from_before(self, pronoun: SpeakerFound) -> SpeakerFound | None:
        """Return whom a pronoun means in the paragraph before, when this one names nobody."""
        end = self.spans[0].start
        before = self.text[max(0, end - LONGEST_SENTENCE) : end].rstrip()
        start = end - len(self.text[max(0, end - LONGEST_SENTENCE) : end]) + before.rfind("\n") + 1
        if not before or (before.rfind("\n") < 0 and end > LONGEST_SENTENCE):
            return None
        spans = split_sentences(
            self.text, Span(start=start, end=max(start + 1, start + len(before) - before.rfind("\n") - 1)), "ko"
        )
        drafts = _Earlier(self.text, spans).drafts()
        speakers = [draft.speaker for draft in drafts if draft.speaker and _may_mean(pronoun, draft.speaker)]
        return replace(speakers[-1], basis=SpeakerBasis.PRONOUN) if speakers else None

    def _carried(self, index: int, place: int) -> SpeakerFound | None:
        """Return who goes on speaking where a sentence leaves its subject out."""
        drafts = self.readings[index].drafts[:place]
        if drafts:
            return drafts[-1].speaker
        if index == 0:
            return None
        before = self.readings[index - 1]
        speaker = before.drafts[-1].speaker if before.drafts else None
        if speaker is None and before.bare:
            speaker = self._bare(index - 1)
        speaker = speaker or self._topic(index - 1, follows_pronoun=True)
        return replace(speaker, basis=SpeakerBasis.CARRIED) if speaker else None

    def _forecast(self, index: int, draft: Draft) -> None:
        before = self.readings[index - 1].drafts if index else []
        if before and before[-1].speaker and before[-1].cue_class in ("forecast", "estimate"):
            draft.speaker = replace(before[-1].speaker, basis=SpeakerBasis.CARRIED)
            draft.mode = before[-1].mode if before[-1].mode is AttributionMode.DOCUMENT else draft.mode

    def _neighbour(self, index: int, draft: Draft) -> None:
        """Give a quotation that stands alone to the verb before it, after it, or to who spoke before."""
        for at in (index - 1, index + 1):
            if 0 <= at < len(self.readings) and (cue := self.readings[at].bare) and not self._is_taken(at, index):
                speaker = self._bare(at)
                if speaker:
                    draft.speaker, draft.cue, draft.cue_class = speaker, Span(start=cue.start, end=cue.end), cue.kind
                    return
        draft.speaker = (
            self._carried(index, 0)
            if self.readings[index].drafts[0] is draft
            else self.readings[index].drafts[0].speaker
        )

    def _is_taken(self, at: int, index: int) -> bool:
        """Whether the verb after a quotation rather brings the quotation that follows it."""
        if at < index or at + 1 >= len(self.readings):
            return False
        following = self.readings[at + 1].drafts
        ends_with_verb = self.text[: self.spans[at].end].rstrip().endswith(":")
        return ends_with_verb and bool(following) and following[0].wants is Wants.NEIGHBOUR

    def _bare(self, at: int) -> SpeakerFound | None:
        cue = self.readings[at].bare
        speaker = bare_speaker(self.text, self.sentences[at], cue) if cue else None
        return self._known(at, 0, speaker) if speaker else None

    def _topic(self, at: int, *, follows_pronoun: bool = False) -> SpeakerFound | None:
        """Return whom a sentence that reports nothing is about, if that is somebody."""
        sentence = self.sentences[at]
        if len(sentence.words) > LONGEST_SENTENCE // 4 or not sentence.words:
            return None
        found = first_subject(self.text, sentence, 0, len(sentence.words) - 1)
        if found is None:
            return None
        speaker = found[1]
        if speaker.basis is SpeakerBasis.PRONOUN:
            return self._antecedent(at, 0, speaker) if follows_pronoun else None
        return full_name(self.text, speaker)

    def _carry_on(self, index: int) -> None:
        """Let somebody named by …에 따르면 go on in the sentences that follow."""
        reading = self.readings[index]
        if reading.accords and reading.drafts:
            self.carrying = _CARRIES
            return
        span = self.spans[index]
        words = self.text[span.start : span.end]
        if not self.carrying or reading.drafts or _NEW_MATTER.match(words) or self._names_somebody(index):
            self.carrying = 0
            return
        self.carrying -= 1
        before = self.readings[index - 1].drafts[-1]
        if before.speaker is None:
            return
        content = Span(start=span.start, end=span.start + max(len(words.rstrip(" .?!")), 1))
        reading.drafts.append(
            Draft(content, before.mode, None, None, replace(before.speaker, basis=SpeakerBasis.CARRIED))
        )

    def _names_somebody(self, index: int) -> bool:
        sentence = self.sentences[index]
        return bool(sentence.words) and first_subject(self.text, sentence, 0, len(sentence.words) - 1) is not None


class _Earlier(_Paragraph):
    """The paragraph before; its own pronouns look no further back."""

    def _from_before(self, pronoun: SpeakerFound) -> SpeakerFound | None:
        del pronoun
        return None


def _may_mean(pronoun: SpeakerFound, speaker: SpeakerFound) -> bool:
    """Whether a pronoun can mean a speaker: 그 one person, 이들 several, 이 관계자 somebody so described."""
    known = speaker_words()
    if pronoun.name in known.plural_pronouns:
        return speaker.is_anonymous or speaker.name.endswith(("들", "명")) or " " in speaker.name
    if pronoun.name in known.pronouns:
        is_office = known.organizations.search(speaker.name) and not speaker.role
        return not is_office and not speaker.name.endswith(("들", "명"))
    last = _LAST_WORD.search(pronoun.name)
    head = last[0] if last else pronoun.name
    if known.anonymous.search(head):
        return speaker.is_anonymous and speaker.name.endswith(head)
    return speaker.role is None and not speaker.is_anonymous
