"""A newsroom served on this machine, and a browser on it: sign in, take screenshots, check pages with axe."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.error import URLError

import newsroom
import running
import staff
from axe_playwright_python.sync_playwright import Axe
from kept_files import KeptFile, kept_files, write_kept
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from claimledger import desk
from claimledger.desk import step_setup
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths

DESK = "/-/desk"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIETLY = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SERIOUS = ("serious", "critical")
PEOPLE = {"checker": ("checker",), "editor": ("editor",), "second-editor": ("editor",), "admin": ("admin",)}
PICTURES = os.environ.get("CLAIMLEDGER_PICTURES")
"""The folder for screenshots of the pages, if it is set."""


def made(root: Path, language: str) -> LedgerPaths:
    """Make a newsroom with two public claims, the article's text, and people who use a language."""
    write_kept(_newsroom_files(language), root)
    return LedgerPaths(root)


@cache
def _newsroom_files(language: str) -> Mapping[Path, KeptFile]:
    return kept_files(partial(_make, language=language))


def _make(root: Path, language: str) -> None:
    places = newsroom.write_all(root)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    desk.publish(places, newsroom.actor("setup-editor"))
    with step_setup.open_store(places) as store:
        for name, roles in PEOPLE.items():
            staff.enrol(store, name, *roles, now=step_setup.utc_now())
            with store.writing() as connection:
                people.change_person(
                    connection, name, author="admin-console", now=step_setup.utc_now(), language=language
                )


@contextmanager
def served(places: LedgerPaths, public_python: str = "") -> Iterator[str]:
    """Serve the ledger and the desk, and yield the address; only the ledger with the Python of another environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parent.parent
    command = [
        public_python or sys.executable, "-m", "datasette", "serve", str(places.ledger),
        "-m", str(root / "metadata.yml"), "--port", str(port), "--setting", "default_allow_sql", "off",
    ]  # fmt: skip
    variables = os.environ if public_python else {**os.environ, "CLAIMLEDGER_DESK": str(places.root)}
    server = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for_server(address if public_python else f"{address}/-/desk/sign-in")
        yield address
    finally:
        running.end(server)


def _wait_for_server(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  our own server
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a headless Chromium."""
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(QUIETLY))
        yield running
        running.close()


def context_of(browser: Browser, **options: Any) -> BrowserContext:  # noqa: ANN401
    """Open a context in which a page has as long to answer as everything else that tests wait for."""
    context = browser.new_context(**options)
    context.set_default_timeout(1000 * running.LONGEST_WAIT)
    return context


class Window:
    """One person's window on the desk, which records console errors and requests to other hosts."""

    def __init__(self, running: Browser, address: str, language: str, width: int = 1200) -> None:
        """Open a window that requests pages in a language."""
        locale = {"ko": "ko-KR", "en": "en-GB"}[language]
        context = context_of(running, viewport={"width": width, "height": 900}, locale=locale)
        self.address, self.language = address, language
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._record_console(message.type, message.text))
        self.page.on("request", lambda request: self._record_request(request.url))

    def _record_console(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"console: {text}")

    def _record_request(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.faults.append(f"asked another host: {url}")

    def sign_in(self, name: str) -> None:
        """Sign in through the form."""
        self.go("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", staff.PASSWORD)
        self.press(self.page.locator("main button").first)

    def press(self, button: Locator) -> None:
        """Press a button that sends a form, and wait for the whole answer; a click ends when the page only begins."""
        with self.page.expect_navigation():
            button.click()

    def go(self, path: str) -> None:
        """Open a page of the desk."""
        self.page.goto(f"{self.address}/-/desk{path}")

    def look(self, name: str) -> None:
        """Check the page with axe, check that nothing is too wide, and save a screenshot if PICTURES is set."""
        self.page.wait_for_load_state()  # a click ends when the next page begins
        found = Axe().run(self.page).response["violations"]
        serious = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]
        assert serious == [], f"{name} ({self.language}): {serious}"
        sticks_out = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sticks_out <= 0, f"{name} ({self.language}) is {sticks_out} pixels too wide"
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{PICTURES}/desk-{name}-{self.language}.png", full_page=True)

    def open(self, act: str) -> None:
        """Unfold the form of an action on the claim's page."""
        form = self.page.locator(f"form[action$='/{act}']").first
        form.wait_for(state="attached")  # a form that is still to come is not visible either
        if not form.is_visible():
            self.page.locator("details", has=form).first.locator("summary").first.click()

    def send(self, act: str, **fields: str) -> None:
        """Fill in the form of an action, send it, and assert that the action was done."""
        self.open(act)
        form = self.page.locator(f"form[action$='/{act}']").first
        for name, value in fields.items():
            field = form.locator(f"[name='{name}']").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.press(form.locator("> button, > p > button").last)
        assert f"done={act}" in self.page.url or self.page.locator(".done").count(), self.page.inner_text("main")
