"""Review sheets at the desk: export, edit in a spreadsheet, and import of all rows or none."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from desk_visits import TestClient, field, made, sent, signed_in, token, visitor
from newsroom import CARGO, GROWTH, actor, hire

from claimledger import desk
from claimledger.desk import lookups, sheet_steps
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.datasette_plugin.desk_pages.sheet_pages import LARGEST
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.sheet_steps import SheetImportResult
from claimledger.errors import ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.models import Document
from claimledger.publishing.csv_exchange import Encoding
from claimledger.sheets.sheet_columns import SHEET_HEADER
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import Question, RevisionKind, Subject

KIM = StaffMember("kim", (Role.CHECKER,))
SHEET = "sheet.csv"
JUDGED = {
    "verdict_so": "not_enough_evidence", "rationale_ko": "통계가 아직 없다.", "as_of": "2026-04-03",
}  # fmt: skip
FOUND = {
    "evidence_address": "https://example.org/statistics", "evidence_stance": "supports",
    "evidence_summary_en": "The authority's own table gives 1.2 million tonnes for the year 2030.",
}  # fmt: skip
DESCRIBED = {
    "evidence_medium": "web", "evidence_tier": "secondary", "evidence_title_en": "Cargo statistics",
    "evidence_language": "ko",
}  # fmt: skip


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    hire(places := made(tmp_path), "lee")
    return places


def edit_sheet(
    content: bytes, edits: dict[str, dict[str, str]], encoding: str = "utf-8-sig", delimiter: str = ","
) -> bytes:
    """Return the sheet with changed cells, given by claim ID and column."""
    rows = list(csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows({**row, **edits.get(row["claim_id"], {})} for row in rows)
    return target.getvalue().encode(encoding)


def sheet(places: LedgerPaths, edits: dict[str, dict[str, str]]) -> bytes:
    return edit_sheet(desk.export_sheet(places, WorkFilter()), edits)


def import_sheet(
    places: LedgerPaths, content: bytes, choices: dict[tuple[str, str], str] | None = None, who: StaffMember = KIM
) -> SheetImportResult:
    return desk.import_sheet(places, content, SHEET, choices or {}, who)


def refusals(places: LedgerPaths, content: bytes, who: StaffMember = KIM) -> list[tuple[str, int | None, str]]:
    """Return code, line and field of each import problem; check that the dry run reports the same problems."""
    waiting = [draft.key for draft in lookups.open_drafts(places)]
    planned = desk.plan_import(places, content, SHEET, who)
    with pytest.raises(ProblemsFound) as caught:
        import_sheet(places, content, who=who)
    assert [draft.key for draft in lookups.open_drafts(places)] == waiting
    assert list(planned.problems) == [one for one in caught.value.problems if one.code != "conflict-undecided"]
    return [(problem.code, problem.line, problem.field) for problem in caught.value.problems]


def edit_as_choi(places: LedgerPaths, **changed: object) -> None:
    claim = lookups.claim_at_desk(places, CARGO)
    edit = Edit("choi", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    desk.edit(places, CARGO, claim.claim.to_json() | changed, SeenVersion(claim.head_sha256, None), edit)


def row_number(content: bytes, claim_id: str) -> int:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return [row["claim_id"] for row in rows].index(claim_id) + 2


def test_changed_cell_becomes_a_pending_draft(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: {"note_ko": "한 해의 합이다.", "reason": "덧붙일 말이 있다."}})
    planned = desk.plan_import(places, content, SHEET, KIM)
    assert [(one.claim_id, one.field, one.after) for one in planned.differences] == [
        (CARGO, "note_ko", "한 해의 합이다.")
    ]
    assert lookups.open_drafts(places) == []
    assert import_sheet(places, content).claim_ids == (CARGO,)
    draft = lookups.claim_at_desk(places, CARGO).draft
    assert draft
    assert (draft.authors, draft.kind, draft.reason) == (("kim",), RevisionKind.UPDATE, "덧붙일 말이 있다.")
    assert lookups.claim_at_desk(places, CARGO).claim.note == {"ko": "한 해의 합이다."}
    desk.publish(places, actor("lee"))
    assert [str(problem) for checked in desk.check(places) for problem in checked.problems] == []


def test_unchanged_sheet_changes_nothing(places: LedgerPaths) -> None:
    assert import_sheet(places, sheet(places, {})).claim_ids == ()
    assert lookups.open_drafts(places) == []


def test_export_contains_only_the_filtered_claims(places: LedgerPaths) -> None:
    content = desk.export_sheet(places, WorkFilter({"speaker": "서미래"}))
    assert (GROWTH.encode() in content, CARGO.encode() in content) == (True, False)


@pytest.mark.slow
def test_verdict_from_a_sheet_needs_the_assignee(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: JUDGED})
    row = row_number(content, CARGO)
    assert refusals(places, content) == [("not-now", row, "verdict_so")]
    desk.assign(places, CARGO, Question.SO, "choi", actor("lee"))
    assert refusals(places, content) == [("not-the-assignee", row, "verdict_so")]
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"))
    import_sheet(places, content)
    claim = lookups.claim_at_desk(places, CARGO)
    assert (claim.draft and claim.draft.kind, claim.public and claim.public.verdicts) == (RevisionKind.VERDICT, ())
    assert str(claim.claim.verdict_on(Question.SO)) == "not_enough_evidence"


@pytest.mark.slow
def test_sheet_cannot_change_a_published_verdict(places: LedgerPaths) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"))
    import_sheet(places, sheet(places, {CARGO: JUDGED}))
    desk.publish(places, actor("lee"))
    content = sheet(places, {CARGO: {"verdict_so": "not_checkable"}})
    assert refusals(places, content) == [("correction-on-the-page", row_number(content, CARGO), "verdict_so")]


@pytest.mark.slow
def test_sheet_cannot_reword_a_claim_with_a_verdict(places: LedgerPaths) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"))
    import_sheet(places, sheet(places, {CARGO: JUDGED}))
    desk.publish(places, actor("lee"))
    content = sheet(places, {CARGO: {"statement_en": "Haneul port moved some 1.2 million tonnes in 2030."}})
    assert [code for code, _, _ in refusals(places, content)] == ["reworded-without-correction"]


@pytest.mark.slow
def test_new_evidence_becomes_one_document_for_all_rows(places: LedgerPaths) -> None:
    imported = import_sheet(places, sheet(places, {CARGO: FOUND | DESCRIBED, GROWTH: FOUND | DESCRIBED}))
    assert len(imported.documents) == 1
    by_subject = {draft.subject: draft for draft in lookups.open_drafts(places)}
    document = by_subject[Subject.DOCUMENT].record
    assert isinstance(document, Document)
    assert (document.title, document.language) == ({"en": "Cargo statistics"}, "ko")
    assert (document.medium, document.tier, document.captured) == ("web", "secondary", "none")
    for claim_id in (CARGO, GROWTH):
        assert [one.document_id for one in lookups.claim_at_desk(places, claim_id).claim.evidence] == list(
            imported.documents
        )
    desk.publish(places, actor("lee"))
    assert [str(problem) for checked in desk.check(places) for problem in checked.problems] == []


@pytest.mark.slow
def test_known_address_is_cited_and_must_not_be_described(places: LedgerPaths) -> None:
    imported = import_sheet(places, sheet(places, {CARGO: FOUND | DESCRIBED}))
    content = sheet(places, {GROWTH: FOUND | DESCRIBED})
    row = row_number(content, GROWTH)
    assert refusals(places, content) == [
        ("document-known", row, f"evidence_{name}") for name in ("medium", "tier", "language", "title_ko")
    ]
    assert import_sheet(places, sheet(places, {GROWTH: FOUND})).documents == ()
    assert [one.document_id for one in lookups.claim_at_desk(places, GROWTH).claim.evidence] == list(imported.documents)


@pytest.mark.slow
def test_new_document_needs_a_complete_and_equal_description(places: LedgerPaths) -> None:
    bare = sheet(places, {CARGO: FOUND})
    row = row_number(bare, CARGO)
    assert refusals(places, bare) == [
        ("evidence-incomplete", row, f"evidence_{name}") for name in ("medium", "tier", "language", "title_ko")
    ]
    wrong = sheet(places, {CARGO: FOUND | DESCRIBED | {"evidence_language": "Korean, I think"}})
    assert [(line, field) for _, line, field in refusals(places, wrong)] == [(row, "evidence_language")]
    other = DESCRIBED | {"evidence_tier": "primary"}
    twice = sheet(places, {CARGO: FOUND | DESCRIBED, GROWTH: FOUND | other})
    later = max(row_number(twice, CARGO), row_number(twice, GROWTH))
    assert refusals(places, twice) == [("document-described-twice", later, "evidence_address")]


@pytest.mark.slow
def test_evidence_and_verdict_can_be_imported_together(places: LedgerPaths) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"))
    bare = sheet(places, {CARGO: {**JUDGED, "verdict_so": "supported"}})
    assert [code for code, _, _ in refusals(places, bare)] == ["evidence-needed"]
    both = {CARGO: {**JUDGED, "verdict_so": "supported", **FOUND, **DESCRIBED}}
    assert [code for code, _, _ in refusals(places, sheet(places, both))] == ["few-independent-documents"]
    attach_call(places)
    import_sheet(places, sheet(places, both))
    claim = lookups.claim_at_desk(places, CARGO).claim
    assert (str(claim.verdict_on(Question.SO)), len(claim.evidence)) == ("supported", 2)


def attach_call(places: LedgerPaths) -> None:
    call = {
        "document_id": "call-to-the-port-a2b3", "medium": "call", "title": {"ko": "통화"}, "language": "ko",
        "obtained_at": "2025-04-03T08:00:00.000Z", "captured": "none", "tier": "primary",
    }  # fmt: skip
    says = {"document_id": call["document_id"], "stance": "supports", "summary": {"ko": "그렇다고 한다."}}
    seen = SeenVersion(lookups.claim_at_desk(places, CARGO).head_sha256, None)
    desk.attach(places, CARGO, call, says, seen, Edit("kim", "전화했다.", None, None, (Role.CHECKER,)))


def test_one_refused_row_blocks_the_whole_sheet(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: {"note_en": "A year's total."}, GROWTH: JUDGED})
    assert refusals(places, content) == [("not-now", row_number(content, GROWTH), "verdict_so")]


def test_editor_without_checker_role_cannot_import_a_sheet(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: {"note_en": "A year's total."}})
    assert [code for code, _, _ in refusals(places, content, StaffMember("lee", (Role.EDITOR,)))] == ["role-needed"]


@pytest.mark.slow
@pytest.mark.parametrize(("choice", "says"), [("mine", "Mine."), ("theirs", "Theirs."), ("A third.", "A third.")])
def test_sheet_conflict_is_resolved_by_choice(places: LedgerPaths, choice: str, says: str) -> None:
    content = sheet(places, {CARGO: {"note_en": "Mine.", "note_ko": "이쪽은 나만 고쳤다."}})
    edit_as_choi(places, note={"en": "Theirs."})
    assert refusals(places, content) == [("conflict-undecided", row_number(content, CARGO), "note_en")]
    import_sheet(places, content, {(CARGO, "note_en"): choice})
    claim = lookups.claim_at_desk(places, CARGO)
    assert claim.claim.note == {"en": says, "ko": "이쪽은 나만 고쳤다."}
    assert claim.draft
    assert claim.draft.authors == ("kim", "choi")


def test_import_is_refused_if_the_plan_has_changed(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: {"note_en": "Mine."}})
    edit_as_choi(places, note={"en": "Theirs."})
    seen = sheet_steps.plan_fingerprint(desk.plan_import(places, content, SHEET, KIM))
    claim = lookups.claim_at_desk(places, CARGO)
    edit = Edit("choi", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    fields = claim.claim.to_json() | {"note": {"en": "Theirs, again."}}
    desk.edit(
        places, CARGO, fields, SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None), edit
    )
    with pytest.raises(ProblemsFound, match="plan-changed-meanwhile"):
        desk.import_sheet(places, content, SHEET, {(CARGO, "note_en"): "mine"}, KIM, seen=seen)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8"])
@pytest.mark.parametrize(("delimiter", "mark"), [("semicolon", ";"), ("tab", "\t")])
def test_sheet_is_exported_and_imported_in_the_browser(
    places: LedgerPaths, encoding: str, delimiter: str, mark: str
) -> None:
    client = signed_in(places, "kim")
    asked = {"encoding": encoding, "delimiter": delimiter}
    content = client.get(f"{PREFIX}/sheets/export", params=asked).content
    edited = edit_sheet(content, {CARGO: {"note_ko": "한글 덧붙임"}}, encoding, mark)
    shown = upload(client, edited)
    assert "한글 덧붙임" in shown
    given = {name: field(shown, name) for name in ("act", "name", "seen", "content")}
    status, page = sent(client, "/sheets/import", **given)
    assert (status, "1 claim is waiting for approval" in page) == (200, True)
    assert lookups.claim_at_desk(places, CARGO).claim.note == {"ko": "한글 덧붙임"}


def test_row_without_a_reason_gets_a_bilingual_default(places: LedgerPaths) -> None:
    import_sheet(places, sheet(places, {CARGO: {"note_en": "A year's total."}}))
    draft = lookups.claim_at_desk(places, CARGO).draft
    assert (draft and draft.reason) == "Imported from a review spreadsheet. · 검토용 엑셀에서 가져왔다."


@pytest.mark.slow
def test_import_page_says_documents_come_as_described(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    shown = upload(client, sheet(places, {CARGO: FOUND | DESCRIBED}))
    assert "are added to the desk as the file describes them" in shown
    _, page = sent(
        client, "/sheets/import", **{name: field(shown, name) for name in ("act", "name", "seen", "content")}
    )
    assert "New documents, as the file describes them." in page


def upload(client: TestClient, content: bytes, status: int = 200) -> str:
    answer = client.post(
        f"{PREFIX}/sheets/import",
        data={"form_token": token(client)},
        files={"file": ("sheet.csv", content, "text/csv")},
    )
    assert answer.status_code == status
    return str(answer.text)


@pytest.mark.slow
def test_dry_run_shows_refusals_and_offers_no_import(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    content = sheet(places, {CARGO: {"note_en": "A year's total."}, GROWTH: JUDGED})
    shown = upload(client, content)
    assert f"row {row_number(content, GROWTH)} <code>verdict_so</code>" in shown
    assert ("[not-now]" in shown, "Import all changes" in shown) == (True, False)
    assert lookups.open_drafts(places) == []


@pytest.mark.slow
def test_sheet_conflict_is_resolved_in_the_browser(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: {"note_en": "Mine."}})
    edit_as_choi(places, note={"en": "Theirs."})
    client = signed_in(places, "kim")
    shown = upload(client, content)
    assert len(re.findall(rf'type="radio" name="choice:{CARGO}:note_en"', shown)) == 3
    given = {name: field(shown, name) for name in ("act", "name", "seen", "content")}
    assert sent(client, "/sheets/import", **given)[0] == 409
    place = f"{CARGO}:note_en"
    status, _ = sent(client, "/sheets/import", **given, **{f"choice:{place}": "text", f"text:{place}": "Both agreed."})
    assert (status, lookups.claim_at_desk(places, CARGO).claim.note) == (200, {"en": "Both agreed."})


@pytest.mark.slow
def test_problems_are_shown_by_row_and_column(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    content = sheet(places, {CARGO: {"verdict_so": "perhaps", "speaker": "somebody"}})
    shown = upload(client, content)
    assert f"row {row_number(content, CARGO)} <code>verdict_so</code>" in shown
    assert "column-not-taken-in" in shown
    assert "Import all changes" not in shown
    assert "workbook-unreadable" in upload(client, b"PK\x03\x04 a workbook")
    upload(client, b"", 409)


@pytest.mark.slow
def test_sheet_up_to_the_size_limit_is_accepted(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    blanks = b" " * 2_500 + b"," * 30 + b"\r\n"  # few enough rows
    content = sheet(places, {CARGO: {"note_en": "Mine."}})
    largest = content + blanks * ((LARGEST - len(content)) // len(blanks))
    shown = upload(client, largest)
    given = {name: field(shown, name) for name in ("act", "name", "seen", "content")}
    assert len(given["content"]) < len(largest) / 10
    assert sent(client, "/sheets/import", **given)[0] == 200
    assert lookups.claim_at_desk(places, CARGO).claim.note == {"en": "Mine."}
    assert "20,000,000 bytes" in upload(client, b"a" * (LARGEST + 1), 409)
    assert "20,000,000 bytes" in upload(client, b"a" * (2 * LARGEST), 409)


@pytest.mark.slow
def test_edited_workbook_can_be_imported(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    answer = client.get(f"{PREFIX}/sheets/export", params={"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    place = {name: number for number, name in enumerate(SHEET_HEADER, start=1)}
    row = [cell.value for cell in sheet["A"]].index(CARGO) + 1
    sheet.cell(row, place["note_en"]).value = "Mine."
    target = io.BytesIO()
    book.save(target)
    shown = upload(client, target.getvalue())
    given = {name: field(shown, name) for name in ("act", "name", "seen", "content")}
    assert sent(client, "/sheets/import", **given)[0] == 200
    assert [draft.key for draft in lookups.open_drafts(places)] == [CARGO]
    assert lookups.claim_at_desk(places, CARGO).claim.note == {"en": "Mine."}
    sheet.cell(row, place["note_ko"]).value = "=1+1"
    target = io.BytesIO()
    book.save(target)
    assert f"row {row} <code>note_ko</code>" in upload(client, target.getvalue())


def test_exported_workbook_contains_the_filtered_claims(places: LedgerPaths) -> None:
    answer = signed_in(places, "kim").get(f"{PREFIX}/sheets/export", params={"format": "xlsx", "speaker": "서미래"})
    assert answer.headers["content-disposition"].endswith(".xlsx")
    strings = ZipFile(io.BytesIO(answer.content)).read("xl/sharedStrings.xml").decode()
    assert (GROWTH in strings, CARGO in strings) == (True, False)


@pytest.mark.slow
def test_export_names_the_field_with_an_unencodable_character(places: LedgerPaths) -> None:
    edit_as_choi(places, note={"en": "🚢"})
    desk.publish(places, actor("lee"))
    answer = signed_in(places, "kim").get(f"{PREFIX}/sheets/export", params={"encoding": Encoding.CP949.value})
    assert (answer.status_code, "note_en" in answer.text) == (409, True)


@pytest.mark.slow
def test_sheet_pages_need_a_session_and_a_form_token(places: LedgerPaths) -> None:
    for path in ("/sheets", "/sheets/export", "/reports", "/publish"):
        assert visitor(places).get(f"{PREFIX}{path}", follow_redirects=False).status_code == 303
    assert visitor(places).post(f"{PREFIX}/sheets/import").status_code == 401
    files = {"file": ("sheet.csv", sheet(places, {}), "text/csv")}
    assert signed_in(places, "kim").post(f"{PREFIX}/sheets/import", files=files).status_code == 409
    assert signed_in(places, "kim").get(f"{PREFIX}/sheets").status_code == 200
