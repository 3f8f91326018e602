"""The corrections policy, measured from the log: counts, days, kinds, and missing corrections."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from made_ledger import ARTICLE, COLUMN, EVIDENCE, JOBS, PRICE, SAID, SHARE, SO, SPEED, YEARBOOK, LogMaker, made_entries

from claimledger.publishing import ledger_db, ledger_reader, policy
from claimledger.vocabulary import CorrectionKind, RevisionKind

NOTE: Mapping[str, Any] = {"kind": "clarification", "public_note": {"ko": "고쳤다."}}
JUDGED = {**SPEED, "verdicts": [SO], "evidence": EVIDENCE}
REWORDED = {**JUDGED, "statement": {"en": "Something else."}}


@contextmanager
def ledger(folder: Path, log: LogMaker) -> Iterator[sqlite3.Connection]:
    path = folder / f"{len(log.entries)}.db"
    ledger_db.build_ledger_db(log.entries, path)
    with ledger_reader.open_ledger(path) as connection:
        yield connection


@pytest.fixture
def log() -> LogMaker:
    made = LogMaker()
    for record in (ARTICLE, YEARBOOK, COLUMN, SPEED, JOBS, PRICE):
        made.add(record, recorded_at="2031-04-10T09:00:00.000Z")
    return made


def test_policy_figures_of_the_made_up_ledger(tmp_path: Path) -> None:
    made = LogMaker()
    made.entries = made_entries()
    with ledger(tmp_path, made) as connection:
        found = policy.measure_policy(connection)
        rows = connection.execute("SELECT * FROM corrections ORDER BY id").fetchall()
        withdrawn, one = policy.list_corrections(connection, count=10)
    assert (found.claims, found.corrections, found.per_hundred) == (8, 1, Decimal("12.5"))
    assert (found.withdrawals, found.silent_edits) == (1, ())
    assert found.by_kind == {kind: int(kind is CorrectionKind.CLARIFICATION) for kind in CorrectionKind}
    assert [tuple(change) for change in one.changes] == [(row["field"], row["before"], row["after"]) for row in rows]
    assert (one.public_note["ko"], one.reason) == ("금액을 고쳤다.", rows[0]["reason"])
    assert (withdrawn.kind, withdrawn.changes, withdrawn.public_note) == (RevisionKind.WITHDRAWAL, (), {})
    assert (withdrawn.claim_id, withdrawn.is_redacted, withdrawn.reason) == (SHARE["claim_id"], True, "")
    assert withdrawn.statement == SHARE["statement"]  # the redaction keeps the statement


@pytest.mark.slow
def test_days_to_correction_count_from_the_faulty_version(tmp_path: Path, log: LogMaker) -> None:
    log.add({**SPEED, "topics": ["wrong"]}, "update", recorded_at="2031-04-14T09:00:00.000Z")
    log.add({**SPEED, "topics": ["right"]}, "correction", recorded_at="2031-04-15T21:00:00.000Z", correction=NOTE)
    with ledger(tmp_path, log) as connection:
        assert policy.measure_policy(connection).median_days == Decimal("1.5")  # not the 5.5 since it was listed
    log.add({**JOBS, "topics": ["right"]}, "correction", recorded_at="2031-04-17T09:00:00.000Z", correction=NOTE)
    with ledger(tmp_path, log) as connection:
        assert policy.measure_policy(connection).median_days == Decimal("4.2")  # of 1.5 and 7, to the even tenth
        assert [one.key for one in policy.list_corrections(connection, count=9)] == [
            JOBS["claim_id"],
            SPEED["claim_id"],
        ]


def test_ledger_without_claims_has_no_rates(tmp_path: Path) -> None:
    with ledger(tmp_path, LogMaker()) as connection:
        found = policy.measure_policy(connection)
    assert (found.claims, found.per_hundred, found.median_days) == (0, None, None)


Edit = Callable[[LogMaker], object]
SILENT_EDITS: Mapping[str, Edit] = {
    "reworded": lambda log: log.add(REWORDED, "update"),
    "another figure": lambda log: log.add({**JUDGED, "quantities": SPEED["quantities"][:1]}, "update"),
    "no speaker": lambda log: log.add({**JUDGED, "attribution": {**SPEED["attribution"], "cue": "말했다"}}, "update"),
    "another verdict": lambda log: log.add({**JUDGED, "verdicts": [{**SO, "value": "refuted"}]}, "update"),
    "evidence gone": lambda log: log.add({**JUDGED, "evidence": []}, "update"),
    "evidence turned round": lambda log: log.add(
        {**JUDGED, "evidence": [{**EVIDENCE[0], "stance": "refutes"}, EVIDENCE[1]]}, "update"
    ),
    "verdict gone": lambda log: log.add({**JUDGED, "verdicts": []}, "update"),
    "a verdict dated anew": lambda log: log.add({**JUDGED, "verdicts": [{**SO, "as_of": "2031-05-01"}]}, "verdict"),
    "a verdict with more to it": lambda log: log.add(
        {**JUDGED, "verdicts": [{**SO, "rationale": {**SO["rationale"], "zh": "如此。"}}]}, "update"
    ),
    "reworded under a new verdict": lambda log: log.add({**REWORDED, "verdicts": [SAID, SO]}, "verdict"),
}
ALLOWED_EDITS: Mapping[str, Edit] = {
    "corrected": lambda log: log.add(REWORDED, "correction", correction=NOTE),
    "a second verdict": lambda log: log.add({**JUDGED, "verdicts": [SAID, SO]}, "verdict"),
    "another topic": lambda log: log.add({**JUDGED, "topics": ["ports"]}, "update"),
    "more evidence": lambda log: log.add(
        {**JUDGED, "evidence": [*EVIDENCE, {**EVIDENCE[0], "stance": "context"}]}, "update"
    ),
    "a note": lambda log: log.add({**JUDGED, "note": {"en": "See also."}}, "update"),
    "reworded before it was judged": lambda log: log.add({**JOBS, "statement": {"en": "Else."}}, "update"),
    "withdrawn": lambda log: log.add(JUDGED, "withdrawal"),
}


@pytest.mark.slow
@pytest.mark.parametrize("edit", SILENT_EDITS.values(), ids=SILENT_EDITS)
def test_edit_without_a_required_correction_is_found(tmp_path: Path, log: LogMaker, edit: Edit) -> None:
    log.add(JUDGED, "verdict")
    edit(log)
    with ledger(tmp_path, log) as connection:
        assert policy.measure_policy(connection).silent_edits == ((SPEED["claim_id"], 3),)


@pytest.mark.slow
@pytest.mark.parametrize("edit", ALLOWED_EDITS.values(), ids=ALLOWED_EDITS)
def test_edit_that_needs_no_correction_is_not_reported(tmp_path: Path, log: LogMaker, edit: Edit) -> None:
    log.add(JUDGED, "verdict")
    edit(log)
    with ledger(tmp_path, log) as connection:
        assert policy.measure_policy(connection).silent_edits == ()


def test_corrections_are_read_in_pages(tmp_path: Path, log: LogMaker) -> None:
    for topic in ("a", "b", "c"):
        log.add({**SPEED, "topics": [topic]}, "correction", correction=NOTE)
    with ledger(tmp_path, log) as connection:
        first = policy.list_corrections(connection, count=2)
        rest = policy.list_corrections(connection, count=2, before=first[-1].number)
    assert [one.changes[0].after for one in [*first, *rest]] == ["c", "b", "a"]
