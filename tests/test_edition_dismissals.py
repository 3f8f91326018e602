"""Dismissed passages in a new edition: carried over with their reasons, or reported as missing."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from newsroom import ARTICLE_ID, TEXT, Clock, actor, add, edit_by

from claimledger import article_rendering, desk
from claimledger.desk import lookups
from claimledger.intake import extract_document
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article, Edition, Span
from claimledger.vocabulary import RevisionKind

STAFF = "직원은 40명이다"
GROWN = "머리말이 붙었다.\n" + TEXT
UPDATE: Edit = edit_by("checker", "Seen.", RevisionKind.UPDATE)


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom whose public article has a dismissed passage with a reason."""
    places, clock = newsroom.write_all(tmp_path), Clock()
    desk.record(places, [], newsroom.FIRST, clock)
    desk.publish(places, actor("editor"), clock=clock)
    add(places, TEXT, clock)
    desk.dismiss(places, ARTICLE_ID, _staff(), edit_by("checker", "대수롭지 않다."), clock=clock)
    desk.record_dismissals(places, ARTICLE_ID, UPDATE, clock)
    desk.publish(places, actor("editor"), clock=clock)
    return places


def _staff() -> Span:
    return Span(start=TEXT.index(STAFF), end=TEXT.index(STAFF) + len(STAFF))


def newest_edition(places: LedgerPaths) -> Edition:
    (draft,) = [one for one in lookups.open_drafts(places) if isinstance(one.record, Article)]
    assert isinstance(draft.record, Article)
    return draft.record.editions[-1]


def test_dismissal_is_carried_over_with_its_reason(places: LedgerPaths) -> None:
    add(places, GROWN, Clock())
    (one,) = newest_edition(places).dismissed
    assert (one.reason, one.position.start) == ({"ko": "대수롭지 않다."}, GROWN.index(STAFF))
    assert desk.record_dismissals(places, ARTICLE_ID, UPDATE, Clock()) == []


@pytest.mark.slow
def test_dismissal_of_a_missing_passage_is_reported(places: LedgerPaths) -> None:
    text = TEXT.replace(STAFF, "직원이 늘었다")
    arrived, _ = desk.add_article(
        places,
        extract_document(text.encode(), name="a.txt"),
        UPDATE,
        origin="a.txt",
        article_id=ARTICLE_ID,
        clock=Clock(),
    )
    assert newest_edition(places).dismissed == ()
    at = f"{_staff().start}-{_staff().end}"
    gone = f"Excluded in the previous edition at {at} (대수롭지 않다.), but not found in this one."
    assert gone in article_rendering.arrived_text(arrived)
    at_hand, _ = desk.coverage(places, ARTICLE_ID)
    assert [one.reason for one in at_hand.lost_dismissals()] == [{"ko": "대수롭지 않다."}]


@pytest.mark.slow
def test_undone_dismissal_is_not_carried_over(places: LedgerPaths) -> None:
    desk.dismiss(places, ARTICLE_ID, _staff(), UPDATE, again=True, clock=Clock())
    add(places, GROWN, Clock())
    assert newest_edition(places).dismissed == ()
