"""The list of claims by words and figures: its order, its choices and its flat tables."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from page_reading import got, seen

from claimledger.publishing import ledger_db
from claimledger.publishing.claim_sheet import CLAIM_SHEET, EVIDENCE_SHEET
from claimledger.publishing.pages import claim_filter
from claimledger.publishing.pages.claim_filter import ClaimFilter, Order, figure_kinds, matching_claims
from claimledger.publishing.pages.searching import search_page
from claimledger.vocabulary import VerificationStatus

Serve = Callable[..., Datasette]
FIRST = Path(__file__).parent.parent / "ledger.db"
BOTH = pytest.mark.parametrize("language", ["en", "ko"])
served = pytest.mark.datasette_lines


@pytest.fixture(scope="module")
def first_ledger() -> Iterator[sqlite3.Connection]:
    with ledger_db.open_read_only(FIRST) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def names(connection: sqlite3.Connection, asked: ClaimFilter) -> list[str]:
    return [
        connection.execute("SELECT claim_id FROM claims WHERE rowid = ?", (row,)).fetchone()[0]
        for row in matching_claims(connection, asked)
    ]


def test_words_and_figures_narrow_each_other_in_both_languages(first_ledger: sqlite3.Connection) -> None:
    invested = ["microsoft-invested-13b-in-openai-hvv3"]
    assert names(first_ledger, ClaimFilter("Microsoft", "money")) == invested
    assert names(first_ledger, ClaimFilter("마이크로소프트", "USD")) == invested
    assert names(first_ledger, ClaimFilter("Microsoft", "CNY")) == []
    assert names(first_ledger, ClaimFilter("Microsoft", "money", VerificationStatus.REFUTED)) == []
    assert names(first_ledger, ClaimFilter("Microsoft", "money", topic="investment")) == invested
    assert len(names(first_ledger, ClaimFilter("Microsoft"))) > len(invested)


@pytest.mark.parametrize("limit", [0, 5_000])
def test_every_kind_of_figure_lists_the_claims_that_have_it(
    first_ledger: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(claim_filter, "MAX_RARE", limit or 1)
    kinds = figure_kinds(first_ledger)
    assert {"USD", "KRW", "person", "percent"} <= {*kinds}
    for kind in kinds:
        expected = first_ledger.execute(
            "SELECT DISTINCT claim_id FROM quantities JOIN claims USING (claim_id) WHERE record_state = 'listed' "
            "AND ? IN (quantities.currency, quantities.unit)", (kind,)
        ).fetchall()  # fmt: skip
        assert {*names(first_ledger, ClaimFilter(figure=kind))} == {row[0] for row in expected} != set(), kind


def test_relevance_puts_names_before_figures_before_words(first_ledger: sqlite3.Connection) -> None:
    def is_named(claim_id: str, columns: str) -> bool:
        found = f"SELECT 'Baidu' IN ({columns}) FROM claims WHERE claim_id = ?"  # noqa: S608  ours
        return bool(first_ledger.execute(found, (claim_id,)).fetchone()[0])

    def find_claims(query: str, order: Order) -> list[str]:
        return [one.claim_id for one in search_page(first_ledger, query, 1, order).lines]

    columns = "speaker, speaker_organization"
    for query in ("Baidu", "바이두"):
        flags = [is_named(claim_id, columns) for claim_id in find_claims(query, "relevance")]
        assert True in flags
        assert False in flags
        assert flags == sorted(flags, reverse=True), query
        assert flags != [is_named(claim_id, columns) for claim_id in find_claims(query, "oldest")]
    assert find_claims("AI", "newest") == find_claims("AI", "oldest")[::-1] != []


@served
@pytest.mark.slow
@pytest.mark.asyncio
@BOTH
async def test_list_offers_the_filter_and_its_files_have_the_same_claims(serve: Serve, language: str) -> None:
    datasette = serve(FIRST)
    for query in (
        "q=Microsoft&figure=money",
        "figure=person&status=supported",
        "topic=models",
        "q=바이두&order=newest",
        "q=쫓는 바이두 알리바바&figure=money",
    ):
        page = (await got(datasette, f"/claims?{quote(query, safe='=&')}&lang={language}")).text
        shown = re.findall(r'class="statement" href="/claims/([^"]+)"', page)
        (flat, *_) = re.findall(r'href="(/claims\.csv[^"]+)"', page)
        answer = await got(datasette, flat.replace("&amp;", "&"))
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert answer.headers["access-control-allow-origin"] == "*"
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert {*rows[0]} == {*CLAIM_SHEET.header}
        assert {row["claim_id"] for row in rows} == {*shown} != set()
        assert "topic" in query or [row["claim_id"] for row in rows] == shown
        for row in rows:
            assert getattr(VerificationStatus(row["fact_check"]), f"label_{language}") == row["fact_check_label"]
            assert row["permalink"].endswith(f"/claims/{row['claim_id']}?lang={language}")
        (table, *_) = re.findall(r'href="([^"]+/-/json\?[^"]+)"', page)
        assert {row["claim_id"] for row in (await got(datasette, table.replace("&amp;", "&"))).json()} == {*shown}
        headlines = re.findall(r'class="hint">[^<]*<a href="/articles/economyinsight-158-gpt[^"]*">', page)
        assert bool(headlines) is ("쫓는" in query)


@served
@pytest.mark.slow
@pytest.mark.asyncio
async def test_file_names_say_the_filter_and_evidence_has_a_long_form(serve: Serve) -> None:
    datasette = serve(FIRST)
    for path in ("/claims.csv?q=Microsoft&figure=money", "/ledger/claims/-/csv?_search=Microsoft&_figure=money"):
        answer = await got(datasette, path)
        assert 'filename="claims-Microsoft-money.csv"' in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO((await got(datasette, "/claims.csv?q=Microsoft&figure=money")).text))
    long = await got(datasette, "/claims-evidence.csv?q=Microsoft&figure=money")
    lines = list(csv.DictReader(io.StringIO(long.content.decode("utf-8-sig"))))
    assert len(lines) == int(row["evidence_count"]) > 1
    assert row["evidence"].splitlines() == [f"{one['stance_label']}: {one['address']}" for one in lines]
    assert {*lines[0]} == {*EVIDENCE_SHEET.header}


@served
@pytest.mark.slow
@pytest.mark.asyncio
async def test_workbook_has_a_filter_and_widths(serve: Serve) -> None:
    answer = await got(serve(FIRST), "/claims.xlsx?topic=models&lang=ko")
    assert 'filename="claims-models.xlsx"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    size = re.findall(r'<dimension ref="([^"]+)"', sheet)
    assert size == re.findall(r'<autoFilter ref="([^"]+)"', sheet)
    widths = {
        place: float(width)
        for first, last, width in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet)
        for place in range(int(first), int(last) + 1)
    }
    places = {name: place for place, name in enumerate(CLAIM_SHEET.header, start=1)}
    assert widths[places["statement_ko"]] > 2 * widths[places["claim_id"]]


@served
@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "message"),
    [("order=best", "“best” is not an order"), ("figure=%00", ""), ("figure=1", "“1” is not a unit or a currency"),
     ("q=-x", "")],
)  # fmt: skip
async def test_wrong_filters_are_refused(serve: Serve, query: str, message: str) -> None:
    page = await seen(serve(FIRST), f"/claims?{query}&lang=en", 400)
    assert message in page.words
