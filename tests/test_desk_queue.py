"""The queue in the browser: bulk actions and their messages, deadlines, and counts."""

from __future__ import annotations

import re
import tomllib
from contextlib import nullcontext
from importlib.resources import files
from pathlib import Path

import newsroom
import pytest
from desk_visits import PREFIX, TestClient, made, sent, signed_in
from newsroom import CARGO, GROWTH, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.newsroom_clock import TIMEZONE_VARIABLE
from claimledger.errors import ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.desk_vocabulary import CheckStage, Priority
from claimledger.vocabulary import Question, RevisionKind

SO, SAID = Question.SO, Question.SAID
LEE = actor("lee")
BOTH = [CARGO, GROWTH]
WORDS = tomllib.loads(files("claimledger.datasette_plugin.desk_pages").joinpath("words.toml").read_text("utf-8"))


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


@pytest.fixture
def lee(places: LedgerPaths) -> TestClient:
    return signed_in(places, "lee")


def count_actions(places: LedgerPaths) -> int:
    return sum(len(lookups.claim_at_desk(places, claim_id).acts) for claim_id in BOTH)


def propose(places: LedgerPaths, claim_id: str = CARGO) -> None:
    """Assign the claim to kim, who proposes a verdict dated in the past."""
    desk.assign(places, claim_id, SO, "kim", LEE, due_on="2199-04-09")
    claim = lookups.claim_at_desk(places, claim_id)
    verdict = {
        "question": "so",
        "value": "not_enough_evidence",
        "rationale": {"ko": "자료가 없다."},
        "as_of": "2023-04",
    }
    made = newsroom.edit_by("kim", "첫 판정", RevisionKind.VERDICT)
    fields = claim.claim.to_json() | {"verdicts": [verdict]}
    assert desk.edit(places, claim_id, fields, SeenVersion(claim.head_sha256, None), made)


def alert_text(page: str) -> str:
    found = re.search(r'<div class="refusal" role="alert">(.*?)</div>', page, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.slow
@pytest.mark.parametrize("act", ["assign", "approve", "publish"])
def test_bulk_action_without_claims_is_refused_and_keeps_input(places: LedgerPaths, lee: TestClient, act: str) -> None:
    before = count_actions(places)
    status, page = sent(lee, "?view=all", act=act, assignee="kim", due_on="2199-04-09")
    assert status == 409
    assert re.search(r'id="none-chosen"[^>]*>No claim is selected', page)
    assert '<option value="kim" selected>' in page
    assert 'name="due_on" type="date" value="2199-04-09"' in page
    assert count_actions(places) == before
    assert ">No claim is selected" not in lee.get(f"{PREFIX}?view=all").text


@pytest.mark.slow
def test_bulk_assignment_names_claims_and_shows_the_deadline(places: LedgerPaths, lee: TestClient) -> None:
    form = {"act": "assign", "claim_id": BOTH, "assignee": "kim", "due_on": "2199-04-09"}
    status, page = sent(lee, "?view=all&record=listed", **form)
    assert status == 200
    message = re.search(r'<div class="done" role="status">(.*?)</div>', page, re.DOTALL)
    assert message
    assert "2 claims were assigned:" in message[1]
    assert [f"{PREFIX}/claims/{one}" in message[1] for one in BOTH] == [True, True]
    assert page.count('data-label="Deadline">2199-04-09') == 2
    assert "view=all&amp;record=listed" in page, "the filters stay"
    assert [lookups.claim_at_desk(places, one).due_on for one in BOTH] == ["2199-04-09"] * 2


@pytest.mark.slow
def test_assignment_without_a_deadline_keeps_existing_deadlines(places: LedgerPaths, lee: TestClient) -> None:
    desk.assign(places, CARGO, SO, "kim", LEE, due_on="2199-04-09")
    sent(lee, "", act="assign", claim_id=BOTH, assignee="choi")
    claims = [lookups.claim_at_desk(places, one) for one in BOTH]
    assert [(claim.assignee(SO), claim.due_on) for claim in claims] == [("choi", "2199-04-09"), ("choi", None)]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "sentence"), [("en", "is in the past"), ("ko", "이미 지났습니다")])
