"""THE CLAIM'S WAY: one short function per editorial step, in order. Read this first.

    add_article             store an article's text; a changed text is a new edition, and its claims are carried over
    list_candidates         list the passages that may be claims, with the decision on each
    accept                  make the draft of a claim from a passage   (a person writes the statement)
    dismiss                 exclude a passage, or reopen it            (reason)
    compare_editions        show what a new edition changed, and the outcome of each query to the writer
    list_placement_tasks    list the claims that a new edition changed or lost; settle places or excludes them
    coverage                account for each number and quotation; check_sheet prints the same on paper
    new_claim               start the file of a claim from a passage
    record                  store hand-edited files as drafts          (author, reason)
    find_earlier_for_claim  find claims and reviews that say the same; relate links them to the claim
    waive                   accept an exception to a finding           (an editor; the reason is public)
    remove_evidence         remove a piece of evidence                 (reason)
    edit                    rewrite a claim, propose a verdict or a correction, on the version that was seen
    assign                  assign the check of a question; query, record_answer and comment while it is checked
    attach                  store a document, fetched or uploaded, and add it as evidence; edit_with_evidence edits too
    recheck_documents       fetch documents again; a change opens a recheck and never changes a verdict
    approve                 let a second person approve a proposal; return_ sends it back (reason)
    withdraw                propose to withdraw a public claim         (a second editor approves)
    list_due_rechecks       list the claims that are due for recheck
    publish                 append open drafts to the public log       (a second person approves)
    build_public_files      print claims/ and ledger.db from the log
    check                   check that log, files and ledger.db agree
    verify                  compare an article's text with the claims that quote it
    import_reviews          store reviews of other publications as they published them

Every interface calls these functions and decides nothing itself. The package `review` says which action may follow
which, `ledger` stores the result, and `publishing` shows it. Each step writes everything or nothing and returns what
it did.
"""

from __future__ import annotations

from claimledger.desk.archived_copies import ArchiveLookupResult, add_archived_copy
from claimledger.desk.article_steps import (
    accept, add_article, view_article, list_article_ids, list_articles, list_candidates, check_sheet, compare_editions,
    correct_furniture, coverage, dismiss, record_dismissals, settle, make_slug, list_placement_tasks, verify,
)  # fmt: skip
from claimledger.desk.bulk_steps import approve_many, assign_many, demand_open_drafts
from claimledger.desk.check_steps import (
    SeenVersion, record_answer, approve, assign, claim_at_desk, comment, edit, open_claim_findings, query, return_,
    waive, withdraw,
)  # fmt: skip
from claimledger.desk.claim_steps import (
    discard, drafts_to_publish, new_claim, new_claim_id, new_document_id, newest_draft_number, open_drafts, record,
)  # fmt: skip
from claimledger.desk.review_import import list_imported_reviews, import_reviews
from claimledger.desk.claim_view import ClaimView, find_seen_claim, view_claim
from claimledger.desk.cross_claim_findings import cross_claim_findings, computed_finding_counts
from claimledger.desk.earlier_steps import (
    find_earlier_for_text, count_unindexed_records, find_earlier_for_claim, suggest_earlier_for_text,
    suggest_earlier_for_claim, list_due_rechecks, relate, search_reviews_elsewhere,
)  # fmt: skip
from claimledger.desk.evidence_steps import (
    IncomingDocument, attach, cite, describe_document, list_citable_documents, edit_with_evidence, fetch_for_claim,
    read_document_file, read_upload,
)  # fmt: skip
from claimledger.desk.step_setup import Clock, ProgressCallback, open_store, report_no_progress, utc_now
from claimledger.desk.preview import preview
from claimledger.desk.publish_steps import BuildResult, build_public_files, build_ledger, check, public_record, publish
from claimledger.desk.queue_pages import queue, queue_counts, queue_page, claim_statements, view_counts
from claimledger.desk.recheck_steps import (
    DocumentAtDesk, DocumentReport, documents_at_desk, claim_documents, read_private_content, recheck_documents,
    open_recheck_reasons, settle_recheck,
)  # fmt: skip
from claimledger.desk.report_steps import close_report, open_report_count, reopen_report, submit_report, list_reports
from claimledger.desk.sheet_steps import SheetImportResult, export_sheet, plan_import, plan_fingerprint, import_sheet
from claimledger.desk.evidence_removal import remove_evidence
from claimledger.desk.newsroom_clock import newsroom_day
from claimledger.desk.verdict_lookup import published_verdicts
from claimledger.desk.pending_changes import WaitingRecord, undecided_counts, list_waiting_records

__all__ = [
    "ArchiveLookupResult",
    "BuildResult",
    "ClaimView",
    "Clock",
    "DocumentAtDesk",
    "DocumentReport",
    "IncomingDocument",
    "ProgressCallback",
    "SeenVersion",
    "SheetImportResult",
    "WaitingRecord",
    "accept",
    "add_archived_copy",
    "add_article",
    "approve",
    "approve_many",
    "assign",
    "assign_many",
    "attach",
    "build_ledger",
    "build_public_files",
    "check",
    "check_sheet",
    "cite",
    "claim_at_desk",
    "claim_documents",
    "claim_statements",
    "close_report",
    "comment",
    "compare_editions",
    "computed_finding_counts",
    "correct_furniture",
    "count_unindexed_records",
    "coverage",
    "cross_claim_findings",
    "demand_open_drafts",
    "describe_document",
    "discard",
    "dismiss",
    "documents_at_desk",
    "drafts_to_publish",
    "edit",
    "edit_with_evidence",
    "export_sheet",
    "fetch_for_claim",
    "find_earlier_for_claim",
    "find_earlier_for_text",
    "find_seen_claim",
    "import_reviews",
    "import_sheet",
    "list_article_ids",
    "list_articles",
    "list_candidates",
    "list_citable_documents",
    "list_due_rechecks",
    "list_imported_reviews",
    "list_placement_tasks",
    "list_reports",
    "list_waiting_records",
    "make_slug",
    "new_claim",
    "new_claim_id",
    "new_document_id",
    "newest_draft_number",
    "newsroom_day",
    "open_claim_findings",
    "open_drafts",
    "open_recheck_reasons",
    "open_report_count",
    "open_store",
    "plan_fingerprint",
    "plan_import",
    "preview",
    "public_record",
    "publish",
    "published_verdicts",
    "query",
    "queue",
    "queue_counts",
    "queue_page",
    "read_document_file",
    "read_private_content",
    "read_upload",
    "recheck_documents",
    "record",
    "record_answer",
    "record_dismissals",
    "relate",
    "remove_evidence",
    "reopen_report",
    "report_no_progress",
    "return_",
    "search_reviews_elsewhere",
    "settle",
    "settle_recheck",
    "submit_report",
    "suggest_earlier_for_claim",
    "suggest_earlier_for_text",
    "undecided_counts",
    "utc_now",
    "verify",
    "view_article",
    "view_claim",
    "view_counts",
    "waive",
    "withdraw",
]  # fmt: skip
