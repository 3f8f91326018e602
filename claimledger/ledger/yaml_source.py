"""Read a hand-edited YAML file: its values, the line of each, and every fault in the YAML.

The text form needs only a small part of YAML: one document of maps, lists and scalars. Comments, anchors, tags, tabs
and duplicate keys are problems, because printing would lose or change them. The words `no` and `012` and dates are
read as text. The reader handles libyaml's events one by one and builds only the values it needs.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from claimledger.errors import Problem
from claimledger.scalars import Fault, invisible_character, number_without_quotes

MAX_BYTES = 262_144
"""The largest file that is read, in bytes; a log body has at most 65,535 bytes."""
MAX_DEPTH = 20
"""The deepest nesting that is read; no record needs half of it."""
UNREADABLE: Any = [[]]
"""The replacement for a value that could not be read; no field of any record accepts it."""
Steps = tuple[str | int, ...]
"""The path to a value: field names and, from 0, list indexes."""
_Event = Any
"""An event or an error of PyYAML; its attributes depend on its class."""


@dataclass(frozen=True)
class Where:
    """The locations of values, for use in problems."""

    name: str = ""
    """The file name to display; empty if the values are not from a file."""
    lines: Mapping[Steps, int] = field(default_factory=dict)
    """The 1-based line of each path, where the value or its field name begins."""
    below: Steps = ()
    """The path to the part of the file that this object describes."""

    def under(self, *steps: str | int) -> Where:
        """Return the locations below a part of the values."""
        return replace(self, below=(*self.below, *steps))

    def line_of(self, steps: Steps) -> int | None:
        """Return the line of a value, or of its nearest parent in the file."""
        way = (*self.below, *steps)
        return next((self.lines[way[:n]] for n in range(len(way), -1, -1) if way[:n] in self.lines), None)

    def problem(self, code: str, sentence: str, remedy: str, steps: Steps = ()) -> Problem:
        """Return a problem with the value at `steps`."""
        return Problem(code, sentence, remedy, self.name, self.line_of(steps), dotted((*self.below, *steps)))


def dotted(steps: Steps) -> str:
    """Return a path in display form, with list positions from 1.

    >>> dotted(("quantities", 0, "amount"))
    'quantities.1.amount'
    """
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)


@dataclass(frozen=True)
class YamlSource:
    """The content of a YAML file, and its faults as a file and as YAML."""

    where: Where
    """The locations of the values."""
    values: dict[str, Any] | None
    """The values, with `UNREADABLE` for unreadable ones; None if nothing can be read."""
    problems: tuple[Problem, ...] = ()
    """The problems."""
    faulty: frozenset[Steps] = frozenset()
    """The paths of the values that already have a problem."""


def read_source(path: Path, folder: Path, name: str) -> YamlSource:
    """Read a file below `folder`; `name` is its display name."""
    content = _read_bytes(path, folder)
    if isinstance(content, Fault):
        return YamlSource(Where(name), None, (Problem(*content[:3], file=name),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("not-utf-8", "The line is not UTF-8 text.", "Save the file as UTF-8.", name, line)
        return YamlSource(Where(name), None, (problem,))
    return read_text(text, name)


def _read_bytes(path: Path, folder: Path) -> bytes | Fault:
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return Fault(
                "outside-folder", "The file lies, or leads by a link, outside the claims folder.", "Put it there."
            )
        if not path.is_file():
            return Fault("not-a-file", "It is no file, or there is none.", "Give the name of a claim file.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:  # RuntimeError: symlink loop
        return Fault("not-a-file", f"It cannot be read ({error}).", "Give the name of a claim file.")
    if len(content) > MAX_BYTES:
        return Fault("file-too-large", f"It has more than {MAX_BYTES:,} bytes, the most a claim takes.", "Shorten it.")
    return content


_RAW_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
"""The characters that a value may contain only as escapes in double quotes."""


def read_text(text: str, name: str) -> YamlSource:
    """Read YAML text with line ends of any system; `name` is the display name of the file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(text)
    reader.read()
    where = Where(name, reader.lines)
    found = sorted(reader.found, key=lambda fault: fault.at)
    problems = [Problem(*fault[:3], name, reader.line_at(at), dotted(steps)) for at, fault, steps in found]
    faulty = frozenset(steps for _, _, steps in found if steps)
    return YamlSource(where, reader.values if reader.is_whole else None, tuple(problems), faulty)


class _Found(NamedTuple):
    """A fault, its position in code points, and the path of its value."""

    at: int
    fault: Fault
    steps: Steps = ()


class _Stop(Exception):
    """Raised when reading cannot continue; its arguments are those of a located fault."""


