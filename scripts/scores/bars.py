"""The target values of the scores, and whether this run reached them."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping

AT_LEAST: Mapping[str, float] = {
    "KLUE news, overlap F1": 0.96,
    "KLUE news, exact F1": 0.83,
    "NewsQuant, value F1": 0.90,
    "NewsQuant, value and unit F1": 0.80,
    "English figures, sentences a second": 10_000,
    "PolNeAR without a parser, match F1": 0.82,
    "PolNeAR with the parser, match F1": 0.72,
    "PolNeAR, recall of quoted": 0.97,
    "Article, quantities with the right value": 1.0,
    "Article, explicit speakers right": 0.95,
    "Earlier claims, found in the first five": 0.95,
    "Korean news, amounts right": 0.995,
    "Korean news, units right": 0.99,
    "Korean news, right speakers": 0.88,
    "Times the naive pipeline": 3.5,
    "Two workers, times one": 1.7,
}
"""The minimum of each measure."""
AT_MOST: Mapping[str, float] = {
    "Article of 7,000 code points, warm, ms": 60,
    "Earlier claims, wrong numbers the same": 0,
    "Korean news, huge amounts wrong": 0,
    "Korean news, another's name, single": 1,
    "Korean news, another's name, joined": 1,
}
"""The maximum of each measure."""
_SCORES: dict[str, float] = {}


def record_score(name: str, value: float) -> None:
    """Record the value of a measure that has a target.

    Raises:
        KeyError: the measure has no target.
    """
    if name not in AT_LEAST and name not in AT_MOST:
        raise KeyError(name)
    _SCORES[name] = value


def target_lines() -> Iterator[str]:
    """Yield a line for each target: reached, missed, or not measured in this run."""
    for bars, sign, is_reached in ((AT_LEAST, "≥", operator.ge), (AT_MOST, "≤", operator.le)):
        for name, bar in bars.items():
            value = _SCORES.get(name)
            result = "not measured" if value is None else f"{value:,.3f}: {'yes' if is_reached(value, bar) else 'NO'}"
            yield f"{name:42} {sign} {bar:<8,g} {result}"
