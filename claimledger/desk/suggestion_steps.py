"""The steps for suggestions of a language model: ask it, list what came back, and decide.

A call is stored before it is made and counts against the limits of the newsroom, whether it is answered or not. A
suggestion enters the desk only through a person who accepts it; nothing here makes a draft of its own.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC
from typing import NamedTuple

from claimledger.desk.check_steps import SeenVersion, edit_locked_claim, locked_claim
from claimledger.desk.model_plan import ModelTask, document_refusals, find_claim, make_plan, sending_refusals
from claimledger.desk.step_setup import (
    Clock, ProgressCallback, demand_allowed, open_store, report_no_progress, utc_now,
)  # fmt: skip
from claimledger.desk_vocabulary import Action, CallOutcome, SuggestionChoice, SuggestionState
from claimledger.editorial import suggestion_counts, suggestions_at_desk
from claimledger.editorial.article_at_desk import read_article_at_desk
from claimledger.editorial.model_requests import PlannedRequest, RequestPlan
from claimledger.editorial.suggestion_counts import ModelCounts
from claimledger.editorial.suggestions_at_desk import JudgedSuggestion, judge_answer, judgement_state
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import suggestions
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.article_acts import article_key
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.model_settings import ModelChoices, PricedModel, read_model_choices
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.suggestions import AnswerEntry, ModelUsage, RequestEntry
from claimledger.suggesting.asking import LONGEST_TEXT
from claimledger.suggesting.exchange import AddressRefused, ModelAnswer, ModelUnavailable, Suggester, SuggesterMissing
from claimledger.suggesting.grounded import Grounds
from claimledger.suggesting.numbered_text import estimate_tokens
from claimledger.suggesting.suggesters import LoadedSuggesters, find_suggester
from claimledger.workflow import StaffMember


class LimitReached(LedgerError):
    """Raised when a call would exceed a limit of the newsroom (`tokens`, `cost`, `calls`); it was not made."""


class AskResult(NamedTuple):
    """The result of asking a model."""

    calls: int
    """The number of calls that were made."""
    answered: int
    """The number of answers that could be read."""
    counts: tuple[tuple[SuggestionState, int], ...]
    """The number of suggestions in each state."""
    stopped: LedgerError | None
    """The reason why not every request was sent; None if all were."""
    not_sent: tuple[Problem, ...] = ()
    """The reasons why requests were left out: the rights of documents."""


class ArticleSuggestions(NamedTuple):
    """The suggestions for an article, and what they cost."""

    found: tuple[JudgedSuggestion, ...]
    """The suggestions, in the order of the text."""
    used: ModelUsage
    """The use of models for the article."""

    @property
    def open(self) -> tuple[JudgedSuggestion, ...]:
        """The suggestions that may still be accepted."""
        return tuple(one for one in self.found if one.is_open)

    @property
    def refused(self) -> tuple[JudgedSuggestion, ...]:
        """The suggestions that cannot be true to the text."""
        return tuple(one for one in self.found if one.state is SuggestionState.REFUSED)


class Connection(NamedTuple):
    """A connection to one model."""

    choices: ModelChoices
    """The models and limits of the newsroom."""
    model: PricedModel
    """The model."""
    suggester: Suggester
    """The suggester that reaches it."""


class _Asking(NamedTuple):
    store: DeskStore
    wanted: ModelTask
    plan: RequestPlan
    grounds: Grounds
    suggester: Suggester
    author: str
    clock: Clock


def ask_model(
    places: LedgerPaths,
    wanted: ModelTask,
    actor: StaffMember,
    *,
    model: str | None = None,
    suggesters: LoadedSuggesters | None = None,
    clock: Clock = utc_now,
    report: ProgressCallback = report_no_progress,
) -> AskResult:
    """Send the requests of a task that have no answer, one after another, and store the answers with their judgement.

    Each request is tried once. A failure, or a request that would exceed a limit, ends the work; earlier answers stay.

    Raises:
        ModelOff, AddressRefused, SuggesterMissing: no model can be reached; nothing was sent.
        NotFound, TextNotHeld: the article or claim does not exist, or its text is not stored on the desk.
        ProblemsFound: the workflow table refuses it, the text may not be sent, or `models.toml` is faulty; nothing was
            sent.
    """
    demand_allowed(Action.ASK_MODEL, actor)
    choices = read_model_choices(places.root)
    priced = choices.find(model)
    suggester = find_suggester(priced.settings.suggester, suggesters)
    return ask_connected(places, wanted, actor, Connection(choices, priced, suggester), clock=clock, report=report)


def ask_connected(
    places: LedgerPaths,
    wanted: ModelTask,
    actor: StaffMember,
    connected: Connection,
    *,
    clock: Clock = utc_now,
    report: ProgressCallback = report_no_progress,
) -> AskResult:
    """Do the same as `ask_model` with a connection that was made before."""
    with open_store(places) as store:
        plan = make_plan(store, wanted, connected.choices, connected.model)
        if plan.refusals:
            raise ProblemsFound(plan.refusals)
        grounds = _grounds(read_current_records(store), wanted)
        asking = _Asking(store, wanted, plan, grounds, connected.suggester, actor.name, clock)
        stopped, states = _send_all(asking, report)
        calls = suggestions.usage_of_article(store.connection, wanted.article_id).calls - plan.used.calls
    counted = Counter(state for one in states for state in one or ())
    answered = sum(one is not None for one in states)
    return AskResult(calls, answered, tuple(sorted(counted.items())), stopped, plan.not_sent)


def _grounds(desk: CurrentRecords, wanted: ModelTask) -> Grounds:
    if wanted.claim_id is None:
        return suggestions_at_desk.article_grounds(desk, read_article_at_desk(desk, wanted.article_id))
    return suggestions_at_desk.claim_grounds(desk, find_claim(desk, wanted.claim_id))


def _send_all(
    asking: _Asking, report: ProgressCallback
) -> tuple[LedgerError | None, list[list[SuggestionState] | None]]:
    states: list[list[SuggestionState] | None] = []
    try:
        for planned in asking.plan.waiting:
            states.append(_send_one(asking, planned))
            report(1)
    except (LimitReached, ModelUnavailable, ProblemsFound) as stopped:
        return stopped, states
    return None, states


def _send_one(asking: _Asking, planned: PlannedRequest) -> list[SuggestionState] | None:
    """Send a request and store its answer; return the state of each suggestion, or None for an unreadable answer."""
    with asking.store.writing() as connection:
        if refusals := _late_refusals(asking, planned):
            raise ProblemsFound(refusals)
        _demand_within_limits(connection, asking, planned)
        request_id = suggestions.store_request(connection, _request_entry(asking, planned), asking.clock())
    settings = asking.plan.model.settings
    try:
        answer = asking.suggester.answer(planned.request, settings)
    except (SuggesterMissing, AddressRefused):
        _store_failure(asking, request_id, None)
        raise
    except Exception as error:
        _store_failure(asking, request_id, planned)
        if isinstance(error, LedgerError):
            raise
        raise ModelUnavailable(settings.name, type(error).__name__) from None
    return _store_answer(asking, planned, request_id, answer)


def _late_refusals(asking: _Asking, planned: PlannedRequest) -> list[Problem]:
    """Return the reasons against sending that came up since the plan was made."""
    desk, plan = read_current_records(asking.store), asking.plan
    documents = [found for name in planned.sources if (found := desk.document(name))]
    withheld = [Problem("document-not-sent", document=one.document_id) for one in documents if one.is_withheld]
    barred = document_refusals(asking.store, planned, plan.choices, plan.model)
    return [*withheld, *barred, *sending_refusals(asking.store, asking.wanted.article_id, plan.model)]


def _demand_within_limits(connection: sqlite3.Connection, asking: _Asking, planned: PlannedRequest) -> None:
    limits, model = asking.plan.choices.limits, asking.plan.model
    used = suggestions.usage_of_article(connection, asking.wanted.article_id)
    day = asking.clock().astimezone(UTC).date().isoformat()
    if suggestions.calls_on_day(connection, day) >= limits.calls_per_day:
        raise LimitReached("calls", limit=limits.calls_per_day)
    if used.tokens + planned.most_tokens > limits.tokens_per_article:
        raise LimitReached("tokens", used=used.tokens, needed=planned.most_tokens, limit=limits.tokens_per_article)
    cost = model.cost(planned.tokens, planned.request.max_tokens)
    spent = dict(used.costs).get(model.currency, 0)
    if limits.cost_per_article is not None and cost is not None and spent + cost > limits.cost_per_article:
        raise LimitReached(
            "cost", used=str(spent), needed=str(cost), limit=limits.cost_per_article, currency=model.currency
        )


def _request_entry(asking: _Asking, planned: PlannedRequest) -> RequestEntry:
    model = asking.plan.model
    return RequestEntry(
        asking.wanted.article_id, planned.claim_id, planned.document_id, planned.request.task, planned.language,
        model.settings.suggester, model.settings.name, planned.key_sha256(model.settings), planned.prompt_sha256,
        planned.input_sha256, planned.most_tokens, model.cost(planned.tokens, planned.request.max_tokens),
        model.currency, asking.author,
    )  # fmt: skip


def _store_failure(asking: _Asking, request_id: int, sent: PlannedRequest | None) -> None:
    """Store that a call failed; a server that got the request may have used up to its most tokens."""
    model = asking.plan.model
    tokens_in, tokens_out = (sent.tokens, sent.request.max_tokens) if sent else (0, 0)
    entry = AnswerEntry(
        CallOutcome.FAILED, model.settings.name, tokens_in, tokens_out, is_estimated=True,
        cost=model.cost(tokens_in, tokens_out), milliseconds=0,
    )  # fmt: skip
    with asking.store.writing() as connection:
        suggestions.store_answer(connection, request_id, entry, "", asking.clock())


def _store_answer(
    asking: _Asking, planned: PlannedRequest, request_id: int, answer: ModelAnswer
) -> list[SuggestionState] | None:
    text = answer.text[: LONGEST_TEXT + 1].encode(errors="replace").decode()
    judged = judge_answer(planned, text, asking.grounds)
    with asking.store.writing() as connection:
        suggestions.store_answer(
            connection, request_id, _answer_entry(asking, planned, answer, is_read=judged is not None), text,
            asking.clock(),
        )  # fmt: skip
        states = [(judgement_state(one), _codes(one)) for _, one in judged or ()]
        suggestions.store_suggestions(connection, request_id, states)
    return None if judged is None else [state for state, _ in states]


def _codes(judgement: object) -> list[str]:
    return [one.code for one in getattr(judgement, "reasons", ())]


def _answer_entry(asking: _Asking, planned: PlannedRequest, answer: ModelAnswer, *, is_read: bool) -> AnswerEntry:
    is_estimated = answer.tokens_in is None or answer.tokens_out is None
    tokens_in = planned.tokens if answer.tokens_in is None else max(answer.tokens_in, 0)
    tokens_out = estimate_tokens(answer.text) if answer.tokens_out is None else max(answer.tokens_out, 0)
    outcome = CallOutcome.ANSWERED if is_read else CallOutcome.BROKEN
    cost = asking.plan.model.cost(tokens_in, tokens_out)
    model = answer.model[:200].encode(errors="replace").decode()
    return AnswerEntry(outcome, model, tokens_in, tokens_out, is_estimated, cost, max(answer.milliseconds, 0))


def article_suggestions(places: LedgerPaths, article_id: str) -> ArticleSuggestions:
    """Return the suggestions for an article, judged by its text as it is now.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = read_current_records(store)
        used = suggestions.usage_of_article(store.connection, article_id)
        if not used.calls:
            desk.article(article_id)
            return ArticleSuggestions((), used)
        article = read_article_at_desk(desk, article_id)
        return ArticleSuggestions(tuple(suggestions_at_desk.judge_article_suggestions(desk, article)), used)


