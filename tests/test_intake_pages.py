"""Reading web pages: the text of the article, and only the metadata that the page contains."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.errors import LedgerError, ProblemsFound
from claimledger.intake import (
    PAGE_SIZE_LIMIT, SourceFormat, ExtractedDocument, PageReaderMissing, UnreadDocument, read_in_this_process,
)  # fmt: skip

KOREAN = [f"한빛은행은 {day}일 기준금리를 연 3.{day}%로 정했다고 밝혔다." for day in range(1, 7)]
ENGLISH = [f"Harbour Bank set its rate at 3.{day} per cent on day {day}, it said in a note." for day in range(1, 7)]


def page(paragraphs: list[str] | str, head: str = "", *, html: str = "", body: str = "") -> str:
    """Return a news page with menus, an article and a footer."""
    menu = "<nav><ul><li><a href='/'>홈</a></li><li><a href='/e'>경제</a></li></ul></nav>"
    text = paragraphs if isinstance(paragraphs, str) else "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html {html}><head>{head}</head><body>{menu}{body}"
        f"<article>{text}</article><footer><a href='/about'>회사 소개</a></footer></body></html>"
    )


def read(content: str | bytes, name: str = "a.html", **details: Any) -> ExtractedDocument:  # noqa: ANN401
    return read_in_this_process(
        UnreadDocument(content.encode() if isinstance(content, str) else content, name, **details)
    )


def text_lines(content: str) -> list[str]:
    intake = read(content)
    assert intake.form is SourceFormat.HTML
    assert intake.text.endswith(b"\n")
    return intake.text.decode().removesuffix("\n").split("\n")


@pytest.mark.parametrize("paragraphs", [KOREAN, ENGLISH])
def test_paragraphs_become_lines_and_menus_are_left_out(paragraphs: list[str]) -> None:
    assert text_lines(page(paragraphs)) == paragraphs


def test_short_quotations_repetitions_lists_and_tables_are_kept() -> None:
    rows = "".join(f"<tr><td>{year}</td><td>{rate}</td></tr>" for year, rate in [("2022", "3.25"), ("2023", "3.5")])
    more = "<blockquote>“짧다.”</blockquote><p>“아니다.”</p><p>“아니다.”</p><ul><li>1월 3%</li><li>2월 4%</li></ul>"
    table = f"<table><tr><th>연도</th><th>금리</th></tr>{rows}</table>"
    article = "".join(f"<p>{text}</p>" for text in KOREAN) + more + table
    assert text_lines(page(article)) == [
        *KOREAN, "“짧다.”", "“아니다.”", "“아니다.”", "- 1월 3%", "- 2월 4%",
        "| 연도 | 금리 |", "| 2022 | 3.25 |", "| 2023 | 3.5 |",
    ]  # fmt: skip


@pytest.mark.slow
def test_paragraphs_separated_by_line_breaks_become_lines() -> None:
    assert text_lines(page("<br><br>".join(KOREAN))) == KOREAN


def test_markup_within_a_sentence_does_not_split_it() -> None:
    sentence = "<p>CO<sub>2</sub>는 <b>10</b>% 늘어 &lt;최고&gt;&nbsp;<a href='/x'>기록</a>이라고 밝혔다.</p>"
    assert text_lines(page("".join(f"<p>{text}</p>" for text in KOREAN) + sentence))[-1] == (
        "CO2는 10% 늘어 <최고> 기록이라고 밝혔다."
    )


def test_short_article_is_recognised() -> None:
    assert text_lines(page("<p>수출이 3% 늘었다.</p>")) == ["수출이 3% 늘었다."]
    assert text_lines(page("<br><br>".join(KOREAN[:4])).replace("article>", "div>")) == KOREAN[:4]


CP949_META = '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr"><title>한빛신문</title>'


@pytest.mark.parametrize(
    ("content", "encoding", "details"),
    [
        (page(KOREAN, CP949_META).encode("cp949"), "cp949", {}),
        (page(KOREAN, "<meta charset='ks_c_5601-1987'>").encode("cp949"), "cp949", {}),
        (page(KOREAN).encode("cp949"), "cp949", {"charset": "EUC-KR"}),
        (page(KOREAN).encode("cp949"), "cp949", {}),
        (page(KOREAN, CP949_META).encode(), "utf-8", {}),
        (page(KOREAN, CP949_META).encode(), "utf-8", {"charset": "iso-8859-1"}),
        (page(KOREAN, CP949_META).encode("cp949"), "cp949", {"charset": "utf-8"}),
        (page(KOREAN, CP949_META).encode("cp949"), "cp949", {"charset": "iso-8859-1"}),
        (page(KOREAN).encode("utf-8-sig"), "utf-8", {"charset": "euc-kr"}),
        (page(KOREAN).encode("utf-16"), "utf-16-le", {"charset": "euc-kr"}),
        (f'<?xml version="1.0" encoding="euc-kr"?>{page(KOREAN)}'.encode("cp949"), "cp949", {}),
    ],
)
def test_korean_page_is_read_in_its_real_encoding(content: bytes, encoding: str, details: dict[str, str]) -> None:
    intake = read(content, **details)
    assert intake.encoding == encoding
    assert intake.text.decode().removesuffix("\n").split("\n") == KOREAN


@pytest.mark.parametrize(
    ("name", "start", "content_type", "form"),
    [
        ("-", "", None, SourceFormat.HTML),
        ("-", "\ufeff\n<!-- made --><!-- twice -->", None, SourceFormat.HTML),
        ("a.txt", "", None, SourceFormat.TEXT),
        ("a.txt", "", "text/html", SourceFormat.HTML),
        ("https://news.example/1", "", "application/xhtml+xml", SourceFormat.HTML),
        ("a.HTM", "so ", None, SourceFormat.HTML),
        ("-", "so ", None, SourceFormat.TEXT),
    ],
)
def test_content_type_name_or_first_bytes_decide_the_format(
    name: str, start: str, content_type: str | None, form: SourceFormat
) -> None:
    assert read(start + page(KOREAN), name, content_type=content_type).form is form


def json_ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


NEWS = {
    "@type": "NewsArticle", "headline": "금리 &quot;동결&quot;", "datePublished": "2023-06-01T09:30:00+09:00",
    "author": [{"@type": "Person", "name": "홍길동"}, {"@type": "Person", "name": "Jane Roe"}],
    "publisher": {"@type": "Organization", "name": "한빛신문"}, "inLanguage": "ko",
}  # fmt: skip
OPEN_GRAPH = (
    "<meta property='og:title' content='금리 &quot;동결&quot; - 한빛신문'>"
    "<meta property='og:site_name' content='한빛신문'>"
    "<meta property='article:published_time' content='2023-06-01 09:30'>"
    "<meta name='author' content='홍길동'><meta name='author' content='Jane Roe'>"
    "<meta property='og:locale' content='ko'>"
)
OTHER_METAS = (
    "<title>금리 \"동결\" | 한빛신문</title><meta name='DC.publisher' content=' 한빛신문 '>"
    "<meta name='pubdate' content='20230601093000'><meta name='dc.creator' content='홍길동'>"
    "<meta name='dc.creator' content='Jane Roe'><meta http-equiv='Content-Language' content='KO'>"
)
EXPECTED_METADATA = ('금리 "동결"', "한빛신문", "2023-06-01", ("홍길동", "Jane Roe"), "ko")


def read_metadata(head: str, **more: Any) -> tuple[object, ...]:  # noqa: ANN401
    found = read(page(KOREAN, head, **more))
    return (found.headline, found.publisher, found.published_on, found.authors, found.language)


@pytest.mark.parametrize(
    "head",
    [
        json_ld(NEWS),
        json_ld([{"@type": "BreadcrumbList"}, NEWS]),
        json_ld({"@graph": [{"@type": "WebSite", "name": "x"}, {**NEWS, "@type": ["Article", "NewsArticle"]}]}),
        json_ld({
            "@graph": [
                {**NEWS, "publisher": {"@id": "#org"}, "author": [{"@id": "#hong"}, "Jane Roe"]},
                {"@type": "Organization", "@id": "#org", "name": "한빛신문"},
                {"@type": "Person", "@id": "#hong", "name": "홍길동"},
            ]
        }),
        "<script type='application/ld+json'>{broken</script>" + json_ld(NEWS),
        json_ld(NEWS) + "<meta property='og:title' content='another'><meta name='author' content='another'>",
        OPEN_GRAPH,
        OTHER_METAS,
    ],
    ids=["JSON-LD", "list", "graph", "references", "broken one first", "JSON-LD first", "OpenGraph", "meta"],
)  # fmt: skip
def test_metadata_of_the_page_is_read(head: str) -> None:
    assert read_metadata(head) == EXPECTED_METADATA


def test_page_without_metadata_gives_none() -> None:
    paragraphs = [*KOREAN, "2022년 3월 1일 홍길동 기자가 한빛신문에 썼다.", "입력 2023.06.01 09:30"]
    intake = read(
        page(paragraphs, "<link rel='stylesheet' href='/2021/05/05/a.css'>"), "https://hanbit.example/2020/01/02/"
    )
    assert intake == ExtractedDocument(intake.text, SourceFormat.HTML, "utf-8")


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ("<meta name='author' content='한빛신문'><meta property='og:site_name' content='한빛신문'>", ()),
        ("<meta property='article:author' content='https://sns.example/hong'>", ()),
        ("<meta name='author' content='@hong'>", ()),
        ("<meta name='author' content=''>", ()),
        (json_ld({"@type": "Article", "author": {"@type": "NewsMediaOrganization", "name": "한빛신문"}}), ()),
        (json_ld({"@type": "Article", "author": "홍길동"}), ("홍길동",)),
        (json_ld({"@type": "Article", "author": {"name": ["홍길동", "홍길동"]}}), ("홍길동",)),
        (json_ld({"@type": "Article", "author": 7}), ()),
        (json_ld([{"@type": "Article", "author": {"@id": "#1", "name": "홍길동"}}, {"@id": "#1"}]), ("홍길동",)),
    ],
)
def test_only_persons_named_as_authors_are_authors(head: str, authors: tuple[str, ...]) -> None:
    assert read(page(KOREAN, head)).authors == authors


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2023-06-01", "2023-06-01"), ("2023-06", "2023-06"), ("2023", "2023"), ("2023/6/1 9:30", "2023-06-01"),
        ("2023-06-31", None), ("1970", "1970"), ("0001-01-01T00:00:00", None), ("06/01/2023", None),
        ("yesterday", None), ("20230601093", None), ("", None), ("2" * 5000, None),
    ],
)  # fmt: skip
def test_date_is_read_only_in_a_reliable_format(date: str, expected: str | None) -> None:
    assert read(page(KOREAN, f"<meta property='article:published_time' content='{date}'>")).published_on == expected


def test_unreadable_date_does_not_hide_a_readable_one() -> None:
    head = json_ld({"@type": "Article", "datePublished": "soon"}) + "<meta name='date' content='2023-06-01'>"
    assert read(page(KOREAN, head)).published_on == "2023-06-01"
    body = "<time itemprop='datePublished' datetime='2023-06-02T00:00'>2 June</time>"
    assert read(page(KOREAN, body=body)).published_on == "2023-06-02"


@pytest.mark.parametrize(
    ("paragraphs", "html", "language"),
    [
        (KOREAN, "lang='ko'", "ko"), (KOREAN, "lang='ko_KR'", "ko-KR"), (KOREAN, "lang='kr'", None),
        (KOREAN, "lang='en'", None), (ENGLISH, "lang='en-GB'", "en-GB"), (ENGLISH, "lang='ko'", None),
        (ENGLISH, "lang='?'", None), (ENGLISH, "", None), (KOREAN, "xml:lang='ko'", "ko"),
    ],
)  # fmt: skip
def test_declared_language_is_used_unless_the_text_differs(
    paragraphs: list[str], html: str, language: str | None
) -> None:
    assert read(page(paragraphs, html=html)).language == language


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("<link rel='canonical' href=' https://hanbit.example/1 '>", "https://hanbit.example/1"),
        ("<link rel='canonical' href='/1'><meta property='og:url' content='https://hanbit.example/2'>", None),
        ("<link rel='alternate canonical' href='https://hanbit.example/기사/1'>", "https://hanbit.example/기사/1"),
        ("<meta property='og:url' content='javascript:x()'>", None),
    ],
)
def test_canonical_address_is_used_if_complete(head: str, address: str | None) -> None:
    expected = "https://hanbit.example/2" if "/2'" in head else address
    assert read(page(KOREAN, head)).address == expected


def test_only_heading_is_the_headline() -> None:
    assert read(page(KOREAN, body="<h1>금리 <b>동결</b></h1>")).headline == "금리 동결"
    assert read(page(KOREAN, body="<h1>한빛신문</h1><h1>금리 동결</h1>")).headline is None


@pytest.mark.parametrize(
    "content",
    [
        page(""),
        page("<script>load('article')</script>"),
        "<html><body></body></html>",
        "<html>",
        "<p></p>",
        "&nbsp;",
        "<!-- nothing -->",
    ],
)
def test_page_without_an_article_is_a_problem(content: str) -> None:
    with pytest.raises(ProblemsFound, match=r"a\.html: No article was found.*\[html-without-article\]"):
        read(content)


def test_size_limit_is_lower_for_pages_than_for_texts() -> None:
    content = b"<html><body>" + b"<p>" * (PAGE_SIZE_LIMIT // 3)
    with pytest.raises(ProblemsFound, match=r"The limit is 5,000,000\..*\[text-too-large\]"):
        read(content)
    assert read(content, "a.txt").text == content


def test_missing_page_reader_is_reported_with_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(PageReaderMissing, match=r"pip install 'claimledger\[evidence\]'"):
        read(page(KOREAN))
    assert read("글이다.", "a.txt").form is SourceFormat.TEXT


def text_or_refusal(content: str) -> str:
    """Return the text or the message of the refusal; any other exception is a bug."""
    try:
        return read(content.encode("utf-8", "ignore")).text.decode()
    except LedgerError as refusal:
        return str(refusal)


PIECES = [
    "<p>", "</p>", "<div>", "<table><tr><td>", "<meta content=", "<script type='application/ld+json'>", "</script>",
    '{"@type":"Article","author":', "[[", "<h1>", "<title>", "<?xml encoding='x'?>", "<!doctype html>", "&#0;",
    "&#xD800;", "\x0b", "\ufffe", "<svg><style>", "<link rel=canonical href=http://[", "수출이 3% 늘었다.", "<!--",
    "]]>", "\u2028", '"@graph":[{"@id":[]}]}', "<html lang='", "'>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25))
def test_any_markup_gives_a_text_or_a_refusal(pieces: list[str]) -> None:
    assert text_or_refusal("".join(pieces)).strip()


@pytest.mark.slow
@pytest.mark.parametrize("nested", ["<div>", "<p><b>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<span>"])
def test_deep_markup_is_read_in_limited_time(nested: str) -> None:
    started = time.process_time()
    assert text_or_refusal(page(nested * 5_000 + "수출이 3% 늘었다."))
    assert time.process_time() - started < 20
