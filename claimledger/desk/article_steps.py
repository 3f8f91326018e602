"""The steps on an article: store its text, decide on its passages, account for its numbers and quotations."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from claimledger.article import decode_article
from claimledger.coverage import CoverageReport
from claimledger.desk.step_setup import Clock, demand_allowed, store_changes, store_drafts, open_store, utc_now
from claimledger.editorial import new_editions, candidate_decisions as proposing
from claimledger.editorial.coverage_at_desk import edition_coverage, dismissal_change, furniture_change
from claimledger.editorial.new_editions import IncomingText, Novelty
from claimledger.editorial.agreement_at_desk import TextCache
from claimledger.editorial.article_at_desk import (
    ArticleAtDesk,
    ArticleSummary,
    summarize_article,
    read_article_at_desk as editorial_article_at_desk,
)
from claimledger.editorial.claim_at_desk import read_claim_at_desk
from claimledger.editorial.article_limits import check_article_size
from claimledger.editorial.candidate_decisions import Proposal, ClaimInput
from claimledger.editorial.check_sheet import PageLinks, render_check_sheet as make_check_sheet
from claimledger.editorial.current_edition import EditionWithText, newest_edition_with_text
from claimledger.editorial.known_speakers import KnownSpeaker, read_known_speakers
from claimledger.editorial.suggestions_at_desk import usable_suggestion
from claimledger.editorial.work_rows import update_queue
from claimledger.editorial.text_verification import VerificationResult, verify_text
from claimledger.errors import Problem, ProblemsFound
from claimledger.intake import ExtractedDocument
from claimledger.newsroom import drafting
from claimledger.ledger import text_form
from claimledger.newsroom.decisions import recent_dismissal_reasons, store_decisions
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import ProposedChange
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import CurrentRecords, all_current_records, read_current_records
from claimledger.newsroom.store import Draft
from claimledger.newsroom.suggestions import store_suggestion_decision
from claimledger.newsroom.article_texts import store_text, read_stored_text, article_of_text
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Article, Appearance, Change, Span
from claimledger.workflow import Case, decide
from claimledger.desk_vocabulary import Action, PassageDecision, RecordStage
from claimledger.vocabulary import Subject

ARTICLES_PER_PAGE = 25
"""The number of articles on one page of their list."""
_ARTICLE_EXISTS = Problem("article-there", field="article_id")


def add_article(
    places: LedgerPaths,
    taken_in: ExtractedDocument,
    edit: Edit,
    *,
    origin: str,
    article_id: str | None = None,
    rights: Mapping[str, Any] = new_editions.EMPTY_RIGHTS,
    fields: Mapping[str, Any] | None = None,
    clock: Clock = utc_now,
) -> tuple[IncomingText, list[Draft]]:
    """Store an article's text and return how it relates to the ledger; `origin` is its file or web address.

    For a new article, the function writes a file for a person to complete. If a person gives its `fields`, it stores a
    draft instead; an empty mapping means that no file is wanted. Only a new article may have `fields`. For a new
    edition, the function stores drafts of the article and of each unchanged or moved passage, and adds these passages
    to the files of their claims. A known text that is only written in other bytes is not stored.

    Raises:
        AnotherArticle, NameNeeded: the text belongs to another article, or it is new and has no name. Nothing was
            stored.
        ProblemsFound: the workflow table refuses it, the text is larger than an article (`article-too-large`), the
            article cannot have that name or those fields, or it cannot be changed now. Nothing was stored.
        ArticleNotRecorded: another text of this article still waits to be recorded. Nothing was stored.
    """
    text = decode_article(taken_in.text, origin)
    demand_allowed(Action.ADD_ARTICLE, edit.actor, reason=edit.reason)
    check_article_size(text.content, origin)
    with open_store(places) as store, store.writing() as connection:
        desk = read_current_records(store)
        arrived = new_editions.identify_text(desk, article_id, text)
        if fields and arrived.novelty is not Novelty.ARTICLE:
            raise ProblemsFound([_ARTICLE_EXISTS])
        if arrived.is_rewritten:
            return arrived, []
        if arrived.novelty is Novelty.ARTICLE:
            _refuse_second_name(places, connection, arrived)
        if arrived.novelty is Novelty.ARTICLE and fields is None:
            text_form.write_new_article(places, new_editions.new_article_fields(arrived, taken_in, rights))
        store_text(connection, arrived.article_id, taken_in.text, origin=origin, author=edit.author, now=clock())
        if arrived.novelty is Novelty.ARTICLE and fields is not None:
            return arrived, store_changes(
                store, connection, [new_editions.new_article_change(arrived, fields)], edit, clock
            )
        if arrived.novelty is not Novelty.EDITION:
            return arrived, []
        drafts = store_changes(store, connection, new_editions.edition_changes(desk, arrived, text), edit, clock)
    _write_passages(places, drafts)
    return arrived, drafts


def _write_passages(places: LedgerPaths, drafts: list[Draft]) -> None:
    """Add drafted passages to the files of their claims; without them, `record` would read the passages as deleted."""
    text_form.add_passages_to_files(places, [one.record for one in drafts if isinstance(one.record, Appearance)])


def _refuse_second_name(places: LedgerPaths, connection: sqlite3.Connection, arrived: IncomingText) -> None:
    """Refuse a text that was added under another name and waits to be recorded; deleting its file ends the wait."""
    owner = article_of_text(connection, arrived.edition.edition_sha256)
    if owner and owner != arrived.article_id and text_form.has_article_file(places, owner):
        raise new_editions.AnotherArticle(arrived.article_id, owner)


def list_candidates(places: LedgerPaths, article_id: str) -> tuple[list[Proposal], list[Appearance]]:
    """Return the candidates of an article's newest edition with their states, and the claims no candidate meets.

    The second list contains the passages of these claims.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        at_hand = newest_edition_with_text(read_current_records(store), article_id)
    found = proposing.list_proposals(at_hand, edition_coverage(at_hand))
    return found, proposing.passages_without_candidate(at_hand, found)


