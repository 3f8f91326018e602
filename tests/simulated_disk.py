"""A folder whose state after a power cut is known at each moment: what was not synced may be gone, or half there.

`SimulatedDisk` watches the calls of the program to the file system. The content of a file is certain as it was at its
last fsync, the names in a folder as they were at the folder's last fsync. `after_cut` makes a disk that a machine may
wake up with.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path

import pytest

from claimledger.ledger import files


class Survivors(Enum):
    """What survives of the changes that were not synced."""

    NOTHING = "nothing"
    NAMES = "names"
    """Every rename and new folder; of each file only its synced content."""
    SOME = "some"
    """The first names, in the order of the changes, as file systems with a journal keep them; of contents any part."""
    ANY = "any"
    """Any of the names, in any order, which POSIX allows; of contents any part."""


State = Mapping[Path, bytes | None]
"""The content of each path below the root; None for a folder."""


class SimulatedDisk:
    """Everything below `root`, as it is and as it would be after a power cut."""

    def __init__(self, root: Path, at_each_moment: Callable[[SimulatedDisk], None]) -> None:
        self.root, self.at_each_moment = root, at_each_moment
        self.synced_contents: dict[int, bytes] = {}
        self.synced_names: dict[Path, dict[str, int]] = {}
        self.changes: list[tuple[Path, dict[str, int]]] = []  # the names of a folder after each change
        self.opened: dict[int, int] = {}  # a descriptor of each inode, so that its number is not used again
        for path in [root, *root.rglob("*")]:
            if path.is_dir():
                self.synced_names[path] = self._names(path)
            else:
                self.synced_contents[self._inode(path)] = path.read_bytes()

    def _inode(self, path: Path) -> int:
        inode = path.stat().st_ino
        if inode not in self.opened:
            self.opened[inode] = os.open(path, os.O_RDONLY)
        return inode

    def _names(self, folder: Path) -> dict[str, int]:
        return {path.name: self._inode(path) for path in folder.iterdir()}

    def _note_names(self, folder: Path) -> None:
        self.changes.append((folder, self._names(folder)))

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Watch every fsync, rename and new folder of the process; nothing has to reach the real disk."""
        replace, mkdir = Path.replace, Path.mkdir

        def watched_fsync(descriptor: int) -> None:
            self.at_each_moment(self)
            self._sync(Path(f"/proc/self/fd/{descriptor}").readlink())

        def watched_replace(path: Path, target: Path) -> Path:
            self.at_each_moment(self)
            self._inode(path)
            self._note_names(path.parent)
            done = replace(path, target)
            self._note_names(target.parent)
            self.at_each_moment(self)
            return done

        def watched_mkdir(path: Path, *arguments: object, **options: object) -> None:
            self.at_each_moment(self)
            mkdir(path, *arguments, **options)  # type: ignore[arg-type]
            self._note_names(path.parent)

        patch.setattr(files, "WRITER_THREADS", 1)
        patch.setattr(os, "fsync", watched_fsync)
        patch.setattr(Path, "replace", watched_replace)
        patch.setattr(Path, "mkdir", watched_mkdir)

    def _sync(self, path: Path) -> None:
        if self.root not in [path, *path.parents]:
            return
        if path.is_dir():
            self.synced_names[path] = self._names(path)
            self.changes = [change for change in self.changes if change[0] != path]
        else:
            self.synced_contents[self._inode(path)] = path.read_bytes()

    def after_cut(self, survivors: Survivors, draw: random.Random) -> State:
        """Return the files and folders that a machine may wake up with."""
        kept = dict(self.changes[: draw.randint(0, len(self.changes))])
        return dict(self._walk(self.root, Path(), survivors, kept, draw))

    def _walk(
        self, folder: Path, at: Path, survivors: Survivors, kept: Mapping[Path, dict[str, int]], draw: random.Random
    ) -> Iterator[tuple[Path, bytes | None]]:
        now = self._names(folder) if folder.is_dir() else {}
        synced = self.synced_names.get(folder, {})
        journal = kept.get(folder, synced)
        for name in {**synced, **now, **journal}:
            choices = {
                Survivors.NOTHING: [synced.get(name)],
                Survivors.NAMES: [now.get(name)],
                Survivors.SOME: [journal.get(name)],
                Survivors.ANY: [now.get(name), synced.get(name)],
            }
            inode = draw.choice(choices[survivors])
            if inode is None:
                continue
            if Path(f"/proc/self/fd/{self.opened[inode]}").is_dir():
                yield at / name, None
                yield from self._walk(folder / name, at / name, survivors, kept, draw)
            else:
                yield at / name, self._content(inode, survivors, draw)

    def _content(self, inode: int, survivors: Survivors, draw: random.Random) -> bytes:
        synced = self.synced_contents.get(inode, b"")
        if survivors in (Survivors.NOTHING, Survivors.NAMES):
            return synced
        now = os.pread(self.opened[inode], 1 << 26, 0)
        return draw.choice([synced, now, now[: len(now) // 2], bytes(len(now))]) if now != synced else synced

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in self.opened.values():
            os.close(descriptor)
