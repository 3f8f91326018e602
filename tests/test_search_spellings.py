"""Queries find the claims of the first article in every spelling that readers may use."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_ledger import JOBS, LogMaker
from test_search import SEARCH_INSERT_SQL, WORDS, build_index, matching_rows

from claimledger.models import Quantity
from claimledger.publishing import ledger_db
from claimledger.publishing.tables import CLAIMS
from claimledger.publishing.near_words import near_words
from claimledger.publishing.pages.searching import search_page
from claimledger.publishing.pages.spelling import MAX_SPELLINGS
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.search import DROPPED_CHARACTERS
from claimledger.publishing.search_figures import figure_tokens
from claimledger.publishing.search_query import QueryNotSearchable, read_query
from claimledger.publishing.search_terms import letter_spellings, stem
from claimledger.quantities import find_figures, to_quantity

LEDGER = Path(__file__).parent.parent / "ledger.db"

CHATGPT = "7is4 5sys 7avp aveq b5wa hw7z qzsh ucxe wr2m 3h73 27w3 epoa"
GPT_4 = "5x37 2ofb bwxq hgkk sqpy 52xg"

SPELLINGS = {
    CHATGPT: (
        "챗GPT", "챗gpt", "ChatGPT", "CHATGPT", "챗지피티", "챗GPT의", "챗지피티는", "ChatGPT’s", "chat gpt",
        "챗 GPT",
    ),
    GPT_4: ("GPT-4", "GPT4", "gpt–4", "지피티-4", "지피티4", "지피티·4", "GPT-4는"),
    "hvv3 bwxq 52xg 63at": (
        "MS", "ms가", "마이크로소프트", "마이크로소프트가", "Microsoft", "MICROSOFT’s", "ＭＳ", "마이크로 소프트",
    ),
    "rabx 3zvh": ("일론 머스크", "일론머스크", "일론머스크가", "Elon Musk"),
    "krrr": ("구글 바이두", "바이두 구글", "바이두가 구글의", "Google Baidu", "Baidu’s 구글"),
    "hvv3": (
        "$130억", "130억달러", "130억 달러", "$13B", "$13 billion", "13 billion dollars", "US$13bn", "USD 13bn",
        "13 billion", "13bn dollars", "130억불", "130억", "13,000,000,000", "13000000000", "약 130억 달러",
        "(130억달러)", "130억달러를", "오픈AI 130억달러", "about $13bn, OpenAI", "１３０억달러", "Microsoft's $13B",
    ),
    "o6fk": ("3억명", "3억 명", "3억명에게", "300 million people", "300,000,000명", "3억", "300000000"),
    "7is4": ("1750억개", "1750억 개", "1,750억 개", "175B parameters", "175b"),
    "j7or io4p": ("5천만불", "5,000만 달러", "$50m", "50 million US dollars"),
    "io4p": ("667억 원", "66.7 billion won", "₩667억"),
    "wlbd ugmt": ("20억 위안", "2 billion yuan", "RMB 2 billion"),
    "ugmt": ("3834억원", "383.4 billion won"),
    "kciz": ("3분의 2", "3분의2", "2/3", "two-thirds", "two thirds"),
    "avjo cgtl iich rfox": ("수천명", "수천 명", "thousands of people"),
    "qzsh": ("40%", "40 %", "40 percent", "40퍼센트", "４０％"),
    "uwa7": ("이탈리아·프랑스", "이탈리아-프랑스", "프랑스 이탈리아", "Italy France"),
    "": ("$14B", "130억원", "13 billion won", "13억달러", "130만 달러", "챗GPT -챗GPT", '"챗GPT의"'),
}  # fmt: skip
"""The last letters of claim ids, mapped to the queries that find exactly these claims."""


@pytest.fixture(scope="module")
def ledger() -> Iterator[sqlite3.Connection]:
    with open_ledger(LEDGER) as connection:
        yield connection


@pytest.mark.parametrize(
    ("claims", "query"),
    [(ids, query) for ids, queries in SPELLINGS.items() for query in queries],
)
def test_each_spelling_finds_the_claims_that_say_it(ledger: sqlite3.Connection, claims: str, query: str) -> None:
    page = search_page(ledger, query, 1)
    assert {line.claim_id[-4:] for line in page.lines} == set(claims.split())
    assert page.found_count == len(claims.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "spelling"),
    [
        ("구굴", "구글"), ("바이드", "바이두"), ("바이도가", "바이두가"), ("엔디비아", "엔비디아"),
        ("kaifu", "Kai-Fu"),
        ("골드먼삭스", "골드만삭스"), ("쳇GPT", "챗GPT"), ("Microsft", "Microsoft"), ("nvdia", "Nvidia"),
        ("OpenAPI", "OpenAI"), ("Goldmen", "Goldman"), ("바이드 구굴", "바이두 구글"),
        ("300 milion", "300 million"), ("$13B Microsfot", "$13B Microsoft"),
    ],
)  # fmt: skip
def test_misspelling_offers_the_spelling_of_the_ledger(ledger: sqlite3.Connection, query: str, spelling: str) -> None:
    page = search_page(ledger, query, 1)
    assert page.found_count == 0
    assert page.spellings[0].query == spelling
    assert page.spellings[0].found_count == search_page(ledger, spelling, 1).found_count > 0
    assert len(page.spellings) <= MAX_SPELLINGS


@pytest.mark.parametrize(
    "query", ["바이두 엔비디아 구글", '"구굴"', "$14B", "ㅁㄴㅇㄹ", "x", "구굴 -AI", "a b c d 구굴"]
)
def test_spelling_without_results_is_not_offered(ledger: sqlite3.Connection, query: str) -> None:
    page = search_page(ledger, query, 1)
    assert (page.found_count, page.spellings) == (0, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["마이크로소프드사에서", "internationaliz", "transportatn governmentall", "abbb-cddd"]
)
def test_number_of_tried_spellings_is_limited(ledger: sqlite3.Connection, query: str) -> None:
    """The limit counts all unknown words of a query and all spellings of their near words."""
    asked: list[str] = []
    ledger.set_trace_callback(asked.append)
    page = search_page(ledger, query, 1)
    ledger.set_trace_callback(None)
    assert page.found_count == 0
    phrases = sum(one.count('"') // 2 for one in asked if one.startswith("SELECT rowid FROM claims_fts"))
    assert 100 < phrases < 1_200


def test_operator_is_not_offered_as_a_spelling(tmp_path: Path) -> None:
    log = LogMaker()
    log.add({**JOBS, "statement": {"en": "It is NOT so, or NOR so."}})
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with open_ledger(tmp_path / "ledger.db") as connection:
        assert [one.query for one in search_page(connection, "NOTT", 1).spellings] == []
        assert [one.query for one in search_page(connection, "NORR", 1).spellings] == ["NOR"]


def test_reinterpreted_terms_are_reported(ledger: sqlite3.Connection) -> None:
    taken = search_page(ledger, "바이두가 $13B 구글 40 “챗GPT의”", 1).reinterpreted_terms
    assert [(term.printed, term.word, bool(term.figure)) for term in taken] == [
        ("바이두가", "바이두", False),
        ("$13B", "$13B", True),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("바이두가", "바이두"), ("바이두이", "바이두이"), ("오픈AI는", "오픈AI"), ("오픈AI은", "오픈AI"),
        ("마이크로", "마이크로"), ("골드만", "골드만"), ("제주도", "제주도"),
        ("구글을", "구글"), ("전문가", "전문가"), ("회의", "회의"), ("결과", "결과"), ("서울로부터", "서울"),
        ("부산으로", "부산"), ("부산로는", "부산로"), ("중국에서는", "중국"), ("Baidu’s", "Baidu"),
        ("employees'", "employees"), ("A100의", "A100"), ("은", "은"), ("", ""),
    ],
)  # fmt: skip
def test_particle_that_fits_the_preceding_sound_is_dropped(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("GPT", "지피티"), ("gpt", "지피티"), ("Ms", "엠에스"), ("챗gpt", "챗지피티"), ("US", "유에스"),
        ("AI", "에이아이"),
        ("us", ""), ("no", ""), ("is", ""), ("by", ""), ("Us", ""), ("card", ""), ("BERT", ""),
    ],
)  # fmt: skip
def test_abbreviation_is_also_searched_in_its_korean_reading(word: str, spoken: str) -> None:
    assert letter_spellings(word) == ((word, spoken) if spoken else (word,))


AMOUNTS = st.integers(1, 10**15)
FORMS = {
    "USD": ("${0:,}", "{0}달러", "{0:,} 달러", "US${0}", "USD {0}", "{0:,} dollars"),
    "KRW": ("{0}원", "₩{0:,}", "{0:,} won"),
    "EUR": ("€{0:,}", "{0}유로", "{0:,} 유로", "{0} euros"),
}


@pytest.mark.slow
@given(AMOUNTS, st.sampled_from([(currency, form) for currency, forms in FORMS.items() for form in forms]))
def test_every_way_to_write_an_amount_finds_only_that_amount(number: int, way: tuple[str, str]) -> None:
    currency, form = way
    records = [
        Quantity(text="돈", amount=Decimal(amount), currency=code)
        for amount, code in ((number, currency), (number * 10, currency), (number + 1, currency), (number, "JPY"))
    ]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CLAIMS.create_search_sql)
        connection.executemany(SEARCH_INSERT_SQL, ((row, figure_tokens([one])) for row, one in enumerate(records)))
        assert matching_rows(connection, form.format(number)) == [0]
        assert matching_rows(connection, f"{number:,}") == [0, 3]


@pytest.mark.parametrize(
    ("printed", "asked", "is_found"),
    [
        ("40명", "40개", True), ("40명", "40", True), ("40명", "40%", False), ("40명", "40대", False),
        ("$40", "40개", False), ("3~5%", "3-5 percent", True), ("3~5%", "3%", False), ("0.5%", "0.50%", True),
        ("5%", "0.5%", False), ("영하 5도", "5도", False), ("1만 개", "10,000", True), ("하루", "1 day", False),
    ],
)  # fmt: skip
def test_a_figure_is_found_by_its_number_and_unit(printed: str, asked: str, *, is_found: bool) -> None:
    recorded = [to_quantity(figure) for figure in find_figures(printed) if figure.role == "quantity"]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CLAIMS.create_search_sql)
        connection.execute(SEARCH_INSERT_SQL, (1, figure_tokens(recorded)))
        assert bool(matching_rows(connection, asked)) == is_found


def test_words_of_a_text_do_not_match_a_figure() -> None:
    """No word of a text or query equals a token that the index uses for figures."""
    (figure,) = find_figures("$13B")
    with closing(build_index([["13e9cusd", "\ue00213e9\ue003cusd"]])) as connection:
        assert matching_rows(connection, "$13B") == []
        assert matching_rows(connection, "130억") == []
    assert "13e9" in figure_tokens([figure])


@pytest.mark.slow
@given(WORDS)
@example("약 130억달러를 바이두가")
@example("구글의 3분의 2, GPT-4는 40 % 낮다")
@example("두 회사가 one flow")
@example("1.가의")
@example("13B 5b달러 2B개")
@example("1-가 40%-나 3억명에게-다")
def test_every_word_printed_in_a_record_finds_it(text: str) -> None:
    """Operators and words with signs of operators are left out."""
    words = [
        word
        for word in unicodedata.normalize("NFKC", DROPPED_CHARACTERS.sub("", text)).split()
        if not re.search(r'["“”„‟＂*]|^-', word)
    ]
    with closing(build_index([[text]])) as connection:
        for word in words:
            try:
                assert matching_rows(connection, word) == [0], word
            except QueryNotSearchable:
                assert not any(character.isalnum() for character in word) or word in {"AND", "OR", "NOT"}


@given(
    st.lists(
        st.sampled_from(
            [
                "구글의",
                "-",
                '"',
                "$13B",
                "130억",
                "달러",
                "OR",
                "NOT",
                "AND",
                "40%",
                " ",
                "(",
                "\ue000",
                "*",
                "3분의 2",
                "A",
                "b",
                "–",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_any_query_of_figures_and_operators_is_answered_or_refused(query: str) -> None:
    with closing(build_index([["구글"]])) as connection:
        try:
            matching_rows(connection, query)
        except QueryNotSearchable:
            with pytest.raises(QueryNotSearchable):
                read_query(query)


@pytest.mark.slow
@given(st.text(alphabet="가각닭바이두구글쀍힣", min_size=1, max_size=6), st.data())
def test_near_words_are_symmetric(word: str, data: st.DataObject) -> None:
    slips = list(near_words(word))
    assert word not in slips
    assert len(slips) == len(set(slips))
    slip = data.draw(st.sampled_from([one for one in slips if len(one) == len(word)]))
    assert word in near_words(slip)


@pytest.mark.slow
@given(st.text(alphabet="abAIz", min_size=1, max_size=6), st.integers(0, 6), st.sampled_from("qx"))
def test_extra_or_missing_latin_letter_gives_a_near_word(word: str, place: int, letter: str) -> None:
    longer = word[:place] + letter + word[place:]
    assert word in near_words(longer)
    assert longer in near_words(word)
