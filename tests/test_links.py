"""A crawler and an HTML parser read the whole site: no dead link, and no page that a browser must repair."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import made_entries, write_texts
from site_crawler import crawl, own_links

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]
Serve = Callable[..., Datasette]
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Markup(HTMLParser):
    """Collects the faults of a page: wrongly nested elements, repeated IDs and attributes, and references to no ID."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._open: list[str] = []
        self._ids: list[str] = []
        self._references: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if len(has) < len(attrs):
            self.faults.append(f"<{tag}> repeats an attribute")
        if tag == "p" and self._open and self._open[-1] == "p":
            self.faults.append("<p> in <p>")
        if tag == "a" and "a" in self._open:
            self.faults.append("<a> in <a>")
        self._ids += [has["id"]] if "id" in has else []
        self._references |= {*has.get("aria-labelledby", "").split(), *has.get("for", "").split()}
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes another element")

    def close(self) -> None:
        super().close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]
        self.faults += [f"ID {one} twice" for one in {*self._ids} if self._ids.count(one) > 1]
        self.faults += [f"no ID {one}" for one in self._references - {*self._ids}]


def markup_faults(page: str) -> list[str]:
    reader = Markup()
    reader.feed(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
    reader.close()
    return reader.faults


@pytest.fixture(scope="module")
def built_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("links") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


async def test_no_link_is_dead_and_pages_are_well_formed(serve: Serve, built_ledger: Path) -> None:
    pages = [page async for page in crawl(serve(built_ledger), "ko")]
    own = [page for page in pages if page.is_own]
    assert [(page.address, page.status) for page in pages if page.status != 200] == []
    assert {page.address: found for page in own if (found := markup_faults(page.text))} == {}
    assert (len(pages) > 150, len(own) > 60) == (True, True), (len(pages), len(own))


async def test_this_check_finds_faults() -> None:
    assert markup_faults('<p id="a"><b>x</p><i id="a"></i><label for="c">y</label>') != []
    assert markup_faults('<a href="/"><a href="/">x</a></a>') == ["<a> in <a>"]
    assert [*own_links("/claims", '<a href="?page=2">2</a><a href="https://example.org/">x</a>')] == ["/claims?page=2"]
