"""Faults: problems in people's data are values, refusals and programming faults are exceptions.

A `Problem` says where (file, line, field), what is wrong and what to do, and carries a stable kebab-case
code; a reader gathers all of them before anything is written. An exception is named for its situation,
takes typed arguments and composes its own sentence, so that messages do not drift between callers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the data: where it stands, what it is and what to do about it."""

    code: str
    """Stable kebab-case name of the fault."""
    sentence: str
    """What is wrong, as a sentence."""
    remedy: str
    """What to do about it, as a sentence."""
    file: str = ""
    """The file, as the person named it; empty where there is none."""
    line: int | None = None
    """1-based line (or CSV row) in the file."""
    field: str = ""
    """The field, as a dotted path; empty for the whole file."""

    def __str__(self) -> str:
        """Return the problem on one line, in the form compilers use.

        >>> print(Problem("unknown-key", "There is no field 'speeker'.", "Write 'speaker'.", "a.yaml", 3, "speeker"))
        a.yaml:3: speeker: There is no field 'speeker'. Write 'speaker'. [unknown-key]
        """
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = [part for part in (where, self.field) if part]
        return f"{': '.join([*parts, self.sentence])} {self.remedy} [{self.code}]"


class LedgerError(Exception):
    """Base of every refusal; its text is meant for the person at the keyboard."""


class ProblemsFound(LedgerError):
    """The data given holds problems; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; the text lists them, one a line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class SecondEditorRequired(LedgerError):
    """Whoever wrote a draft may not approve it."""

    def __init__(self, key: str, approver: str) -> None:
        """Name the record and the person who would approve their own work."""
        self.key, self.approver = key, approver
        super().__init__(f"{key}: '{approver}' wrote part of it and cannot approve it. Ask another editor.")


class ClaimChangedMeanwhile(LedgerError):
    """A draft is based on a public revision that is no longer the newest."""

    def __init__(self, key: str) -> None:
        """Name the record."""
        self.key = key
        super().__init__(
            f"{key}: it was published in another version since this draft was written. Nothing was published. "
            "Discard the draft, run 'claimledger build' and record the change on the new version."
        )


class NothingToPublish(LedgerError):
    """No open draft is left."""

    def __init__(self) -> None:
        """Say what makes a draft."""
        super().__init__("There is no open draft. Edit a claim file and run 'claimledger record' first.")


class LogsDisagree(LedgerError):
    """The log files and the desk's publications are not prefixes of one another."""

    def __init__(self, number: int, where: str) -> None:
        """Name the first body (1-based number in the log) that differs and the file it should stand in."""
        self.number = number
        super().__init__(
            f"{where}: body {number} is not the one the desk published. Nothing was written. Restore the log "
            "from git; if the log is right and the desk wrong, move desk.db away and it is filled from the log."
        )


class LogDamaged(LedgerError):
    """A log file cannot be read as a log."""

    def __init__(self, file: str, line: int, what: str) -> None:
        """Name the file, its 1-based line and what is wrong there."""
        super().__init__(f"{file}:{line}: {what} Restore the file from git, then run 'claimledger check'.")


class ClockBehind(LedgerError):
    """The clock is more than five minutes behind the newest revision."""

    def __init__(self, now: str, last: str) -> None:
        """Both times are UTC, ISO 8601 with milliseconds."""
        super().__init__(
            f"The clock says {now}, but the newest revision was recorded at {last}. "
            "Set the clock right and try again; nothing was written."
        )


class BodyTooLarge(LedgerError):
    """A revision's canonical form is longer than a log entry may be."""

    def __init__(self, key: str, size: int, limit: int) -> None:
        """Sizes are bytes of canonical JSON."""
        super().__init__(f"{key}: the record takes {size:,} bytes; at most {limit:,} fit. Shorten it.")


class NotFound(LedgerError):
    """Nothing is known under the name given."""

    def __init__(self, what: str, name: str, near: Sequence[str] = ()) -> None:
        """Say what was looked for; near names are offered."""
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"There is no {what} '{name}'.{hint}")
