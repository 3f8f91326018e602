"""The checks that found no problem earlier, so that `check --changed` leaves them out while nothing they read changes.

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
"""The sources of a check that is never left out."""


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

    def find(self, name: str, sources: frozenset[LedgerPart]) -> CheckResult | None:
        """Return the earlier result of a check if nothing that it reads changed since; otherwise None."""
        known = self._known.get(name)
        if known is None or not sources or known.fingerprint != self._fingerprint(sources):
            return None
        return CheckResult(name, known.scope, has_run=known.has_run, unchanged_since=known.checked_at)

    def add(self, name: str, sources: frozenset[LedgerPart], result: CheckResult) -> None:
        """Keep the result of a check that found no problem, and forget an earlier one otherwise.

        A result is not kept if a file that the check reads changed during the check.
        """
        self._known.pop(name, None)
        if sources and not result.problems:
            fingerprint = self._fingerprint(sources)
            if all(self._stamps[source] == _stamp(self.places, source) for source in sources):
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

    def _fingerprint(self, sources: Iterable[LedgerPart]) -> str:
        """Return the hash of the program and of everything in these sources, as it was when first asked for."""
        for source in sources:
            if source not in self._contents:
                self._stamps[source] = _stamp(self.places, source)
                self._contents[source] = _content(self.places, source)
        parts = [_program(), *(self._contents[source] for source in sorted(sources, key=lambda one: one.value))]
        return sha256("\n".join(parts).encode()).hexdigest()


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
    for path in _entries_below(Path(claimledger.__file__).parent):
        if "__pycache__" not in path.parts and path.is_file():
            digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _content(places: LedgerPaths, source: LedgerPart) -> str:
    """Return a hash of a source: of all bytes for the log and the databases, of names, sizes and times for others."""
    if source in {LedgerPart.CLAIMS, LedgerPart.EVIDENCE}:
        return _stamp(places, source)
    digest = sha256()
    for path in _source_entries(places, source):
        if path.is_file():
            with path.open("rb") as file:
                digest.update(f"{path.name} {path.stat().st_mode} ".encode() + file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _stamp(places: LedgerPaths, source: LedgerPart) -> str:
    """Return a hash of the names, sizes, times and rights of the files of a source."""
    digest = sha256()
    for path in _source_entries(places, source):
        seen = path.lstat()
        what = (seen.st_mode, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        digest.update(f"{path} {what}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _source_entries(places: LedgerPaths, source: LedgerPart) -> Iterator[Path]:
    """Yield the files and folders of a source in order; a database has its write-ahead log too."""
    match source:
        case LedgerPart.LOG:
            yield from _entries_below(places.log)
        case LedgerPart.CLAIMS:
            own = {places.log}
            yield from (path for path in _entries_below(places.claims) if own.isdisjoint((path, *path.parents)))
        case LedgerPart.EVIDENCE:
            yield from _entries_below(places.private_evidence)
        case LedgerPart.DESK | LedgerPart.LEDGER:
            database = places.desk if source is LedgerPart.DESK else places.ledger
            yield from (path for path in (database, Path(f"{database}-wal")) if path.is_file())


def _entries_below(folder: Path) -> Iterator[Path]:
    for name, folders, names in os.walk(folder):
        folders.sort()
        yield Path(name)
        yield from (Path(name, one) for one in sorted(names))
