"""Reading texts in any encoding, Word files and other bytes. Web pages are tested in test_intake_pages.py."""

from __future__ import annotations

import codecs
import time
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimledger.errors import LedgerError, ProblemsFound
from claimledger.intake import ARTICLE_SIZE_LIMIT, SourceFormat, ExtractedDocument, UnreadDocument, read_in_this_process

KOREAN = "한빛은행은 2022년에 약 1300억 원을 썼다고 밝혔다.\r\n“2.5%p 늘었다.”\n"
ENGLISH = "The bank spent about $100m in 2022, it said.\n“Up 2.5%,” she added.\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(content: bytes, name: str = "a.txt", **details: Any) -> ExtractedDocument:  # noqa: ANN401
    return read_in_this_process(UnreadDocument(content, name, **details))


def text_or_refusal(content: bytes, name: str, **details: Any) -> str:  # noqa: ANN401
    """Return the text or the message of the refusal; any other exception is a bug."""
    try:
        return read(content, name, **details).text.decode("utf-8")
    except LedgerError as refusal:
        return str(refusal)


def refusal_code(content: bytes, name: str = "a.txt", **details: Any) -> str:  # noqa: ANN401
    """Return the code of the only problem, after checking that it names the file and a remedy."""
    with pytest.raises(ProblemsFound) as refusal:
        read(content, name, **details)
    (problem,) = refusal.value.problems
    assert problem.file == name
    assert problem.sentence.endswith(".")
    assert problem.remedy.endswith(".")
    return problem.code


@pytest.mark.parametrize("text", [KOREAN, ENGLISH])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"), (b"", "utf-16-le"), (b"", "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)  # fmt: skip
def test_every_unicode_encoding_becomes_utf_8(text: str, mark: bytes, encoding: str) -> None:
    assert read(mark + text.encode(encoding)) == ExtractedDocument(text.encode(), SourceFormat.TEXT, encoding)


def test_byte_order_mark_of_utf_8_stays_in_the_text() -> None:
    content = codecs.BOM_UTF8 + KOREAN.encode()
    assert read(content) == ExtractedDocument(content, SourceFormat.TEXT, "utf-8")


@pytest.mark.parametrize(
    "declared", [None, "euc-kr", "EUC-KR", "ks_c_5601-1987", "cp949", "utf-8", "iso-8859-1", "klingon"]
)
def test_cp949_is_recognised_despite_the_declared_charset(declared: str | None) -> None:
    text = KOREAN + "똠방각하, 펲시콜라\n"  # syllables that are in CP949, but not in EUC-KR
    assert read(text.encode("cp949"), charset=declared) == ExtractedDocument(text.encode(), SourceFormat.TEXT, "cp949")


@pytest.mark.parametrize(
    "declared", ["euc-kr", "windows-1252", "iso-8859-1", "us-ascii", "gb2312", "shift_jis", "big5"]
)
@pytest.mark.parametrize("text", [KOREAN, ENGLISH, "Café 3 €", "기업 매출", "금리", "줄다 경제 기사"])
def test_utf_8_is_recognised_despite_a_wrong_charset(text: str, declared: str) -> None:
    assert read(text.encode(), charset=declared) == ExtractedDocument(text.encode(), SourceFormat.TEXT, "utf-8")


@pytest.mark.parametrize(
    ("text", "declared", "encoding"),
    [
        ("Café “au lait” – 3 €", "windows-1252", "cp1252"),
        ("Café “au lait” – 3 €", "iso-8859-1", "cp1252"),
        ("株価は3%下がった。", "shift_jis", "cp932"),
        ("株価は3%下がった。", "euc-jp", "euc_jp"),
        ("股价下跌百分之三。", "gb2312", "gb18030"),
        ("股價下跌百分之三。", "big5", "cp950"),
        ("Цена упала на 3 %.", "windows-1251", "cp1251"),
        ("찾", "euc-kr", "cp949"),  # these two bytes are UTF-8 too
    ],
)
def test_declared_charset_that_fits_is_used(text: str, declared: str, encoding: str) -> None:
    assert read(text.encode(encoding), charset=declared) == ExtractedDocument(
        text.encode(), SourceFormat.TEXT, encoding
    )


