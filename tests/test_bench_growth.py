"""The generated logs and the page of the benchmarks: the same in every run, valid, and with measured figures only."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from xml.etree import ElementTree as ET

import bench_growth
import bench_page
import bench_peers
import bench_steps
import made_up_log
from bench_lines import Time
from bench_timing import Measurement, growth_exponent, summarize

from claimledger.checks import log_checks
from claimledger.ledger import log
from claimledger.ledger.log import LogEntry
from claimledger.models import Revision
from claimledger.publishing import findings_across, ledger_db
from claimledger.publishing.apply import LogSources, apply
from made_up_log import Profile

MACHINE: dict[str, Any] = {
    "cores": 2, "system": "Linux", "python": "3.11", "sqlite": "3.46", "packages": {"sqlite-utils": "3"},
}  # fmt: skip


@pytest.mark.parametrize("profile", Profile)
def test_log_is_valid_and_the_same_in_every_run(profile: Profile, tmp_path: Path) -> None:
    entries = [*made_up_log.log_entries(120, profile)]
    assert entries == [*made_up_log.log_entries(120, profile)]
    for entry in entries:
        Revision.model_validate_json(entry.body)
    assert made_up_log.write_log(tmp_path / "log", iter(entries)) == len(entries)
    assert [*log.read_log(tmp_path / "log")] == entries
    assert not log_checks.check_log(tmp_path / "log").problems


@pytest.mark.slow
def test_newsroom_log_has_few_claims_a_fact_and_a_tenth_judged() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        apply(connection, made_up_log.log_entries(800), LogSources(no_body))
        claims, articles = (
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608  ours
            for name in ("claims", "articles")
        )
        sizes = Counter(n for (n,) in connection.execute("SELECT count(*) FROM fact_figures GROUP BY fact"))
        judged = connection.execute("SELECT count(*) FROM verdicts").fetchone()[0]
        evidence = connection.execute("SELECT count(DISTINCT claim_id) FROM evidence").fetchone()[0]
        quoted = connection.execute("SELECT count(*), count(quote) FROM appearances").fetchone()
    assert (claims, articles, judged, evidence) == (800, 20, 80, 80)
    assert sizes[1] + sizes[2] > sum(sizes.values()) * 0.7
    assert quoted == (800, 600)


def no_body(number: int) -> bytes:
    raise LookupError(number)


UNCORRECTED_FACTS = (
    "SELECT count(DISTINCT fact_en) FROM quantities JOIN claims USING (claim_id) WHERE about_on = '2030'"
)


@pytest.mark.slow
def test_shared_log_has_thirty_five_facts() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        apply(connection, made_up_log.log_entries(400, Profile.SHARED), LogSources(no_body))
        facts = connection.execute(UNCORRECTED_FACTS).fetchone()[0]
        most = connection.execute("SELECT max(claim_count) FROM speakers").fetchone()[0]
    assert facts == 35
    assert most == 200


def test_log_of_any_size_is_streamed() -> None:
    first = next(made_up_log.log_entries(made_up_log.MOST_CLAIMS))
    assert isinstance(first, LogEntry)
    assert len([*islice(made_up_log.log_entries(made_up_log.MOST_CLAIMS), 300)]) == 300


@pytest.mark.slow
@pytest.mark.parametrize("profile", Profile)
def test_steps_are_measured_and_the_file_still_equals_its_log(profile: Profile, tmp_path: Path) -> None:
    entries = [*made_up_log.log_entries(200, profile)]
    ledger_db.build_ledger_db(entries, tmp_path / "ledger.db")
    measured = [*bench_steps.measure_steps(tmp_path / "ledger.db", profile, 200, runs=2)]
    kinds = ("claim", "verdict", "correction", "withdrawal")
    expected = [f"{part}.{kind}" for kind in kinds for part in ("step", "apply", "commit")]
    assert [one.what for one in measured] == [*expected, "preview", "fsync"]
    assert {(one.profile, one.claims, one.revisions, one.runs) for one in measured} == {
        (profile.value, 200, len(entries), 2)
    }
    with ledger_db.open_read_only(tmp_path / "ledger.db") as connection:
        assert connection.execute("SELECT max(number) FROM revision").fetchone()[0] == len(entries) + 12


def made_up_results() -> list[Measurement]:
    works = [work for chart in bench_page.CHARTS for work in chart.works] + ["fsync"]
    return [
        summarize(work, [Time(claims / 1e5, claims / 1e6)], ("newsroom", claims, 2 * claims), memory=claims)
        for work in dict.fromkeys(works)
        for claims in (1_000, 10_000)
    ]


def test_page_has_every_measurement_and_each_chart_a_point_for_it(tmp_path: Path) -> None:
    measured = made_up_results()
    folder = tmp_path / "benchmarks"
    bench_page.write_results(folder, measured, MACHINE, {"peer": "It does nothing."})
    page = folder.with_suffix(".md").read_text(encoding="utf-8")
    stored = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert [Measurement(**one) for one in stored["measured"]] == measured
    assert "- **peer**: It does nothing." in page
    assert "new claim 1.00, verdict 1.00" in page
    rows = re.findall(r"^\| ([a-z][\w. -]*) \| newsroom \|", page, re.MULTILINE)
    assert {one.what for one in measured} == {*rows}
    for chart in bench_page.CHARTS:
        drawing = ET.fromstring((folder / f"{chart.name}.svg").read_text(encoding="utf-8"))  # noqa: S314  our own
        assert len(drawing.findall(".//{*}circle")) == 2 * len(chart.works)


@pytest.mark.slow
def test_whole_suite_reports_each_kind_of_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_peers, "PEERS", (bench_peers.RawAppend, bench_peers.SqliteUtils))
    measured = [*bench_growth.measure(tmp_path, [80], Profile.NEWSROOM, runs=2)]
    works = {one.what for one in measured}
    assert {
        "build",
        "publish",
        "check.log",
        "check.ledger.db",
        "as-of.claim",
        "as-of.facet",
        "bulk.publish",
        "bulk.raw",
    } <= works
    assert {"load.sqlite3.append", "change.sqlite3.append", "change.sqlite-utils.upsert"} <= works
    assert next(one.memory for one in measured if one.what == "build") > 0
    assert all("claims" in bench_page.HEAD and bench_page.format_measured(one) for one in measured)


def test_peer_keeps_the_newest_version_of_each_record(tmp_path: Path) -> None:
    entries = [*made_up_log.log_entries(80)]
    with closing(sqlite3.connect(tmp_path / "peer.db")) as connection:
        peer = bench_peers.SqliteUtils(connection)
        peer.load([*map(bench_peers.peer_row, entries[:100])])
        for entry in entries[100:]:
            peer.change(bench_peers.peer_row(entry))
        newest = {row[0]: row[2] for row in map(bench_peers.peer_row, entries)}
        assert dict(connection.execute("SELECT key, revision FROM record").fetchall()) == newest


def test_one_size_has_no_exponent() -> None:
    assert growth_exponent(made_up_results()[:1]) is None


@pytest.mark.slow
def test_events_of_an_article_are_found_by_its_index() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        apply(connection, made_up_log.log_entries(80), LogSources(no_body))
        plan = connection.execute(f"EXPLAIN QUERY PLAN {findings_across._EVENTS}", ("article",)).fetchall()
    assert "claims_by_article" in plan[0][-1]
