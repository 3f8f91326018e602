"""Concurrent edits of one claim: the later author sees both versions field by field and chooses."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import newsroom
import pytest
from desk_visits import TestClient, field, made, sent, signed_in
from newsroom import CARGO
from starlette.datastructures import FormData

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.datasette_plugin.desk_pages.claim_form import changed_fields, claim_form_values
from claimledger.datasette_plugin.desk_pages.conflict_page import _record_path
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import Question

PAGE = f"/claims/{CARGO}"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def edit_form(client: TestClient) -> dict[str, str]:
    """Return the unchanged values of the edit form, as a browser sends them."""
    page = client.get(f"{PREFIX}{PAGE}").text
    claim = lookups.claim_at_desk(client.app.state.places, CARGO).claim  # type: ignore[attr-defined]
    names = re.findall(r'id="edit-(\w+)" name="\1"', page)
    current = claim_form_values(claim.to_json())
    return {name: current.get(name, "") for name in names} | {"seen": field(page, "seen"), "reason": "더 낫다."}


def make_conflict(places: LedgerPaths, language: str = "en") -> tuple[TestClient, str]:
    """Save an edit by kim, then an older one by choi; return choi's client and the conflict page."""
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "choi", author="admin-console", now=step_setup.utc_now(), language=language)
    kim, choi = signed_in(places, "kim"), signed_in(places, "choi")
    hers, theirs = edit_form(choi), edit_form(kim)
    assert (
        sent(kim, f"{PAGE}/edit", **theirs | {"topics": "ships", "about_on": "2029", "source_kind": "report"})[0] == 200
    )
    mine = hers | {"topics": "ports", "said_on": "2031-01", "source_kind": "filing", "reason": "나의 까닭"}
    status, page = sent(choi, f"{PAGE}/edit", **mine)
    assert status == 409
    return choi, page


