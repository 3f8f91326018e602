"""A newsroom with a model turned on, for the tests of suggestions: its fixtures, and short helpers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
from model_answers import RecordedSuggester, claims_answer, only_suggester, turn_on
from newsroom import ARTICLE_ID, Clock, actor

from claimledger import desk
from claimledger.desk.model_plan import ModelTask
from claimledger.desk.suggestion_steps import AskResult
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.editorial.candidate_decisions import ClaimInput
from claimledger.ledger.files import LedgerPaths

CLAIMS = ModelTask(SuggestionTask.CLAIMS, ARTICLE_ID)
STAFF_STATEMENT = "직원은 40명이다."
NONE = claims_answer()
HONEST = claims_answer(([2], STAFF_STATEMENT))
"""An answer for the second of the two blocks of the article."""
MODEL_TABLES = ("model_request", "model_answer", "answer_text", "suggestion", "suggestion_decision")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    made = newsroom.published(tmp_path, clock)
    turn_on(tmp_path)
    return made


def ask(places: LedgerPaths, clock: Clock, suggester: RecordedSuggester, wanted: ModelTask = CLAIMS) -> AskResult:
    return desk.ask_model(places, wanted, actor("kim"), suggesters=only_suggester(suggester), clock=clock)


def rows(places: LedgerPaths, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(places.desk)) as connection:
        return connection.execute(sql).fetchall()


def editorial_state(places: LedgerPaths) -> object:
    """Return everything on the desk and in public, except the tables of models."""
    with closing(sqlite3.connect(places.desk)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        stored = {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608  names of the schema
            for name in tables
            if name not in (*MODEL_TABLES, "row_hash")
        }
    public = {path: path.read_bytes() for path in sorted(places.claims.rglob("*")) if path.is_file()}
    return stored, public, places.ledger.read_bytes() if places.ledger.exists() else b""


def accept_input(statement: dict[str, str]) -> ClaimInput:
    return ClaimInput(
        "port-has-40-staff-e5f6", statement, ["staff"], "own_reporting", {"ko": "항만월간"}, has_speaker=False
    )
