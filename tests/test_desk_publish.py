"""Publishing in the browser: what waits, which rows would change, by whom; and the reports of readers."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import newsroom
import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from desk_visits import made, sent, signed_in, visitor
from newsroom import CARGO, GROWTH, acting, actor

from claimledger import desk
from claimledger.cli import main
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import Seen
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.edit import Edit
from claimledger.ledger.files import Places
from claimledger.ledger.reports import ReportsThrottled
from claimledger.models import Claim
from claimledger.publishing import ledger_db
from claimledger.publishing.counted_together import counted_together
from claimledger.publishing.row_changes import RowChange
from claimledger.publishing.tables import TABLES
from claimledger.vocabulary import RevisionKind, Role, Subject

CHECKER = (Role.CHECKER,)
SPEAKER = {"kind": "organization", "name": {"en": "Haneul Port Corporation"}}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return made(tmp_path)


def draft(places: Places, claim_id: str = CARGO, author: str = "kim", **changed: object) -> int:
    claim = desk.claim_at_desk(places, claim_id)
    seen = Seen(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    edit = Edit(author, "Told better.", RevisionKind.UPDATE, None, CHECKER)
    stored = desk.edit(places, claim_id, claim.claim.to_json() | changed, seen, edit)
    assert stored
    return desk.claim_at_desk(places, claim_id).newest_draft_id


def tables(places: Places) -> dict[tuple[str, tuple[object, ...]], dict[str, object]]:
    """Return every row of ledger.db but those that tell what it was built from."""
    found = {}
    with ledger_db.opened(places.ledger) as connection:
        for table in TABLES:
            for row in connection.execute(table.select_sql) if table.name != "about" else ():
                cells = dict(zip(table.header, row, strict=True))
                found[table.name, tuple(cells[name] for name in table.key)] = cells
    return found


def held_against(places: Places, told: list[RowChange], actor_name: str = "lee") -> None:
    """Publish, and hold what `preview` told against what became of the rows."""
    before = tables(places)
    desk.publish(places, actor(actor_name))
    after = tables(places)
    differing = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    assert {(change.table, change.key) for change in told} == differing
    for change in told:
        place = (change.table, change.key)
        was, says = before.get(place, {}), after.get(place, {})
        columns = {name for name in was.keys() | says.keys() if was.get(name) != says.get(name)}
        assert {cell.column for cell in change.cells} == columns
        for cell in change.cells:
            assert cell.before == was.get(cell.column)
            assert cell.is_made_then or cell.after == says.get(cell.column), cell


@pytest.mark.parametrize(
    "changed",
    [
        {"topics": ["cargo", "ports"]},
        {"speaker": SPEAKER},
        {
            "source": {
                "kind": "speech",
                "name": {"en": "Seo Mirae's remarks", "ko": "서미래의 말"},
                "published_on": "2031",
            }
        },
        {"speaker": newsroom.growth()["speaker"], "topics": ["ports"]},
        {"source": newsroom.growth()["source"]},
        {"quantities": []},
    ],
)
def test_the_rows_told_are_the_rows_that_change(places: Places, changed: dict[str, object]) -> None:
    draft(places, CARGO, "kim", **changed)
    told = desk.preview(places, actor("lee"))
    assert {change.table for change in told} >= {"claims", "history", "revision"}
    held_against(places, told)


def test_another_claim_of_a_public_article_is_counted_with_the_others(places: Places) -> None:
    third = newsroom.growth() | {"claim_id": "haneul-port-expects-more-e5f6"}
    path = newsroom.write(places, "haneul-port-expects-more-e5f6", third)
    desk.record(places, [path], Edit("kim", "Found later.", None, None, CHECKER))
    told = desk.preview(places, actor("lee"))
    counts = {one.table: cell[1:3] for one in told for cell in one.cells if cell.column == "claim_count"}
    assert counts == {"articles": (2, 3), "speakers": (1, 2), "sources": (1, 2)}
    held_against(places, told)


def test_an_article_that_changes_keeps_its_count(places: Places) -> None:
    fields = newsroom.article() | {"issue": "2031-04"}
    with desk.open_store(places) as store:
        head = store.head(Subject.ARTICLE, newsroom.ARTICLE_ID)
    assert head
    path = newsroom.write(places, "article", {"base": head.sha256, **fields})
    desk.record(places, [path], Edit("kim", "The issue.", RevisionKind.UPDATE, None, CHECKER))
    told = desk.preview(places, actor("lee"))
    assert [(one.column, one.before, one.after) for change in told if change.table == "articles" for one in change.cells
            ] == [("issue", None, "2031-04")]  # fmt: skip
    held_against(places, told)


def test_a_document_and_its_evidence_are_told_as_they_come(places: Places) -> None:
    claim = desk.claim_at_desk(places, CARGO)
    document = {
        "document_id": "port-statistics-a2b3", "medium": "web", "title": {"en": "Port statistics"}, "language": "en",
        "obtained_at": "2026-04-02T09:00:00.000Z", "captured": "none", "tier": "primary",
        "address": "https://example.org/statistics",
    }  # fmt: skip
    evidence = {"document_id": "port-statistics-a2b3", "stance": "supports", "summary": {"en": "It says 1.2 million."}}
    edit = Edit("kim", "Evidence was attached.", None, None, CHECKER)
    desk.attach(places, CARGO, document, evidence, Seen(claim.head_sha256, None), edit)
    told = desk.preview(places, actor("lee"))
    assert {("documents", ("port-statistics-a2b3",)), ("evidence", (CARGO, 1))} <= {
        (one.table, one.key) for one in told
    }
    assert next(cell.after for one in told if one.table == "documents" for cell in one.cells
                if cell.column == "claim_count") == 1  # fmt: skip
    held_against(places, told)


def test_a_new_article_with_its_claims_is_told_before_there_is_any_ledger(tmp_path: Path) -> None:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    told = desk.preview(places, actor("lee"))
    assert all(change.what == "new" for change in told)
    desk.publish(places, actor("lee"))
    built = {place for place in tables(places) if place[0] != "vocabulary"}
    assert {(change.table, change.key) for change in told} == built


def test_a_preview_writes_nothing(places: Places) -> None:
    draft(places, topics=["ports"])
    log = [path.read_bytes() for path in sorted(places.log.iterdir())]
    ledger = places.ledger.read_bytes()
    first, second = (desk.preview(places, actor("lee"), [CARGO]) for _ in range(2))
    assert [path.read_bytes() for path in sorted(places.log.iterdir())] == log
    assert places.ledger.read_bytes() == ledger
    assert len(desk.open_drafts(places)) == 1
    assert [(one.table, one.key) for one in first] == [(one.table, one.key) for one in second]


def test_the_author_sees_the_rows_and_may_not_publish_them(places: Places) -> None:
    draft(places, author="choi", topics=["ports"])
    client = signed_in(places, "choi")
    page = client.get(f"{PREFIX}/publish").text
    assert "second-person-needed" in page
    assert 'aria-describedby="why-not"' in page
    assert "Editors who may approve: lee, park" in page
    assert "cargo" in page
    status, answer = sent(
        client, "/publish", key=CARGO, draft_id=str(desk.claim_at_desk(places, CARGO).newest_draft_id)
    )
    assert (status, "second-person-needed" in answer) == (409, True)
    assert desk.claim_at_desk(places, CARGO).draft


def test_a_second_editor_publishes_what_the_page_showed(places: Places) -> None:
    number = draft(places, topics=["ports", "cranes"])
    client = signed_in(places, "lee")
    page = client.get(f"{PREFIX}/publish?claim={CARGO}").text
    assert re.search(r'<td class="before">cargo</td><td class="after">ports</td>', page)
    assert f'name="draft_id" value="{number}"' in page
    status, answer = sent(client, "/publish", key=CARGO, draft_id=str(number))
    assert status == 200
    assert f'<a href="/ledger/claims/{CARGO}">' in answer
    claim = desk.claim_at_desk(places, CARGO)
    assert (claim.draft, claim.revisions[-1].approver, claim.claim.topics) == (None, "lee", ("ports", "cranes"))


def test_what_was_written_anew_since_the_page_is_not_published(places: Places) -> None:
    seen = draft(places, topics=["ports"])
    draft(places, topics=["ports", "cranes"])
    status, answer = sent(signed_in(places, "lee"), "/publish", key=CARGO, draft_id=str(seen))
    assert (status, "draft-changed-meanwhile" in answer) == (409, True)
    assert desk.claim_at_desk(places, CARGO).draft


def test_of_two_chosen_one_refused_keeps_both_back(places: Places) -> None:
    numbers = [draft(places, topics=["ports"]), draft(places, GROWTH, "lee", topics=["ports"])]
    status, _ = sent(signed_in(places, "lee"), "/publish", key=[CARGO, GROWTH], draft_id=[str(one) for one in numbers])
    assert (status, len(desk.open_drafts(places))) == (409, 2)
    status, _ = sent(signed_in(places, "park"), "/publish", key=[CARGO, GROWTH], draft_id=[str(one) for one in numbers])
    assert (status, desk.open_drafts(places)) == (200, [])


def test_publishing_is_for_people_of_the_desk_from_its_own_form(places: Places) -> None:
    draft(places, topics=["ports"])
    assert visitor(places).get(f"{PREFIX}/publish", follow_redirects=False).status_code == 303
    assert visitor(places).post(f"{PREFIX}/publish", data={"key": CARGO}).status_code == 401
    assert signed_in(places, "lee").post(f"{PREFIX}/publish", data={"key": CARGO}).status_code == 409
    assert signed_in(places, "lee").get(f"{PREFIX}/publish?claim=nothing-here-aaaa").status_code == 404
    assert desk.claim_at_desk(places, CARGO).draft


def test_the_command_line_shows_the_same_rows(places: Places) -> None:
    draft(places, topics=["ports"])
    ran = CliRunner().invoke(main, ["--root", str(places.root), "publish", "--dry-run"], env=acting(places, "lee"))
    assert ran.exit_code == 0
    assert f"changed claims  {CARGO}\n    topic: cargo → ports\n" in ran.stdout
    assert "revision_count: 1 → 2" in ran.stdout
    assert "(when it is published)" in ran.stdout
    assert desk.claim_at_desk(places, CARGO).draft


def report(places: Places, text: str = "틀렸습니다.", address: str = "203.0.113.9", claim_id: str = CARGO) -> int:
    return desk.report(places, claim_id, text, "reader@example.org", address=address)


def test_a_reader_reports_and_the_desk_closes_it(places: Places) -> None:
    page = visitor(places).get(f"/-/report?claim={CARGO}")
    assert (page.status_code, f'value="{CARGO}"' in page.text, "deleted when the report is closed" in page.text) == (
        200, True, True,
    )  # fmt: skip
    given = {"claim": CARGO, "text": "<b>It is 1.3 million.</b>", "contact": "reader@example.org", "website": ""}
    assert "Thank you" in visitor(places).post("/-/report", data=given).text
    client = signed_in(places, "kim")
    assert "1 open reports of readers" in client.get(PREFIX).text
    listed = client.get(f"{PREFIX}/reports").text
    assert "&lt;b&gt;It is 1.3 million.&lt;/b&gt;" in listed
    assert "reader@example.org" in listed
    assert sent(client, "/reports", report="1", act="close", reason=" ")[0] == 409
    assert "reader@example.org" not in sent(client, "/reports", report="1", act="close", reason="Looked at.")[1]
    assert [(one.is_open, one.reason, one.contact) for one in desk.reports(places)] == [(False, "Looked at.", "")]
    sent(client, "/reports", report="1", act="open", reason="Another source.")
    assert desk.open_report_count(places) == 1


def test_a_report_that_is_none_is_not_kept(places: Places) -> None:
    given = {"claim": CARGO, "text": "Buy", "contact": "", "website": "https://example.org"}
    assert "Thank you" in visitor(places).post("/-/report", data=given).text
    for wrong in ({"text": ""}, {"text": "x" * 4_001}, {"claim": "nothing-here-aaaa"}, {"contact": "x" * 201}):
        answer = visitor(places).post("/-/report", data={**given, "website": "", **wrong})
        assert answer.status_code == 400, wrong
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert visitor(places).post("/-/report", data={**given, "website": ""}, headers=elsewhere).status_code == 409
    assert desk.reports(places) == []


def test_a_flood_of_reports_is_held_back_by_network(places: Places) -> None:
    for _ in range(5):
        report(places)
    with pytest.raises(ReportsThrottled):
        report(places)
    report(places, address="198.51.100.4")
    assert desk.open_report_count(places) == 6


def test_a_report_is_settled_once_and_with_a_reason(places: Places) -> None:
    number = report(places)
    with pytest.raises(ProblemsFound):
        desk.close_report(places, number, actor("kim"), reason="")
    desk.close_report(places, number, actor("kim"), reason="Looked at.")
    with pytest.raises(NotFound):
        desk.close_report(places, number, actor("kim"), reason="Looked at.")


@pytest.mark.parametrize(
    ("setting", "href"),
    [
        ({}, None),
        ({"desk": "."}, f"/-/report?claim={CARGO}"),
        ({"report_address": "mailto:desk@example.org"}, "mailto:"),
    ],
)
def test_a_claims_public_page_links_to_where_errors_are_reported(
    places: Places, setting: dict[str, str], href: str | None
) -> None:
    told = {name: str(places.root) if value == "." else value for name, value in setting.items()}
    served = Datasette([], immutables=[str(places.ledger)], metadata={"plugins": {"claimledger": told}})
    page = asyncio.run(served.client.get(f"/ledger/claims/{CARGO}")).text
    assert "Report an error" not in page if href is None else f'<a href="{href}' in page


def test_claims_are_counted_together_by_speaker_source_article_and_document() -> None:
    fields = {name: value for name, value in newsroom.growth().items() if name != "appearances"}
    claim = Claim.model_validate_json(msgspec.json.encode(fields))
    rows = [
        ("same-speaker", "other", "Seo Mirae", "other"),
        ("same-source", "other", "other", "Seo Mirae's remarks"),
        ("same-source-of-another-date", "other", "other", "Seo Mirae's remarks (speech, 2031)"),
        ("longer-source", "other", "other", "Seo Mirae's remarks on cargo"),
        ("same-article", "named", "other", "other"),
        ("nothing-alike", "other", "other", "other"),
    ]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE claims(claim_id, article, speaker, source)")
        connection.execute("CREATE TABLE evidence(claim_id, document_id)")
        connection.executemany("INSERT INTO claims VALUES (?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO evidence VALUES ('same-document', 'named')")
        assert counted_together(connection, [claim], ["named"]) == {
            "same-speaker", "same-source", "same-source-of-another-date", "same-article", "same-document",
        }  # fmt: skip
