"""Damage by spreadsheets is found, reported and distinguished from edits by a person."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.sheets.sheet_columns import SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS, SheetColumn
from claimledger.sheets.spreadsheet_damage import parse_shown_dates, read_cell
from claimledger.vocabulary import VerdictValue


class Case(NamedTuple):
    """A cell as exported and as imported, with the expected problem code."""

    column: str
    given: str
    came: str
    code: str


UNTOUCHED = (
    Case("quantities", "13000000000", "1.3E+10", "number-shortened"),
    Case("quantities", "123456789012", "1.23457E+11", "number-shortened"),
    Case("quantities", "13000000000", "1,3E+10", "number-shortened"),
    Case("note_en", "-13000000000", "-1.3E+10", "number-shortened"),
    Case("quantities", "1234567890123456", "1234567890123450", "digits-lost"),
    Case("quantities", "007", "7", "number-reformatted"),
    Case("quantities", "1234567", "1,234,567", "number-reformatted"),
    Case("quantities", "40", "40.0", "number-reformatted"),
    Case("as_of", "2023", "2023.0", "number-reformatted"),
    Case("quantities", "(5)", "-5", "number-reformatted"),
    Case("quantities", "$13.5", "$13.50", "number-reformatted"),
    Case("as_of", "2023-04", "Apr-23", "date-turned"),
    Case("as_of", "2023-04", "23-Apr", "date-turned"),
    Case("as_of", "2023-04", "2023년 4월", "date-turned"),
    Case("as_of", "2023-04", "2023. 4.", "date-turned"),
    Case("as_of", "2023-04", "2023-04-01", "date-turned"),
    Case("as_of", "2023-04", "4/1/2023", "date-turned"),
    Case("as_of", "2023-04", "4/2023", "date-turned"),
    Case("as_of", "2023-04", "2023-04-01 0:00", "date-turned"),
    Case("as_of", "2023-04-25", "2023. 4. 25.", "date-turned"),
    Case("as_of", "2023-04-25", "2023-04-25 00:00:00", "date-turned"),
    Case("as_of", "2023-04-25", "2023년 4월 25일", "date-turned"),
    Case("as_of", "2023-04-25", "4/25/2023", "date-turned"),
    Case("as_of", "2023-04-25", "4/25/23", "date-turned"),
    Case("as_of", "2023-04-25", "25/04/2023", "date-turned"),
    Case("as_of", "2023-04-25", "25.04.2023", "date-turned"),
    Case("as_of", "2023-04-25", "25-Apr-23", "date-turned"),
    Case("as_of", "2023-04-25", "April 25, 2023", "date-turned"),
    Case("as_of", "2023-04-25", "45041", "date-turned"),
    Case("as_of", "1999-04", "Apr-99", "date-turned"),
    Case("note_en", "true", "TRUE", "truth-value"),
    Case("note_ko", "그는 “예”라 했다", '그는 "예"라 했다', "signs-changed"),
    Case("note_en", 'he said "no"', "he said “no”", "signs-changed"),
    Case("note_en", "2019-2020 …", "2019–2020 ...", "signs-changed"),
    Case("note_en", "a -- b", "a — b", "signs-changed"),
    Case("note_en", "'tis", "tis", "apostrophe-changed"),
    Case("note_en", "2022-10", "'2022-10", "apostrophe-changed"),
    Case("note_ko", "百度是百度", "百度是百度 ", "spaces-around"),
    Case("note_ko", "발표 👍 문언일심", "발표 ?? 문언일심", "characters-lost"),
    Case("note_ko", "발표 👍", "발표 ?", "characters-lost"),
    Case("note_ko", "约130亿", "?130?", "characters-lost"),
    Case("speaker", "서미래, 소장", unicodedata.normalize("NFD", "서미래, 소장"), "text-decomposed"),
    Case("note_ko", "덧붙임", "\u3000덧붙임\u00a0", "spaces-around"),
)
BROKEN = (
    Case("note_en", "a note", "1.3E+10", "number-shortened"),
    Case("note_en", "", "1.3E+10", "number-shortened"),
    Case("as_of", "2023-04-25", "2023. 4. 26.", "date-turned"),
    Case("as_of", "", "Apr-23", "date-turned"),
    Case("as_of", "2023-04", "45041", "date-turned"),
    Case("note_en", "a note", "4/25/2023", "date-turned"),
    Case("note_ko", "덧붙임", "2023. 4. 25.", "date-turned"),
    Case("as_of", "2023-04-25", "yesterday", "not-a-date"),
    Case("as_of", "2023-04-25", "2023-02-30", "no-such-day"),
    Case("as_of", "2023-04-25", "2023-05/2023-04", "interval-backward"),
    Case("note_en", "a note", "FALSE", "truth-value"),
    Case("verdict_so", "supported", "TRUE", "truth-value"),
    Case("verdict_so", "", "suported", "unknown-word"),
    Case("verdict_so", "", "검증 전", "unknown-word"),
    Case("evidence_stance", "", "against", "unknown-word"),
    Case("evidence_address", "", "example.org/a", "wrong-form"),
    Case("evidence_address", "", "https://example.org/" + "a" * 2000, "text-too-long"),
    Case("note_en", "", "a" * 20_001, "text-too-long"),
    Case("note_en", "a note", "#NAME?", "formula-error"),
    Case("note_en", "a note", "########", "formula-error"),
    Case("note_ko", "덧붙임", "덧\ufffd임", "characters-lost"),
    Case("note_ko", "约 130亿 고침", "? 130? 고치다", "characters-lost"),
    Case("note_en", "a note", "a\x07 note", "invisible-character"),
    Case("note_en", "a note", "\u200b", "empty-text"),
)


@pytest.mark.parametrize("case", UNTOUCHED)
def test_cell_changed_only_by_the_spreadsheet_gives_a_notice(case: Case) -> None:
    judged = read_cell(SHEET_COLUMNS_BY_NAME[case.column], case.came, case.given)
    assert (judged.value, [notice.code for notice in judged.notices], judged.fault) == (case.given, [case.code], None)


@pytest.mark.parametrize("case", BROKEN)
def test_damaged_cell_with_an_unclear_value_is_a_problem(case: Case) -> None:
    fault = read_cell(SHEET_COLUMNS_BY_NAME[case.column], case.came, case.given).fault
    assert fault
    assert fault.code == case.code
    assert (fault.sentence[-1] in ".?", fault.remedy[-1]) == (True, ".")


@pytest.mark.parametrize(
    ("column", "came"),
    [
        ("note_en", "about 40% in 2023-04"),
        ("note_en", "2023-04-25"),
        ("note_en", "13000000000"),
        ("note_en", "45041"),
        ("note_en", "“quoted”"),
        ("note_ko", "정말? 2023년 4월 발표"),
        ("as_of", "2023"),
        ("as_of", "2023-04/2023-05"),
        ("evidence_address", "https://예시.한국/기사?id=1"),
        ("note_en", "line one\nline two"),
    ],
)
def test_plausible_value_is_an_edit(column: str, came: str) -> None:
    assert read_cell(SHEET_COLUMNS_BY_NAME[column], came, "") == (came, (), None)


@pytest.mark.parametrize(
    ("came", "value"),
    [
        ("not_enough_evidence", "not_enough_evidence"),
        ("Not enough evidence", "not_enough_evidence"),
        (" NOT-ENOUGH EVIDENCE ", "not_enough_evidence"),
        ("근거 부족", "not_enough_evidence"),
        ("근거부족", "not_enough_evidence"),
        ("사실과 다름", "refuted"),
        ("", ""),
    ],
)
def test_verdict_is_recognised_by_its_value_or_label(came: str, value: str) -> None:
    judged = read_cell(SHEET_COLUMNS_BY_NAME["verdict_so"], came, "supported")
    assert (judged.value, judged.fault) == (value, None)


def test_unknown_word_is_reported_with_the_known_words() -> None:
    fault = read_cell(SHEET_COLUMNS_BY_NAME["verdict_so"], "사실로 확인됨", "").fault
    assert fault
    assert "Did you mean 'supported'?" in fault.sentence
    assert f"refuted({VerdictValue.REFUTED.label_ko})" in fault.text("ko")


def test_edit_is_trimmed_and_composed_with_notices() -> None:
    judged = read_cell(SHEET_COLUMNS_BY_NAME["note_ko"], unicodedata.normalize("NFD", "고친 덧붙임 "), "덧붙임")
    assert judged.value == "고친 덧붙임"
    assert [notice.code for notice in judged.notices] == ["text-decomposed", "spaces-around"]


def test_new_leading_apostrophe_is_kept_with_a_notice() -> None:
    judged = read_cell(SHEET_COLUMNS_BY_NAME["note_en"], "'another' note", "a note")
    assert (judged.value, [notice.code for notice in judged.notices]) == ("'another' note", ["leading-apostrophe"])


def test_ambiguous_date_is_reported_with_both_readings() -> None:
    fault = read_cell(SHEET_COLUMNS_BY_NAME["as_of"], "4/5/2023", "2023-06").fault
    assert fault
    assert fault.sentence.endswith("It may mean 2023-04-05 or 2023-05-04.")


@pytest.mark.parametrize(
    "cell", ["13/32/2023", "2023. 2. 30.", "about 2023", "", "2023-04/2023-05", "0/2023", "12345678", "ſep-23"]
)
def test_text_that_is_never_a_date_gives_no_dates(cell: str) -> None:
    assert parse_shown_dates(cell) == set()


@pytest.mark.parametrize("given_out", ["덧붙임", "'", "2023-04"])
def test_an_emptied_cell_is_an_edit(given_out: str) -> None:
    assert read_cell(SHEET_COLUMNS_BY_NAME["note_ko"], "", given_out) == ("", (), None)


def test_text_in_an_empty_cell_is_an_edit() -> None:
    assert read_cell(SHEET_COLUMNS_BY_NAME["note_ko"], "'", "").value == "'"


def test_shortened_text_is_an_edit_even_with_lost_characters() -> None:
    assert read_cell(SHEET_COLUMNS_BY_NAME["note_ko"], "130 정도?", "约130亿 정도?") == ("130 정도?", (), None)


def test_column_that_is_not_imported_gives_no_notices() -> None:
    assert read_cell(SHEET_COLUMNS_BY_NAME["speaker"], "'문가온'", "서미래") == ("'문가온'", (), None)


cells = st.sampled_from([case.came for case in (*UNTOUCHED, *BROKEN)] + [case.given for case in UNTOUCHED]) | st.text(
    st.sampled_from("0123456789.,eE+-/: '\"“”?년월일AprſTRUE#각\u1100\u1161\u0301👍\n\u200b"), max_size=10
)


@pytest.mark.slow
@given(st.sampled_from(SHEET_COLUMNS), cells, cells)
def test_any_cell_is_read_and_an_accepted_value_is_stable(column: SheetColumn, came: str, given_out: str) -> None:
    judged = read_cell(column, came, given_out)
    if judged.fault is None:
        assert read_cell(column, judged.value, given_out)[::2] == (judged.value, None)
