"""The limits of an article's text: its length, lines, figures and quotation marks, so that no page takes long to make.

A long magazine article has about 60,000 characters and some hundred figures. Measured on one core, a text at one of the
limits takes at most about eight seconds to be added and shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from claimledger.errors import Problem, ProblemsFound
from claimledger.quantities import find_figures

MOST_CHARACTERS = 200_000
"""The largest number of code points of an article."""
_OPENING_MARK = re.compile('[“‘「『"]')
TEXT_LIMITS: Mapping[str, tuple[Callable[[str], int], int]] = {
    "characters": (len, MOST_CHARACTERS),
    "lines": (lambda text: text.count("\n") + 1, 20_000),
    "quotation-marks": (lambda text: len(_OPENING_MARK.findall(text)), 20_000),
    "figures": (lambda text: len(find_figures(text)), 10_000),
}
"""The counts of a text with their limits, in the order of their cost."""


def check_article_size(text: str, origin: str) -> None:
    """Check that a text is not larger than an article; `origin` is its file or address in messages.

    Raises:
        ProblemsFound: it has too much of one thing.
    """
    for what, (count, limit) in TEXT_LIMITS.items():
        if (found := count(text)) > limit:
            raise ProblemsFound([Problem(f"article-too-large/{what}", file=origin, count=found, limit=limit)])
