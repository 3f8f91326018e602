"""The summary of each record on the publish page: changes in one line, collapsed rows, no hashes, and links."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import newsroom
import pytest
import staff
from desk_visits import PREFIX, TestClient, made, sent, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH

from claimledger import desk
from claimledger.desk import check_steps, lookups, step_setup
from claimledger.intake import extract_document
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing.tables import TABLES
from claimledger.vocabulary import Question, RevisionKind


def record_block(page: str, key: str) -> str:
    """Return the part of the page about a record."""
    parts = re.findall(r'<div class="told">.*?</details></div>', page, re.DOTALL)
    return str(next(part for part in parts if key in part))


def draft(places: LedgerPaths, **changed: object) -> None:
    found = lookups.claim_at_desk(places, CARGO)
    seen = check_steps.SeenVersion(found.head_sha256, None)
    desk.edit(places, CARGO, found.claim.to_json() | changed, seen, newsroom.edit_by("kim", "Told better."))


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


@pytest.fixture
def lee(places: LedgerPaths) -> TestClient:
    return signed_in(places, "lee")


@pytest.mark.slow
def test_changes_are_summarised_and_rows_are_collapsed(places: LedgerPaths, lee: TestClient) -> None:
    draft(places, topics=["ports"], about_on="2029", statement={"en": "Haneul port moved 1.2 million tonnes in 2029."})
    page = lee.get(f"{PREFIX}/publish?key={CARGO}").text
    block = record_block(page, CARGO)
    head, rows = block.split("<details>")  # collapsed, although it is the only record
    assert "Period covered: 2030 → 2029" in head
    assert "and 1 more" in head
    assert "<table" not in head
    assert "Told better." in rows
    assert "kim → lee" in rows


@pytest.mark.slow
def test_summary_begins_with_the_new_verdict(places: LedgerPaths, lee: TestClient) -> None:
    verdict = {"question": "so", "value": "not_checkable", "rationale": {"en": "Nobody kept count."}, "as_of": "2026"}
    desk.assign(places, CARGO, Question.SO, "kim", newsroom.actor("lee"))
    found = lookups.claim_at_desk(places, CARGO)
    edit = newsroom.edit_by("kim", "Nobody kept count.", RevisionKind.VERDICT)
    desk.edit(
        places,
        CARGO,
        found.claim.to_json() | {"verdicts": [verdict]},
        check_steps.SeenVersion(found.head_sha256, None),
        edit,
    )
    summary = record_block(lee.get(f"{PREFIX}/publish?key={CARGO}").text, CARGO).split("<details>")[0]
    assert re.search("<p>Fact check · Verdict: – → Not a checkable fact;", summary, re.IGNORECASE), summary


def test_summary_of_a_withdrawal_gives_its_reason(places: LedgerPaths, lee: TestClient) -> None:
    desk.withdraw(places, CARGO, newsroom.actor("choi"), reason="It was never said.")
    summary = record_block(lee.get(f"{PREFIX}/publish?key={CARGO}").text, CARGO).split("<details>")[0]
    assert "<p>It is withdrawn. Published reason: It was never said.</p>" in summary


@pytest.mark.slow
def test_publish_page_shows_no_hashes(tmp_path: Path) -> None:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("kim", "First reading"))
    with step_setup.open_store(places) as store:
        staff.enrol(store, "lee", "editor", now=step_setup.utc_now())
        with store.writing() as connection:
            people.change_person(connection, "lee", author="admin-console", now=step_setup.utc_now(), language="en")
    page = signed_in(places, "lee").get(f"{PREFIX}/publish?key={CARGO}&key={GROWTH}&key={ARTICLE_ID}").text
    shown = re.sub(r"<input[^>]*>", "", page)
    assert re.findall(r"\b(?:[0-9a-f]{16}|[0-9a-f]{64})\b", shown) == []
    for key in (CARGO, GROWTH, ARTICLE_ID):
        assert "It becomes public for the first time." in record_block(page, key).split("<details>")[0]
    changes = desk.preview(places, newsroom.actor("lee"))
    counted = [int(number) for number in re.findall(r'<summary><span class="count">(\d+) public row', page)]
    assert sum(counted) == len(changes)  # omitted rows are counted


@pytest.mark.slow
def test_sixteen_digit_figure_is_not_hidden_as_a_hash(places: LedgerPaths, lee: TestClient) -> None:
    quantities = [{"text": "1234567890123456", "amount": "1234567890123456", "unit": "tonne"}]
    draft(places, quantities=quantities)
    rows = record_block(lee.get(f"{PREFIX}/publish?key={CARGO}").text, CARGO).split('<table class="rows">')
    figure = next(one for one in rows if "<code>quantities</code>" in one)
    assert re.sub(r"<[^>]*>", " ", figure).split().count("1234567890123456") == 2, figure  # as printed, and its amount


@pytest.mark.slow
def test_published_claim_is_linked_by_its_statement(places: LedgerPaths, lee: TestClient) -> None:
    draft(places, topics=["ports"])
    number = str(lookups.claim_at_desk(places, CARGO).newest_draft_id)
    status, page = sent(lee, "/publish", act="publish", key=[CARGO], shown=[CARGO], draft_id=number)
    assert status == 200
    assert f'<a href="/claims/{CARGO}">Haneul port moved about 1.2 million tonnes in 2030.</a>' in page


@pytest.mark.slow
def test_new_passage_is_not_called_a_first_publication(places: LedgerPaths, lee: TestClient) -> None:
    longer = extract_document(f"{newsroom.TEXT}다음 호에 잇는다.\n".encode(), name="a.txt")
    made_by = newsroom.edit_by("kim", "The next text.", kind=RevisionKind.UPDATE)
    desk.add_article(places, longer, made_by, origin="a.txt", article_id=ARTICLE_ID)
    page = lee.get(f"{PREFIX}/publish?key={GROWTH}&key={ARTICLE_ID}").text
    assert "for the first time" not in page
    assert "Position in the article: – → " in record_block(page, GROWTH).split("<details>")[0]
    assert re.search(r"Edition \([0-9a-f]{12}\)", record_block(page, ARTICLE_ID))
    assert re.search(r"[0-9a-f]{64}", re.sub(r"<input[^>]*>", "", page)) is None


def test_every_table_has_a_short_name() -> None:
    text = files("claimledger.datasette_plugin.desk_pages").joinpath("words.toml").read_text("utf-8")
    names = {change.name for change in TABLES} - {"about", "vocabulary", "findings", "counts"}
    assert names <= {*tomllib.loads(text)["tables"]}


def test_page_and_command_line_add_the_same_documents(places: LedgerPaths) -> None:
    """Use a claim that cites a document which derives from another; neither document is public yet."""
    common = {
        "medium": "web", "title": {"en": "Statistics"}, "language": "en", "obtained_at": "2026-04-02T09:00:00.000Z",
        "captured": "none", "tier": "primary",
    }  # fmt: skip
    sources = {"first-a2b3": [], "second-a2b3": ["first-a2b3"]}
    for claim_id, (name, others) in zip((GROWTH, CARGO), sources.items(), strict=True):
        document = {**common, "document_id": name, "address": f"https://example.org/{name}", "derives_from": others}
        evidence = {"document_id": name, "stance": "supports", "summary": {"en": "It says so."}}
        seen = check_steps.SeenVersion(lookups.claim_at_desk(places, claim_id).head_sha256, None)
        desk.attach(places, claim_id, document, evidence, seen, newsroom.edit_by("kim", "Evidence was attached."))
    (waits,), _ = lookups.list_waiting_records(places, newsroom.actor("lee"), [CARGO])
    assert waits.companions == ("second-a2b3", "first-a2b3")
    assert [one.key for one in lookups.drafts_to_publish(places, [CARGO])] == [CARGO, *waits.companions]