@dataclass
class _OpenNode:
    """A map or list that is being read."""

    values: dict[str, Any] | list[Any]
    steps: Steps
    key: str | None = None
    """The field of a map whose value comes next."""

    def expects_name(self) -> bool:
        """Return whether it is a map whose next part is a field name."""
        return self.key is None and isinstance(self.values, dict)

    def next_path(self) -> Steps:
        """Return the path of the next value."""
        return (*self.steps, len(self.values) if self.key is None else self.key)

    def put(self, value: object) -> None:
        """Add the next value."""
        if isinstance(self.values, list):
            self.values.append(value)
        elif self.key is not None:
            self.values[self.key] = value
            self.key = None


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The libyaml loader, if PyYAML was built with it, as its wheels are."""
_COMMENT = Fault(
    "comment", "A comment would be lost when the file is printed again.", "Move it to 'note', or take it away."
)
_ANCHOR = Fault("anchor", "'&' and '*' mark YAML anchors.", "Write the value out, or put it in quotes.")
_TAG = Fault("tag", "'!' marks a YAML tag.", "Take it away, or put the value in quotes.")
_DOCUMENT_MARK = Fault("document-mark", "A record's file is one document without marks.", "Take the line away.")
_TOO_DEEP = Fault("nested-too-deep", "No record is nested so deep.", "Put a text with brackets in quotes.")


def _not_a_record(sentence: str) -> Fault:
    return Fault("not-a-record", sentence, "Write one 'field: value' a line, as 'claimledger new' does.")


class _Reader:
    """A builder of values from YAML events, which records the line of each value and every fault."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[str, Any] = {}
        self.lines: dict[Steps, int] = {}
        self.found: list[_Found] = []
        self.is_whole = False
        self._open: list[_OpenNode] = []
        self._scanned_until = 0
        self._may_hold_comments = "#" in text
        self._line_ends = [found.start() for found in re.finditer("\n", text)]
        self._handlers: Mapping[type, Callable[[Any], None]] = {
            yaml.DocumentStartEvent: self._handle_document_mark,
            yaml.DocumentEndEvent: self._handle_document_mark,
            yaml.MappingStartEvent: self._begin_node,
            yaml.SequenceStartEvent: self._begin_node,
            yaml.MappingEndEvent: self._end_node,
            yaml.SequenceEndEvent: self._end_node,
            yaml.ScalarEvent: self._handle_scalar,
            yaml.AliasEvent: self._handle_alias,
        }

    def line_at(self, at: int) -> int:
        """Return the 1-based line of a position in code points."""
        return bisect_left(self._line_ends, at) + 1

    def read(self) -> None:
        """Read the whole text, or stop where reading cannot continue."""
        self.found += [
            _Found(at.start(), invisible_character(at[0])) for at in _RAW_CONTROL_CHARACTERS.finditer(self.text)
        ]
        if self.found:
            return
        try:
            self._read()
        except yaml.YAMLError as error:
            self.found.append(_syntax_fault(error, self.text))
        except _Stop as stop:
            self.found.append(_Found(*stop.args))

    def _read(self) -> None:
        for event in yaml.parse(self.text, Loader=_LOADER):
            if answer := self._handlers.get(type(event)):
                answer(event)
        self._find_comments(len(self.text))
        if not self.lines:
            raise _Stop(0, _not_a_record("The file is empty."))
        self.is_whole = True

    def _handle_document_mark(self, event: _Event) -> None:
        at = event.start_mark.index
        if self.lines and isinstance(event, yaml.DocumentStartEvent):
            raise _Stop(at, _not_a_record("A second record begins here."))
        if event.explicit:
            self.found.append(_Found(at, _DOCUMENT_MARK))

    def _begin_node(self, event: _Event) -> None:
        if len(self._open) == MAX_DEPTH:
            raise _Stop(event.start_mark.index, _TOO_DEEP)
        values: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        steps = self._start_value(event) if self._open else self._start_record(event, values)
        if self._open:
            self._open[-1].put(values)
        self._open.append(_OpenNode(values, steps))

    def _start_record(self, event: _Event, values: dict[str, Any] | list[Any]) -> Steps:
        if isinstance(values, list):
            raise _Stop(event.start_mark.index, _not_a_record("The file is a list."))
        self.values = values
        self._note_marks(event, ())
        return ()

    def _end_node(self, _: _Event) -> None:
        self._open.pop()

    def _handle_scalar(self, event: _Event) -> None:
        if self._may_hold_comments:
            self._find_comments(_text_start(event, self.text))
            self._scanned_until = event.end_mark.index
        if self._open and self._open[-1].expects_name():
            self._handle_name(event, self._open[-1])
        else:
            steps = self._start_value(event)
            self._open[-1].put(self._plain_value(event, steps) if event.implicit[0] else event.value)

    def _handle_alias(self, event: _Event) -> None:
        event.tag = None
        self._start_value(event)
        self._open[-1].put(UNREADABLE)

    def _handle_name(self, event: _Event, parent: _OpenNode) -> None:
        at = event.start_mark.index
        steps = (*parent.steps, event.value)
        if event.value in parent.values:
            fault = Fault("duplicate-key", f"There is a second '{event.value}'.", "Keep one of the two.")
            self.found.append(_Found(at, fault, steps))
        parent.key = event.value
        self.lines[steps] = self.line_at(at)
        if event.anchor or event.tag:
            self._note_marks(event, steps)

    def _start_value(self, event: _Event) -> Steps:
        """Record the line of the next value and return its path."""
        at = event.start_mark.index
        if not self._open:
            raise _Stop(at, _not_a_record("The file is one text."))
        parent = self._open[-1]
        if parent.expects_name():
            raise _Stop(at, _not_a_record("A field's name is expected here."))
        steps = parent.next_path()
        if parent.key is None:
            self.lines[steps] = self.line_at(at)
        if event.anchor or event.tag:
            self._note_marks(event, steps)
        return steps

    def _note_marks(self, event: _Event, steps: Steps) -> None:
        marks = ((event.anchor, _ANCHOR), (event.tag, _TAG))
        self.found += [_Found(event.start_mark.index, fault, steps) for mark, fault in marks if mark]

    def _plain_value(self, event: _Event, steps: Steps) -> object:
        """Return the meaning of an unquoted word: None, True, False, a whole number, or its text."""
        word = event.value
        if word in _WORDS:
            return _WORDS[word]
        if _WHOLE_NUMBER.fullmatch(word):
            return int(word)
        if _is_number(word):
            self.found.append(_Found(event.start_mark.index, number_without_quotes(word[:40]), steps))
        return word

    def _find_comments(self, until: int) -> None:
        for comment in _COMMENTS.finditer(self.text, self._scanned_until, until):
            self.found.append(_Found(comment.start(), _COMMENT))


