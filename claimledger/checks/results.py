"""The result of one check, and how long lists of problems are cut."""

from __future__ import annotations
from collections.abc import Callable, Sequence
from dataclasses import dataclass
import sqlite3
import msgspec
from pydantic import ValidationError
from claimledger.errors import LedgerError, Problem
from claimledger.failures import failure_reason


MAX_LISTED_PROBLEMS = 50
"""The largest number of problems that a check lists; the others are only counted."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check."""

    name: str
    """The name of the check."""
    scope: str
    """The scope of the check, or the reason why it could not run."""
    problems: tuple[Problem, ...] = ()
    """The problems."""
    has_run: bool = True
    """True if the check could run."""
    unchanged_since: str = ""
    """The time of the earlier check whose result this is, UTC, because nothing that it reads changed since."""


READ_FAILURES = (LedgerError, ValidationError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""The errors of a log that cannot be read; the checks of the log report them."""


def run_guarded(name: str, check: Callable[[], CheckResult]) -> CheckResult:
    """Return the result of a check, or the reason why it could not go on: the log, the disk, a file's permissions."""
    try:
        return check()
    except (OSError, sqlite3.Error) as error:
        return CheckResult(name, "not finished", (Problem("check-stopped", reason=failure_reason(error)),))
    except READ_FAILURES as error:
        return CheckResult(name, f"the log cannot be read on: {str(error).splitlines()[0]}", has_run=False)


def make_check_result(name: str, looked_at: str, problems: Sequence[Problem]) -> CheckResult:
    """Return a check's result with the first problems and the number of further ones."""
    listed = list(problems[:MAX_LISTED_PROBLEMS])
    if len(problems) > MAX_LISTED_PROBLEMS:
        listed.append(Problem("more-problems", count=len(problems) - MAX_LISTED_PROBLEMS))
    return CheckResult(name, looked_at, tuple(listed))
