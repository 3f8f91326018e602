"""Requests to language models in `desk.db`, their answers, and the decisions of people.

A request is stored before it is sent, so that a call is counted even if the program ends before its answer is stored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import msgspec

from claimledger.desk_vocabulary import CallOutcome, SuggestionChoice, SuggestionState, SuggestionTask
from claimledger.errors import Problem
from claimledger.newsroom.store import utc_text
from claimledger.suggesting.asking import read_answer
from claimledger.suggesting.suggestion import Suggestion


class RequestEntry(NamedTuple):
    """A request to store before it is sent."""

    article_id: str
    """The article that it is about."""
    claim_id: str | None
    """The claim that it is about, if it is about one."""
    document_id: str | None
    """The document whose text is sent, if there is one."""
    task: SuggestionTask
    """The task."""
    language: str
    """The language of the answer."""
    suggester: str
    """The suggester."""
    model: str
    """The model, as the newsroom names it."""
    key_sha256: str
    """The hash of everything that decides the answer."""
    prompt_sha256: str
    """The hash of the rules and of the form of the answer."""
    input_sha256: str
    """The hash of the data."""
    most_tokens: int
    """The most tokens that request and answer may have."""
    most_cost: Decimal | None
    """The most that they may cost; None without prices."""
    currency: str
    """The currency (ISO 4217); empty without prices."""
    author: str
    """The name of the person who asks."""


class AnswerEntry(NamedTuple):
    """The result of a call."""

    outcome: CallOutcome
    """The result."""
    model: str
    """The model, as the server names it."""
    tokens_in: int
    """The tokens of the request."""
    tokens_out: int
    """The tokens of the answer."""
    is_estimated: bool
    """True if the server did not count the tokens."""
    cost: Decimal | None
    """The cost; None without prices."""
    milliseconds: int
    """The time that the call took."""


class StoredSuggestion(NamedTuple):
    """A suggestion in the store."""

    suggestion_id: int
    """Its number."""
    request_id: int
    """The number of its request."""
    task: SuggestionTask
    """The task."""
    language: str
    """The language of the wording."""
    model: str
    """The model, as the newsroom names it."""
    article_id: str
    """The article."""
    claim_id: str | None
    """The claim that the request was about, if it was about one."""
    document_id: str | None
    """The document whose sentences the numbers mean; None for the article or a statement."""
    input_sha256: str
    """The hash of the data that was sent."""
    position: int
    """Its place in the answer, from 1."""
    recorded_at: str
    """The UTC time of the answer."""
    choice: SuggestionChoice | None
    """The newest decision; None if no one has decided."""
    used_in: str | None
    """The claim that the newest decision names, if it names one."""
    answer: str
    """The whole text of the answer; suggestions of one answer share it."""


class ModelUsage(NamedTuple):
    """The use of language models for one article."""

    calls: int
    """The number of calls."""
    tokens: int
    """The tokens; for a call without a stored answer, the most that it may have used."""
    costs: tuple[tuple[str, Decimal], ...]
    """The cost by currency; for a call without a stored answer, the most that it may have been."""
    unanswered: int
    """The number of calls without a stored answer."""
    is_estimated: bool
    """True if the tokens of some calls are estimated."""


_REQUEST_COLUMNS = len(RequestEntry._fields) + 2


def store_request(connection: sqlite3.Connection, entry: RequestEntry, now: datetime) -> int:
    """Add a request inside a `writing` transaction and return its number; `now` is UTC."""
    request_id: int = connection.execute("SELECT coalesce(max(request_id), 0) + 1 FROM model_request").fetchone()[0]
    values = entry._replace(task=entry.task.value, currency=entry.currency or None)  # type: ignore[arg-type]
    places = ", ".join("?" * _REQUEST_COLUMNS)
    row = (request_id, *map(_column_value, values), utc_text(now))
    connection.execute(f"INSERT INTO model_request VALUES ({places})", row)  # noqa: S608  only question marks
    return request_id


def _column_value(value: object) -> object:
    return format(value, "f") if isinstance(value, Decimal) else value


def store_answer(connection: sqlite3.Connection, request_id: int, entry: AnswerEntry, text: str, now: datetime) -> None:
    """Add the result of a call inside a `writing` transaction; an empty `text` is not stored."""
    row = (
        request_id, entry.outcome.value, entry.model, entry.tokens_in, entry.tokens_out, entry.is_estimated,
        _column_value(entry.cost), entry.milliseconds, utc_text(now),
    )  # fmt: skip
    connection.execute("INSERT INTO model_answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    if text:
        connection.execute("INSERT INTO answer_text VALUES (?, ?)", (request_id, text))


def store_suggestions(
    connection: sqlite3.Connection, request_id: int, judged: Sequence[tuple[SuggestionState, Sequence[str]]]
) -> None:
    """Add the suggestions of an answer inside a `writing` transaction, each with its state and codes of reasons."""
    first = connection.execute("SELECT coalesce(max(suggestion_id), 0) + 1 FROM suggestion").fetchone()[0]
    rows = [
        (first + index, request_id, index + 1, state.value, msgspec.json.encode(list(codes)).decode())
        for index, (state, codes) in enumerate(judged)
    ]
    connection.executemany("INSERT INTO suggestion VALUES (?, ?, ?, ?, ?)", rows)


def store_suggestion_decision(
    connection: sqlite3.Connection,
    suggestion_id: int,
    choice: SuggestionChoice,
    author: str,
    now: datetime,
    *,
    claim_id: str | None = None,
) -> None:
    """Add a person's decision on a suggestion inside a `writing` transaction."""
    number = connection.execute("SELECT coalesce(max(decision_id), 0) + 1 FROM suggestion_decision").fetchone()[0]
    row = (number, suggestion_id, choice.value, claim_id, author, utc_text(now))
    connection.execute("INSERT INTO suggestion_decision VALUES (?, ?, ?, ?, ?, ?)", row)


