"""Editors' decisions on passages of an article: accepted, dismissed, reopened, left out of an edition.

A decision is stored with its quotation, so that it also applies to later editions. It is never changed; a newer one
replaces it. This module knows nothing of candidates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.models import PassageHash, QuoteSelector, Span
from claimledger.selectors import ResolvedPassage, resolve_selector
from claimledger.desk_vocabulary import PassageDecision


class Decision(NamedTuple):
    """An editor's decision on one passage."""

    article_id: str
    """The article's ID."""
    edition_sha256: str
    """The edition in which it was made."""
    decided: PassageDecision
    """The decision."""
    position: Span
    """The position of the passage in that edition, in code points."""
    quote: QuoteSelector
    """The passage with its context; its words are included, because the desk is private."""
    reason: str
    """The reason."""
    author: str
    """The name of the editor."""
    claim_id: str | None = None
    """The claim made from the passage, or the claim that lost it."""


def store_decisions(connection: sqlite3.Connection, decisions: Iterable[Decision], now: datetime) -> None:
    """Add decisions inside a `writing` transaction; `now` is UTC."""
    first = connection.execute("SELECT coalesce(max(decision_id), 0) + 1 FROM decision").fetchone()[0]
    rows = (_row(number, decision, utc_text(now)) for number, decision in enumerate(decisions, start=first))
    connection.executemany("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _row(number: int, decision: Decision, recorded_at: str) -> tuple[object, ...]:
    exact = decision.quote.exact
    quote_sha256 = exact.sha256 if isinstance(exact, PassageHash) else sha256(exact.encode()).hexdigest()
    return (
        number, decision.article_id, decision.edition_sha256, decision.decided.value,
        quote_sha256, decision.position.model_dump_json(),
        decision.quote.model_dump_json(exclude_defaults=True), decision.claim_id, decision.reason, decision.author,
        recorded_at,
    )  # fmt: skip


def article_decisions(store: DeskStore, article_id: str) -> list[Decision]:
    """Return every decision on an article, the oldest first."""
    rows = store.connection.execute(
        "SELECT article_id, edition_sha256, decided, position, quote, reason, author, claim_id FROM decision "
        "WHERE article_id = ? ORDER BY decision_id",
        (article_id,),
    )
    return [
        Decision(
            article, edition, PassageDecision(decided), Span.model_validate_json(position),
            QuoteSelector.model_validate_json(quote), reason, author, claim_id,
        )
        for article, edition, decided, position, quote, reason, author, claim_id in rows
    ]  # fmt: skip


def recent_dismissal_reasons(connection: sqlite3.Connection, most: int = 8) -> list[str]:
    """Return the last reasons for excluding passages, each once, the newest first."""
    sql = (
        "SELECT reason FROM decision WHERE decided = 'dismissed' GROUP BY reason ORDER BY max(decision_id) DESC LIMIT ?"
    )
    return [reason for (reason,) in connection.execute(sql, (most,))]


def decisions_by_position(
    decisions: Iterable[Decision], text: str, edition_sha256: str
) -> dict[tuple[int, int], Decision]:
    """Return the newest decision on each passage of a text, by its (start, end) in code points.

    A passage whose words occur once in the text matches wherever it is. Among several equal passages, the context
    decides. If it cannot, the decision is not carried over.
    """
    found: dict[tuple[int, int], Decision] = {}
    for decision in decisions:
        position = decision.position if decision.edition_sha256 == edition_sha256 else None
        for span in find_passage(text, position, decision.quote):
            found.pop((span.start, span.end), None)
            found[span.start, span.end] = decision
    return {place: decision for place, decision in found.items() if decision.decided is not PassageDecision.LEFT_OUT}


def claims_left_out(decisions: Iterable[Decision]) -> frozenset[tuple[str, str]]:
    """Return the claims that were left out, each with the last edition that had its passage."""
    left_out = (decision for decision in decisions if decision.decided is PassageDecision.LEFT_OUT)
    return frozenset((str(decision.claim_id), decision.edition_sha256) for decision in left_out)


def find_passage(text: str, position: Span | None, quote: QuoteSelector) -> Iterator[Span]:
    """Yield the position of a passage in a text, if it resolves or its words occur exactly once."""
    where = resolve_selector(text, position, quote)
    if isinstance(where, ResolvedPassage):
        yield where.span
    elif len(where.places) == 1:
        yield from where.places
