"""The commands that export the published ledger: a table to a file, the dataset and the site to folders."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claimledger.cli.progress import progress
from claimledger.cli.reading import up_to_date_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from sqlite3 import Connection

    from claimledger.ledger.files import LedgerPaths
    from claimledger.publishing.site import PageLanguage, Site
    from claimledger.rendering import TerminalLanguage

TABLES = (
    "claims", "quantities", "topics", "appearances", "verdicts", "evidence", "relations", "documents", "findings",
    "corrections", "history",
    "articles", "editions", "edition_texts", "speakers", "sources", "alias", "alias_name", "earlier_checks",
    "revision", "vocabulary", "about",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "json", "jsonl", "parquet", "claimreview")


class _TableByDefault(click.Group):
    """A group whose command `table` needs no name: `export claims` is `export table claims`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command before the arguments of a table."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["table", *args])


@click.group(cls=_TableByDefault)
def export() -> None:
    """Write a table, the whole dataset or the site to files.

    The name of a table is enough: 'claimledger export claims' is the same as 'claimledger export table claims'.
    """


@export.command("table")
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
def export_table(
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


@export.command("data")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", envvar="CLAIMLEDGER_ADDRESS", help="The web address of the site.")
@click.pass_obj
def export_data(places: LedgerPaths, folder: Path, address: str | None) -> None:
    """Write the whole dataset to FOLDER: every table as CSV and Parquet, described for people and programs.

    datapackage.json is for Frictionless, croissant.json for machine learning, CITATION.cff says how to cite this
    version. Publisher, licence and citation come from claimledger.toml. Parquet needs the extra 'parquet'.
    """
    from claimledger.publishing.data_folder import write_data_folder
    from claimledger.publishing.dataset import read_dataset
    from claimledger.publishing.ledger_reader import open_ledger

    with open_ledger(up_to_date_ledger(places)) as connection:
        dataset = read_dataset(connection, _site(places.root, {"address": address}))
        written = write_data_folder(folder, connection, dataset)
    click.echo(f"Wrote {len(written)} files to {folder}: version {dataset.version}", err=True)
    if not dataset.licence:
        click.echo("No licence is stated: set data_license in claimledger.toml, for example CC-BY-4.0.", err=True)


@export.command("site")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", envvar="CLAIMLEDGER_ADDRESS", help="The web address at which the copy will be.")
@click.option(
    "--lang", type=click.Choice(["en", "ko"]), default="en", envvar="CLAIMLEDGER_LANG", show_default=True,
    help="The language of the pages at the addresses without a language; the other one is in a folder.",
)  # fmt: skip
@click.pass_obj
def export_site(places: LedgerPaths, folder: Path, address: str | None, lang: PageLanguage) -> None:
    """Write the public pages to FOLDER as files, for any web space without a server program.

    The copy works without scripts; only its search needs one. A second run writes only the files that changed and
    deletes those that are gone. files.txt lists every file with its SHA-256. Other files in FOLDER stay.
    """
    from claimledger.datasette_plugin.static_site import copy_site
    from claimledger.publishing.ledger_db import read_about

    site = _site(places.root, {"address": address})
    if not site.address:
        raise click.UsageError("The pages name their address: set it in claimledger.toml or with --address.")
    path = up_to_date_ledger(places)
    if not read_about(path).log_size:
        raise click.ClickException("Nothing is published yet, so there are no pages to copy.")
    with progress("Writing the pages", "files") as tick:
        done = copy_site(path, folder, site, lang, tick)
    click.echo(
        f"{folder}: {done.written} files written, {done.same} unchanged, {done.deleted} deleted; "
        f"{done.length / 1e6:.1f} MB in all.",
        err=True,
    )


def _site(root: Path, options: Mapping[str, str | None]) -> Site:
    """Return the site with the settings of `claimledger.toml`; options win."""
    from claimledger.publishing.site import read_settings_file, site_from_settings

    given = {name: value for name, value in options.items() if value}
    return site_from_settings({**read_settings_file(root), **given}, "")


def _write_reviews(
    file: BinaryIO, connection: Connection, root: Path, options: Mapping[str, str | None], lang: TerminalLanguage
) -> None:
    """Write the reviews with the settings of `claimledger.toml`; options win."""
    from claimledger.publishing.claim_review import claim_reviews, review_feed
    from claimledger.publishing.dataset import licence_address

    site = _site(root, options)
    file.writelines(review_feed(claim_reviews(connection, site, lang), licence_address(site)))


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
