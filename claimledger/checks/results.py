"""The result of one check, and how long lists of problems are cut."""

from __future__ import annotations
from collections.abc import Callable, Sequence
from dataclasses import dataclass
import msgspec
from pydantic import ValidationError
from claimledger.errors import LedgerError, Problem


MOST_LISTED = 50
"""The largest number of problems that a check lists; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one check."""

    name: str
    """The name of the check."""
    looked_at: str
    """The scope of the check, or the reason why it could not run."""
    problems: tuple[Problem, ...] = ()
    """The problems."""
    is_done: bool = True
    """Whether the check could run."""


def guarded(name: str, check: Callable[[], Checked]) -> Checked:
    """Return the result of a check, or that it could not run because the log cannot be read."""
    try:
        return check()
    except (LedgerError, ValidationError, msgspec.DecodeError) as error:
        return Checked(name, f"the log cannot be read on: {str(error).splitlines()[0]}", is_done=False)


def outcome(name: str, looked_at: str, problems: Sequence[Problem]) -> Checked:
    """Return a check's result with the first problems and the number of further ones."""
    listed = list(problems[:MOST_LISTED])
    if len(problems) > MOST_LISTED:
        listed.append(Problem("more-problems", count=len(problems) - MOST_LISTED))
    return Checked(name, looked_at, tuple(listed))
