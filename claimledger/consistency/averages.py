"""Compare an average with its total and the number or the length of time that it is over, in one sentence.

Only an average with its own word is compared ("하루 평균", "경기당", "a year", "per game"), directly after one total of
its kind and one number or length of time that this word counts. With any other figure nothing is computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from claimledger.consistency.relation_words import OTHER_TIMES
from claimledger.consistency.sentence_figures import PrintedFigure

_MARGIN = Decimal("0.04")
"""The share by which an average may be rounded."""
_ABOUT = r"(?: ?(?:약|평균|평균적으로|대략))* ?$"
_RATES_BEFORE: Mapping[str, re.Pattern[str]] = {
    unit: re.compile(rf"(?:{words}){_ABOUT}")
    for unit, words in (
        ("day", "하루에?|일평균|매일|날마다"), ("week", "일주일에|매주|주당|주평균"),
        ("month", "한 달에?|매달|매월|달마다|월평균"), ("year", "한 해에?|매년|해마다|연평균|연간"),
    )
}  # fmt: skip
_RATES_AFTER: Mapping[str, re.Pattern[str]] = {
    unit: re.compile(rf" (?:a|per|each|every) {unit}\b") for unit in ("day", "week", "month", "year")
}
_LASTING = re.compile(r"(?:간|동안|에 걸쳐)|\b(?:over|in|during|for) (?:the )?(?:past |last )?", re.IGNORECASE)
_PER_KO = re.compile(r"(?P<noun>[가-힣]+)당(?: 평균)? ?$")
_PER_EN = re.compile(r" (?:per|a) (?P<noun>[a-z]+)")
_LENGTHS = frozenset(("day", "week", "month", "year"))


def average(text: str, figures: Sequence[PrintedFigure]) -> tuple[PrintedFigure, PrintedFigure, PrintedFigure] | None:
    """Return the total, the number and the average of a sentence, if the average is not the total divided by it."""
    if OTHER_TIMES.search(text):
        return None
    for printed in figures:
        count = _find_count(text, printed, figures)
        others = [one for one in figures if one not in (printed, count) and not _is_rate_word(text, one)]
        if count is None or len(others) != 1 or not _is_total(others[0], printed, count):
            continue
        if not _follows(text, printed, (others[0], count)):
            continue
        ends = tuple(end * count.raw for end in printed.ends)
        slack = abs(others[0].amount) * _MARGIN
        is_right = ends[0] - slack <= others[0].ends[1] and others[0].ends[0] <= ends[1] + slack
        return None if is_right else (others[0], count, printed)
    return None


_LINK = re.compile(
    r"(?: [a-z]+)?,? ?\(?(?:(?:or|i\.e\.|that is|which is|equal to|averaging|an average of"
    r"|on average|about|roughly|some) ?)*[$£€¥]?"
)
_LINK_KO = re.compile("[^.;]{0,24}")
_HANGUL = re.compile("[가-힣]")


def _follows(text: str, printed: PrintedFigure, before: Sequence[PrintedFigure]) -> bool:
    """Return whether an average comes directly after the figures that it is calculated from."""
    link = _LINK_KO if _HANGUL.search(text) else _LINK
    return link.fullmatch(text, max(one.end for one in before), printed.start) is not None


def _is_total(one: PrintedFigure, printed: PrintedFigure, count: PrintedFigure) -> bool:
    """Return whether a figure can be the total of an average: of its kind, printed before it, and not smaller."""
    is_alike = one.unit == printed.unit or (not printed.dimension and one.is_count)
    return is_alike and one.start < printed.start and one is not count and not one.direction and count.raw > 1


def _is_rate_word(text: str, one: PrintedFigure) -> bool:
    """Return whether a figure is only the word for one day or one month: 하루 평균."""
    return (
        one.raw == 1 and one.unit in _LENGTHS and bool(re.search("하루|한 달|한 해|일주일", text[one.start : one.end]))
    )


def _find_count(text: str, printed: PrintedFigure, figures: Sequence[PrintedFigure]) -> PrintedFigure | None:
    """Return the only number or length of time that the word beside an average counts."""
    before, after = text[: printed.start], text[printed.end :]
    units = [unit for unit, word in _RATES_BEFORE.items() if word.search(before)]
    units += [unit for unit, word in _RATES_AFTER.items() if word.match(after)]
    if units:
        found = [
            one
            for one in figures
            if one.unit == units[0] and one is not printed and not _is_rate_word(text, one) and _is_length(text, one)
        ]
    else:
        noun = _PER_KO.search(before) or _PER_EN.match(after)
        found = [one for one in figures if noun and one.is_count and one is not printed and _counts(one, noun["noun"])]
    return found[0] if len(found) == 1 else None


def _is_length(text: str, one: PrintedFigure) -> bool:
    """Return whether a length of time is what a total is of: 5년 동안, over four years."""
    return bool(
        _LASTING.search(one.text)
        or _LASTING.match(text[one.end :].lstrip())
        or re.search(r"\b(?:over|in|during|for) (?:the )?(?:past |last )?$", text[: one.start])
    )


def _counts(one: PrintedFigure, noun: str) -> bool:
    """Return whether a figure counts what a noun names: 30경기, 30 games."""
    return one.text.endswith(noun) or one.text.endswith(noun + "s") or one.unit == noun
