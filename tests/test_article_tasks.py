"""An article as a task: its deadline with hours, which claims inherit, and notes of colleagues."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from article_pages import HERE, Browser, make_newsroom
from newsroom import ARTICLE_ID, CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk_vocabulary import Action
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.action_details import read_action_detail
from claimledger.newsroom.work_items import WorkFilter
from claimledger.vocabulary import Question, RevisionKind

DUE = "2031-04-03T17:30"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    monkeypatch.setenv("CLAIMLEDGER_TIMEZONE", "Asia/Seoul")
    return newsroom.published(tmp_path, Clock())


def deadlines(places: LedgerPaths) -> dict[str, str]:
    return {row.claim_id: row.due_on for row in lookups.queue(places, WorkFilter())[0]}


def set_deadline(places: LedgerPaths, due_on: str | None) -> None:
    desk.set_deadline(places, ARTICLE_ID, due_on, actor("editor"), lambda: Clock()().replace(hour=0))


def test_claims_inherit_the_deadline_until_checked(places: LedgerPaths) -> None:
    clock = Clock()
    newsroom.hire(places, "checker")
    assert deadlines(places) == {CARGO: "", GROWTH: ""}
    set_deadline(places, "2031-04-03 17:30")
    assert deadlines(places) == {CARGO: DUE, GROWTH: DUE}
    desk.assign(places, CARGO, Question.SO, "checker", actor("editor"), due_on="2031-04-03", clock=clock)
    assert deadlines(places) == {CARGO: "2031-04-03", GROWTH: DUE}
    desk.assign(places, GROWTH, Question.SO, "checker", actor("editor"), clock=clock)
    assert deadlines(places)[GROWTH] == DUE
    verdict = {"question": "so", "value": "not_checkable", "rationale": {"en": "A forecast."}, "as_of": "2031-04"}
    seen = SeenVersion(lookups.claim_at_desk(places, GROWTH).head_sha256, None)
    fields = lookups.claim_at_desk(places, GROWTH).claim.to_json() | {"verdicts": [verdict]}
    desk.edit(places, GROWTH, fields, seen, newsroom.edit_by("checker", "Checked", RevisionKind.VERDICT), clock)
    desk.publish(places, actor("lee"), [GROWTH], clock=clock)
    assert deadlines(places)[GROWTH] == ""
    set_deadline(places, None)
    assert deadlines(places) == {CARGO: "2031-04-03", GROWTH: ""}


@pytest.mark.parametrize(("due_on", "code"), [("2031-04-03 09:00", "deadline-past"), ("2031-04-02", "deadline-past"),
                                              ("tomorrow", "not-a-desk-time"), ("2031-02-30", "no-such-day"),
                                              ("2031-04-03T24:00", "not-a-desk-time")])  # fmt: skip
def test_deadline_is_a_time_of_the_newsroom_that_has_not_passed(places: LedgerPaths, due_on: str, code: str) -> None:
    set_deadline(places, "2031-04-03 09:01")  # it is one minute past nine in Seoul
    with pytest.raises(ProblemsFound) as refusal:
        set_deadline(places, due_on)
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_detail_keeps_only_the_deadline() -> None:
    assert read_action_detail(Action.SET_DEADLINE, {"due_on": ""}) == {}
    with pytest.raises(ProblemsFound):
        read_action_detail(Action.NOTE_ARTICLE, {"text": " "})


def test_unknown_article_has_no_deadline_and_no_notes(places: LedgerPaths) -> None:
    with pytest.raises(NotFound):
        desk.note_article(places, "no-such-article", "x", actor("editor"))
    assert lookups.article_task(places, "no-such-article") == ("", [])


@pytest.mark.slow
def test_article_page_shows_progress_deadline_and_notes(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    editor, checker = Browser(places, "editor"), Browser(places, "checker")
    assert "The deadline was saved." in editor.post(f"{HERE}/deadline", due_on="2999-04-03T17:30").text
    assert "[not-a-desk-time]" in editor.post(f"{HERE}/deadline", due_on="soon").text
    checker.post(f"{HERE}/note", text="소장은 <5시> 이후에 통화 가능")
    page = checker.get(HERE)
    assert "checked 0 of 2" in page
    assert "Deadline 2999-04-03 17:30" in page
    assert "소장은 &lt;5시&gt; 이후에 통화 가능" in page
    assert "2999-04-03 17:30" in checker.get(f"{PREFIX}/articles")
    assert "2999-04-03 17:30" in checker.get(f"{PREFIX}?view=all")
    assert "2999-04-03 17:30" in checker.get(f"{PREFIX}/claims/{CARGO}")
