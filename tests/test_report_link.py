"""Every page links to the report page; a server without a report address says that it has none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from made_ledger import SPEED, made_entries
from page_reading import seen
from versioned_ledger import made as made_version

from claimledger.datasette_plugin.report_link import NO_ADDRESS_WARNING
from claimledger.publishing import ledger_db
from claimledger.publishing.site import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
CLAIM = SPEED["claim_id"]
VARIABLE = "CLAIMLEDGER_REPORT_ADDRESS"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture
def datasette(serve: Serve, ledger: Path) -> Datasette:
    """Serve the made-up ledger like scripts/serve does."""
    return serve(ledger)


@pytest.mark.parametrize(
    "path", ["/", "/articles", "/corrections", "/charts", "/search", "/articles/none", "/ledger/claims"]
)
async def test_every_page_links_to_the_report_page_with_its_path(datasette: Datasette, path: str) -> None:
    page = await seen(datasette, path, 404 if path.endswith("none") else 200)
    has_no_subject = path.startswith("/ledger") or path.endswith("none")
    about = "" if has_no_subject else f"?about={quote(path, safe='')}"
    assert f"/report{about}" in page.links()
    assert (await seen(datasette, f"/report{about}")).one("main")


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_server_without_a_report_address_names_the_publisher(
    datasette: Datasette, serve: Serve, ledger: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    expected = {
        "en": ("No address for reports is configured", "Write to the publisher"),
        "ko": ("주소가 등록되지 않았습니다", "운영하는 곳에 알려 주세요"),
    }
    claim = await seen(datasette, f"/claims/{CLAIM}?lang={lang}")
    assert f"/report?claim={CLAIM}" in claim.links()
    page = await seen(datasette, f"/report?claim={CLAIM}&lang={lang}")
    assert expected[lang][0] in page.words
    assert f"/claims/{CLAIM}" in page.links()
    assert {"en": "contact its publication", "ko": "그 기사를 낸 매체에"}[lang] in page.words
    own_report = f"/report?claim={CLAIM}"
    assert (own_report in claim.links(), own_report in page.links()) == (True, False)
    assert VARIABLE not in page.words  # the server logs what it needs at start; readers do not see it
    monkeypatch.setenv("CLAIMLEDGER_ORGANIZATION", "Harbour Desk")
    monkeypatch.setenv("CLAIMLEDGER_ORGANIZATION_ADDRESS", "https://example.org/harbour")
    page = await seen(serve(ledger), f"/report?lang={lang}")
    assert expected[lang][1] in page.words
    assert expected[lang][0] not in page.words
    assert "https://example.org/harbour" in page.links()


async def test_report_address_from_the_environment_gets_the_claim_id(
    serve: Serve, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "https://example.org/errors?form=2")
    datasette = serve(ledger)
    for path in (f"/claims/{CLAIM}", f"/ledger/claims/{CLAIM}", f"/report?claim={CLAIM}"):
        assert f"https://example.org/errors?form=2&claim={CLAIM}" in (await seen(datasette, path)).links(), path
    page = await seen(datasette, "/report")
    assert "https://example.org/errors?form=2" in page.links()
    assert VARIABLE not in page.words


@pytest.mark.parametrize("claim", ["../..", "x" * 5000, "<b>-aaaa", "Upper-aaaa"])
async def test_invalid_claim_id_is_refused(datasette: Datasette, claim: str) -> None:
    page = await seen(datasette, "/report", 404, params={"claim": claim, "lang": "en"})
    assert f"No claim is named “{claim[:100]}”." in page.words


async def test_server_logs_a_missing_report_address_at_start(
    datasette: Datasette,
    serve: Serve,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.WARNING)
    await datasette.invoke_startup()
    assert [record.getMessage() for record in caplog.records] == [NO_ADDRESS_WARNING]
    caplog.clear()
    await serve(made_version(tmp_path / "other.db", 1, form=0)).invoke_startup()  # no ledger
    monkeypatch.setenv(VARIABLE, "mailto:desk@example.org")
    await serve(tmp_path / "ledger.db").invoke_startup()
    assert not caplog.records
