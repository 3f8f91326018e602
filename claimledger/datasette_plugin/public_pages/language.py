"""The language of a page: the one in the address, or else the one chosen before, or else the browser's preference.

The result is `ko` or `en`. Every text of the pages exists in both languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from claimledger.labels import with_shared
from claimledger.publishing.site import LANGUAGES, PageLanguage

if TYPE_CHECKING:
    from datasette import Request

COOKIE = "claimledger_language"
"""The cookie that remembers the chosen language and nothing else."""
ARGUMENT = "lang"


def requested_language(request: Request) -> PageLanguage | None:
    """Return the language named in the address, if the pages have it."""
    return _supported_language(request.args.get(ARGUMENT))


def page_language(request: Request) -> PageLanguage:
    """Return the language of the page for a request."""
    remembered = _supported_language(request.cookies.get(COOKIE))
    return requested_language(request) or remembered or preferred_language(request.headers.get("accept-language", ""))


def _supported_language(value: str | None) -> PageLanguage | None:
    return next((language for language in LANGUAGES if language == value), None)


def preferred_language(header: str) -> PageLanguage:
    """Return the language that an Accept-Language header (RFC 9110, 12.5.4) prefers; English if it names neither.

    >>> preferred_language("fr, ko-KR;q=0.9, en;q=0.8"), preferred_language("en-GB,ko;q=0.5"), preferred_language("")
    ('ko', 'en', 'en')
    """
    preferences = sorted(map(_with_weight, header.split(",")), reverse=True, key=lambda weighed: weighed[0])
    supported = (_supported_language(tag.split("-")[0]) for weight, tag in preferences if weight > 0)
    return next(filter(None, supported), "en")


def _with_weight(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return float(weight or 1), tag.strip()
    except ValueError:
        return 0, tag


@cache
def page_texts() -> Mapping[str, Mapping[str, str]]:
    """Return the texts of the pages: a map from `part.name` to the text by language."""
    tables = tomllib.loads(files(__package__ or "").joinpath("words.toml").read_text(encoding="utf-8"))
    return with_shared({f"{part}.{name}": wording for part, table in tables.items() for name, wording in table.items()})