def test_past_deadline_is_refused_and_nothing_is_assigned(
    places: LedgerPaths, lee: TestClient, language: str, sentence: str
) -> None:
    sent(lee, "/language", language=language)
    status, page = sent(lee, "?view=all", act="assign", claim_id=BOTH, assignee="kim", due_on="2021-04-09")
    assert (status, sentence in alert_text(page), "[deadline-past]" in page) == (409, True, True)
    assert 'value="2021-04-09"' in page
    assert len(re.findall('name="claim_id"[^>]* checked', page)) == 2, "ticked boxes stay ticked"
    status, page = sent(lee, f"/claims/{CARGO}/assign", question="so", assignee="kim", due_on="2021-04-09")
    assert (status, "[deadline-past]" in page) == (409, True)
    assert [lookups.claim_at_desk(places, one).assignee(SO) for one in BOTH] == [None, None]


@pytest.mark.parametrize(("zone", "kept"), [("Pacific/Honolulu", "2031-04-02"), ("Asia/Seoul", None)])
def test_deadline_is_compared_with_the_newsrooms_date(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, zone: str, kept: str | None
) -> None:
    monkeypatch.setenv(TIMEZONE_VARIABLE, zone)
    clock = newsroom.Clock()  # 9:00 on 3 April in UTC is still 2 April in Honolulu
    clock.now = clock.now.replace(hour=9)
    with nullcontext() if kept else pytest.raises(ProblemsFound, match="deadline-past"):
        desk.assign(places, CARGO, SO, "kim", LEE, due_on="2031-04-02", clock=clock)
    assert lookups.claim_at_desk(places, CARGO).due_on == kept


@pytest.mark.slow
def test_claim_page_lists_the_possible_assignees(places: LedgerPaths, lee: TestClient) -> None:
    def assignees(client: TestClient) -> list[str]:
        chooser = re.findall(r'<select id="assign-assignee".*?</select>', client.get(f"{PREFIX}/claims/{CARGO}").text)
        return re.findall(r'<option value="(\w*)"', chooser[0])

    assert assignees(lee) == ["choi", "kim", ""]
    assert assignees(signed_in(places, "kim")) == ["kim", ""], "a checker can assign only themselves"
    desk.assign(places, CARGO, SO, "kim", LEE, due_on="2199-04-09")
    sent(lee, f"/claims/{CARGO}/assign", question="said", assignee="choi", due_on="2199-01-01")
    page = lee.get(f"{PREFIX}/claims/{CARGO}").text
    assert ("(kim, Deadline 2199-04-09)" in page, "(choi, Deadline 2199-01-01)" in page) == (True, True)


@pytest.mark.slow
def test_deadline_or_priority_without_an_assignee_is_refused(places: LedgerPaths, lee: TestClient) -> None:
    desk.assign(places, CARGO, SO, "kim", LEE, due_on="2199-04-09", priority=Priority.URGENT)
    for given in ({"due_on": "1999-01-01"}, {"priority": "later"}):
        status, page = sent(lee, f"/claims/{CARGO}/assign", question="so", assignee="", **given)
        assert (status, "[assigned-to-nobody]" in page, lookups.claim_at_desk(places, CARGO).assignee(SO)) == (
            409,
            True,
            "kim",
        )
    for assignee, kept in (("choi", Priority.URGENT), ("", Priority.NORMAL)):
        form = lee.get(f"{PREFIX}/claims/{CARGO}").text
        chosen = re.findall(
            r'<option value="(\w*)" selected', form.split('id="assign-priority"')[1].split("</select>")[0]
        )
        sent(lee, f"/claims/{CARGO}/assign", question="so", assignee=assignee, priority="".join(chosen), due_on="")
        claim = lookups.claim_at_desk(places, CARGO)
        assert (claim.assignee(SO) or "", claim.priority) == (assignee, kept)


