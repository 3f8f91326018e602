"""CSV guards exactly the cells that a spreadsheet would execute or change, and every text is read back unchanged."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimledger.publishing.csv_exchange import (
    ROWS_PER_CHUNK, CharacterNotInEncoding, Encoding, Guard, csv_chunks, read_csv, write_csv,
)  # fmt: skip
from claimledger.publishing.spreadsheet_guard import guard, unguard

GUARDED = {
    "formulas": ("=1+1", "=HYPERLINK(1)", "+82", "@SUM(1)", "-abc", "-", "--", "-1+2", "＝1", "＋1", "－1", "＠x"),
    "leading control characters": ("\t=1", "\r=1", "\n=1", "\0=1"),
    "apostrophes": ("'", "'tis", "''"),
    "numbers of more than 15 significant digits": (
        "1234567890123456", "-1234567890123456", "12345678901234560", "0.1234567890123456", "1,234,567,890,123,456",
    ),
    "leading zeros": ("007", "-007", "00.5", "02"),
    "exponents": ("1e5", "1E5", "-1e5", "1.5e3", ".5e3", "1.e5", "2310009E13"),
    "digits of other scripts": ("１２３", "12１", "-１２"),
    "numbers in other clothes": ("(5)", "(1,234.5)", "40.5%", "-40.5%", "12.345%", "$13.5", "₩1,000.5", "1 1/2"),
    "dates": (
        "2022-10", "2022/10", "3-19", "1/2", "12/2023", "60/12", "2022-3-1", "3/19/2022", "2023.3.14", "2023/03/14",
        "Mar-14", "14-Mar", "1MAR", "SEPT2", "MARCH1", "Mar 14, 2023", "May 2023", "14 March 2023",
        "3월 14일", "2023년 3월", "2023년 3월 14일",
    ),
    "times": ("10:30", "16:9", "17:", "10:30:15", "10:30 AM", "1 p", "10 am", "오후 3:30", "3시", "3시 30분",
              "2023-03-14 10:30:15", "2023-03-14T10:30:15"),
    "truth values": ("true", "False"),
    "numbers and dates between blanks": (" 5", "5 ", " 1/2", "\u00a01e5"),
}  # fmt: skip
PLAIN = (
    "", "5", "-5", "0", "0.5", "-0.5", "1.50", "13000000000", "123456789012345", "130000000000000000", "1,234",
    "-1,234.5", "40%", "-5%", "40.55%", "$13", "$13.50", "$13B", "130억달러", "1750억 개", "40% 정도 낮은",
    "2023-03-14", "2026-11-24T11:09:00.123Z", "2023-01/2023-03", "2022-10/..", "02-123-4567", "010-1234-5678",
    "300-400", "40-60", "40/60", "TRUE", "FALSE", "March", "May", "Decide", "Mayor 3 times", "10:30경", "3월", "2023년",
    "#N/A", "(주)바이두", "(5", "about 5", "5 of 10", "GPT-4", "3.14", "a=b", "1 apple", "바이두", " =1+1", "a'b",
)  # fmt: skip

cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [cell for group in GUARDED.values() for cell in group] + list(PLAIN)
)
troublesome = st.lists(st.sampled_from("'\"=,;\r\n\t\x1f-10eE:/. 가각👍"), max_size=6).map("".join)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Draw a header and rows of any text, often with troublesome characters."""
    header = tuple(draw(st.lists(names, min_size=1, max_size=4, unique=True)))
    row = st.tuples(*[cells | troublesome for _ in header])
    return header, draw(st.lists(row, max_size=4))


def write_table(
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    guarding: Guard = Guard.ON,
    encoding: Encoding = Encoding.UTF_8,
) -> bytes:
    return b"".join(csv_chunks(header, rows, guard=guarding, encoding=encoding))


@pytest.mark.parametrize("cell", [cell for group in GUARDED.values() for cell in group])
def test_unsafe_cell_gets_one_apostrophe(cell: str) -> None:
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", PLAIN)
def test_safe_cell_is_unchanged(cell: str) -> None:
    assert guard(cell) == cell


