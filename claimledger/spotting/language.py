"""Define the interface between the spotter and a language plug-in.

A plug-in gets a text as stored and the sentences of one paragraph, and returns the statements that they report, with
spans into that text. It names a speaker only if the text does: no speaker is better than a wrong one. A language knows
nothing of claims, files or other languages. The entry point group `claimledger.languages` lists the plug-ins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from claimledger.models import Span
from claimledger.vocabulary import AttributionMode, SpeakerBasis


@dataclass(frozen=True, slots=True)
class SpottedSpeaker:
    """The speaker of a statement, as the text names them."""

    span: Span
    """The words that name or describe the speaker; elsewhere in the paragraph if the basis is pronoun or carried."""
    name: str
    """The name, or the description of an anonymous speaker."""
    role: str | None
    """The role, as printed."""
    organization: str | None
    """The organisation, as printed."""
    is_anonymous: bool
    """True if the text only describes the speaker."""
    basis: SpeakerBasis
    """The way in which the text identifies the speaker: explicit, by pronoun or carried."""
    aliases: tuple[str, ...] = ()
    """Other forms of the name, given in parentheses."""


@dataclass(frozen=True, slots=True)
class ReportedStatement:
    """One statement that the text reports."""

    content: Span
    """The statement: the quotation with its marks, or the reported clause."""
    mode: AttributionMode
    """The form of the report, for example direct quotation."""
    cue: Span | None
    """The words that report it."""
    cue_class: str | None
    """The class of the cue in the language's data file: say, forecast, estimate, admit, deny, ask and others."""
    speaker: SpottedSpeaker | None
    """The speaker; None if the text does not name one."""


class LanguagePlugin(Protocol):
    """A language plug-in."""

    code: str
    """The BCP 47 tag of the language."""

    def share(self, paragraph: str) -> float:
        """Return the share of a paragraph's letters in this language's script, from 0 to 1."""

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        """Return the sentences of a paragraph; a quotation of several sentences stays in one piece."""

    def reported(self, text: str, sentences: Sequence[Span]) -> list[ReportedStatement]:
        """Return the statements that the sentences of a paragraph report, in order."""
