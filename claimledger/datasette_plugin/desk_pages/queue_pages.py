"""The queue: what waits for whom, with filters and counts, and acts on many claims at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import act_in, page_number, text, whole
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import account_steps
from claimledger.editorial.queue_views import VIEWS, asked_for
from claimledger.errors import LedgerError, NotFound
from claimledger.newsroom.work_items import FILTERS, PAGE, Queue
from claimledger.scalars import CLAIM_ID
from claimledger.vocabulary import CheckStage, Priority, Question, RecheckReason, RecordStage, Refound, Role

_COUNTED = ("article_id", "speaker", "so", "record", "assignee", "priority")
_TERMS = {"so": CheckStage, "said": CheckStage, "record": RecordStage, "waiting": CheckStage, "priority": Priority}


_ACTS = ("assign", "approve", "publish")
_LONGEST = 200
"""Characters of a search that are looked for."""
_TOLD = ("done", "of")
"""What an address says of an act just done; it is told once."""


async def queue(visit: Visit) -> Response:
    """Show a view of the queue: what waits for me, for a second person, for anyone; questions; rechecks."""
    asked = visit.request.query_params
    done = asked.get("done", "") if asked.get("done") in _ACTS else ""
    of = [claim_id for claim_id in asked.getlist("of")[:PAGE] if re.fullmatch(CLAIM_ID, claim_id)]
    return await _page(visit, done=done if of else "", of=of)


async def _page(visit: Visit, status: int = 200, **told: Any) -> Response:  # noqa: ANN401  a template's values
    """Return a view of the queue, with what is told of an act: done, refused with reasons, or done to nothing."""
    parameters = visit.request.query_params
    default = "review" if visit.person and Role.CHECKER not in visit.person.roles else "mine"
    view, page = parameters.get("view", default), page_number(parameters.get("page", ""))
    today = desk.newsroom_day().isoformat()
    values = {name: value for name in FILTERS if (value := parameters.get(name, ""))}
    asked = asked_for(view, visit.name, today, values, parameters.get("words", "")[:_LONGEST])

    named = [*told.get("of", ()), *(problem.file for problem in told.get("problems", ()) if problem.file)][:PAGE]

    def in_view(one: str) -> Queue:
        return asked_for(one, visit.name, today, {})

    def read() -> dict[str, Any]:
        rows, count, facets = desk.queue_page(visit.places, asked, page, _COUNTED)
        return {
            "rows": rows,
            "verdicts": desk.published_verdicts(visit.places, [row.claim_id for row in rows]),
            "computed": desk.computed_counts(visit.places, [row.claim_id for row in rows]),
            "view_counts": desk.view_counts(visit.places, {one: in_view(one) for one in VIEWS}),
            "said_of": desk.statements(visit.places, named),
            "count": count,
            "facets": facets,
            "reports": desk.open_report_count(visit.places),
            "checkers": account_steps.checkers(visit.places),
        }

    found = await run_in_threadpool(read)
    return visit.page(
        "queue.html", status, view=view, views=VIEWS, number=page, pages=max(-(-int(str(found["count"])) // PAGE), 1),
        terms=_TERMS, asked=asked, today=today, RecheckReason=RecheckReason, Refound=Refound, Question=Question,
        kept=[(name, value) for name, value in parameters.multi_items() if name not in ("page", "words", *_TOLD)],
        export=f"{visit.desk}/sheets/export?{urlencode({'view': view, 'words': asked.words, **values})}",
        link=lambda **changed: _link(visit, view, **changed), **(_UNTOLD | told), **found,
    )  # fmt: skip


_UNTOLD: dict[str, Any] = {"done": "", "of": (), "refused": "", "problems": (), "ticked": (), "assignee": "",
                           "due_on": "", "is_none_ticked": False}  # fmt: skip


def _link(visit: Visit, view: str, **changed: str) -> str:
    kept = {name: value for name, value in visit.request.query_params.items() if name not in ("page", *_TOLD)}
    query = {"view": view, **kept, **changed}
    return f"{visit.desk}?{urlencode({name: value for name, value in query.items() if value})}"


async def act_on_many(visit: Visit) -> Response:
    """Assign or approve many claims as one act, all of them or none; or go and see what publishing them changes."""
    form = await visit.form()
    seen = _seen(form)
    claim_ids = [claim_id for claim_id, _ in seen]
    act, typed = act_in(form, _ACTS), {"assignee": text(form, "assignee"), "due_on": text(form, "due_on")}
    if not claim_ids:
        return await _page(visit, 409, is_none_ticked=True, **typed)
    try:
        await run_in_threadpool(_do, visit, act, seen, form)
    except NotFound:
        raise
    except LedgerError as refusal:
        told = {"refused": act, "problems": visit.problems_of(refusal), "ticked": claim_ids}
        return await _page(visit, 409, **told, **typed)
    if act == "publish":
        return visit.go(f"/publish?{urlencode([('key', claim_id) for claim_id in claim_ids])}")
    asked = [(name, value) for name, value in visit.request.query_params.multi_items() if name not in _TOLD]
    done = [("done", act), *(("of", claim_id) for claim_id in claim_ids)]
    return visit.go(f"?{urlencode([*asked, *done])}")


def _seen(form: FormData) -> list[tuple[str, int]]:
    """Return the claims that are ticked, each with the newest draft that the page showed."""
    ticked = (str(value).partition(":") for value in form.getlist("claim_id"))
    return [(claim_id, whole(draft_id) or 0) for claim_id, _, draft_id in ticked]


def _do(visit: Visit, act: str, seen: Sequence[tuple[str, int]], form: FormData) -> None:
    claim_ids = [claim_id for claim_id, _ in seen]
    match act:
        case "assign":
            assignee, due_on = text(form, "assignee"), text(form, "due_on") or None
            desk.assign_many(visit.places, claim_ids, Question.SO, assignee, visit.staff, due_on=due_on)
        case "approve":
            desk.approve_many(visit.places, seen, visit.staff)
        case _:
            desk.demand_waiting(visit.places, claim_ids)


PAGES = (("GET", "", queue), ("POST", "", act_on_many))
