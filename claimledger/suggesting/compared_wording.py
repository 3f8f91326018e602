"""A drafted statement beside the passage that it must say, with the text around that passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claimledger.agreement import PassageContext
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import figure_of_quantity, read_figures_cached
from claimledger.models import Attribution, Claim, Quantity, Source, Speaker
from claimledger.quantities import FigureRole, find_figures, has_plausible_amount, to_quantity
from claimledger.suggesting.name_pairs import NameTable
from claimledger.vocabulary import AttributionMode, SourceKind

_AROUND = 200
"""The code points on each side of a passage that the agreement checks read with it."""
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class ComparedWording:
    """A drafted statement, its passage, and the words nearby."""

    wording: str
    """The drafted statement."""
    language: str
    """Its language."""
    passage: str
    """The words that it must say."""
    passage_language: str
    """The language of the passage."""
    names: NameTable
    """The names that mean the same."""
    before: str = ""
    """The text before the passage."""
    after: str = ""
    """The text after the passage."""
    nearby: str = ""
    """The paragraph of the passage, the one before it, and the headline."""
    pointed: str = ""
    """The sentences that the model named for names and dates."""
    article: str = ""
    """The whole text."""
    published_on: str = ""
    """The date of the text (EDTF); empty if it is not known."""

    @property
    def is_same_language(self) -> bool:
        """True if the statement and the passage are in one language."""
        return self.language == self.passage_language

    @property
    def field(self) -> str:
        """The statement's field, as a dotted path."""
        return f"statement.{self.language}"

    def context(self) -> PassageContext:
        """Return the passage in the form of the agreement checks."""
        return PassageContext(
            self.passage, self.before[-_AROUND:], self.after[:_AROUND], self.article, self.published_on
        )

    def claim(self, speaker: Speaker | None = None) -> Claim:
        """Return a claim with this statement and the figures of the passage that it gives, for the checks only."""
        mode = AttributionMode.INDIRECT_QUOTE if speaker else AttributionMode.NARRATION
        return Claim.model_construct(
            claim_id="suggested-0000", article_id="suggested", statement={self.language: self.wording},
            speaker=speaker, attribution=Attribution.model_construct(mode=mode),
            source=Source.model_construct(kind=SourceKind.OWN_REPORTING, name={self.language: "-"}),
            quantities=tuple(self._given_quantities()), topics=("suggested",),
        )  # fmt: skip

    def _given_quantities(self) -> Sequence[Quantity]:
        said = read_figures_cached(self.wording).said
        printed = [
            to_quantity(figure)
            for figure in find_figures(self.passage)
            if figure.role is FigureRole.QUANTITY and has_plausible_amount(figure) and _has_value(figure)
        ]
        return [one for one in printed if any(is_same_figure(figure, figure_of_quantity(one)) for figure in said)]


def _has_value(figure: object) -> bool:
    return any(getattr(figure, name) is not None for name in ("amount", "low", "high"))


def paragraphs_around(text: str, start: int, end: int) -> str:
    r"""Return the paragraphs of a range and the one before them.

    >>> paragraphs_around("One.\nTwo.\nThree.", 5, 9)
    'One.\nTwo.'
    """
    lines = list(_LINE.finditer(text))
    inside = [number for number, line in enumerate(lines) if line.start() < end and start < line.end()]
    if not inside:
        return ""
    return "\n".join(line[0] for line in lines[max(0, inside[0] - 1) : inside[-1] + 1])
