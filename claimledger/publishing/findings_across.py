"""Find what claims say against each other, for one claim at a time: values of a fact, amounts, intervals, conversions.

The findings about a claim follow from the tables `claims`, `quantities`, `appearances` and `fact_figures` alone. Of a
fact only its first 100 figures in the order of the log are compared, so that the time for a claim has a bound. A
withdrawn claim is compared with nothing. `consistency` compares; this module reads what is compared.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from contextlib import closing
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, cast

from claimledger.consistency import amounts_per_item, conflicting_values, conversions, intervals
from claimledger.consistency.across_claims import is_about_several_claims
from claimledger.consistency.conflicting_values import STATEMENT_LANGUAGES, FigureValue
from claimledger.consistency.date_ranges import day_range
from claimledger.consistency.finding_codes import Finding
from claimledger.consistency.relation_words import LATER
from claimledger.models import Claim, Quantity
from claimledger.models.stored import read_revision
from claimledger.publishing.columns import sql_identifiers
from claimledger.publishing.projection import finding_row
from claimledger.publishing.row_writer import StoredRow
from claimledger.publishing.rows import FindingRow
from claimledger.publishing.tables import FINDINGS, QUANTITIES
from claimledger.vocabulary import Comparator, Direction

MOST_FIGURES = 100
"""The number of figures of a fact that are compared, the first ones in the order of the log."""
CALENDAR_UNITS = ("day", "week", "month", "year")
_KEPT = 2_000
"""The number of facts, and of articles, whose values are kept in memory."""

_FIGURES = "SELECT claim_id, position FROM fact_figures WHERE fact = ? ORDER BY number, position LIMIT ?"
_VALUES = (
    "SELECT q.*, c.article FROM fact_figures AS f JOIN quantities AS q USING (claim_id, position) "
    "JOIN claims AS c USING (claim_id) WHERE f.fact = ? ORDER BY f.number, f.position LIMIT ?"
)
_NEWEST = "SELECT body FROM revision WHERE subject = 'claim' AND key = ? ORDER BY revision DESC LIMIT 1"
_PLACES = (
    "SELECT edition_sha256, start, \"end\", claim_id FROM appearances WHERE claim_id = ? AND record_state = 'listed'"
)
_BEFORE = (
    'SELECT a.claim_id, a.start, a."end", q.currency FROM appearances AS a JOIN claims AS c USING (claim_id) '
    "JOIN quantities AS q ON q.claim_id = a.claim_id AND q.position = 1 "
    'WHERE a.edition_sha256 = ? AND (a.start, a."end", a.claim_id) < (?, ?, ?) '
    "AND a.record_state = 'listed' AND c.record_state = 'listed' "
    'ORDER BY a.start DESC, a."end" DESC, a.claim_id DESC LIMIT 1'
)
_EVENTS = (
    "SELECT claim_id FROM claims WHERE article = ? AND +kind = 'event' AND about_on NOT NULL "
    "AND record_state = 'listed' ORDER BY claim_id"
)
"""The + keeps SQLite from reading every event of the ledger by the index of `kind`."""
WITH_TWO_CURRENCIES = (
    "SELECT q.claim_id FROM claims AS c JOIN quantities AS q USING (claim_id) WHERE c.article = ? "
    "AND c.record_state = 'listed' AND q.currency NOT NULL GROUP BY q.claim_id HAVING count(DISTINCT q.currency) > 1 "
    "ORDER BY q.claim_id"
)
_PUBLISHED = "SELECT published_on FROM articles WHERE article = ?"


class ComparedClaim(NamedTuple):
    """A listed claim with figures."""

    claim_id: str
    article: str
    statements: tuple[str, ...]
    figures: Sequence[sqlite3.Row | Sequence[Any]]
    """Its rows of `quantities`."""


_COMPARED = (
    "SELECT c.claim_id, c.article, c.waived, c.statement_en, c.statement_ko, q.* "
    "FROM quantities AS q JOIN claims AS c USING (claim_id) WHERE c.record_state = 'listed' "
    "ORDER BY q.claim_id, q.position"
)
_COMPARED_OF_CLAIMS = _COMPARED.replace("ORDER", "AND q.claim_id IN (SELECT value FROM json_each(?)) ORDER")


def compared_claims(
    connection: sqlite3.Connection, names: Sequence[str] | None = None
) -> Iterator[tuple[ComparedClaim, frozenset[str]]]:
    """Yield listed claims with figures (all, or those of `names`), each with the codes that an editor accepted."""
    values = () if names is None else (json.dumps(names),)
    rows_of_claims = connection.execute(_COMPARED if names is None else _COMPARED_OF_CLAIMS, values)
    for claim_id, rows in groupby(rows_of_claims, itemgetter(0)):
        figures = list(rows)
        _, article, waived, english, korean = figures[0][:5]
        statements = tuple(filter(None, (english, korean)))
        claim = ComparedClaim(claim_id, article, statements, [row[5:] for row in figures])
        yield claim, frozenset((waived or "").split(", "))


ComparedFigure = tuple[str, int]
"""A claim and the position of one of its figures, from 1."""


def compared_figures(connection: sqlite3.Connection, fact: str) -> frozenset[ComparedFigure]:
    """Return the figures of a fact that are compared."""
    return frozenset(connection.execute(_FIGURES, (fact, MOST_FIGURES)).fetchall())


def compared_values(connection: sqlite3.Connection, fact: str) -> list[FigureValue]:
    """Return the different values of a fact, each by the first claim that gives it."""
    rows = connection.execute(_VALUES, (fact, MOST_FIGURES))
    return conflicting_values.distinct_values(figure_value(row[:-1], row[-1]) for row in rows)


class FindingsAcross:
    """The findings across claims of one state of the file; what several claims share is read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read from an open database."""
        self._connection = connection
        self._figures = lru_cache(_KEPT)(partial(compared_figures, connection))
        self._values = lru_cache(_KEPT)(partial(compared_values, connection))
        self._events = lru_cache(_KEPT)(self._read_events)
        self._rate_day = lru_cache(_KEPT)(self._rate_day_findings)

    def findings_about(self, claim: ComparedClaim) -> Iterator[Finding]:
        """Yield every finding about a claim; the same finding may come twice."""
        for figure in claim.figures:
            yield from self._differing_values(claim, figure)
        if claim.figures[0][_CURRENCY]:
            yield from self._amounts_per_count(claim)
        if any(figure[_UNIT] in CALENDAR_UNITS for figure in claim.figures) and any(
            map(LATER.search, claim.statements)
        ):
            yield from self._interval_findings(claim)
        if len({figure[_CURRENCY] for figure in claim.figures} - {None}) > 1:
            yield from (one for one in self._rate_day(claim.article) if one.claim_id == claim.claim_id)

    def _differing_values(self, claim: ComparedClaim, figure: Sequence[Any]) -> Iterator[Finding]:
        for fact in measured_facts(figure):
            figures = self._figures(fact)
            if len(figures) > 1 and (claim.claim_id, figure[_POSITION]) in figures:
                value = figure_value(figure, claim.article)
                yield from conflicting_values.findings_against(value, self._values(fact))

    def _amounts_per_count(self, claim: ComparedClaim) -> Iterator[Finding]:
        for edition, start, end, claim_id in self._connection.execute(_PLACES, (claim.claim_id,)).fetchall():
            before = self._connection.execute(_BEFORE, (edition, start, end, claim_id)).fetchone()
            if before and before[0] != claim_id and not before[3] and start - before[2] <= amounts_per_item.MAX_GAP:
                placed = [
                    amounts_per_item.PlacedClaim(self._claim(before[0]), *before[1:3]),
                    amounts_per_item.PlacedClaim(self._claim(claim_id), start, end),
                ]
                yield from amounts_per_item.amount_per_count_findings(placed)

    def _interval_findings(self, claim: ComparedClaim) -> Iterator[Finding]:
        yield from intervals.interval_findings_across_claims(
            [self._claim(claim.claim_id), *self._events(claim.article)]
        )

    def _read_events(self, article: str) -> Sequence[Claim]:
        return [self._claim(name) for (name,) in self._connection.execute(_EVENTS, (article,)).fetchall()]

    def _rate_day_findings(self, article: str) -> Sequence[Finding]:
        names = self._connection.execute(WITH_TWO_CURRENCIES, (article,)).fetchall()
        published = self._connection.execute(_PUBLISHED, (article,)).fetchone()
        claims = [self._claim(name) for (name,) in names]
        return list(conversions.common_rate_day_findings(claims, day_range(published[0]) if published else None))

    def _claim(self, claim_id: str) -> Claim:
        (body,) = self._connection.execute(_NEWEST, (claim_id,)).fetchone()
        return cast("Claim", read_revision(body).record)


_POSITION, _UNIT, _CURRENCY = (QUANTITIES.stored.index(name) for name in ("position", "unit", "currency"))
_FACTS = [(language, QUANTITIES.stored.index(f"fact_{language}")) for language in STATEMENT_LANGUAGES]
_VALUE = slice(QUANTITIES.stored.index("amount"), QUANTITIES.stored.index("amount_text") + 1)


def measured_facts(figure: Sequence[Any]) -> list[str]:
    """Return the facts that a row of `quantities` measures: language and key."""
    return [f"{language}:{figure[place]}" for language, place in _FACTS if figure[place]]


def figure_value(figure: Sequence[Any], article: str) -> FigureValue:
    """Return the figure of a row of `quantities` of a claim in an article."""
    return FigureValue(figure[0], article, figure[_POSITION] - 1, _quantity(*figure[_VALUE]))


@lru_cache(_KEPT)
def _quantity(
    amount: float | str | None, low: float | str | None, high: float | str | None, unit: str | None,
    currency: str | None, comparator: str | None, direction: str | None, text: str,
) -> Quantity:  # fmt: skip
    return Quantity(
        text=text, amount=_decimal(amount), low=_decimal(low), high=_decimal(high), unit=unit, currency=currency,
        comparator=Comparator(comparator) if comparator else None,
        direction=Direction(direction) if direction else None,
    )  # fmt: skip


def _decimal(number: float | str | None) -> Decimal | None:
    """Return a number as it was before `cells.sqlite_number`."""
    return None if number is None else Decimal(str(number))


def ordered_findings(found: Iterable[Finding]) -> Mapping[tuple[str, str, str], Finding]:
    """Return findings across claims by code, field and English sentence, sorted by these: each finding once."""
    return dict(sorted({(one.code, one.field, one.en): one for one in found}.items()))


def finding_rows(
    connection: sqlite3.Connection, names: Sequence[str]
) -> Iterator[tuple[str, Sequence[StoredRow], Sequence[FindingRow]]]:
    """Yield the listed claims with figures among `names`, with the rows of their own findings and those across claims.

    The own rows are those that the file contains.
    """
    across = FindingsAcross(connection)
    for claim, waived in compared_claims(connection, names):
        found = ordered_findings(across.findings_about(claim))
        standing = connection.execute(_FINDINGS, (claim.claim_id,)).fetchall()
        own = [row for row in standing if not is_about_several_claims(row[_CODE], row[_OTHER])]
        yield claim.claim_id, own, _rows_across(found, waived, own)


def rows_across(connection: sqlite3.Connection, names: Sequence[str]) -> list[StoredRow]:
    """Return the rows of the findings across claims about the claims among `names` that are listed."""
    return [tuple(row) for _, _, rows in finding_rows(connection, names) for row in rows]


def rows_across_in_file(path: str, names: Sequence[str]) -> list[StoredRow]:
    """Return the same from a file that another process writes; the file is in WAL mode."""
    with closing(sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)) as connection:
        return rows_across(connection, names)


_CODE, _FIELD, _COMPUTED, _OTHER = (
    FINDINGS.stored.index(name) for name in ("code", "field", "computed_en", "other_claim_id")
)
_FINDINGS = f"SELECT {sql_identifiers(FINDINGS.stored)} FROM findings WHERE claim_id = ?"  # noqa: S608  ours


def _rows_across(
    found: Mapping[tuple[str, str, str], Finding], waived: frozenset[str], own: Sequence[StoredRow]
) -> list[FindingRow]:
    """Return the rows of findings across claims about a claim, numbered after its own findings."""
    known = {(row[_CODE], row[_FIELD], row[_COMPUTED]) for row in own}
    new = [one for key, one in found.items() if key not in known]
    return [
        finding_row(one, position, is_waived=one.code in waived) for position, one in enumerate(new, start=len(own) + 1)
    ]
