"""The right to publish an article's whole text: in the form, on the command line, and in the preview."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk_visits import made, sent, signed_in, token
from newsroom import ARTICLE_ID, TEXT, Clock, acting, actor, add, article, edit_by, write

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.cli import main
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article
from claimledger.publishing.row_changes import RowChange
from claimledger.vocabulary import RevisionKind, Subject

pytestmark = pytest.mark.slow

EDITION = sha256(TEXT.encode()).hexdigest()
NEW = "바다신문은 배가 30척 늘었다고 밝혔다.\n"
ABOUT = {
    "article_id": "sea-news-2031-05", "headline_ko": "배가 늘다", "publisher_ko": "바다신문", "holder_ko": "바다신문",
    "statement_ko": "누구나 옮겨 실을 수 있다.", "published_on": "2031-05-01", "language": "ko", "authors": "이소라",
}  # fmt: skip


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


BOXES = ("may_hold_text", "may_publish_text")


@pytest.mark.parametrize("ticked", [(), BOXES[:1], BOXES[1:], BOXES])
def test_new_article_form_sets_both_text_rights_separately(places: LedgerPaths, ticked: tuple[str, ...]) -> None:
    client = signed_in(places, "kim")
    _, page = sent(client, "/articles/new", pasted=NEW)
    carried = re.findall(r'name="carried" value="([^"]+)"', page)[0]
    form = {**ABOUT, "carried": carried, **dict.fromkeys(ticked, "yes")}
    wrong, page = sent(client, "/articles/new", **{**form, "headline_ko": ""})
    assert wrong == 409
    assert re.findall(r'name="(\w+)" value="yes" checked', page) == list(ticked)
    sent(client, "/articles/new", **form)
    (draft,) = [one for one in lookups.open_drafts(places) if one.subject is Subject.ARTICLE]
    assert isinstance(draft.record, Article)
    rights = draft.record.rights
    assert (rights.may_hold_text, rights.may_publish_text) == tuple(name in ticked for name in BOXES)


def test_article_add_has_an_option_for_publishing_the_text(places: LedgerPaths, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEW, encoding="utf-8")
    description = ["--id", "sea-news-2031-05", "--headline", "배가 늘다", "--publisher", "바다신문", "--language", "ko"]
    rights = ["--published-on", "2031-05", "--rights-holder", "Sea News", "--rights", "Free to copy."]
    command = [
        "--root",
        str(places.root),
        "article",
        "add",
        str(tmp_path / "a.txt"),
        *description,
        *rights,
        "--may-publish-text",
    ]
    done = CliRunner().invoke(main, command, env=acting(places, "kim"))
    assert done.exit_code == 0, done.output
    file = (places.claims / "sea-news-2031-05" / "article.yaml").read_text(encoding="utf-8")
    assert re.findall(r"may_\w+: \w+", file) == ["may_hold_text: false", "may_publish_text: true"]


def allow(places: LedgerPaths, **rights: bool) -> None:
    """Draft the article with changed rights."""
    with step_setup.open_store(places) as store:
        head = store.head(Subject.ARTICLE, ARTICLE_ID)
    assert head
    changed = {**article()["rights"], **rights}
    path = write(places, "article", {"base": head.sha256, **article(), "rights": changed})
    desk.record(places, [path], edit_by("kim", "The holder wrote.", RevisionKind.UPDATE))


def edition_text_changes(rows: list[RowChange]) -> list[tuple[str, str, object]]:
    return [(one.what, str(one.key[1])[:8], cell.before or cell.after) for one in rows if one.table == "edition_texts"
            for cell in one.cells if cell.column == "text"]  # fmt: skip


def test_publish_page_shows_texts_that_appear_or_disappear(places: LedgerPaths) -> None:
    add(places, TEXT, Clock())
    client = signed_in(places, "lee")
    for may, what in ((True, "new"), (False, "gone")):
        allow(places, may_publish_text=may)
        rows = desk.preview(places, actor("lee"))
        assert edition_text_changes(rows) == [(what, EDITION[:8], TEXT)]
        page = client.get(f"{PREFIX}/publish?key={ARTICLE_ID}").text
        assert ("The whole text of an article" in page, TEXT.splitlines()[0] in page) == (True, True)
        status, _ = sent(
            client, "/publish", key=[ARTICLE_ID], shown=[ARTICLE_ID], form_token=token(client), act="publish",
            draft_id=[draft.draft_id for draft in lookups.open_drafts(places, [ARTICLE_ID])],
        )  # fmt: skip
        assert status == 200
        assert (places.shared_texts / EDITION[:2] / EDITION).is_file() == may
