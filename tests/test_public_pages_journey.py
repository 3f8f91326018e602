"""The public pages in a real browser: three widths, both languages, light, dark and printed, each checked with axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
import desk_browser
import environment
from axe_playwright_python.sync_playwright import Axe
from made_ledger import ARTICLE, GRAINS, HERALD, PRICE, SHARE, SPEED, made_entries, write_log, write_texts
from playwright.sync_api import Browser, Page
from tiers import each_language

from claimledger.desk import step_setup
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_db

pytestmark = pytest.mark.journey
CLAIMS = {name: f"/claims/{claim['claim_id']}" for name, claim in
          (("correction", PRICE), ("evidence", SPEED), ("redacted", SHARE), ("figures", GRAINS))}  # fmt: skip
PAGES = {
    "front": "/", "claims": "/claims?status=supported", "articles": "/articles", "speakers": "/speakers",
    "sources": "/sources", "filter": "/claims?q=crane&figure=any",
    "article": f"/articles/{ARTICLE['article_id']}", "text": f"/articles/{HERALD['article_id']}",
    **CLAIMS, "as-it-stood": f"{CLAIMS['correction']}?on=2031-04-10",
    "speaker": "/speakers/Seo%20Mirae",
    "source": "/sources/Port%20briefing%20%28speech%20or%20interview%2C%202031-03-27%29",
    "search": "/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8",
    "nothing-found": "/search?q=%ED%95%B4%EC%A0%80%ED%84%B0%EB%84%90",
    "method": "/method", "corrections": "/corrections", "charts": "/charts",
    "report": f"/report?claim={PRICE['claim_id']}",
}  # fmt: skip
REFUSED = {
    "missing": "/claims/cranes-cost",
    "no-day": f"{CLAIMS['correction']}?on=never",
    "absent": f"{CLAIMS['correction']}?on=2030-01-01",
    "no-number": "/corrections?before=now",
    "no-words": "/search?q=-MS",
}
LOCALES = {"ko": "ko-KR", "en": "en-GB"}
AXE_WIDTHS = {"ko": 360, "en": 1280}
SHORT_GRID = {(360, "ko"), (360, "en"), (768, "ko"), (1280, "en")}
"""The widths and languages without `scripts/faults`: the longer English words on the least room, and each width."""
DARK = {
    "ko": ("front", "evidence", "redacted", "charts"),
    "en": ("article", "text", "correction", "corrections"),
}
"""The pages that are looked at in dark mode; the colours of a page are the same in both languages."""
LARGEST_FRONT = 150_000
"""The largest allowed number of bytes that the front page loads."""
SCREENSHOT_FOLDER = os.environ.get("CLAIMLEDGER_PICTURES")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    places = LedgerPaths(tmp_path_factory.mktemp("public"))
    write_log(places.root)
    ledger_db.build_ledger_db(made_entries(), places.ledger, write_texts(places.root))
    step_setup.open_store(places).close()  # a server would refuse entries of 2031 until then
    return places


@pytest.fixture(scope="module")
def address(places: LedgerPaths) -> Iterator[str]:
    with desk_browser.served(places) as serving:
        yield serving


class ReaderWindow:
    """A reader's browser window that records console errors, requests to other hosts and loaded bytes."""

    def __init__(self, running: Browser, address: str, language: str, width: int = 1280, **options: str) -> None:
        viewport = {"width": width, "height": 900}
        context = desk_browser.context_of(running, viewport=viewport, locale=LOCALES[language], **options)
        self.address, self.faults, self.sizes = address, list[str](), list[int]()
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        self.page.on("request", lambda request: self._check_host(request.url))
        self.page.on("requestfinished", lambda request: self.sizes.append(request.sizes()["responseBodySize"]))

    def _check_host(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.faults.append(f"asked another host: {url}")

    def look(self, path: str, name: str, *, is_axe_run: bool = True) -> None:
        """Open a page and check it: no serious finding of axe, no overflow, no console error."""
        self.page.goto(f"{self.address}{path}")
        found = Axe().run(self.page).response["violations"] if is_axe_run else []
        grave = [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in desk_browser.SERIOUS
        ]
        assert grave == [], f"{name}: {grave}"
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name} is {too_wide} pixels too wide"
        assert self.faults == [], f"{name}: {self.faults}"
        if SCREENSHOT_FOLDER:
            Path(SCREENSHOT_FOLDER).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SCREENSHOT_FOLDER}/pages-{name}.png", full_page=True)


def grid() -> Iterator[Any]:
    """Yield each width and language, and True for the runs of `scripts/faults`, where axe looks at every width."""
    for width, language in product((360, 768, 1280), LOCALES):
        if (width, language) in SHORT_GRID:
            yield width, language, False
        yield pytest.param(width, language, True, marks=pytest.mark.soak)


