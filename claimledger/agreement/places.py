"""Read the names of places, and of companies and other bodies, in a text, in English and Korean.

The names are in places.toml and bodies.toml next to this module. A name and the word for its people are one place.
A Korean name counts only as a whole word with its particle or with a word for people, so 태국 is found in 태국에서 and
not in 태국마을.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple


class NamedPlace(NamedTuple):
    """A place that a text names."""

    kind: str
    """The kind of place, for example country."""
    name: str
    """The first of its names."""
    word: str
    """The name as printed."""


_TABLE: Mapping[str, Sequence[Sequence[str]]] = {
    kind: rows
    for name in ("places.toml", "bodies.toml")
    for kind, rows in tomllib.loads((files(__package__) / name).read_text(encoding="utf-8")).items()
}
PLACE_FORMS: Mapping[str, tuple[str, str]] = {
    form: (kind, row[0]) for kind, rows in _TABLE.items() for row in rows for form in row
}
"""Every form, with the kind and the first name of its place."""
_BY_FIRST_WORD: dict[str, list[str]] = {}
for _form in sorted(PLACE_FORMS, key=len, reverse=True):
    _BY_FIRST_WORD.setdefault(_form.partition(" ")[0], []).append(_form)
_PREFIX = 2
_BEGINNINGS = frozenset(form.partition(" ")[0][:_PREFIX] for form in PLACE_FORMS)
"""The first two letters of every form: most words of a text have other ones."""
_LONGEST = max(len(form) for form in PLACE_FORMS if form >= "가")
_ENDING = re.compile(
    r"(?:인들?|산|발|행|계|측|팀|군|당국|정부)?(?:에서는|에서도|에서|에게서|에게|에는|에도|으로부터|로부터|으로|까지|부터|보다|처럼|이나|이라"
    r"|[은는이가을를의에로와과도만나])?(?![가-힣])"
)
_WORD = re.compile(r"[가-힣]+|[A-ZÀ-Ý][^\W\d_.]*(?:\.[A-Z]\.?)*")


@lru_cache(maxsize=1024)
def read_places(text: str) -> Sequence[NamedPlace]:
    """Return the places that a text names, in order.

    >>> [(place.kind, place.name) for place in read_places("뉴욕에서 온 태국인, and a South African team")]
    [('city', 'New York'), ('country', 'Thailand'), ('country', 'South Africa')]
    """
    return tuple(_read_places(text))


def _read_places(text: str) -> Iterator[NamedPlace]:
    end = 0
    for found in _WORD.finditer(text):
        if found[0][:_PREFIX] not in _BEGINNINGS or found.start() < end:
            continue
        form = next((form for form in _candidates(found[0]) if _stands_at(form, text, found.start())), "")
        if form:
            end = found.start() + len(form)
            yield NamedPlace(*PLACE_FORMS[form], form)


def _candidates(word: str) -> Iterator[str]:
    """Yield the forms that may begin with this word, the longest first."""
    yield from _BY_FIRST_WORD.get(word, ())
    if word >= "가":
        for length in range(min(len(word) - 1, _LONGEST), 1, -1):
            yield from (form for form in _BY_FIRST_WORD.get(word[:length], ()) if " " not in form)


def _stands_at(form: str, text: str, start: int) -> bool:
    end = start + len(form)
    if not text.startswith(form, start):
        return False
    return _ENDING.match(text, end) is not None if form >= "가" else not text[end : end + 1].isalpha()
