"""The page that lists earlier checks by others, with filters by newsroom, rating and language and a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimledger.datasette_plugin.public_pages.visit import Visit
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.publishing.pages.check_pages import FILTERS, CheckList, check_choices, list_checks
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.publishing.search_query import QueryNotSearchable

if TYPE_CHECKING:
    from datasette import Response

LAST_LINKED_PAGE = 100
"""The last page that a link leads to. Files have the rest."""


async def earlier_checks(visit: Visit) -> Response:
    """List the earlier checks, or those with some values or that match a query."""
    asked = {name: visit.argument(name) for name in FILTERS}
    query, number, complaint = visit.argument("q"), visit.page_number, ""
    found = CheckList((), 0)
    try:
        found = await visit.read_in_time(list_checks, asked, query, number)
    except QueryNotSearchable as fault:
        complaint = fault.text(visit.language)
    is_last = number >= LAST_LINKED_PAGE or number * LINES_PER_PAGE >= found.found_count
    return visit.page(
        "earlier_checks.html", 400 if complaint else 200, asked=asked, query=query, found=found, complaint=complaint,
        choices=await cached_result(visit.ledger, check_choices), is_last=is_last,
        filter={name: value for name, value in asked.items() if value} | ({"_search": query} if query else {}),
    )  # fmt: skip
