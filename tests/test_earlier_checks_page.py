"""The page of earlier checks, and where else they appear: beside claims, in searches and tables, and in no count."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from made_ledger import EARLIER_CHECK, JOBS, made_log
from page_reading import got, seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]
Serve = Callable[..., Datasette]
HOSTILE = {
    "earlier_check_id": "mire-1", "import_id": "mire", "publisher": {"en": "Mire & Co"},
    "claim": "<b>Ferries</b> sank.", "rating": "<i>FALSE</i>", "language": "en",
    "address": "https://example.org/?a=1&b=2",
}  # fmt: skip


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a ledger with earlier checks, and one without them."""
    folder, log = tmp_path_factory.mktemp("checks"), made_log()
    paths = folder / "with" / "ledger.db", folder / "without" / "ledger.db"
    ledger_db.build_ledger_db(log.entries, paths[1])
    log.add(EARLIER_CHECK)
    log.add({**EARLIER_CHECK, "earlier_check_id": "seorae-2", "claim": JOBS["statement"]["en"]})
    log.add(HOSTILE)
    ledger_db.build_ledger_db(log.entries, paths[0])
    return paths


@pytest.mark.parametrize(("language", "by"), [("en", "Earlier check by Seorae Daily"), ("ko", "서래일보의 이전 검증")])
async def test_list_shows_whose_check_it_is_and_the_rating_as_written(
    serve: Serve, ledgers: tuple[Path, Path], language: str, by: str
) -> None:
    datasette = serve(ledgers[0])
    page = await seen(datasette, f"/earlier-checks?lang={language}")
    assert by in page.words
    assert "“<i>FALSE</i>”" in page.words
    assert "https://example.org/?a=1&b=2" in page.links()
    filtered = f"rating={quote('대체로 사실')}&q={quote('하늘항 화물')}"
    found = await seen(datasette, f"/earlier-checks?{filtered}&lang={language}")
    assert "90만t" in found.words
    assert "Ferries" not in found.words
    assert (await got(datasette, "/earlier-checks?q=%22")).status_code == 400


async def test_search_shows_checks_by_others_apart_from_claims(serve: Serve, ledgers: tuple[Path, Path]) -> None:
    page = await seen(serve(ledgers[0]), "/search?q=ferries&lang=en")
    assert "No claims match “ferries”." in page.words
    assert "These are not our verdicts." in page.words
    assert "/earlier-checks?q=ferries" in page.links()
    table = await got(serve(ledgers[0]), "/ledger/earlier_checks.json?_search=ferries&_shape=array")
    assert [row["rating"] for row in table.json()] == ["<i>FALSE</i>"]


async def test_similar_check_is_shown_beside_a_claim(serve: Serve, ledgers: tuple[Path, Path]) -> None:
    page = await seen(serve(ledgers[0]), f"/claims/{JOBS['claim_id']}?lang=ko")
    assert "다른 곳의 이전 검증" in page.words
    assert "이 기록의 판정이 아닙니다" in page.words
    assert "/ledger/earlier_checks/seorae-2" in page.links()
    assert "이전 검증" not in (await seen(serve(ledgers[1]), f"/claims/{JOBS['claim_id']}?lang=ko")).words


async def test_checks_are_in_no_count_and_no_feed(serve: Serve, ledgers: tuple[Path, Path]) -> None:
    with_checks, without = (serve(path) for path in ledgers)
    for address in ("/feeds/verdicts.atom", "/feeds/changes.atom", "/charts", "/claims", "/claims.jsonld"):
        ours, plain = await got(with_checks, address), await got(without, address)
        assert (ours.status_code, ours.text) == (plain.status_code, plain.text), address
    front, plain_front = [
        re.sub("<script.*?</script>", "", (await got(one, "/?lang=en")).text, flags=re.DOTALL)
        for one in (with_checks, without)
    ]
    assert front.count("Earlier checks by others") == 1
    link = re.search('<p><a href="/earlier-checks">.*?</p>\n', front)
    assert link
    assert front.replace(link[0], "") == plain_front
