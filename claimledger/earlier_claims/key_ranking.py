"""Rank indexed statements by the look-up keys that they share with another one, the rarest keys first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest

from claimledger.earlier_claims.lookup_keys import KEY_WEIGHTS

FindEntries = Callable[[str, int], Sequence[int]]
"""A function that returns the numbers of entries that have a key, at most so many."""
NarrowEntries = Callable[[str, Iterable[int]], Iterable[int]]
"""A function that returns those of some entries that have a key."""
_MAX_POSTINGS = 2_000
"""The largest number of postings that are added up, the rarest keys first; more common keys only refine these."""
_MAX_NARROWED = 200
"""The largest number of entries kept after each common key."""


def rank_by_keys(
    keys: Sequence[str], entries_with: FindEntries, most: int, narrow: NarrowEntries | None = None
) -> list[int]:
    """Return the entries with the greatest sum of weights over the rarest keys.

    Common keys are only used with `narrow`, or if no key is rarer.

    >>> index = {"nhanbit": [1], "wport": [1, 2], "wcity": [2, 3]}
    >>> rank_by_keys(["wport", "nhanbit"], lambda key, most: index[key][:most], 5)
    [1, 2]
    """
    found = {key: entries for key in keys if (entries := entries_with(key, _MAX_POSTINGS + 1))}
    sums: dict[int, float] = {}
    common: list[str] = []
    read = 0
    for key in sorted(found, key=lambda one: len(found[one])):
        entries = found[key][:_MAX_POSTINGS]
        if sums and read + len(found[key]) > _MAX_POSTINGS:
            common.append(key)
            continue
        read += len(found[key])
        _add_weight(sums, entries, KEY_WEIGHTS[key[0]] * math.log(2 + _MAX_POSTINGS / len(found[key])))
    for key in sorted(common, key=lambda one: -KEY_WEIGHTS[one[0]]) if narrow else ():
        _add_weight(sums, narrow(key, sums) if narrow else (), KEY_WEIGHTS[key[0]])
        sums = {entry: sums[entry] for entry in nlargest(_MAX_NARROWED, sums, key=sums.__getitem__)}
    return nlargest(most, sums, key=sums.__getitem__)


def _add_weight(sums: dict[int, float], entries: Iterable[int], weight: float) -> None:
    for entry in entries:
        sums[entry] = sums.get(entry, 0.0) + weight
