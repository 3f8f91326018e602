"""The public checks of an archive, by which a later import finds its records again, and the imports that wait.

A check is found by the number of its own that the archive gives it; without one, by its address and its claim, or by
claim and speaker if it has no address. If a claim was reworded, the only check at its address is found by the address.
"""

from __future__ import annotations

import sqlite3
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from claimledger.desk_vocabulary import Action
from claimledger.models import EarlierCheck
from claimledger.vocabulary import RevisionKind

_DIGITS = 16
_OF_ARCHIVE = (
    "SELECT key, sha256, body ->> '$.kind', body ->> '$.record' FROM publication p "
    "WHERE subject = 'earlier_check' AND key >= ?1 || '-' AND key < ?1 || '.' AND body ->> '$.record.import_id' = ?1 "
    "AND revision = (SELECT max(revision) FROM publication WHERE key = p.key AND subject = p.subject)"
)
_ACTS = "SELECT action, claim_id, actor, reason, detail, recorded_at FROM act WHERE claim_id {} ORDER BY act_id"
_ACT_PREFIX = "checks/"


class PublicCheck(NamedTuple):
    """The newest public version of a check."""

    key: str
    sha256: str
    """The hash of the version."""
    digest: bytes
    """The hash of the record."""
    address: str | None
    content_key: str
    """The key that a new check with this content would get."""
    is_withdrawn: bool


class WaitingImport(NamedTuple):
    """An import that waits for a second editor."""

    name: str
    """The name of the archive."""
    author: str
    reason: str
    recorded_at: str
    """The time of the proposal, UTC."""
    content_sha256: str
    """The hash of the private content with its records."""
    origin: str
    """The file that it was read from."""
    counts: dict[str, int]
    """The numbers of rows that are new, changed, unchanged and refused."""
    missing: int = 0
    """The number of public checks of the archive that the file no longer has."""
    left_out: Mapping[str, int] = MappingProxyType({})
    """The columns that no field takes, each with its number of filled rows."""
    notes: Mapping[str, dict[str, Any]] = MappingProxyType({})
    """The notes on what is left out or corrected, by code: their `count`, and the first `examples` as row, field, value
    before and after. An import that an earlier version of the program proposed has none.
    """


class _Content(msgspec.Struct):
    claim: str
    address: str | None = None
    speaker: str | None = None


_contents = msgspec.json.Decoder(_Content)


def check_key(name: str, check: EarlierCheck, own_id: str) -> str:
    """Return the permanent name of a new check of an archive.

    >>> check = EarlierCheck(earlier_check_id="x", import_id="shimin", publisher={"en": "Sh"}, claim="A", rating="B")
    >>> check_key("shimin", check, "2031-7") == check_key("shimin", check, "2031-7") != check_key("shimin", check, "")
    True
    """
    if own_id:
        return f"{name}-{_digest('id', own_id)}"
    return _content_key(name, _Content(check.claim, check.address, check.speaker))


def _content_key(name: str, content: _Content) -> str:
    where = content.address or f"speaker {content.speaker or ''}"
    return f"{name}-{_digest(where, content.claim)}"


def _digest(*values: str) -> str:
    return b32encode(sha256("\0".join(values).encode()).digest()).decode().lower()[:_DIGITS]


def read_public_checks(connection: sqlite3.Connection, name: str) -> Iterator[PublicCheck]:
    """Yield the newest public version of each check of an archive."""
    for key, digest, kind, record in connection.execute(_OF_ARCHIVE, (name,)):
        content = _contents.decode(record)
        yield PublicCheck(
            key, digest, sha256(record.encode()).digest(), content.address, _content_key(name, content),
            kind == RevisionKind.WITHDRAWAL,
        )  # fmt: skip


class PublicChecks:
    """The public checks of an archive, each found at most once."""

    def __init__(self, checks: Iterable[PublicCheck]) -> None:
        """Index the checks."""
        self._left = {one.key: one for one in checks}
        self._by_content = {one.content_key: one.key for one in self._left.values()}
        self._at: dict[str, list[str]] = {}
        for one in self._left.values():
            self._at.setdefault(one.address or "", []).append(one.key)
        self._asked = Counter[str]()
        self._found: dict[str, PublicCheck] = {}

    def find(self, key: str) -> PublicCheck | None:
        """Return the check with a name, or with the content that would lead to this name."""
        for name in (key, self._by_content.get(key, "")):
            if found := self._left.pop(name, None) or self._found.get(name):
                return self._found.setdefault(name, found)
        return None

    def has_address(self, address: str | None) -> bool:
        """Return whether a check has this address; count how often each is looked up."""
        is_known = bool(address) and (address or "") in self._at
        self._asked[address or ""] += is_known
        return is_known

    def find_alone(self, address: str | None) -> PublicCheck | None:
        """Return the only check that is left at an address, if only one row has this address."""
        left = [key for key in self._at.get(address or "", ()) if key in self._left]
        return self.find(left[0]) if len(left) == 1 and self._asked[address or ""] == 1 else None

    def keys_left(self) -> list[str]:
        """Return the names of the checks that were not found, except withdrawn ones."""
        return sorted(key for key, one in self._left.items() if not one.is_withdrawn)


def act_key(name: str) -> str:
    """Return the name under which the acts on an import are stored; no claim has such a name."""
    return _ACT_PREFIX + name


def find_waiting(connection: sqlite3.Connection, name: str) -> WaitingImport | None:
    """Return the import of an archive that waits, or None."""
    return next(_waiting(connection.execute(_ACTS.format("= ?"), (act_key(name),))), None)


def list_waiting(connection: sqlite3.Connection) -> list[WaitingImport]:
    """Return the imports that wait, the oldest first."""
    return [*_waiting(connection.execute(_ACTS.format("GLOB ?"), (f"{_ACT_PREFIX}*",)))]


def _waiting(acts: Iterable[tuple[Any, ...]]) -> Iterator[WaitingImport]:
    newest: dict[str, tuple[str, str, str, dict[str, Any]]] = {}
    for action, key, actor, reason, detail, recorded_at in acts:
        newest.pop(key, None)
        if action == Action.IMPORT_CHECKS:
            newest[key] = (actor, reason, recorded_at, msgspec.json.decode(detail))
    for key, (actor, reason, recorded_at, detail) in newest.items():
        named = (detail["content_sha256"], detail["origin"], detail["counts"])
        lost = (detail.get("missing", 0), detail.get("left_out", {}), detail.get("notes", {}))
        yield WaitingImport(key.removeprefix(_ACT_PREFIX), actor, reason, recorded_at, *named, *lost)
