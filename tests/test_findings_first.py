"""The front page and an article lead with what was found; charts answer the question of their heading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from page_reading import got, seen

from claimledger.publishing import charts, ledger_reader
from claimledger.publishing.chart_answers import chart_answer
from claimledger.publishing.site import LANGUAGES, PageLanguage

FIRST = Path(__file__).parent.parent / "ledger.db"
ARTICLE = "/articles/economyinsight-158-gpt"
REFUTED = "no-emergence-below-100b-parameters-t32i"
MIXED = "microsoft-invested-13b-in-openai-hvv3"
Serve = Callable[..., Datasette]


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/", ARTICLE])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_lead_with_refuted_and_conflicting_claims(serve: Serve, path: str, language: PageLanguage) -> None:
    text = (await got(serve(FIRST), f"{path}?lang={language}")).text
    main = text[text.index("<main") :]
    places = [main.index(f"/claims/{name}") for name in (REFUTED, MIXED)]
    later = [main.index(f'id="{name}"') for name in (["standing", "verdicts"] if path == "/" else ["reference"])]
    assert max(places[:1]) < min(later)
    assert max(places) < later[-1]
    reason = {"ko": "사실과 다름", "en": "Incorrect"}[language]
    assert reason in main[: places[0]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_chart_of_the_ledger_answers_its_question(language: PageLanguage) -> None:
    with ledger_reader.open_ledger(FIRST) as connection:
        for name in charts.CHARTS:
            chart = charts.count_chart(connection, name, language)
            assert str(chart.title.english).endswith("?")
            assert chart.title.korean.endswith("?")
            answer = chart_answer(chart, language)
            assert answer.endswith(".")
            assert any(f"{cell:,}" in answer for row in chart.rows for cell in row[1:] if isinstance(cell, int)), name


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_charts_with_one_bar_are_not_shown_and_rows_lead_to_claims(serve: Serve) -> None:
    datasette = serve(FIRST)
    page = await seen(datasette, "/charts?lang=en")
    assert "Which articles have the most claims?" not in page.words  # one article
    rows = [link for link in page.links() if "topic=models" in link or "kind=both" in link or "startswith=" in link]
    assert len(rows) == len({*rows}) >= 3
    for link in (*rows, "/ledger/claims?speaker_organization=Baidu"):
        assert link in page.links()
        answer = await got(datasette, link)
        assert answer.status_code == 200
