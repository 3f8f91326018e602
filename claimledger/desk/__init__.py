"""THE CLAIM'S WAY: one short function per editorial step, in order. Read this first.

    from the text to drafts
    add_article             store an article's text; a changed text is a new edition, and its claims are carried over
    list_candidates         list the passages that may be claims, with the decision on each; list_unread_paragraphs
                            reports paragraphs on which a language failed
    accept                  make the draft of a claim from a passage   (a person writes the statement)
    dismiss                 exclude a passage, or reopen it            (reason)
    change_template         change a text that forms offer to insert    (an editor)
    set_deadline            set the deadline of an article, which its claims inherit; note_article notes something
    ask_model               ask a language model for suggestions; dismiss_suggestion sets one aside, accept takes one as
                            a claim, accept_translation as the other language of a statement (a person decides)
    record_answers          write a model's answers into a file; replay_answers uses such a file in place of calls
    allow_sending           let the text of an article go to a model outside; delete_answers deletes what came back
    coverage                account for each number and quotation; check_sheet prints the same on paper
    compare_editions        show what a new edition changed, and the outcome of each query to the writer
    list_placement_tasks    list the claims that a new edition changed or lost; settle places or excludes them
    new_claim               start the file of a claim from a passage; record stores hand-edited files as drafts
    find_earlier_for_claim  find claims and reviews that say the same; relate links them to the claim
    from the draft to a checked claim
    edit                    rewrite a claim, propose a verdict or a correction, on the version that was seen
    waive                   accept an exception to a finding           (an editor; the reason is public)
    assign                  assign the check of a question; query, record_answer and comment while it is checked
    attach                  store a document, fetched or uploaded, and add it as evidence; cite adds a stored one
    search_documents        find the documents of the desk that may bear on a claim; record_search notes the search
    submit_check            do all of a check at once: documents and verdicts; cite_many cites one for many claims
    remove_evidence         remove a piece of evidence                 (reason)
    from the check to the public
    approve                 let a second person approve a proposal; return_ sends it back (reason)
    preview                 show which public rows publishing would change
    publish                 append open drafts to the public log       (a second person approves)
    build_public_files      print claims/ and ledger.db from the log
    check                   check that log, files and ledger.db agree
    after publication
    recheck_documents       fetch documents again; a change opens a recheck and never changes a verdict
    withdraw                propose to withdraw a public claim         (a second editor approves)
    submit_report           take a reader's report of an error; close_report settles it
    export_sheet            give claims out as a spreadsheet; import_sheet takes the edited copy back
    export_flat_table       give the published claims out as one flat table, to read and share
    import_reviews          store reviews of other publications as they published them
    plan_check_import       compare an archive of past checks with what is public; propose_check_import lets it wait,
                            approve_check_import publishes it           (a second editor)
    verify                  compare an article's text with the claims that quote it

Every interface calls these functions and decides nothing itself. The package `workflow` says which action may follow
which, `newsroom` stores drafts and actions, `ledger` the public log, and `publishing` shows it. Each step writes
everything or nothing and returns what it did. Functions that show what is on the desk are in `desk.lookups`;
accounts are in `desk.account_steps`.
"""

from __future__ import annotations

from claimledger.desk.article_steps import (
    accept, add_article, check_sheet, correct_furniture, coverage, dismiss, list_candidates,
    list_unread_paragraphs, record_dismissals, verify,
)  # fmt: skip
from claimledger.desk.article_notes_steps import note_article, set_deadline
from claimledger.desk.claim_steps import discard, new_claim, record
from claimledger.desk.earlier_steps import (
    complete_earlier_index, find_earlier_for_claim, relate, search_reviews_elsewhere,
)  # fmt: skip
from claimledger.desk.check_steps import approve, assign, comment, edit, query, record_answer, return_, waive, withdraw
from claimledger.desk.bulk_steps import approve_many, assign_many
from claimledger.desk.edition_steps import compare_editions, list_placement_tasks, settle
from claimledger.desk.evidence_steps import attach, cite, edit_with_evidence
from claimledger.desk.document_search import record_search, search_documents
from claimledger.desk.evidence_removal import remove_evidence
from claimledger.desk.preview import preview
from claimledger.desk.publish_steps import build_public_files, check, publish
from claimledger.desk.recheck_steps import recheck_documents, settle_recheck
from claimledger.desk.report_steps import close_report, reopen_report, submit_report
from claimledger.desk.flat_table import export_flat_table
from claimledger.desk.sheet_steps import export_sheet, import_sheet, plan_import
from claimledger.desk.review_import import import_reviews
from claimledger.desk.answer_recording import record_answers, replay_answers
from claimledger.desk.sending_steps import allow_sending
from claimledger.desk.suggestion_steps import accept_translation, ask_model, delete_answers, dismiss_suggestion
from claimledger.desk.whole_check import cite_many, submit_check
from claimledger.desk.template_steps import change_template
from claimledger.desk.check_imports import (
    approve_check_import, discard_check_import, plan_check_import, propose_check_import,
)  # fmt: skip

__all__ = [
    "accept", "accept_translation", "add_article", "allow_sending", "approve", "approve_check_import",
    "approve_many", "ask_model", "assign", "assign_many", "attach", "build_public_files", "change_template",
    "check", "check_sheet", "cite", "cite_many", "close_report", "comment", "compare_editions",
    "complete_earlier_index", "correct_furniture", "coverage", "delete_answers", "discard", "discard_check_import",
    "dismiss", "dismiss_suggestion", "edit", "edit_with_evidence", "export_flat_table", "export_sheet",
    "find_earlier_for_claim", "import_reviews", "import_sheet", "list_candidates", "list_placement_tasks",
    "list_unread_paragraphs", "new_claim", "note_article", "plan_check_import", "plan_import", "preview",
    "propose_check_import", "publish", "query", "recheck_documents", "record", "record_answer", "record_answers",
    "record_dismissals", "record_search", "relate", "remove_evidence", "reopen_report", "replay_answers", "return_",
    "search_documents",
    "search_reviews_elsewhere", "set_deadline", "settle", "settle_recheck", "submit_check", "submit_report",
    "verify", "waive", "withdraw",
]  # fmt: skip
