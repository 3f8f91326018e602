"""Making a document confidential is refused while a claim quotes it. The desk keeps the details."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from made_documents import SENTENCE, html_page
from newsroom import CARGO, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import evidence_steps, lookups, step_setup
from claimledger.desk.step_setup import store_drafts
from claimledger.editorial.withheld_documents import public_form
from claimledger.errors import ProblemsFound
from claimledger.newsroom.drafting import ChangeBatch, ProposedChange, make_drafts
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import read_current_records
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Document
from claimledger.vocabulary import RevisionKind, Subject

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def attach_page(places: LedgerPaths, clock: Clock) -> Document:
    """Attach a public page with an excerpt to the claim about cargo."""
    incoming = evidence_steps.read_document_file("statistics.html", html_page(), clock)
    description = {"tier": "primary", "address": "https://port.example/statistics", "is_withheld": False}
    fields = evidence_steps.describe_document(incoming, description)
    evidence = {
        "document_id": fields["document_id"], "stance": "supports", "summary": {"en": "The count agrees."},
        "excerpt": SENTENCE,
    }  # fmt: skip
    made = edit_by("checker", "Evidence seen.")
    drafts = desk.attach(places, CARGO, fields, evidence, None, made, clock, incoming=incoming)
    return next(draft.record for draft in drafts if isinstance(draft.record, Document))


def withhold(places: LedgerPaths, clock: Clock, document: Document) -> list[str]:
    """Draft the current document as confidential; return the problem codes."""
    fields = public_form(document.to_json(), document.document_id)
    with step_setup.open_store(places) as store, store.writing() as connection:
        current = read_current_records(store)
        change = current.change(Subject.DOCUMENT, document.document_id, fields)
        waiting = current.drafts.get((Subject.DOCUMENT, document.document_id))
        proposed = ProposedChange(change, SourceLocation(), waiting.draft_id if waiting else None)
        made = edit_by("checker", "Confidential after all.", RevisionKind.UPDATE)
        drafts, problems = make_drafts(ChangeBatch([proposed]), store, made)
        if not problems:
            store_drafts(store, connection, drafts, clock())
    return [problem.code for problem in problems]


def remove_excerpts(places: LedgerPaths, clock: Clock) -> None:
    at = lookups.claim_at_desk(places, CARGO)
    fields = at.claim.to_json()
    for one in fields["evidence"]:
        del one["excerpt"]
    desk.edit(
        places, CARGO, fields, desk.evidence_steps.current_version(at), edit_by("checker", "Source protected."), clock
    )


@pytest.mark.parametrize("is_public", [False, True])
def test_quoted_document_cannot_become_confidential(places: LedgerPaths, clock: Clock, *, is_public: bool) -> None:
    document = attach_page(places, clock)
    if is_public:
        desk.publish(places, actor("editor"), clock=clock)
    assert withhold(places, clock, document) == ["withheld-but-excerpted"]
    remove_excerpts(places, clock)
    assert withhold(places, clock, document) == []
    (known,) = lookups.claim_documents(places, CARGO, actor("checker"))
    assert known.is_withheld
    assert (known.document.title, known.document.address) == (document.title, document.address)


def test_publishing_only_the_withheld_document_is_refused(places: LedgerPaths, clock: Clock) -> None:
    document = attach_page(places, clock)
    desk.publish(places, actor("editor"), clock=clock)
    remove_excerpts(places, clock)
    withhold(places, clock, document)
    with pytest.raises(ProblemsFound) as refusal:
        desk.publish(places, actor("editor"), [document.document_id], clock=clock)
    assert [problem.code for problem in refusal.value.problems] == ["withheld-but-excerpted"]
    desk.publish(places, actor("editor"), clock=clock)
