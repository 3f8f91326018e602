"""Records: accepted and refused values, and exact round trips through JSON."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

import msgspec
import newsroom
import pytest
import strategies
from hypothesis import given, settings
from pydantic import BaseModel, ValidationError

from claimledger.models import (
    MODELS, Alias, AliasName, Appearance, Article, ArticleRights, Attribution, Change, CheckedRecord, Claim,
    ClaimReview, Correction, CreativeWork, CreditedPerson, Dismissal, Document, EarlierCheck, Edition, EditionPassage,
    Evidence, EvidencePassage, ForeignReview, LedgerRecord, MachineWording, Party, PassageHash, Publication, Quantity,
    QuoteSelector, Record, RelatedClaim, ReviewRating, Revision, Rights, SearchedPlace, Source, Span, Speaker, Verdict,
    Waiver, record_key,
)  # fmt: skip
from claimledger.scalars import InvalidValue
from claimledger.vocabulary import Kind, Question, Subject, VerdictValue

HASH = "ab" * 32
BRIDGE: Mapping[str, Any] = {
    "claim_id": "bridge-costs-2t-won-hb2k",
    "article_id": "hanbit-bridge",
    "statement": {"ko": "한빛대교 공사비는 약 2조원이다.", "en": "Hanbit Bridge costs about 2 trillion won."},
    "attribution": {"mode": "narration"},
    "source": {"kind": "report", "name": {"ko": "예산서", "en": "Budget"}},
    "quantities": [{"text": "약 2조원", "amount": "2000000000000", "currency": "KRW", "comparator": "about"}],
    "topics": ["bridges"],
}
MAYOR: Mapping[str, Any] = {
    "speaker": {"kind": "person", "name": {"ko": "이수진", "en": "Lee Su-jin"}},
    "attribution": {"mode": "direct_quote", "cue": "말했다", "speaker_basis": "explicit"},
}
SO: Mapping[str, Any] = {
    "question": "so",
    "value": "supported",
    "rationale": {"ko": "예산서와 같다."},
    "as_of": "2024-05",
}


def claim(**fields: Any) -> Claim:  # noqa: ANN401  any JSON value
    """Return the claim about the bridge with some fields changed; None removes a field."""
    values = {name: value for name, value in {**BRIDGE, **fields}.items() if value is not None}
    return Claim.model_validate_json(msgspec.json.encode(values))


def codes(model: type[BaseModel], values: object) -> list[str]:
    """Return the codes of a model's errors: our problem code, or else the error type of pydantic."""
    with pytest.raises(ValidationError) as refusal:
        model.model_validate_json(msgspec.json.encode(values))
    found: list[str] = []
    for detail in refusal.value.errors():
        error = detail.get("ctx", {}).get("error")
        found += [fault.code for fault in error.faults] if isinstance(error, InvalidValue) else [detail["type"]]
    return found


@settings(strategies.few)
@given(strategies.records)
def test_record_reads_back_equal_from_json(record: LedgerRecord) -> None:
    read = type(record).model_validate_json(msgspec.json.encode(record.to_json()))
    assert (read, read.to_json(), hash(read)) == (record, record.to_json(), hash(record))


@settings(strategies.few)
@given(strategies.records)
def test_record_is_rebuilt_from_its_own_fields(record: LedgerRecord) -> None:
    assert type(record)(**dict(record)) == record


@settings(strategies.few)
@given(strategies.records)
def test_record_survives_copying_and_pickling(record: LedgerRecord) -> None:
    assert pickle.loads(pickle.dumps(record)) == copy.deepcopy(record) == record  # noqa: S301  our own bytes


@given(strategies.quantities())
def test_amount_keeps_its_digits_and_scale(quantity: Quantity) -> None:
    read = Quantity.model_validate_json(msgspec.json.encode(quantity.to_json()))
    for name in ("amount", "low", "high"):
        before, after = getattr(quantity, name), getattr(read, name)
        assert before is after is None or str(format(before, "f")) == str(format(after, "f"))


def test_trailing_zero_of_an_amount_is_kept() -> None:
    quantity = Quantity.model_validate_json('{"text": "1.50배", "amount": "1.50", "unit": "times"}')
    assert quantity.to_json()["amount"] == "1.50"
    assert Quantity(text="0", amount=Decimal("1E+3"), unit="person").to_json()["amount"] == "1000"


@settings(strategies.few)
@given(strategies.changes)
def test_change_is_immutable_and_hashable(change: Change) -> None:
    assert hash(change) == hash(Change.model_validate_json(msgspec.json.encode(change.to_json())))
    assert Change.model_validate_json(msgspec.json.encode(change.to_json())) == change


