"""Find the claims about which other claims may say something else after a change.

A change is announced with the claims and passages that it rewrites, before and after they are written. Affected are:
the claims that are rewritten; the compared figures of a fact whose values change; the claims whose passage follows a
rewritten one; and, in the article of a rewritten claim with a duration or an event, or with two currencies, the claims
with the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from claimledger.consistency.conflicting_values import FigureValue
from claimledger.publishing.findings_across import (
    CALENDAR_UNITS, MOST_FIGURES, WITH_TWO_CURRENCIES, ComparedFigure, compared_figures, compared_values,
    measured_facts,
)  # fmt: skip
from claimledger.publishing.tables import QUANTITIES

_PLACES = 'SELECT edition_sha256, start, "end", claim_id FROM appearances WHERE {}'
_AFTER = (
    "SELECT a.claim_id FROM appearances AS a JOIN claims AS c USING (claim_id) "
    "JOIN quantities AS q ON q.claim_id = a.claim_id AND q.position = 1 "
    'WHERE a.edition_sha256 = ? AND (a.start, a."end", a.claim_id) > (?, ?, ?) '
    "AND a.record_state = 'listed' AND c.record_state = 'listed' "
    'ORDER BY a.start, a."end", a.claim_id LIMIT 1'
)
_WITH_DURATIONS = (
    "SELECT DISTINCT q.claim_id FROM claims AS c JOIN quantities AS q USING (claim_id) WHERE c.article = ? "  # noqa: S608
    f"AND c.record_state = 'listed' AND q.unit IN {CALENDAR_UNITS}"
)
_FACTS = "SELECT {} FROM quantities WHERE claim_id IN (SELECT value FROM json_each(?))"
_ARTICLES = (
    f"SELECT DISTINCT c.article FROM claims AS c LEFT JOIN quantities AS q USING (claim_id) "  # noqa: S608  ours
    f"WHERE c.claim_id IN (SELECT value FROM json_each(?)) AND (c.kind = 'event' OR q.unit IN {CALENDAR_UNITS})"
)
_TWO_CURRENCIES = (
    "SELECT DISTINCT c.article FROM claims AS c JOIN quantities AS q USING (claim_id) "
    "WHERE c.claim_id IN (SELECT value FROM json_each(?)) AND q.currency NOT NULL "
    "GROUP BY c.claim_id HAVING count(DISTINCT q.currency) > 1"
)


class AffectedClaims:
    """The claims that a change affects, collected while it is written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with no claim; the connection is that of the writer."""
        self._connection = connection
        self._names: dict[str, None] = {}
        self._places: dict[tuple[Any, ...], None] = {}
        self._with_events: set[str] = set()
        self.with_currencies: set[str] = set()
        """The articles whose conversions are compared again."""
        self._facts: dict[str, tuple[frozenset[ComparedFigure], list[FigureValue]]] = {}

    def before_claims(self, names: Sequence[str], figures: Iterable[Sequence[Any]]) -> None:
        """Take note of some claims before they are rewritten; `figures` are their new rows of `quantities`."""
        self._names |= dict.fromkeys(names)
        self._look_at(names)
        facts = {fact for row in [*self._figures(names), *figures] for fact in measured_facts(row)}
        self._facts = {fact: self._compared(fact, names) for fact in sorted(facts)}

    def _compared(self, fact: str, names: Sequence[str]) -> tuple[frozenset[ComparedFigure], list[FigureValue]]:
        """Return the compared figures of a fact, and its values unless some claims cannot change them."""
        figures = compared_figures(self._connection, fact)
        can_change = len(figures) < MOST_FIGURES or not {claim_id for claim_id, _ in figures}.isdisjoint(names)
        return figures, compared_values(self._connection, fact) if can_change else []

    def after_claims(self, names: Sequence[str]) -> None:
        """Take note of the same claims after they were rewritten."""
        self._look_at(names)
        for fact, before in self._facts.items():
            figures = compared_figures(self._connection, fact)
            after = compared_values(self._connection, fact) if before[1] or figures != before[0] else []
            changed = before[0] ^ figures if before[1] == after else before[0] | figures
            self._names |= dict.fromkeys(sorted({claim_id for claim_id, _ in changed}))

    def note_passages(self, claim_id: str) -> None:
        """Take note of a claim's passages before, and again after, they are rewritten."""
        rows = self._connection.execute(_PLACES.format("claim_id = ?"), (claim_id,))
        self._places |= dict.fromkeys(rows.fetchall())
        self._names[claim_id] = None

    def _look_at(self, names: Sequence[str]) -> None:
        """Take note of the passages of some claims, and of the articles in which they may be compared."""
        listed = (json.dumps(names),)
        rows = self._connection.execute(_PLACES.format("claim_id IN (SELECT value FROM json_each(?))"), listed)
        self._places |= dict.fromkeys(rows.fetchall())
        self._with_events |= {article for (article,) in self._connection.execute(_ARTICLES, listed)}
        self.with_currencies |= {article for (article,) in self._connection.execute(_TWO_CURRENCIES, listed)}

    def _figures(self, names: Sequence[str]) -> list[Sequence[Any]]:
        columns = ", ".join(QUANTITIES.stored)
        return self._connection.execute(_FACTS.format(columns), (json.dumps(names),)).fetchall()

    def names(self) -> list[str]:
        """Return every affected claim, once the change is written."""
        names = dict(self._names)
        for place in self._places:
            names |= dict.fromkeys(name for (name,) in self._connection.execute(_AFTER, place))
        for sql, articles in ((_WITH_DURATIONS, self._with_events), (WITH_TWO_CURRENCIES, self.with_currencies)):
            for article in sorted(articles):
                names |= dict.fromkeys(name for (name,) in self._connection.execute(sql, (article,)))
        return list(names)
