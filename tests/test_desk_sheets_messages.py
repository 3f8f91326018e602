"""Messages about an imported or exported sheet: labels for values, row numbers, and unrelated files."""

from __future__ import annotations

import re
from pathlib import Path

import newsroom
import pytest
from desk_visits import PREFIX, TestClient, made, signed_in, token
from newsroom import CARGO
from test_desk_sheets import edit_sheet

from claimledger import desk
from claimledger.desk import check_steps, lookups, step_setup
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import Question

pytestmark = pytest.mark.slow


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def kim_in(places: LedgerPaths, language: str) -> TestClient:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), language=language)
    return signed_in(places, "kim")


def upload(client: TestClient, name: str, content: bytes) -> str:
    answer = client.post(
        f"{PREFIX}/sheets/import", data={"form_token": token(client)}, files={"file": (name, content, "text/csv")}
    )
    assert answer.status_code == 200
    return str(answer.text)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_verdict_values_are_shown_with_labels(places: LedgerPaths, language: str) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", newsroom.actor("lee"))
    client = kim_in(places, language)
    content = client.get(f"{PREFIX}/sheets/export", params={"encoding": "utf-8"}).content
    cells = {"verdict_so": "not_enough_evidence", "rationale_en": "Nothing says.", "as_of": "2026-04-03"}
    page = upload(client, "sheet.csv", edit_sheet(content, {CARGO: cells}, "utf-8", ","))
    shown = re.search(r"<code>verdict_so</code></dt><dd>(.*?)</dd>", page)
    assert shown
    assert {"ko": "근거 부족", "en": "Not enough evidence"}[language] in shown[1]
    assert "not_enough_evidence" not in shown[1]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_unrelated_file_is_refused_in_one_sentence(places: LedgerPaths, language: str) -> None:
    page = upload(kim_in(places, language), "버스.txt", "서울시, 시내버스, 전기버스\r\n가, 나\r\n다\r\n".encode())
    alert = re.search(r'role="alert">.*?</div>', page, re.DOTALL)
    assert alert
    assert alert[0].count("<li>") == 1
    assert {"ko": "검토용 엑셀의 열이 하나도 없는 파일입니다", "en": "The file has none of the columns"}[
        language
    ] in alert[0]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_unencodable_character_is_reported_with_its_row(places: LedgerPaths, language: str) -> None:
    found = lookups.claim_at_desk(places, CARGO)
    fields = found.claim.to_json() | {"note": {"ko": "뜻 – 다름"}}
    desk.edit(
        places, CARGO, fields, check_steps.SeenVersion(found.head_sha256, None), newsroom.edit_by("kim", "A dash.")
    )
    desk.publish(places, newsroom.actor("lee"))
    answer = kim_in(places, language).get(f"{PREFIX}/sheets/export", params={"encoding": "cp949"})
    assert answer.status_code == 409
    words = re.sub(r"<[^>]+>", " ", answer.text)
    assert re.search({"ko": r"\b[23]행", "en": r"Row [23]\b"}[language], words)
    assert "note_ko" in words
    assert "–" in words
    assert "U+2013" in words
