"""The last look before publishing: what waits, who may publish it, and which public rows would change.

In: who looks, and the records chosen. Out: what waits with every refusal; the rows as they would differ. The invariant:
the rows are those of a real publication that is done and rolled back under the desk's one write lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from claimledger.desk.claim import along
from claimledger.desk.opening import Clock, open_store, utc_now
from claimledger.editorial.accounting import accounted
from claimledger.editorial.agreeing import Texts
from claimledger.editorial.at_desk import at_desk
from claimledger.editorial.edition_at_hand import NotRecorded, TextNotHeld, edition_at_hand
from claimledger.editorial.going_public import going_public
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.ledger import edits, people, revisions, shared
from claimledger.ledger.files import Places
from claimledger.ledger.revisions import chosen
from claimledger.ledger.standing import Standing, standing
from claimledger.ledger.store import DeskStore, Draft
from claimledger.ledger.texts import content_of_text
from claimledger.models import Appearance, Article, Claim, Revision, Subjects
from claimledger.publishing import ledger_db
from claimledger.publishing.counted_together import counted_together
from claimledger.publishing.edition_texts import TextOf
from claimledger.publishing.row_changes import Place, RowChange, Versions, row_changes
from claimledger.review import Staff, is_second_person
from claimledger.vocabulary import Coverage, RevisionKind, Role, Subject

MOST_WAITING = 100
"""Records that are looked at one by one; the others wait for their turn."""
_SOMEBODY_ELSE = "somebody-else"
"""Stands for the approver where who looks may not be it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits: a claim with its passages, an article or a document."""

    key: str
    """Its name."""
    subject: Subject
    """What it is."""
    record: Subjects
    """The record as it would be."""
    drafts: tuple[Draft, ...]
    """What waits of it."""
    approver: str | None
    """Who approved it."""
    findings: tuple[Problem, ...]
    """Where a claim's wording disagrees, and did not in public."""
    refusals: tuple[Problem, ...]
    """Why who looks may not publish it; nothing if they may."""
    second_people: tuple[str, ...]
    """The editors who wrote no part of it."""
    companions: tuple[str, ...]
    """The drafts that must go along: the article and the documents that it and these name, never public."""

    @property
    def authors(self) -> list[str]:
        """Who wrote what waits."""
        return list(dict.fromkeys(author for draft in self.drafts for author in draft.authors))


_FEW = 2_000
"""So many claims are compared one by one in moments."""
_LEDGER_OLDER = Problem(
    "ledger-db-older", "ledger.db is older than the log or missing, so it cannot say which rows would change.",
    "Run 'claimledger build', then look again.",
)  # fmt: skip


class _RollBack(Exception):
    """The rehearsal is over."""


def waiting(places: Places, actor: Staff, keys: Sequence[str] = ()) -> tuple[list[Waiting], int]:
    """Return what waits, all or that of `keys`, at most `MOST_WAITING` records, and how many records wait in all.

    Raises:
        NotFound: a record of `keys` has no open draft.
    """
    with open_store(places) as store:
        groups = _by_record(chosen(store.open_drafts(), keys))
        editors = [one.name for one in people.people(store.connection) if one.is_active and Role.EDITOR in one.roles]
        desk, texts = standing(store), Texts(store.connection)
        shown = list(groups.items())[:MOST_WAITING]
        found = [_waiting(desk, key, drafts, actor, editors, texts) for key, drafts in shown]
    return found, len(groups)


def undecided(places: Places, records: Iterable[Subjects]) -> dict[str, int]:
    """Return how many numbers and quotations of each article that records belong to nobody decided on.

    Counted in the newest edition, drafts included. An article of which none is left, or whose text the desk does not
    hold, is not among them.
    """
    names = dict.fromkeys(one.article_id for one in records if isinstance(one, Article | Claim | Appearance))
    counts: dict[str, int] = {}
    with open_store(places) as store:
        desk = standing(store)
        for article_id in names:
            with suppress(NotFound, NotRecorded, TextNotHeld):
                counts[article_id] = accounted(edition_at_hand(desk, article_id)).count(Coverage.UNBOUND)
    return {article_id: count for article_id, count in counts.items() if count}


def _by_record(drafts: Iterable[Draft]) -> dict[str, list[Draft]]:
    """Return the drafts by the record they are of; a passage belongs to its claim."""
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.key.split("@")[0], []).append(draft)
    return groups


def _waiting(
    desk: Standing, key: str, drafts: Sequence[Draft], actor: Staff, editors: Iterable[str], texts: Texts
) -> Waiting:
    subject = Subject.CLAIM if drafts[0].subject is Subject.APPEARANCE else drafts[0].subject
    claim = at_desk(desk, key, texts) if subject is Subject.CLAIM else None
    beside = desk.drafts.values()  # whether they go out together is asked when they are chosen
    lacking = edits.unpublished_references(drafts, desk.store, beside)
    refusals = [*going_public(desk, drafts, actor).problems, *lacking]
    authors = claim.authors() if claim else {author for draft in drafts for author in draft.authors}
    return Waiting(
        key,
        subject,
        claim.claim if claim else drafts[0].record,
        tuple(drafts),
        claim.approver if claim else None,
        claim.new_findings if claim else (),
        tuple(refusals),
        tuple(name for name in editors if is_second_person(name, authors)),
        tuple(draft.key for draft in along(desk.store, drafts, desk.drafts)),
    )


