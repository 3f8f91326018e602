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

from claimledger.desk.check_steps import claim_held, demand
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, at_desk
from claimledger.editorial.work_rows import bring_up_to_date
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.evidence import Fetch, Held, Looked, looked_again
from claimledger.evidence.capture import fetch_document
from claimledger.newsroom import work_items
from claimledger.newsroom.actions import Deed, keep_act
from claimledger.newsroom.captures import (
    Kept, Saving, capture_of, captures_of, contents_of, keep_capture, keep_saving, quotes_of, savings_of, withheld_of,
)  # fmt: skip
from claimledger.ledger.content_store import content_of, keeping
from claimledger.ledger.files import Places
from claimledger.newsroom.rechecks import Why, newest_number, whys
from claimledger.newsroom.current_records import Standing, standing
from claimledger.newsroom.store import DeskStore
from claimledger.models import Claim, Document, QuoteSelector
from claimledger.workflow import Case, Staff, decide
from claimledger.vocabulary import Action, RecordStage, Refound, Subject

_OPENING_OUTCOMES = frozenset({Refound.CHANGED, Refound.MOVED, Refound.GONE})
_STORED_OUTCOMES = frozenset({Refound.CHANGED, Refound.MOVED, Refound.NOT_COMPARED})


class DocumentReport(NamedTuple):
    """The recheck result of one document."""

    document_id: str
    """The document's identifier."""
    claim_ids: tuple[str, ...]
    """The claims that cite the document."""
    address: str
    """The address that was fetched."""
    looked: Looked
    """The comparison with the stored copy."""
    opened: tuple[str, ...]
    """The claims for which a recheck was opened."""

    @property
    def is_fault(self) -> bool:
        """True if someone has to look: the document changed, lost an excerpt or could not be reached."""
        return self.looked.refound in _OPENING_OUTCOMES | {Refound.UNREACHABLE} or bool(self.looked.lost)


@dataclass(frozen=True, slots=True)
class DocumentAtDesk:
    """A document cited by a claim, with the information that only the desk has."""

    document: Document
    """The document; for a confidential one, its full description if the reader may see it."""
    is_withheld: bool
    """True if readers see only that the document exists."""
    captures: tuple[Kept, ...]
    """The stored captures, the oldest first."""
    quotes: tuple[tuple[str, QuoteSelector], ...]
    """Pairs of a claim and the excerpt it is based on."""
    savings: tuple[Saving, ...] = ()
    """The downloads of a confidential document's bytes, the newest first; only editors see them."""


