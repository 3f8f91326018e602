"""Finds archived copies through Memento (RFC 7089): the copy of a TimeGate that is nearest to a moment.

A copy is accepted only if it comes from the archive's own host, has a date (`Memento-Datetime`), and names the
requested address as its original (`Link`, RFC 8288).
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

from claimledger.addresses import page_key
from claimledger.evidence.capture import DOCUMENT_LIMITS
from claimledger.fetching import FetchedPage, NotAnswered, fetch

_NO_COPY_STATUSES = frozenset({404, 406})
"""The HTTP statuses with which an archive says that it has no copy."""


class ArchiveFetcher(Protocol):
    """A function that fetches from an archive."""

    def __call__(self, address: str, *, accept_datetime: datetime | None = None) -> FetchedPage:
        """Return the page at an address; raises FetchRefused."""


fetch_from_archive: ArchiveFetcher = partial(fetch, limits=DOCUMENT_LIMITS)


@dataclass(frozen=True, slots=True)
class Archive:
    """A web archive."""

    timegate: str
    """The address of its TimeGate; the requested address is appended to it."""


INTERNET_ARCHIVE = Archive("https://web.archive.org/web/")
"""The Internet Archive."""


class Memento(NamedTuple):
    """An archived copy."""

    address: str
    """The address of the copy."""
    archived_at: datetime
    """The time at which the copy was made, UTC."""
    page: FetchedPage
    """The fetched copy."""


class Link(NamedTuple):
    """A link of a Link header (RFC 8288)."""

    target: str
    """The address that it links to."""
    attributes: Mapping[str, str]
    """The attributes, with names in lower case."""

    def has_relation(self, relation: str) -> bool:
        """Return whether the link has this relation, alone or among others."""
        return relation in self.attributes.get("rel", "").lower().split()


def find_archived_copy(
    address: str, at: datetime, archive: Archive = INTERNET_ARCHIVE, fetch_it: ArchiveFetcher = fetch_from_archive
) -> Memento | None:
    """Return the archived copy nearest to a moment (UTC), or None if the archive has none.

    Raises:
        FetchRefused: the archive does not answer.
    """
    copy = _fetch_or_none(lambda: fetch_it(archive.timegate + address, accept_datetime=at))
    if copy is None:
        return None
    headers = dict(copy.headers)
    archived_at = _parse_http_date(headers.get("memento-datetime", ""))
    originals = [link.target for link in parse_links(headers.get("link", "")) if link.has_relation("original")]
    is_from_archive = urlsplit(copy.final_address).netloc == urlsplit(archive.timegate).netloc
    if archived_at is None or not is_from_archive or page_key(address) not in map(page_key, originals):
        return None
    return Memento(copy.final_address, archived_at, copy)


def _fetch_or_none(fetch_copy: Callable[[], FetchedPage]) -> FetchedPage | None:
    try:
        return fetch_copy()
    except NotAnswered as refusal:
        if refusal.status in _NO_COPY_STATUSES:
            return None
        raise


_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w*!#$&+.^`|~-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)""")
_ATTRIBUTE = re.compile(r""";\s*([\w*!#$&+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?""")


def parse_links(text: str) -> Iterator[Link]:
    """Yield the links of a text in the link format; other parts are skipped.

    >>> [link.target for link in parse_links('<https://a.example/1,2>; rel="first memento", <b>; rel=original')]
    ['https://a.example/1,2', 'b']
    """
    for found in _LINK.finditer(text):
        attributes: dict[str, str] = {}
        for name, quoted, plain in _ATTRIBUTE.findall(found[2]):
            attributes.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
        yield Link(found[1].strip(), attributes)


def _parse_http_date(text: str) -> datetime | None:
    """Return the time of an HTTP date in UTC; None if the text is not a date."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
