"""Judge the stored suggestions of an article by its text and the desk's records, as they are now.

A suggestion whose text is no longer in the article, or whose claim has another statement now, is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from claimledger.desk_vocabulary import SuggestionChoice, SuggestionState, SuggestionTask
from claimledger.editorial.article_at_desk import ArticleAtDesk, read_article_at_desk
from claimledger.editorial.candidate_decisions import spot_cached
from claimledger.editorial.check_inputs import read_newest_text
from claimledger.editorial.model_requests import (
    PlannedRequest, article_blocks, document_blocks, passage_input, rationale_input, second_reading_input,
    statement_input,
)  # fmt: skip
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.models import Alias, Appearance, Claim, MachineWording, Span
from claimledger.newsroom.captures import document_quotes
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.machine_wording import is_based_on, mark_wording
from claimledger.newsroom.suggestions import (
    StoredSuggestion, read_suggestion, suggestions_of_article, suggestions_of_claim,
)  # fmt: skip
from claimledger.spotting import SpottedSpeaker
from claimledger.suggesting.asking import read_answer
from claimledger.suggesting.grounded import CitedDocument, Clean, Grounds, Judgement, Refused, Shown, grounded
from claimledger.suggesting.name_pairs import NameGroups, ledger_name_groups
from claimledger.suggesting.numbered_text import NumberedText, number_text
from claimledger.suggesting.suggestion import Suggestion
from claimledger.vocabulary import Subject

_OF_ARTICLE = (SuggestionTask.CLAIMS, SuggestionTask.STATEMENTS)
_USES = (SuggestionChoice.ACCEPTED, SuggestionChoice.EDITED)


class JudgedSuggestion(NamedTuple):
    """A suggestion with the judgement on it."""

    stored: StoredSuggestion
    """The suggestion in the store."""
    suggestion: Suggestion
    """Its content."""
    text: NumberedText
    """The text that it was judged by."""
    judgement: Judgement
    """The judgement."""
    claim_ids: tuple[str, ...] = ()
    """The claims whose passages overlap its passage."""

    @property
    def state(self) -> SuggestionState:
        """The state that the judgement gives."""
        return judgement_state(self.judgement)

    @property
    def reasons(self) -> tuple[Problem, ...]:
        """The reasons to refuse it or to read it with care."""
        return () if isinstance(self.judgement, Clean) else self.judgement.reasons

    @property
    def passage(self) -> Span | None:
        """The place of its passage in the text, in code points."""
        return self.judgement.passage

    @property
    def passage_words(self) -> str:
        """The words of its passage."""
        return self.text.words(self.passage) if self.passage else ""

    @property
    def speaker(self) -> SpottedSpeaker | None:
        """The speaker, as the program reads the passage."""
        return None if isinstance(self.judgement, Refused) else getattr(self.judgement, "speaker", None)

    @property
    def wording_parts(self) -> list[tuple[str, bool]]:
        """The wording in parts, each with True if its words are not near the passage."""
        unknown = self.judgement.unknown if isinstance(self.judgement, Shown) else ()
        return list(_parts(self.suggestion.wording, unknown))

    @property
    def is_open(self) -> bool:
        """True if it may still be accepted: not refused, and no one has decided on it."""
        return self.state is not SuggestionState.REFUSED and self.stored.choice is None

    def marks(self, written: Mapping[str, str]) -> tuple[MachineWording, ...]:
        """Return the public mark of a text, by language, that a person made of it."""
        return mark_wording(self.suggestion.wording, self.suggestion.language, self.stored.model, written)

    def choice(self, written: Mapping[str, str]) -> SuggestionChoice:
        """Return the decision that a person made who wrote this text, by language."""
        is_same = written.get(self.suggestion.language, "").strip() == self.suggestion.wording.strip()
        return SuggestionChoice.ACCEPTED if is_same else SuggestionChoice.EDITED


def judgement_state(judgement: Judgement) -> SuggestionState:
    """Return the state that a judgement gives.

    >>> judgement_state(Clean()).value
    'clean'
    """
    if isinstance(judgement, Refused):
        return SuggestionState.REFUSED
    return SuggestionState.SHOWN if isinstance(judgement, Shown) else SuggestionState.CLEAN


def _parts(wording: str, unknown: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    end = 0
    for span in sorted(unknown, key=lambda one: one.start):
        if span.start > end:
            yield wording[end : span.start], False
        yield wording[max(span.start, end) : span.end], True
        end = max(end, span.end)
    if wording[end:]:
        yield wording[end:], False


def ledger_names(desk: CurrentRecords, claims: Iterable[Claim]) -> NameGroups:
    """Return the groups of names of some claims and of the ledger's lists of names."""
    found = (desk.record(Subject.ALIAS, key) for key in desk.store.public_keys(Subject.ALIAS))
    return ledger_name_groups(claims, [one for one in found if isinstance(one, Alias)])


