"""The audit report of an article, and its progress in lists."""

from __future__ import annotations

from pathlib import Path

import desk_visits
import newsroom
import pytest
from desk_visits import PREFIX, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.audit_report import audit_article
from claimledger.errors import NotFound
from claimledger.desk_vocabulary import QueryAnswer
from claimledger.vocabulary import Question

pytestmark = pytest.mark.slow


def test_report_has_claims_in_the_order_of_the_text_with_open_points(tmp_path: Path) -> None:
    places = desk_visits.made(tmp_path)
    newsroom.attach(places, CARGO, newsroom.Clock())
    query = desk.query(places, GROWTH, "10%", "9%", actor("kim"))
    report = audit_article(places, ARTICLE_ID)
    assert [one.claim_id for one in report.claims] == [CARGO, GROWTH]
    page = signed_in(places, "lee").get(f"{PREFIX}/articles/{ARTICLE_ID}/report").text
    assert all(
        words in page
        for words in ("First reading", "Supports: Annual report", "Waiting for the writer.", "“10%” → “9%”", "kim: ")
    )
    desk.record_answer(places, GROWTH, query, QueryAnswer.STANDS, "", actor("kim"))
    assert "Waiting for the writer." not in signed_in(places, "lee").get(f"{PREFIX}/articles/{ARTICLE_ID}/report").text
    with pytest.raises(NotFound):
        audit_article(places, "no-such-article")


def test_list_of_articles_shows_the_progress(tmp_path: Path) -> None:
    places = desk_visits.made(tmp_path)
    desk.query(places, GROWTH, "10%", "9%", actor("kim"))
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"), due_on="2199-04-09")
    (progress,) = lookups.article_progress(places, [ARTICLE_ID]).values()
    assert progress == (2, 0, 0, 1, "2199-04-09")
    page = signed_in(places, "kim").get(f"{PREFIX}/articles").text
    assert ("checked 0 of 2" in page, "1 open question to the writer" in page, "2199-04-09" in page) == (True,) * 3