def documents_of(places: Places, claim_id: str, reader: Staff) -> list[DocumentAtDesk]:
    """Return the documents that a claim cites, as the desk knows them.

    A person who may not read confidential documents gets their public form. Downloads are included only for people whom
    the workflow table allows to see them.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        claim = at_desk(desk, claim_id)
        names = dict.fromkeys(one.document_id for one in claim.claim.evidence)
        found = [one for name in names if (one := _document(desk, name))]
        if _read_refusals(Action.READ_WITHHELD, claim, reader):
            return [_public_view(desk, one) if one.is_withheld else one for one in found]
        if _read_refusals(Action.READ_SAVINGS, claim, reader):
            return found
        return [_include_savings(desk, one) for one in found]


def documents_named(places: Places, names: Iterable[str], reader: Staff) -> list[DocumentAtDesk]:
    """Return documents as the desk knows them, confidential ones in public form without the permission to read them."""
    with open_store(places) as store:
        desk = standing(store)
        found = [one for name in dict.fromkeys(names) if (one := _document(desk, name))]
        if decide(Action.READ_WITHHELD, Case(RecordStage.LISTED), reader):
            return [_public_view(desk, one) if one.is_withheld else one for one in found]
        return found


def _read_refusals(action: Action, claim: ClaimAtDesk, reader: Staff) -> list[Problem]:
    """Return why a person may not read confidential documents or their downloads; empty if they may."""
    return decide(action, claim.case(action), reader)


def _public_view(desk: Standing, found: DocumentAtDesk) -> DocumentAtDesk:
    record = desk.document(found.document.document_id)
    return replace(found, document=record or found.document, captures=(), quotes=())


def _include_savings(desk: Standing, found: DocumentAtDesk) -> DocumentAtDesk:
    savings = savings_of(desk.store.connection, found.document.document_id) if found.is_withheld else ()
    return replace(found, savings=tuple(savings))


def _document(desk: Standing, document_id: str) -> DocumentAtDesk | None:
    record = desk.document(document_id)
    if record is None:
        return None
    connection = desk.store.connection
    private = withheld_of(connection, document_id) if record.is_withheld else None
    full = Document.model_validate(private, strict=False) if private else record
    captures, quotes = captures_of(connection, document_id), quotes_of(connection, document_id)
    return DocumentAtDesk(full, record.is_withheld, tuple(captures), tuple(quotes))


def kept_content(
    places: Places, claim_id: str, capture_id: int, reader: Staff, clock: Clock = utc_now
) -> tuple[Kept, bytes]:
    """Return a capture of a claim's document and its bytes; a confidential download is logged first.

    Raises:
        NotFound: the claim does not exist, none of its documents has the capture, or the bytes are missing.
        ProblemsFound: the workflow table refuses it.
        ContentAltered: the bytes differ from those that were stored.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        claim = at_desk(desk, claim_id)
        if problems := _read_refusals(Action.READ_WITHHELD, claim, reader):
            raise ProblemsFound(problems)
        capture = capture_of(store.connection, capture_id)
        if capture and capture.document_id not in {one.document_id for one in claim.claim.evidence}:
            capture = None
        content = content_of(places.kept_evidence, capture.content_sha256) if capture else None
        if capture is None or content is None:
            raise NotFound("capture", str(capture_id))
        if _is_withheld(desk, capture.document_id):
            with store.writing() as connection:
                keep_saving(connection, capture_id, claim_id, reader.name, clock())
    return capture, content


def _is_withheld(desk: Standing, document_id: str) -> bool:
    document = desk.document(document_id)
    return document is None or document.is_withheld


def look_again(
    places: Places,
    claim_ids: Sequence[str],
    actor: Staff,
    *,
    document_id: str | None = None,
    fetch_it: Fetch = fetch_document,
    clock: Clock = utc_now,
) -> Iterator[DocumentReport]:
    """Fetch each document with an address that the claims cite again, and yield the results.

    Without claim identifiers, all claims are included. With `document_id`, only that document is fetched. A
    confidential
    document is fetched only if its claim is named, because the request reveals the check to its server.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it. Nothing was fetched.
    """
    for name, cited in _cited_documents(places, claim_ids, actor).items():
        if document_id in (None, name):
            result = looked_again(cited.stored, fetch_it)
            opened = _store_result(places, name, cited, result, actor, clock)
            yield DocumentReport(name, tuple(cited.claim_ids), cited.stored.address, result, opened)


class _CitedDocument(NamedTuple):
    claim_ids: list[str]
    stored: Held
    is_withheld: bool


def _cited_documents(places: Places, claim_ids: Sequence[str], actor: Staff) -> Mapping[str, _CitedDocument]:
    """Return the stored copy of each document that claims cite, together with all claims that cite it."""
    with open_store(places) as store:
        bring_up_to_date(store)
        desk = standing(store)
        drafted = _drafted_citations(desk)
        asked = [at_desk(desk, claim_id) for claim_id in claim_ids or _claims_with_evidence(store, drafted)]
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


def _drafted_citations(desk: Standing) -> Mapping[str, set[str]]:
    """Return the documents that each drafted claim cites, without building the whole claims."""
    return {
        key: {one.document_id for one in _decode_claim(draft.record_json).evidence}
        for (subject, key), draft in desk.drafts.items()
        if subject is Subject.CLAIM
    }


def _claims_with_evidence(store: DeskStore, drafted: Mapping[str, set[str]]) -> list[str]:
    """Return the claims that cite a document in public or in a draft."""
    own = (claim_id for claim_id, documents in drafted.items() if documents)
    return [*dict.fromkeys([*work_items.resting_on_documents(store), *own])]


