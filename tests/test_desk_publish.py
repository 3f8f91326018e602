"""Publishing in the browser: pending records, the preview of changed rows, added documents, and permissions."""

from __future__ import annotations

import re
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner
from desk_rows import held_against, tables
from desk_visits import TestClient, made, sent, signed_in, visitor
from newsroom import CARGO, GROWTH, acting, actor

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.cli import main
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk.check_steps import SeenVersion
from claimledger.newsroom import publication
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind, Subject

CHECKER = (Role.CHECKER,)
SPEAKER = {"kind": "organization", "name": {"en": "Haneul Port Corporation"}}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def draft(places: LedgerPaths, claim_id: str = CARGO, author: str = "kim", **changed: object) -> int:
    claim = lookups.claim_at_desk(places, claim_id)
    seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    edit = Edit(author, "Told better.", RevisionKind.UPDATE, None, CHECKER)
    stored = desk.edit(places, claim_id, claim.claim.to_json() | changed, seen, edit)
    assert stored
    return lookups.claim_at_desk(places, claim_id).newest_draft_id


def confirm(client: TestClient, keys: list[str], **fields: object) -> tuple[int, str]:
    """Publish the given records as both ticked and previewed; return status and page."""
    return sent(client, "/publish", act="publish", key=keys, shown=keys, **fields)


@pytest.mark.slow
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
def test_preview_rows_match_the_published_rows(places: LedgerPaths, changed: dict[str, object]) -> None:
    draft(places, CARGO, "kim", **changed)
    rows = desk.preview(places, actor("lee"))
    assert {change.table for change in rows} >= {"claims", "history", "revision"}
    held_against(places, rows)


@pytest.mark.slow
def test_preview_updates_the_counts_for_a_new_claim(places: LedgerPaths) -> None:
    third = newsroom.growth() | {"claim_id": "haneul-port-expects-more-e5f6"}
    path = newsroom.write(places, "haneul-port-expects-more-e5f6", third)
    desk.record(places, [path], Edit("kim", "Found later.", None, None, CHECKER))
    rows = desk.preview(places, actor("lee"))
    counts = {one.table: cell[1:3] for one in rows for cell in one.cells if cell.column == "claim_count"}
    assert counts == {"articles": (2, 3), "speakers": (1, 2), "sources": (1, 2)}
    held_against(places, rows)


@pytest.mark.slow
def test_preview_of_a_withdrawal_matches_publication(places: LedgerPaths) -> None:
    desk.withdraw(places, CARGO, actor("lee"), reason="It was never said.")
    held_against(places, desk.preview(places, actor("park")), "park")


@pytest.mark.slow
def test_preview_of_two_claims_of_one_speaker_matches_publication(places: LedgerPaths) -> None:
    draft(places, CARGO, "kim", speaker=newsroom.growth()["speaker"])
    draft(places, GROWTH, "kim", topics=["ports"])
    held_against(places, desk.preview(places, actor("lee")))


@pytest.mark.slow
def test_preview_of_a_changed_article_keeps_its_claim_count(places: LedgerPaths) -> None:
    fields = newsroom.article() | {"issue": "2031-04"}
    with step_setup.open_store(places) as store:
        head = store.head(Subject.ARTICLE, newsroom.ARTICLE_ID)
    assert head
    path = newsroom.write(places, "article", {"base": head.sha256, **fields})
    desk.record(places, [path], Edit("kim", "The issue.", RevisionKind.UPDATE, None, CHECKER))
    rows = desk.preview(places, actor("lee"))
    assert [(one.column, one.before, one.after) for change in rows if change.table == "articles" for one in change.cells
            ] == [("issue", None, "2031-04")]  # fmt: skip
    held_against(places, rows)


@pytest.mark.slow
def test_preview_of_new_evidence_matches_publication(places: LedgerPaths) -> None:
    claim = lookups.claim_at_desk(places, CARGO)
    document = {
        "document_id": "port-statistics-a2b3", "medium": "web", "title": {"en": "Port statistics"}, "language": "en",
        "obtained_at": "2026-04-02T09:00:00.000Z", "captured": "none", "tier": "primary",
        "address": "https://example.org/statistics",
    }  # fmt: skip
    evidence = {"document_id": "port-statistics-a2b3", "stance": "supports", "summary": {"en": "It says 1.2 million."}}
    edit = Edit("kim", "Evidence was attached.", None, None, CHECKER)
    desk.attach(places, CARGO, document, evidence, SeenVersion(claim.head_sha256, None), edit)
    rows = desk.preview(places, actor("lee"))
    assert {("documents", ("port-statistics-a2b3",)), ("evidence", (CARGO, 1))} <= {
        (one.table, one.key) for one in rows
    }
    assert next(cell.after for one in rows if one.table == "documents" for cell in one.cells
                if cell.column == "claim_count") == 1  # fmt: skip
    held_against(places, rows)


