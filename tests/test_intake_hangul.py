"""Reading Hangul files: three that Hangul itself wrote, and others of the same structure with what those lack."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.errors import LedgerError, ProblemsFound
from claimledger.intake import ExtractedDocument, SourceFormat, UnreadDocument, extract_document, read_in_this_process

FILES = Path(__file__).parent / "hangul"
SPACE = "http://www.hancom.co.kr/hwpml/2011/paragraph"
TYPE = "application/hwp+zip"
PACKAGE = (
    '<opf:package xmlns:opf="urn:opf"><opf:metadata><opf:title> 수출  늘다 </opf:title>'
    '<opf:meta name="creator" content="text">홍길동</opf:meta>'
    '<opf:meta name="CreatedDate" content="text">2023-06-01T01:02:03Z</opf:meta></opf:metadata><opf:manifest>'
    '<opf:item id="b" href="Contents/section1.xml"/><opf:item id="a" href="Contents/section0.xml"/></opf:manifest>'
    '<opf:spine><opf:itemref idref="a"/><opf:itemref idref="b"/></opf:spine></opf:package>'
)


def read(content: bytes, name: str = "기사.hwpx", limit: int = 1_000_000) -> ExtractedDocument:
    return read_in_this_process(UnreadDocument(content, name, limit=limit))


def hangul_file(*sections: str, parts: Mapping[str, str] | None = None) -> bytes:
    """Return a Hangul file with sections; `parts` are further files in it."""
    made = {
        f"Contents/section{number}.xml": f'<hs:sec xmlns:hs="urn:hs" xmlns:hp="{SPACE}">{body}</hs:sec>'
        for number, body in enumerate((*sections, "")[:2])
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"mimetype": TYPE, "Contents/content.hpf": PACKAGE, **made, **(parts or {})}.items():
            archive.writestr(name, text)
    return packed.getvalue()


def text(words: str) -> str:
    return f"<hp:run><hp:t>{words}</hp:t></hp:run>"


def paragraph(*content: str) -> str:
    return f"<hp:p>{''.join(content)}</hp:p>"


def inside(tag: str, words: str) -> str:
    """Return an element with a paragraph of its own, such as a box or a footnote."""
    return f"<hp:{tag}><hp:subList>{paragraph(text(words))}</hp:subList></hp:{tag}>"


def lines(body: str) -> list[str]:
    return read(hangul_file(body)).text.decode().splitlines()


# --- files that Hangul wrote ---


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("table", ["1\t2", "3", "5\t4"]),
        ("tracked", ["변경 \t인간은"]),
        ("boxes", ["사각형 안에 텍스트입니다.", "사각형 안에 사각형의 텍스트입니다."]),
    ],
)
def test_text_of_files_by_hangul_is_read(name: str, expected: list[str]) -> None:
    found = read((FILES / f"{name}.hwpx").read_bytes())
    assert found.text.decode().splitlines() == expected
    assert (found.form, found.authors) == (SourceFormat.HWPX, ("fff",))
    assert str(found.created_on).startswith("2023-0")


@pytest.mark.parametrize("name", ["table", "boxes"])
def test_text_has_the_letters_of_the_preview_that_hangul_wrote(name: str) -> None:
    """Compare without the order, because boxes come after their paragraph."""
    content = (FILES / f"{name}.hwpx").read_bytes()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        preview = archive.read("Preview/PrvText.txt").decode()
    letters = "".join(preview.split()).replace("<", "").replace(">", "")
    assert sorted("".join(read(content).text.decode().split())) == sorted(letters) != []


@pytest.mark.slow
def test_hangul_file_is_read_in_a_process_of_its_own() -> None:
    content = (FILES / "table.hwpx").read_bytes()
    assert extract_document(content, name="표.hwpx") == read(content, "표.hwpx")


# --- files of the same structure ---


def test_sections_come_in_the_order_of_the_package_with_its_properties() -> None:
    found = read(hangul_file(paragraph(text("하나")), paragraph(text("둘"))))
    assert found.text.decode() == "하나\n둘\n"
    assert (found.headline, found.authors, found.created_on) == ("수출 늘다", ("홍길동",), "2023-06-01")
    assert found.published_on is None


def test_table_inside_a_paragraph_keeps_its_place_and_its_rows() -> None:
    cells = "".join(inside("tc", words) for words in ("연도", "2022"))
    table = f"<hp:run><hp:tbl>{inside('caption', '표 1')}<hp:tr>{cells}</hp:tr><hp:tr>{cells}</hp:tr></hp:tbl></hp:run>"
    assert lines(paragraph(text("앞"), table, text("뒤"))) == ["앞", "표 1", "연도\t2022", "연도\t2022", "뒤"]


def test_large_first_letter_belongs_to_its_paragraph_and_a_box_does_not() -> None:
    letter = f"<hp:run><hp:rect dropcapstyle='DoubleLine'>{inside('drawText', '수')}</hp:rect></hp:run>"
    box = f"<hp:run><hp:rect dropcapstyle='None'>{inside('drawText', '상자')}</hp:rect></hp:run>"
    assert lines(paragraph(letter, box, text("출이 3% 늘었다."))) == ["수출이 3% 늘었다.", "상자"]


def test_signs_are_read_and_what_is_not_text_is_left_out() -> None:
    left_out = "".join(
        inside(tag, "빠질 말") for tag in ("header", "footer", "footNote", "endNote", "hiddenComment", "fieldBegin")
    )
    script = "<hp:run><hp:equation><hp:script>a over b</hp:script></hp:equation></hp:run>"
    small = "<hp:run><hp:dutmal><hp:mainText>본말</hp:mainText><hp:subText>덧말</hp:subText></hp:dutmal></hp:run>"
    signs = text("가<hp:tab/>나<hp:nbSpace/>다<hp:fwSpace/>라<hp:lineBreak/>마")
    body = paragraph(f"<hp:run><hp:ctrl>{left_out}</hp:ctrl></hp:run>", script, small, signs)
    assert lines(body) == ["본말가\t나\u00a0다 라", "마"]


def test_tracked_deletion_goes_on_over_texts_and_ends_of_paragraphs() -> None:
    begin, end = '<hp:deleteBegin Id="1"/>', '<hp:deleteEnd Id="1" paraend="0"/>'
    body = paragraph(text(f"수출이 {begin}2%"), text(f"쯤{end}3% ")) + paragraph(text(f"늘{begin}었다."))
    assert lines(body + paragraph(text(f"빠진 말{end}고,"))) == ["수출이 3% ", "늘고,"]
    joined = paragraph(text('하나 <hp:deleteBegin/><hp:deleteEnd paraend="1"/>')) + paragraph(text("둘"))
    assert lines(joined) == ["하나 둘"]


ENTITY = '<!DOCTYPE d [<!ENTITY e "made up">]><d>&e;</d>'
LOCKED = '<odf:manifest xmlns:odf="urn:odf"><odf:encryption-data checksum="x"/></odf:manifest>'


@pytest.mark.parametrize(
    ("make_file", "sentence"),
    [
        (lambda: hangul_file(""), "The file has no text."),
        (lambda: hangul_file("<hp:p>" + "0" * 1_000_000), "is larger than 1,000,000 bytes"),
        (lambda: hangul_file("", parts={f"a/{n}": "" for n in range(10_001)}), "is larger than 1,000,000 bytes"),
        (lambda: hangul_file("", parts={"Contents/section0.xml": ENTITY}), "declares a document type"),
        (lambda: hangul_file("", parts={"META-INF/manifest.xml": LOCKED}), "has a password"),
        (lambda: hangul_file("<hp:p>" * 50_000 + "</hp:p>" * 50_000), "damaged"),
        (lambda: hangul_file("<hp:p>"), "damaged"),
        (lambda: hangul_file(paragraph(text("본문.")), parts={"Contents/content.hpf": "<"}), "damaged"),
        (lambda: hangul_file(parts={"Contents/content.hpf": PACKAGE.replace("n1.xml", "n7.xml")}), "section7.xml"),
    ],
    ids=[
        "no text",
        "bomb",
        "ten thousand files",
        "entity",
        "password",
        "deep",
        "no XML",
        "no package",
        "a missing section",
    ],
)
def test_unreadable_hangul_file_is_a_problem(make_file: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(ProblemsFound, match=sentence) as refusal:
        read(make_file())
    (problem,) = refusal.value.problems
    assert (problem.file, problem.remedy.endswith(".")) == ("기사.hwpx", True)


def test_file_of_another_kind_in_a_zip_is_no_hangul_file() -> None:
    other = hangul_file(paragraph(text("본문.")), parts={"mimetype": "application/epub+zip"})
    with pytest.raises(ProblemsFound, match="text-binary"):
        read(other)


@given(st.data())
def test_damaged_hangul_file_gives_a_text_or_a_refusal(data: st.DataObject) -> None:
    content = bytearray(hangul_file(paragraph(text("본문."))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(LedgerError):
        assert read(bytes(content)).text.strip()
