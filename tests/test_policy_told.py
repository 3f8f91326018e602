"""What the page of corrections and the pictures call what they count: ever published, or listed now; owed, or plain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import PRICE, made_entries
from page_reading import seen

from claimledger.publishing import ledger_db
from claimledger.vocabulary import CorrectionKind

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


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_each_kind_of_correction_is_explained_where_a_corrected_claim_leads(
    made: Datasette, language: str
) -> None:
    assert "/corrections#kinds" in (await seen(made, f"/claims/{PRICE['claim_id']}?lang={language}")).links()
    page = await seen(made, f"/corrections?lang={language}")
    page.one("h3", id="kinds")
    meant = {
        CorrectionKind.VERDICT_CHANGED: {"ko": "판정이 달라졌습니다.", "en": "the verdict is another now"},
        CorrectionKind.VERDICT_UNCHANGED: {
            "ko": "판정은 그대로입니다.",
            "en": "something was wrong, and the verdict stands",
        },
        CorrectionKind.CLARIFICATION: {"ko": "더 분명하게 고쳤습니다.", "en": "what was said is said more clearly"},
        CorrectionKind.RETRACTION: {"ko": "전체를 거두었습니다.", "en": "the whole is taken back"},
    }
    for kind in CorrectionKind:
        name = kind.label_ko if language == "ko" else kind.label_en
        told = page.words.partition({"ko": "정정의 종류", "en": "Kinds of corrections"}[language])[2]
        assert meant[kind][language] in told.partition(name)[2]


async def test_an_edit_is_only_counted_as_silent_where_a_correction_was_owed(made: Datasette) -> None:
    assert "정정해야 하는데 정정 없이 고친 것 0" in (await seen(made, "/corrections?lang=ko")).words
