"""The desk in the browser: the private pages of checkers and editors, an application of its own beside Datasette's.

In: requests below `/-/desk` from people who signed in. Out: pages and acts, each act one call of `desk`. The
invariants: without a session nothing but signing in answers; a form is taken only from the desk's own pages; no rule of
the workflow lives here. Datasette is never given `desk.db`; these pages reach it through the store alone.
"""

from __future__ import annotations

from claimledger.datasette_plugin.desk_pages.application import desk_application
from claimledger.datasette_plugin.addresses import DESK as PREFIX

__all__ = ["PREFIX", "desk_application"]
