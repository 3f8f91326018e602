"""A claim's page: the notice about the data of a past date, and the order of the questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, SAID, SO, SPEED, LogMaker, made_entries
from page_reading import seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
BOTH = pytest.mark.parametrize("language", ["ko", "en"])
PAGE = f"/claims/{SPEED['claim_id']}"


@pytest.fixture
def served_ledger(serve: Serve, tmp_path: Path) -> Datasette:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return serve(tmp_path / "ledger.db")


@BOTH
async def test_page_of_a_past_date_says_its_data_tables_are_current(served_ledger: Datasette, language: str) -> None:
    notice, same = {
        "ko": ("데이터 표에는 현재 내용이 있습니다", "데이터 표로 보기"),
        "en": ("data tables contain the current version", "View as a data table"),
    }[language]
    then = await seen(served_ledger, f"{PAGE}?lang={language}&on=2031-04-10")
    now = await seen(served_ledger, f"{PAGE}?lang={language}")
    assert (notice in then.words, notice in now.words) == (True, False)
    assert (same in then.words, same in now.words) == (False, True)
    assert f"/ledger/claims/{SPEED['claim_id']}.json" in now.links()
    assert f"/ledger/claims/{SPEED['claim_id']}.json" not in then.links()


@BOTH
async def test_page_lists_the_questions_in_one_order(serve: Serve, tmp_path: Path, language: str) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    waiver = {"code": "cut-before-but", "reason": {"en": "Seen to.", "ko": "살펴보았다."}}
    log.add({**JOBS, "waivers": [waiver]})
    log.add({**JOBS, "waivers": [waiver], "verdicts": [SO, SAID]}, "verdict")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    page = await seen(serve(tmp_path / "ledger.db"), f"/claims/{JOBS['claim_id']}?lang={language}")
    said, so = {"ko": ("실제로 한 말인가?", "사실인가?"), "en": ("Was it really said?", "Is it true?")}[language]
    marks = [f"{said} ∅", f"{so} ✓"]
    answers, _, rest = page.words.partition({"ko": "이 주장의 출처", "en": "Where this claim comes from"}[language])
    assert [answers.count(mark) for mark in marks] == [1, 1]
    assert answers.index(marks[0]) < answers.index(marks[1])
    assert (said in rest, so in rest) == (False, False)
    assert ".:" not in page.words
    assert {"ko": "이유: 살펴보았다.", "en": "Reason: Seen to."}[language] in page.words