def test_queue_offers_only_active_checkers(places: LedgerPaths, lee: TestClient) -> None:
    page = lee.get(f"{PREFIX}?view=all").text
    chooser = re.search(r'<select id="assignee".*?</select>', page, re.DOTALL)
    assert chooser
    assert re.findall(r'<option value="(\w+)"', chooser[0]) == ["choi", "kim"]


@pytest.mark.slow
def test_refused_bulk_approval_names_the_claim_and_does_nothing(places: LedgerPaths, lee: TestClient) -> None:
    propose(places)
    shown = box_values(lee.get(f"{PREFIX}?view=review").text)
    both = [f"{claim_id}:{shown.get(claim_id, 0)}" for claim_id in BOTH]
    status, page = sent(lee, "?view=all", act="approve", claim_id=both)
    assert status == 409
    assert "“Approve”: none of the 2 selected claims was changed" in alert_text(page).replace("&#39;", "'")
    assert f'<a href="{PREFIX}/claims/{GROWTH}">' in alert_text(page)
    assert f'<a href="{PREFIX}/claims/{CARGO}">' not in alert_text(page)
    assert lookups.claim_at_desk(places, CARGO).waiting_stage is CheckStage.PROPOSED
    _, page = sent(lee, "?view=all", act="approve", claim_id=both[0])
    assert "1 claim was approved and can be published:" in page
    assert lookups.claim_at_desk(places, CARGO).waiting_stage is CheckStage.APPROVED


def box_values(page: str) -> dict[str, str]:
    """Return the draft number that each claim's check box sends, by claim ID."""
    return dict(re.findall(r'name="to_approve" value="((?:[^":]*)):(\d+)"', page))


@pytest.mark.slow
def test_changed_draft_is_not_approved_from_an_old_page(places: LedgerPaths, lee: TestClient) -> None:
    propose(places)
    shown = box_values(lee.get(f"{PREFIX}?view=review").text)[CARGO]
    claim = lookups.claim_at_desk(places, CARGO)
    assert claim.draft
    fields = claim.claim.to_json() | {"topics": ["hijack"]}
    desk.edit(
        places, CARGO, fields, SeenVersion(claim.head_sha256, claim.draft.draft_id), newsroom.edit_by("kim", "고침")
    )
    status, page = sent(lee, "?view=all", act="approve", claim_id=f"{CARGO}:{shown}")
    assert (status, "[draft-changed-meanwhile]" in page) == (409, True)
    assert lookups.claim_at_desk(places, CARGO).waiting_stage is CheckStage.PROPOSED
    status, page = sent(lee, "?view=all", act="approve", claim_id=CARGO)
    assert (status, "[draft-unseen]" in page) == (409, True), "a list without verdicts approves nothing"


@pytest.mark.slow
def test_bulk_publish_leads_to_the_preview_or_names_idle_claims(places: LedgerPaths, lee: TestClient) -> None:
    propose(places)
    status, page = sent(lee, "?view=all", act="publish", claim_id=BOTH)
    assert (status, GROWTH in alert_text(page), CARGO in alert_text(page)) == (409, True, False)
    answer = lee.post(
        PREFIX, data={"form_token": re.findall(r'form_token" value="(\w+)', page)[0], "act": "publish",
                      "claim_id": CARGO}, follow_redirects=False,
    )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PREFIX}/publish?key={CARGO}")
    assert lookups.claim_at_desk(places, CARGO).draft


def test_each_tab_shows_its_number_of_claims(places: LedgerPaths, lee: TestClient) -> None:
    propose(places)
    page = lee.get(f"{PREFIX}?view=open&speaker=somebody").text
    counts = dict(re.findall(r'view=(\w+)"[^>]*>[^<]*<span class="count">(\d+)', page))
    assert {name: counts[name] for name in ("mine", "review", "open", "all")} == {
        "mine": "0", "review": "1", "open": "1", "all": "2"
    }  # fmt: skip


