"""The answer to an address that no page has: in the reader's language, in the ledger's frame, with a way on.

In: what Datasette's router could not answer. Out: a page, or none. The invariant: what stands below a database or is
asked for as JSON is answered by Datasette itself, and so is whoever may not see the ledger.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from datasette import Forbidden, NotFound

from claimledger.datasette_plugin.public_pages.doorway import check_reader, ledger_of
from claimledger.datasette_plugin.public_pages.visit import Visit

if TYPE_CHECKING:
    from datasette import Request, Response
    from datasette.app import Datasette

_PARTED_BY = " · "
"""Stands between English and Korean in what our own refusals say."""


async def unknown(datasette: Datasette, request: Request, exception: Exception) -> Response | None:
    """Return the page of an unknown address of the ledger; None where the answer is Datasette's."""
    path = str(request.scope.get("route_path", request.path))
    first = path.lstrip("/").partition("/")[0]
    if not isinstance(exception, NotFound) or path.endswith(".json") or first == "-" or first in datasette.databases:
        return None
    ledger = await ledger_of(datasette)
    if ledger is None:
        return None
    with suppress(Forbidden):
        await check_reader(datasette, ledger.name, request.actor)
        visit = Visit(datasette, request, ledger)
        return visit.page("unknown.html", HTTPStatus.NOT_FOUND, why=_why(visit, exception))
    return None


def _why(visit: Visit, exception: NotFound) -> str:
    """Return what one of our own refusals says, in the page's language; else that there is no such page."""
    english, is_ours, korean = str(exception).partition(_PARTED_BY)
    return (korean if visit.language == "ko" else english) if is_ours else visit.say("refused.unknown")
