"""Convert the public versions of a record to the rows of `ledger.db`.

The versions are those of one record, oldest first. The rows follow from the versions and from the rights of the
article: a record appears as its newest version says, and a withdrawn record keeps its rows. Nothing is read or written
here, and there is no SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from claimledger import consistency
from claimledger.consistency import conflicting_values
from claimledger.models import (
    Alias, Appearance, Article, Claim, Document, EarlierCheck, EvidencePassage, Quantity, Revision, LedgerRecord,
    SearchedPlace, Wording,
)  # fmt: skip
from claimledger.publishing.cells import best_wording, best_wording_or_none, join_distinct, sqlite_number
from claimledger.publishing.field_changes import FieldChange, field_changes
from claimledger.publishing.change_rows import CorrectionRow, HistoryRow
from claimledger.publishing.rows import (
    AppearanceRow, ArticleRow, ClaimRow, DocumentRow, EditionRow, EvidenceRow, FindingRow, QuantityRow, RelationRow,
    TopicRow, VerdictRow,
)  # fmt: skip
from claimledger.publishing.tallies import source_key, verification_status
from claimledger.selectors import hash_passage
from claimledger.verdicts.answers import status_on
from claimledger.verdicts.reasons import reason_in_short
from claimledger.vocabulary import (
    Question, RecordState, RevisionKind, SpeakerKind, Term,
)  # fmt: skip

TableRow = tuple[Any, ...]
"""A row of `ledger.db`. Its type is one of the NamedTuples of `rows` and says which table it belongs to."""

CHANGES_PER_REVISION = 10_000
"""More changes than one revision can contain, because its body has at most 65,535 bytes."""


class LoggedVersion(NamedTuple):
    """A version of a record as the log has it."""

    number: int
    """The number in the log, from 1."""
    sha256: str
    """The hash of the body."""
    revision: int
    """The number among the versions of the record, from 1."""
    kind: str
    recorded_at: str
    actor: str
    """The first author."""
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


class PublishedVersion(Protocol):
    """What a summary needs of a version of a record."""

    @property
    def kind(self) -> str:
        """The kind of revision."""

    @property
    def recorded_at(self) -> str:
        """The time of publication, UTC."""

    @property
    def actor(self) -> str:
        """The first author."""


def summarize_versions(versions: Sequence[PublishedVersion]) -> RecordSummary:
    """Return the summary of a record's versions."""
    kinds = [version.kind for version in versions]
    return RecordSummary(
        revision_count=len(versions),
        first_recorded_at=versions[0].recorded_at,
        last_recorded_at=versions[-1].recorded_at,
        last_actor=versions[-1].actor,
        is_corrected=RevisionKind.CORRECTION in kinds,
        record_state=state_after(kinds),
    )


def state_after(kinds: Sequence[str]) -> RecordState:
    """Return the state of a record after revisions of some kinds. A redaction does not change it."""
    lasting = [kind for kind in kinds if kind != RevisionKind.REDACTION]
    return RecordState.WITHDRAWN if lasting[-1] == RevisionKind.WITHDRAWAL else RecordState.LISTED


def claim_rows(claim: Claim, standing: RecordSummary, at_hand: consistency.CheckContext) -> Iterator[TableRow]:
    """Yield the rows of a claim, with the findings on the claim alone."""
    yield claim_row(claim, standing)
    for position, (quantity, keys) in enumerate(
        zip(claim.quantities, conflicting_values.figure_keys(claim), strict=True), start=1
    ):
        yield _quantity_row(claim.claim_id, position, quantity, keys)
    status = verification_status(claim) if standing.record_state is RecordState.LISTED else None
    for topic in sorted(set(claim.topics)):
        yield TopicRow(claim.claim_id, topic, status)
    for verdict in sorted(claim.verdicts, key=lambda verdict: str(verdict.question)):
        yield VerdictRow(
            claim.claim_id, str(verdict.question), str(verdict.value), verdict.rationale.get("en"),
            verdict.rationale.get("ko"), verdict.as_of, verdict.recheck_after,
            searched_places(verdict.searched, "en"), searched_places(verdict.searched, "ko"),
        )  # fmt: skip
    for position, evidence in enumerate(claim.evidence, start=1):
        yield EvidenceRow(
            claim.claim_id, position, evidence.document_id, str(evidence.stance), evidence.summary.get("en"),
            evidence.summary.get("ko"), evidence.excerpt, *_passage_columns(evidence.passage),
        )  # fmt: skip
    for position, related in enumerate(claim.relations, start=1):
        yield RelationRow(claim.claim_id, position, str(related.relation), related.claim_id)
    for position, found in enumerate(consistency.consistency_findings(claim, at_hand), start=1):
        yield finding_row(found, position, is_waived=consistency.is_finding_waived(claim, found))


