"""The command that exports the published ledger to a file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claimledger.cli.reading import up_to_date_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from sqlite3 import Connection

    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage

TABLES = (
    "claims", "quantities", "topics", "appearances", "verdicts", "evidence", "relations", "documents", "findings",
    "corrections", "history",
    "articles", "editions", "edition_texts", "speakers", "sources", "alias", "alias_name", "revision",
    "vocabulary", "about",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "json", "jsonl", "parquet", "claimreview")


@click.command()
@click.argument("table", type=click.Choice(TABLES), default="claims")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True,
    help="Format of the file; claimreview is a feed of the claims that have a verdict.",
)  # fmt: skip
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: standard output)."
)
@click.option(
    "--encoding", type=click.Choice(["utf-8-sig", "utf-8", "cp949", "utf-16"]), default="utf-8-sig", show_default=True,
    help="Encoding of CSV; Excel opens utf-8-sig correctly.",
)  # fmt: skip
@click.option(
    "--guard", type=click.Choice(["on", "off"]), default="on", show_default=True,
    help="Put an apostrophe before CSV cells that a spreadsheet would run or change.",
)  # fmt: skip
@click.option("--address", envvar="CLAIMLEDGER_ADDRESS", help="For claimreview: the web address of the ledger.")
@click.option(
    "--organization",
    envvar="CLAIMLEDGER_ORGANIZATION",
    help="For claimreview: the publisher of the ledger.",
)
@click.option(
    "--lang", type=click.Choice(["en", "ko"]), default="en", envvar="CLAIMLEDGER_LANG", show_default=True,
    help="For claimreview: the language of statements and ratings, if a claim has both.",
)  # fmt: skip
@click.pass_obj
def export(
    places: LedgerPaths,
    /,
    table: str,
    form: str,
    output: Path | None,
    *,
    encoding: str,
    guard: str,
    address: str | None,
    organization: str | None,
    lang: TerminalLanguage,
) -> None:
    """Write a TABLE of the published ledger to a file.

    docs/formats.md explains each column and its form in each format. Parquet needs the extra 'parquet'.
    """
    from claimledger.publishing import csv_exchange, exports, ledger_reader

    if form == "claimreview" and (table != "claims" or not address):
        raise click.UsageError("claimreview needs the table 'claims' and --address, the ledger's web address.")
    with ledger_reader.open_ledger(up_to_date_ledger(places)) as connection, _open_output(output) as file:
        table_export = exports.TABLES_BY_NAME[table]
        if form == "claimreview":
            options = {"address": address, "organization": organization}
            _write_reviews(file, connection, places.root, options, lang)
        elif form == "csv":
            csv_exchange.write_csv(
                file, table_export.header, exports.table_rows(connection, table_export),
                encoding=csv_exchange.Encoding(encoding), guard=csv_exchange.Guard(guard),
            )  # fmt: skip
        else:
            exports.write_table(file, connection, table_export, exports.ExportFormat(form))


def _write_reviews(
    file: BinaryIO, connection: Connection, root: Path, options: Mapping[str, str | None], lang: TerminalLanguage
) -> None:
    """Write the reviews with the settings of `claimledger.toml`; options win."""
    from claimledger.publishing.claim_review import claim_reviews, review_feed
    from claimledger.publishing.site import read_settings_file, site_from_settings

    given = {name: value for name, value in options.items() if value}
    site = site_from_settings({**read_settings_file(root), **given}, "")
    file.writelines(review_feed(claim_reviews(connection, site, lang)))


@contextmanager
def _open_output(output: Path | None) -> Iterator[BinaryIO]:
    """Open the output file or standard output; the file appears complete or not at all."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
