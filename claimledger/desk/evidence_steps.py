"""The steps of evidence: fetch or read a document, store it, and attach it to a claim.

    fetch_for_claim, read_upload   get the document                          (nothing is stored yet)
    describe_document              combine a person's description with the document's own statements
    attach                         store the document and draft it with its evidence, all or nothing
    cite                           draft evidence from a document that the desk has
    edit_with_evidence             draft a claim and a document that was read, both or neither

A confidential document stays on the desk: its draft has only the public form, and its description is stored apart.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import islice
from typing import IO, Any

from claimledger.addresses import remove_tracking
from claimledger.desk.check_steps import (
    SeenVersion, locked_claim, demand_allowed_on_claim, propose_claim_change, store_proposed_changes,
)  # fmt: skip
from claimledger.record_ids import new_document_id
from claimledger.desk.exhibits import (
    IncomingDocument, demand_complete, locate_in_newest_text, make_exhibit, store_exhibit,
)  # fmt: skip
from claimledger.desk.step_setup import Clock, store_drafts, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.editorial.work_rows import update_queue
from claimledger.editorial.edit_rules import draft_refusals, fill_in_kind
from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence import (
    DOCUMENT_LIMITS, DocumentFetcher, DocumentReading, capture_address, capture_file, read_document,
)  # fmt: skip
from claimledger.evidence.capture import fetch_document
from claimledger.newsroom import work_items
from claimledger.newsroom.captures import (
    capture_contents, find_document_by_content, store_excerpt,
)  # fmt: skip
from claimledger.ledger.content_store import storing_contents
from claimledger.newsroom.known_documents import find_document_by_address, find_document, known_document_problem
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import ChangeBatch, make_drafts
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import Draft, utc_text
from claimledger.models import Document
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Action
from claimledger.vocabulary import Subject


def fetch_for_claim(
    places: LedgerPaths, claim_id: str, address: str, actor: StaffMember, fetch_it: DocumentFetcher = fetch_document
) -> IncomingDocument:
    """Fetch the document at an address for a claim, if the person may attach evidence; nothing is stored.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or the desk has a document of this address. Nothing was fetched.
        FetchRefused, DocumentEmpty, PackageMissing, ReadingBusy: the document cannot be fetched or stored.
    """
    with open_store(places) as store:
        desk = read_current_records(store, claim_id)
        demand_allowed_on_claim(read_claim_at_desk(desk, claim_id), Action.ATTACH, actor)
        _demand_new(desk, address)
    capture = capture_address(address, fetch_it)
    return IncomingDocument(capture, read_document(capture))


def read_upload(
    places: LedgerPaths, claim_id: str, name: str, file: IO[bytes], actor: StaffMember, clock: Clock = utc_now
) -> IncomingDocument:  # fmt: skip
    """Read an uploaded file as a document for a claim, if the person may attach evidence; nothing is stored.

    It reads at most one byte more than the size limit.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it. The file was not read.
        DocumentEmpty, TooLarge, PackageMissing, ReadingBusy: the document cannot be stored.
    """
    with open_store(places) as store:
        demand_allowed_on_claim(
            read_claim_at_desk(read_current_records(store, claim_id), claim_id), Action.ATTACH, actor
        )
    return read_document_file(name, file.read(DOCUMENT_LIMITS.size + 1), clock)


def _demand_new(desk: CurrentRecords, address: str) -> None:
    if known := find_document_by_address(desk, address):
        raise ProblemsFound([known_document_problem(known)])


def _demand_new_file(
    connection: sqlite3.Connection, desk: CurrentRecords, document: Mapping[str, Any], incoming: IncomingDocument | None
) -> None:
    """Check that the desk has no uploaded document with the same bytes."""
    if incoming is None or document.get("address") or incoming.capture.final_address:
        return
    known = find_document_by_content(connection, incoming.capture.sha256)
    if known and desk.document(known):
        raise ProblemsFound([Problem("document-known/file", field="file", document=known)])


def read_document_file(name: str, content: bytes, clock: Clock = utc_now) -> IncomingDocument:
    """Read a file as a document, dropping the folders of its name; nothing is stored.

    Raises:
        DocumentEmpty, TooLarge, PackageMissing, ReadingBusy: the document cannot be stored.
    """
    capture = capture_file(re.split(r"[/\\]", name)[-1], content, clock())
    return IncomingDocument(capture, read_document(capture))


def describe_document(incoming: IncomingDocument, description: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's fields (JSON): a person's description first, completed by the document's own statements.

    Raises:
        ProblemsFound: the document states a title or publisher, and its language is unknown.
    """
    capture, reading = incoming.capture, incoming.reading
    language = description.get("language") or reading.language or _recognize_language(reading.text or "")
    if not language and (stated_words := _unreplaced_statement(reading, description)):
        raise ProblemsFound([Problem("language-needed", field="language", stated=stated_words)])
    address = capture.redirects[0][0] if capture.redirects else capture.final_address
    stated: dict[str, Any] = {
        "medium": reading.medium.value,
        "title": {language: reading.title} if language and reading.title else None,
        "publisher": {language: reading.publisher} if language and reading.publisher else None,
        "language": language,
        "published_on": reading.published_on,
        "address": address,
        "obtained_at": utc_text(capture.fetched_at),
    }
    given = {name: value for name, value in description.items() if value not in (None, "", {})}
    fields = {name: value for name, value in stated.items() if value is not None} | given
    if "address" in fields:
        fields["address"] = remove_tracking(fields["address"])
    title: Mapping[str, str] = fields.get("title", {})
    return {"document_id": new_document_id(title.get("en", ""))} | fields


