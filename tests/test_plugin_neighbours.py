"""The plug-ins that people add to Datasette, installed beside claimledger in an environment that is thrown away."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEIGHBOURS = ("vega", "cluster-map", "copyable", "json-html", "atom", "block-robots")
LONGEST_WAIT = 600
CLAIM = "a800-is-in-short-supply-in-china-ieca"
PAGES = (
    "/", "/ledger", "/ledger/claims", f"/ledger/claims/{CLAIM}", "/ledger/quantities?_facet=currency",
    f"/claims/{CLAIM}", f"/claims/{CLAIM}?lang=ko", "/data",
)  # fmt: skip
OTHER_DATABASE = """
    CREATE TABLE offices (name TEXT, latitude REAL, longitude REAL, link TEXT);
    INSERT INTO offices VALUES ('Seoul', 37.5, 127.0, '{"href": "https://desk.example/", "label": "The desk"}');
    CREATE VIEW news AS SELECT 'a' AS atom_id, 'Opened' AS atom_title, '2031-01-01T00:00:00Z' AS atom_updated,
        'https://desk.example/' AS atom_link;
"""
"""A table with places and a link, and a view for a feed: what the neighbours show."""
Get = Callable[[str], str]


def install(folder: Path, *packages: str) -> Path:
    """Return the Python of a new environment with these packages."""
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=LONGEST_WAIT)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(command, check=True, timeout=LONGEST_WAIT)
    return python


def reader(python: Path, folder: Path, *options: str) -> Get:
    """Return a function that returns a page of Datasette, and fails unless its status is 200."""

    def get(path: str) -> str:
        command = [str(python), "-m", "datasette", *options, "--get", path]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=LONGEST_WAIT
        )
        assert done.returncode == 0, (path, done.stderr[-2000:])
        return done.stdout

    return get


@pytest.fixture(scope="module", params=["", "-1.0"], ids=["0.65", "1.0"])
def get(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Get:
    """Return the reader of a site with every neighbour, for each line of Datasette."""
    folder = tmp_path_factory.mktemp("neighbours")
    constraints = ROOT / f"constraints{request.param}.txt"
    names = [f"datasette-{name}" for name in NEIGHBOURS]
    python = install(folder / "venv", "--pre", "-c", str(constraints), str(ROOT), *names)
    listed = subprocess.run([str(python), "-m", "datasette", "plugins"], capture_output=True, check=True)
    assert {"claimledger", *names} <= {plugin["name"] for plugin in json.loads(listed.stdout)}
    with closing(sqlite3.connect(folder / "own.db")) as connection:
        connection.executescript(OTHER_DATABASE)
    metadata = str(ROOT / "metadata.yml")
    configuration = ["-c", metadata] if request.param else []
    return reader(python, folder, "-i", str(ROOT / "ledger.db"), "own.db", "-m", metadata, *configuration)


@pytest.mark.soak
def test_pages_answer_beside_the_neighbours(get: Get) -> None:
    assert all("</html>" in get(path) for path in PAGES)


@pytest.mark.soak
def test_neighbours_do_their_work(get: Get) -> None:
    assert re.search(r"datasette_vega/\S+\.js", get("/ledger/claims"))
    assert CLAIM in get("/ledger/claims.copyable?_size=max")
    offices = get("/own/offices")
    assert re.search(r"cluster.map\S*\.js", offices)
    assert '<a href="https://desk.example/"' in offices
    assert "<title>Opened</title>" in get("/own/news.atom")
    assert "Sitemap" not in get("/robots.txt")  # that of datasette-block-robots, as docs/publishing.md says


@pytest.mark.soak
def test_graphql_reads_the_file_in_a_datasette_of_its_own(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    (packages,) = re.findall(r"^pip install ('datasette<1' datasette-graphql .*)$", page, re.MULTILINE)
    (options,) = re.findall(r"^datasette (serve --immutable ledger\.db .*)$", page, re.MULTILINE)
    python = install(tmp_path / "venv", *packages.replace("'", "").split())
    get = reader(python, ROOT, *options.split())
    asked = "/graphql?query=%7Bclaims(first:1)%7Bnodes%7Bclaim_id,amount,history_list%7BtotalCount%7D%7D%7D%7D"
    (claim,) = json.loads(get(asked))["data"]["claims"]["nodes"]
    assert claim["claim_id"] == CLAIM
    assert claim["history_list"]["totalCount"] > 0
    assert "</html>" in get("/ledger/claims")
