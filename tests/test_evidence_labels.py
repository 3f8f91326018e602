"""Labels of evidence on the public claim page: document titles and links, and a mark and word for each stance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, COLUMN, EVIDENCE, SO, SPEED, YEARBOOK, LogMaker
from page_reading import Markup, seen

from claimledger.datasette_plugin.public_pages.readable import MARKS
from claimledger.publishing import ledger_db
from claimledger.vocabulary import Stance

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
TITLES = {"ko": ("항만 연감 2030", "연감을 읽다"), "en": ("Port yearbook 2030", "연감을 읽다")}
BOTH = pytest.mark.parametrize("language", ["ko", "en"])


async def claim_page(serve: Serve, folder: Path, language: str, *, is_cited_still: bool = True) -> Markup:
    """Return the page of a claim with two evidence items; one is removed unless `is_cited_still`."""
    stances = [{**EVIDENCE[0], "stance": "refutes"}, EVIDENCE[1]]
    log = LogMaker()
    for record in (ARTICLE, SPEED, YEARBOOK, COLUMN):
        log.add(record)
    log.add({**SPEED, "evidence": stances}, "update")
    if not is_cited_still:
        note = {"kind": "clarification", "public_note": {"en": "The yearbook was another year's."}}
        log.add({**SPEED, "evidence": stances, "verdicts": [SO]}, "verdict")
        log.add({**SPEED, "evidence": stances[1:], "verdicts": [SO]}, "correction", correction=note)
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db")
    return await seen(serve(folder / "ledger.db"), f"/claims/{SPEED['claim_id']}?lang={language}")


@BOTH
async def test_evidence_shows_the_document_title_and_links_it(serve: Serve, tmp_path: Path, language: str) -> None:
    page = await claim_page(serve, tmp_path, language)
    yearbook, column = TITLES[language]
    leads = {has["href"] for tag, has in page.elements if tag == "a" and "external" in (has.get("rel") or "")}
    assert {YEARBOOK["address"], COLUMN["address"]} <= leads
    evidence, stance = {"ko": ("근거", "주장과의 관계"), "en": ("Evidence", "Relation to the claim")}[language]
    for title in (yearbook, column):
        assert f"{evidence} › {title} › {stance}" in page.words
    rests = {"ko": "인용한 원자료", "en": "Based on"}[language]
    assert f"{rests} {yearbook}" in page.words
    assert "#document-port-yearbook-2030" in page.links()
    page.one("article", id="document-port-yearbook-2030")


@BOTH
async def test_removed_evidence_keeps_its_title_in_the_history(serve: Serve, tmp_path: Path, language: str) -> None:
    page = await claim_page(serve, tmp_path, language, is_cited_still=False)
    field = {
        "ko": "근거 › 항만 연감 2030 › 주장과의 관계",
        "en": "Evidence › Port yearbook 2030 › Relation to the claim",
    }[language]
    assert page.words.count(field) >= 2  # in the correction and in the history
    assert "› port-yearbook-2030 ›" not in page.words


@BOTH
async def test_each_stance_has_its_own_mark(serve: Serve, tmp_path: Path, language: str) -> None:
    page = await claim_page(serve, tmp_path, language)
    for stance, word in ((Stance.REFUTES, "반박" if language == "ko" else "Contradicts"),
                         (Stance.SUPPORTS, "뒷받침" if language == "ko" else "Supports")):  # fmt: skip
        assert f"{MARKS[stance]} {word}" in page.words
        page.one("span", **{"class": f"stance {stance}"})
    assert len({MARKS[stance] for stance in Stance}) == len(Stance)
