"""Charts of the ledger: correct counts, the same bytes each time, and no meaning that only a colour shows."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from made_ledger import ARTICLE, JOBS, PRICE, SHARE, SO, SPEED, LogMaker, made_entries

from claimledger.ledger.log import LogEntry
from claimledger.publishing import charts, drawing, ledger_db, ledger_reader
from claimledger.publishing.site import LANGUAGES, PageLanguage
from claimledger.vocabulary import VerificationStatus

SNAPSHOTS = Path(__file__).parent / "snapshots" / "charts"
EACH = pytest.mark.parametrize("name", charts.CHARTS)


def build(path: Path, entries: Sequence[LogEntry]) -> Path:
    ledger_db.build_ledger_db(entries, path)
    return path


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with ledger_reader.open_ledger(build(tmp_path_factory.mktemp("charts") / "ledger.db", made_entries())) as opened:
        yield opened


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_chart_matches_its_snapshot(
    connection: sqlite3.Connection, name: charts.ChartName, language: PageLanguage
) -> None:
    """Compare a chart with its snapshot; CLAIMLEDGER_SNAPSHOTS=1 writes new ones, to be looked at before a commit."""
    drawn = drawing.draw_svg(charts.count_chart(connection, name, language), language)
    kept = SNAPSHOTS / f"{name}.{language}.svg"
    if "CLAIMLEDGER_SNAPSHOTS" in os.environ:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == kept.read_text(encoding="utf-8")


def test_status_over_time_follows_the_log_month_by_month(tmp_path: Path) -> None:
    log = LogMaker()
    for record, month in ((ARTICLE, "01"), (SPEED, "01"), (JOBS, "01"), (PRICE, "02"), (SHARE, "02")):
        log.add(record, recorded_at=f"2031-{month}-28T09:00:00.000Z")
    log.add({**SPEED, "verdicts": [SO]}, "verdict", recorded_at="2031-04-30T23:59:59.999Z")
    log.add({**SPEED, "verdicts": [{**SO, "value": "refuted"}]}, "correction", recorded_at="2031-05-01T00:00:00.000Z",
            correction={"kind": "verdict_changed", "public_note": {"en": "We were wrong."}})  # fmt: skip
    log.add(SHARE, "withdrawal", recorded_at="2031-05-02T00:00:00.000Z")
    log.add({**ARTICLE, "section": {"en": "Ports"}}, "update", recorded_at="2031-07-01T00:00:00.000Z")
    with ledger_reader.open_ledger(build(tmp_path / "ledger.db", log.entries)) as connection:
        picture = charts.count_chart(connection, "status-over-time", "en")
        standing = connection.execute(
            "SELECT verification_status, count(*) FROM claims WHERE record_state = 'listed' GROUP BY 1 ORDER BY 1"
        ).fetchall()
    at = {row[0]: dict(zip(VerificationStatus, row[1:], strict=True)) for row in picture.rows}
    shown = (VerificationStatus.NOT_CHECKED, VerificationStatus.SUPPORTED, VerificationStatus.REFUTED)
    counts_by_month = [(month, *(counts[status] for status in shown)) for month, counts in at.items()]
    assert counts_by_month == [("2031-01", 2, 0, 0), ("2031-02", 4, 0, 0), ("2031-03", 4, 0, 0), ("2031-04", 3, 1, 0),
                    ("2031-05", 2, 0, 1), ("2031-06", 2, 0, 1), ("2031-07", 2, 0, 1)]  # fmt: skip
    assert {status: count for status, count in at["2031-07"].items() if count} == {row[0]: row[1] for row in standing}


def test_chart_totals_match_the_ledger(connection: sqlite3.Connection) -> None:
    (listed,) = connection.execute("SELECT count(*) FROM claims WHERE record_state = 'listed'").fetchone()
    (spoken,) = connection.execute(
        "SELECT count(*) FROM claims WHERE record_state = 'listed' AND speaker IS NOT NULL"
    ).fetchone()
    (money,) = connection.execute(
        "SELECT count(*) FROM quantities JOIN claims USING (claim_id) WHERE quantities.currency IS NOT NULL "
        "AND record_state = 'listed'"
    ).fetchone()
    (topics,) = connection.execute("SELECT count(*) FROM topics WHERE verification_status IS NOT NULL").fetchone()
    (led,) = connection.execute(
        "SELECT count(*) FROM claims WHERE record_state = 'listed' AND speaker_organization IS NOT NULL"
    ).fetchone()
    (due,) = connection.execute(
        "SELECT count(DISTINCT claim_id) FROM verdicts JOIN claims USING (claim_id) WHERE recheck_after IS NOT NULL "
        "AND record_state = 'listed'"
    ).fetchone()
    by_status = {"status-over-time", "verdicts-by-topic", "verdicts-by-organization", "verdicts-by-kind"}
    totals = {
        name: sum(sum(int(cell) for cell in row[1:]) if name in by_status else int(row[-1]) for row in rows)
        for name, rows in ((name, make(connection, "en")) for name, make in charts.CHARTS.items())
    }
    assert totals == {
        "status-over-time": listed, "verdicts-by-kind": listed, "claims-per-article": listed,
        "verdicts-by-topic": topics, "verdicts-by-organization": led, "checks-due": due,
        "claims-per-speaker": spoken, "amounts-by-currency": money,
    }  # fmt: skip


def test_bars_beyond_the_limit_are_summed(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = charts.count_by_article(connection, "en")
    monkeypatch.setattr(charts, "MOST_BARS", 1)
    assert charts.count_chart(connection, "claims-per-article", "en").rows == (whole[0], ("1 others", whole[1][1]))


def test_ledger_without_claims_has_empty_charts(tmp_path: Path) -> None:
    with ledger_reader.open_ledger(build(tmp_path / "ledger.db", [])) as connection:
        for name in charts.CHARTS:
            picture = charts.count_chart(connection, name, "ko")
            assert picture.rows == ()
            ET.fromstring(drawing.draw_svg(picture, "ko"))  # noqa: S314  our own
            assert name


def test_status_patterns_differ_without_colour() -> None:
    patterns = drawing._PATTERNS
    assert patterns.keys() == set(VerificationStatus)
    lines = [lines for _, lines in patterns.values()]
    plain = {ground for ground, lines in patterns.values() if not lines}
    assert len({line for line in lines if line}) == len(lines) - 2
    assert plain == {"#ffffff", "#2f5d8a"}  # empty and solid


@EACH
def test_chart_has_title_description_and_numbers_as_text(
    connection: sqlite3.Connection, name: charts.ChartName
) -> None:
    picture = charts.count_chart(connection, name, "ko")
    root = ET.fromstring(drawing.draw_svg(picture, "ko"))  # noqa: S314  our own
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == picture.title.korean
    assert root.findtext(f"{space}desc") == picture.description.korean
    texts = " ".join(text.text or "" for text in root.iter(f"{space}text"))
    assert {"USD": "달러"}.get(str(picture.rows[-1][0]), str(picture.rows[-1][0])) in texts
    last = [int(cell) for cell in picture.rows[-1][1:]]
    assert str(sum(last) if name.startswith("verdicts-by") else last[-1]) in texts


def test_markup_in_a_name_is_escaped(tmp_path: Path) -> None:
    log = LogMaker()
    log.add({**ARTICLE, "headline": {"en": "</text><script>alert(1)</script>"}})
    log.add(SPEED)
    with ledger_reader.open_ledger(build(tmp_path / "ledger.db", log.entries)) as connection:
        drawn = drawing.draw_svg(charts.count_chart(connection, "claims-per-article", "en"), "en")
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