def machine_worded(claim: Claim) -> str | None:
    """Return the texts of a claim that a language model worded, one to a line; None without such a text.

    A line is for example `statement.en: small-model` or `so.rationale.ko: small-model, edited`.
    """
    texts = [("statement", claim.machine_wording)]
    texts += [(f"{verdict.question}.rationale", verdict.machine_wording) for verdict in claim.verdicts]
    lines = [
        f"{text}.{mark.language}: {mark.model}{', edited' if mark.is_edited else ''}"
        for text, marks in texts
        for mark in marks
    ]
    return "\n".join(lines) or None


def searched_places(places: Iterable[SearchedPlace], language: str) -> str | None:
    """Return the places that were searched, each with its terms and its day, one to a line; None if there are none."""
    lines = []
    for one in places:
        named = (one.where or {}).get(language) or best_wording_or_none(one.where)
        words = [part for part in (named, one.address, one.terms) if part]
        lines.append(f"{': '.join(words)} ({one.on})")
    return "\n".join(lines) or None


_PassageColumns = tuple[str | None, str | None, str | None, int | None, str | None, str | None]


def _passage_columns(passage: EvidencePassage | None) -> _PassageColumns:
    if passage is None:
        return None, None, None, None, None, None
    whole = passage.whole
    return (
        passage.place.get("en"), passage.place.get("ko"), passage.printed, whole.length if whole else None,
        whole.sha256 if whole else None, passage.seen_on,
    )  # fmt: skip


def finding_row(found: consistency.Finding, position: int, *, is_waived: bool) -> FindingRow:
    """Return the row of a finding of the automatic checks."""
    return FindingRow(
        found.claim_id, position, found.code, str(found.meaning.severity), found.en, found.ko, found.field,
        int(is_waived), found.other_claim_id, found.document_id,
    )  # fmt: skip


def claim_row(claim: Claim, standing: RecordSummary) -> ClaimRow:
    """Return the row of a claim."""
    speaker = claim.speaker
    quantity = claim.quantities[0] if claim.quantities else None
    has_quote_check = speaker is not None or claim.verdict_on(Question.SAID) is not None
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
        source=source_key(claim.source),
        source_kind=str(claim.source.kind),
        amount=sqlite_number(quantity.amount) if quantity else None,
        unit=quantity.unit if quantity else None,
        currency=quantity.currency if quantity else None,
        comparator=_value(quantity.comparator) if quantity else None,
        amount_text=quantity.text if quantity else None,
        topic=claim.topics[0],
        topics=msgspec.json.encode(claim.topics).decode(),
        article=claim.article_id,
        said_on=claim.said_on,
        about_on=claim.about_on,
        verification_status=verification_status(claim),
        attribution_status=str(status_on(claim, Question.SAID)) if has_quote_check else None,
        reason_en=reason_in_short(claim, "en"),
        reason_ko=reason_in_short(claim, "ko"),
        is_corrected=int(standing.is_corrected),
        revision_count=standing.revision_count,
        first_recorded_at=standing.first_recorded_at,
        last_recorded_at=standing.last_recorded_at,
        last_actor=standing.last_actor,
        note_en=claim.note.get("en") if claim.note else None,
        note_ko=claim.note.get("ko") if claim.note else None,
        waived=", ".join(waiver.code for waiver in claim.waivers) if claim.waivers else None,
        machine_wording=machine_worded(claim),
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


