"""The steps of a recheck: fetch documents again, compare them with the stored copies, and settle the recheck.

A changed document opens a recheck of each claim based on it, and the new capture is stored beside the old one. No
verdict changes here. A server that does not answer opens no recheck.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec

from claimledger.desk.check_steps import locked_claim, demand_allowed_on_claim
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.editorial.work_rows import update_queue
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.evidence import DocumentFetcher, StoredDocument, RecheckResult, recheck_document
from claimledger.evidence.capture import fetch_document
from claimledger.newsroom import work_items
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.captures import (
    StoredCapture, Download, find_capture, document_captures, capture_contents, store_capture, store_download,
    document_quotes, document_downloads, withheld_document,
)  # fmt: skip
from claimledger.ledger.content_store import read_stored_content, storing_contents
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.rechecks import RecheckCause, newest_log_number, recheck_causes
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.models import Claim, Document, QuoteSelector
from claimledger.workflow import Case, StaffMember, decide
from claimledger.desk_vocabulary import Action, RecordStage, RecheckOutcome
from claimledger.vocabulary import Subject

_OPENING_OUTCOMES = frozenset({RecheckOutcome.CHANGED, RecheckOutcome.MOVED, RecheckOutcome.GONE})
_STORED_OUTCOMES = frozenset({RecheckOutcome.CHANGED, RecheckOutcome.MOVED, RecheckOutcome.NOT_COMPARED})


class DocumentReport(NamedTuple):
    """The recheck result of one document."""

    document_id: str
    """The document's identifier."""
    claim_ids: tuple[str, ...]
    """The claims that cite the document."""
    address: str
    """The address that was fetched."""
    result: RecheckResult
    """The comparison with the stored copy."""
    opened_claim_ids: tuple[str, ...]
    """The claims for which a recheck was opened."""

    @property
    def is_fault(self) -> bool:
        """True if someone has to look: the document changed, lost an excerpt or could not be reached."""
        return self.result.outcome in _OPENING_OUTCOMES | {RecheckOutcome.UNREACHABLE} or bool(self.result.lost)


@dataclass(frozen=True, slots=True)
class DocumentAtDesk:
    """A document cited by a claim, with the information that only the desk has."""

    document: Document
    """The document; for a confidential one, its full description if the reader may see it."""
    is_withheld: bool
    """True if readers see only that the document exists."""
    captures: tuple[StoredCapture, ...]
    """The stored captures, the oldest first."""
    quotes: tuple[tuple[str, QuoteSelector], ...]
    """Pairs of a claim and the excerpt it is based on."""
    savings: tuple[Download, ...] = ()
    """The downloads of a confidential document's bytes, the newest first; only editors see them."""


