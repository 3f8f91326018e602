"""The page that searches the documents of the desk for a claim, and notes the search at a verdict.

The search is made when the page is opened. Noting it is an edit, which a second person approves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import read_term, text
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import document_search, lookups
from claimledger.errors import LedgerError, NotFound
from claimledger.vocabulary import Question, VerdictValue


async def documents(visit: Visit) -> Response:
    """Show the documents of the desk that share figures, names or words with a claim."""
    return await _documents_page(visit)


async def _documents_page(visit: Visit, refusal: LedgerError | None = None) -> Response:
    claim_id = visit.request.path_params["claim_id"]
    at = await run_in_threadpool(lookups.claim_at_desk, visit.places, claim_id)
    search = await run_in_threadpool(desk.search_documents, visit.places, claim_id)
    return visit.page(
        "documents.html",
        409 if refusal else 200,
        at=at,
        search=search,
        where=document_search.LISTED,
        open_questions=[one.question for one in at.claim.verdicts if one.value is VerdictValue.NOT_ENOUGH_EVIDENCE],
        problems=visit.refusal_problems(refusal) if refusal else (),
    )


async def note_search(visit: Visit) -> Response:
    """Note the search at the claim's verdict on a question, as a place that was searched."""
    claim_id, form = visit.request.path_params["claim_id"], await visit.form()
    made = visit.edit(text(form, "reason") or visit.reason("searched"))
    try:
        question = read_term(form, "question", Question)
        await run_in_threadpool(desk.record_search, visit.places, claim_id, question, made)
    except NotFound:
        raise
    except LedgerError as refusal:
        return await _documents_page(visit, refusal)
    return visit.go(f"/claims/{claim_id}/documents", done="noted")


PAGES: tuple[tuple[str, str, Callable[[Visit], Awaitable[Response]]], ...] = (
    ("GET", "/claims/{claim_id}/documents", documents),
    ("POST", "/claims/{claim_id}/documents", note_search),
)
