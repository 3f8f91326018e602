"""The last look before publishing: what waits, and who may publish it.

In: who looks, and the records chosen. Out: what waits with every refusal, and how much of its article nobody decided
on. The invariant: nothing is written, and what may go out is asked of the one who publishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from claimledger.desk.claim_steps import along
from claimledger.desk.step_setup import open_store
from claimledger.editorial.coverage_at_desk import accounted
from claimledger.editorial.agreement_at_desk import Texts
from claimledger.editorial.claim_at_desk import at_desk
from claimledger.editorial.current_edition import NotRecorded, TextNotHeld, edition_at_hand
from claimledger.editorial.publish_rules import going_public
from claimledger.errors import NotFound, Problem
from claimledger.newsroom import drafting
from claimledger.accounts import people
from claimledger.ledger.files import Places
from claimledger.newsroom.publication import chosen
from claimledger.newsroom.current_records import Standing, standing
from claimledger.newsroom.store import Draft
from claimledger.models import Appearance, Article, Claim, Subjects
from claimledger.workflow import Staff, is_second_person
from claimledger.vocabulary import Coverage, Role, Subject

MOST_WAITING = 100
"""Records that are looked at one by one; the others wait for their turn."""


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
    lacking = drafting.unpublished_references(drafts, desk.store, beside)
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
