"""The page for an unknown address offers similar records by name and has no report link for the missing record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, HARBOUR_PAGE, SPEED, made_entries
from page_reading import seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]


@pytest.fixture
def made_up_ledger(serve: Serve, tmp_path: Path) -> Datasette:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return serve(tmp_path / "ledger.db")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("path", "leads_to", "labels"),
    [
        ("/speakers/서미래", "/speakers/Seo%20Mirae", {"ko": "서미래", "en": "Seo Mirae"}),
        ("/speakers/seo mirae", "/speakers/Seo%20Mirae", {"ko": "서미래", "en": "Seo Mirae"}),
        ("/sources/항만월간", HARBOUR_PAGE, {"ko": "항만월간", "en": "Harbour Monthly"}),
        (f"/claims/{SPEED['claim_id'].title()}", f"/claims/{SPEED['claim_id']}", SPEED["statement"]),
        (f"/claims/{SPEED['claim_id'][:-2]}", f"/claims/{SPEED['claim_id']}", SPEED["statement"]),
        (f"/articles/{ARTICLE['article_id'].upper()}", f"/articles/{ARTICLE['article_id']}", ARTICLE["headline"]),
    ],
)
async def test_missing_page_offers_similar_records_by_name(
    made_up_ledger: Datasette, path: str, leads_to: str, labels: dict[str, str], language: str
) -> None:
    page = await seen(made_up_ledger, f"{quote(path)}?lang={language}", 404)
    assert leads_to in page.links()
    near = page.words.partition({"ko": "비슷한 이름", "en": "Similar names"}[language])[2]
    assert near.lstrip().startswith(labels[language])


async def test_missing_page_has_no_report_link_of_its_own(made_up_ledger: Datasette) -> None:
    for address in ("/claims/no-such-claim-zzzz", "/speakers/Nobody", "/nowhere"):
        links = (await seen(made_up_ledger, f"{address}?lang=ko", 404)).links()
        assert [link for link in links if "report" in link] == ["/report"], address
