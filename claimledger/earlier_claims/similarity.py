"""Compares two statements and names the reasons: figure by figure, name by name, date by date.

Two profiles give a likeness, its reasons, and a score to rank by. The likeness `figures` requires that the known
statement has every figure of the new one, that they share a name, and that no date differs. Opposites have that, too:
for the likeness `same`, `sameness` must prove it. Similar words never make two statements the same, and a country or a
capital alone never makes them different. The comparison is a pure function.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from claimledger.agreement.figure_comparison import (
    may_measure_same, is_opposite_direction, is_rounding_of, is_same_figure, difference_kind,
)  # fmt: skip
from claimledger.agreement.figure_meaning import COUNT, NormalizedFigure
from claimledger.agreement.word_lists import LOWER_BOUNDS, UPPER_BOUNDS
from claimledger.earlier_claims.name_forms import distinctive_names
from claimledger.earlier_claims.profile import Profile
from claimledger.earlier_claims.sameness import says_the_same
from claimledger.desk_vocabulary import Likeness

_MAX_NAMES = 3
_MIN_SHARED_WORDS = 2
_DAY, _MONTH, _YEAR = 10, 7, 4
_PRECISE_COUNT, _PRECISE_MEASURE = 3, 2
_HANGUL = re.compile("[가-힣]")


class LikenessReason(NamedTuple):
    """One point in which two statements agree or differ."""

    what: str
    """The kind of point: `figure`, `name` or `date`."""
    asked: str
    """The wording in the new statement."""
    known: str
    """The wording in the known statement."""
    agrees: bool
    """True if the two are the same."""


class ClaimComparison(NamedTuple):
    """The result of comparing two statements."""

    likeness: Likeness
    """The likeness by figures, names and dates."""
    reasons: tuple[LikenessReason, ...]
    """The reasons for the likeness."""
    score: float
    """The rank among results of the same likeness; higher is more similar."""
    has_same_figures: bool = False
    """True if the known statement has every figure of the new one, and no date differs."""

    @property
    def rank(self) -> tuple[int, float]:
        """The place among results, the smallest first: the same content, then figures that agree, then the score.

        A figure is written alike in all languages and names are not, so a figure that agrees counts more than words.
        """
        return (0 if self.likeness is Likeness.SAME else 1 if self.has_same_figures else 2), -self.score


def is_to_settle(compared: ClaimComparison) -> bool:
    """Return whether a person should look at a match: it says the same, or has the same or a differing figure."""
    return compared.likeness in (Likeness.SAME, Likeness.FIGURES, Likeness.DIFFERS)


def has_same_subject(compared: ClaimComparison) -> bool:
    """Return whether a match is more than similar, or shares a figure and a name of its subject."""
    if compared.likeness is not Likeness.ALIKE:
        return True
    names = distinctive_names(reason.asked for reason in compared.reasons if reason.what == "name")
    return bool(names) and any(reason.what == "figure" and reason.agrees for reason in compared.reasons)


class _Figures(NamedTuple):
    pairs: Sequence[tuple[NormalizedFigure, NormalizedFigure]]
    """Figures that are the same in both."""
    unmatched: Sequence[NormalizedFigure]
    """Figures of the new statement that the known one does not have."""
    differing: Sequence[tuple[NormalizedFigure, NormalizedFigure]]
    """Pairs of figures that measure the same thing with different numbers."""


def compare_profiles(new: Profile, known: Profile) -> ClaimComparison:
    """Return how similar a statement is to a known one.

    >>> from claimledger.earlier_claims.profile import profile_of_text as read
    >>> compare_profiles(read("OpenAI got 13 billion dollars"),
    ...     read("마이크로소프트는 오픈AI에 130억달러를 줬다")).likeness
    <Likeness.FIGURES: 'figures'>
    >>> compare_profiles(read("OpenAI got 30 billion dollars"),
    ...     read("마이크로소프트는 오픈AI에 130억달러를 줬다")).likeness
    <Likeness.DIFFERS: 'differs'>
    """
    figures, names, dates = _figures(new, known), new.names & known.names, _dates(new, known)
    reasons = (
        *(LikenessReason("figure", one.text, other.text, agrees=True) for one, other in figures.pairs),
        *(LikenessReason("figure", one.text, other.text, agrees=False) for one, other in figures.differing),
        *(LikenessReason("name", name, name, agrees=True) for name in sorted(names)[:_MAX_NAMES]),
        *dates,
    )
    agrees = bool(figures.pairs) and not figures.unmatched and all(date.agrees for date in dates)
    likeness = _provable_likeness(new, known, _likeness_by_subject(new, known, figures, dates))
    if likeness is Likeness.ALIKE and agrees and _is_possible_translation(new, known, figures):
        likeness = Likeness.FIGURES
    score = 3 * len(figures.pairs) + 2 * len(names) + sum(date.agrees for date in dates) + 4 * _similarity(new, known)
    return ClaimComparison(likeness, reasons, score, agrees)


def _likeness_by_subject(new: Profile, known: Profile, figures: _Figures, dates: Sequence[LikenessReason]) -> Likeness:
    """Return the likeness by figures and dates, if names or words show that both are about the same subject."""
    names = new.names & known.names
    is_same_subject = bool(names) or (not (new.names and known.names) and _share_words(new, known))
    likeness = _likeness(known, figures, dates) if is_same_subject else Likeness.ALIKE
    is_distinctive = distinctive_names(names) or (is_same_subject and _share_words(new, known))
    return likeness if likeness is Likeness.FIGURES or is_distinctive else Likeness.ALIKE


def _provable_likeness(new: Profile, known: Profile, likeness: Likeness) -> Likeness:
    may_be_same = likeness in (Likeness.FIGURES, Likeness.ALIKE) and len(new.figures) == len(known.figures)
    return Likeness.SAME if may_be_same and says_the_same(new, known) else likeness


def _is_possible_translation(new: Profile, known: Profile, figures: _Figures) -> bool:
    """Return whether the statements are in different scripts, without a common name, and share a precise figure."""
    is_across = {_is_korean(new), _is_korean(known)} == {True, False}
    return is_across and not new.names & known.names and any(_is_precise(one) for one, _ in figures.pairs)


def _is_korean(profile: Profile) -> bool:
    return any(_HANGUL.search(text) for text in profile.texts)


def _is_precise(figure: NormalizedFigure) -> bool:
    """Return whether a figure has enough digits, zeros at its end left out: three, or two for money and measures."""
    digits = figure.raw.normalize().as_tuple().digits if figure.raw is not None else ()
    is_common = figure.dimension.startswith(COUNT) or figure.dimension in ("share", "months")
    return bool(figure.dimension) and len(digits) >= (_PRECISE_COUNT if is_common else _PRECISE_MEASURE)


def _share_words(new: Profile, known: Profile) -> bool:
    return len(new.words & known.words) >= _MIN_SHARED_WORDS


def _likeness(known: Profile, figures: _Figures, dates: Sequence[LikenessReason]) -> Likeness:
    has_other_date = any(not date.agrees for date in dates)
    if figures.unmatched:
        has_other_value = bool(figures.differing)
        return Likeness.ALIKE if not has_other_value else Likeness.OTHER_DATE if has_other_date else Likeness.DIFFERS
    if has_other_date:
        return Likeness.OTHER_DATE
    if figures.pairs:
        return Likeness.FIGURES
    is_dated = any(date.agrees and min(len(date.asked), len(date.known)) >= _MONTH for date in dates)
    return Likeness.FIGURES if is_dated and not known.figures else Likeness.ALIKE


def has_all_figures(new: Profile, known: Profile) -> bool:
    """Return whether the known statement has every figure of the new one; much faster than `compare_profiles`.

    >>> from claimledger.earlier_claims.profile import profile_of_text as read
    >>> has_all_figures(read("OpenAI got 13 billion dollars"), read("It got $13 billion in 3 years."))
    True
    """
    return all(_find_same(figure, known.figures) for figure in new.figures)


def _figures(new: Profile, known: Profile) -> _Figures:
    pairs = [(one, other) for one in new.figures if (other := _find_same(one, known.figures))]
    matched = [one for one, _ in pairs]
    used = [other for _, other in pairs]
    unmatched = [one for one in new.figures if one not in matched]
    free = [other for other in known.figures if other not in used]
    differing = [(one, other) for one in unmatched for other in free if _measure_same_thing(one, other)]
    return _Figures(pairs, unmatched, list({one: (one, other) for one, other in reversed(differing)}.values()))


def _find_same(figure: NormalizedFigure, others: Sequence[NormalizedFigure]) -> NormalizedFigure | None:
    return next((other for other in others if _is_same_value(figure, other)), None)


def _is_same_value(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    sides = (
        {one.comparator in LOWER_BOUNDS, other.comparator in LOWER_BOUNDS},
        {one.comparator in UPPER_BOUNDS, other.comparator in UPPER_BOUNDS},
    )
    is_opposite = sides == ({True, False}, {True, False}) or is_opposite_direction(one.direction, other.direction)
    return not is_opposite and (is_same_figure(one, other) or is_rounding_of(one, other) or is_rounding_of(other, one))


def _measure_same_thing(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    return (bool(one.dimension and other.dimension) and may_measure_same(one, other)) or difference_kind(
        one, other
    ) is not None


def _dates(new: Profile, known: Profile) -> list[LikenessReason]:
    """Return the dates that agree; if none agrees and both have dates, return the first two as different."""
    agreeing = [
        LikenessReason("date", one, other, agrees=True)
        for one in new.dates
        for other in known.dates
        if _dates_overlap(one, other)
    ]
    if agreeing or not new.dates or not known.dates:
        return agreeing
    return [LikenessReason("date", new.dates[0], known.dates[0], agrees=False)]


def _dates_overlap(one: str, other: str) -> bool:
    """Return whether two dates can be the same: 2030 and 2030-05, or two periods with a day in common."""
    (first, last), (other_first, other_last) = (_period_ends(date) for date in (one, other))
    return first[: len(other_last)] <= other_last[: len(first)] and other_first[: len(last)] <= last[: len(other_first)]


def _period_ends(date: str) -> tuple[str, str]:
    first, _, last = date.partition("/")
    return first, last or first


def _similarity(new: Profile, known: Profile) -> float:
    """Return the best similarity of the texts' letter pairs, from 0 to 1 (Dice coefficient)."""
    return max((_dice(one, other) for one in new.texts for other in known.texts), default=0.0)


def _dice(one: str, other: str) -> float:
    pairs, others = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one.casefold(), other.casefold()))
    return 2 * len(pairs & others) / max(len(pairs) + len(others), 1)
