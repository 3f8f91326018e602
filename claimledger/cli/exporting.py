"""The command that takes the published ledger away in a file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claimledger.cli.reading import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from claimledger.ledger.files import Places
    from claimledger.rendering import Language

TABLES = (
    "claims", "quantities", "topics", "appearances", "verdicts", "evidence", "relations", "documents", "findings",
    "corrections", "history",
    "articles", "editions", "edition_texts", "speakers", "sources", "revision", "vocabulary", "about",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "json", "jsonl", "parquet", "claimreview")


@click.command()
@click.argument("table", type=click.Choice(TABLES), default="claims")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True,
    help="Of the file; claimreview is a feed of the claims that have a verdict.",
)  # fmt: skip
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: standard output)."
)
@click.option(
    "--encoding", type=click.Choice(["utf-8-sig", "utf-8", "cp949", "utf-16"]), default="utf-8-sig", show_default=True,
    help="Of CSV; utf-8-sig opens right in Excel.",
)  # fmt: skip
@click.option(
    "--guard", type=click.Choice(["on", "off"]), default="on", show_default=True,
    help="Whether cells of CSV that a spreadsheet would run or spoil get an apostrophe.",
)  # fmt: skip
@click.option("--address", envvar="CLAIMLEDGER_ADDRESS", help="Of claimreview: where the ledger stands on the Web.")
@click.option("--organization", envvar="CLAIMLEDGER_ORGANIZATION", help="Of claimreview: who keeps the ledger.")
@click.option(
    "--lang", type=click.Choice(["en", "ko"]), default="en", envvar="CLAIMLEDGER_LANG", show_default=True,
    help="Of claimreview: the language of statements and ratings, where a claim has both.",
)  # fmt: skip
@click.pass_obj
def export(
    places: Places, /, table: str, form: str, output: Path | None, *, encoding: str, guard: str, address: str | None,
    organization: str | None, lang: Language,
) -> None:  # fmt: skip
    """Write a TABLE of the published ledger to a file.

    docs/formats.md says what each column is and what it becomes in each format. Parquet takes the extra 'parquet'.
    """
    from claimledger.publishing import csv_exchange, exports, ledger_reader

    if form == "claimreview" and (table != "claims" or not address):
        raise click.UsageError("claimreview takes the table 'claims' and --address, where the ledger stands.")
    with ledger_reader.opened(fresh(places)) as connection, _written(output) as file:
        chosen = exports.BY_NAME[table]
        if form == "claimreview":
            _write_reviews(file, connection, address or "", organization, lang)
        elif form == "csv":
            csv_exchange.write_csv(
                file, chosen.header, exports.rows_of(connection, chosen),
                encoding=csv_exchange.Encoding(encoding), guard=csv_exchange.Guard(guard),
            )  # fmt: skip
        else:
            exports.write(file, connection, chosen, exports.Format(form))


def _write_reviews(
    file: BinaryIO, connection: Connection, address: str, organization: str | None, lang: Language
) -> None:
    from claimledger.publishing.claim_review import claim_reviews, feed
    from claimledger.publishing.site import configured

    site = configured({"organization": organization} if organization else {}, address)
    file.writelines(feed(claim_reviews(connection, site, lang)))


@contextmanager
def _written(output: Path | None) -> Iterator[BinaryIO]:
    """Open what is written to; a file appears whole or not at all."""
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
