"""Sends requests below `/-/desk` to the private desk and all others to the public ledger.

The desk is served only if the server is configured with its folder. Its address follows Datasette's `base_url`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from claimledger.datasette_plugin.addresses import DESK, REPORT, desk_folder, path_below
from claimledger.datasette_plugin.plugin_settings import plugin_settings

if TYPE_CHECKING:
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Receive, Scope, Send


_log = logging.getLogger(__name__)


def with_desk(public: AsgiApp, datasette: Datasette) -> AsgiApp:
    """Return an application that also serves the desk, if this server is configured with one."""
    folder = desk_folder(datasette)
    if not folder:
        return public
    from claimledger.datasette_plugin.desk_pages import desk_application  # noqa: PLC0415  a public server does not need it
    from claimledger.ledger.files import LedgerPaths  # noqa: PLC0415

    _start_mailer(Path(folder).resolve())
    desk = desk_application(LedgerPaths(Path(folder).resolve()), settings=plugin_settings(datasette))
    root = str(datasette.setting("base_url")).rstrip("/")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = path_below(root, str(scope.get("path", "")))
        if scope["type"] == "http" and (path in (DESK, REPORT) or path.startswith(f"{DESK}/")):
            await desk({**scope, "root_path": root, "path": f"{root}{path}"}, receive, send)
        else:
            await public(scope, receive, send)

    return answer


def _start_mailer(folder: Path) -> None:
    """Send notices by e-mail for as long as this process runs, if a mail server is set; a wrong setting is logged."""
    from claimledger.desk.notice_mail import MailSettingsInvalid, read_mail_settings  # noqa: PLC0415
    from claimledger.desk.notice_steps import start_mailer  # noqa: PLC0415
    from claimledger.ledger.files import LedgerPaths  # noqa: PLC0415

    try:
        settings = read_mail_settings(folder)
    except MailSettingsInvalid as refused:
        _log.warning("%s · %s", refused.text("en"), refused.text("ko"))
        return
    if settings:
        start_mailer(LedgerPaths(folder), settings, Event())
