"""Names of fields and values of records for readers, the same on pages, in feeds and in charts.

The texts are in Korean or English and are not escaped. An unknown value stays as it is, and no digit is lost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from unicodedata import normalize

from claimledger.agreement import agreement_codes
from claimledger.consistency import FINDING_CODES
from claimledger.labels import field_label
from claimledger.publishing.columns import Meaning
from claimledger.publishing.figure_words import with_separators
from claimledger.publishing.site import PageLanguage, text_and_language
from claimledger.verdicts import independence
from claimledger.verdicts.answers import QuoteCheckStatus
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
    "verdicts.said.value": (QuoteCheckStatus,),
    "medium": (Medium,),
    "tier": (Tier,),
}
"""Fields, or paths of fields, whose values belong to a vocabulary."""
_NUMBERS = frozenset({"amount", "low", "high"})


def meaning_text(meaning: Meaning, language: PageLanguage) -> str:
    """Return the text of a meaning in a language."""
    return meaning.korean if language == "ko" else meaning.english


def label(term: Term, language: PageLanguage) -> str:
    """Return the label of a vocabulary's value.

    >>> label(Stance.REFUTES, "ko")
    '반박'
    """
    return term.label_ko if language == "ko" else term.label_en


def correction_label(kind: CorrectionKind | RevisionKind, language: PageLanguage) -> str:
    """Return the display name of a correction or withdrawal.

    >>> correction_label(CorrectionKind.CLARIFICATION, "ko"), correction_label(RevisionKind.WITHDRAWAL, "en")
    ('정정: 설명 보완', 'Withdrawal')
    """
    name = label(kind, language)
    return f"{label(RevisionKind.CORRECTION, language)}: {name}" if isinstance(kind, CorrectionKind) else name


def field_name(
    path: str, language: PageLanguage, titles: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> str:
    """Return the name of a field by its dotted path; `titles` has the titles of documents by their IDs.

    >>> field_name("quantities.2.amount", "en")
    'Figures › 2 › Value'
    >>> field_name("evidence.port-yearbook-2030.stance", "ko", {"port-yearbook-2030": {"ko": "항만 연감 2030"}})
    '근거 › 항만 연감 2030 › 주장과의 관계'
    """
    return " › ".join(_part_name(path, part, language, titles) for part in path.split("."))


def _part_name(path: str, part: str, language: PageLanguage, titles: Mapping[str, Mapping[str, str]]) -> str:
    if label := field_label(path, part):
        return label[language]
    return text_and_language(titles[part], language)[0] if part in titles else part


def topic_names(topic: str) -> Mapping[str, str]:
    """Return the name of a topic by language: that of `topics.toml`, else its slug with spaces, in English.

    >>> topic_names("jobs"), topic_names("market-share")
    ({'ko': '일자리', 'en': 'jobs'}, {'en': 'market share'})
    """
    return _texts("topics.toml").get(topic) or {"en": topic.replace("-", " ")}


def topic_of_name(name: str) -> str:
    """Return the topic that has a name in `topics.toml`, in any language and case; an empty string if none has it.

    >>> topic_of_name("수출 통제"), topic_of_name("Export controls"), topic_of_name("항만")
    ('export-controls', 'export-controls', '')
    """
    folded = normalize("NFC", name).casefold()
    table = _texts("topics.toml")
    return next((topic for topic, names in table.items() if folded in (each.casefold() for each in names.values())), "")


def _topic(topic: str, language: PageLanguage) -> str:
    names = topic_names(topic)
    return names.get(language) or names["en"]


def value_text(path: str, value: str, language: PageLanguage) -> str:
    """Return a value of a field for readers: labels, names of topics, numbers with separators.

    >>> value_text("verdicts.so.value", "refuted", "ko"), value_text("quantities.1.amount", "13500000", "ko")
    ('사실과 다름', '13,500,000')
    >>> value_text("topics", "jobs, export-controls", "ko")
    '일자리, 수출 통제'
    """
    if path == "topics":
        return ", ".join(_topic(topic, language) for topic in value.split(", "))
    field = path.rpartition(".")[2]
    if field in _NUMBERS and path.startswith("quantities."):
        return with_separators(Decimal(value))
    if field == "code" and (meaning := check_meaning(value)):
        return meaning[language]
    of_field = _VOCABULARIES.get(path) or _VOCABULARIES.get(field, ())
    found = (term for vocabulary in of_field for term in vocabulary if term == value)
    return next((label(term, language) for term in found), value)


def check_meaning(code: str) -> Mapping[str, str]:
    """Return the meaning of an automatic check by language; empty for an unknown code.

    >>> check_meaning("cut-before-but")["ko"] != check_meaning("cut-before-but")["en"], check_meaning("no-check")
    (True, {})
    """
    if code == independence.CODE:
        return independence.MEANING
    found = agreement_codes.AGREEMENT_CODES.get(code) or FINDING_CODES.get(code)
    return {"en": found.en, "ko": found.ko} if found else {}


@cache
def _texts(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of a TOML file of this folder: name to text by language."""
    text = files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
    return {key: wording for key, wording in tomllib.loads(text).items() if isinstance(wording, dict)}
