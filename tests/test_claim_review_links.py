"""Pages link to the ClaimReview of a claim and to the feed of all, and say why a claim has none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from page_reading import got, seen

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]
FIRST = Path(__file__).parent.parent / "ledger.db"
REVIEWED, UNREVIEWED = "no-emergence-below-100b-parameters-t32i", "goldman-300m-workers-affected-o6fk"


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_front_page_and_claims_link_to_the_claim_review_feed(
    serve: Callable[..., Datasette], language: str
) -> None:
    datasette, feed = serve(FIRST), f"/feeds/claimreview.json?lang={language}"
    for path in ("/", f"/claims/{REVIEWED}", f"/claims/{UNREVIEWED}"):
        assert feed in (await seen(datasette, f"{path}?lang={language}")).links(), path
    assert (await got(datasette, feed)).status_code == 200


async def test_claim_without_a_claim_review_says_why(serve: Callable[..., Datasette]) -> None:
    datasette = serve(FIRST)
    for claim_id, has_one in ((REVIEWED, True), (UNREVIEWED, False)):
        page = await seen(datasette, f"/claims/{claim_id}?lang=en")
        assert (f"/claims/{claim_id}.jsonld?lang=en" in page.links()) == has_one
        assert ("No ClaimReview. We export one only for" in page.words) != has_one
    as_it_stood = await seen(datasette, f"/claims/{UNREVIEWED}?on=2031-01-01&lang=en")
    assert "No ClaimReview" not in as_it_stood.words
