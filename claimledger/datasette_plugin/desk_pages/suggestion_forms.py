"""The suggestions of a language model on an article's page and a claim's page, and the forms that decide on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from starlette.datastructures import FormData

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import read_term, text, whole_number
from claimledger.datasette_plugin.desk_pages.sending_forms import SendingShown, article_sending, claim_sending
from claimledger.datasette_plugin.desk_pages.template_pages import templates_by_kind
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import lookups, model_worker
from claimledger.desk.model_plan import ModelTask, plan_tasks
from claimledger.desk_vocabulary import CLAIM_TASKS, Action, SuggestionTask, TemplateKind
from claimledger.editorial.model_requests import RequestPlan
from claimledger.editorial.suggestions_at_desk import JudgedSuggestion
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.models import Claim, Span
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.model_settings import ModelOff
from claimledger.newsroom.suggestions import ModelUsage
from claimledger.newsroom.text_templates import TextTemplate
from claimledger.suggesting.suggesters import installed_suggesters, missing_library
from claimledger.workflow import Case, decide

_NOTHING_USED = ModelUsage(0, 0, (), 0, is_estimated=False)


class SuggestionsShown(NamedTuple):
    """The suggestions of a page, and what can be requested."""

    open: tuple[JudgedSuggestion, ...] = ()
    """The suggestions that may still be accepted."""
    refused: tuple[tuple[str, int], ...] = ()
    """The sentences of the reasons for refusals, each with its number."""
    chosen: JudgedSuggestion | None = None
    """The suggestion that the page is about, if there is one."""
    is_moved: bool = False
    """True if the page is about another passage than the suggestion, which overlaps it."""
    following: JudgedSuggestion | None = None
    """The next open suggestion after the chosen one, or the first."""
    used: ModelUsage = _NOTHING_USED
    """The use of models for the article."""
    plan: RequestPlan | None = None
    """The requests that can be sent; None if no model is turned on."""
    faults: tuple[Problem, ...] = ()
    """The reasons why nothing can be sent."""
    is_asking: bool = False
    """True while a model is working."""
    stopped: LedgerError | None = None
    """The reason why the last task stopped early."""
    sending: SendingShown = SendingShown()
    """The right to send the article's text to models outside."""

    @property
    def is_shown(self) -> bool:
        """True if the page has a section for suggestions."""
        return bool(self.plan or self.faults or self.open or self.refused)


class ClaimSuggestionsShown(NamedTuple):
    """The suggestions on a claim's page, and what can be requested for it."""

    found: tuple[JudgedSuggestion, ...] = ()
    """The suggestions that are not refused and not decided on."""
    plans: tuple[tuple[SuggestionTask, RequestPlan], ...] = ()
    """The tasks that have requests to send."""
    faults: tuple[Problem, ...] = ()
    """The reasons why nothing, or not everything, can be sent."""
    is_asking: bool = False
    """True while a model is working on the article or one of its claims."""
    stopped: LedgerError | None = None
    """The reason why the last task stopped early."""
    may_search_documents: bool = False
    """True if the page offers to plan a search in the cited documents, whose texts are not read before."""
    can_send: bool = False
    """True if the plans may be sent."""
    sending: SendingShown = SendingShown()
    """The rights to send the cited documents to models outside."""

    @property
    def is_shown(self) -> bool:
        """True if the page has a section for suggestions."""
        return bool(self.plans or self.faults or self.found or self.may_search_documents or self.sending.states)


def shown_on_claim(visit: Visit, claim: Claim, open_documents: Collection[str]) -> ClaimSuggestionsShown:
    """Return the suggestions for a claim; `open_documents` are the cited documents that are not confidential."""
    found = tuple(one for one in lookups.claim_suggestions(visit.places, claim.claim_id) if one.is_open)
    chosen = visit.request.query_params.get("ask", "")
    tasks = [task for task in CLAIM_TASKS if task is not SuggestionTask.PASSAGES or task.value == chosen]
    planned, faults = _plans(visit, [_claim_task(visit, claim, task) for task in tasks])
    plans = tuple((task, plan) for task, plan in zip(tasks, planned, strict=False) if plan.waiting)
    not_sent = tuple(dict.fromkeys(problem for plan in planned for problem in plan.not_sent))
    return ClaimSuggestionsShown(
        found, plans, (*faults, *not_sent), model_worker.is_asking(visit.places, claim.article_id),
        model_worker.last_stop(visit.places, claim.article_id),
        may_search_documents=bool(planned and claim.evidence and SuggestionTask.PASSAGES not in tasks),
        can_send=not faults, sending=claim_sending(visit, claim, open_documents, planned),
    )  # fmt: skip


def _claim_task(visit: Visit, claim: Claim, task: SuggestionTask) -> ModelTask:
    return ModelTask(task, claim.article_id, claim_id=claim.claim_id, language=visit.language)


