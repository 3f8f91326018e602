"""Reports of readers: the form anybody may fill in about a public claim, and the desk's list of what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.addresses import REPORT
from claimledger.datasette_plugin.desk_pages.form_values import act_in, number, text, whole
from claimledger.datasette_plugin.desk_pages.session import client_of
from claimledger.datasette_plugin.desk_pages.visit import FormRefused, Visit, is_same_site
from claimledger.datasette_plugin.report_link import ABOUT
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.newsroom.reader_reports import LONGEST_CONTACT, LONGEST_TEXT, Incoming, ReportsThrottled
from claimledger.vocabulary import Subject

_LARGEST = 100_000
"""Bytes of a form that are read."""


async def report_page(visit: Visit) -> Response:
    """Ask a reader what is wrong with a claim."""
    return await run_in_threadpool(_form, visit, visit.request.query_params.get("claim", ""))


def _form(visit: Visit, claim_id: str, status: int = 200, **told: str) -> Response:
    claim = desk.public_record(visit.places, Subject.CLAIM, claim_id)
    values = {"text": _begun(visit), "contact": "", "refusal": "", "done": ""} | told
    return visit.page(
        "report.html", status, claim_id=claim_id[:LONGEST_CONTACT], claim=claim, about=_about(visit),
        most_text=LONGEST_TEXT, most_contact=LONGEST_CONTACT, REPORT=visit.public(REPORT), **values,
    )  # fmt: skip


def _about(visit: Visit) -> str:
    """Return the path of the page a report is about; nothing where there is none, or it is no page of ours."""
    about = str(visit.request.query_params.get("about", ""))
    return about if ABOUT.fullmatch(about) else ""


def _begun(visit: Visit) -> str:
    """Return how the text of a report begins: with the page its reader comes from, so that the desk reads it too."""
    about = unquote(_about(visit))[:LONGEST_CONTACT]
    return f"{visit.say('report.begun', about=about)} " if about else ""


async def report(visit: Visit) -> Response:
    """Keep what a reader reports; where a field is filled in that people do not see, it is kept as a machine's."""
    length = whole(visit.request.headers.get("content-length", ""))
    if not is_same_site(visit.request) or length is None or length > _LARGEST:
        raise FormRefused
    form = await visit.request.form(max_files=0)
    claim_id, text, contact, trap = (str(form.get(name, "")) for name in ("claim", "text", "contact", "website"))
    words = "" if text.strip() == _begun(visit).strip() else text
    incoming = Incoming(claim_id, words, contact, is_flagged=bool(trap))
    return await run_in_threadpool(_taken, visit, incoming)


def _taken(visit: Visit, incoming: Incoming) -> Response:
    """Keep a report and thank for it; or show the form again with what was typed and why it is not taken."""
    try:
        desk.report(visit.places, incoming, address=client_of(visit.request).address)
    except LedgerError as refusal:
        status = 429 if isinstance(refusal, ReportsThrottled) else 400
        return _form(visit, incoming.claim_id, status, text=incoming.text[:LONGEST_TEXT] or _begun(visit),
                     contact=incoming.contact[:LONGEST_CONTACT], refusal=_why(visit, refusal))  # fmt: skip
    return _form(visit, incoming.claim_id, done="1")


def _why(visit: Visit, refusal: LedgerError) -> str:
    if isinstance(refusal, NotFound):
        return visit.say("report.no_such_claim")
    problems = refusal.problems if isinstance(refusal, ProblemsFound) else ()
    return " ".join(visit.told(problem) for problem in problems) or visit.told_refusal(refusal)


async def reports(visit: Visit) -> Response:
    """List what readers reported."""
    return await run_in_threadpool(_listed, visit)


def _listed(visit: Visit, refused: int = 0, problems: Sequence[Problem] = ()) -> Response:
    """Return the list; after a refusal with why a report was not settled."""
    found, count = desk.reports(visit.places, visit.staff)
    return visit.page(
        "reports.html", 409 if problems else 200, found=found, count=count, refused=refused, problems=problems
    )


async def settle(visit: Visit) -> Response:
    """Close a report, or open it again, with a reason."""
    form = await visit.form()
    report_id, reason, do = number(form, "report"), text(form, "reason"), _ACTS[act_in(form, _ACTS)]
    try:
        await run_in_threadpool(lambda: do(visit.places, report_id, visit.staff, reason=reason))
    except ProblemsFound as refusal:
        return await run_in_threadpool(_listed, visit, report_id, refusal.problems)
    return visit.go("/reports")


_ACTS: Mapping[str, Callable[..., None]] = {"close": desk.close_report, "open": desk.reopen_report}
"""The acts of the list's form."""


PAGES = (("GET", "/reports", reports), ("POST", "/reports", settle))
PUBLIC = (("GET", REPORT, report_page), ("POST", REPORT, report))
"""Pages outside of the desk's address, for readers."""
OPEN = frozenset({report_page, report})
