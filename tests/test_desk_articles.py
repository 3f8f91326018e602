"""The desk's pages of articles: a text in, its passages decided on, its editions; each form once through."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import httpx
import newsroom
import pytest
import staff
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, actor, edit_by

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk import step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.article_marks import article_lines
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.intake import extract_document
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article
from claimledger.desk_vocabulary import Coverage
from claimledger.vocabulary import RevisionKind, Subject

FIRST = edit_by(author="checker", reason="First reading", kind=RevisionKind.UPDATE)
HERE = f"{PREFIX}/articles/{ARTICLE_ID}"
STAFF = "직원은 40명이다"
NEW = "바다신문은 <b>배</b>가 30척 늘었다고 밝혔다.\r\n이소라 대표는 “내년에는 5% 는다”고 말했다.\r\n"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """A newsroom whose article and two claims are public, whose desk holds the text, and three people."""
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], edit_by("checker", "First reading"))
    desk.publish(places, actor("editor"))
    add(places, TEXT)
    with step_setup.open_store(places) as store:
        for name, role in (("checker", "checker"), ("other", "checker"), ("editor", "editor"), ("admin", "admin")):
            staff.enrol(store, name, role, now=step_setup.utc_now())
    return places


def add(places: LedgerPaths, text: str) -> None:
    desk.add_article(
        places, extract_document(text.encode(), name="a.txt"), FIRST, origin="a.txt", article_id=ARTICLE_ID
    )


class Browser:
    """Somebody's browser; without a name, that of nobody who signed in."""

    def __init__(self, places: LedgerPaths, name: str = "checker", language: str = "en") -> None:
        self.application = desk_application(places)
        self.cookies: dict[str, str] = {}
        if name:
            with step_setup.open_store(places) as store:
                self.cookies = {COOKIE: staff.sign_in(store, name, now=step_setup.utc_now()).token}
                with store.writing() as connection:
                    people.change_person(connection, name, author="admin", now=step_setup.utc_now(), language=language)

    def ask(self, method: str, address: str, **given: Any) -> httpx.Response:  # noqa: ANN401  what httpx takes
        """Return the answer to a request, redirects followed."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.application)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost", cookies=self.cookies, follow_redirects=True
            ) as client:
                return await client.request(method, address, **given)

        return asyncio.run(asked())

    def get(self, address: str) -> str:
        answer = self.ask("GET", address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, to: str, files: Any = None, **fields: str) -> httpx.Response:  # noqa: ANN401  what httpx takes
        """Send a form with the token that the desk's pages give."""
        found = re.search(r'name="form_token" value="(\w+)"', self.get(f"{PREFIX}/articles/new"))
        assert found
        return self.ask("POST", to, data={"form_token": found[1], **fields}, files=files)


@pytest.fixture
def checker(places: LedgerPaths) -> Browser:
    return Browser(places)


def at(words: str, text: str = TEXT) -> dict[str, str]:
    start = text.index(words)
    return {"start": str(start), "end": str(start + len(words))}


def state_of(places: LedgerPaths, words: str) -> Coverage:
    found, _ = desk.list_candidates(places, ARTICLE_ID)
    return next(one.state for one in found if one.candidate.quote == words)


def article_of(places: LedgerPaths, article_id: str = ARTICLE_ID) -> Article:
    (draft,) = [one for one in lookups.open_drafts(places) if one.subject is Subject.ARTICLE and one.key == article_id]
    assert isinstance(draft.record, Article)
    return draft.record


@pytest.mark.parametrize("address", ["", "/new", f"/{ARTICLE_ID}", f"/{ARTICLE_ID}/sheet", f"/{ARTICLE_ID}/compare"])
def test_nothing_answers_without_a_session(places: LedgerPaths, address: str) -> None:
    nobody = Browser(places, "")
    answer = nobody.ask("GET", f"{PREFIX}/articles{address}")
    assert (answer.url.path, TEXT[:5] in answer.text) == (f"{PREFIX}/sign-in", False)
    act = "/accept" if address == f"/{ARTICLE_ID}" else address
    assert nobody.ask("POST", f"{PREFIX}/articles{act}").status_code in {401, 405}


