"""The keys with which a statement is looked up: figures, names, years and words.

A letter at the beginning of each key gives its kind. Two figures that `agreement` accepts as the same number of the
same thing, or as a rounding, almost always share a key. The comparison then reads the figures themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from claimledger.agreement.figure_meaning import NormalizedFigure
from claimledger.earlier_claims.profile import Profile

KEY_WEIGHTS = {"f": 6.0, "n": 4.0, "y": 1.0, "w": 1.0}
"""The weight of a key by its first letter; figures count most."""


def profile_keys(profile: Profile) -> list[str]:
    """Return the keys of a profile, each once.

    >>> from claimledger.earlier_claims.profile import profile_of_text
    >>> profile_keys(profile_of_text("OpenAI got about $12.9 billion in 2023"))
    ['f1.3E+10', 'nopenai', 'y2023', 'wopena']
    """
    return list(dict.fromkeys((
        *(key for figure in profile.figures for key in _figure_keys(figure)),
        *(f"n{name}" for name in sorted(profile.names)),
        *(f"y{date[:4]}" for date in profile.dates),
        *(f"w{word}" for word in sorted(profile.words)),
    )))  # fmt: skip


def _figure_keys(figure: NormalizedFigure) -> Iterator[str]:
    """Yield the ends of a figure with two digits, in the first unit of its dimension and as printed."""
    for end in (figure.low, figure.high, figure.raw):
        if end is not None:
            yield f"f{round_for_key(end)}"


def round_for_key(number: Decimal) -> str:
    """Return a number without its sign, with two significant digits.

    >>> round_for_key(Decimal("-12900000000")), round_for_key(Decimal(40))
    ('1.3E+10', '4.0E+1')
    """
    return f"{abs(number):.1E}"
