"""An article's page gives the position of each passage in the text, and says where the article can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from made_ledger import (
    ARTICLE, FIRST_EDITION, HERALD, HIDDEN_QUOTE, SPEED, LogMaker, appearance, made_entries, write_texts,
)  # fmt: skip
from page_reading import seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
BOTH = pytest.mark.parametrize("language", ["ko", "en"])


def ledger_without_text(folder: Path) -> Path:
    """Build a ledger of an article (5,200 characters, hidden text) with a claim and a dismissed passage."""
    left_out: dict[str, Any] = {
        "position": {"start": 2600, "end": 2605}, "quote": {"exact": {"length": 5, "sha256": "0" * 64}},
        "reason": {"en": "A page number.", "ko": "쪽 번호다."},
    }  # fmt: skip
    log = LogMaker()
    log.add({**ARTICLE, "editions": [{**ARTICLE["editions"][0], "dismissed": [left_out]}]})
    log.add(SPEED)
    log.add(appearance(SPEED, FIRST_EDITION, 624, HIDDEN_QUOTE))
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db")
    return folder / "ledger.db"


@BOTH
async def test_position_in_a_hidden_text_is_shown_as_a_percentage(serve: Serve, tmp_path: Path, language: str) -> None:
    page = await seen(serve(ledger_without_text(tmp_path)), f"/articles/{ARTICLE['article_id']}?lang={language}")
    claim, left_out = {
        "ko": ("본문의 약 12% 지점 · 625번째 글자부터", "본문의 약 50% 지점 · 2,601~2,605번째 글자: 쪽 번호다."),
        "en": (
            "About 12% into the text · From character 625",
            "About 50% into the text · characters 2,601 to 2,605: A",
        ),
    }[language]
    assert claim in page.words
    assert left_out in page.words


@BOTH
async def test_article_page_links_to_the_original_or_says_no_address(
    serve: Serve, tmp_path: Path, language: str
) -> None:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db", write_texts(tmp_path))
    datasette = serve(tmp_path / "ledger.db")
    none = {"ko": "등록된 웹 주소가 없습니다.", "en": "No web address is recorded."}[language]
    share = {"ko": "% 지점", "en": "% into the text"}[language]
    for article, is_named in ((ARTICLE, False), (HERALD, True)):
        page = await seen(datasette, f"/articles/{article['article_id']}?lang={language}")
        assert (none in page.words) is not is_named
        assert (article.get("address") in page.links()) is is_named
        assert (share in page.words) is not is_named  # the one with an address has its text here too
