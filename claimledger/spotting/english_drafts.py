"""Define the drafts of English statements: one statement before its speaker is identified.

A draft has spans of the text; while a sentence is read, a `TokenDraft` has ranges of tokens. This module does not know
how drafts are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claimledger.spotting.english_clauses import TokenRange
from claimledger.spotting.english_quotes import TextRange


class StatementShape(StrEnum):
    """The position of a statement in its sentence."""

    MAIN = "main"
    RELATIVE = "relative"
    NOUN = "noun"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class EnglishDraft:
    """One statement before its speaker is identified."""

    content: TextRange
    """The range of the statement."""
    cue: TextRange | None = None
    """The words that report it."""
    cue_class: str | None = None
    """The class of these words."""
    source: TextRange | None = None
    """The words beside the cue that name the source, or a pronoun."""
    shape: StatementShape = StatementShape.MAIN
    """The position of the statement in its sentence."""
    is_quoted: bool = False
    """True if the content begins or ends with a quotation."""
    is_phrase: bool = False
    """True if the content is a noun phrase: "announced a tour"."""


@dataclass(slots=True)
class TokenDraft:
    """A draft as ranges of tokens, and the token at which reading continues."""

    contents: list[TokenRange]
    cue: TokenRange
    cue_class: str
    source: TokenRange | None
    shape: StatementShape
    next_token: int
    is_phrase: bool = False
