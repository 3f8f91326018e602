"""A newsroom with a model turned on, for the tests of suggestions: its fixtures, and short helpers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
from model_answers import RecordedSuggester, claims_answer, only_suggester, turn_on
from newsroom import ARTICLE_ID, CARGO, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import evidence_steps
from claimledger.desk.model_plan import ModelTask
from claimledger.desk.suggestion_steps import AskResult
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.editorial.candidate_decisions import ClaimInput
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.sending_rights import TextOwner

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


def decide_on_sending(
    places: LedgerPaths, clock: Clock, name: str, *, is_document: bool = False, may_send: bool = True
) -> None:
    """Let both editors allow that a text is sent, or one forbid it."""
    owner = TextOwner(name, is_document=is_document)
    for editor in ("lee", "park") if may_send else ("lee",):
        edit = edit_by(editor, "이용 조건에 따른다.")
        desk.allow_sending(places, owner, edit, may_send=may_send, clock=clock)


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


REPORT = "하늘항만공사 연보.\n\n화물은 120만t이었다. 날씨는 맑았다.\n"


def attach_report(
    places: LedgerPaths,
    clock: Clock,
    name: str = "annual-report-2031-a2b3",
    *,
    is_withheld: bool = False,
    content: str = REPORT,
) -> str:
    """Attach a stored document with its second line as excerpt to a claim, and return the document's name."""
    incoming = evidence_steps.read_document_file(f"{name}.txt", content.encode(), clock)
    described = {**newsroom.document(name), "medium": "file", "captured": "excerpt"}
    fields = {**described, "address": None, "is_withheld": is_withheld}
    cited = {"stance": "supports", "summary": {"ko": "연보가 같은 수를 적었다."}}
    excerpt = content.split("\n\n")[1].split(". ", maxsplit=1)[0] + "."
    evidence = {**cited, "excerpt": excerpt, "document_id": fields["document_id"]}
    desk.attach(places, CARGO, fields, evidence, None, edit_by("kim", "근거다."), clock, incoming=incoming)
    return str(fields["document_id"])


def on_cargo(task: SuggestionTask) -> ModelTask:
    return ModelTask(task, ARTICLE_ID, claim_id=CARGO, language="ko")
