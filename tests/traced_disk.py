"""The calls of a process to the kernel, recorded with strace, and the disks that a power cut after each may leave.

This includes the files that SQLite writes. Unsynced writes survive in part, in sectors of 512 bytes; names survive in
the order in which they were changed.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SECTOR = 512
_CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,lseek"
_LINE = re.compile(r"(\w+)\((.*)\)\s+= (\d+)", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})+)(?:>|\(deleted\)>)")
ACKNOWLEDGED = "acknowledged"


class Call(NamedTuple):
    """A call that changed the folder, or a line that the process wrote to standard output."""

    kind: str
    """`write`, `sync`, `length`, `new`, `rename`, `remove`, `folder`, or `acknowledged`."""
    path: str
    """The path, or the line."""
    at: int = 0
    """The place of a write, or the new length."""
    content: bytes = b""
    target: str = ""
    """The new path of a file that was renamed."""


def trace(command: Sequence[str], root: Path, environment: Mapping[str, str]) -> list[Call]:
    """Run a command, and return its calls that concern the files below `root`."""
    output = root.parent / "trace"
    tracing = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "300000",
        "-e",
        f"trace={_CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(output),
    ]
    subprocess.run([*tracing, *command], check=True, env=dict(environment), stdout=subprocess.DEVNULL)
    reader = _Reader()
    with output.open(encoding="ascii") as lines:
        found = [call for line in _whole_lines(lines) for call in reader.read(line)]
    return [call for call in found if call.kind == ACKNOWLEDGED or call.path.startswith(f"{root}")]


def _whole_lines(lines: Iterator[str]) -> Iterator[str]:
    """Join the two halves of a call that another thread interrupted."""
    begun: dict[str, str] = {}
    for line in lines:
        process, rest = line.split(None, 1)
        if "<unfinished ...>" in rest:
            begun[process] = rest.split("<unfinished")[0]
        elif resumed := re.match(r"<\.\.\. \w+ resumed>\s?(.*)", rest, re.DOTALL):
            yield begun.pop(process) + resumed[1]
        else:
            yield rest


class _Reader:
    """A reader of calls; it keeps the position of each descriptor."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}

    def read(self, line: str) -> Iterator[Call]:
        found = _LINE.match(line)
        if not found:
            return
        name, arguments, result = found[1], found[2], int(found[3])
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments)]
        named = _DESCRIPTOR.match(arguments)
        if name == "openat" and texts:
            yield from self._opened(texts[-1].decode(), arguments, result)
        elif named:
            path = bytes.fromhex(named[2].replace("\\x", "")).decode()
            yield from self._on_descriptor(name, int(named[1]), path, arguments, texts, result)
        elif texts:
            yield from _on_path(name, texts)

    def _opened(self, path: str, arguments: str, descriptor: int) -> Iterator[Call]:
        self._places[descriptor] = 0
        file = os.path.abspath(path)  # noqa: PTH100  a Path would follow links
        if "O_CREAT" in arguments:
            yield Call("new", file)
        if "O_TRUNC" in arguments:
            yield Call("length", file, 0)

    def _on_descriptor(
        self, name: str, number: int, path: str, arguments: str, texts: Sequence[bytes], result: int
    ) -> Iterator[Call]:
        last = arguments.rsplit(",", 1)[-1]
        if name == "write" and number == 1:
            yield Call(ACKNOWLEDGED, texts[0].decode().strip())
        elif name == "write":
            yield Call("write", path, self._places.get(number, 0), texts[0][:result])
            self._places[number] = self._places.get(number, 0) + result
        elif name == "lseek":
            self._places[number] = result
        elif name == "pwrite64":
            yield Call("write", path, int(last), texts[-1][:result])
        elif name in {"fsync", "fdatasync"}:
            yield Call("sync", path)
        elif name == "ftruncate":
            yield Call("length", path, int(last))


