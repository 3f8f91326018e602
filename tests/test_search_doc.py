"""The search works as docs/search.md describes it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimledger.publishing.pages.searching import search_page
from claimledger.publishing.ledger_reader import open_ledger

ROOT = Path(__file__).parent.parent
DOC = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
ROWS = [re.findall("`([^`]+)`", row) for row in re.findall(r"^\| [^|]+ \| (`.+) \|$", DOC, re.MULTILINE)]
OFFERS = re.findall(r"`(\S+)` offers (\w+)", DOC)


@pytest.fixture(scope="module")
def ledger() -> Iterator[sqlite3.Connection]:
    with open_ledger(ROOT / "ledger.db") as connection:
        yield connection


def test_document_contains_queries() -> None:
    assert (len(ROWS), len(OFFERS)) == (15, 2)
    assert all(len(row) > 1 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_queries_of_a_row_find_the_same_claims(ledger: sqlite3.Connection, row: list[str]) -> None:
    found = [[line.claim_id for line in search_page(ledger, query, 1).lines] for query in row]
    assert found[0]
    assert found == [found[0]] * len(row)


@pytest.mark.parametrize(("query", "offered"), OFFERS)
def test_documented_suggestions_are_offered(ledger: sqlite3.Connection, query: str, offered: str) -> None:
    assert offered in [one.query for one in search_page(ledger, query, 1).spellings]
