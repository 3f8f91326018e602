"""The output of the server about refused requests: it contains no local variables.

Where the package `rich` is installed, Datasette prints every local variable at every unknown address. They include the
reader's cookies, and the printing takes half a second of processor time.
"""

from __future__ import annotations

import importlib


def keep_variables_private() -> None:
    """Let Datasette print only the traceback of a server error, as it does where `rich` is not installed."""
    vars(importlib.import_module("datasette.handle_exception"))["rich"] = None
