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
from claimledger.messages import Message, Value
from claimledger.scalars import invisible_character_fault, unquoted_number_fault

MAX_BYTES = 262_144
"""The largest file that is read, in bytes; a log body has at most 65,535 bytes."""
MAX_DEPTH = 20
"""The deepest nesting that is read; no record needs half of it."""
UNREADABLE: Any = [[]]
"""The replacement for a value that could not be read; no field of any record accepts it."""
ValuePath = tuple[str | int, ...]
"""The path to a value: field names and, from 0, list indexes."""
_Event = Any
"""An event or an error of PyYAML; its attributes depend on its class."""


@dataclass(frozen=True)
class SourceLocation:
    """The locations of values, for use in problems."""

    name: str = ""
    """The file name to display; empty if the values are not from a file."""
    lines: Mapping[ValuePath, int] = field(default_factory=dict)
    """The 1-based line of each path, where the value or its field name begins."""
    base_path: ValuePath = ()
    """The path to the part of the file that this object describes."""

    def narrowed_to(self, *steps: str | int) -> SourceLocation:
        """Return the locations below a part of the values."""
        return replace(self, base_path=(*self.base_path, *steps))

    def line_number(self, steps: ValuePath) -> int | None:
        """Return the line of a value, or of its nearest parent in the file."""
        way = (*self.base_path, *steps)
        return next((self.lines[way[:n]] for n in range(len(way), -1, -1) if way[:n] in self.lines), None)

    def problem(self, key: str, /, steps: ValuePath = (), **values: Value) -> Problem:
        """Return a problem with the value at `steps`; `key` and `values` are those of its message."""
        return self.place(Problem(Message(key, **values)), steps)

    def place(self, problem: Problem, steps: ValuePath = ()) -> Problem:
        """Return a problem as one with the value at `steps`."""
        return Problem(
            problem.message,
            file=self.name,
            line=self.line_number(steps),
            field=format_value_path((*self.base_path, *steps)),
        )


def format_value_path(steps: ValuePath) -> str:
    """Return a path in display form, with list positions from 1.

    >>> format_value_path(("quantities", 0, "amount"))
    'quantities.1.amount'
    """
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)


@dataclass(frozen=True)
class YamlSource:
    """The content of a YAML file, and its faults as a file and as YAML."""

    where: SourceLocation
    """The locations of the values."""
    values: dict[str, Any] | None
    """The values, with `UNREADABLE` for unreadable ones; None if nothing can be read."""
    problems: tuple[Problem, ...] = ()
    """The problems."""
    faulty: frozenset[ValuePath] = frozenset()
    """The paths of the values that already have a problem."""


