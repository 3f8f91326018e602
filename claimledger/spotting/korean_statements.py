"""Read the statements that one Korean sentence reports, with the speakers that the sentence itself names.

If the sentence omits a speaker, the draft says which part is missing. A verb only counts if content precedes it (a
quotation, …다고, …것으로, …도록, …점을). The sentence is read once from left to right. This module does not look at
other sentences; `korean` carries speakers over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from claimledger.models import Span
from claimledger.spotting.korean_according import AccordingPhrase, find_according_phrase
from claimledger.spotting.korean_content import (
    find_content, has_document_source, has_factual_ending, is_hearsay, is_quoting_word, needs_content,
)  # fmt: skip
from claimledger.spotting.korean_cues import Cue, cue_class_for, cue_words, find_cues
from claimledger.spotting.korean_drafts import GO, MYEO, NEUN, OWN_WORDS, KoreanDraft, SentenceReading, MissingPart
from claimledger.spotting.korean_headlines import find_estimate, speaker_before_quotation
from claimledger.spotting.korean_nouns import NounCue, find_noun_cues
from claimledger.spotting.korean_speakers import Trust, read_speaker
from claimledger.spotting.korean_subjects import first_subject, has_own_subject, nearest_subject, subject_between
from claimledger.spotting.korean_sentence import KoreanSentence, Word, parse_words
from claimledger.spotting.language import SpottedSpeaker
from claimledger.spotting.quotations import Quotation
from claimledger.vocabulary import AttributionMode, SpeakerBasis

_OPENING = frozenset("“‘\"'「『《<")


def read_korean_sentence(text: str, sentence: KoreanSentence) -> SentenceReading:
    """Return the statements of a sentence."""
    reader = _Reader(text, sentence)
    reader.read()
    return SentenceReading(reader.drafts, reader.bare, reader.accordance is not None)


def bare_speaker(text: str, sentence: KoreanSentence, cue: Cue) -> SpottedSpeaker | None:
    """Return the speaker named before a verb without content."""
    at = sentence.word_index(cue.start)
    if not cue.verb:
        parse_words(sentence, at + 1)
        return read_speaker(text, sentence.words, at - 1, trusts=Trust.ANYBODY)
    found = nearest_subject(text, sentence, 0, at)
    return found[1] if found else None


@dataclass
class _Reader:
    """One pass over a sentence."""

    text: str
    sentence: KoreanSentence
    drafts: list[KoreanDraft] = field(default_factory=list)
    bare: Cue | None = None
    accordance: AccordingPhrase | None = None
    cues: list[Cue] = field(default_factory=list)
    passed: int = 0
    floor: int = 0

    def read(self) -> None:
        """Read quotations, verbs and nouns from left to right."""
        sentence = self.sentence
        self.passed = sentence.start
        self.cues = [
            cue._replace(start=cue.start + sentence.start, end=cue.end + sentence.start)
            for cue in find_cues(sentence.masked)
        ]
        self.accordance = find_according_phrase(self.text, sentence)
        if self.accordance and not self.accordance.is_survey:
            self._advance(self.accordance.end)
        for start, step in sorted(self._steps(), key=lambda row: row[0]):
            if start >= self.passed:
                step()
        self._assign_according()
        if not self.drafts and (estimate := find_estimate(self.text, sentence)):
            self._add(estimate.content, AttributionMode.INDIRECT_QUOTE, estimate.cue, "estimate", estimate.speaker)
        found = None if self.drafts or self.bare else OWN_WORDS.search(sentence.masked)
        if found:
            start = sentence.start + found.start("noun")
            self.bare = Cue(start, sentence.start + found.end(), "say", frozenset(), is_impersonal=False, verb="")

    def _steps(self) -> list[tuple[int, Callable[[], None]]]:
        steps: list[tuple[int, Callable[[], None]]] = []
        steps += [(quotation.start, partial(self._read_quotation, quotation)) for quotation in self.sentence.quotations]
        steps += [(cue.start, partial(self._read_cue, cue)) for cue in self.cues]
        steps += [(cue.content_end, partial(self._read_noun_cue, cue)) for cue in find_noun_cues(self.sentence)]
        steps += [
            (word.start, partial(self._read_joined, word)) for word in self.sentence.words if is_quoting_word(word)
        ]
        return steps

    def _advance(self, position: int) -> None:
        self.passed = position
        self.floor = self.sentence.word_index(position)

    def _word_start(self, index: int) -> int:
        """Return the start of a word, opening marks before it included."""
        start = self.sentence.words[index].start
        while start > self.passed and self.text[start - 1] in _OPENING:
            start -= 1
        return start

    def _add(self, content: tuple[int, int], mode: AttributionMode, cue: tuple[int, int] | None, kind: str | None,
             speaker: SpottedSpeaker | None, wants: MissingPart = MissingPart.NOTHING) -> None:  # fmt: skip
        start, end = content
        if end <= start:
            return
        span = Span(start=cue[0], end=cue[1]) if cue and cue[0] < cue[1] else None
        self.drafts.append(
            KoreanDraft(
                Span(start=start, end=end), mode, span, kind, speaker, wants if speaker is None else MissingPart.NOTHING
            )
        )

    # Quotations

    def _read_quotation(self, quotation: Quotation) -> None:
        last = quotation.end - 1
        tail = MYEO.match(self.text, last)
        if tail:
            return self._add_direct(quotation, (quotation.end, tail.end()), "say")
        if NEUN.match(self.text, last):
            return self._read_mention(quotation)
        cue = self._verb_after(quotation)
        if cue is None:
            return self._without_verb(quotation)
        said = self._inner_verb(quotation, cue)
        return self._add_direct(
            quotation,
            said or (cue.start, cue.end),
            "say" if said else cue_class_for(cue, "quote"),
            is_nested=bool(said),
        )

    def _verb_after(self, quotation: Quotation) -> Cue | None:
        """Return the first fitting verb after a quotation and before the next one."""
        until = min(
            (other.start for other in self.sentence.quotations if other.start > quotation.start),
            default=self.sentence.end,
        )
        has_tail = GO.match(self.text, quotation.end - 1)
        for cue in self.cues:
            if not quotation.end <= cue.start < until:
                continue
            if has_tail:
                return cue
            if needs_content(cue):
                return None
            has_content = (
                find_content(self.sentence.words, cue, self.sentence.word_index(cue.start), self.floor) is not None
            )
            return None if has_content else cue
        return None

    def _inner_verb(self, quotation: Quotation, cue: Cue) -> tuple[int, int] | None:
        """Return the inner verb of “…”고 말했다고 전했다."""
        for word in self.sentence.words[self.sentence.word_index(quotation.end) : self.sentence.word_index(cue.start)]:
            if word.form.endswith("다고") and word.form[:-1] in cue_words().forms:
                return word.start, word.end
        return None

    def _add_direct(self, quotation: Quotation, cue: tuple[int, int], kind: str, *, is_nested: bool = False) -> None:
        at = self.sentence.word_index(quotation.start)
        speaker = None if is_nested else self._subject_inside(self.sentence.word_index(quotation.end), cue[0])
        if speaker is None:
            found = nearest_subject(self.text, self.sentence, self.floor, at, any_noun=True)
            speaker = found[1] if found else self._last_speaker()
        content, wants = (quotation.start, quotation.end), self._missing(speaker, at)
        self._add(content, AttributionMode.DIRECT_QUOTE, cue, kind, speaker, wants)
        self._advance(cue[1])

    def _subject_inside(self, first: int, cue_start: int) -> SpottedSpeaker | None:
        """Return the subject between the content and the verb; any subject there is the speaker."""
        last = self.sentence.word_index(cue_start)
        return subject_between(self.text, self.sentence, first, last) if last > first else None

    def _missing(self, speaker: SpottedSpeaker | None, last: int) -> MissingPart:
        """Return the missing part of a statement: nothing if it has a speaker or the sentence its own subject."""
        is_whole = speaker is not None or has_own_subject(self.text, self.sentence, self.floor, last)
        return MissingPart.NOTHING if is_whole else MissingPart.SPEAKER

    def _last_speaker(self) -> SpottedSpeaker | None:
        """Return the speaker of the sentence's previous statement."""
        return self.drafts[-1].speaker if self.drafts else None

    def _without_verb(self, quotation: Quotation) -> None:
        """Read a quotation with 고 and no finite verb (“…”고 말한 김 대표, “…”고 강조), or without any cue."""
        tail = GO.match(self.text, quotation.end - 1)
        if tail is None:
            stands_alone = self.sentence.word_index(quotation.start) == self.floor or self.sentence.masked.rstrip(
                " ."
            ).endswith(self.text[quotation.end - 1])
            wants = MissingPart.NEIGHBOUR if stands_alone else MissingPart.NOTHING
            speaker = speaker_before_quotation(self.text, self.sentence, quotation)
            self._add((quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, None, None, speaker, wants)
            return self._advance(quotation.end)
        after = self.sentence.word_index(tail.end())
        words = self.sentence.words
        cue = (words[after].start, words[after].end) if after < len(words) else (quotation.end, tail.end())
        found = nearest_subject(self.text, self.sentence, self.floor, self.sentence.word_index(quotation.start))
        speaker = found[1] if found else self._after_modifier(after) or self._last_speaker()
        wants = self._missing(speaker, self.sentence.word_index(quotation.start))
        self._add((quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, cue, "say", speaker, wants)
        return self._advance(max(cue[1], tail.end()))

    def _after_modifier(self, index: int) -> SpottedSpeaker | None:
        """Return the speaker after a modifier such as 말한: “…”고 말한 김 대표는."""
        words = self.sentence.words
        parse_words(self.sentence)
        if index + 1 >= len(words) or words[index].function != "modifier":
            return None
        ends = ("topic", "subject", "object", "adverbial", "genitive")
        last = next((i for i in range(index + 1, min(index + 6, len(words))) if words[i].function in ends), None)
        return (
            read_speaker(self.text, words, last, index + 1)
            if last is not None and words[last].function != "adverbial"
            else None
        )

    def _read_mention(self, quotation: Quotation) -> None:
        """Read “…”는 without a reporting noun; the topic before it, if there is one, is the speaker."""
        if any(cue.content_end in range(quotation.end - 1, quotation.end + 4) for cue in find_noun_cues(self.sentence)):
            return
        found = nearest_subject(self.text, self.sentence, self.floor, self.sentence.word_index(quotation.start))
        self._add(
            (quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, None, None, found[1] if found else None
        )
        self._advance(quotation.end)

    # Verbs

    def _read_cue(self, cue: Cue) -> None:
        at = self.sentence.word_index(cue.start)
        said = find_content(self.sentence.words, cue, at, self.floor)
        if said is None:
            if not needs_content(cue):
                self.bare = cue
            return None
        last, taken = said
        words = self.sentence.words
        is_said = cue.verb == "하다" and taken == "quote" and is_hearsay(words, last, words[at].form)
        if cue.is_impersonal or is_said:
            content, kind = (words[self.floor].start, words[last].end), "hearsay" if is_said else cue.kind
            self._add(content, AttributionMode.INDIRECT_QUOTE, (cue.start, cue.end), kind, None)
            return self._advance(cue.end)
        self._add_indirect(
            last, at, (cue.start, cue.end), cue_class_for(cue, taken), is_loose=taken in ("thing", "point")
        )
        return None

    def _add_indirect(self, last: int, at: int, cue: tuple[int, int], kind: str, *, is_loose: bool) -> None:
        """Add …다고, …것으로, …도록; a mere noun (투자를 약속했다) needs a speaker or the sentence's end."""
        words = self.sentence.words
        speaker, first = self._subject_inside(last + 1, cue[0]) if at > last + 1 else None, self.floor
        if speaker is None:
            speaker, first = self._speaker_before(
                last, needs_second=has_factual_ending(words[last]), is_beside=is_loose
            )
        is_final = self.text[cue[1] - 1] == "다"
        if is_loose and not (is_final or (speaker and self.text[cue[1] - 1] in "고며서")):
            return
        mode = (
            AttributionMode.DOCUMENT if has_document_source(words, self.floor, at) else AttributionMode.INDIRECT_QUOTE
        )
        start = self._word_start(min(first, last))
        self._add((start, words[last].end), mode, cue, kind, speaker, self._missing(speaker, last))
        self._advance(cue[1])

    def _speaker_before(
        self, last: int, *, needs_second: bool = False, is_beside: bool = False
    ) -> tuple[SpottedSpeaker | None, int]:
        """Return the speaker before the content, and the first word after; 이 and 가 yield to the last speaker."""
        if is_beside:
            found = nearest_subject(self.text, self.sentence, self.floor, last)
        else:
            found = first_subject(self.text, self.sentence, self.floor, last, needs_second=needs_second)
        same = self._last_speaker()
        if found and not (same and self.sentence.words[found[0]].function == "subject"):
            return found[1], found[0] + 1
        return same, self.floor

    def _read_joined(self, word: Word) -> None:
        """Read …했다며, …만들겠다며, after which the sentence continues."""
        index = self.sentence.word_index(word.start)
        speaker, first = self._speaker_before(index)
        start = self._word_start(min(first, index))
        self._add(
            (start, word.end),
            AttributionMode.INDIRECT_QUOTE,
            (word.start, word.end),
            "say",
            speaker,
            self._missing(speaker, index),
        )
        self._advance(word.end)

    # Nouns

    def _read_noun_cue(self, cue: NounCue) -> None:
        start = self.sentence.words[min(self.floor, len(self.sentence.words) - 1)].start
        quotation = next(
            (it for it in self.sentence.quotations if start <= it.start and it.end <= cue.content_end + 1), None
        )
        last = self.sentence.word_index(cue.content_end)
        speaker, first = self._noun_owner(cue, last)
        if cue.is_intent and speaker is None:
            return
        wants = (
            MissingPart.FORECASTER
            if cue.is_plain
            else MissingPart.NOTHING
            if cue.is_impersonal
            else self._missing(speaker, last)
        )
        content = (
            (quotation.start, quotation.end)
            if quotation
            else (self._word_start(min(first, last)), max(cue.content_end, start))
        )
        mode = AttributionMode.DIRECT_QUOTE if quotation else AttributionMode.INDIRECT_QUOTE
        self._add(content, mode, (cue.start, cue.end), cue.kind, speaker, wants)
        self._advance(cue.end)

    def _noun_owner(self, cue: NounCue, last: int) -> tuple[SpottedSpeaker | None, int]:
        """Return the owner of a reporting noun, and the first word after a subject."""
        if cue.arises or cue.is_plain:
            return self._anonymous_voices(cue), self.floor
        if cue.owner_end is not None:
            owner = self.sentence.word_index(cue.owner_end) - 1
            parse_words(self.sentence, owner + 2)
            return read_speaker(self.text, self.sentence.words, owner, last), self.floor
        found = first_subject(self.text, self.sentence, self.floor, last)
        return (found[1], found[0] + 1) if found else (self._last_speaker(), self.floor)

    def _anonymous_voices(self, cue: NounCue) -> SpottedSpeaker | None:
        """Return 규제를 촉구하는 목소리 as an anonymous speaker."""
        at = self.sentence.word_index(cue.start)
        words = self.sentence.words
        if cue.noun != "목소리" or at < 2 or words[at - 2].form[-1:] not in ("을", "를"):  # noqa: PLR2004
            return None
        span = Span(start=words[at - 2].start, end=cue.start + len(cue.noun))
        return SpottedSpeaker(span, self.text[span.start : span.end], None, None, True, SpeakerBasis.EXPLICIT)  # noqa: FBT003

    def _assign_according(self) -> None:
        """Give statements after X에 따르면 to X, unless the sentence names another speaker."""
        if self.accordance is None:
            return None
        if self.accordance.is_survey:
            return self._assign_findings(self.accordance)
        spoken = [
            draft
            for draft in self.drafts
            if draft.cue_class != "hearsay" and not (draft.speaker is None and draft.missing is MissingPart.NOTHING)
        ]
        self.drafts = spoken if any(map(_is_quoted, spoken)) else []
        for draft in self.drafts:
            draft.speaker = draft.speaker or self.accordance.speaker
            draft.missing = MissingPart.NOTHING
        if not self.drafts:
            start, end = self.accordance.end, self.sentence.end
            end = start + len(self.text[start:end].rstrip(" .?!\n"))
            cue = (self.accordance.cue.start, self.accordance.cue.end)
            self._add((start, end), self.accordance.mode, cue, "say", self.accordance.speaker)
        return None

    def _assign_findings(self, survey: AccordingPhrase) -> None:
        """Give …것으로 나타났다 to the one who did the survey, and nothing else."""
        for draft in self.drafts:
            if draft.cue_class == "hearsay" and draft.content.end > survey.end:
                draft.speaker, draft.mode = survey.speaker, survey.mode
                draft.content = Span(start=max(draft.content.start, survey.end), end=draft.content.end)


def _is_quoted(draft: KoreanDraft) -> bool:
    """Return whether a draft stays beside X에 따르면: a quotation does, an indirect report belongs to X."""
    return draft.mode is AttributionMode.DIRECT_QUOTE
