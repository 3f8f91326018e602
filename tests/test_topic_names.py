"""Topics are slugs in records and tables; pages show their names, in the language of the page if there are any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, LogMaker
from page_reading import seen

from claimledger.publishing import ledger_db
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.wording import topic_names

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines]

FIRST = Path(__file__).parent.parent / "ledger.db"
Serve = Callable[..., Datasette]
PAGE = f"/claims/{JOBS['claim_id']}"


@pytest.fixture
def datasette(serve: Serve, tmp_path: Path) -> Datasette:
    """Serve a ledger of one claim whose topics changed."""
    log = LogMaker()
    log.add(ARTICLE)
    log.add({**JOBS, "topics": ["jobs"]})
    log.add({**JOBS, "topics": ["export-controls", "market-share"]}, "update")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    return serve(tmp_path / "ledger.db")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("language", "topics", "change"),
    [
        ("en", "Topics export controls, market share", "Before jobs After export controls, market share"),
        ("ko", "주제 수출 통제, market share", "수정 전 일자리 수정 후 수출 통제, market share"),
    ],
)
async def test_claim_page_shows_topic_names_linked_to_their_claims(
    datasette: Datasette, language: str, topics: str, change: str
) -> None:
    page = await seen(datasette, f"{PAGE}?lang={language}")
    assert topics in page.words
    assert change in page.words
    assert "market-share" not in page.words
    assert {"/claims?topic=market-share", "/claims?topic=export-controls"} <= set(page.links())
    marked = [has for name, has in page.elements if name in ("span", "bdi") and has.get("lang") == "en"]
    assert bool(marked) == (language == "ko")  # a topic without a Korean word says that it is English
    assert "market-share" in (await seen(datasette, "/ledger/topics")).words


def test_topics_of_the_first_ledger_have_names_in_both_languages() -> None:
    with open_ledger(FIRST) as connection:
        topics = [row[0] for row in connection.execute("SELECT DISTINCT topic FROM topics")]
    assert len(topics) > 5
    assert [topic for topic in topics if set(topic_names(topic)) != {"ko", "en"}] == []
