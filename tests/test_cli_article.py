"""The commands on an article's text: their output, where it is printed, and the exit status."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT

from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths

STAFF = f"{TEXT.index('직원은')}-{TEXT.index('.', TEXT.index('직원은'))}"


def run(places: LedgerPaths, *arguments: str, piped: bytes | None = None, by: str | None = "checker") -> Result:
    environment = newsroom.acting(places, by)
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], input=piped, env=environment)


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with a public article and two public claims, and with the text on the desk."""
    places = newsroom.write_all(tmp_path)
    run(places, "record", "--reason", "First reading")
    run(places, "publish", "--yes", by="editor")
    assert "the text of a known edition" in add(places, TEXT).stdout
    return places


def add(places: LedgerPaths, text: str, *options: str) -> Result:
    file = places.root / "text.txt"
    file.write_bytes(text.encode())
    return run(places, "article", "add", str(file), *options)


@pytest.mark.slow
def test_piped_text_without_a_name_is_refused(places: LedgerPaths) -> None:
    refused = run(places, "article", "add", "-", piped="아주 다른 글이다.".encode())
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Give the article a name with --id" in refused.stderr


@pytest.mark.slow
def test_new_article_names_the_file_to_complete(places: LedgerPaths) -> None:
    added = add(places, "공유\n수출이 2% 늘었다.\n", "--id", "hanbit-1")
    assert added.stdout.splitlines()[1] == "Paragraphs by language: 1 ko; 1 range of page furniture."
    assert "Check claims/hanbit-1/article.yaml" in added.stderr


@pytest.mark.slow
def test_article_with_complete_details_can_be_recorded(places: LedgerPaths) -> None:
    said = ("--headline", "수출", "--publisher", "한빛신문", "--published-on", "2031-05-01")
    rights = ("--rights-holder", "Hanbit", "--rights", "Passages may be quoted.", "--may-hold-text")
    add(places, "수출이 2% 늘었다.\n", "--id", "hanbit-1", *said, *rights)
    recorded = run(places, "record", "--reason", "First reading")
    assert (recorded.exit_code, recorded.stdout) == (0, "listed: hanbit-1\n")


@pytest.mark.slow
def test_details_for_an_existing_article_cause_a_warning(places: LedgerPaths) -> None:
    silent = add(places, TEXT)
    warned = add(places, TEXT, "--headline", "수출")
    assert "nothing you said of it was taken" not in silent.stderr
    file = f"claims/{ARTICLE_ID}/article.yaml"
    assert f"This article already exists, so its details were not changed. Edit {file} instead." in warned.stderr


@pytest.mark.slow
def test_spot_leaves_out_settled_candidates(places: LedgerPaths) -> None:
    spotted = run(places, "spot", "--article", ARTICLE_ID)
    assert [line.split()[0] for line in spotted.stdout.splitlines()] == [STAFF]
    assert "3 candidates: Has a claim 2, Excluded 0, Still open 1; 0 claims' passages without one." in spotted.stderr
    everything = run(places, "spot", "--article", ARTICLE_ID, "--all", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["state"] for line in everything] == [CARGO, GROWTH, "unbound"]


@pytest.mark.slow
def test_spot_needs_files_or_an_article(places: LedgerPaths) -> None:
    for arguments in ((), ("--article", ARTICLE_ID, str(places.root / "text.txt"))):
        refused = run(places, "spot", *arguments)
        assert (refused.exit_code, "Give FILES, or --article." in refused.stderr) == (2, True)


def accept(places: LedgerPaths, passage: str = STAFF, *options: str) -> Result:
    said = (
        "--statement-ko",
        "직원은 40명이다.",
        "--topic",
        "staff",
        "--source",
        "own_reporting",
        "--source-ko",
        "취재",
    )
    return run(places, "accept", ARTICLE_ID, passage, "staff-of-forty", *said, *options)


@pytest.mark.slow
def test_accept_prints_the_file_of_the_draft(places: LedgerPaths) -> None:
    accepted = accept(places)
    assert accepted.exit_code == 0
    (file,) = accepted.stdout.splitlines()
    assert file.startswith(f"claims/{ARTICLE_ID}/staff-of-forty-")
    assert accepted.stderr.splitlines()[:2] == ["Speaker: –", "Figures: 40명 = 40 people"]
    assert (places.root / file).is_file()
    assert "staff-of-forty" in run(places, "drafts").stdout
    assert run(places, "coverage", ARTICLE_ID).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("passage", ["12", "9-3", "a-b", "5-5"])
def test_wrong_range_is_a_usage_error(places: LedgerPaths, passage: str) -> None:
    refused = accept(places, passage)
    assert (refused.exit_code, f"'{passage}' is not a range such as 120-164." in refused.stderr) == (2, True)


