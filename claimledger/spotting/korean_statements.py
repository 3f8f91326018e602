"""The statements that one Korean sentence reports, with whom the sentence itself names for them.

In: a sentence made ready by `korean_words`. Out: drafts, in order; where the sentence leaves its speaker to the
sentences around it, the draft says what it wants. The invariant: a verb counts only with something said before it (a
quotation, …다고, …것으로, …도록, …점을), read once from left to right.
It must not look at other sentences: carrying a speaker over is `korean`'s part.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from claimledger.models import Span
from claimledger.spotting.korean_according import Accordance, find_accordance
from claimledger.spotting.korean_cues import Cue, class_of, cue_words, find_cues
from claimledger.spotting.korean_drafts import GO, MYEO, NEUN, OWN_WORDS, Draft, Reading, Wants
from claimledger.spotting.korean_nouns import NounCue, find_noun_cues
from claimledger.spotting.korean_speakers import Trust, read_speaker
from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.korean_subjects import first_subject, nearest_subject, subject_between
from claimledger.spotting.korean_sentence import BLANK, Sentence, Word, parse
from claimledger.spotting.language import SpeakerFound
from claimledger.spotting.quotations import Quotation
from claimledger.vocabulary import AttributionMode, SpeakerBasis


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
_QUOTING = re.compile("(?:[다자]|(?:이|으|하|아니|달|더|말)라)(?:며|면서)(?:도)?$")
_LIGHT = frozenset(
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
_CLAUSE = re.compile("(?:[다며]|면서|지만|는데)$")
_OPENING = frozenset("“‘\"'「『《<")
_REACH = 8
_LIGHT_REACH = 3
_SUBJECT_ENDINGS = frozenset("은는이가도")
_ADVERBS = 2


def read_sentence(text: str, sentence: Sentence) -> Reading:
    """Return the statements of a sentence."""
    reader = _Reader(text, sentence)
    reader.read()
    return Reading(reader.drafts, reader.bare, reader.accordance is not None)


def bare_speaker(text: str, sentence: Sentence, cue: Cue) -> SpeakerFound | None:
    """Return who is named before a verb that has nothing said before it."""
    at = sentence.at(cue.start)
    if not cue.verb:
        parse(sentence, at + 1)
        return read_speaker(text, sentence.words, at - 1, trusts=Trust.ANYBODY)
    found = nearest_subject(text, sentence, 0, at)
    return found[1] if found else None


@dataclass
class _Reader:
    """One pass over a sentence."""

    text: str
    sentence: Sentence
    drafts: list[Draft] = field(default_factory=list)
    bare: Cue | None = None
    accordance: Accordance | None = None
    cues: list[Cue] = field(default_factory=list)
    passed: int = 0
    floor: int = 0

    def read(self) -> None:
        """Go through quotations, verbs and nouns from left to right."""
        sentence = self.sentence
        self.passed = sentence.start
        self.cues = [
            cue._replace(start=cue.start + sentence.start, end=cue.end + sentence.start)
            for cue in find_cues(sentence.masked)
        ]
        self.accordance = find_accordance(self.text, sentence)
        if self.accordance:
            self._pass(self.accordance.end)
        for start, step in sorted(self._steps(), key=lambda row: row[0]):
            if start >= self.passed:
                step()
        self._settle()
        found = None if self.drafts or self.bare else OWN_WORDS.search(sentence.masked)
        if found:
            start = sentence.start + found.start("noun")
            self.bare = Cue(start, sentence.start + found.end(), "say", frozenset(), is_impersonal=False, verb="")

    def _steps(self) -> list[tuple[int, Callable[[], None]]]:
        steps: list[tuple[int, Callable[[], None]]] = []
        steps += [(quotation.start, partial(self._quoted, quotation)) for quotation in self.sentence.quotations]
        steps += [(cue.start, partial(self._reported, cue)) for cue in self.cues]
        steps += [(cue.said_end, partial(self._named, cue)) for cue in find_noun_cues(self.sentence)]
        steps += [(word.start, partial(self._joined, word)) for word in self.sentence.words if _is_quoting(word)]
        return steps

    def _pass(self, position: int) -> None:
        self.passed = position
        self.floor = self.sentence.at(position)

    def _from(self, index: int) -> int:
        """Return where a word begins, with the marks that open before it."""
        start = self.sentence.words[index].start
        while start > self.passed and self.text[start - 1] in _OPENING:
            start -= 1
        return start

    def _add(self, content: tuple[int, int], mode: AttributionMode, cue: tuple[int, int] | None, kind: str | None,
             speaker: SpeakerFound | None, wants: Wants = Wants.NOTHING) -> None:  # fmt: skip
        start, end = content
        if end <= start:
            return
        span = Span(start=cue[0], end=cue[1]) if cue else None
        self.drafts.append(
            Draft(Span(start=start, end=end), mode, span, kind, speaker, wants if speaker is None else Wants.NOTHING)
        )

    # Quotations

    def _quoted(self, quotation: Quotation) -> None:
        last = quotation.end - 1
        tail = MYEO.match(self.text, last)
        if tail:
            return self._direct(quotation, (quotation.end, tail.end()), "say")
        if NEUN.match(self.text, last):
            return self._mentioned(quotation)
        cue = self._verb_after(quotation)
        if cue is None:
            return self._without_verb(quotation)
        said = self._nested(quotation, cue)
        return self._direct(
            quotation, said or (cue.start, cue.end), "say" if said else class_of(cue, "quote"), is_nested=bool(said)
        )

    def _verb_after(self, quotation: Quotation) -> Cue | None:
        """Return the first verb after a quotation and before the next one."""
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
            is_fit = cue.verb not in _LIGHT and not cue.is_impersonal and "quote" in cue.takes
            return cue if is_fit and self._thing_said(cue, self.sentence.at(cue.start)) is None else None
        return None

    def _nested(self, quotation: Quotation, cue: Cue) -> tuple[int, int] | None:
        """Return the inner verb of “…”고 말했다고 전했다."""
        for word in self.sentence.words[self.sentence.at(quotation.end) : self.sentence.at(cue.start)]:
            if word.form.endswith("다고") and word.form[:-1] in cue_words().forms:
                return word.start, word.end
        return None

    def _direct(self, quotation: Quotation, cue: tuple[int, int], kind: str, *, is_nested: bool = False) -> None:
        at = self.sentence.at(quotation.start)
        speaker = None if is_nested else self._inside(self.sentence.at(quotation.end), cue[0])
        if speaker is None:
            found = nearest_subject(self.text, self.sentence, self.floor, at)
            speaker = found[1] if found else self._same()
        self._add((quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, cue, kind, speaker, Wants.SPEAKER)
        self._pass(cue[1])

    def _inside(self, first: int, cue_start: int) -> SpeakerFound | None:
        """Return the subject between the thing said and the verb; whatever stands there speaks."""
        last = self.sentence.at(cue_start)
        return subject_between(self.text, self.sentence, first, last) if last > first else None

    def _same(self) -> SpeakerFound | None:
        """Return the speaker of the sentence's statement before."""
        return self.drafts[-1].speaker if self.drafts else None

    def _without_verb(self, quotation: Quotation) -> None:
        """A quotation with 고 and no finite verb (“…”고 말한 김 대표, “…”고 강조) or with nothing at all."""
        tail = GO.match(self.text, quotation.end - 1)
        if tail is None:
            stands_alone = self.sentence.at(quotation.start) == self.floor or self.sentence.masked.rstrip(
                " ."
            ).endswith(self.text[quotation.end - 1])
            wants = Wants.NEIGHBOUR if stands_alone else Wants.NOTHING
            self._add((quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, None, None, None, wants)
            return self._pass(quotation.end)
        after = self.sentence.at(tail.end())
        words = self.sentence.words
        cue = (words[after].start, words[after].end) if after < len(words) else (quotation.end, tail.end())
        found = nearest_subject(self.text, self.sentence, self.floor, self.sentence.at(quotation.start))
        speaker = found[1] if found else self._after_modifier(after) or self._same()
        self._add((quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, cue, "say", speaker, Wants.SPEAKER)
        return self._pass(max(cue[1], tail.end()))

    def _after_modifier(self, index: int) -> SpeakerFound | None:
        """Return whom 말한 stands before: “…”고 말한 김 대표는."""
        words = self.sentence.words
        parse(self.sentence)
        if index + 1 >= len(words) or words[index].does != "modifier":
            return None
        ends = ("topic", "subject", "object", "adverbial", "genitive")
        last = next((i for i in range(index + 1, min(index + 6, len(words))) if words[i].does in ends), None)
        return (
            read_speaker(self.text, words, last, index + 1)
            if last is not None and words[last].does != "adverbial"
            else None
        )

    def _mentioned(self, quotation: Quotation) -> None:
        """“…”는 with no noun that reports: the topic before it, if there is one, has it so."""
        if any(cue.said_end in range(quotation.end - 1, quotation.end + 4) for cue in find_noun_cues(self.sentence)):
            return
        found = nearest_subject(self.text, self.sentence, self.floor, self.sentence.at(quotation.start))
        self._add(
            (quotation.start, quotation.end), AttributionMode.DIRECT_QUOTE, None, None, found[1] if found else None
        )
        self._pass(quotation.end)

    # Verbs

    def _reported(self, cue: Cue) -> None:
        at = self.sentence.at(cue.start)
        said = self._thing_said(cue, at)
        if said is None:
            if cue.verb not in _LIGHT and not cue.is_impersonal and "quote" in cue.takes:
                self.bare = cue
            return None
        last, taken = said
        words = self.sentence.words
        if cue.is_impersonal:
            self._add(
                (words[self.floor].start, words[last].end),
                AttributionMode.INDIRECT_QUOTE,
                (cue.start, cue.end),
                cue.kind,
                None,
            )
            return self._pass(cue.end)
        self._indirect(last, at, (cue.start, cue.end), class_of(cue, taken), is_loose=taken in ("thing", "point"))
        return None

    def _thing_said(self, cue: Cue, at: int) -> tuple[int, str] | None:
        """Return the word that ends the thing said, and what form it has."""
        words = self.sentence.words
        reach = _LIGHT_REACH if cue.verb in _LIGHT else _REACH
        for index in range(at - 1, max(self.floor, at - reach) - 1, -1):
            form = words[index].form
            if cue.verb in _LIGHT and index == at - 2 and words[at - 1].form[-1] not in _SUBJECT_ENDINGS:
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

    def _indirect(self, last: int, at: int, cue: tuple[int, int], kind: str, *, is_loose: bool) -> None:
        """Add …다고, …것으로, …도록; a mere noun (투자를 약속했다) needs a speaker or the sentence's end."""
        words = self.sentence.words
        speaker, first = self._inside(last + 1, cue[0]) if at > last + 1 else None, self.floor
        if speaker is None:
            speaker, first = self._before(last, needs_second=bool(_FACT.search(words[last].form)), is_beside=is_loose)
        is_final = self.text[cue[1] - 1] == "다"
        if is_loose and not (is_final or (speaker and self.text[cue[1] - 1] in "고며서")):
            return
        mode = AttributionMode.DOCUMENT if self._on_paper(self.floor, at) else AttributionMode.INDIRECT_QUOTE
        self._add((self._from(min(first, last)), words[last].end), mode, cue, kind, speaker, Wants.SPEAKER)
        self._pass(cue[1])

    def _before(
        self, last: int, *, needs_second: bool = False, is_beside: bool = False
    ) -> tuple[SpeakerFound | None, int]:
        """Return the speaker before a thing said, and the first word after; 이 and 가 yield to who speaks already."""
        if is_beside:
            found = nearest_subject(self.text, self.sentence, self.floor, last)
        else:
            found = first_subject(self.text, self.sentence, self.floor, last, needs_second=needs_second)
        same = self._same()
        if found and not (same and self.sentence.words[found[0]].does == "subject"):
            return found[1], found[0] + 1
        return same, self.floor

    def _on_paper(self, first: int, last: int) -> bool:
        """Whether it is said in a paper: 보고서에서, 공개 서한을 통해."""
        known = speaker_words().documents
        for index in range(first, last):
            form = self.sentence.words[index].form
            stem = re.sub("(?:에서|에서는|에|을|를)$", "", form)
            if stem != form and known.search(stem):
                following = self.sentence.words[index + 1].form if index + 1 < len(self.sentence.words) else ""
                if not form.endswith(("을", "를")) or following in ("통해", "내고", "내", "내어", "발표해"):
                    return True
        return False

    def _joined(self, word: Word) -> None:
        """…했다며, …만들겠다며: said, and then the sentence goes on."""
        index = self.sentence.at(word.start)
        speaker, first = self._before(index)
        start = self._from(min(first, index))
        self._add(
            (start, word.end), AttributionMode.INDIRECT_QUOTE, (word.start, word.end), "say", speaker, Wants.SPEAKER
        )
        self._pass(word.end)

    # Nouns

    def _named(self, cue: NounCue) -> None:
        start = self.sentence.words[min(self.floor, len(self.sentence.words) - 1)].start
        quotation = next(
            (it for it in self.sentence.quotations if start <= it.start and it.end <= cue.said_end + 1), None
        )
        last = self.sentence.at(cue.said_end)
        speaker, first = self._owner(cue, last)
        if cue.is_intent and speaker is None:
            return
        wants = Wants.FORECASTER if cue.is_plain else Wants.NOTHING if cue.is_impersonal else Wants.SPEAKER
        content = (
            (quotation.start, quotation.end) if quotation else (self._from(min(first, last)), max(cue.said_end, start))
        )
        mode = AttributionMode.DIRECT_QUOTE if quotation else AttributionMode.INDIRECT_QUOTE
        self._add(content, mode, (cue.start, cue.end), cue.kind, speaker, wants)
        self._pass(cue.end)

    def _owner(self, cue: NounCue, last: int) -> tuple[SpeakerFound | None, int]:
        """Return whose the noun is, and the first word after a subject."""
        if cue.arises or cue.is_plain:
            return self._voices(cue), self.floor
        if cue.owner_end is not None:
            owner = self.sentence.at(cue.owner_end) - 1
            parse(self.sentence, owner + 2)
            return read_speaker(self.text, self.sentence.words, owner, last), self.floor
        found = first_subject(self.text, self.sentence, self.floor, last)
        return (found[1], found[0] + 1) if found else (self._same(), self.floor)

    def _voices(self, cue: NounCue) -> SpeakerFound | None:
        """Return 규제를 촉구하는 목소리 as somebody described."""
        at = self.sentence.at(cue.start)
        words = self.sentence.words
        if cue.noun != "목소리" or at < 2 or words[at - 2].form[-1] not in "을를":  # noqa: PLR2004
            return None
        span = Span(start=words[at - 2].start, end=cue.start + len(cue.noun))
        return SpeakerFound(span, self.text[span.start : span.end], None, None, True, SpeakerBasis.EXPLICIT)  # noqa: FBT003

    def _settle(self) -> None:
        """Give what rests on X에 따르면 to X, unless the sentence names its own speaker."""
        if self.accordance is None:
            return
        spoken = [
            draft
            for draft in self.drafts
            if draft.cue_class != "hearsay" and not (draft.speaker is None and draft.wants is Wants.NOTHING)
        ]
        for draft in spoken:
            draft.speaker = draft.speaker or self.accordance.speaker
        self.drafts = spoken
        if not spoken:
            start, end = self.accordance.end, self.sentence.end
            end = start + len(self.text[start:end].rstrip(" .?!\n"))
            cue = (self.accordance.cue.start, self.accordance.cue.end)
            self._add((start, end), self.accordance.mode, cue, "say", self.accordance.speaker)


def _is_quoting(word: Word) -> bool:
    return bool(_QUOTING.search(word.form)) and BLANK not in word.form and word.form[0] not in "“”\"'‘’"
