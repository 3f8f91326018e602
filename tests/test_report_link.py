"""Where readers report an error: every page leads somewhere, and a server without such a place says so."""

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


@pytest.fixture(autouse=True)
def _terse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Datasette from printing every local variable at every refusal."""
    monkeypatch.setattr("datasette.handle_exception.rich", None)


@pytest.fixture
def served(serve: Serve, tmp_path: Path) -> Datasette:
    """The made-up ledger, as scripts/serve serves it."""
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return serve(path)


@pytest.mark.parametrize(
    "path", ["/", "/articles", "/corrections", "/charts", "/search", "/articles/none", "/ledger/claims"]
)
async def test_every_page_leads_to_the_page_that_says_where_with_what_it_is_about(served: Datasette, path: str) -> None:
    page = await seen(served, path, 404 if path.endswith("none") else 200)
    is_of_nothing = path.startswith("/ledger") or path.endswith("none")
    about = "" if is_of_nothing else f"?about={quote(path, safe='')}"
    assert f"/report{about}" in page.links()
    assert (await seen(served, f"/report{about}")).one("main")


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_server_without_an_address_says_so_and_who_keeps_the_ledger(
    served: Datasette, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    said = {
        "en": ("No address for reports is configured", "Write to the publisher"),
        "ko": ("주소가 등록되지 않았습니다", "운영하는 곳에 알려 주세요"),
    }
    claim = await seen(served, f"/claims/{CLAIM}?lang={lang}")
    assert f"/report?claim={CLAIM}" in claim.links()
    page = await seen(served, f"/report?claim={CLAIM}&lang={lang}")
    assert said[lang][0] in page.words
    assert f"/claims/{CLAIM}" in page.links()
    assert {"en": "tell its publication", "ko": "그 기사를 낸 매체에"}[lang] in page.words
    to_itself = f"/report?claim={CLAIM}"
    assert (to_itself in claim.links(), to_itself in page.links()) == (True, False)
    assert VARIABLE not in page.words  # what a server needs is told by the server at its start, not to readers
    monkeypatch.setenv("CLAIMLEDGER_ORGANIZATION", "Harbour Desk")
    monkeypatch.setenv("CLAIMLEDGER_ORGANIZATION_ADDRESS", "https://example.org/harbour")
    page = await seen(served, f"/report?lang={lang}")
    assert said[lang][1] in page.words
    assert said[lang][0] not in page.words
    assert "https://example.org/harbour" in page.links()


async def test_the_shipped_settings_come_from_the_environment_and_a_claims_name_goes_with_the_link(
    served: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "https://example.org/errors?form=2")
    for path in (f"/claims/{CLAIM}", f"/ledger/claims/{CLAIM}", f"/report?claim={CLAIM}"):
        assert f"https://example.org/errors?form=2&claim={CLAIM}" in (await seen(served, path)).links(), path
    page = await seen(served, "/report")
    assert "https://example.org/errors?form=2" in page.links()
    assert VARIABLE not in page.words


@pytest.mark.parametrize("claim", ["../..", "x" * 5000, "<b>-aaaa", "Upper-aaaa"])
async def test_what_is_no_name_of_a_claim_is_refused(served: Datasette, claim: str) -> None:
    page = await seen(served, "/report", 404, params={"claim": claim, "lang": "en"})
    assert f"No claim is named “{claim[:100]}”." in page.words


async def test_a_server_says_at_its_start_what_to_set_and_once_that_is_set_nothing(
    served: Datasette, serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING)
    await served.invoke_startup()
    assert [record.getMessage() for record in caplog.records] == [NO_ADDRESS_WARNING]
    caplog.clear()
    await serve(made_version(tmp_path / "other.db", 1, form=0)).invoke_startup()  # no ledger
    monkeypatch.setenv(VARIABLE, "mailto:desk@example.org")
    await serve(tmp_path / "ledger.db").invoke_startup()
    assert not caplog.records
