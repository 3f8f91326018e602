"""What was computed across claims: one thing with two values, amounts beside counts, days and rates of one article.

In: a database with every table filled and indexed but `findings` across claims. Out: the rows of `findings` that are
missing. The invariant: time grows with claims alone, and memory with the claims of one article; a withdrawn claim is
held against nothing; which place a row has among those of its claim follows from these alone. What is computed stands
in `consistency`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain, groupby, pairwise
from operator import itemgetter
from typing import Any

import msgspec

from claimledger import consistency
from claimledger.consistency import amounts_per_item, conflicting_values, conversions, intervals
from claimledger.consistency.date_ranges import day_range
from claimledger.models import Claim, Quantity
from claimledger.publishing.projection import finding_row
from claimledger.publishing.rows import FindingRow
from claimledger.publishing.tables import FINDINGS
from claimledger.vocabulary import Comparator, Direction

_BY_FACT = """
SELECT q.{key}, q.claim_id, c.article, q.position, q.amount, q.low, q.high, q.unit, q.currency, q.comparator,
  q.direction, q.amount_text
FROM quantities AS q JOIN claims AS c USING (claim_id)
WHERE c.record_state = 'listed'
  AND q.{key} IN (SELECT {key} FROM quantities WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1)
ORDER BY q.{key}, q.claim_id, q.position
"""
_PLACED = """
SELECT a.edition_sha256, a.claim_id, a.start, a.end, q.currency
FROM appearances AS a JOIN claims AS c USING (claim_id)
  JOIN quantities AS q ON q.claim_id = a.claim_id AND q.position = 1
WHERE a.record_state = 'listed' AND c.record_state = 'listed'
ORDER BY a.edition_sha256, a.start, a.end, a.claim_id
"""
_WITH_INTERVALS = """
SELECT c.claim_id, c.article FROM claims AS c WHERE c.record_state = 'listed' AND c.article IN (
  SELECT l.article FROM quantities AS q JOIN claims AS l USING (claim_id)
  WHERE q.unit IN ('day', 'week', 'month', 'year')
) AND (c.kind = 'event' OR EXISTS (
  SELECT 1 FROM quantities AS q WHERE q.claim_id = c.claim_id AND q.unit IN ('day', 'week', 'month', 'year')
)) ORDER BY c.article, c.claim_id
"""
_WITH_CONVERSIONS = """
SELECT q.claim_id, c.article FROM quantities AS q JOIN claims AS c USING (claim_id)
WHERE q.currency IS NOT NULL AND c.record_state = 'listed'
GROUP BY q.claim_id HAVING count(DISTINCT q.currency) > 1 ORDER BY c.article, q.claim_id
"""
_NEWEST = "SELECT body FROM revision WHERE subject = 'claim' AND key = ? ORDER BY revision DESC LIMIT 1"
_WAIVED = f"SELECT EXISTS(SELECT 1 FROM ({_NEWEST}), json_each(body, '$.record.waivers') WHERE value ->> 'code' = ?)"  # noqa: S608
_PUBLISHED = "SELECT published_on FROM articles WHERE article = ?"
_KEPT = "CREATE TEMP TABLE across AS SELECT * FROM findings LIMIT 0"
_EACH_ONCE = "CREATE UNIQUE INDEX temp.across_once ON across (claim_id, code, field, computed_en)"
_NUMBERED = """
UPDATE temp.across SET position = position + place FROM (
  SELECT rowid AS across_id, row_number() OVER (PARTITION BY claim_id ORDER BY code, field, computed_en) AS place
  FROM temp.across
) WHERE across_id = across.rowid
"""
"""Numbers what was found across claims on from a claim's last position, in an order that follows from what it says."""
_KNOWN = """
SELECT coalesce(max(position), 0), coalesce(max(code = ? AND field = ? AND computed_en = ?), 0)
FROM findings WHERE claim_id = ?
"""