def test_documentation_lists_guarded_and_plain_cells() -> None:
    text = (Path(__file__).parents[1] / "docs" / "csv.md").read_text(encoding="utf-8")
    section = text.split("## Guarded cells")[1].split("\n## ")[0]
    guarded, plain = map(cells_in_first_column, section.split("\n\n| cell |")[1:])
    assert [cell for cell in guarded if guard(cell) == cell] == []
    assert [cell for cell in plain if guard(cell) != cell] == []
    assert (len(guarded) > 30, len(plain) > 15) == (True, True)


def cells_in_first_column(table: str) -> list[str]:
    rows = [row.split("|")[1] for row in table.splitlines()[2:] if row.startswith("|")]
    return [cell for row in rows for cell in re.findall("`([^`]+)`", row)]


@given(st.text() | troublesome)
@example("'")
@example("''=1")
def test_unguard_restores_a_guarded_text(text: str) -> None:
    assert unguard(guard(text)) == text


@given(tables(), st.sampled_from(Guard), st.sampled_from([Encoding.UTF_8, Encoding.UTF_8_SIG, Encoding.UTF_16]))
@example((("\ufeffa;b;c", "d"), [("\ufeff", "\r")]), Guard.OFF, Encoding.UTF_8)
@example((("only",), [("",), ("",)]), Guard.ON, Encoding.UTF_8)
def test_table_is_read_back_cell_by_cell(
    table: tuple[tuple[str, ...], list[tuple[str, ...]]], guarding: Guard, encoding: Encoding
) -> None:
    header, rows = table
    back = read_csv(write_table(header, rows, guarding, encoding), guard=guarding)
    assert (back.header, list(back.rows)) == (header, rows)
    assert back.numbers == tuple(range(2, len(rows) + 2))


@given(tables())
def test_standard_csv_reader_reads_the_guarded_cells(
    table: tuple[tuple[str, ...], list[tuple[str, ...]]],
) -> None:
    header, rows = table
    text = write_table(header, rows).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read == [[guard(cell) for cell in row] for row in [header, *rows]]


@given(tables())
def test_unguarded_bytes_match_the_standard_library(
    table: tuple[tuple[str, ...], list[tuple[str, ...]]],
) -> None:
    names, rows = table
    header = tuple(f"column{number}" for number, _ in enumerate(names))
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([header, *rows])
    assert write_table(header, rows, Guard.OFF).decode() == expected.getvalue()


def test_null_is_written_as_an_empty_cell() -> None:
    assert write_table(("a", "b"), [(None, "")]) == b"a,b\r\n,\r\n"
    assert write_table(("a",), [(None,), ("",)]) == b'a\r\n""\r\n""\r\n'
    assert read_csv(b"a,b\r\n,\r\n").rows == (("", ""),)


def test_numbers_and_bytes_are_written_and_guarded_as_text() -> None:
    cells = (5, -5, 12345678901234567, 0.1, 1e22, Decimal("1E+3"), b"\x00\x12")
    assert write_table("abcdefg", [cells]) == b"a,b,c,d,e,f,g\r\n5,-5,'12345678901234567,0.1,'1e+22,1000,'0012\r\n"


def test_column_with_few_values_is_guarded_in_every_row() -> None:
    rows = [(("2022-10", "바이두", None)[number % 3], str(number)) for number in range(ROWS_PER_CHUNK)]
    expected = [["'2022-10" if first == "2022-10" else first or "", second] for first, second in rows]
    text = write_table(("about_on", "n"), rows).decode()
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == expected


def test_equal_numbers_of_different_types_keep_their_form() -> None:
    blocks = [[(number, "x")] * ROWS_PER_CHUNK for number in (1, 1.0, "1", 0, -0.0, 0.0)]
    back = read_csv(write_table(("n", "text"), [row for block in blocks for row in block])).rows
    assert [row[0] for row in back[::ROWS_PER_CHUNK]] == ["1", "1.0", "1", "0", "-0.0", "0.0"]