@pytest.mark.parametrize("model", [*MODELS.values(), Revision, Change, Correction])
def test_records_are_frozen(model: type[Record]) -> None:
    name = next(iter(model.model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(model.model_construct(), name, "다른 값")


def test_wording_is_immutable_and_sorted_by_language() -> None:
    statement: Any = claim().statement
    assert list(statement) == ["en", "ko"]
    with pytest.raises(TypeError):
        statement["ko"] = "한빛대교는 없다."
    assert {claim().statement: 1} == {claim().statement: 1}
    assert statement == dict(BRIDGE["statement"])


def test_change_copies_its_values() -> None:
    fields = {"topics": ["bridges"]}
    change = Change(subject=Subject.CLAIM, key="a", base=None, fields=fields)
    fields["topics"].append("roads")
    assert change.to_json()["fields"] == {"topics": ["bridges"]}


RECORDS = [
    CreditedPerson, Publication, Rights, ArticleRights, Span, Dismissal, Edition, Article, PassageHash, QuoteSelector,
    EditionPassage, Appearance, Speaker, Attribution, Source, Quantity, Document, Evidence, Verdict, Waiver,
    RelatedClaim, Claim, Alias, AliasName, EarlierCheck, EvidencePassage, MachineWording, SearchedPlace, Correction,
    Revision, Change, ForeignReview, ClaimReview, Party, ReviewRating, CreativeWork,
]  # fmt: skip


def test_dismissal_contains_text_only_if_rights_allow_it() -> None:
    quote = {"exact": "‘똑똑한’"}
    dismissal = {"position": {"start": 3, "end": 8}, "quote": quote, "reason": {"ko": "반어다."}}
    values = newsroom.article() | {"editions": [{"edition_sha256": "0" * 64, "length": 9, "dismissed": [dismissal]}]}
    assert codes(Article, values) == ["text-not-allowed"]
    values["rights"] = {**values["rights"], "may_hold_text": True}
    Article.model_validate_json(msgspec.json.encode(values))
    values["editions"][0]["dismissed"] = [dismissal | {"position": {"start": 3, "end": 9}}]
    assert codes(Article, values) == ["position-and-quote-differ"]


def test_every_record_class_is_tested() -> None:
    found: set[type[Record]] = set()
    todo: list[type[Record]] = [Record]
    while todo:
        todo += (subclasses := todo.pop().__subclasses__())
        found |= {model for model in subclasses if model.__module__.startswith("claimledger.models.")}
    of_one_subject = {model for model in found if Revision in model.__bases__}
    assert found - {CheckedRecord} - of_one_subject == set(RECORDS)


@pytest.mark.parametrize("model", RECORDS)
def test_record_refuses_unknown_fields(model: type[Record]) -> None:
    assert "extra_forbidden" in codes(model, {"speeker": "누구"})


@pytest.mark.parametrize("model", RECORDS)
def test_every_field_is_described(model: type[Record]) -> None:
    undescribed = [name for name, field in model.model_fields.items() if not field.description]
    assert undescribed == []


@pytest.mark.parametrize("model", RECORDS)
def test_no_field_is_a_plain_dict_or_list(model: type[Record]) -> None:
    parts = [field.annotation for field in model.model_fields.values()]
    while parts:
        part = parts.pop()
        parts += get_args(part)
        assert part not in (dict, list)
        assert getattr(part, "__origin__", None) not in (dict, list)


def test_values_are_not_converted_to_other_types() -> None:
    assert codes(Span, {"start": "1", "end": 2.0}) == ["int_type", "int_type"]
    assert codes(Rights, {"holder": {"ko": "시"}, "statement": {"ko": "된다"}, "may_hold_text": "true"}) == [
        "bool_type"
    ]
    assert codes(Claim, {**BRIDGE, "topics": "bridges"}) == ["tuple_type"]
    assert codes(Claim, {**BRIDGE, "note": "메모"}) == ["dict_type"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Kind.QUANTITATIVE),
        (MAYOR, Kind.BOTH),
        ({**MAYOR, "quantities": None}, Kind.ATTRIBUTED),
        ({"quantities": None, "about_on": "2024"}, Kind.EVENT),
    ],
)
def test_kind_of_a_claim_follows_from_figures_and_speaker(fields: Mapping[str, Any], kind: Kind) -> None:
    assert claim(**fields).kind is kind


