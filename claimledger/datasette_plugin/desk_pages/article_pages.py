"""The list of articles, and an article's page with its text, coverage, candidates and editions; one form per action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from claimledger import desk
from claimledger.desk import lookups
from claimledger.datasette_plugin.desk_pages.article_intake import problems_by_field, new_article, new_article_page
from claimledger.datasette_plugin.desk_pages.article_marks import STATES, article_lines
from claimledger.datasette_plugin.desk_pages.article_work import (
    accept_values, claim_suggestions, dates_of_work, passage_work, read_claim_input, spotted_speaker,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.form_values import read_action, page_number, text, whole_number
from claimledger.datasette_plugin.desk_pages.sending_forms import decide_on_article
from claimledger.datasette_plugin.desk_pages.suggestion_forms import (
    ask_for_article, chosen_suggestion, dismiss, next_suggestion, shown_on_article, suggested_values,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.template_pages import templates_by_kind
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.desk.article_steps import ARTICLES_PER_PAGE
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.editorial.candidate_decisions import NoPassage
from claimledger.editorial.check_sheet import PageLinks
from claimledger.editorial.current_edition import TextNotHeld
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.models import Span
from claimledger.workflow import Case, decide
from claimledger.desk_vocabulary import Action, Coverage, PassageFate, RecordStage, SuggestionChoice, TemplateKind
from claimledger.vocabulary import Relation, RevisionKind, SourceKind, SpeakerKind

_NO_RANGE = Problem("no-range")
_WORDS_NOT_FOUND = Problem("no-passage", field="words")
_SHEET_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The policy of the check sheet: only the script that prints it, and its own style, which is in the page."""


