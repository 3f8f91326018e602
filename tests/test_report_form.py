"""The report form of the desk names the page that its reader came from."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from desk_visits import made, signed_in, visitor
from newsroom import CARGO

from claimledger.desk import lookups
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow


def about_query(path: str) -> str:
    """Return the query parameter with the page a report is about."""
    return f"about={quote(path, safe='')}"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


@pytest.mark.parametrize(("language", "begun"), [("en", "On the page"), ("ko", "페이지에 대한 제보:")])
def test_report_form_and_queue_show_the_page_of_the_reader(places: LedgerPaths, language: str, begun: str) -> None:
    path = "/speakers/Seo%20Mirae"
    address = f"/-/report?claim={CARGO}&{about_query(path)}&lang={language}"
    form = visitor(places).get(address).text
    text = form.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert begun in text
    assert "/speakers/Seo Mirae" in text
    kept = f"/-/report?claim={CARGO}&amp;{about_query(path)}&amp;lang="
    assert [form.count(f"{kept}{one}") for one in (language, {"ko": "en", "en": "ko"}[language])] == [2, 1]
    given = {"claim": CARGO, "contact": "", "website": ""}
    empty = visitor(places).post(address, data={**given, "text": text})
    assert empty.status_code == 400
    assert text in empty.text
    assert lookups.open_report_count(places) == 0
    assert visitor(places).post(address, data={**given, "text": f"{text}틀렸습니다."}).status_code == 200
    assert f"{text}틀렸습니다." in signed_in(places, "choi").get(f"{PREFIX}/reports").text


def test_form_ignores_a_page_outside_the_ledger(places: LedgerPaths) -> None:
    form = visitor(places).get(f"/-/report?claim={CARGO}&{about_query('https://example.org')}").text
    assert "example.org" not in form
