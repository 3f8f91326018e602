"""Lookups: everything the interfaces show of the desk. A lookup changes no claim, document or account.

Those of one step are in the module of that step and only listed here; those of the task list (queue) and of published
verdicts are below. The task list is updated before it is read, and reading a confidential
copy is recorded (`read_private_content`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from claimledger.desk.article_steps import (
    dismissal_reasons, has_newest_text, known_speakers, list_article_ids, list_articles, view_article,
)  # fmt: skip
from claimledger.desk.article_notes_steps import article_task
from claimledger.desk.checked_statements import CheckedStatement, checked_statements
from claimledger.desk.check_steps import claim_at_desk, open_claim_findings
from claimledger.desk.claim_steps import drafts_to_publish, newest_draft_number, open_drafts
from claimledger.desk.claim_view import ClaimView, find_seen_claim, view_claim
from claimledger.desk.cross_claim_findings import computed_finding_counts, cross_claim_findings
from claimledger.desk.earlier_steps import (
    count_unindexed_records, find_earlier_for_text, list_due_rechecks, suggest_earlier_for_claim,
    suggest_earlier_for_text,
)  # fmt: skip
from claimledger.desk.evidence_steps import list_citable_documents
from claimledger.desk.check_imports import list_waiting_imports
from claimledger.desk.import_view import view_waiting_import
from claimledger.desk.newsroom_clock import newsroom_day
from claimledger.desk.pending_changes import WaitingRecord, list_waiting_records, undecided_counts
from claimledger.desk.publish_steps import public_record, read_clock_doubt
from claimledger.desk.queue_search import search_queue
from claimledger.desk.recheck_steps import (
    DocumentAtDesk, claim_documents, documents_at_desk, open_recheck_reasons, read_private_content,
)  # fmt: skip
from claimledger.desk.report_steps import list_reports, open_report_count
from claimledger.desk.review_import import list_imported_reviews
from claimledger.desk.step_setup import open_store
from claimledger.desk.suggestion_steps import article_suggestions, claim_suggestions, count_suggestions
from claimledger.desk.template_steps import text_templates
from claimledger.editorial.known_speakers import KnownSpeaker
from claimledger.editorial.work_rows import update_queue
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import work_items
from claimledger.newsroom.article_progress import ArticleProgress, read_article_progress
from claimledger.newsroom.work_items import QueuePosition, WorkFilter, WorkItem
from claimledger.vocabulary import Question, Subject, VerdictValue

__all__ = [
    "CheckedStatement", "ClaimView", "DocumentAtDesk", "KnownSpeaker", "QueuePage", "QueuePosition",
    "WaitingRecord", "article_progress", "article_suggestions", "article_task", "checked_statements", "claim_at_desk",
    "claim_documents", "claim_statements", "claim_suggestions", "computed_finding_counts", "count_suggestions",
    "count_unindexed_records", "cross_claim_findings", "dismissal_reasons", "documents_at_desk", "drafts_to_publish",
    "find_earlier_for_text", "find_seen_claim", "has_newest_text", "known_speakers", "list_article_ids",
    "list_articles", "list_citable_documents", "list_due_rechecks", "list_imported_reviews", "list_reports",
    "list_waiting_imports", "list_waiting_records", "newest_draft_number", "newsroom_day",
    "open_claim_findings", "open_drafts", "open_recheck_reasons", "open_report_count", "public_record",
    "published_verdicts", "queue", "queue_counts", "queue_page", "queue_position", "read_clock_doubt",
    "read_private_content", "suggest_earlier_for_claim", "suggest_earlier_for_text", "text_templates",
    "undecided_counts", "view_article", "view_claim", "view_counts", "view_waiting_import",
]  # fmt: skip


class QueuePage(NamedTuple):
    """A page of the queue."""

    rows: list[WorkItem]
    """The claims of the page, the most urgent first."""
    claim_count: int
    """The number of claims on all pages."""
    counts: dict[str, list[tuple[str, int]]]
    """Column to its values, each with the number of claims that have it, the most frequent first."""


def queue(places: LedgerPaths, filters: WorkFilter, page: int = 1) -> tuple[list[WorkItem], int]:
    """Return a page (from 1) of the claims that match, the most urgent first, and the number of all matches."""
    with open_store(places) as store:
        update_queue(store)
        found = search_queue(places, store, filters)
        return work_items.read_work_items(store, found, page), work_items.count_work_items(store, found)


def queue_page(places: LedgerPaths, filters: WorkFilter, page: int, columns: Sequence[str]) -> QueuePage:
    """Return a page (from 1) of the claims that match, with the number of all matches and the counts of `columns`."""
    with open_store(places) as store:
        update_queue(store)
        found = search_queue(places, store, filters)
        return QueuePage(
            work_items.read_work_items(store, found, page),
            work_items.count_work_items(store, found),
            work_items.count_by_column(store, found, columns),
        )


def queue_position(places: LedgerPaths, filters: WorkFilter, claim_id: str = "") -> QueuePosition:
    """Return the position of a claim among those that match, and its neighbours; without a claim, the first one."""
    with open_store(places) as store:
        update_queue(store)
        return work_items.find_position(store, search_queue(places, store, filters), claim_id)


def article_progress(places: LedgerPaths, article_ids: Sequence[str]) -> Mapping[str, ArticleProgress]:
    """Return the progress of the checks of those articles that have claims."""
    with open_store(places) as store:
        update_queue(store)
        return read_article_progress(store, article_ids)


def view_counts(places: LedgerPaths, views: Mapping[str, WorkFilter]) -> dict[str, int]:
    """Return the number of claims in each view."""
    with open_store(places) as store:
        update_queue(store)
        return {name: work_items.count_work_items(store, filters) for name, filters in views.items()}


def queue_counts(places: LedgerPaths, filters: WorkFilter, columns: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Return, for each column, its values with the number of matching claims that have them."""
    with open_store(places) as store:
        update_queue(store)
        return work_items.count_by_column(store, search_queue(places, store, filters), columns)


def claim_statements(places: LedgerPaths, claim_ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Return the statements of claims on the desk by language, for at most `WORK_ITEMS_PER_PAGE` claims."""
    with open_store(places) as store:
        filters = WorkFilter(claim_ids=msgspec.json.encode(list(claim_ids)).decode())
        rows = work_items.read_work_items(store, filters) if claim_ids else []
    both = {row.claim_id: {"ko": row.statement_ko, "en": row.statement_en} for row in rows}
    return {claim_id: {name: text for name, text in texts.items() if text} for claim_id, texts in both.items()}


def published_verdicts(places: LedgerPaths, claim_ids: Sequence[str]) -> dict[str, Mapping[Question, VerdictValue]]:
    """Return the published verdict on each question for each claim; a question without a verdict is left out."""
    with open_store(places) as store:
        heads = {claim_id: store.head(Subject.CLAIM, claim_id) for claim_id in claim_ids}
    return {claim_id: _verdict_values(head.body) if head else {} for claim_id, head in heads.items()}


def _verdict_values(body: bytes) -> Mapping[Question, VerdictValue]:
    verdicts = msgspec.json.decode(body, type=_Body).record.verdicts
    return {Question(one.question): VerdictValue(one.value) for one in verdicts}


class _Verdict(msgspec.Struct):
    question: str
    value: str


class _Record(msgspec.Struct):
    verdicts: tuple[_Verdict, ...] = ()


class _Body(msgspec.Struct):
    record: _Record
