"""What the desk says in Korean of a problem or a refusal, with every value that the English sentence shows.

In: a code or a refusal's name, and the English words. Out: the Korean of `problems_ko.toml`; a wording may place values
(`{0}` is the first) for as many of them as it is written for, and those it does not place follow it; a sentence of the
workflow table, and one that says which of its values is which, is Korean as a whole, with what it says is to be done.
The invariant:
whoever reads Korean sees the same values: what stands in quotation marks, and numbers.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from claimledger.vocabulary import (
    DESK_VOCABULARIES, VOCABULARIES, Action, CheckStage, RecordStage, ReportStage, Role, Term,
)  # fmt: skip

_VALUE = re.compile(r"(?<!\w)'[^']+'(?!\w)|“[^”]*”|U\+[0-9A-F]{4,6}|(?<![\w.,:-])\d[\d,.]*%?(?<![,.])")
_OTHERWISE = "otherwise"
_NOTHING = "‘없음’"


def in_korean(table: str, name: str, english: str) -> str | None:
    """Return the Korean of `name` with the values of the English words; none if it has no Korean.

    >>> in_korean("problem", "text-too-long", "It has 1,200 characters; at most 1,000 fit. Shorten it.")
    '1,200자입니다. 1,000자까지 들어갑니다. 줄이세요.'
    """
    if whole := _sentence(_korean()["sentence"].get(name, {}), english):
        return whole
    if not (wording := _korean()[table].get(name)):
        return None
    return with_values(wording, _values(english))


_PLACES: Mapping[str, type[Term]] = {
    "act": Action, "record": RecordStage, "check": CheckStage, "report": ReportStage, "roles": Role,
}  # fmt: skip
"""Place in a whole sentence to the vocabulary its word is of: "open" is said otherwise of a check and of a report."""


def _sentence(templates: Mapping[str, str], english: str) -> str | None:
    """Return the Korean of a sentence of the workflow table, with that of what it says is to be done."""
    for template, korean in templates.items():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template))
        if found := re.match(pattern, english):
            told = korean.format(**{place: _word_of(place, word) for place, word in found.groupdict().items()})
            remedy = english[found.end() :].strip()
            return f"{told} {_korean()['remedy'].get(remedy, remedy)}".strip()
    return None


def _word_of(place: str, word: str) -> str:
    """Return the Korean labels of the words in a place; a name, and a word we do not know, as it is."""
    if place not in _PLACES:
        return word
    known = {name: term.label_ko for term in _PLACES[place] for name in (term.value, term.label_en)}
    words = [one.strip("'") for one in word.split(" or ")]
    return " 또는 ".join(f"‘{known.get(one, one)}’" for one in words)


def with_values(wording: str | Mapping[str, str], values: Sequence[str]) -> str:
    """Return a wording with values: in their places, else in brackets after it.

    >>> with_values("없는 열입니다.", ["'statment'", "'statement'"])
    "없는 열입니다. ('statment', 'statement')"
    """
    text = wording if isinstance(wording, str) else wording.get(str(len(values)), wording[_OTHERWISE])
    placed = {int(place) for _, place, _, _ in Formatter().parse(text) if place}
    told = text.format(*values) if placed else text
    rest = [value for number, value in enumerate(values) if number not in placed and value.strip("'") not in told]
    return f"{told} ({', '.join(rest)})" if rest else told


def _values(english: str) -> list[str]:
    """Return what the English words name: quoted, or a number; a word of a vocabulary by its Korean label."""
    found = dict.fromkeys(match[0] for match in _VALUE.finditer(english))
    return [_NOTHING if value == "“nothing”" else _labels().get(value.strip("'"), value) for value in found]


@cache
def _labels() -> Mapping[str, str]:
    """Return the words and English labels that have the same Korean label in every vocabulary that knows them."""
    labels: dict[str, set[str]] = {}
    quoted = (one for one in (*VOCABULARIES, *DESK_VOCABULARIES) if one is not Role)  # a person may be called 'checker'
    for term in (term for vocabulary in quoted for term in vocabulary):
        for word in (term.value, term.label_en):
            labels.setdefault(word, set()).add(term.label_ko)
    return {word: f"‘{next(iter(known))}’" for word, known in labels.items() if len(known) == 1}


@cache
def _korean() -> Mapping[str, Any]:
    text = files(__package__ or "").joinpath("problems_ko.toml").read_text(encoding="utf-8")
    tables: Mapping[str, Any] = tomllib.loads(text)
    return tables
