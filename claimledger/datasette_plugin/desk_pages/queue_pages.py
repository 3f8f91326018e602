"""The queue: what waits for whom, with filters and counts, and acts on many claims at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import page_number
from claimledger.datasette_plugin.desk_pages.visit import PREFIX, Visit
from claimledger.editorial.views import VIEWS, asked_for
from claimledger.ledger.work import FILTERS, PAGE
from claimledger.vocabulary import CheckStage, Priority, Question, RecheckReason, RecordStage, Role

_COUNTED = ("article_id", "speaker", "so", "record", "assignee", "priority")
_TERMS = {"so": CheckStage, "said": CheckStage, "record": RecordStage, "waiting": CheckStage, "priority": Priority}


async def queue(visit: Visit) -> Response:
    """Show a view of the queue: what waits for me, for a second person, for anyone; questions; rechecks."""
    parameters = visit.request.query_params
    default = "review" if visit.person and Role.CHECKER not in visit.person.roles else "mine"
    view = parameters.get("view", default)
    page = page_number(parameters.get("page", ""))
    values = {name: value for name in FILTERS if (value := parameters.get(name, ""))}
    today = desk.utc_now().date().isoformat()
    asked = asked_for(view, visit.name, today, values)

    def read() -> dict[str, Any]:
        rows, count = desk.queue(visit.places, asked, page)
        return {
            "rows": rows,
            "count": count,
            "facets": desk.queue_counts(visit.places, asked, _COUNTED),
            "reports": desk.open_report_count(visit.places),
        }

    found = await run_in_threadpool(read)
    return visit.page(
        "queue.html", view=view, views=VIEWS, number=page, pages=max(-(-int(str(found["count"])) // PAGE), 1),
        terms=_TERMS, asked=asked, today=today, RecheckReason=RecheckReason,
        link=lambda **changed: _link(visit, view, **changed), **found,
    )  # fmt: skip


def _link(visit: Visit, view: str, **changed: str) -> str:
    kept = {name: value for name, value in visit.request.query_params.items() if name != "page"}
    query = {"view": view, **kept, **changed}
    return f"{PREFIX}?{urlencode({name: value for name, value in query.items() if value})}"


async def act_on_many(visit: Visit) -> Response:
    """Assign, approve or list many claims as one act: all of them, or none and every reason why."""
    form = await visit.form()
    claim_ids = [str(claim_id) for claim_id in form.getlist("claim_id")]
    act, assignee = str(form.get("act", "")), str(form.get("assignee", "")) or visit.name

    def do() -> None:
        match act:
            case "assign":
                desk.assign_many(visit.places, claim_ids, Question.SO, assignee, visit.staff)
            case "approve":
                desk.approve_many(visit.places, claim_ids, visit.staff)
            case "publish":
                desk.publish(visit.places, visit.staff, claim_ids)

    if claim_ids:
        await run_in_threadpool(do)
    return visit.go(visit.back.removeprefix(PREFIX))


PAGES = (("GET", "", queue), ("POST", "/many", act_on_many))