_COMMENTS = re.compile("#[^\n]*")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""The words of YAML 1.2's core schema; `yes`, `no`, `on` and `off` are not among them."""
_WHOLE_NUMBER = re.compile("-?(?:0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|0x[0-9a-fA-F]+|0o[0-7]+")
_LEADING_ZERO = re.compile("[-+]?0[0-9]+")


def _is_number(word: str) -> bool:
    """Return whether programs read a word as a number other than a plain whole one; `012` is text."""
    if _NUMBER.fullmatch(word):
        return not _LEADING_ZERO.fullmatch(word) and math.isfinite(float(word))
    return _SPECIAL_NUMBER.fullmatch(word) is not None


def _text_start(event: _Event, text: str) -> int:
    """Return the start of a scalar's text: for a block, after its first line, which may end with a comment."""
    at: int = event.start_mark.index
    return at + len(text[at:].partition("\n")[0]) if event.style in ("|", ">") else at


_SYNTAX_FAULTS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "A ': ' stands where none can be.",
     "Put a text with ': ' in quotes; begin fields of one level in one column."),
    ("could not find expected ':'", "There is no ': ' after the field's name.",
     "Write 'field: value'; put a text of several lines in quotes."),
    ("unexpected end of stream", "This quotation mark is not closed.",
     "Close it; inside '…' write the same mark twice."),
    ("unknown escape character", "A '\\' stands before a letter that gives it no meaning.",
     "Write '…' instead of \"…\", or the '\\' twice."),
    ("did not find expected (',' or|node content)|expected ',' or", "A bracket or brace is not closed.",
     "Close it, or put a text with brackets in quotes."),
    ("did not find expected|expected <block end>", "The line does not fit the lines above it.",
     "Begin fields of one level in one column; put a text that holds quotation marks wholly in quotes."),
)  # fmt: skip
"""Patterns of parser messages, each with a description for claim files and a remedy."""


def _syntax_fault(error: _Event, text: str) -> _Found:
    mark = getattr(error, "problem_mark", None)
    at = mark.index if mark else 0
    problem = getattr(error, "problem", "")
    character = text[at : at + 1]
    if character == "\t" or "tab character" in problem:
        return _Found(at, Fault("tab-indentation", "The line is indented with a tab.", "Indent with spaces."))
    if "cannot start any token" in problem:
        sentence = f"A text that begins with '{character}' needs quotes."
        return _Found(at, Fault("not-yaml", sentence, "Write the whole text between ' and '."))
    for pattern, sentence, remedy in _SYNTAX_FAULTS:
        if re.search(pattern, problem):
            is_unfinished = "not closed" in sentence or "field's name" in sentence
            return _Found(error.context_mark.index if is_unfinished else at, Fault("not-yaml", sentence, remedy))
    return _Found(at, Fault("not-yaml", f"The line is not YAML ({problem}).", "Put a text in quotes."))
