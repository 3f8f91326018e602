"""Judge a suggestion by its text and by the records of the desk: refused, shown with reasons, or clean.

`grounded` is a pure function that never raises. Refused means that the suggestion cannot be true to its text: a number
of no sentence, words that are not there, another speaker, a day that no calendar has. Shown means that a rule found a
reason for care. Clean means only that the program found nothing: a person still reads it. All reasons are problems of
`messages/suggestions.toml`, and those of the agreement checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from claimledger.agreement import agreement_findings
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import read_figures_cached
from claimledger.characters import hidden_characters
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.errors import Problem
from claimledger.models import Claim, Span
from claimledger.spotting import Candidate, SpottedSpeaker
from claimledger.spotting.sentences import split_sentences
from claimledger.suggesting.actor_rules import actor_marks
from claimledger.suggesting.clause_rules import clause_marks
from claimledger.suggesting.compared_wording import ComparedWording, paragraphs_around
from claimledger.suggesting.dated_words import date_marks, impossible_dates
from claimledger.suggesting.name_pairs import NameGroups, find_placed_names, is_printed, name_table
from claimledger.suggesting.numbered_text import NumberedText
from claimledger.suggesting.suggestion import Suggestion
from claimledger.suggesting.word_tables import suggestion_words
from claimledger.suggesting.wording_rules import (
    agreement_marks, digit_marks, figure_marks, find_unknown_words, hedge_marks, length_marks, polarity_marks,
    share_marks,
)  # fmt: skip

LONGEST_STATEMENT, LONGEST_PASSAGE, LONGEST_REMARK = 400, 1500, 400
"""The most characters of a statement, a passage, and a note."""


class CitedDocument(NamedTuple):
    """A document that the desk has, as far as a drafted reason may use it."""

    excerpt: str
    """The excerpt that a person attached; empty if there is none."""
    labels: tuple[str, ...] = ()
    """Its title, publisher and date, whose names and digits a reason may use too."""
    document_id: str = ""
    """Its name."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """The records of the desk that a suggestion is judged by."""

    name_groups: NameGroups = ()
    """The names of people and things that mean the same."""
    candidates: Sequence[Candidate] = ()
    """The program's own reading of the article."""
    claim: Claim | None = None
    """The claim that the suggestion is about, if there is one."""
    documents: frozenset[str] = frozenset()
    """The documents that the desk has."""
    excerpts: Sequence[CitedDocument] = ()
    """The excerpts of the claim, in the order of their numbers."""
    second_readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The change that a second reading reports, by the statement it read."""


class Refused(NamedTuple):
    """A suggestion that cannot be true to its text; it is counted and never offered."""

    reasons: tuple[Problem, ...]
    """The reasons."""
    passage: Span | None = None
    """The passage, if the numbers and words give one."""


class Shown(NamedTuple):
    """A suggestion with reasons to read it with care."""

    reasons: tuple[Problem, ...]
    """The reasons."""
    passage: Span | None = None
    """The passage in the text, in code points."""
    unknown: tuple[Span, ...] = ()
    """The words of the statement that are not near the passage."""
    speaker: SpottedSpeaker | None = None
    """The speaker, as the program reads the passage."""


class Clean(NamedTuple):
    """A suggestion in which the program found nothing; that is not a proof."""

    passage: Span | None = None
    """The passage in the text, in code points."""
    speaker: SpottedSpeaker | None = None
    """The speaker, as the program reads the passage."""


Judgement: TypeAlias = "Refused | Shown | Clean"


def grounded(suggestion: Suggestion, text: NumberedText, at_hand: Grounds) -> Judgement:
    """Return the judgement on a suggestion that was made from `text`, a block, a document or a statement."""
    try:
        return _JUDGES[suggestion.task](suggestion, text, at_hand)
    except Exception as error:  # noqa: BLE001  whatever a model wrote, the desk stays usable
        return Refused((Problem("suggestion-not-judged", reason=type(error).__name__),))


# A claim of an article


def _judge_claim(suggestion: Suggestion, text: NumberedText, at_hand: Grounds) -> Judgement:
    passage = _find_passage(suggestion, text)
    if isinstance(passage, Problem):
        return Refused((passage, *_wording_faults(suggestion.wording)))
    speaker = _read_speaker(passage, at_hand.candidates)
    faults = [*_wording_faults(suggestion.wording), *_speaker_faults(suggestion, text, speaker)]
    faults += list(_named_in_faults(suggestion, text))
    if faults:
        return Refused(tuple(faults), passage)
    compared = _compare_with_passage(suggestion, text, passage, at_hand)
    marks = [*_marks(compared), *_second_reading_marks(suggestion, at_hand)]
    marks += _order_marks(text.words(passage))
    if suggestion.speaker and speaker is None:
        marks.append(Problem("suggestion-speaker-not-read", field="speaker", speaker=suggestion.speaker))
    unknown = find_unknown_words(compared).spans
    return Shown(_unique(marks), passage, unknown, speaker) if marks else Clean(passage, speaker)


def _find_passage(suggestion: Suggestion, text: NumberedText) -> Span | Problem:
    """Return the passage that the numbers and words of a suggestion give, or the reason why they give none."""
    numbers = suggestion.sentences
    if not numbers or not all(1 <= number <= len(text.sentences) for number in (*numbers, *suggestion.named_in)):
        return Problem("suggestion-no-sentence", numbers=tuple(numbers), count=len(text.sentences))
    if any(later != number + 1 for number, later in pairwise(numbers)):
        return Problem("suggestion-stitched", numbers=tuple(numbers))
    spans = [text.sentences[number - 1] for number in numbers]
    whole = Span(start=spans[0].start, end=spans[-1].end)
    if any(text.content[one.end : other.start].strip() for one, other in pairwise(spans)):
        return Problem("suggestion-furniture")
    passage = _find_words(suggestion.words, whole, text) if suggestion.words else whole
    if isinstance(passage, Span) and passage.end - passage.start > LONGEST_PASSAGE:
        return Problem("suggestion-too-long", count=passage.end - passage.start, limit=LONGEST_PASSAGE)
    return passage


def _find_words(words: str, whole: Span, text: NumberedText) -> Span | Problem:
    printed = text.words(whole)
    at = printed.find(words)
    if at < 0 or words != words.strip():
        return Problem("suggestion-words-not-there")
    if printed.find(words, at + 1) >= 0:
        return Problem("suggestion-words-not-there/twice")
    if _cuts_a_word(printed, at, at + len(words)):
        return Problem("suggestion-words-not-there/part")
    return Span(start=whole.start + at, end=whole.start + at + len(words))


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Return whether a range begins or ends inside a number, or inside a word at its beginning."""
    before, after = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    is_inside = len(before) > 1 and start > 0 and before.isalnum()
    is_number_cut = len(after) > 1 and (after.isdigit() or (after[0].isdigit() and re.match("[.,%]?[0-9]", after[1])))
    return bool(is_inside or is_number_cut or (len(after) > 1 and after[0].isdigit() and after[1] in "만억조천%"))


