"""Labels that several parts of the interface share, in Korean and English, read from `labels.toml`.

The public pages and the desk add their own `words.toml` with `with_shared`; feeds, tables and the command line look up
a key with `label_text`. A label has the same text wherever it appears.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

LabelText = TypeVar("LabelText")


@cache
def shared_labels() -> Mapping[str, Mapping[str, str]]:
    """Return every shared label: `section.name` to its text by language, `en` and `ko`."""
    text = files("claimledger").joinpath("labels.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text).items()
    return {f"{section}.{name}": label for section, labels in sections for name, label in labels.items()}


def label_text(key: str, language: Literal["en", "ko"]) -> str:
    """Return a shared label in a language.

    >>> label_text("field.stance", "en"), label_text("field.stance", "ko")
    ('Relation to the claim', '주장과의 관계')
    """
    return shared_labels()[key][language]


def with_shared(own: Mapping[str, Mapping[str, LabelText]]) -> dict[str, Mapping[str, LabelText | str]]:
    """Return the texts of a page's `words.toml`, by `section.name`, together with the shared labels.

    A shared label wins over a text of the same key; `tests/test_labels.py` checks that no page has one.
    """
    return {**own, **shared_labels()}


def field_label(path: str, part: str) -> Mapping[str, str] | None:
    """Return the label of one part of a field's dotted path by language, or None if the part has no label.

    >>> field_label("quantities.2.text", "text")
    {'ko': '기사 표기', 'en': 'In the article'}
    """
    first = path.partition(".")[0]
    known = shared_labels()
    return known.get(f"field.{first}_{part}") or known.get(f"field.{part}")