@pytest.mark.parametrize(
    "declared", ["utf-16", "utf-7", "unicode_escape", "idna", "rot13", "zlib", "", "utf-8\0", "a" * 300]
)
def test_declared_charset_that_would_change_the_text_is_ignored(declared: str) -> None:
    content = b"Up \\u0041 2+AGE-5%"
    assert read(content, charset=declared) == ExtractedDocument(content, SourceFormat.TEXT, "utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@example("\r\n\r x")
def test_utf_8_is_returned_byte_for_byte(text: str) -> None:
    content = f"기사 {text}".encode()
    assert read(content).text == content


@given(st.text("가나다라마바사아자차카타파하힣 .,%0123456789\n“”", min_size=1))
def test_declared_korean_survives_cp949(text: str) -> None:
    whole = f"기사 {text}".replace("힣", "흰")
    assert read(whole.encode("cp949"), charset="euc-kr").text == whole.encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "text-empty"),
        (b" \r\n\t", "text-empty"),
        (codecs.BOM_UTF8, "text-empty"),
        ("\u3000\u200b\n".encode(), "text-empty"),
        (b"\x1c\x07", "text-empty"),
        (codecs.BOM_UTF16_LE, "text-empty"),
        (b"abc\0def", "text-binary"),
        (codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"), "text-binary"),
        (bytes(range(256)), "text-binary"),
        (b"%PDF-1.7\n1 0 obj", "text-binary"),
        (b"\x89PNG\r\n\x1a\n", "text-binary"),
        (b"\xff\xd8\xff\xe0JFIF", "text-binary"),
        (b"GIF89a", "text-binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "text-binary"),
        (b"HWP Document File V3.00 \x1a\1\2", "text-binary"),
        (rb"{\rtf1\ansi\ansicpg949 \'b0}", "rtf-unreadable"),
        (b"\x1f\x8b\x08", "text-binary"),
        (b"Caf\xe9 au lait", "text-undecodable"),
        (b"\x93Up 3%\x94, she said", "text-undecodable"),
        (KOREAN.encode()[:-4] + b"\xff", "text-undecodable"),
        (codecs.BOM_UTF16_LE + b"a", "text-undecodable"),
        (codecs.BOM_UTF8 + "값".encode("cp949"), "text-undecodable"),
        ("株価は3%下がった。".encode("shift_jis"), "text-undecodable"),
        (b"PK\x03\x04 and no more", "docx-unreadable"),
    ],
)
def test_content_that_is_not_text_is_a_problem(content: bytes, code: str) -> None:
    assert refusal_code(content) == code


def test_unreadable_byte_is_named() -> None:
    with pytest.raises(ProblemsFound, match=r"a\.txt: Byte 3 \(0xE9\) is neither UTF-8 nor Korean in CP949\."):
        read(b"Caf\xe9 au lait")


def test_too_large_file_is_refused_before_reading() -> None:
    content = b"\xff" * 50_000_000
    started = time.process_time()
    assert refusal_code(content) == "text-too-large"
    assert time.process_time() - started < 0.5


def test_file_of_the_exact_limit_is_accepted() -> None:
    assert read(b"x" * 100, limit=100).text == b"x" * 100
    assert refusal_code(b"x" * 101, limit=100) == "text-too-large"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_very_long_line_is_accepted(encoding: str) -> None:
    text = "수출이 3% 늘었다. " * 400_000
    assert len(text.encode("utf-8")) > 5_000_000
    assert read(text.encode(encoding)).text == text.encode()
    assert ARTICLE_SIZE_LIMIT > 5_000_000


