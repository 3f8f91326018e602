"""The script that folds facets on phones is only on table pages, and finds the facets there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import SPEED, made_entries
from page_reading import got, seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

SCRIPT = "/-/static-plugins/claimledger/tables.js"


async def test_table_page_has_the_script_and_the_facets_it_folds(
    serve: Callable[..., Datasette], tmp_path: Path
) -> None:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    datasette = serve(tmp_path / "ledger.db")
    page = await seen(datasette, "/ledger/claims")
    assert page.one("script", src=SCRIPT)["type"] == "module"  # so that it runs once the page is there
    assert page.one("div", **{"class": "facet-results"}) is not None
    assert len([has for _, has in page.elements if (has.get("class") or "").startswith("facet-info facet-")]) == 7
    script = await got(datasette, SCRIPT)
    assert (script.status_code, "facet-results" in script.text) == (200, True)
    assert "javascript" in script.headers["content-type"]
    for path in ("/ledger", f"/ledger/claims/{SPEED['claim_id']}", "/articles"):
        assert SCRIPT not in (await seen(datasette, path)).links(), path


async def test_stylesheet_labels_the_facets_of_first_values(serve: Callable[..., Datasette], tmp_path: Path) -> None:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    datasette = serve(tmp_path / "ledger.db")
    style = (await got(datasette, "/-/static-plugins/claimledger/ledger.css")).text
    labelled = set(re.findall(r'^\[class\*="(-claims-\w+)"\] \.facet-info-name strong::after', style, re.MULTILINE))
    assert labelled == {"-claims-currency"}
    shown = " ".join(has.get("class") or "" for _, has in (await seen(datasette, "/ledger/claims")).elements)
    for name in labelled:
        assert re.search(rf"facet-ledger{name}(?!\w)", shown), name
    others = (await got(datasette, "/ledger/topics")).text
    assert not any(name in others for name in labelled)


async def test_a_page_of_datasette_has_the_script_that_names_its_fields(
    serve: Callable[..., Datasette], tmp_path: Path
) -> None:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    for path in ("/ledger", "/ledger/claims", f"/ledger/claims/{SPEED['claim_id']}"):
        page = await seen(serve(tmp_path / "ledger.db"), path)
        assert page.one("script", src="/-/static-plugins/claimledger/frame.js")["type"] == "module", path
