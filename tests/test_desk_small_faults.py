"""Faults of daily work at the desk: leftover files, wrong notes, dates of spreadsheets, Korean topics."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

import desk_visits
import newsroom
import openpyxl
import pytest
from desk_visits import PREFIX, field, sent, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, actor

from claimledger import desk
from claimledger.desk import lookups, sheet_steps
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Quantity
from claimledger.newsroom.work_items import WorkFilter
from claimledger.publishing.figure_words import figure_in_words
from claimledger.sheets.review_sheet import read_sheet
from claimledger.vocabulary import Question, RevisionKind

pytestmark = pytest.mark.slow
NEW = "staff-of-forty-a2b3"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


@pytest.mark.parametrize("is_edited", [False, True])
def test_discarding_a_new_claim_deletes_only_its_unedited_file(places: LedgerPaths, *, is_edited: bool) -> None:
    path = newsroom.write(places, NEW, newsroom.cargo() | {"claim_id": NEW})
    desk.record(places, [path], newsroom.edit_by("kim", "First reading"))
    if is_edited:
        newsroom.edit(path, "topics:\n", "topics:\n- quays\n")
    newsroom.discard(places, NEW, newsroom.edit_by("kim", "Not a claim."), newsroom.Clock())
    assert path.exists() is is_edited
    if not is_edited:
        assert desk.record(places, [], newsroom.edit_by("kim", "Again")) == [], "the claim does not come back"


def test_page_for_a_new_edition_knows_the_text(places: LedgerPaths) -> None:
    kim = signed_in(places, "kim")
    shown = kim.get(f"{PREFIX}/articles/new?article_id={ARTICLE_ID}").text
    assert 'class="refusal"' in shown, "the text is missing"
    newsroom.add(places, TEXT, newsroom.Clock())
    assert 'class="refusal"' not in kim.get(f"{PREFIX}/articles/new?article_id={ARTICLE_ID}").text


def test_correction_cites_a_document_of_the_desk(places: LedgerPaths) -> None:
    newsroom.attach(places, GROWTH, newsroom.Clock())
    held = lookups.claim_at_desk(places, GROWTH).claim.evidence[0].document_id
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"))
    fields = lookups.claim_at_desk(places, CARGO)
    open_verdict = {"question": "so", "value": "not_enough_evidence", "rationale": {"en": "None."}, "as_of": "2026-04"}
    desk.edit(places, CARGO, fields.claim.to_json() | {"verdicts": [open_verdict]}, desk_seen(places),
              newsroom.edit_by("kim", "Checked.", RevisionKind.VERDICT))  # fmt: skip
    desk.publish(places, actor("lee"))
    kim = signed_in(places, "kim")
    form = {
        "seen": field(kim.get(f"{PREFIX}/claims/{CARGO}").text, "seen"), "correction": "verdict_changed",
        "public_note_en": "The yearbook has it.", "reason": "Found.", "so_value": "supported", "so_as_of": "2026-05",
        "so_rationale_en": "The yearbook has it.", "cited_document": held, "stance": "supports",
        "summary_en": "Table 3.",
    }  # fmt: skip
    assert sent(kim, f"/claims/{CARGO}/correct", **form)[0] == 200
    (cited,) = lookups.claim_at_desk(places, CARGO).claim.evidence
    assert (cited.document_id, cited.summary) == (held, {"en": "Table 3."})


def desk_seen(places: LedgerPaths) -> desk.check_steps.SeenVersion:
    at = lookups.claim_at_desk(places, CARGO)
    return desk.check_steps.SeenVersion(at.head_sha256, at.draft.draft_id if at.draft else None)


@pytest.mark.parametrize(
    ("form", "day", "read"),
    [("yyyy-mm-dd", 1, "2026-04-01"), ("yyyy-mm-dd", 25, "2026-04-25"), ("mmm-yy", 1, "2026-04")],
)
def test_date_cells_of_a_workbook_are_read(form: str, day: int, read: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["claim_id", "revision", "said_as_of"])
    sheet.append([CARGO, 1, datetime(2026, 4, day)])  # noqa: DTZ001  a workbook has no time zones
    sheet["C2"].number_format = form
    target = io.BytesIO()
    book.save(target)
    content = read_sheet(target.getvalue(), "a.xlsx")
    assert ([row.cells["said_as_of"] for row in content.rows], content.problems) == ([read], ())


def test_sheet_has_passages_in_the_order_of_the_article(places: LedgerPaths) -> None:
    newsroom.add(places, TEXT, newsroom.Clock())
    desk.assign(places, GROWTH, Question.SO, "kim", actor("lee"), due_on="2199-01-01")  # now the more urgent one
    content = read_sheet(sheet_steps.export_sheet(places, WorkFilter()), "a.csv")
    assert [row.claim_id for row in content.rows] == [CARGO, GROWTH]
    assert "“하늘항만공사는 지난해 화물이 약 120만t이라고 밝혔다”" in content.rows[0].cells["passages"]


def test_topics_can_be_typed_in_korean(places: LedgerPaths) -> None:
    kim = signed_in(places, "kim")
    seen = field(kim.get(f"{PREFIX}/claims/{CARGO}").text, "seen")
    assert sent(kim, f"/claims/{CARGO}/edit", seen=seen, topics="수출 통제, 항만", reason="Topics.")[0] == 200
    assert lookups.claim_at_desk(places, CARGO).claim.topics == ("export-controls", "hangman")


def test_ratio_above_one_is_no_percentage() -> None:
    five = Quantity.model_validate({"text": "5대 1", "amount": "5", "unit": "ratio"})
    part = Quantity.model_validate({"text": "4분의 1", "amount": "0.25", "unit": "ratio"})
    assert [figure_in_words(one, "ko") for one in (five, part)] == ["5대 1", "25%"]
    assert figure_in_words(five, "en") == "5 to 1"


def test_article_offers_known_speakers_and_the_last_reasons(places: LedgerPaths) -> None:
    newsroom.add(places, TEXT, newsroom.Clock())
    for reason in ("Only a date.", "A name."):
        desk.dismiss(places, ARTICLE_ID, newsroom.span("40명"), newsroom.edit_by("kim", reason))
    page = signed_in(places, "kim").get(f"{PREFIX}/articles/{ARTICLE_ID}?words=직원은 40명이다").text
    offered = {
        name: re.findall(r'value="([^"]*)"', re.findall(rf'<datalist id="{name}">(.*?)</datalist>', page, re.DOTALL)[0])
        for name in ("reasons", "speakers-ko")
    }
    assert offered == {"reasons": ["A name.", "Only a date."], "speakers-ko": ["서미래", "하늘항만공사"]}
