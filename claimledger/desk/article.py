"""The steps on an article: its text in, its passages decided on, its numbers accounted for."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claimledger.article import read_text
from claimledger.coverage import Accounted
from claimledger.desk.opening import Clock, drafted, open_store, utc_now
from claimledger.editorial import adding, candidates as proposing
from claimledger.editorial.accounting import accounted, dismissal_change
from claimledger.editorial.adding import Arrived, Novelty, Task
from claimledger.editorial.candidates import Proposal, Told
from claimledger.editorial.check_sheet import check_sheet as make_check_sheet
from claimledger.editorial.edition_at_hand import EditionAtHand, edition_at_hand
from claimledger.editorial.verifying import Verified, verified
from claimledger.errors import NotFound
from claimledger.intake import Intake
from claimledger.ledger import text_form
from claimledger.ledger.decisions import keep_decisions
from claimledger.ledger.edit import Edit
from claimledger.ledger.files import Places
from claimledger.ledger.standing import records_in, standing
from claimledger.ledger.store import Draft
from claimledger.ledger.texts import keep_text, owner_of_text
from claimledger.models import Appearance, Span
from claimledger.vocabulary import Decided


def add_article(
    places: Places,
    taken_in: Intake,
    edit: Edit,
    *,
    origin: str,
    article_id: str | None = None,
    rights: Mapping[str, Any] = adding.NO_RIGHTS,
    clock: Clock = utc_now,
) -> tuple[Arrived, list[Draft]]:
    """Keep an article's text and say what it is to the ledger; `origin` is the file or address it came from.

    A new article gets a file for a person to complete; a new edition becomes drafts: of the article, and of each
    passage kept or moved, which its claim's file says too.

    Raises:
        AnotherArticle, NameNeeded: the text and the name do not go together; nothing was stored.
        ProblemsFound: the article cannot have that name, or cannot be changed just now; nothing was stored.
        ArticleNotRecorded: another text of this article waits to be recorded; nothing was stored.
    """
    text = read_text(taken_in.text, origin)
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        arrived = adding.arrive(desk, article_id, text)
        if arrived.novelty is Novelty.ARTICLE:
            _refuse_second_name(places, connection, arrived)
            text_form.write_new_article(places, adding.first_fields(arrived, taken_in, rights))
        keep_text(connection, arrived.article_id, taken_in.text, origin=origin, author=edit.author, now=clock())
        if arrived.novelty is not Novelty.EDITION:
            return arrived, []
        drafts = drafted(store, connection, adding.edition_changes(desk, arrived, text), edit, clock)
    _write_passages(places, drafts)
    return arrived, drafts


def _write_passages(places: Places, drafts: list[Draft]) -> None:
    """Put drafted passages into the files of their claims, which would else seem to have lost them."""
    text_form.add_passages(places, [one.record for one in drafts if isinstance(one.record, Appearance)])


def _refuse_second_name(places: Places, connection: sqlite3.Connection, arrived: Arrived) -> None:
    """Refuse a text that was taken in under another name and waits to be recorded; a file taken away waits no more."""
    owner = owner_of_text(connection, arrived.edition.edition_sha256)
    if owner and owner != arrived.article_id and text_form.waits_to_be_recorded(places, owner):
        raise adding.AnotherArticle(arrived.article_id, owner)


def candidates(places: Places, article_id: str) -> tuple[list[Proposal], list[Appearance]]:
    """Return the candidates of an article's newest edition, with what became of each, and passages no candidate meets.

    Raises:
        NotFound, TextNotHeld: there is no such article, or the desk does not hold its text.
    """
    with open_store(places) as store:
        at_hand = edition_at_hand(standing(store), article_id)
    found = proposing.proposals(at_hand)
    return found, proposing.without_candidate(at_hand, found)


def accept(
    places: Places, article_id: str, span: Span, told: Told, edit: Edit, clock: Clock = utc_now
) -> tuple[Path, list[Draft]]:
    """Make drafts of a claim and its passage, remember the decision, and return the claim's file and the drafts.

    Raises:
        NotFound, TextNotHeld, NoPassage: there is no such passage at hand.
        ProblemsFound: what is told does not make a claim; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        at_hand = edition_at_hand(standing(store), article_id)
        drafts = drafted(store, connection, proposing.changes(at_hand, span, told), edit, clock)
        decision = proposing.decision(at_hand, span, Decided.ACCEPTED, edit, told.claim_id)
        keep_decisions(connection, [decision], clock())
    return text_form.write_drafts(places, [draft.record for draft in drafts]), drafts


