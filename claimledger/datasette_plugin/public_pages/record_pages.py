"""The permanent pages: a claim, an article, a speaker, a source."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from markupsafe import Markup

from claimledger.datasette_plugin.public_pages.measured_pages import Drawn, drawn
from claimledger.datasette_plugin.public_pages.visit import NotThere, Visit
from claimledger.publishing import charts
from claimledger.publishing.claim_review import claim_review
from claimledger.publishing.json_ld import json_ld, script_text
from claimledger.publishing.pages import lists
from claimledger.publishing.pages.article_page import article_page
from claimledger.publishing.pages.claim_page import Absent, claim_page
from claimledger.publishing.pages.lines import PAGE
from claimledger.publishing.pages.versions import NOW, end_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette import Response

    from claimledger.vocabulary import VerificationStatus


FEWEST_DRAWN = 10
"""Claims of an article that a picture of shares takes."""
_WITH_ROWS = ("claims", "quantities", "verdicts", "evidence", "corrections", "history")
"""Tables whose rows of one claim are offered as CSV and JSON."""


async def claim(visit: Visit) -> Response:
    """Show a claim, now or as it stood at the end of a day."""
    claim_id, day = visit.named("claim_id"), visit.day
    found = await visit.read(claim_page, claim_id, end_of(day) if day else NOW)
    if found is None:
        raise NotThere("claims", "claim_id", claim_id)
    if isinstance(found, Absent):
        status = HTTPStatus.GONE if found.is_redacted else HTTPStatus.NOT_FOUND
        return visit.page("absent.html", status, claim_id=claim_id, found=found, day=day)
    review = None if day else await visit.read(claim_review, claim_id, visit.site, visit.language)
    # no text of it ends the element: `script_text` sees to that
    text = Markup(script_text(json_ld(review))) if review else None  # noqa: S704
    return await visit.page_from_a_thread(  # its differences are found word by word
        "claim.html", found=found, claim=found.claim, day=day, review=text, rating=review.rating if review else None,
        tables=_WITH_ROWS,
    )  # fmt: skip


async def article(visit: Visit) -> Response:
    """Show an article and a page of its claims."""
    article_id, number, status = visit.named("article_id"), visit.page_number, visit.status
    found = await visit.read(article_page, article_id, number, status)
    if found is None:
        raise NotThere("articles", "article", article_id)
    return await visit.page_from_a_thread(  # its text may have hundreds of marks
        "article.html", found=found, article=found.article, is_last=number * PAGE >= found.shown_count,
        picture=_standing(visit, found.counts), chosen=status, filter=_of_article(article_id, status),
    )  # fmt: skip


def _of_article(article_id: str, status: VerificationStatus | None) -> Mapping[str, str]:
    """Return the arguments with which Datasette's table of the claims holds those that the page lists."""
    listed = {"verification_status": status.value, "record_state": "listed"} if status else {}
    return {"article": article_id, **listed}


async def speaker(visit: Visit) -> Response:
    """Show what a speaker said, and how it stands."""
    name = visit.named("name")
    found = await visit.read_in_time(lists.speaker_page, name, visit.page_number)
    if found is None:
        raise NotThere("speakers", "speaker", name)
    return _name_page(visit, "speakers", found)


async def source(visit: Visit) -> Response:
    """Show what articles have from a source, and how it stands."""
    name = visit.named("name")
    found = await visit.read_in_time(lists.source_page, name, visit.page_number)
    if found is None:
        raise NotThere("sources", "source", name)
    return _name_page(visit, "sources", found)


def _name_page(visit: Visit, of: str, found: lists.NamePage) -> Response:
    return visit.page("name.html", of=of, found=found, is_last=visit.page_number * PAGE >= found.name.claim_count)


def _standing(visit: Visit, counts: Mapping[VerificationStatus, int]) -> Drawn | None:
    """Return a picture of how some claims stand; none of few, of which shares say nothing."""
    return drawn(visit, charts.standing(counts)) if sum(counts.values()) >= FEWEST_DRAWN else None
