"""The list of claims by status and topic, and the filter of an article's page: their entries and counts."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from made_ledger import made_entries, write_texts
from page_reading import got, seen

from claimledger.datasette_plugin.public_pages import claim_list_page
from claimledger.publishing import ledger_db
from claimledger.publishing.pages.claim_list import _CLAIMS_OF_TOPIC, _STATUS_CONDITIONS, claim_list, count_by_topic
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.vocabulary import VerificationStatus

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]
Serve = Callable[..., Datasette]
FIRST = Path(__file__).parent.parent / "ledger.db"


@pytest.fixture(scope="module")
def built_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("list") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


def list_queries(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield every query of the list, and the names of the claims that it should find."""
    with open_ledger(path) as connection:
        topics = [None, *(topic for (topic,) in connection.execute("SELECT DISTINCT topic FROM topics"))]
        for topic in topics:
            for status in (None, *VerificationStatus):
                arguments = {"status": status and status.value, "topic": topic}
                query = "&".join(f"{name}={value}" for name, value in arguments.items() if value)
                yield query, _expected_names(connection, arguments)


def _expected_names(connection: sqlite3.Connection, arguments: dict[str, Any]) -> list[str]:
    return [claim_id for (claim_id,) in connection.execute(
        "SELECT claim_id FROM claims WHERE record_state = 'listed' AND coalesce(:status, verification_status) = "
        "verification_status AND (:topic IS NULL OR EXISTS (SELECT 1 FROM topics t WHERE t.claim_id = claims.claim_id "
        "AND t.topic = :topic)) ORDER BY iif(:topic IS NULL, last_recorded_at, '') DESC, "
        "iif(:topic IS NULL, -rowid, 0), claim_id", arguments,
    )]  # fmt: skip


def _listed_claims(page: str) -> list[str]:
    return re.findall(r'class="statement" href="/claims/([^"]+)"', page)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["made", "first"])
async def test_lists_and_their_files_match_the_tables(serve: Serve, built_ledger: Path, which: str) -> None:
    path = built_ledger if which == "made" else FIRST
    datasette = serve(path)
    for query, names in list_queries(path):
        answer = await got(datasette, f"/claims?{query}&lang=en")
        found = _listed_claims(answer.text)
        if len(names) > len(found):
            found += _listed_claims((await got(datasette, f"/claims?{query}&page=2")).text)
        assert found == names, query
        assert f"Claims: {len(names)}<" in answer.text, query
        taken = re.findall(r'href="([^"]+/-/json\?[^"]+)"', answer.text)[0].replace("&amp;", "&")
        assert sorted(row["claim_id"] for row in (await got(datasette, taken)).json()) == sorted(names), taken


@pytest.mark.slow
async def test_filter_counts_match_the_lists_they_link_to(serve: Serve, built_ledger: Path) -> None:
    datasette, choices = serve(built_ledger), []
    for query in ("", "?status=supported", "?topic=cranes"):
        page = (await got(datasette, f"/claims{query}")).text
        choices += re.findall(r'<li><a href="(/claims[^"]*)"[^>]*>(?:(?!</li>).)*</a> \((\d+)\)', page)
    assert len(choices) > 10
    for href, number in choices:
        assert len(_listed_claims((await got(datasette, href.replace("&amp;", "&"))).text)) == int(number), href


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/articles/harbour-monthly-2031-04"])
async def test_status_counts_link_to_the_counted_claims(serve: Serve, built_ledger: Path, path: str) -> None:
    datasette = serve(built_ledger)
    table = (await got(datasette, path)).text.partition('<table class="counts">')[2].partition("</table>")[0]
    row = r'<a href="([^"#]+)(?:#claims)?"><span class="status.*?<td class="number">(\d+)'
    rows = re.findall(row, table, re.DOTALL)
    assert len(rows) >= 2
    for href, number in rows:
        listed = (await got(datasette, href)).text
        assert len(_listed_claims(listed)) == int(number), href
        assert ("noindex" in listed) == ("/articles/" in path or number == "0")


