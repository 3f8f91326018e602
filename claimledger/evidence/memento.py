"""Archived copies through Memento (RFC 7089): the TimeGate's copy nearest a moment.

In: an address, a moment, an archive, and who fetches. Out: a copy with its address and the moment it was made, or none.
The invariant: a copy is believed only if it comes from the archive's own host, which dates it (`Memento-Datetime`) and
names the address asked for as its original (`Link`, read as RFC 8288 writes links).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from claimledger.addresses import page_of
from claimledger.evidence.capture import WANTED
from claimledger.fetching import Fetched, NotAnswered, fetch

_NONE = frozenset({404, 406})
"""How an archive says that it has no copy."""


class FetchAt(Protocol):
    """Who fetches from an archive."""

    def __call__(self, address: str, *, accept_datetime: datetime | None = None) -> Fetched:
        """Return what stands at an address; raises FetchRefused."""


fetch_from_archive: FetchAt = partial(fetch, limits=WANTED)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive: what an address is written behind."""

    timegate: str
    """Of its TimeGate."""


ARCHIVE = Archive("https://web.archive.org/web/")
"""The Internet Archive."""


class Memento(NamedTuple):
    """An archived copy."""

    address: str
    """Its address."""
    archived_at: datetime
    """When it was made, UTC."""
    page: Fetched
    """What stands there."""


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
    is_its = urlsplit(copy.final_address).netloc == urlsplit(archive.timegate).netloc
    if made is None or not is_its or page_of(address) not in map(page_of, originals):
        return None
    return Memento(copy.final_address, made, copy)


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
