"""Labels for the columns of the tables and for their values, the same in facets and in the flat table of claims.

The tables keep the stored values, which never change; readers see these labels beside or in place of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from claimledger.consistency import FINDING_CODES
from claimledger.labels import label_text
from claimledger.publishing.site import PageLanguage
from claimledger.publishing.wording import label, topic_names
from claimledger.verdicts.answers import QuoteCheckStatus
from claimledger.vocabulary import (
    AttributionMode, CaptureExtent, Comparator, CorrectionKind, Direction, Kind, Medium, Question, RecordState,
    Relation, RevisionKind, Severity, SourceKind, SpeakerKind, Stance, Subject, Term, Tier, VerificationStatus,
)  # fmt: skip

_VOCABULARIES: Mapping[str, type[Term]] = {
    "verification_status": VerificationStatus,
    "attribution_status": QuoteCheckStatus,
    "attribution": AttributionMode,
    "source_kind": SourceKind,
    "comparator": Comparator,
    "direction": Direction,
    "question": Question,
    "stance": Stance,
    "relation": Relation,
    "medium": Medium,
    "tier": Tier,
    "captured": CaptureExtent,
    "severity": Severity,
    "subject": Subject,
    "record_state": RecordState,
    "claims.kind": Kind,
    "speakers.kind": SpeakerKind,
    "sources.kind": SourceKind,
    "corrections.kind": CorrectionKind,
    "history.kind": RevisionKind,
    "revision.kind": RevisionKind,
    "verdicts.value": VerificationStatus,
}
"""The vocabulary of a column, by its name or by table and name."""
_TOPIC_COLUMNS = ("topic", "topics")
_LABELS: Mapping[str, str] = {
    "verification_status": "field.so", "attribution_status": "field.said", "topic": "field.topics",
    "speaker_organization": "field.organization", "speaker_role": "field.role",
}  # fmt: skip
"""The label of a column that is named differently than its field."""


def column_label(column: str, language: PageLanguage) -> str:
    """Return the label of a column; an empty string if it has none.

    >>> column_label("verification_status", "en"), column_label("topics", "ko"), column_label("waived", "en")
    ('Fact check', '주제', '')
    """
    try:
        return label_text(_LABELS.get(column, f"field.{column}"), language)
    except KeyError:
        return ""


def value_label(table: str, column: str, value: str, language: PageLanguage) -> str:
    """Return the label of a value in a column of a table; a value without a label is not changed.

    >>> value_label("claims", "verification_status", "refuted", "ko"), value_label("claims", "topics", "jobs", "ko")
    ('사실과 다름', '일자리')
    >>> value_label("claims", "kind", "both", "en"), value_label("claims", "speaker", "Seo Mirae", "en")
    ('Figure in a statement', 'Seo Mirae')
    """
    if column in _TOPIC_COLUMNS:
        names = topic_names(value)
        return names.get(language) or names["en"]
    if (table, column) == ("findings", "code") and (meaning := FINDING_CODES.get(value)):
        return meaning.ko if language == "ko" else meaning.en
    vocabulary = _VOCABULARIES.get(f"{table}.{column}") or _VOCABULARIES.get(column)
    found = next((term for term in vocabulary if term == value), None) if vocabulary else None
    return label(found, language) if found else value
