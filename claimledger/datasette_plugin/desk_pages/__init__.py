"""The desk in the browser: the private pages of checkers and editors, an application of its own beside Datasette.

It answers requests below `/-/desk` from people who are signed in. Each action on a page is one call of
`claimledger.desk`, and no rule of the workflow is here. Without a session, only the sign-in pages answer. Forms are
accepted only from the desk's own pages. Datasette never gets `desk.db`; these pages reach it only through the store.
"""

from __future__ import annotations

from claimledger.datasette_plugin.addresses import DESK as PREFIX
from claimledger.datasette_plugin.desk_pages.application import desk_application

__all__ = ["PREFIX", "desk_application"]
