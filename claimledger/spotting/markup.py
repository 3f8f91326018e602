"""Detect texts that obviously contain markup or data instead of prose.

The input is a decoded text. The result is the kind of markup, or None. Only texts with several signs count, so that an
article that mentions a tag or prints one line of code stays readable. This module does not parse markup.
"""

from __future__ import annotations

import json
import re

_CODE_TAG = re.compile(
    r"</?(?:html|head|body|div|span|p|a|br|ul|ol|li|h[1-6]|table|t[drh]|img|script|style|section|article|strong|em)\b"
    r"[^<>\n]{0,500}>",
    re.IGNORECASE,
)
_BEGINS_AS_XML = re.compile(r"\s*<(?:\?xml|rss|feed|[a-z][\w.-]*:[a-z])", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^#{1,6}[ \t]+\S|^(?:```|~~~)|^\|?(?:\s?:?-{3,}:?\s?\|)+|\*\*[^*\n]{1,200}\*\*"
    r"|!?\[[^\]\n]{1,200}\]\((?:https?:|/|#)[^)\n]{1,500}\)",
    re.MULTILINE,
)
_LEAST_TAGS = 4
_LEAST_SIGNS = 3
_EXAMINED = 100_000
"""The number of characters in which signs are counted."""


def find_markup(text: str) -> str | None:
    """Return "json", "xml", "html" or "markdown" if a text obviously is that, else None.

    >>> [find_markup(text) for text in ('{"a": 1}', "<p>A</p><p>B</p>", "Sales rose 3% (a < b).")]
    ['json', 'html', None]
    """
    if _is_json(text):
        return "json"
    head = text[:_EXAMINED]
    if _BEGINS_AS_XML.match(head):
        return "xml"
    if _has_signs(_CODE_TAG, head, _LEAST_TAGS):
        return "html"
    return "markdown" if _has_signs(_MARKDOWN, head, _LEAST_SIGNS) else None


def _has_signs(pattern: re.Pattern[str], text: str, least: int) -> bool:
    return sum(1 for _, _ in zip(range(least), pattern.finditer(text), strict=False)) == least


def _is_json(text: str) -> bool:
    """Return whether a text, or its first line, is a JSON object or list."""
    plain = text.strip("\ufeff \t\r\n")
    if plain[:1] not in ("{", "["):
        return False
    return any(_parses(part) for part in (plain.split("\n", 1)[0], plain))


def _parses(part: str) -> bool:
    try:
        return isinstance(json.loads(part), dict | list) and len(part) > len("[12]")
    except (ValueError, RecursionError):
        return False
