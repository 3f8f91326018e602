"""Ordinary and adversarial edits of two articles: a claim is carried to its own sentence, or only proposed."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.desk_vocabulary import PassageFate, PlaceDoubt
from claimledger.editions import CarriedAppearance, ComparableText, carry_over, comparable_form
from claimledger.editions.carrying import NEAREST_CONTEXT
from claimledger.models import Appearance, Span
from claimledger.selectors import agreeing_sides, make_quote

ARTICLES = tomllib.loads((Path(__file__).parent / "edition_edits.toml").read_text(encoding="utf-8"))["article"]
EDITS = [
    pytest.param(article, edit, id=f"{article['language']}: {edit['name']}")
    for article in ARTICLES
    for edit in article["edit"]
]


class Sentence(NamedTuple):
    """A sentence of an article as a claim's passage."""

    words: str
    entry: Appearance


def article_text(article: dict[str, Any]) -> str:
    return "\n\n".join(" ".join(paragraph) for paragraph in article["paragraphs"]) + "\n"


def sentences(article: dict[str, Any], *, drop: int = 1) -> list[Sentence]:
    """Return the sentences of an article, each without its last `drop` characters, as passages."""
    text, found, start = article_text(article), [], 0
    for words in (words for paragraph in article["paragraphs"] for words in paragraph):
        start = text.index(words, start)
        span = Span(start=start, end=start + len(words) - drop)
        quote = make_quote(text, span, may_hold_text=False)
        entry = Appearance(claim_id="a-aaaa", article_id="a", edition_sha256="0" * 64, position=span, quote=quote)
        found.append(Sentence(text[span.start : span.end], entry))
    return found


def edited_text(article: dict[str, Any], edit: dict[str, Any]) -> str:
    text = article_text(article)
    for old, new in edit["replace"]:
        text = text.replace(old, new)
    return text


def carry_all(article: dict[str, Any], new: str, drop: int) -> list[CarriedAppearance]:
    return carry_over([one.entry for one in sentences(article, drop=drop)], new, article_text(article))


@pytest.mark.parametrize("drop", [0, 1], ids=["with its full stop", "without"])
@pytest.mark.parametrize(("article", "edit"), EDITS)
def test_no_claim_is_carried_to_words_that_are_taken_back(
    article: dict[str, Any], edit: dict[str, Any], drop: int
) -> None:
    new = edited_text(article, edit)
    assert new != article_text(article)
    carried = carry_all(article, new, drop)
    wrong = [one.span for number, one in enumerate(carried) if number in edit["gone"] and one.span]
    assert [new[span.start - 20 : span.end + 20] for span in wrong] == []


@pytest.mark.parametrize(("article", "edit"), EDITS)
def test_most_other_claims_are_carried_to_their_own_words(article: dict[str, Any], edit: dict[str, Any]) -> None:
    new = edited_text(article, edit)
    rest = [
        (one, sentence.words)
        for number, (one, sentence) in enumerate(zip(carry_all(article, new, 1), sentences(article), strict=True))
        if number not in edit["gone"]
    ]
    assert all(
        comparable_form(new[one.span.start : one.span.end]) == comparable_form(words) for one, words in rest if one.span
    )
    assert all(one.proposals for one, _ in rest if not one.span)
    assert sum(one.span is not None for one, _ in rest) >= len(rest) - 3


FRAMES = (
    "바로잡습니다. 본지는 “{}”라고 썼으나 이는 잘못입니다.",
    "{} 이 문장은 사실과 달라 삭제합니다.",
    "일각에서는 {}는 소문이 돌았다.",
    "정정보도문\n본지는 이렇게 보도했습니다.\n{}\n확인 결과 그렇지 않았습니다.",
    "업체 쪽은 ‘{}’고 맞섰다.",
    "It is not true, as some have written, that {}",
    "Correction: we wrote that {} This was an error.",
    "Her rival put it this way: “{}”",
    "> {}",
    "An earlier version of this article said: {}",
)
"""Ways to repeat a sentence without saying it."""


@given(
    st.sampled_from(ARTICLES),
    st.integers(0, 9),
    st.sampled_from(FRAMES),
    st.integers(0, 6),
    st.sampled_from(["", "Another sentence."]),
)
def test_a_sentence_that_is_only_repeated_gets_no_claim(
    article: dict[str, Any], number: int, frame: str, at: int, how: str
) -> None:
    words = [words for paragraph in article["paragraphs"] for words in paragraph][number]
    blocks = article_text(article).replace(words, how).split("\n\n")
    blocks.insert(min(at, len(blocks)), frame.format(words))
    carried = carry_all(article, "\n\n".join(blocks), 1)[number]
    assert (carried.fate, carried.span) == (PassageFate.PROPOSED, None)
    assert any(carried.reasons), "the repeated words are shown with the reason"


@given(st.sampled_from(ARTICLES), st.data())
def test_carried_passage_has_the_same_words_in_the_same_surroundings(
    article: dict[str, Any], data: st.DataObject
) -> None:
    text = article_text(article)
    cut = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", " ", "아니다. ", "not ", "\r\n", text[cut : cut + 60], text[:50]]))
    new = text[:cut] + put + text[cut + data.draw(st.integers(0, 80)) :]
    for sentence, carried in zip(sentences(article), carry_all(article, new, 1), strict=True):
        if carried.span is None:
            continue
        assert comparable_form(new[carried.span.start : carried.span.end]) == comparable_form(sentence.words)
        old, now = ComparableText(text), ComparableText(new)
        was, span = old.folded_span(sentence.entry.position), now.folded_span(carried.span)
        assert was is not None
        assert span is not None
        assert (
            agreeing_sides(now.text, span.start, make_quote(old.text, was, may_hold_text=True))
            or old.text[was.end :][:NEAREST_CONTEXT] == now.text[span.end :][:NEAREST_CONTEXT]
            or old.text[: was.start][-NEAREST_CONTEXT:] == now.text[: span.start][-NEAREST_CONTEXT:]
        )


