"""scripts/docs generates every page and schema, and names the stale ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import environment
import pages
import pytest
from test_scripts import script

from claimledger import workflow


def test_page_is_generated_where_it_has_a_cog_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "FILES", {"docs/a.json": lambda: "{}\n"})
    (tmp_path / "docs").mkdir()
    block = "<!-- [[[cog\ncog.outl('주장')\n]]] -->\n{}<!-- [[[end]]] -->\n"
    (tmp_path / "docs" / "b.md").write_text(block.format(""), encoding="utf-8")
    (tmp_path / "README.md").write_text("Nothing generated.\n")
    assert dict(pages.texts(tmp_path)) == {
        tmp_path / "docs/a.json": "{}\n",
        tmp_path / "docs/b.md": block.format("주장\n"),
    }


def test_check_names_the_stale_file_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = script("docs")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "enter", lambda *wanted: None)
    monkeypatch.setattr(pages, "texts", lambda: [(tmp_path / "docs/a.json", "{}\n")])
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().out == "docs/a.json is stale; run scripts/docs\n"
    assert not (tmp_path / "docs").exists()
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    assert (tmp_path / "docs/a.json").read_bytes() == b"{}\n"


def test_workflow_table_matches_the_program() -> None:
    head, _, *rows = pages.review_table().splitlines()
    others = pages.other_acts().splitlines()[2:]
    assert head.count("|") == 6
    told = [row.partition("`<br>")[0].removeprefix("| `") for row in (*rows, *others)]
    assert sorted(told) == sorted(action.value for action in workflow.ACTION_RULES)
    (approve,) = (row for row in rows if row.startswith("| `approve`<br>승인 |"))
    assert approve.split(" | ")[1:4] == ["Editor", "Public", "Verdict proposed"]
    assert "someone who wrote no part of it" in approve
    (comment,) = (row for row in rows if row.startswith("| `comment`"))
    assert comment.split(" | ")[1:] == ["Fact-checker or Editor", "Draft or Public or Withdrawn", "any", "– |"]


def test_command_reference_lists_every_command_as_typed() -> None:
    desk = click.Group("desk", [click.Command("show", help="Show a claim.", params=[click.Option(["--lang"])])])
    text = pages.command_reference("desk", desk)
    assert re.findall(r"^(?:## |Usage: ).*", text, re.MULTILINE) == [
        "## desk",
        "Usage: desk [OPTIONS] COMMAND [ARGS]...",
        "## desk show",
        "Usage: desk show [OPTIONS]",
    ]
    assert "--lang TEXT" in text


@pytest.mark.slow
def test_schema_says_what_it_is_for() -> None:
    for name, text in pages.FILES.items():
        if name.endswith(".schema.json"):
            schema = json.loads(text())
            assert schema["$comment"].startswith(("claims/", "One line of claims/"))
            assert schema["additionalProperties"] is False
