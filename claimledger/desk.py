"""THE CLAIM'S WAY, one short function per editorial step, in order. Read this first.

    add_article   keep an article's text; a changed one is a new edition, its claims carried over
    candidates    see what the text may claim, and what was decided on it
    accept        make a claim's draft of a passage            (a person gives the statement)
    dismiss       leave a passage out, or look at it again     (reason)
    tasks         see the claims that a new edition changed or lost; place them, or leave them out
    coverage      account for each number and quotation, on a check sheet too
    new_claim     start a claim's file from a passage of the article
    record        take hand-edited files in as drafts          (author, reason)
    publish       append open drafts to the public log         (a second person approves)
    build         print claims/ and ledger.db from the log
    check         prove that log, files and ledger.db say the same
    verify        hold an article's text against the claims that quote it

Every interface calls these and decides nothing itself. What may follow what stands in `review`; how it is kept, in
`ledger`; how it is shown, in `publishing`. A step writes all or nothing, and says what it did.
"""

from __future__ import annotations
import difflib
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from claimledger.article import read_text
from claimledger.coverage import Accounted
from claimledger.editorial import adding, candidates as proposing
from claimledger.editorial.accounting import accounted, dismissal_change
from claimledger.editorial.adding import Arrived, Novelty, Task
from claimledger.editorial.candidates import Proposal, Told
from claimledger.editorial.check_sheet import check_sheet as make_check_sheet
from claimledger.editorial.edition_at_hand import EditionAtHand, edition_at_hand
from claimledger.editorial.verifying import Verified, passage_of, verified
from claimledger.errors import NotFound, NothingToPublish, ProblemsFound
from claimledger.ledger import checks, edits, log, printing, revisions, text_form
from claimledger.ledger.checks import Checked
from claimledger.ledger.decisions import keep_decisions
from claimledger.ledger.edits import Edit, Proposed
from claimledger.ledger.files import Places
from claimledger.ledger.printing import Printed
from claimledger.ledger.standing import records_in, standing
from claimledger.ledger.store import DeskStore, Draft
from claimledger.ledger.texts import keep_text
from claimledger.ledger.yaml_source import Where
from claimledger.models import Appearance, Change, Span
from claimledger.publishing import ledger_db
from claimledger.scalars import BASE32
from claimledger.selectors import make_quote
from claimledger.vocabulary import Decided

Clock = Callable[[], datetime]
Progress = Callable[[int], None]
"""Called now and then with the number of revisions done since the last call."""


def silent(_: int) -> None:
    """Report no progress."""


def utc_now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    printed: Printed
    """The text form."""
    is_rebuilt: bool
    """Whether ledger.db was stale and was built again."""


def open_store(places: Places) -> DeskStore:
    """Open the desk's store; what a crash left half done between store and log is repaired or refused here."""
    return DeskStore(places.desk, places.log)


def add_article(
    places: Places,
    content: bytes,
    edit: Edit,
    *,
    origin: str,
    article_id: str | None = None,
    found: Mapping[str, Any] = MappingProxyType({}),
    clock: Clock = utc_now,
) -> tuple[Arrived, list[Draft]]:
    """Keep an article's text (UTF-8 bytes) and say what it is to the ledger.

    `origin` is the file or address it came from, `found` what the page says of itself. A new article gets a file for a
    person to complete; a new edition becomes drafts: of the article, and of each passage kept or moved.

    Raises:
        NotUtf8: the bytes are no text in UTF-8.
        AnotherArticle, NameNeeded: the text and the name do not go together; nothing was stored.
        ProblemsFound: the article cannot be changed just now; nothing was stored.
    """
    text = read_text(content, origin)
    with open_store(places) as store, store.writing() as connection:
        desk = standing(store)
        arrived = adding.arrive(desk, article_id, text)
        if arrived.novelty is Novelty.ARTICLE:
            text_form.write_new_article(places, adding.first_fields(arrived, found))
        keep_text(connection, arrived.article_id, content, origin=origin, author=edit.author, now=clock())
        if arrived.novelty is not Novelty.EDITION:
            return arrived, []
        return arrived, _drafted(store, connection, adding.edition_changes(desk, arrived, text), edit, clock)


def _drafted(
    store: DeskStore, connection: sqlite3.Connection, changes: Iterable[Change], edit: Edit, clock: Clock
) -> list[Draft]:
    """Store the drafts of changes, all or none.

    Raises:
        ProblemsFound: every problem; nothing was stored.
    """
    batch = edits.Batch([Proposed(change, Where()) for change in changes if change.fields])
    drafts, problems = edits.drafts_of(batch, store, edit)
    if problems:
        raise ProblemsFound(problems)
    store.append_drafts(connection, drafts, clock())
    return drafts


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
        drafts = _drafted(store, connection, proposing.changes(at_hand, span, told), edit, clock)
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
        return _drafted(store, connection, [adding.placed(at_hand, waiting[0], span)], edit, clock)


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
        return _drafted(store, connection, [change], edit, clock)


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