def appearance_row(appearance: Appearance, state: RecordState, *, may_hold_text: bool) -> AppearanceRow:
    """Return the row of a claim's appearance; the passage is in it only if the article's rights allow it."""
    exact = appearance.quote.exact
    passage = hash_passage(exact) if isinstance(exact, str) else exact
    return AppearanceRow(
        claim_id=appearance.claim_id,
        edition_sha256=appearance.edition_sha256,
        place=appearance.place,
        article=appearance.article_id,
        start=appearance.position.start,
        end=appearance.position.end,
        quote=exact if isinstance(exact, str) and may_hold_text else None,
        quote_length=passage.length,
        quote_sha256=passage.sha256,
        record_state=str(state),
    )


def article_rows(article: Article, state: RecordState, claim_count: int) -> Iterator[TableRow]:
    """Yield the rows of an article and its editions."""
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
        record_state=str(state),
    )
    editions = {edition.edition_sha256: edition for edition in article.editions}
    for position, edition in enumerate(editions.values(), start=1):
        yield EditionRow(article.article_id, edition.edition_sha256, position, edition.length, len(edition.dismissed))


def document_row(document: Document, state: RecordState, claim_count: int) -> DocumentRow:
    """Return the row of a document."""
    return DocumentRow(
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
        opened_on=document.opened_on,
        not_opened_since=document.not_opened_since,
        extent_seen=str(document.extent_seen) if document.extent_seen else None,
        mirror_of=document.mirror_of,
        captured=str(document.captured),
        content_sha256=document.content_sha256,
        derives_from=join_distinct(document.derives_from),
        claim_count=claim_count,
        record_state=str(state),
    )


class ChangedVersion(NamedTuple):
    """A version of a record to compare with the one before."""

    revision: Revision
    sha256: str
    fields: Mapping[str, Any]
    """The record as JSON."""
    is_redacted: bool
    """True if its values may no longer be shown."""


def change_rows(
    version: ChangedVersion, before: Mapping[str, Any] | None, *, hides_passages: bool
) -> Iterator[TableRow]:
    """Yield the history and the corrections of a version: for the first version one row, then one per changed field.

    `before` is the record of the version before as JSON. With `hides_passages`, quoted words are left out.
    """
    if before is None:
        changes = [FieldChange("", None, record_title(version.revision.record))]
    else:
        changes = field_changes(before, version.fields) or [FieldChange("", None, None)]
    for change_id, change in enumerate(changes, start=version.revision.number * CHANGES_PER_REVISION + 1):
        is_hidden = version.is_redacted or (hides_passages and _QUOTED_WORDS.search(change.field) is not None)
        shown = FieldChange(change.field, None, None) if is_hidden else change
        yield from _rows_of_change(version, change_id, shown)


_QUOTED_WORDS = re.compile(r"quote\.(?:exact|prefix|suffix)$")
"""The fields of quoted words; those of lengths and hashes have longer names."""


def _rows_of_change(version: ChangedVersion, change_id: int, change: FieldChange) -> Iterator[TableRow]:
    revision = version.revision
    what = (str(revision.subject), revision.key, _claim_id(revision.record), revision.revision)
    reason = "" if version.is_redacted else revision.reason
    actor, approver, time = revision.authors[0], revision.approver, revision.recorded_at
    kind = str(revision.kind)
    yield HistoryRow(change_id, *what, kind, *change, actor, approver, reason, time, version.sha256)
    if revision.correction:
        note = {} if version.is_redacted else revision.correction.public_note
        notes = (note.get("en"), note.get("ko"))
        kind = str(revision.correction.kind)
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
        case Alias() | EarlierCheck():
            return record.names[0].text if isinstance(record, Alias) else record.claim
        case Appearance():
            return f"{record.article_id} {record.position.start}–{record.position.end}"
