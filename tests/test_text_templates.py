"""Templates of the newsroom: an editor changes them, everyone inserts them into forms."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from article_pages import Browser, make_newsroom
from newsroom import CARGO, Clock, actor

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import lookups, template_steps
from claimledger.desk_vocabulary import TemplateKind
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import LedgerPaths

HARMLESS = "조사 결과의 <원자료>를 보내 주세요."


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return newsroom.published(tmp_path, Clock())


def test_template_is_created_replaced_and_removed(places: LedgerPaths) -> None:
    desk.change_template(places, TemplateKind.REASON, {"ko": " 사설이다. ", "en": ""}, actor("editor"))
    desk.change_template(places, TemplateKind.QUERY, {"en": "Source?"}, actor("editor"))
    first, second = lookups.text_templates(places)
    assert (first.kind, first.text, second.text) == (TemplateKind.REASON, {"ko": "사설이다."}, {"en": "Source?"})
    desk.change_template(places, TemplateKind.REASON, {"ko": "의견이다."}, actor("lee"), number=first.number)
    desk.change_template(places, TemplateKind.QUERY, {}, actor("editor"), number=second.number)
    assert [(one.number, one.text) for one in lookups.text_templates(places)] == [(first.number, {"ko": "의견이다."})]


def test_unusable_template_is_refused(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProblemsFound, match="text-empty"):
        desk.change_template(places, TemplateKind.REASON, {"ko": " "}, actor("editor"))
    long = "가" * (template_steps.LONGEST_TEMPLATE + 1)
    with pytest.raises(ProblemsFound, match="text-too-long"):
        desk.change_template(places, TemplateKind.REASON, {"ko": long}, actor("editor"))
    with pytest.raises(NotFound):
        desk.change_template(places, TemplateKind.REASON, {"ko": "가"}, actor("editor"), number=99)
    monkeypatch.setattr(template_steps, "MOST_TEMPLATES", 0)
    with pytest.raises(ProblemsFound, match="too-many-templates"):
        desk.change_template(places, TemplateKind.REASON, {"ko": "가"}, actor("editor"))
    assert lookups.text_templates(places) == []


@pytest.mark.slow
def test_forms_offer_the_templates_of_their_kind(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    editor, checker = Browser(places, "editor"), Browser(places, "checker", "ko")
    for kind in TemplateKind:
        saved = editor.post(f"{PREFIX}/templates", kind=kind.value, text_ko=f"{HARMLESS} {kind.value}", act="save")
        assert "Saved." in saved.text
    assert "[text-empty]" in editor.post(f"{PREFIX}/templates", kind="query", act="save").text
    page = checker.get(f"{PREFIX}/claims/{CARGO}")
    shown = "조사 결과의 &lt;원자료&gt;를 보내 주세요."
    for into, kind_name in (("should_read", "query"), ("so_rationale", "rationale")):
        offered = page.split(f'data-insert="{into}"')[1].split("</select>")[0]
        assert f'<option data-ko="{shown} {kind_name}">{shown} {kind_name}</option>' in offered
    assert 'data-insert="so_rationale"' in checker.get(f"{PREFIX}/check/{CARGO}")
    templates = checker.get(f"{PREFIX}/templates")
    assert "<textarea" not in templates
    assert "&lt;원자료&gt;" in templates