def preview(places: Places, actor: Staff, keys: Sequence[str] = (), clock: Clock = utc_now) -> list[RowChange]:
    """Return the public rows that publishing what waits (all, or that of `keys`) would change; nothing is written.

    Raises:
        NotFound: a record of `keys` has no open draft.
        ProblemsFound: one names a record that would not be public; or the log is long, and ledger.db older.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest.
        BodyTooLarge: a record does not fit a log entry.
    """
    with open_store(places) as store:
        drafts = chosen(store.open_drafts(), keys)
        if problems := edits.unpublished_references(drafts, store):
            raise ProblemsFound(problems)
        touched = {(draft.subject, draft.key) for draft in drafts}
        places_read = touched | _around(store, places, drafts)
        before = _versions(store, places_read)
        after = _rehearsed(store, drafts, actor, places_read, clock())
        published = partial(shared.public_text, places.shared_texts)
        return row_changes(before, after, published, _kept(store, published)) if drafts else []


def _kept(store: DeskStore, published: TextOf) -> TextOf:
    """Return what gives the texts that publishing prints: those that are published already, and those of the desk."""

    def kept(edition: str) -> str | None:
        content = None if published(edition) else content_of_text(store.connection, edition)
        return content.decode() if content else published(edition)

    return kept


def _rehearsed(
    store: DeskStore, drafts: Sequence[Draft], actor: Staff, wanted: Iterable[Place], now: datetime
) -> Versions:
    """Publish, read what stands there then, and take it all back."""
    found: Versions = {}
    approvers = dict(_approvers(store, drafts, actor))
    with suppress(_RollBack), store.writing() as connection:
        revisions.append_revisions(store, connection, drafts, approvers, now=now)
        found = _versions(store, wanted)
        raise _RollBack
    return found


def _approvers(store: DeskStore, drafts: Sequence[Draft], actor: Staff) -> Iterator[tuple[Place, str]]:
    known = going_public(standing(store), drafts, actor).approvers
    for draft in drafts:
        approver = known[draft.subject, draft.key]
        is_other = is_second_person(approver, draft.authors)
        yield (draft.subject, draft.key), approver if is_other else _SOMEBODY_ELSE


def _versions(store: DeskStore, wanted: Iterable[Place]) -> Versions:
    """Return the public versions of records, the oldest first."""
    found = {place: _logged(store.connection, place) for place in wanted}
    return {place: logged for place, logged in found.items() if logged}


def _logged(connection: sqlite3.Connection, place: Place) -> list[tuple[int, str, str]]:
    return connection.execute(
        "SELECT number, sha256, body FROM publication WHERE key = ? AND subject = ? ORDER BY number",
        (place[1], place[0].value),
    ).fetchall()


def _around(store: DeskStore, places: Places, drafts: Sequence[Draft]) -> set[Place]:
    """Return the records whose rows may change too: claims counted together, their articles and documents."""
    pairs = [(draft.record, _public(store, draft), draft.kind) for draft in drafts]
    records = [record for after, before, _ in pairs for record in (after, before) if isinstance(record, Claim)]
    named = {(subject, key) for claim in records for _, subject, key in edits.references(claim)}
    own = {draft.key for draft in drafts if draft.subject in (Subject.ARTICLE, Subject.DOCUMENT)}
    moved = [
        claim for after, before, kind in pairs if isinstance(after, Claim) for claim in _moved(after, before, kind)
    ]
    names = own | {key for claim in moved for _, _, key in edits.references(claim)}
    return named | {(Subject.CLAIM, claim_id) for claim_id in _counted_with(store, places, moved, names)}


def _moved(after: Claim, before: Claim | None, kind: RevisionKind) -> list[Claim]:
    """Return a claim as it is and was, if it is counted otherwise then; a verdict moves nothing."""
    if before is None or kind is RevisionKind.WITHDRAWAL:
        return [after]
    counted = [
        (claim.speaker, claim.source, claim.article_id, {one.document_id for one in claim.evidence})
        for claim in (after, before)
    ]
    return [after, before] if counted[0] != counted[1] else []


def _public(store: DeskStore, draft: Draft) -> Claim | None:
    head = store.head(draft.subject, draft.key) if draft.subject is Subject.CLAIM else None
    record = Revision.model_validate_json(head.body).record if head else None
    return record if isinstance(record, Claim) else None


def _counted_with(store: DeskStore, places: Places, claims: Sequence[Claim], names: Collection[str]) -> set[str]:
    """Return the claims counted with these; of a short log all claims, where ledger.db cannot tell, being older.

    Raises:
        ProblemsFound: ledger.db cannot tell, and the log is long.
    """
    if not claims and not names:
        return set()
    newest = ledger_db.newest_sha256(places.ledger)
    if newest is None or newest != _newest_sha256(store):
        every = set(store.keys_of(Subject.CLAIM))
        if len(every) > _FEW:
            raise ProblemsFound([_LEDGER_OLDER])
        return every
    with ledger_db.opened(places.ledger) as connection:
        return counted_together(connection, claims, names)


def _newest_sha256(store: DeskStore) -> str | None:
    row = store.connection.execute("SELECT sha256 FROM publication ORDER BY number DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None
