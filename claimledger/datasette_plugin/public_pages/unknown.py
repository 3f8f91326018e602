"""The answer to an address that no page has: in the reader's language, in the ledger's frame, with a way on.

In: what Datasette's router could not answer. Out: a page, or none. The invariant: what stands below a database or is
asked for as JSON is answered by Datasette itself, but for a format no table is given in; and so is whoever may not see
the ledger.
"""

from __future__ import annotations

import re
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from datasette import Forbidden, NotFound
from datasette.utils import await_me_maybe

from claimledger.datasette_plugin.public_pages.doorway import check_reader, ledger_of
from claimledger.datasette_plugin.public_pages.visit import SHOWN, Visit
from claimledger.publishing.exports import Format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasette import Request, Response
    from datasette.app import Datasette

FORMATS = tuple(form.value for form in Format)
"""Formats in which a table of the ledger is given, as its address names them."""
_FORM = re.compile(r"^/[^/]+/[^/]+/-/([^/]+)$")
_PARTED_BY = " · "
"""Stands between English and Korean in what our own refusals say."""


async def unknown(
    datasette: Datasette, request: Request, exception: NotFound, others: Iterable[object]
) -> Response | None:
    """Return the page of an unknown address of the ledger, else the answer of the others who handle exceptions.

    Datasette's own prints the exception that is being handled, and fails where there is none, as where no route fits.
    """
    page = await _page(datasette, request, exception)
    if page:
        return page
    try:
        raise exception
    except NotFound:
        answers = [await await_me_maybe(one) for one in others]
    return next(filter(None, answers), None)


async def _page(datasette: Datasette, request: Request, exception: NotFound) -> Response | None:
    """Return the page of an unknown address of the ledger; None where the answer is Datasette's."""
    path = str(request.scope.get("route_path", request.path))
    first = path.lstrip("/").partition("/")[0]
    form = _FORM.search(path)
    is_format = form is None or form[1] in FORMATS
    if path.endswith(".json") or first == "-" or (first in datasette.databases and is_format):
        return None
    ledger = await ledger_of(datasette)
    if ledger is None:
        return None
    with suppress(Forbidden):
        await check_reader(datasette, ledger.name, request.actor)
        visit = Visit(datasette, request, ledger)
        given = visit.say("refused.format", value=form[1][:SHOWN], formats=", ".join(FORMATS)) if form else ""
        return visit.page("unknown.html", HTTPStatus.NOT_FOUND, why=given or _why(visit, exception))
    return None


def _why(visit: Visit, exception: NotFound) -> str:
    """Return what one of our own refusals says, in the page's language; else that there is no such page."""
    english, is_ours, korean = str(exception).partition(_PARTED_BY)
    return (korean if visit.language == "ko" else english) if is_ours else visit.say("refused.unknown")
