"""Uploads that would cost minutes are refused before they are parsed, with the limit and what to do."""

from __future__ import annotations

import importlib
import io
import zipfile
from pathlib import Path

import pytest

from claimledger.datasette_plugin.desk_pages import article_marks
from claimledger.editorial import article_limits
from claimledger.editorial.article_limits import TEXT_LIMITS, check_article_size
from claimledger.errors import ProblemsFound
from claimledger.models import Span
from claimledger.sheets.review_sheet import SHEET_LIMITS, read_sheet

desk_visits = importlib.import_module("tests.desk_visits")

TOO_LARGE = {
    "characters": "가" * 200_001,
    "lines": "가\n" * 20_000,
    "quotation-marks": "“" * 20_001,
    "figures": "3명 " * 10_001,
}


@pytest.mark.slow
@pytest.mark.parametrize("what", TEXT_LIMITS)
def test_an_article_that_is_too_large_is_refused(what: str) -> None:
    text = TOO_LARGE[what]
    with pytest.raises(ProblemsFound) as refused:
        check_article_size(text, "long.txt")
    (problem,) = refused.value.problems
    assert problem.message.key == f"article-too-large/{what}"
    limit = f"{TEXT_LIMITS[what][1]:,}"
    assert (limit in problem.text("en"), limit in problem.text("ko"), problem.file) == (True, True, "long.txt")
    check_article_size(text[: -max(1, len(text) // 10_000)], "long.txt")


@pytest.mark.slow
def test_the_desk_refuses_an_article_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk_visits.signed_in(desk_visits.made(tmp_path / "ledger"), "choi")
    monkeypatch.setitem(article_limits.TEXT_LIMITS, "characters", (len, 20))
    status, page = desk_visits.sent(client, "/articles/new", pasted="It rained on the harbour all day.")
    assert (status, "The limit for an article is 20" in page) == (409, True)


@pytest.mark.slow
@pytest.mark.parametrize(("content", "code"), [
    (",".join(f"c{number}" for number in range(500_000)), "table-too-large"),
    ("claim_id,revision," + "," * 300, "table-too-large"),
    ("claim_id,revision\n" + "a,1\n" * SHEET_LIMITS.rows, "table-too-large"),
])  # fmt: skip
def test_a_table_that_is_too_large_is_refused(content: str, code: str) -> None:
    found = read_sheet(content.encode(), "s.csv")
    assert ([problem.code for problem in found.problems], found.rows) == ([code], ())


def workbook(rows: str, *, sheets: int = 1, more: str = "") -> bytes:
    """Return a workbook with rows in XML."""
    target, main = io.BytesIO(), "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    named = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, sheets + 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="sheet.xml"/></Relationships>',
        "xl/sheet.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>{more}',
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


HEADER = '<row><c t="inlineStr"><is><t>claim_id</t></is></c><c t="inlineStr"><is><t>revision</t></is></c></row>'
ROW = "<row><c><v>1</v></c></row>"


def codes(content: bytes) -> list[str]:
    return [problem.message.key for problem in read_sheet(content, "s.xlsx").problems]


def test_a_small_workbook_is_read() -> None:
    assert codes(workbook(HEADER + ROW)) == ["claim-id-unreadable"]


def test_a_workbook_with_too_many_tags_is_not_parsed() -> None:
    assert codes(workbook(HEADER + ROW * 400_000)) == ["workbook-too-large/cells"]
    assert codes(workbook(HEADER + ROW * 3_500, sheets=100)) == ["workbook-too-large/cells"]


@pytest.mark.slow
def test_a_workbook_with_too_many_rows_is_not_read() -> None:
    assert codes(workbook(HEADER + "<row/>" * SHEET_LIMITS.rows)) == ["table-too-large/rows"]


def test_marks_of_an_article_are_found_without_comparing_all(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    compare = article_marks._overlap

    def count_work(one: Span, other: Span) -> bool:
        nonlocal calls
        calls += 1
        return compare(one, other)

    monkeypatch.setattr(article_marks, "_overlap", count_work)
    index = article_marks._SpanIndex([(Span(start=at, end=at + 3), at) for at in range(0, 60_000, 6)])
    assert [index.overlapping(Span(start=at, end=at + 6)) for at in (0, 30_000)] == [[0], [30_000]]
    assert index.overlapping(Span(start=4, end=6)) == []
    assert calls < 100