@pytest.mark.parametrize(("width", "language", "is_whole"), list(grid()))
def test_pages_work_at_three_widths(
    running: Browser, address: str, width: int, language: str, *, is_whole: bool
) -> None:
    """Axe looks at each page once in each language; `scripts/faults` lets it look at every width."""
    reader = ReaderWindow(running, address, language, width)
    is_axe_run = is_whole or AXE_WIDTHS[language] == width
    for name, path in PAGES.items():
        reader.look(path, f"{name}-{language}-{width}", is_axe_run=is_axe_run)
    for name, path in REFUSED.items() if is_axe_run else ():
        reader.page.goto(f"{address}{path}")
        assert "(Bad Request)" in reader.faults[0] or "(Not Found)" in reader.faults[0]
        reader.faults.clear()  # the console reports the status itself
        assert Axe().run(reader.page).response["violations"] == [], name


@pytest.mark.soak
@pytest.mark.parametrize("language", LOCALES)
def test_pages_pass_axe_on_datasette_1_0(running: Browser, places: LedgerPaths, language: str) -> None:
    assert environment.NEXT.works(), "'python scripts/test --all' makes the environment of Datasette 1.0"
    with desk_browser.served(places, environment.NEXT.tool("python")) as address:
        reader = ReaderWindow(running, address, language, AXE_WIDTHS[language])
        for name, path in PAGES.items():
            reader.look(path, f"{name}-{language}-1.0")


@pytest.mark.parametrize("is_whole", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("language", LOCALES)
def test_pages_work_in_dark_mode(running: Browser, address: str, language: str, *, is_whole: bool) -> None:
    reader = ReaderWindow(running, address, language, color_scheme="dark")
    for name in chain(*DARK.values()) if is_whole else DARK[language]:
        reader.look(PAGES[name], f"{name}-{language}-dark")


def test_printed_claim_has_no_menus_and_shows_all_details(running: Browser, address: str) -> None:
    reader = ReaderWindow(running, address, "en")
    reader.page.emulate_media(media="print")
    reader.look(CLAIMS["evidence"], "evidence-en-print")
    assert not reader.page.locator("header nav").first.is_visible()
    assert not any(tools.is_visible() for tools in reader.page.locator(".tools").all())
    assert reader.page.locator("h1").is_visible()
    folded = reader.page.locator("details .changes dd").first
    assert folded.is_visible()
    reader.page.emulate_media(media="screen")
    assert not folded.is_visible()


def test_front_page_loads_few_bytes(running: Browser, address: str) -> None:
    reader = ReaderWindow(running, address, "ko")
    reader.page.goto(address, wait_until="networkidle")
    assert len(reader.sizes) >= 2
    assert sum(reader.sizes) <= LARGEST_FRONT


def test_reader_finds_a_claim_by_keyboard_in_both_languages(running: Browser, address: str) -> None:
    reader = ReaderWindow(running, address, "ko", 360)
    page = reader.page
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(100):  # past the claims that the page leads with
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("1350만달러")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    page.get_by_role("link", name=PRICE["statement"]["ko"]).click()
    assert page.get_by_role("heading", name="정정", exact=True).is_visible()
    page.get_by_role("link", name="English").click()
    assert page.url.endswith(f"{CLAIMS['correction']}?lang=en")
    assert page.get_by_role("heading", level=1).inner_text() == PRICE["statement"]["en"]
    page.locator("summary", has_text="View on a past date").click()
    page.get_by_label("View on a past date (UTC)").fill("2031-04-10")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**on=2031-04-10*")
    assert (
        page.locator("html").get_attribute("lang") == "en"
    )  # remembered, although the address does not contain the language
    assert "up to the end of 2031-04-10" in page.locator(".banner").inner_text()
    page.get_by_role("link", name="Report an error").first.click()
    assert "/-/report?claim=" in page.url
    assert reader.faults == []


@each_language("ko")
def test_chart_table_fits_or_shows_that_it_scrolls(running: Browser, address: str, language: str) -> None:
    overflow = "[...document.querySelectorAll('.wide')].map(one => one.scrollWidth - one.clientWidth)"
    reader = ReaderWindow(running, address, language)
    reader.page.goto(f"{address}/charts")
    assert set(reader.page.evaluate(overflow)) == {0}
    phone = ReaderWindow(running, address, language, 360)
    phone.page.goto(f"{address}/charts")
    assert max(phone.page.evaluate(overflow)) > 0
    assert "local" in phone.page.evaluate("getComputedStyle(document.querySelector('.wide')).backgroundAttachment")


def test_charts_are_inverted_in_dark_mode(running: Browser, address: str) -> None:
    how = "getComputedStyle(document.querySelector('.picture svg')).filter"
    for scheme, expected in (("dark", "invert(0.9) hue-rotate(180deg)"), ("light", "none")):
        reader = ReaderWindow(running, address, "ko", color_scheme=scheme)
        reader.page.goto(f"{address}/charts")
        assert reader.page.evaluate(how) == expected