_WORDS = suggestion_words("sentences")
_ORDER = re.compile("|".join(_WORDS["orders"]), re.IGNORECASE)
"""An address, markup, or an order to the reader or to a program."""


def _wording_faults(wording: str) -> Iterator[Problem]:
    """Yield the reasons for which a drafted text is refused in every task."""
    if not wording.strip():
        yield Problem("suggestion-empty")
    if len(wording) > LONGEST_STATEMENT:
        yield Problem("suggestion-too-long/statement", count=len(wording), limit=LONGEST_STATEMENT)
        return
    if hidden_characters(wording) or re.search(r"[\x00-\x1f\x7f-\x9f]", wording):
        yield Problem("suggestion-hidden-characters")
    if _ORDER.search(wording):
        yield Problem("suggestion-order")
    if wording.strip() and _has_several_sentences(wording):
        yield Problem("suggestion-several-sentences")
    for words in impossible_dates(wording):
        yield Problem("suggestion-no-such-day", words=words)


def _order_marks(passage: str) -> Iterator[Problem]:
    """Yield a problem if a passage, which is true to its text, has an address, markup or an order."""
    if _ORDER.search(passage):
        yield Problem("suggestion-order/passage")


_NEXT_SENTENCE = re.compile(r"(\S+)[.?!][”’\"')]? +(?=[A-Z“‘\"가-힣])")
_ABBREVIATIONS = frozenset(_WORDS["abbreviations"])


