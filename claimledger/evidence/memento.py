"""Archived copies through Memento (RFC 7089): the TimeGate's copy nearest a moment, and all copies of a TimeMap.

In: an address, a moment, an archive, and who fetches. Out: a copy's address with the moment it was made, or none. The
invariant: a copy is believed only if the archive dates it (`Memento-Datetime`), and names the address asked for where
it names any. TimeMaps are in the link format (RFC 6690, read as RFC 8288 writes links).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import NamedTuple, Protocol

from claimledger.evidence.capture import WANTED
from claimledger.fetching import Fetched, NotAnswered, fetch

_NONE = frozenset({404, 406})
"""How an archive says that it has no copy."""


class FetchAt(Protocol):
    """Who fetches from an archive."""

    def __call__(self, address: str, *, accept_datetime: datetime | None = None) -> Fetched:
        """Return what stands at an address; raises FetchRefused."""


OF_ARCHIVES = replace(WANTED, types=(*WANTED.types, "application/link-format"))
"""The limits for what an archive sends."""
fetch_from_archive: FetchAt = partial(fetch, limits=OF_ARCHIVES)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive: what an address is written behind."""

    timegate: str
    """Of its TimeGate."""
    timemap: str
    """Of its TimeMap in the link format."""


ARCHIVE = Archive("https://web.archive.org/web/", "https://web.archive.org/web/timemap/link/")
"""The Internet Archive."""


class Memento(NamedTuple):
    """An archived copy."""

    address: str
    """Its address."""
    archived_at: datetime
    """When it was made, UTC."""


class Link(NamedTuple):
    """A link of the link format."""

    target: str
    """Where it leads."""
    attributes: Mapping[str, str]
    """Its attributes by their names in lower case."""

    def is_a(self, relation: str) -> bool:
        """Whether it has this relation, among others or alone."""
        return relation in self.attributes.get("rel", "").lower().split()


def archived(
    address: str, at: datetime, archive: Archive = ARCHIVE, fetch_it: FetchAt = fetch_from_archive
) -> Memento | None:
    """Return the archived copy nearest a moment (UTC), or none if the archive has none.

    Raises:
        FetchRefused: the archive does not answer.
    """
    copy = _answer(lambda: fetch_it(archive.timegate + address, accept_datetime=at))
    if copy is None:
        return None
    headers = dict(copy.headers)
    made = _moment(headers.get("memento-datetime", ""))
    originals = [link.target for link in links(headers.get("link", "")) if link.is_a("original")]
    if made is None or (originals and not any(_is_same(one, address) for one in originals)):
        return None
    return Memento(copy.final_address, made)


def mementos(address: str, archive: Archive = ARCHIVE, fetch_it: FetchAt = fetch_from_archive) -> list[Memento]:
    """Return all copies that an archive's TimeMap lists, the oldest first.

    Raises:
        FetchRefused: the archive does not answer.
    """
    timemap = _answer(lambda: fetch_it(archive.timemap + address))
    listed = links(timemap.content.decode("utf-8", "replace")) if timemap else ()
    dated = ((link.target, _moment(link.attributes.get("datetime", ""))) for link in listed if link.is_a("memento"))
    return sorted((Memento(target, made) for target, made in dated if made), key=lambda copy: copy.archived_at)


def _answer(ask: Callable[[], Fetched]) -> Fetched | None:
    try:
        return ask()
    except NotAnswered as refusal:
        if refusal.status in _NONE:
            return None
        raise


_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w*!#$&+.^`|~-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)""")
_ATTRIBUTE = re.compile(r""";\s*([\w*!#$&+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?""")


def links(text: str) -> Iterator[Link]:
    """Yield the links of a text in the link format; what is none is passed over.

    >>> [link.target for link in links('<https://a.example/1,2>; rel="first memento", <b>; rel=original')]
    ['https://a.example/1,2', 'b']
    """
    for found in _LINK.finditer(text):
        attributes: dict[str, str] = {}
        for name, quoted, plain in _ATTRIBUTE.findall(found[2]):
            attributes.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
        yield Link(found[1].strip(), attributes)


def _moment(text: str) -> datetime | None:
    """Return the moment that an HTTP date names, UTC; none if it is no date."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_same(original: str, address: str) -> bool:
    """Whether an archive names the address asked for; archives write it with or without scheme, www and last slash."""
    return _folded(original) == _folded(address)


def _folded(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.partition("#")[0]).replace(":80/", "/").rstrip("/")
