"""The command line: its output, where it is printed, and the exit status."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import CARGO, GROWTH, TEXT

from claimledger.cli import main
from claimledger.cli.reading import STATUSES
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import VerificationStatus

RECORD = ("record", "--reason", "First reading")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return newsroom.write_all(tmp_path)


def run(places: LedgerPaths, *arguments: str, by: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=newsroom.acting(places, by))


@pytest.fixture
def published_ledger(places: LedgerPaths) -> LedgerPaths:
    assert run(places, *RECORD, by="checker").exit_code == 0
    assert run(places, "publish", "--yes", by="editor").exit_code == 0
    return places


@pytest.mark.slow
def test_claim_files_are_recorded_published_and_built(places: LedgerPaths) -> None:
    recorded = run(places, *RECORD, by="checker")
    assert recorded.stdout.splitlines()[1] == f"listed: {CARGO}"
    assert "5 new drafts; 5 in all not published yet." in recorded.stderr
    assert CARGO in run(places, "drafts").stdout
    assert "5 revisions published." in run(places, "publish", "--yes", by="editor").stdout
    assert run(places, "build").stdout == "0 files of claims/ printed; ledger.db was up to date.\n"


@pytest.mark.slow
def test_refusal_goes_to_standard_error_with_status_1(places: LedgerPaths) -> None:
    run(places, *RECORD, by="checker")
    refused = run(places, "publish", "--yes", by="checker")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Ask another editor" in refused.stderr


def test_problems_name_file_line_and_field(places: LedgerPaths) -> None:
    newsroom.edit(places.claims / newsroom.ARTICLE_ID / f"{GROWTH}.yaml", "direct_quote", "direct_qote")
    refused = run(places, *RECORD, by="checker")
    assert refused.exit_code == 1
    assert f"{GROWTH}.yaml:" in refused.stderr
    assert "attribution.mode" in refused.stderr
    assert run(places, "drafts").stdout == ""


def test_wrong_usage_is_status_2(places: LedgerPaths) -> None:
    assert run(places, "record").exit_code == 2
    assert run(places, "nonsense").exit_code == 2


def test_list_without_a_ledger_fails(tmp_path: Path) -> None:
    nothing = run(LedgerPaths(tmp_path), "list")
    assert nothing.exit_code == 1
    assert "no folder claims/log" in nothing.stderr


@pytest.mark.slow
def test_list_is_filtered_and_translated(published_ledger: LedgerPaths) -> None:
    assert "about 1.2 million tonnes" in run(published_ledger, "list").stdout
    korean = run(published_ledger, "list", "--lang", "ko", "--speaker", "Seo Mirae").stdout
    assert "2031년 하늘항의 짐은" in korean
    assert "검증 전" in korean
    assert "120만t" not in korean
    assert "서미래" in korean
    assert "Seo Mirae" not in korean
    assert "Seo Mirae" in run(published_ledger, "list").stdout


def test_command_line_statuses_match_the_vocabulary() -> None:
    assert list(STATUSES) == [status.value for status in VerificationStatus]


@pytest.mark.slow
def test_list_filters_by_any_name_and_reports_no_matches(published_ledger: LedgerPaths) -> None:
    assert GROWTH in run(published_ledger, "list", "--speaker", "서미래", "--topic", "cargo").stdout
    assert GROWTH in run(published_ledger, "list", "--speaker", "seo mirae").stdout
    nothing = run(published_ledger, "list", "--currency", "krw")
    assert (nothing.stdout, nothing.stderr) == ("", "No claims match these filters.\n")


@pytest.mark.slow
def test_unwritable_file_is_reported_in_one_line(published_ledger: LedgerPaths) -> None:
    refused = run(published_ledger, "export", "-o", str(published_ledger.root / "nowhere" / "a.csv"))
    assert refused.exit_code == 1
    assert refused.stderr.endswith("a.csv.part: No such file or directory.\n")


@pytest.mark.slow
def test_json_list_has_every_column(published_ledger: LedgerPaths) -> None:
    rows = json.loads(run(published_ledger, "list", "--json").stdout)
    assert [row["claim_id"] for row in rows] == [CARGO, GROWTH]
    assert rows[0]["verification_status"] == "not_checked"


@pytest.mark.slow
def test_show_prints_a_claim_today_and_on_a_past_date(published_ledger: LedgerPaths) -> None:
    shown = run(published_ledger, "show", CARGO).stdout
    assert "약 120만t = about 1,200,000 tonne" in shown
    assert "First reading" in shown
    before = run(published_ledger, "show", CARGO, "--on", "2020-01-01")
    assert before.exit_code == 1
    assert "on 2020-01-01" in before.stderr
    assert json.loads(run(published_ledger, "show", CARGO, "--json").stdout)["record"]["claim_id"] == CARGO


@pytest.mark.slow
def test_show_suggests_a_similar_name(published_ledger: LedgerPaths) -> None:
    assert f"Did you mean '{CARGO}'?" in run(published_ledger, "show", CARGO[:-5]).stderr


@pytest.mark.slow
def test_history_shows_before_and_after(published_ledger: LedgerPaths) -> None:
    newsroom.edit(
        published_ledger.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml", "about 1.2 million", "some 1.2 million"
    )
    run(published_ledger, "record", "--reason", "Clearer", "--kind", "update", by="checker")
    run(published_ledger, "publish", "--yes", by="editor")
    history = run(published_ledger, "history", CARGO).stdout
    assert "statement.en: Haneul port moved about 1.2 million" in history
    assert "→ Haneul port moved some 1.2 million" in history
    assert history.count("checker → editor") == 2


@pytest.mark.slow
def test_history_shows_the_public_note_of_a_correction(published_ledger: LedgerPaths) -> None:
    newsroom.edit(published_ledger.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml", "port moved", "port handled")
    note = ("--correction", "clarification", "--note-ko", "숫자를 잘못 읽었다.")
    assert (
        run(published_ledger, "record", "--reason", "x y", "--kind", "correction", *note, by="checker").exit_code == 0
    )
    run(published_ledger, "publish", "--yes", by="editor")
    assert "설명 보완: 숫자를 잘못 읽었다." in run(published_ledger, "history", CARGO, "--lang", "ko").stdout


@pytest.mark.slow
def test_incomplete_correction_is_refused(published_ledger: LedgerPaths) -> None:
    half = run(published_ledger, "record", "--reason", "x y", "--kind", "correction", by="checker")
    assert half.exit_code == 1
    assert "half-a-correction" in half.stderr


@pytest.mark.slow
def test_check_reports_its_scope(published_ledger: LedgerPaths) -> None:
    checked = run(published_ledger, "check", "--against", str(published_ledger.log))
    assert checked.exit_code == 0
    lines = [line for line in checked.stdout.splitlines() if not line.startswith("checkpoints: not checked")]
    assert all(": ok (" in line for line in lines)
    (published_ledger.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml").unlink()
    missing = run(published_ledger, "check")
    assert missing.exit_code == 1
    assert "older log: not checked" in missing.stdout
    assert "[file-missing]" in missing.stderr


@pytest.mark.slow
def test_csv_has_a_byte_order_mark_and_matches_the_list(published_ledger: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    assert run(published_ledger, "export", "-o", str(file)).exit_code == 0
    content = file.read_bytes()
    assert content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    listed = json.loads(run(published_ledger, "list", "--json").stdout)
    assert [{k: v or "" for k, v in row.items()} for row in rows] == [
        {k: "" if v is None else str(v) for k, v in row.items()} for row in listed
    ]


@pytest.mark.slow
def test_character_outside_cp949_leaves_no_file(places: LedgerPaths, tmp_path: Path) -> None:
    newsroom.edit(places.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml", "Haneul port moved", "Haneul port 🚢 moved")
    run(places, *RECORD, by="checker")
    run(places, "publish", "--yes", by="editor")
    file = tmp_path / "claims.csv"
    refused = run(places, "export", "--encoding", "cp949", "-o", str(file))
    assert refused.exit_code == 1
    assert "row 2, column 'statement_en'" in refused.stderr.lower()
    assert not file.exists()


@pytest.mark.slow
def test_jsonl_export_of_the_log_contains_whole_revisions(published_ledger: LedgerPaths) -> None:
    table = run(published_ledger, "export", "revision", "--format", "jsonl").stdout
    lines = [json.loads(line) for line in table.splitlines()]
    assert [line["key"] for line in lines if line["subject"] == "claim"] == [CARGO, GROWTH]
    assert all(len(line["sha256"]) == 64 and json.loads(line["body"]) for line in lines)


@pytest.mark.slow
def test_article_verify_finds_passages_and_lists_uncovered_figures(
    published_ledger: LedgerPaths, tmp_path: Path
) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    verified = run(published_ledger, "article", "verify", str(text_file))
    assert verified.exit_code == 0
    assert "2 of 2 passages found at their recorded position." in verified.stdout
    assert "line 3, figure: 40명" in verified.stdout


@pytest.mark.slow
def test_new_creates_a_claim_file(published_ledger: LedgerPaths, tmp_path: Path) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    started = run(
        published_ledger,
        "new",
        newsroom.ARTICLE_ID,
        "port-has-40-people",
        "--text",
        str(text_file),
        "--quote",
        "직원은 40명이다",
    )
    assert started.exit_code == 0
    assert (published_ledger.root / started.stdout.strip()).is_file()


@pytest.mark.slow
def test_spot_proposes_candidates(tmp_path: Path) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    spotted = CliRunner().invoke(main, ["spot", str(text_file), "--format", "jsonl"])
    candidates = [json.loads(line) for line in spotted.stdout.splitlines()]
    assert spotted.exit_code == 0
    assert all(TEXT[one["start"] : one["end"]] == one["quote"] for one in candidates)
    figures = {figure["text"] for one in candidates for figure in one["figures"]}
    assert {"약 120만t", "40명"} <= figures
    assert any("10%" in figure for figure in figures)


def test_spot_reports_an_unreadable_file_and_continues(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.txt", tmp_path / "good.txt"
    bad.write_bytes("직원은 40명이다.".encode("cp949"))
    good.write_bytes("직원은 40명이다.\n".encode())
    spotted = CliRunner().invoke(main, ["spot", str(bad), str(good), "--format", "csv"])
    assert spotted.exit_code == 1
    assert "bad.txt" in spotted.stderr
    assert "40명" in spotted.stdout


@pytest.mark.slow
def test_help_imports_no_models_and_no_datasette() -> None:
    script = (
        "import sys\nfrom claimledger.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('pydantic', 'msgspec', 'datasette', 'yaml', 'sqlite_utils') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
