"""Reads the metadata that a page states: headline, publisher, date, authors, language, address.

The sources are JSON-LD (schema.org Article), OpenGraph, meta elements and HTML itself, in that order. Nothing is
inferred. trafilatura's own metadata is not used. It takes a date from the text or the address and a publisher from the
host's name. It also drops an author whose name has no space, as Korean names do.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from claimledger.characters import hidden_characters, without_hidden
from claimledger.scalars import LANGUAGE, WEB_ADDRESS, InvalidValue, checked_edtf, checked_language, checked_text


class PageMetadata(NamedTuple):
    """The metadata that a page states; None or empty if it states none."""

    headline: str | None
    publisher: str | None
    published_on: str | None
    authors: tuple[str, ...]
    language: str | None
    address: str | None


_HEADLINE = ("og:title", "twitter:title", "citation_title", "dc.title")
_PUBLISHER = ("og:site_name", "dc.publisher", "citation_publisher")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "citation_publication_date",
    "dc.date.issued", "dcterms.issued", "dc.date", "parsely-pub-date", "sailthru.date", "pubdate", "date",
)  # fmt: skip
_AUTHORS = ("article:author", "og:article:author", "author", "citation_author", "dc.creator", "parsely-author", "byl")
_LANGUAGE = ("content-language", "dc.language", "og:locale")
_ADDRESS = ("og:url", "twitter:url")
_ARTICLE = re.compile(r"(?:[A-Za-z]*Article|BlogPosting|LiveBlogPosting|Report)$")
_NUMERIC_DATE = re.compile(r"\s*(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?|(\d\d)(\d\d)(?:\d{4,6})?)?(?!\d)")
_FIRST_NEWSPAPER = 1605
"""A date before this year is a program's empty date."""
_MAX_LENGTH = 500
_MAX_ADDRESS_LENGTH = 2000
_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]")


def read_page_metadata(page: Element, text: str) -> PageMetadata:
    """Return the metadata of a page; `text` is its article, which can prove the stated language wrong."""
    metas, article = _meta_elements(page), _article(page)
    publisher = _first(
        plain_text(name) for name in [*_names(article.get("publisher")), *_meta_contents(metas, _PUBLISHER)]
    )
    authors = _authors(_names(article.get("author"), excluding="Organization"), publisher)
    return PageMetadata(
        _headline(page, metas, article, publisher),
        publisher,
        _first(
            plain_date(date) for date in [*_texts(article.get("datePublished")), *_meta_contents(metas, _PUBLISHED)]
        ),
        authors or _authors(_meta_contents(metas, _AUTHORS), publisher),
        _language(page, metas, article, text),
        _first(_plain_address(address) for address in [*_canonical(page), *_meta_contents(metas, _ADDRESS)]),
    )


def plain_text(value: str) -> str | None:
    """Return a stated text on one line; None if nothing is readable or it is too long for a name."""
    try:
        text = checked_text(without_hidden(" ".join(html.unescape(value).split())))
    except InvalidValue:
        return None
    return text if len(text) <= _MAX_LENGTH else None


def plain_date(value: str) -> str | None:
    """Return a stated date as EDTF without its time; None if its format is ambiguous.

    >>> plain_date("2023-06-01T09:30:00+09:00"), plain_date("2023.6.1 09:30"), plain_date("2023-06")
    ('2023-06-01', '2023-06-01', '2023-06')
    >>> plain_date("01/06/2023"), plain_date("0001-01-01T00:00:00"), plain_date("2023-02-30")
    (None, None, None)
    """
    found = _NUMERIC_DATE.match(value)
    if not found or int(found[1]) < _FIRST_NEWSPAPER:
        return None
    parts = [found[1], *(part.zfill(2) for part in (found[2] or found[4], found[3] or found[5]) if part)]
    try:
        return checked_edtf("-".join(parts))
    except InvalidValue:
        return None


def _first(values: Iterator[str | None]) -> str | None:
    return next(filter(None, values), None)


