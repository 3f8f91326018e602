"""The page "How we judge": definitions, counts and examples, and the links of verdicts to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, SO, SPEED, LogMaker
from page_reading import got, seen

from claimledger.publishing import ledger_db
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.pages.method import method_page
from claimledger.verdicts.answers import definition
from claimledger.vocabulary import Question, VerificationStatus

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]
FIRST = Path(__file__).parent.parent / "ledger.db"
Serve = Callable[..., Datasette]
BOTH = pytest.mark.parametrize("language", ["en", "ko"])
PLACES = [
    {"where": {"en": "Port registry", "ko": "항만 등록부"}, "terms": "crane 2030", "on": "2031-04-06"},
    {"address": "https://archive.example.org/ports", "on": "2031-04-07"},
]


@pytest.fixture
def searched_ledger(tmp_path: Path) -> Path:
    """Return a ledger with two claims: nothing was found on one, and no one has looked at the other."""
    log = LogMaker()
    for record in (ARTICLE, JOBS, SPEED):
        log.add(record)
    log.add({**JOBS, "verdicts": [{**SO, "value": "not_enough_evidence", "searched": PLACES}]}, "verdict")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


@BOTH
async def test_each_verdict_has_a_definition_a_count_and_an_anchor(serve: Serve, language: str) -> None:
    page = await seen(serve(FIRST), f"/method?lang={language}")
    ids = {has["id"] for _, has in page.elements if "id" in has}
    with open_ledger(FIRST) as connection:
        found = method_page(connection)
        listed = connection.execute("SELECT count(*) FROM claims WHERE record_state = 'listed'").fetchone()[0]
    assert found.claim_count == sum(one.claim_count for one in found.verdicts[Question.SO]) == listed
    for question in Question:
        for one in found.verdicts[question]:
            assert f"{question}-{one.status}" in ids
            assert definition(question, one.status)[language] in page.words
            assert getattr(one.status, f"label_{language}") in page.words
            assert (one.example is None) == (one.claim_count == 0 or str(one.status) == "not_checked")


@pytest.mark.slow
@BOTH
async def test_each_verdict_of_a_claim_and_a_list_links_to_its_definition(serve: Serve, language: str) -> None:
    datasette = serve(FIRST)
    method = await seen(datasette, f"/method?lang={language}")
    anchors = {f"/method#{has['id']}" for _, has in method.elements if "id" in has}
    for path in ("/", "/claims", "/claims/goldman-300m-workers-affected-o6fk"):
        page = (await got(datasette, f"{path}?lang={language}")).text
        linked = set(re.findall(r'<a class="status [a-z_]+" href="([^"]+)"', page))
        assert linked
        assert linked <= anchors
        assert 'href="/method"' in page.partition("<footer")[2]


@pytest.mark.slow
@BOTH
async def test_nothing_found_and_not_checked_differ(serve: Serve, searched_ledger: Path, language: str) -> None:
    datasette = serve(searched_ledger)
    with open_ledger(searched_ledger) as connection:
        stored = dict(connection.execute("SELECT claim_id, verification_status FROM claims").fetchall())
    assert stored == {JOBS["claim_id"]: "nothing_found", SPEED["claim_id"]: "not_checked"}
    for claim_id, value in stored.items():
        label = getattr(VerificationStatus(value), f"label_{language}")
        assert label in (await seen(datasette, f"/claims/{claim_id}?lang={language}")).words
        listed = (await seen(datasette, f"/claims?status={value}&lang={language}")).links()
        assert {link for link in listed if link in {f"/claims/{one}" for one in stored}} == {f"/claims/{claim_id}"}
    page = await seen(datasette, f"/claims/{JOBS['claim_id']}?lang={language}")
    assert {"en": "As of 7 April 2031", "ko": "2031년 4월 7일 기준"}[language] in page.words
    assert {"en": "Searched until 7 April 2031. Places: 2", "ko": "찾아본 곳 2곳, 2031년 4월 7일까지"}[
        language
    ] in page.words
    assert {"en": "Port registry · Search terms: “crane 2030”", "ko": "항만 등록부 · 검색어: “crane 2030”"}[
        language
    ] in page.words
    assert "https://archive.example.org/ports" in page.links()
    assert definition(Question.SO, VerificationStatus.NOTHING_FOUND)[language] in page.words
    facet = "/ledger/claims?_facet=verification_status"
    table = (await got(datasette, facet, headers={"accept-language": language})).text
    assert "verification_status=nothing_found" in table
    assert getattr(VerificationStatus.NOTHING_FOUND, f"label_{language}") in table
