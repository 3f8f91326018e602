"""Convert the public versions of a record to the rows of `ledger.db`.

The versions are those of one record, oldest first, and already validated. The rows follow from the versions only: a
record appears as its newest version says, and a withdrawn record keeps its rows. Nothing is read or written here, and
there is no SQL.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import msgspec

from claimledger import consistency
from claimledger.consistency import conflicting_values
from claimledger.models import (
    Appearance, Article, Claim, Document, PassageHash, Quantity, Revision, LedgerRecord, Wording,
)  # fmt: skip
from claimledger.publishing.cells import best_wording, best_wording_or_none, join_distinct, sqlite_number
from claimledger.publishing.field_changes import FieldChange, field_changes
from claimledger.publishing.change_rows import CorrectionRow, HistoryRow
from claimledger.publishing.rows import (
    AppearanceRow, ArticleRow, ClaimRow, DocumentRow, EditionRow, EvidenceRow, FindingRow, QuantityRow, RelationRow,
    RevisionRow, TopicRow, VerdictRow, VocabularyRow,
)  # fmt: skip
from claimledger.publishing.tally import source_key
from claimledger.vocabulary import (
    VOCABULARIES, CaptureExtent, Question, RecordState, RevisionKind, SpeakerKind, Term, VerificationStatus,
)  # fmt: skip

_Model = TypeVar("_Model", Article, Claim, Appearance, Document)

TableRow = tuple[Any, ...]
"""A row of `ledger.db`. Its type is one of the NamedTuples of `rows` and says which table it belongs to."""

CHANGES_PER_REVISION = 10_000
"""More changes than one revision can contain, because its body has at most 65,535 bytes."""


class RecordVersion(NamedTuple):
    """A public version of a record with its hash and its JSON text."""

    revision: Revision
    sha256: str
    """The hash of the body."""
    body: str
    """The body as canonical JSON."""


class RecordSummary(NamedTuple):
    """A summary of all versions of a record."""

    revision_count: int
    first_recorded_at: str
    last_recorded_at: str
    last_actor: str
    is_corrected: bool
    record_state: RecordState


def summarize_versions(versions: Sequence[RecordVersion]) -> RecordSummary:
    """Return the summary of a record's versions. A redaction does not change whether it is listed or withdrawn."""
    kinds = [version.revision.kind for version in versions]
    lasting = [kind for kind in kinds if kind is not RevisionKind.REDACTION]
    last = versions[-1].revision
    return RecordSummary(
        len(versions), versions[0].revision.recorded_at, last.recorded_at, last.authors[0],
        RevisionKind.CORRECTION in kinds,
        RecordState.WITHDRAWN if lasting[-1] is RevisionKind.WITHDRAWAL else RecordState.LISTED,
    )  # fmt: skip


def claim_rows(
    versions: Sequence[RecordVersion], alike: Container[str], at_hand: consistency.CheckContext
) -> Iterator[TableRow]:
    """Yield the rows of a claim. `alike` contains the source names that more than one source has."""
    claim = newest_record(versions, Claim)
    standing = summarize_versions(versions)
    yield _claim_row(claim, standing, source_key(claim.source, alike))
    for position, (quantity, keys) in enumerate(
        zip(claim.quantities, conflicting_values.figure_keys(claim), strict=True), start=1
    ):
        yield _quantity_row(claim.claim_id, position, quantity, keys)
    status = _verification_status(claim) if standing.record_state is RecordState.LISTED else None
    for topic in sorted(set(claim.topics)):
        yield TopicRow(claim.claim_id, topic, status)
    for verdict in sorted(claim.verdicts, key=lambda verdict: str(verdict.question)):
        yield VerdictRow(
            claim.claim_id, str(verdict.question), str(verdict.value), verdict.rationale.get("en"),
            verdict.rationale.get("ko"), verdict.as_of, verdict.recheck_after,
        )  # fmt: skip
    for position, evidence in enumerate(claim.evidence, start=1):
        yield EvidenceRow(
            claim.claim_id, position, evidence.document_id, str(evidence.stance), evidence.summary.get("en"),
            evidence.summary.get("ko"), evidence.excerpt,
        )  # fmt: skip
    for position, related in enumerate(claim.relations, start=1):
        yield RelationRow(claim.claim_id, position, str(related.relation), related.claim_id)
    for position, found in enumerate(consistency.consistency_findings(claim, at_hand), start=1):
        yield finding_row(found, position, is_waived=consistency.is_finding_waived(claim, found))


def finding_row(found: consistency.Finding, position: int, *, is_waived: bool) -> FindingRow:
    """Return the row of a finding of the automatic checks."""
    return FindingRow(
        found.claim_id, position, found.code, str(found.meaning.severity), found.en, found.ko, found.field,
        int(is_waived), found.other_claim_id, found.document_id,
    )  # fmt: skip


def newest_record(versions: Sequence[RecordVersion], model: type[_Model]) -> _Model:
    """Return the record of the newest version.

    Raises:
        TypeError: the record is not a `model`.
    """
    record = versions[-1].revision.record
    if not isinstance(record, model):
        raise TypeError(f"versions of {model.__name__} expected, not of {type(record).__name__}")
    return record


