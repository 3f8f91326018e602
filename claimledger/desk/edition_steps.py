"""The steps on a new edition of an article: compare it with the last one, and place the claims that it moved."""

from __future__ import annotations

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, store_changes, utc_now
from claimledger.desk_vocabulary import Action
from claimledger.editorial import candidate_decisions, new_editions
from claimledger.editorial.claim_at_desk import read_claim_at_desk
from claimledger.editorial.current_edition import newest_edition_with_text
from claimledger.editorial.edition_comparison import (
    DiffParagraphs, QueryFollowUp, compare_paragraphs, follow_up_queries,
)  # fmt: skip
from claimledger.editorial.new_editions import PlacementTask
from claimledger.errors import NotFound
from claimledger.ledger import text_form
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Appearance, Span
from claimledger.newsroom.actions import has_queries
from claimledger.newsroom.article_texts import read_stored_text
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.decisions import store_decisions
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.store import Draft


def list_placement_tasks(places: LedgerPaths, article_id: str) -> list[PlacementTask]:
    """Return the unsettled claims whose passage the newest edition changed or lost.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = read_current_records(store)
        return new_editions.find_placement_tasks(desk, newest_edition_with_text(desk, article_id))


def settle(
    places: LedgerPaths, article_id: str, claim_id: str, span: Span | None, edit: Edit, clock: Clock = utc_now
) -> list[Draft]:
    """Place a claim in the newest edition at `span`, or exclude it from that edition if `span` is None.

    Raises:
        NotFound: the claim has no such open task.
        TextNotHeld, NoPassage: the text is not stored on the desk, or it has no such passage.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.SETTLE, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        desk = read_current_records(store)
        at_hand = newest_edition_with_text(desk, article_id)
        waiting = [
            task
            for task in new_editions.find_placement_tasks(desk, at_hand)
            if task.carried.appearance.claim_id == claim_id
        ]
        if not waiting:
            raise NotFound("unplaced-claim", claim_id)
        if span is None:
            store_decisions(
                connection, [new_editions.exclusion_decision(at_hand, task, edit) for task in waiting], clock()
            )
            return []
        candidate_decisions.make_passage_selector(at_hand, span)
        drafts = store_changes(
            store, connection, [new_editions.placement_change(at_hand, waiting[0], span)], edit, clock
        )
    passages = [one.record for one in drafts if isinstance(one.record, Appearance)]
    text_form.add_passages_to_files(places, passages)
    return drafts


def compare_editions(places: LedgerPaths, article_id: str) -> tuple[list[DiffParagraphs], list[QueryFollowUp]]:
    """Return the differences of an article's two newest texts, and the outcome of each query to the writer.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = read_current_records(store)
        at_hand = newest_edition_with_text(desk, article_id)
        editions = [edition.edition_sha256 for edition in at_hand.article.editions[:-1]]
        stored = [read_stored_text(store.connection, sha256) for sha256 in editions]
        older = [text.content for text in stored if text]
        names = [one.claim_id for sha256 in (*editions, at_hand.edition.edition_sha256)
                 for one in desk.appearances(sha256)]  # fmt: skip
        claims = [read_claim_at_desk(desk, name) for name in dict.fromkeys(names) if has_queries(store, name)]
    newest = at_hand.text.content
    return (compare_paragraphs(older[-1], newest) if older else []), follow_up_queries(claims, newest, older)
