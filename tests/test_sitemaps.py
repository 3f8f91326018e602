"""robots.txt and the sitemaps lead to every page of a listed record, on both versions of Datasette."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette
from made_ledger import PRICE, SHARE, made_entries, write_texts
from page_reading import got

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

PRICE_PAGE, SHARE_PAGE = (f"/claims/{claim['claim_id']}" for claim in (PRICE, SHARE))
Serve = Callable[..., Datasette]


@pytest.fixture
def serve(serve: Serve, tmp_path: Path) -> Callable[[], Datasette]:
    """Serve the made-up ledger."""
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return lambda: serve(path)


async def _addresses(datasette: Datasette, path: str) -> list[str]:
    """Return the paths that a sitemap names."""
    tree = ElementTree.fromstring((await got(datasette, path)).content)  # noqa: S314  our own
    found = [str(place.text) for place in tree.iter() if place.tag.endswith("}loc")]
    assert all(address.startswith("http://localhost/") for address in found)
    return [address.removeprefix("http://localhost") for address in found]


async def test_robots_and_sitemaps_lead_to_every_listed_record(serve: Callable[[], Datasette]) -> None:
    datasette = serve()
    robots = (await got(datasette, "/robots.txt")).text
    assert {"Disallow: /-/desk", "Disallow: /*/-/"} <= set(robots.splitlines())  # the desk, the files of tables
    assert robots.endswith("Sitemap: http://localhost/sitemap.xml\n")
    parts = await _addresses(datasette, "/sitemap.xml")
    found = [address for part in parts for address in await _addresses(datasette, part)]
    assert len(found) == 7 + 2 + 7 + 3 + 6
    assert {"/", "/corrections", "/charts", PRICE_PAGE, "/speakers/Seo%20Mirae"} <= {*found} - {SHARE_PAGE} == {*found}
    for address in found:
        assert (await got(datasette, address)).status_code == 200
    assert (await got(datasette, "/sitemap-claims-2.xml")).text.count("<url>") == 0