def has_answer(connection: sqlite3.Connection, article_id: str, key_sha256: str) -> bool:
    """Return whether a request with this key was answered for an article, with a text that is still stored."""
    sql = (
        "SELECT 1 FROM model_request JOIN answer_text USING (request_id) "
        "WHERE article_id = ? AND key_sha256 = ? LIMIT 1"
    )
    return connection.execute(sql, (article_id, key_sha256)).fetchone() is not None


class StoredAnswer(NamedTuple):
    """An answer in the store."""

    served_model: str
    """The model, as the server named it."""
    recorded_at: str
    """The UTC time of the answer."""
    tokens_in: int
    """The tokens of the request."""
    tokens_out: int
    """The tokens of the answer."""
    milliseconds: int
    """The time that the call took."""
    text: str
    """The answer as it came."""


def find_answer(connection: sqlite3.Connection, article_id: str, key_sha256: str) -> StoredAnswer | None:
    """Return the newest stored answer to a request with this key for an article, or None."""
    sql = (
        "SELECT a.model, a.recorded_at, tokens_in, tokens_out, milliseconds, text FROM model_request "
        "JOIN model_answer a USING (request_id) JOIN answer_text USING (request_id) "
        "WHERE article_id = ? AND key_sha256 = ? ORDER BY request_id DESC LIMIT 1"
    )
    row = connection.execute(sql, (article_id, key_sha256)).fetchone()
    return None if row is None else StoredAnswer(*row)


_SUGGESTIONS = (
    "SELECT s.suggestion_id, s.request_id, task, language, r.model, article_id, r.claim_id, document_id, input_sha256, "
    "position, a.recorded_at, d.choice, d.claim_id "
    "FROM suggestion s JOIN model_answer a USING (request_id) JOIN model_request r USING (request_id) "
    "LEFT JOIN suggestion_decision d ON d.decision_id = (SELECT max(decision_id) FROM suggestion_decision "
    "WHERE suggestion_id = s.suggestion_id) WHERE {} ORDER BY s.suggestion_id"
)


