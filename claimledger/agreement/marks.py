"""Read the words that give a text its meaning beside its figures: up or down, profit or loss, a day or a year.

The words are in marks.toml and antonyms.toml next to this module. Each belongs to a pole of an axis; the checks compare
the poles of two texts. The same text always gives the same marks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from claimledger.agreement.english_forms import english_forms
from claimledger.agreement.korean_stem_forms import stem_forms


class Mark(NamedTuple):
    """A word of a text that belongs to a pole of an axis."""

    axis: str
    """The axis, for example direction."""
    pole: str
    """The pole, for example up."""
    word: str
    """The word as printed."""
    start: int
    """The position at which the word begins, in code points."""
    end: int
    """The position at which the word ends, exclusive."""
    is_negated: bool = False
    """True if the text denies the word: did not rise, 오르지 않았다."""


Marks = Mapping[str, Sequence[Mark]]
"""The marks of a text by axis, each axis in the order of the text."""


class MarkEntry(NamedTuple):
    """A form of the table, with its axis and pole."""

    form: str
    axis: str
    pole: str
    is_whole: bool
    """True if the form must be the whole word."""


_TABLE: Mapping[str, Mapping[str, Any]] = tomllib.loads((files(__package__) / "marks.toml").read_text(encoding="utf-8"))
ANTONYMS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
    (files(__package__) / "antonyms.toml").read_text(encoding="utf-8")
)
"""The rows of antonyms.toml by table and axis; a text of a row is a pole, with its words between commas."""
_ROWS = {f"{name}/pair": row for table in ANTONYMS.values() for name, row in table.items()}
AXES = frozenset((*_TABLE, *_ROWS))
"""Every axis of the two tables; those of antonyms.toml end in /pair."""
CONVERSE_AXES = frozenset(
    (
        *(axis for axis, poles in _TABLE.items() if any(pole.get("converse") for pole in poles.values())),
        *(f"{name}/pair" for name in ANTONYMS["converse"]),
    )
)
"""The axes whose poles describe one event from its two sides: A sells what B buys."""
_PREFIX = 2


def _entries() -> Iterator[MarkEntry]:
    """Yield the forms of both tables."""
    yield from _table_entries()
    for axis, row in _ROWS.items():
        for number, words in enumerate(row):
            for word in words.split(", "):
                yield from _word_entries(axis, f"{axis}{number}", word)


def _word_entries(axis: str, pole: str, word: str) -> Iterator[MarkEntry]:
    """Yield the forms of a word of antonyms.toml."""
    if word.removeprefix("=")[0].isascii() and word[-1].isascii() and word[-1] not in "-$":
        yield from (MarkEntry(form, axis, pole, is_whole=True) for form in english_forms(word))
    elif word.endswith("-"):
        lead, _, last = word[:-1].rpartition(" ")
        yield from (MarkEntry(f"{lead} {form}".strip(), axis, pole, is_whole=False) for form in stem_forms(last))
    else:
        yield MarkEntry(word.rstrip("$"), axis, pole, word.endswith("$"))


def _table_entries() -> Iterator[MarkEntry]:
    for axis, poles in _TABLE.items():
        for pole, words in poles.items():
            for stem in words.get("verbs", ()):
                lead, _, last = stem.rpartition(" ")
                yield from (
                    MarkEntry(f"{lead} {form}".strip(), axis, pole, is_whole=False) for form in stem_forms(last)
                )
            for head in words.get("heads", ()):
                yield MarkEntry(head.rstrip("$"), axis, pole, head.endswith("$"))
            for word in words.get("en", ()):
                yield from (MarkEntry(form, axis, pole, is_whole=True) for form in english_forms(word))


def _index() -> Mapping[str, Sequence[MarkEntry]]:
    """Return the entries by the first two letters of a Korean form, or by the first word of an English one."""
    index: dict[str, list[MarkEntry]] = {}
    for entry in sorted(set(_entries()), key=lambda entry: -len(entry.form)):
        first = entry.form.partition(" ")[0]
        index.setdefault(first if first.isascii() else first[:_PREFIX], []).append(entry)
    return index


_INDEX = _index()
_KEYS = frozenset(_INDEX)
_SHORT_KEYS = frozenset(key for key in _INDEX if key >= "가" and len(key) == 1)
_WORD = re.compile(r"[가-힣]+|[a-z]+(?:-[a-z]+)*")


def entries_of_word(word: str) -> Sequence[MarkEntry]:
    """Return the entries whose form may begin with this word, the longest first."""
    if word[0] < "가":
        return _INDEX.get(word, ())
    return (*_INDEX.get(word[:_PREFIX], ()), *(_INDEX.get(word[0], ()) if len(word) > 1 else ()))


@lru_cache(maxsize=2048)
def read_marks(text: str) -> Marks:
    """Return the marks of a text by axis.

    >>> [(mark.pole, mark.word) for mark in read_marks("값은 평균을 밑돌았고, rents climbed.")["direction"]]
    [('down', '밑돌았고'), ('up', 'climbed')]
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    marks: dict[str, list[Mark]] = {}
    for found in _WORD.finditer(lowered):
        word = found[0]
        key = word if word[0] < "가" else word[:_PREFIX]
        if key in _KEYS or word[0] in _SHORT_KEYS:  # most words have no entry
            for mark in _marks_of_word(lowered, word, found.start()):
                marks.setdefault(mark.axis, []).append(mark._replace(word=text[mark.start : mark.end]))
    return marks


