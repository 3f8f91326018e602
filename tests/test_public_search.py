"""The search page and Datasette's search box: the explanation of a query, and suggestions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from page_reading import Markup, got, seen

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

LEDGER = Path(__file__).parent.parent / "ledger.db"
Serve = Callable[..., Datasette]


async def search_page(datasette: Datasette, query: str, language: str) -> Markup:
    return await seen(datasette, f"/search?q={quote(query)}&lang={language}")


@pytest.mark.parametrize(
    ("query", "language", "explanations"),
    [
        ("$13B", "ko", ["‘$13B’: 값이 130억 달러인 수치로"]),
        ("$13B", "en", ["“$13B” was searched as the figure 13 billion US dollars."]),
        ("바이두가", "ko", ["조사를 뺀 ‘바이두’ 검색 결과입니다"]),
        ("바이두가", "en", ["“바이두가” was searched as “바이두”"]),
        ("3억명 바이두가", "en", ["“3억명” was searched as the figure 300 million people.", "“바이두가” was searched"]),
        ("3~5%", "ko", ["값이 3~5%인 수치로"]),
    ],
)  # fmt: skip
async def test_page_explains_how_a_query_was_read(
    serve: Serve, query: str, language: str, explanations: list[str]
) -> None:
    page = await search_page(serve(LEDGER), query, language)
    assert page.one("ul", id="taken")
    for words in explanations:
        assert words in page.words


@pytest.mark.parametrize("query", ["바이두 ChatGPT 40", '"바이두가 구글"', "2023"])
async def test_page_explains_nothing_for_plain_words(serve: Serve, query: str) -> None:
    page = await search_page(serve(LEDGER), query, "en")
    assert "taken" not in {has.get("id") for _, has in page.elements}


@pytest.mark.parametrize(("language", "suggestion"), [("ko", "이것을 찾으셨나요?"), ("en", "Did you mean")])
async def test_similar_spelling_is_a_link_that_finds_claims(serve: Serve, language: str, suggestion: str) -> None:
    datasette = serve(LEDGER)
    page = await search_page(datasette, "바이드 구굴", language)
    link = f"/search?q={quote('바이두')}+{quote('구글')}"
    assert suggestion in page.words
    assert "바이두 구글 (1)" in page.words
    assert link in page.links()
    assert (await seen(datasette, f"{link}&lang=ko")).words.count("바이두") > 1
    assert suggestion not in (await search_page(datasette, "바이두 구글", language)).words


async def test_query_and_suggestions_are_escaped(serve: Serve) -> None:
    page = await search_page(serve(LEDGER), "<b>바이드</b> $13B&<i>", "en")
    assert not {name for name, _ in page.elements} & {"b", "i"}


@pytest.mark.parametrize("query", ["챗GPT의", "$13B", "13 billion dollars", "3억명", "open AI", "바이두가 구글을"])
async def test_datasette_search_box_finds_the_same_claims(serve: Serve, query: str) -> None:
    datasette = serve(LEDGER)
    rows = (await got(datasette, f"/ledger/claims.json?_search={quote(query)}&_shape=array&_size=100")).json()
    links = (await search_page(datasette, query, "en")).links()
    found = {link.removeprefix("/claims/") for link in links if link.startswith("/claims/")}
    assert found == {row["claim_id"] for row in rows} != set()
