"""Shared links and collectors: titles, pictures with their texts, the feed of ClaimReviews, and cross-site access."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from datasette.app import Datasette
from packages import needed
from page_reading import got

from claimledger.publishing.share_image import IMAGE_NAMES, IMAGE_SIZE, alternative_text
from claimledger.publishing.site import LANGUAGES, PageLanguage

FIRST = Path(__file__).parent.parent / "ledger.db"
LONGEST_TITLE = 70
Serve = Callable[..., Datasette]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_verdict_has_a_picture_with_its_current_label(language: PageLanguage) -> None:
    folder = files("claimledger").joinpath("datasette_plugin", "static", "shared")
    for name in IMAGE_NAMES:
        image = folder.joinpath(f"{name}-{language}.png").read_bytes()
        assert image.startswith(b"\x89PNG")
        assert tuple(int.from_bytes(image[place : place + 4], "big") for place in (16, 20)) == IMAGE_SIZE
        description = image.partition(b"iTXtDescription\0\0\0\0\0")[2]
        assert description.startswith(alternative_text(name, language).encode()), "run scripts/share_images.py"


def claims_read_by_a_collector(feed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the reviews as claimreview-collector reads a feed: every element of each `item`, which is a list."""
    for element in feed["dataFeedElement"]:
        yield from (review for review in element["item"] if review)


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_collector_reads_every_review_of_the_feed(serve: Serve) -> None:
    answer = await got(serve(FIRST), "/feeds/claimreview.json?lang=en")
    reviews = list(claims_read_by_a_collector(answer.json()))
    with sqlite3.connect(f"file:{FIRST}?mode=ro", uri=True) as connection:
        sql = "SELECT claim_id FROM verdicts WHERE question = 'so' AND value <> 'not_checkable' ORDER BY claim_id"
        judged = [row[0] for row in connection.execute(sql)]
    assert [urlsplit(review["url"]).path.rpartition("/")[2] for review in reviews] == judged
    assert {review["@type"] for review in reviews} == {"ClaimReview"}
    assert all(review["dateModified"] >= review["datePublished"] for review in reviews)


@pytest.mark.soak
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_extruct_reads_each_review_from_its_page_as_in_the_feed(
    serve: Serve, record_property: Callable[[str, object], None]
) -> None:
    extruct, datasette = needed("extruct"), serve(FIRST)
    feed = (await got(datasette, "/feeds/claimreview.json?lang=en")).json()
    reviews = list(claims_read_by_a_collector(feed))
    for review in reviews:
        page = (await got(datasette, f"{urlsplit(review['url']).path}?lang=en")).text
        assert extruct.extract(page, syntaxes=["json-ld"])["json-ld"] == [review]
    assert reviews
    record_property("measured", f"extruct reads {len(reviews)} of {len(reviews)} reviews from their pages")


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize("language", LANGUAGES)
async def test_titles_are_short_and_shared_links_have_a_picture(serve: Serve, language: PageLanguage) -> None:
    datasette = serve(FIRST)
    with sqlite3.connect(f"file:{FIRST}?mode=ro", uri=True) as connection:
        claims = connection.execute("SELECT claim_id, verification_status FROM claims ORDER BY claim_id").fetchall()
    for claim_id, status in claims:
        page = (await got(datasette, f"/claims/{claim_id}?lang={language}")).text
        title = unescape(page.partition("<title>")[2].partition("</title>")[0])
        assert 0 < len(title) <= LONGEST_TITLE, title
        shared = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', page))
        assert unescape(shared["og:title"]) == title
        assert shared["og:image:alt"] == alternative_text(status, language)
        assert shared["og:image"].endswith(f"/shared/{status}-{language}.png")
    assert (await got(datasette, urlsplit(shared["og:image"]).path)).headers["content-type"] == "image/png"


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_pages_of_other_sites_may_read_public_data(serve: Serve) -> None:
    datasette = serve(FIRST)
    paths = ("/feeds/claimreview.json", "/feeds/verdicts.atom", "/ledger/claims/-/csv?_size=1",
             "/charts/claims-per-speaker.csv", "/ledger/claims/-/json",
             "/claims/no-emergence-below-100b-parameters-t32i.jsonld")  # fmt: skip
    for path in paths:
        answer = await datasette.client.get(path)
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in (await datasette.client.get("/claims")).headers
