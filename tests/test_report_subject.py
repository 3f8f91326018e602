"""A report of an error names what its reader looked at: an article, a speaker, a source, a correction, a list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from packages import needed
from datasette.app import Datasette
from made_ledger import ARTICLE, DIRECTOR, PLAN, PRICE, SHARE, SPEED, made_entries
from page_reading import seen

from claimledger.publishing import ledger_db
from claimledger.publishing.site import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines]

Serve = Callable[..., Datasette]
HEADLINE = ARTICLE["headline"]
OF_ARTICLE, OF_SPEAKER = f"/articles/{ARTICLE['article_id']}", f"/speakers/{quote(DIRECTOR['name']['en'])}"
SUBJECTS = [
    (OF_ARTICLE, {"en": HEADLINE["en"], "ko": HEADLINE["ko"]}),
    (OF_SPEAKER, {"en": "Seo Mirae", "ko": "서미래"}),
    ("/sources/Kustavisen", {"en": "Kustavisen", "ko": "Kustavisen"}),
    ("/corrections", {"en": "Corrections", "ko": "정정"}),
    ("/corrections#18", {"en": "Corrections, log entry 18", "ko": "정정, 로그 18번"}),
    ("/articles/none", {"en": "/articles/none", "ko": "/articles/none"}),
]
ABOUT = {"en": "Your report is about:", "ko": "제보 대상:"}


def about(path: str) -> str:
    """Return the query of an address that says what a report is about."""
    return f"about={quote(path, safe='')}"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


@pytest.fixture
def with_desk(serve: Serve, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> Datasette:
    """The made-up ledger, on a server that is told of a desk."""
    needed("starlette")  # what a desk is served with
    monkeypatch.setenv("CLAIMLEDGER_DESK", str(ledger.parent))
    return serve(ledger)


@pytest.mark.asyncio
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "called"), SUBJECTS, ids=[path for path, _ in SUBJECTS])
async def test_where_an_error_is_reported_it_is_said_of_what(
    serve: Serve, ledger: Path, path: str, called: dict[str, str], language: str
) -> None:
    page = await seen(serve(ledger), f"/report?{about(path)}&lang={language}")
    assert f"{ABOUT[language]} {called[language]}" in page.words
    assert path in page.links()


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [OF_ARTICLE, OF_SPEAKER, "/sources/Kustavisen", "/corrections", "/"])
async def test_a_page_hands_its_path_to_the_address_that_takes_reports(
    serve: Serve, ledger: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMLEDGER_REPORT_ADDRESS", "https://example.org/errors?form=2")
    assert f"https://example.org/errors?form=2&{about(path)}" in (await seen(serve(ledger), path)).links()


@pytest.mark.asyncio
async def test_with_a_desk_the_claims_that_may_be_meant_stand_there_each_with_its_form(with_desk: Datasette) -> None:
    page = await seen(with_desk, OF_SPEAKER)
    assert f"/report?{about(OF_SPEAKER)}" in page.links()
    page = await seen(with_desk, f"/report?{about(OF_SPEAKER)}&lang=en")
    forms = [link for link in page.links() if link.startswith("/-/report")]
    assert forms == [f"/-/report?claim={claim['claim_id']}&{about(OF_SPEAKER)}" for claim in (PRICE, SPEED, PLAN)]
    of_article = await seen(with_desk, f"/report?{about(OF_ARTICLE)}")
    assert sum(link.startswith("/-/report") for link in of_article.links()) == 5
    assert any(SHARE["claim_id"] in link for link in of_article.links())  # withdrawn, and may be wrong all the same
    for path in ("/corrections", "/articles/none"):
        assert "/search" in (await seen(with_desk, f"/report?{about(path)}")).links()


@pytest.mark.asyncio
async def test_a_correction_leads_to_the_form_of_its_claim(with_desk: Datasette) -> None:
    page = await seen(with_desk, "/corrections")
    assert f"/-/report?claim={PRICE['claim_id']}&{about('/corrections#18')}" in page.links()
    assert page.one("article", id="18")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "value",
    [
        "//example.org",
        "https://example.org/",
        "/articles/",
        "/articles/a/b",
        "/-/desk",
        "/corrections#x",
        "javascript:alert(1)",
        "/articles/a?b",
        "x" * 5000,
    ],
)
async def test_what_is_no_page_of_the_ledger_is_refused(serve: Serve, ledger: Path, value: str) -> None:
    page = await seen(serve(ledger), f"/report?{about(value)}&lang=en", 400)
    assert f"“{value[:100]}” is not a page of this site." in page.words
    assert value not in page.links()
