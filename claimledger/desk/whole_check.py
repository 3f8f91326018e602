"""The whole check of a claim in one step: its documents, evidence and verdicts are stored together, or not at all.

`submit_check` drafts evidence from stored documents and from at most one new one, with the verdicts of a checker.
`cite_many` drafts the same evidence on several claims. `find_stored` finds the document of an address or of some bytes,
so that no document is stored twice, and `check_refusals` says why a person may not answer a question now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from claimledger.desk.check_steps import (
    SeenVersion, demand_allowed_on_claim, demand_checker, locked_claim, propose_claim_change,
)  # fmt: skip
from claimledger.desk.evidence_steps import current_version
from claimledger.desk.exhibits import (
    NewExhibit, IncomingDocument, demand_complete, locate_in_newest_text, make_exhibit, store_exhibit,
)  # fmt: skip
from claimledger.desk.step_setup import Clock, open_store, store_drafts, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, find_verdict, read_claim_at_desk
from claimledger.editorial.edit_rules import draft_refusals, fill_in_kind
from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence import Excerpt
from claimledger.ledger.content_store import storing_contents
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Document
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.captures import capture_contents, find_document_by_content, store_excerpt
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.drafting import ChangeBatch, ProposedChange, make_drafts
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.known_documents import find_document, find_document_by_address, known_document_problem
from claimledger.newsroom.store import Draft
from claimledger.workflow import StaffMember, decide
from claimledger.desk_vocabulary import Action, CheckStage
from claimledger.vocabulary import Question


class NewDocument(NamedTuple):
    """A new document of a check."""

    fields: Mapping[str, Any]
    """Its description (JSON)."""
    evidence: Mapping[str, Any]
    """Its evidence on the claim (JSON)."""
    incoming: IncomingDocument
    """Its bytes and their reading."""


class CheckInput(NamedTuple):
    """The content of a whole check."""

    verdicts: Sequence[Mapping[str, Any]] = ()
    """The verdicts (JSON), one for each answered question."""
    cited: Sequence[Mapping[str, Any]] = ()
    """The evidence (JSON) from documents that the desk has."""
    new: NewDocument | None = None
    """A new document, or None."""


def submit_check(
    places: LedgerPaths, claim_id: str, given: CheckInput, seen: SeenVersion, made: Edit, clock: Clock = utc_now
) -> list[Draft]:
    """Draft the evidence and the verdicts of a check; a question without a checker is assigned to the author.

    Without verdicts, only the evidence is drafted. The kind of `made` decides the kind of the claim's draft.

    Raises:
        NotFound: the claim or a document does not exist.
        ProblemsFound: every reason for a refusal. Nothing was stored.
    """
    with ExitStack() as stack, locked_claim(places, claim_id) as (connection, desk, claim):
        if given.cited or given.new:
            demand_allowed_on_claim(claim, Action.ATTACH, made.actor, reason=made.reason)
        taken = _take_open_questions(connection, desk, claim, given.verdicts, made, clock)
        made = fill_in_kind(taken, made)
        exhibit = _new_exhibit(connection, desk, given.new)
        cited = _cited_evidence(places, connection, desk, claim_id, given.cited, made, clock)
        evidence = [*cited, *([exhibit.cited] if exhibit else [])]
        change = propose_claim_change(taken, _checked_fields(taken, evidence, given.verdicts), seen)
        proposed = [*([exhibit.change()] if exhibit else []), change]
        drafts = _demand_drafts(desk, exhibit, proposed, made)
        if exhibit and exhibit.incoming:  # exits after the commit, so that the bytes are deleted if that fails
            contents = capture_contents(exhibit.incoming.capture, exhibit.incoming.reading)
            stack.enter_context(storing_contents(places.private_evidence, contents))
            store_exhibit(connection, claim_id, exhibit, made.author, clock())
        store_drafts(desk.store, connection, drafts, clock())
    return drafts


def _take_open_questions(
    connection: sqlite3.Connection,
    desk: CurrentRecords,
    claim: ClaimAtDesk,
    verdicts: Sequence[Mapping[str, Any]],
    made: Edit,
    clock: Clock,
) -> ClaimAtDesk:
    """Assign the answered questions that no one checks to the author, and return the claim after that."""
    answered = [question for question in Question if question.value in {one["question"] for one in verdicts}]
    taken = [question for question in answered if _is_free(claim, question)]
    for question in taken:
        demand_allowed_on_claim(claim, Action.ASSIGN, made.actor, question, assignee=made.author)
        demand_checker(connection, made.author)
        detail = {"assignee": made.author}
        store_action(
            connection, ActionEntry(Action.ASSIGN, claim.claim_id, made.author, question, detail=detail), clock()
        )
    return read_claim_at_desk(desk, claim.claim_id) if taken else claim


def _is_free(claim: ClaimAtDesk, question: Question) -> bool:
    return claim.public is not None and claim.stage(question) is CheckStage.OPEN


def _new_exhibit(connection: sqlite3.Connection, desk: CurrentRecords, new: NewDocument | None) -> NewExhibit | None:
    if new is None:
        return None
    if known := _stored_document(connection, desk, str(new.fields.get("address", "")), new.incoming.capture.sha256):
        raise ProblemsFound([known_document_problem(known)])
    return make_exhibit(new.fields, new.evidence, new.incoming)


def _cited_evidence(
    places: LedgerPaths,
    connection: sqlite3.Connection,
    desk: CurrentRecords,
    claim_id: str,
    cited: Iterable[Mapping[str, Any]],
    made: Edit,
    clock: Clock,
) -> list[dict[str, Any]]:
    """Store the excerpts of stored documents, and return the evidence (JSON) reduced to the part that is published.

    Raises:
        NotFound: the desk has no such document.
        ProblemsFound: some texts do not contain their excerpt.
    """
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for evidence in cited:
        document = find_document(desk, str(evidence["document_id"]))
        passage = str(evidence.get("excerpt", ""))
        try:
            exact, excerpt, capture_id = locate_in_newest_text(places, connection, document.document_id, passage)
        except ProblemsFound as refusal:
            field = f"evidence.{document.document_id}.excerpt"
            problems += [problem.relocate(field=field) for problem in refusal.problems]
            continue
        _keep_excerpt(connection, claim_id, document, exact, made.author, clock, capture_id, excerpt)
        found.append(_public_evidence(evidence, document, exact))
    if problems:
        raise ProblemsFound(problems)
    return found


def _keep_excerpt(
    connection: sqlite3.Connection,
    claim_id: str,
    document: Document,
    exact: str,
    author: str,
    clock: Clock,
    capture_id: int | None,
    excerpt: Excerpt | None,
) -> None:
    if exact:
        store_excerpt(
            connection, claim_id, document.document_id, exact, author, clock(), capture_id=capture_id, excerpt=excerpt
        )


def _public_evidence(evidence: Mapping[str, Any], document: Document, exact: str) -> dict[str, Any]:
    parts = {name: value for name, value in evidence.items() if name != "excerpt"}
    quoted = {"excerpt": exact} if exact and not document.is_withheld else {}
    return parts | {"document_id": document.document_id} | quoted


def _checked_fields(
    claim: ClaimAtDesk, evidence: Sequence[Mapping[str, Any]], verdicts: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the claim's fields (JSON) with further evidence and with the verdicts in place of those it has."""
    fields = claim.claim.to_json()
    answers = {one["question"]: one for one in (*fields.get("verdicts", ()), *verdicts)}
    added = {
        "evidence": [*fields.get("evidence", ()), *evidence],
        "verdicts": [answers[question.value] for question in Question if question.value in answers],
    }
    return fields | {name: value for name, value in added.items() if value}


