"""The articles, and an article's page: its text, what is accounted for, candidates and editions; one form an act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.article_intake import by_field, new_article, new_article_page
from claimledger.datasette_plugin.desk_pages.article_marks import STATES, lines_of
from claimledger.datasette_plugin.desk_pages.article_work import accept_values, known_in, told_in, work_at
from claimledger.datasette_plugin.desk_pages.form_values import act_in, page_number, text, whole
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.desk.article_steps import ARTICLES
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.editorial.candidate_decisions import NoPassage
from claimledger.editorial.check_sheet import Served
from claimledger.editorial.current_edition import TextNotHeld
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.models import Span
from claimledger.workflow import Case, decide
from claimledger.vocabulary import Action, Coverage, Fate, RecordStage, Relation, RevisionKind, SourceKind, SpeakerKind

_NO_RANGE = Problem("no-range", "A range has a beginning and, after it, an end.", "Give both as numbers.")
_NO_PASSAGE = Problem(
    "no-passage", "These words do not stand in the text.", "Copy them from the text as they stand.", field="words"
)
_PRINTED = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"
"""What the check sheet may load: the script that prints it; its own style stands in it."""


async def articles(visit: Visit) -> Response:
    """List the articles, with how far each is accounted for."""
    number = page_number(visit.request.query_params.get("page", ""))
    rows, count = await run_in_threadpool(desk.articles, visit.places, number)
    return visit.page("articles.html", rows=rows, count=count, number=number, pages=max(-(-count // ARTICLES), 1))


async def article(visit: Visit) -> Response:
    """Show an article, and what is to be decided on the passage that the address names."""
    article_id = visit.request.path_params["article_id"]
    try:
        found = await run_in_threadpool(desk.article_at_desk, visit.places, article_id)
    except TextNotHeld:
        return visit.go("/articles/new", article_id=article_id)
    asked = visit.request.query_params
    if words := asked.get("words", "").replace("\r\n", "\n").strip():
        return await run_in_threadpool(_words, visit, found, asked.get("at", ""), words)
    if "start" in asked:
        return _go_to(visit, article_id, _span(asked["start"], asked.get("end", "")))
    return await run_in_threadpool(_page, visit, found, asked.get("at", ""))


def _go_to(visit: Visit, article_id: str, span: Span) -> Response:
    address = f"{visit.desk}/articles/{article_id}?at={span.start}-{span.end}#now"
    return RedirectResponse(address, 303, headers=dict(HEADERS))


def _words(visit: Visit, found: ArticleAtDesk, at: str, words: str) -> Response:
    """Go to the place of some words; where there is none, show the page with the words still to be changed."""
    try:
        return _go_to(visit, found.at_hand.article.article_id, _nearest(found, words, at))
    except ProblemsFound as refusal:
        values = accept_values(found, work_at(found, at), visit.language) | {"words": words}
        return _page(visit, found, at, values, refusal.problems)


def _nearest(found: ArticleAtDesk, words: str, at: str) -> Span:
    """Return the place where words stand in the text, the nearest to where a range begins.

    Raises:
        ProblemsFound: they do not stand in it.
    """
    places = found.at_hand.text.places_of(words) or found.at_hand.text.places_of(words.replace("\n", "\r\n"))
    if not places:
        raise ProblemsFound([_NO_PASSAGE])
    return min(places, key=lambda place: abs(place.start - (whole(at.partition("-")[0]) or 0)))


def _span(start: str, end: str) -> Span:
    """Return a range as typed.

    Raises:
        ProblemsFound: it is none.
    """
    first, last = whole(start.strip()), whole(end.strip())
    if first is None or last is None or first >= last:
        raise ProblemsFound([_NO_RANGE])
    return Span(start=first, end=last)


def _page(
    visit: Visit,
    found: ArticleAtDesk,
    at: str,
    values: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    work = work_at(found, at)
    shown = values or (accept_values(found, work, visit.language) if work.span else {})
    notice = _notice(visit, found)
    if values is None and notice["claim_id"]:  # the claim just accepted is mostly of the same topics as the next
        shown = {**shown, "topics": ", ".join(found.claims[notice["claim_id"]].topics)}
    earlier = desk.earlier_to_settle(visit.places, work.words) if work.span else []
    return visit.page(
        "article.html", 409 if problems else 200, found=found, at_hand=found.at_hand, article=found.at_hand.article,
        accounted=found.accounted, lines=lines_of(found), work=work, values=shown, problems=problems,
        at_field=by_field(problems), notice=notice, known=known_in(found.claims.values()),
        may_not=_may_not(visit), states=STATES,
        earlier=earlier, tied=shown, earlier_left=desk.earlier_left(visit.places) if work.span else 0,
        Coverage=Coverage, RecordStage=RecordStage, Relation=Relation,
        SourceKind=SourceKind, SpeakerKind=SpeakerKind,
    )  # fmt: skip


def _may_not(visit: Visit) -> str:
    """Return why this person may not decide on passages; an empty text if they may."""
    problems = decide(Action.ACCEPT, Case(RecordStage.NONE), visit.staff)
    return visit.told(problems[0]) if problems else ""


def _notice(visit: Visit, found: ArticleAtDesk) -> Mapping[str, Any]:
    """Return what was done last, as the address says: the act, the claim with its findings, the fates of passages."""
    asked = visit.request.query_params
    counts = ((fate, whole(asked.get(fate.value, ""))) for fate in Fate)
    fates = [(fate, count) for fate, count in counts if count is not None]
    claim_id = asked.get("claim", "") if asked.get("claim", "") in found.claims else ""
    findings = desk.findings(visit.places, [claim_id]) if claim_id else []
    return {"done": asked.get("done", ""), "claim_id": claim_id, "fates": fates, "findings": findings}


async def act(visit: Visit) -> Response:
    """Do what a form of the article's page says, and go on to the next passage."""
    article_id, name = visit.request.path_params["article_id"], visit.request.path_params["act"]
    form = await visit.form()
    if name not in _ACTS:
        raise NotFound("act", name, sorted(_ACTS))
    return await run_in_threadpool(_ACTS[name], visit, article_id, form)


