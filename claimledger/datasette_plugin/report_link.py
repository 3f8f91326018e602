"""The link with which a reader of the public ledger reports an error, in the menu of every page.

In: a request of the public side. Out: the link, or none. The invariant: it leads to the address that the plug-in
setting `report_address` of `claimledger` names, else to the desk's own form where this server has a desk, and a claim's
page hands its name on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimledger.datasette_plugin.addresses import REPORT
from claimledger.datasette_plugin.desk_door import desk_folder

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

LABEL = "Report an error · 오류 제보"
_CLAIM = re.compile(r"/claims/([a-z0-9-]+)$")


def links(datasette: Datasette, request: Request | None) -> list[dict[str, str]]:
    """Return the link, if there is anywhere to report to."""
    address = (datasette.plugin_config("claimledger") or {}).get("report_address")
    if address:
        return [{"href": str(address), "label": LABEL}]
    if not desk_folder(datasette):
        return []
    found, here = _CLAIM.search(request.path) if request else None, str(datasette.urls.path(REPORT))
    return [{"href": f"{here}?claim={found[1]}" if found else here, "label": LABEL}]
