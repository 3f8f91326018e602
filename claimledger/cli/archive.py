"""The commands for an archive of many articles: spot it, see its state, check its files, find repeated claims."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import pass_ledger
from claimledger.cli.language import message_language
from claimledger.cli.reading import LANGUAGE_OPTION
from claimledger.counting import format_count
from claimledger.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from claimledger.archive.inspection import ArchiveStatus
    from claimledger.archive.known_claims import KnownClaim
    from claimledger.archive.repeats import RepeatedClaim
    from claimledger.archive.spotting_run import RunProgress
    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage

_SECONDS_BETWEEN_LINES = 30
_OUT = click.argument("out", type=click.Path(file_okay=False, path_type=Path))


class Part(click.ParamType[tuple[int, int]]):
    """One of several parts, such as 2/8."""

    name = "part"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return the number of the part and the number of parts."""
        if isinstance(value, tuple):
            return value
        number, _, parts = value.partition("/")
        if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
            self.fail(f"'{value}' is not a part such as 2/8.", param, ctx)
        return int(number), int(parts)


@click.group()
def archive() -> None:
    """Spot an archive of many articles and find claims in it that are already checked."""


@archive.command("spot")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@_OUT
@click.option("--id", "id_field", default="id", show_default=True, help="Field with an article's identifier.")
@click.option("--text", "text_field", default="text", show_default=True, help="Field with an article's text.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes on this machine.")
@click.option("--part", type=Part(), default="1/1", help="Do only this part, such as 2/8: one machine for each part.")
@click.option(
    "--ray", default="", metavar="ADDRESS",
    help="Run on the Ray cluster with this address (host:port, 'auto' or 'local'); needs the extra 'cluster'.",
)  # fmt: skip
@click.option(
    "--seconds", type=click.IntRange(1), default=120, show_default=True, help="Longest time to read one article."
)
def spot_many(
    source: Path, out: Path, id_field: str, text_field: str, jobs: int, part: tuple[int, int], ray: str, seconds: int
) -> None:
    """Spot the articles of SOURCE into Parquet files in the folder OUT.

    SOURCE is a file or folder with JSON Lines, Parquet or text files. Run the command again to go on after an
    interruption; OUT keeps what is done. Articles that cannot be read are set aside with the reason, and then the exit
    status is 1. Needs the extra 'parquet'. docs/archive.md explains the tables.
    """
    from claimledger.archive.sources import ArticleFields
    from claimledger.archive.spotting_run import RunOptions, spot_archive
    from claimledger.spotting import spotting_problems

    if ray and part != (1, 1):
        raise click.UsageError("Give --ray or --part, not both.")
    options = RunOptions(ArticleFields(id_field, text_field), jobs, part, ray, seconds)
    for problem in spotting_problems():
        click.echo(problem.line_text(message_language()), err=True)
    status = spot_archive(source, out, options, _progress_printer())
    if sys.stderr.isatty():
        click.echo(err=True)
    _print_status(status)
    sys.exit(1 if status.set_aside or (status.done < status.shards and part == (1, 1)) else 0)


def _progress_printer() -> Callable[[RunProgress], None]:
    """Return a function that shows the progress: at each shard on a terminal, else every 30 seconds."""
    shown = time.monotonic()

    def show(progress: RunProgress) -> None:
        nonlocal shown
        is_terminal = sys.stderr.isatty()
        if is_terminal or time.monotonic() - shown >= _SECONDS_BETWEEN_LINES:
            shown = time.monotonic()
            line = Message("archive-progress", **progress._asdict()).text(message_language())
            click.echo(f"\r{line}" if is_terminal else line, nl=not is_terminal, err=True)

    return show


def _print_status(status: ArchiveStatus) -> None:
    language = message_language()
    numbers = {name: getattr(status, name) for name in ("done", "shards", "articles", "candidates", "figures")}
    click.echo(Message("archive-status", **numbers).text(language))
    if status.articles_a_second and status.seconds_left:
        minutes = status.seconds_left / 60
        click.echo(Message("archive-speed", speed=status.articles_a_second, minutes=minutes).text(language))
    for reason, count in status.set_aside.items():
        click.echo(Message("archive-set-aside", count=count, reason=Message(f"set-aside/{reason}")).text(language))


@archive.command("status")
@_OUT
def show_status(out: Path) -> None:
    """Print what is done in OUT, what is left, and what was set aside by reason."""
    from claimledger.archive.inspection import read_status

    _print_status(read_status(out))


