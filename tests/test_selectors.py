"""Selectors find a passage exactly or report an orphan, and never return a wrong place."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
import strategies
from hypothesis import assume, given
from hypothesis import strategies as st

from claimledger.models import PassageHash, QuoteSelector, Span
from claimledger.selectors import CONTEXT_LENGTH, Orphan, ResolvedPassage, hash_passage, make_quote, resolve_selector

ARTICLE = (
    "한빛대교를 짓는 데 약 2조원이 든다. 이수진 시장은 “2027년에 개통한다”고 말했다.\n"
    "시민단체는 다르게 본다. 공사비가 약 2조원이 아니라 3조원에 가깝다고 밝혔다. 🌉\n"
)
TEXT_OR_HASH = pytest.mark.parametrize("may_hold_text", [True, False], ids=["as text", "as hash"])

Selected = tuple[str, Span, QuoteSelector]


def find_span(passage: str, text: str = ARTICLE, nth: int = 1) -> Span:
    """Return the span of the nth occurrence of a passage."""
    start = -1
    for _ in range(nth):
        start = text.index(passage, start + 1)
    return Span(start=start, end=start + len(passage))


def hash_quote(quote: QuoteSelector) -> QuoteSelector:
    """Return the same quotation with lengths and hashes instead of texts."""
    parts = {name: hash_passage(part) if isinstance(part, str) else part for name, part in quote}
    return QuoteSelector(**parts)


@given(strategies.selected())
def test_selection_is_found_at_its_position(selected: Selected) -> None:
    text, span, quote = selected
    assert resolve_selector(text, span, quote) == ResolvedPassage(span, is_moved=False)


@given(strategies.selected(), st.integers(0, 200))
def test_found_text_equals_the_selected_text(selected: Selected, start: int) -> None:
    text, span, quote = selected
    found = resolve_selector(text, Span(start=start, end=start + 1), quote)
    spans = [found.span] if isinstance(found, ResolvedPassage) else found.places
    assert all(text[place.start : place.end] == text[span.start : span.end] for place in spans)


@given(strategies.selected(), st.text("가나다 ab👩🏽‍🚀.\n", max_size=60))
def test_text_before_a_passage_moves_it(selected: Selected, before: str) -> None:
    text, span, quote = selected
    right = Span(start=span.start + len(before), end=span.end + len(before))
    assert_found_or_listed(resolve_selector(before + text, None, quote), right, before + text, (text, span))


def assert_found_or_listed(
    found: ResolvedPassage | Orphan, right: Span, edited: str, original: tuple[str, Span]
) -> None:
    """Assert that the right place is found or listed, or that another place has more of the old context.

    If 'aaa' was made from 'aa', nothing shows whether the first or the last letter was added, so either may be right.
    """
    if isinstance(found, Orphan):
        assert right in found.places
    elif found.span != right:
        assert matching_sides(edited, found.span, *original) > matching_sides(edited, right, *original)


@given(strategies.selected(), st.integers(0, 120), st.integers(0, 40), st.text("가나다 ab.", max_size=40))
def test_text_and_hash_find_the_same_place_after_any_edit(selected: Selected, at: int, cut: int, put: str) -> None:
    text, span, _ = selected
    edited = text[:at] + put + text[at + cut :]
    quote = make_quote(text, span, may_hold_text=True)
    assert resolve_selector(edited, None, quote) == resolve_selector(edited, None, hash_quote(quote))


@given(strategies.selected(), st.integers(0, 120), st.integers(0, 40), st.text("가나다 ab.", max_size=40))
def test_an_edit_elsewhere_never_leads_to_another_place(selected: Selected, at: int, cut: int, put: str) -> None:
    """The edit does not touch the passage, so the only right place is known."""
    text, span, quote = selected
    assume(at + cut <= span.start or at >= span.end)
    shift = len(put) - len(text[at : at + cut]) if at + cut <= span.start else 0
    edited = text[:at] + put + text[at + cut :]
    right = Span(start=span.start + shift, end=span.end + shift)
    assert_found_or_listed(resolve_selector(edited, None, quote), right, edited, (text, span))


def matching_sides(edited: str, place: Span, text: str, span: Span) -> int:
    """Return how many sides of the original context, of up to 32 code points each, surround a place."""
    before = (
        edited[max(0, place.start - CONTEXT_LENGTH) : place.start]
        == text[max(0, span.start - CONTEXT_LENGTH) : span.start]
    )
    after = edited[place.end : place.end + CONTEXT_LENGTH] == text[span.end : span.end + CONTEXT_LENGTH]
    return before + after


@TEXT_OR_HASH
def test_context_distinguishes_equal_passages(*, may_hold_text: bool) -> None:
    for nth in (1, 2):
        span = find_span("약 2조원", nth=nth)
        quote = make_quote(ARTICLE, span, may_hold_text=may_hold_text)
        moved = Span(start=span.start + 5, end=span.end + 5)
        assert resolve_selector(ARTICLE, None, quote) == ResolvedPassage(span, is_moved=False)
        assert resolve_selector(f"(속보) {ARTICLE}", span, quote) == ResolvedPassage(moved, is_moved=True)


@TEXT_OR_HASH
def test_equal_passages_with_equal_context_are_an_orphan(*, may_hold_text: bool) -> None:
    paragraph = "사진은 한빛대교 조감도이다. 사진 제공은 시청이 맡았고 무단 전재를 금지한다. 값은 약 2조원. "
    text = paragraph * 4
    second, third = find_span("약 2조원", text, nth=2), find_span("약 2조원", text, nth=3)
    quote = make_quote(text, second, may_hold_text=may_hold_text)
    assert resolve_selector(text, second, quote) == ResolvedPassage(second, is_moved=False)
    assert resolve_selector(text, third, quote) == ResolvedPassage(
        third, is_moved=False
    )  # the position decides in the text itself
    assert resolve_selector(text, None, quote) == Orphan(
        tuple(find_span("약 2조원", text, nth=nth) for nth in (1, 2, 3, 4))
    )


@TEXT_OR_HASH
def test_one_side_of_the_context_is_enough_if_no_other_place_has_as_much(*, may_hold_text: bool) -> None:
    span = find_span("약 2조원")
    quote = make_quote(ARTICLE, span, may_hold_text=may_hold_text)
    edited = ARTICLE.replace("한빛대교를", "그 다리를", 1)
    assert resolve_selector(edited, None, quote) == ResolvedPassage(find_span("약 2조원", edited), is_moved=False)


@TEXT_OR_HASH
@pytest.mark.parametrize("sides", ["neither", "before", "after"])
def test_position_without_both_sides_of_the_context_does_not_decide(sides: str, *, may_hold_text: bool) -> None:
    before, after = (
        "한빛대교를 짓고 그 둘레의 길을 넓히는 데 드는 값은 모두 ",
        "이라고 이수진 시장이 시의회에 나와 기자들 앞에서 밝혔다. ",
    )
    original = f"{before}2조원{after}"
    span = find_span("2조원", original)
    assert span.start >= CONTEXT_LENGTH <= len(after)
    quote = make_quote(original, span, may_hold_text=may_hold_text)
    lead, tail = before if sides == "before" else "터널은 ", after if sides == "after" else "이 든다."
    edited = f"{original}{lead}2조원{tail}"
    assert resolve_selector(edited, find_span("2조원", edited, nth=2), quote) == ResolvedPassage(span, is_moved=True)


@TEXT_OR_HASH
def test_passage_at_its_position_with_one_side_of_the_context_is_not_moved(*, may_hold_text: bool) -> None:
    span = find_span("약 2조원")
    quote = make_quote(ARTICLE, span, may_hold_text=may_hold_text)
    edited = ARTICLE.replace("한빛대교를", "은빛대교를", 1)
    assert resolve_selector(edited, span, quote) == ResolvedPassage(span, is_moved=False)


@TEXT_OR_HASH
def test_passage_and_agreeing_context_need_32_code_points_together(*, may_hold_text: bool) -> None:
    passage, after = "값은 3조원", "이라고 시청이 밝혔다"
    for missing, is_enough in ((0, True), (1, False)):
        suffix = after.ljust(CONTEXT_LENGTH - len(passage) - missing, ".")
        text = f"다리 {passage}{suffix}"
        quote = make_quote(text, find_span(passage, text), may_hold_text=may_hold_text)
        other = f"터널 {passage}{suffix}"
        place = find_span(passage, other)
        expected = ResolvedPassage(place, is_moved=False) if is_enough else Orphan((place,))
        assert resolve_selector(other, None, quote) == expected


@TEXT_OR_HASH
def test_short_passage_with_other_context_is_an_orphan(*, may_hold_text: bool) -> None:
    quote = make_quote(ARTICLE, find_span("3조원"), may_hold_text=may_hold_text)
    other = "옆 도시의 터널은 모두 3조원이 들었다고 한다. 그 도시는 오래전에 공사를 마쳤다고 한다."
    assert resolve_selector(other, None, quote) == Orphan((find_span("3조원", other),))


@TEXT_OR_HASH
def test_end_of_a_text_is_not_enough_context(*, may_hold_text: bool) -> None:
    quote = make_quote("이 다리의 값은 3조원", find_span("3조원", "이 다리의 값은 3조원"), may_hold_text=may_hold_text)
    other = "저 터널은 3조원"
    assert resolve_selector(other, None, quote) == Orphan((find_span("3조원", other),))


@TEXT_OR_HASH
def test_long_passage_without_its_context_is_an_orphan(*, may_hold_text: bool) -> None:
    passage = "이수진 시장은 “2027년에 개통한다”고 말했다.\n시민단체는"
    assert len(passage) >= CONTEXT_LENGTH
    quote = make_quote(ARTICLE, find_span(passage), may_hold_text=may_hold_text)
    other = f"앞. {passage} 뒤."
    assert resolve_selector(other, None, quote) == Orphan((find_span(passage, other),))


@TEXT_OR_HASH
def test_missing_passage_is_an_orphan_without_places(*, may_hold_text: bool) -> None:
    quote = make_quote(ARTICLE, find_span("3조원"), may_hold_text=may_hold_text)
    assert resolve_selector(ARTICLE.replace("3조원", "4조원"), None, quote) == Orphan(())
    assert resolve_selector("", None, quote) == Orphan(())
    long = make_quote(ARTICLE, Span(start=0, end=CONTEXT_LENGTH), may_hold_text=may_hold_text)
    assert resolve_selector(ARTICLE[1:], None, long) == Orphan(())


def test_a_position_of_another_length_does_not_stretch_the_passage() -> None:
    span = find_span("약 2조원")
    quote = make_quote(ARTICLE, span, may_hold_text=True)
    assert resolve_selector(ARTICLE, Span(start=span.start, end=span.end + 9), quote) == ResolvedPassage(
        span, is_moved=True
    )


def test_places_may_overlap() -> None:
    quote = QuoteSelector(exact="가가", prefix="나" * CONTEXT_LENGTH, suffix="다" * CONTEXT_LENGTH)
    assert resolve_selector("가가가", None, quote) == Orphan((Span(start=0, end=2), Span(start=1, end=3)))


def test_context_has_up_to_32_code_points_within_the_text() -> None:
    quote = make_quote("가" * 40 + "🌉" + "나" * 3, Span(start=40, end=41), may_hold_text=True)
    assert (quote.exact, quote.prefix, quote.suffix) == ("🌉", "가" * 32, "나나나")
    whole = make_quote("🌉", Span(start=0, end=1), may_hold_text=False)
    assert (whole.prefix, whole.suffix) == (None, None)
    assert resolve_selector("🌉", None, whole) == ResolvedPassage(Span(start=0, end=1), is_moved=False)


def test_text_is_not_normalised_before_comparison() -> None:
    decomposed = "\u1112\u1161\u11ab빛대교"
    quote = make_quote(f"{decomposed}는 길다", Span(start=0, end=3), may_hold_text=True)
    assert quote.exact == "\u1112\u1161\u11ab"
    assert resolve_selector("한빛대교는 길다", None, quote) == Orphan(())


def test_a_hash_is_that_of_the_passage_in_utf_8() -> None:
    assert hash_passage("다리 🌉") == PassageHash(length=4, sha256=sha256("다리 🌉".encode()).hexdigest())


def test_a_span_past_the_end_selects_nothing() -> None:
    with pytest.raises(ValueError, match="the text at 3"):
        make_quote("다리🌉", Span(start=0, end=4), may_hold_text=True)


@pytest.mark.parametrize("change", [str.upper, lambda text: text.replace("2조원", "2조 원")])
def test_changed_words_do_not_match_the_passage(change: Callable[[str], str]) -> None:
    text = "Hanbit costs 약 2조원 in all."
    quote = make_quote(text, find_span("costs 약 2조원", text), may_hold_text=False)
    assert resolve_selector(change(text), None, quote) == Orphan(())
