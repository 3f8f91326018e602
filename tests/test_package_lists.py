"""Lists of names that nothing else would check: `__all__`, the quick tests, the public side of the plug-in."""

from __future__ import annotations

import ast
import importlib
import tomllib
from pathlib import Path

import pytest
import tiers

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "claimledger"
PRIVATE_MODULES = {"desk_door", "desk_pages"}


PACKAGES = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"datasette_plugin"}
"""All packages but the plug-in, which registers itself when it is imported and has no `__all__`."""


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_exported_name_exists(package: str) -> None:
    module = importlib.import_module(f"claimledger.{package}")
    assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


def test_every_quick_test_that_is_listed_exists() -> None:
    for name, tests in tiers.QUICK_TESTS.items():
        tree = ast.parse((ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8"))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert set(tests) - defined == set(), name


def test_contract_covers_every_public_module_of_the_plug_in() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["name"].startswith("What readers see"))
    folder = PACKAGE / "datasette_plugin"
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    public = {f"claimledger.datasette_plugin.{name}" for name in modules - PRIVATE_MODULES - {"__init__"}}
    assert public - set(contract["source_modules"]) == set()