def record(places: Places, paths: Sequence[Path], edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Take hand-edited files in as drafts, all or none; no paths means every file of the claims folder.

    Raises:
        ProblemsFound: every problem in every file; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        changes, problems = edits.changes_in(paths or text_form.files_in(places), store, places)
        drafts, more = edits.drafts_of(changes, store, edit)
        if problems or more:
            raise ProblemsFound([*problems, *more])
        store.append_drafts(connection, drafts, clock())
    return drafts


def open_drafts(places: Places) -> list[Draft]:
    """Return the drafts that wait to be published."""
    with open_store(places) as store:
        return store.open_drafts()


def discard(places: Places, key: str, edit: Edit, clock: Clock = utc_now) -> None:
    """Close a record's open draft without publishing it.

    Raises:
        NotFound: the record has no open draft.
    """
    with open_store(places) as store, store.writing() as connection:
        for draft in _chosen(store.open_drafts(), [key]):
            store.discard_draft(connection, draft, edit.author, edit.reason, clock())


def publish(
    places: Places, approver: str, keys: Sequence[str] = (), *, clock: Clock = utc_now, progress: Progress = silent
) -> tuple[int, Built]:
    """Append open drafts (all, or those of `keys`) to the public log as one act, then print and build.

    Raises:
        SecondEditorRequired: `approver` wrote part of one of them; nothing was published.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest; nothing was published.
        NotFound: a record of `keys` has no open draft; nothing was published.
        NothingToPublish: no draft is open.
        ProblemsFound: a draft names a record that would not be public; nothing was published.
    """
    with open_store(places) as store:
        drafts = _chosen(store.open_drafts(), keys)
        if not drafts:
            raise NothingToPublish
        if problems := edits.unpublished_references(drafts, store):
            raise ProblemsFound(problems)
        count = revisions.publish_drafts(store, drafts, approver, now=clock())
    return count, build(places, progress)


def _chosen(drafts: Sequence[Draft], keys: Sequence[str]) -> list[Draft]:
    """Return the drafts of `keys`, or all if no keys are given."""
    open_keys = {draft.key for draft in drafts}
    for key in keys:
        if key not in open_keys:
            raise NotFound("open draft of", key, difflib.get_close_matches(key, open_keys))
    return [draft for draft in drafts if not keys or draft.key in keys]


def build(places: Places, progress: Progress = silent) -> Built:
    """Print the text form and build ledger.db from the log, as far as they are not up to date."""
    _demand_log(places)
    with ExitStack() as held:
        if places.desk.exists():  # one desk prints at a time, so that no slower one puts older files over newer ones
            store = held.enter_context(open_store(places))
            held.enter_context(store.writing())
        printed = printing.print_text_form(places)
        return Built(printed, build_ledger(places, progress))


def build_ledger(places: Places, progress: Progress = silent) -> bool:
    """Build ledger.db if it is missing or older than the log; return whether it was.

    Raises:
        NotFound: there is no log here.
    """
    _demand_log(places)
    is_stale = ledger_db.is_stale(places.ledger, places.log)
    if is_stale:
        ledger_db.build(log.read_log(places.log), places.ledger, progress=progress)
    return is_stale


def _demand_log(places: Places) -> None:
    if not places.log.is_dir():
        raise NotFound("ledger (no folder claims/log) in", str(places.root))


def verify(places: Places, text_file: Path) -> Verified:
    """Hold an article's text against every claim that quotes it, open drafts included.

    Raises:
        NotFound: no article has an edition with this text.
    """
    return verified(read_text(text_file.read_bytes(), str(text_file)), str(text_file), records_in(places))


def check(places: Places, against: Path | None = None) -> Iterator[Checked]:
    """Yield the outcome of each check, as it is done; `against` is an older copy of the log's folder.

    Nothing is written, and nothing that a check cannot look at stops the others.

    Raises:
        NotFound: there is no log here.
    """
    _demand_log(places)
    yield from checks.run(places, against)
    yield checks.guarded("ledger.db", lambda: _check_ledger(places))


def _check_ledger(places: Places) -> Checked:
    if not places.ledger.exists():
        return Checked("ledger.db", "there is none; 'claimledger build' makes it", is_done=False)
    problems = ledger_db.differences(places.ledger, log.read_log(places.log))
    return Checked("ledger.db", "every row and the schema against a fresh build from the log", tuple(problems))
