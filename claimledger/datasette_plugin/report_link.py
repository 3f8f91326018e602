"""The address at which a reader reports an error, and the link to it from every page.

There always is a link. It leads to the address in the setting `report_address` of `claimledger`, or else to the desk's
own form if this server has a desk, or else to the page `/report`, which names the publisher. The link also says what
the report is about: the name of a claim, or the path of any other page. The desk's form only accepts reports on a
claim, so links from other pages lead to `/report`, where the reader chooses a claim.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from claimledger.datasette_plugin.addresses import REPORT, desk_folder
from claimledger.datasette_plugin.plugin_settings import plugin_settings

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

PAGE = "/report"
"""The page that explains where to report an error; every server has it."""
NO_ADDRESS_WARNING = (
    "Readers cannot report an error: set `report_address` in claimledger.toml, or CLAIMLEDGER_REPORT_ADDRESS "
    "(docs/formats.md, Settings). · 독자가 오류를 제보할 곳이 없습니다. "
    "claimledger.toml의 report_address나 환경 변수 CLAIMLEDGER_REPORT_ADDRESS에 주소를 넣으세요."
)
_CLAIM = re.compile(r"/claims/([a-z0-9-]+)$")
REPORTABLE_PATH = re.compile(
    r"/(?:(?P<folder>articles|speakers|sources)/(?P<name>[^/?#]+)|articles|speakers|sources|search|charts|method"
    r"|corrections(?:#[0-9]{1,10})?)?"
)
"""The paths of pages that a report may be about: a record, a list, or a correction by its number in the log."""

_log = logging.getLogger(__name__)


def href_from_page(datasette: Datasette, request: Request | None) -> str:
    """Return the address for reporting an error on the page of a request."""
    path = str(request.scope.get("route_path", request.path)) if request else ""
    if found := _CLAIM.search(path):
        return href(datasette, claim=found[1])
    about = path if REPORTABLE_PATH.fullmatch(path) else ""
    return (
        with_subject(str(datasette.urls.path(PAGE)), about=about)
        if uses_desk_form(datasette)
        else href(datasette, about=about)
    )


def href(datasette: Datasette, *, claim: str = "", about: str = "") -> str:
    """Return the address for reporting an error in a claim, on the page with a path, or both."""
    return with_subject(report_address(datasette) or str(datasette.urls.path(PAGE)), claim=claim, about=about)


def report_address(datasette: Datasette) -> str | None:
    """Return the address that accepts reports; None if none is configured and this server has no desk."""
    configured = _configured_address(datasette)
    return str(configured) if configured else str(datasette.urls.path(REPORT)) if desk_folder(datasette) else None


def uses_desk_form(datasette: Datasette) -> bool:
    """Return whether the desk's own form accepts the reports; that form needs the name of a claim."""
    return not _configured_address(datasette) and desk_folder(datasette) is not None


def _configured_address(datasette: Datasette) -> object:
    return plugin_settings(datasette).get("report_address")


def with_subject(address: str, **fields: str) -> str:
    """Return an address with the subject of a report added as arguments; in a mailto address, as the subject line.

    >>> with_subject("https://example.org/report?desk=2#form", claim="port-opened-aaaa")
    'https://example.org/report?desk=2&claim=port-opened-aaaa#form'
    >>> with_subject("mailto:desk@example.org", claim="port-opened-aaaa", about="/corrections#3")  # RFC 6068
    'mailto:desk@example.org?subject=port-opened-aaaa%20%2Fcorrections%233'
    >>> with_subject("/report", about="")
    '/report'
    """
    parts, filled = urlsplit(address), {name: value for name, value in fields.items() if value}
    if not filled:
        return address
    arguments = {"subject": " ".join(filled.values())} if parts.scheme == "mailto" else filled
    query = urlencode(arguments, quote_via=quote, safe="")
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


def warn_without_address(datasette: Datasette) -> None:
    """Log a warning when a server starts, if readers have no address for reports."""
    if not report_address(datasette):
        _log.warning(NO_ADDRESS_WARNING)
