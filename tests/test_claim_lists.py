"""Claim lists show both verdicts of each claim, and their downloads contain the same claims in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, DIRECTOR, HARBOUR_PAGE, JOBS, PRICE, SAID, SO, LogMaker, made_entries
from page_reading import Markup, got, seen

from claimledger.publishing import exports, ledger_db
from claimledger.publishing.csv_exchange import read_csv
from claimledger.publishing.site import LANGUAGES
from claimledger.vocabulary import VerificationStatus

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
DOWNLOAD_LABELS = {"en": "Download this list:", "ko": "이 목록 내려받기:"}
LISTS = (
    "/",
    f"/articles/{ARTICLE['article_id']}",
    "/search?q=jobs",
    "/speakers/Seo%20Mirae",
    HARBOUR_PAGE,
)
"""Every page that lists the claim of `build_judged_ledger`."""
BOTH_VERDICTS = {
    "en": "Quote check ✓ Confirmed quote Fact check ✕ Incorrect",
    "ko": "발언 확인 ✓ 실제 발언 사실 확인 ✕ 사실과 다름",
}


@pytest.fixture
def made_up_ledger(serve: Serve, tmp_path: Path) -> Datasette:
    """Serve the made-up ledger."""
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return serve(tmp_path / "ledger.db")


def build_judged_ledger(folder: Path, **values: str) -> Path:
    """Build a ledger of one claim whose verdicts have these values, by question."""
    log = LogMaker()
    verdicts = [{**{"said": SAID, "so": SO}[question], "value": value} for question, value in values.items()]
    log.add(ARTICLE)
    log.add({**JOBS, "speaker": DIRECTOR})
    log.add({**JOBS, "speaker": DIRECTOR, "verdicts": verdicts}, "verdict")
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db")
    return folder / "ledger.db"


def answers_in_list(page: Markup) -> str:
    """Return the verdicts that a list shows for its only claim."""
    return page.words.rpartition("Automation cost more than 120 jobs.")[2].partition("Seo Mirae")[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", LISTS)
async def test_every_list_shows_both_verdicts(serve: Serve, tmp_path: Path, path: str, language: str) -> None:
    datasette = serve(build_judged_ledger(tmp_path, said="supported", so="refuted"))
    page = await seen(datasette, f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert BOTH_VERDICTS[language] in page.words


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"so": "refuted"}, "✕ Incorrect"),
        ({"said": "supported"}, "Quote check ✓ Confirmed quote Fact check ○ Not checked yet"),
        (
            {"said": "not_enough_evidence", "so": "not_checkable"},
            "Quote check ∅ Searched, nothing found Fact check – Not a checkable fact",
        ),
    ],
)
async def test_list_shows_a_missing_verdict_only_beside_the_other_one(
    serve: Serve, tmp_path: Path, values: Mapping[str, str], expected: str
) -> None:
    page = await seen(serve(build_judged_ledger(tmp_path, **values)), "/search?q=jobs&lang=en")
    assert answers_in_list(page).strip().removesuffix(" Speaker:") == expected


def download_link(page: Markup, form: str, table: str) -> str:
    """Return the only link of a page to a table's rows in a format."""
    (found,) = [link for link in page.links() if urlsplit(link).path == f"/ledger/{table}/-/{form}"]
    return found


def listed_claim_ids(page: Markup) -> list[str]:
    """Return the IDs of the claims that a page lists, in its order."""
    statements = [has["href"] for name, has in page.elements if name == "a" and has.get("class") == "statement"]
    return [str(href).removeprefix("/claims/") for href in statements]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8",
        "/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8&order=oldest",
        f"/search?q={quote('crane* -jobs')}",
        *LISTS[3:],
        LISTS[1],
    ],
)
async def test_claim_list_downloads_have_the_same_claims(made_up_ledger: Datasette, path: str, language: str) -> None:
    page = await seen(made_up_ledger, f"{path}{'&' if '?' in path else '?'}lang={language}")
    labels = " · ".join(form.label for form in exports.available_formats())
    assert f"{DOWNLOAD_LABELS[language]} {labels}" in page.words
    for form in exports.available_formats():
        link = download_link(page, form, "claims")
        assert parse_qsl(urlsplit(link).query) == parse_qsl(urlsplit(download_link(page, "csv", "claims")).query)
    rows = read_csv((await got(made_up_ledger, download_link(page, "csv", "claims"))).content)
    ids = [row[rows.header.index("claim_id")] for row in rows.rows]
    is_sorted_otherwise = path.startswith(("/articles", "/search")) and "order=" not in path  # by place, by relevance
    assert (sorted(ids) if is_sorted_otherwise else ids) == (
        sorted(listed_claim_ids(page)) if is_sorted_otherwise else listed_claim_ids(page)
    )
    assert [
        one["claim_id"]
        for one in json.loads((await got(made_up_ledger, download_link(page, "json", "claims"))).content)
    ] == ids
    assert 0 < len(ids) < 8


@pytest.mark.parametrize(
    ("path", "table", "count"),
    [
        ("/articles", "articles", 2),
        ("/speakers", "speakers", 3),
        ("/sources", "sources", 6),
        ("/corrections", "corrections", 2),
    ],
)
async def test_other_lists_can_be_downloaded(made_up_ledger: Datasette, path: str, table: str, count: int) -> None:
    page = await seen(made_up_ledger, f"{path}?lang=en")
    assert DOWNLOAD_LABELS["en"] in page.words
    assert len(read_csv((await got(made_up_ledger, download_link(page, "csv", table))).content).rows) == count


@pytest.mark.parametrize("path", LISTS[3:])  # on an article's page the counts link to a part of the same page
async def test_status_counts_link_to_as_many_rows(made_up_ledger: Datasette, path: str) -> None:
    page = await seen(made_up_ledger, f"{path}?lang=en")
    counted = page.words.partition(" All ")[0].rpartition("Verdict Claims")[2]
    found = {}
    for status in VerificationStatus:
        shown = re.search(rf"\S {status.label_en} (\d+)", counted)
        (link,) = [one for one in page.links() if f"verification_status={status}" in one] or [""]
        assert bool(shown) == bool(link)
        if shown:
            rows = (await got(made_up_ledger, link.replace("?", ".json?_shape=array&"))).json()
            found[status] = (int(shown[1]), len(rows))
    assert found
    assert all(number == rows for number, rows in found.values()), found


async def test_empty_search_offers_no_download(made_up_ledger: Datasette) -> None:
    assert DOWNLOAD_LABELS["en"] not in (await seen(made_up_ledger, "/search?q=dredged&lang=en")).words
    assert PRICE["claim_id"] in listed_claim_ids(
        await seen(made_up_ledger, "/search?q=1350%EB%A7%8C%EB%8B%AC%EB%9F%AC&lang=en")
    )


async def test_current_verdict_is_listed_once_among_recent_verdicts(serve: Serve, tmp_path: Path) -> None:
    page = await seen(serve(build_judged_ledger(tmp_path, said="supported", so="refuted")), "/?lang=en")
    shown = page.words.partition("Recent verdicts")[2].partition("Atom feed")[0]
    assert shown.count("Incorrect") == shown.count("Confirmed quote") == 1