def test_text_that_mentions_html_stays_a_text() -> None:
    content = b"<html> is how a page begins."
    assert read(content, "a.txt").form is SourceFormat.TEXT
    assert read(content, "-", content_type="text/plain").text == content


BEGINNINGS = [b"", b"PK\x03\x04", b"<html>", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b"<p>", b"\0"]


@pytest.mark.slow
@given(
    st.sampled_from(BEGINNINGS), st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a", "a.docx"]),
    st.none() | st.sampled_from(["text/html", "text/plain"]), st.none() | st.text(max_size=10) | st.just("euc-kr"),
)  # fmt: skip
def test_any_bytes_give_a_text_or_a_refusal(
    start: bytes, rest: bytes, name: str, content_type: str | None, charset: str | None
) -> None:
    assert text_or_refusal(start + rest, name, content_type=content_type, charset=charset).strip()


def word_file(body: str, parts: Mapping[str, str] | None = None, *, main: str = "word/document.xml") -> bytes:
    """Return a Word file with a body; `parts` are further files in it."""
    relations = f'<Relationships><Relationship Type="http://x/officeDocument" Target="/{main}"/></Relationships>'
    document = f'<w:document xmlns:w="{WORD}" xmlns:mc="urn:mc" xmlns:v="urn:v"><w:body>{body}</w:body></w:document>'
    files = {"[Content_Types].xml": "<Types/>", "_rels/.rels": relations, main: document, **(parts or {})}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, mark: str = "") -> str:
    return f"<w:p>{mark}{''.join(content)}</w:p>"


def lines(body: str) -> list[str]:
    intake = read(word_file(body), "a.docx")
    assert (intake.form, intake.encoding) == (SourceFormat.DOCX, None)
    assert intake.text.endswith(b"\n")
    return intake.text.decode().removesuffix("\n").split("\n")


def test_paragraphs_of_a_word_file_are_lines() -> None:
    assert lines(paragraph(run("수출이 "), run("3% 늘었다.")) + paragraph() + paragraph(run("Exports rose 3%."))) == [
        "수출이 3% 늘었다.",
        "Exports rose 3%.",
    ]


def test_rows_of_a_table_are_lines_with_tabs() -> None:
    cells = "".join(f"<w:tc>{paragraph(run(text))}</w:tc>" for text in ("연도", "2022"))
    nested = f"<w:tc><w:tbl><w:tr><w:tc>{paragraph(run('안'))}</w:tc></w:tr></w:tbl></w:tc>"
    table = f"<w:tbl><w:tr>{cells}{nested}</w:tr></w:tbl>"
    assert lines(paragraph(run("앞")) + table + paragraph(run("뒤"))) == ["앞", "연도\t2022\t안", "뒤"]


def test_tracked_changes_count_as_accepted() -> None:
    deleted = "<w:del><w:r><w:delText>2%</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('가다 ')}</w:moveFrom><w:moveTo>{run('온 ')}</w:moveTo>"
    body = paragraph(run("수출이 "), deleted, f"<w:ins>{run('3%')}</w:ins>", moved, run("늘었다."))
    assert lines(body) == ["수출이 3%온 늘었다."]


def test_paragraph_with_a_deleted_end_joins_the_next() -> None:
    mark = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    assert lines(paragraph(run("하나 "), mark=mark) + paragraph(run("둘")) + paragraph(run("셋"))) == ["하나 둘", "셋"]


def test_links_fields_breaks_and_boxes_are_read_once() -> None:
    field = "<w:r><w:instrText>PAGE 7</w:instrText></w:r>"
    box = f"<w:txbxContent>{paragraph(run('상자'))}</w:txbxContent>"
    forms = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{forms}</mc:AlternateContent></w:r>"
    link = f"<w:hyperlink>{run('여기')}</w:hyperlink>"
    control = f"<w:sdt><w:sdtContent>{paragraph(run('칸'))}</w:sdtContent></w:sdt>"
    body = paragraph(link, field, both, "<w:r><w:t>가</w:t><w:tab/><w:t>나</w:t><w:br/><w:t>다</w:t></w:r>") + control
    assert lines(body) == ["여기가\t나", "다", "상자", "칸"]


