"""What the page of corrections and the pictures call what they count: ever published, or listed now; owed, or plain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import made_entries
from page_reading import seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
EVER = {"ko": "지금까지 공개한 주장(철회한 것 포함) 8", "en": "claims ever published, withdrawn ones too 8"}
NOW = {"ko": "지금 실려 있는 주장", "en": "Listed claims by"}


@pytest.fixture
def made(serve: Serve, tmp_path: Path) -> Datasette:
    ledger_db.build(made_entries(), tmp_path / "ledger.db")
    return serve(tmp_path / "ledger.db")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_what_was_ever_published_is_not_called_as_what_is_listed_now(made: Datasette, language: str) -> None:
    front = await seen(made, f"/?lang={language}")
    assert EVER[language] in front.words
    assert EVER[language] in (await seen(made, f"/corrections?lang={language}")).words
    charts = await seen(made, f"/charts?lang={language}")
    assert NOW[language] in charts.words
    for page in (front, charts):
        assert "공개된 주장" not in page.words
