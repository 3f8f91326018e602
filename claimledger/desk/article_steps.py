"""The steps on an article: store its text, decide on its passages, account for its numbers and quotations."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from claimledger.article import read_text
from claimledger.coverage import Accounted
from claimledger.desk.claim_steps import fitting
from claimledger.desk.step_setup import Clock, demand_allowed, drafted, keep, open_store, utc_now
from claimledger.editorial import candidate_decisions as proposing, new_editions
from claimledger.editorial.coverage_at_desk import accounted, dismissal_change, furniture_change
from claimledger.editorial.new_editions import Arrived, Novelty, Task
from claimledger.editorial.article_at_desk import ArticleAtDesk, ArticleListed, listed
from claimledger.editorial.article_at_desk import article_at_desk as editorial_article_at_desk
from claimledger.editorial.agreement_at_desk import Texts
from claimledger.editorial.claim_at_desk import at_desk
from claimledger.editorial.candidate_decisions import Proposal, Told
from claimledger.editorial.check_sheet import Served, check_sheet as make_check_sheet
from claimledger.editorial.edition_comparison import Followed, Paragraphs, differences, followed
from claimledger.editorial.current_edition import EditionAtHand, edition_at_hand
from claimledger.editorial.text_verification import Verified, verified
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.intake import Intake
from claimledger.newsroom import drafting
from claimledger.ledger import text_form
from claimledger.newsroom.acts import has_queries
from claimledger.newsroom.decisions import keep_decisions
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import Proposed
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import Standing, records_in, standing
from claimledger.newsroom.store import Draft
from claimledger.newsroom.article_texts import keep_text, kept_text, owner_of_text
from claimledger.ledger.yaml_source import Where
from claimledger.models import Appearance, Change, Span
from claimledger.workflow import Case, decide
from claimledger.vocabulary import Action, Decided, RecordStage, Subject

ARTICLES = 25
"""The number of articles on one page of their list."""
_ARTICLE_EXISTS = Problem(
    "article-there", "The ledger has an article of this name, or of this text.",
    "Add the text to it as an edition, or choose another name.", field="article_id",
)  # fmt: skip


def add_article(
    places: Places,
    taken_in: Intake,
    edit: Edit,
    *,
    origin: str,
    article_id: str | None = None,
    rights: Mapping[str, Any] = new_editions.NO_RIGHTS,
    fields: Mapping[str, Any] | None = None,
    clock: Clock = utc_now,
) -> tuple[Arrived, list[Draft]]:
    """Store an article's text and return how it relates to the ledger; `origin` is its file or web address.

    For a new article, the function writes a file for a person to complete. If a person gives its `fields`, it stores a
    draft instead; an empty mapping means that no file is wanted. Only a new article may have `fields`. For a new
    edition,
    the function stores drafts of the article and of each unchanged or moved passage, and adds these passages to the
    files
    of their claims.

    Raises:
        AnotherArticle, NameNeeded: the text belongs to another article, or it is new and has no name. Nothing was
            stored.
        ProblemsFound: the workflow table refuses it, the article cannot have that name or those fields, or it cannot be
            changed now. Nothing was stored.
        ArticleNotRecorded: another text of this article still waits to be recorded. Nothing was stored.
    """
    text = read_text(taken_in.text, origin)
    demand_allowed(Action.ADD_ARTICLE, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        arrived = new_editions.arrive(desk, article_id, text)
        if fields and arrived.novelty is not Novelty.ARTICLE:
            raise ProblemsFound([_ARTICLE_EXISTS])
        if arrived.novelty is Novelty.ARTICLE:
            _refuse_second_name(places, connection, arrived)
        if arrived.novelty is Novelty.ARTICLE and fields is None:
            text_form.write_new_article(places, new_editions.first_fields(arrived, taken_in, rights))
        keep_text(connection, arrived.article_id, taken_in.text, origin=origin, author=edit.author, now=clock())
        if arrived.novelty is Novelty.ARTICLE and fields is not None:
            return arrived, drafted(store, connection, [new_editions.first_change(arrived, fields)], edit, clock)
        if arrived.novelty is not Novelty.EDITION:
            return arrived, []
        drafts = drafted(store, connection, new_editions.edition_changes(desk, arrived, text), edit, clock)
    _write_passages(places, drafts)
    return arrived, drafts


def _write_passages(places: Places, drafts: list[Draft]) -> None:
    """Add drafted passages to the files of their claims; without them, `record` would read the passages as deleted."""
    text_form.add_passages(places, [one.record for one in drafts if isinstance(one.record, Appearance)])


def _refuse_second_name(places: Places, connection: sqlite3.Connection, arrived: Arrived) -> None:
    """Refuse a text that was added under another name and waits to be recorded; deleting its file ends the wait."""
    owner = owner_of_text(connection, arrived.edition.edition_sha256)
    if owner and owner != arrived.article_id and text_form.waits_to_be_recorded(places, owner):
        raise new_editions.AnotherArticle(arrived.article_id, owner)


def candidates(places: Places, article_id: str) -> tuple[list[Proposal], list[Appearance]]:
    """Return the candidates of an article's newest edition with their states, and the claims no candidate meets.

    The second list contains the passages of these claims.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        at_hand = edition_at_hand(standing(store), article_id)
    found = proposing.proposals(at_hand, accounted(at_hand))
    return found, proposing.without_candidate(at_hand, found)