def count_suggestions(places: LedgerPaths, article_id: str) -> list[ModelCounts]:
    """Return the counts of each model's suggestions for an article, judged by its text as it is now.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = read_current_records(store)
        article = read_article_at_desk(desk, article_id)
        found = suggestions_at_desk.judge_article_suggestions(desk, article)
        return suggestion_counts.count_by_model(article, found)


def claim_suggestions(places: LedgerPaths, claim_id: str) -> tuple[JudgedSuggestion, ...]:
    """Return the suggestions for a claim whose statement is still the one that was sent.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        desk = read_current_records(store, claim_id)
        return tuple(suggestions_at_desk.judge_claim_suggestions(desk, find_claim(desk, claim_id)))


def dismiss_suggestion(places: LedgerPaths, suggestion_id: int, actor: StaffMember, clock: Clock = utc_now) -> None:
    """Store that a person does not use a suggestion.

    Raises:
        NotFound: the suggestion does not exist, or its text was deleted.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.DISMISS_SUGGESTION, actor)
    with open_store(places) as store, store.writing() as connection:
        find_suggestion(connection, suggestion_id)
        suggestions.store_suggestion_decision(
            connection, suggestion_id, SuggestionChoice.DISMISSED, actor.name, clock()
        )


def accept_translation(
    places: LedgerPaths,
    claim_id: str,
    suggestion_id: int,
    made: Edit,
    *,
    statement: str | None = None,
    clock: Clock = utc_now,
) -> Draft | None:
    """Draft a claim with a suggested statement in the language that it lacks, as it is or as a person changed it.

    Raises:
        NotFound: the claim does not exist, or no such suggestion exists for its statement.
        ProblemsFound: the suggestion is refused, the workflow table refuses the edit, or the result is not a claim.
    """
    if statement is not None and not statement.strip():
        raise ProblemsFound([Problem("empty-text", field="statement")])
    with locked_claim(places, claim_id) as (connection, desk, claim):
        suggestion = suggestions_at_desk.usable_translation(desk, claim.claim, suggestion_id)
        fields = claim.claim.to_json()
        written = {suggestion.suggestion.language: statement or suggestion.suggestion.wording}
        marks = [one.to_json() for one in suggestion.marks(written)]
        fields["statement"] = {**fields["statement"], **written}
        fields["machine_wording"] = [*fields.get("machine_wording", ()), *marks]
        seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
        suggestions.store_suggestion_decision(
            connection, suggestion_id, suggestion.choice(written), made.author, clock(), claim_id=claim_id
        )
        return edit_locked_claim(connection, desk, claim, fields, seen, made, clock)


def find_suggestion(connection: sqlite3.Connection, suggestion_id: int) -> suggestions.StoredSuggestion:
    """Return a stored suggestion.

    Raises:
        NotFound: it does not exist, or its text was deleted.
    """
    stored = suggestions.find_stored_suggestion(connection, suggestion_id)
    if stored is None:
        raise NotFound("suggestion", str(suggestion_id))
    return stored


def delete_answers(places: LedgerPaths, article_id: str, edit: Edit, clock: Clock = utc_now) -> int:
    """Delete all answers of models for an article, and return their number; the calls stay counted.

    Raises:
        NotFound: the article does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.DELETE_ANSWERS, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.erasing() as connection:
        read_current_records(store).article(article_id)
        entry = ActionEntry(Action.DELETE_ANSWERS, article_key(article_id), edit.author, reason=edit.reason)
        store_action(connection, entry, clock())
        return suggestions.delete_answer_texts(connection, article_id)