@pytest.mark.slow
def test_coverage_lists_open_items_and_sets_the_exit_status(places: LedgerPaths) -> None:
    counted = run(places, "coverage", ARTICLE_ID)
    assert counted.exit_code == 1
    assert counted.stdout.splitlines() == [
        f"{TEXT.index('40명')}-{TEXT.index('40명') + 3}  line 3, figure: 40명",
        "Numbers and quotations: 4, Has a claim 3, Excluded 0, Still open 1 (75.0% accounted for).",
        "Dates and lengths of time: 2, Has a claim 2, Excluded 0, Still open 0 (100.0% accounted for).",
    ]
    assert run(places, "dismiss", ARTICLE_ID, STAFF, "--reason", "대수롭지 않다.").exit_code == 0
    recorded = run(places, "coverage", ARTICLE_ID, "--record")
    assert (recorded.exit_code, "1 draft not published yet." in recorded.stderr) == (0, True)
    assert run(places, "dismiss", ARTICLE_ID, STAFF, "--again", "--reason", "Looked again.").exit_code == 0
    assert run(places, "coverage", ARTICLE_ID, "--record", by=None).exit_code == 1


@pytest.mark.slow
def test_check_sheet_is_written_to_the_given_file(places: LedgerPaths) -> None:
    sheet = places.root / "sheet.html"
    written = run(places, "coverage", ARTICLE_ID, "--sheet", str(sheet), "--lang", "ko")
    assert "is ready to print" in written.stderr
    assert "확인 목록" in sheet.read_text(encoding="utf-8")


@pytest.mark.slow
def test_new_edition_leaves_changed_passages_as_tasks(places: LedgerPaths) -> None:
    added = add(places, TEXT.replace("10%", "12%"), "--id", ARTICLE_ID)
    assert (
        added.stdout.splitlines()[2]
        == "Passages of the previous edition: Unchanged 1, Moved 0, Same words, place to confirm 0, Changed 1, "
        "Not found 0."
    )
    assert "2 drafts not published yet." in added.stderr
    listed = run(places, "tasks", ARTICLE_ID)
    assert listed.exit_code == 1
    first, earlier, proposal, _, command = listed.stdout.splitlines()
    assert first == f"Changed: {GROWTH}"
    assert "[서미래 소장은 “올해는 10% 늘어난다”고 말했다]" in earlier
    assert "[서미래 소장은 “올해는 12% 늘어난다”고 말했다]" in proposal
    assert command.split(": ")[1].startswith(f"claimledger place {ARTICLE_ID} {GROWTH} ")
    placed = run(places, "place", ARTICLE_ID, GROWTH, command.split()[-1])
    assert placed.stdout.startswith(f"listed: {GROWTH}@")
    assert run(places, "tasks", ARTICLE_ID).exit_code == 0


@pytest.mark.slow
def test_claim_in_a_correction_note_is_proposed_with_the_words_of_the_note(places: LedgerPaths) -> None:
    passage = "서미래 소장은 “올해는 10% 늘어난다”고 말했다"
    text = TEXT.replace("10%", "12%") + f"\n바로잡습니다: {passage}고 썼으나 12%가 맞습니다.\n"
    add(places, text, "--id", ARTICLE_ID)
    listed = run(places, "tasks", ARTICLE_ID, "--lang", "ko").stdout
    assert listed.splitlines()[0] == f"같은 문구, 위치 확인 필요: {GROWTH}"
    assert "바로잡거나 부인하는 말과 함께 나옴 (“바로잡”)" in listed
    assert "Next to words that correct, deny or doubt it (“바로잡”)" in run(places, "tasks", ARTICLE_ID).stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "rewritten", [TEXT.replace("\n", "\r\n"), unicodedata.normalize("NFD", TEXT), TEXT.replace(" ", "  ") + "\n"]
)
@pytest.mark.parametrize("options", [(), ("--id", ARTICLE_ID)], ids=["without a name", "with the name"])
def test_text_in_other_bytes_is_the_same_edition(places: LedgerPaths, rewritten: str, options: tuple[str, ...]) -> None:
    added = add(places, rewritten, *options)
    assert "the same edition as a known text: only white space" in added.stdout
    assert "drafts" not in added.stderr
    assert run(places, "tasks", ARTICLE_ID).exit_code == 0
    assert "a new edition" in add(places, rewritten.replace("120", "121"), "--id", ARTICLE_ID).stdout


@pytest.mark.slow
def test_orphaned_claim_is_left_out_with_a_reason(places: LedgerPaths) -> None:
    add(places, TEXT.replace("서미래 소장은 “올해는 10% 늘어난다”고 말했다.\n", ""), "--id", ARTICLE_ID)
    assert run(places, "tasks", ARTICLE_ID).stdout.splitlines()[0] == f"Not found: {GROWTH}"
    assert run(places, "leave-out", ARTICLE_ID, GROWTH, "--reason", "The writer took it out.").exit_code == 0
    assert run(places, "tasks", ARTICLE_ID).exit_code == 0


@pytest.mark.slow
def test_article_show_marks_language_and_furniture(places: LedgerPaths) -> None:
    add(places, "공유\nExports rose by 2 %, the port said.\n" + TEXT, "--id", ARTICLE_ID)
    lines = run(places, "article", "show", ARTICLE_ID).stdout.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["1", "F"], ["2", "en"], ["3", "ko"]]
