"""An error report names the page it is about: an article, speaker, source, correction or list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from packages import needed
from datasette.app import Datasette
from made_ledger import ARTICLE, DIRECTOR, KUSTAVISEN_PAGE, PLAN, PRICE, SHARE, SPEED, made_entries
from page_reading import seen

from claimledger.publishing import ledger_db
from claimledger.publishing.site import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines]

Serve = Callable[..., Datasette]
HEADLINE = ARTICLE["headline"]
ARTICLE_PAGE, SPEAKER_PAGE = f"/articles/{ARTICLE['article_id']}", f"/speakers/{quote(DIRECTOR['name']['en'])}"
SUBJECTS = [
    (ARTICLE_PAGE, {"en": HEADLINE["en"], "ko": HEADLINE["ko"]}),
    (SPEAKER_PAGE, {"en": "Seo Mirae", "ko": "서미래"}),
    (KUSTAVISEN_PAGE, dict.fromkeys(LANGUAGES, "Kustavisen (another publication)")),
    ("/corrections", {"en": "Corrections", "ko": "정정"}),
    ("/corrections#18", {"en": "Corrections, log entry 18", "ko": "정정, 로그 18번"}),
    ("/articles/none", {"en": "/articles/none", "ko": "/articles/none"}),
]
ABOUT = {"en": "Your report is about:", "ko": "제보 대상:"}


def about_query(path: str) -> str:
    """Return the query parameter with the page a report is about."""
    return f"about={quote(path, safe='')}"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


@pytest.fixture
def with_desk(serve: Serve, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> Datasette:
    """Serve the made-up ledger with a desk configured."""
    needed("starlette")  # the desk needs it
    monkeypatch.setenv("CLAIMLEDGER_DESK", str(ledger.parent))
    return serve(ledger)


@pytest.mark.asyncio
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "called"), SUBJECTS, ids=[path for path, _ in SUBJECTS])
async def test_report_page_names_the_page_it_is_about(
    serve: Serve, ledger: Path, path: str, called: dict[str, str], language: str
) -> None:
    page = await seen(serve(ledger), f"/report?{about_query(path)}&lang={language}")
    assert f"{ABOUT[language]} {called[language]}" in page.words
    assert path in page.links()


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [ARTICLE_PAGE, SPEAKER_PAGE, KUSTAVISEN_PAGE, "/corrections", "/"])
async def test_page_passes_its_path_to_the_report_address(
    serve: Serve, ledger: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMLEDGER_REPORT_ADDRESS", "https://example.org/errors?form=2")
    assert f"https://example.org/errors?form=2&{about_query(path)}" in (await seen(serve(ledger), path)).links()


@pytest.mark.asyncio
async def test_report_page_links_the_form_of_each_related_claim(with_desk: Datasette) -> None:
    page = await seen(with_desk, SPEAKER_PAGE)
    assert f"/report?{about_query(SPEAKER_PAGE)}" in page.links()
    page = await seen(with_desk, f"/report?{about_query(SPEAKER_PAGE)}&lang=en")
    forms = [link for link in page.links() if link.startswith("/-/report")]
    assert forms == [
        f"/-/report?claim={claim['claim_id']}&{about_query(SPEAKER_PAGE)}" for claim in (SPEED, PRICE, PLAN)
    ]
    article_report = await seen(with_desk, f"/report?{about_query(ARTICLE_PAGE)}")
    assert sum(link.startswith("/-/report") for link in article_report.links()) == 5
    assert any(SHARE["claim_id"] in link for link in article_report.links())  # withdrawn, but it may still be wrong
    for path in ("/corrections", "/articles/none"):
        assert "/search" in (await seen(with_desk, f"/report?{about_query(path)}")).links()


@pytest.mark.asyncio
async def test_correction_links_to_the_report_form_of_its_claim(with_desk: Datasette) -> None:
    page = await seen(with_desk, "/corrections")
    assert f"/-/report?claim={PRICE['claim_id']}&{about_query('/corrections#18')}" in page.links()
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
async def test_address_outside_the_ledger_is_refused(serve: Serve, ledger: Path, value: str) -> None:
    page = await seen(serve(ledger), f"/report?{about_query(value)}&lang=en", 400)
    assert f"“{value[:100]}” is not a page of this site." in page.words
    assert value not in page.links()
