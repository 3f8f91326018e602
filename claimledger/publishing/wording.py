"""Words, fields and values of records as people read them, the same on a page, in a feed and in a picture.

In: what a record holds. Out: text in Korean or English, not escaped. The invariant: a word we do not know stays as it
is, and no digit is lost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from claimledger.publishing.columns import Meaning
from claimledger.publishing.figure_words import grouped
from claimledger.publishing.site import Language, in_language
from claimledger.verdicts.answers import SaidAnswer
from claimledger.vocabulary import (
    AttributionMode, Comparator, CorrectionKind, Direction, Medium, RevisionKind, SourceKind, SpeakerBasis, SpeakerKind,
    Stance, Term, Tier, VerdictValue,
)  # fmt: skip

_VOCABULARIES: Mapping[str, tuple[type[Term], ...]] = {
    "kind": (SpeakerKind, SourceKind),
    "mode": (AttributionMode,),
    "speaker_basis": (SpeakerBasis,),
    "comparator": (Comparator,),
    "direction": (Direction,),
    "stance": (Stance,),
    "value": (VerdictValue,),
    "verdicts.said.value": (SaidAnswer,),
    "medium": (Medium,),
    "tier": (Tier,),
}
"""Fields, or paths of fields, whose values are words of a vocabulary."""
_NUMBERS = frozenset({"amount", "low", "high"})


def said(meaning: Meaning, language: Language) -> str:
    """Return a meaning in a language."""
    return meaning.korean if language == "ko" else meaning.english


def label(term: Term, language: Language) -> str:
    """Return a vocabulary word's label.

    >>> label(Stance.REFUTES, "ko")
    '반박'
    """
    return term.label_ko if language == "ko" else term.label_en


def kind_of_correction(kind: CorrectionKind | RevisionKind, language: Language) -> str:
    """Return what a correction or a withdrawal is called: of a correction that it is one, too.

    >>> kind_of_correction(CorrectionKind.VERDICT_UNCHANGED, "ko"), kind_of_correction(RevisionKind.WITHDRAWAL, "en")
    ('정정 (판정 유지)', 'withdrawal')
    """
    told = label(kind, language)
    return f"{label(RevisionKind.CORRECTION, language)} ({told})" if isinstance(kind, CorrectionKind) else told


def field_name(path: str, language: Language, titles: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> str:
    """Return the name of a field by its dotted path; `titles` are those of documents, by their names.

    >>> field_name("quantities.2.amount", "en")
    'Figures › 2 › number'
    >>> field_name("evidence.port-yearbook-2030.stance", "ko", {"port-yearbook-2030": {"ko": "항만 연감 2030"}})
    '근거 › 항만 연감 2030 › 주장과의 관계'
    """
    known = _held("fields.toml")
    called = {name: in_language(title, language)[0] for name, title in titles.items()}
    parts = (known.get(part, {}).get(language) or called.get(part, part) for part in path.split("."))
    return " › ".join(parts)


def topic_names(topic: str) -> Mapping[str, str]:
    """Return what a topic is called, by language: as `topics.toml` has it, else in English its slug with spaces.

    >>> topic_names("jobs"), topic_names("market-share")
    ({'ko': '일자리', 'en': 'jobs'}, {'en': 'market share'})
    """
    return _held("topics.toml").get(topic) or {"en": topic.replace("-", " ")}


def _topic(topic: str, language: Language) -> str:
    names = topic_names(topic)
    return names.get(language) or names["en"]


def value_text(path: str, value: str, language: Language) -> str:
    """Return a value of a field: a vocabulary's word by its label, topics in words, a number with separators.

    >>> value_text("verdicts.so.value", "refuted", "ko"), value_text("quantities.1.amount", "13500000", "ko")
    ('사실과 다름', '13,500,000')
    >>> value_text("topics", "jobs, export-controls", "ko")
    '일자리, 수출 통제'
    """
    if path == "topics":
        return ", ".join(_topic(topic, language) for topic in value.split(", "))
    field = path.rpartition(".")[2]
    if field in _NUMBERS and path.startswith("quantities."):
        return grouped(Decimal(value))
    of_field = _VOCABULARIES.get(path) or _VOCABULARIES.get(field, ())
    found = (term for vocabulary in of_field for term in vocabulary if term == value)
    return next((label(term, language) for term in found), value)


@cache
def _held(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return a file of this folder: what is named there, to its wording by language."""
    text = files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
    return {key: wording for key, wording in tomllib.loads(text).items() if isinstance(wording, dict)}
