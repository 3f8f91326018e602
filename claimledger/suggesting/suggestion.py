"""One suggestion of a model, read from its answer and not judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from claimledger.desk_vocabulary import SuggestionTask


class ReasonSentence(NamedTuple):
    """One sentence of a drafted reason, with the excerpts that it is based on."""

    text: str
    """The sentence."""
    excerpts: tuple[int, ...]
    """The numbers of the excerpts, from 1."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The parts of an answer that make one suggestion; each task fills some of them."""

    task: SuggestionTask
    """The task."""
    language: str = ""
    """The language of the wording."""
    sentences: tuple[int, ...] = ()
    """The numbers of the sentences that make the passage, from 1."""
    words: str = ""
    """The words of these sentences that are meant; empty for whole sentences."""
    wording: str = ""
    """The drafted statement."""
    named_in: tuple[int, ...] = ()
    """The numbers of the sentences that have the names and dates which the passage lacks."""
    speaker: str = ""
    """The speaker as the model reads it; only compared with the reading of the program."""
    document_id: str = ""
    """The document that the sentences belong to; empty for an article."""
    reasons: tuple[ReasonSentence, ...] = ()
    """The sentences of a drafted reason."""
    note: str = ""
    """A short text for a person: the reason for a passage, a question, or the result of a second reading."""

    def to_json(self) -> dict[str, Any]:
        """Return the parts that are filled, as JSON values."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Suggestion:
        """Return the suggestion of stored JSON values.

        >>> one = Suggestion(SuggestionTask.CLAIMS, sentences=(1, 2), reasons=(ReasonSentence("a", (1,)),))
        >>> import json; Suggestion.from_json(json.loads(json.dumps(one.to_json()))) == one
        True
        """
        known = dict(fields)
        known["task"] = SuggestionTask(known["task"])
        for name in ("sentences", "named_in"):
            known[name] = tuple(known.get(name, ()))
        known["reasons"] = tuple(ReasonSentence(text, tuple(cited)) for text, cited in known.get("reasons", ()))
        return cls(**known)