def add_spaces(text: str) -> str:
    return text.replace(" ", "  ")


def end_lines_as_windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def use_other_marks(text: str) -> str:
    return text.translate(str.maketrans("“”’‘", "\"\"''")).replace(" ", "\u00a0", 3)


Rewrite = Callable[[str], str]
REWRITES: tuple[Rewrite, ...] = (add_spaces, end_lines_as_windows, decompose, use_other_marks)


@pytest.mark.parametrize("article", ARTICLES, ids=["ko", "en"])
@pytest.mark.parametrize("rewrite", REWRITES)
def test_every_claim_stays_if_only_the_way_of_writing_changes(article: dict[str, Any], rewrite: Rewrite) -> None:
    new = rewrite(article_text(article))
    assert new != article_text(article)
    assert comparable_form(new) == comparable_form(article_text(article))
    for sentence, carried in zip(sentences(article), carry_all(article, new, 1), strict=True):
        assert carried.span is not None
        assert comparable_form(new[carried.span.start : carried.span.end]) == comparable_form(sentence.words)


@given(st.sampled_from(ARTICLES), st.sampled_from(REWRITES), st.integers(0, 9))
def test_one_changed_word_loses_no_distant_claim_in_a_rewritten_text(
    article: dict[str, Any], rewrite: Rewrite, number: int
) -> None:
    words = [words for paragraph in article["paragraphs"] for words in paragraph][number]
    new = rewrite(article_text(article).replace(words, f"{words[:3]}_{words[4:]}"))
    carried = carry_all(article, new, 1)
    lost = {place for place, one in enumerate(carried) if one.span is None}
    assert number in lost
    assert lost <= {number - 1, number, number + 1}


@given(
    st.text("가각힣ab é\u0301\u200b\ufeff“”\"'’\r\n\t\u00a0\u1112\u1161\u11ab", max_size=40),
    st.integers(0, 39),
    st.integers(1, 40),
)
def test_comparable_form_leads_back_to_the_stored_text(text: str, start: int, length: int) -> None:
    folded = ComparableText(text)
    assert ComparableText(folded.text).text == folded.text
    if start + length <= len(folded.text):
        stored = folded.stored_span(Span(start=start, end=start + length))
        assert folded.text[start : start + length] in ComparableText(text[stored.start : stored.end]).text
        again = folded.folded_span(stored)
        assert again is not None
        assert again.start <= start < start + length <= again.end


def test_doubt_names_the_words_beside_the_place() -> None:
    article = ARTICLES[0]
    edit = next(one for one in article["edit"] if one["name"] == "a note quotes the old sentence")
    carried = carry_all(article, edited_text(article, edit), 1)[3]
    assert [reason and (reason.doubt, reason.words) for reason in carried.reasons] == [
        None, (PlaceDoubt.CORRECTION, "바로잡"),
    ]  # fmt: skip
    new = edited_text(article, edit)
    first = carried.proposals[0]
    assert new[first.start : first.end] == "시는 내년 예산으로 38억원을 잡았다"


def test_claim_on_a_deleted_sentence_does_not_move_to_its_repetition() -> None:
    lead = "도시 곳곳에서 새로 지은 도서관의 이름을 공모한 결과는 이렇다."
    passage = "으뜸상은 새벽도서관에 돌아갔다"
    old = f"{lead} {passage}. 상금은 100만원이다.\n\n심사는 두 번 했다. {lead} {passage}. 두 번째 상금은 없었다.\n"
    new = f"심사는 두 번 했다. {lead} {passage}. 두 번째 상금은 없었다.\n"
    span = Span(start=old.index(passage), end=old.index(passage) + len(passage))
    entry = Appearance(
        claim_id="a-aaaa", article_id="a", edition_sha256="0" * 64, position=span,
        quote=make_quote(old, span, may_hold_text=True),
    )  # fmt: skip
    (carried,) = carry_over([entry], new, old)
    assert [reason and reason.doubt for reason in carried.reasons] == [PlaceDoubt.SEVERAL]


def test_no_doubt_arises_from_words_that_were_there_before() -> None:
    old = (
        "윤가람은 “세금이 잘못 쓰였다”고 주장했다. 그는 “나무 300그루가 말랐다”고 했지만 시는 부인했다. "
        "의회는 다음 주에 따로 조사한다.\n"
    )
    passage = "나무 300그루가 말랐다"
    span = Span(start=old.index(passage), end=old.index(passage) + len(passage))
    entry = Appearance(
        claim_id="a-aaaa", article_id="a", edition_sha256="0" * 64, position=span,
        quote=make_quote(old, span, may_hold_text=True),
    )  # fmt: skip
    (carried,) = carry_over([entry], "새 첫 문단이다.\n" + old, old)
    assert carried.fate is PassageFate.MOVED
    (unknown,) = carry_over([entry], "새 첫 문단이다.\n" + old, None)
    assert unknown.fate is PassageFate.PROPOSED, "without the old text, nobody knows that it was a quotation before"