@pytest.mark.slow
def test_preview_works_before_the_first_publication(tmp_path: Path) -> None:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    rows = desk.preview(places, actor("lee"))
    assert all(change.what == "new" for change in rows)
    desk.publish(places, actor("lee"))
    built = {place for place in tables(places) if place[0] != "vocabulary"}
    assert {(change.table, change.key) for change in rows} == built


@pytest.mark.slow
def test_preview_writes_nothing(places: LedgerPaths) -> None:
    draft(places, topics=["ports"])
    log = [path.read_bytes() for path in sorted(places.log.iterdir())]
    ledger = places.ledger.read_bytes()
    first, second = (desk.preview(places, actor("lee"), [CARGO]) for _ in range(2))
    assert [path.read_bytes() for path in sorted(places.log.iterdir())] == log
    assert places.ledger.read_bytes() == ledger
    assert len(lookups.open_drafts(places)) == 1
    assert [(one.table, one.key) for one in first] == [(one.table, one.key) for one in second]


@pytest.mark.slow
def test_author_can_preview_but_not_publish(places: LedgerPaths) -> None:
    draft(places, author="choi", topics=["ports"])
    client = signed_in(places, "choi")
    page = client.get(f"{PREFIX}/publish?key={CARGO}").text
    assert "second-person-needed" in page
    assert 'aria-describedby="why-not"' in page
    assert "Editors who can approve: lee, park" in page
    assert "cargo" in page
    status, answer = confirm(client, [CARGO], draft_id=str(lookups.claim_at_desk(places, CARGO).newest_draft_id))
    assert (status, "second-person-needed" in answer) == (409, True)
    assert lookups.claim_at_desk(places, CARGO).draft


def test_second_editor_publishes_the_previewed_changes(places: LedgerPaths) -> None:
    number = draft(places, topics=["ports", "cranes"])
    client = signed_in(places, "lee")
    page = client.get(f"{PREFIX}/publish?claim={CARGO}").text
    assert re.search(r'<td class="before">cargo</td><td class="after">ports</td>', page)
    assert f'name="draft_id" value="{number}"' in page
    status, answer = confirm(client, [CARGO], draft_id=str(number))
    assert status == 200
    assert f'<a href="/claims/{CARGO}">' in answer
    claim = lookups.claim_at_desk(places, CARGO)
    assert (claim.draft, claim.revisions[-1].approver, claim.claim.topics) == (None, "lee", ("ports", "cranes"))


@pytest.mark.slow
def test_changed_selection_is_previewed_before_publishing(places: LedgerPaths) -> None:
    numbers = [str(draft(places, topics=["ports"])), str(draft(places, GROWTH, topics=["cranes"]))]
    client = signed_in(places, "lee")
    for keys, shown in (([GROWTH], [CARGO, GROWTH]), ([CARGO, GROWTH], [GROWTH]), ([GROWTH], [])):
        status, page = sent(client, "/publish", act="publish", key=keys, shown=shown, draft_id=numbers)
        assert (status, "the selection differed" in page, offered_records(page)) == (200, True, keys)
        assert ticked_records(page) == {CARGO: CARGO in keys, GROWTH: True}
    assert len(lookups.open_drafts(places)) == 2


@pytest.mark.slow
def test_show_previews_the_selection_without_publishing(places: LedgerPaths) -> None:
    numbers = [str(draft(places, topics=["ports"])), str(draft(places, GROWTH, topics=["cranes"]))]
    both = [CARGO, GROWTH]
    status, page = sent(signed_in(places, "lee"), "/publish", act="show", key=[CARGO], shown=both, draft_id=numbers)
    assert (status, offered_records(page), "the selection differed" in page) == (200, [CARGO], False)
    assert len(lookups.open_drafts(places)) == 2


