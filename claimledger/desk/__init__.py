"""THE CLAIM'S WAY, one short function per editorial step, in order. Read this first.

    add_article   keep an article's text; a changed one is a new edition, its claims carried over
    candidates    see what the text may claim, and what was decided on it
    accept        make a claim's draft of a passage            (a person gives the statement)
    dismiss       leave a passage out, or look at it again     (reason)
    compared      see what a new edition changed, and whether it did what the writer was asked
    tasks         see the claims that a new edition changed or lost; place them, or leave them out
    coverage      account for each number and quotation, on a check sheet too
    new_claim     start a claim's file from a passage of the article
    record        take hand-edited files in as drafts          (author, reason)
    earlier_than  find what says the same as a claim or a text; relate ties it to the claim
    waive         set a finding of the agreement checks aside  (an editor; the reason is public)
    take_back     take a piece of evidence back                (reason)
    edit          write a claim anew, propose a verdict or a correction, on the version that was seen
    assign        say who checks a question about a claim; query, answer and comment while it is checked
    attach        keep a document, fetched or from a file, with what it says about a claim; edit_on does both at once
    look_again    fetch documents anew; what changed opens a recheck, and never changes a verdict
    approve       let a second person approve what waits, or return_ it (reason)
    withdraw      take a public claim back                     (a second editor approves)
    rechecks      see what is to be looked at again: its day came, or what it rests on fell or changed
    publish       append open drafts to the public log         (a second person approves)
    build         print claims/ and ledger.db from the log
    check         prove that log, files and ledger.db say the same
    verify        hold an article's text against the claims that quote it
    take_in_reviews   keep what other publications found, as they published it

Every interface calls these and decides nothing itself. What may follow what stands in `review`; how it is kept, in
`ledger`; how it is shown, in `publishing`. A step writes all or nothing, and says what it did.
"""

from __future__ import annotations

from claimledger.desk.archived_copies import Noted, with_archived_copy
from claimledger.desk.article_steps import (
    accept, add_article, article_at_desk, article_names, articles, candidates, check_sheet, compared,
    correct_furniture, coverage, dismiss, record_dismissals, settle, slug_of, tasks, verify,
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
from claimledger.desk.newsroom_clock import newsroom_day
from claimledger.desk.step_setup import Clock, Progress, open_store, silent, utc_now
from claimledger.desk.preview import preview
from claimledger.desk.publish_steps import Built, build, build_ledger, check, check_ledger, public_record, publish
from claimledger.desk.queue_pages import queue, queue_counts, queue_page, statements, view_counts
from claimledger.desk.recheck_steps import (
    DocumentAtDesk, DocumentReport, documents_named, documents_of, kept_content, look_again, rechecks_of,
    settle_recheck,
)  # fmt: skip
from claimledger.desk.report_steps import (
    close_report, open_report_count, reopen_report, report, reports,
)  # fmt: skip
from claimledger.desk.sheet_steps import Taken, export_sheet, plan_import, seen_of, take_in
from claimledger.desk.evidence_removal import take_back

from claimledger.desk.verdict_lookup import published_verdicts
from claimledger.desk.pending_changes import Waiting, undecided, waiting

__all__ = [
    "Brought", "Built", "ClaimView", "Clock", "DocumentAtDesk", "DocumentReport", "Noted", "Progress", "Seen",
    "Taken", "Waiting", "accept", "add_article", "answer", "approve", "approve_many", "article_at_desk",
    "article_names", "articles", "assign", "assign_many", "attach", "build", "build_ledger", "candidates", "check",
    "check_ledger", "check_sheet", "cite", "claim_as_seen", "claim_at_desk", "close_report", "comment", "compared",
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
