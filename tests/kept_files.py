"""Files that take long to make: made once in a process, and written anew for each test that starts from them.

In: how a folder is filled. Out: its files, and the same files in another folder. The invariant: what is kept is bytes
that nothing changes, so no test sees what another did.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple


class Kept(NamedTuple):
    """A file."""

    mode: int
    """Who may read and write it."""
    content: bytes
    """What stands in it."""


def kept_files(fill: Callable[[Path], object]) -> Mapping[Path, Kept]:
    """Fill a folder that is gone afterwards, and return its files by their paths in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {path.relative_to(folder): Kept(path.stat().st_mode, path.read_bytes()) for path in files}


def write_kept(files: Mapping[Path, Kept], folder: Path) -> None:
    """Write such files below a folder, which may not be there yet."""
    for path, kept in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(kept.content)
        target.chmod(kept.mode)