@pytest.mark.slow
def test_only_approved_records_are_ticked_by_default(places: LedgerPaths) -> None:
    number = draft(places, topics=["ports"])
    draft(places, GROWTH, topics=["cranes"])
    client = signed_in(places, "lee")
    page = client.get(f"{PREFIX}/publish").text
    assert (ticked_records(page), offered_records(page), "Nothing is selected." in page) == (
        {CARGO: False, GROWTH: False},
        [],
        True,
    )
    desk.approve(places, CARGO, number, actor("park"))
    page = client.get(f"{PREFIX}/publish").text
    assert (ticked_records(page), offered_records(page), "Nothing is selected." in page) == (
        {CARGO: True, GROWTH: False},
        [CARGO],
        False,
    )


@pytest.mark.slow
def test_record_count_is_the_same_before_and_after_publishing(places: LedgerPaths) -> None:
    document_id = attach_document(places)
    client = signed_in(places, "lee")
    page = client.get(f"{PREFIX}/publish?key={CARGO}").text
    assert "Publish 2 records" in page
    _, answer = confirm(client, [CARGO, document_id], draft_id=re.findall(r'name="draft_id" value="(\d+)"', page))
    assert "2 records were published" in answer


@pytest.mark.slow
def test_draft_changed_since_the_preview_is_not_published(places: LedgerPaths) -> None:
    seen = draft(places, topics=["ports"])
    draft(places, topics=["ports", "cranes"])
    status, answer = confirm(signed_in(places, "lee"), [CARGO], draft_id=str(seen))
    assert (status, "draft-changed-meanwhile" in answer) == (409, True)
    assert lookups.claim_at_desk(places, CARGO).draft


@pytest.mark.slow
def test_one_refused_record_blocks_the_whole_selection(places: LedgerPaths) -> None:
    numbers = [draft(places, topics=["ports"]), draft(places, GROWTH, "lee", topics=["ports"])]
    status, _ = confirm(signed_in(places, "lee"), [CARGO, GROWTH], draft_id=[str(one) for one in numbers])
    assert (status, len(lookups.open_drafts(places))) == (409, 2)
    status, _ = confirm(signed_in(places, "park"), [CARGO, GROWTH], draft_id=[str(one) for one in numbers])
    assert (status, lookups.open_drafts(places)) == (200, [])


def ticked_records(page: str) -> dict[str, bool]:
    """Return the keys of the records on the page, each with True if it is ticked."""
    boxes = re.findall(r'<input type="checkbox" name="key" value="([^"]+)"([^>]*)>', page)
    return {key: " checked" in rest for key, rest in boxes}


def offered_records(page: str) -> list[str]:
    """Return the keys of the records that the page's form would publish."""
    return re.findall(r'<input type="hidden" name="shown" value="([^"]+)">', page)


def attach_document(places: LedgerPaths, document_id: str = "port-statistics-a2b3", author: str = "kim") -> str:
    """Attach an unpublished document to the claim about cargo and return the document's ID."""
    claim = lookups.claim_at_desk(places, CARGO)
    document = {
        "document_id": document_id, "medium": "web", "title": {"en": "Port statistics"}, "language": "en",
        "obtained_at": "2024-04-02T09:00:00.000Z", "captured": "none", "tier": "primary",
        "address": "https://example.org/statistics",
    }  # fmt: skip
    evidence = {"document_id": document_id, "stance": "supports", "summary": {"en": "It says 1.2 million."}}
    seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    desk.attach(places, CARGO, document, evidence, seen, Edit(author, "Evidence.", None, None, CHECKER))
    return document_id


@pytest.mark.slow
def test_claim_is_published_with_its_unpublished_document(places: LedgerPaths) -> None:
    document_id = attach_document(places)
    draft(places, GROWTH, topics=["ports"])
    client = signed_in(places, "lee")
    page = client.get(f"{PREFIX}/publish?key={CARGO}").text
    assert ticked_records(page) == {CARGO: True, document_id: True, GROWTH: False}
    assert "This also publishes: <b>Port statistics</b>" in page.replace("\n", " ")
    assert f'data-along="{document_id}"' in page
    numbers = re.findall(r'name="draft_id" value="(\d+)"', page)
    status, answer = confirm(client, offered_records(page), draft_id=numbers)
    assert (status, "<li>Port statistics</li>" in answer) == (200, True)
    assert [one.key for one in lookups.open_drafts(places)] == [GROWTH]


@pytest.mark.slow
def test_selecting_a_document_does_not_select_its_claim(places: LedgerPaths) -> None:
    document_id = attach_document(places)
    page = signed_in(places, "lee").get(f"{PREFIX}/publish?key={document_id}").text
    assert ticked_records(page) == {CARGO: False, document_id: True}


