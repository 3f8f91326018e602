"""The queue: searching claims, published verdicts in the list, and bulk actions by role."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize

import newsroom
import pytest
import staff
from desk_visits import PREFIX, TestClient, made, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH

from claimledger import desk
from claimledger.desk import check_steps, lookups, step_setup
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.pages.searching import search_page
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import Question, RevisionKind

DRAFT = "quay-costs-a-lot-e5f6"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


@pytest.fixture
def kim(places: LedgerPaths) -> TestClient:
    return signed_in(places, "kim")


def listed_claim_ids(page: str) -> list[str]:
    return re.findall(rf'<td role="cell"><a href="{PREFIX}/claims/([^"]+)"', page)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "found"), [
    ("하늘항이", [CARGO, GROWTH]), ("서미래", [GROWTH]), ("MILLION  tonnes", [CARGO]), ("grow 10", [GROWTH]),
    ("120만t쯤", [CARGO]),
    (CARGO[-4:], [CARGO]), (normalize("NFD", "열에 하나꼴"), [GROWTH]), ("million 서미래", []), ("100%_", []),
    ("1_2", []), ("2%2", []), ("|", []),
    ("'; DROP", []), (ARTICLE_ID, [CARGO, GROWTH]),
])  # fmt: skip
def test_claims_are_found_by_words_in_either_language(kim: TestClient, words: str, found: list[str]) -> None:
    page = kim.get(PREFIX, params={"view": "all", "words": words}).text
    assert sorted(listed_claim_ids(page)) == sorted(found)
    assert f">{len(found)} claim" in page


QUERIES = (
    "1.2 million tonnes", "120만t", "10 percent", "항만공사는", "Haneul Port Authority", '"2030년 하늘항이"',
    "cargo -million", "tonn*", "director", "항만공사 발표", "Haneul OR 서미래",
)  # fmt: skip


@pytest.mark.parametrize("words", QUERIES)
def test_desk_finds_what_the_public_search_finds(places: LedgerPaths, words: str) -> None:
    with open_ledger(places.ledger) as connection:
        public = {line.claim_id for line in search_page(connection, words, 1).lines}
    assert public, "the query finds something"
    assert public <= {row.claim_id for row in lookups.queue(places, WorkFilter(words=words))[0]}


def test_drafts_are_found_by_figures_topics_names_and_headline(places: LedgerPaths) -> None:
    newsroom.write(places, DRAFT, newsroom.cargo() | {
        "claim_id": DRAFT, "topics": ["export-controls"],
        "statement": {"ko": "인공지능 부두를 넓히는 데 13억 달러가 든다."},
        "quantities": [{"text": "13억 달러", "amount": "1300000000", "currency": "USD"}],
        "speaker": {"kind": "organization", "name": {"ko": "인공지능연구원"}},
    })  # fmt: skip
    desk.record(places, [], newsroom.edit_by("kim", "First reading"))
    for words in ("$1.3bn", "수출 통제", "artificial intelligence", "부두를 넓히는", DRAFT[-4:]):
        assert [row.claim_id for row in lookups.queue(places, WorkFilter(words=words))[0]] == [DRAFT], words
    assert DRAFT in [
        row.claim_id for row in lookups.queue(places, WorkFilter(words=newsroom.article()["headline"]["en"]))[0]
    ]
    assert lookups.queue(places, WorkFilter({"record": "listed"}, words="$1.3bn"))[1] == 0, "other filters still count"


def test_list_of_tasks_needs_no_ledger_db(places: LedgerPaths) -> None:
    places.ledger.unlink()
    assert [row.claim_id for row in lookups.queue(places, WorkFilter(words="서미래"))[0]] == [GROWTH]


@pytest.mark.slow
def test_search_stays_within_the_view_and_keeps_the_words(kim: TestClient) -> None:
    page = kim.get(PREFIX, params={"view": "all", "record": "listed", "words": "million"}).text
    form = re.search(r'<form class="acts" role="search".*?</form>', page, re.DOTALL)
    assert form
    assert '<input type="hidden" name="view" value="all">' in form[0]
    assert '<input type="hidden" name="record" value="listed">' in form[0]
    assert 'name="words" type="search" value="million"' in form[0]
    assert listed_claim_ids(kim.get(PREFIX, params={"view": "mine", "words": "million"}).text) == []
    counted = re.search(r"<h2>Speaker</h2>.*?</ul>", page, re.DOTALL)
    assert counted
    assert "하늘항만공사" in counted[0]
    assert "서미래" not in counted[0]


def test_filter_counts_cover_only_found_claims(places: LedgerPaths) -> None:
    rows, count, counts = lookups.queue_page(places, WorkFilter(words="서미래"), 1, ("speaker",))
    assert (len(rows), count, counts) == (1, 1, {"speaker": [("서미래", 1)]})


@pytest.mark.slow
def test_search_uses_only_the_first_words(kim: TestClient) -> None:
    few, many = (" ".join(["million", *["tonnes"] * 7, word]) for word in ("cargo", "nothing-like-it"))
    for words in (few, many):
        page = kim.get(PREFIX, params={"view": "all", "words": words}).text
        assert listed_claim_ids(page) == [CARGO]
        assert f'type="search" value="million{" tonnes" * 7}"' in page  # the words that were searched


def test_search_ignores_case_in_every_alphabet(places: LedgerPaths) -> None:
    found = lookups.claim_at_desk(places, CARGO)
    speaker = {"kind": "person", "name": {"en": "Émile Ören"}}
    edit = newsroom.edit_by("kim", "The speaker has a name.")
    desk.edit(
        places,
        CARGO,
        found.claim.to_json() | {"speaker": speaker},
        check_steps.SeenVersion(found.head_sha256, None),
        edit,
    )
    for words in ("émile", "ÖREN", "E\u0301mile"):
        assert [row.claim_id for row in lookups.queue(places, WorkFilter(words=words))[0]] == [CARGO], words


def publish_verdict(places: LedgerPaths) -> None:
    """Propose a verdict on the claim about growth."""
    desk.assign(places, GROWTH, Question.SO, "kim", newsroom.actor("lee"))
    found = lookups.claim_at_desk(places, GROWTH)
    verdict = {"question": "so", "value": "not_checkable", "rationale": {"en": "A forecast."}, "as_of": "2023-04"}
    made_by = newsroom.edit_by("kim", "Read.", RevisionKind.VERDICT)
    desk.edit(
        places,
        GROWTH,
        found.claim.to_json() | {"verdicts": [verdict]},
        check_steps.SeenVersion(found.head_sha256, None),
        made_by,
    )


@pytest.mark.slow
def test_published_verdict_is_shown_next_to_the_stage(places: LedgerPaths, kim: TestClient) -> None:
    publish_verdict(places)
    assert "<b>Not a checkable fact</b>" not in kim.get(f"{PREFIX}?view=all").text  # the verdict is not published yet
    desk.publish(places, newsroom.actor("lee"))
    page = kim.get(f"{PREFIX}?view=all").text
    assert page.count("<b>Not a checkable fact</b>") == 1
    assert "Fact check: <b>Not a checkable fact</b>" in page


@pytest.mark.slow
def test_bulk_actions_are_offered_by_role(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        staff.enrol(store, "ada", Role.ADMIN.value, now=step_setup.utc_now())
    offered = {
        name: re.findall(r'<button name="act" value="(\w+)"', signed_in(places, name).get(f"{PREFIX}?view=all").text)
        for name in ("kim", "lee", "ada")
    }
    assert offered == {"kim": ["assign"], "lee": ["assign", "publish"], "ada": []}
    assert 'name="claim_id" value' not in signed_in(places, "ada").get(f"{PREFIX}?view=all").text
