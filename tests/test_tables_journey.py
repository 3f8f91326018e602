"""Table pages of Datasette in a real browser: on a phone the facets above the rows are folded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import desk_browser
import environment
from axe_playwright_python.sync_playwright import Axe
from made_ledger import made_entries, write_log
from playwright.sync_api import Browser, Page

from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_db

pytestmark = pytest.mark.journey
FACETS = ".facet-results"
LABEL = "Facets · 항목별로 좁히기 (7)"
TABLES = ("/ledger/claims", "/ledger", "/ledger/revision/1", "/ledger/not_checked")
RESTORE_MATCHES = "() => { document.querySelector('navigation-search').matches = Element.prototype.matches }"
"""Datasette 1.0 gives this element a list named `matches`, which hides the method that axe calls."""
LARGEST_ABOVE_ROWS = 1_000
"""The largest number of pixels above the rows on a phone."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    places = LedgerPaths(tmp_path_factory.mktemp("tables"))
    write_log(places.root)
    ledger_db.build_ledger_db(made_entries(), places.ledger)
    return places


@pytest.fixture(scope="module")
def address(places: LedgerPaths) -> Iterator[str]:
    with desk_browser.served(places) as serving:
        yield serving


def table(running: Browser, address: str, width: int, *, scripts: bool = True) -> Page:
    """Open the table of claims in a window; an error in its console fails the test."""
    viewport = {"width": width, "height": 800}
    page = desk_browser.context_of(running, viewport=viewport, java_script_enabled=scripts).new_page()
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.goto(f"{address}/ledger/claims")
    return page


def axe_findings(page: Page) -> list[str]:
    """Return the serious findings of axe on a page."""
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in desk_browser.SERIOUS]


def above_rows(page: Page) -> float:
    """Return the height above the rows in pixels."""
    box = page.locator("table.rows-and-columns").bounding_box()
    assert box
    return box["y"]


def test_facets_on_a_phone_are_folded_and_open_by_keyboard(running: Browser, address: str) -> None:
    page = table(running, address, 360)
    label = page.get_by_text(LABEL)
    assert not page.locator(FACETS).is_visible()
    folded = above_rows(page)
    assert folded < LARGEST_ABOVE_ROWS
    label.focus()
    page.keyboard.press("Enter")
    assert page.locator(FACETS).is_visible()
    assert above_rows(page) > 2 * folded
    first = page.locator(f"{FACETS} a:visible").first
    page.keyboard.press("Tab")
    assert first.evaluate("one => one === document.activeElement")
    assert page.get_by_role("link", name="Not checked yet").first.is_visible()


def test_facets_are_shown_on_wide_screens_and_without_scripts(running: Browser, address: str) -> None:
    page = table(running, address, 1280)
    assert page.locator(FACETS).is_visible()
    assert not page.get_by_text(LABEL).is_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert not page.locator(FACETS).is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.locator(FACETS).is_visible()
    assert table(running, address, 360, scripts=False).locator(FACETS).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", TABLES)
def test_datasette_pages_are_accessible(running: Browser, address: str, path: str, scheme: str) -> None:
    page = desk_browser.context_of(running, color_scheme=scheme).new_page()
    page.goto(f"{address}{path}")
    assert axe_findings(page) == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(248, 250, 251)", "dark": "rgb(20, 25, 31)"}[scheme]


@pytest.mark.soak
def test_pages_of_datasette_1_0_are_accessible(running: Browser, places: LedgerPaths) -> None:
    assert environment.NEXT.works(), "'python scripts/test --all' makes the environment of Datasette 1.0"
    with desk_browser.served(places, environment.NEXT.tool("python")) as address:
        page = desk_browser.context_of(running).new_page()
        for path in TABLES:
            page.goto(f"{address}{path}")
            page.evaluate(RESTORE_MATCHES)
            assert axe_findings(page) == [], path


def test_a_facet_of_first_values_says_so(running: Browser, address: str) -> None:
    name = table(running, address, 1280).locator("[data-column=currency] .facet-info-name strong")
    assert "the first figure alone" in name.evaluate("one => getComputedStyle(one, '::after').content")
