"""Imports of past checks that wait for a second editor: the list, and a page that shows one before it is approved."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import read_action, text
from claimledger.datasette_plugin.desk_pages.publish_pages import clock_doubt
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import lookups
from claimledger.desk_vocabulary import Action
from claimledger.errors import Problem, ProblemsFound
from claimledger.foreign_reviews import IMPORT_NOTE_CODES
from claimledger.workflow import Case, decide


async def imports(visit: Visit) -> Response:
    """List the imports that wait."""
    found = await run_in_threadpool(lookups.list_waiting_imports, visit.places)
    arguments = visit.request.query_params
    done = arguments.get("done", "") if arguments.get("done") in ("approve", "discard") else ""
    return visit.page("imports.html", found=found, done=done)


async def import_page(visit: Visit) -> Response:
    """Show an import with counts, sample rows and what is lost."""
    return await run_in_threadpool(_page, visit)


def _page(visit: Visit, problems: Sequence[Problem] = ()) -> Response:
    view = lookups.view_waiting_import(visit.places, visit.request.path_params["name"])
    against = decide(Action.APPROVE_CHECKS, Case(authors=(view.waiting.author,)), visit.staff)
    return visit.page(
        "import.html",
        409 if problems else 200,
        view=view,
        waiting=view.waiting,
        notes=[(IMPORT_NOTE_CODES[code], one) for code, one in view.waiting.notes.items() if code in IMPORT_NOTE_CODES],
        why_not=visit.problem_text(against[0]) if against else "",
        may_discard=not decide(Action.DISCARD_CHECKS, Case(), visit.staff, reason="-"),
        problems=problems,
        clock_doubt=clock_doubt(visit),
    )


async def decide_on_import(visit: Visit) -> Response:
    """Approve and publish an import as it was shown, or discard it."""
    form = await visit.form()
    act = read_action(form, ("approve", "discard"))
    try:
        await run_in_threadpool(_decide, visit, act, form)
    except ProblemsFound as refusal:
        return await run_in_threadpool(_page, visit, refusal.problems)
    return visit.go("/imports", done=act)


def _decide(visit: Visit, act: str, form: FormData) -> None:
    name = visit.request.path_params["name"]
    if act == "discard":
        desk.discard_check_import(visit.places, name, visit.staff, text(form, "reason"))
    elif not text(form, "seen"):
        raise ProblemsFound([Problem("import-changed-meanwhile")])
    else:
        is_right = text(form, "clock") == "right"
        desk.approve_check_import(visit.places, name, visit.staff, seen=text(form, "seen"), is_clock_right=is_right)


PAGES = (
    ("GET", "/imports", imports),
    ("GET", "/imports/{name}", import_page),
    ("POST", "/imports/{name}", decide_on_import),
)
