"""Counts stored when the ledger is built equal the counts of the finished file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from made_ledger import made_entries

from claimledger.publishing import charts, counts, ledger_db, ledger_reader, policy
from claimledger.publishing.charts import ChartName
from claimledger.publishing.columns import Meaning
from claimledger.publishing.site import LANGUAGES, PageLanguage


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("counts") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), made)
    return made


def test_stored_policy_counts_match_the_ledger(path: Path) -> None:
    with ledger_reader.open_ledger(path) as connection:
        kept = counts.measured(connection)
        assert kept == policy.measure_policy(connection)
    assert (kept.claims, kept.corrections) == (8, 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", charts.CHARTS)
def test_stored_charts_match_the_ledger(path: Path, name: ChartName, language: PageLanguage) -> None:
    with ledger_reader.open_ledger(path) as connection:
        assert counts.picture(connection, name, language) == charts.count_chart(connection, name, language)


def test_stored_charts_get_their_words_when_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meant = Meaning("Other words", "다른 말")
    monkeypatch.setattr(charts, "_WORDS", dict.fromkeys(charts.CHARTS, charts.ChartWords(meant, meant, ())))
    with ledger_reader.open_ledger(path) as connection:
        assert {counts.picture(connection, name, "ko").title for name in charts.CHARTS} == {meant}
    assert ledger_db.find_differences(path, made_entries()) == []


def test_summed_bars_get_their_label_when_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MOST_BARS", 1)
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    monkeypatch.setattr(charts, "_OTHERS", Meaning("{} more", "나머지 {}"))
    assert ledger_db.find_differences(tmp_path / "ledger.db", made_entries()) == []
    with ledger_reader.open_ledger(tmp_path / "ledger.db") as connection:
        named = [counts.picture(connection, "claims-per-article", language).rows[1][0] for language in LANGUAGES]
    assert set(named) == {"1 more", "나머지 1"}


def test_altered_count_is_found(path: Path, tmp_path: Path) -> None:
    altered = tmp_path / "ledger.db"
    altered.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(altered)) as connection, connection:
        connection.execute("UPDATE counts SET value = replace(value, '[8,1', '[8,0') WHERE name = 'corrections-policy'")
    (problem,) = ledger_db.find_differences(altered, made_entries())
    assert (problem.code, problem.field) == ("altered-projection", "counts.value")
