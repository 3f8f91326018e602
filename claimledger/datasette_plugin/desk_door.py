"""The door between the public ledger and the private desk: which requests go where.

In: the application that serves the public ledger. Out: the same, or, where this server is told of a desk, one that
hands everything below `/-/desk` to the desk's pages, wherever Datasette's `base_url` puts it. The invariant: a server
that is not told of a desk has none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from claimledger.datasette_plugin.addresses import DESK, REPORT, below

if TYPE_CHECKING:
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Receive, Scope, Send

VARIABLE = "CLAIMLEDGER_DESK"
"""Environment variable that names the folder of the ledger whose desk is served; Datasette's plug-in setting `desk` of
`claimledger` does the same."""


def desk_folder(datasette: Datasette) -> str | None:
    """Return the folder of the ledger whose desk is served; none if this server has none."""
    told = (datasette.plugin_config("claimledger") or {}).get("desk") or os.environ.get(VARIABLE)
    return str(told) if told else None


def with_desk(public: AsgiApp, datasette: Datasette) -> AsgiApp:
    """Return an application that serves the desk too, if this server is told of one."""
    told = desk_folder(datasette)
    if not told:
        return public
    from claimledger.datasette_plugin.desk_pages import desk_application  # noqa: PLC0415  a public server needs it not
    from claimledger.ledger.files import Places  # noqa: PLC0415

    desk, root = desk_application(Places(Path(told).resolve())), str(datasette.setting("base_url")).rstrip("/")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = below(root, str(scope.get("path", "")))
        if scope["type"] == "http" and (path in (DESK, REPORT) or path.startswith(f"{DESK}/")):
            await desk({**scope, "root_path": root, "path": f"{root}{path}"}, receive, send)
        else:
            await public(scope, receive, send)

    return answer
