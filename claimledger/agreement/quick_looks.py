"""Decide quickly whether a closer comparison of a statement with its passage can find anything.

A look may say yes for nothing; the check that it starts decides. It must be fast, because most claims agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from claimledger.agreement.figure_meaning import COUNT, NormalizedFigure, TextFigures
from claimledger.agreement.marks import AXES
from claimledger.agreement.negating_prefixes import may_have_prefix
from claimledger.agreement.opposite_words import APART_AXES
from claimledger.agreement.passage_names import may_have_other_name
from claimledger.agreement.passage_organisations import may_have_other_organisation
from claimledger.agreement.passage_parties import exchanged_parties
from claimledger.agreement.passage_ratios import read_leads
from claimledger.agreement.passage_roles import read_acts
from claimledger.agreement.signals import Signals
from claimledger.agreement.word_lists import LOWER_BOUNDS, UPPER_BOUNDS


class Glance(NamedTuple):
    """A statement and its passages as they are looked at first."""

    said: Signals
    """The signals of the statement."""
    printed: Signals
    """The signals of the passages."""
    figures: TextFigures
    """The figures of the statement."""
    passage: str
    """The passages as one text."""
    quantities: Sequence[NormalizedFigure]
    """The claim's figures, which other checks have compared with the passages."""


QuickLook = Callable[[Glance], bool]

_MULTIPLE_HINT = re.compile("배|twice|double|times")
_TOTAL_HINT = re.compile("모두|총|total|in all|altogether")
_RATIO_HINT = re.compile("[0-9] ?(?:대|:|to|-|–) ?[0-9]")
_QUOTATION_MARK = re.compile("[“‘\"'「『]")
_TIMES = ("year", "months", "day", "weekday", "relative")
_DATED = ("year", "months", "day")
_ANY: frozenset[str] = frozenset()
_DURATIONS = frozenset(("months", "seconds"))
_DIRECTED = ("direction", "level")
_BOUNDS = LOWER_BOUNDS | UPPER_BOUNDS
_LABEL_AXES = AXES - APART_AXES
GATED_AXES = frozenset(
    (*_DIRECTED, "directed", "dated", *_TIMES, "period", "basis", "bound", "rank", "saying", "organisation",
     "base")
)  # fmt: skip
"""The axes that have a quick look of their own."""


def has_opposite_signs(look: Glance) -> bool:
    """Return whether the two texts may have opposite words."""
    own, others = look.said.get("directed"), look.printed.get("directed")
    if own and others and (own != others or len(own) > 1):
        return True
    if ("movement" in look.said) != ("movement" in look.printed) and (own or others):
        return True
    apart = look.said.keys() & look.printed.keys() - GATED_AXES
    return bool(apart) and any(look.said[axis] != look.printed[axis] for axis in apart)


def has_period_signs(look: Glance) -> bool:
    """Return whether the two texts may have figures of different periods."""
    if "period" in look.printed and "period" not in look.said:
        return "relative" in look.said or _TOTAL_HINT.search(look.figures.text) is not None
    shared = [axis for axis in ("period", "basis") if axis in look.said and axis in look.printed]
    return any(not look.said[axis] & look.printed[axis] for axis in shared)


def has_time_signs(look: Glance) -> bool:
    """Return whether the two texts may name different times."""
    if "months" in look.said and look.figures.said and len(look.printed.get("months", ())) > 1:
        return True
    if any(axis in look.printed and not look.said[axis] <= look.printed[axis] for axis in _TIMES if axis in look.said):
        return True
    return ("relative" in look.printed or "weekday" in look.printed or "day" in look.printed) and any(
        axis in look.said and axis not in look.printed for axis in _DATED
    )


def has_bound_signs(look: Glance) -> bool:
    """Return whether the two texts may bound a length of time differently."""
    is_bounded = look.said.get("bound") != look.printed.get("bound")
    return any(figure.dimension in _DURATIONS and (is_bounded or figure.raw is None) for figure in look.figures.said)


def has_units(look: Glance) -> bool:
    """Return whether the statement may have a number with another unit."""
    return any(
        figure.raw is not None
        and figure.dimension
        and not figure.dimension.startswith(COUNT)
        and not (figure.raw == 1 and figure.dimension in _DURATIONS)
        and figure.text not in look.passage
        and not any(
            quantity.raw == figure.raw and quantity.dimension == figure.dimension and quantity.text in look.passage
            for quantity in look.quantities
        )
        for figure in look.figures.said
    )


def has_bounds(look: Glance) -> bool:
    """Return whether the statement bounds a figure."""
    return any(figure.comparator in _BOUNDS for figure in look.figures.said)


def is_suspect(_: Glance) -> bool:
    """Return true: the shared axis is sign enough."""
    return True


def has_turned_signs(look: Glance) -> bool:
    """Return whether the two texts may have two sides in exchanged places."""
    return _has_turned_parties(look) or _has_turned_figures(look)


def _has_turned_parties(look: Glance) -> bool:
    text = look.figures.text
    if (read_acts(text) and read_acts(look.passage)) or exchanged_parties(text, look.passage):
        return True
    if _MULTIPLE_HINT.search(text) and _MULTIPLE_HINT.search(look.passage):
        return True
    return ("보다" in text and "보다" in look.passage) or (" than " in text and " than " in look.passage)


def _has_turned_figures(look: Glance) -> bool:
    text = look.figures.text
    labels = _LABEL_AXES & look.said.keys() & look.printed.keys()
    if labels and look.figures.said and any(len(look.printed[axis]) > 1 for axis in labels):
        return True
    if labels and read_leads(text) and read_leads(look.passage):
        return True
    if len(look.figures.said) > 1:
        dimensions = [figure.dimension.partition(":")[0] or COUNT for figure in look.figures.said]
        if len(dimensions) > len(set(dimensions)):
            return True
    return bool(_RATIO_HINT.search(text) and _RATIO_HINT.search(look.passage))


_DISTANCE_HINT = re.compile(
    r"(?:전|뒤|후|다음|앞서|앞)(?:[ 에,이]|$)|에서 "
    r"|\b(?:before|Before|after|After|ahead|prior|later|following|past|(?:from|to) (?:the )?[A-Z])"
)


def has_distance(look: Glance) -> bool:
    """Return whether both texts may have a distance in time from an event."""
    return bool(_DISTANCE_HINT.search(look.figures.text) and _DISTANCE_HINT.search(look.passage))


def has_prefix(look: Glance) -> bool:
    """Return whether one of the texts may have a word with a negating prefix."""
    return may_have_prefix(look.figures.text) or may_have_prefix(look.passage)


_CLOCK_HINT = re.compile(r"[0-9]시|[0-9] ?[ap]\.?m\b", re.IGNORECASE)


def has_clock(look: Glance) -> bool:
    """Return whether the statement has a time of day."""
    return _CLOCK_HINT.search(look.figures.text) is not None


def has_quotation_marks(look: Glance) -> bool:
    """Return whether the statement quotes words."""
    return _QUOTATION_MARK.search(look.figures.text) is not None


def has_speaker_signs(look: Glance) -> bool:
    """Return whether the statement may name another speaker or organisation."""
    if "saying" in look.said and "saying" in look.printed:
        return True
    said = look.said.get("organisation")
    is_other = said and not said <= look.printed.get("organisation", _ANY)
    if is_other and may_have_other_organisation(look.figures.text, look.passage):
        return True
    return may_have_other_name(look.figures.text, look.passage)
