"""What is counted of the whole ledger: once, when it is built, and kept in it for the pages that tell it.

In: ledger.db with every other table filled; later the finished file. Out: how the corrections policy was kept, the
pictures, how the claims of each topic stand. The invariants: what is kept is what the same readers count of the file
before a redaction takes values out of it, which `claimledger check` counts anew, and no word of ours is kept: pictures
get theirs when they are read. Of a long log the readers look through all the history; no page waits for that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

import msgspec

from claimledger.publishing import charts, policy
from claimledger.publishing.charts import ChartName, Chart, ChartRows
from claimledger.publishing.pages.claim_list import count_by_topic
from claimledger.publishing.policy import PolicyMetrics
from claimledger.publishing.rows import CountRow
from claimledger.publishing.site import LANGUAGES, PageLanguage
from claimledger.publishing.tables import COUNTS
from claimledger.vocabulary import VerificationStatus

_POLICY = "corrections-policy"
_TOPICS = "claims-by-topic"

ByTopic = Mapping[str, Mapping[VerificationStatus, int]]


def fill_counts(connection: sqlite3.Connection) -> None:
    """Count everything, of a ledger whose other tables are filled, and keep it in the table `counts`."""
    rows_before, connection.row_factory = connection.row_factory, sqlite3.Row
    counted = [*_counted(connection)]
    connection.row_factory = rows_before
    connection.executemany(COUNTS.insert_sql, counted)


def _counted(connection: sqlite3.Connection) -> Iterator[CountRow]:
    yield _row(_POLICY, policy.measure_policy(connection))
    yield _row(_TOPICS, count_by_topic(connection))
    for language in LANGUAGES:
        for name, rows_of in charts.CHARTS.items():
            yield _row(_picture(name, language), rows_of(connection, language))


def _row(name: str, value: object) -> CountRow:
    return CountRow(name, msgspec.json.encode(value).decode())


def _picture(name: ChartName, language: PageLanguage) -> str:
    return f"{name}-{language}"


def measured(connection: sqlite3.Connection) -> PolicyMetrics:
    """Return how the corrections policy was kept, as counted when the ledger was built."""
    return msgspec.json.decode(_kept(connection, _POLICY), type=PolicyMetrics)


def topics(connection: sqlite3.Connection) -> ByTopic:
    """Return how many listed claims of each topic stand how, as counted when the ledger was built."""
    kept: ByTopic = msgspec.json.decode(_kept(connection, _TOPICS), type=ByTopic)
    return kept


def picture(connection: sqlite3.Connection, name: ChartName, language: PageLanguage) -> Chart:
    """Return a picture of the whole ledger, as counted when the ledger was built."""
    return charts.label_chart(
        name, msgspec.json.decode(_kept(connection, _picture(name, language)), type=ChartRows), language
    )


def _kept(connection: sqlite3.Connection, name: str) -> str:
    value: str = connection.execute("SELECT value FROM counts WHERE name = ?", (name,)).fetchone()[0]
    return value
