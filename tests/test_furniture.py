"""The furniture of made-up Korean and English web pages is removed, and the prose is kept."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.furniture import furniture_spans, is_furniture, mask_spans
from claimledger.spotting import spot_text

KOREAN = """default_top_notch
홈 > 경제 > 산업
물가 3% 올라
기사승인 [77호] 2031.04.05
입력 2031-04-05 09:10
공유 페이스북 트위터 URL복사
가+ 가-
정하늘 기자 sky@sinmun.example

통계청은 물가가 3% 올랐다고 밝혔다.
▲ 시장에서 손님이 물건을 고르고 있다. 한빛통신

ⓒ 한빛신문 2031년 제9호
<저작권자 © 한빛신문 무단전재 및 재배포금지>
많이 본 뉴스
1 2 3 4 다음
관련기사
set_P1
#top
"""
ENGLISH = """Skip to main content
Menu
Prices rise 3%
Published: April 5, 2031
By Jane Doe
Share | Tweet | Email
Prices rose 3% last month, the office said.
Photo: John Roe/Agency
12 comments
Copyright © 2031 The Example. All rights reserved.
Most read
jane.doe@example.com
"""


def kept_lines(page: str) -> list[str]:
    return [line.strip() for line in mask_spans(page, furniture_spans(page)).split("\n") if line.strip()]


def test_korean_page_keeps_its_article() -> None:
    assert kept_lines(KOREAN) == [
        "물가 3% 올라",
        "통계청은 물가가 3% 올랐다고 밝혔다.",
        "▲ 시장에서 손님이 물건을 고르고 있다.",
    ]


def test_english_page_keeps_its_article() -> None:
    assert kept_lines(ENGLISH) == ["Prices rise 3%", "Prices rose 3% last month, the office said."]


@pytest.mark.slow
def test_furniture_gives_no_candidates() -> None:
    assert [found.quote for found in spot_text(KOREAN)] == ["물가 3% 올라", "통계청은 물가가 3% 올랐다고 밝혔다"]


@pytest.mark.parametrize(
    "line",
    [
        "회사는 이메일 주소 a@b.example 로 답했다.",
        "그는 기자다.",
        "저작권자를 찾는 일은 어렵다.",
        "포토레지스트 가격이 2배로 뛰었다",
        "2031년 4월 5일 회사는 문을 열었다.",
        "1월 2일 3시",
        "Share prices rose 3%.",
        "By 2030, the plant will close.",
        "Copyright law changed last year.",
        "감독 강화 목소리",
        "아이폰 모멘트",
        "Related industries grew.",
        "Trending upward, sales rose 3%.",
        "Follow the money: ads on Facebook rose 3%.",
        "More than 300 people left.",
        "Share this pain, he told 300 people.",
        "3분 읽기 운동에 300명이 참여했다.",
        "제보는 300건이 들어왔다.",
        "한빛전자가 특허 300건을 제공",
        "회사는 홈에서 구독 상품 300개를 판다",
        "본 기사는 3만 건의 광고를 분석했다.",
        "Subscribe rates fell 3% in May.",
    ],
)
def test_prose_and_headings_are_not_furniture(line: str) -> None:
    assert not is_furniture(line)


FURNITURE_LINES = [
    "3 min read", "About 12 minute read", "읽는 시간 약 3분", "5분 읽기", "Reading time: 4 min",
    "Sign up for our morning newsletter", "Subscribe to our daily briefing.", "Get our news in your inbox",
    "뉴스레터 구독하기", "네이버에서 한빛신문 구독하기", "카카오톡 채널 추가", "Follow us on Facebook and X",
    "Share this article", "Read more: Exports fall 12% in May", "Related stories: Rents rise 3%",
    "See also: Two piers close",
    "[관련기사] 집값 3% 하락", "▶ 관련기사: 집값 3% 하락", "함께 보면 좋은 기사: 수출 12% 감소",
    "Image source, Getty Images", "(AP Photo/Hana Seo)", "Photo credit: Jin Mok", "[사진=한빛통신]", "사진 제공=한빛시",
    "© 2031 The Harbor Times. All rights reserved.", "Copyright 2031 Harbor Media",
    "ⓒ 한빛신문, 무단 전재 및 재배포 금지",
    "Advertisement", "Story continues below advertisement", "Ad Feedback", "광고", "Sponsored content",
    "View 12 comments", "댓글 12개", "제보는 카카오톡 hanbit", "Top stories", "함께 본 뉴스",
]  # fmt: skip
RANKED_LISTS = [
    "Most read\n1. Harbor loses 40 boats\n2. Rents fall 8% in Ulsan\n3 Mayor to cut 300 jobs",
    "Trending now\n1\nHarbor loses 40 boats\n2\nRents fall 8% in Ulsan",
    "많이 본 뉴스\n1. 수출 12% 줄어\n2. 집값 3% 하락",
    "많이 본 뉴스 1. 수출 12% 줄어 2. 집값 3% 하락",
    "[인기 기사]\n① 수출 12% 줄어\n② 집값 3% 하락",
    "많이 본 기사\n1위 수출 12% 줄어\n2위 집값 3% 하락",
    "Most popular stories\n1) Harbor loses 40 boats\n2) Rents fall 8%",
]


@pytest.mark.parametrize("line", FURNITURE_LINES)
def test_line_is_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("page", RANKED_LISTS)
def test_ranked_list_is_furniture(page: str) -> None:
    assert kept_lines(f"{page}\nRents rose 3%, the office said.") == ["Rents rose 3%, the office said."]


@pytest.mark.parametrize(
    "line",
    [
        "4 people were hurt in the fire, police said.",
        "2. Rents fell 8%, the office said.",
        "Rents fell 8% in Ulsan",
        "2위는 12% 오른 한빛이다.",
        "12. 수출이 12% 줄었다",
    ],
)
def test_ranked_list_ends_before_prose_and_other_numbers(line: str) -> None:
    assert kept_lines(f"Most read\n1. Harbor loses 40 boats\n{line}") == [line]


@pytest.mark.slow
@given(st.text(alphabet=st.sampled_from("가나다 공유ⓒ@.·|<>[]()0123456789abA_\n\r\u2028\t\u00a0"), max_size=200))
def test_masking_keeps_the_position_of_all_other_text(page: str) -> None:
    spans = furniture_spans(page)
    whole = mask_spans(page, spans)
    assert len(whole) == len(page)
    inside = {at for span in spans for at in range(span.start, span.end)}
    assert all(whole[at] == (" " if at in inside else page[at]) for at in range(len(page)))
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_long_row_of_digits_is_read_in_one_pass() -> None:
    assert not is_furniture(f"{'7' * 60} letters n")
    assert is_furniture("[1] | 2 · 3 다음")