def list_unread_paragraphs(places: LedgerPaths, article_id: str) -> tuple[Problem, ...]:
    """Return the problems of languages that failed on a paragraph of an article's newest edition.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        return proposing.unread_paragraphs(newest_edition_with_text(read_current_records(store), article_id))


def accept(
    places: LedgerPaths,
    article_id: str,
    span: Span,
    given: ClaimInput,
    edit: Edit,
    clock: Clock = utc_now,
    *,
    suggestion_id: int | None = None,
) -> tuple[Path, list[Draft]]:
    """Draft a claim and its passage, store the decision, and return the claim's file and the drafts.

    With a suggestion of a language model, the statement in its language is marked as worded by the model.

    Raises:
        NotFound, TextNotHeld, NoPassage: the article, its text or the passage does not exist.
        ProblemsFound: the workflow table refuses it, or the input is not a complete claim. Nothing was stored.
    """
    demand_allowed(Action.ACCEPT, edit.actor, Case(RecordStage.NONE))
    with open_store(places) as store, store.writing() as connection:
        desk = read_current_records(store)
        at_hand = newest_edition_with_text(desk, article_id)
        if suggestion_id is not None:
            suggestion = usable_suggestion(desk, article_id, suggestion_id)
            given = replace(given, machine_wording=suggestion.marks(given.statement))
        changes, missing = proposing.claim_changes(at_hand, span, given)
        drafts, problems = drafting.make_drafts(
            drafting.ChangeBatch([ProposedChange(change, SourceLocation()) for change in changes]), store, edit
        )
        if missing or problems:
            raise ProblemsFound([*missing, *problems])
        if suggestion_id is not None:
            choice = suggestion.choice(given.statement)
            store_suggestion_decision(connection, suggestion_id, choice, edit.author, clock(), claim_id=given.claim_id)
        store_drafts(store, connection, drafts, clock())
        decision = proposing.make_decision(at_hand, span, PassageDecision.ACCEPTED, edit, given.claim_id)
        store_decisions(connection, [decision], clock())
    return text_form.write_draft_file(places, [draft.record for draft in drafts]), drafts


def dismiss(
    places: LedgerPaths, article_id: str, span: Span, edit: Edit, *, again: bool = False, clock: Clock = utc_now
) -> None:
    """Exclude a passage from the claims; with `again`, reopen it instead.

    Raises:
        NotFound, TextNotHeld, NoPassage: the article, its text or the passage does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.REOPEN if again else Action.DISMISS, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        at_hand = newest_edition_with_text(read_current_records(store), article_id)
        decided = PassageDecision.REOPENED if again else PassageDecision.DISMISSED
        store_decisions(connection, [proposing.make_decision(at_hand, span, decided, edit)], clock())


def coverage(places: LedgerPaths, article_id: str) -> tuple[EditionWithText, CoverageReport]:
    """Return an article's newest edition and its numbers and quotations: claimed, dismissed or unbound.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        at_hand = newest_edition_with_text(read_current_records(store), article_id)
    return at_hand, edition_coverage(at_hand)


def check_sheet(places: LedgerPaths, article_id: str, language: str, served: PageLinks | None = None) -> str:
    """Return the article's check sheet, an HTML page for printing, in Korean (`ko`) or English (`en`).

    With `served`, the page links to the article's page; without it, the page is complete in itself.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = read_current_records(store)
        at_hand = newest_edition_with_text(desk, article_id)
        found, texts = desk.claims([entry.claim_id for entry in at_hand.appearances]), TextCache(store.connection)
        claims = {one.claim_id: read_claim_at_desk(desk, one.claim_id, texts).with_findings() for one in found}
    return make_check_sheet(at_hand, edition_coverage(at_hand), claims, language, served)


