"""Articles are added on the desk: pasted, uploaded or fetched texts, new articles and new editions."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import staff
from article_pages import HERE, NEW, Browser, add, drafted_article, make_newsroom
from newsroom import ARTICLE_ID, GROWTH, TEXT

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.ledger.files import LedgerPaths


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return make_newsroom(tmp_path)


@pytest.fixture
def checker(places: LedgerPaths) -> Browser:
    return Browser(places)


def article_fields(page: str) -> dict[str, str]:
    return {"carried": re.findall(r'name="carried" value="([^"]+)"', page)[0]} | {
        "article_id": "sea-news-2031-05", "headline_ko": "배가 늘다", "publisher_ko": "바다신문",
        "holder_ko": "바다신문", "statement_ko": "옮겨 실을 수 없다.", "published_on": "2031-05-01", "language": "ko",
        "authors": "이소라, 박하늘",
    }  # fmt: skip


def test_pasted_text_becomes_an_article_in_two_forms(places: LedgerPaths, checker: Browser) -> None:
    first = checker.post(f"{PREFIX}/articles/new", pasted=NEW)
    assert "&lt;b&gt;배&lt;/b&gt;" in first.text
    assert 'name="language" value="ko"' in first.text
    wrong = checker.post(
        f"{PREFIX}/articles/new", **(article_fields(first.text) | {"published_on": "어제", "headline_ko": ""})
    )
    assert wrong.status_code == 409
    assert {'id="problem-published_on"', 'id="problem-headline"'} <= set(re.findall(r'id="problem-\w+"', wrong.text))
    assert "옮겨 실을 수 없다." in wrong.text
    assert lookups.open_drafts(places) == []
    made = checker.post(f"{PREFIX}/articles/new", **article_fields(wrong.text))
    assert made.url.path == f"{PREFIX}/articles/sea-news-2031-05"
    assert "The article was added" in made.text
    assert "<b>배</b>" not in made.text
    assert "&lt;b&gt;배&lt;/b&gt;" in made.text
    article = drafted_article(places, "sea-news-2031-05")
    assert [person.name for person in article.authors] == [{"ko": "이소라"}, {"ko": "박하늘"}]
    assert article.editions[0].length == len(NEW.replace("\r\n", "\n"))
    assert not (places.claims / "sea-news-2031-05").exists()


@pytest.mark.parametrize(
    ("changed", "code"), [({"article_id": ""}, "wrong-form"), ({"article_id": ARTICLE_ID}, "article-there")]
)
def test_new_article_needs_an_unused_id(
    places: LedgerPaths, checker: Browser, changed: dict[str, str], code: str
) -> None:
    first = checker.post(f"{PREFIX}/articles/new", pasted=NEW)
    answer = checker.post(f"{PREFIX}/articles/new", **(article_fields(first.text) | changed))
    assert (answer.status_code, f"[{code}]" in answer.text) == (409, True)
    assert lookups.open_drafts(places) == []
    broken = checker.post(f"{PREFIX}/articles/new", **(article_fields(first.text) | {"carried": "AAAA"}))
    assert "[text-lost]" in broken.text


def word_file(text: str) -> bytes:
    buffer = io.BytesIO()
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": '<Relationships><Relationship Type="http://x/officeDocument" Target="/word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f"<w:document {names}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
        "</w:document>",
    }
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", "짐이 30% 늘었다.".encode("cp949")), ("a.docx", word_file("짐이 30% 늘었다."))],
    ids=["cp949", "docx"],
)
def test_uploaded_files_are_read(checker: Browser, name: str, content: bytes) -> None:
    answer = checker.post(f"{PREFIX}/articles/new", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    assert f"characters from {name}" in answer.text
    assert "짐이 30% 늘었다." in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "[text-empty]"), ({"address": "http://127.0.0.1/"}, "127.0.0.1"), ({"address": "no address"}, "no address")],
)
def test_input_without_text_is_reported(checker: Browser, fields: dict[str, str], words: str) -> None:
    answer = checker.post(f"{PREFIX}/articles/new", **fields)
    assert (answer.status_code, words in answer.text) == (409, True)


def test_known_text_and_new_edition_are_recognized(places: LedgerPaths, checker: Browser) -> None:
    assert "This text is already known" in checker.post(f"{PREFIX}/articles/new", pasted=TEXT).text
    assert lookups.open_drafts(places) == []
    text = "머리말이 붙었다.\n" + TEXT.replace("10%", "12%")
    page = checker.post(f"{PREFIX}/articles/new", pasted=text, article_id=ARTICLE_ID).text
    assert "A new edition was added. Moved 1, Changed 1" in page
    assert '<mark class="orphan figure">12%' in page
    place = re.findall(r'name="place" value="(\d+-\d+)"', page)[0]
    placed = checker.post(f"{HERE}/settle", claim_id=GROWTH, act="place", place=place)
    assert "The position was saved." in placed.text
    assert desk.list_placement_tasks(places, ARTICLE_ID) == []


def test_proposed_place_shows_both_passages_and_is_confirmed_in_one_act(places: LedgerPaths, checker: Browser) -> None:
    words = "서미래 소장은 “올해는 10% 늘어난다”고 말했다"
    text = TEXT.replace(words, "") + f"\n정정합니다. {words}.\n"
    page = checker.post(f"{PREFIX}/articles/new", pasted=text, article_id=ARTICLE_ID).text
    assert "Same words, place to confirm 1" in page
    assert "Next to words that correct, deny or doubt it (“<span" in page
    assert page.count(f"<b>{words}</b>") == 2
    assert lookups.open_drafts(places)[0].key == ARTICLE_ID
    place = re.findall(r'name="place" value="(\d+-\d+)"', page)[0]
    assert "The position was saved." in checker.post(f"{HERE}/settle", claim_id=GROWTH, act="place", place=place).text
    assert GROWTH in [draft.key.split("@")[0] for draft in lookups.open_drafts(places)]


def test_text_in_other_bytes_changes_nothing(places: LedgerPaths, checker: Browser) -> None:
    page = checker.post(f"{PREFIX}/articles/new", pasted=TEXT.replace(" ", "  ")).text
    assert "This is the text of a known edition: only white space" in page
    assert lookups.open_drafts(places) == []


def test_claim_is_left_out_of_an_edition_with_a_reason(places: LedgerPaths, checker: Browser) -> None:
    add(places, TEXT.replace("10%", "12%"))
    assert checker.post(f"{HERE}/settle", claim_id=GROWTH, act="leave-out", reason="").status_code == 409
    assert checker.post(f"{HERE}/settle", claim_id=GROWTH, act="place", place="12").status_code == 409
    assert len(desk.list_placement_tasks(places, ARTICLE_ID)) == 1
    assert (
        "The claim was marked as not in this edition"
        in checker.post(f"{HERE}/settle", claim_id=GROWTH, act="leave-out", reason="빠졌다.").text
    )
    assert desk.list_placement_tasks(places, ARTICLE_ID) == []


def test_article_page_requests_a_missing_text(places: LedgerPaths, tmp_path: Path) -> None:
    places.desk.unlink()
    with step_setup.open_store(places) as store:
        staff.enrol(store, "checker", "checker", now=step_setup.utc_now())
    assert "The text of this article is not on the desk" in (browser := Browser(places)).get(HERE)
    assert "no text on the desk" in browser.get(f"{PREFIX}/articles")
    assert browser.post(f"{PREFIX}/articles/new", pasted=TEXT).url.path == HERE