def add_across_claims(connection: sqlite3.Connection) -> None:
    """Add what was computed across claims, after what was computed of each; the same of one figure once."""
    connection.execute(_KEPT)
    connection.execute(_EACH_ONCE)
    connection.executemany(_KEEP, _across(connection))
    connection.execute(_NUMBERED)
    connection.execute("INSERT INTO findings SELECT * FROM temp.across ORDER BY claim_id, position")
    connection.execute("DROP TABLE temp.across")


_KEEP = f"INSERT OR IGNORE INTO temp.across VALUES ({', '.join('?' * len(FINDINGS.header))})"  # noqa: S608  none but marks


def _across(connection: sqlite3.Connection) -> Iterator[FindingRow]:
    """Yield what was not computed of a claim alone; the position is that of the last row of its claim."""
    for one in chain(
        _two_values(connection, "fact_en"),
        _two_values(connection, "fact_ko"),
        _amounts_for_each(connection),
        _intervals(connection),
        _days_of_conversion(connection),
    ):
        last, is_known = connection.execute(_KNOWN, (one.code, one.field, one.en, one.claim_id)).fetchone()
        if not is_known:
            (is_waived,) = connection.execute(_WAIVED, (one.claim_id, one.code)).fetchone()
            yield finding_row(one, last, is_waived=bool(is_waived))


def _claim(connection: sqlite3.Connection, claim_id: str) -> Claim:
    """Return a claim as it stands; every body was validated before."""
    (body,) = connection.execute(_NEWEST, (claim_id,)).fetchone()
    return Claim.model_validate_json(msgspec.json.encode(msgspec.json.decode(body)["record"]))


def _two_values(connection: sqlite3.Connection, key: str) -> Iterator[consistency.Finding]:
    cursor = connection.execute(_BY_FACT.format(key=key))
    names = [column[0] for column in cursor.description]
    for _, rows in groupby(cursor, itemgetter(0)):
        yield from conflicting_values.differing_value_findings(
            [value_of(dict(zip(names, row, strict=True))) for row in rows]
        )


def value_of(row: Mapping[str, Any]) -> conflicting_values.FigureValue:
    """Return the figure that a row of `quantities` holds; the row has its claim's article too."""
    quantity = Quantity(
        text=row["amount_text"], amount=_decimal(row["amount"]), low=_decimal(row["low"]), high=_decimal(row["high"]),
        unit=row["unit"], currency=row["currency"],
        comparator=Comparator(row["comparator"]) if row["comparator"] else None,
        direction=Direction(row["direction"]) if row["direction"] else None,
    )  # fmt: skip
    return conflicting_values.FigureValue(row["claim_id"], row["article"], row["position"] - 1, quantity)


def _decimal(number: float | str | None) -> Decimal | None:
    """Return a number as it was before `cells.number`."""
    return None if number is None else Decimal(str(number))


def _amounts_for_each(connection: sqlite3.Connection) -> Iterator[consistency.Finding]:
    """Yield what amounts come to beside counts; only passages that stand next to each other are read as claims."""
    for before, after in pairwise(connection.execute(_PLACED)):
        is_near = before[0] == after[0] and after[2] - before[3] <= amounts_per_item.MAX_GAP
        if is_near and after[4] and not before[4] and before[1] != after[1]:
            both = (amounts_per_item.PlacedClaim(_claim(connection, row[1]), row[2], row[3]) for row in (before, after))
            yield from amounts_per_item.amount_per_count_findings(both)


def _by_article(connection: sqlite3.Connection, sql: str) -> Iterator[tuple[str, list[Claim]]]:
    for article, rows in groupby(connection.execute(sql), itemgetter(1)):
        yield article, [_claim(connection, claim_id) for claim_id, _ in rows]


def _intervals(connection: sqlite3.Connection) -> Iterator[consistency.Finding]:
    for _, claims in _by_article(connection, _WITH_INTERVALS):
        yield from intervals.interval_findings_across_claims(claims)


def _days_of_conversion(connection: sqlite3.Connection) -> Iterator[consistency.Finding]:
    for article, claims in _by_article(connection, _WITH_CONVERSIONS):
        published = connection.execute(_PUBLISHED, (article,)).fetchone()
        yield from conversions.common_rate_day_findings(claims, day_range(published[0]) if published else None)
