"""The claim page with a screen reader: distinct labels, reasons of disabled buttons, languages and jump links."""

from __future__ import annotations

import re
from pathlib import Path

import newsroom
import pytest
from desk_visits import PEOPLE, PREFIX, made, sent, signed_in
from newsroom import CARGO, edit_by

from claimledger import desk
from claimledger.desk import check_steps, lookups
from claimledger.intake import extract_document
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import RevisionKind


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    found = lookups.claim_at_desk(places, CARGO)
    wrong = found.claim.to_json() | {"statement": {"ko": "2030년 하늘항이 다룬 짐은 12만t쯤이다."}}
    desk.edit(places, CARGO, wrong, check_steps.SeenVersion(found.head_sha256, None), edit_by("kim", "Told otherwise."))
    return places


def claim_page(places: LedgerPaths, name: str) -> str:
    return str(signed_in(places, name).get(f"{PREFIX}/claims/{CARGO}").text)


@pytest.mark.slow
def test_reason_fields_have_different_labels(places: LedgerPaths) -> None:
    labels = re.findall(r'<label class="field">(Reason(?:(?!</label>|<input).)*)<input', claim_page(places, "choi"))
    assert len(labels) > 5
    assert len(set(labels)) == len(labels), labels
    assert any("(Send back)" in label for label in labels)


@pytest.mark.slow
@pytest.mark.parametrize("name", PEOPLE)
def test_disabled_button_refers_to_its_reason(places: LedgerPaths, name: str) -> None:
    """Check every role, with an open query: a disabled button refers to the reason next to it."""
    desk.query(places, CARGO, "12만t", "1.2만t", newsroom.actor("kim"))
    page = claim_page(places, name)
    reasons = dict(re.findall(r'<p class="hint" id="([^"]+)">(.*?)</p>', page, re.DOTALL))
    off = re.findall(r"<button[^>]* disabled([^>]*)>", page)
    assert off
    for rest in off:
        named = re.search(r'aria-describedby="([^"]+)"', rest)
        assert named
        assert reasons[named[1]].strip()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()
    assert set(described) <= set(ids)


def test_post_to_a_read_only_address_is_refused(places: LedgerPaths) -> None:
    status, page = sent(signed_in(places, "kim"), "/articles", text="x")
    assert (status, "Nothing can be sent to this address." in page, '<header class="top">' in page) == (405, True, True)


@pytest.mark.slow
def test_passage_is_marked_with_its_language(places: LedgerPaths) -> None:
    text = extract_document(newsroom.TEXT.encode(), name="a.txt")
    made_by = edit_by("kim", "The text.", RevisionKind.UPDATE)
    desk.add_article(places, text, made_by, origin="a.txt", article_id=newsroom.ARTICLE_ID)
    assert '<blockquote lang="ko"><span class="context" dir="auto">' in claim_page(
        places, "kim"
    )  # on a page in English


@pytest.mark.slow
def test_jump_links_lead_to_the_actions(places: LedgerPaths) -> None:
    page = claim_page(places, "choi")
    jump = re.search(r'<nav class="jump".*?</nav>', page, re.DOTALL)
    assert jump
    assert page.index(jump[0]) < page.index('id="what"')
    for place in re.findall(r'href="#(\w+)"', jump[0]):
        assert f'id="{place}"' in page
    assert re.findall(r'href="#(\w+)"', jump[0]) == ["waits", "do"]
