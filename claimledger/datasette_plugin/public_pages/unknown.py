"""The response to an unknown address: a page in the reader's language, with the site's frame and links.

Datasette itself answers below a database and for JSON, except if a table is requested in an unknown format. It also
answers readers who may not see the ledger.
"""

from __future__ import annotations

import re
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from datasette import Forbidden
from datasette.utils import await_me_maybe

from claimledger.datasette_plugin.ledger_access import check_reader, find_ledger
from claimledger.datasette_plugin.public_pages.visit import LONGEST_SHOWN, Visit
from claimledger.publishing.exports import ExportFormat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasette import NotFound, Request, Response
    from datasette.app import Datasette

FORMATS = tuple(form.value for form in ExportFormat)
"""The formats of the ledger's tables, as an address names them."""
_FORMAT_PATH = re.compile(r"^/[^/]+/[^/]+/-/([^/]+)$")
_SEPARATOR = " · "
"""The separator between English and Korean in the messages of this program."""


async def answer_unknown(
    datasette: Datasette, request: Request, exception: NotFound, others: Iterable[object]
) -> Response | None:
    """Return the page for an unknown address of the ledger, or else the response of the other exception handlers."""
    page = await _unknown_page(datasette, request, exception)
    if page:
        return page
    answers = [await await_me_maybe(handler) for handler in others]
    return next(filter(None, answers), None)


async def _unknown_page(datasette: Datasette, request: Request, exception: NotFound) -> Response | None:
    """Return the page for an unknown address of the ledger; None if Datasette answers."""
    path = str(request.scope.get("route_path", request.path))
    first = path.lstrip("/").partition("/")[0]
    form = _FORMAT_PATH.search(path)
    is_format = form is None or form[1] in FORMATS
    if path.endswith(".json") or first == "-" or (first in datasette.databases and is_format):
        return None
    ledger = await find_ledger(datasette)
    if ledger is None:
        return None
    with suppress(Forbidden):
        await check_reader(datasette, ledger.name, request.actor)
        visit = Visit(datasette, request, ledger)
        format_reason = (
            visit.say("refused.format", value=form[1][:LONGEST_SHOWN], formats=", ".join(FORMATS)) if form else ""
        )
        return visit.page("unknown.html", HTTPStatus.NOT_FOUND, why=format_reason or _reason(visit, exception))
    return None


def _reason(visit: Visit, exception: NotFound) -> str:
    """Return this program's own message in the page's language, or else the text that there is no such page."""
    english, is_own, korean = str(exception).partition(_SEPARATOR)
    return (korean if visit.language == "ko" else english) if is_own else visit.say("refused.unknown")
