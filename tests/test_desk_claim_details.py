"""Details of the claim page: publication status, links, the reason of a draft, and typed amounts."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
import staff
from desk_visits import PREFIX, TestClient, field, made, sent, signed_in
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.errors import Problem
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim

STAFF = TEXT.index("직원은")
HERE = f"/articles/{ARTICLE_ID}"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    newsroom.add(places, TEXT, Clock())
    return places


@pytest.fixture
def kim(places: LedgerPaths) -> TestClient:
    return signed_in(places, "kim")


def accept_claim(client: TestClient, places: LedgerPaths) -> str:
    """Accept a passage as a claim and return the claim's ID."""
    status, page = sent(
        client, f"{HERE}/accept", start=STAFF, end=STAFF + 9, statement_ko="공사 직원은 40명이다.", topics="staff",
        source_kind="own_reporting", source_name_ko="월간 항만의 취재",
    )  # fmt: skip
    assert status == 200, page
    return next(one.key for one in lookups.open_drafts(places) if isinstance(one.record, Claim))


def claim_page(client: TestClient, claim_id: str) -> str:
    return str(client.get(f"{PREFIX}/claims/{claim_id}").text)


@pytest.mark.slow
def test_new_claim_is_marked_as_not_public_yet(places: LedgerPaths, kim: TestClient) -> None:
    claim_id = accept_claim(kim, places)
    page = claim_page(kim, claim_id)
    assert "<b>Not public yet</b>" in page
    assert "Public page</a>" not in page
    edit = {"seen": field(page, "seen"), "statement_en": "The authority has a staff of 40."}
    _, page = sent(kim, f"/claims/{claim_id}/edit", **edit_form(page) | edit)
    assert "It is not public yet; choi or lee or park can publish it." in page


def edit_form(page: str) -> dict[str, str]:
    """Return the form values of a claim made by `accept_claim`."""
    assert 'name="source_name_ko"' in page
    return {
        "statement_ko": "공사 직원은 40명이다.", "topics": "staff", "source_kind": "own_reporting",
        "source_name_ko": "월간 항만의 취재", "attribution_mode": "narration",
    }  # fmt: skip


@pytest.mark.slow
def test_edit_and_evidence_keep_the_reason_of_a_new_claim(places: LedgerPaths, kim: TestClient) -> None:
    claim_id = accept_claim(kim, places)
    page = claim_page(kim, claim_id)
    edit = {"seen": field(page, "seen"), "statement_en": "The authority has a staff of 40."}
    assert sent(kim, f"/claims/{claim_id}/edit", **edit_form(page) | edit)[0] == 200
    call = {
        "seen": field(claim_page(kim, claim_id), "seen"), "title_en": "A call", "medium": "call", "tier": "primary",
        "language": "ko", "stance": "supports", "summary_en": "They said so.",
    }  # fmt: skip
    assert sent(kim, f"/claims/{claim_id}/attach", **call)[0] == 200
    draft = lookups.claim_at_desk(places, claim_id).draft
    assert (draft and draft.reason) == "Added as a claim from the article. · 기사에서 주장으로 등록했다."


@pytest.mark.slow
def test_furniture_correction_keeps_the_reason_of_a_new_article(tmp_path: Path) -> None:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("kim", "Bought for the archive."))
    newsroom.add(places, TEXT, Clock())
    enrol_kim(places)
    kim = signed_in(places, "kim")
    status, page = sent(kim, f"{HERE}/furniture", act="mask", start=0, end=TEXT.index("\n"))
    assert status == 200, page
    (article,) = [one for one in lookups.open_drafts(places) if one.key == ARTICLE_ID]
    assert article.reason == "Bought for the archive."


def enrol_kim(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        staff.enrol(store, "kim", "checker", now=step_setup.utc_now())


@pytest.mark.slow
def test_claim_page_links_article_passage_and_public_page(places: LedgerPaths, kim: TestClient) -> None:
    page = claim_page(kim, CARGO)
    (entry,) = lookups.claim_at_desk(places, CARGO).appearances
    assert f'<a href="/claims/{CARGO}">Public page</a>' in page
    assert f"{HERE}?at={entry.position.start}-{entry.position.end}#now" in page
    assert f'<a href="{PREFIX}{HERE}">{newsroom.article()["headline"]["en"]}</a>' in page


def test_person_named_like_a_role_keeps_the_name_in_korean() -> None:
    assert "‘checker’ 님의 초안" in Problem("laid-over-draft", author="checker").text("ko")


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "kept"), [("124,000,000,000", "124000000000"), ("1,234.5", "1234.5")])
def test_amount_accepts_thousands_separators(places: LedgerPaths, kim: TestClient, typed: str, kept: str) -> None:
    claim_id = accept_claim(kim, places)
    page = claim_page(kim, claim_id)
    figure = {"quantity_0_text": "40명", "quantity_0_amount": typed, "quantity_0_unit": "person"}
    status, page = sent(kim, f"/claims/{claim_id}/edit", **edit_form(page) | figure | {"seen": field(page, "seen")})
    assert status == 200, page
    assert lookups.claim_at_desk(places, claim_id).claim.to_json()["quantities"][0]["amount"] == kept


@pytest.mark.slow
def test_amount_refuses_a_misplaced_comma(places: LedgerPaths, kim: TestClient) -> None:
    claim_id = accept_claim(kim, places)
    page = claim_page(kim, claim_id)
    figure = {"quantity_0_text": "40명", "quantity_0_amount": "1,5", "quantity_0_unit": "person"}
    assert sent(kim, f"/claims/{claim_id}/edit", **edit_form(page) | figure | {"seen": field(page, "seen")})[0] == 409


def test_single_edition_is_counted_in_the_singular(kim: TestClient) -> None:
    assert "1 edition" in kim.get(f"{PREFIX}{HERE}").text
    assert "1 edition" in kim.get(f"{PREFIX}/articles").text
