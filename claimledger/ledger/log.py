"""The public log in `claims/log/NNNNNN.jsonl`: 256 canonical bodies per file, and full files never change.

This module appends bodies in order and reads them back as entries with number (from 1), hash and bytes. It reports what
is wrong with the form of a file and, from `Chain`, between bodies. A reader sees the log before an append or after a
number of its files were written, never part of a line. Only `store` writes the log. docs/log.md describes the format
for people who verify the log without this program.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from claimledger.errors import LogDamaged
from claimledger.ledger import files
from claimledger.ledger.canonical import MAX_BODY, leaf_sha256
from claimledger.messages import Message

BODIES_PER_FILE = 256
"""The number of bodies in a full file: one level-0 tile of C2SP tlog-tiles."""
LOG_FORMAT = 1
"""The version of the body format that this program reads and writes."""

_FILE_NAME = re.compile(r"[0-9]{6}\.jsonl")


class LogEntry(NamedTuple):
    """One body of the log."""

    number: int
    """The position in the log, from 1."""
    sha256: str
    """The RFC 6962 leaf hash in hexadecimal."""
    body: bytes
    """The canonical JSON of a Revision."""


class LogFile(NamedTuple):
    """One file of the log, as it was read."""

    path: Path
    """The path."""
    first: int
    """The number of the first body that belongs in the file."""
    bodies: Sequence[bytes]
    """The complete lines, without line ends."""
    fault: tuple[int, Message] | None = None
    """The fault in its form, as a 1-based line and a sentence."""


def log_file(log: Path, number: int) -> Path:
    """Return the path of the file that contains body `number`.

    >>> log_file(Path("claims/log"), 257).as_posix()
    'claims/log/000001.jsonl'
    """
    return log / f"{(number - 1) // BODIES_PER_FILE:06d}.jsonl"


def line_number(number: int) -> int:
    """Return the 1-based line of body `number` in its file.

    >>> line_number(256), line_number(257)
    (256, 1)
    """
    return (number - 1) % BODIES_PER_FILE + 1


def read_files(log: Path, after: int = 0, passed_over: Collection[str] = ()) -> Iterator[LogFile]:
    """Yield the files of the log in order, each with any fault in its form; a missing file has no bodies.

    Files before the one that contains body `after` + 1 are not opened, and neither are those named in `passed_over`.
    """
    due = after // BODIES_PER_FILE
    named, foreign = _file_names(log)
    yield from (LogFile(log / name, 1, [], (1, Message("unreadable-log/foreign"))) for name in foreign)
    for name in named:
        if (index := int(name[:6])) < due:
            continue
        if index != due:
            missing = due * BODIES_PER_FILE + 1
            yield LogFile(log_file(log, missing), missing, [], (1, Message("unreadable-log/missing")))
        if name not in passed_over:
            yield _read_file(log / name, is_last=name == named[-1])
        due = index + 1


def full_files(log: Path) -> list[os.DirEntry[str]]:
    """Return all files of the log except the newest, in any order; these never change."""
    try:
        with os.scandir(log) as entries:
            found = [entry for entry in entries if _FILE_NAME.fullmatch(entry.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    newest = max((entry.name for entry in found), default="")
    return [entry for entry in found if entry.name != newest]


def _file_names(log: Path) -> tuple[list[str], list[str]]:
    """Return the names of the log's files, in order, and those of foreign files; names are faster than paths here."""
    try:
        standing = sorted(name for name in os.listdir(log) if name.endswith(".jsonl"))  # noqa: PTH208  paths are slow
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    named = [name for name in standing if _FILE_NAME.fullmatch(name)]
    return named, [name for name in standing if not _FILE_NAME.fullmatch(name)]


def _read_file(path: Path, *, is_last: bool) -> LogFile:
    *bodies, rest = path.read_bytes().split(b"\n")
    first = int(path.stem) * BODIES_PER_FILE + 1
    return LogFile(path, first, bodies, _form_fault(bodies, rest, is_last=is_last))