@pytest.mark.slow
async def test_article_claims_of_one_status_can_be_downloaded(serve: Serve) -> None:
    datasette = serve(FIRST)
    page = (await got(datasette, "/articles/economyinsight-158-gpt?status=refuted")).text
    taken = re.findall(r'href="([^"]+/-/json\?[^"]+)"', page)[0].replace("&amp;", "&")
    assert {row["claim_id"] for row in (await got(datasette, taken)).json()} == {*_listed_claims(page)} != set()


@pytest.mark.slow
async def test_topic_links_lead_to_the_claim_list_and_the_table(serve: Serve, built_ledger: Path) -> None:
    datasette = serve(built_ledger)
    claim = await seen(datasette, "/claims/cranes-move-forty-percent-more-aaaa")
    (topic, *_) = [link for link in claim.links() if link.startswith("/claims?topic=")]
    links = (await seen(datasette, topic)).links()
    assert any(link.startswith("/ledger/claims?") for link in links)
    assert "/claims" in links


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "message"), [("status=false", "“false” is not a verdict"), ("topic=Chips", "“Chips” is not a topic"),
                        ("topic=" + 41 * "a", "is not a topic"), ("status=%01", "is not a verdict")]
)  # fmt: skip
async def test_unknown_status_or_topic_is_refused(serve: Serve, built_ledger: Path, query: str, message: str) -> None:
    page = await seen(serve(built_ledger), f"/claims?{query}", 400, headers={"accept-language": "en"})
    assert message in page.words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "rest"), [("en", "The list shows up to 100 pages."), ("ko", "목록은 100페이지까지 보여 줍니다.")]
)
async def test_list_stops_at_its_last_linked_page_and_says_so(
    serve: Serve, built_ledger: Path, monkeypatch: pytest.MonkeyPatch, language: str, rest: str
) -> None:
    monkeypatch.setattr(claim_list_page, "LINES_PER_PAGE", 1)
    monkeypatch.setattr(claim_list_page, "LAST_LINKED_PAGE", 2)
    pages = [(await got(serve(built_ledger), f"/claims?lang={language}&page={number}")).text for number in (1, 2)]
    assert ['rel="next"' in page for page in pages] == [True, False]
    assert [rest in page for page in pages] == [False, True]
    found = await got(serve(built_ledger), f"/claims?lang={language}&status=refuted&page=2")
    assert rest not in found.text


async def test_topic_list_filters_the_status_through_an_index() -> None:
    with open_ledger(FIRST) as connection:
        (plan, *_) = connection.execute(
            f"EXPLAIN QUERY PLAN {_CLAIMS_OF_TOPIC}{_STATUS_CONDITIONS[_CLAIMS_OF_TOPIC]}",
            {"topic": "models", "status": "refuted"},
        )
    assert "(topic=? AND verification_status=?)" in plan["detail"]


async def test_empty_list_runs_no_query_for_claims(
    serve: Serve, built_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_list_page, "claim_list", None)
    assert "No claims match these filters." in (await got(serve(built_ledger), "/claims?lang=en&topic=nothing")).text


@pytest.mark.parametrize("status", [None, VerificationStatus.REFUTED])
@pytest.mark.parametrize("topic", [None, "models"])
async def test_lists_are_read_through_an_index(status: VerificationStatus | None, topic: str | None) -> None:
    with open_ledger(FIRST) as connection:
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        claim_list(connection, status, topic, 1)
        count_by_topic(connection)
        connection.set_trace_callback(None)
        plans = [row["detail"] for sql in statements for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        in_order = (
            [] if status or topic else ["SCAN claims USING INDEX claims_by_last_recorded_at"]
        )  # as far as the page
        assert [step for step in plans if step.startswith("SCAN ") or "TEMP B-TREE" in step] == in_order, plans
