"""The pages with lists: the front page, articles, speakers, sources and search results."""

from __future__ import annotations

from datasette import Response

from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.datasette_plugin.public_pages.claim_list_page import headlines, read_order, words_in_table
from claimledger.datasette_plugin.public_pages.data_page import front_json_ld
from claimledger.datasette_plugin.public_pages.measured_pages import policy_figures, shown_charts
from claimledger.datasette_plugin.public_pages.visit import Visit
from claimledger.publishing.charts import ChartName
from claimledger.publishing.pages import lists
from claimledger.publishing.pages.check_pages import CheckList, matching_checks
from claimledger.publishing.pages.front import front_page
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.publishing.pages.method import method_page
from claimledger.publishing.pages.claim_filter import MAX_COUNTED, ORDERS
from claimledger.publishing.pages.searching import SearchPage, search_page
from claimledger.publishing.search_query import QueryNotSearchable

FRONT_CHARTS: tuple[ChartName, ...] = ("verdicts-by-topic", "verdicts-by-kind", "checks-due")
"""The charts on the front page."""


async def front(visit: Visit) -> Response:
    """Show what was found: claims that are incorrect, mixed or corrected, with their reasons; then the rest."""
    return visit.page(
        "front.html",
        found=await cached_result(visit.ledger, front_page),
        measured=await policy_figures(visit),
        pictures=await shown_charts(visit, FRONT_CHARTS),
        dataset=await front_json_ld(visit),
    )


async def method(visit: Visit) -> Response:
    """Explain the verdicts, each with an example, and name the people who are responsible."""
    return visit.page(
        "method.html", found=await cached_result(visit.ledger, method_page),
        address=report_link.report_address(visit.datasette),
    )  # fmt: skip


async def articles(visit: Visit) -> Response:
    """List the articles, the newest first."""
    found = await visit.read(lists.newest_articles, visit.page_number)
    return visit.page("articles.html", found=found, is_last=len(found) < LINES_PER_PAGE)


async def speakers(visit: Visit) -> Response:
    """List the speakers by name."""
    found = await visit.read_in_time(lists.list_speakers, visit.page_number, visit.language)
    return visit.page("names.html", of="speakers", found=found, is_last=len(found) < LINES_PER_PAGE)


async def sources(visit: Visit) -> Response:
    """List the sources by name."""
    found = await visit.read_in_time(lists.list_sources, visit.page_number, visit.language)
    return visit.page("names.html", of="sources", found=found, is_last=len(found) < LINES_PER_PAGE)


async def search(visit: Visit) -> Response:
    """Show the claims that match a query; without a query, show an empty search box."""
    query, order = visit.argument("q"), read_order(visit)
    found, others, complaint = SearchPage((), 0), CheckList((), 0), ""
    if query:
        try:
            found = await visit.read_in_time(search_page, query, visit.page_number, order)
            others = await visit.read_in_time(matching_checks, query)
        except QueryNotSearchable as fault:
            complaint = fault.text(visit.language)
    return visit.page(
        "search.html", 400 if complaint else 200, query=query, order=order, orders=ORDERS, found=found,
        complaint=complaint, most=MAX_COUNTED, is_last=len(found.lines) < LINES_PER_PAGE, others=others,
        headlines=await headlines(visit, found.articles), filter=words_in_table(query, found.articles),
    )  # fmt: skip