def _marks_of_word(text: str, word: str, place: int) -> Iterator[Mark]:
    """Yield the marks of a word, at most one for each axis: the longest form counts."""
    axes: set[tuple[str, str]] = set()
    seen: dict[str, str] = {}
    for entry in entries_of_word(word):
        if (entry.axis, entry.pole) in axes or seen.get(entry.axis, entry.form) != entry.form:
            continue
        end = _form_end(text, word, place, entry)
        if end and not _is_other_use(text, place, place + len(entry.form), entry.axis):
            axes.add((entry.axis, entry.pole))
            seen[entry.axis] = entry.form
            yield Mark(entry.axis, entry.pole, word, place, end, _is_negated(text, place, end))


_REST_OF_WORD = re.compile("[가-힣]*")


def _form_end(text: str, word: str, place: int, entry: MarkEntry) -> int:
    """Return the position after the mark, or 0 if the form is not at this position."""
    if " " in entry.form:
        end = place + len(entry.form)
        fits = text.startswith(entry.form, place) and not (entry.form.isascii() and text[end : end + 1].isalpha())
        rest = _REST_OF_WORD.match(text, end)
        return rest.end() if fits and rest else 0
    fits = word == entry.form if entry.is_whole else word.startswith(entry.form)
    return place + len(word) if fits else 0


_OTHER_USES: Mapping[str, re.Pattern[str]] = {
    "direction": re.compile(r"[율률폭액분적쪽]|(?:세|(?<=세))[가-힣]{0,2} (?:\S+ ){0,3}(?:꺾|멈|주춤|그쳤|끝|마감)"),
    "period": re.compile(
        r" (?:ago|earlier|before|after|later|old|from now|and a half)\b"
        r"|[가-힣]? ?(?:만에|만의|전|뒤|후|새|사이|동안|앞|이내|안에)(?![가-힣]{2})"
    ),
    "opening": re.compile(r" (?:to|letters?)\b"),
    "decision": re.compile(" ?(?:신청|요청|절차|심사|여부)"),
    "level": re.compile(
        r" 폭| than (?:about |around |a |an |the )?(?:[0-9$£€¥]|one\b"
        r"|two|three|four|five|six|seven|eight|nine|ten|half|twice|dozen|hundred)"
    ),
}
"""Words after a form that give it another meaning: 증가율, 상승세가 꺾였다, a day ago, close to 5%."""


_ADDED = re.compile(r"(?:added|adds|adding) (?:another |about |nearly |almost |around |some )?[0-9$£€]")
"""A gain, and not a word of saying."""
_MOVED = re.compile(
    r"(?<!made )(?<!make )(?<!makes )(?<!making )(?<!gave )(?<!give )(?<!gives )(?<!giving )"
    r"(?:up|down) (?:by |about |nearly |almost |around |some )?[0-9$£€]"
)
"""Up or down as a direction: births down 4 %, not "women made up 45 %"."""


_REACHED = re.compile("(?:위|정상|선두|자리|반열|무대|도마|대열)에 $")
"""Words before 오르다 that make it a place that is reached: 3위에 올랐다."""


def _is_other_use(text: str, start: int, end: int, axis: str) -> bool:
    if text[start:end] in ("up", "down"):
        return not _MOVED.match(text, start)
    if text[start:end] in ("added", "adds", "adding"):
        return not _ADDED.match(text, start)
    if axis == "period" and text[start - 1 : start].isdigit():  # 3월 is a month, 월 3만원 is a rate
        return True
    if (
        axis == "direction"
        and text.startswith(("오르", "올랐", "올라", "오른"), start)
        and _REACHED.search(text, 0, start)
    ):
        return True
    pattern = _OTHER_USES.get(axis)
    return bool(pattern and pattern.match(text, end))


_NEGATED_AFTER = re.compile(r"(?<=지)(?:는|도|를)? ?(?:않|못|말)|(?<=[은는이가할될]) ?(?:수 )?없|[은는이가]? 없")
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|never|no|without|nor|neither|fail(?:ed|s)? to|yet to|refused to)(?: [a-z]+){0,2} "
    r"|(?:lift|end|drop|revers|overturn|scrap)(?:s|ed|ped|es|ing)? (?:its|the|their|a|an) "
    r"|n['’]t (?:[a-z]+ ){0,2}|(?:^|\s)(?:안|못) )$"
)
_REACH = 28


def _is_negated(text: str, start: int, end: int) -> bool:
    return bool(_NEGATED_AFTER.match(text, end) or _NEGATED_BEFORE.search(text, max(0, start - _REACH), start))


def poles(marks: Marks, axis: str) -> frozenset[str]:
    """Return the poles of an axis that a text has, without those that it denies."""
    return frozenset(mark.pole for mark in marks.get(axis, ()) if not mark.is_negated)
