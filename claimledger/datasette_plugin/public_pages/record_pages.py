"""The permanent pages: a claim, an article, a speaker, a source."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from datasette import Response
from markupsafe import Markup

from claimledger.datasette_plugin.public_pages.measured_pages import DrawnChart, draw_chart
from claimledger.datasette_plugin.public_pages.visit import RecordMissing, Visit
from claimledger.publishing import charts
from claimledger.publishing.claim_review import claim_review
from claimledger.publishing.json_ld import to_json_ld, json_for_script
from claimledger.publishing.pages import lists
from claimledger.publishing.pages.article_page import article_page
from claimledger.publishing.pages.claim_page import ClaimPage, ClaimUnavailable, claim_page
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.publishing.as_of import NOW, day_end

if TYPE_CHECKING:
    import datetime
    import sqlite3
    from collections.abc import Mapping

    from claimledger.models import ClaimReview
    from claimledger.vocabulary import VerificationStatus


CHART_MINIMUM = 10
"""The smallest number of claims for which the page of an article has a chart of shares."""
_DOWNLOADED_TABLES = ("claims", "quantities", "verdicts", "evidence", "corrections", "history")
"""The tables whose rows for one claim can be downloaded as CSV and JSON."""


async def claim(visit: Visit) -> Response:
    """Show a claim, today or as recorded at the end of a day."""
    claim_id, day = visit.address_part("claim_id"), visit.day
    found, review = await visit.read(_claim_and_review, visit, claim_id, day)
    if found is None:
        raise RecordMissing("claims", "claim_id", claim_id)
    if isinstance(found, ClaimUnavailable):
        status = HTTPStatus.GONE if found.is_redacted else HTTPStatus.NOT_FOUND
        return visit.page("absent.html", status, claim_id=claim_id, found=found, day=day)
    # `json_for_script` makes sure that no text ends the element
    text = Markup(json_for_script(to_json_ld(review))) if review else None  # noqa: S704
    return await visit.page_in_thread(  # a long page takes long
        "claim.html", found=found, claim=found.claim, day=day, review=text, rating=review.rating if review else None,
        tables=_DOWNLOADED_TABLES,
    )  # fmt: skip


def _claim_and_review(
    connection: sqlite3.Connection, visit: Visit, claim_id: str, day: datetime.date | None
) -> tuple[ClaimPage | ClaimUnavailable | None, ClaimReview | None]:
    """Return a claim, and its ClaimReview of today, in one step: a step in another thread takes long."""
    found = claim_page(connection, claim_id, day_end(day) if day else NOW)
    is_reviewed = found is not None and not isinstance(found, ClaimUnavailable) and not day
    return found, claim_review(connection, claim_id, visit.site, visit.language) if is_reviewed else None


async def article(visit: Visit) -> Response:
    """Show an article and a page of its claims."""
    article_id, number, status = visit.address_part("article_id"), visit.page_number, visit.status
    found = await visit.read(article_page, article_id, number, status)
    if found is None:
        raise RecordMissing("articles", "article", article_id)
    return await visit.page_in_thread(  # the text may have hundreds of marks
        "article.html", found=found, article=found.article, is_last=number * LINES_PER_PAGE >= found.shown_count,
        picture=_verdict_chart(visit, found.counts), chosen=status, filter=_table_filter(article_id, status),
    )  # fmt: skip


def _table_filter(article_id: str, status: VerificationStatus | None) -> Mapping[str, str]:
    """Return the arguments with which Datasette's table of claims shows the claims of the page."""
    listed = {"verification_status": status.value, "record_state": "listed"} if status else {}
    return {"article": article_id, **listed}


async def speaker(visit: Visit) -> Response:
    """Show the claims of a speaker with their verification status."""
    name = visit.address_part("name")
    found = await visit.read_in_time(lists.speaker_page, name, visit.page_number)
    if found is None:
        raise RecordMissing("speakers", "speaker", name)
    return _name_page(visit, "speakers", found)


async def source(visit: Visit) -> Response:
    """Show the claims that articles took from a source, with their verification status."""
    name = visit.address_part("name")
    found = await visit.read_in_time(lists.source_page, name, visit.page_number)
    if found is None:
        if key := await visit.read(lists.source_of_plain_name, name):
            query = f"?{visit.request.query_string}" if visit.request.query_string else ""
            return Response.redirect(visit.path("sources", key) + query, status=HTTPStatus.MOVED_PERMANENTLY)
        raise RecordMissing("sources", "source", name)
    return _name_page(visit, "sources", found)


def _name_page(visit: Visit, of: str, found: lists.NamePage) -> Response:
    return visit.page(
        "name.html", of=of, found=found, is_last=visit.page_number * LINES_PER_PAGE >= found.name.claim_count
    )


def _verdict_chart(visit: Visit, counts: Mapping[VerificationStatus, int]) -> DrawnChart | None:
    """Return a chart of claims by verdict; None if there are too few claims for shares to be meaningful."""
    return draw_chart(visit, charts.verdict_chart(counts)) if sum(counts.values()) >= CHART_MINIMUM else None
