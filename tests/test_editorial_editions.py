"""Editions held against each other, what is page furniture in them, and who may take one in."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from newsroom import ARTICLE_ID, TEXT, Clock, actor, edit_by

from claimledger import desk
from claimledger.editorial.comparing import Outcome, Side, differences, outcome
from claimledger.errors import ProblemsFound
from claimledger.intake import read_in
from claimledger.ledger.edit import make_edit
from claimledger.ledger.files import Places
from claimledger.models import Article, Span
from claimledger.vocabulary import RevisionKind, Role

FIRST = edit_by(author="checker", reason="First reading", kind=RevisionKind.UPDATE)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A newsroom whose article is public and whose desk holds the text."""
    places, clock = newsroom.write_all(tmp_path), Clock()
    desk.record(places, [], edit_by("checker", "First reading"), clock)
    desk.publish(places, actor("editor"), clock=clock)
    taken_in = read_in(TEXT.encode(), name="a.txt")
    desk.add_article(places, taken_in, FIRST, origin="a.txt", article_id=ARTICLE_ID, clock=clock)
    return places


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ("값은 약 40% 낮다.", Outcome.FIXED),
        ("값은 40% 낮다.", Outcome.NOT_FIXED),
        ("값은 낮다.", Outcome.REWORDED),
        ("값은 약 40% 낮고 무게도 40% 낮다.", Outcome.NOT_FIXED),
    ],
)
def test_a_query_is_done_when_the_text_reads_as_asked(newest: str, expected: Outcome) -> None:
    assert outcome("40%", "약 40%", newest, ["값은 40% 낮다."]) is expected
    assert outcome("없는 말", "다른 말", newest, []) is Outcome.NOT_FOUND


def test_a_difference_holds_both_texts() -> None:
    old, new = "가나 다라.\n그대로.\n끝 40%.", "가나 마바.\n그대로.\n끝 45%.\n더."
    found = differences(old, new)
    for side, text in ((Side.OLD, old), (Side.NEW, new)):
        words = [piece.words for one in found for piece in one.pieces if piece.side in (side, Side.BOTH)]
        assert "".join(words) == text.replace("\n", "")


def test_masking_joins_what_meets(places: Places) -> None:
    for start, end in ((5, 9), (20, 25), (9, 12), (24, 30)):
        desk.correct_furniture(places, ARTICLE_ID, Span(start=start, end=end), FIRST, is_furniture=True, clock=Clock())
    (draft,) = desk.open_drafts(places)
    assert isinstance(draft.record, Article)
    assert [(one.start, one.end) for one in draft.record.editions[-1].furniture] == [(5, 12), (20, 30)]


def test_the_desk_lets_checkers_alone_take_a_text_in(places: Places) -> None:
    edit = make_edit(author="editor", reason="Taken in.", roles=(Role.EDITOR,))
    taken_in = read_in("새 글이다.".encode(), name="a.txt")
    with pytest.raises(ProblemsFound, match="role-needed"):
        desk.add_article(places, taken_in, edit, origin="a.txt", article_id="sea-news")
    assert not (places.claims / "sea-news").exists()


@pytest.mark.parametrize(
    ("texts", "slug"),
    [(("Staff: about 40 people",), "staff-about-40-people"), (("40 명", "port"), "port"), (("", "직원"), "claim")],
)
def test_a_claims_name_begins_with_words(texts: tuple[str, ...], slug: str) -> None:
    assert desk.slug_of(*texts) == slug


@pytest.mark.parametrize(
    ("newest", "expected"),
    [("값은 약 40%, 무게도 40% 낮다.", Outcome.FIXED), ("값은 40% 낮다.", Outcome.NOT_FIXED)],
)
def test_one_of_two_places_is_done_only_when_it_reads_as_asked(newest: str, expected: Outcome) -> None:
    assert outcome("40%", "약 40%", newest, ["값은 40%, 무게도 40% 낮다."]) is expected
