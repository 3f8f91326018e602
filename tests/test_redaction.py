"""A redaction removes a value from every table, page and feed of ledger.db, and from its bytes."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, FIRST_EDITION, HIDDEN_QUOTE, PRICE, SO, SPEED, LogMaker, appearance
from page_reading import got

from claimledger.publishing import charts, ledger_db, ledger_reader, policy
from claimledger.publishing.ledger_reader import VersionRedacted
from claimledger.publishing.tables import TABLES

Serve = Callable[..., Datasette]
CLAIM = SPEED["claim_id"]
SECRET = "SECRET"
NOTE = {"kind": "clarification", "public_note": {"en": f"{SECRET} note"}}


@pytest.fixture
def log() -> LogMaker:
    """Return a log with a redaction near its end and a claim that is not redacted."""
    made = LogMaker()
    made.add(ARTICLE)
    made.add(PRICE, reason="Another claim.")
    made.add({**SPEED, "statement": {"en": f"{SECRET} one."}}, reason=f"{SECRET} reason")
    judged = {**SPEED, "statement": {"en": f"{SECRET} two."}, "verdicts": [{**SO, "rationale": {"en": SECRET}}]}
    made.add(judged, "verdict", recorded_at="2031-05-01T00:00:00.000Z")
    made.add({**judged, "statement": {"en": f"{SECRET} three."}}, "correction", correction=NOTE, reason=f"{SECRET}!",
             recorded_at="2031-05-03T00:00:00.000Z")  # fmt: skip
    made.add(appearance(SPEED, FIRST_EDITION, 100, HIDDEN_QUOTE), recorded_at="2031-05-03T00:00:00.000Z")
    made.add({**SPEED, "verdicts": [SO]}, "redaction", reason=f"{SECRET} it was.",
             recorded_at="2031-06-01T00:00:00.000Z")  # fmt: skip
    made.add({**SPEED, "verdicts": [SO], "topics": ["cranes"]}, "update", reason="A topic.",
             recorded_at="2031-06-02T00:00:00.000Z")  # fmt: skip
    return made


@pytest.fixture
def path(tmp_path: Path, log: LogMaker) -> Path:
    made = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(log.entries, made)
    return made


def cells(path: Path) -> dict[str, int]:
    """Return the number of rows with the secret by table, except the body of the redaction itself."""
    with ledger_reader.open_ledger(path) as connection:
        found = {table.name: [dict(row) for row in connection.execute(f"SELECT * FROM {table.name}")]  # noqa: S608
                 for table in TABLES}  # fmt: skip
    found["revision"] = [row for row in found["revision"] if row["kind"] != "redaction"]
    return {name: count for name, rows in found.items() if (count := sum(SECRET in json.dumps(row) for row in rows))}


def test_redacted_values_leave_every_table_but_hashes_and_names_stay(path: Path, log: LogMaker) -> None:
    assert cells(path) == {}
    with ledger_reader.open_ledger(path) as connection:
        rows = connection.execute("SELECT * FROM revision ORDER BY number").fetchall()
        fields = connection.execute("SELECT field FROM history WHERE revision = 2 AND key = ?", (CLAIM,)).fetchall()
        (kept,) = connection.execute("SELECT reason FROM history WHERE key = ?", (PRICE["claim_id"],)).fetchall()
        (topic,) = connection.execute("SELECT reason, after FROM history WHERE field = 'topics'").fetchall()
    assert [row["sha256"] for row in rows] == [entry.sha256 for entry in log.entries]
    assert [row["number"] for row in rows if row["body"] is None] == [3, 4, 5]
    assert all(row["actor"] and row["approver"] and row["recorded_at"] for row in rows)
    assert ("verdicts.so.value",) in [tuple(row) for row in fields]
    assert (kept["reason"], *topic) == ("Another claim.", "A topic.", "cranes")


def test_file_bytes_contain_only_the_reason_of_the_redaction(path: Path) -> None:
    assert path.read_bytes().count(SECRET.encode()) == 1


def test_counts_stay_and_the_file_matches_the_log(path: Path, log: LogMaker) -> None:
    assert ledger_db.find_differences(path, log.entries) == []
    with ledger_reader.open_ledger(path) as connection:
        (row,) = charts.count_chart(connection, "status-over-time", "en").rows[-1:]
        assert row[1:3] == (1, 1)  # one not checked, one supported
        assert policy.measure_policy(connection).corrections == 1


def test_claim_on_a_redacted_day_raises_version_redacted(path: Path) -> None:
    with ledger_reader.open_ledger(path) as connection:
        with pytest.raises(VersionRedacted, match=f"'{CLAIM}' on 2031-05-02 was redacted"):
            ledger_reader.claim_revision(connection, CLAIM, datetime.date(2031, 5, 2))
        revisions = ledger_reader.claim_revisions(connection, CLAIM)
    assert [one["kind"] for one in revisions] == ["listed", "verdict", "correction", "redaction", "update"]
    assert ["record" in one for one in revisions] == [False, False, False, True, True]


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_pages_and_feeds_hide_the_value_and_mark_the_redaction(path: Path, serve: Serve) -> None:
    datasette = serve(path)
    for place in (f"/claims/{CLAIM}", "/corrections", "/feeds/corrections.atom", "/feeds/verdicts.atom"):
        text: Any = (await got(datasette, f"{place}?lang=en")).text
        assert (SECRET in text, "Redacted value" in text) == (False, True), place
    for place in ("/", f"/articles/{ARTICLE['article_id']}", "/ledger/history/-/csv", "/ledger/corrections/-/jsonl"):
        answer = await got(datasette, place)
        assert (answer.status_code, SECRET in answer.text) == (200, False), place
    assert (await got(datasette, f"/claims/{CLAIM}?on=2031-05-02")).status_code == 410


def test_a_log_without_a_redaction_loses_nothing(tmp_path: Path) -> None:
    made = LogMaker()
    made.add(ARTICLE)
    made.add(SPEED, reason="Listed.")
    ledger_db.build_ledger_db(made.entries, tmp_path / "ledger.db")
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        assert connection.execute("SELECT count(*) FROM revision WHERE body IS NULL").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM history WHERE reason = ''").fetchone() == (0,)
    connection.close()
