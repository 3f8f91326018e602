"""Reads the JSON values of a document: JSON, JSON Lines, or a page with JSON-LD in script elements.

The result is the values in order, and notes on the parts that could not be read. No document causes an error. Numbers
are kept digit by digit, as text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from claimledger.errors import ProblemsFound
from claimledger.foreign_reviews.import_notes import ImportNote
from claimledger.intake.encodings import decode

REVIEW_DOCUMENT_SIZE_LIMIT = 20_000_000
"""The largest size of a document in bytes."""
SHOWN_LENGTH = 300
"""The number of characters of a part that a note shows."""
_BLANK = re.compile(r"(?:[\s\ufeff,;]|/\*.*?\*/)*", re.DOTALL)
"""The text allowed between values, including comments, which pages have in scripts."""
_SCHEMA_PREFIX = re.compile(r"(?:schema:|https?://schema\.org/)(?=[A-Za-z])")


def read_json_values(content: bytes, charsets: Sequence[str] = ()) -> tuple[list[Any], list[ImportNote]]:
    """Return the JSON values of a document, and notes on the document itself."""
    if len(content) > REVIEW_DOCUMENT_SIZE_LIMIT:
        return [], [ImportNote(0, "document-too-large", "", f"{len(content):,} bytes", "")]
    document, notes = _decode_document(content, charsets)
    if document.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        values, more = _json_values(document, "")
    else:
        values, more = _script_values(document)
    return values, [*notes, *more]


def describe_part(part: object) -> str:
    """Return a part as a note shows it: the first characters of a text, or the content of a map or list.

    >>> describe_part({"@type": "WebPage", "name": "A"}), describe_part(["a", "b"]), describe_part("a")
    ('{@type: WebPage, name}', '[2]', 'a')
    """
    if isinstance(part, dict):
        kind = part.get("@type")
        names = [f"@type: {kind}" if key == "@type" and isinstance(kind, str) else key for key in list(part)[:20]]
        text = f"{{{', '.join(names)}}}"
    else:
        text = f"[{len(part)}]" if isinstance(part, list) else str(part)
    return encodable(text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…")


def encodable(text: str) -> str:
    """Return a text that can be encoded as UTF-8; a question mark replaces an unpaired surrogate."""
    return text.encode("utf-8", "replace").decode()


def _decode_document(content: bytes, charsets: Sequence[str]) -> tuple[str, list[ImportNote]]:
    try:
        return decode(content, "", charsets).text, []
    except ProblemsFound:
        text = content.decode("utf-8", "replace")
        return text, [ImportNote(0, "encoding-broken", "", f"{text.count(chr(0xFFFD)):,}", "\ufffd")]


class MapWithRepeatedNames(dict[str, Any]):
    """A map with a repeated name: the last value counts (as in browsers), and `lost` has the others."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        """Store the values that are replaced by a later value of the same name."""
        super().__init__(pairs)
        last = {name: position for position, (name, _) in enumerate(pairs)}
        self.lost = [pair for position, pair in enumerate(pairs) if position != last[pair[0]]]


def _make_map(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a map without the schema.org prefix of names, for example `schema:author`."""
    pairs = [(name[found.end() :] if (found := _SCHEMA_PREFIX.match(name)) else name, value) for name, value in pairs]
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else MapWithRepeatedNames(pairs)


class _JsonDecoder(json.JSONDecoder):
    """A JSON decoder that accepts line breaks in text, as pages have them, and keeps the digits of numbers."""

    def __init__(self) -> None:
        super().__init__(strict=False, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_make_map)


JSON_DECODER = _JsonDecoder()
"""The decoder of reviews."""


def _json_values(text: str, path: str) -> tuple[list[Any], list[ImportNote]]:
    """Return the consecutive JSON values of a text; after the first error, those that fill a line."""
    values: list[Any] = []
    position = _skip_blanks(text, 0)
    while position < len(text):
        try:
            value, position = JSON_DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            found, notes = _values_in_lines(text[position:], path)
            return values + found, notes
        values.append(value)
        position = _skip_blanks(text, position)
    return values, []


def _skip_blanks(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _values_in_lines(text: str, path: str) -> tuple[list[Any], list[ImportNote]]:
    """Return the maps and lists that fill a line, with one note for each run of other lines."""
    values: list[Any] = []
    notes: list[ImportNote] = []
    is_broken = False
    for line in filter(None, map(str.strip, text.split("\n"))):
        was_broken, is_broken = is_broken, False
        try:
            value = JSON_DECODER.decode(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict | list):
            values.append(value)
            continue
        is_broken = True
        if not was_broken:
            notes.append(ImportNote(0, "json-broken", path, describe_part(line)))
    return values, notes


def _script_values(page: str) -> tuple[list[Any], list[ImportNote]]:
    values: list[Any] = []
    notes: list[ImportNote] = []
    for number, script in enumerate(_scripts(page), start=1):
        found, unread = _json_values(script, f"script.{number}")
        if unread and (plain := html.unescape(script)) != script:
            found, unread = _json_values(plain, f"script.{number}")
            notes += (
                []
                if unread
                else [
                    ImportNote(0, "json-in-entities", f"script.{number}", describe_part(script), describe_part(plain))
                ]
            )
        values += found
        notes += unread
    return values, notes


def _scripts(page: str) -> Iterator[str]:
    """Yield the text of each JSON-LD script element outside comments, without comment marks and CDATA around it.

    A script element without an end tag goes to the end of the page, as in browsers, since the page may be cut short.
    """
    lower = page.lower()  # lower case can be longer; then the page itself is searched
    lower = lower if len(lower) == len(page) else page
    position = 0
    while (start := lower.find("<script", position)) >= 0:
        comment = lower.find("<!--", position, start)
        if comment >= 0 and (end := lower.find("-->", comment)) >= 0:
            position = end
            continue
        tag_end = lower.find(">", start) + 1
        body = tag_end or start  # a tag that is cut short is not JSON, and gets a note
        end = lower.find("</script", body)
        end = len(page) if end < 0 else end
        if "ld+json" in lower[start : tag_end or end]:
            yield re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", page[body:end])
        position = end
