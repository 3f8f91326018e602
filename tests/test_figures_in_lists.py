"""Figures and issues in lists and on article pages: as printed in the article's language, in words in the other one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from page_reading import got, seen

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]
FIRST = Path(__file__).parent.parent / "ledger.db"
ARTICLE = "/articles/economyinsight-158-gpt"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/speakers/Robin%20Li", ARTICLE, "/claims", "/search?q=OpenAI"])
async def test_english_lists_show_no_korean_figures(serve: Callable[..., Datasette], path: str) -> None:
    datasette, joint = serve(FIRST), "&" if "?" in path else "?"
    figures = re.compile(r'<span class="figure"><span class="hidden">[^<]*</span> (.*?)</span>')
    answers = [(await got(datasette, f"{path}{joint}lang={language}")).text for language in ("en", "ko")]
    english, korean = map(figures.findall, answers)
    assert len(english) == len(korean) > 0
    assert not re.search("[가-힣]", " ".join(english))
    assert re.search("[가-힣]", " ".join(korean))


async def test_english_list_words_figures_like_the_claim_pages(serve: Callable[..., Datasette]) -> None:
    page = await seen(serve(FIRST), f"{ARTICLE}?lang=en")
    for words in ("Figures: about 13 billion US dollars", "Figures: 10 times as large", "Figures: 66.67 percent"):
        assert words in page.words
    assert "Figures: 약 130억달러" not in page.words


@pytest.mark.slow
async def test_issue_is_named_in_the_language_of_the_page(serve: Callable[..., Datasette]) -> None:
    datasette = serve(FIRST)
    english, korean = [(await seen(datasette, f"{ARTICLE}?lang={language}")).words for language in ("en", "ko")]
    assert "Issue 158 Published" in english
    assert "2023, no. 14" in english
    assert "호 158호 " in korean
