"""The steps on a claim: started, recorded, discarded."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from claimledger.article import read_text
from claimledger.desk.check_steps import WRITTEN_ANEW
from claimledger.desk.step_setup import Clock, keep, open_store, utc_now
from claimledger.editorial.edit_rules import refused
from claimledger.editorial.passage_rights import passages_as_hashes
from claimledger.editorial.text_verification import passage_of
from claimledger.errors import NothingToPublish, ProblemsFound
from claimledger.newsroom import drafting
from claimledger.ledger import text_form
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import references
from claimledger.ledger.files import Places
from claimledger.newsroom.publication import chosen
from claimledger.newsroom.current_records import records_in, standing
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.workflow import Case, decide
from claimledger.scalars import BASE32, SLUG_LENGTH
from claimledger.selectors import make_quote
from claimledger.vocabulary import Action, RecordStage, Subject


def new_claim(places: Places, article_id: str, slug: str, text_file: Path, *, quote: str, nth: int = 1) -> Path:
    """Start a claim's file from the `nth` place where `quote` stands in an article's text, and return it.

    What a person must decide is left empty in it.

    Raises:
        NotFound: there is no such article, or the passage does not stand in the text so often.
    """
    text = read_text(text_file.read_bytes(), str(text_file))
    article, span = passage_of(records_in(places), article_id, text, quote, nth)
    selector = make_quote(text.content, span, may_hold_text=article.rights.may_hold_text)
    return text_form.write_skeleton(places, new_claim_id(slug), article_id, text.sha256, span, selector)


def new_claim_id(slug: str) -> str:
    """Return a claim's name: what it says in a few words, and four random characters that tell it from all others."""
    return f"{slug}-{''.join(secrets.choice(BASE32) for _ in range(4))}"


def new_document_id(title: str) -> str:
    """Return a document's name: the first ASCII words of its title, and four random characters."""
    words = re.findall(r"[a-z0-9]+", title.lower())[:5]
    slug = fitting(words if words and words[0][0].isalpha() else ["document", *words])
    return f"{slug}-{''.join(secrets.choice(BASE32) for _ in range(4))}"


def fitting(words: Sequence[str]) -> str:
    """Return as many words as a name may begin with, hyphens between; a first word that is too long is cut.

    >>> fitting(["park-junho-of-seoul", "says", "1", "2", "trillion", "won"])
    'park-junho-of-seoul-says-1-2-trillion'
    """
    fit = "-".join(words)[: SLUG_LENGTH + 1]
    return fit if len(fit) <= SLUG_LENGTH else fit.rpartition("-")[0] or fit[:SLUG_LENGTH]


def record(places: Places, paths: Sequence[Path], edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Take hand-edited files in as drafts, all or none; no paths means every file of the claims folder.

    With an article whose rights allow its passages no more, those that are held as words are drafted as hashes.

    Raises:
        ProblemsFound: every problem in every file; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        changes, problems = drafting.changes_in(paths or text_form.files_in(places), store, places)
        drafts, more = drafting.drafts_of(changes, store, edit)
        desk = standing(store)
        if hashed := passages_as_hashes(desk, drafts):
            drafts, more = drafting.drafts_of(replace(changes, proposed=[*changes.proposed, *hashed]), store, edit)
        if problems or more or (more := refused(desk, drafts, edit)):
            raise ProblemsFound([*problems, *more])
        keep(store, connection, drafts, clock())
    return drafts


def open_drafts(places: Places, keys: Sequence[str] = ()) -> list[Draft]:
    """Return the drafts that wait to be published: all, or those of `keys` with a claim's passages.

    Raises:
        NotFound: a record of `keys` has no open draft.
    """
    with open_store(places) as store:
        return chosen(store.open_drafts(), keys)


def going_out(places: Places, keys: Sequence[str] = ()) -> list[Draft]:
    """Return the drafts that go out when those of `keys` are published; all, if no keys are given.

    With a claim go its passages, and the article and the documents that it names if they were never public.

    Raises:
        NotFound: a record of `keys` has no open draft.
        NothingToPublish: no draft is open.
    """
    with open_store(places) as store:
        drafts = store.open_drafts()
        if not drafts:
            raise NothingToPublish
        going = chosen(drafts, keys)
        return [*going, *along(store, going, {(draft.subject, draft.key): draft for draft in drafts})]


def along(store: DeskStore, going: Sequence[Draft], beside: Mapping[tuple[Subject, str], Draft]) -> list[Draft]:
    """Return the drafts that must go out with some: the articles and documents that these and those name, never public.

    A claim that is named goes out of itself. `beside` holds the open drafts.
    """
    found = {(draft.subject, draft.key): draft for draft in going}
    next_ones = list(found.values())
    while next_ones:
        named = dict.fromkeys((subject, key) for draft in next_ones for _, subject, key in references(draft.record))
        next_ones = [beside[place] for place in named if place in beside and _goes_along(store, place, found)]
        found |= {(draft.subject, draft.key): draft for draft in next_ones}
    return list(found.values())[len(going) :]


def _goes_along(store: DeskStore, place: tuple[Subject, str], found: Collection[tuple[Subject, str]]) -> bool:
    return place[0] is not Subject.CLAIM and place not in found and store.head(*place) is None


def discard(places: Places, key: str, draft_id: int, edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Close a record's open draft, and a claim's passages, without publishing it; return what was closed.

    `draft_id` is the newest draft of it that was seen. Documents that were never public and that nothing else names
    are closed too.

    Raises:
        NotFound: the record has no open draft.
        ProblemsFound: the table forbids it, or it was written anew meanwhile.
    """
    with open_store(places) as store, store.writing() as connection:
        drafts = store.open_drafts()
        own = chosen(drafts, [key])
        case = Case(
            RecordStage.LISTED if any(draft.base for draft in own) else RecordStage.DRAFT,
            writers={author for draft in own for author in draft.authors},
        )
        problems = decide(Action.DISCARD, case, edit.actor, reason=edit.reason)
        if not problems and draft_id != newest_id(own):
            problems = [WRITTEN_ANEW]
        if problems:
            raise ProblemsFound([replace(problem, file=key) for problem in problems])
        closed = [*own, *_documents_left_alone(own, drafts)]
        for draft in closed:
            store.discard_draft(connection, draft, edit.author, edit.reason, clock())
    return closed


def newest_id(drafts: Sequence[Draft]) -> int:
    """Return the number of the newest of some drafts; 0 if there is none."""
    return max((draft.draft_id or 0 for draft in drafts), default=0)


def _documents_left_alone(closed: Sequence[Draft], drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of documents, never public, that nobody names any more once some drafts are closed."""
    gone = [*closed]
    while found := [draft for draft in drafts if draft not in gone and _is_left_alone(draft, gone, drafts)]:
        gone += found
    return gone[len(closed) :]


def _is_left_alone(draft: Draft, gone: Sequence[Draft], drafts: Sequence[Draft]) -> bool:
    if draft.subject is not Subject.DOCUMENT or draft.base:
        return False
    naming = [other for other in drafts if any(key == draft.key for _, _, key in references(other.record))]
    return bool(naming) and all(other in gone for other in naming)
