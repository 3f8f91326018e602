"""Approving a claim's new position: the old and the new passage are shown, and findings block approval."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_visits import PREFIX, field, made, sent, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, actor, edit_by, span

from claimledger import desk
from claimledger.desk import lookups
from claimledger.errors import ProblemsFound
from claimledger.intake import extract_document
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Waiver
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

OLD, NEW = "화물이 약 120만t이라고", "짐이 약 112만t이라고"
PAGE = f"/claims/{CARGO}"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom whose new edition has another number, with the claim placed on it."""
    places, made_by = made(tmp_path), edit_by("kim", "New text", kind=RevisionKind.UPDATE)
    for text in (TEXT, TEXT.replace(OLD, NEW)):
        desk.add_article(
            places, extract_document(text.encode(), name="a.txt"), made_by, origin="a.txt", article_id=ARTICLE_ID
        )
    (task,) = desk.list_placement_tasks(places, ARTICLE_ID)
    assert task.carried.appearance.claim_id == CARGO
    newest = TEXT.replace(OLD, NEW)
    desk.settle(places, ARTICLE_ID, CARGO, span(f"하늘항만공사는 지난해 {NEW} 밝혔다", newest), made_by)
    return places


def test_pending_position_shows_old_and_new_passage(places: LedgerPaths) -> None:
    page = signed_in(places, "lee").get(f"{PREFIX}{PAGE}").text
    waits = page[page.index('id="waits"') : page.index("/approve")]
    assert re.findall(r"<(?:mark|span class=\"before\")(?: dir=\"auto\")?>([^<]*)<", waits) == [
        f"하늘항만공사는 지난해 {words} 밝혔다" for words in (OLD, NEW)
    ]


def test_passage_with_the_same_words_needs_no_approval(places: LedgerPaths) -> None:
    page = signed_in(places, "lee").get(f"{PREFIX}?view=review").text
    assert (f'aria-labelledby="is-{CARGO}"' in page, f'aria-labelledby="is-{GROWTH}"' in page) == (True, False)
    assert NEW in page, "the new passage is shown"
    assert lookups.claim_at_desk(places, GROWTH).waiting, "it becomes public with the edition"
    page = signed_in(places, "lee").get(f"{PREFIX}/claims/{GROWTH}").text
    assert re.findall(r"<h3>(\w+ edition)</h3>", page) == ["Earlier edition", "Newest edition"]


def test_open_finding_blocks_approval_until_it_is_waived(places: LedgerPaths) -> None:
    lee = signed_in(places, "lee")
    page = lee.get(f"{PREFIX}{PAGE}").text
    button = re.search(r"<button[^>]*>Approve<", page)
    assert button
    assert "disabled" in button[0]
    status, page = sent(lee, f"{PAGE}/approve", draft_id=field(page, "draft_id"))
    assert (status, "[open-findings]" in page) == (409, True)
    (finding,) = lookups.claim_at_desk(places, CARGO).findings
    with pytest.raises(ProblemsFound, match="open-findings"):
        desk.approve_many(places, [(CARGO, lookups.claim_at_desk(places, CARGO).newest_draft_id)], actor("lee"))
    waiver = Waiver(code=finding.code, reason={"ko": "기사가 고쳐졌고 정정을 낸다."})
    desk.waive(places, CARGO, waiver, edit_by("kim", "Waived."))
    desk.approve(places, CARGO, lookups.claim_at_desk(places, CARGO).newest_draft_id, actor("lee"))
