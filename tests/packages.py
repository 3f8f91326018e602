"""Packages that some environments lack: the quick one has only the group `dev`, `.venv-1.0` lacks the extras."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

EVERY_PACKAGE = "CLAIMLEDGER_EVERY_PACKAGE"
"""The variable that `scripts/test --all` sets if every package must be there."""


def needed(name: str) -> Any:  # noqa: ANN401  a module
    """Import a package for a test; skip the test if the package is missing and may be missing.

    Raises:
        ImportError: The package is missing, but every package must be there.
    """
    return importlib.import_module(name) if EVERY_PACKAGE in os.environ else pytest.importorskip(name)
