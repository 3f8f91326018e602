"""Commands act with the name and the roles of the token's owner; inactive people cannot act."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import ARTICLE_ID, CARGO

from claimledger.desk import lookups
from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths

ACTS = (
    ("article", "add", "-", "--id", "hanbit-1"),
    ("accept", ARTICLE_ID, "0-5", "port-is-big", "--statement-en", "A.", "--topic", "a", "--source", "post"),
    ("dismiss", ARTICLE_ID, "0-5", "--reason", "No claim."),
    ("coverage", ARTICLE_ID, "--record"),
    ("place", ARTICLE_ID, CARGO, "0-5"),
    ("leave-out", ARTICLE_ID, CARGO, "--reason", "Gone."),
    ("record", "--reason", "First reading"),
    ("waive", CARGO, "cut-before-but", "--reason-en", "It is not."),
    ("discard", CARGO, "--reason", "Not now.", "--yes"),
    ("publish",),
    ("queue",),
    ("assign", CARGO, "--to", "kim"),
    ("propose", CARGO, "--so", "supported"),
    ("approve", CARGO, "--yes"),
    ("return", CARGO, "--reason", "Too short.", "--yes"),
    ("query", CARGO, "--as-printed", "1", "--should-read", "2"),
    ("answer", CARGO, "1", "fixed"),
    ("comment", CARGO, "Look."),
    ("attach", CARGO, "a.pdf", "--stance", "supports", "--tier", "primary"),
    ("evidence", "check", "--all"),
    ("evidence", "settle", CARGO, "--reason", "It stands."),
    ("withdraw", CARGO, "--reason", "Wrong."),
    ("import", "claimreview", "-"),
    ("relate", CARGO, "repeats", CARGO),
    ("suggest", ARTICLE_ID),
    ("suggestion", "dismiss", "1"),
)
"""Every command that acts, or needs to know who is looking."""
READS = (
    "article", "spot", "coverage", "tasks", "new", "drafts", "build", "check", "list", "show", "history", "findings",
    "export", "person", "token", "sheet", "earlier", "recheck", "key", "checkpoint", "prove", "verify",
    "witness", "backup", "restore", "init", "serve", "demo", "metadata", "archive", "notices", "suggestions",
    "suggesters",
)  # fmt: skip
"""Commands that need no token, at least without the options that act."""


def run(places: LedgerPaths, *arguments: str, token: str | None = None, before: tuple[str, ...] = ()) -> Result:
    environment: Mapping[str, str | None] = {"CLAIMLEDGER_TOKEN": token}
    return CliRunner().invoke(main, ["--root", str(places.root), *before, *arguments], env=environment, input="a")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return newsroom.write_all(tmp_path)


def test_every_command_is_listed_as_acting_or_reading() -> None:
    assert {act[0] for act in ACTS} | set(READS) == set(main.commands)


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act[0])
def test_command_without_a_token_is_refused_with_a_remedy(places: LedgerPaths, act: tuple[str, ...]) -> None:
    newsroom.token_of(places, "kim")
    refused = run(places, *act)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "needs a token that says who you are. Run 'claimledger token new NAME --label here'" in refused.stderr
    assert lookups.open_drafts(places) == []


def test_desk_without_people_says_how_to_add_the_first(places: LedgerPaths) -> None:
    said = "this desk has no users yet. Run 'claimledger person add NAME --role checker --role editor'."
    assert said in run(places, "publish").stderr
    assert not places.desk.exists()


def test_token_of_a_deactivated_person_and_revoked_token_are_refused(places: LedgerPaths) -> None:
    tokens = [newsroom.token_of(places, "kim"), newsroom.token_of(places, "lee"), "cl_" + 72 * "0"]
    label = run(places, "token", "list", "kim").stdout.splitlines()[2].split("  ")[0]
    assert run(places, "token", "revoke", "kim", label).exit_code == 0
    run(places, "person", "deactivate", "lee")
    for token in tokens:
        refused = run(places, "record", "--reason", "First reading", token=token)
        assert (refused.exit_code, "This token is unknown" in refused.stderr) == (1, True)
    assert lookups.open_drafts(places) == []


@pytest.mark.slow
def test_log_names_the_holders_of_the_tokens(places: LedgerPaths) -> None:
    run(places, "record", "--reason", "First reading", token=newsroom.token_of(places, "kim"))
    assert {draft.authors for draft in lookups.open_drafts(places)} == {("kim",)}
    own = run(places, "publish", "--yes", token=newsroom.token_of(places, "kim"))
    assert (own.exit_code, "Ask another editor" in own.stderr) == (1, True)
    assert run(places, "publish", "--yes", token=newsroom.token_of(places, "lee")).exit_code == 0
    assert "kim → lee" in run(places, "history", CARGO).stdout


def test_token_has_the_current_roles_of_its_person(places: LedgerPaths) -> None:
    checker = newsroom.token_of(places, "kim", "checker")
    for name in ("sora", "mina"):
        refused = run(places, "record", "--reason", "First", token=newsroom.token_of(places, name, "editor", "admin"))
        assert "needs the role" in refused.stderr
    assert run(places, "record", "--reason", "First reading", token=checker).exit_code == 0
    assert (
        "needs the role" in run(places, "publish", "--yes", token=newsroom.token_of(places, "haru", "checker")).stderr
    )
    run(places, "person", "roles", "haru", "--role", "editor")
    assert run(places, "publish", "--yes", token=newsroom.token_of(places, "haru")).exit_code == 0


def test_token_file_overrides_the_environment_variable(places: LedgerPaths) -> None:
    file = places.root / "kim.token"
    file.write_text(newsroom.token_of(places, "kim") + "\n")
    lee = newsroom.token_of(places, "lee")
    assert run(places, "record", "--reason", "First", before=("--token-file", str(file)), token=lee).exit_code == 0
    assert lookups.open_drafts(places)[0].authors == ("kim",)


def test_new_token_can_be_printed_as_a_shell_export(places: LedgerPaths) -> None:
    newsroom.token_of(places, "kim")
    printed = run(places, "token", "new", "kim", "--label", "here", "--export").stdout
    name, _, token = printed.strip().removeprefix("export ").partition("=")
    assert name == "CLAIMLEDGER_TOKEN"
    assert run(places, "record", "--reason", "First", token=token).exit_code == 0