def test_verdict_is_found_by_its_question() -> None:
    judged = claim(verdicts=[SO])
    assert judged.verdict_on(Question.SO) is VerdictValue.SUPPORTED
    assert judged.verdict_on(Question.SAID) is None


SPEAKER_WITHOUT_ATTRIBUTION = {**BRIDGE, "speaker": MAYOR["speaker"]}
BROKEN_RULES = [
    (Claim, SPEAKER_WITHOUT_ATTRIBUTION, ["mode-and-speaker", "speaker-and-basis"]),
    (Claim, {**BRIDGE, "attribution": {"mode": "document"}}, ["mode-and-speaker"]),
    (Claim, {**BRIDGE, "attribution": {"mode": "narration", "speaker_basis": "pronoun"}}, ["speaker-and-basis"]),
    (Claim, {**BRIDGE, "quantities": []}, ["happening-without-date"]),
    (Claim, {**BRIDGE, "verdicts": [SO, SO]}, ["question-twice"]),
    (Claim, {**BRIDGE, "waivers": [{"code": "a", "reason": {"en": "b"}}] * 2}, ["waived-twice"]),
    (Claim, {**BRIDGE, "relations": [{"relation": "repeats", "claim_id": BRIDGE["claim_id"]}]}, ["related-to-itself"]),
    (Claim, {**BRIDGE, "relations": [{"relation": "repeats", "claim_id": "a-b2c3"}] * 2}, ["related-twice"]),
    (Claim, {**BRIDGE, "verdicts": [SO, SO, SO]}, ["too_long"]),
    (Claim, {**BRIDGE, "topics": []}, ["too_short"]),
    (Claim, {**BRIDGE, "statement": {}}, ["too_short"]),
    (Claim, {**BRIDGE, "statement": {"ko": " \u200b\n"}}, ["empty-text"]),
    (Claim, {**BRIDGE, "statement": {"kr": "한빛대교"}}, ["country-for-language"]),
    (Claim, {**BRIDGE, "claim_id": "bridge"}, ["string_pattern_mismatch"]),
    (Claim, {**BRIDGE, "claim_id": f"{'a' * 41}-hb2k"}, ["string_too_long"]),
    (Claim, {**BRIDGE, "article_id": "log"}, ["reserved-name"]),
    (Quantity, {"text": "2조원", "amount": "2", "unit": "won", "currency": "KRW"}, ["unit-or-currency"]),
    (Quantity, {"text": "2조원"}, ["unit-or-currency", "no-amount"]),
    (Quantity, {"text": "3~2명", "low": "3", "high": "2", "unit": "person"}, ["range-backward"]),
    (Quantity, {"text": "2명", "amount": "2", "currency": "won"}, ["string_pattern_mismatch"]),
    (Span, {"start": 2, "end": 2}, ["span-backward"]),
    (Span, {"start": -1, "end": 2}, ["greater_than_equal"]),
    (PassageHash, {"length": 0, "sha256": HASH}, ["greater_than_equal"]),
    (QuoteSelector, {"exact": 5}, ["union_tag_not_found"]),
    (QuoteSelector, {"exact": ["2조원"]}, ["union_tag_not_found"]),
    (QuoteSelector, {"exact": ""}, ["string_too_short"]),
    (QuoteSelector, {"exact": {"length": 2}}, ["missing"]),
    (QuoteSelector, {"exact": "2조원", "prefix": 1}, ["union_tag_not_found"]),
]  # fmt: skip


@pytest.mark.parametrize(("model", "values", "expected"), BROKEN_RULES)
def test_broken_rule_is_reported_once_with_its_code(
    model: type[Record], values: Mapping[str, Any], expected: list[str]
) -> None:
    assert codes(model, values) == expected


ARTICLE: Mapping[str, Any] = {
    "article_id": "hanbit-bridge",
    "headline": {"ko": "한빛대교 내년 착공"},
    "publisher": {"ko": "시민일보"},
    "published_on": "2024-03-14",
    "language": "ko",
    "rights": {"holder": {"ko": "시민일보"}, "statement": {"ko": "옮겨 실을 수 있다."}},
}
DOCUMENT: Mapping[str, Any] = {
    "document_id": "city-budget-2024",
    "medium": "pdf",
    "title": {"ko": "2024년 예산서"},
    "language": "ko",
    "obtained_at": "2024-04-01T09:30:00.000Z",
    "captured": "none",
    "tier": "primary",
}


def test_article_has_each_edition_once() -> None:
    edition = {"edition_sha256": HASH, "length": 9}
    assert codes(Article, {**ARTICLE, "editions": [edition, edition]}) == ["edition-twice"]


