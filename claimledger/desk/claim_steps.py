"""The steps on a claim's records: start a file, record files, list what a publication includes, discard drafts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from claimledger.article import decode_article
from claimledger.desk.check_steps import DRAFT_CHANGED
from claimledger.desk.step_setup import Clock, store_drafts, open_store, utc_now
from claimledger.editorial.edit_rules import draft_refusals
from claimledger.editorial.passage_rights import hash_passages
from claimledger.editorial.text_verification import find_quoted_passage
from claimledger.record_ids import new_claim_id
from claimledger.errors import NothingToPublish, Problem, ProblemsFound
from claimledger.newsroom import drafting
from claimledger.ledger import text_form
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import ProposedChange, record_references
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.machine_wording import kept_marks
from claimledger.newsroom.open_drafts import OpenDrafts
from claimledger.newsroom.publication import read_selected_drafts, select_drafts
from claimledger.newsroom.current_records import CurrentRecords, all_current_records, read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.workflow import Case, decide
from claimledger.models import Claim
from claimledger.scalars import thaw
from claimledger.selectors import make_quote
from claimledger.desk_vocabulary import Action, RecordStage
from claimledger.vocabulary import Subject


def new_claim(places: LedgerPaths, article_id: str, slug: str, text_file: Path, *, quote: str, nth: int = 1) -> Path:
    """Start a claim's file from the `nth` occurrence of `quote` in an article's text, and return its path.

    The fields that a person must decide are empty in it.

    Raises:
        NotFound: the article does not exist, or the text has fewer occurrences of the quote.
    """
    text = decode_article(text_file.read_bytes(), str(text_file))
    article, span = find_quoted_passage(all_current_records(places), article_id, text, quote, nth)
    selector = make_quote(text.content, span, may_hold_text=article.rights.may_hold_text)
    return text_form.write_skeleton(places, new_claim_id(slug), article_id, text.sha256, span, selector)


def record(
    places: LedgerPaths,
    paths: Sequence[Path],
    edit: Edit,
    clock: Clock = utc_now,
    notify: Callable[[Problem], None] = lambda _: None,
) -> list[Draft]:
    """Store hand-edited files as drafts, all or none; without paths, every file of the claims folder.

    If an article's rights no longer allow its words, stored passages of it are drafted as hashes too. `notify` gets a
    notice for each claim whose file lacks the mark of a text that a language model worded: the record keeps the mark.

    Raises:
        ProblemsFound: every problem in every file. Nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        changes, problems = drafting.read_changes(paths or text_form.list_record_files(places), store, places)
        drafts, more = drafting.make_drafts(changes, store, edit)
        desk = read_current_records(store)
        if hashed := hash_passages(desk, drafts):
            drafts, more = drafting.make_drafts(replace(changes, proposed=[*changes.proposed, *hashed]), store, edit)
        if problems or more or (more := draft_refusals(desk, drafts, edit)):
            raise ProblemsFound([*problems, *more])
        notices = list(_mark_notices(desk, changes.proposed, drafts))
        store_drafts(store, connection, drafts, clock())
    for notice in notices:
        notify(notice)
    return drafts


def _mark_notices(
    desk: CurrentRecords, proposed: Sequence[ProposedChange], drafts: Sequence[Draft]
) -> Iterator[Problem]:
    drafted = {draft.key: draft.record for draft in drafts}
    for change, where, _ in proposed:
        stored = drafted.get(change.key) or desk.record(change.subject, change.key)
        if isinstance(stored, Claim):
            given = desk.public_fields(change.subject, change.key) | thaw(change.fields)
            if texts := kept_marks(given, stored.to_json()):
                yield where.problem("machine-wording-kept", ("machine_wording",), texts=tuple(texts))


def open_drafts(places: LedgerPaths, keys: Sequence[str] = ()) -> list[Draft]:
    """Return the open drafts: all, or those of `keys`, a claim together with its passages.

    Raises:
        NotFound: a record of `keys` has no open draft.
    """
    with open_store(places) as store:
        return read_selected_drafts(store, keys)


