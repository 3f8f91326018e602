"""Load the word lists of `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files


@cache
def _tables() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))


def suggestion_words(part: str) -> Mapping[str, Sequence[str]]:
    """Return the lists of one part of the table.

    >>> "Mr" in suggestion_words("sentences")["abbreviations"]
    True
    """
    return _tables()[part]
