"""The file `claimledger.toml`: its settings on the pages, below those of the plug-in, and its faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import made_entries
from page_reading import seen

from claimledger.datasette_plugin.gate_rules import gate_rules, trusted_proxies
from claimledger.datasette_plugin.plugin_settings import plugin_settings
from claimledger.publishing import ledger_db
from claimledger.publishing.site import (
    SETTINGS, SETTINGS_FILE, SettingsFileUnreadable, missing_settings, read_settings_file, site_from_settings,
)  # fmt: skip

ROOT = Path(__file__).parent.parent
TEXT = """
organization = { en = "Harbour Desk", ko = "항만 데스크" }
contact = "desk@example.org"
data_license = "CC BY 4.0"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    (tmp_path / SETTINGS_FILE).write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize(("language", "keeper"), [("en", "Harbour Desk"), ("ko", "항만 데스크")])
async def test_file_names_who_is_responsible_on_every_page(
    serve: Callable[..., Datasette], folder: Path, language: str, keeper: str
) -> None:
    datasette = serve(folder / "ledger.db")
    for path in ("/", "/method", "/claims"):
        page = await seen(datasette, f"{path}?lang={language}")
        assert keeper in page.words
        assert "mailto:desk@example.org" in page.links()
        assert "CC BY 4.0" in page.words


def test_settings_of_the_plug_in_win_over_the_file(folder: Path) -> None:
    given = {"organization": "Other Desk", "contact": None, "check_rows_at_start": False}
    metadata = {"plugins": {"claimledger": given}}
    found = plugin_settings(Datasette([str(folder / "ledger.db")], metadata=metadata))
    assert (found["organization"], found["contact"]) == ("Other Desk", "desk@example.org")
    assert found["check_rows_at_start"] is False


def test_file_names_hosts_and_proxies_of_the_server(folder: Path) -> None:
    text = f'{TEXT}hosts = ["www.facts.example"]\nproxies = ["127.0.0.1"]\n'
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    found = plugin_settings(Datasette([str(folder / "ledger.db")]))
    assert gate_rules(found, "", has_desk=False).hosts == {"www.facts.example"}
    assert trusted_proxies(found) == "127.0.0.1"


@pytest.mark.parametrize("text", ["organization = ", "organisation = 'Harbour Desk'"])
def test_unusable_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsFileUnreadable, match=r"claimledger\.toml: "):
        read_settings_file(tmp_path)


def test_missing_file_has_no_settings(tmp_path: Path) -> None:
    assert read_settings_file(tmp_path) == {}
    assert missing_settings({}) == ("organization", "contact")


def test_shipped_ledger_names_a_demonstration_and_no_contact() -> None:
    found = read_settings_file(ROOT)
    site = site_from_settings(found, "https://ledger.example.org")
    assert site.organization == {"en": "The claimledger project", "ko": "claimledger 프로젝트"}
    assert site.organization_note is not None
    assert site.organization_note["en"] == "A demonstration, not a newsroom."
    assert missing_settings(found) == ("contact",)
    assert set(found) <= set(SETTINGS)