def _recognize_language(text: str) -> str | None:
    """Return Korean for a text whose letters are mostly Hangul; None for any other, which may be one of many."""
    letters = [one for one in text[:_LETTERS_READ] if one.isalpha()]
    return "ko" if 2 * sum("가" <= one <= "힣" for one in letters) > len(letters) else None


_LETTERS_READ = 20_000


def _unreplaced_statement(reading: DocumentReading, description: Mapping[str, Any]) -> str:
    """Return the title or publisher that the document states and the person did not replace, or an empty string."""
    return (
        (not description.get("title") and reading.title)
        or (not description.get("publisher") and reading.publisher)
        or ""
    )


def attach(
    places: LedgerPaths,
    claim_id: str,
    document: Mapping[str, Any],
    evidence: Mapping[str, Any],
    seen: SeenVersion | None,
    made: Edit,
    clock: Clock = utc_now,
    *,
    incoming: IncomingDocument | None = None,
) -> list[Draft]:
    """Draft a document and a claim with evidence from it, and store the bytes in `incoming`; all or none.

    Without `seen`, the claim's current version is the base. A document is confidential if it has `is_withheld` set, or
    if it has no address and `is_withheld` is not false. Its draft is then its public form, and no excerpt is published.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, the fields are not a document, the desk has a document of this
            address, the text does not contain the excerpt, or the claim changed since it was seen. Nothing was stored.
    """
    with ExitStack() as stack, locked_claim(places, claim_id) as (connection, desk, claim):
        demand_allowed_on_claim(claim, Action.ATTACH, made.actor, reason=made.reason)
        _demand_new(desk, str(document.get("address", "")))
        _demand_new_file(connection, desk, document, incoming)
        exhibit, made = make_exhibit(document, evidence, incoming), fill_in_kind(claim, made)
        proposed = [
            exhibit.change(),
            propose_claim_change(claim, _fields_with_evidence(claim, exhibit.cited), seen or current_version(claim)),
        ]
        demand_complete(exhibit, proposed, desk, made)
        if incoming:  # exits after the commit, so that the bytes are deleted if that fails
            stack.enter_context(
                storing_contents(places.private_evidence, capture_contents(incoming.capture, incoming.reading))
            )
        store_exhibit(connection, claim_id, exhibit, made.author, clock())
        return store_proposed_changes(connection, desk, proposed, made, clock)


