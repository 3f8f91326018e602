"""What a language gives the spotter.

In: a text as stored and the sentences of one of its paragraphs. Out: the statements reported in them, each with spans
into that very text. The invariant: a speaker is named only where the text names one; none is a better answer than a
wrong one. A language knows nothing of claims, files or other languages; it is found by the entry point group
`claimledger.languages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from claimledger.models import Span
from claimledger.vocabulary import AttributionMode, SpeakerBasis


@dataclass(frozen=True, slots=True)
class SpeakerFound:
    """Who is said to assert something, as the text has it."""

    span: Span
    """The words that name or describe the speaker; elsewhere in the paragraph when the basis is pronoun or carried."""
    name: str
    """The name, or for somebody anonymous the description."""
    role: str | None
    """The role, as printed."""
    organization: str | None
    """The organisation, as printed."""
    is_anonymous: bool
    """Whether the text only describes the speaker."""
    basis: SpeakerBasis
    """How the reader knows the speaker."""
    aliases: tuple[str, ...] = ()
    """Other forms given in parentheses."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One statement that the text reports."""

    content: Span
    """What is said: the quotation with its marks, or the reported clause."""
    mode: AttributionMode
    """How it is reported."""
    cue: Span | None
    """The words that report it."""
    cue_class: str | None
    """What the cue does: say, forecast, estimate, admit, deny, ask …, as the language's data file has it."""
    speaker: SpeakerFound | None
    """Who says it; none when the text does not tell."""


class Language(Protocol):
    """A language plug-in."""

    code: str
    """BCP 47 tag."""

    def share(self, paragraph: str) -> float:
        """Return how much of a paragraph's letters are in this language's script, 0 to 1."""

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        """Return the sentences of a paragraph; a quotation of several sentences stays in one piece."""

    def reported(self, text: str, sentences: Sequence[Span]) -> list[Reported]:
        """Return the statements reported in a paragraph's sentences, in order."""
