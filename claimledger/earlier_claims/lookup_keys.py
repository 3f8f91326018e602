"""The keys a statement is looked up by: figures, names, years, words, each with a letter that says which.

In: a profile. Out: keys. The invariant: two figures that `agreement` takes for the same number of the same thing, or
for its rounding, share a key nearly always; the comparison looks at the figures themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from claimledger.agreement.figure_meaning import Said
from claimledger.earlier_claims.profile import Profile

WEIGHTS = {"f": 6.0, "n": 4.0, "y": 1.0, "w": 1.0}
"""What a key counts for by its letter: a figure the most."""


def keys_of(profile: Profile) -> list[str]:
    """Return the keys of a profile, each once.

    >>> from claimledger.earlier_claims.profile import profile_of_text
    >>> keys_of(profile_of_text("OpenAI got about $12.9 billion in 2023"))
    ['f1.3E+10', 'nopenai', 'y2023', 'wopena']
    """
    return list(dict.fromkeys((
        *(key for figure in profile.figures for key in _figure_keys(figure)),
        *(f"n{name}" for name in sorted(profile.names)),
        *(f"y{date[:4]}" for date in profile.dates),
        *(f"w{word}" for word in sorted(profile.words)),
    )))  # fmt: skip


def _figure_keys(figure: Said) -> Iterator[str]:
    """Yield a figure's ends with two digits, in the first unit of what it measures and in plain numbers."""
    for end in (figure.low, figure.high, figure.raw):
        if end is not None:
            yield f"f{rounded(end)}"


def rounded(number: Decimal) -> str:
    """Return a number without its sign, with two significant digits.

    >>> rounded(Decimal("-12900000000")), rounded(Decimal(40))
    ('1.3E+10', '4.0E+1')
    """
    return f"{abs(number):.1E}"