def accept(
    places: Places, article_id: str, span: Span, given: Told, edit: Edit, clock: Clock = utc_now
) -> tuple[Path, list[Draft]]:
    """Draft a claim and its passage, store the decision, and return the claim's file and the drafts.

    Raises:
        NotFound, TextNotHeld, NoPassage: the article, its text or the passage does not exist.
        ProblemsFound: the workflow table refuses it, or the input is not a complete claim. Nothing was stored.
    """
    demand_allowed(Action.ACCEPT, edit.actor, Case(RecordStage.NONE))
    with open_store(places) as store, store.writing() as connection:
        at_hand = edition_at_hand(standing(store), article_id)
        changes, missing = proposing.changes(at_hand, span, given)
        drafts, problems = drafting.drafts_of(
            drafting.Batch([Proposed(change, Where()) for change in changes]), store, edit
        )
        if missing or problems:
            raise ProblemsFound([*missing, *problems])
        keep(store, connection, drafts, clock())
        decision = proposing.decision(at_hand, span, Decided.ACCEPTED, edit, given.claim_id)
        keep_decisions(connection, [decision], clock())
    return text_form.write_drafts(places, [draft.record for draft in drafts]), drafts


def dismiss(
    places: Places, article_id: str, span: Span, edit: Edit, *, again: bool = False, clock: Clock = utc_now
) -> None:
    """Exclude a passage from the claims; with `again`, reopen it instead.

    Raises:
        NotFound, TextNotHeld, NoPassage: the article, its text or the passage does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.REOPEN if again else Action.DISMISS, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        at_hand = edition_at_hand(standing(store), article_id)
        decided = Decided.REOPENED if again else Decided.DISMISSED
        keep_decisions(connection, [proposing.decision(at_hand, span, decided, edit)], clock())


def tasks(places: Places, article_id: str) -> list[Task]:
    """Return the unsettled claims whose passage the newest edition changed or lost.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = standing(store)
        return new_editions.tasks(desk, edition_at_hand(desk, article_id))


def settle(
    places: Places, article_id: str, claim_id: str, span: Span | None, edit: Edit, clock: Clock = utc_now
) -> list[Draft]:
    """Place a claim in the newest edition at `span`, or exclude it from that edition if `span` is None.

    Raises:
        NotFound: the claim has no such open task.
        TextNotHeld, NoPassage: the text is not stored on the desk, or it has no such passage.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.SETTLE, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        at_hand = edition_at_hand(desk, article_id)
        waiting = [task for task in new_editions.tasks(desk, at_hand) if task.carried.appearance.claim_id == claim_id]
        if not waiting:
            raise NotFound("claim without a place in the newest edition", claim_id)
        if span is None:
            keep_decisions(connection, [new_editions.left_out(at_hand, task, edit) for task in waiting], clock())
            return []
        proposing.passage(at_hand, span)
        drafts = drafted(store, connection, [new_editions.placed(at_hand, waiting[0], span)], edit, clock)
    _write_passages(places, drafts)
    return drafts


def coverage(places: Places, article_id: str) -> tuple[EditionAtHand, Accounted]:
    """Return an article's newest edition and its numbers and quotations: claimed, dismissed or unbound.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        at_hand = edition_at_hand(standing(store), article_id)
    return at_hand, accounted(at_hand)


def check_sheet(places: Places, article_id: str, language: str, served: Served | None = None) -> str:
    """Return the article's check sheet, an HTML page for printing, in Korean (`ko`) or English (`en`).

    With `served`, the page links to the article's page; without it, the page is complete in itself.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = standing(store)
        at_hand = edition_at_hand(desk, article_id)
        found, texts = desk.claims([entry.claim_id for entry in at_hand.appearances]), Texts(store.connection)
        claims = {one.claim_id: at_desk(desk, one.claim_id, texts) for one in found}
    return make_check_sheet(at_hand, accounted(at_hand), claims, language, served)


def record_dismissals(places: Places, article_id: str, edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Draft the article with the desk's dismissals, so that readers see which passages were excluded and why.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
        ProblemsFound: the article cannot be changed now. Nothing was stored.
    """
    return _draft_article(places, article_id, dismissal_change, Action.RECORD_DISMISSALS, edit, clock)


