"""The labels of fields and values that a change, a conflict or a problem names: no page shows a raw path or word.

In: a dotted path as `publishing.changes` and `Problem.field` write it (`verdicts.so.value`, `quantities.2.amount`), and
a value. Out: words in the language of who reads them. The invariant: what has no label is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from claimledger.verdicts.answers import SaidAnswer
from claimledger.vocabulary import (
    AttributionMode, Captured, Comparator, CorrectionKind, Direction, Medium, Question, SourceKind, SpeakerBasis,
    SpeakerKind, Stance, Term, Tier, VerdictValue,
)  # fmt: skip

LANGUAGES: Mapping[str, str] = {"ko": "한국어", "en": "English"}
"""The languages of wordings that have fields of their own, by how they call themselves."""
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
    ("captured", "captured"): Captured,
    ("tier", "tier"): Tier,
    ("correction", "correction"): CorrectionKind,
}
"""First and last step of a path to the words that may stand there."""


_HASH = re.compile("[0-9a-f]{64}")
_HASH_SHOWN = 12
"""Digits that are enough to tell one edition from another."""


def vocabulary_at(path: str) -> type[Term] | None:
    """Return the vocabulary of a field, if it has one."""
    steps = path.split(".")
    return SaidAnswer if path == "verdicts.said.value" else _VOCABULARIES.get((steps[0], steps[-1]))


def value_label(path: str, value: str, label: Callable[[Term], str]) -> str:
    """Return a value as people read it: a vocabulary's word by its label, all else as it is.

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

    >>> known = {"field.verdicts": "판정", "field.rationale": "이유"}
    >>> path_label("verdicts.so.rationale.ko", known.get, lambda term: term.label_ko)
    '판정 (사실 여부) · 이유 (한국어)'
    """
    parts: list[str] = []
    first, *_ = steps = path.split(".")
    for step in steps:
        named = word(f"field.{first}_{step}") or word(f"field.{step}")
        if named and step not in LANGUAGES:
            parts.append(named)
        elif parts:
            parts[-1] += f" {step}" if step.isdigit() else f" ({titles.get(step) or _told_apart(step, label)})"
        else:
            parts.append(step)
    return " · ".join(parts)


def _told_apart(step: str, label: Callable[[Term], str]) -> str:
    """Return what tells an item of a list, or a language, from others; of a hash its beginning."""
    if _HASH.fullmatch(step):
        return step[:_HASH_SHOWN]
    return LANGUAGES.get(step) or next((label(term) for term in Question if term.value == step), step)
