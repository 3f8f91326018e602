"""Earlier claims on the desk's pages: suggested for a passage or a claim, and related by a form."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from desk_visits import TestClient, field, made, sent, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT

from claimledger import desk
from claimledger.desk import check_steps, lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.review_versions import store_foreign_reviews
from claimledger.models import ForeignReview
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import Relation, RevisionKind

CARGO_PASSAGE = newsroom.span("하늘항만공사는 지난해 화물이 약 120만t이라고 밝혔다")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    newsroom.add(places, TEXT, newsroom.Clock())
    return places


@pytest.fixture
def client(places: LedgerPaths) -> TestClient:
    return signed_in(places, "kim")


def korean_client(places: LedgerPaths) -> TestClient:
    client = signed_in(places, "kim")
    assert sent(client, "/language", language="ko")[0] == 200
    return client


def claim_page(client: TestClient, claim_id: str = GROWTH) -> str:
    text: str = client.get(f"{PREFIX}/claims/{claim_id}").text
    return text


def passage_page(client: TestClient) -> str:
    at = f"{CARGO_PASSAGE.start}-{CARGO_PASSAGE.end}"
    text: str = client.get(f"{PREFIX}/articles/{ARTICLE_ID}", params={"at": at}).text
    return text


def test_passage_page_offers_claims_with_the_same_content(client: TestClient) -> None:
    shown = passage_page(client)
    assert f'href="{PREFIX}/claims/{CARGO}"' in shown
    assert "<b>Not checked yet</b>" in shown
    assert "<b>The same figures</b> · figure" in shown
    assert f'name="relation_{CARGO}"' in shown
    assert "Same claim (suggested)" not in shown, "the same figures are no proof"
    assert 'value="repeats" selected' not in shown


@pytest.mark.slow
def test_pages_report_an_incomplete_index(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(places, "kim")
    monkeypatch.setattr("claimledger.editorial.earlier_matches._INDEX_BATCH", 0)
    sent(client, f"/claims/{GROWTH}/comment", text="-")
    edit_note(places, "The total of a year.")
    notice = "The index is not complete: 1 record is missing."
    for shown in (claim_page(client), passage_page(client)):
        assert notice in shown
    assert "색인을 만들고 있습니다. 아직 기록 1건" in passage_page(korean_client(places))
    desk.build_public_files(places)
    assert notice not in claim_page(client)


def edit_note(places: LedgerPaths, note: str) -> None:
    at = lookups.claim_at_desk(places, CARGO)
    made = Edit("kim", "Mended.", None, None, (Role.CHECKER,))
    desk.edit(
        places, CARGO, at.claim.to_json() | {"note": {"en": note}}, check_steps.SeenVersion(at.head_sha256, None), made
    )


@pytest.mark.slow
def test_passage_page_offers_earlier_claims_in_korean(places: LedgerPaths) -> None:
    shown = passage_page(korean_client(places))
    assert "<b>같은 수치</b> · 수" in shown
    assert "같은 주장 (추천)" not in shown
    assert "이름 하늘항만공사" in shown


def accept(client: TestClient, **more: str) -> str:
    fields = {
        "start": str(CARGO_PASSAGE.start), "end": str(CARGO_PASSAGE.end), "topics": "cargo", "source_kind": "speech",
        "statement_ko": "2030년 하늘항 화물은 약 120만t이다.", "source_name_ko": "발표", "has_speaker": "yes",
        "speaker_kind": "organization", "speaker_name_ko": "하늘항만공사", **more,
    }  # fmt: skip
    return sent(client, f"/articles/{ARTICLE_ID}/accept", **fields)[1]


def test_accepted_claim_gets_the_chosen_relation(places: LedgerPaths, client: TestClient) -> None:
    accept(client, **{f"relation_{CARGO}": "repeats"})
    drafted = [draft.record.to_json() for draft in lookups.open_drafts(places) if draft.subject == "claim"]
    assert [one.get("relations") for one in drafted] == [[{"relation": "repeats", "claim_id": CARGO}]]


@pytest.mark.slow
def test_accept_refuses_unknown_relations_and_claims(places: LedgerPaths, client: TestClient) -> None:
    refused = accept(client, **{f"relation_{CARGO}": "rhymes"})
    assert "unknown-word" in refused
    refused = accept(client, relation_nobody="repeats")
    assert "[wrong-form]" in refused
    assert lookups.open_drafts(places) == []
    accept(client, **{f"relation_{CARGO}": ""})
    assert [draft.record.to_json().get("relations") for draft in lookups.open_drafts(places)] == [None, None]


@pytest.mark.slow
def test_relation_is_set_on_the_claim_page(places: LedgerPaths, client: TestClient) -> None:
    assert f'name="relation_{CARGO}"' not in claim_page(client), "a similar claim alone is not offered"
    accept(client)
    (again,) = [draft.key for draft in lookups.open_drafts(places) if draft.subject == "claim"]
    shown = claim_page(client, again)
    assert f'name="relation_{CARGO}"' in shown
    status, shown = sent(client, f"/claims/{again}/relate", seen=field(shown, "seen"),
                         **{f"relation_{CARGO}": "supersedes"})  # fmt: skip
    assert status == 200
    assert f'Replaces: <a href="{PREFIX}/claims/{CARGO}">' in shown
    (related,) = lookups.claim_at_desk(places, again).claim.relations
    assert related.relation is Relation.SUPERSEDES
    assert f'name="relation_{CARGO}"' not in shown


@pytest.mark.slow
def test_foreign_review_is_shown_verbatim_and_escaped(places: LedgerPaths, client: TestClient) -> None:
    review = ForeignReview(
        url="https://example.org/1?a=1&b=2", publisher="<b>Check</b>", rating="Mostly <true>",
        claim_text="Haneul Port Authority: 1.2 million tonnes",
    )  # fmt: skip
    with step_setup.open_store(places) as store, store.writing() as connection:
        store_foreign_reviews(connection, [review], "kim", step_setup.utc_now())
    shown = claim_page(client, CARGO)
    assert "&lt;b&gt;Check&lt;/b&gt;: “Mostly &lt;true&gt;”" in shown
    assert "<b>Check</b>" not in shown


@pytest.mark.slow
def test_queue_shows_the_reason_of_a_recheck(places: LedgerPaths) -> None:
    client, editors = korean_client(places), (StaffMember("lee", ("editor",)), StaffMember("park", ("editor",)))  # type: ignore[arg-type]
    sent(client, f"/claims/{GROWTH}/relate", seen=field(claim_page(client), "seen"), **{f"relation_{CARGO}": "repeats"})
    desk.publish(places, editors[0])
    assert CARGO not in client.get(f"{PREFIX}?view=recheck").text
    desk.withdraw(places, CARGO, editors[0], reason="기사가 거두어졌다.")
    desk.publish(places, editors[1])
    shown = client.get(f"{PREFIX}?view=recheck").text
    assert f'<b class="warn">근거로 삼은 주장이 반박·철회됨</b> ({CARGO})' in shown
    assert RevisionKind.WITHDRAWAL is lookups.claim_at_desk(places, CARGO).revisions[-1].kind
