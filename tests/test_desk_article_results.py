"""An article's page after an action: the result is shown at the next passage, and topics and sources are suggested."""

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


def accept_claim(client: TestClient) -> str:
    """Accept a claim whose statement has another number than its passage, and return the next page."""
    status, page = sent(
        client, f"{HERE}/accept", start=STAFF, end=STAFF + 9, statement_ko="공사 직원은 70명이다.",
        topics="staff, port", source_kind="own_reporting", source_name_ko="월간 항만의 취재",
    )  # fmt: skip
    assert status == 200, page
    return page


def get_at(client: TestClient, start: int, end: int) -> str:
    return str(client.get(f"{PREFIX}{HERE}?at={start}-{end}").text)


@pytest.mark.slow
def test_result_and_findings_are_shown_at_the_next_passage(kim: TestClient) -> None:
    claim_id = accept_claim(kim).partition('The claim was added. <a href="/-/desk/claims/')[2].partition('"')[0]
    assert claim_id
    page = kim.get(f"{PREFIX}{HERE}?done=accept&claim={claim_id}&at=0-5").text
    now = page.partition('<section id="now"')[2]
    assert (page.count("The claim was added."), now.count("The claim was added.")) == (1, 1)
    assert "[statement-number-differs]" in now.partition("<blockquote")[0]
    assert "numbers and quotations reviewed" in now.partition("<blockquote")[0]
    assert 'name="topics" value="staff, port"' in now


@pytest.mark.slow
def test_topics_and_sources_of_the_article_are_suggested(kim: TestClient) -> None:
    before = get_at(kim, 0, 5)
    assert ("staff" in before, "월간 항만의 취재" in before) == (False, False)
    accept_claim(kim)
    page = get_at(kim, 0, 5)
    assert "Topics of this article so far: cargo, port, staff" in page
    assert '<datalist id="sources-ko">' in page
    assert '<option value="월간 항만의 취재">' in page
    assert 'list="sources-ko"' in page
    assert 'name="topics" value=""' in page, "what nobody just said is not filled in"


def test_unknown_claim_in_the_address_is_not_shown(kim: TestClient) -> None:
    assert "nothing-like-it" not in kim.get(f"{PREFIX}{HERE}?done=accept&claim=nothing-like-it-a2b3").text


@pytest.mark.slow
def test_problem_of_a_refused_claim_links_to_its_field(kim: TestClient) -> None:
    where = {"start": STAFF, "end": STAFF + 9, "seen": f"{STAFF}-{STAFF + 9}"}
    status, page = sent(kim, f"{HERE}/accept", **where, topics="Staff Room", source_kind="")
    assert status == 409
    linked_ids = set(re.findall(r'<a href="#(problem-\w+)">', page))
    assert {"problem-topics", "problem-statement"} <= linked_ids
    assert [place for place in linked_ids if f'id="{place}"' not in page] == []