def _on_path(name: str, texts: Sequence[bytes]) -> Iterator[Call]:
    if name.startswith("rename"):
        yield Call("rename", texts[0].decode(), target=texts[1].decode())
    elif name.startswith(("unlink", "mkdir")):
        yield Call("remove" if name.startswith("unlink") else "folder", texts[-1].decode())


class TracedFile:
    """A file: its content on the disk, the current one, and the writes in between."""

    def __init__(self, synced: bytes = b"") -> None:
        self.synced, self.now = synced, bytearray(synced)
        self.unsynced: list[tuple[int, bytes | None]] = []

    def write(self, at: int, content: bytes) -> None:
        _overwrite(self.now, at, content)
        self.unsynced.append((at, content))

    def set_length(self, length: int) -> None:
        _set_length(self.now, length)
        self.unsynced.append((length, None))

    def sync(self) -> None:
        self.synced, self.unsynced = bytes(self.now), []

    def after_cut(self, share: float, draw: random.Random) -> bytes:
        """Return the content with a share of the unsynced sectors."""
        content = bytearray(self.synced)
        for at, written in self.unsynced:
            if written is None:
                if draw.random() < share:
                    _set_length(content, at)
                continue
            for first in range(0, len(written), SECTOR):
                if draw.random() < share:
                    _overwrite(content, at + first, written[first : first + SECTOR])
        return bytes(content)


def _overwrite(content: bytearray, at: int, written: bytes) -> None:
    _set_length(content, max(len(content), at))
    content[at : at + len(written)] = written


def _set_length(content: bytearray, length: int) -> None:
    del content[length:]
    content.extend(bytes(length - len(content)))


class TracedDisk:
    """The files below a folder, as the calls leave them, and as they would be after a power cut."""

    def __init__(self, before: Path, root: Path) -> None:
        self.root = root
        paths = {str(root / path.relative_to(before)): path for path in before.rglob("*")}
        self.names: dict[str, TracedFile | None] = {
            name: None if path.is_dir() else TracedFile(path.read_bytes()) for name, path in paths.items()
        }
        self.synced_names = dict(self.names)
        self.changes: list[tuple[str, TracedFile | None, bool]] = []  # a name, its file, and whether it is there

    def apply(self, call: Call) -> None:
        """Change the files as a call did."""
        file = self.names.get(call.path)
        if call.kind == "new" and call.path not in self.names:
            self._name(call.path, TracedFile())
        elif call.kind == "write" and file:
            file.write(call.at, call.content)
        elif call.kind == "length" and file:
            file.set_length(call.at)
        elif call.kind == "sync" and file:
            file.sync()
        elif call.kind == "sync":
            self._sync_folder(call.path)
        elif call.kind == "rename" and call.path in self.names:
            self._remove(call.path)
            self._name(call.target, file)
        elif call.kind == "remove" and call.path in self.names:
            self._remove(call.path)
        elif call.kind == "folder" and call.path not in self.names:
            self._name(call.path, None)

    def _name(self, path: str, file: TracedFile | None) -> None:
        self.names[path] = file
        self.changes.append((path, file, True))

    def _remove(self, path: str) -> None:
        self.changes.append((path, self.names.pop(path), False))

    def _sync_folder(self, folder: str) -> None:
        inside = [change for change in self.changes if os.path.dirname(change[0]) == folder]  # noqa: PTH120
        _follow(self.synced_names, inside)
        self.changes = [change for change in self.changes if change not in inside]

    def wake_up(self, target: Path, share: float, draw: random.Random) -> None:
        """Write the disk after a power cut to a folder."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        names = dict(self.synced_names)
        survived = draw.choice([0, len(self.changes), draw.randint(0, len(self.changes))])
        _follow(names, self.changes[:survived])
        for name, file in sorted(names.items()):
            path = target / Path(name).relative_to(self.root)
            if name.endswith("-shm"):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if file is None:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(file.after_cut(share, draw))


def _follow(names: dict[str, TracedFile | None], changes: Sequence[tuple[str, TracedFile | None, bool]]) -> None:
    for path, file, is_there in changes:
        if is_there:
            names[path] = file
        else:
            names.pop(path, None)
