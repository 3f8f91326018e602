"""The Datasette plug-in: all its hooks, in one code base for Datasette 0.65 and 1.0.

It adds the public pages, each new ledger without a restart, Korean search in Datasette's search box, the CSV download
with a link to it, and a stylesheet and scripts for the tables. The hooks here only call the modules beside this one.
Datasette alone decides what a reader may see. This module can be imported while Datasette itself is being imported, so
it imports nothing from datasette.app.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from datasette import NotFound
from datasette.utils import StartupError
from pluggy import HookimplMarker

from claimledger.datasette_plugin import (
    claim_conditions, csv_route, desk_door, exception_printing, export_route, gate, ledger_database, log_route,
    page_cache, page_frame, page_links, public_pages, report_link, search_box, table_query,
)  # fmt: skip
from claimledger.datasette_plugin.ledger_access import find_ledger
from claimledger.publishing.sum_check import LedgerDbAltered

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterator

    from datasette import Request
    from datasette.app import Datasette
    from datasette.filters import FilterArguments
    from jinja2 import Environment

    from claimledger.datasette_plugin.ledger_access import Actor
    from claimledger.datasette_plugin.streaming import AsgiApp

hookimpl = HookimplMarker("datasette")


@hookimpl
def register_output_renderer(datasette: Datasette) -> list[dict[str, Any]]:
    """Serve the ledgers, or refuse to start; add no renderer. Datasette calls no hook earlier.

    Raises:
        StartupError: a ledger cannot be read.
    """
    try:
        ledger_database.check_ledgers(datasette)
    except (ledger_database.LedgerNotServable, LedgerDbAltered) as fault:
        raise StartupError(fault.bilingual()) from fault
    ledger_database.serve_ledgers(datasette)
    return []


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Add Korean to the search box. It runs last, because Datasette registers a function of the same name."""
    search_box.register(conn)


@hookimpl(tryfirst=True)
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments | None]]:
    """Refuse a search that cannot be answered; return no rows while the CSV download only needs the SQL."""

    async def filters() -> FilterArguments | None:
        await search_box.check_search(datasette, request, database, table)
        return table_query.suppress_rows()

    return filters


@hookimpl(specname="filters_from_request")
def claim_filters(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments | None]]:
    """Filter the claims by a topic or a figure, if the address names one."""
    return partial(claim_conditions.claim_conditions, datasette, request, database, table)


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[AsgiApp], AsgiApp]:
    """Answer from stored pages; read one version of the ledger per request; add the desk if there is one."""

    def wrap(app: AsgiApp) -> AsgiApp:
        public = ledger_database.with_snapshots(search_box.ignore_empty_search(app), datasette)
        return page_cache.with_page_cache(desk_door.with_desk(public, datasette), datasette)

    return wrap


@hookimpl(specname="asgi_wrapper", trylast=True)
def outermost_wrapper(datasette: Datasette) -> Callable[[AsgiApp], AsgiApp]:
    """Refuse what this server does not answer before any other plug-in or Datasette itself reads it."""
    return partial(gate.with_gate, datasette=datasette)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Change the templates of Datasette: a main landmark, headings in order, labels for the values of facets."""
    page_frame.change_templates(env)


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Add the stylesheet that keeps a table's rows on the first screen."""
    return [datasette.urls.static_plugins("claimledger", "ledger.css")]


@hookimpl
def extra_js_urls(datasette: Datasette, view_name: str) -> list[dict[str, Any]]:
    """Add the script that labels the fields of a page and, for tables, the one that folds the facets on a phone."""
    scripts = ["frame.js", *(["tables.js"] if view_name == "table" else [])]
    return [{"url": datasette.urls.static_plugins("claimledger", script), "module": True} for script in scripts]


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Awaitable[Any]:
    """Link a cell to the page of the record it names."""
    return page_links.link_cell(datasette, database, (table, column), value, row)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Keep local variables out of the server's output; log a warning about missing settings, if a ledger is served."""
    exception_printing.keep_variables_private()

    async def warn() -> None:
        if await find_ledger(datasette):
            report_link.warn_without_address(datasette)

    return warn


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Iterator[None]:
    """Answer an unknown address with a page of the ledger, or else let the other plug-ins answer."""
    from datasette.plugins import pm  # noqa: PLC0415  it loads this module

    table_query.mark_request_fault(exception)
    outcome: Any = yield
    if isinstance(exception, NotFound):
        others = outcome.get_result()
        outcome.force_result([partial(public_pages.answer_unknown, datasette, request, exception, others)])
    elif fault := table_query.find_request_fault(exception):
        outcome.force_result(pm.hook.handle_exception(datasette=datasette, request=request, exception=fault))


@hookimpl
def menu_links(
    datasette: Datasette, actor: Actor, request: Request | None
) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Add the link for reporting an error."""
    return partial(page_links.report_menu_links, datasette, request, actor)


@hookimpl(trylast=True)
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Add the public pages, their downloads (ClaimReview, feeds, charts), the files of each table, and the log.

    They come last: an address that another plug-in answers too, such as `/robots.txt`, is that plug-in's.
    """
    files: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
        (csv_route.PATH, csv_route.download),
        (export_route.PATH, export_route.download),
        (log_route.PATH, log_route.serve_file),
    ]
    return [*public_pages.ROUTES, *files]


@hookimpl
def table_actions(
    datasette: Datasette, database: str, table: str, request: Request
) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Add links to the rows of the page as a file in each format."""

    async def links() -> list[dict[str, str]]:
        csv = csv_route.link(datasette, request, database, table)
        return [csv, *await export_route.links(datasette, request, database, table)]

    return links


@hookimpl(optionalhook=True)
def view_actions(datasette: Datasette, database: str, view: str, request: Request) -> list[dict[str, str]]:
    """Add the same link for a view (Datasette 1.0 only; 0.65 calls `table_actions` for both)."""
    return [csv_route.link(datasette, request, database, view)]