def insertable_texts(visit: Visit, found: Sequence[JudgedSuggestion]) -> Mapping[str, Sequence[TextTemplate]]:
    """Return the texts that a form offers to insert: the newsroom's templates, after the reasons that a model drafted.

    A reason has the number 0, because it is not a template.
    """
    drafted = [
        TextTemplate(0, TemplateKind.RATIONALE, {one.suggestion.language: one.suggestion.wording})
        for one in found
        if one.is_open and one.suggestion.task is SuggestionTask.RATIONALE
    ]
    templates = templates_by_kind(visit)
    key = TemplateKind.RATIONALE.value
    return {**templates, key: [*drafted, *templates.get(key, ())]} if drafted else templates


def ask_for_claim(visit: Visit, claim_id: str, form: FormData) -> None:
    """Start the task of a form for a claim in the background."""
    claim = lookups.claim_at_desk(visit.places, claim_id).claim
    task = read_term(form, "task", SuggestionTask)
    _start(visit, _claim_task(visit, claim, task))


def _start(visit: Visit, wanted: ModelTask) -> None:
    if model_worker.start_asking(visit.places, wanted, visit.staff) is None:
        raise ProblemsFound([Problem("model-busy")])


def use_translation(visit: Visit, claim_id: str, form: FormData, edit: Edit) -> None:
    """Add the statement of a form, which a model suggested, to a claim."""
    statement = text(form, "statement") if "statement" in form else None
    desk.accept_translation(visit.places, claim_id, chosen_suggestion(form) or 0, edit, statement=statement)


def shown_on_article(visit: Visit, article_id: str, chosen: str, at: Span | None) -> SuggestionsShown:
    """Return the suggestions for an article; `chosen` is the number of one that overlaps the passage `at`, or empty."""
    about = lookups.article_suggestions(visit.places, article_id)
    plans, faults = _plans(visit, [ModelTask(SuggestionTask.CLAIMS, article_id)])
    number = whole_number(chosen)
    numbered = (one for one in about.open if one.stored.suggestion_id == number)
    named = next((one for one in numbered if _overlap(one.passage, at)), None)
    return SuggestionsShown(
        about.open, _refused_counts(visit, about.refused), named, named is not None and named.passage != at,
        _following(about.open, named), about.used,
        next(iter(plans), None), faults,
        model_worker.is_asking(visit.places, article_id), model_worker.last_stop(visit.places, article_id),
        article_sending(visit, article_id, plans),
    )  # fmt: skip


def _overlap(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.start < other.end and other.start < one.end


def _refused_counts(visit: Visit, refused: Sequence[JudgedSuggestion]) -> tuple[tuple[str, int], ...]:
    counted = Counter(visit.problem_text(one.reasons[0]) for one in refused if one.reasons)
    return tuple(counted.most_common())


def _following(found: Sequence[JudgedSuggestion], chosen: JudgedSuggestion | None) -> JudgedSuggestion | None:
    """Return the suggestion after the chosen one; after the last comes the first."""
    place = found.index(chosen) + 1 if chosen in found else 0
    others = [one for one in (*found[place:], *found[:place]) if one is not chosen and one.passage]
    return next(iter(others), None)


def _plans(visit: Visit, wanted: Sequence[ModelTask]) -> tuple[list[RequestPlan], tuple[Problem, ...]]:
    """Return the plan of each task, and the reasons why nothing can be sent; no plans if no model is turned on."""
    try:
        plans = plan_tasks(visit.places, wanted)
    except ModelOff:
        return [], ()
    except LedgerError as refusal:
        return [], visit.refusal_problems(refusal)
    refusals = [problem for plan in plans for problem in plan.refusals]
    missing = [problem for plan in plans for problem in _missing_library(visit, plan)]
    return plans, tuple(dict.fromkeys([*missing, *refusals, *decide(Action.ASK_MODEL, Case(), visit.staff)]))


def _missing_library(visit: Visit, plan: RequestPlan) -> Sequence[Problem]:
    """Return a problem if the suggester of a plan is installed, but not a library that it needs."""
    named = (one for one in installed_suggesters().found if one.name == plan.model.settings.suggester)
    return [
        problem for one in named if (missing := missing_library(one)) for problem in visit.refusal_problems(missing)
    ]


def chosen_suggestion(form: FormData) -> int | None:
    """Return the number of the suggestion that a form is about, if it is about one."""
    return whole_number(text(form, "suggestion"))


def next_suggestion(visit: Visit, article_id: str, after: Span) -> JudgedSuggestion | None:
    """Return the next open suggestion of an article from a place on, or else the first."""
    found = [one for one in lookups.article_suggestions(visit.places, article_id).open if one.passage]
    later = [one for one in found if one.passage and one.passage.start >= after.start]
    return next(iter(later or found), None)


def ask_for_article(visit: Visit, article_id: str) -> None:
    """Start the task for the claims of an article in the background."""
    _start(visit, ModelTask(SuggestionTask.CLAIMS, article_id))


def dismiss(visit: Visit, form: FormData) -> None:
    """Set the suggestion of a form aside."""
    desk.dismiss_suggestion(visit.places, chosen_suggestion(form) or 0, visit.staff)


def suggested_values(chosen: JudgedSuggestion) -> dict[str, str]:
    """Return the values of the form that a suggestion fills: the statement in its language."""
    suggestion = chosen.suggestion
    return {f"statement_{suggestion.language}": suggestion.wording, "suggestion": str(chosen.stored.suggestion_id)}
