"""The files for search engines: robots.txt (RFC 9309) and sitemaps (sitemaps.org, protocol 0.9); and for monitors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from datasette import Response

from claimledger import __version__
from claimledger.datasette_plugin.addresses import DESK, REPORT
from claimledger.datasette_plugin.answering import cache_control
from claimledger.datasette_plugin.public_pages.data_page import load_dataset
from claimledger.publishing.pages import sitemap
from claimledger.publishing.pages.sitemap import SitemapEntry

if TYPE_CHECKING:
    from claimledger.datasette_plugin.public_pages.visit import Visit

_SINGLE_PAGES: Sequence[Sequence[str]] = (
    [],
    ["claims"],
    ["articles"],
    ["speakers"],
    ["sources"],
    ["corrections"],
    ["charts"],
)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


async def robots(visit: Visit) -> Response:
    """Allow the pages, and exclude the many filters and files of the tables and the desk."""
    excluded = (DESK, REPORT, "/search", "/*/-/", "/*?*_facet", "/*?*_sort", "/*?*_next")
    lines = ["User-agent: *", *(f"Disallow: {visit.datasette.urls.path(path)}" for path in excluded)]
    lines.append(f"Sitemap: {visit.absolute(visit.path('sitemap.xml'))}")
    return _file(visit, "\n".join(lines) + "\n", "text/plain; charset=utf-8")


async def health(visit: Visit) -> Response:
    """Report the program's version and the served log, and nothing about load or readers."""
    found = await load_dataset(visit)
    said = {"version": __version__, "log_size": found.log_size, "log_root": found.log_root}
    return Response.json(said, headers={"cache-control": "no-store", "access-control-allow-origin": "*"})


async def sitemap_index(visit: Visit) -> Response:
    """List all sitemaps."""
    parts = await visit.read(sitemap.part_count)
    names = [
        "sitemap-pages.xml",
        "sitemap-articles.xml",
        "sitemap-speakers.xml",
        "sitemap-sources.xml",
        *(f"sitemap-claims-{part}.xml" for part in range(1, parts + 1)),
    ]
    addresses = "".join(f"<sitemap><loc>{_address(visit, name)}</loc></sitemap>" for name in names)
    return _xml(visit, f'<sitemapindex xmlns="{_NAMESPACE}">{addresses}</sitemapindex>')


async def pages_sitemap(visit: Visit) -> Response:
    """List the pages that exist once."""
    return _xml(visit, _url_set(_url(_address(visit, *page)) for page in _SINGLE_PAGES))


async def articles_sitemap(visit: Visit) -> Response:
    """List the page of each article."""
    return _sitemap(visit, "articles", await visit.read(sitemap.article_entries))


async def names_sitemap(visit: Visit) -> Response:
    """List the page of each speaker or of each source."""
    of = visit.address_part("of")
    return _sitemap(visit, of, await visit.read(sitemap.name_entries, of))


async def claims_sitemap(visit: Visit) -> Response:
    """List the page of each public claim in one part of the sitemap."""
    part = int(visit.address_part("part"))
    return _sitemap(visit, "claims", await visit.read(sitemap.claim_entries, part))


def _sitemap(visit: Visit, folder: str, entries: Iterable[SitemapEntry]) -> Response:
    return _xml(visit, _url_set(_url(_address(visit, folder, name), changed_on) for name, changed_on in entries))


def _url_set(urls: Iterable[str]) -> str:
    return f'<urlset xmlns="{_NAMESPACE}">{"".join(urls)}</urlset>'


def _url(address: str, changed_on: str | None = None) -> str:
    return f"<url><loc>{address}</loc>{f'<lastmod>{changed_on}</lastmod>' if changed_on else ''}</url>"


def _address(visit: Visit, *parts: str) -> str:
    return escape(visit.absolute(visit.path(*parts)))


def _xml(visit: Visit, content: str) -> Response:
    return _file(visit, f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n', "application/xml; charset=utf-8")


def _file(visit: Visit, content: str, content_type: str) -> Response:
    headers = {
        "cache-control": cache_control(visit.datasette, visit.request), "x-content-type-options": "nosniff",
    }  # fmt: skip
    return Response(content, headers=headers, content_type=content_type)