@archive.command("check")
@_OUT
def check_files(out: Path) -> None:
    """Compare the files in OUT with its manifest."""
    from claimledger.archive.inspection import check_archive, read_status

    problems = check_archive(out)
    for problem in problems:
        click.echo(problem.line_text(message_language()), err=True)
    if problems:
        sys.exit(1)
    click.echo(Message("archive-checked", shards=read_status(out).done).text(message_language()))


@archive.command("article")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@_OUT
@click.argument("article_id")
def print_article(source: Path, out: Path, article_id: str) -> None:
    """Print the text of one article, for 'claimledger article add'.

    The desk then has the article's candidates as they are in OUT. SOURCE is what 'archive spot' read.
    """
    from claimledger.archive.archived_text import read_archived_text
    from claimledger.archive.output_files import demand_package

    demand_package("pyarrow", "parquet")
    sys.stdout.buffer.write(read_archived_text(source, out, article_id).encode())


MATCH_COLUMNS = (
    "claim", "publisher", "verdict", "statement", "quote", "article_id", "file", "line", "start", "end", "likeness",
    "reason",
)  # fmt: skip
"""The columns of the table that `archive match` writes."""
_NUMBERS = frozenset({"line", "start", "end"})


@archive.command("match")
@_OUT
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .csv or .parquet (default: CSV on standard output).",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes on this machine.")
@LANGUAGE_OPTION
@pass_ledger
def match_claims(places: LedgerPaths, out: Path, output: Path | None, jobs: int, lang: TerminalLanguage) -> None:
    """List the passages in OUT that repeat a checked claim.

    The claims are those that the ledger has published, and those of earlier checks and imported reviews. A passage is
    listed if it has every figure of a claim and one of its names, and no other date. Each row has the verdict, or the
    rating of the check or review, and the reason. A passage may still deny the claim, so read it.
    """
    from claimledger import rendering
    from claimledger.archive.known_claims import index_figures
    from claimledger.archive.output_files import demand_package, read_settings
    from claimledger.archive.repeats import find_repeats

    demand_package("pyarrow", "parquet")
    read_settings(out)
    if output and output.suffix not in (".csv", ".parquet"):
        raise click.UsageError("--output needs a file that ends with .csv or .parquet.")
    known = list(_known_claims(places, lang))
    index = index_figures(known)
    found = sorted(find_repeats(out, index, jobs), key=lambda one: (one.claim, one.statement, one.file, one.line))
    rows = [_match_row(one, lang, rendering.reason_text) for one in found]
    _write_matches(rows, output)
    passages = format_count(len(rows), "passage repeats", "passages repeat")
    claims = format_count(len(known), "claim", "claims")
    with_figures = len({id(claim) for claims_here in index.values() for claim in claims_here})
    click.echo(f"{passages} one of {claims}; {with_figures:,} of these have a figure to look for.", err=True)


def _known_claims(places: LedgerPaths, language: TerminalLanguage) -> Iterator[KnownClaim]:
    from claimledger import rendering
    from claimledger.archive.known_claims import KnownClaim
    from claimledger.desk import lookups
    from claimledger.vocabulary import VerificationStatus

    for one in lookups.checked_statements(places):
        is_own = isinstance(one.verdict, VerificationStatus)
        verdict = rendering.terminal_label(one.verdict, language) if is_own else one.verdict  # type: ignore[arg-type]
        statement = rendering.text_in_language(one.wording, language)
        yield KnownClaim(
            one.name, rendering.text_in_language(one.publisher, language), str(verdict), statement, one.profile
        )


def _match_row(found: RepeatedClaim, language: TerminalLanguage, reason_text: Callable[..., str]) -> tuple[object, ...]:
    from claimledger.rendering import terminal_label

    texts = {
        "likeness": terminal_label(found.likeness, language),
        "reason": "; ".join(reason_text(reason, language) for reason in found.reasons),
    }
    return tuple(texts.get(name) or getattr(found, name) for name in MATCH_COLUMNS)


def _write_matches(rows: Sequence[Sequence[object]], output: Path | None) -> None:
    from io import BytesIO

    from claimledger.ledger.files import replace_bytes
    from claimledger.publishing import csv_exchange

    content = BytesIO()
    if output and output.suffix == ".parquet":
        import pyarrow as arrow
        from pyarrow import parquet

        columns = [(name, arrow.int64() if name in _NUMBERS else arrow.string()) for name in MATCH_COLUMNS]
        records = [dict(zip(MATCH_COLUMNS, row, strict=True)) for row in rows]
        parquet.write_table(arrow.Table.from_pylist(records, arrow.schema(columns)), content)
    else:
        csv_exchange.write_csv(content, MATCH_COLUMNS, rows)
    if output:
        replace_bytes(output, content.getvalue())
    else:
        sys.stdout.buffer.write(content.getvalue())