def _after(visit: Visit, article_id: str, done: str, at: str = "", **more: str) -> Response:
    query = {"done": done, **more, **({"at": at} if at else {})}
    response = visit.go(f"/articles/{article_id}", **query)
    if at:
        response.headers["location"] += "#now"
    return response


def _accept(visit: Visit, article_id: str, form: FormData) -> Response:
    try:
        span = _span(text(form, "start"), text(form, "end"))
        told = told_in(form)
        desk.accept(visit.places, article_id, span, told, visit.edit(visit.reason("accepted")))
    except LedgerError as refusal:
        problems = visit.problems_of(refusal)
        values = {name: str(value) for name, value in form.items()}
        return _page(visit, desk.article_at_desk(visit.places, article_id), text(form, "seen"), values, problems)
    return _after(visit, article_id, "accept", _next(visit, article_id, span), claim=told.claim_id)


def _next(visit: Visit, article_id: str, span: Span) -> str:
    """Return the next passage that nobody has decided on, as an address names it; empty if none is left."""
    work = work_at(desk.article_at_desk(visit.places, article_id), f"{span.start}-{span.end}")
    return work.next_unbound


def _dismiss(visit: Visit, article_id: str, form: FormData) -> Response:
    span = _span(text(form, "start"), text(form, "end"))
    desk.dismiss(visit.places, article_id, span, visit.edit(text(form, "reason")))
    return _after(visit, article_id, "dismiss", _next(visit, article_id, span))


def _again(visit: Visit, article_id: str, form: FormData) -> Response:
    span = _span(text(form, "start"), text(form, "end"))
    desk.dismiss(visit.places, article_id, span, visit.edit(visit.reason("again")), again=True)
    return _after(visit, article_id, "again", f"{span.start}-{span.end}")


def _settle(visit: Visit, article_id: str, form: FormData) -> Response:
    claim_id = text(form, "claim_id")
    if act_in(form, ("leave-out", "place")) == "leave-out":
        desk.settle(visit.places, article_id, claim_id, None, visit.edit(text(form, "reason")))
        return _after(visit, article_id, "left_out", claim=claim_id)
    start, _, end = text(form, "place").partition("-")
    span = _span(start, end)
    desk.settle(visit.places, article_id, claim_id, span, visit.edit(visit.reason("placed")))
    return _after(visit, article_id, "placed", claim=claim_id)


def _furniture(visit: Visit, article_id: str, form: FormData) -> Response:
    made = visit.edit(_begun(visit, article_id) or visit.reason("furniture"), "update")
    is_furniture = act_in(form, ("mask", "unmask")) == "mask"
    try:
        span = _span(text(form, "start"), text(form, "end"))
        desk.correct_furniture(visit.places, article_id, span, made, is_furniture=is_furniture)
    except (NoPassage, ProblemsFound) as refusal:
        values = {f"furniture_{name}": text(form, name) for name in ("start", "end")}
        return _page(visit, desk.article_at_desk(visit.places, article_id), "", values, visit.problems_of(refusal))
    return _after(visit, article_id, "furniture")


def _begun(visit: Visit, article_id: str) -> str:
    """Return why an article was taken in, if that is not public yet; empty if it is."""
    drafts = (one for one in desk.open_drafts(visit.places) if one.key == article_id)
    return next((one.reason for one in drafts if one.kind is RevisionKind.LISTED), "")


def _record(visit: Visit, article_id: str, _: FormData) -> Response:
    made = visit.edit(visit.reason("recorded"), "update")
    desk.record_dismissals(visit.places, article_id, made)
    return _after(visit, article_id, "record")


_ACTS: Mapping[str, Callable[[Visit, str, FormData], Response]] = {
    "accept": _accept,
    "dismiss": _dismiss,
    "again": _again,
    "settle": _settle,
    "furniture": _furniture,
    "record": _record,
}
"""The forms of the page by the last word of their address."""


async def sheet(visit: Visit) -> Response:
    """Show the check sheet, to print."""
    language = "ko" if visit.request.query_params.get("lang", visit.language) == "ko" else "en"
    article_id = visit.request.path_params["article_id"]
    served = Served(f"{visit.desk}/articles/{article_id}", f"{visit.desk}/static/desk.js")
    content = await run_in_threadpool(desk.check_sheet, visit.places, article_id, language, served)
    return HTMLResponse(content, headers={**HEADERS, "Content-Security-Policy": _PRINTED})


async def compare(visit: Visit) -> Response:
    """Show how the two newest texts differ, and what the newest did about each query to the writer."""
    article_id = visit.request.path_params["article_id"]
    paragraphs, queries = await run_in_threadpool(desk.compared, visit.places, article_id)
    return visit.page("article_compare.html", article_id=article_id, paragraphs=paragraphs, queries=queries)


PAGES: tuple[tuple[str, str, Callable[[Visit], Awaitable[Response]]], ...] = (
    ("GET", "/articles", articles),
    ("GET", "/articles/new", new_article_page),
    ("POST", "/articles/new", new_article),
    ("GET", "/articles/{article_id}", article),
    ("GET", "/articles/{article_id}/sheet", sheet),
    ("GET", "/articles/{article_id}/compare", compare),
    ("POST", "/articles/{article_id}/{act}", act),
)
