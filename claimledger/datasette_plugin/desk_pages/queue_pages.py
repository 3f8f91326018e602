"""The task list of the desk: views with filters and counts, and actions on many claims at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger import desk
from claimledger.article import words_after, words_before
from claimledger.desk import bulk_steps, lookups, account_steps
from claimledger.desk.approvals import list_approvals
from claimledger.datasette_plugin.desk_pages.document_names import document_names
from claimledger.datasette_plugin.desk_pages.form_values import read_action, page_number, text, whole_number
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.editorial.queue_views import QUEUE_VIEWS, queue_of_view
from claimledger.errors import LedgerError, NotFound
from claimledger.newsroom.work_items import FILTER_COLUMNS, WORK_ITEMS_PER_PAGE, WorkFilter
from claimledger.scalars import CLAIM_ID
from claimledger.desk_vocabulary import CheckStage, Priority, RecheckReason, RecordStage, RecheckOutcome, Role
from claimledger.vocabulary import Question

_FACETS = ("article_id", "speaker", "so", "record", "assignee", "priority")
_TERMS = {"so": CheckStage, "said": CheckStage, "record": RecordStage, "waiting": CheckStage, "priority": Priority}


_ACTS = ("assign", "approve", "publish")
_LONGEST_SEARCH = 200
"""The number of characters of a search that are used."""
_OUTCOME_ARGUMENTS = ("done", "of")
"""The arguments of an address that describe the last action; they are shown once and not passed on."""


async def queue(visit: Visit) -> Response:
    """Show a view of the task list, such as my tasks, claims that need approval, open queries and rechecks."""
    arguments = visit.request.query_params
    done = arguments.get("done", "") if arguments.get("done") in (*_ACTS, "check") else ""
    of = [claim_id for claim_id in arguments.getlist("of")[:WORK_ITEMS_PER_PAGE] if re.fullmatch(CLAIM_ID, claim_id)]
    return await _page(visit, done=done if of else "", of=of)


def queue_selection(visit: Visit, today: str) -> tuple[str, WorkFilter]:
    """Return the name of the view that an address names, or of the person's own first one, and its filter."""
    parameters = visit.request.query_params
    default = "review" if visit.person and Role.CHECKER not in visit.person.roles else "mine"
    view = parameters.get("view", default)
    values = {name: value for name in FILTER_COLUMNS if (value := parameters.get(name, ""))}
    words = parameters.get("words", "")[:_LONGEST_SEARCH]
    return view, queue_of_view(view, visit.name, today, values, words)