def _meta_elements(page: Element) -> Mapping[str, Sequence[str]]:
    """Return the contents of the meta elements by lower-case name, in their order."""
    metas: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            metas.setdefault((meta.get(attribute) or "").strip().lower(), []).append(meta.get("content") or "")
    for time in page.iter("time"):
        if time.get("itemprop"):
            metas.setdefault((time.get("itemprop") or "").lower(), []).append(time.get("datetime") or "")
    return metas


def _meta_contents(metas: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[str]:
    return [content for name in names for content in metas.get(name, ())]


def _article(page: Element) -> Mapping[str, Any]:
    """Return the first article of the page's JSON-LD with its references resolved, or an empty mapping."""
    found = [item for script in page.iter("script") if _is_json_ld(script) for item in _items(_json(script.text or ""))]
    by_id = {item["@id"]: item for item in found if isinstance(item.get("@id"), str)}
    article = next((item for item in found if any(map(_ARTICLE.match, _texts(item.get("@type"))))), {})
    return {key: _resolve_references(value, by_id) for key, value in article.items()}


def _is_json_ld(script: Element) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"


def _json(text: str) -> Any:  # noqa: ANN401  any JSON value
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _items(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  any JSON value
    """Yield the JSON objects at the top level, in a list or in a graph."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()


def _resolve_references(value: Any, by_id: Mapping[str, Any]) -> Any:  # noqa: ANN401  any JSON value
    """Return a value in which references without a name of their own are replaced by their targets."""
    if isinstance(value, list):
        return [_resolve_references(item, by_id) for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _texts(value: Any) -> list[str]:  # noqa: ANN401  any JSON value
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _names(value: Any, *, excluding: str = "nothing") -> list[str]:  # noqa: ANN401  any JSON value
    """Return the names in a JSON-LD value, except those whose type contains the word `excluding`."""
    names = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            names += _texts(item)
        elif excluding not in "".join(_texts(item.get("@type"))):
            names += _texts(item.get("name"))
    return names


def _authors(names: Sequence[str], publisher: str | None) -> tuple[str, ...]:
    """Return the names of people: no publisher, no address, no account."""
    plain = [plain_text(name) for name in names if "://" not in name and not name.startswith("@")]
    return tuple(dict.fromkeys(name for name in plain if name and name != publisher))


def _headline(
    page: Element, metas: Mapping[str, Sequence[str]], article: Mapping[str, Any], publisher: str | None
) -> str | None:
    """Return the headline without the publisher's name at its end."""
    headings = ["".join(heading.itertext()) for heading in page.iter("h1")]
    titles = ["".join(title.itertext()) for title in page.iter("title")][:1]
    only = headings if len(headings) == 1 else []
    headline = _first(
        map(plain_text, [*_texts(article.get("headline")), *_meta_contents(metas, _HEADLINE), *only, *titles])
    )
    if headline and publisher:
        headline = re.sub(rf"\s*[-–—|:<]\s*{re.escape(publisher)}$", "", headline) or headline
    return headline


def _language(page: Element, metas: Mapping[str, Sequence[str]], article: Mapping[str, Any], text: str) -> str | None:
    """Return the stated language; None if the script of the text shows that it is wrong."""
    root = [page.get("lang") or "", page.get("xml:lang") or ""]
    language = _first(
        map(_plain_language, [*_texts(article.get("inLanguage")), *root, *_meta_contents(metas, _LANGUAGE)])
    )
    hangul, latin = len(_HANGUL.findall(text)), len(_LATIN.findall(text))
    primary = (language or "").partition("-")[0]
    is_wrong = (primary == "ko" and not hangul) or (primary == "en" and hangul > latin)
    return None if is_wrong else language


def _plain_language(value: str) -> str | None:
    """Return a language tag in its usual form, or None."""
    primary, *rest = value.strip().replace("_", "-").split("-")
    tag = "-".join([primary.lower(), *rest])
    try:
        return checked_language(tag) if re.match(LANGUAGE, tag) else None
    except InvalidValue:
        return None


def _canonical(page: Element) -> list[str]:
    links = [link for link in page.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    return [link.get("href") or "" for link in links]


def _plain_address(value: str) -> str | None:
    address = value.strip()
    is_usable = (
        len(address) <= _MAX_ADDRESS_LENGTH and re.match(WEB_ADDRESS, address) and not hidden_characters(address)
    )
    return address if is_usable else None
