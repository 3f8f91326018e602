"""A search finds the same claims by any name: words of both languages, topics, headlines, and aliases of the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_ledger import PRICE, SPEED, made_log

from claimledger.publishing import ledger_db
from claimledger.publishing.pages.changes import ChangeFilter, list_changes
from claimledger.publishing.pages import claim_filter
from claimledger.publishing.pages.claim_filter import ClaimFilter
from claimledger.publishing.pages.lines import claim_lines
from claimledger.publishing.pages.searching import search_page

SHIPPED = Path(__file__).parent.parent / "ledger.db"
PAIRS = (
    ("반도체", "chips"), ("반도체", "semiconductors"), ("반도체가", "chip"), ("스타트업", "startups"),
    ("스타트업", "start-up"), ("규제", "regulation"), ("규제를", "regulations"), ("수출 통제", "export controls"),
    ("수출통제", "export-controls"), ("경쟁", "competition"), ("투자", "investment"), ("일자리", "jobs"),
    ("모델", "models"), ("인물", "people"), ("제품", "products"), ("연구", "research"), ("AI", "인공지능"),
    ("A.I.", "AI"), ("인공지능", "artificial intelligence"), ("a.i.", "인공지능"), ("생성형 AI", "생성형AI"),
    ("원신이옌", "Ernie Bot"), ("어니봇", "Ernie Bot"), ("문심일언", "文心一言"), ("어니봇이", "Wenxin Yiyan"),
    ("마이크로소프트", "Microsoft"), ("MS", "Microsoft"), ("구글", "Google"),
    ("바이두", "Baidu"), ("알리바바", "Alibaba"), ("엔비디아", "Nvidia"), ("챗지피티", "ChatGPT"),
    ("왕후이원", "Wang Huiwen"), ("메이퇀", "Meituan"), ("리옌훙", "Robin Li"), ("리카이푸", "Kai-Fu Lee"),
    ("일론 머스크", "Elon Musk"), ("골드만삭스", "Goldman Sachs"), ("광녠즈와이", "Light Years Beyond"),
    ("이류커지", "OneFlow"), ("130억 달러", "$13B"), ("3억 명", "300 million people"), ("40%", "40 percent"),
    ("3분의 2", "two-thirds"), ("AI 반도체", "인공지능 chips"),
    ("MS·구글 쫓는 바이두·알리바바", "Baidu and Alibaba on the heels of Microsoft and Google"),
    ("쫓는 바이두 알리바바", "Alibaba, Baidu: heels of Google"),
)  # fmt: skip
CRANE_NAMES = ({"text": "하늘크레인", "language": "ko"}, {"text": "Sky Arm", "language": "en"}, {"text": "cranes"})


def matching_claims(connection: sqlite3.Connection, query: str) -> set[str]:
    """Return the claims that the search finds; the list of claims must find the same ones."""
    asked = claim_filter.search_headlines(connection, ClaimFilter(query))
    rows = claim_filter.matching_claims(connection, asked)
    listed = {line.claim_id for line in claim_lines(connection, rows)}
    found = {line.claim_id for page in (1, 2, 3) for line in search_page(connection, query, page).lines}
    assert listed == found, query
    return found


@pytest.fixture(scope="module")
def first_ledger() -> Iterator[sqlite3.Connection]:
    with ledger_db.open_read_only(SHIPPED) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def test_pairs_of_names_find_the_same_claims(first_ledger: sqlite3.Connection) -> None:
    assert len(PAIRS) >= 45
    different = [
        pair
        for pair in PAIRS
        if not matching_claims(first_ledger, pair[0])
        or matching_claims(first_ledger, pair[0]) != matching_claims(first_ledger, pair[1])
    ]
    assert different == []


def test_headline_finds_its_claims_but_two_of_its_words_do_not(first_ledger: sqlite3.Connection) -> None:
    every = first_ledger.execute("SELECT count(*) FROM claims WHERE record_state = 'listed'").fetchone()[0]
    assert search_page(first_ledger, "on the heels of Microsoft", 1).found_count == every
    assert search_page(first_ledger, "Google Alibaba heels", 1).found_count == every
    assert search_page(first_ledger, "the heels", 1).found_count < every
    assert search_page(first_ledger, "heel of Microsoft", 1).found_count < every
    assert search_page(first_ledger, "100% _ of", 1).found_count == 0


def alias(*names: dict[str, str]) -> dict[str, Any]:
    return {"alias_id": "sky-arm", "kind": "product", "names": list(names)}


@pytest.mark.slow
def test_aliases_of_the_log_are_names_until_they_are_withdrawn(tmp_path: Path) -> None:
    log = made_log()
    path = tmp_path / "ledger.db"

    def search_again(query: str) -> set[str]:
        ledger_db.build_ledger_db(log.entries, path)
        with ledger_db.open_read_only(path) as connection:
            connection.row_factory = sqlite3.Row
            return matching_claims(connection, query)

    assert search_again("하늘크레인") == search_again("sky arm") == set()
    log.add(alias(*CRANE_NAMES))
    cranes = search_again("cranes")
    assert {PRICE["claim_id"], SPEED["claim_id"]} <= cranes
    assert search_again("하늘크레인은") == search_again("Sky Arm") == search_again("skyarm") == cranes
    assert search_again('"Sky Arm"') == set()
    with ledger_db.open_read_only(path) as connection:
        connection.row_factory = sqlite3.Row
        assert [one.key for one in list_changes(connection, ChangeFilter("2000-01-01"), count=1)] == ["sky-arm"]
    log.add(alias(*CRANE_NAMES[:2]), "update")
    assert search_again("하늘크레인") == set()
    log.add(alias(*CRANE_NAMES), "update")
    log.add(alias(*CRANE_NAMES), "withdrawal")
    assert search_again("하늘크레인") == set()