def _demand_drafts(
    desk: CurrentRecords, exhibit: NewExhibit | None, proposed: Sequence[ProposedChange], made: Edit
) -> list[Draft]:
    """Return the drafts of a check.

    Raises:
        ProblemsFound: every problem in them.
    """
    if exhibit:
        demand_complete(exhibit, proposed, desk, made)
    drafts, problems = make_drafts(ChangeBatch(proposed), desk.store, made)
    if problems := problems or draft_refusals(desk, drafts, made):
        raise ProblemsFound(problems)
    return drafts


def cite_many(
    places: LedgerPaths, claim_ids: Sequence[str], evidence: Mapping[str, Any], made: Edit, clock: Clock = utc_now
) -> list[Draft]:
    """Draft the same evidence (JSON) from a stored document on several claims, all or none.

    Raises:
        NotFound: a claim or the document does not exist.
        ProblemsFound: every reason for a refusal, each with its claim. Nothing was stored.
    """
    drafts: list[Draft] = []
    problems: list[Problem] = []
    with open_store(places) as store, store.writing() as connection:
        for claim_id in dict.fromkeys(claim_ids):
            with _collecting(problems, claim_id):
                desk = read_current_records(store, claim_id)
                claim = read_claim_at_desk(desk, claim_id)
                demand_allowed_on_claim(claim, Action.ATTACH, made.actor, reason=made.reason)
                edit = fill_in_kind(claim, made)
                cited = _cited_evidence(places, connection, desk, claim_id, [evidence], edit, clock)
                change = propose_claim_change(claim, _checked_fields(claim, cited, ()), current_version(claim))
                drafts += _demand_drafts(desk, None, [change], edit)
        if problems:
            raise ProblemsFound(problems)
        store_drafts(store, connection, drafts, clock())
    return drafts


@contextmanager
def _collecting(problems: list[Problem], claim_id: str) -> Iterator[None]:
    """Add the problems of a refusal to a list, each with its claim."""
    try:
        yield
    except ProblemsFound as refusal:
        problems += [problem.relocate(file=claim_id) for problem in refusal.problems]


def find_stored(places: LedgerPaths, address: str = "", content_sha256: str = "") -> Document | None:
    """Return the document that the desk has of an address or of some bytes, or None."""
    with open_store(places) as store:
        return _stored_document(store.connection, read_current_records(store), address, content_sha256)


def _stored_document(
    connection: sqlite3.Connection, desk: CurrentRecords, address: str, content_sha256: str
) -> Document | None:
    if address:
        return find_document_by_address(desk, address)
    document_id = find_document_by_content(connection, content_sha256) if content_sha256 else None
    return desk.document(document_id) if document_id else None


def check_refusals(claim: ClaimAtDesk, question: Question, actor: StaffMember) -> list[Problem]:
    """Return why a person may not answer a question of a claim now; empty if they may, also by taking it."""
    case = claim.case(Action.PROPOSE, question)
    if _is_free(claim, question):
        return decide(Action.PROPOSE, replace(case, check=CheckStage.ASSIGNED, assignee=actor.name), actor)
    if claim.public and claim.draft and claim.verdict(question) != find_verdict(claim.public, question):
        return decide(Action.EDIT, replace(claim.case(Action.EDIT, question), is_revised=True), actor, reason="-")
    return decide(Action.PROPOSE, case, actor)