def test_a_form_without_its_token_is_not_taken(places: LedgerPaths, checker: Browser) -> None:
    for act in ("accept", "dismiss", "again", "settle", "furniture", "record"):
        assert checker.ask("POST", f"{HERE}/{act}", data=at(STAFF) | {"reason": "-"}).status_code == 409
    assert checker.ask("POST", f"{PREFIX}/articles/new", data={"pasted": NEW}).status_code == 409
    assert lookups.open_drafts(places) == []
    assert state_of(places, STAFF) is Coverage.UNBOUND


@pytest.mark.parametrize(("language", "words"), [("ko", "숫자와 인용 4개 중 3개 검토함"), ("en", "3 of 4 numbers")])
def test_the_page_shows_what_is_accounted_for(places: LedgerPaths, language: str, words: str) -> None:
    browser = Browser(places, language=language)
    page = browser.get(HERE)
    assert words in page
    assert '<mark class="unbound figure">40명<span class="sign" aria-hidden="true">?</span>' in page
    assert f'<a class="passage" href="{PREFIX}/claims/{CARGO}">' in page
    listed = browser.get(f"{PREFIX}/articles")
    assert "75%" in listed
    assert ("항의 화물" if language == "ko" else "Cargo at Haneul") in listed


def test_the_pieces_of_the_page_are_the_text(places: LedgerPaths) -> None:
    found = lookups.view_article(places, ARTICLE_ID)
    lines = article_lines(found)
    assert ["".join(piece.words for group in line.linked for piece in group.pieces) for line in lines] == (
        TEXT.splitlines()
    )
    assert [line.number for line in lines] == [1, 2, 3]
    pieces = [piece for line in lines for group in line.linked for piece in group.pieces if piece.state]
    assert [(piece.words, piece.state, piece.ends) for piece in pieces] == [
        ("지난해", "claimed", True),
        ("120만t", "claimed", True),
        ("“", "claimed", False),
        ("올해", "claimed", True),
        ("는 ", "claimed", False),
        ("10%", "claimed", True),
        (" 늘어난다”", "claimed", True),
        ("40명", "unbound", True),
    ]


