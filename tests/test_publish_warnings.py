"""Before publishing, the desk reports open passages and whether a whole text becomes public or is removed."""

from __future__ import annotations

import html
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner
from desk_visits import made, signed_in
from newsroom import ARTICLE_ID, TEXT, Clock, acting, actor, add, article, edit_by, write

from claimledger import desk
from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Span
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

STAFF = Span(start=TEXT.index("직원은"), end=TEXT.index("직원은") + 9)
RIGHTS = article()["rights"]
OPEN = RIGHTS | {"may_hold_text": True, "may_publish_text": True}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with two public claims whose article has one number that is still open."""
    places = made(tmp_path)
    add(places, TEXT, Clock())
    return places


def draft_rights(places: LedgerPaths, rights: dict[str, object]) -> None:
    file = places.claims / ARTICLE_ID / "article.yaml"
    base = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("base:"))
    write(places, "article", {"base": base.partition(": ")[2], **article(), "rights": rights})
    desk.record(places, [file], edit_by("kim", "The holder wrote.", RevisionKind.UPDATE))


def publish_page(places: LedgerPaths) -> str:
    return html.unescape(signed_in(places, "lee").get(f"/-/desk/publish?key={ARTICLE_ID}").text)


def dry_run_output(places: LedgerPaths) -> str:
    arguments = ["--root", str(places.root), "publish", "--dry-run"]
    return CliRunner().invoke(main, arguments, env=acting(places, "lee")).stderr


def test_open_passages_are_counted_before_publishing(places: LedgerPaths) -> None:
    draft_rights(places, OPEN)
    assert "1 number or quotation of the newest edition is still open" in publish_page(places)
    assert f"{ARTICLE_ID}: 1 number or quotation is not decided on" in dry_run_output(places)
    desk.dismiss(places, ARTICLE_ID, STAFF, newsroom.FIRST)
    assert "is still open" not in publish_page(places)
    assert "not decided on" not in dry_run_output(places)


def test_publish_page_says_if_a_text_becomes_public_or_is_removed(places: LedgerPaths) -> None:
    draft_rights(places, OPEN)
    assert f"{ARTICLE_ID}: the whole text of the article becomes public" in publish_page(places)
    desk.publish(places, actor("park"))
    add(places, "머리말이 붙었다.\n" + TEXT, Clock())
    assert f"{ARTICLE_ID}: the whole text of the newest edition replaces the published text" in publish_page(places)
    newsroom.discard(places, ARTICLE_ID, edit_by("kim", "Not now."), Clock())
    draft_rights(places, RIGHTS | {"may_hold_text": True})
    assert f"{ARTICLE_ID}: the published text of the article is removed" in publish_page(places)


def test_article_without_a_text_has_no_count_of_open_passages(tmp_path: Path) -> None:
    places = made(tmp_path)
    draft_rights(places, OPEN)
    assert "is still open" not in publish_page(places)
    assert "not decided on" not in dry_run_output(places)
