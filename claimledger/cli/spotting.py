"""The command that proposes claims: figures, quotations and reported statements of a text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimledger.spotting import Candidate, Spotted


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True,
    help="How to print the candidates.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read files.")
def spot(files: tuple[str, ...], form: str, workers: int) -> None:
    """Propose the claims of texts: who says what, with which figures.

    FILES are UTF-8 texts. Each candidate is a passage with its offsets in code points; a person decides which of them
    are claims. What an installed language cannot do is said on standard error.
    """
    from claimledger.spotting import Format, spot_files, spotting_problems, write_candidates

    for problem in spotting_problems():
        click.echo(str(problem), err=True)
    bad: list[str] = []
    spotted = _told(spot_files(files, workers, _progress if len(files) > 1 else None), bad)
    write_candidates(spotted, sys.stdout, Format(form), shows_files=len(files) > 1)
    sys.exit(1 if bad else 0)


def _told(spotted: Iterable[Spotted], bad: list[str]) -> Iterator[tuple[str, Iterable[Candidate]]]:
    """Yield each file with its candidates; say what could not be read, and go on."""
    for one in spotted:
        if one.problem:
            bad.append(one.path)
            click.echo(str(one.problem), err=True)
        yield one.path, one.candidates


def _progress(done: int, path: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} read, now {path}", nl=False, err=True)