def test_a_passage_is_accepted_and_the_next_one_is_shown(places: LedgerPaths, checker: Browser) -> None:
    where = at(STAFF)
    page = checker.get(f"{HERE}?at={where['start']}-{where['end']}")
    assert f'<blockquote lang="ko">{STAFF}</blockquote>' in page
    assert '<details id="accept" open>' in page
    answer = checker.post(
        f"{HERE}/accept", **where, statement_ko="공사 직원은 40명이다.", topics="staff, port",
        source_kind="own_reporting", source_name_ko="항만월간 취재", about_on="2031",
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert "The claim was added." in answer.text
    claim = next(one.record for one in lookups.open_drafts(places) if one.subject is Subject.CLAIM).to_json()
    assert (claim["claim_id"][:6], claim["topics"], claim["about_on"]) == ("staff-", ["staff", "port"], "2031")
    assert claim["attribution"] == {"mode": "narration"}
    assert state_of(places, STAFF) is Coverage.CLAIMED
    assert "4 of 4 numbers" in checker.get(HERE)


def test_a_refused_acceptance_keeps_what_was_typed(places: LedgerPaths, checker: Browser) -> None:
    seen = "-".join(at(STAFF).values())
    typed = {"statement_ko": "<b>마흔</b>", "topics": "Staff Room!", "source_kind": "", "seen": seen}
    answer = checker.post(f"{HERE}/accept", **at(STAFF), **typed)
    assert answer.status_code == 409
    assert "&lt;b&gt;마흔&lt;/b&gt;" in answer.text
    assert 'id="problem-topics"' in answer.text
    assert f'action="{PREFIX}/language"' not in answer.text  # it would lead away from what was typed
    assert f'action="{PREFIX}/language"' in checker.get(HERE)
    for start, end, words in (
        ("9", "4", "[no-range]"),
        ("9", "9000", "9-9000 is not a passage"),
        ("x", "", "[no-range]"),
    ):
        refused = checker.post(f"{HERE}/accept", start=start, end=end, **typed)
        assert (refused.status_code, words in refused.text, "마흔" in refused.text) == (409, True, True)
    assert lookups.open_drafts(places) == []


def test_a_passage_is_dismissed_looked_at_again_and_recorded(places: LedgerPaths, checker: Browser) -> None:
    dismissed = checker.post(f"{HERE}/dismiss", **at(STAFF), reason="대수롭지 않다.")
    assert "The passage was excluded." in dismissed.text
    assert state_of(places, STAFF) is Coverage.DISMISSED
    assert "Record 1 exclusion in" in dismissed.text
    where = at(STAFF)
    assert "대수롭지 않다." in checker.get(f"{HERE}?at={where['start']}-{where['end']}")
    recorded = checker.post(f"{HERE}/record")
    assert "Record 1 exclusion in" not in recorded.text
    assert len(article_of(places).editions[-1].dismissed) == 1
    checker.post(f"{HERE}/dismiss", **at("약 120만t"), reason="다시 볼 것.")
    checker.post(f"{HERE}/again", **at("약 120만t"))
    _, decided = desk.coverage(places, ARTICLE_ID)
    assert decided.count(Coverage.DISMISSED) == 1


def test_a_dismissal_needs_its_reason(places: LedgerPaths, checker: Browser) -> None:
    assert checker.post(f"{HERE}/dismiss", **at(STAFF), reason="").status_code == 409
    assert state_of(places, STAFF) is Coverage.UNBOUND


@pytest.mark.parametrize("name", ["editor", "admin"])
def test_who_is_no_checker_decides_on_no_passage(places: LedgerPaths, name: str) -> None:
    browser = Browser(places, name)
    assert "'Fact-checker'" in browser.get(HERE).replace("&#39;", "'")
    said = {"statement_ko": "공사 직원은 40명이다.", "topics": "staff", "source_kind": "speech", "source_name_ko": "말"}
    forms = {"accept": said, "dismiss": {"reason": "아니다."}, "again": {}, "furniture": {"act": "mask"}, "record": {}}
    for act, fields in forms.items():
        answer = browser.post(f"{HERE}/{act}", **at(STAFF), **fields)
        assert (answer.status_code, "[role-needed]" in answer.text) == (409, True), act
    assert browser.post(f"{PREFIX}/articles/new", pasted=TEXT + "끝.", article_id=ARTICLE_ID).status_code == 409
    assert lookups.open_drafts(places) == []


def test_a_range_is_changed_by_its_words_or_its_numbers(checker: Browser) -> None:
    where = at("40명")
    answer = checker.ask("GET", HERE, params={"words": "40명", "near": "0"})
    assert answer.url.params["at"] == f"{where['start']}-{where['end']}"
    assert '<blockquote lang="ko">40명</blockquote>' in answer.text
    numbers = checker.ask("GET", HERE, params=where)
    assert numbers.url.params["at"] == f"{where['start']}-{where['end']}"
    assert checker.ask("GET", HERE, params={"words": "없는 말"}).status_code == 409


def test_merging_takes_the_candidate_before_along(checker: Browser) -> None:
    where = at(STAFF)
    start = TEXT.index("“올해는 10%")
    merged = f"-{where['end']}#now"
    page = checker.get(f"{HERE}?at={where['start']}-{where['end']}")
    (link,) = re.findall(r'href="\?at=(\d+)' + re.escape(merged) + '"[^>]*>Merge', page)
    assert int(link) <= start + 1


def test_page_furniture_is_corrected_by_anybody_who_checks(places: LedgerPaths, checker: Browser) -> None:
    checker.post(f"{HERE}/furniture", act="mask", **at(STAFF + "."))
    assert [span.start for span in article_of(places).editions[-1].furniture] == [TEXT.index(STAFF)]
    page = Browser(places, "other").get(HERE)
    assert 'class="masked"' in page
    assert "3 of 3 numbers" in page
    Browser(places, "other").post(f"{HERE}/furniture", act="unmask", **at("40"))
    assert [(one.start, one.end) for one in article_of(places).editions[-1].furniture] == [
        (TEXT.index(STAFF), TEXT.index("40")), (TEXT.index("명이다"), TEXT.index("명이다") + 4),
    ]  # fmt: skip


def described(page: str) -> dict[str, str]:
    return {"carried": re.findall(r'name="carried" value="([^"]+)"', page)[0]} | {
        "article_id": "sea-news-2031-05", "headline_ko": "배가 늘다", "publisher_ko": "바다신문",
        "holder_ko": "바다신문", "statement_ko": "옮겨 실을 수 없다.", "published_on": "2031-05-01", "language": "ko",
        "authors": "이소라, 박하늘",
    }  # fmt: skip


def test_a_pasted_text_becomes_an_article_in_two_forms(places: LedgerPaths, checker: Browser) -> None:
    first = checker.post(f"{PREFIX}/articles/new", pasted=NEW)
    assert "&lt;b&gt;배&lt;/b&gt;" in first.text
    assert 'name="language" value="ko"' in first.text
    wrong = checker.post(
        f"{PREFIX}/articles/new", **(described(first.text) | {"published_on": "어제", "headline_ko": ""})
    )
    assert wrong.status_code == 409
    assert {'id="problem-published_on"', 'id="problem-headline"'} <= set(re.findall(r'id="problem-\w+"', wrong.text))
    assert "옮겨 실을 수 없다." in wrong.text
    assert lookups.open_drafts(places) == []
    made = checker.post(f"{PREFIX}/articles/new", **described(wrong.text))
    assert made.url.path == f"{PREFIX}/articles/sea-news-2031-05"
    assert "The article was added" in made.text
    assert "<b>배</b>" not in made.text
    assert "&lt;b&gt;배&lt;/b&gt;" in made.text
    article = article_of(places, "sea-news-2031-05")
    assert [person.name for person in article.authors] == [{"ko": "이소라"}, {"ko": "박하늘"}]
    assert article.editions[0].length == len(NEW.replace("\r\n", "\n"))
    assert not (places.claims / "sea-news-2031-05").exists()


@pytest.mark.parametrize(
    ("changed", "code"), [({"article_id": ""}, "wrong-form"), ({"article_id": ARTICLE_ID}, "article-there")]
)
def test_a_new_article_has_a_name_of_its_own(
    places: LedgerPaths, checker: Browser, changed: dict[str, str], code: str
) -> None:
    first = checker.post(f"{PREFIX}/articles/new", pasted=NEW)
    answer = checker.post(f"{PREFIX}/articles/new", **(described(first.text) | changed))
    assert (answer.status_code, f"[{code}]" in answer.text) == (409, True)
    assert lookups.open_drafts(places) == []
    broken = checker.post(f"{PREFIX}/articles/new", **(described(first.text) | {"carried": "AAAA"}))
    assert "[text-lost]" in broken.text


def word_file(text: str) -> bytes:
    held = io.BytesIO()
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": '<Relationships><Relationship Type="http://x/officeDocument" Target="/word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f"<w:document {names}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
        "</w:document>",
    }
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", "짐이 30% 늘었다.".encode("cp949")), ("a.docx", word_file("짐이 30% 늘었다."))],
    ids=["cp949", "docx"],
)
def test_files_are_read(checker: Browser, name: str, content: bytes) -> None:
    answer = checker.post(f"{PREFIX}/articles/new", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    assert f"characters from {name}" in answer.text
    assert "짐이 30% 늘었다." in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "[text-empty]"), ({"address": "http://127.0.0.1/"}, "127.0.0.1"), ({"address": "no address"}, "no address")],
)
def test_what_gives_no_text_is_told(checker: Browser, fields: dict[str, str], words: str) -> None:
    answer = checker.post(f"{PREFIX}/articles/new", **fields)
    assert (answer.status_code, words in answer.text) == (409, True)


