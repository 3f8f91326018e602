"""The pages with lists: the front page, articles, speakers, sources and search results."""

from __future__ import annotations

from datasette import Response

from claimledger.datasette_plugin.public_pages.counted import counted
from claimledger.datasette_plugin.public_pages.measured_pages import picture_of, policy_kept
from claimledger.datasette_plugin.public_pages.visit import Visit
from claimledger.publishing.charts import Name
from claimledger.publishing.pages import lists
from claimledger.publishing.pages.front import front_page
from claimledger.publishing.pages.lines import PAGE
from claimledger.publishing.pages.searching import COUNTED, SearchPage, search_page
from claimledger.publishing.search_query import QueryNotSearchable

ON_FRONT: tuple[Name, ...] = ("status-over-time", "amounts-by-currency")
"""The charts on the front page."""


async def front(visit: Visit) -> Response:
    """Show what this site is, its claims by verdict, and recent changes."""
    return visit.page(
        "front.html",
        found=await counted(visit.ledger, front_page),
        measured=await policy_kept(visit),
        pictures=[await picture_of(visit, name) for name in ON_FRONT],
    )


async def articles(visit: Visit) -> Response:
    """List the articles, the newest first."""
    found = await visit.read(lists.newest_articles, visit.page_number)
    return visit.page("articles.html", found=found, is_last=len(found) < PAGE)


async def speakers(visit: Visit) -> Response:
    """List the speakers by name."""
    found = await visit.read_in_time(lists.speakers, visit.page_number, visit.language)
    return visit.page("names.html", of="speakers", found=found, is_last=len(found) < PAGE)


async def sources(visit: Visit) -> Response:
    """List the sources by name."""
    found = await visit.read_in_time(lists.sources, visit.page_number, visit.language)
    return visit.page("names.html", of="sources", found=found, is_last=len(found) < PAGE)


async def search(visit: Visit) -> Response:
    """Show the claims that match a query; without a query, show an empty search box."""
    query = visit.argument("q")
    found, complaint = SearchPage((), 0), ""
    if query:
        try:
            found = await visit.read_in_time(search_page, query, visit.page_number)
        except QueryNotSearchable as fault:
            complaint = fault.text(visit.language)
    return visit.page(
        "search.html", 400 if complaint else 200, query=query, found=found, complaint=complaint, most=COUNTED,
        is_last=len(found.lines) < PAGE,
    )  # fmt: skip
