"""Packages that some environments lack: the quick one those of the group `dev`, `.venv-1.0` the extras."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

EVERY_PACKAGE = "CLAIMLEDGER_EVERY_PACKAGE"
"""The variable that `scripts/test --all` sets where every package must be there."""


def needed(name: str) -> Any:  # noqa: ANN401  a module
    """Import a package for a test; where it may be missing and is, skip the test.

    Raises:
        ImportError: it is missing where every package must be there.
    """
    return importlib.import_module(name) if EVERY_PACKAGE in os.environ else pytest.importorskip(name)
