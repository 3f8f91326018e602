"""The addresses that the public pages and the desk share. No other module writes them out.

Each address is relative to the path at which Datasette answers (its `base_url`, empty for the whole server).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from claimledger.datasette_plugin.plugin_settings import plugin_settings
from claimledger.vocabulary import Subject

if TYPE_CHECKING:
    from datasette.app import Datasette

DESK = "/-/desk"
"""The private desk, for people who sign in."""
REPORT = "/-/report"
"""The form with which readers report an error to the desk."""
DESK_VARIABLE = "CLAIMLEDGER_DESK"
"""The environment variable with the folder of the ledger whose desk is served.

The setting `desk` of the plug-in `claimledger` does the same.
"""
_FOLDERS = {Subject.CLAIM: "claims", Subject.ARTICLE: "articles"}


def desk_folder(datasette: Datasette) -> str | None:
    """Return the folder of the ledger whose desk is served; None if this server has no desk."""
    folder = plugin_settings(datasette).get("desk") or os.environ.get(DESK_VARIABLE)
    return str(folder) if folder else None


def public_page(subject: Subject, key: str) -> str | None:
    """Return the address of a record's public page; None if it has no page of its own.

    >>> public_page(Subject.CLAIM, "port-cargo-a2b3"), public_page(Subject.DOCUMENT, "annual-report-a2b3")
    ('/claims/port-cargo-a2b3', None)
    """
    return f"/{_FOLDERS[subject]}/{key}" if subject in _FOLDERS else None


def path_below(root: str, path: str) -> str:
    """Return the part of a path below the path at which a server answers; the whole path if it is not below.

    >>> path_below("/press", "/press/-/desk"), path_below("/press", "/pressed"), path_below("", "/-/desk")
    ('/-/desk', '/pressed', '/-/desk')
    """
    return path.removeprefix(root) if path.startswith(f"{root}/") else path
