"""Where a reader of the public ledger reports an error, and the link that leads there from every page.

In: the plug-in's settings, a request of the public side. Out: the link. The invariant: there always is one. It leads to
the address that the setting `report_address` of `claimledger` names, else to the desk's own form where this server has
a desk, else to the page `/report`, which says who keeps the ledger; and a page hands on what it is about: a claim's its
name, every other its path. The desk's form takes reports of a claim, so those lead to `/report`, where one is chosen.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from claimledger.datasette_plugin.addresses import REPORT
from claimledger.datasette_plugin.desk_door import desk_folder

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

PAGE = "/report"
"""The page that tells where to report; it is there on every server."""
NOWHERE = (
    "Readers have nowhere to report an error: set CLAIMLEDGER_REPORT_ADDRESS, or `report_address` of the plug-in "
    "(docs/formats.md, Settings). · 독자가 오류를 제보할 곳이 없습니다. CLAIMLEDGER_REPORT_ADDRESS 를 정하세요."
)
_CLAIM = re.compile(r"/claims/([a-z0-9-]+)$")
ABOUT = re.compile(
    r"/(?:(?P<folder>articles|speakers|sources)/(?P<name>[^/?#]+)|articles|speakers|sources|search|charts"
    r"|corrections(?:#[0-9]{1,10})?)?"
)
"""Paths of the pages that a report may be about: one of a record, a list, a correction by its number in the log."""

_log = logging.getLogger(__name__)


def from_page(datasette: Datasette, request: Request | None) -> str:
    """Return where an error of the page of a request is reported."""
    path = str(request.scope.get("route_path", request.path)) if request else ""
    if found := _CLAIM.search(path):
        return href(datasette, claim=found[1])
    about = path if ABOUT.fullmatch(path) else ""
    return naming(str(datasette.urls.path(PAGE)), about=about) if is_desks(datasette) else href(datasette, about=about)


def href(datasette: Datasette, *, claim: str = "", about: str = "") -> str:
    """Return where an error is reported: of a claim, of what the page with a path shows, or of both."""
    return naming(address_of(datasette) or str(datasette.urls.path(PAGE)), claim=claim, about=about)


def address_of(datasette: Datasette) -> str | None:
    """Return the address that takes reports; none if nobody named one and this server has no desk."""
    told = _configured(datasette)
    return str(told) if told else str(datasette.urls.path(REPORT)) if desk_folder(datasette) else None


def is_desks(datasette: Datasette) -> bool:
    """Return whether the desk's own form takes the reports: it asks which claim is meant."""
    return not _configured(datasette) and desk_folder(datasette) is not None


def _configured(datasette: Datasette) -> object:
    return (datasette.plugin_config("claimledger") or {}).get("report_address")


def naming(address: str, **told: str) -> str:
    """Return an address that names too what a report is about, as far as it is told; in a mail, as its subject.

    >>> naming("https://example.org/report?desk=2#form", claim="port-opened-aaaa")
    'https://example.org/report?desk=2&claim=port-opened-aaaa#form'
    >>> naming("mailto:desk@example.org", claim="port-opened-aaaa", about="/corrections#3")  # RFC 6068
    'mailto:desk@example.org?subject=port-opened-aaaa%20%2Fcorrections%233'
    >>> naming("/report", about="")
    '/report'
    """
    parts, given = urlsplit(address), {name: value for name, value in told.items() if value}
    if not given:
        return address
    named = {"subject": " ".join(given.values())} if parts.scheme == "mailto" else given
    query = urlencode(named, quote_via=quote, safe="")
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


def complain(datasette: Datasette) -> None:
    """Say at the start of a server what to set, where its readers have nowhere to report to."""
    if not address_of(datasette):
        _log.warning(NOWHERE)