async def _page(visit: Visit, status: int = 200, **outcome: Any) -> Response:  # noqa: ANN401  a template's values
    """Return a view of the task list with the outcome of an action: done, refused with reasons, or nothing selected."""
    parameters = visit.request.query_params
    page, today = page_number(parameters.get("page", "")), lookups.newsroom_day().isoformat()
    view, selection = queue_selection(visit, today)

    files = (problem.file for problem in outcome.get("problems", ()) if problem.file)
    named_claims = [*outcome.get("of", ()), *files][:WORK_ITEMS_PER_PAGE]

    def in_view(view_name: str) -> WorkFilter:
        return queue_of_view(view_name, visit.name, today, {})

    def read() -> dict[str, Any]:
        rows, count, facets = lookups.queue_page(visit.places, selection, page, _FACETS)
        return {
            "rows": rows,
            "verdicts": lookups.published_verdicts(visit.places, [row.claim_id for row in rows]),
            "computed": lookups.computed_finding_counts(visit.places, [row.claim_id for row in rows]),
            "view_counts": lookups.view_counts(
                visit.places, {view_name: in_view(view_name) for view_name in QUEUE_VIEWS}
            ),
            "said_of": lookups.claim_statements(visit.places, named_claims),
            "count": count,
            "facets": facets,
            "reports": lookups.open_report_count(visit.places),
            "imports": len(lookups.list_waiting_imports(visit.places)),
            "approvals": list_approvals(visit.places, [row.claim_id for row in rows], visit.staff)
            if view == "review"
            else {},
            "checkers": account_steps.list_checkers(visit.places),
        }

    found = await run_in_threadpool(read)
    cited = {one.document_id for pending in found["approvals"].values() for one in pending.at.claim.evidence}
    documents = await run_in_threadpool(lookups.documents_at_desk, visit.places, sorted(cited), visit.staff)
    return visit.page(
        "queue.html",
        status,
        view=view,
        views=QUEUE_VIEWS,
        number=page,
        pages=max(-(-int(str(found["count"])) // WORK_ITEMS_PER_PAGE), 1),
        terms=_TERMS,
        asked=selection,
        titles=document_names(visit, documents),
        addresses={one.document.document_id: one.document.address for one in documents},
        CheckStage=CheckStage,
        RecordStage=RecordStage,
        words_before=words_before,
        words_after=words_after,
        today=today,
        RecheckReason=RecheckReason,
        RecheckOutcome=RecheckOutcome,
        Question=Question,
        kept=[
            (name, value)
            for name, value in parameters.multi_items()
            if name not in ("page", "words", *_OUTCOME_ARGUMENTS)
        ],
        export=f"{visit.desk}/sheets/export?{urlencode({'view': view, 'words': selection.words, **selection.values})}",
        check=f"{visit.desk}/check?{urlencode({'view': view, 'words': selection.words, **selection.values})}",
        link=lambda **changed: _link(visit, view, **changed),
        **(_NO_OUTCOME | outcome),
        **found,
    )


_NO_OUTCOME: dict[str, Any] = {
    "done": "",
    "of": (),
    "refused": "",
    "problems": (),
    "ticked": (),
    "assignee": "",
    "due_on": "",
    "is_none_ticked": False,
}


def _link(visit: Visit, view: str, **changed: str) -> str:
    parameters = visit.request.query_params
    current = {name: value for name, value in parameters.items() if name not in ("page", *_OUTCOME_ARGUMENTS)}
    query = {"view": view, **current, **changed}
    return f"{visit.desk}?{urlencode({name: value for name, value in query.items() if value})}"


async def act_on_many(visit: Visit) -> Response:
    """Assign or approve many claims in one step, all or none; or show the changes that publishing them makes."""
    form = await visit.form()
    one, _, only = text(form, "one").partition(":")
    act = one if one in _ACTS else read_action(form, _ACTS)
    seen = _selected_claims(form, act, only)
    claim_ids = [claim_id for claim_id, _ in seen]
    typed = {"assignee": text(form, "assignee"), "due_on": text(form, "due_on")}
    if not claim_ids:
        return await _page(visit, 409, is_none_ticked=True, **typed)
    try:
        await run_in_threadpool(_do, visit, act, seen, form)
    except NotFound:
        raise
    except LedgerError as refusal:
        outcome = {"refused": act, "problems": visit.refusal_problems(refusal), "ticked": claim_ids}
        return await _page(visit, 409, **outcome, **typed)
    if act == "publish":
        return visit.go(f"/publish?{urlencode([('key', claim_id) for claim_id in claim_ids])}")
    parameters = visit.request.query_params.multi_items()
    arguments = [(name, value) for name, value in parameters if name not in _OUTCOME_ARGUMENTS]
    done = [("done", act), *(("of", claim_id) for claim_id in claim_ids)]
    return visit.go(f"?{urlencode([*arguments, *done])}")


def _selected_claims(form: FormData, act: str, only: str) -> list[tuple[str, int]]:
    """Return the selected claims, each with the newest draft that the page showed, or 0 if it showed none.

    A box of the approval list has the name of the one action that its claim is ready for; the button of one
    claim counts for no other.
    """
    chosen = [only] if only else [*form.getlist("claim_id"), *form.getlist(f"to_{act}")]
    ticked = (str(value).partition(":") for value in chosen)
    return [(claim_id, whole_number(draft_id) or 0) for claim_id, _, draft_id in ticked]


def _do(visit: Visit, act: str, seen: Sequence[tuple[str, int]], form: FormData) -> None:
    claim_ids = [claim_id for claim_id, _ in seen]
    match act:
        case "assign":
            assignee, due_on = text(form, "assignee"), text(form, "due_on") or None
            desk.assign_many(visit.places, claim_ids, Question.SO, assignee, visit.staff, due_on=due_on)
        case "approve":
            desk.approve_many(visit.places, seen, visit.staff)
        case _:
            bulk_steps.demand_open_drafts(visit.places, claim_ids)


PAGES = (("GET", "", queue), ("POST", "", act_on_many))