def test_a_known_text_and_a_new_edition_say_so(places: LedgerPaths, checker: Browser) -> None:
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


def test_a_claim_is_left_out_of_an_edition_for_a_reason(places: LedgerPaths, checker: Browser) -> None:
    add(places, TEXT.replace("10%", "12%"))
    assert checker.post(f"{HERE}/settle", claim_id=GROWTH, act="leave-out", reason="").status_code == 409
    assert checker.post(f"{HERE}/settle", claim_id=GROWTH, act="place", place="12").status_code == 409
    assert len(desk.list_placement_tasks(places, ARTICLE_ID)) == 1
    assert (
        "The claim was marked as not in this edition"
        in checker.post(f"{HERE}/settle", claim_id=GROWTH, act="leave-out", reason="빠졌다.").text
    )
    assert desk.list_placement_tasks(places, ARTICLE_ID) == []


def test_editions_are_compared_and_queries_followed(places: LedgerPaths, checker: Browser) -> None:
    for claim_id, as_printed, should_read in ((CARGO, "약 120만t", "약 112만t"), (GROWTH, "10%", "12%")):
        desk.query(places, claim_id, as_printed, should_read, actor("checker"))
    assert "no earlier text" in checker.get(f"{HERE}/compare")
    add(places, TEXT.replace("10%", "12%"))
    page = checker.get(f"{HERE}/compare")
    assert "<del>10%</del><ins>12%</ins>" in page
    assert page.count("1 line unchanged") == 2
    assert re.findall(r'<b class="(\w+)">([^<]+)</b>', page) == [("warn", "not fixed"), ("good", "fixed in the text")]


