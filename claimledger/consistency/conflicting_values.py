"""One thing at one time with two values: within an article, and across the ledger.

In: the figures of claims, each with the keys of what it measures. Out: findings. The invariant: time grows with the
number of figures alone, for each is held against the values of its key, each value once, three at most. What is another
value is said by `agreement`: a rounding that says so is none. Limits: two statements are about one thing if their words
are the same but for figures, dates, endings and words that say nothing; said in other words, they are not found. Of
more than four values of one thing the others are not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from claimledger.agreement.figure_comparison import is_rounded, is_same
from claimledger.agreement.figure_meaning import of_quantity
from claimledger.consistency.finding_codes import Finding, finding
from claimledger.consistency.subject_words import measured_words
from claimledger.counting import item
from claimledger.models import Claim, Quantity
from claimledger.vocabulary import Direction

LANGUAGES = ("en", "ko")
_LEAST_WORDS = 2
"""Fewer words do not tell one thing from another."""
_MOST_VALUES = 3
"""So many values of one thing are told beside a figure."""


class Value(NamedTuple):
    """A figure of a claim."""

    claim_id: str
    article_id: str
    place: int
    """Its place among the claim's quantities, from 0."""
    quantity: Quantity


def keys(claim: Claim) -> list[Mapping[str, str]]:
    """Return, for each quantity of a claim, the key of what it measures by language of the statement.

    A key is 16 hexadecimal digits of the SHA-256 of the statement's words, what the figure measures, and the time the
    claim speaks of. Only a claim with one figure, or one and its conversion, has keys: of several, which is which is
    not known.
    """
    kinds = [(of_quantity(one).dimension, one.direction) for one in claim.quantities]
    if len(kinds) != 1 and not all(one.currency for one in claim.quantities):
        return [{} for _ in kinds]
    found = {language: measured_words(claim.statement.get(language, "")) for language in LANGUAGES}
    return [
        {language: _key(words, *kind, claim) for language, words in found.items() if len(words) >= _LEAST_WORDS}
        for kind in kinds
    ]


def _key(words: Sequence[str], dimension: str, direction: Direction | None, claim: Claim) -> str:
    said = "\0".join((*words, "", dimension, direction or "", claim.about_on or ""))
    return sha256(said.encode()).hexdigest()[:16]


def findings_of_one(values: Iterable[Value], *, about: str | None = None) -> Iterator[Finding]:
    """Yield, for each figure of one key, every other value that claims give: each once, by the first that gives it.

    With a claim's name, for its figures alone.
    """
    listed = list(values)
    distinct: list[Value] = []
    for value in listed:
        if len(distinct) <= _MOST_VALUES and not any(_agree(value, other) for other in distinct):
            distinct.append(value)
    told = [value for value in listed if about in (None, value.claim_id)] if len(distinct) > 1 else []
    for value in told:
        others = (other for other in distinct if value.claim_id != other.claim_id and not _agree(value, other))
        yield from (_finding(value, other) for other in islice(others, _MOST_VALUES))


def _agree(one: Value, other: Value) -> bool:
    """Whether two values may be one; a bound that the other keeps is no difference."""
    first, second = of_quantity(one.quantity), of_quantity(other.quantity)
    return is_same(first, second) or is_rounded(first, second) or is_rounded(second, first)


def _finding(value: Value, other: Value) -> Finding:
    code = "two-values-in-article" if value.article_id == other.article_id else "two-values-in-ledger"
    said = {"value": value.quantity.text, "other": other.quantity.text}
    return finding(code, value.claim_id, item("quantities", value.place), said, other_claim_id=other.claim_id)