def record_dismissals(places: LedgerPaths, article_id: str, edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Draft the article with the desk's dismissals, so that readers see which passages were excluded and why.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
        ProblemsFound: the article cannot be changed now. Nothing was stored.
    """
    return _draft_article(places, article_id, dismissal_change, Action.RECORD_DISMISSALS, edit, clock)


def correct_furniture(
    places: LedgerPaths, article_id: str, span: Span, edit: Edit, *, is_furniture: bool, clock: Clock = utc_now
) -> list[Draft]:
    """Draft the article with a passage marked as page furniture, which is not read, or as article text again.

    Raises:
        NotFound, TextNotHeld, NoPassage: the article, its text or the passage does not exist.
        ProblemsFound: the article cannot be changed now. Nothing was stored.
    """

    def change(desk: CurrentRecords, at_hand: EditionWithText) -> Change:
        proposing.make_passage_selector(at_hand, span)
        return furniture_change(desk, at_hand, span, is_furniture=is_furniture)

    return _draft_article(places, article_id, change, Action.MARK_FURNITURE, edit, clock)


def _draft_article(
    places: LedgerPaths,
    article_id: str,
    change: Callable[[CurrentRecords, EditionWithText], Change],
    action: Action,
    edit: Edit,
    clock: Clock,
) -> list[Draft]:
    """Store a draft of an article's record, based on the open draft if there is one.

    If the result equals the public record, discard the open draft instead.
    """
    demand_allowed(action, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        desk = read_current_records(store)
        made = change(desk, newest_edition_with_text(desk, article_id))
        waiting = desk.drafts.get((Subject.ARTICLE, article_id))
        seen = waiting.draft_id if waiting else None
        if waiting and waiting.base and not made.fields:
            case = Case(RecordStage.LISTED, writers=waiting.authors)
            if problems := decide(Action.DISCARD, case, edit.actor, reason=edit.reason):
                raise ProblemsFound(problems)
            store.discard_draft(connection, waiting, edit.author, edit.reason, clock())
        batch = drafting.ChangeBatch([ProposedChange(made, SourceLocation(article_id), seen)] if made.fields else [])
        drafts, problems = drafting.make_drafts(batch, store, edit)
        if problems:
            raise ProblemsFound(problems)
        store_drafts(store, connection, drafts, clock())
    return drafts


def list_articles(places: LedgerPaths, page: int = 1) -> tuple[list[ArticleSummary], int]:
    """Return a page (from 1) of the articles, the newest publication date first, and the number of all articles."""
    with open_store(places) as store:
        desk = read_current_records(store)
        found = sorted(desk.articles(), key=lambda one: (one.published_on, one.article_id), reverse=True)
        return [
            summarize_article(desk, one) for one in found[(page - 1) * ARTICLES_PER_PAGE : page * ARTICLES_PER_PAGE]
        ], len(found)


def list_article_ids(places: LedgerPaths) -> list[str]:
    """Return the identifiers of all articles."""
    with open_store(places) as store:
        return [one.article_id for one in read_current_records(store).articles()]


def has_newest_text(places: LedgerPaths, article_id: str) -> bool:
    """Return whether the desk has the text of an article's newest edition."""
    with open_store(places) as store:
        article = read_current_records(store).article_or_draft(article_id)
        newest = article.editions[-1].edition_sha256 if isinstance(article, Article) else ""
        return read_stored_text(store.connection, newest) is not None


def dismissal_reasons(places: LedgerPaths) -> list[str]:
    """Return the last reasons for excluding passages, the newest first."""
    with open_store(places) as store:
        return recent_dismissal_reasons(store.connection)


def view_article(places: LedgerPaths, article_id: str) -> ArticleAtDesk:
    """Return everything that an article's desk page shows.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        return editorial_article_at_desk(read_current_records(store), article_id)


def known_speakers(places: LedgerPaths, article: ArticleAtDesk, spotted: str) -> list[KnownSpeaker]:
    """Return the speakers to offer for a claim of an article: its own, one with the spotted name, frequent ones."""
    with open_store(places) as store:
        update_queue(store)
        return read_known_speakers(store, article.claims.values(), spotted)


def verify(places: LedgerPaths, text_file: Path) -> VerificationResult:
    """Compare an article's text with every claim that quotes it, open drafts included.

    Raises:
        NotFound: no article has an edition with this text.
    """
    return verify_text(
        decode_article(text_file.read_bytes(), str(text_file)), str(text_file), all_current_records(places)
    )