def drafts_to_publish(places: LedgerPaths, keys: Sequence[str] = ()) -> list[Draft]:
    """Return the drafts that are published when `keys` are published; without keys, all open drafts.

    A claim includes its passages, and the article and the documents it names if they were never public.

    Raises:
        NotFound: a record of `keys` has no open draft.
        NothingToPublish: no draft is open.
    """
    with open_store(places) as store:
        if not store.has_open_drafts():
            raise NothingToPublish
        selected = read_selected_drafts(store, keys)
        return [*selected, *companion_drafts(store, selected, OpenDrafts(store))]


def companion_drafts(
    store: DeskStore, selected: Sequence[Draft], beside: Mapping[tuple[Subject, str], Draft]
) -> list[Draft]:
    """Return the drafts that must be published with others: the unpublished articles and documents that they name.

    This includes those named by the companions themselves. A claim that is named is published on its own. `beside`
    contains all open drafts.
    """
    found = {(draft.subject, draft.key): draft for draft in selected}
    next_ones = list(found.values())
    while next_ones:
        named = dict.fromkeys(
            (subject, key) for draft in next_ones for _, subject, key in record_references(draft.record)
        )
        next_ones = [beside[place] for place in named if place in beside and _is_companion(store, place, found)]
        found |= {(draft.subject, draft.key): draft for draft in next_ones}
    return list(found.values())[len(selected) :]


def _is_companion(store: DeskStore, place: tuple[Subject, str], found: Collection[tuple[Subject, str]]) -> bool:
    return place[0] is not Subject.CLAIM and place not in found and store.head(*place) is None


def discard(places: LedgerPaths, key: str, draft_id: int, edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Close a record's open draft, a claim's with its passages, without publishing it; return the closed drafts.

    `draft_id` is the newest of these drafts that was seen. The file of a claim that was never public is deleted, unless
    it was edited since it was recorded. Documents that were never public and that no other draft
    names are closed too.

    Raises:
        NotFound: the record has no open draft.
        ProblemsFound: the workflow table refuses it, or the draft was changed since it was seen.
    """
    with open_store(places) as store, store.writing() as connection:
        drafts = store.open_drafts()
        own = select_drafts(drafts, [key])
        case = Case(
            RecordStage.LISTED if any(draft.base for draft in own) else RecordStage.DRAFT,
            writers={author for draft in own for author in draft.authors},
        )
        problems = decide(Action.DISCARD, case, edit.actor, reason=edit.reason)
        if not problems and draft_id != newest_draft_number(own):
            problems = [DRAFT_CHANGED]
        if problems:
            raise ProblemsFound([problem.relocate(file=key) for problem in problems])
        closed = [*own, *_orphaned_documents(own, drafts)]
        files = [path for draft in own if (path := _draft_file(places, draft))]
        for draft in closed:
            store.discard_draft(connection, draft, edit.author, edit.reason, clock())
    for path in files:
        path.unlink()
    return closed


def _draft_file(places: LedgerPaths, draft: Draft) -> Path | None:
    """Return the file of a claim that was never public, if it contains only what the draft contains."""
    if draft.base or not isinstance(draft.record, Claim):
        return None
    path = text_form.record_path(draft.record, places)
    form = text_form.read_record_file(path, places).form if path.is_file() else None
    records = [entry.record for entry in text_form.split_into_records(form)] if form else []
    return path if draft.record in records else None


def newest_draft_number(drafts: Sequence[Draft]) -> int:
    """Return the highest draft number among drafts, or 0 for an empty sequence."""
    return max((draft.draft_id or 0 for draft in drafts), default=0)


def _orphaned_documents(closed: Sequence[Draft], drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of unpublished documents that no other draft names once `closed` are closed."""
    gone = [*closed]
    while found := [draft for draft in drafts if draft not in gone and _is_orphaned(draft, gone, drafts)]:
        gone += found
    return gone[len(closed) :]


def _is_orphaned(draft: Draft, gone: Sequence[Draft], drafts: Sequence[Draft]) -> bool:
    if draft.subject is not Subject.DOCUMENT or draft.base:
        return False
    naming = [other for other in drafts if any(key == draft.key for _, _, key in record_references(other.record))]
    return bool(naming) and all(other in gone for other in naming)
