"""A document that becomes confidential: not while a claim gives its words, and the desk still knows what it is."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from newsroom import CARGO, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk.step_setup import keep
from claimledger.editorial.withheld_documents import public_form
from claimledger.errors import ProblemsFound
from claimledger.newsroom.drafting import Batch, Proposed, drafts_of
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import standing
from claimledger.ledger.yaml_source import Where
from claimledger.models import Document
from claimledger.vocabulary import RevisionKind, Subject
from made_documents import SENTENCE, html_page


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> Places:
    return newsroom.published(tmp_path, clock)


def attached(places: Places, clock: Clock) -> Document:
    """Attach a public page with an excerpt to the claim about cargo."""
    brought = desk.from_file("statistics.html", html_page(), clock)
    told = {"tier": "primary", "address": "https://port.example/statistics", "is_withheld": False}
    fields = desk.described(brought, told)
    evidence = {
        "document_id": fields["document_id"], "stance": "supports", "summary": {"en": "The count agrees."},
        "excerpt": SENTENCE,
    }  # fmt: skip
    made = edit_by("checker", "Evidence seen.")
    drafts = desk.attach(places, CARGO, fields, evidence, None, made, clock, brought=brought)
    return next(draft.record for draft in drafts if isinstance(draft.record, Document))


def withhold(places: Places, clock: Clock, document: Document) -> list[str]:
    """Draft a document as confidential, going on from what stands there; return the codes of a refusal."""
    fields = public_form(document.to_json(), document.document_id)
    with desk.open_store(places) as store, store.writing() as connection:
        stands = standing(store)
        change = stands.change(Subject.DOCUMENT, document.document_id, fields)
        waiting = stands.drafts.get((Subject.DOCUMENT, document.document_id))
        proposed = Proposed(change, Where(), waiting.draft_id if waiting else None)
        made = edit_by("checker", "Confidential after all.", RevisionKind.UPDATE)
        drafts, problems = drafts_of(Batch([proposed]), store, made)
        if not problems:
            keep(store, connection, drafts, clock())
    return [problem.code for problem in problems]


def without_excerpt(places: Places, clock: Clock) -> None:
    at = desk.claim_at_desk(places, CARGO)
    fields = at.claim.to_json()
    for one in fields["evidence"]:
        del one["excerpt"]
    desk.edit(places, CARGO, fields, desk.evidence_steps.seen_now(at), edit_by("checker", "Source protected."), clock)


@pytest.mark.parametrize("is_public", [False, True])
def test_a_document_is_not_made_confidential_while_a_claim_gives_its_words(
    places: Places, clock: Clock, *, is_public: bool
) -> None:
    document = attached(places, clock)
    if is_public:
        desk.publish(places, actor("editor"), clock=clock)
    assert withhold(places, clock, document) == ["withheld-but-excerpted"]
    without_excerpt(places, clock)
    assert withhold(places, clock, document) == []
    (known,) = desk.documents_of(places, CARGO, actor("checker"))
    assert known.is_withheld
    assert (known.document.title, known.document.address) == (document.title, document.address)


def test_a_passage_of_a_withheld_document_is_not_left_public_by_publishing_the_document_alone(
    places: Places, clock: Clock
) -> None:
    document = attached(places, clock)
    desk.publish(places, actor("editor"), clock=clock)
    without_excerpt(places, clock)
    withhold(places, clock, document)
    with pytest.raises(ProblemsFound) as refusal:
        desk.publish(places, actor("editor"), [document.document_id], clock=clock)
    assert [problem.code for problem in refusal.value.problems] == ["withheld-but-excerpted"]
    desk.publish(places, actor("editor"), clock=clock)
