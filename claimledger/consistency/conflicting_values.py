"""Finds different values for the same thing at the same time, within an article and across the ledger.

Each figure of a claim gets a key for what it measures, and is compared only with the values of the same key, at most
three per figure. The time grows only linearly with the number of figures. The module `agreement` decides whether two
values differ; a rounding that is marked as such is not a difference.

Two statements are about the same thing if their words are the same except for figures, dates, endings, words of no
meaning, and words that words.toml lists as the same. The check misses the same fact in any other words. If one thing
has more than four values, it reports only the first four.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from claimledger.agreement.figure_comparison import is_rounding_of, is_same_figure
from claimledger.agreement.figure_meaning import COUNT, figure_of_quantity, unit_measure
from claimledger.consistency.conversions import equates_two_currencies
from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.consistency.subject_words import measured_words
from claimledger.counting import item_path
from claimledger.models import Claim, Quantity
from claimledger.vocabulary import Direction

STATEMENT_LANGUAGES = ("en", "ko")
_MIN_WORDS = 2
"""The smallest number of words that identifies a thing."""
_MAX_VALUES = 3
"""The number of other values that are reported for a figure."""


class FigureValue(NamedTuple):
    """A figure of a claim."""

    claim_id: str
    article_id: str
    place: int
    """The index among the claim's quantities, from 0."""
    quantity: Quantity


def figure_keys(claim: Claim) -> list[Mapping[str, str]]:
    """Return, for each quantity of a claim, the key of what it measures by language of the statement.

    A key is 16 hexadecimal digits of the SHA-256 of the statement's words, the measured dimension, and the period that
    the claim is about. Only a claim with one figure, or with one figure and its conversion, has keys. With several
    figures it is not known which words belong to which. A claim on what an amount is worth measures nothing else.
    """
    kinds = [(unit_measure(one.unit, one.currency)[0], one.direction) for one in claim.quantities]
    has_others = len(kinds) > 1 and not all(one.currency for one in claim.quantities)
    if not kinds or has_others or equates_two_currencies(claim):
        return [{} for _ in kinds]
    words_by_language = {
        language: measured_words(claim.statement.get(language, "")) for language in STATEMENT_LANGUAGES
    }
    return [
        {
            language: _key(words, _comparable_dimension(kind[0], language), kind[1], claim)
            for language, words in words_by_language.items()
            if len(words) >= _MIN_WORDS
        }
        for kind in kinds
    ]


def _comparable_dimension(dimension: str, language: str) -> str:
    """Return the dimension for a key; an English statement names what it counts among its words anyway."""
    return COUNT if language == "en" and (not dimension or dimension.startswith(COUNT)) else dimension


def _key(words: Sequence[str], dimension: str, direction: Direction | None, claim: Claim) -> str:
    parts = "\0".join((*words, "", dimension, direction or "", claim.about_on or ""))
    return sha256(parts.encode()).hexdigest()[:16]


def differing_value_findings(values: Iterable[FigureValue], *, about: str | None = None) -> Iterator[Finding]:
    """Yield, for each figure of one key, every other value that claims give, by the first claim that gives it.

    If `about` is a claim's name, only the figures of that claim are reported.
    """
    listed = list(values)
    distinct = distinct_values(listed)
    reported = [value for value in listed if about in (None, value.claim_id)] if len(distinct) > 1 else []
    for value in reported:
        yield from findings_against(value, distinct)


def distinct_values(values: Iterable[FigureValue]) -> list[FigureValue]:
    """Return the first four values of one key that differ, each by the first claim that gives it."""
    distinct: list[FigureValue] = []
    for value in values:
        if len(distinct) <= _MAX_VALUES and not any(_agree(value, other) for other in distinct):
            distinct.append(value)
    return distinct


def findings_against(value: FigureValue, distinct: Iterable[FigureValue]) -> Iterator[Finding]:
    """Yield a finding for each of up to three values of other claims that differs from a value of the same key."""
    others = (other for other in distinct if value.claim_id != other.claim_id and not _agree(value, other))
    yield from (_finding(value, other) for other in islice(others, _MAX_VALUES))


def _agree(one: FigureValue, other: FigureValue) -> bool:
    """Return whether two values may be the same; a bound that the other value satisfies is not a difference."""
    first, second = figure_of_quantity(one.quantity), figure_of_quantity(other.quantity)
    return is_same_figure(first, second) or is_rounding_of(first, second) or is_rounding_of(second, first)


def _finding(value: FigureValue, other: FigureValue) -> Finding:
    code = "two-values-in-article" if value.article_id == other.article_id else "two-values-in-ledger"
    values = {"value": value.quantity.text, "other": other.quantity.text}
    return make_finding(
        code, value.claim_id, item_path("quantities", value.place), values, other_claim_id=other.claim_id
    )
