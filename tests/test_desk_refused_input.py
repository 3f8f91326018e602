"""Refused forms keep what was typed, and masking lines of an article can be undone."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from desk_visits import PREFIX, TestClient, field, made, sent, signed_in, visitor
from newsroom import ARTICLE_ID, CARGO, TEXT, edit_by

from claimledger import desk
from claimledger.desk import lookups
from claimledger.intake import extract_document
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

HERE = f"/articles/{ARTICLE_ID}"
TYPED = "\n<b>굵은</b> 글\n둘째 줄"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places, made_by = made(tmp_path), edit_by("kim", "New text", kind=RevisionKind.UPDATE)
    desk.add_article(
        places, extract_document(TEXT.encode(), name="a.txt"), made_by, origin="a.txt", article_id=ARTICLE_ID
    )
    return places


@pytest.fixture
def kim(places: LedgerPaths) -> TestClient:
    return signed_in(places, "kim")


def test_unreachable_address_keeps_text_and_address(kim: TestClient) -> None:
    address = "http://127.0.0.1:1/a?b=1&c"
    status, page = sent(kim, "/articles/new", pasted=TYPED, address=address)
    assert status == 409
    area = re.search(r'<textarea name="pasted"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert area
    assert unescape(area[1]) == TYPED
    assert f'value="{address.replace("&", "&amp;")}"' in page


def test_empty_correction_is_refused_and_keeps_input(places: LedgerPaths, kim: TestClient) -> None:
    form = {"correction": "clarification", "public_note_ko": "<i>알림</i>", "reason": "까닭"}
    seen = field(kim.get(f"{PREFIX}/claims/{CARGO}").text, "seen")
    status, page = sent(kim, f"/claims/{CARGO}/correct", seen=seen, **form)
    assert (status, "[nothing-corrected]" in page) == (409, True)
    assert ">&lt;i&gt;알림&lt;/i&gt;</textarea>" in page
    assert re.search(r'id="correct-reason"[^>]* value="까닭"', page)
    assert lookups.open_drafts(places) == []


def test_wrong_password_keeps_the_name(places: LedgerPaths) -> None:
    client = visitor(places)
    answer = client.post(f"{PREFIX}/sign-in", data={"name": 'k"im', "password": "wrong"})
    assert answer.status_code == 401
    assert '<input id="name" name="name" value="k&#34;im"' in answer.text


def line_choices(page: str, name: str) -> list[str]:
    """Return the option values of a select that offers the article's lines."""
    (choice,) = re.findall(rf'<select name="{name}" required>(.*?)</select>', page, re.DOTALL)
    return re.findall(r'<option value="(\d+)"', choice)


def test_lines_are_masked_and_unmasked_and_a_wrong_range_is_refused(places: LedgerPaths, kim: TestClient) -> None:
    page = kim.get(f"{PREFIX}{HERE}").text
    starts, ends = line_choices(page, "start"), line_choices(page, "end")
    assert [TEXT[int(start) : int(end)] for start, end in zip(starts, ends, strict=True)] == TEXT.splitlines()
    status, page = sent(kim, f"{HERE}/furniture", act="mask", start=starts[1], end=ends[0])
    assert (status, "[no-range]" in page) == (409, True)
    assert f'<option value="{starts[1]}" selected' in page
    assert sent(kim, f"{HERE}/furniture", act="mask", start=starts[1], end=ends[1])[0] == 200
    (draft,) = lookups.open_drafts(places)
    assert (draft.key, draft.kind) == (ARTICLE_ID, RevisionKind.UPDATE)
    assert sent(kim, f"{HERE}/furniture", act="unmask", start=starts[1], end=ends[1])[0] == 200
    assert lookups.open_drafts(places) == []
    assert lookups.view_article(places, ARTICLE_ID).at_hand.edition.furniture == ()
