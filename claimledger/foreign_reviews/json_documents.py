"""The JSON values of a document: JSON, JSON Lines, or a page with JSON-LD in script elements.

In: bytes and a declared charset. Out: the values in order, and notes on what could not be read. The invariant: no
document brings it to a fault, and each part that was not read has its note. Numbers are kept digit by digit, as text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from claimledger.errors import ProblemsFound
from claimledger.foreign_reviews.import_notes import Note
from claimledger.intake.encodings import decode

LIMIT = 20_000_000
"""Bytes a document may have."""
SHOWN = 300
"""Characters of a part that a note shows."""
_BLANK = re.compile(r"(?:[\s\ufeff,;]|/\*.*?\*/)*", re.DOTALL)
"""What may stand between values: a comment too, as scripts of pages have it."""
_PREFIXED = re.compile(r"(?:schema:|https?://schema\.org/)(?=[A-Za-z])")


def values_of(content: bytes, charsets: Sequence[str] = ()) -> tuple[list[Any], list[Note]]:
    """Return the JSON values a document holds, and notes on the document itself."""
    if len(content) > LIMIT:
        return [], [Note(0, "document-too-large", "", f"{len(content):,} bytes", "")]
    document, notes = _decoded(content, charsets)
    if document.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        values, more = _json_values(document, "")
    else:
        values, more = _scripts_of(document)
    return values, [*notes, *more]


def shown(part: object) -> str:
    """Return a part as a note shows it: text in its first characters, a map or a list by what it holds.

    >>> shown({"@type": "WebPage", "name": "A"}), shown(["a", "b"]), shown("a")
    ('{@type: WebPage, name}', '[2]', 'a')
    """
    if isinstance(part, dict):
        kind = part.get("@type")
        names = [f"@type: {kind}" if key == "@type" and isinstance(kind, str) else key for key in list(part)[:20]]
        text = f"{{{', '.join(names)}}}"
    else:
        text = f"[{len(part)}]" if isinstance(part, list) else str(part)
    return writable(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def writable(text: str) -> str:
    """Return a text that can be written as UTF-8: a mark stands for half a character."""
    return text.encode("utf-8", "replace").decode()


def _decoded(content: bytes, charsets: Sequence[str]) -> tuple[str, list[Note]]:
    try:
        return decode(content, "", charsets).text, []
    except ProblemsFound:
        text = content.decode("utf-8", "replace")
        return text, [Note(0, "encoding-broken", "", f"{text.count(chr(0xFFFD)):,}", "\ufffd")]


class Repeating(dict[str, Any]):
    """A map in which a name stands twice: the last value holds (as in browsers), `lost` has the others."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        """Keep what another value of the same name takes the place of."""
        super().__init__(pairs)
        last = {name: place for place, (name, _) in enumerate(pairs)}
        self.lost = [pair for place, pair in enumerate(pairs) if place != last[pair[0]]]


def _map(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a map; a name of schema.org that says so, `schema:author`, is the name."""
    pairs = [(name[found.end() :] if (found := _PREFIXED.match(name)) else name, value) for name, value in pairs]
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else Repeating(pairs)


class _Reader(json.JSONDecoder):
    """Reads JSON with line breaks inside text, as pages have it, and keeps the digits of numbers."""

    def __init__(self) -> None:
        super().__init__(strict=False, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_map)


_reader = _Reader()


def _json_values(text: str, path: str) -> tuple[list[Any], list[Note]]:
    """Return the JSON values that stand one after another; from the first that is none on, those that fill a line."""
    values: list[Any] = []
    place = _blank_to(text, 0)
    while place < len(text):
        try:
            value, place = _reader.raw_decode(text, place)
        except (ValueError, RecursionError):
            found, notes = _values_in_lines(text[place:], path)
            return values + found, notes
        values.append(value)
        place = _blank_to(text, place)
    return values, []


def _blank_to(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _values_in_lines(text: str, path: str) -> tuple[list[Any], list[Note]]:
    """Return the maps and lists that fill a line; other lines are noted, once for those that stand together."""
    values: list[Any] = []
    notes: list[Note] = []
    is_broken = False
    for line in filter(None, map(str.strip, text.split("\n"))):
        was_broken, is_broken = is_broken, False
        try:
            value = _reader.decode(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict | list):
            values.append(value)
            continue
        is_broken = True
        if not was_broken:
            notes.append(Note(0, "json-broken", path, shown(line)))
    return values, notes


def _scripts_of(page: str) -> tuple[list[Any], list[Note]]:
    values: list[Any] = []
    notes: list[Note] = []
    for number, script in enumerate(_scripts(page), start=1):
        found, unread = _json_values(script, f"script.{number}")
        if unread and (plain := html.unescape(script)) != script:
            found, unread = _json_values(plain, f"script.{number}")
            notes += [] if unread else [Note(0, "json-in-entities", f"script.{number}", shown(script), shown(plain))]
        values += found
        notes += unread
    return values, notes


def _scripts(page: str) -> Iterator[str]:
    """Yield the text of each JSON-LD script element outside comments, comment marks and CDATA around it taken off.

    One without an end goes to the end of the page, as browsers have it: the page may have been cut short there.
    """
    lower = page.lower()  # a letter may become longer, so it is searched in alone where it does not
    lower = lower if len(lower) == len(page) else page
    place = 0
    while (start := lower.find("<script", place)) >= 0:
        comment = lower.find("<!--", place, start)
        if comment >= 0 and (end := lower.find("-->", comment)) >= 0:
            place = end
            continue
        tag_end = lower.find(">", start) + 1
        body = tag_end or start  # a tag that is cut short is no JSON, and noted as such
        end = lower.find("</script", body)
        end = len(page) if end < 0 else end
        if "ld+json" in lower[start : tag_end or end]:
            yield re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", page[body:end])
        place = end
