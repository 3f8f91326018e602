"""Comparing editions, page furniture, roles for adding a text, and positions of claims in new editions."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, Clock, actor, edit_by

from claimledger import desk, record_ids
from claimledger.desk import lookups
from claimledger.editorial.edition_comparison import QueryOutcome, Side, compare_paragraphs, query_outcome
from claimledger.errors import ProblemsFound
from claimledger.intake import extract_document
from claimledger.newsroom.edit_input import make_edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article, Span
from claimledger.desk_vocabulary import Coverage, Role
from claimledger.vocabulary import RevisionKind

FIRST = edit_by(author="checker", reason="First reading", kind=RevisionKind.UPDATE)


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with a public article whose text is on the desk."""
    places, clock = newsroom.write_all(tmp_path), Clock()
    desk.record(places, [], edit_by("checker", "First reading"), clock)
    desk.publish(places, actor("editor"), clock=clock)
    taken_in = extract_document(TEXT.encode(), name="a.txt")
    desk.add_article(places, taken_in, FIRST, origin="a.txt", article_id=ARTICLE_ID, clock=clock)
    return places


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ("값은 약 40% 낮다.", QueryOutcome.FIXED),
        ("값은 40% 낮다.", QueryOutcome.NOT_FIXED),
        ("값은 낮다.", QueryOutcome.REWORDED),
        ("값은 약 40% 낮고 무게도 40% 낮다.", QueryOutcome.NOT_FIXED),
    ],
)
def test_query_is_fixed_when_the_text_has_the_suggested_wording(newest: str, expected: QueryOutcome) -> None:
    assert query_outcome("40%", "약 40%", newest, ["값은 40% 낮다."]) is expected
    assert query_outcome("없는 말", "다른 말", newest, []) is QueryOutcome.NOT_FOUND


def test_comparison_contains_both_texts() -> None:
    old, new = "가나 다라.\n그대로.\n끝 40%.", "가나 마바.\n그대로.\n끝 45%.\n더."
    found = compare_paragraphs(old, new)
    for side, text in ((Side.OLD, old), (Side.NEW, new)):
        words = [piece.words for one in found for piece in one.pieces if piece.side in (side, Side.BOTH)]
        assert "".join(words) == text.replace("\n", "")


@pytest.mark.slow
def test_masking_joins_adjacent_ranges(places: LedgerPaths) -> None:
    for start, end in ((5, 9), (20, 25), (9, 12), (24, 30)):
        desk.correct_furniture(places, ARTICLE_ID, Span(start=start, end=end), FIRST, is_furniture=True, clock=Clock())
    (draft,) = lookups.open_drafts(places)
    assert isinstance(draft.record, Article)
    assert [(one.start, one.end) for one in draft.record.editions[-1].furniture] == [(5, 12), (20, 30)]


@pytest.mark.slow
def test_only_checkers_can_add_a_text(places: LedgerPaths) -> None:
    edit = make_edit(author="editor", reason="Taken in.", roles=(Role.EDITOR,))
    taken_in = extract_document("새 글이다.".encode(), name="a.txt")
    with pytest.raises(ProblemsFound, match="role-needed"):
        desk.add_article(places, taken_in, edit, origin="a.txt", article_id="sea-news")
    assert not (places.claims / "sea-news").exists()


@pytest.mark.parametrize(
    ("texts", "slug"),
    [
        (("Staff: about 40 people",), "staff-about-40-people"),
        (("40", "port"), "port"),
        (("", "직원"), "jikwon"),
        (("40",), "claim"),
    ],
)
def test_slug_is_made_of_words(texts: tuple[str, ...], slug: str) -> None:
    assert record_ids.make_slug(*texts) == slug


@pytest.mark.parametrize(
    ("newest", "expected"),
    [("값은 약 40%, 무게도 40% 낮다.", QueryOutcome.FIXED), ("값은 40% 낮다.", QueryOutcome.NOT_FIXED)],
)
def test_repeated_text_is_fixed_only_with_the_suggested_wording(newest: str, expected: QueryOutcome) -> None:
    assert query_outcome("40%", "약 40%", newest, ["값은 40%, 무게도 40% 낮다."]) is expected


def test_similar_lines_are_paired_after_an_inserted_line() -> None:
    old = "매출은 약 4200억원으로 15% 늘었다.\n직원은 40명이다."
    new = "올해도 자랄 것이라고 한다.\n매출은 약 4213억원으로 13.1% 늘었다.\n직원은 40명이다."
    added, changed, same = compare_paragraphs(old, new)
    assert [piece.side for piece in added.pieces] == [Side.NEW]
    assert [piece.words for piece in changed.pieces if piece.side is Side.OLD] == ["4200억원으로", "15%"]
    assert not same.is_changed


def later_clock() -> Clock:
    """Return a clock that starts after the fixture's clock."""
    clock = Clock()
    clock.now = clock.now.replace(day=5)
    return clock


def withdraw_cargo(places: LedgerPaths, clock: Clock) -> None:
    desk.withdraw(places, CARGO, actor("lee"), reason="이 기사의 주장이 아니다.", clock=clock)
    desk.publish(places, actor("park"), [CARGO], clock=clock)


@pytest.mark.slow
def test_withdrawn_claim_is_not_covered_or_carried_over(places: LedgerPaths) -> None:
    clock = later_clock()
    before = desk.coverage(places, ARTICLE_ID)[1].count(Coverage.CLAIMED)
    withdraw_cargo(places, clock)
    assert desk.coverage(places, ARTICLE_ID)[1].count(Coverage.CLAIMED) == before - 1
    newsroom.add(places, f"{TEXT}다음 호에 잇는다.\n", clock)
    assert {draft.key.split("@")[0] for draft in lookups.open_drafts(places)} == {ARTICLE_ID, GROWTH}
    assert [task.carried.appearance.claim_id for task in desk.list_placement_tasks(places, ARTICLE_ID)] == []


@pytest.mark.slow
def test_claim_placed_on_other_figures_causes_a_finding(places: LedgerPaths) -> None:
    clock = later_clock()
    text = TEXT.replace("약 120만t이라고", "약 131만t이라고 어제")
    newsroom.add(places, text, clock)
    assert lookups.open_claim_findings(places, [CARGO]) == []
    words = "하늘항만공사는 지난해 화물이 약 131만t이라고 어제 밝혔다"
    desk.settle(places, ARTICLE_ID, CARGO, newsroom.span(words, text), FIRST, clock)
    assert "passage-figure-differs" in {finding.code for finding in lookups.open_claim_findings(places, [CARGO])}
