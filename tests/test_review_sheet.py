"""The review sheet: an export imports without changes, and every problem of a file is reported at once."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_shelf import CRANES, DELIMITERS, FULL_ENCODINGS, Shelf, claim, codes, edited, verdict
from strategies import appearances, claims, few

from claimledger.models import Appearance, Claim
from claimledger.publishing.csv_exchange import CharacterNotInEncoding, Encoding
from claimledger.sheets.merge import plan_sheet
from claimledger.sheets.review_sheet import Delimiter, SheetContent, read_sheet, sheet_bytes
from claimledger.sheets.sheet_columns import SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS, ReviewRow, ColumnUse

sheets = st.lists(claims(), max_size=3, unique_by=lambda one: one.claim_id)


def read(text: str, encoding: str = "utf-8") -> SheetContent:
    return read_sheet(text.encode(encoding), "sheet.csv")


@pytest.mark.slow
@few
@given(sheets, st.sampled_from(FULL_ENCODINGS), st.sampled_from(DELIMITERS), st.booleans())
def test_reimported_sheet_without_edits_changes_nothing(
    given_out: list[Claim],
    encoding: Encoding,
    delimiter: Delimiter,
    is_public: bool,  # noqa: FBT001
) -> None:
    shelf = Shelf(*([one] for one in given_out)) if is_public else Shelf(drafts=given_out)
    rows = [ReviewRow(one, 1 if is_public else None) for one in given_out]
    back = read_sheet(sheet_bytes(rows, encoding=encoding, delimiter=delimiter), "sheet.csv")
    made = plan_sheet(back, shelf)
    assert [row.claim_id for row in back.rows] == [one.claim_id for one in given_out]
    assert (made.is_ready, made.rows, made.problems, made.notices) == (True, (), (), ())


def cp949_claim(one: Claim) -> Claim:
    """Return a claim with "가" in place of each character that CP949 does not have."""
    text = msgspec.json.encode(one.to_json()).decode()
    return Claim.model_validate_json("".join(c if c.encode("cp949", "ignore") else "가" for c in text))


@pytest.mark.slow
@few
@given(sheets, st.sampled_from(DELIMITERS))
def test_reimported_cp949_sheet_changes_nothing(generated: list[Claim], delimiter: Delimiter) -> None:
    given_out = [cp949_claim(one) for one in generated]
    content = sheet_bytes([ReviewRow(one, 1) for one in given_out], encoding=Encoding.CP949, delimiter=delimiter)
    made = plan_sheet(read_sheet(content, "sheet.csv", encoding=Encoding.CP949), Shelf(*([one] for one in given_out)))
    assert (made.is_ready, made.rows, made.problems, made.notices) == (True, (), (), ())


@pytest.mark.slow
@few
@given(claims(), appearances())
def test_every_cell_is_read_without_its_formula_guard(one: Claim, passage: Appearance) -> None:
    row = ReviewRow(one, 3, (passage,))
    (back,) = read_sheet(sheet_bytes([row]), "sheet.csv").rows
    assert back.cells == {column.name: column.cell(row) for column in SHEET_COLUMNS}
    assert (back.claim_id, back.revision, back.number) == (one.claim_id, 3, 2)


def test_cp949_is_detected_in_a_korean_sheet() -> None:
    content = sheet_bytes([ReviewRow(claim(), 1)], encoding=Encoding.CP949)
    assert plan_sheet(read_sheet(content, "sheet.csv"), Shelf([claim()])).rows == ()


def test_character_outside_the_encoding_stops_the_export() -> None:
    rows = [ReviewRow(claim(), 1), ReviewRow(claim(note={"ko": "발표 👍"}), 1)]
    with pytest.raises(CharacterNotInEncoding) as refused:
        sheet_bytes(rows, encoding=Encoding.CP949)
    assert (refused.value.row, refused.value.column, refused.value.character) == (3, "note_ko", "👍")


def test_formula_is_guarded_with_every_delimiter() -> None:
    row = ReviewRow(claim(note={"en": "=1+1;\t"}), 1)
    for delimiter in DELIMITERS:
        assert "'=1+1" in sheet_bytes([row], delimiter=delimiter).decode()


def test_a_row_shows_the_claim_in_both_languages() -> None:
    row = ReviewRow(claim(verdicts=[verdict(), verdict("said", "refuted", as_of="2031")]), 2)
    cells = {column.name: column.cell(row) for column in SHEET_COLUMNS}
    assert cells["speaker"] == "서미래 · Seo Mirae, 소장"
    assert cells["source"] == "항만 브리핑, 2031-03"
    assert (cells["verification_status"], cells["verdict_so"], cells["verdict_said"]) == (
        "supported", "supported", "refuted",
    )  # fmt: skip
    assert (cells["as_of"], cells["said_as_of"], cells["rationale_ko"]) == ("2031-04-25", "2031", "자료가 그렇다.")
    assert [cells[column.name] for column in SHEET_COLUMNS if column.use is ColumnUse.ADDED] == [""] * 10


def test_columns_may_be_reordered_or_left_out() -> None:
    back = read(f"Note_KO ,REVISION,claim_id\r\n고친 덧붙임,1,{CRANES}\r\n")
    assert back.problems == ()
    made = plan_sheet(back, Shelf([claim()]))
    assert [(one.field, one.after) for one in made.differences] == [("note_ko", "고친 덧붙임")]


def test_any_kind_of_line_break_is_read() -> None:
    one = claim(note={"ko": "첫 줄\n둘째 줄"})
    content = sheet_bytes([ReviewRow(one, 1)])
    for changed in (content, content.replace(b"\r\n", b"\n"), content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")):
        made = plan_sheet(read_sheet(changed, "sheet.csv"), Shelf([one]))
        assert (made.rows, made.problems, made.notices) == ((), (), ())


def test_blank_rows_are_skipped_but_counted() -> None:
    back = read(f"claim_id,revision\r\n\r\n, \r\n{CRANES},1\r\n")
    assert ([row.number for row in back.rows], back.problems) == ([4], ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("csv-empty", "")]),
        ("revision,note_ko\r\n1,가\r\n", [("column-missing", "claim_id")]),
        ("note_ko\r\n가\r\n", [("column-missing", "claim_id"), ("column-missing", "revision")]),
        (f"claim_id,revision,note_ko,NOTE_KO\r\n{CRANES},1,,\r\n", [("column-repeated", "note_ko")]),
        (f"claim_id,revision,note_k\r\n{CRANES},1,가\r\n", [("column-unknown", "note_k")]),
        ("이름,값\r\n하나,둘\r\n", [("not-a-sheet", "")]),
        (f"claim_id,revision,,note_ko\r\n{CRANES},1,,\r\n", [("column-unknown", "")]),
        (f"claim_id,revision\r\n{CRANES},1,가\r\n", [("too-many-cells", "")]),
        (f'claim_id,revision\r\n{CRANES},"1\r\n', [("csv-malformed", "")]),
        ("claim_id,revision\r\n,1\r\n", [("claim-id-missing", "claim_id")]),
        ("claim_id,revision\r\n1.3E+10,1\r\n", [("claim-id-unreadable", "claim_id")]),
        (f"claim_id,revision\r\n{CRANES},one\r\n", [("revision-unreadable", "revision")]),
        (f"claim_id,revision\r\n{CRANES},3.5\r\n", [("revision-unreadable", "revision")]),
        (f"claim_id,revision\r\n{CRANES},0\r\n", [("revision-unreadable", "revision")]),
        (f"claim_id,revision\r\n{CRANES},Jan-03\r\n", [("revision-unreadable", "revision")]),
        (f"claim_id,revision\r\n{CRANES},1\r\n{CRANES},2\r\n", [("row-repeated", "claim_id")]),
    ],
)
def test_problems_of_a_file_are_reported(text: str, expected: list[tuple[str, str]]) -> None:
    problems = read(text).problems
    assert codes(problems) == expected
    assert {problem.file for problem in problems} == {"sheet.csv"}


def test_unknown_encoding_and_broken_workbook_are_reported() -> None:
    assert codes(read_sheet(b"\xef\xbb\xbfclaim_id\xff", "s").problems) == [("encoding-unknown", "")]
    assert codes(read_sheet(b"PK\x03\x04...", "s").problems) == [("workbook-unreadable", "")]


@pytest.mark.parametrize(
    ("name", "revision", "expected"),
    [
        (CRANES, "3.0", [("revision-rewritten", "revision")]),
        (CRANES, " 3 ", [("revision-rewritten", "revision")]),
        (CRANES, "'3", []),
        (CRANES, "''3", [("revision-rewritten", "revision")]),
        (f" {CRANES}", "3", [("claim-id-rewritten", "claim_id")]),
        (CRANES.capitalize(), "3", [("claim-id-rewritten", "claim_id")]),
        (CRANES.replace("-", "–"), "3", [("claim-id-rewritten", "claim_id")]),
    ],
)
def test_key_rewritten_by_the_spreadsheet_is_read_with_a_notice(
    name: str, revision: str, expected: list[tuple[str, str]]
) -> None:
    back = read(f"claim_id,revision\r\n{name},{revision}\r\n")
    assert [(row.claim_id, row.revision) for row in back.rows] == [(CRANES, 3)]
    assert (codes(back.notices), back.problems) == (expected, ())


def test_revision_number_with_separators_is_read() -> None:
    back = read(f'claim_id,revision\r\n{CRANES},"1,234"\r\n')
    assert ([row.revision for row in back.rows], codes(back.notices)) == ([1234], [("revision-rewritten", "revision")])


def test_every_problem_of_a_file_is_reported_with_its_row() -> None:
    text = f"claim_id,revision,notes\r\n,1,\r\n{CRANES},x,\r\nfoo,1,\r\n{CRANES},1,,가\r\n,2,\r\n"
    found = [(problem.line, problem.code) for problem in read(text).problems]
    assert found == [(1, "column-unknown"), (2, "claim-id-missing"), (3, "revision-unreadable"),
                     (4, "claim-id-unreadable"), (5, "too-many-cells"), (6, "claim-id-missing")]  # fmt: skip


def test_edit_leaves_the_other_cells_of_the_row_unchanged() -> None:
    content = edited(sheet_bytes([ReviewRow(claim(), 1)]), {"note_ko": "고친 덧붙임"})
    (row,) = read_sheet(content, "sheet.csv").rows
    given_out = ReviewRow(claim(), 1)
    changed = {name for name, cell in row.cells.items() if cell != SHEET_COLUMNS_BY_NAME[name].cell(given_out)}
    assert changed == {"note_ko"}


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_file_is_read_or_reported(content: bytes) -> None:
    for begun in (content, b"claim_id,revision,note_ko\r\n" + content):
        back = read_sheet(begun, "sheet.csv")
        assert back.problems or all(row.cells["claim_id"] for row in back.rows)


def test_first_of_several_rows_of_one_claim_is_read() -> None:
    back = read(f"claim_id,revision\r\n{CRANES},1\r\n{CRANES},2\r\n{CRANES},1\r\n")
    assert [row.number for row in back.rows] == [2]
    assert [(problem.code, problem.line) for problem in back.problems] == [("row-repeated", 3), ("row-repeated", 4)]
