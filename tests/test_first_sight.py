"""A claim's page in a browser: verdict and reason are visible without scrolling, on a laptop and on a phone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import desk_browser
import pytest
from playwright.sync_api import Browser

from claimledger.ledger.files import LedgerPaths
from claimledger.publishing.site import SETTINGS_FILE

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parent.parent
SIZES = {"laptop": (1280, 720), "phone": (360, 740)}
LOCALES = {"ko": "ko-KR", "en": "en-GB"}
LEAST_VISIBLE = 0.95
"""The least share of the claims whose answers are visible without scrolling."""
LONGEST_PHONE_PAGE = 2_500
"""The largest median length of a claim's page on a phone, in pixels."""
STEPS = {"phone": 2, "laptop": 6}
"""The distance between two claims whose pages are opened: on a phone, the least room, each in one of the languages."""
MEASURE = """() => ({
  bottom: Math.max(...[...document.querySelectorAll(".answer, .reason")]
    .map(one => one.getBoundingClientRect().bottom)),
  answers: document.querySelectorAll(".answer").length, reasons: document.querySelectorAll(".reason").length,
  height: document.documentElement.scrollHeight,
})"""


class PageSizes(NamedTuple):
    """The measures of the pages of all claims, in pixels."""

    bottoms: list[float]
    heights: list[float]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the shipped ledger with its settings."""
    root = tmp_path_factory.mktemp("shipped")
    for name in ("ledger.db", SETTINGS_FILE):
        shutil.copy(ROOT / name, root)
    with desk_browser.served(LedgerPaths(root)) as serving:
        yield serving


def measure_pages(running: Browser, address: str, language: str, size: str, step: int) -> PageSizes:
    width, height = SIZES[size]
    context = desk_browser.context_of(running, viewport={"width": width, "height": height}, locale=LOCALES[language])
    page = context.new_page()
    found = PageSizes([], [])
    first = 0 if step == 1 else [*LOCALES].index(language) * step // len(LOCALES)
    for claim_id in claim_ids()[first::step]:
        page.goto(f"{address}/claims/{claim_id}")
        measures = page.evaluate(MEASURE)
        assert (measures["answers"], measures["reasons"]) == (2, 2), claim_id
        found.bottoms.append(measures["bottom"])
        found.heights.append(measures["height"])
    context.close()
    return found


def claim_ids() -> list[str]:
    with sqlite3.connect(f"file:{ROOT / 'ledger.db'}?mode=ro", uri=True) as connection:
        return [row[0] for row in connection.execute("SELECT claim_id FROM claims ORDER BY claim_id")]


@pytest.mark.parametrize("is_whole", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("size", SIZES)
def test_answers_are_visible_without_scrolling(
    running: Browser, address: str, language: str, size: str, *, is_whole: bool
) -> None:
    """The two languages look at different claims; `scripts/faults` looks at every claim in both."""
    step = 1 if is_whole else STEPS[size]
    found = measure_pages(running, address, language, size, step)
    assert len(found.bottoms) * step >= 100
    visible = sum(bottom <= SIZES[size][1] for bottom in found.bottoms)
    assert visible >= LEAST_VISIBLE * len(found.bottoms), sorted(found.bottoms)
    if size == "phone":
        assert median(found.heights) <= LONGEST_PHONE_PAGE, sorted(found.heights)