@pytest.mark.parametrize("words", [1, 499, 500, 501, 2000])
def test_number_of_distinct_values_does_not_change_the_output(words: int) -> None:
    rows = [(f"={number * 7919 % words}, word", "x" * (number % 100)) for number in range(3000)]
    assert read_csv(write_table(("word", "length"), rows)).rows == tuple(rows)


def test_cell_of_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="not list"):
        write_table(("a",), [([],)])


@pytest.mark.parametrize("rows", [[("1", "2"), ("1",)], [("1",)], [("1", "2", "3")]])
def test_row_of_wrong_width_is_refused(rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=r"has 1 cells|has 3 cells|shorter"):
        write_table(("a", "b"), rows)


@pytest.mark.parametrize(
    "count", [0, 1, ROWS_PER_CHUNK - 1, ROWS_PER_CHUNK, ROWS_PER_CHUNK + 1, 3 * ROWS_PER_CHUNK + 5]
)
def test_chunks_keep_the_order_and_have_a_limited_size(count: int) -> None:
    pieces = list(csv_chunks(("n", "text"), ((n, f"=바이두, {n}") for n in range(count)), encoding=Encoding.UTF_8))
    assert read_csv(b"".join(pieces)).rows == tuple((str(n), f"=바이두, {n}") for n in range(count))
    assert max(piece.count(b"\n") for piece in pieces) <= ROWS_PER_CHUNK


def test_cursor_is_read_chunk_by_chunk() -> None:
    rows_read = 0

    def rows() -> Sequence[object]:
        nonlocal rows_read
        rows_read += 1
        return ("x",)

    pieces = csv_chunks(("a",), iter(rows, None))
    next(pieces)
    next(pieces)
    assert rows_read == ROWS_PER_CHUNK


def test_sqlite_cursor_is_written_to_a_file(tmp_path: Path) -> None:
    cursor = sqlite3.connect(":memory:").execute("select '바이두' as name, 130 as amount, null as note")
    with (tmp_path / "claims.csv").open("wb") as file:
        write_csv(file, [column[0] for column in cursor.description], cursor)
    assert (tmp_path / "claims.csv").read_bytes() == "\ufeffname,amount,note\r\n바이두,130,\r\n".encode()
    assert read_csv(tmp_path / "claims.csv").rows == (("바이두", "130", ""),)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        (Encoding.UTF_8_SIG, b"\xef\xbb\xbf"),
        (Encoding.UTF_8, b"\xec"),
        (Encoding.CP949, b"\xc0"),
        (Encoding.UTF_16, b"\xff\xfe"),
    ],
)
def test_encoding_is_written_with_its_mark_and_detected(encoding: Encoding, mark: bytes) -> None:
    content = write_table(("이름", "값"), [("바이두", "130억달러")], encoding=encoding)
    assert content.startswith(mark)
    assert read_csv(content)[:2] == (("이름", "값"), (("바이두", "130억달러"),))
    assert read_csv(content, encoding=encoding)[:2] == (("이름", "값"), (("바이두", "130억달러"),))


def test_given_encoding_overrides_the_detected_one() -> None:
    content = "짜".encode(Encoding.CP949)
    assert read_csv(content).header == ("¥",)
    assert read_csv(content, encoding=Encoding.CP949).header == ("짜",)


@given(st.lists(st.text(st.sampled_from("가각똠방각하ABC힣 ,\"'"), min_size=1), min_size=1, max_size=3))
def test_cp949_is_read_back_exactly(cells: list[str]) -> None:
    header = [f"열{number}" for number in range(len(cells))]
    assert read_csv(write_table(header, [cells], encoding=Encoding.CP949), encoding=Encoding.CP949).rows == (
        tuple(cells),
    )


