"""Change the links of a page for the copy, and list the files that they lead to."""

from __future__ import annotations

import posixpath
import re
from html import escape, unescape
from urllib.parse import urlsplit

from claimledger.datasette_plugin.static_site.copied_paths import Addresses, CopiedPath
from claimledger.publishing.site import PageLanguage

MISSING_PAGE = "404.html"
"""The page that a web space shows at any unknown address, so that its links begin at the root."""
_ATTRIBUTE = re.compile(r'(?P<name>\b(?:href|src|action|content))="(?P<value>[^"]*)"')
_LINK = re.compile(r"<a\b(?P<attributes>[^>]*)>(?P<inside>.*?)</a>", re.DOTALL)
_LINE = re.compile(r"<link\b[^>]*>\n?")
_HREF = re.compile(r'\bhref="([^"]*)"')
_PLACE = re.compile(r"(?<=<loc>)[^<]*(?=</loc>)")
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')


class Rewriter:
    """The rewriting of one file; `found` collects the files that it needs."""

    def __init__(self, rules: Addresses, site: str, database: str, language: PageLanguage, here: CopiedPath) -> None:
        """Remember the place of the file and the address of the site, which has no slash at its end."""
        self.rules, self.site, self.language, self.here = rules, site, language, here
        self.found: list[CopiedPath] = []
        self._table_file = re.compile(
            rf"{re.escape(site)}/{re.escape(database)}/(\w+)/-/csv\?_guard=off(?:&amp;|&|\\u0026)_encoding=utf-8"
        )

    def page(self, text: str) -> str:
        """Return a page with the links of the copy; a link without a file becomes its text."""
        text = self._table_file.sub(rf"{self.site}/data/\1.csv", text)
        canonical = _CANONICAL.search(text)
        text = _LINE.sub(lambda found: found[0] if self._leads(found[0]) else "", text)
        text = _LINK.sub(lambda found: found[0] if self._leads(found["attributes"]) else _plain(found), text)
        text = _ATTRIBUTE.sub(self._attribute, text)
        if canonical:
            text = text.replace(canonical[1], escape(f"{self.site}/{self.here.address}"))
        return text

    def feed(self, text: str) -> str:
        """Return a feed or a sitemap with the addresses of the copy."""
        text = _ATTRIBUTE.sub(self._attribute, text)
        return _PLACE.sub(lambda found: self._absolute(unescape(found[0])) or found[0], text)

    def _leads(self, attributes: str) -> bool:
        """Return whether the link in a tag leads to a file of the copy or to another site."""
        href = _HREF.search(attributes)
        address = unescape(href[1]) if href else ""
        return not self._is_own(address) or self._target(address) is not None

    def _is_own(self, address: str) -> bool:
        return (address.startswith("/") and not address.startswith("//")) or self._below_site(address) is not None

    def _below_site(self, address: str) -> str | None:
        """Return the path of a full address of this site; None for another address."""
        rest = address.removeprefix(self.site)
        return rest or "/" if rest != address and rest[:1] in {"", "/", "?"} else None

    def _target(self, address: str) -> CopiedPath | None:
        path = self._below_site(address)
        if path is not None:
            return self.rules.copied_path(path, self.rules.main)
        return self.rules.copied_path(address, self.language)

    def _attribute(self, found: re.Match[str]) -> str:
        address = unescape(found["value"])
        if not self._is_own(address):
            return found[0]
        target = self._target(address)
        if target is None:
            return found[0]
        self.found.append(target)
        is_full = self._below_site(address) is not None
        is_anywhere = self.here.file == MISSING_PAGE
        root = self.site if is_full else urlsplit(self.site).path
        new = f"{root}/{target.address}" if is_full or is_anywhere else relative_address(self.here, target)
        return f'{found["name"]}="{escape(new)}"'

    def _absolute(self, address: str) -> str | None:
        target = self._target(address)
        if target is None:
            return None
        self.found.append(target)
        return escape(f"{self.site}/{target.address}")


def _plain(found: re.Match[str]) -> str:
    """Return the text of a link as a span with the same class."""
    named = re.search(r'\bclass="[^"]*"', found["attributes"])
    return f"<span{f' {named[0]}' if named else ''}>{found['inside']}</span>"


def relative_address(here: CopiedPath, target: CopiedPath) -> str:
    """Return the address of a file as a page links to it, so that the copy works below any path.

    >>> relative_address(CopiedPath("ko/claims/a/index.html"), CopiedPath("ko/claims/b/index.html"))
    '../b/'
    """
    path, mark, fragment = target.address.partition("#")
    way = posixpath.relpath(f"/{path}", f"/{posixpath.dirname(here.file)}")
    return f"{way}/{mark}{fragment}" if not path or path.endswith("/") else f"{way}{mark}{fragment}"
