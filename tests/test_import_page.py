"""The desk's page of a waiting import of past checks: a second editor sees it, and approves what was shown."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
import staff
from article_pages import Browser, make_newsroom
from test_past_checks import ARCHIVE, MAPPING, import_archive, run

from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import lookups, step_setup
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import check_archive

pytestmark = pytest.mark.slow
PAGE = f"{PREFIX}/imports/seorae"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = make_newsroom(tmp_path)
    (tmp_path / "archive.toml").write_text(MAPPING, encoding="utf-8")
    newsroom.hire(places, "kim")
    with step_setup.open_store(places) as store:
        staff.enrol(store, "lee", "editor", now=step_setup.utc_now())
        staff.choose(store, staff.invite(store, "kim", step_setup.utc_now()), now=step_setup.utc_now())
    import_archive(places)
    return places


def shown_content(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def public_checks(places: LedgerPaths) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(places.ledger)) as connection:
        return connection.execute("SELECT claim, rating FROM earlier_checks ORDER BY claim").fetchall()


def test_page_shows_counts_samples_and_losses(places: LedgerPaths) -> None:
    lee = Browser(places, "lee")
    assert "1 import of earlier checks waits" in lee.get(f"{PREFIX}?view=all")
    assert "new 2, changed 0, unchanged 0, refused 2" in lee.get(f"{PREFIX}/imports")
    page = lee.get(PAGE)
    for shown in (
        "Ferry fares doubled in 2027.", "“<b>  Mostly FALSE!</b>”", "대체로 사실", "note (4)",
        "The check has no rating.",
        "row 3, checked_on: 3/4/2028",
    ):  # fmt: skip
        assert shown in page
    korean = Browser(places, "lee", "ko").get(PAGE)
    assert "평가가 없습니다." in korean
    assert "The check has no rating." not in korean


@pytest.mark.parametrize(("name", "status"), [("kim", 409), ("checker", 409), ("lee", 200)])
def test_only_a_second_editor_approves(places: LedgerPaths, name: str, status: int) -> None:
    browser = Browser(places, name)
    page = browser.get(PAGE)
    assert ('value="approve" disabled' in page) is (status == 409)
    answer = browser.post(PAGE, act="approve", seen=shown_content(page))
    assert answer.status_code == status
    assert len(public_checks(places)) == (2 if status == 200 else 0)
    assert lookups.list_waiting_imports(places) == [] or status == 409


def test_import_that_was_not_shown_is_not_approved(places: LedgerPaths) -> None:
    lee = Browser(places, "lee")
    shown = shown_content(lee.get(PAGE))
    run(places, "discard", "seorae", "--reason", "Another file.")
    import_archive(places, ARCHIVE.replace("doubled", "tripled"))
    for stale in (shown, ""):
        answer = lee.post(PAGE, act="approve", seen=stale)
        assert (answer.status_code, "[import-changed-meanwhile]" in answer.text) == (409, True)
    assert public_checks(places) == []


def test_changed_check_is_shown_before_and_after(places: LedgerPaths) -> None:
    lee = Browser(places, "lee")
    lee.post(PAGE, act="approve", seen=shown_content(lee.get(PAGE)))
    import_archive(places, ARCHIVE.replace("대체로 사실", "거짓"))
    page = lee.get(PAGE)
    assert '<span class="before">대체로 사실</span> → <span class="after">거짓</span>' in page
    assert "The first changed check" in page
    lee.post(PAGE, act="discard", reason="Wrong file.")
    assert lookups.list_waiting_imports(places) == []
    assert lee.ask("GET", PAGE).status_code == 404


def test_import_of_an_earlier_version_of_the_program_has_no_notes() -> None:
    detail = '{"content_sha256":"00","origin":"a.csv","counts":{"new":1}}'
    act = ("import_checks", "checks/seorae", "kim", "An archive.", detail, "2031-04-03T09:00:00.000Z")
    (waiting,) = check_archive._waiting([act])
    assert (waiting.counts, waiting.notes, waiting.left_out, waiting.missing) == ({"new": 1}, {}, {}, 0)
