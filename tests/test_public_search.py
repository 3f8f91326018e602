"""The search page and Datasette's own box: what was understood, what is offered, in the reader's language."""

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


async def searched(datasette: Datasette, query: str, language: str) -> Markup:
    return await seen(datasette, f"/search?q={quote(query)}&lang={language}")


@pytest.mark.parametrize(
    ("query", "language", "told"),
    [
        ("$13B", "ko", ["‘$13B’: 값이 130억 달러인 수치로"]),
        ("$13B", "en", ["“$13B” was searched as the figure 13 billion US dollars."]),
        ("바이두가", "ko", ["조사를 빼고 ‘바이두’(으)로 검색했습니다"]),
        ("바이두가", "en", ["“바이두가” was searched as “바이두”"]),
        ("3억명 바이두가", "en", ["“3억명” was searched as the figure 300 million people.", "“바이두가” was searched"]),
        ("3~5%", "ko", ["값이 3~5%인 수치로"]),
    ],
)  # fmt: skip
async def test_the_page_says_what_a_query_was_taken_for(
    serve: Serve, query: str, language: str, told: list[str]
) -> None:
    page = await searched(serve(LEDGER), query, language)
    assert page.one("ul", id="taken")
    for words in told:
        assert words in page.words


@pytest.mark.parametrize("query", ["바이두 ChatGPT 40", '"바이두가 구글"', "2023"])
async def test_the_page_says_nothing_of_words_taken_as_they_are(serve: Serve, query: str) -> None:
    page = await searched(serve(LEDGER), query, "en")
    assert "taken" not in {has.get("id") for _, has in page.elements}


@pytest.mark.parametrize(("language", "asked"), [("ko", "이것을 찾으셨나요?"), ("en", "Did you mean")])
async def test_a_near_spelling_is_a_link_that_finds_claims(serve: Serve, language: str, asked: str) -> None:
    datasette = serve(LEDGER)
    page = await searched(datasette, "바이드 구굴", language)
    link = f"/search?q={quote('바이두')}+{quote('구글')}"
    assert asked in page.words
    assert "바이두 구글 (1)" in page.words
    assert link in page.links()
    assert (await seen(datasette, f"{link}&lang=ko")).words.count("바이두") > 1
    assert asked not in (await searched(datasette, "바이두 구글", language)).words


async def test_what_is_typed_and_offered_is_no_markup(serve: Serve) -> None:
    page = await searched(serve(LEDGER), "<b>바이드</b> $13B&<i>", "en")
    assert not {name for name, _ in page.elements} & {"b", "i"}


@pytest.mark.parametrize("query", ["챗GPT의", "$13B", "13 billion dollars", "3억명", "open AI", "바이두가 구글을"])
async def test_datasettes_own_box_finds_the_same(serve: Serve, query: str) -> None:
    datasette = serve(LEDGER)
    rows = (await got(datasette, f"/ledger/claims.json?_search={quote(query)}&_shape=array&_size=100")).json()
    links = (await searched(datasette, query, "en")).links()
    found = {link.removeprefix("/claims/") for link in links if link.startswith("/claims/")}
    assert found == {row["claim_id"] for row in rows} != set()
