"""Find out quickly what a text may say beside its figures, so that the closer checks run only where they can differ.

A signal is a pole of an axis of marks.toml, or a time. Each word is looked up once and kept, because words repeat. A
signal may be wrong (a denied word, another use); the check that it starts decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from claimledger.agreement.marks import entries_of_word
from claimledger.agreement.time_points import PARTS_OF_YEAR, RELATIVE_FORMS, TIME_NAMES
from claimledger.agreement.word_lists import ORGANISATIONS_EN, ORGANISATIONS_KO

Signals = Mapping[str, frozenset[str]]
"""The poles that a text may have, by axis. The axes of times are year, months, day, weekday and relative."""
_Signal = tuple[str, str, str]
"""An axis, a pole, and the phrase that the text must have; empty for a single word."""

_MOST_KNOWN = 100_000
_BEFORE = re.compile("전(?:보다|에|의|과|까지|부터|에는|에도)?")
_NAMED_TIMES = (("분기", "months"), ("반기", "months"), ("요일", "weekday"))
_UNITED = {"direction": "directed", "level": "directed", "months": "dated", "day": "dated"}
"""The axes that are also compared together, under one name."""
_BASE = re.compile(
    r"^(?:전|직전|앞|앞선|지난)(?:년|분기|기|달|월|주|날|일)|^(?:지난해|작년|어제)(?:보다)?$|^전(?:보다|에|과)?$"
    r"|분기(?:보다|대비|에)|동[기월]"
    r"|^(?:earlier|ago|before|yoy|qoq|[ymq]/[ymq]|previous|prior|preceding|same|last|on-year|sequentially|quarter"
    r"|(?:year|quarter|month|week|day)-o(?:n|ver)-.*|on)[,.;]?$"
)
_WORD = re.compile(r"[가-힣]+|[a-z]+(?:-[a-z]+)*")
_DATE = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?![0-9,.%]*[0-9%원달명개대])|(?P<day>[0-9]{1,2})일|(?P<months>[0-9]{1,2}월|[0-9](?:/4)?분기|q[1-4])"
    r"|^(?P<english>[0-9]{1,2})(?:st|nd|rd|th)?[,.]?$|(?P<rank>[0-9]+(?:위|번째|st|nd|rd|th))"
)
_ORGANISATION = re.compile(
    rf"(?:{ORGANISATIONS_KO})[은는이가의을를에도과와]?$|^(?:[a-z]*bank|[a-z]+corp|{ORGANISATIONS_EN.lower()})$"
)


_KnownSignal = tuple[str, frozenset[str], str]
"""A signal as it is kept: its pole as a set, which texts share."""


class _KnownWords(dict[str, tuple[_KnownSignal, ...]]):
    """The signals of each word that was looked up."""

    def __missing__(self, token: str) -> tuple[_KnownSignal, ...]:
        """Look a word up and keep the result."""
        if len(self) >= _MOST_KNOWN:
            self.clear()
        is_number = token[0].isdigit() and "당" not in token
        found = list(_number_signals(token) if is_number and "분기" not in token else _token_signals(token))
        found += [(_UNITED[axis], pole, phrase) for axis, pole, phrase in found if axis in _UNITED]
        self[token] = known = tuple((axis, frozenset((pole,)), phrase) for axis, pole, phrase in dict.fromkeys(found))
        return known


_KNOWN = _KnownWords()


@lru_cache(maxsize=128)
def read_signals(text: str) -> Signals:
    """Return the poles that a text may have, by axis.

    >>> [(axis, sorted(poles)) for axis, poles in sorted(read_signals("Rents rose in May 2031.").items())]
    [('dated', ['may']), ('directed', ['up']), ('direction', ['up']), ('months', ['may']), ('year', ['2031'])]
    """
    lowered = text.lower()
    signals: dict[str, frozenset[str]] = {}
    for known in filter(None, map(_KNOWN.__getitem__, lowered.split())):
        for axis, pole, phrase in known:
            if not phrase or phrase in lowered:
                signals[axis] = signals[axis] | pole if axis in signals else pole
    return signals


def _token_signals(token: str) -> Iterator[_Signal]:
    for found in _WORD.finditer(token):
        yield from _word_signals(found[0])
        if "-" in found[0]:
            for part in found[0].split("-"):
                yield from _word_signals(part)
    if _BASE.search(token):
        yield "base", "base", ""
    yield from _number_signals(token)


def _word_signals(word: str) -> Iterator[_Signal]:
    for entry in entries_of_word(word):
        if " " in entry.form:
            yield entry.axis, entry.pole, entry.form
        elif word == entry.form or (not entry.is_whole and word.startswith(entry.form)):
            yield entry.axis, entry.pole, ""
    for form, pole in RELATIVE_FORMS.get(word if word.isascii() else word[:1], ()):
        if " " in form or word.startswith(form):
            yield "relative", pole, form if " " in form else ""
    if word in TIME_NAMES:
        yield TIME_NAMES[word], word, ""
    for phrase in PARTS_OF_YEAR.get(word, ()):
        yield "months", phrase, phrase
    if _BEFORE.fullmatch(word):
        yield "relative", word[0], ""
    if _ORGANISATION.search(word):
        yield "organisation", word, ""


def _number_signals(token: str) -> Iterator[_Signal]:
    for found in _DATE.finditer(token):
        name = found.lastgroup or ""
        yield ("day" if name == "english" else name), found[name], ""
    for name, axis in _NAMED_TIMES:
        if name in token:
            yield axis, token[: token.index(name)][-3:] + name, ""
