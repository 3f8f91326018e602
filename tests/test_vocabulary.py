"""The closed vocabularies: stored values never change, and every term has a label in both languages."""

from __future__ import annotations

import re
import unicodedata

import pytest

from claimledger import desk_vocabulary, vocabulary
from claimledger.desk_vocabulary import DESK_VOCABULARIES
from claimledger.vocabulary import (
    VOCABULARIES, AliasKind, CorrectionKind, RevisionKind, SeenExtent, Subject, Term, VerdictValue, VerificationStatus,
)  # fmt: skip

EVERY = (*VOCABULARIES, *DESK_VOCABULARIES)
TERMS = [term for terms in EVERY for term in terms]


def test_every_vocabulary_is_listed_once() -> None:
    kinds = [*vars(vocabulary).values(), *vars(desk_vocabulary).values()]
    defined = {kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Term)}
    assert defined - {Term} == set(EVERY)
    assert len(EVERY) == len(set(EVERY))


@pytest.mark.parametrize("terms", EVERY)
def test_a_vocabulary_says_what_it_is_for(terms: type[Term]) -> None:
    assert terms.__doc__
    assert terms.__doc__ != Term.__doc__


@pytest.mark.slow
@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{type(term).__name__}.{term.name}")
def test_stored_value_is_the_lower_case_name_of_its_member(term: Term) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", term.value)
    assert term.value == term.name.lower()


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{type(term).__name__}.{term.name}")
def test_term_has_a_label_in_english_and_korean(term: Term) -> None:
    assert term.label_en.isascii()
    assert re.search("[가-힣]", term.label_ko) or term.label_ko == term.label_en  # PDF is PDF
    for label in (term.label_en, term.label_ko):
        assert label == unicodedata.normalize("NFC", label).strip()


@pytest.mark.parametrize("terms", EVERY)
def test_labels_of_a_vocabulary_are_unique(terms: type[Term]) -> None:
    for labels in ([term.label_en for term in terms], [term.label_ko for term in terms]):
        assert len(labels) == len(set(labels))


def test_term_equals_and_prints_as_its_stored_value() -> None:
    assert VerdictValue("not_checkable") is VerdictValue.NOT_CHECKABLE
    assert f"{VerdictValue.NOT_CHECKABLE}" == str(VerdictValue.NOT_CHECKABLE) == "not_checkable"
    assert VerdictValue.NOT_CHECKABLE.label_ko == "검증 대상 아님"


def test_each_verdict_is_a_status_with_the_same_value_and_label() -> None:
    statuses = {status.value: (status.label_en, status.label_ko) for status in VerificationStatus}
    assert statuses.pop("not_checked")
    assert statuses.pop("nothing_found")  # not enough evidence and no document
    assert statuses == {verdict.value: (verdict.label_en, verdict.label_ko) for verdict in VerdictValue}


def test_values_stored_in_the_log_never_change() -> None:
    """A stored value is never renamed: add to these lists, and remove nothing."""
    assert [*Subject] == ["article", "claim", "appearance", "document", "alias", "earlier_check"]
    assert [*SeenExtent] == ["whole", "opening", "excerpt"]
    assert [*AliasKind] == ["person", "organization", "product", "place", "work", "event", "topic"]
    assert [*RevisionKind] == ["listed", "verdict", "update", "correction", "withdrawal", "redaction"]
    assert [*CorrectionKind] == ["verdict_changed", "verdict_unchanged", "clarification", "retraction"]
    assert [*VerdictValue] == [
        "supported", "refuted", "conflicting_evidence", "not_enough_evidence", "not_checkable",
    ]  # fmt: skip