def claim_documents(places: LedgerPaths, claim_id: str, reader: StaffMember) -> list[DocumentAtDesk]:
    """Return the documents that a claim cites, as the desk knows them.

    A person who may not read confidential documents gets their public form. Downloads are included only for people whom
    the workflow table allows to see them.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        desk = read_current_records(store, claim_id)
        claim = read_claim_at_desk(desk, claim_id)
        names = dict.fromkeys(one.document_id for one in claim.claim.evidence)
        found = [one for name in names if (one := _document(desk, name))]
        if _read_refusals(Action.READ_WITHHELD, claim, reader):
            return [_public_view(desk, one) if one.is_withheld else one for one in found]
        if _read_refusals(Action.READ_SAVINGS, claim, reader):
            return found
        return [_include_savings(desk, one) for one in found]


def documents_at_desk(places: LedgerPaths, names: Iterable[str], reader: StaffMember) -> list[DocumentAtDesk]:
    """Return documents as the desk knows them, confidential ones in public form without the permission to read them."""
    with open_store(places) as store:
        desk = read_current_records(store)
        found = [one for name in dict.fromkeys(names) if (one := _document(desk, name))]
        if decide(Action.READ_WITHHELD, Case(RecordStage.LISTED), reader):
            return [_public_view(desk, one) if one.is_withheld else one for one in found]
        return found


def _read_refusals(action: Action, claim: ClaimAtDesk, reader: StaffMember) -> list[Problem]:
    """Return why a person may not read confidential documents or their downloads; empty if they may."""
    return decide(action, claim.case(action), reader)


def _public_view(desk: CurrentRecords, found: DocumentAtDesk) -> DocumentAtDesk:
    record = desk.document(found.document.document_id)
    return replace(found, document=record or found.document, captures=(), quotes=())


def _include_savings(desk: CurrentRecords, found: DocumentAtDesk) -> DocumentAtDesk:
    savings = document_downloads(desk.store.connection, found.document.document_id) if found.is_withheld else ()
    return replace(found, savings=tuple(savings))


def _document(desk: CurrentRecords, document_id: str) -> DocumentAtDesk | None:
    record = desk.document(document_id)
    if record is None:
        return None
    connection = desk.store.connection
    private = withheld_document(connection, document_id) if record.is_withheld else None
    full = Document.model_validate(private, strict=False) if private else record
    captures, quotes = document_captures(connection, document_id), document_quotes(connection, document_id)
    return DocumentAtDesk(full, record.is_withheld, tuple(captures), tuple(quotes))


def read_private_content(
    places: LedgerPaths, claim_id: str, capture_id: int, reader: StaffMember, clock: Clock = utc_now
) -> tuple[StoredCapture, bytes]:
    """Return a capture of a claim's document and its bytes; a confidential download is logged first.

    Raises:
        NotFound: the claim does not exist, none of its documents has the capture, or the bytes are missing.
        ProblemsFound: the workflow table refuses it.
        ContentAltered: the bytes differ from those that were stored.
    """
    with open_store(places) as store:
        desk = read_current_records(store, claim_id)
        claim = read_claim_at_desk(desk, claim_id)
        if problems := _read_refusals(Action.READ_WITHHELD, claim, reader):
            raise ProblemsFound(problems)
        capture = find_capture(store.connection, capture_id)
        if capture and capture.document_id not in {one.document_id for one in claim.claim.evidence}:
            capture = None
        content = read_stored_content(places.private_evidence, capture.content_sha256) if capture else None
        if capture is None or content is None:
            raise NotFound("capture", str(capture_id))
        if _is_withheld(desk, capture.document_id):
            with store.writing() as connection:
                store_download(connection, capture_id, claim_id, reader.name, clock())
    return capture, content


def _is_withheld(desk: CurrentRecords, document_id: str) -> bool:
    document = desk.document(document_id)
    return document is None or document.is_withheld


def recheck_documents(
    places: LedgerPaths,
    claim_ids: Sequence[str],
    actor: StaffMember,
    *,
    document_id: str | None = None,
    fetch_it: DocumentFetcher = fetch_document,
    clock: Clock = utc_now,
) -> Iterator[DocumentReport]:
    """Fetch each document with an address that the claims cite again, and yield the results.

    Without claim identifiers, all claims are included. With `document_id`, only that document is fetched. A
    confidential document is fetched only if its claim is named, because the request reveals the check to its server.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it. Nothing was fetched.
    """
    for name, cited in _cited_documents(places, claim_ids, actor).items():
        if document_id in (None, name):
            result = recheck_document(cited.stored, fetch_it)
            opened = _store_result(places, name, cited, result, actor, clock)
            yield DocumentReport(name, tuple(cited.claim_ids), cited.stored.address, result, opened)


class _CitedDocument(NamedTuple):
    claim_ids: list[str]
    stored: StoredDocument
    is_withheld: bool


def _cited_documents(places: LedgerPaths, claim_ids: Sequence[str], actor: StaffMember) -> Mapping[str, _CitedDocument]:
    """Return the stored copy of each document that claims cite, together with all claims that cite it."""
    with open_store(places) as store:
        update_queue(store)
        desk = read_current_records(store)
        drafted = _drafted_citations(desk)
        asked = [read_claim_at_desk(desk, claim_id) for claim_id in claim_ids or _claims_with_evidence(store, drafted)]
        problems = [
            problem.relocate(file=claim.claim_id)
            for claim in asked
            for problem in decide(Action.RECHECK, claim.case(Action.RECHECK), actor)
        ]
        if problems:
            raise ProblemsFound(problems)
        names = dict.fromkeys(one.document_id for claim in asked for one in claim.claim.evidence)
        found = {name: cited for name in names if (cited := _cited_document(desk, name, drafted))}
        return {name: cited for name, cited in found.items() if claim_ids or not cited.is_withheld}


class _EvidenceBody(msgspec.Struct):
    document_id: str


class _ClaimBody(msgspec.Struct):
    evidence: tuple[_EvidenceBody, ...] = ()


_decode_claim = msgspec.json.Decoder(_ClaimBody).decode


def _drafted_citations(desk: CurrentRecords) -> Mapping[str, set[str]]:
    """Return the documents that each drafted claim cites, without building the whole claims."""
    return {
        key: {one.document_id for one in _decode_claim(draft.record_json).evidence}
        for (subject, key), draft in desk.drafts.items()
        if subject is Subject.CLAIM
    }


def _claims_with_evidence(store: DeskStore, drafted: Mapping[str, set[str]]) -> list[str]:
    """Return the claims that cite a document in public or in a draft."""
    own = (claim_id for claim_id, documents in drafted.items() if documents)
    return [*dict.fromkeys([*work_items.claims_based_on_document(store), *own])]


def _cited_document(desk: CurrentRecords, document_id: str, drafted: Mapping[str, set[str]]) -> _CitedDocument | None:
    found = _document(desk, document_id)
    if found is None or found.document.address is None:
        return None
    public = [key for key in work_items.claims_based_on_document(desk.store, document_id) if key not in drafted]
    own = [claim_id for claim_id, documents in drafted.items() if document_id in documents]
    citing = desk.claims([key for key in (*public, *own) if not desk.is_withdrawn(key)])
    stored = _stored_document(found, found.document.address, citing)
    return _CitedDocument([claim.claim_id for claim in citing], stored, found.is_withheld)


def _stored_document(found: DocumentAtDesk, address: str, citing: Sequence[Claim]) -> StoredDocument:
    newest = found.captures[-1] if found.captures else None
    selected = [str(quote.exact) for _, quote in found.quotes]
    typed = [one.excerpt for claim in citing for one in claim.evidence
             if one.excerpt and one.document_id == found.document.document_id]  # fmt: skip
    passages = tuple(dict.fromkeys([*typed, *selected]))
    if newest is None:
        return StoredDocument(address, passages=passages)
    return StoredDocument(address, newest.final_address, newest.content_sha256, newest.text_sha256, passages)


def _store_result(
    places: LedgerPaths,
    document_id: str,
    cited: _CitedDocument,
    result: RecheckResult,
    actor: StaffMember,
    clock: Clock,
) -> tuple[str, ...]:
    """Store a capture that differs from the stored copy, open the rechecks, and return the claims they are for."""
    capture, reading = (result.capture, result.reading) if result.outcome in _STORED_OUTCOMES else (None, None)
    detail: dict[str, Any] = {"document_id": document_id, "refound": result.outcome.value, "lost": len(result.lost)}
    opens = cited.claim_ids if result.outcome in _OPENING_OUTCOMES or result.lost else ()
    with ExitStack() as stack, open_store(places) as store, store.writing() as connection:
        if capture and reading:  # exits after the commit, so that the bytes are deleted if that fails
            stack.enter_context(storing_contents(places.private_evidence, capture_contents(capture, reading)))
            store_capture(connection, document_id, capture, reading, actor.name, clock())
        opened = tuple(
            claim_id for claim_id in opens if not _is_recheck_open(_recheck_reasons(store, claim_id), detail)
        )
        detail["number"] = newest_log_number(store)
        for claim_id in opened:
            store_action(connection, ActionEntry(Action.RECHECK, claim_id, actor.name, detail=detail), clock())
    return opened


def _is_recheck_open(known: Sequence[RecheckCause], detail: Mapping[str, Any]) -> bool:
    """Return whether a recheck for this result is open; a stored change shows only as a lost passage from then on."""
    same = [one for one in known if (one.of, one.lost) == (detail["document_id"], detail["lost"])]
    return any(
        one.outcome == detail["refound"] or (one.outcome and detail["refound"] not in _OPENING_OUTCOMES) for one in same
    )


def open_recheck_reasons(places: LedgerPaths, claim_id: str) -> list[RecheckCause]:
    """Return the reasons to recheck a claim, its review date excepted: a basis of the claim changed or was refuted."""
    with open_store(places) as store:
        return _recheck_reasons(store, claim_id)


def _recheck_reasons(store: DeskStore, claim_id: str) -> list[RecheckCause]:
    head = store.head(Subject.CLAIM, claim_id)
    return recheck_causes(store, claim_id, msgspec.json.decode(head.body)["record"] if head else {})


def settle_recheck(
    places: LedgerPaths, claim_id: str, actor: StaffMember, *, reason: str, clock: Clock = utc_now
) -> None:
    """Record that someone looked at every changed basis of a claim and that the claim stays unchanged.

    This does not settle a review date that has passed; that needs a new version of the verdict.

    Raises:
        NotFound: the claim does not exist, or no recheck of it is open except for its review date.
        ProblemsFound: the workflow table refuses it, or there is no reason.
    """
    with locked_claim(places, claim_id) as (connection, desk, claim):
        demand_allowed_on_claim(claim, Action.SETTLE_RECHECK, actor, reason=reason)
        if not _recheck_reasons(desk.store, claim_id):
            raise NotFound("open-recheck", claim_id)
        detail = {"is_settled": True, "number": newest_log_number(desk.store)}
        store_action(
            connection, ActionEntry(Action.RECHECK, claim_id, actor.name, reason=reason.strip(), detail=detail), clock()
        )
