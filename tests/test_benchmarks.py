"""The benchmarks run and report what they measure; no test depends on a duration."""

from __future__ import annotations

import re
import shutil
import sys
from hashlib import sha256
from pathlib import Path

import bench_bulk
import bench_desk
import bench_http
import bench_pages
import bench_past_checks
import bench_publish
import bench_served
import benchmarks
import msgspec
import pytest
from bench_lines import Line, Time, format_line
from made_up import made_up_claim

from claimledger.ledger.canonical import encode_body
from claimledger.models import Claim
from claimledger.publishing import ledger_db

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _three_requests_per_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Request each page three times instead of the number of times that a measurement needs."""
    for module in (bench_desk, bench_pages, bench_past_checks, bench_served):
        monkeypatch.setattr(module, "REQUESTS", 3)
    monkeypatch.setattr(bench_http, "SECONDS", 0.2)
    monkeypatch.setattr(bench_http, "ROUNDS", 1)


def test_report_measures_and_judges_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public pages need several servers, so they are measured only by the next test; here the report asks."""
    pages = Line("page: front", "stock", [Time(1, 1)], [Time(1, 1)])
    monkeypatch.setattr(benchmarks, "_measure_public_pages", lambda _, claims: [pages] * claims)
    lines = list(benchmarks.report(40, 1, sys.executable))
    assert sum(line.startswith(pages.label) for line in lines) == 40
    assert lines[0].startswith("40 revisions, 1 runs")
    judged = [line for line in lines[2:] if line.split()[-1] in {"yes", "no"}]
    assert len(judged) >= 3
    assert any("read and sha256 loop" in line for line in judged)
    assert any("raw executemany" in line for line in judged)


def test_report_measures_the_import_of_past_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_past_checks, "MAX_BYTES", 1)
    lines = list(bench_past_checks.report(200, tmp_path))
    with ledger_db.open_read_only(tmp_path / "ledger.db") as connection:
        assert [*connection.execute("SELECT count(*) FROM earlier_checks")] == [(200,)]
    assert lines[0].startswith("200 past checks, 3 requests")
    steps, pages = lines[2:5], lines[5:]
    assert all(re.search(r" [0-9.]+ s +[0-9.]+ s +[1-9][0-9]* MB", step) for step in steps)
    assert steps[-1].startswith("both")
    assert steps[-1].endswith("no")
    assert len(pages) == 8
    assert all(line.split()[-1] in {"yes", "no"} for line in pages)


@pytest.mark.soak
def test_report_measures_public_and_datasette_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_pages, "TEXT", bench_pages.TEXT[:20_000])
    monkeypatch.setattr(bench_pages, "EDITION", sha256(bench_pages.TEXT.encode()).hexdigest())
    lines = list(benchmarks.report_pages(60))
    assert [line.split("  ")[0].partition(", at most")[0] for line in lines[2:] if not line.startswith("HTTP")] == [
        "page: front",
        "page: article",
        "page: a claim",
        "page: search",
        "page: corrections",
        "page: changes",
        "page: charts",
        "claims, facets",
        "claims, filter",
        *(["CSV, guard on", "CSV, guard off"] if shutil.which("sqlite3") else []),
    ]
    table = [line for line in lines[2:] if not line.startswith("HTTP, ")]
    assert all(line.split()[-1] in {"yes", "no"} for line in table)
    rates = [line.split()[1].strip(",") for line in lines if line.startswith("HTTP, ")]
    assert rates == ["bare", "repeated", "304", "first", "stock", "mixed", "mixed"]
    assert ": 0 of " in lines[-1]


def test_report_measures_publishing_in_ledgers_of_several_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_publish, "RUNS", 3)
    for _ in range(2):  # the ledgers are used again
        lines = list(benchmarks.report_publishing([20, 60], tmp_path, 5))
        assert lines[0] == "Publishing one changed claim without ledger.db: medians of 3 runs, 5 other drafts open"
        assert [line.split()[0] for line in lines[1:4]] == ["claims", "20", "60"]
        assert all(line.count(" ms") == 4 for line in lines[2:4])
        assert "by the clock" in lines[4]
    assert not (tmp_path / "20" / "ledger.db").exists()


def test_exponent_is_that_of_the_times() -> None:
    measured = [
        bench_publish.Publishing(10**size, [Time(0.01 * 2**size, 0.01)] * 3, [0.0], 0.0) for size in range(3, 6)
    ]
    assert bench_publish._exponents(measured) == "0.301 by the clock, 0.000 by processor time"


@pytest.mark.parametrize(("line", "said"), [
    (Line("a", "b", [Time(4, 3)], [Time(1, 1)], 4.5), "4.00 (3.00)     ≤ 4.50   yes"),
    (Line("a", "b", [Time(5, 3)], [Time(1, 1)], 4.5), "5.00 (3.00)     ≤ 4.50    no"),
    (Line("a", "b", [Time(5, 3)] * 2 + [Time(50, 30)], [Time(1, 1)] * 3, 4.5), "5.00 (3.00)     ≤ 4.50    no"),
    (Line("a", "b", [Time(2, 4)], [Time(1, 1)], 0.3, is_speed=True), "0.50 (0.25)     ≥ 0.30   yes"),
    (Line("a", "b", [Time(4, 4)], [Time(1, 1)], 0.3, is_speed=True), "0.25 (0.25)     ≥ 0.30    no"),
    (Line("a", "b", [Time(0.2, 0.1)], [Time(0.05, 0.05)], limit=0.15), "4.00 (2.00)   ≤ 150 ms    no"),
    (Line("a", "b", [Time(0.1, 0.1)], [Time(0.05, 0.05)], limit=0.15), "2.00 (2.00)   ≤ 150 ms   yes"),
    (Line("a", "b", [Time(9, 9)], [Time(1, 1)]), "9.00 (9.00)"),
])  # fmt: skip
def test_ratio_is_judged_by_clock_time_and_median(line: Line, said: str) -> None:
    assert format_line(line).endswith(said)


def test_made_up_claims_are_valid_and_unique() -> None:
    made = [made_up_claim(number) for number in range(3000)]
    assert len({claim["claim_id"] for claim in made}) == 3000
    for claim in made[::100]:
        valid = Claim.model_validate_json(msgspec.json.encode(claim))
        assert encode_body(valid.to_json()) == encode_body(claim)
        assert len(bench_bulk.raw_row(claim)) == len(bench_bulk.COLUMNS) == 22
    assert 600 < sum(len(encode_body(claim)) for claim in made) / 3000 < 900