def _form_fault(bodies: Sequence[bytes], rest: bytes, *, is_last: bool) -> tuple[int, Message] | None:
    if rest:
        return len(bodies) + 1, Message("unreadable-log/cut")
    if not bodies or len(bodies) > BODIES_PER_FILE or (len(bodies) < BODIES_PER_FILE and not is_last):
        return len(bodies) or 1, Message("unreadable-log/count", count=len(bodies), expected=BODIES_PER_FILE)
    lengths = [*map(len, bodies)]
    if min(lengths) == 0 or max(lengths) > MAX_BODY:
        line = next(line for line, length in enumerate(lengths, start=1) if not 0 < length <= MAX_BODY)
        return line, Message("unreadable-log/size", size=lengths[line - 1])
    return None


def read_bodies(log: Path) -> Iterator[bytes]:
    """Yield the bodies of the log in order.

    Raises:
        LogDamaged: A file is missing, foreign, too long or too short, or a line is cut short or is not a body.
    """
    for file in read_files(log):
        yield from require_whole(file).bodies


def read_log(log: Path) -> Iterator[LogEntry]:
    """Yield the entries of the log in order, with the hash of each body computed.

    Raises:
        LogDamaged: As in `read_bodies`.
    """
    for number, body in enumerate(read_bodies(log), start=1):
        yield LogEntry(number, leaf_sha256(body).hex(), body)


def read_log_after(log: Path, number: int) -> Iterator[LogEntry]:
    """Yield the entries after body `number`, with the hash of each computed; none if the log ends there or before.

    Only the files from the one that contains body `number` + 1 on are opened; with 0, this is `read_log`.

    Raises:
        LogDamaged: As in `read_bodies`, for the files that are opened and for missing ones after the first of them.
    """
    for file in read_files(log, number):
        known = max(number - file.first + 1, 0)
        for place, body in enumerate(require_whole(file).bodies[known:], start=file.first + known):
            yield LogEntry(place, leaf_sha256(body).hex(), body)


def body_at(log: Path, number: int) -> bytes:
    """Return body `number` of the log, from 1; reads one file.

    Raises:
        IndexError: The log has no body with this number.
        LogDamaged: The file that contains the body is not complete.
    """
    path = log_file(log, number)
    if number >= 1 and path.is_file():
        is_last = not log_file(log, number + BODIES_PER_FILE).is_file()
        bodies = require_whole(_read_file(path, is_last=is_last)).bodies
        if line_number(number) <= len(bodies):
            return bodies[line_number(number) - 1]
    raise IndexError(f"the log has no body {number}")


def newest_body(log: Path, near: int = 0) -> tuple[int, bytes]:
    """Return the number of bodies in the log and the last one, or (0, b"") for an empty log; reads one file.

    With `near`, the last file is searched for from the file of this body on, and the folder is not listed. Foreign
    files, and files after a missing one, are then not noticed.

    Raises:
        LogDamaged: The last file is not complete, or the folder was listed and has a foreign file.
    """
    path = _last_file(log, near) or _last_listed_file(log)
    if path is None:
        return 0, b""
    file = require_whole(_read_file(path, is_last=True))
    return file.first + len(file.bodies) - 1, file.bodies[-1]


def _last_file(log: Path, near: int) -> Path | None:
    """Return the last file of an unbroken sequence, searched from that of body `near` on; None if none is there."""
    while near > 0 and not log_file(log, near).is_file():
        near -= BODIES_PER_FILE
    found = None
    while near > 0 and (path := log_file(log, near)).is_file():
        found, near = path, near + BODIES_PER_FILE
    return found


def _last_listed_file(log: Path) -> Path | None:
    named, foreign = _file_names(log)
    if foreign:
        raise LogDamaged(str(log / foreign[0]), 1, Message("unreadable-log/foreign"))
    return log / named[-1] if named else None


def require_whole(file: LogFile) -> LogFile:
    """Return a file of the log whose form has no fault.

    Raises:
        LogDamaged: As in `read_bodies`.
    """
    if file.fault:
        raise LogDamaged(str(file.path), *file.fault)
    return file


def append_bodies(log: Path, bodies: Iterable[bytes], *, first: int) -> None:
    """Append bodies to the log; `first` is the number of the first of them (from 1)."""
    files.replace_all(_extended_files(log, iter(bodies), first), syncs_each=True)


