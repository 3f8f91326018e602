"""The quote check has labels of its own on pages, in feeds, lists and the history, and on the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import needed
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, SAID, SO, LogMaker
from page_reading import seen

from claimledger.publishing import feeds, ledger_db, ledger_reader
from claimledger.publishing.pages.lines import claim_lines
from claimledger.publishing.site import LANGUAGES, PageLanguage
from claimledger.publishing.wording import label, value_text
from claimledger.rendering import claim_text
from claimledger.verdicts.answers import QuoteCheckStatus
from claimledger.vocabulary import VerdictValue, VerificationStatus

Serve = Callable[..., Datasette]
SO_WORDS = {value: {"en": value.label_en, "ko": value.label_ko} for value in VerdictValue}
SAID_WORDS = {"en": ("Confirmed quote", "Misquoted or not said"), "ko": ("실제 발언", "발언과 다름")}
BOTH = pytest.mark.parametrize("language", LANGUAGES)
JUDGED = ("supported", "refuted")


def quote_check_ledger(folder: Path, value: str = "supported") -> Path:
    """Build a ledger of one claim: its quote check has a verdict, its fact check has not enough evidence."""
    log = LogMaker()
    log.add(ARTICLE)
    log.add(JOBS)
    log.add({**JOBS, "verdicts": [{**SAID, "value": value}, {**SO, "value": "not_enough_evidence"}]}, "verdict")
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db")
    return folder / "ledger.db"


def test_quote_check_has_three_labels_of_its_own() -> None:
    own = [
        QuoteCheckStatus(status)
        for status in VerificationStatus
        if (QuoteCheckStatus(status).label_en, QuoteCheckStatus(status).label_ko) != (status.label_en, status.label_ko)
    ]
    assert own == [QuoteCheckStatus.SUPPORTED, QuoteCheckStatus.REFUTED, QuoteCheckStatus.NOT_ENOUGH_EVIDENCE]


@pytest.mark.slow
@BOTH
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize("value", JUDGED)
async def test_pages_use_quote_check_labels_for_the_quote_question(
    serve: Serve, tmp_path: Path, language: PageLanguage, value: str
) -> None:
    datasette = serve(quote_check_ledger(tmp_path, value))
    word, not_that = SAID_WORDS[language][JUDGED.index(value)], SO_WORDS[VerdictValue(value)][language]
    for path in (f"/claims/{JOBS['claim_id']}", "/"):
        summary = (await seen(datasette, f"{path}?lang={language}")).words.partition("Built from the public log")[0]
        assert word in summary
    page = (await seen(datasette, f"/claims/{JOBS['claim_id']}?lang={language}")).words
    assert re.findall(f"{not_that}(?! quote)", page) == []


@BOTH
def test_feed_titles_begin_with_the_question(tmp_path: Path, language: PageLanguage) -> None:
    with ledger_reader.open_ledger(quote_check_ledger(tmp_path)) as connection:
        titles = [entry.title for entry in feeds.verdict_entries(connection, language)]
    statement = JOBS["statement"][language]
    assert sorted(titles) == sorted({
        "en": [f"Quote check – Confirmed quote: {statement}",
               f"Fact check – Searched, nothing found: {statement}"],
        "ko": [f"발언 확인 – 실제 발언: {statement}", f"사실 확인 – 찾았으나 자료 없음: {statement}"],
    }[language])  # fmt: skip


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("value", JUDGED)
def test_claim_lines_values_and_claim_text_use_the_same_label(
    tmp_path: Path, language: PageLanguage, value: str
) -> None:
    word = SAID_WORDS[language][JUDGED.index(value)]
    with ledger_reader.open_ledger(quote_check_ledger(tmp_path, value)) as connection:
        (line,) = claim_lines(connection, [connection.execute("SELECT rowid FROM claims").fetchone()[0]])
    assert line.attribution_status is not None
    assert label(line.attribution_status, language) == word
    assert value_text("verdicts.said.value", value, language) == word
    revision = {"record": {**JOBS, "verdicts": [{**SAID, "value": value}]}, "revision": 2, "kind": "verdict",
                "recorded_at": "2031-04-10T09:00:00.000Z", "authors": ["haru"], "approver": "sora", "reason": "–",
                "sha256": "0" * 64}  # fmt: skip
    assert f" {word} (2031-04-08)" in claim_text(revision, language)


@BOTH
@pytest.mark.parametrize(("value", "place"), [("supported", 0), ("refuted", 1)])
def test_desk_uses_the_same_label(value: str, place: int, language: PageLanguage) -> None:
    needed("starlette")
    from claimledger.datasette_plugin.desk_pages.field_labels import value_label  # noqa: PLC0415  of the desk alone

    shown = value_label("verdicts.said.value", value, lambda term: label(term, language))
    assert shown == SAID_WORDS[language][place]
