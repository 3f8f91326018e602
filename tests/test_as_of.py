"""The ledger as of a past moment equals a naive replay of the log."""

from __future__ import annotations

import datetime
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_ledger import ARTICLE, HERALD, PRICE, SO, SPEED, LogMaker, made_log
from strategies import few

from claimledger.ledger.log import LogEntry
from claimledger.publishing import as_of, ledger_db, ledger_reader
from claimledger.publishing.apply import LogSources, apply
from claimledger.publishing.as_of import NOW, VersionAsOf, day_end
from claimledger.vocabulary import Subject

KINDS = ("update", "verdict", "correction", "withdrawal", "update", "redaction")
CORRECTION = {"kind": "clarification", "public_note": {"en": "A word was wrong."}}
NAMES = [f"claim-of-the-test-{letter * 4}" for letter in "abcdefg"]
Step = tuple[str, str, int, bool]
"""The claim, the kind of its next version, the minutes since the step before, and whether the claim has a verdict."""
steps = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS), st.sampled_from([0, 1, 40_000]), st.booleans()),
    max_size=25,
)
START = datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)


def utc(minutes: int) -> str:
    return f"{START + datetime.timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S}.000Z"


def log_of(every: Sequence[Step]) -> LogMaker:
    """Return a log with a version of a claim for each step; the first version of a claim is `listed`."""
    log, minutes = LogMaker(), 0
    for article in (ARTICLE, HERALD):
        log.add(article, recorded_at=utc(0))
    known = set[str]()
    for name, kind, more, is_judged in every:
        minutes += more
        article = (ARTICLE if NAMES.index(name) % 2 else HERALD)["article_id"]
        claim = {**SPEED, "claim_id": name, "article_id": article, **({"verdicts": [SO]} if is_judged else {})}
        told = {"correction": CORRECTION} if kind == "correction" and name in known else {}
        log.add(claim, kind if name in known else "listed", recorded_at=utc(minutes), **told)
        known.add(name)
    return log


class Then(NamedTuple):
    """A claim as of a moment, found by replaying the log."""

    number: int
    first: int
    body: str | None
    is_withdrawn: bool
    record: Mapping[str, Any]


def replay(entries: Sequence[LogEntry], until: str) -> dict[str, Then]:
    """Return each claim as of a moment in the simplest way."""
    bodies = [(entry.number, msgspec.json.decode(entry.body), entry.body.decode()) for entry in entries]
    claims = [one for one in bodies if one[1]["subject"] == "claim"]
    found: dict[str, Then] = {}
    for number, revision, body in claims:
        if revision["recorded_at"] < until:
            key, kind = revision["key"], revision["kind"]
            later = [n for n, other, _ in claims if other["key"] == key and other["kind"] == "redaction" and n > number]
            before = found.get(key)
            is_withdrawn = before.is_withdrawn if before and kind == "redaction" else kind == "withdrawal"
            first = before.first if before else number
            found[key] = Then(number, first, None if later else body, is_withdrawn, revision["record"])
    return found


def seen(version: VersionAsOf) -> tuple[object, ...]:
    return version.number, version.body, version.is_withdrawn


def expected(then: Then) -> tuple[object, ...]:
    return then.number, then.body, then.is_withdrawn


@few
@given(steps, st.sampled_from([0, 1, 2, 40_000, 40_001, 100_000, None]))
def test_each_way_to_read_the_past_equals_a_replay_of_the_log(every: Sequence[Step], minutes: int | None) -> None:
    log, until = log_of(every), NOW if minutes is None else utc(minutes)
    then = replay(log.entries, until)
    listed = {name: one for name, one in then.items() if not one.is_withdrawn}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        apply(connection, log.entries, LogSources(lambda number: log.entries[number - 1].body))
        assert as_of.log_size_as_of(connection, until) == sum(
            msgspec.json.decode(entry.body)["recorded_at"] < until for entry in log.entries
        )
        for name in NAMES:
            version = as_of.claim_as_of(connection, name, until)
            assert (seen(version) if version else None) == (expected(then[name]) if name in then else None)
        for article in (ARTICLE, HERALD):
            claims = as_of.article_claims_as_of(connection, article["article_id"], until)
            own = {name: one for name, one in listed.items() if one.record["article_id"] == article["article_id"]}
            assert [(one.key, *seen(one)) for one in claims] == [(key, *expected(own[key])) for key in sorted(own)]
        sorted_by_id = [expected(then[key]) for key in sorted(then)]
        assert [seen(one) for one in as_of.claims_as_of(connection, until)] == sorted_by_id
        newest_first = sorted(listed.values(), key=lambda one: -one.first)
        pages = [*as_of.claims_page_as_of(connection, until, count=3)]
        if len(pages) == 3:
            last = then[pages[-1].key].first
            pages += as_of.claims_page_as_of(connection, until, count=100, before=last)
        assert [seen(one) for one in pages] == [expected(one) for one in newest_first]
        statuses = Counter("supported" if one.record.get("verdicts") else "not_checked" for one in listed.values())
        assert as_of.status_counts_as_of(connection, until) == statuses


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    ledger_db.build_ledger_db(made_log().entries, tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


@pytest.mark.parametrize(
    "filters",
    [
        {}, {"speaker": "서미래"}, {"speaker": "SEO MIRAE"}, {"speaker": "nobody"}, {"topic": "Ports"},
        {"currency": "krw"}, {"kind": "both"}, {"verification_status": "supported", "kind": "quantitative"},
        {"article": HERALD["article_id"]},
    ],
)  # fmt: skip
def test_list_of_a_late_day_equals_the_list_of_today(ledger: Path, filters: Mapping[str, str]) -> None:
    with ledger_reader.open_ledger(ledger) as connection:
        rows, redacted = ledger_reader.list_claims_as_of(connection, filters, datetime.date(2041, 1, 1))
        assert rows == ledger_reader.list_claims(connection, filters)
        assert redacted == 0


def test_list_of_a_past_day_leaves_out_what_came_later(tmp_path: Path) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    log.add(SPEED, recorded_at="2031-05-01T09:00:00.000Z")
    log.add({**SPEED, "verdicts": [SO]}, "verdict", recorded_at="2031-05-03T09:00:00.000Z")
    log.add(PRICE, recorded_at="2031-05-03T09:00:00.000Z")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with ledger_reader.open_ledger(tmp_path / "ledger.db") as connection:
        (row,), redacted = ledger_reader.list_claims_as_of(connection, {}, datetime.date(2031, 5, 2))
        assert (row["claim_id"], row["verification_status"], row["revision_count"]) == (
            SPEED["claim_id"], "not_checked", 1,
        )  # fmt: skip
        assert redacted == 0


def test_list_of_a_redacted_day_counts_what_it_leaves_out(tmp_path: Path) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    log.add(SPEED, recorded_at="2031-05-01T09:00:00.000Z")
    log.add({**SPEED, "topics": ["cranes"]}, "redaction", recorded_at="2031-05-03T09:00:00.000Z")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with ledger_reader.open_ledger(tmp_path / "ledger.db") as connection:
        assert ledger_reader.list_claims_as_of(connection, {}, datetime.date(2031, 5, 2)) == ([], 1)
        version = as_of.version_as_of(connection, Subject.CLAIM, SPEED["claim_id"], day_end(datetime.date(2031, 5, 2)))
        assert version is not None
        assert version.is_redacted
