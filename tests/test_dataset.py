"""The ledger as a dataset: licence, version, citation, and the files that describe it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from datasette.app import Datasette
from made_ledger import made_entries
from packages import needed
from page_reading import got, seen

from claimledger.cli import main
from claimledger.publishing import feeds, ledger_db, ledger_reader
from claimledger.publishing.data_folder import write_data_folder
from claimledger.publishing.dataset import Dataset, citation_file, read_dataset
from claimledger.publishing.dataset_formats import croissant, data_package, schema_org, served_files
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.site import LANGUAGES, SETTINGS_FILE, Site
from claimledger.publishing.tables import TABLES, TABLES_FORMAT

ROOT = Path(__file__).parent.parent
BY = "https://creativecommons.org/licenses/by/4.0/"
SITE = Site(
    "https://facts.hanbit.example",
    organization={"en": "Hanbit Daily", "ko": "한빛일보"},
    data_license={"en": "CC BY 4.0", "ko": "CC BY 4.0"},
)
SETTINGS = 'organization = { en = "Hanbit Daily", ko = "한빛일보" }\naddress = "https://facts.hanbit.example"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    ledger_db.build_ledger_db(made_entries(), folder / "ledger.db")
    (folder / SETTINGS_FILE).write_text(f'{SETTINGS}data_license = "CC-BY-4.0"\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def connection(folder: Path) -> Iterator[sqlite3.Connection]:
    with ledger_reader.open_ledger(folder / "ledger.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def dataset(connection: sqlite3.Connection) -> Dataset:
    return read_dataset(connection, SITE)


def test_version_names_format_size_and_root(connection: sqlite3.Connection, dataset: Dataset) -> None:
    size, root = (
        connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()[0]
        for name in ("log_size", "log_root")
    )
    assert dataset.version == f"{TABLES_FORMAT}.{size}.0+{root[:12]}"


def test_citation_names_publisher_year_version_and_address(dataset: Dataset) -> None:
    where = f"{dataset.version}. https://facts.hanbit.example/data"
    assert dataset.citation() == f"Hanbit Daily (2031). Claims in print. Version {where}"
    assert dataset.citation("ko") == f"한빛일보 (2031). 기사 속 주장. 버전 {where}"
    own = dataset._replace(site=Site("", citation={"en": "Moon Gaon: Port claims."}))
    assert own.citation() == f"Moon Gaon: Port claims. Version {dataset.version}."


def test_citation_file_has_licence_version_and_root(dataset: Dataset) -> None:
    said = yaml.safe_load(citation_file(dataset))
    assert (said["license"], said["version"], said["type"]) == ("CC-BY-4.0", dataset.version, "dataset")
    assert said["identifiers"][0]["value"] == f"sha256:{dataset.log_root}"


def test_descriptions_have_each_column_of_the_field_table(dataset: Dataset) -> None:
    files = served_files(dataset, "ledger")
    resources = data_package(dataset, files)["resources"]
    records = croissant(dataset, files)["recordSet"]
    for table, resource, record in zip(TABLES, resources, records, strict=True):
        meanings = [(column.name, str(column.meaning)) for column in table.columns]
        assert [(one["name"], one["description"]) for one in resource["schema"]["fields"]] == meanings
        named = [(one["source"]["extract"]["column"], one["description"]) for one in record["field"]]
        assert named == meanings


def test_folder_has_every_table_with_its_sum(tmp_path: Path, connection: sqlite3.Connection, dataset: Dataset) -> None:
    (tmp_path / "notes.txt").write_text("ours", encoding="utf-8")
    write_data_folder(tmp_path, connection, dataset)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC-BY-4.0", "path": BY}]
    for table, resource in zip(TABLES, package["resources"], strict=True):
        content = (tmp_path / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
        header, *rows = csv.reader(content.decode().splitlines(keepends=True))
        assert tuple(header) == table.header
        assert len(rows) == connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "ours"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.slow
def test_command_writes_the_dataset_of_a_ledger(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--root", str(ROOT), "export", "data", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "No licence is stated" in done.output
    assert (tmp_path / "out" / "claims.csv").is_file()
    assert "licence:" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_table_needs_no_command_name() -> None:
    short, full = (
        CliRunner().invoke(main, ["--root", str(ROOT), "export", *named, "vocabulary"]).stdout_bytes
        for named in ([], ["table"])
    )
    assert short == full != b""


def test_feeds_and_metadata_state_the_licence(connection: sqlite3.Connection) -> None:
    assert b"<rights>CC BY 4.0</rights>" in feeds.atom_page(connection, "verdicts", SITE, "en")
    assert yaml.safe_load(metadata_text("CC BY 4.0"))["license_url"] == BY


def test_ledger_without_a_licence_states_none(tmp_path: Path, connection: sqlite3.Connection) -> None:
    site = replace(SITE, data_license=None)
    unlicensed = read_dataset(connection, site)
    write_data_folder(tmp_path, connection, unlicensed)
    suffixes = (".md", ".json", ".cff")
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.suffix in suffixes}
    assert "No licence is stated" in texts.pop("README.md")
    assert {"datapackage.json", "croissant.json", "CITATION.cff"} <= texts.keys()
    texts["front page"] = json.dumps(schema_org(unlicensed, ()))
    texts["feed"] = feeds.atom_page(connection, "verdicts", site, "en").decode()
    stated = re.compile(r"licen[cs]e|<rights>|CC.BY", re.IGNORECASE)
    assert {name: stated.findall(text) for name, text in texts.items() if stated.search(text)} == {}
    assert not {"license", "license_url"} & yaml.safe_load(metadata_text("")).keys()


# --- on the site ---


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize("language", LANGUAGES)
async def test_page_shows_version_licence_citation_and_columns(
    serve: Callable[..., Datasette], folder: Path, dataset: Dataset, language: str
) -> None:
    page = await seen(serve(folder / "ledger.db"), f"/data?lang={language}")
    for text in (dataset.version, dataset.log_root, dataset.citation(language)):  # type: ignore[arg-type]
        assert text in page.words
    assert {BY, "/croissant.json", "/datapackage.json", "/CITATION.cff", "/ledger"} <= set(page.links())
    assert all(column.name in page.words for table in TABLES for column in table.columns)


@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_front_page_describes_the_dataset(serve: Callable[..., Datasette], folder: Path) -> None:
    datasette = serve(folder / "ledger.db")
    front = (await got(datasette, "/")).text
    said = json.loads(front.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert (said["@type"], said["license"]) == ("Dataset", BY)
    served: dict[str, Any] = (await got(datasette, "/datapackage.json")).json()
    paths = [one["path"] for one in served["resources"]]
    assert [one["contentUrl"] for one in said["distribution"]] == paths
    csv_file = await got(datasette, paths[0].removeprefix("https://facts.hanbit.example"))
    assert csv_file.text.startswith("claim_id,")
    assert (await got(datasette, "/croissant.json")).json()["isLiveDataset"] is True


# --- the programs that these files are for ---


@pytest.mark.soak
def test_frictionless_and_croissant_accept_the_folder(tmp_path: Path) -> None:
    with ledger_reader.open_ledger(ROOT / "ledger.db") as opened:
        write_data_folder(tmp_path, opened, read_dataset(opened, SITE))
    for command in (
        ["frictionless", "validate", "datapackage.json"],
        ["mlcroissant", "validate", "--jsonld", "croissant.json"],
        ["mlcroissant", "load", "--jsonld", "croissant.json", "--record_set", "claims", "--num_records", "3"],
    ):
        program = shutil.which(command[0])
        assert program, f"{command[0]} is missing: run scripts/faults"
        done = subprocess.run([program, *command[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "recommended" not in done.stderr  # mlcroissant warns of a property that is missing


@pytest.mark.soak
@pytest.mark.asyncio
async def test_extruct_reads_the_dataset_of_the_front_page(serve: Callable[..., Datasette], folder: Path) -> None:
    extruct, rdflib = needed("extruct"), needed("rdflib")
    page = (await got(serve(folder / "ledger.db"), "/")).text
    (found,) = extruct.extract(page, base_url="https://facts.hanbit.example/", syntaxes=["json-ld"])["json-ld"]
    graph = rdflib.Graph().parse(
        data=json.dumps({**found, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld"
    )
    schema = rdflib.Namespace("https://schema.org/")
    assert (rdflib.URIRef(found["@id"]), schema.license, rdflib.Literal(BY)) in graph
