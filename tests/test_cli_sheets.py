"""Review sheets on the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import CARGO, GROWTH

from claimledger import desk
from claimledger.desk import lookups
from claimledger.cli import main
from claimledger.desk.check_steps import SeenVersion
from claimledger.ledger.files import LedgerPaths


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    desk.publish(places, newsroom.actor("setup-editor"))
    return places


def run(places: LedgerPaths, *words: object) -> Result:
    environment = newsroom.acting(places, "kim")
    return CliRunner().invoke(main, ["--root", str(places.root), "sheet", *map(str, words)], env=environment)


def edited_sheet(places: LedgerPaths, old: str, new: str, *options: str, encoding: str = "utf-8-sig") -> Path:
    path = places.root / "sheet.csv"
    assert run(places, "export", "-o", path, "--encoding", encoding, *options).exit_code == 0
    text = path.read_bytes().decode(encoding)
    assert old in text
    path.write_bytes(text.replace(old, new).encode(encoding))
    return path


def edit_statement(places: LedgerPaths, text: str) -> None:
    claim = lookups.claim_at_desk(places, GROWTH)
    fields = claim.claim.to_json() | {"statement": {"en": text}}
    desk.edit(places, GROWTH, fields, SeenVersion(claim.head_sha256, None), newsroom.edit_by("choi", "Told better."))


def test_cp949_sheet_is_exported_and_imported(places: LedgerPaths) -> None:
    path = edited_sheet(places, "열에 하나꼴로", "열에 하나만큼", "--delimiter", "semicolon", encoding="cp949")
    dry = run(places, "import", path, "--dry-run")
    assert (dry.exit_code, lookups.open_drafts(places)) == (0, [])
    assert f"{GROWTH} (row" in dry.stdout
    assert "+ 2031년 하늘항의 짐은 열에 하나만큼 는다." in dry.stdout
    done = run(places, "import", path)
    assert (done.exit_code, done.stderr) == (0, "1 claim needs approval.\n")
    assert lookups.claim_at_desk(places, GROWTH).claim.statement["ko"] == "2031년 하늘항의 짐은 열에 하나만큼 는다."


@pytest.mark.slow
@pytest.mark.parametrize(("option", "says"), [("--mine", "grow by a tenth"), ("--theirs", "gain")])
def test_conflict_stops_the_import_until_a_side_is_chosen(places: LedgerPaths, option: str, says: str) -> None:
    path = edited_sheet(places, "grow by 10 percent", "grow by a tenth")
    edit_statement(places, "Haneul port's cargo will gain 10 percent in 2031.")
    stopped = run(places, "import", path)
    assert stopped.exit_code == 1
    assert "statement_en: conflict" in stopped.stdout
    assert "mine   Haneul port's cargo will grow by a tenth in 2031." in stopped.stdout
    assert run(places, "import", path, option).exit_code == 0
    assert says in lookups.claim_at_desk(places, GROWTH).claim.statement["en"]


@pytest.mark.slow
def test_problem_is_reported_by_row_and_column(places: LedgerPaths) -> None:
    path = edited_sheet(places, "Seo Mirae, ", "Somebody, ")
    done = run(places, "import", path)
    assert done.exit_code == 1
    assert "speaker: The cell was changed" in done.stderr
    assert "Nothing was imported." in done.stderr


@pytest.mark.slow
def test_dry_run_reports_refusals_and_exits_with_1(places: LedgerPaths) -> None:
    path = edited_sheet(places, "grow by 10 percent", "grow by a tenth")
    claim = lookups.claim_at_desk(places, GROWTH)
    desk.withdraw(places, GROWTH, newsroom.actor("lee"), reason="It was never said.")
    dry = run(places, "import", path, "--dry-run")
    assert dry.exit_code == 1
    row = next(number for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1) if GROWTH in line)
    assert f"sheet.csv:{row}: statement_en: A withdrawal of this claim is proposed" in dry.stderr
    assert lookups.claim_at_desk(places, GROWTH).claim == claim.claim


@pytest.mark.slow
def test_export_filters_claims_and_writes_xlsx(places: LedgerPaths) -> None:
    out = CliRunner().invoke(main, ["--root", str(places.root), "sheet", "export", "--speaker", "서미래"])
    assert (GROWTH in out.stdout, CARGO in out.stdout) == (True, False)
    path = places.root / "sheet.xlsx"
    assert run(places, "export", "--format", "xlsx", "-o", path).exit_code == 0
    assert path.read_bytes().startswith(b"PK")


def test_flat_tables_are_exported_with_labels_and_addresses(places: LedgerPaths) -> None:
    (places.root / "claimledger.toml").write_text('address = "https://facts.hanbit.example"\n', encoding="utf-8")
    done = run(places, "export", "--table", "claims", "--speaker", "서미래")
    assert done.exit_code == 0, done.output
    (row,) = csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline=""))
    assert row["permalink"] == f"https://facts.hanbit.example/claims/{GROWTH}?lang=en"
    assert (row["fact_check"], row["fact_check_label"]) == ("not_checked", "Not checked yet")
    assert "stance_label" in run(places, "export", "--table", "evidence").stdout