def article_grounds(desk: CurrentRecords, article: ArticleAtDesk) -> Grounds:
    """Return the records by which suggestions for an article are judged."""
    return Grounds(
        name_groups=ledger_names(desk, article.claims.values()),
        candidates=[one.candidate for one in article.proposals],
    )


def claim_grounds(desk: CurrentRecords, claim: Claim) -> Grounds:
    """Return the records by which suggestions for a claim are judged."""
    documents = frozenset(one.document_id for one in claim.evidence)
    excerpts = cited_excerpts(desk, claim)
    return Grounds(name_groups=ledger_names(desk, [claim]), claim=claim, documents=documents, excerpts=excerpts)


def cited_excerpts(desk: CurrentRecords, claim: Claim) -> list[CitedDocument]:
    """Return the excerpts that people attached to a claim, with title, publisher and date of their documents.

    Excerpts of confidential documents are left out.
    """
    return list(_cited_excerpts(desk, claim))


def _cited_excerpts(desk: CurrentRecords, claim: Claim) -> Iterator[CitedDocument]:
    for evidence in claim.evidence:
        document = desk.document(evidence.document_id)
        if document is None or document.is_withheld:
            continue
        labels = (
            *(document.title or {}).values(), *(document.publisher or {}).values(), document.published_on or "",
        )  # fmt: skip
        own = [
            quote.exact
            for claim_id, quote in document_quotes(desk.store.connection, evidence.document_id)
            if claim_id == claim.claim_id and isinstance(quote.exact, str)
        ]
        for excerpt in dict.fromkeys([*([evidence.excerpt] if evidence.excerpt else []), *own]):
            yield CitedDocument(excerpt, labels, evidence.document_id)


def cited_texts(
    desk: CurrentRecords, claim: Claim, wanted: Collection[str] | None = None
) -> dict[str, list[NumberedText]]:
    """Return the stored texts of the documents that a claim cites, in blocks; confidential documents are left out.

    With `wanted`, only these documents are read and cut.
    """
    names = dict.fromkeys(one.document_id for one in claim.evidence if wanted is None or one.document_id in wanted)
    documents = [desk.document(name) for name in names]
    return {
        document.document_id: document_blocks(content, document.language)
        for document in documents
        if document and not document.is_withheld
        if (content := read_newest_text(desk.store, document.document_id))
    }


def judge_answer(planned: PlannedRequest, answer: str, at_hand: Grounds) -> list[tuple[Suggestion, Judgement]] | None:
    """Return each suggestion of an answer with its judgement, or None if the answer cannot be read."""
    read = read_answer(planned.request.task, planned.language, answer)
    if isinstance(read, Problem):
        return None
    suggested = [replace(one, document_id=planned.document_id or "") for one in read]
    return [(one, grounded(one, planned.text, at_hand)) for one in suggested]


def judge_article_suggestions(desk: CurrentRecords, article: ArticleAtDesk) -> list[JudgedSuggestion]:
    """Return the suggestions for the claims of an article in the order of the text; those without a place come last."""
    stored = [
        _without_lost_claim(desk, one)
        for one in suggestions_of_article(desk.store.connection, article.at_hand.article.article_id)
    ]
    texts = {block.sha256: block for block in article_blocks(article.at_hand)}
    own = [one for one in stored if one.task in _OF_ARTICLE and one.input_sha256 in texts]
    names, furniture = ledger_names(desk, article.claims.values()), article.at_hand.edition.furniture
    read = [(one, suggestion) for one in own if (suggestion := read_suggestion(one))]
    first = [
        JudgedSuggestion(one, suggestion, text, _judge_cached(suggestion, text, names, furniture, ""))
        for one, suggestion in read
        for text in [texts[one.input_sha256]]
    ]
    for number, change in _second_readings(first, stored).items():
        one = first[number]
        judgement = _judge_cached(one.suggestion, one.text, names, furniture, change)
        first[number] = one._replace(judgement=judgement)
    placed = article.at_hand.placed_passages()
    found = [one._replace(claim_ids=_overlapping_claims(one.passage, placed)) for one in _without_repeats(first)]
    return sorted(found, key=lambda one: (one.passage is None, one.passage.start if one.passage else 0))


def _without_lost_claim(desk: CurrentRecords, one: StoredSuggestion) -> StoredSuggestion:
    """Return a suggestion without the decision to use it, if the draft of the claim was discarded since."""
    is_lost = one.used_in is not None and one.choice in _USES and desk.record(Subject.CLAIM, one.used_in) is None
    return one._replace(choice=None) if is_lost else one


def _judge(stored: StoredSuggestion, text: NumberedText, at_hand: Grounds) -> JudgedSuggestion | None:
    suggestion = read_suggestion(stored)
    return JudgedSuggestion(stored, suggestion, text, grounded(suggestion, text, at_hand)) if suggestion else None


