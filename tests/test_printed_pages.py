"""A printed page shows its permanent address and the program that made it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import desk_browser
import pytest
from made_ledger import HERALD, SPEED, made_entries
from page_reading import got, serving, stop

from claimledger.publishing import ledger_db

pytestmark = pytest.mark.journey

PAGES = ("/", f"/claims/{SPEED['claim_id']}", f"/articles/{HERALD['article_id']}")


async def fetch_pages(ledger: Path, language: str) -> list[tuple[str, str]]:
    """Return each page with its stylesheet in it, and its permanent address."""
    datasette = serving(ledger)
    style = (await got(datasette, "/-/static-plugins/claimledger/pages.css")).text
    pages = [(await got(datasette, f"{path}?lang={language}")).text for path in PAGES]
    stop(datasette)
    addresses = [page.partition('<link rel="canonical" href="')[2].partition('"')[0] for page in pages]
    return [(page.replace("</head>", f"<style>{style}</style></head>"), address)
            for page, address in zip(pages, addresses, strict=True)]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "made"), [("ko", "공개 로그에서 만들었으며"), ("en", "Built from the public log")]
)
def test_printed_page_shows_its_address_and_program(tmp_path: Path, language: str, made: str) -> None:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    pages = asyncio.run(fetch_pages(tmp_path / "ledger.db", language))
    with desk_browser.browser() as running:
        window = desk_browser.context_of(running).new_page()
        for page, address in pages:
            window.set_content(page)
            assert address not in window.inner_text("footer")
            window.emulate_media(media="print")
            foot = window.inner_text("footer")
            assert address.startswith("http")
            assert address in foot
            assert made in foot
            window.emulate_media(media="screen")