CORE = (
    '<c:p xmlns:c="urn:c" xmlns:dc="urn:dc" xmlns:t="urn:t"><dc:title> 수출  늘다 </dc:title>'
    "<dc:creator>홍길동</dc:creator><t:created>2023-06-01T01:02:03Z</t:created></c:p>"
)


def test_word_file_properties_become_metadata() -> None:
    intake = read(word_file(paragraph(run("본문.")), {"docProps/core.xml": CORE}), "a.docx")
    assert (intake.headline, intake.authors, intake.created_on) == ("수출 늘다", ("홍길동",), "2023-06-01")
    assert intake.published_on is None
    without = read(word_file(paragraph(run("본문."))), "a.docx")
    assert without == ExtractedDocument("본문.\n".encode(), SourceFormat.DOCX, None)


def test_main_document_may_have_another_name() -> None:
    assert read(word_file(paragraph(run("본문.")), main="word/document2.xml"), "a.docx").text.decode() == "본문.\n"


ENTITY = '<!DOCTYPE d [<!ENTITY e "made up">]><d>&e;</d>'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make_file", "code"),
    [
        (lambda: word_file(""), "text-empty"),
        (lambda: word_file(paragraph(run("본문.")), {"word/media/a.bin": "0" * 21_000_000}), "docx-unreadable"),
        (lambda: word_file(paragraph(run("본문.")), {f"word/{n}": "" for n in range(10_001)}), "docx-unreadable"),
        (lambda: word_file(paragraph(run("본문.")), {"docProps/core.xml": ENTITY}), "docx-unreadable"),
        (lambda: word_file("<w:p>" * 50_000 + "</w:p>" * 50_000), "docx-unreadable"),
        (lambda: word_file("<w:p>"), "docx-unreadable"),
        (lambda: word_file(paragraph(run("본문.")))[:-30], "docx-unreadable"),
        (lambda: word_file(paragraph(run("본문.")), main="other/sheet.xml"), "text-binary"),
    ],
    ids=["no text", "bomb", "ten thousand files", "entity", "deep", "no XML", "cut short", "a workbook"],
)
def test_unreadable_word_file_is_a_problem(make_file: Callable[[], bytes], code: str) -> None:
    assert refusal_code(make_file(), "a.docx") == code


@given(st.data())
def test_damaged_word_file_gives_a_text_or_a_refusal(data: st.DataObject) -> None:
    content = bytearray(word_file(paragraph(run("본문.")), {"docProps/core.xml": CORE}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert text_or_refusal(bytes(content), "a.docx").strip()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rb"{\rtf1\ansi\ansicpg949{\fonttbl{\f0 Batang;}}\f0 \'c7\'d7\'b1\'b8 3%\par Port.}", ["항구 3%", "Port."]),
        (rb"{\rtf1\uc1 \u54637?\u44396? {\*\generator X;}\ldblquote so\rdblquote\line \{a\}}", ["항구 “so”", "{a}"]),
        (rb"{\rtf1 \trowd a\cell b\cell\row c\par{\pict 89504e}}", ["a\tb", "c"]),
        (rb"{\rtf1\ansi\uc2 \u8364??5 \'80}", ["€5 €"]),
    ],
)
def test_text_of_an_rtf_file_is_read(content: bytes, expected: list[str]) -> None:
    assert read(content, "a.rtf").text.decode().splitlines() == expected


def test_old_hangul_file_is_refused_with_the_way_out() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"HWP Document File"
    with pytest.raises(ProblemsFound, match=r"Open it in Hangul, choose 'Save as', and save it as \.hwpx"):
        read(old, "기사.hwp")
