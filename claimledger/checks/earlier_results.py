"""The results of checks that found no problem; `check --changed` uses them while the files are unchanged.

The log and the databases are compared by a hash of all their bytes, so that a flipped bit is a change. The many small
files, those of claims and documents, are compared by size, times and rights, as git does: a disk that alters a byte of
these by itself is found only by a check without `--changed`. The program is part of each comparison: another version of
it, or of a package that it uses, checks everything again. The results are in a file of the user's cache, outside of the
ledger's folder, in which a check writes nothing. Whoever can write there can also change the program.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from hashlib import file_digest, sha256
from importlib.metadata import distributions
from pathlib import Path
from stat import S_ISREG

import msgspec

import claimledger
from claimledger.checks.results import CheckResult
from claimledger.ledger import files
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import arrivals
from claimledger.newsroom.store import utc_text

_FORMAT = 1
"""The version of the file's format; results in another one are not used."""


class LedgerPart(Enum):
    """A part of the ledger's folder that checks read."""

    LOG = "log"
    CLAIMS = "claims"
    DESK = "desk"
    EVIDENCE = "evidence"
    LEDGER = "ledger"


ALWAYS: frozenset[LedgerPart] = frozenset()
"""The parts of a check that is never left out."""


class _KnownResult(msgspec.Struct, frozen=True):
    """A check that found no problem."""

    fingerprint: str
    scope: str
    has_run: bool
    checked_at: str


class _KnownResults(msgspec.Struct, frozen=True):
    """The content of the file."""

    format: int
    checks: dict[str, _KnownResult]


@dataclass(slots=True)
class EarlierResults:
    """The checks of a ledger that found no problem, as the user's cache keeps them."""

    places: LedgerPaths
    """The files of the ledger."""
    path: Path
    """The file with the results."""
    _known: dict[str, _KnownResult] = field(default_factory=dict)
    _contents: dict[LedgerPart, str] = field(default_factory=dict)
    _stamps: dict[LedgerPart, str] = field(default_factory=dict)

    @classmethod
    def read(cls, places: LedgerPaths, folder: Path | None = None) -> EarlierResults:
        """Return the results in a folder, by default the user's cache; none if the file cannot be read."""
        name = sha256(str(places.root.resolve()).encode()).hexdigest()[:32]
        path = (folder or cache_folder()) / f"checks-{name}.json"
        with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            found = msgspec.json.decode(path.read_bytes(), type=_KnownResults)
            if found.format == _FORMAT:
                return cls(places, path, dict(found.checks))
        return cls(places, path)

    def find(self, name: str, parts: frozenset[LedgerPart]) -> CheckResult | None:
        """Return the earlier result of a check if nothing that it reads changed since; otherwise None."""
        known = self._known.get(name)
        if known is None or not parts or known.fingerprint != self._fingerprint(parts):
            return None
        return CheckResult(name, known.scope, has_run=known.has_run, unchanged_since=known.checked_at)

    def add(self, name: str, parts: frozenset[LedgerPart], result: CheckResult) -> None:
        """Keep the result of a check that found no problem, and forget an earlier one otherwise.

        A result is not kept if a file that the check reads changed during the check.
        """
        self._known.pop(name, None)
        if parts and not result.problems:
            fingerprint = self._fingerprint(parts)
            if all(self._stamps[part] == _stamp(self.places, part) for part in parts):
                checked_at = utc_text(arrivals.clock_time())
                self._known[name] = _KnownResult(fingerprint, result.scope, result.has_run, checked_at)

    def save(self) -> None:
        """Write the results, readable by the user alone.

        Raises:
            OSError: The file cannot be written.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace_bytes(self.path, msgspec.json.encode(_KnownResults(_FORMAT, self._known)))
        self.path.chmod(0o600)

    def _fingerprint(self, parts: Iterable[LedgerPart]) -> str:
        """Return the hash of the program and of everything in these parts, as it was when first asked for."""
        for part in parts:
            if part not in self._contents:
                self._stamps[part] = _stamp(self.places, part)
                self._contents[part] = _content(self.places, part) or self._stamps[part]
        hashes = (self._contents[part] for part in sorted(parts, key=lambda one: one.value))
        return sha256("\n".join([_program(), *hashes]).encode()).hexdigest()


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the program's folder in the user's cache (XDG Base Directory Specification).

    >>> cache_folder({"XDG_CACHE_HOME": "/var/cache/haru"}).as_posix()
    '/var/cache/haru/claimledger'
    """
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "claimledger"


@cache
def _program() -> str:
    """Return a hash of the program's own files, and of the versions of Python and of every package beside it."""
    digest = sha256(sys.version.encode())
    for package in sorted(f"{one.name} {one.version}" for one in distributions()):
        digest.update(f"{package}\n".encode())
    for path, seen in _entries_below(str(Path(claimledger.__file__).parent)):
        if S_ISREG(seen.st_mode) and "__pycache__" not in path:
            digest.update(f"{path} {seen.st_size}\n".encode() + Path(path).read_bytes())
    return digest.hexdigest()


def _content(places: LedgerPaths, part: LedgerPart) -> str:
    """Return a hash of all bytes of the log or of a database; empty for the parts with many files."""
    if part in {LedgerPart.CLAIMS, LedgerPart.EVIDENCE}:
        return ""
    digest = sha256()
    for path, seen in _entries(places, part):
        if S_ISREG(seen.st_mode):
            with Path(path).open("rb") as file:
                digest.update(f"{path} {seen.st_mode} ".encode() + file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _stamp(places: LedgerPaths, part: LedgerPart) -> str:
    """Return a hash of the names, sizes, times and rights of the files and folders of a part."""
    digest = sha256()
    for path, seen in _entries(places, part):
        what = f"{path} {seen.st_mode} {seen.st_ino} {seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns}\n"
        digest.update(what.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _entries(places: LedgerPaths, part: LedgerPart) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the path and the state of each file and folder of a part, in order; a database has its journal too."""
    match part:
        case LedgerPart.LOG:
            yield from _entries_below(str(places.log))
        case LedgerPart.CLAIMS:
            yield from _entries_below(str(places.claims), apart_from=str(places.log))
        case LedgerPart.EVIDENCE:
            yield from _entries_below(str(places.private_evidence))
        case LedgerPart.DESK | LedgerPart.LEDGER:
            database = places.desk if part is LedgerPart.DESK else places.ledger
            yield from ((str(path), path.lstat()) for path in (database, Path(f"{database}-wal")) if path.exists())


def _entries_below(folder: str, apart_from: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Yield a folder, if it is there, and everything in it as texts, faster than paths; no link is followed."""
    try:
        yield folder, os.lstat(folder)
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.path == apart_from:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _entries_below(entry.path, apart_from)
        else:
            yield entry.path, entry.stat(follow_symlinks=False)
