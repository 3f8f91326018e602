"""An article at the desk: all that its page shows, read at one moment.

In: the desk as it stands and an article. Out: its newest edition with coverage, candidates, open tasks and claims; or a
line of the list of articles. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claimledger.coverage import Accounted
from claimledger.editorial.coverage_at_desk import accounted
from claimledger.editorial.new_editions import Task, tasks
from claimledger.editorial.candidate_decisions import Proposal, proposals
from claimledger.editorial.current_edition import EditionAtHand, TextNotHeld, edition_at_hand
from claimledger.newsroom.current_records import Standing
from claimledger.models import Article, Claim
from claimledger.vocabulary import Decided


@dataclass(frozen=True, slots=True)
class ArticleAtDesk:
    """An article, its newest text, and what stands in it."""

    at_hand: EditionAtHand
    """The newest edition."""
    accounted: Accounted
    """Its numbers and quotations."""
    proposals: tuple[Proposal, ...]
    """Its candidates, in the order of the text."""
    tasks: tuple[Task, ...]
    """The claims that the newest edition changed or lost."""
    claims: Mapping[str, Claim]
    """The claims that stand in it or wait to be placed, by name."""
    unrecorded: int
    """How many dismissals of the desk the article's record does not show."""


def article_at_desk(standing: Standing, article_id: str) -> ArticleAtDesk:
    """Return an article at the desk.

    Raises:
        NotFound, NotRecorded, TextNotHeld: there is no such article, or the desk does not hold its text.
    """
    at_hand = edition_at_hand(standing, article_id)
    waiting = tasks(standing, at_hand)
    names = [entry.claim_id for entry in at_hand.appearances] + [one.carried.appearance.claim_id for one in waiting]
    public = {(one.position.start, one.position.end) for one in at_hand.edition.dismissed}
    made = {place for place, decision in at_hand.decisions.items() if decision.decided is Decided.DISMISSED}
    found = accounted(at_hand)
    return ArticleAtDesk(
        at_hand,
        found,
        tuple(proposals(at_hand, found)),
        tuple(waiting),
        {claim.claim_id: claim for claim in standing.claims(names)},
        len(made - public),
    )


@dataclass(frozen=True, slots=True)
class ArticleListed:
    """A line of the list of articles."""

    article: Article
    """The article."""
    accounted: Accounted | None
    """Its numbers and quotations; none if the desk does not hold the text."""
    tasks: int
    """How many claims wait to be placed."""


def listed(standing: Standing, article: Article) -> ArticleListed:
    """Return an article's line."""
    try:
        at_hand = edition_at_hand(standing, article.article_id)
    except TextNotHeld:
        return ArticleListed(article, None, 0)
    return ArticleListed(article, accounted(at_hand), len(tasks(standing, at_hand)))
