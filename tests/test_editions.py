"""Carrying passages over to a new text: kept, moved, proposed, changed or orphan, without guessing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.editions import MOST_PROPOSALS, carry_over, comparable_form
from claimledger.models import Appearance, Span
from claimledger.selectors import make_quote
from claimledger.desk_vocabulary import PassageFate

OLD = (
    "항구는 지난해 화물 120만t을 다뤘다고 밝혔다.\n"
    "서미래 소장은 “올해는 10% 늘어난다”고 말했다. 직원은 모두 40명이고 그 가운데 절반은 신입이다.\n"
    "The port said it would spend about $13 million on two new cranes next year.\n"
    "값은 2배다.\n값은 2배다.\n"
)
GROWTH = "서미래 소장은 “올해는 10% 늘어난다”고 말했다"
CRANES = "The port said it would spend about $13 million on two new cranes next year"
TWICE = "값은 2배다"


def make_appearance(passage: str, *, start: int = -1, may_hold_text: bool = False) -> Appearance:
    start = OLD.index(passage) if start < 0 else start
    span = Span(start=start, end=start + len(passage))
    quote = make_quote(OLD, span, may_hold_text=may_hold_text)
    return Appearance(claim_id="a-aaaa", article_id="a", edition_sha256="0" * 64, position=span, quote=quote)


def carry_passage(passage: str, new: str, *, old: str | None = OLD) -> tuple[PassageFate, list[str]]:
    (carried,) = carry_over([make_appearance(passage)], new, old)
    spans = [carried.span] if carried.span else carried.proposals
    return carried.fate, [new[span.start : span.end] for span in spans]


@pytest.mark.parametrize("old", [OLD, None], ids=["with the old text", "from hashes alone"])
def test_unchanged_passage_is_carried_over(old: str | None) -> None:
    assert carry_passage(GROWTH, OLD, old=old) == (PassageFate.KEPT, [GROWTH])
    assert carry_passage(GROWTH, "새 첫 문단.\n" + OLD, old=old) == (PassageFate.MOVED, [GROWTH])
    assert carry_passage(CRANES, OLD.replace("120만t", "125만t"), old=old) == (PassageFate.KEPT, [CRANES])


@pytest.mark.parametrize(
    ("passage", "before", "after", "proposed"),
    [
        (GROWTH, "10%", "12%", "서미래 소장은 “올해는 12% 늘어난다”고 말했다"),
        (CRANES, "$13 million", "$30 million", CRANES.replace("13", "30")),
        (GROWTH, "서미래 소장", "서미래 새 소장", "새 소장은 “올해는 10% 늘어난다”고 말했다"),
    ],
)
def test_changed_passage_is_only_proposed(passage: str, before: str, after: str, proposed: str) -> None:
    assert carry_passage(passage, OLD.replace(before, after)) == (PassageFate.CHANGED, [proposed])


def test_only_the_passage_of_a_long_sentence_is_proposed() -> None:
    old = "큰 항구를 새로 지은 회사는 은행에서 약 130억원을 빌려 썼고 해마다 이자를 냈으며 내년에도 더 빌릴 셈이다."
    passage = "은행에서 약 130억원을 빌려 썼고"
    span = Span(start=old.index(passage), end=old.index(passage) + len(passage))
    quote = make_quote(old, span, may_hold_text=False)
    given = Appearance(claim_id="a-aaaa", article_id="a", edition_sha256="0" * 64, position=span, quote=quote)
    new = old.replace("130억", "140억")
    (carried,) = carry_over([given], new, old)
    assert [new[span.start : span.end] for span in carried.proposals] == ["은행에서 약 140억원을 빌려 썼고"]


def test_missing_passage_is_an_orphan() -> None:
    assert carry_passage(CRANES, OLD.replace(CRANES + ".\n", "")) == (PassageFate.ORPHAN, [])
    assert carry_passage(GROWTH, OLD.replace("10%", "12%"), old=None) == (PassageFate.ORPHAN, [])


def test_only_context_decides_between_equal_passages() -> None:
    second = OLD.index(TWICE, OLD.index(TWICE) + 1)
    (carried,) = carry_over([make_appearance(TWICE, start=second)], "머리말.\n" + OLD, OLD)
    assert (carried.fate, carried.span) == (
        PassageFate.MOVED,
        Span(start=second + len("머리말.\n"), end=second + len("머리말.\n") + len(TWICE)),
    )
    scattered = f"처음에 {TWICE} 그랬다.\n끝에도 {TWICE} 그랬다."
    (carried,) = carry_over([make_appearance(TWICE, start=second)], scattered, OLD)
    assert (carried.fate, len(carried.proposals)) == (PassageFate.PROPOSED, 2)


def test_short_passage_in_a_new_context_is_only_proposed() -> None:
    new = "아주 다른 글이다. 값은 2배다 하고 누가 외쳤다."
    assert carry_passage(TWICE, new) == (PassageFate.PROPOSED, [TWICE])


def test_unique_passage_in_another_context_is_only_proposed() -> None:
    new = f"아주 다른 글이다. {GROWTH} 하고 누가 전했다."
    assert carry_passage(GROWTH, new) == (PassageFate.PROPOSED, [GROWTH])
    assert carry_passage(GROWTH, new, old=None) == (PassageFate.PROPOSED, [GROWTH])
    assert carry_passage(GROWTH, f"{new} {GROWTH}?") == (PassageFate.PROPOSED, [GROWTH, GROWTH])


def test_no_claim_is_carried_into_page_furniture() -> None:
    new = OLD.replace(GROWTH + ".", "") + f"관련기사\n{GROWTH}.\n"
    start = new.index(GROWTH)
    related = [Span(start=start, end=start + len(GROWTH))]
    (carried,) = carry_over([make_appearance(GROWTH)], new, OLD, related)
    assert carried.span is None


def test_only_the_most_similar_positions_are_proposed() -> None:
    new = "\n".join(f"서미래 소장은 “올해는 {number}% 늘어난다”고 말했다." for number in range(20, 30))
    (carried,) = carry_over([make_appearance(GROWTH)], new, OLD)
    assert len(carried.proposals) == MOST_PROPOSALS


@given(st.text(alphabet="가나다 10%.\n“”a", max_size=60), st.integers(0, 200), st.integers(0, 200))
def test_carried_over_passage_always_has_the_same_words(inserted: str, at: int, cut: int) -> None:
    new = OLD[:at] + inserted + OLD[at + cut % 20 :]
    entries = [make_appearance(GROWTH), make_appearance(CRANES), make_appearance(TWICE, start=OLD.index(TWICE))]
    for given_entry, carried in zip(entries, carry_over(entries, new, OLD), strict=True):
        if carried.span is not None:
            before = OLD[given_entry.position.start : given_entry.position.end]
            assert comparable_form(new[carried.span.start : carried.span.end]) == comparable_form(before)
            assert (carried.fate is PassageFate.KEPT) == (carried.span == given_entry.position)
        assert all(span.end <= len(new) for span in carried.proposals)
