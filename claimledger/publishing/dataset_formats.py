"""Describe the dataset to programs: schema.org JSON-LD, a Data Package (Frictionless) and Croissant.

All of them are made from the field table, so columns have the same names, types and descriptions everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claimledger.labels import label_text
from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Column, Table
from claimledger.publishing.dataset import DESCRIPTION, KEYWORDS, Dataset, DatasetFile
from claimledger.publishing.exports import TABLES_BY_NAME, ExportFormat
from claimledger.publishing.site import LANGUAGES
from claimledger.publishing.tables import TABLES

PACKAGE_PATH, CROISSANT_PATH, CITATION_PATH = "/datapackage.json", "/croissant.json", "/CITATION.cff"
MEDIA_TYPES: Mapping[ExportFormat, str] = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}
"""The media types of the formats that a description lists."""
_CROISSANT = "http://mlcommons.org/croissant/"
_TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
_CONTEXT: Mapping[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": _CROISSANT,
    "rai": f"{_CROISSANT}RAI/", "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
    **{term: f"cr:{term}" for term in _TERMS},
    "data": {"@id": "cr:data", "@type": "@json"}, "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}  # fmt: skip
"""The context that Croissant 1.0 prescribes."""
_PACKAGE_TYPES: Mapping[object, str] = {int: "integer", int | None: "integer", Number: "number"}
_CROISSANT_TYPES: Mapping[object, str] = {int: "sc:Integer", int | None: "sc:Integer"}
"""The types of columns that are not text. Amounts are text in Croissant, because they may have 50 digits."""


def served_files(dataset: Dataset, database: str) -> list[DatasetFile]:
    """Return the files of all tables that a server has at its addresses; `database` is the ledger's name there.

    The CSV is the one for programs: no byte order mark, and cells as they are.
    """
    query = "?_guard=off&_encoding=utf-8"
    return [
        DatasetFile(table.name, ExportFormat.CSV, dataset.site.page(f"/{database}/{table.name}/-/csv{query}"))
        for table in TABLES
    ]


def schema_org(dataset: Dataset, files: Iterable[DatasetFile]) -> dict[str, Any]:
    """Return the dataset as a schema.org `Dataset`, for the front page."""
    return {"@context": "https://schema.org/", **_facts(dataset), "distribution": [
        {"@type": "DataDownload", "name": file.table, "contentUrl": file.path, "encodingFormat": MEDIA_TYPES[file.form]}
        for file in files
    ]}  # fmt: skip


def _facts(dataset: Dataset) -> dict[str, Any]:
    """Return the properties that schema.org and Croissant share; those without a value are left out."""
    licence, site = dataset.licence, dataset.site
    home = site.organization_address or site.address
    creator = {"@type": "Organization", "name": dataset.creator(), **({"url": home} if home else {})}
    terms = licence and (licence.address or {"@type": "CreativeWork", "name": licence.name})
    facts = {
        "@type": "Dataset", "@id": dataset.address, "name": label_text("site.title", "en"),
        "alternateName": label_text("site.title", "ko"), "description": DESCRIPTION.english, "url": dataset.address,
        "inLanguage": list(LANGUAGES), "keywords": list(KEYWORDS), "version": dataset.version,
        "identifier": f"sha256:{dataset.log_root}", "license": terms, "creator": creator, "publisher": creator,
        "creditText": dataset.citation(),
        "datePublished": dataset.published_at[:10], "dateModified": dataset.changed_on,
        "isAccessibleForFree": True,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def data_package(dataset: Dataset, files: Sequence[DatasetFile]) -> dict[str, Any]:
    """Return `datapackage.json` with a resource for each CSV file."""
    licence = dataset.licence
    named = {"name": licence.spdx or "other", "title": licence.name} if licence else {}
    address = {"path": licence.address} if licence and licence.address else {}
    package = {
        "profile": "data-package", "name": "claimledger", "id": f"sha256:{dataset.log_root}",
        "title": f"{label_text('site.title', 'en')} · {label_text('site.title', 'ko')}",
        "description": f"{DESCRIPTION}\n\n{dataset.citation()}", "version": dataset.version,
        "homepage": dataset.address, "created": dataset.changed_at, "keywords": list(KEYWORDS),
        "licenses": [{**named, **address}] if licence else None,
        "contributors": [{"title": dataset.creator(), "role": "publisher"}],
        "resources": [_resource(file) for file in files if file.form is ExportFormat.CSV],
    }  # fmt: skip
    return {name: value for name, value in package.items() if value}


def _resource(file: DatasetFile) -> dict[str, Any]:
    table = TABLES_BY_NAME[file.table]
    sums = {"bytes": file.length, "hash": f"sha256:{file.sha256}"} if file.sha256 else {}
    schema = {
        "fields": [_package_field(column) for column in table.columns], "missingValues": [""],
        "primaryKey": list(table.key), "foreignKeys": [_foreign_key(column) for column in _references(table)],
    }  # fmt: skip
    return {
        "name": table.name.replace("_", "-"), "title": table.name, "description": str(table.meaning),
        "profile": "tabular-data-resource", "path": file.path,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", **sums, "schema": schema,
    }  # fmt: skip


def _package_field(column: Column) -> dict[str, str]:
    kind = _PACKAGE_TYPES.get(column.kind, "string")
    return {"name": column.name, "type": kind, "description": str(column.meaning)}


def _references(table: Table) -> list[Column]:
    return [column for column in table.columns if column.meaning.names]


def _foreign_key(column: Column) -> dict[str, Any]:
    table, _, key = column.meaning.names.partition(".")
    return {"fields": column.name, "reference": {"resource": table.replace("_", "-"), "fields": key}}


def croissant(dataset: Dataset, files: Sequence[DatasetFile]) -> dict[str, Any]:
    """Return the dataset in Croissant 1.0: schema.org, with the record set of each table.

    Files without a hash are those of a server, which change: they make a live dataset.
    """
    is_live = not all(file.sha256 for file in files)
    return {
        "@context": _CONTEXT, **_facts(dataset), "@type": "sc:Dataset", "conformsTo": f"{_CROISSANT}1.0",
        "citeAs": dataset.citation(), **({"isLiveDataset": True} if is_live else {}),
        "distribution": [_file_object(file) for file in files],
        "recordSet": [_record_set(TABLES_BY_NAME[file.table]) for file in files if file.form is ExportFormat.CSV],
    }  # fmt: skip


def _file_object(file: DatasetFile) -> dict[str, Any]:
    sums = {"contentSize": f"{file.length} B", "sha256": file.sha256} if file.sha256 else {}
    return {
        "@type": "cr:FileObject", "@id": f"{file.table}.{file.form}", "name": f"{file.table}.{file.form}",
        "description": TABLES_BY_NAME[file.table].meaning.english, "contentUrl": file.path,
        "encodingFormat": MEDIA_TYPES[file.form], **sums,
    }  # fmt: skip


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet", "@id": table.name, "name": table.name, "description": str(table.meaning),
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_croissant_field(table, column) for column in table.columns],
    }  # fmt: skip


def _croissant_field(table: Table, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field", "@id": f"{table.name}/{column.name}", "name": f"{table.name}/{column.name}",
        "description": str(column.meaning), "dataType": _CROISSANT_TYPES.get(column.kind, "sc:Text"),
        "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
    }  # fmt: skip
