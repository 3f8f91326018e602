"""The account of whole archives names each loss: a row, a rating, or a check that a paraphrase does not find."""

from __future__ import annotations

from pathlib import Path

import archives
import pytest

pytestmark = pytest.mark.slow

MAPPING = """name = "seorae"
[columns]
claim = "claim"
rating = "verdict"
[publisher]
en = "Seorae Daily"
"""
ROWS = "claim,verdict\nFerry fares doubled in 2027.,Mostly FALSE!\nThe bridge has 900 lamps.,True\nNo rating,\n"


def report(folder: Path, tmp_path: Path) -> list[str]:
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    return [*archives.report(folder, ledger)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "archives"
    folder.mkdir()
    (folder / "seorae.csv").write_text(ROWS, encoding="utf-8")
    (folder / "seorae.mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "paraphrases.tsv").write_text("In 2027, ferry fares doubled\tFerry fares\n", encoding="utf-8")
    return folder


def test_each_row_rating_and_lookup_is_accounted_for(folder: Path, tmp_path: Path) -> None:
    line, paraphrases = report(folder, tmp_path)
    assert line.startswith("seorae.csv: 3 rows; taken 2, refused 1 (no-rating 1); second run: new 0, changed 0, log +0")
    assert line.endswith("ratings not verbatim 0 of 2; found by their own claim 2 of 2: yes")
    assert paraphrases == "paraphrases: 1 of 1 among the first 3: yes"


def test_lost_ratings_and_lookups_are_losses(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_read_plainly", lambda _: (3, {"True"}))
    (folder / "paraphrases.tsv").write_text("Trams are late\tFerry fares\n", encoding="utf-8")
    line, lost, paraphrases = report(folder, tmp_path)
    assert "ratings not verbatim 1 of 2" in line
    assert line.endswith(" NO")
    assert (lost, paraphrases) == ("not found: Trams are late", "paraphrases: 0 of 1 among the first 3: NO")