def cite(
    places: LedgerPaths,
    claim_id: str,
    named: str,
    evidence: Mapping[str, Any],
    seen: SeenVersion | None,
    made: Edit,
    clock: Clock = utc_now,
) -> list[Draft]:
    """Draft a claim with evidence from a document that the desk has; `named` is its identifier or its address.

    The excerpt is looked up in the newest stored text of the document. The excerpt of a confidential document stays on
    the desk.

    Raises:
        NotFound: the claim or the document does not exist.
        ProblemsFound: the workflow table refuses it, the text does not contain the excerpt, or the claim changed since
            it was seen.
    """
    with locked_claim(places, claim_id) as (connection, desk, claim):
        demand_allowed_on_claim(claim, Action.ATTACH, made.actor, reason=made.reason)
        document = find_document(desk, named)
        exact, excerpt, capture_id = locate_in_newest_text(
            places, connection, document.document_id, str(evidence.get("excerpt", ""))
        )
        cited = {**evidence, "document_id": document.document_id}
        if exact:
            store_excerpt(
                connection, claim_id, document.document_id, exact, made.author, clock(),
                capture_id=capture_id, excerpt=excerpt,
            )  # fmt: skip
            cited |= {"excerpt": exact}
        if document.is_withheld:
            cited.pop("excerpt", None)
        change = propose_claim_change(claim, _fields_with_evidence(claim, cited), seen or current_version(claim))
        return store_proposed_changes(connection, desk, [change], fill_in_kind(claim, made), clock)


def edit_with_evidence(
    places: LedgerPaths,
    claim_id: str,
    fields: Mapping[str, Any],
    document: Mapping[str, Any],
    evidence: Mapping[str, Any],
    seen: SeenVersion,
    made: Edit,
    clock: Clock = utc_now,
) -> list[Draft]:
    """Draft a document and a claim with all its fields as given, plus evidence from the document.

    A correction can thus be stored together with its evidence. The kind of `made` decides the kind of the claim's
    draft.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, the fields are not a document or not a claim, the desk has a
            document of this address, or the claim changed since it was seen. Nothing was stored.
    """
    with locked_claim(places, claim_id) as (connection, desk, claim):
        demand_allowed_on_claim(claim, Action.ATTACH, made.actor, reason=made.reason)
        _demand_new(desk, str(document.get("address", "")))
        exhibit, made = make_exhibit(document, evidence, None), fill_in_kind(claim, made)
        written = {**fields, "evidence": [*fields.get("evidence", ()), exhibit.cited]}
        proposed = [exhibit.change(), propose_claim_change(claim, written, seen)]
        demand_complete(exhibit, proposed, desk, made)
        drafts, problems = make_drafts(ChangeBatch(proposed), desk.store, made)
        if problems := problems or draft_refusals(desk, drafts, made):
            raise ProblemsFound(problems)
        store_exhibit(connection, claim_id, exhibit, made.author, clock())
        store_drafts(desk.store, connection, drafts, clock())
    return drafts


def list_citable_documents(places: LedgerPaths, claim_id: str) -> list[Document]:
    """Return documents that a claim can cite next: drafted ones, and those cited by other claims of its article.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        update_queue(store)
        desk = read_current_records(store)
        claim = read_claim_at_desk(desk, claim_id).claim
        waiting = [key for subject, key in desk.drafts if subject is Subject.DOCUMENT]
        names = dict.fromkeys([*waiting, *work_items.article_documents(store, claim.article_id)])
        cited = {one.document_id for one in claim.evidence}
        documents = (desk.document(name) for name in names if name not in cited)
        return [*islice(filter(None, documents), _OFFERED)]


_OFFERED = 100
"""The most documents that are offered; any other can be cited by its identifier or address."""


def _fields_with_evidence(claim: ClaimAtDesk, cited: Mapping[str, Any]) -> dict[str, Any]:
    fields = claim.claim.to_json()
    return fields | {"evidence": [*fields.get("evidence", ()), dict(cited)]}


def current_version(claim: ClaimAtDesk) -> SeenVersion:
    """Return the current version of a claim."""
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