def correct_furniture(
    places: Places, article_id: str, span: Span, edit: Edit, *, is_furniture: bool, clock: Clock = utc_now
) -> list[Draft]:
    """Draft the article with a passage marked as page furniture, which is not read, or as article text again.

    Raises:
        NotFound, TextNotHeld, NoPassage: the article, its text or the passage does not exist.
        ProblemsFound: the article cannot be changed now. Nothing was stored.
    """

    def change(desk: Standing, at_hand: EditionAtHand) -> Change:
        proposing.passage(at_hand, span)
        return furniture_change(desk, at_hand, span, is_furniture=is_furniture)

    return _draft_article(places, article_id, change, Action.MARK_FURNITURE, edit, clock)


def _draft_article(
    places: Places,
    article_id: str,
    change: Callable[[Standing, EditionAtHand], Change],
    action: Action,
    edit: Edit,
    clock: Clock,
) -> list[Draft]:
    """Store a draft of an article's record, based on the open draft if there is one.

    If the result equals the public record, discard the open draft instead.
    """
    demand_allowed(action, edit.actor, reason=edit.reason)
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        made = change(desk, edition_at_hand(desk, article_id))
        waiting = desk.drafts.get((Subject.ARTICLE, article_id))
        seen = waiting.draft_id if waiting else None
        if waiting and waiting.base and not made.fields:
            case = Case(RecordStage.LISTED, writers=waiting.authors)
            if problems := decide(Action.DISCARD, case, edit.actor, reason=edit.reason):
                raise ProblemsFound(problems)
            store.discard_draft(connection, waiting, edit.author, edit.reason, clock())
        batch = drafting.Batch([Proposed(made, Where(article_id), seen)] if made.fields else [])
        drafts, problems = drafting.drafts_of(batch, store, edit)
        if problems:
            raise ProblemsFound(problems)
        keep(store, connection, drafts, clock())
    return drafts


def articles(places: Places, page: int = 1) -> tuple[list[ArticleListed], int]:
    """Return a page (from 1) of the articles, the newest publication date first, and the number of all articles."""
    with open_store(places) as store:
        desk = standing(store)
        found = sorted(desk.articles(), key=lambda one: (one.published_on, one.article_id), reverse=True)
        return [listed(desk, one) for one in found[(page - 1) * ARTICLES : page * ARTICLES]], len(found)


def article_names(places: Places) -> list[str]:
    """Return the identifiers of all articles."""
    with open_store(places) as store:
        return [one.article_id for one in standing(store).articles()]


def slug_of(*texts: str) -> str:
    """Return the slug for a claim's identifier: the first ASCII words of the first text that has any.

    >>> slug_of("직원은 40명이다", "Staff: about 40 people")
    'staff-about-40-people'
    """
    found = (re.findall(r"[a-z0-9]+", text.lower()) for text in texts)
    words = next((words for words in found if any(word[0].isalpha() for word in words)), ["claim"])
    while not words[0][0].isalpha():
        words = words[1:]
    return fitting(words)


def article_at_desk(places: Places, article_id: str) -> ArticleAtDesk:
    """Return everything that an article's desk page shows.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        return editorial_article_at_desk(standing(store), article_id)


def compared(places: Places, article_id: str) -> tuple[list[Paragraphs], list[Followed]]:
    """Return the differences of an article's two newest texts, and the outcome of each query to the writer.

    Raises:
        NotFound, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    with open_store(places) as store:
        desk = standing(store)
        at_hand = edition_at_hand(desk, article_id)
        editions = [edition.edition_sha256 for edition in at_hand.article.editions[:-1]]
        stored = [kept_text(store.connection, sha256) for sha256 in editions]
        older = [text.content for text in stored if text]
        names = [one.claim_id for sha256 in (*editions, at_hand.edition.edition_sha256)
                 for one in desk.appearances(sha256)]  # fmt: skip
        claims = [at_desk(desk, name) for name in dict.fromkeys(names) if has_queries(store, name)]
    newest = at_hand.text.content
    return (differences(older[-1], newest) if older else []), followed(claims, newest, older)


def verify(places: Places, text_file: Path) -> Verified:
    """Compare an article's text with every claim that quotes it, open drafts included.

    Raises:
        NotFound: no article has an edition with this text.
    """
    return verified(read_text(text_file.read_bytes(), str(text_file)), str(text_file), records_in(places))
