"""Reports of readers: the form anybody may fill in about a public claim, and the desk's list of what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import number, text, whole
from claimledger.datasette_plugin.desk_pages.session import client_of
from claimledger.datasette_plugin.desk_pages.visit import FormRefused, Visit, is_same_site
from claimledger.errors import LedgerError, NotFound, ProblemsFound
from claimledger.ledger.reports import LONGEST_CONTACT, LONGEST_TEXT, ReportsThrottled

REPORT = "/-/report"
"""Where a reader reports what is wrong; below no session."""
_LARGEST = 100_000
"""Bytes of a form that are read."""


async def report_page(visit: Visit) -> Response:
    """Ask a reader what is wrong with a claim."""
    return _form(visit, visit.request.query_params.get("claim", ""))


def _form(visit: Visit, claim_id: str, status: int = 200, **told: str) -> Response:
    values = {"text": "", "contact": "", "refusal": "", "done": ""} | told
    return visit.page(
        "report.html", status, claim_id=claim_id[:LONGEST_CONTACT], most_text=LONGEST_TEXT,
        most_contact=LONGEST_CONTACT, **values,
    )  # fmt: skip


async def report(visit: Visit) -> Response:
    """Keep what a reader reports. A filled-in field that people do not see is a machine's: it is thanked, not kept."""
    length = whole(visit.request.headers.get("content-length", ""))
    if not is_same_site(visit.request) or length is None or length > _LARGEST:
        raise FormRefused
    form = await visit.request.form(max_files=0)
    claim_id, text, contact = (str(form.get(name, "")) for name in ("claim", "text", "contact"))
    if form.get("website"):
        return _form(visit, claim_id, done="1")
    address = client_of(visit.request).address
    try:
        await run_in_threadpool(lambda: desk.report(visit.places, claim_id, text, contact, address=address))
    except LedgerError as refusal:
        status = 429 if isinstance(refusal, ReportsThrottled) else 400
        return _form(visit, claim_id, status, text=text[:LONGEST_TEXT], contact=contact[:LONGEST_CONTACT],
                     refusal=_why(visit, refusal))  # fmt: skip
    return _form(visit, claim_id, done="1")


def _why(visit: Visit, refusal: LedgerError) -> str:
    problems = refusal.problems if isinstance(refusal, ProblemsFound) else ()
    return " ".join(visit.told(problem) for problem in problems) or visit.told_refusal(refusal)


async def reports(visit: Visit) -> Response:
    """List what readers reported."""
    return visit.page("reports.html", found=await run_in_threadpool(desk.reports, visit.places, visit.staff))


async def settle(visit: Visit) -> Response:
    """Close a report, or open it again, with a reason."""
    form = await visit.form()
    report_id, reason, act = number(form, "report"), text(form, "reason"), text(form, "act")
    if act not in _ACTS:
        raise NotFound("act", act, list(_ACTS))
    await run_in_threadpool(lambda: _ACTS[act](visit.places, report_id, visit.staff, reason=reason))
    return visit.go("/reports")


_ACTS: Mapping[str, Callable[..., None]] = {"close": desk.close_report, "open": desk.reopen_report}
"""The acts of the list's form."""


PAGES = (("GET", "/reports", reports), ("POST", "/reports", settle))
PUBLIC = (("GET", REPORT, report_page), ("POST", REPORT, report))
"""Pages outside of the desk's address, for readers."""
OPEN = frozenset({report_page, report})
