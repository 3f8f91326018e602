"""Datasette's own pages: a language, a main landmark, headings in order, facets with labels, all topics of a claim."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from datasette.app import Datasette
from page_reading import got

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]
FIRST = Path(__file__).parent.parent / "ledger.db"
PATHS = ("/ledger", "/ledger/claims", "/ledger/claims/microsoft-invested-13b-in-openai-hvv3", "/ledger/history",
         "/ledger/said_by?speaker=li")  # fmt: skip
Serve = Callable[..., Datasette]


@pytest.mark.parametrize("path", PATHS)
async def test_page_has_a_language_one_main_landmark_and_headings_in_order(serve: Serve, path: str) -> None:
    text = (await got(serve(FIRST), path)).text
    assert '<html lang="en">' in text
    assert text.count("<main>") == text.count("</main>") == 1
    assert text.index("<main>") < text.index("<h1")
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize(("language", "labels"), [
    ("ko", ("사실 확인 (verification_status)", "사실과 다름", "반도체", "발언 속 수치")),
    ("en", ("Fact check (verification_status)", "Incorrect", "startups", "Figure in a statement")),
])  # fmt: skip
async def test_facets_have_labels_in_the_language_of_the_reader(
    serve: Serve, language: str, labels: tuple[str, ...]
) -> None:
    answer = await serve(FIRST).client.get("/ledger/claims", headers={"accept-language": language})
    facets = answer.text.partition('class="facet-results"')[2].partition('class="table-wrapper"')[0]
    for label in labels:
        assert label in facets, label
    assert "verification_status=refuted" in facets


async def test_facet_of_topics_counts_every_topic_of_a_claim(serve: Serve) -> None:
    datasette = serve(FIRST)
    facets = (
        await got(datasette, "/ledger/claims.json?_facet_array=topics&_facet_size=max&_size=0&_extra=facet_results")
    ).json()
    results = facets["facet_results"].get("results", facets["facet_results"])
    counted = {one["value"]: one["count"] for one in results["topics"]["results"]}
    rows = (await got(datasette, "/ledger/topics.json?_size=max&_shape=array")).json()
    assert counted == {topic: sum(row["topic"] == topic for row in rows) for topic in {row["topic"] for row in rows}}