@pytest.mark.slow
def test_bulk_messages_quote_the_statements_of_claims(places: LedgerPaths, lee: TestClient) -> None:
    propose(places)
    shown = box_values(lee.get(f"{PREFIX}?view=review").text)
    _, page = sent(lee, "?view=all", act="approve", claim_id=[f"{one}:{shown.get(one, 0)}" for one in BOTH])
    assert f'/claims/{GROWTH}">Haneul port&#39;s cargo will grow by 10 percent in 2031.</a>' in alert_text(page)
    _, page = sent(lee, "?view=all", act="approve", claim_id=f"{CARGO}:{shown[CARGO]}")
    assert '">Haneul port moved about 1.2 million tonnes in 2030.</a>' in page.partition("<table")[0]


def test_filtered_list_can_be_exported_as_a_sheet(lee: TestClient) -> None:
    page = lee.get(f"{PREFIX}?view=all&words=tonnes").text
    (address,) = re.findall(r'href="([^"]*/sheets/export[^"]*)"', page)
    sheet = lee.get(address.replace("&amp;", "&")).text
    assert (CARGO in sheet, GROWTH in sheet) == (True, False)
    assert CARGO not in lee.get(f"{PREFIX}/sheets/export?view=queries").text


def test_unknown_bulk_action_is_refused(lee: TestClient) -> None:
    assert sent(lee, "", act="delete", claim_id=CARGO)[0] == 404


def test_forged_message_in_the_address_is_not_shown(lee: TestClient) -> None:
    page = lee.get(f"{PREFIX}?view=all&done=approve&of=<b>x</b>&of=javascript:alert(1)").text
    assert 'class="done"' not in page
    assert 'class="done"' not in lee.get(f"{PREFIX}?done=delete&of={CARGO}").text


def test_review_view_separates_new_claims_from_verdicts(places: LedgerPaths, lee: TestClient) -> None:
    third = newsroom.growth() | {"claim_id": "haneul-port-expects-more-e5f6"}
    path = newsroom.write(places, "haneul-port-expects-more-e5f6", third)
    desk.record(places, [path], newsroom.edit_by("kim", "Found later."))
    propose(places)
    page = lee.get(f"{PREFIX}?view=review").text
    assert (page.count("<b>Not public yet</b>"), page.count("<b>Waiting for approval</b>")) == (1, 1)
    assert "“Not public yet” marks a draft that was never published" in page


def test_published_check_has_no_deadline(places: LedgerPaths) -> None:
    propose(places)
    desk.publish(places, LEE)
    assert lookups.claim_at_desk(places, CARGO).due_on is None
    assert [row.due_on for row in lookups.queue(places, WorkFilter())[0]] == ["", ""]


def test_deadline_of_the_open_question_stays_after_publishing(places: LedgerPaths) -> None:
    desk.assign(places, CARGO, SAID, "kim", LEE, due_on="2199-09-01")
    propose(places)
    assert lookups.claim_at_desk(places, CARGO).due_on == "2199-04-09", "the earlier of the two"
    desk.publish(places, LEE)
    assert lookups.claim_at_desk(places, CARGO).due_on == "2199-09-01"


def test_claim_count_is_singular_or_plural(places: LedgerPaths, lee: TestClient) -> None:
    assert "2 claims<" in lee.get(f"{PREFIX}?view=all").text
    assert "1 claim<" in lee.get(f"{PREFIX}?view=all&speaker=서미래").text


@pytest.mark.parametrize(
    "name",
    [f"{part}.{name}" for part, table in WORDS.items() for name, words in table.items() if "{count" in str(words)],
)
def test_counted_wordings_have_an_english_singular(name: str) -> None:
    part, _, key = name.partition(".")
    words = WORDS[part][key]
    one, many = words["en"]
    assert isinstance(words["ko"], str)
    assert one != many
