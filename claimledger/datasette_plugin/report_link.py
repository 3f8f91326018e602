"""Where a reader of the public ledger reports an error, and the link that leads there from every page.

In: the plug-in's settings, a request of the public side. Out: the link. The invariant: there always is one. It leads to
the address that the setting `report_address` of `claimledger` names, else to the desk's own form where this server has
a desk, else to the page `/report`, which says who keeps the ledger; and a claim's page hands its name on. The desk's
form takes reports of a claim, so every other page leads to `/report`, where one is chosen.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

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
_NAMED_BY = {"mailto": "subject"}
"""The part of an address that names the claim, by its scheme (RFC 6068); of every other it is `claim`."""

_log = logging.getLogger(__name__)


def from_page(datasette: Datasette, request: Request | None) -> str:
    """Return where an error of the page of a request is reported."""
    found = _CLAIM.search(request.path) if request else None
    if not found and is_desks(datasette):
        return str(datasette.urls.path(PAGE))
    return href(datasette, found[1] if found else "")


def href(datasette: Datasette, claim_id: str) -> str:
    """Return where an error is reported, of a claim if one is named."""
    address = address_of(datasette) or str(datasette.urls.path(PAGE))
    return naming(address, claim_id) if claim_id else address


def address_of(datasette: Datasette) -> str | None:
    """Return the address that takes reports; none if nobody named one and this server has no desk."""
    told = _configured(datasette)
    return str(told) if told else str(datasette.urls.path(REPORT)) if desk_folder(datasette) else None


def is_desks(datasette: Datasette) -> bool:
    """Return whether the desk's own form takes the reports: it asks which claim is meant."""
    return not _configured(datasette) and desk_folder(datasette) is not None


def _configured(datasette: Datasette) -> object:
    return (datasette.plugin_config("claimledger") or {}).get("report_address")


def naming(address: str, claim_id: str) -> str:
    """Return an address that names a claim too.

    >>> naming("https://example.org/report?desk=2#form", "port-opened-aaaa")
    'https://example.org/report?desk=2&claim=port-opened-aaaa#form'
    >>> naming("mailto:desk@example.org", "port-opened-aaaa")
    'mailto:desk@example.org?subject=port-opened-aaaa'
    """
    parts = urlsplit(address)
    named = urlencode({_NAMED_BY.get(parts.scheme, "claim"): claim_id})
    return parts._replace(query=f"{parts.query}&{named}" if parts.query else named).geturl()


def complain(datasette: Datasette) -> None:
    """Say at the start of a server what to set, where its readers have nowhere to report to."""
    if not address_of(datasette):
        _log.warning(NOWHERE)