def _has_several_sentences(wording: str) -> bool:
    ends = [found[1].lstrip('(“‘"') for found in _NEXT_SENTENCE.finditer(wording)]
    if any(len(word) > 1 and word not in _ABBREVIATIONS for word in ends):
        return True
    return len(split_sentences(wording, Span(start=0, end=len(wording)), "en")) > 1


def _named_in_faults(suggestion: Suggestion, text: NumberedText) -> Iterator[Problem]:
    if not all(1 <= number <= len(text.sentences) for number in suggestion.named_in):
        yield Problem("suggestion-no-sentence", numbers=tuple(suggestion.named_in), count=len(text.sentences))


def _read_speaker(passage: Span, candidates: Sequence[Candidate]) -> SpottedSpeaker | None:
    """Return the speaker whom the program reads in the candidates of a passage; None if there are several."""
    found = [one.speaker for one in candidates if one.speaker and one.start < passage.end and passage.start < one.end]
    return found[0] if len({one.name for one in found}) == 1 else None


def _speaker_faults(suggestion: Suggestion, text: NumberedText, found: SpottedSpeaker | None) -> Iterator[Problem]:
    """Yield a problem if the model names a speaker who is not in the text, or not the one that the program reads."""
    named = suggestion.speaker.strip()
    if not named:
        return
    if hidden_characters(named) or not is_printed(named, text.content):
        yield Problem("suggestion-other-speaker/not-in-text", speaker=named[:80])
    elif found and not _is_same_speaker(named, found):
        yield Problem("suggestion-other-speaker", speaker=named[:80], found=found.name)


def _is_same_speaker(named: str, found: SpottedSpeaker) -> bool:
    forms = {found.name, *found.aliases, *filter(None, [found.organization])}
    return any(named == form or form in named or (len(named) > 1 and named in form) for form in forms if form)


def _compare_with_passage(
    suggestion: Suggestion, text: NumberedText, passage: Span, at_hand: Grounds
) -> ComparedWording:
    pointed = " ".join(text.words(text.sentences[number - 1]) for number in suggestion.named_in)
    around = paragraphs_around(text.content, passage.start, passage.end)
    return ComparedWording(
        suggestion.wording, suggestion.language, text.words(passage), text.language, name_table(at_hand.name_groups),
        before=text.content[: passage.start], after=text.content[passage.end :], nearby=f"{text.headline}\n{around}",
        pointed=pointed, article=text.content, published_on=text.published_on,
    )  # fmt: skip


_MARKS: Sequence[Callable[[ComparedWording], Iterator[Problem]]] = (
    agreement_marks, figure_marks, digit_marks, date_marks, actor_marks, polarity_marks, hedge_marks, share_marks,
    length_marks, clause_marks,
)  # fmt: skip
"""The rules of a statement beside its passage; each can be left out by a test."""


def _marks(compared: ComparedWording) -> list[Problem]:
    return [problem for rule in _MARKS for problem in rule(compared)]


def _second_reading_marks(suggestion: Suggestion, at_hand: Grounds) -> list[Problem]:
    changed = at_hand.second_readings.get(suggestion.wording)
    return [Problem("suggestion-second-reading", changed=changed)] if changed else []


