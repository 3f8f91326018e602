"""The search finds the texts that a reader finds who looks for the query in the normalised text."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimledger.publishing.tables import CLAIMS
from claimledger.publishing.search import text_tokens, record_tokens, normalize_text
from claimledger.publishing.search_query import MAX_QUERY_LENGTH, QueryNotSearchable, match_expression

SEARCH_INSERT_SQL = "INSERT INTO claims_fts (rowid, grams) VALUES (?, ?)"

LETTER = re.compile(r"[^\W_\u1100-\u11ff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\U00020000-\U0003ffff]")
"""A character of a word or number that is only found as a whole."""

TEXTS = (
    "바이두는 석 달 만에 구글을 따라잡겠다고 했다",
    "(바이두)와 百度는 한 회사다",
    "구글 바이두 MS 세 곳이 나섰다",
    "구글, 바이두, 그리고 MS가 빠졌다",
    "MSG는 조미료다. SMS도 아니다",
    "엔비디아의 칩은 인공지능 학습에 쓰인다",
    "인공 지능이라고 띄어 쓴 글",
    "생성형AI와 AI 반도체",
    "OpenAI’s rival trains an AI model; it said so.",
    "오픈AI는 값을 올렸다",
    "오픈 AI 모임이 열렸다",
    "openai 는 소문자로도 적는다",
    "130억달러를 넣었다",
    "130억 달러를 넣었다",
    "1130억달러와 1,130억달러는 다르다",
    "값은 40%다",
    "40 % 라고 띄운 글",
    "40명이 왔고 140%는 아니다",
    "응답자의 3분의 2가 찬성했다",
    "3분의1과 13분의 2",
    "3분의, 2라는 글",
    "만원을 냈다. 값은 500원",
    "원이 올랐다",
    "ＯｐｅｎＡＩ 와 １３０억달러",
    unicodedata.normalize("NFD", "바이두와 구글"),
    "Baidu's profit rose 40%, BAIDU said",
    "baidubot is another word",
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with closing(build_index([[text] for text in TEXTS])) as connection:
        yield connection


def build_index(records: Sequence[Sequence[str]]) -> sqlite3.Connection:
    """Return a search index like that of ledger.db; a record may have several texts."""
    connection = sqlite3.connect(":memory:")
    connection.execute(CLAIMS.create_search_sql)
    connection.executemany(SEARCH_INSERT_SQL, enumerate(map(record_tokens, records)))
    return connection


def matching_rows(connection: sqlite3.Connection, query: str) -> list[int]:
    sql = "SELECT rowid FROM claims_fts WHERE claims_fts MATCH ? ORDER BY rowid"
    return [row for (row,) in connection.execute(sql, (match_expression(query),))]


def contains(text: str, query: str) -> bool:
    """Return whether a text contains a query letter by letter, without cutting a word or number."""
    text, query = normalize_text(text), normalize_text(query)
    places = [place for place in range(len(text)) if text.startswith(query, place)]
    return any(_is_whole(text, place, place + len(query)) for place in places)


def _is_whole(text: str, start: int, end: int) -> bool:
    is_cut_before = start > 0 and LETTER.match(text[start]) and LETTER.match(text[start - 1])
    is_cut_after = end < len(text) and LETTER.match(text[end - 1]) and LETTER.match(text[end])
    return not is_cut_before and not is_cut_after


@pytest.mark.parametrize(
    "query",
    [
        "바이두", "구글", "MS", '"AI"', "엔비디아", '"인공지능"', "130억달러", "오픈AI", "OpenAI", "Baidu", "원", "40%",
        "3분의 2", "百度", "생성형AI", "억달러", "지", "달러", "1130억달러", "１３０억", "500원", "baidu",
        unicodedata.normalize("NFD", "구글"),
    ],
)  # fmt: skip
def test_term_finds_exactly_the_texts_that_contain_it(index: sqlite3.Connection, query: str) -> None:
    expected = [number for number, text in enumerate(TEXTS) if contains(text, query.strip('"'))]
    assert expected
    assert matching_rows(index, query) == expected


def test_long_korean_word_matches_its_spaced_form_unless_quoted(index: sqlite3.Connection) -> None:
    found = [TEXTS[number] for number in matching_rows(index, "인공지능")]
    assert {"엔비디아의 칩은 인공지능 학습에 쓰인다", "인공 지능이라고 띄어 쓴 글"} <= set(found)
    assert len(matching_rows(index, '"인공지능"')) == 1


def test_terms_must_all_be_found_in_any_order(index: sqlite3.Connection) -> None:
    both = [number for number, text in enumerate(TEXTS) if contains(text, "구글") and contains(text, "바이두")]
    assert matching_rows(index, "바이두 구글") == matching_rows(index, "구글 AND 바이두") == both
    assert len(both) > 1


@pytest.mark.parametrize("query", ['"구글 바이두"', "“구글 바이두”", '"구글  바이두', "＂구글 바이두＂"])
def test_quotation_marks_keep_words_together(index: sqlite3.Connection, query: str) -> None:
    assert [TEXTS[number] for number in matching_rows(index, query)] == ["구글 바이두 MS 세 곳이 나섰다"]


def test_or_joins_its_neighbours_and_minus_excludes(index: sqlite3.Connection) -> None:
    either = set(matching_rows(index, "엔비디아")) | set(matching_rows(index, "MSG"))
    assert set(matching_rows(index, "엔비디아 OR MSG")) == either
    assert set(matching_rows(index, "엔비디아 OR MSG 칩")) == set(matching_rows(index, "엔비디아"))
    assert set(matching_rows(index, "구글 -MS")) == set(matching_rows(index, "구글")) - set(matching_rows(index, "MS"))
    assert matching_rows(index, "구글 NOT MS") == matching_rows(index, "구글 -MS") == matching_rows(index, '구글 -"MS"')


def test_star_matches_any_ending_of_a_word(index: sqlite3.Connection) -> None:
    assert set(matching_rows(index, "baidu*")) == set(matching_rows(index, "baidu")) | set(
        matching_rows(index, "baidubot")
    )
    assert matching_rows(index, "엔비*") == matching_rows(index, "엔비") == matching_rows(index, "엔비디아")


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("(구글)", "구글"),
        ("구글, 바이두.", "구글 바이두"),
        ("구글 & 바이두", "구글 바이두"),
        ("OR 구글 AND", "구글"),
        ("'MS'", "MS"),
        ("구글 \x00", "구글"),
        ("^구글*", "구글"),
    ],
)
def test_signs_around_a_term_do_not_matter(index: sqlite3.Connection, query: str, same: str) -> None:
    assert matching_rows(index, query) == matching_rows(index, same)


@pytest.mark.parametrize("query", ["", "  ", "!!!", '""', '"%"', "*", "AND", "OR -", "\u200b", "NOT", "()", "-"])
def test_a_query_without_letter_or_digit_is_refused_in_both_languages(query: str) -> None:
    with pytest.raises(QueryNotSearchable, match="nothing to search for") as refused:
        match_expression(query)
    assert "검색할 말이 없습니다" in refused.value.text("ko")


@pytest.mark.parametrize("query", ["-구글", "NOT 구글", "-MS -구글", '-"구글 바이두"'])
def test_query_with_only_exclusions_is_refused(query: str) -> None:
    with pytest.raises(QueryNotSearchable, match="only says what to leave out") as refused:
        match_expression(query)
    assert "뺄 말만 있습니다" in refused.value.text("ko")


def test_a_query_of_more_than_500_characters_is_refused() -> None:
    assert match_expression("구" * MAX_QUERY_LENGTH)
    with pytest.raises(QueryNotSearchable, match="too long, with 501 characters") as refused:
        match_expression("구" * (MAX_QUERY_LENGTH + 1))
    assert "501자로 너무 깁니다" in refused.value.text("ko")


def test_no_phrase_is_found_across_two_texts_of_one_record() -> None:
    with closing(build_index([["구글", "바이두"], ["구글 바이두"]])) as connection:
        assert matching_rows(connection, '"구글 바이두"') == [1]
        assert matching_rows(connection, "구글 바이두") == [0, 1]


def test_thousands_are_found_with_and_without_commas() -> None:
    with closing(build_index([["1,750억 개"], ["1750억 개"], ["750억 개"], ["2022,2023"]])) as connection:
        assert matching_rows(connection, "1750억") == matching_rows(connection, "1,750억") == [0, 1]
        assert matching_rows(connection, "750억") == [2]
        assert matching_rows(connection, "2022") == [3]


def test_long_queries_are_answered() -> None:
    with closing(build_index([["구글 " * 300]])) as connection:
        assert matching_rows(connection, " ".join(["구글"] * 167)) == [0]
        assert matching_rows(connection, " OR ".join(["MS", "구글"] * 41)) == [0]
        assert matching_rows(connection, f'"{"구글 " * 166}"') == [0]


PIECES = st.sampled_from(
    [*"가나다억원 \u3000漢字カナーabI19ß½Ⅳéώ,.%$-'()&+*·\u200b\u0300가ㅋ€₩😀𠀋\ue000\U000f0025\n",
     "오픈AI", "구글", "130억달러", "3분의 2", "1,750", "40%", "바", "MS ", "OR "]
)  # fmt: skip
WORDS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=12)


@st.composite
def texts_and_query(draw: st.DrawFn) -> tuple[list[str], str]:
    texts = draw(st.lists(WORDS, min_size=1, max_size=3))
    source = draw(st.sampled_from(texts))
    start = draw(st.integers(0, len(source)))
    part = source[start : start + draw(st.integers(1, 8))]
    return texts, draw(st.just(part) | WORDS)


@given(texts_and_query())
@example((["다가1"], "가1"))
@example((["1원이"], "1원"))
@example((["%가나"], "%가"))
@example((["a가", "b"], "가 b"))
def test_quoted_text_finds_exactly_the_records_that_contain_it(case: tuple[list[str], str]) -> None:
    texts, query = case
    query = re.sub('["“”„‟＂]', "", query)
    try:
        expression = match_expression(f'"{query}"')
    except QueryNotSearchable:
        assert not any(character.isalnum() for character in normalize_text(query))
        return
    with closing(build_index([texts])) as connection:
        hits = connection.execute("SELECT 1 FROM claims_fts WHERE claims_fts MATCH ?", (expression,)).fetchall()
    assert bool(hits) == any(contains(text, query) for text in texts)


@given(WORDS, st.lists(st.text(alphabet="가나다AI1", min_size=1, max_size=4), min_size=1, max_size=3))
def test_every_text_with_all_terms_is_found(text: str, terms: list[str]) -> None:
    with closing(build_index([[text]])) as connection:
        assert matching_rows(connection, " ".join(terms)) == [0] or not all(contains(text, term) for term in terms)


@given(WORDS, st.lists(st.text(alphabet="나다구글", min_size=1, max_size=3), min_size=1, max_size=3))
def test_no_other_text_is_found_by_words_of_one_spelling(text: str, terms: list[str]) -> None:
    with closing(build_index([[text]])) as connection:
        assert bool(matching_rows(connection, " ".join(terms))) == all(contains(text, term) for term in terms)


@given(st.text(max_size=40))
def test_any_query_is_answered_or_refused(query: str) -> None:
    with closing(build_index([["구글"]])) as connection:
        try:
            matching_rows(connection, query)
        except QueryNotSearchable as refusal:
            assert refusal.text("ko")  # noqa: PT017  the other outcome is an answer


@given(st.text(max_size=40))
def test_the_index_keeps_every_token_whole(text: str) -> None:
    """Characters that unicode61 would split or drop are replaced by characters it keeps."""
    with closing(build_index([[text]])) as connection:
        connection.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(claims_fts, instance)")
        kept = [term for (term,) in connection.execute("SELECT term FROM tokens ORDER BY offset")]
    assert kept == text_tokens(text).split()


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize_text(normalize_text(text)) == normalize_text(text)
