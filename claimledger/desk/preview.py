"""Which public rows publishing would change: a publication is done and rolled back, and both states are built.

In: drafts that wait, who would publish them. Out: the rows that are new, changed or gone. The invariant: the rows are
those of a build; it is given every record whose rows may change or are computed and counted with those that do. Nothing
is written: the rehearsal happens under the desk's one write lock and is taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

import msgspec

from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.publication_plan import plan_publication
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom import drafting, publication
from claimledger.ledger import log, shared_files
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.publication import select_drafts
from claimledger.newsroom.current_records import public_passage_keys, read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.article_texts import read_text_bytes
from claimledger.models import Appearance, Article, Claim, Document, Revision, LedgerRecord
from claimledger.origins import collect_origins
from claimledger.publishing import filling, ledger_db
from claimledger.publishing.along import computed_along, counted_along, counts_of_others, resting_on
from claimledger.publishing.cells import best_wording
from claimledger.publishing.edition_texts import TextLookup
from claimledger.publishing.findings_told import in_their_places
from claimledger.publishing.row_changes import RowChange, row_changes, texts
from claimledger.publishing.small_ledger import Beside, Place, Versions, alike_among, rows_beside, rows_of
from claimledger.publishing.tally import ClaimCounted, claim_counted
from claimledger.workflow import StaffMember, is_second_person
from claimledger.vocabulary import RevisionKind, Subject

_SOMEBODY_ELSE = "somebody-else"
"""Stands for the approver where who looks may not be it."""
_FEW = 2_000
"""So many claims are built anew in some seconds, where ledger.db is older than the log."""
_LEDGER_OLDER = Problem("ledger-db-older")


Ledger = Callable[[], sqlite3.Connection]
"""Opens the public ledger; the same each time it is called."""


class _RollBack(Exception):
    """The rehearsal is over."""


def preview(
    places: LedgerPaths, actor: StaffMember, keys: Sequence[str] = (), clock: Clock = utc_now
) -> list[RowChange]:
    """Return the public rows that publishing what waits (all, or that of `keys`) would change; nothing is written.

    Raises:
        NotFound: a record of `keys` has no open draft.
        ProblemsFound: one names a record that would not be public; or the log is long, and ledger.db older.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest.
        BodyTooLarge: a record does not fit a log entry.
    """
    with open_store(places) as store, ExitStack() as opened:
        drafts = select_drafts(store.open_drafts(), keys)
        if problems := drafting.unpublished_references(drafts, store):
            raise ProblemsFound(problems)
        ledger = cache(lambda: opened.enter_context(_public_ledger(store, places)))
        around = _around(store, ledger, drafts)
        before, after = _rehearsed(store, drafts, actor, around.records, clock())
        published = partial(shared_files.public_text, places.shared_texts)
        was = rows_of(before, around.beside) | texts(before, published)
        says = rows_of(after, around.beside) | texts(after, _kept(store, published))
        return row_changes(*in_their_places(ledger, was, says)) if drafts else []


@contextmanager
def _public_ledger(store: DeskStore, places: LedgerPaths) -> Iterator[sqlite3.Connection]:
    """Open ledger.db; one that is older than the log is built anew in memory, of a short log.

    Raises:
        ProblemsFound: ledger.db is older, and the log is long.
    """
    newest = ledger_db.newest_sha256(places.ledger)
    if newest is not None and newest == _newest_sha256(store):
        with ledger_db.open_read_only(places.ledger) as connection:
            yield connection
        return
    if len(set(store.public_keys(Subject.CLAIM))) > _FEW:
        raise ProblemsFound([_LEDGER_OLDER])
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        filling.fill(connection, log.read_log(places.log), lambda _: None, 1)
        yield connection


def _newest_sha256(store: DeskStore) -> str | None:
    row = store.connection.execute("SELECT sha256 FROM publication ORDER BY number DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None


def _kept(store: DeskStore, published: TextLookup) -> TextLookup:
    """Return what gives the texts that publishing prints: those that are published already, and those of the desk."""

    def kept(edition: str) -> str | None:
        content = None if published(edition) else read_text_bytes(store.connection, edition)
        return content.decode() if content else published(edition)

    return kept


def _rehearsed(
    store: DeskStore, drafts: Sequence[Draft], actor: StaffMember, wanted: Collection[Place], now: datetime
) -> tuple[Versions, Versions]:
    """Return what stands there; publish, read what stands there then, and take it all back."""
    found: list[Versions] = []
    approvers = dict(_approvers(store, drafts, actor))
    with suppress(_RollBack), store.writing() as connection:
        found.append(_versions(store, wanted))
        publication.append_revisions(store, connection, drafts, approvers, now=now)
        found.append(_versions(store, wanted))
        raise _RollBack
    before, after = found
    return before, after


def _approvers(store: DeskStore, drafts: Sequence[Draft], actor: StaffMember) -> Iterator[tuple[Place, str]]:
    known = plan_publication(read_current_records(store), drafts, actor).approvers
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


class _Around(NamedTuple):
    """What a preview looks at."""

    records: set[Place]
    """The records of which rows may change, with what these stand beside."""
    beside: Beside
    """What is counted and computed with them."""


def _around(store: DeskStore, ledger: Ledger, drafts: Sequence[Draft]) -> _Around:
    pairs = [_Pair(draft.record, _record(store, draft.subject, draft.key), draft.kind) for draft in drafts]
    own = {draft.key.split("@")[0] for draft in drafts if draft.subject in (Subject.CLAIM, Subject.APPEARANCE)}
    changed = {draft.key for draft in drafts if draft.subject in (Subject.ARTICLE, Subject.DOCUMENT)}
    resting = resting_on(ledger(), changed) if changed else set()
    said, cited = _differing(pairs, _said_by), _differing(pairs, _cited)
    named = {
        key for claim in cited for _, subject, key in drafting.record_references(claim) if subject is not Subject.CLAIM
    }
    counted = _counted(store, {*own, *resting, *(counted_along(ledger(), said) if said else ())})
    speakers = {best_wording(one.speaker.name) for one in said if one.speaker}
    for claim in (claim for name, claim in counted.items() if name not in own | resting):
        if claim.speaker and best_wording(claim.speaker.name) not in speakers:
            claim.speaker = None  # it came by its source; the claims of this speaker are not all here
    counts = counts_of_others(ledger(), named | changed, {*own, *counted}) if named or changed else {}
    claims = own | resting | _named_anew(counted, pairs)
    told = _differing(pairs, _told)
    articles = {pair.after.article_id for pair in pairs if isinstance(pair.after, Appearance | Article)}
    held = computed_along(ledger(), told, articles) - claims if told or articles else set()
    records = {(draft.subject, draft.key) for draft in drafts} | {(Subject.CLAIM, one) for one in claims}
    return _Around(
        records | set(_standing_beside(store, drafts, claims)),
        Beside(counted, counts, rows_beside(ledger(), held) if held else {}),
    )


class _Pair(NamedTuple):
    """A record as it would be and as it is in public, and what the draft is."""

    after: LedgerRecord
    before: LedgerRecord | None
    kind: RevisionKind


def _record(store: DeskStore, subject: Subject, key: str) -> LedgerRecord | None:
    head = store.head(subject, key)
    return Revision.model_validate_json(head.body).record if head else None


def _differing(pairs: Iterable[_Pair], part: Callable[[Claim], object]) -> list[Claim]:
    """Return the claims of which a part is another than in public, as they are and were; a withdrawal changes all."""
    found: list[Claim] = []
    for after, before, kind in pairs:
        was = before if isinstance(before, Claim) else None
        if isinstance(after, Claim) and (was is None or kind is RevisionKind.WITHDRAWAL or part(after) != part(was)):
            found += filter(None, (after, was))
    return found


def _said_by(claim: Claim) -> object:
    """Return by what a claim is counted among others, and put together with them."""
    return claim.speaker, claim.source


def _cited(claim: Claim) -> object:
    """Return of which records a claim is counted."""
    return claim.article_id, {one.document_id for one in claim.evidence}


def _told(claim: Claim) -> object:
    """Return what is held against other claims, and which of what is found so stands."""
    said = claim.speaker, claim.statement, claim.quantities, claim.kind, claim.about_on, claim.said_on
    return claim.article_id, said, claim.waivers


def _counted(store: DeskStore, claims: Iterable[str]) -> dict[str, ClaimCounted]:
    """Return what is counted of public claims."""
    heads = store.connection.execute(
        "SELECT key, body, max(revision) FROM publication WHERE subject = 'claim' "
        "AND key IN (SELECT value FROM json_each(?)) GROUP BY key",
        (msgspec.json.encode(sorted(claims)).decode(),),
    )
    return {claim_id: claim_counted(body) for claim_id, body, _ in heads}


def _named_anew(counted: Mapping[str, ClaimCounted], pairs: Iterable[_Pair]) -> set[str]:
    """Return the claims whose source would be called otherwise: another of its name comes, or the last other goes."""
    drafted = {one.after.claim_id: one.after for one in pairs if isinstance(one.after, Claim)}
    after = {**counted, **{name: _read(claim) for name, claim in drafted.items()}}
    changed = alike_among(counted.values()) ^ alike_among(after.values())
    return {name for name, claim in counted.items() if best_wording(claim.source.name) in changed}


def _read(claim: Claim) -> ClaimCounted:
    return msgspec.convert(claim.to_json(), ClaimCounted)


def _standing_beside(store: DeskStore, drafts: Iterable[Draft], claims: Iterable[str]) -> Iterator[Place]:
    """Yield the articles, documents and passages of some claims, as they are and as they would be."""
    drafted = {draft.key: draft.record for draft in drafts if draft.subject is Subject.DOCUMENT}
    public = (_record(store, Subject.CLAIM, claim_id) for claim_id in claims)
    records = [*(record for record in public if record), *(draft.record for draft in drafts)]
    named = {(subject, key) for record in records for _, subject, key in drafting.record_references(record)}
    documents = {key for subject, key in named if subject is Subject.DOCUMENT} | drafted.keys()

    def as_drafted(key: str) -> Document | None:
        record = drafted.get(key) or as_public(key)
        return record if isinstance(record, Document) else None

    def as_public(key: str) -> Document | None:
        record = _record(store, Subject.DOCUMENT, key)
        return record if isinstance(record, Document) else None

    yield from (place for place in named if place[0] is Subject.ARTICLE)
    for document_of in (as_drafted, as_public):
        yield from ((Subject.DOCUMENT, key) for key in collect_origins(documents, document_of))
    for claim_id in claims:
        yield from ((Subject.APPEARANCE, key) for key in public_passage_keys(store, claim_id))
