"""Withdrawals are listed with the remaining statement of the claim, and can be downloaded as a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import SHARE, made_entries
from page_reading import got, seen

from claimledger.publishing import feeds, ledger_db, ledger_reader
from claimledger.publishing.site import LANGUAGES, PageLanguage

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
SAID = {"ko": "철회", "en": "Withdrawal"}
WHY = {"ko": "이유: 비공개 처리한 내용이 드러날 수 있어", "en": "Reason: Removed, because"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_withdrawal_of_a_redacted_claim_shows_the_remaining_statement(
    serve: Serve, tmp_path: Path, language: PageLanguage
) -> None:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    page = await seen(serve(path), f"/corrections?lang={language}")
    statement = SHARE["statement"]["ko"]
    assert f"{SAID[language]} {statement}" in page.words
    assert SHARE["claim_id"] not in page.words
    assert WHY[language] in page.words
    with ledger_reader.open_ledger(path) as connection:
        newest = next(feeds.correction_entries(connection, language))
    assert newest.title == f"{SAID[language]}: {statement}"


async def test_corrections_page_links_the_withdrawals_as_a_file(serve: Serve, tmp_path: Path) -> None:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    datasette = serve(tmp_path / "ledger.db")
    links = (await seen(datasette, "/corrections")).links()
    (address,) = [link for link in links if link.startswith("/ledger/history/-/csv?")]
    rows = list(csv.DictReader((await got(datasette, address)).text.lstrip("\ufeff").splitlines()))
    assert [(row["claim_id"], row["kind"]) for row in rows] == [(SHARE["claim_id"], "withdrawal")]
