"""A progress counter for long tasks, shown on a terminal and not in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(label: str, unit: str = "revisions") -> Iterator[Callable[[int], None]]:
    """Yield a function that adds to a counter, which is shown on a terminal and not in a pipe."""
    done = 0
    is_shown = False

    def tick(count: int) -> None:
        nonlocal done, is_shown
        done += count
        if sys.stderr.isatty():
            is_shown = True
            click.echo(f"\r{label}: {done:,} {unit}", nl=False, err=True)

    yield tick
    if is_shown:
        click.echo(err=True)
