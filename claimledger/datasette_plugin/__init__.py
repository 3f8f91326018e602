"""The Datasette plug-in: every hook of it, one code base for Datasette 0.65 and 1.0.

In: Datasette's calls. Out: the pages readers read, each new ledger without a restart, Korean search in its search
box, the CSV download with the link to it, a stylesheet and scripts for the tables. Hooks stand here and hand on at
once; what they do stands in the modules beside. The invariant: what a reader may see is decided by Datasette alone. It
must be importable while Datasette itself is being imported, so it takes nothing from datasette.app.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from datasette import NotFound
from pluggy import HookimplMarker

from claimledger.datasette_plugin import (
    csv_route, desk_door, export_route, following, page_links, public_pages, report_link, search_box, table_query,
    topic_filter,
)  # fmt: skip
from claimledger.datasette_plugin.public_pages.doorway import ledger_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterator

    from datasette import Request
    from datasette.app import Datasette
    from datasette.filters import FilterArguments

    from claimledger.datasette_plugin.public_pages.doorway import Actor
    from claimledger.datasette_plugin.streaming import AsgiApp

hookimpl = HookimplMarker("datasette")


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Make the search box speak Korean. Last, because Datasette registers a function of the same name."""
    search_box.register(conn)


@hookimpl(tryfirst=True)
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments | None]]:
    """Refuse a search that cannot be answered; hold the rows back while the CSV download asks for the SQL alone."""

    async def filters() -> FilterArguments | None:
        await search_box.check(datasette, request, database, table)
        return table_query.held_back()

    return filters


@hookimpl(specname="filters_from_request")
def topic_filters(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments | None]]:
    """Show the claims of one topic, if one is asked for."""
    return partial(topic_filter.condition, datasette, request, database, table)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[AsgiApp], AsgiApp]:
    """Show the newest ledger, one version to a request; the desk, where there is one; no search for an empty box."""
    wrap = following.wrapper(datasette)
    return lambda app: desk_door.with_desk(wrap(search_box.without_empty_search(app)), datasette)


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Add the stylesheet that keeps a table's rows on the first screen."""
    return [datasette.urls.static_plugins("claimledger", "ledger.css")]


@hookimpl
def extra_js_urls(datasette: Datasette, view_name: str) -> list[dict[str, Any]]:
    """Add the script that names a page's fields, and on a table's the one that folds its facets on a telephone."""
    scripts = ["frame.js", *(["tables.js"] if view_name == "table" else [])]
    return [{"url": datasette.urls.static_plugins("claimledger", script), "module": True} for script in scripts]


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Awaitable[Any]:
    """Lead from what has a page to its page."""
    return page_links.linked(datasette, database, (table, column), value, row)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Say what is not set, if a ledger is served."""

    async def look() -> None:
        if await ledger_of(datasette):
            report_link.complain(datasette)

    return look


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Iterator[None]:
    """Answer an address that no page has with a page of ours, and where there is none as the others do."""
    outcome: Any = yield
    if isinstance(exception, NotFound):
        others = outcome.get_result()
        outcome.force_result([partial(public_pages.unknown, datasette, request, exception, others)])


@hookimpl
def menu_links(
    datasette: Datasette, actor: Actor, request: Request | None
) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Link to where a reader reports an error."""
    return partial(page_links.report, datasette, request, actor)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Add the pages of the ledger, what is taken away (ClaimReview, feeds, pictures), and the files of each table."""
    files = [(csv_route.PATH, csv_route.download), (export_route.PATH, export_route.download)]
    return [*public_pages.ROUTES, *files]


@hookimpl
def table_actions(
    datasette: Datasette, database: str, table: str, request: Request
) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Link to what the page shows as a file, in each format."""

    async def links() -> list[dict[str, str]]:
        csv = csv_route.link(datasette, request, database, table)
        return [csv, *await export_route.links(datasette, request, database, table)]

    return links


@hookimpl(optionalhook=True)
def view_actions(datasette: Datasette, database: str, view: str, request: Request) -> list[dict[str, str]]:
    """Do the same for a view (1.0 alone; 0.65 calls `table_actions` for both)."""
    return [csv_route.link(datasette, request, database, view)]