@pytest.mark.parametrize(("language", "words"), [("ko", "필자에게 보낸 질문"), ("en", "Question to the writer")])
def test_the_check_sheet_is_served(checker: Browser, language: str, words: str) -> None:
    assert words in checker.get(f"{HERE}/sheet?lang={language}")


def test_an_article_without_its_text_asks_for_it(places: LedgerPaths, tmp_path: Path) -> None:
    places.desk.unlink()
    with step_setup.open_store(places) as store:
        staff.enrol(store, "checker", "checker", now=step_setup.utc_now())
    assert "The text of this article is not on the desk" in (browser := Browser(places)).get(HERE)
    assert "no text on the desk" in browser.get(f"{PREFIX}/articles")
    assert browser.post(f"{PREFIX}/articles/new", pasted=TEXT).url.path == HERE


def test_names_that_are_not_there_are_not_found(checker: Browser) -> None:
    gone = checker.ask("GET", f"{PREFIX}/articles/nothing"), checker.post(f"{HERE}/nothing")
    assert [answer.status_code for answer in gone] == [404, 404]


@pytest.mark.parametrize("address", [f"{HERE}/accept", f"{PREFIX}/claims/{CARGO}/propose", f"{PREFIX}/sheets/import"])
def test_an_address_that_forms_are_sent_to_leads_to_the_forms_page(checker: Browser, address: str) -> None:
    assert checker.ask("GET", address).url.path == address.rpartition("/")[0]


def test_after_a_decision_comes_the_next_passage_nobody_decided_on(places: LedgerPaths, checker: Browser) -> None:
    add(places, text := TEXT + "배는 30척이다.\n")
    after = checker.post(f"{HERE}/dismiss", **at(STAFF, text), reason="대수롭지 않다.").url
    assert after.params["at"] == "-".join(at("배는 30척이다", text).values())