def _verification_status(claim: Claim) -> str:
    return _value(claim.verdict_on(Question.SO)) or str(VerificationStatus.NOT_CHECKED)


def _claim_row(claim: Claim, standing: RecordSummary, source: str) -> ClaimRow:
    speaker = claim.speaker
    quantity = claim.quantities[0] if claim.quantities else None
    unsaid_status = str(VerificationStatus.NOT_CHECKED) if speaker else None
    return ClaimRow(
        claim_id=claim.claim_id,
        statement_en=claim.statement.get("en"),
        statement_ko=claim.statement.get("ko"),
        kind=str(claim.kind),
        speaker=best_wording(speaker.name) if speaker else None,
        speaker_role=best_wording_or_none(speaker.role) if speaker else None,
        speaker_organization=best_wording_or_none(speaker.organization) if speaker else None,
        speaker_is_anonymous=int(speaker is not None and speaker.kind is SpeakerKind.ANONYMOUS),
        attribution=str(claim.attribution.mode),
        source=source,
        source_kind=str(claim.source.kind),
        amount=sqlite_number(quantity.amount) if quantity else None,
        unit=quantity.unit if quantity else None,
        currency=quantity.currency if quantity else None,
        comparator=_value(quantity.comparator) if quantity else None,
        amount_text=quantity.text if quantity else None,
        topic=claim.topics[0],
        article=claim.article_id,
        said_on=claim.said_on,
        about_on=claim.about_on,
        verification_status=_verification_status(claim),
        attribution_status=_value(claim.verdict_on(Question.SAID)) or unsaid_status,
        is_corrected=int(standing.is_corrected),
        revision_count=standing.revision_count,
        first_recorded_at=standing.first_recorded_at,
        last_recorded_at=standing.last_recorded_at,
        last_actor=standing.last_actor,
        note_en=claim.note.get("en") if claim.note else None,
        note_ko=claim.note.get("ko") if claim.note else None,
        waived=", ".join(waiver.code for waiver in claim.waivers) if claim.waivers else None,
        record_state=str(standing.record_state),
    )


def _quantity_row(claim_id: str, position: int, quantity: Quantity, keys: Mapping[str, str]) -> QuantityRow:
    return QuantityRow(
        claim_id=claim_id,
        position=position,
        amount=sqlite_number(quantity.amount),
        low=sqlite_number(quantity.low),
        high=sqlite_number(quantity.high),
        unit=quantity.unit,
        currency=quantity.currency,
        comparator=_value(quantity.comparator),
        direction=_value(quantity.direction),
        amount_text=quantity.text,
        fact_en=keys.get("en"),
        fact_ko=keys.get("ko"),
    )


def _value(term: Term | None) -> str | None:
    return str(term) if term else None


def search_texts(claim: Claim) -> Iterator[str]:
    """Return the texts that a claim can be found by: statement, speaker, source, figures and topics.

    The headline of its article is not among them: one word in it would find every claim of the article.
    """
    speaker = claim.speaker
    wordings: list[Wording | None] = [claim.statement, claim.source.name]
    if speaker:
        wordings += [speaker.name, speaker.role, speaker.organization]
    texts = [text for wording in wordings if wording is not None for text in wording.values()]
    return iter([*texts, *(quantity.text for quantity in claim.quantities), *claim.topics])


def appearance_rows(versions: Sequence[RecordVersion]) -> Iterator[TableRow]:
    """Yield the row of a claim's appearance."""
    appearance = newest_record(versions, Appearance)
    exact = appearance.quote.exact
    passage = passage_hash(exact) if isinstance(exact, str) else exact
    yield AppearanceRow(
        claim_id=appearance.claim_id,
        edition_sha256=appearance.edition_sha256,
        place=appearance.place,
        article=appearance.article_id,
        start=appearance.position.start,
        end=appearance.position.end,
        quote=exact if isinstance(exact, str) else None,
        quote_length=passage.length,
        quote_sha256=passage.sha256,
        record_state=str(summarize_versions(versions).record_state),
    )


def passage_hash(passage: str) -> PassageHash:
    """Return a passage's length in code points and its SHA-256, which are stored when the text may not be."""
    return PassageHash(length=len(passage), sha256=sha256(passage.encode()).hexdigest())


def article_rows(versions: Sequence[RecordVersion], claim_count: int) -> Iterator[TableRow]:
    """Yield the rows of an article and its editions."""
    article = newest_record(versions, Article)
    original = article.original
    yield ArticleRow(
        article=article.article_id,
        headline=best_wording(article.headline),
        headline_ko=article.headline.get("ko"),
        publisher=best_wording(article.publisher),
        issue=article.issue,
        published_on=article.published_on,
        language=article.language,
        section=best_wording_or_none(article.section),
        authors=join_distinct(best_wording(person.name) for person in article.authors),
        translators=join_distinct(best_wording(person.name) for person in article.translators),
        original_publisher=best_wording(original.publisher) if original else None,
        original_published_on=original.published_on if original else None,
        address=article.address,
        rights_holder=best_wording(article.rights.holder),
        claim_count=claim_count,
        record_state=str(summarize_versions(versions).record_state),
    )
    editions = {edition.edition_sha256: edition for edition in article.editions}
    for position, edition in enumerate(editions.values(), start=1):
        yield EditionRow(article.article_id, edition.edition_sha256, position, edition.length, len(edition.dismissed))