def suggestions_of_article(connection: sqlite3.Connection, article_id: str) -> list[StoredSuggestion]:
    """Return the suggestions for an article and its claims, the oldest first; those without a text are left out."""
    return _read_suggestions(connection, "article_id = ?", article_id)


def suggestions_of_claim(connection: sqlite3.Connection, claim_id: str) -> list[StoredSuggestion]:
    """Return the suggestions of requests about a claim, the oldest first; those without a text are left out."""
    return _read_suggestions(connection, "r.claim_id = ?", claim_id)


def find_stored_suggestion(connection: sqlite3.Connection, suggestion_id: int) -> StoredSuggestion | None:
    """Return a suggestion by its number, or None if it does not exist or its text was deleted."""
    return next(iter(_read_suggestions(connection, "s.suggestion_id = ?", suggestion_id)), None)


def _read_suggestions(connection: sqlite3.Connection, condition: str, value: str | int) -> list[StoredSuggestion]:
    rows = connection.execute(_SUGGESTIONS.format(condition), (value,)).fetchall()
    texts = {request_id: _answer_text(connection, request_id) for request_id in {row[1] for row in rows}}
    return [_suggestion_from_row(row, text) for row in rows if (text := texts[row[1]]) is not None]


def _answer_text(connection: sqlite3.Connection, request_id: int) -> str | None:
    row = connection.execute("SELECT text FROM answer_text WHERE request_id = ?", (request_id,)).fetchone()
    return str(row[0]) if row else None


def _suggestion_from_row(row: Sequence[object], answer: str) -> StoredSuggestion:
    read = StoredSuggestion(*row, answer)  # type: ignore[arg-type, call-arg]
    return read._replace(task=SuggestionTask(read.task), choice=SuggestionChoice(read.choice) if read.choice else None)


_read_answer_cached = lru_cache(maxsize=200)(read_answer)


def read_suggestion(stored: StoredSuggestion) -> Suggestion | None:
    """Return the content of a stored suggestion; None if its answer can no longer be read."""
    read = _read_answer_cached(stored.task, stored.language, stored.answer)
    known = () if isinstance(read, Problem) else read
    found = known[stored.position - 1] if stored.position <= len(known) else None
    return replace(found, document_id=stored.document_id or "") if found else None


_USAGE = (
    "SELECT coalesce(tokens_in + tokens_out, most_tokens), coalesce(currency, ''), coalesce(cost, most_cost), "
    "outcome IS NULL, coalesce(is_estimated, 1) FROM model_request LEFT JOIN model_answer USING (request_id) "
    "WHERE article_id = ?"
)


def usage_of_article(connection: sqlite3.Connection, article_id: str) -> ModelUsage:
    """Return the calls, tokens and costs of an article so far."""
    rows = connection.execute(_USAGE, (article_id,)).fetchall()
    costs: dict[str, Decimal] = {}
    for _, currency, cost, *_ in rows:
        if cost is not None:
            costs[currency] = costs.get(currency, Decimal(0)) + Decimal(cost)
    return ModelUsage(
        len(rows), sum(row[0] for row in rows), tuple(sorted(costs.items())), sum(row[3] for row in rows),
        any(row[4] for row in rows),
    )  # fmt: skip


def calls_on_day(connection: sqlite3.Connection, day: str) -> int:
    """Return the number of calls on a UTC day such as `2031-04-03`."""
    sql = "SELECT count(*) FROM model_request WHERE recorded_at >= ? AND recorded_at < ?"
    count: int = connection.execute(sql, (day, f"{day}U")).fetchone()[0]
    return count


def delete_answer_texts(connection: sqlite3.Connection, article_id: str) -> int:
    """Delete the texts of all answers for an article inside a `writing` transaction; return their number."""
    sql = "DELETE FROM answer_text WHERE request_id IN (SELECT request_id FROM model_request WHERE article_id = ?)"
    return connection.execute(sql, (article_id,)).rowcount
