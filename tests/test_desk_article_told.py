"""An article's page after an act: what is told at the passage that comes next, and what its claim may take over."""

from __future__ import annotations

import re
from pathlib import Path

import newsroom
import pytest
from desk_visits import PREFIX, TestClient, made, sent, signed_in
from newsroom import ARTICLE_ID, TEXT, Clock

HERE = f"/articles/{ARTICLE_ID}"
STAFF = TEXT.index("직원은")


@pytest.fixture
def kim(tmp_path: Path) -> TestClient:
    places = made(tmp_path)
    newsroom.add(places, TEXT, Clock())
    return signed_in(places, "kim")


def accepted(client: TestClient) -> str:
    """Accept a claim whose statement says another number than its passage, and return the page that follows."""
    status, page = sent(
        client, f"{HERE}/accept", start=STAFF, end=STAFF + 9, statement_ko="공사 직원은 70명이다.",
        topics="staff, port", source_kind="own_reporting", source_name_ko="월간 항만의 취재",
    )  # fmt: skip
    assert status == 200, page
    return page


def at(client: TestClient, start: int, end: int) -> str:
    return str(client.get(f"{PREFIX}{HERE}?at={start}-{end}").text)


@pytest.mark.slow
def test_what_was_done_and_found_is_told_where_the_next_passage_is_decided_on(kim: TestClient) -> None:
    claim_id = accepted(kim).partition('The claim was added. <a href="/-/desk/claims/')[2].partition('"')[0]
    assert claim_id
    page = kim.get(f"{PREFIX}{HERE}?done=accept&claim={claim_id}&at=0-5").text
    now = page.partition('<section id="now"')[2]
    assert (page.count("The claim was added."), now.count("The claim was added.")) == (1, 1)
    assert "[statement-number-differs]" in now.partition("<blockquote")[0]
    assert "numbers and quotations reviewed" in now.partition("<blockquote")[0]
    assert 'name="topics" value="staff, port"' in now


@pytest.mark.slow
def test_topics_and_sources_of_the_articles_claims_are_offered(kim: TestClient) -> None:
    before = at(kim, 0, 5)
    assert ("staff" in before, "월간 항만의 취재" in before) == (False, False)
    accepted(kim)
    page = at(kim, 0, 5)
    assert "Topics of this article so far: cargo, port, staff" in page
    assert '<datalist id="sources-ko">' in page
    assert '<option value="월간 항만의 취재">' in page
    assert 'list="sources-ko"' in page
    assert 'name="topics" value=""' in page, "what nobody just said is not filled in"


def test_no_claim_is_made_up_by_an_address(kim: TestClient) -> None:
    assert "nothing-like-it" not in kim.get(f"{PREFIX}{HERE}?done=accept&claim=nothing-like-it-a2b3").text


@pytest.mark.slow
def test_each_problem_of_a_refused_acceptance_leads_to_its_field(kim: TestClient) -> None:
    where = {"start": STAFF, "end": STAFF + 9, "seen": f"{STAFF}-{STAFF + 9}"}
    status, page = sent(kim, f"{HERE}/accept", **where, topics="Staff Room", source_kind="")
    assert status == 409
    led = set(re.findall(r'<a href="#(problem-\w+)">', page))
    assert {"problem-topics", "problem-statement"} <= led
    assert [place for place in led if f'id="{place}"' not in page] == []
