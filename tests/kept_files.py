"""Files that are slow to make: made once per process, and written again for each test that starts from them.

The kept bytes never change, so that no test sees the changes of another test.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple


class KeptFile(NamedTuple):
    """The content and the mode of a file."""

    mode: int
    """The permission bits, as `os.chmod` takes them."""
    content: bytes
    """The content."""


def kept_files(fill: Callable[[Path], object]) -> Mapping[Path, KeptFile]:
    """Fill a temporary folder, and return its files by their paths in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {path.relative_to(folder): KeptFile(path.stat().st_mode, path.read_bytes()) for path in files}


def write_kept(files: Mapping[Path, KeptFile], folder: Path) -> None:
    """Write such files below a folder, which is created if it does not exist."""
    for path, kept in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(kept.content)
        target.chmod(kept.mode)
