"""A crawler that reads the whole site, as a search engine would, and the rule for which pages are our own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from datasette.app import Datasette

SITE = "http://localhost"
_LINK = re.compile(r'<(?:a|link|img|form|script)\b[^>]*?\s(?:href|src|action)="([^"]*)"')
_OWN = re.compile(
    r"/(?:$|claims|articles|speakers|sources|corrections|changes|charts|method|data|earlier-checks|search|report)"
)


class CrawledPage(NamedTuple):
    """A page or file that some page links to."""

    address: str
    status: int
    text: str
    """The text of a page; empty for a file."""

    @property
    def is_own(self) -> bool:
        """True for a page of ours, false for a file and a page of Datasette."""
        return bool(self.text and _OWN.match(self.address))


async def crawl(datasette: Datasette, language: str) -> AsyncIterator[CrawledPage]:
    """Yield everything that can be reached from the front page."""
    seen, waiting = {"/"}, ["/"]
    while waiting:
        address = waiting.pop()
        answer = await datasette.client.get(address, headers={"accept-language": language}, follow_redirects=True)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        page = CrawledPage(address, answer.status_code, answer.text if is_page else "")
        yield page
        if page.text and "&" not in urlsplit(address).query:  # the links of a page with two arguments are not followed
            fresh = {*own_links(address, page.text)} - seen
            seen |= fresh
            waiting += sorted(fresh)


def own_links(address: str, page: str) -> Iterator[str]:
    """Yield the addresses of this site that a page links to, without fragments and without another language.

    Of the choices on a page of Datasette, only those without arguments are read.
    """
    for link in _LINK.findall(page):
        target = urldefrag(urljoin(SITE + address, unescape(link))).url
        parts = urlsplit(target)
        is_choice = parts.query and (not _OWN.match(address) or "lang=" in parts.query)
        if target.startswith(f"{SITE}/") and not is_choice:
            yield target.removeprefix(SITE)