def _cited_document(desk: Standing, document_id: str, drafted: Mapping[str, set[str]]) -> _CitedDocument | None:
    found = _document(desk, document_id)
    if found is None or found.document.address is None:
        return None
    public = [key for key in work_items.resting_on_documents(desk.store, document_id) if key not in drafted]
    own = [claim_id for claim_id, documents in drafted.items() if document_id in documents]
    citing = desk.claims([key for key in (*public, *own) if not desk.is_withdrawn(key)])
    stored = _stored_document(found, found.document.address, citing)
    return _CitedDocument([claim.claim_id for claim in citing], stored, found.is_withheld)


def _stored_document(found: DocumentAtDesk, address: str, citing: Sequence[Claim]) -> Held:
    newest = found.captures[-1] if found.captures else None
    selected = [str(quote.exact) for _, quote in found.quotes]
    typed = [one.excerpt for claim in citing for one in claim.evidence
             if one.excerpt and one.document_id == found.document.document_id]  # fmt: skip
    passages = tuple(dict.fromkeys([*typed, *selected]))
    if newest is None:
        return Held(address, passages=passages)
    return Held(address, newest.final_address, newest.content_sha256, newest.text_sha256, passages)


def _store_result(
    places: Places, document_id: str, cited: _CitedDocument, result: Looked, actor: Staff, clock: Clock
) -> tuple[str, ...]:
    """Store a capture that differs from the stored copy, open the rechecks, and return the claims they are for."""
    capture, reading = (result.capture, result.reading) if result.refound in _STORED_OUTCOMES else (None, None)
    detail: dict[str, Any] = {"document_id": document_id, "refound": result.refound.value, "lost": len(result.lost)}
    opens = cited.claim_ids if result.refound in _OPENING_OUTCOMES or result.lost else ()
    with ExitStack() as stack, open_store(places) as store, store.writing() as connection:
        if capture and reading:  # exits after the commit, so that the bytes are deleted if that fails
            stack.enter_context(keeping(places.kept_evidence, contents_of(capture, reading)))
            keep_capture(connection, document_id, capture, reading, actor.name, clock())
        opened = tuple(
            claim_id for claim_id in opens if not _is_recheck_open(_recheck_reasons(store, claim_id), detail)
        )
        detail["number"] = newest_number(store)
        for claim_id in opened:
            keep_act(connection, Deed(Action.RECHECK, claim_id, actor.name, detail=detail), clock())
    return opened


def _is_recheck_open(known: Sequence[Why], detail: Mapping[str, Any]) -> bool:
    """Return whether a recheck for this result is open; a stored change shows only as a lost passage from then on."""
    same = [one for one in known if (one.of, one.lost) == (detail["document_id"], detail["lost"])]
    return any(
        one.became == detail["refound"] or (one.became and detail["refound"] not in _OPENING_OUTCOMES) for one in same
    )


def rechecks_of(places: Places, claim_id: str) -> list[Why]:
    """Return the reasons to recheck a claim, its review date excepted: a basis of the claim changed or was refuted."""
    with open_store(places) as store:
        return _recheck_reasons(store, claim_id)


def _recheck_reasons(store: DeskStore, claim_id: str) -> list[Why]:
    head = store.head(Subject.CLAIM, claim_id)
    return whys(store, claim_id, msgspec.json.decode(head.body)["record"] if head else {})


def settle_recheck(places: Places, claim_id: str, actor: Staff, *, reason: str, clock: Clock = utc_now) -> None:
    """Record that someone looked at every changed basis of a claim and that the claim stays unchanged.

    This does not settle a review date that has passed; that needs a new version of the verdict.

    Raises:
        NotFound: the claim does not exist, or no recheck of it is open except for its review date.
        ProblemsFound: the workflow table refuses it, or there is no reason.
    """
    with claim_held(places, claim_id) as (connection, desk, claim):
        demand(claim, Action.SETTLE_RECHECK, actor, reason=reason)
        if not _recheck_reasons(desk.store, claim_id):
            raise NotFound("open-recheck", claim_id)
        detail = {"is_settled": True, "number": newest_number(desk.store)}
        keep_act(connection, Deed(Action.RECHECK, claim_id, actor.name, reason=reason.strip(), detail=detail), clock())
