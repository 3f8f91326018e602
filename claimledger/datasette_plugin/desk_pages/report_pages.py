"""Reports by readers: the public form for an error in a claim, and the desk's list of reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.desk import lookups
from claimledger.datasette_plugin.addresses import REPORT
from claimledger.datasette_plugin.desk_pages.form_values import read_action, number, text, whole_number
from claimledger.datasette_plugin.desk_pages.session import request_client
from claimledger.datasette_plugin.desk_pages.visit import FormRefused, Visit, is_same_site
from claimledger.datasette_plugin.gate_rules import BODY_LIMIT
from claimledger.datasette_plugin.report_link import REPORTABLE_PATH
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.newsroom.reader_reports import MAX_REPORT_CONTACT, MAX_REPORT_TEXT, NewReport, ReportsThrottled
from claimledger.vocabulary import Subject

_LARGEST_FORM = BODY_LIMIT
"""The largest size of a form in bytes."""


async def report_page(visit: Visit) -> Response:
    """Show the form for reporting an error in a claim."""
    return await run_in_threadpool(_form, visit, visit.request.query_params.get("claim", ""))


def _form(visit: Visit, claim_id: str, status: int = 200, **values: str) -> Response:
    claim = lookups.public_record(visit.places, Subject.CLAIM, claim_id)
    values = {"text": _initial_text(visit), "contact": "", "refusal": "", "done": ""} | values
    return visit.page(
        "report.html", status, claim_id=claim_id[:MAX_REPORT_CONTACT], claim=claim, about=_reported_path(visit),
        most_text=MAX_REPORT_TEXT, most_contact=MAX_REPORT_CONTACT, REPORT=visit.server_path(REPORT), **values,
    )  # fmt: skip


def _reported_path(visit: Visit) -> str:
    """Return the path of the page that a report is about; empty if there is none or it is not a public page."""
    about = str(visit.request.query_params.get("about", ""))
    return about if REPORTABLE_PATH.fullmatch(about) else ""


def _initial_text(visit: Visit) -> str:
    """Return the beginning of a report's text: the page that the reader came from, so that the desk sees it too."""
    about = unquote(_reported_path(visit))[:MAX_REPORT_CONTACT]
    return f"{visit.say('report.begun', about=about)} " if about else ""


async def report(visit: Visit) -> Response:
    """Store a reader's report. If a field that people cannot see is filled in, the report is marked as automatic."""
    length = whole_number(visit.request.headers.get("content-length", ""))
    if not is_same_site(visit.request) or length is None or length > _LARGEST_FORM:
        raise FormRefused
    form = await visit.request.form(max_files=0)
    claim_id, text, contact, trap = (str(form.get(name, "")) for name in ("claim", "text", "contact", "website"))
    words = "" if text.strip() == _initial_text(visit).strip() else text
    incoming = NewReport(claim_id, words, contact, is_flagged=bool(trap))
    return await run_in_threadpool(_store, visit, incoming)


def _store(visit: Visit, incoming: NewReport) -> Response:
    """Store a report and thank the reader, or show the form again with the typed text and the reason."""
    try:
        desk.submit_report(visit.places, incoming, address=request_client(visit.request).address)
    except LedgerError as refusal:
        status = 429 if isinstance(refusal, ReportsThrottled) else 400
        return _form(visit, incoming.claim_id, status, text=incoming.text[:MAX_REPORT_TEXT] or _initial_text(visit),
                     contact=incoming.contact[:MAX_REPORT_CONTACT], refusal=_message(visit, refusal))  # fmt: skip
    return _form(visit, incoming.claim_id, done="1")


def _message(visit: Visit, refusal: LedgerError) -> str:
    if isinstance(refusal, NotFound):
        return visit.say("report.no_such_claim")
    problems = refusal.problems if isinstance(refusal, ProblemsFound) else ()
    return " ".join(visit.problem_text(problem) for problem in problems) or visit.refusal_text(refusal)


async def reports(visit: Visit) -> Response:
    """List the reports by readers."""
    return await run_in_threadpool(_list_page, visit)


def _list_page(visit: Visit, refused: int = 0, problems: Sequence[Problem] = ()) -> Response:
    """Return the list; after a refusal, with the problems of the report."""
    found, count = lookups.list_reports(visit.places, visit.staff)
    return visit.page(
        "reports.html", 409 if problems else 200, found=found, count=count, refused=refused, problems=problems
    )


async def settle(visit: Visit) -> Response:
    """Close or reopen a report with a reason."""
    form = await visit.form()
    report_id, reason, action = number(form, "report"), text(form, "reason"), _ACTS[read_action(form, _ACTS)]
    try:
        await run_in_threadpool(lambda: action(visit.places, report_id, visit.staff, reason=reason))
    except ProblemsFound as refusal:
        return await run_in_threadpool(_list_page, visit, report_id, refusal.problems)
    return visit.go("/reports")


_ACTS: Mapping[str, Callable[..., None]] = {"close": desk.close_report, "open": desk.reopen_report}
"""The actions of the list's form."""


PAGES = (("GET", "/reports", reports), ("POST", "/reports", settle))
PUBLIC_PAGES = (("GET", REPORT, report_page), ("POST", REPORT, report))
"""The pages for readers, outside the desk's address."""
OPEN_PAGES = frozenset({report_page, report})
