"""Passages on the article page: changing their range, their speaker, the claim ID, and the words around them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_visits import PREFIX, TestClient, made, sent, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, edit_by, told

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.intake import extract_document
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Span
from claimledger.desk_vocabulary import Coverage
from claimledger.vocabulary import RevisionKind

HERE = f"/articles/{ARTICLE_ID}"
TALL = "새 부두 탑은 900층이다"
FORECAST = "배가 곧 들어온다는 전망이 나온다"
SAID = "한빛시는 올해 시내버스 7400대를 다룬다고 밝혔다. 한빛시는 전기버스가 28%라고 밝혔다."
AROUND = "부두 창고의 임대 수입은 모두 12.5% 줄었고 오래된 건물을 고치는 데에는 예년보다 많은 1,334만원이 들었다. " * 3
LONG = f"{AROUND}{TEXT.strip()} {AROUND}\n{SAID}\n{FORECAST}.\n{TALL}.\n"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    made_by = edit_by("kim", "New text", kind=RevisionKind.UPDATE)
    desk.add_article(
        places, extract_document(LONG.encode(), name="a.txt"), made_by, origin="a.txt", article_id=ARTICLE_ID
    )
    return places


@pytest.fixture
def kim(places: LedgerPaths) -> TestClient:
    return signed_in(places, "kim")


def find_range(words: str) -> tuple[int, int]:
    return LONG.index(words), LONG.index(words) + len(words)


def page_at(client: TestClient, words: str) -> str:
    start, end = find_range(words)
    return str(client.get(f"{PREFIX}{HERE}?at={start}-{end}").text)


@pytest.mark.slow
def test_words_not_in_the_text_stay_in_the_open_form(kim: TestClient) -> None:
    start, end = find_range("직원은 40명이다")
    answer = kim.get(f"{PREFIX}{HERE}", params={"at": f"{start}-{end}", "words": "직원은 <41명>이다"})
    form = re.search(r'<details class="range" open>.*?</details>', answer.text, re.DOTALL)
    assert (answer.status_code, form is not None) == (409, True)
    assert form
    assert ">직원은 &lt;41명&gt;이다</textarea>" in form[0]
    assert "These words are not in the text." in form[0]
    assert f'name="at" value="{start}-{end}"' in form[0]


def test_repeated_words_are_found_near_the_passage(kim: TestClient) -> None:
    second = LONG.index("한빛시는 전기버스")
    near = f"{second}-{second + 4}"
    answer = kim.get(f"{PREFIX}{HERE}", params={"at": near, "words": "한빛시는"}, follow_redirects=False)
    assert answer.headers["location"] == f"{PREFIX}{HERE}?at={near}#now"


@pytest.mark.slow
def test_merged_passage_keeps_the_speaker_of_its_candidates(places: LedgerPaths, kim: TestClient) -> None:
    one, other = SAID.split(". ")
    for words in (one, other, SAID.rstrip("."), "시내버스 7400대를 다룬다고 밝혔다"):
        page = page_at(kim, words)
        assert re.search(r'name="has_speaker" value="yes" checked', page), words
        assert re.search(r'name="speaker_name_ko" value="한빛시"', page), words
    across = page_at(kim, LONG[LONG.index("하늘항만공사는") : LONG.index(FORECAST)])
    assert 'name="speaker_name_ko" value=""' in across  # several speakers


@pytest.mark.slow
def test_missing_speaker_name_and_kind_are_reported_together(kim: TestClient) -> None:
    start, end = find_range(FORECAST)
    form = {"start": start, "end": end, "has_speaker": "yes", "statement_ko": "배가 곧 들어온다.", "topics": "port",
            "source_kind": "announcement", "source_name_ko": "한빛시 발표"}  # fmt: skip
    status, page = sent(kim, f"{HERE}/accept", **form)
    assert (status, "[speaker-needed]" in page, "[speaker-kind-needed]" in page) == (409, True, True)


@pytest.mark.slow
def test_doubtful_amount_is_shown_and_can_be_left_out(places: LedgerPaths, kim: TestClient) -> None:
    start, end = find_range(TALL)
    form = {"start": start, "end": end, "seen": f"{start}-{end}", "statement_ko": "탑이 높다.", "topics": "port",
            "source_kind": "own_reporting", "source_name_ko": "취재", "about_on": "2031"}  # fmt: skip
    status, page = sent(kim, f"{HERE}/accept", **form)
    assert (status, "[implausible-amount]" in page, 'name="leaves_out_doubtful"' in page) == (409, True, True)
    assert 'name="leaves_out_doubtful"' not in page_at(kim, TALL)
    sent(kim, f"{HERE}/accept", **form, leaves_out_doubtful="yes")
    drafts = [draft.record.to_json() for draft in lookups.open_drafts(places)]
    assert [one.get("quantities") for one in drafts if one.get("statement") == {"ko": "탑이 높다."}] == [None]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "begins"), [("buses-of-hanbit", "buses-of-hanbit-"), ("", "hanbit-runs-very-many-buses-in-its-")]
)
def test_claim_id_is_typed_or_made_of_whole_words(
    places: LedgerPaths, kim: TestClient, typed: str, begins: str
) -> None:
    start, end = find_range(SAID.partition(". ")[0])
    form = {"start": start, "end": end, "has_speaker": "yes", "topics": "transport", "claim_slug": typed,
            "statement_en": "Hanbit runs very many buses in its neighbourhood.", "source_kind": "announcement",
            "source_name_ko": "한빛시 발표", "speaker_kind": "organization", "speaker_name_ko": "한빛시"}  # fmt: skip
    status, page = sent(kim, f"{HERE}/accept", **form)
    assert status == 200, page
    assert [one.key for one in lookups.open_drafts(places) if one.key.startswith(begins) and "@" not in one.key]


@pytest.mark.slow
def test_invalid_claim_id_is_refused_and_kept_in_the_form(kim: TestClient) -> None:
    start, end = find_range("직원은 40명이다")
    status, page = sent(
        kim, f"{HERE}/accept", seen=f"{start}-{end}", start=start, end=end, claim_slug="Staff!", topics="port"
    )
    assert (status, 'name="claim_slug" value="Staff!"' in page, "[wrong-form]" in page) == (409, True, True)


@pytest.mark.slow
def test_passage_context_has_whole_words(kim: TestClient) -> None:
    page = kim.get(f"{PREFIX}/claims/{CARGO}").text
    contexts = re.findall(r'<span class="context" dir="auto">([^<]*)</span>', page)
    assert [words for words in contexts if "…" in words]
    for words in contexts:
        assert all(word in LONG.split() for word in words.replace("…", " ").split() if len(word) > 1), words


@pytest.mark.slow
def test_incomplete_article_form_links_the_missing_fields(places: LedgerPaths, kim: TestClient) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), language="ko")
    _, first = sent(kim, "/articles/new", pasted="새 글이다. 값은 3배다.\n")
    carried = re.search(r'name="carried" value="([^"]*)"', first)
    assert carried
    assert '<input id="article_id" name="article_id" value="" required' in first
    _, page = sent(kim, "/articles/new", carried=carried[1], article_id="", language="한국말")
    alert = re.search(r'role="alert">.*?</div>', page, re.DOTALL)
    assert alert
    for link in (
        '<a href="#article_id">기사 ID',
        '<a href="#publisher_ko">매체',
        '<a href="#holder_ko">권리자',
    ):
        assert link in alert[0], link
    assert "economy-insight-158" in alert[0]  # the alert gives an example
    assert "보기처럼" not in alert[0]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "counted"), [("ko", "= 10% 높음"), ("en", "= 10 percent higher")])
def test_figure_is_shown_in_the_users_language(
    places: LedgerPaths, kim: TestClient, language: str, counted: str
) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), language=language)
    assert counted in kim.get(f"{PREFIX}/claims/{GROWTH}").text


SPLIT = "직원은 모두 1860명이고 하루 평균 42만명을 태운다"


def test_rest_of_a_candidate_stays_undecided(places: LedgerPaths, kim: TestClient) -> None:
    made_by, text = edit_by("kim", "New text", kind=RevisionKind.UPDATE), f"{LONG}{SPLIT}.\n"
    desk.add_article(
        places, extract_document(text.encode(), name="a.txt"), made_by, origin="a.txt", article_id=ARTICLE_ID
    )
    first, rest = "직원은 모두 1860명이고", "하루 평균 42만명을 태운다"
    start = text.index(first)
    (whole,) = [one for one in desk.list_candidates(places, ARTICLE_ID)[0] if one.candidate.start == start]
    for words in (first, rest):
        name = "first" if words is first else "rest"
        span = Span(start=text.index(words), end=text.index(words) + len(words))
        desk.accept(places, ARTICLE_ID, span, told(claim_id=f"{name}-aaaa", statement={"ko": words}), made_by)
        (one,) = [one for one in desk.list_candidates(places, ARTICLE_ID)[0] if one.candidate == whole.candidate]
        if words is rest:
            assert (one.state, set(one.claim_ids)) == (Coverage.CLAIMED, {"first-aaaa", "rest-aaaa"})
            break
        assert (one.state, one.claim_ids, text[one.rest.start : one.rest.end]) == (
            Coverage.UNBOUND, ("first-aaaa",), f"{rest}",
        )  # fmt: skip
        page = kim.get(f"{PREFIX}{HERE}?at={span.start}-{span.end}").text
        at_rest = f"?at={one.rest.start}-{one.rest.end}#now"
        assert f'class="next-unbound" href="{at_rest}"' in page
        assert page.count(f'href="{at_rest}"') >= 3  # in the text and in the list
