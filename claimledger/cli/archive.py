"""The commands for an archive of many articles: spot it, see its state, check its files, find repeated claims."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.language import message_language
from claimledger.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimledger.archive.inspection import ArchiveStatus
    from claimledger.archive.spotting_run import RunProgress

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
