"""A passage with the text around it, and a statement beside the passages that it must agree with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimledger.agreement.figure_meaning import TextFigures
from claimledger.models import Claim


@dataclass(frozen=True, slots=True)
class PassageContext:
    """A passage of a claim with the text around it."""

    text: str
    """The passage, verbatim."""
    before: str = ""
    """Up to about 200 code points before it."""
    after: str = ""
    """Up to about 200 code points after it."""
    article: str = ""
    """The whole text of the article; empty if it is not available."""
    published_on: str = ""
    """The date of the article (EDTF); empty if it is not known."""


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """One statement, and the passages of its claim as one text."""

    claim: Claim
    language: str
    """The language of the statement."""
    figures: TextFigures
    """The figures of the statement."""
    passage: str
    """The passages, verbatim, one after the other."""
    before: str = ""
    """The text before the passages."""
    article: str = ""
    """The whole text of the article; empty if it is not available."""
    published_on: str = ""
    """The date of the article (EDTF); empty if it is not known."""

    @property
    def statement(self) -> str:
        """The text of the statement."""
        return self.figures.text

    @property
    def path(self) -> str:
        """The statement's field, as a dotted path."""
        return f"statement.{self.language}"


def compare(claim: Claim, language: str, figures: TextFigures, passages: Sequence[PassageContext]) -> ComparedTexts:
    """Return a statement beside the passages of its claim."""
    return ComparedTexts(
        claim,
        language,
        figures,
        "\n".join(passage.text for passage in passages),
        "\n".join(passage.before for passage in passages),
        passages[0].article,
        passages[0].published_on,
    )
