"""The changes since a day: the page, its counts, its filters, the feed and the CSV, in one language each."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, PRICE, SHARE, SPEED, made_entries
from page_reading import got, markup, seen

from claimledger.publishing import ledger_db
from claimledger.publishing.pages.changes import (
    ChangeFilter, count_changes, first_number_since, list_changes,
)  # fmt: skip
from claimledger.publishing.tables import REVISION

pytestmark = pytest.mark.datasette_lines

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "ledger.db"
BEGINNING = "2000-01-01"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("changes") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture
def connection(ledger: Path) -> Iterator[sqlite3.Connection]:
    with ledger_db.open_read_only(ledger) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def numbers(connection: sqlite3.Connection, **asked: Any) -> list[int]:  # noqa: ANN401
    wanted = ChangeFilter(**{"since": BEGINNING, **asked})
    return [one.number for one in list_changes(connection, wanted, count=1000)]


def test_every_revision_is_in_one_group_and_counted(connection: sqlite3.Connection) -> None:
    groups = ("correction", "withdrawal", "redaction", "verdict", "update", "listed", "document")
    found = numbers(connection, groups=groups)
    sql = "SELECT number FROM revision WHERE NOT (subject = 'appearance' AND kind = 'listed') ORDER BY number DESC"
    assert found == [row[0] for row in connection.execute(sql)]
    assert sorted(number for group in groups for number in numbers(connection, groups=(group,))) == sorted(found)
    counts = count_changes(connection, BEGINNING)
    assert counts == (1, 1, 2, 0, 2, 8)
    assert set(numbers(connection)) == set(found) - set(numbers(connection, groups=("document",)))


def test_first_number_of_a_day_is_found_without_reading_all(connection: sqlite3.Connection) -> None:
    days = [row[0] for row in connection.execute("SELECT DISTINCT substr(recorded_at, 1, 10) FROM revision")]
    for day in days:
        row = connection.execute("SELECT min(number) FROM revision WHERE recorded_at >= ?", (day,)).fetchone()
        assert first_number_since(connection, day) == row[0]
    last = connection.execute("SELECT max(number) FROM revision").fetchone()[0]
    assert first_number_since(connection, "2999-01-01") == last + 1
    plan = "EXPLAIN QUERY PLAN SELECT number FROM revision WHERE subject = ? AND kind = ? AND number >= ?"
    assert f"{REVISION.name}_by_subject_and_kind" in connection.execute(plan, ("claim", "verdict", 1)).fetchone()[3]


def test_filters_keep_the_claims_their_article_and_documents(connection: sqlite3.Connection) -> None:
    of_claim = [(one.key, one.kind) for one in list_changes(
        connection, ChangeFilter(BEGINNING, claim=PRICE["claim_id"]), count=9
    )]  # fmt: skip
    assert of_claim == [(PRICE["claim_id"], "correction"), (PRICE["claim_id"], "listed")]
    speaker = {one.key for one in list_changes(connection, ChangeFilter(BEGINNING, speaker="서미래"), count=99)}
    assert {SPEED["claim_id"], PRICE["claim_id"]} <= speaker
    assert not {JOBS["claim_id"], ARTICLE["article_id"]} & speaker
    article = list_changes(connection, ChangeFilter(BEGINNING, article=ARTICLE["article_id"]), count=99)
    assert {ARTICLE["article_id"], JOBS["claim_id"]} <= {one.key for one in article}


def test_redacted_versions_show_no_value(connection: sqlite3.Connection) -> None:
    found = list_changes(connection, ChangeFilter(BEGINNING, claim=SHARE["claim_id"]), count=9)
    assert [(str(one.kind), bool(one.redacted_at)) for one in found] == [
        ("redaction", False), ("withdrawal", True), ("listed", True),
    ]  # fmt: skip
    assert all(not (one.fields or one.reason or one.answers) for one in found[1:])


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["ko", "en"])
async def test_page_file_and_feed_have_the_same_changes(
    serve: Callable[..., Datasette], ledger: Path, language: str
) -> None:
    datasette = serve(ledger)
    query = f"since={BEGINNING}&kind=correction&kind=verdict&lang={language}"
    page = await seen(datasette, f"/changes?{query}")
    listed = [str(one["id"]) for tag, one in page.elements if tag == "li" and one.get("class") == "change"]
    answer = await got(datasette, f"/changes.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sorted(listed) == sorted(row["number"] for row in rows)
    assert "changes-since-2000-01-01.csv" in answer.headers["content-disposition"]
    feed = ET.fromstring((await got(datasette, f"/feeds/changes.atom?{query}")).content)  # noqa: S314  our own
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(rows) == 3
    assert all(row["address"].endswith(f"lang={language}") for row in rows)
    correction = next(row for row in rows if row["kind"] == "correction")
    assert correction["reason"] == {"ko": "금액을 고쳤다.", "en": "The sum was $13.55 million."}[language]
    assert {"ko": "수정 전 13,500,000 수정 후 13,550,000", "en": "Before 13,500,000 After 13,550,000"}[
        language
    ] in page.words
    assert (await seen(datasette, f"/changes?since=x&lang={language}", 400)).words
    assert (await seen(datasette, f"/changes?kind=x&lang={language}", 400)).words


AS_PRINTED = ("원문 표기", "검색어")
"""The names of a document's own words and of search terms, which stay in their language."""


@pytest.mark.slow
@pytest.mark.asyncio
async def test_pages_show_one_language(serve: Callable[..., Datasette]) -> None:
    datasette = serve(SHIPPED)
    for claim in ("oneflow-valued-at-500m-yuan-pkny", "wang-huiwen-puts-in-50m-of-own-money-j7or"):
        for path in (f"/claims/{claim}", f"/changes?since={BEGINNING}&claim={claim}"):
            page = (await got(datasette, f"{path}{'&' if '?' in path else '?'}lang=ko")).text
            begin = page.index('id="history"' if "/claims/" in path else '<h2 id="day-')
            history = page[begin:].partition("</main>")[0]
            unfolded = re.sub(r'<details class="inline">.*?</details>', "", history, flags=re.DOTALL)
            rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", unfolded, flags=re.DOTALL)
            cells = [markup(cell).words for name, cell in rows if not name.endswith(AS_PRINTED)]
            assert [cell for cell in cells if re.search("[A-Za-z]{4}", cell) and not re.search("[가-힣]", cell)] == []
            assert "Documents were searched" not in unfolded


@pytest.mark.slow
@pytest.mark.asyncio
async def test_older_changes_continue_without_a_gap(serve: Callable[..., Datasette]) -> None:
    datasette = serve(SHIPPED)
    address, found = f"/changes?since={BEGINNING}&kind=verdict&kind=document&lang=en", []
    while address:
        page = await seen(datasette, address)
        found += [one["id"] for tag, one in page.elements if tag == "li" and one.get("class") == "change"]
        address = next((str(one["href"]) for tag, one in page.elements if tag == "a" and one.get("rel") == "next"), "")
    assert len(found) == len(set(found)) == 424
