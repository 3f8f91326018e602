"""The desk's pages of articles: passages are decided on and corrected, editions are compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from article_pages import HERE, NEW, STAFF, Browser, add, candidate_state, drafted_article, make_newsroom, span_fields
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.datasette_plugin.desk_pages.article_marks import article_lines
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Coverage
from claimledger.vocabulary import Subject


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return make_newsroom(tmp_path)


@pytest.fixture
def checker(places: LedgerPaths) -> Browser:
    return Browser(places)


@pytest.mark.parametrize("address", ["", "/new", f"/{ARTICLE_ID}", f"/{ARTICLE_ID}/sheet", f"/{ARTICLE_ID}/compare"])
def test_pages_without_a_session_lead_to_sign_in(places: LedgerPaths, address: str) -> None:
    nobody = Browser(places, "")
    answer = nobody.ask("GET", f"{PREFIX}/articles{address}")
    assert (answer.url.path, TEXT[:5] in answer.text) == (f"{PREFIX}/sign-in", False)
    act = "/accept" if address == f"/{ARTICLE_ID}" else address
    assert nobody.ask("POST", f"{PREFIX}/articles{act}").status_code in {401, 405}


def test_form_without_a_token_is_refused(places: LedgerPaths, checker: Browser) -> None:
    for act in ("accept", "dismiss", "again", "settle", "furniture", "record"):
        assert checker.ask("POST", f"{HERE}/{act}", data=span_fields(STAFF) | {"reason": "-"}).status_code == 409
    assert checker.ask("POST", f"{PREFIX}/articles/new", data={"pasted": NEW}).status_code == 409
    assert lookups.open_drafts(places) == []
    assert candidate_state(places, STAFF) is Coverage.UNBOUND


@pytest.mark.parametrize(("language", "words"), [("ko", "숫자와 인용 4개 중 3개 검토함"), ("en", "3 of 4 numbers")])
def test_page_shows_the_review_progress(places: LedgerPaths, language: str, words: str) -> None:
    browser = Browser(places, language=language)
    page = browser.get(HERE)
    assert words in page
    assert '<mark class="unbound figure">40명<span class="sign" aria-hidden="true">?</span>' in page
    assert f'<a class="passage" href="{PREFIX}/claims/{CARGO}">' in page
    listed = browser.get(f"{PREFIX}/articles")
    assert "75%" in listed
    assert ("항의 화물" if language == "ko" else "Cargo at Haneul") in listed


def test_page_pieces_join_to_the_text(places: LedgerPaths) -> None:
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


def test_passage_is_accepted_as_a_claim(places: LedgerPaths, checker: Browser) -> None:
    where = span_fields(STAFF)
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
    assert (claim["claim_id"][:7], claim["topics"], claim["about_on"]) == ("gongsa-", ["staff", "port"], "2031")
    assert claim["attribution"] == {"mode": "narration"}
    assert candidate_state(places, STAFF) is Coverage.CLAIMED
    assert "4 of 4 numbers" in checker.get(HERE)


def test_refused_claim_keeps_the_entered_values(places: LedgerPaths, checker: Browser) -> None:
    seen = "-".join(span_fields(STAFF).values())
    typed = {"statement_ko": "<b>마흔</b>", "topics": "Staff Room!", "source_kind": "", "seen": seen}
    answer = checker.post(f"{HERE}/accept", **span_fields(STAFF), **typed)
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


def test_passage_is_dismissed_reopened_and_recorded(places: LedgerPaths, checker: Browser) -> None:
    dismissed = checker.post(f"{HERE}/dismiss", **span_fields(STAFF), reason="대수롭지 않다.")
    assert "The passage was excluded." in dismissed.text
    assert candidate_state(places, STAFF) is Coverage.DISMISSED
    assert "Record 1 exclusion in" in dismissed.text
    where = span_fields(STAFF)
    assert "대수롭지 않다." in checker.get(f"{HERE}?at={where['start']}-{where['end']}")
    recorded = checker.post(f"{HERE}/record")
    assert "Record 1 exclusion in" not in recorded.text
    assert len(drafted_article(places).editions[-1].dismissed) == 1
    checker.post(f"{HERE}/dismiss", **span_fields("약 120만t"), reason="다시 볼 것.")
    checker.post(f"{HERE}/again", **span_fields("약 120만t"))
    _, decided = desk.coverage(places, ARTICLE_ID)
    assert decided.count(Coverage.DISMISSED) == 1


def test_dismissal_needs_a_reason(places: LedgerPaths, checker: Browser) -> None:
    assert checker.post(f"{HERE}/dismiss", **span_fields(STAFF), reason="").status_code == 409
    assert candidate_state(places, STAFF) is Coverage.UNBOUND


@pytest.mark.parametrize("name", ["editor", "admin"])
def test_only_a_checker_decides_on_passages(places: LedgerPaths, name: str) -> None:
    browser = Browser(places, name)
    assert "'Fact-checker'" in browser.get(HERE).replace("&#39;", "'")
    said = {"statement_ko": "공사 직원은 40명이다.", "topics": "staff", "source_kind": "speech", "source_name_ko": "말"}
    forms = {"accept": said, "dismiss": {"reason": "아니다."}, "again": {}, "furniture": {"act": "mask"}, "record": {}}
    for act, fields in forms.items():
        answer = browser.post(f"{HERE}/{act}", **span_fields(STAFF), **fields)
        assert (answer.status_code, "[role-needed]" in answer.text) == (409, True), act
    assert browser.post(f"{PREFIX}/articles/new", pasted=TEXT + "끝.", article_id=ARTICLE_ID).status_code == 409
    assert lookups.open_drafts(places) == []


def test_range_is_changed_by_words_or_numbers(checker: Browser) -> None:
    where = span_fields("40명")
    answer = checker.ask("GET", HERE, params={"words": "40명", "near": "0"})
    assert answer.url.params["at"] == f"{where['start']}-{where['end']}"
    assert '<blockquote lang="ko">40명</blockquote>' in answer.text
    numbers = checker.ask("GET", HERE, params=where)
    assert numbers.url.params["at"] == f"{where['start']}-{where['end']}"
    assert checker.ask("GET", HERE, params={"words": "없는 말"}).status_code == 409


def test_merge_link_includes_the_previous_candidate(checker: Browser) -> None:
    where = span_fields(STAFF)
    start = TEXT.index("“올해는 10%")
    merged = f"-{where['end']}#now"
    page = checker.get(f"{HERE}?at={where['start']}-{where['end']}")
    (link,) = re.findall(r'href="\?at=(\d+)' + re.escape(merged) + '"[^>]*>Merge', page)
    assert int(link) <= start + 1


def test_any_checker_can_correct_page_furniture(places: LedgerPaths, checker: Browser) -> None:
    checker.post(f"{HERE}/furniture", act="mask", **span_fields(STAFF + "."))
    assert [span.start for span in drafted_article(places).editions[-1].furniture] == [TEXT.index(STAFF)]
    page = Browser(places, "other").get(HERE)
    assert 'class="masked"' in page
    assert "3 of 3 numbers" in page
    Browser(places, "other").post(f"{HERE}/furniture", act="unmask", **span_fields("40"))
    assert [(one.start, one.end) for one in drafted_article(places).editions[-1].furniture] == [
        (TEXT.index(STAFF), TEXT.index("40")), (TEXT.index("명이다"), TEXT.index("명이다") + 4),
    ]  # fmt: skip


def test_comparison_shows_changes_and_query_results(places: LedgerPaths, checker: Browser) -> None:
    for claim_id, as_printed, should_read in ((CARGO, "약 120만t", "약 112만t"), (GROWTH, "10%", "12%")):
        desk.query(places, claim_id, as_printed, should_read, actor("checker"))
    assert "no earlier text" in checker.get(f"{HERE}/compare")
    add(places, TEXT.replace("10%", "12%"))
    page = checker.get(f"{HERE}/compare")
    assert "<del>10%</del><ins>12%</ins>" in page
    assert page.count("1 line unchanged") == 2
    assert re.findall(r'<b class="(\w+)">([^<]+)</b>', page) == [("warn", "not fixed"), ("good", "fixed in the text")]


@pytest.mark.parametrize(("language", "words"), [("ko", "필자에게 보낸 질문"), ("en", "Question to the writer")])
def test_check_sheet_is_served(checker: Browser, language: str, words: str) -> None:
    assert words in checker.get(f"{HERE}/sheet?lang={language}")


def test_unknown_names_are_not_found(checker: Browser) -> None:
    gone = checker.ask("GET", f"{PREFIX}/articles/nothing"), checker.post(f"{HERE}/nothing")
    assert [answer.status_code for answer in gone] == [404, 404]


@pytest.mark.parametrize("address", [f"{HERE}/accept", f"{PREFIX}/claims/{CARGO}/propose", f"{PREFIX}/sheets/import"])
def test_get_of_a_form_address_leads_to_its_page(checker: Browser, address: str) -> None:
    assert checker.ask("GET", address).url.path == address.rpartition("/")[0]


def test_next_undecided_passage_is_shown_after_a_decision(places: LedgerPaths, checker: Browser) -> None:
    add(places, text := TEXT + "배는 30척이다.\n")
    after = checker.post(f"{HERE}/dismiss", **span_fields(STAFF, text), reason="대수롭지 않다.").url
    assert after.params["at"] == "-".join(span_fields("배는 30척이다", text).values())