def _without_repeats(found: Sequence[JudgedSuggestion]) -> list[JudgedSuggestion]:
    """Leave out a suggestion with the passage, the wording and the state of an earlier one."""
    return list({(one.passage, one.suggestion.wording, one.state): one for one in reversed(found)}.values())[::-1]


@lru_cache(maxsize=1_000)  # judging the suggestions of a long article takes longer than the rest of its page
def _judge_cached(
    suggestion: Suggestion, text: NumberedText, names: NameGroups, furniture: tuple[Span, ...], change: str
) -> Judgement:
    """Judge a suggestion for a claim; `change` is what a second reading of it reports, if anything."""
    candidates = spot_cached(text.content, furniture).candidates
    changes = {suggestion.wording: change} if change else {}
    return grounded(suggestion, text, Grounds(names, candidates, second_readings=changes))


def _second_readings(found: Sequence[JudgedSuggestion], stored: Sequence[StoredSuggestion]) -> Mapping[int, str]:
    """Return the change that a second reading reports, by the place of the suggestion in `found`."""
    inputs = {second_reading_input(one.passage_words, one.suggestion.wording): place for place, one in enumerate(found)}
    return {
        inputs[one.input_sha256]: read.words
        for one in stored
        if one.task is SuggestionTask.SECOND_READING and one.input_sha256 in inputs and (read := read_suggestion(one))
    }


def _overlapping_claims(passage: Span | None, placed: Sequence[tuple[Appearance, Span]]) -> tuple[str, ...]:
    if passage is None:
        return ()
    found = [entry.claim_id for entry, span in placed if span.start < passage.end and passage.start < span.end]
    return tuple(dict.fromkeys(found))


def judge_claim_suggestions(desk: CurrentRecords, claim: Claim) -> list[JudgedSuggestion]:
    """Return the suggestions for a claim whose statement is still the one that was sent, and that it does not have."""
    stored = suggestions_of_claim(desk.store.connection, claim.claim_id)
    if not stored:
        return []
    at_hand = claim_grounds(desk, claim)
    texts = {
        statement_input(words): number_text(words, language, furniture=())
        for language, words in claim.statement.items()
    }
    texts[rationale_input(claim, at_hand.excerpts)] = number_text("", "en", furniture=())
    if named := {one.document_id for one in stored if one.document_id and one.choice is None}:
        cited = cited_texts(desk, claim, named)
        texts |= {passage_input(claim, block): block for blocks in cited.values() for block in blocks}
    own = [one for one in stored if one.input_sha256 in texts]
    found = [judged for one in own if (judged := _judge(one, texts[one.input_sha256], at_hand))]
    return [_without_lost_text(one) for one in found if not _is_used(one, claim)]


def _is_used(one: JudgedSuggestion, claim: Claim) -> bool:
    """Return whether a claim has a text that is based on the suggested one, or another one in its place."""
    suggestion = one.suggestion
    if suggestion.task is SuggestionTask.RATIONALE:
        reasons = [verdict.rationale.get(suggestion.language, "") for verdict in claim.verdicts]
        return any(is_based_on("rationale", reason, suggestion.wording) for reason in reasons)
    return suggestion.task is SuggestionTask.TRANSLATION and suggestion.language in claim.statement


def _without_lost_text(one: JudgedSuggestion) -> JudgedSuggestion:
    """Return a suggestion that is not used without the decision to use it: the draft with its text was discarded."""
    return one._replace(stored=one.stored._replace(choice=None)) if one.stored.choice in _USES else one


def usable_suggestion(desk: CurrentRecords, article_id: str, suggestion_id: int) -> JudgedSuggestion:
    """Return a suggestion for the claims of an article that a person may accept.

    Raises:
        NotFound: no such suggestion exists for this text.
        ProblemsFound: it is refused.
    """
    found = judge_article_suggestions(desk, read_article_at_desk(desk, article_id))
    return _usable(found, suggestion_id)


def usable_translation(desk: CurrentRecords, claim: Claim, suggestion_id: int) -> JudgedSuggestion:
    """Return a suggested translation of a claim's statement that a person may accept.

    Raises:
        NotFound: no such suggestion exists for this statement.
        ProblemsFound: it is refused.
    """
    found = judge_claim_suggestions(desk, claim)
    return _usable([one for one in found if one.suggestion.task is SuggestionTask.TRANSLATION], suggestion_id)


def _usable(found: Sequence[JudgedSuggestion], suggestion_id: int) -> JudgedSuggestion:
    named = [one for one in found if one.stored.suggestion_id == suggestion_id]
    if not named:
        raise NotFound("suggestion", str(suggestion_id))
    if named[0].state is SuggestionState.REFUSED:
        raise ProblemsFound(named[0].reasons)
    return named[0]
