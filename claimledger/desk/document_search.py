"""The step that searches the documents of the desk for a claim, before a checker says that nothing was found.

The search changes nothing. `record_search` notes it at a verdict, as a place that was searched, and a second person
approves it like any other edit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from claimledger.desk.check_steps import SeenVersion, claim_at_desk, edit
from claimledger.desk.newsroom_clock import newsroom_day
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.earlier_claims import profile_of_claim
from claimledger.earlier_claims.document_matches import FoundDocument, match_documents, same_names, search_terms
from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.listed_documents import listed_document_texts, listed_names
from claimledger.newsroom.store import Draft
from claimledger.vocabulary import Question

LISTED = {
    "en": "Titles, summaries, excerpts and stored texts of the documents listed here",
    "ko": "여기 실린 문서의 제목·요약·발췌·보관된 글",
}
"""The place that is searched, in words for readers."""
MOST_LISTED_DOCUMENTS = 20
"""The most documents that a search returns."""


class DocumentSearch(NamedTuple):
    """The result of a search."""

    terms: str
    """The terms that were searched for."""
    document_count: int
    """The number of documents that were searched."""
    found: list[FoundDocument]
    """The documents to read, the best first."""


def search_documents(places: LedgerPaths, claim_id: str, most: int = MOST_LISTED_DOCUMENTS) -> DocumentSearch:
    """Return the documents of the desk that share figures, names or words with a claim.

    Raises:
        NotFound: the claim does not exist.
    """
    claim = claim_at_desk(places, claim_id).claim
    profile = profile_of_claim(claim.to_json())
    with open_store(places) as store:
        documents = listed_document_texts(store, places.private_evidence)
        matches = match_documents(profile, _further_texts(claim), documents, same_names(listed_names(store)))
        desk, cited = read_current_records(store), {one.document_id for one in claim.evidence}
        shown = ((desk.document(one.document_id), one) for one in matches[:most])
        found = [FoundDocument(document, one, one.document_id in cited) for document, one in shown if document]
    return DocumentSearch(search_terms(profile), len(documents), found)


def _further_texts(claim: Claim) -> list[str]:
    """Return the texts of a claim, besides its statement, that contain names."""
    wordings = (claim.speaker and claim.speaker.name, claim.speaker and claim.speaker.organization, claim.source.name)
    return [text for wording in wordings if wording for text in wording.values()]


def searched_entry(search: DocumentSearch) -> dict[str, Any]:
    """Return a search as a place that was searched (JSON), as a verdict has it."""
    return {"where": LISTED, "terms": search.terms, "on": newsroom_day().isoformat()}


def record_search(
    places: LedgerPaths, claim_id: str, question: Question, made: Edit, clock: Clock = utc_now
) -> Draft | None:
    """Search the documents for a claim, and draft the claim with this search at its verdict on a question.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the question has no verdict, or the workflow table refuses the edit.
    """
    entry, at = searched_entry(search_documents(places, claim_id)), claim_at_desk(places, claim_id)
    fields = at.claim.to_json()
    verdict = next((one for one in fields.get("verdicts", ()) if one["question"] == question.value), None)
    if verdict is None:
        raise ProblemsFound([Problem("search-without-verdict", file=claim_id, question=question.value)])
    kept = [one for one in verdict.get("searched", ()) if one.get("where") != LISTED or one["on"] != entry["on"]]
    verdict["searched"] = [*kept, entry]
    seen = SeenVersion(at.head_sha256, at.draft.draft_id if at.draft else None)
    return edit(places, claim_id, fields, seen, made, clock)
