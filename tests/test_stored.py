"""Reading stored bodies without validation: the result equals the validated one, and other shapes are refused."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field, ValidationError, field_validator

from claimledger.ledger.canonical import encode_body
from claimledger.models import MODELS, Claim, LedgerRecord, Record, Revision, record_key, stored
from claimledger.scalars import FrozenMap
from claimledger.vocabulary import CorrectionKind, RevisionKind, Subject

made_ledger = importlib.import_module("tests.made_ledger")
REPOSITORY = Path(__file__).parent.parent


def log_bodies(folder: Path) -> list[bytes]:
    return [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_bytes().splitlines()]


def assert_same(found: object, expected: object) -> None:
    """Compare two values and all their parts, with classes, the order of fields, and the set of given fields."""
    assert found.__class__ is expected.__class__
    assert found == expected
    if isinstance(expected, Record) and isinstance(found, Record):
        assert found.model_fields_set == expected.model_fields_set
        assert list(vars(found)) == list(vars(expected))
        for name, value in vars(expected).items():
            assert_same(getattr(found, name), value)
    elif isinstance(expected, tuple) and isinstance(found, tuple):
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, FrozenMap) and isinstance(found, FrozenMap):
        assert list(found.items()) == list(expected.items())


def assert_reads_like_pydantic(body: bytes) -> None:
    expected = Revision.model_validate_json(body)
    found = stored.read_revision(body)
    assert_same(found, expected)
    assert found.to_json() == expected.to_json()
    assert encode_body(found.to_json()) == encode_body(expected.to_json())
    assert hash(found) == hash(expected)
    assert_same(stored.read_record(expected.subject, msgspec.json.decode(body)["record"]), expected.record)


@pytest.mark.parametrize("form", [bytes, bytes.decode])
def test_bodies_of_the_log_are_read_like_pydantic(form: Callable[[bytes], bytes | str]) -> None:
    bodies = log_bodies(REPOSITORY / "claims" / "log")
    assert len(bodies) > 500
    for body in bodies:
        assert_same(stored.read_revision(form(body)), Revision.model_validate_json(body))


def test_bodies_of_a_generated_log_are_read_like_pydantic(tmp_path: Path) -> None:
    for body in log_bodies(made_ledger.write_log(tmp_path)):
        assert_reads_like_pydantic(body)


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    """Draw a revision of any kind and record."""
    record: LedgerRecord = draw(strategies.records)
    number = draw(st.integers(1, 3))
    correction = draw(strategies.maybe(strategies.corrections)) if number > 1 else None
    kind = RevisionKind.CORRECTION if correction else RevisionKind.UPDATE if number > 1 else RevisionKind.LISTED
    return Revision(
        format=1, nonce=draw(st.text("0123456789abcdef", min_size=32, max_size=32)), number=number,
        subject=next(subject for subject, model in MODELS.items() if type(record) is model), key=record_key(record),
        revision=number, prev=draw(strategies.hashes) if number > 1 else None, kind=kind,
        recorded_at=draw(strategies.times), authors=draw(st.sampled_from([("haru",), ("haru", "nara")])),
        approver="sora", reason=draw(strategies.texts), record=record, correction=correction,
    )  # fmt: skip


@pytest.mark.slow
@strategies.few
@given(revisions())
def test_generated_revisions_are_read_like_pydantic(revision: Revision) -> None:
    assert_reads_like_pydantic(encode_body(revision.to_json()))


@pytest.mark.slow
@strategies.few
@given(revisions())
def test_every_field_may_be_given_with_its_default(revision: Revision) -> None:
    assert_reads_like_pydantic(msgspec.json.encode(revision.model_dump(mode="json")))


def test_read_record_is_frozen_and_can_be_copied() -> None:
    claim = stored.read_record(Subject.CLAIM, claim_json())
    with pytest.raises(ValidationError, match="frozen"):
        setattr(claim, "said_on", None)  # noqa: B010  mypy would refuse the assignment
    assert claim.model_copy(update={"said_on": "2031"}).model_fields_set == claim.model_fields_set | {"said_on"}
    assert Claim.model_validate(claim) == claim == claim.model_copy(deep=True)


def figure(amount: object) -> dict[str, Any]:
    return {"text": "12%", "amount": amount, "unit": "percent"}


def claim_json(**fields: object) -> dict[str, Any]:
    return {
        "claim_id": "harbour-budget-aaaa", "article_id": "weekly-1", "statement": {"ko": "예산은 12% 늘었다."},
        "attribution": {"mode": "narration"}, "source": {"kind": "report", "name": {"en": "A report"}},
        "quantities": [figure("12")], "topics": ["budget"], **fields,
    }  # fmt: skip


def body(record: object, **fields: object) -> bytes:
    return msgspec.json.encode({
        "format": 1, "nonce": "0" * 32, "number": 1, "subject": "claim", "key": "harbour-budget-aaaa", "kind": "listed",
        "revision": 1, "recorded_at": "2025-05-02T09:00:00.000Z", "authors": ["haru"], "approver": "sora",
        "reason": "First reading.", "record": record, **fields,
    })  # fmt: skip


SHAPES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b'{"format": 1', ""),
    "no UTF-8": (b'"\xff"', ""),
    "a list": (b"[]", ""),
    "no fields": (b"{}", "format"),
    "an unknown field": (body(claim_json(), note="새로"), "note"),
    "another format": (body(claim_json(), format=2), "format"),
    "a number for a text": (body(claim_json(), reason=5), "reason"),
    "a truth value for a number": (body(claim_json(), number=True), "number"),
    "a text for a list": (body(claim_json(), authors="haru"), "authors"),
    "a number in a list of texts": (body(claim_json(), authors=[5]), "authors"),
    "null for a required field": (body(None), "record"),
    "an unknown subject": (body(claim_json(), subject="person"), "subject"),
    "a record of another subject": (body(claim_json(), subject="article"), "record"),
    "a missing field of the record": (body({"statement": {"en": "It grew."}}), "record.claim_id"),
    "an unknown field of the record": (body(claim_json(truth=1)), "record.truth"),
    "an unknown word": (body(claim_json(attribution={"mode": "shouted"})), "record.attribution.mode"),
    "a wording without text": (body(claim_json(statement={})), "record.statement"),
    "a wording with a number": (body(claim_json(statement={"en": 5})), "record.statement"),
    "a fraction for an amount": (body(claim_json(quantities=[figure(1.5)])), "record.quantities.amount"),
    "words for an amount": (body(claim_json(quantities=[figure("one")])), "record.quantities.amount"),
    "a text for a model": (body(claim_json(source="A report")), "record.source"),
    "texts for models": (body(claim_json(quantities=["12%"])), "record.quantities"),
    "nulls for models": (body(claim_json(quantities=[None])), "record.quantities"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_other_shapes_are_refused_with_their_field(shape: str) -> None:
    refused, field = SHAPES[shape]
    with pytest.raises(stored.WrongShape) as refusal:
        stored.read_revision(refused)
    assert refusal.value.field == field
    assert field in str(refusal.value)
    with pytest.raises(ValidationError):
        stored.read_or_validate(Subject.CLAIM, refused)


def test_validation_names_the_faults_of_the_one_subject() -> None:
    with pytest.raises(ValidationError) as refusal:
        stored.read_or_validate(Subject.CLAIM, body(claim_json(topics="budget")))
    assert [one["loc"] for one in refusal.value.errors()] == [("record", "topics")]
    with pytest.raises(ValidationError):
        stored.read_or_validate(Subject.ARTICLE, body(claim_json()))
    assert stored.read_or_validate(Subject.CLAIM, body(claim_json())) == stored.read_revision(body(claim_json()))


def test_an_unsorted_wording_is_sorted_like_that_of_pydantic() -> None:
    unsorted = body(claim_json(statement={"ko": "나", "en": "b", "zh": "丙"}))
    assert_same(stored.read_revision(unsorted), Revision.model_validate_json(unsorted))


class UpperCaseText(Record):
    """A model whose field has a validator that no reader knows."""

    date: Annotated[str, AfterValidator(str.upper)]


class FieldValidatorRecord(Record):
    """A model with a validator of a field."""

    name: str

    @field_validator("name")
    @classmethod
    def _upper(cls, name: str) -> str:
        return name.upper()


class AliasRecord(Record):
    """A model with an alias."""

    name: str = Field(alias="label")


class FractionRecord(Record):
    """A model with a type that no reader knows."""

    value: float


class EqualUnionRecord(Record):
    """A model with a union whose members look alike."""

    value: CorrectionKind | RevisionKind


@pytest.mark.parametrize("model", [UpperCaseText, FieldValidatorRecord, AliasRecord, FractionRecord, EqualUnionRecord])
def test_model_with_an_unknown_hint_has_no_reader(model: type[Record]) -> None:
    with pytest.raises(TypeError):
        stored._model_reader(model)
