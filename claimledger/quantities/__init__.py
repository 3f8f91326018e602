"""Find Korean and English figures in a text and read their values with one grammar.

`find_figures` returns `Figure` rows with offsets into the text as stored and with exact values. Each row has an English
unit name and the comparator and direction that the words give. Dates and lengths of time are separated from quantities.
It is a pure function of the text, runs in linear time and raises no exception on any text. It does not know claims,
speakers or files.
"""

from __future__ import annotations

import re

from claimledger.quantities.bounds import Bounds, read_bounds
from claimledger.quantities.figure import BARE_UNIT, Figure, FigureRole, to_quantity
from claimledger.quantities.folding import FoldedText
from claimledger.quantities.limits import has_plausible_amount
from claimledger.quantities.figure_lists import share_units
from claimledger.quantities.measuring import FigureDraft
from claimledger.quantities.resolving import Basis, ResolvedDate, resolve_date
from claimledger.quantities.scanner import read_drafts
from claimledger.quantities.unit_tables import is_counting_unit, is_duration, format_with_currency, format_with_unit

__all__ = [
    "BARE_UNIT",
    "Basis",
    "Figure",
    "FigureRole",
    "ResolvedDate",
    "find_figures",
    "format_with_currency",
    "format_with_unit",
    "has_plausible_amount",
    "is_counting_unit",
    "is_duration",
    "resolve_date",
    "to_quantity",
]

_CONVERSION_OPENING = re.compile(
    r"\s?\((?:약|한화|우리 ?돈|원화|미화|about|around|roughly|or|nearly|some|approximately|=|≈|~|,|\s|으로|로)*$",
    re.IGNORECASE,
)
_LONGEST_OPENING = 16
_RATE_UNITS = frozenset(("percent", "percentage_point", "times", "basis_point", "ratio"))


def find_figures(text: str, *, with_names: bool = False) -> list[Figure]:
    """Return the figures of a text in order; no two overlap.

    Numbers of names ("1호선") are figures only `with_names`.

    >>> [(figure.text, figure.amount) for figure in find_figures("자기 돈 5천만달러(약 667억원)를")]
    [('5천만달러', Decimal('50000000')), ('약 667억원', Decimal('66700000000'))]
    >>> [figure.text for figure in find_figures("최소 1만 개가 넘는 A100")]
    ['최소 1만 개가 넘는']
    """
    folded = FoldedText(text)
    figures: list[Figure] = []
    floor = 0
    previous: FigureDraft | None = None
    drafts = [*read_drafts(folded.text)]
    if len(drafts) > 1:
        share_units(folded.text, drafts)
    for draft in drafts:
        if draft.role is FigureRole.NAME and not with_names:
            previous, floor = None, max(floor, draft.end)
            continue
        figure, floor = _make_figure(folded, draft, floor)
        if previous and _is_conversion(folded.text, previous, draft):
            figure = figure._replace(conversion_of=len(figures) - 1)
        figures.append(figure)
        previous = draft
    return figures


def _make_figure(folded: FoldedText, draft: FigureDraft, floor: int) -> tuple[Figure, int]:
    """Return the figure of a draft, with words from `floor` on, and the end of those words."""
    bounds = _draft_bounds(folded.text, draft, floor)
    start, end, core_start, core_end = bounds.start, bounds.end, draft.start, draft.end
    if not folded.keeps_offsets:
        start, core_start = folded.start(start), folded.start(core_start)
        end, core_end = folded.end(end), folded.end(core_end)
    figure = Figure(
        start, end, core_start, core_end, folded.source[start:end], draft.role,
        draft.amount, draft.low, draft.high, draft.unit, draft.currency, bounds.comparator, bounds.direction,
        draft.precision,
    )  # fmt: skip
    return figure, bounds.end


def _draft_bounds(text: str, draft: FigureDraft, floor: int) -> Bounds:
    bounds = Bounds(draft.start, draft.end, draft.comparator, None)
    if draft.role in (FigureRole.QUANTITY, FigureRole.DURATION) or draft.is_offset:
        bounds = read_bounds(text, draft.start, draft.end, floor, draft.comparator, is_rate=_is_rate(draft))
    start = min(bounds.start, draft.first) if draft.first >= floor else bounds.start
    end = max(bounds.end, draft.last)
    if start == bounds.start and end == bounds.end:
        return bounds
    return Bounds(start, end, bounds.comparator, bounds.direction)


def _is_rate(draft: FigureDraft) -> bool:
    return draft.currency is not None or draft.unit in _RATE_UNITS


def _is_conversion(text: str, before: FigureDraft, draft: FigureDraft) -> bool:
    """Return whether the draft follows, in parentheses, a figure of the same kind in another unit or currency."""
    between = text[before.end : draft.start]
    if len(between) > _LONGEST_OPENING or "(" not in between or not _CONVERSION_OPENING.match(between):
        return False
    if before.currency and draft.currency:
        return before.currency != draft.currency
    return (
        before.is_measure and draft.is_measure and not (before.currency or draft.currency) and before.unit != draft.unit
    )
