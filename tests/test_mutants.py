"""The table of removed defences fits the code: each piece is there once, and its test exists."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_each_removed_defence_is_in_the_code_once() -> None:
    mutants = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
    for one in mutants:
        file, _, name = one["test"].partition("::")
        assert (ROOT / one["file"]).read_text(encoding="utf-8").count(one["old"]) == 1, one["defence"]
        assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8"), one["test"]
    assert {one["issue"] for one in mutants} == {16, 17}