@pytest.mark.parametrize(
    ("encoding", "text", "character"), [(Encoding.CP949, "좋아요👍", "👍"), (Encoding.UTF_8, "a\ud800", "\ud800")]
)
def test_unencodable_character_is_named_with_row_and_column(encoding: Encoding, text: str, character: str) -> None:
    rows = [("good", "예")] * (ROWS_PER_CHUNK + 3) + [("bad", text)]
    with pytest.raises(CharacterNotInEncoding) as caught:
        write_table(("id", "statement_ko"), rows, encoding=encoding)
    fault = caught.value
    assert (fault.row, fault.column, fault.character) == (ROWS_PER_CHUNK + 5, "statement_ko", character)
    assert all(word in str(fault) for word in (f"Row {fault.row}", "statement_ko", "utf-8-sig"))
    assert f"{fault.row}행" in fault.text("ko")


def test_unencodable_header_is_reported_as_row_one() -> None:
    with pytest.raises(CharacterNotInEncoding, match=r"Row 1, column '👍'.*U\+1F44D"):
        write_table(("👍",), [], encoding=Encoding.CP949)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_detected(delimiter: str) -> None:
    text = f'"a,b;c\td""e"{delimiter}second\n1{delimiter}"x,y;z"\n'
    assert read_csv(text.encode())[:2] == (('a,b;c\td"e', "second"), (("1", "x,y;z"),))


def test_blank_lines_are_skipped_but_counted() -> None:
    back = read_csv(b"\n\na,b\n1,2\n\n3,4\n\n")
    assert (back.rows, back.numbers, back.problems) == ((("1", "2"), ("3", "4")), (4, 6), ())


def test_missing_end_cells_are_empty_and_extra_empty_ones_dropped() -> None:
    back = read_csv(b"a,b,c,,\n1\n1,2,3,,\n")
    assert (back.header, back.rows, back.problems) == (("a", "b", "c"), (("1", "", ""), ("1", "2", "3")), ())


def problems(content: bytes, guarding: Guard = Guard.ON) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.line, problem.field) for problem in read_csv(content, guard=guarding).problems]


def test_row_with_too_many_cells_is_a_problem_but_hides_no_other() -> None:
    content = b"a,b\n1,2\n1,2,3\n3,4\n"
    assert problems(content) == [("too-many-cells", 3, "")]
    assert read_csv(content).numbers == (2, 4)


def test_number_shortened_by_a_spreadsheet_is_a_problem() -> None:
    assert problems(b"id,amount\nx,1.3E+11\n") == [("number-shortened", 2, "amount")]
    assert problems(b"id,amount\nx,'1.3E+11\n") == []
    assert problems(b"id,amount\nx,1.3E+11\n", Guard.OFF) == []


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "csv-empty", 1),
        (b"\n\n", "csv-empty", 1),
        (b",,\n1,2\n", "csv-empty", 1),
        (b"a,a\n", "column-repeated", 1),
        (b'a,b\n1,2\n"open,2\n3,4\n', "csv-malformed", 3),
        (b'a,b\n1,"x" y\n', "csv-malformed", 2),
        (b"a\nb\n\xff\xff\n", "encoding-unknown", 3),
        (b"\xef\xbb\xbfa\n\xff\xff\n", "encoding-unknown", 2),
        (b"\xef\xbb\xbf\xa1\xb0\xa1", "encoding-unknown", 1),  # all of it would be Korean in CP949
        (b"\xff\xfea", "encoding-unknown", 1),
    ],
)
def test_unreadable_file_gives_the_line_of_the_problem(content: bytes, code: str, line: int) -> None:
    found = problems(content)
    assert (code, line) in [problem[:2] for problem in found]


def test_rows_before_a_malformed_row_are_kept(tmp_path: Path) -> None:
    (tmp_path / "edited.csv").write_bytes(b'a,b\n1,2\n"open')
    back = read_csv(tmp_path / "edited.csv")
    assert back.rows == (("1", "2"),)
    assert str(back.problems[0]).startswith("edited.csv:3: ")
