"""Plan the requests to a language model: those of a task that have no answer, with their tokens and their cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from claimledger.desk.step_setup import open_store
from claimledger.desk_vocabulary import ModelReach, SuggestionTask
from claimledger.editorial import model_requests, suggestions_at_desk
from claimledger.editorial.article_at_desk import read_article_at_desk
from claimledger.editorial.current_edition import newest_edition_with_text
from claimledger.editorial.model_requests import PlannedRequest, RequestPlan
from claimledger.errors import NotFound, Problem
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Span
from claimledger.newsroom import suggestions
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.model_settings import ModelChoices, PricedModel, read_model_choices
from claimledger.newsroom.sending_rights import TextOwner, may_send_text
from claimledger.newsroom.store import DeskStore
from claimledger.vocabulary import Subject


class ModelTask(NamedTuple):
    """A task and its object: an article, a passage of it, or a claim."""

    task: SuggestionTask
    """The task."""
    article_id: str
    """The article, or that of the claim."""
    passage: Span | None = None
    """The passage, for the statements of one."""
    claim_id: str | None = None
    """The claim, for a task on a claim."""
    language: str = "en"
    """The language of the answer, where the task leaves it open."""
    document_id: str | None = None
    """The document whose passages are wanted; None for all that the claim cites."""


def plan_requests(places: LedgerPaths, wanted: ModelTask, model: str | None = None) -> RequestPlan:
    """Return the requests of a task, without sending anything; `model` is the first of the newsroom's if not given.

    Raises:
        ModelOff, AddressRefused: the newsroom has turned on no model, or one with an address of another kind.
        NotFound, TextNotHeld: the article or claim does not exist, or its text is not stored on the desk.
        ProblemsFound: `models.toml` is faulty, or it has no model of this name.
    """
    (plan,) = plan_tasks(places, [wanted], model)
    return plan


def plan_tasks(places: LedgerPaths, wanted: Sequence[ModelTask], model: str | None = None) -> list[RequestPlan]:
    """Return the requests of several tasks, as `plan_requests` does for one."""
    choices = read_model_choices(places.root)
    with open_store(places) as store:
        return [make_plan(store, one, choices, choices.find(model)) for one in wanted]


def make_plan(store: DeskStore, wanted: ModelTask, choices: ModelChoices, model: PricedModel) -> RequestPlan:
    """Return the plan for an open store."""
    connection = store.connection
    planned = planned_requests(read_current_records(store), wanted)
    open_ones = [
        one
        for one in planned
        if not suggestions.has_answer(connection, wanted.article_id, one.key_sha256(model.settings))
    ]
    refused = [document_refusals(store, one, choices, model) for one in open_ones]
    waiting = [one for one, reasons in zip(open_ones, refused, strict=True) if not reasons]
    sent, most = sum(one.tokens for one in waiting), sum(one.most_tokens for one in waiting)
    return RequestPlan(
        model, choices, tuple(waiting), len(planned) - len(open_ones), most, model.cost(sent, most - sent),
        suggestions.usage_of_article(connection, wanted.article_id),
        tuple(sending_refusals(store, wanted.article_id, model)),
        tuple(dict.fromkeys(chain.from_iterable(refused))),
    )  # fmt: skip


def sending_refusals(store: DeskStore, article_id: str, model: PricedModel) -> list[Problem]:
    """Return the reasons why no text of an article may be sent to a model."""
    if model.settings.reaches is ModelReach.THIS_MACHINE or may_send_text(store.connection, TextOwner(article_id)):
        return []
    return [Problem("sending-not-allowed", article=article_id, model=model.settings.name)]


def document_refusals(
    store: DeskStore, planned: PlannedRequest, choices: ModelChoices, model: PricedModel
) -> list[Problem]:
    """Return a reason for each document of a request whose words may not be sent to a model."""
    if model.settings.reaches is ModelReach.THIS_MACHINE:
        return []
    return [
        Problem("sending-not-allowed/document", document=name, model=model.settings.name)
        for name in planned.sources
        if not may_send_text(store.connection, TextOwner(name, is_document=True), default=choices.sending.documents)
    ]


def planned_requests(desk: CurrentRecords, wanted: ModelTask) -> list[PlannedRequest]:
    """Return all requests of a task, answered or not.

    Raises:
        NotFound, TextNotHeld: the article or claim does not exist, or its text is not stored on the desk.
    """
    if wanted.claim_id is not None:
        return _requests_on_claim(desk, wanted, find_claim(desk, wanted.claim_id))
    if wanted.task is SuggestionTask.SECOND_READING:
        article = read_article_at_desk(desk, wanted.article_id)
        return [
            model_requests.second_reading_request(one.passage_words, one.suggestion.wording, one.suggestion.language)
            for one in suggestions_at_desk.judge_article_suggestions(desk, article)
            if one.is_open and not one.claim_ids
        ]
    at_hand = newest_edition_with_text(desk, wanted.article_id)
    if wanted.task is SuggestionTask.STATEMENTS and wanted.passage:
        return model_requests.statement_requests(at_hand, wanted.passage)
    return model_requests.claim_requests(at_hand)


def _requests_on_claim(desk: CurrentRecords, wanted: ModelTask, claim: Claim) -> list[PlannedRequest]:
    if wanted.task is SuggestionTask.QUESTIONS:
        return model_requests.question_requests(claim, wanted.language)
    if wanted.task is SuggestionTask.RATIONALE:
        excerpts = suggestions_at_desk.cited_excerpts(desk, claim)
        return model_requests.rationale_requests(claim, excerpts, wanted.language)
    if wanted.task is SuggestionTask.PASSAGES:
        return [
            request
            for document_id, blocks in suggestions_at_desk.cited_texts(desk, claim).items()
            if wanted.document_id in (None, document_id)
            for request in model_requests.passage_requests(claim, document_id, blocks, wanted.language)
        ]
    return model_requests.translation_requests(claim, suggestions_at_desk.ledger_names(desk, [claim]))


def find_claim(desk: CurrentRecords, claim_id: str) -> Claim:
    """Return a claim.

    Raises:
        NotFound: the claim does not exist.
    """
    record = desk.record(Subject.CLAIM, claim_id)
    if not isinstance(record, Claim):
        raise NotFound("claim", claim_id, desk.near(claim_id))
    return record