def dismiss(
    places: Places, article_id: str, span: Span, edit: Edit, *, again: bool = False, clock: Clock = utc_now
) -> None:
    """Leave a passage out of the claims; or, `again`, take such a decision back.

    Raises:
        NotFound, TextNotHeld, NoPassage: there is no such passage at hand.
    """
    with open_store(places) as store, store.writing() as connection:
        at_hand = edition_at_hand(standing(store), article_id)
        decided = Decided.REOPENED if again else Decided.DISMISSED
        keep_decisions(connection, [proposing.decision(at_hand, span, decided, edit)], clock())


def tasks(places: Places, article_id: str) -> list[Task]:
    """Return the claims whose passage the newest edition changed or lost, and that nobody has settled.

    Raises:
        NotFound, TextNotHeld: there is no such article, or the desk does not hold its text.
    """
    with open_store(places) as store:
        desk = standing(store)
        return adding.tasks(desk, edition_at_hand(desk, article_id))


def settle(
    places: Places, article_id: str, claim_id: str, span: Span | None, edit: Edit, clock: Clock = utc_now
) -> list[Draft]:
    """Place a claim in the newest edition, where the editor says; or, without a place, leave it out of that edition.

    Raises:
        NotFound: the claim waits for nothing.
        TextNotHeld, NoPassage: there is no such passage at hand.
    """
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        at_hand = edition_at_hand(desk, article_id)
        waiting = [task for task in adding.tasks(desk, at_hand) if task.carried.appearance.claim_id == claim_id]
        if not waiting:
            raise NotFound("claim without a place in the newest edition", claim_id)
        if span is None:
            keep_decisions(connection, [adding.left_out(at_hand, task, edit) for task in waiting], clock())
            return []
        proposing.passage(at_hand, span)
        drafts = drafted(store, connection, [adding.placed(at_hand, waiting[0], span)], edit, clock)
    _write_passages(places, drafts)
    return drafts


def coverage(places: Places, article_id: str) -> tuple[EditionAtHand, Accounted]:
    """Return an article's newest edition, and each number and quotation in it: claimed, dismissed or unbound.

    Raises:
        NotFound, TextNotHeld: there is no such article, or the desk does not hold its text.
    """
    with open_store(places) as store:
        at_hand = edition_at_hand(standing(store), article_id)
    return at_hand, accounted(at_hand)


def check_sheet(places: Places, article_id: str, language: str) -> str:
    """Return the article's check sheet, an HTML page to print, in Korean (`ko`) or English (`en`).

    Raises:
        NotFound, TextNotHeld: there is no such article, or the desk does not hold its text.
    """
    with open_store(places) as store:
        desk = standing(store)
        at_hand = edition_at_hand(desk, article_id)
        claims = desk.claims([entry.claim_id for entry in at_hand.appearances])
    by_name = {claim.claim_id: claim for claim in claims}
    return make_check_sheet(at_hand, accounted(at_hand), by_name, language)


def record_dismissals(places: Places, article_id: str, edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Draft the article with the dismissals made on the desk, so that readers see what was left out and why.

    Raises:
        NotFound, TextNotHeld: there is no such article, or the desk does not hold its text.
        ProblemsFound: the article cannot be changed just now; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        change = dismissal_change(desk, edition_at_hand(desk, article_id))
        return drafted(store, connection, [change], edit, clock)


def verify(places: Places, text_file: Path) -> Verified:
    """Hold an article's text against every claim that quotes it, open drafts included.

    Raises:
        NotFound: no article has an edition with this text.
    """
    return verified(read_text(text_file.read_bytes(), str(text_file)), str(text_file), records_in(places))