async def articles(visit: Visit) -> Response:
    """List the articles with their coverage."""
    number = page_number(visit.request.query_params.get("page", ""))
    rows, count = await run_in_threadpool(lookups.list_articles, visit.places, number)
    names = [row.article.article_id for row in rows]
    progress = await run_in_threadpool(lookups.article_progress, visit.places, names)
    return visit.page(
        "articles.html",
        rows=rows,
        progress=progress,
        count=count,
        number=number,
        pages=max(-(-count // ARTICLES_PER_PAGE), 1),
    )


async def article(visit: Visit) -> Response:
    """Show an article, with the form for the passage that the address names."""
    article_id = visit.request.path_params["article_id"]
    try:
        found = await run_in_threadpool(lookups.view_article, visit.places, article_id)
    except TextNotHeld:
        return visit.go("/articles/new", article_id=article_id)
    arguments = visit.request.query_params
    if words := arguments.get("words", "").replace("\r\n", "\n").strip():
        return await run_in_threadpool(_go_to_words, visit, found, arguments.get("at", ""), words)
    if "start" in arguments:
        return _go_to(visit, article_id, _span(arguments["start"], arguments.get("end", "")))
    return await run_in_threadpool(_page, visit, found, arguments.get("at", ""))


def _go_to(visit: Visit, article_id: str, span: Span) -> Response:
    number = whole_number(visit.request.query_params.get("suggestion", ""))
    along = "" if number is None else f"&suggestion={number}"
    address = f"{visit.desk}/articles/{article_id}?at={span.start}-{span.end}{along}#now"
    return RedirectResponse(address, 303, headers=dict(HEADERS))


def _go_to_words(visit: Visit, found: ArticleAtDesk, at: str, words: str) -> Response:
    """Go to the position of some words; if they are not found, show the page with the words to be corrected."""
    try:
        return _go_to(visit, found.at_hand.article.article_id, _nearest_position(found, words, at))
    except ProblemsFound as refusal:
        values = accept_values(found, passage_work(found, at), visit.language) | {"words": words}
        return _page(visit, found, at, values, refusal.problems)


def _nearest_position(found: ArticleAtDesk, words: str, at: str) -> Span:
    """Return the position of words in the text that is nearest to the beginning of a range.

    Raises:
        ProblemsFound: the words are not in the text.
    """
    places = found.at_hand.text.find_passage(words) or found.at_hand.text.find_passage(words.replace("\n", "\r\n"))
    if not places:
        raise ProblemsFound([_WORDS_NOT_FOUND])
    return min(places, key=lambda place: abs(place.start - (whole_number(at.partition("-")[0]) or 0)))


def _span(start: str, end: str) -> Span:
    """Return the typed range.

    Raises:
        ProblemsFound: it is not a range.
    """
    first, last = whole_number(start.strip()), whole_number(end.strip())
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
    work = passage_work(found, at)
    speaker = spotted_speaker(found, work) if work.span else None
    speakers = lookups.known_speakers(visit.places, found, speaker.name if speaker else "") if work.span else []
    shown = values or (accept_values(found, work, visit.language, speakers) if work.span else {})
    notice = _notice(visit, found)
    if values is None and notice["claim_id"]:  # the next claim usually has the topics of the last one
        shown = {**shown, "topics": ", ".join(found.claims[notice["claim_id"]].topics)}
    suggested = shown_on_article(visit, found.at_hand.article.article_id, _suggestion_number(visit, shown), work.span)
    if values is None and suggested.chosen:
        shown = {**shown, **suggested_values(suggested.chosen)}
    earlier = lookups.suggest_earlier_for_text(visit.places, work.words) if work.span else []
    return visit.page(
        "article.html", 409 if problems else 200, found=found, at_hand=found.at_hand, article=found.at_hand.article,
        accounted=found.accounted, lines=article_lines(found), work=work, values=shown, problems=problems,
        at_field=problems_by_field(problems), notice=notice, known=claim_suggestions(found.claims.values()),
        speakers=speakers, dates=dates_of_work(found, work), suggested=suggested,
        may_not=_reason_against(visit), states=STATES,
        dismissal_reasons=_dismissal_reasons(visit),
        progress=lookups.article_progress(visit.places, [found.at_hand.article.article_id]),
        task=lookups.article_task(visit.places, found.at_hand.article.article_id),
        earlier=earlier, tied=shown, earlier_left=lookups.count_unindexed_records(visit.places) if work.span else 0,
        Coverage=Coverage, RecordStage=RecordStage, Relation=Relation,
        SourceKind=SourceKind, SpeakerKind=SpeakerKind, SuggestionChoice=SuggestionChoice,
    )  # fmt: skip


def _suggestion_number(visit: Visit, values: Mapping[str, str]) -> str:
    """Return the number of the suggestion that a form or the address names; empty if none is."""
    return values.get("suggestion", "") or visit.request.query_params.get("suggestion", "")


def _dismissal_reasons(visit: Visit) -> list[str]:
    """Return the newsroom's templates of reasons, then the last reasons for excluding passages."""
    templates = (visit.wording(one.text) for one in templates_by_kind(visit).get(TemplateKind.REASON.value, ()))
    return list(dict.fromkeys([*templates, *lookups.dismissal_reasons(visit.places)]))


def _reason_against(visit: Visit) -> str:
    """Return the reason why this person may not decide on passages; an empty text if they may."""
    problems = decide(Action.ACCEPT, Case(RecordStage.NONE), visit.staff)
    return visit.problem_text(problems[0]) if problems else ""


def _notice(visit: Visit, found: ArticleAtDesk) -> Mapping[str, Any]:
    """Return the last action named in the address: the action, its claim with findings, and the fates of passages."""
    arguments = visit.request.query_params
    counts = ((fate, whole_number(arguments.get(fate.value, ""))) for fate in PassageFate)
    fates = [(fate, count) for fate, count in counts if count is not None]
    claim_id = arguments.get("claim", "") if arguments.get("claim", "") in found.claims else ""
    findings = lookups.open_claim_findings(visit.places, [claim_id]) if claim_id else []
    return {"done": arguments.get("done", ""), "claim_id": claim_id, "fates": fates, "findings": findings}


async def act(visit: Visit) -> Response:
    """Do the action of a form on the article's page, and go to the next passage."""
    article_id, name = visit.request.path_params["article_id"], visit.request.path_params["act"]
    form = await visit.form()
    if name not in _ACTS:
        raise NotFound("act", name, sorted(_ACTS))
    return await run_in_threadpool(_ACTS[name], visit, article_id, form)


def _go_on(visit: Visit, article_id: str, done: str, at: str = "", **more: str) -> Response:
    query = {"done": done, **more, **({"at": at} if at else {})}
    response = visit.go(f"/articles/{article_id}", **query)
    if at:
        response.headers["location"] += "#now"
    return response


def _accept(visit: Visit, article_id: str, form: FormData) -> Response:
    try:
        span = _span(text(form, "start"), text(form, "end"))
        claim_input = read_claim_input(form, _known_speakers(visit, article_id, form))
        edit, number = visit.edit(visit.reason("accepted")), chosen_suggestion(form)
        desk.accept(visit.places, article_id, span, claim_input, edit, suggestion_id=number)
    except LedgerError as refusal:
        problems = visit.refusal_problems(refusal)
        values = {name: str(value) for name, value in form.items()}
        return _page(visit, lookups.view_article(visit.places, article_id), text(form, "seen"), values, problems)
    if number is not None:
        return _go_to_suggestion(visit, article_id, "accept", span, claim=claim_input.claim_id)
    return _go_on(visit, article_id, "accept", _next(visit, article_id, span), claim=claim_input.claim_id)


def _go_to_suggestion(visit: Visit, article_id: str, done: str, after: Span, **more: str) -> Response:
    """Go to the next open suggestion, or else to the next open passage."""
    following = next_suggestion(visit, article_id, after)
    if following is None or following.passage is None:
        return _go_on(visit, article_id, done, _next(visit, article_id, after), **more)
    place = f"{following.passage.start}-{following.passage.end}"
    return _go_on(visit, article_id, done, place, suggestion=str(following.stored.suggestion_id), **more)


def _suggest(visit: Visit, article_id: str, _: FormData) -> Response:
    return _do_task(visit, article_id, "asking", lambda: ask_for_article(visit, article_id))


def _dismiss_suggestion(visit: Visit, article_id: str, form: FormData) -> Response:
    dismiss(visit, form)
    return _go_to_suggestion(visit, article_id, "set_aside", _span(text(form, "start"), text(form, "end")))


def _known_speakers(visit: Visit, article_id: str, form: FormData) -> list[lookups.KnownSpeaker]:
    """Return the known speakers if the form names one without a kind."""
    name = text(form, "speaker_name_ko") or text(form, "speaker_name_en")
    if text(form, "speaker_kind") or not name:
        return []
    return lookups.known_speakers(visit.places, lookups.view_article(visit.places, article_id), name)


def _next(visit: Visit, article_id: str, span: Span) -> str:
    """Return the next open passage in the notation of addresses; empty if there is none."""
    work = passage_work(lookups.view_article(visit.places, article_id), f"{span.start}-{span.end}")
    return work.next_unbound


def _dismiss(visit: Visit, article_id: str, form: FormData) -> Response:
    span = _span(text(form, "start"), text(form, "end"))
    desk.dismiss(visit.places, article_id, span, visit.edit(text(form, "reason")))
    return _go_on(visit, article_id, "dismiss", _next(visit, article_id, span))


def _reopen(visit: Visit, article_id: str, form: FormData) -> Response:
    span = _span(text(form, "start"), text(form, "end"))
    desk.dismiss(visit.places, article_id, span, visit.edit(visit.reason("again")), again=True)
    return _go_on(visit, article_id, "again", f"{span.start}-{span.end}")


def _settle(visit: Visit, article_id: str, form: FormData) -> Response:
    claim_id = text(form, "claim_id")
    if read_action(form, ("leave-out", "place")) == "leave-out":
        desk.settle(visit.places, article_id, claim_id, None, visit.edit(text(form, "reason")))
        return _go_on(visit, article_id, "left_out", claim=claim_id)
    start, _, end = text(form, "place").partition("-")
    span = _span(start, end)
    desk.settle(visit.places, article_id, claim_id, span, visit.edit(visit.reason("placed")))
    return _go_on(visit, article_id, "placed", claim=claim_id)


def _furniture(visit: Visit, article_id: str, form: FormData) -> Response:
    edit = visit.edit(_first_reason(visit, article_id) or visit.reason("furniture"), "update")
    is_furniture = read_action(form, ("mask", "unmask")) == "mask"
    try:
        span = _span(text(form, "start"), text(form, "end"))
        desk.correct_furniture(visit.places, article_id, span, edit, is_furniture=is_furniture)
    except (NoPassage, ProblemsFound) as refusal:
        values = {f"furniture_{name}": text(form, name) for name in ("start", "end")}
        return _page(visit, lookups.view_article(visit.places, article_id), "", values, visit.refusal_problems(refusal))
    return _go_on(visit, article_id, "furniture")


def _first_reason(visit: Visit, article_id: str) -> str:
    """Return the reason with which an article was added, if that is not public yet; empty if it is."""
    drafts = (one for one in lookups.open_drafts(visit.places) if one.key == article_id)
    return next((one.reason for one in drafts if one.kind is RevisionKind.LISTED), "")


def _record(visit: Visit, article_id: str, _: FormData) -> Response:
    edit = visit.edit(visit.reason("recorded"), "update")
    desk.record_dismissals(visit.places, article_id, edit)
    return _go_on(visit, article_id, "record")


def _deadline(visit: Visit, article_id: str, form: FormData) -> Response:
    return _do_task(
        visit,
        article_id,
        "deadline",
        lambda: desk.set_deadline(visit.places, article_id, text(form, "due_on") or None, visit.staff),
    )


def _note(visit: Visit, article_id: str, form: FormData) -> Response:
    return _do_task(
        visit, article_id, "note", lambda: desk.note_article(visit.places, article_id, text(form, "text"), visit.staff)
    )


def _sending(visit: Visit, article_id: str, form: FormData) -> Response:
    return _do_task(visit, article_id, "sending", lambda: decide_on_article(visit, article_id, form))


def _do_task(visit: Visit, article_id: str, done: str, act: Callable[[], None]) -> Response:
    """Set the deadline or add the note of a form; a refusal is shown on the article's page."""
    try:
        act()
    except ProblemsFound as refusal:
        return _page(visit, lookups.view_article(visit.places, article_id), "", {}, refusal.problems)
    return _go_on(visit, article_id, done)


_ACTS: Mapping[str, Callable[[Visit, str, FormData], Response]] = {
    "accept": _accept,
    "dismiss": _dismiss,
    "again": _reopen,
    "settle": _settle,
    "furniture": _furniture,
    "record": _record,
    "deadline": _deadline,
    "note": _note,
    "suggest": _suggest,
    "set-aside": _dismiss_suggestion,
    "sending": _sending,
}
"""The forms of the page, by the last part of their address."""


async def sheet(visit: Visit) -> Response:
    """Show the check sheet for printing."""
    language = "ko" if visit.request.query_params.get("lang", visit.language) == "ko" else "en"
    article_id = visit.request.path_params["article_id"]
    served = PageLinks(f"{visit.desk}/articles/{article_id}", f"{visit.desk}/static/desk.js")
    content = await run_in_threadpool(desk.check_sheet, visit.places, article_id, language, served)
    return HTMLResponse(content, headers={**HEADERS, "Content-Security-Policy": _SHEET_POLICY})


async def compare(visit: Visit) -> Response:
    """Show how the two newest texts differ, and the result of each query to the writer."""
    article_id = visit.request.path_params["article_id"]
    paragraphs, queries = await run_in_threadpool(desk.compare_editions, visit.places, article_id)
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