@pytest.mark.slow
def test_claim_is_left_out_if_its_document_cannot_be_published(places: LedgerPaths) -> None:
    document_id = attach_document(places, author="choi")
    draft(places, CARGO, "kim", topics=["ports"])
    draft(places, GROWTH, "kim", topics=["ports"])
    keys = "&".join(f"key={key}" for key in (CARGO, document_id, GROWTH))
    page = signed_in(places, "choi").get(f"{PREFIX}/publish?{keys}").text
    assert ticked_records(page) == {CARGO: False, document_id: False, GROWTH: True}
    assert f"{document_id} has to be published too, but cannot be. See its entry." in page
    assert offered_records(page) == [GROWTH]


@pytest.mark.slow
def test_own_records_are_left_out_and_the_rest_is_published(
    places: LedgerPaths,
) -> None:
    draft(places, CARGO, "choi", topics=["ports"])
    number = draft(places, GROWTH, "kim", topics=["cranes"])
    client = signed_in(places, "choi")
    page = client.get(f"{PREFIX}/publish?key={CARGO}&key={GROWTH}").text
    assert ticked_records(page) == {CARGO: False, GROWTH: True}
    assert page.count("[second-person-needed]") == 1
    assert "1 selected record was left out. Its entry gives the reason." in page
    assert ('<td class="after">cranes</td>' in page, '<td class="after">ports</td>' in page) == (True, False)
    assert confirm(client, offered_records(page), draft_id=str(number))[0] == 200
    assert [one.key for one in lookups.open_drafts(places)] == [CARGO]


def test_record_that_fails_a_check_is_left_out_with_its_reason(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(places, CARGO, "kim", note={"en": "Long. " * 500})
    draft(places, GROWTH, "kim", topics=["cranes"])
    monkeypatch.setattr(publication, "MAX_BODY", 3_000)
    page = signed_in(places, "lee").get(f"{PREFIX}/publish?key={CARGO}&key={GROWTH}").text
    assert ticked_records(page) == {CARGO: False, GROWTH: True}
    assert offered_records(page) == [GROWTH]
    assert re.search(rf"{CARGO}: .*3,?000", page)
    assert "cranes" in page


@pytest.mark.slow
def test_preview_rows_are_grouped_by_record_with_counts(places: LedgerPaths) -> None:
    draft(places, CARGO, "kim", topics=["ports"])
    draft(places, GROWTH, "kim", topics=["cranes"])
    page = signed_in(places, "lee").get(f"{PREFIX}/publish?key={CARGO}&key={GROWTH}").text
    folded = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", page, re.DOTALL)
    counts = [int(re.findall(r"(\d+) public row", head)[0]) for head, _ in folded]
    assert counts == [body.count("<table") + 1 for _, body in folded]  # the log's row has only hashes and times
    assert [(CARGO in body, GROWTH in body) for _, body in folded[:2]] == [(True, False), (False, True)]
    rows = desk.preview(places, actor("lee"))
    assert sum(counts) == len(rows)
    assert f"{len(rows)} public rows changed by 2 records" in page


@pytest.mark.slow
def test_publishing_needs_a_session_and_a_form_token(places: LedgerPaths) -> None:
    draft(places, topics=["ports"])
    assert visitor(places).get(f"{PREFIX}/publish", follow_redirects=False).status_code == 303
    assert visitor(places).post(f"{PREFIX}/publish", data={"key": CARGO}).status_code == 401
    assert signed_in(places, "lee").post(f"{PREFIX}/publish", data={"key": CARGO}).status_code == 409
    assert signed_in(places, "lee").get(f"{PREFIX}/publish?claim=nothing-here-aaaa").status_code == 404
    assert lookups.claim_at_desk(places, CARGO).draft


@pytest.mark.slow
def test_publish_dry_run_prints_the_changed_rows(places: LedgerPaths) -> None:
    draft(places, topics=["ports"])
    ran = CliRunner().invoke(main, ["--root", str(places.root), "publish", "--dry-run"], env=acting(places, "lee"))
    assert ran.exit_code == 0
    assert f"changed claims  {CARGO}\n    topic: cargo → ports\n" in ran.stdout
    assert "revision_count: 1 → 2" in ran.stdout
    assert "(when it is published)" in ran.stdout
    assert lookups.claim_at_desk(places, CARGO).draft
