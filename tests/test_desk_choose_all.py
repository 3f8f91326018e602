"""The check box that ticks all boxes of a form."""

from __future__ import annotations

from pathlib import Path

import pytest
import desk_browser
from playwright.sync_api import Browser

from claimledger.datasette_plugin import desk_pages

pytestmark = pytest.mark.journey

SCRIPT = Path(desk_pages.__file__).parent / "static" / "desk.js"
FORM = """<form><p><label hidden><input type="checkbox" data-all="key"></label>
<output data-told="# ticked"></output></p>{}</form>"""


@pytest.mark.parametrize(("boxes", "checked"), [("", []), ("x", ["key"]), ("xx", ["key"]), ("x-", []), ("-", [])])
def test_tick_all_box_is_ticked_only_if_every_box_is(running: Browser, boxes: str, checked: list[str]) -> None:
    own = "".join(f'<input type="checkbox" name="key"{" checked" if box == "x" else ""}>' for box in boxes)
    page = desk_browser.context_of(running).new_page()
    page.set_content(FORM.format(own))
    page.add_script_tag(content=SCRIPT.read_text("utf-8"))
    ticked = page.locator("[data-all]:checked")
    assert [one.get_attribute("data-all") for one in ticked.all()] == checked
    assert page.locator("output").inner_text() == f"{boxes.count('x')} ticked"