def _extended_files(log: Path, bodies: Iterator[bytes], first: int) -> Iterator[tuple[Path, bytes]]:
    number = first
    while lines := list(islice(bodies, BODIES_PER_FILE + 1 - line_number(number))):
        path = log_file(log, number)
        standing = path.read_bytes() if line_number(number) > 1 else b""
        yield path, standing + b"\n".join(lines) + b"\n"
        number += len(lines)


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The fields of a body that the chain check needs."""

    format: int
    number: int
    subject: str
    key: str
    revision: int
    recorded_at: str
    approver: str
    authors: tuple[str, ...]
    prev: str | None = None


class ChainFault(NamedTuple):
    """A fault between a body and the bodies before it."""

    number: int
    """The position of the body in the log, from 1."""
    message: Message
    """The sentence that says what is wrong."""

    @property
    def code(self) -> str:
        """The stable kebab-case name of the fault."""
        return self.message.key


class Chain:
    """A check of every body against the bodies before it: number, version, previous hash, time, second approver.

    Each body is decoded and hashed once. Memory contains one hash for each body and the newest version of each record.
    """

    def __init__(self) -> None:
        """Start before the first body."""
        self.leaves: list[bytes] = []
        self.heads: dict[tuple[str, str], tuple[bytes, int]] = {}
        self._last_at = ""
        self._latest_before = ""
        self._shift = 0

    @property
    def latest_at(self) -> str:
        """The latest time of a body so far, also if a later body has an earlier one; empty before the first body."""
        return max(self._latest_before, self._last_at)

    def take(self, bodies: Sequence[bytes], first: int) -> list[ChainFault]:
        """Check the next bodies, update the state, and return the faults."""
        faults: list[ChainFault] = []
        leaves = [*map(leaf_sha256, bodies)]
        heads = self.heads
        for number, leaf, body in zip(count(first), leaves, decode_envelopes(bodies), strict=False):
            if isinstance(body, str):
                faults.append(ChainFault(number, Message("unreadable-body", reason=body)))
                continue
            head = heads.get(record := (body.subject, body.key))
            if not (
                body.number == number
                and (body.revision == 1 if head is None else body.revision == head[1] + 1)
                and body.prev == (head and head[0].hex())
                and body.recorded_at >= self._last_at
                and body.format == LOG_FORMAT
                and body.approver not in body.authors
            ):
                self._latest_before = self.latest_at
                faults += self._faults(number, body, head)
            elif self._shift:
                self._shift = 0
            heads[record] = (leaf, body.revision)
            self._last_at = body.recorded_at
        self.leaves += leaves
        return faults

    def _faults(self, number: int, body: Envelope, head: tuple[bytes, int] | None) -> Iterator[ChainFault]:
        prev, last = (head[0].hex(), head[1]) if head else (None, 0)
        shift, self._shift = self._shift, body.number - number
        faults = (
            (body.format != LOG_FORMAT, Message("unknown-format", found=body.format, known=LOG_FORMAT)),
            (self._shift not in {0, shift}, Message("wrong-number", number=body.number)),
            (body.revision != last + 1, Message("wrong-revision", key=body.key, revision=body.revision, before=last)),
            (
                body.prev != prev,
                Message("broken-chain", key=body.key, named=_abbreviate(body.prev), before=_abbreviate(prev)),
            ),
            (
                body.recorded_at < self._last_at,
                Message("back-dated", key=body.key, at=body.recorded_at, before=self._last_at),
            ),
            (body.approver in body.authors, Message("same-person-approved", key=body.key, person=body.approver)),
        )
        yield from (ChainFault(number, message) for is_wrong, message in faults if is_wrong)


def decode_envelopes(bodies: Sequence[bytes]) -> Sequence[Envelope | str]:
    """Return the envelope of each body, or the reason why it cannot be decoded."""
    try:
        envelopes = _decoder.decode_lines(b"\n".join(bodies))
    except _UNREADABLE:
        return [_envelope_or_reason(body) for body in bodies]
    return envelopes if len(envelopes) == len(bodies) else [_envelope_or_reason(body) for body in bodies]


_decoder = msgspec.json.Decoder(Envelope)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def _envelope_or_reason(body: bytes) -> Envelope | str:
    try:
        return _decoder.decode(body)
    except _UNREADABLE as error:
        return str(error)


def _abbreviate(sha256: str | None) -> str:
    return f"{sha256[:12]}…" if sha256 else "nothing"
