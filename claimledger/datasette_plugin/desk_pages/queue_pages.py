"""The queue: what waits for whom, with filters and counts, and acts on many claims at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.visit import PREFIX, Visit
from claimledger.ledger.work import FILTERS, PAGE, Queue
from claimledger.vocabulary import CheckStage, Priority, Question, RecordStage, Role

VIEWS = ("mine", "review", "open", "queries", "recheck", "all")
"""The views of the queue, in the order of their tabs."""
_COUNTED = ("article_id", "speaker", "so", "record", "assignee", "priority")
_TERMS = {"so": CheckStage, "said": CheckStage, "record": RecordStage, "waiting": CheckStage, "priority": Priority}


def asked_for(visit: Visit, view: str) -> Queue:
    """Return what a view of the queue asks for, narrowed by the filters of the address."""
    values = {name: value for name in FILTERS if (value := visit.request.query_params.get(name, ""))}
    match view:
        case "mine":
            return Queue(values | {"assignee": visit.name})
        case "review":
            return Queue(values, is_waiting=True, not_author=visit.name)
        case "open":
            return Queue(values | {"record": "listed", "so": "open"})
        case "queries":
            return Queue(values, has_queries=True)
        case "recheck":
            return Queue(values, recheck_before=datetime.now(UTC).date().isoformat())
        case _:
            return Queue(values)


async def queue(visit: Visit) -> Response:
    """Show a view of the queue: what waits for me, for a second person, for anyone; questions; rechecks."""
    parameters = visit.request.query_params
    default = "review" if visit.person and Role.CHECKER not in visit.person.roles else "mine"
    view = parameters.get("view", default)
    page = max(int(parameters.get("page", "1")) if parameters.get("page", "1").isdigit() else 1, 1)
    asked = asked_for(visit, view)

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
        terms=_TERMS, asked=asked, link=lambda **changed: _link(visit, view, **changed), **found,
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
