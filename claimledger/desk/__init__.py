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

from claimledger.desk.archived_copies import Noted, with_archived_copy
from claimledger.desk.article_steps import (
    accept, add_article, article_at_desk, article_names, articles, candidates, check_sheet, compared, correct_furniture,
    coverage, dismiss, record_dismissals, settle, slug_of, tasks, verify,
)  # fmt: skip
from claimledger.desk.bulk_steps import approve_many, assign_many, demand_waiting
from claimledger.desk.check_steps import (
    Seen, answer, approve, assign, claim_at_desk, comment, edit, findings, query, return_, waive, withdraw,
)  # fmt: skip
from claimledger.desk.claim_steps import (
    discard, going_out, new_claim, new_claim_id, new_document_id, newest_id, open_drafts, record,
)  # fmt: skip
from claimledger.desk.review_import import reviews_taken_in, take_in_reviews
from claimledger.desk.claim_view import ClaimView, claim_as_seen, view_claim
from claimledger.desk.cross_claim_findings import computed_across, computed_counts
from claimledger.desk.earlier_steps import (
    earlier_claims, earlier_left, earlier_than, earlier_to_settle, earlier_to_tie, rechecks, relate, reviews_elsewhere,
)  # fmt: skip
from claimledger.desk.evidence_steps import (
    Brought, attach, cite, described, documents_to_cite, edit_on, fetched, from_file, uploaded,
)  # fmt: skip
from claimledger.desk.step_setup import Clock, Progress, open_store, silent, utc_now
from claimledger.desk.preview import preview
from claimledger.desk.publish_steps import Built, build, build_ledger, check, public_record, publish
from claimledger.desk.queue_pages import queue, queue_counts, queue_page, statements, view_counts
from claimledger.desk.recheck_steps import (
    DocumentAtDesk, DocumentReport, documents_named, documents_of, kept_content, look_again, rechecks_of,
    settle_recheck,
)  # fmt: skip
from claimledger.desk.report_steps import close_report, open_report_count, reopen_report, report, reports
from claimledger.desk.sheet_steps import Taken, export_sheet, plan_import, seen_of, take_in
from claimledger.desk.evidence_removal import take_back
from claimledger.desk.newsroom_clock import newsroom_day
from claimledger.desk.verdict_lookup import published_verdicts
from claimledger.desk.pending_changes import Waiting, undecided, waiting

__all__ = [
    "Brought", "Built", "ClaimView", "Clock", "DocumentAtDesk", "DocumentReport", "Noted", "Progress", "Seen",
    "Taken", "Waiting", "accept", "add_article", "answer", "approve", "approve_many", "article_at_desk",
    "article_names", "articles", "assign", "assign_many", "attach", "build", "build_ledger", "candidates", "check",
    "check_sheet", "cite", "claim_as_seen", "claim_at_desk", "close_report", "comment", "compared",
    "computed_across", "computed_counts", "correct_furniture", "coverage", "demand_waiting", "described", "discard",
    "dismiss", "documents_named", "documents_of", "documents_to_cite", "earlier_claims", "earlier_left",
    "earlier_than", "earlier_to_settle", "earlier_to_tie", "edit", "edit_on", "export_sheet", "fetched", "findings",
    "from_file", "going_out", "kept_content", "look_again", "new_claim", "new_claim_id", "new_document_id",
    "newest_id", "newsroom_day", "open_drafts", "open_report_count", "open_store", "plan_import", "preview",
    "public_record", "publish", "published_verdicts", "query", "queue", "queue_counts", "queue_page", "rechecks",
    "rechecks_of", "record", "record_dismissals", "relate", "reopen_report", "report", "reports", "return_",
    "reviews_elsewhere", "reviews_taken_in", "seen_of", "settle", "settle_recheck", "silent", "slug_of",
    "statements", "take_back", "take_in", "take_in_reviews", "tasks", "undecided", "uploaded", "utc_now", "verify",
    "view_claim", "view_counts", "waiting", "waive", "with_archived_copy", "withdraw",
]  # fmt: skip