def test_document_without_a_copy_has_no_hash_and_no_loop() -> None:
    values = {**DOCUMENT, "content_sha256": HASH, "derives_from": ["city-budget-2024"]}
    assert codes(Document, values) == ["hash-without-bytes", "derives-from-itself"]
    stored = {**DOCUMENT, "captured": "full", "content_sha256": HASH, "rights": ALLOWED}
    assert Document.model_validate_json(msgspec.json.encode(stored))


ALLOWED = {"holder": {"en": "The city"}, "statement": {"en": "Free to copy."}, "may_hold_text": True}
WITHHELD: Mapping[str, Any] = {
    "document_id": "document-hb2k", "medium": "call", "captured": "none", "tier": "primary", "is_withheld": True,
}  # fmt: skip


def test_full_copy_needs_rights_and_a_hash() -> None:
    assert codes(Document, {**DOCUMENT, "captured": "full"}) == ["bytes-not-allowed", "bytes-without-hash"]
    forbidden = {**DOCUMENT, "captured": "full", "content_sha256": HASH, "rights": {**ALLOWED, "may_hold_text": False}}
    assert codes(Document, forbidden) == ["bytes-not-allowed"]


def test_withheld_document_has_no_identifying_fields() -> None:
    assert Document.model_validate_json(msgspec.json.encode(WITHHELD)).title is None
    identity = {name: DOCUMENT[name] for name in ("title", "language", "obtained_at")}
    assert codes(Document, {**WITHHELD, **identity}) == ["identity-told"] * 3
    assert codes(Document, {**WITHHELD, "captured": "excerpt"}) == ["withheld-and-held"]
    assert codes(Document, {**WITHHELD, "is_withheld": False}) == ["missing-field"] * 3


def appearance(place: int = 1) -> Appearance:
    """Return an appearance of the claim about the bridge."""
    return Appearance(
        claim_id="bridge-costs-2t-won-hb2k",
        article_id="hanbit-bridge",
        edition_sha256=HASH,
        place=place,
        position=Span(start=3, end=8),
        quote=QuoteSelector(exact="약 2조원"),
    )


def test_position_and_quote_have_the_same_length() -> None:
    values = {**appearance().to_json(), "position": {"start": 3, "end": 9}}
    assert codes(Appearance, values) == ["position-and-quote-differ"]


def test_record_keys_identify_each_record() -> None:
    assert record_key(claim()) == "bridge-costs-2t-won-hb2k"
    assert record_key(Article.model_validate_json(msgspec.json.encode(ARTICLE))) == "hanbit-bridge"
    assert record_key(Document.model_validate_json(msgspec.json.encode(DOCUMENT))) == "city-budget-2024"
    assert record_key(appearance()) == "bridge-costs-2t-won-hb2k@abababababab"
    assert record_key(appearance(place=2)) == "bridge-costs-2t-won-hb2k@abababababab.2"


LISTED: Mapping[str, Any] = {
    "format": 1,
    "nonce": "0" * 32,
    "number": 1,
    "subject": "claim",
    "key": "bridge-costs-2t-won-hb2k",
    "revision": 1,
    "kind": "listed",
    "recorded_at": "2024-06-01T09:00:00.000Z",
    "authors": ["kim"],
    "approver": "lee",
    "reason": "처음 실음",
    "record": BRIDGE,
}
NOTE = {"kind": "clarification", "public_note": {"ko": "단위를 고쳤다."}}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"revision": 2, "prev": HASH, "kind": "update"},
        {"revision": 2, "prev": HASH, "kind": "correction", "correction": NOTE},
    ],
)
def test_consistent_revision_reads_back_equal(fields: Mapping[str, Any]) -> None:
    revision = Revision.model_validate_json(msgspec.json.encode({**LISTED, **fields}))
    assert revision.to_json() == {**LISTED, **fields}
    assert hash(revision) == hash(Revision.model_validate_json(msgspec.json.encode(revision.to_json())))


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "another-claim-hb2k"},
        {"subject": "article"},
        {"prev": HASH},
        {"revision": 2, "kind": "update"},
        {"revision": 2, "prev": HASH},
        {"kind": "update"},
        {"revision": 2, "prev": HASH, "kind": "correction"},
        {"correction": NOTE},
        {"approver": "kim"},
        {"authors": []},
        {"format": 2},
        {"recorded_at": "2024-06-31T09:00:00.000Z"},
        {"reason": " "},
    ],
)
def test_inconsistent_revision_is_refused(fields: Mapping[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Revision.model_validate_json(msgspec.json.encode({**LISTED, **fields}))
