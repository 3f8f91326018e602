"""Whether two statements say the same, and why: figure by figure, name by name, date by date.

In: the profile of what is asked about and of what is known. Out: a likeness, its reasons, and a score to rank by. The
invariant: `same` needs every figure of the statement in the known one, a name in common and no date that differs; the
words alone never make two the same, nor does a country or a capital alone make two differ. Pure; it knows no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from claimledger.agreement.figure_comparison import fits, is_other_side, is_rounded, is_same, slip
from claimledger.agreement.figure_meaning import Said
from claimledger.agreement.word_lists import LOWER, UPPER
from claimledger.earlier_claims.name_forms import telling
from claimledger.earlier_claims.profile import Profile
from claimledger.vocabulary import Likeness

_MOST_NAMES = 3
_FEW_WORDS = 2
_DAY, _MONTH, _YEAR = 10, 7, 4


class Reason(NamedTuple):
    """One thing in which two statements agree or differ."""

    what: str
    """`figure`, `name` or `date`."""
    asked: str
    """As the statement says it."""
    known: str
    """As the known one says it."""
    agrees: bool
    """Whether the two are the same."""


class Compared(NamedTuple):
    """How two statements are alike."""

    likeness: Likeness
    """What figures, names and dates make of it."""
    reasons: tuple[Reason, ...]
    """Why."""
    score: float
    """What it is ranked by among those of the same likeness."""


class _Figures(NamedTuple):
    pairs: Sequence[tuple[Said, Said]]
    """The same in both."""
    lone: Sequence[Said]
    """Figures of the statement that the known one has not."""
    others: Sequence[tuple[Said, Said]]
    """Figures of one thing with two numbers."""


def compare(asked: Profile, known: Profile) -> Compared:
    """Return how a statement is like a known one.

    >>> from claimledger.earlier_claims.profile import profile_of_text as told
    >>> compare(told("OpenAI got 13 billion dollars"), told("마이크로소프트는 오픈AI에 130억달러를 줬다")).likeness
    <Likeness.SAME: 'same'>
    >>> compare(told("OpenAI got 30 billion dollars"), told("마이크로소프트는 오픈AI에 130억달러를 줬다")).likeness
    <Likeness.DIFFERS: 'differs'>
    """
    figures, names, dates = _figures(asked, known), asked.names & known.names, _dates(asked, known)
    reasons = (
        *(Reason("figure", one.text, other.text, agrees=True) for one, other in figures.pairs),
        *(Reason("figure", one.text, other.text, agrees=False) for one, other in figures.others),
        *(Reason("name", name, name, agrees=True) for name in sorted(names)[:_MOST_NAMES]),
        *dates,
    )
    is_about_one = bool(names) or (not (asked.names and known.names) and _share_words(asked, known))
    likeness = _likeness(known, figures, dates) if is_about_one else Likeness.ALIKE
    if likeness is not Likeness.SAME and not (telling(names) or (is_about_one and _share_words(asked, known))):
        likeness = Likeness.ALIKE
    score = 3 * len(figures.pairs) + 2 * len(names) + sum(date.agrees for date in dates) + 4 * _similarity(asked, known)
    return Compared(likeness, reasons, score)


def _share_words(asked: Profile, known: Profile) -> bool:
    return len(asked.words & known.words) >= _FEW_WORDS


def _likeness(known: Profile, figures: _Figures, dates: Sequence[Reason]) -> Likeness:
    is_of_another_date = any(not date.agrees for date in dates)
    if figures.lone:
        is_other = bool(figures.others)
        return Likeness.ALIKE if not is_other else Likeness.OTHER_DATE if is_of_another_date else Likeness.DIFFERS
    if is_of_another_date:
        return Likeness.OTHER_DATE
    if figures.pairs:
        return Likeness.SAME
    is_dated = any(date.agrees and min(len(date.asked), len(date.known)) >= _MONTH for date in dates)
    return Likeness.SAME if is_dated and not known.figures else Likeness.ALIKE


def _figures(asked: Profile, known: Profile) -> _Figures:
    pairs = [(one, other) for one in asked.figures if (other := _same_among(one, known.figures))]
    found = [one for one, _ in pairs]
    taken = [other for _, other in pairs]
    lone = [one for one in asked.figures if one not in found]
    free = [other for other in known.figures if other not in taken]
    others = [(one, other) for one in lone for other in free if _is_of_one_thing(one, other)]
    return _Figures(pairs, lone, list({one: (one, other) for one, other in reversed(others)}.values()))


def _same_among(figure: Said, others: Sequence[Said]) -> Said | None:
    return next((other for other in others if _says_the_same(figure, other)), None)


def _says_the_same(one: Said, other: Said) -> bool:
    sides = {one.comparator in LOWER, other.comparator in LOWER}, {one.comparator in UPPER, other.comparator in UPPER}
    is_opposite = sides == ({True, False}, {True, False}) or is_other_side(one.direction, other.direction)
    return not is_opposite and (is_same(one, other) or is_rounded(one, other) or is_rounded(other, one))


def _is_of_one_thing(one: Said, other: Said) -> bool:
    return (bool(one.dimension and other.dimension) and fits(one, other)) or slip(one, other) is not None


def _dates(asked: Profile, known: Profile) -> list[Reason]:
    """Return the dates that agree; if none does though both have some, the first two differ."""
    agreeing = [
        Reason("date", one, other, agrees=True)
        for one in asked.dates
        for other in known.dates
        if _is_within(one, other)
    ]
    if agreeing or not asked.dates or not known.dates:
        return agreeing
    return [Reason("date", asked.dates[0], known.dates[0], agrees=False)]


def _is_within(one: str, other: str) -> bool:
    """Whether two dates may be one: 2030 and 2030-05; of a period, either end or the days between."""
    (first, last), (other_first, other_last) = (_ends(date) for date in (one, other))
    return first[: len(other_last)] <= other_last[: len(first)] and other_first[: len(last)] <= last[: len(other_first)]


def _ends(date: str) -> tuple[str, str]:
    first, _, last = date.partition("/")
    return first, last or first


def _similarity(asked: Profile, known: Profile) -> float:
    """Return from 0 to 1 how alike the two are in their letters, pair by pair (Dice), at best."""
    return max((_dice(one, other) for one in asked.texts for other in known.texts), default=0.0)


def _dice(one: str, other: str) -> float:
    pairs, others = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one.casefold(), other.casefold()))
    return 2 * len(pairs & others) / max(len(pairs) + len(others), 1)
