"""Details that the lines of a plain text print: headline, date, byline, copyright; nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from article_pages import Browser, make_newsroom

from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.editorial.printed_details import add_printed_details, read_printed_details
from claimledger.intake import extract_document

BODY = "하늘항만공사는 지난해 화물이 약 120만t이라고 밝혔다.\n서미래 소장은 “올해는 10% 늘어난다”고 말했다.\n"
ENGLISH_BODY = "Haneul Port handled about 1.2 million tonnes of cargo last year, the port authority said on Monday.\n"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("하늘항만 화물 10% 늘었다\n", None),
        ("하늘항만 화물, 지난해보다 10% 증가\n", "하늘항만 화물, 지난해보다 10% 증가"),
        ("공유\n기사승인 [12호] 2031.04.02\n하늘항만 화물 10% 증가\n", "하늘항만 화물 10% 증가"),
        ("(서울=바다통신) 홍길동 기자 = 하늘항만이 컸다\n", None),
        ("[단독]\n", None),
    ],
)
def test_korean_headline_is_a_first_line_that_is_no_sentence(line: str, found: str | None) -> None:
    assert read_printed_details(line + BODY).headline == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Port Handles More Cargo Than Ever.\n\n", "Port Handles More Cargo Than Ever."),
        ("Port handles more cargo than ever\n\n", "Port handles more cargo than ever"),
        ("The port grew by 10% in May.\n\n", None),
        ("By Jane Roe\n\n", None),
        ("Port questions answered;\n", None),
    ],
)
def test_english_headline_is_no_lower_case_sentence(line: str, found: str | None) -> None:
    assert read_printed_details(line + ENGLISH_BODY).headline == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("입력 2031.04.02 09:30 | 수정 2031.04.03 10:00", "2031-04-02"),
        ("수정 2031.04.03 10:00", None),
        ("2031년 4월 2일", "2031-04-02"),
        ("입력 2031-04-02\n등록 2031-04-05", None),
        ("Published: April 2, 2031", "2031-04-02"),
        ("2 April 2031", "2031-04-02"),
        ("Updated April 3, 2031", None),
        ("04/02/2031", None),
        ("2031년 4월 2일 문을 연 하늘항만", None),
        ("April 2", None),
    ],
)
def test_date_is_a_line_of_its_own_with_its_year(lines: str, found: str | None) -> None:
    assert read_printed_details(f"{lines}\n{BODY}").published_on == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("홍길동 기자", ("홍길동",)),
        ("경제부 홍길동, 서미래 기자 hong@sea.example", ("홍길동", "서미래")),
        ("[하늘=바다통신] 홍길동 기자 = 짐이 늘었다.", ("홍길동",)),
        ("사진 기자", ()),
        ("바다일보 기자", ()),
        ("By Jane Roe and John van Doe, Staff Writers", ("Jane Roe", "John van Doe")),
        ("By the numbers", ()),
        ("홍길동 기자는 짐이 늘었다고 썼다.", ()),
    ],
)
def test_byline_names_people(line: str, found: tuple[str, ...]) -> None:
    assert read_printed_details(f"{line}\n{BODY}").authors == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("<저작권자 © 바다신문 무단전재 및 재배포금지>", "바다신문"),
        ("ⓒ 바다신문, 무단 전재 및 재배포 금지", "바다신문"),
        ("ⓒ 다른주간 2031년 제14호\n<저작권자 © 바다신문 무단전재 및 재배포금지>", "바다신문"),
        ("ⓒ 다른주간\nⓒ 바다신문", None),
        ("© 2031 The Harbour Times. All rights reserved.", "The Harbour Times"),
        ("Copyright 2031 Sea Wire. All rights reserved.", "Sea Wire"),
        ("저작권자를 찾는다고 했다.", None),
    ],
)
def test_copyright_line_names_the_holder(lines: str, found: str | None) -> None:
    assert read_printed_details(f"{BODY}{lines}\n").holder == found


def test_stated_details_are_not_replaced() -> None:
    page = b"<html><head><title>Port news</title></head><body><article><p>By Jane Roe</p><p>"
    taken_in = extract_document(page + ENGLISH_BODY.encode() + b"</p></article></body></html>", name="a.html")
    assert (taken_in.headline, add_printed_details(taken_in).headline) == ("Port news", "Port news")


def test_form_of_a_pasted_text_is_filled(tmp_path: Path) -> None:
    text = f"하늘항만 화물 10% 증가\n입력 2031.04.02\n홍길동 기자\n{BODY}<저작권자 © 바다신문 무단전재 및 재배포금지>\n"
    page = Browser(make_newsroom(tmp_path)).post(f"{PREFIX}/articles/new", pasted=text).text
    for name, value in {
        "headline_ko": "하늘항만 화물 10% 증가", "published_on": "2031-04-02", "authors": "홍길동",
        "publisher_ko": "바다신문", "holder_ko": "바다신문", "language": "ko",
    }.items():  # fmt: skip
        assert f'name="{name}" value="{value}"' in page
