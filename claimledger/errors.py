"""Problems and refusals: what is wrong with data is a value, and an act that is refused raises an exception.

A `Problem` has a stable code, the place of the fault (file, line, field) and the values that its sentence names. A
reader of a file collects all of them before anything is written. A refusal is an exception named for its situation,
with typed arguments. The sentences of both are in the table of `messages`, in English and Korean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimledger.messages import Message, Value, did_you_mean


@dataclass(frozen=True, slots=True, init=False)
class Problem:
    """One thing that is wrong in the data, its place, and what to do about it."""

    message: Message
    """The sentence and the advice, with their values."""
    file: str
    """The file, as the person named it; empty if there is none."""
    line: int | None
    """The 1-based line (or CSV row) in the file."""
    field: str
    """The field, as a dotted path; empty for the whole file."""

    def __init__(
        self, key: str | Message, /, *, file: str = "", line: int | None = None, field: str = "", **values: Value
    ) -> None:
        """Store a message of the table with the values of its places, and the place of the fault.

        >>> Problem("text-too-long", field="note", count=1200, limit=1000).sentence
        'The text has 1,200 characters. The limit is 1,000.'
        """
        message = key if isinstance(key, Message) else Message(key, **values)
        for name, value in (("message", message), ("file", file), ("line", line), ("field", field)):
            object.__setattr__(self, name, value)

    @property
    def code(self) -> str:
        """The stable kebab-case name of the fault."""
        return self.message.key.partition("/")[0]

    @property
    def sentence(self) -> str:
        """The English sentence that says what is wrong."""
        return self.message.sentence()

    @property
    def remedy(self) -> str:
        """The English advice; may be empty."""
        return self.message.advice()

    def relocate(self, *, file: str | None = None, line: int | None = None, field: str | None = None) -> Problem:
        """Return the same problem in another place; what is not given stays."""
        return Problem(
            self.message,
            file=self.file if file is None else file,
            line=self.line if line is None else line,
            field=self.field if field is None else field,
        )

    def text(self, language: str = "en") -> str:
        """Return the sentence and the advice in English or Korean."""
        return self.message.text(language)

    def line_text(self, language: str = "en") -> str:
        """Return the problem on one line with its place and its code, as compilers do.

        >>> print(Problem("duplicate-key", file="a.yaml", line=3, field="note", name="note"))
        a.yaml:3: note: The field 'note' appears twice. Keep one of the two. [duplicate-key]
        """
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = [part for part in (where, self.field, self.text(language)) if part]
        return f"{': '.join(parts)} [{self.code}]"

    def __str__(self) -> str:
        """Return the problem on one line in English."""
        return self.line_text()


class LedgerError(Exception):
    """Base of every refusal; its text is meant for the person at the keyboard.

    The text is in the table of messages, under the name of the class or, if the class has several, `Name/variant`.
    """

    def __init__(self, variant: str = "", /, **values: Value) -> None:
        """Store the values of the message's places."""
        name = type(self).__name__
        self.message = Message(f"{name}/{variant}" if variant else name, **values)

    def text(self, language: str = "en") -> str:
        """Return the refusal in English or Korean."""
        return self.message.text(language)

    def bilingual(self) -> str:
        """Return the refusal in English and Korean, for a reader whose language is not known."""
        return f"{self.text('en')} · {self.text('ko')}"

    def __str__(self) -> str:
        """Return the refusal in English."""
        return self.text()


class ProblemsFound(LedgerError):
    """Raised when the data given has problems; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Store the problems; the text lists them, one on each line."""
        self.problems = tuple(problems)

    def text(self, language: str = "en") -> str:
        """Return the problems in English or Korean, one on each line."""
        return "\n".join(problem.line_text(language) for problem in self.problems)


class SecondEditorRequired(LedgerError):
    """Raised when a person would approve a draft that they wrote a part of."""

    def __init__(self, key: str, approver: str) -> None:
        """Name the record and the person."""
        self.key, self.approver = key, approver
        super().__init__(key=key, approver=approver)


class ClaimChangedMeanwhile(LedgerError):
    """Raised when a draft is based on a public revision that is no longer the newest."""

    def __init__(self, key: str) -> None:
        """Name the record."""
        self.key = key
        super().__init__(key=key)


class NothingToPublish(LedgerError):
    """Raised when there is no open draft."""


class LogsDisagree(LedgerError):
    """Raised when the log files and the desk's publications differ in an entry that both have."""

    def __init__(self, number: int, where: str) -> None:
        """Name the first entry (1-based number in the log) that differs, and the file where it belongs."""
        self.number = number
        super().__init__(number=number, where=where)


class LogDamaged(LedgerError):
    """Raised when a log file cannot be read as a log."""

    def __init__(self, file: str, line: int, reason: Message) -> None:
        """Name the file, its 1-based line and what is wrong there."""
        super().__init__(file=file, line=line, reason=reason)


class ClockBehind(LedgerError):
    """Raised when the clock is more than five minutes behind the newest revision."""

    def __init__(self, now: str, last: str) -> None:
        """Both times are UTC, ISO 8601 with milliseconds."""
        super().__init__(now=now, last=last)


class BodyTooLarge(LedgerError):
    """Raised when a revision's canonical form is longer than a log entry may be."""

    def __init__(self, key: str, size: int, limit: int) -> None:
        """Sizes are bytes of canonical JSON."""
        super().__init__(key=key, size=size, limit=limit)


class NotFound(LedgerError):
    """Raised when nothing has the name given."""

    def __init__(self, what: str, name: str, near: Sequence[str] = (), **values: Value) -> None:
        """Say what was looked for, as a variant of this message (`claim`, `article` …); near names are offered."""
        super().__init__(what, name=name, near=did_you_mean(near), **values)
