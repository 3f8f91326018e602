"""Publishing from the command line shows the drafts and companion drafts, asks, and publishes nothing else."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import CARGO, GROWTH

from claimledger.desk import lookups, step_setup
from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with drafts by kim (two claims, their passages and their article); lee is the editor."""
    places = newsroom.write_all(tmp_path)
    assert run(places, "record", "--reason", "First reading", by="kim").exit_code == 0
    return places


def run(places: LedgerPaths, *arguments: str, by: str, typed: str = "") -> Result:
    environment = newsroom.acting(places, by)
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=environment, input=typed)


def waiting_claims(places: LedgerPaths) -> set[str]:
    return {draft.key.partition("@")[0] for draft in lookups.open_drafts(places)}


def test_publishing_a_claim_also_publishes_its_article(places: LedgerPaths) -> None:
    ran = run(places, "publish", CARGO, by="lee", typed="y\n")
    assert ran.exit_code == 0, ran.output
    along = [line for line in ran.stderr.splitlines() if "(published too)" in line]
    assert [line.split("  ")[0] for line in along] == [f"listed: {newsroom.ARTICLE_ID}"]
    assert "3 revisions published." in ran.stdout
    assert waiting_claims(places) == {GROWTH}


@pytest.mark.slow
def test_publishing_a_claim_also_publishes_its_document(places: LedgerPaths) -> None:
    assert run(places, "publish", "--yes", by="lee").exit_code == 0
    clock = newsroom.Clock()
    clock.now = step_setup.utc_now()
    newsroom.attach(places, CARGO, clock, author="kim")
    ran = run(places, "publish", CARGO, "--yes", by="lee")
    assert (ran.exit_code, "2 revisions published." in ran.stdout) == (0, True), ran.output


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["n\n", ""])
def test_publishing_needs_confirmation(places: LedgerPaths, typed: str) -> None:
    before = waiting_claims(places)
    assert run(places, "publish", by="lee", typed=typed).exit_code == 1
    assert (waiting_claims(places), places.ledger.exists()) == (before, False)


@pytest.mark.slow
def test_draft_changed_during_confirmation_is_not_published(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit_and_agree(*_: object, **__: object) -> None:
        """Change the claim as another person would, then confirm."""
        newsroom.edit(places.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml", "about 1.2", "some 1.2")
        assert run(places, "record", "--reason", "Another word", by="kim").exit_code == 0

    monkeypatch.setattr("click.confirm", edit_and_agree)
    ran = run(places, "publish", by="lee")
    assert (ran.exit_code, "[draft-changed-meanwhile]" in ran.stderr) == (1, True), ran.output
    assert CARGO in waiting_claims(places)


@pytest.mark.slow
def test_dry_run_shows_the_rows_of_companion_drafts(places: LedgerPaths) -> None:
    ran = run(places, "publish", CARGO, "--dry-run", by="lee")
    assert ran.exit_code == 0, ran.output
    assert f"new     articles  {newsroom.ARTICLE_ID}" in ran.stdout
    assert waiting_claims(places) == {CARGO, GROWTH, newsroom.ARTICLE_ID}


@pytest.mark.slow
def test_commands_print_one_line_about_the_result(places: LedgerPaths) -> None:
    newsroom.token_of(places, "haru", "checker")
    assert run(places, "publish", "--yes", by="lee").exit_code == 0
    early = run(places, "propose", CARGO, "--so", "not_checkable", "--rationale-en", "A forecast.", by="haru")
    assert "Assign it to someone first. [not-now]" in early.stderr
    nothing = run(places, "approve", CARGO, by="lee", typed="y\n")
    assert (nothing.exit_code, nothing.stdout, "[nothing-waits]" in nothing.stderr) == (1, "", True)
    number = run(places, "query", CARGO, "--as-printed", "1", "--should-read", "2", by="haru").stdout.strip()
    said = {
        ("assign", CARGO, "--to", "haru", "--due", "2099-04-09"): "'so' is assigned to haru, due 2099-04-09.",
        ("assign", CARGO, "--nobody"): "'so' is no longer assigned to anyone.",
        ("answer", CARGO, number, "stands"): f"query {number} is answered: stands.",
        ("comment", CARGO, "Look."): "the comment is stored.",
    }
    for act, line in said.items():
        ran = run(places, *act, by="lee" if act[0] != "answer" else "haru")
        assert (ran.exit_code, ran.stdout) == (0, f"{CARGO}: {line}\n"), ran.output
