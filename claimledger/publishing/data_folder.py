"""Write the dataset as a folder of files: every table as CSV and Parquet, and the files that describe them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from claimledger.publishing.csv_exchange import Encoding, Guard, write_csv
from claimledger.publishing.dataset import Dataset, DatasetFile, citation_file
from claimledger.publishing.dataset_formats import (
    CITATION_PATH, CROISSANT_PATH, MEDIA_TYPES, PACKAGE_PATH, croissant, data_package,
)  # fmt: skip
from claimledger.publishing.exports import ExportFormat, available_formats, table_rows, write_table
from claimledger.publishing.columns import Table
from claimledger.publishing.json_ld import encode_json
from claimledger.publishing.tables import TABLES
from claimledger.publishing.site import LANGUAGES

README = "README.md"


def write_data_folder(folder: Path, connection: sqlite3.Connection, dataset: Dataset) -> list[Path]:
    """Write the dataset into a folder, which is created if it is missing; return the files that were written.

    A file appears complete or not at all; other files in the folder are not changed. Without pyarrow there is no
    Parquet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    forms = [form for form in MEDIA_TYPES if form in available_formats()]
    files = [_write_file(folder, connection, table, form) for table in TABLES for form in forms]
    texts = {
        PACKAGE_PATH: encode_json(data_package(dataset, files)), CROISSANT_PATH: encode_json(croissant(dataset, files)),
        CITATION_PATH: citation_file(dataset), README: readme(dataset).encode(),
    }  # fmt: skip
    written = [folder / name.lstrip("/") for name in texts]
    for path, content in zip(written, texts.values(), strict=True):
        _replace(path, [content])
    return [*(folder / file.path for file in files), *written]


def _write_file(folder: Path, connection: sqlite3.Connection, table: Table, form: ExportFormat) -> DatasetFile:
    name = f"{table.name}.{form}"
    part = folder / f"{name}.part"
    with part.open("wb") as file:
        _write_rows(file, connection, table, form)
    with part.open("rb") as file:
        digest = _sum(file)
    length = part.stat().st_size
    part.replace(folder / name)
    return DatasetFile(table.name, form, name, length, digest)


def _write_rows(file: BinaryIO, connection: sqlite3.Connection, table: Table, form: ExportFormat) -> None:
    if form is ExportFormat.CSV:
        rows = table_rows(connection, table)
        write_csv(file, table.header, rows, guard=Guard.OFF, encoding=Encoding.UTF_8)
    else:
        write_table(file, connection, table, form)


def _sum(file: BinaryIO) -> str:
    digest = sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _replace(path: Path, pieces: list[bytes]) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(b"".join(pieces))
    part.replace(path)


def readme(dataset: Dataset) -> str:
    """Return the README of the package: version, licence, citation, and the meaning of every column."""
    return "\n".join([*_first_lines(dataset), *(line for table in TABLES for line in _table_lines(table))]) + "\n"


def _first_lines(dataset: Dataset) -> Iterator[str]:
    names = [dataset.creator(language) for language in LANGUAGES]
    yield f"# {' · '.join(dict.fromkeys(names))} {dataset.address}\n"
    yield f"- version: {dataset.version}\n- log: {dataset.log_size} entries, tree hash {dataset.log_root}"
    if licence := dataset.licence:
        yield f"- licence: {licence.name} {licence.address if licence.address != licence.name else ''}".rstrip()
    else:
        yield "- No licence is stated. Ask the publisher before you reuse the data."
    yield from (f"- cite as: {dataset.citation(language)}" for language in LANGUAGES)
    yield (
        "\nCSV is UTF-8 with a header, and an empty cell is a missing value. `datapackage.json` is a Data Package "
        "(Frictionless), `croissant.json` is Croissant 1.0, `CITATION.cff` names the version.\n"
    )
    yield '```python\npandas.read_csv("claims.csv", dtype={"amount": str})\n```\n'


def _table_lines(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n\n{table.meaning}\n\n| column | English | 한국어 |\n| --- | --- | --- |"
    yield from (f"| `{one.name}` | {one.meaning.english} | {one.meaning.korean} |" for one in table.columns)
    yield ""
