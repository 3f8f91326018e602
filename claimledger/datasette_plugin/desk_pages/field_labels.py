"""The labels of fields and values that a change, a conflict or a problem names, so that no page shows a raw path.

A path is dotted, as `publishing.changes` and `Problem.field` write it (`verdicts.so.value`, `quantities.2.amount`). A
field or value without a label is shown unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from claimledger.verdicts.answers import QuoteCheckStatus
from claimledger.vocabulary import (
    AttributionMode, CaptureExtent, Comparator, CorrectionKind, Direction, Medium, Question, SourceKind, SpeakerBasis,
    SpeakerKind, Stance, Term, Tier, VerdictValue,
)  # fmt: skip

LANGUAGES: Mapping[str, str] = {"ko": "한국어", "en": "English"}
"""The languages of texts with a field for each language, by their own names."""
_VOCABULARIES: Mapping[tuple[str, str], type[Term]] = {
    ("speaker", "kind"): SpeakerKind,
    ("attribution", "mode"): AttributionMode,
    ("attribution", "speaker_basis"): SpeakerBasis,
    ("source", "kind"): SourceKind,
    ("quantities", "comparator"): Comparator,
    ("quantities", "direction"): Direction,
    ("verdicts", "question"): Question,
    ("verdicts", "value"): VerdictValue,
    ("evidence", "stance"): Stance,
    ("medium", "medium"): Medium,
    ("captured", "captured"): CaptureExtent,
    ("tier", "tier"): Tier,
    ("correction", "correction"): CorrectionKind,
}
"""The vocabulary of a field, by the first and the last step of its path."""


_HASH = re.compile("[0-9a-f]{64}")
_HASH_SHOWN = 12
"""The number of hex digits that distinguish one edition from another."""


def vocabulary_at(path: str) -> type[Term] | None:
    """Return the vocabulary of a field; None if it has none."""
    steps = path.split(".")
    return QuoteCheckStatus if path == "verdicts.said.value" else _VOCABULARIES.get((steps[0], steps[-1]))


def value_label(path: str, value: str, label: Callable[[Term], str]) -> str:
    """Return the display form of a value: the label of a vocabulary term, any other value unchanged.

    >>> value_label("verdicts.so.value", "refuted", lambda term: term.label_ko)
    '사실과 다름'
    """
    return next((label(term) for term in vocabulary_at(path) or () if term.value == value), value)


def path_label(
    path: str,
    word: Callable[[str], str | None],
    label: Callable[[Term], str],
    titles: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return a path as people read it; `word` gives the label of `field.NAME`, `titles` name documents.

    >>> known = {"field.so": "사실 확인", "field.rationale": "이유"}
    >>> path_label("verdicts.so.rationale.ko", known.get, lambda term: term.label_ko)
    '사실 확인 · 이유 (한국어)'
    """
    parts: list[str] = []
    first, *rest = path.split(".")
    for step in rest if first == "verdicts" and rest else [first, *rest]:  # "verdicts.so" is the fact check
        named = word(f"field.{first}_{step}") or word(f"field.{step}")
        if named and step not in LANGUAGES:
            parts.append(named)
        elif parts:
            parts[-1] += f" {step}" if step.isdigit() else f" ({titles.get(step) or _item_label(step, label)})"
        else:
            parts.append(step)
    return " · ".join(parts)


def _item_label(step: str, label: Callable[[Term], str]) -> str:
    """Return the label of a language or a question; the beginning of a hash; any other step unchanged."""
    if _HASH.fullmatch(step):
        return step[:_HASH_SHOWN]
    return LANGUAGES.get(step) or next((label(term) for term in Question if term.value == step), step)
