"""The corrections and charts pages call claims published so far and claims public now by different words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import PRICE, made_entries
from page_reading import seen

from claimledger.publishing import ledger_db
from claimledger.vocabulary import CorrectionKind

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
EVER = {"ko": "지금까지 공개한 주장(철회 포함) 8", "en": "Claims published so far, including withdrawn ones 8"}
NOW = {"ko": "공개 주장 수입니다", "en": "Public claims by"}


@pytest.fixture
def made_up_ledger(serve: Serve, tmp_path: Path) -> Datasette:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return serve(tmp_path / "ledger.db")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_claims_published_so_far_and_public_now_are_worded_apart(
    made_up_ledger: Datasette, language: str
) -> None:
    front = await seen(made_up_ledger, f"/?lang={language}")
    assert EVER[language] in front.words
    assert EVER[language] in (await seen(made_up_ledger, f"/corrections?lang={language}")).words
    charts = await seen(made_up_ledger, f"/charts?lang={language}")
    assert NOW[language] in charts.words
    assert EVER[language] not in charts.words


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_corrected_claims_link_to_the_kinds_of_correction(made_up_ledger: Datasette, language: str) -> None:
    assert "/corrections#kinds" in (await seen(made_up_ledger, f"/claims/{PRICE['claim_id']}?lang={language}")).links()
    page = await seen(made_up_ledger, f"/corrections?lang={language}")
    page.one("h3", id="kinds")
    meant = {
        CorrectionKind.VERDICT_CHANGED: {"ko": "판정이 바뀌었습니다.", "en": "The verdict changed."},
        CorrectionKind.VERDICT_UNCHANGED: {
            "ko": "판정은 그대로입니다.",
            "en": "An error was fixed. The verdict is the same.",
        },
        CorrectionKind.CLARIFICATION: {"ko": "더 분명하게 설명했습니다.", "en": "The text was made clearer."},
        CorrectionKind.RETRACTION: {"ko": "전체 내용을 취소했습니다.", "en": "The whole claim was retracted."},
    }
    for kind in CorrectionKind:
        name = kind.label_ko if language == "ko" else kind.label_en
        kinds = page.words.partition({"ko": "정정 종류", "en": "Kinds of correction"}[language])[2]
        assert meant[kind][language] in kinds.partition(name)[2]


async def test_only_edits_without_a_required_correction_are_counted(made_up_ledger: Datasette) -> None:
    assert "정정 절차 없이 바뀐 건수 0" in (await seen(made_up_ledger, "/corrections?lang=ko")).words