def _unique(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple({(one.message.key, one.field): one for one in reversed(problems)}.values())[::-1]


# The other tasks


def _judge_translation(suggestion: Suggestion, text: NumberedText, at_hand: Grounds) -> Judgement:
    """Judge a statement by the accepted statement in the other language, which is the whole text."""
    if faults := tuple(_wording_faults(suggestion.wording)):
        return Refused(faults)
    compared = ComparedWording(
        suggestion.wording, suggestion.language, text.content, text.language, name_table(at_hand.name_groups)
    )
    marks = _marks(compared)
    if at_hand.claim:
        both = {text.language: text.content, suggestion.language: suggestion.wording}
        marks += agreement_findings(at_hand.claim.model_copy(update={"statement": both, "verdicts": ()}))
    marks += _second_reading_marks(suggestion, at_hand)
    return Shown(_unique(marks)) if marks else Clean()


def _judge_passage(suggestion: Suggestion, text: NumberedText, at_hand: Grounds) -> Judgement:
    """Judge a passage of a document, and compare its figures with the claim's."""
    if suggestion.document_id not in at_hand.documents:
        return Refused((Problem("suggestion-no-document", document=suggestion.document_id[:80]),))
    passage = _find_passage(suggestion, text)
    if isinstance(passage, Problem):
        return Refused((passage,))
    if hidden_characters(suggestion.note) or len(suggestion.note) > LONGEST_REMARK:
        return Refused((Problem("suggestion-hidden-characters"),), passage)
    if _ORDER.search(suggestion.note):
        return Refused((Problem("suggestion-order"),), passage)
    marks = list(_passage_marks(text.words(passage), at_hand))
    return Shown(tuple(marks), passage) if marks else Clean(passage)


def _passage_marks(words: str, at_hand: Grounds) -> Iterator[Problem]:
    """Yield a problem if the passage has an order, or none of the claim's figures."""
    yield from _order_marks(words)
    figures = at_hand.claim.quantities if at_hand.claim else ()
    if figures and not any(one for one in figures if _gives_figure(words, one.text)):
        yield Problem("suggestion-without-figure", figures=tuple(one.text for one in figures))


def _gives_figure(words: str, printed: str) -> bool:
    own, others = read_figures_cached(printed).said, read_figures_cached(words).said
    return any(is_same_figure(one, other) for one in own for other in others)


def _judge_rationale(suggestion: Suggestion, text: NumberedText, at_hand: Grounds) -> Judgement:
    """Judge a drafted reason: each number and name must be in an excerpt that its sentence cites."""
    del text
    faults = [fault for one in suggestion.reasons for fault in _wording_faults(one.text)]
    for one in suggestion.reasons:
        if not all(1 <= number <= len(at_hand.excerpts) for number in one.excerpts):
            faults.append(Problem("suggestion-no-excerpt", numbers=one.excerpts, count=len(at_hand.excerpts)))
            continue
        cited = [at_hand.excerpts[number - 1] for number in one.excerpts]
        if all(document.excerpt for document in cited):
            sources = " ".join(words for document in cited for words in (document.excerpt, *document.labels))
            faults += _find_uncited(one.text, sources, at_hand)
    if faults or not suggestion.reasons:
        return Refused(_unique(faults) or (Problem("suggestion-empty"),))
    return Shown((Problem("suggestion-reason-drafted"),))


_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def _find_uncited(words: str, sources: str, at_hand: Grounds) -> list[Problem]:
    """Return a problem for each number and name of a sentence that its sources do not have."""
    known = set(_DIGITS.findall(sources))
    table = name_table(at_hand.name_groups)
    groups = {name.group for name in find_placed_names(sources, table) if name.group is not None}
    digits = [Problem("suggestion-not-cited", words=one) for one in _DIGITS.findall(words) if one not in known]
    names = [
        Problem("suggestion-not-cited", words=name.text)
        for name in find_placed_names(words, table)
        if name.group not in groups and not is_printed(name.text, sources)
    ]
    return [*digits, *names]


def _judge_note(suggestion: Suggestion, text: NumberedText, at_hand: Grounds) -> Judgement:
    """Judge a text that is only read: it may contain no address, markup, order or hidden character."""
    del text, at_hand
    words = suggestion.note or suggestion.words
    faults = [one for one in _wording_faults(words) if one.code != "suggestion-several-sentences"]
    return Refused(tuple(faults)) if faults else Shown((Problem("suggestion-only-read"),))


_JUDGES: Mapping[SuggestionTask, Callable[[Suggestion, NumberedText, Grounds], Judgement]] = {
    SuggestionTask.CLAIMS: _judge_claim,
    SuggestionTask.STATEMENTS: _judge_claim,
    SuggestionTask.TRANSLATION: _judge_translation,
    SuggestionTask.PASSAGES: _judge_passage,
    SuggestionTask.RATIONALE: _judge_rationale,
    SuggestionTask.QUESTIONS: _judge_note,
    SuggestionTask.SECOND_READING: _judge_note,
}