def conflict_form(page: str) -> dict[str, str]:
    """Return the form values of the conflict page before anything is chosen."""
    form = re.search(r'<form method="post" action="[^"]*/edit">.*?</form>', page, re.DOTALL)
    assert form
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0])
    areas = re.findall(r'<textarea [^>]*name="([^"]*)">([^<]*)</textarea>', form[0])
    return {name: unescape(value) for name, value in (*hidden, *areas) if name != "form_token"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_conflict_page_shows_both_versions_with_labels(language: str, places: LedgerPaths) -> None:
    _, page = make_conflict(places, language)
    shown = re.sub(r"<textarea.*?</textarea>|<[^>]*>", " ", page.split("<main")[1])
    english = ("Topics", "kim changed", "Changed only by you")
    own = english if language == "en" else ("주제", "kim 님이", "나만 수정한 항목", "공시·고시")
    for words in (*own, "ports", "ships", "cargo", "2031-01", "2029"):
        assert words in shown, words
    for raw in ("claimledger", "{", "[&#34;", "topics", " filing  ", "source.kind", "open-draft"):
        assert raw not in shown


@pytest.mark.slow
@pytest.mark.parametrize(("choice", "topics", "source"), [
    ("mine", ("ports",), "filing"), ("theirs", ("ships",), "report"), ("edit", ("ports", "ships"), "filing"),
])  # fmt: skip
def test_conflict_choice_is_saved_with_all_other_changes(
    choice: str, topics: tuple[str, ...], source: str, places: LedgerPaths
) -> None:
    choi, page = make_conflict(places)
    form = conflict_form(page) | {"choice:topics": choice, "choice:source_kind": "mine" if choice == "edit" else choice}
    status, answer = sent(choi, f"{PAGE}/edit", **form | ({"topics": "ports, ships"} if choice == "edit" else {}))
    assert (status, "The edit was saved as a draft." in answer) == (200, True)
    found = lookups.claim_at_desk(places, CARGO)
    assert (found.claim.topics, found.claim.source.kind) == (topics, source)
    assert (found.claim.said_on, found.claim.about_on) == ("2031-01", "2029")  # each changed by only one of them
    assert found.draft
    assert (found.draft.reason, set(found.draft.authors)) == ("나의 까닭", {"kim", "choi"})


@pytest.mark.slow
def test_every_conflicting_field_requires_a_choice(places: LedgerPaths) -> None:
    _, page = make_conflict(places)
    disputed = re.findall(r'name="choice:(\w+)" value="mine" required', page)
    assert sorted(disputed) == ["source_kind", "topics"]
    assert re.findall(r'name="choice:(\w+)" value="edit"', page) == ["topics"]


@pytest.mark.slow
def test_third_version_reopens_the_conflict(places: LedgerPaths) -> None:
    choi, page = make_conflict(places)
    kim = signed_in(places, "kim")
    assert sent(kim, f"{PAGE}/edit", **edit_form(kim) | {"topics": "quays"})[0] == 200
    status, again = sent(
        choi, f"{PAGE}/edit", **conflict_form(page) | {"choice:topics": "mine", "choice:source_kind": "mine"}
    )
    assert (status, "quays" in again) == (409, True)


@pytest.mark.slow
def test_discarded_draft_is_not_restored_by_a_late_edit(places: LedgerPaths) -> None:
    kim, choi = signed_in(places, "kim"), signed_in(places, "choi")
    assert sent(kim, f"{PAGE}/edit", **edit_form(kim) | {"topics": "ships"})[0] == 200
    hers = edit_form(choi) | {"said_on": "2031-01"}
    seen_draft = lookups.claim_at_desk(places, CARGO).newest_draft_id
    assert sent(kim, f"{PAGE}/discard", draft_id=seen_draft, reason="아니다.")[0] == 200
    status, page = sent(choi, f"{PAGE}/edit", **hers)
    assert status == 409
    assert sent(choi, f"{PAGE}/edit", **conflict_form(page))[0] == 200
    claim = lookups.claim_at_desk(places, CARGO).claim
    assert (claim.topics, claim.said_on) == (("cargo",), "2031-01")


@pytest.mark.slow
def test_late_evidence_form_keeps_input_and_can_be_resent(places: LedgerPaths) -> None:
    kim, choi = signed_in(places, "kim"), signed_in(places, "choi")
    old = edit_form(choi)["seen"]
    assert sent(kim, f"{PAGE}/edit", **edit_form(kim) | {"topics": "ships"})[0] == 200
    form = {"title_ko": "연보", "summary_ko": "같다고 한다.", "stance": "supports", "tier": "primary", "medium": "pdf",
                "language": "ko"}  # fmt: skip
    status, page = sent(choi, f"{PAGE}/attach", seen=old, **form)
    assert (status, "[claim-changed-meanwhile]" in page, 'value="연보"' in page) == (409, True, True)
    assert sent(choi, f"{PAGE}/attach", seen=field(page, "seen"), **form)[0] == 200
    assert lookups.claim_at_desk(places, CARGO).claim.topics == ("ships",)


@pytest.mark.parametrize("fields", [newsroom.cargo(), newsroom.growth()], ids=["cargo", "growth"])
def test_unchanged_form_values_change_no_field(fields: dict[str, object]) -> None:
    fields = {name: value for name, value in fields.items() if name != "appearances"}
    verdict = {"question": "so", "value": "refuted", "rationale": {"en": "No.", "zh": "否"}, "as_of": "2031"}
    fields |= {"verdicts": [verdict], "note": {"ko": "덧붙임"}}
    values = claim_form_values(fields)
    assert changed_fields(FormData(list(values.items())), fields) == fields
    assert all(_record_path(name) for name in values)


@pytest.mark.slow
def test_conflict_form_omits_verdict_fields(places: LedgerPaths) -> None:
    desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    choi = signed_in(places, "choi")
    old = edit_form(choi)["seen"]
    form = {"so_rationale_ko": "아직 모른다.", "so_as_of": "2026-04-03"}
    assert sent(choi, f"{PAGE}/propose", seen=old, so_value="not_checkable", **form)[0] == 200
    status, page = sent(choi, f"{PAGE}/edit", **edit_form(choi) | {"seen": old, "topics": "ports"})
    assert (status, "You changed this claim in another window" in page) == (409, True)
    assert "verdict" not in "".join(conflict_form(page))


@pytest.mark.slow
def test_conflict_page_names_the_other_author(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), shown_name="Kim Nari")
    assert "Kim Nari changed this claim" in make_conflict(places)[1]


@pytest.mark.slow
def test_conflict_with_own_edit_mentions_another_window(places: LedgerPaths) -> None:
    kim = signed_in(places, "kim")
    here, there = edit_form(kim), edit_form(kim)
    assert sent(kim, f"{PAGE}/edit", **there | {"topics": "ships"})[0] == 200
    status, page = sent(kim, f"{PAGE}/edit", **here | {"topics": "ports"})
    assert (status, "You changed this claim in another window" in page) == (409, True)
