"""The language of a page: what the address asks for, else what was chosen before, else what the browser prefers.

In: a request. Out: `ko` or `en`, and the words of the pages in it. The invariant: every wording stands in both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from claimledger.publishing.site import LANGUAGES, Language

if TYPE_CHECKING:
    from datasette import Request

COOKIE = "claimledger_language"
"""Remembers a choice; it holds nothing else."""
ARGUMENT = "lang"


def asked(request: Request) -> Language | None:
    """Return the language that the address asks for, if it is one of ours."""
    return _one_of_ours(request.args.get(ARGUMENT))


def chosen(request: Request) -> Language:
    """Return the language a page is to be in."""
    remembered = _one_of_ours(request.cookies.get(COOKIE))
    return asked(request) or remembered or preferred(request.headers.get("accept-language", ""))


def _one_of_ours(value: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == value), None)


def preferred(header: str) -> Language:
    """Return the language that an Accept-Language header (RFC 9110, 12.5.4) likes best; English if it names neither.

    >>> preferred("fr, ko-KR;q=0.9, en;q=0.8"), preferred("en-GB,ko;q=0.5"), preferred("")
    ('ko', 'en', 'en')
    """
    liked = sorted(map(_with_weight, header.split(",")), reverse=True, key=lambda weighed: weighed[0])
    ours = (_one_of_ours(tag.split("-")[0]) for weight, tag in liked if weight > 0)
    return next(filter(None, ours), "en")


def _with_weight(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return float(weight or 1), tag.strip()
    except ValueError:
        return 0, tag


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return what the pages say: `part.name` to the wording by language."""
    tables = tomllib.loads(files(__package__ or "").joinpath("words.toml").read_text(encoding="utf-8"))
    return {f"{part}.{name}": wording for part, table in tables.items() for name, wording in table.items()}