def document_rows(versions: Sequence[RecordVersion], claim_count: int) -> Iterator[TableRow]:
    """Yield the row of a document."""
    document = newest_record(versions, Document)
    yield DocumentRow(
        document_id=document.document_id,
        title=record_title(document),
        title_ko=(document.title or _WITHHELD).get("ko"),
        medium=str(document.medium),
        tier=str(document.tier),
        publisher=best_wording_or_none(document.publisher),
        language=document.language,
        published_on=document.published_on,
        address=document.address,
        archived_address=document.archived_address,
        obtained_at=document.obtained_at,
        captured=str(document.captured),
        content_sha256=document.content_sha256,
        derives_from=join_distinct(document.derives_from),
        claim_count=claim_count,
        record_state=str(summarize_versions(versions).record_state),
    )


def change_rows(versions: Sequence[RecordVersion]) -> Iterator[TableRow]:
    """Yield the history and the corrections of a record: one row for the first version, then one per changed field."""
    first = versions[0]
    yield from _change_rows(first, [FieldChange("", None, record_title(first.revision.record))])
    if len(versions) == 1:
        return
    records = [msgspec.json.decode(version.body)["record"] for version in versions]
    for version, (before, after) in zip(versions[1:], pairwise(records), strict=True):
        yield from _change_rows(version, field_changes(before, after) or [FieldChange("", None, None)])


def _change_rows(version: RecordVersion, found: Iterable[FieldChange]) -> Iterator[TableRow]:
    revision = version.revision
    what = (str(revision.subject), revision.key, _claim_id(revision.record), revision.revision)
    actor, approver, reason, time = revision.authors[0], revision.approver, revision.reason, revision.recorded_at
    for change_id, change in enumerate(found, start=revision.number * CHANGES_PER_REVISION + 1):
        kind = str(revision.kind)
        yield HistoryRow(change_id, *what, kind, *change, actor, approver, reason, time, version.sha256)
        if revision.correction:
            note, kind = revision.correction.public_note, str(revision.correction.kind)
            notes = (note.get("en"), note.get("ko"))
            yield CorrectionRow(change_id, *what, kind, *change, *notes, reason, actor, approver, time)


def _claim_id(record: LedgerRecord) -> str | None:
    return record.claim_id if isinstance(record, Claim | Appearance) else None


_WITHHELD = {"en": "Confidential document", "ko": "비공개 문서"}
"""The title of a confidential document."""


def record_title(record: LedgerRecord) -> str:
    """Return the display title of a record."""
    match record:
        case Claim():
            return best_wording(record.statement)
        case Article():
            return best_wording(record.headline)
        case Document():
            return best_wording(record.title or _WITHHELD)
        case Appearance():
            return f"{record.article_id} {record.position.start}–{record.position.end}"


class _Envelope(msgspec.Struct):
    """The metadata of a body. The record in it is not validated here."""

    number: int
    subject: str
    key: str
    revision: int
    kind: str
    recorded_at: str
    authors: list[str]
    approver: str


_envelopes = msgspec.json.Decoder(_Envelope)


def revision_row(digest: str, body: bytes) -> RevisionRow:
    """Return the row of a body of the log with its SHA-256.

    Raises:
        msgspec.MsgspecError: the body is not JSON or lacks a field that every revision has.
    """
    envelope = _envelopes.decode(body)
    return RevisionRow(
        number=envelope.number,
        sha256=digest,
        subject=envelope.subject,
        key=envelope.key,
        revision=envelope.revision,
        kind=envelope.kind,
        recorded_at=envelope.recorded_at,
        actor=envelope.authors[0] if envelope.authors else "",
        approver=envelope.approver,
        body=body.decode(),
    )


_VOCABULARY_NAMES: Mapping[type[Term], str] = {CaptureExtent: "captured"}
"""The names of vocabularies in `ledger.db` that are not their class names; stored names do not change."""


def vocabulary_rows() -> Iterator[VocabularyRow]:
    """Yield the values of the closed vocabularies and the codes of the automatic checks."""
    for vocabulary in VOCABULARIES:
        name = _VOCABULARY_NAMES.get(vocabulary) or re.sub(r"(?<!^)(?=[A-Z])", "_", vocabulary.__name__).lower()
        for term in vocabulary:
            yield VocabularyRow(name, str(term), term.label_en, term.label_ko, str(vocabulary.__doc__))
    for code, meaning in consistency.FINDING_CODES.items():
        yield VocabularyRow("finding_code", code, meaning.en, meaning.ko, "The result of an automatic check.")
