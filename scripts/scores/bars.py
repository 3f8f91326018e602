"""The bars that the scores are held against, and which of them were reached.

In: a measure by its name. Out: a line for each bar at the end: reached, missed, or not measured in this run.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping

AT_LEAST: Mapping[str, float] = {
    "KLUE news, overlap F1": 0.96,
    "KLUE news, exact F1": 0.83,
    "NewsQuant, value F1": 0.90,
    "NewsQuant, value and unit F1": 0.80,
    "English figures, sentences a second": 10_000,
    "PolNeAR without a parser, match F1": 0.65,
    "PolNeAR with the parser, match F1": 0.72,
    "PolNeAR, recall of quoted": 0.97,
    "Article, quantities with the right value": 1.0,
    "Article, explicit speakers right": 0.95,
    "Earlier claims, found in the first five": 0.95,
    "Times the naive pipeline": 3.5,
    "Two workers, times one": 1.7,
}
"""What must not be less."""
AT_MOST: Mapping[str, float] = {
    "Article of 7,000 code points, warm, ms": 60,
    "Earlier claims, wrong numbers the same": 0,
}
"""What must not be more."""
_MEASURED: dict[str, float] = {}


def measured(name: str, value: float) -> None:
    """Remember what a run measured against one of the bars."""
    if name not in AT_LEAST and name not in AT_MOST:
        raise KeyError(name)
    _MEASURED[name] = value


def lines() -> Iterator[str]:
    """Yield a line for each bar."""
    for bars, sign, holds in ((AT_LEAST, "≥", operator.ge), (AT_MOST, "≤", operator.le)):
        for name, bar in bars.items():
            value = _MEASURED.get(name)
            said = "not measured" if value is None else f"{value:,.3f}: {'yes' if holds(value, bar) else 'NO'}"
            yield f"{name:42} {sign} {bar:<8,g} {said}"