def read_yaml_file(path: Path, folder: Path, name: str) -> YamlSource:
    """Read a file below `folder`; `name` is its display name."""
    content = _read_bytes(path, folder)
    if isinstance(content, Problem):
        return YamlSource(SourceLocation(name), None, (content.relocate(file=name),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("not-utf-8", file=name, line=line)
        return YamlSource(SourceLocation(name), None, (problem,))
    return read_yaml_text(text, name)


def _read_bytes(path: Path, folder: Path) -> bytes | Problem:
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return Problem("outside-folder")
        if not path.is_file():
            return Problem("not-a-file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        return Problem("not-a-file/unreadable", reason=str(error))
    if len(content) > MAX_BYTES:
        return Problem("file-too-large", limit=MAX_BYTES)
    return content


_RAW_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
"""The characters that a value may contain only as escapes in double quotes."""


def read_yaml_text(text: str, name: str) -> YamlSource:
    """Read YAML text with line ends of any system; `name` is the display name of the file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(text)
    reader.read()
    where = SourceLocation(name, reader.lines)
    found = sorted(reader.found, key=lambda fault: fault.at)
    problems = [
        fault.relocate(file=name, line=reader.line_at(at), field=format_value_path(steps)) for at, fault, steps in found
    ]
    faulty = frozenset(steps for _, _, steps in found if steps)
    return YamlSource(where, reader.values if reader.is_whole else None, tuple(problems), faulty)


class _LocatedFault(NamedTuple):
    """A fault, its position in code points, and the path of its value."""

    at: int
    fault: Problem
    steps: ValuePath = ()


class _StopReading(Exception):
    """Raised when reading cannot continue; its arguments are those of a located fault."""


@dataclass
class _OpenNode:
    """A map or list that is being read."""

    values: dict[str, Any] | list[Any]
    steps: ValuePath
    key: str | None = None
    """The field of a map whose value comes next."""

    def expects_name(self) -> bool:
        """Return whether it is a map whose next part is a field name."""
        return self.key is None and isinstance(self.values, dict)

    def next_path(self) -> ValuePath:
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
_COMMENT = Problem("comment")
_ANCHOR = Problem("anchor")
_TAG = Problem("tag")
_DOCUMENT_MARK = Problem("document-mark")
_TOO_DEEP = Problem("nested-too-deep", limit=MAX_DEPTH)


class _Reader:
    """A builder of values from YAML events, which records the line of each value and every fault."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[str, Any] = {}
        self.lines: dict[ValuePath, int] = {}
        self.found: list[_LocatedFault] = []
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
            _LocatedFault(at.start(), invisible_character_fault(at[0]))
            for at in _RAW_CONTROL_CHARACTERS.finditer(self.text)
        ]
        if self.found:
            return
        try:
            self._read()
        except yaml.YAMLError as error:
            self.found.append(_syntax_fault(error, self.text))
        except _StopReading as stop:
            self.found.append(_LocatedFault(*stop.args))

    def _read(self) -> None:
        for event in yaml.parse(self.text, Loader=_LOADER):
            if handle := self._handlers.get(type(event)):
                handle(event)
        self._find_comments(len(self.text))
        if not self.lines:
            raise _StopReading(0, Problem("not-a-record/empty"))
        self.is_whole = True

    def _handle_document_mark(self, event: _Event) -> None:
        at = event.start_mark.index
        if self.lines and isinstance(event, yaml.DocumentStartEvent):
            raise _StopReading(at, Problem("not-a-record/second"))
        if event.explicit:
            self.found.append(_LocatedFault(at, _DOCUMENT_MARK))

    def _begin_node(self, event: _Event) -> None:
        if len(self._open) == MAX_DEPTH:
            raise _StopReading(event.start_mark.index, _TOO_DEEP)
        values: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        steps = self._start_value(event) if self._open else self._start_record(event, values)
        if self._open:
            self._open[-1].put(values)
        self._open.append(_OpenNode(values, steps))

    def _start_record(self, event: _Event, values: dict[str, Any] | list[Any]) -> ValuePath:
        if isinstance(values, list):
            raise _StopReading(event.start_mark.index, Problem("not-a-record/list"))
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
            self.found.append(_LocatedFault(at, Problem("duplicate-key", name=event.value), steps))
        parent.key = event.value
        self.lines[steps] = self.line_at(at)
        if event.anchor or event.tag:
            self._note_marks(event, steps)

    def _start_value(self, event: _Event) -> ValuePath:
        """Record the line of the next value and return its path."""
        at = event.start_mark.index
        if not self._open:
            raise _StopReading(at, Problem("not-a-record/text"))
        parent = self._open[-1]
        if parent.expects_name():
            raise _StopReading(at, Problem("not-a-record/field-name"))
        steps = parent.next_path()
        if parent.key is None:
            self.lines[steps] = self.line_at(at)
        if event.anchor or event.tag:
            self._note_marks(event, steps)
        return steps

    def _note_marks(self, event: _Event, steps: ValuePath) -> None:
        marks = ((event.anchor, _ANCHOR), (event.tag, _TAG))
        self.found += [_LocatedFault(event.start_mark.index, fault, steps) for mark, fault in marks if mark]

    def _plain_value(self, event: _Event, steps: ValuePath) -> object:
        """Return the meaning of an unquoted word: None, True, False, a whole number, or its text."""
        word = event.value
        if word in _WORDS:
            return _WORDS[word]
        if _WHOLE_NUMBER.fullmatch(word):
            return int(word)
        if _is_number(word):
            self.found.append(_LocatedFault(event.start_mark.index, unquoted_number_fault(word[:40]), steps))
        return word

    def _find_comments(self, until: int) -> None:
        for comment in _COMMENTS.finditer(self.text, self._scanned_until, until):
            self.found.append(_LocatedFault(comment.start(), _COMMENT))


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


_SYNTAX_FAULTS: tuple[tuple[str, Problem], ...] = (
    ("mapping values are not allowed", Problem("not-yaml/colon")),
    ("could not find expected ':'", Problem("not-yaml/no-colon")),
    ("unexpected end of stream", Problem("not-yaml/open-quote")),
    ("unknown escape character", Problem("not-yaml/escape")),
    ("did not find expected (',' or|node content)|expected ',' or", Problem("not-yaml/open-bracket")),
    ("did not find expected|expected <block end>", Problem("not-yaml/indentation")),
)
"""The parser's complaint, as a pattern, and the problem that it means in a claim file."""
_UNFINISHED = frozenset({"not-yaml/no-colon", "not-yaml/open-quote", "not-yaml/open-bracket"})
"""Problems that are reported where the unfinished part begins."""


def _syntax_fault(error: _Event, text: str) -> _LocatedFault:
    mark = getattr(error, "problem_mark", None)
    at = mark.index if mark else 0
    complaint = getattr(error, "problem", "")
    character = text[at : at + 1]
    if character == "\t" or "tab character" in complaint:
        return _LocatedFault(at, Problem("tab-indentation"))
    if "cannot start any token" in complaint:
        return _LocatedFault(at, Problem("not-yaml/first-character", character=character))
    for pattern, problem in _SYNTAX_FAULTS:
        if re.search(pattern, complaint):
            return _LocatedFault(error.context_mark.index if problem.message.key in _UNFINISHED else at, problem)
    return _LocatedFault(at, Problem("not-yaml", reason=complaint))
