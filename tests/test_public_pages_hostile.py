"""Texts of a ledger never become markup on a page, and every page text is in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, GRAINS, PRICE, SHARE, SPEED, LogMaker, made_entries
from page_reading import got, markup

from claimledger.datasette_plugin.public_pages.language import page_texts
from claimledger.datasette_plugin.public_pages.page_templates import is_web
from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; alert(1); '{{ 7 * 7 }}")
FREE_TEXT_FIELDS = ("text", "unit", "cue", "issue", "excerpt")
"""Fields that accept any text."""


def _insert_hostile_text(hostile: str, value: Any) -> Any:  # noqa: ANN401  any part of a record
    """Return a record with hostile text in every wording and free text."""
    if isinstance(value, dict) and value and set(value) <= {"en", "ko", "zh", "no"}:
        return {language: f"{hostile} {language}" for language in value}
    if isinstance(value, dict):
        return {
            name: hostile if name in FREE_TEXT_FIELDS and isinstance(part, str) else _insert_hostile_text(hostile, part)
            for name, part in value.items()
        }
    return [_insert_hostile_text(hostile, part) for part in value] if isinstance(value, list) else value


def hostile_ledger(path: Path, hostile: str) -> Path:
    """Build the made-up ledger with hostile text wherever a record accepts text."""
    log = LogMaker()
    for entry in made_entries():
        body = msgspec.json.decode(entry.body)
        options = {"reason": hostile}
        if "correction" in body:
            options["correction"] = _insert_hostile_text(hostile, body["correction"])
        is_passage = body["subject"] == "appearance"  # its quote has a fixed length and hash
        log.add(
            body["record"] if is_passage else _insert_hostile_text(hostile, body["record"]), body["kind"], **options
        )
    ledger_db.build_ledger_db(log.entries, path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("hostile", HOSTILE)
async def test_text_of_a_ledger_never_becomes_markup(serve: Serve, tmp_path: Path, hostile: str) -> None:
    datasette = serve(hostile_ledger(tmp_path / "ledger.db", hostile))
    met = 0
    for path in hostile_paths(hostile):
        page = markup((await got(datasette, path)).text)
        assert "img" not in {tag for tag, _ in page.elements}, path
        scripts = {has.get("type") for tag, has in page.elements if tag == "script"}
        assert scripts <= {"application/ld+json"}, path
        assert not any(name.startswith("on") or name == "style" for _, has in page.elements for name in has), path
        assert not any(link.startswith("javascript:") for link in page.links()), path
        met += hostile in page.words
    assert met == len(hostile_paths(hostile)) - 1  # an unknown language is not shown


def hostile_paths(hostile: str) -> list[str]:
    """Return addresses of pages with texts of the ledger, and addresses that contain hostile text."""
    name, encoded = quote(f"{hostile} en", safe=""), quote(hostile, safe="")
    claims = [f"/claims/{claim['claim_id']}" for claim in (PRICE, SPEED, SHARE, GRAINS)]
    return [
        "/", "/articles", "/speakers", "/sources", *claims, f"/articles/{ARTICLE['article_id']}", f"/speakers/{name}",
        f"/sources/{name}", f"/search?q={encoded}a", f"/claims/{encoded}", f"/speakers/{encoded}",
        f"{claims[0]}?on={encoded}", f"/speakers?page={encoded}", f"/robots.txt?lang={encoded}",
    ]  # fmt: skip


async def test_only_web_addresses_become_links() -> None:
    addresses = ("https://a.kr", "http://a.kr", "javascript:alert(1)", "data:x", "//a.kr", "", None)
    assert [address for address in addresses if is_web(address)] == ["https://a.kr", "http://a.kr"]


async def test_every_page_text_is_in_both_languages() -> None:
    for key, wording in page_texts().items():
        assert set(wording) == {"ko", "en"}, key
        assert sorted(re.findall(r"\{\w+", wording["ko"])) == sorted(re.findall(r"\{\w+", wording["en"])), key
        assert re.search("[가-힣]", wording["ko"]) or wording["ko"] == wording["en"] or key == "claim.to", key
