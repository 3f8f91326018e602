"""The newest edition of an article together with its text, its claimed passages and the decisions on it.

Every step on an article starts with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimledger.article import StoredText
from claimledger.editorial.dismissals import find_lost_dismissals
from claimledger.errors import LedgerError
from claimledger.newsroom.decisions import Decision, decisions_by_position, article_decisions, claims_left_out
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.article_texts import has_text, read_stored_text
from claimledger.models import Appearance, Article, Dismissal, Edition, Span
from claimledger.selectors import Orphan, ResolvedPassage, resolve_selector
from claimledger.desk_vocabulary import PassageDecision
from claimledger.vocabulary import Subject


class TextNotHeld(LedgerError):
    """Raised when the text of an article is not stored on the desk."""

    def __init__(self, article_id: str) -> None:
        """Name the article."""
        super().__init__(article=article_id)


class NotRecorded(LedgerError):
    """Raised when the desk has an article's text but no record of the article yet."""

    def __init__(self, article_id: str) -> None:
        """Name the article."""
        super().__init__(article=article_id)


@dataclass(frozen=True, slots=True)
class EditionWithText:
    """An edition with its text, its passages and the decisions on it."""

    article: Article
    """The article."""
    edition: Edition
    """The edition."""
    text: StoredText
    """The edition's text."""
    appearances: tuple[Appearance, ...]
    """The claimed passages, open drafts included, in the order of the text."""
    decisions: dict[tuple[int, int], Decision]
    """Start and end of each passage (code points) to the newest decision on it."""
    left_out: frozenset[tuple[str, str]]
    """The claims that an editor excluded because their passage is gone, each with the hash of its last edition."""

    def words(self, span: Span) -> str:
        """Return the words of a passage."""
        return self.text.content[span.start : span.end]

    def placed_passages(self) -> list[tuple[Appearance, Span]]:
        """Return each passage that is found in the text, with its place."""
        found = [
            (entry, resolve_selector(self.text.content, entry.position, entry.quote)) for entry in self.appearances
        ]
        return [(entry, where.span) for entry, where in found if isinstance(where, ResolvedPassage)]

    def dismissals(self) -> list[tuple[Span, str]]:
        """Return each dismissed passage with its reason, from the article's record of any edition or from the desk.

        A decision of the desk on the same passage replaces the record's.
        """
        public = [
            (where.span, next(iter(one.reason.values())))
            for edition in self.article.editions
            for one in edition.dismissed
            if isinstance(where := self._find(edition, one), ResolvedPassage) and not self.is_decided(where.span)
        ]
        private = [
            (Span(start=start, end=end), decision.reason)
            for (start, end), decision in self.decisions.items()
            if decision.decided is PassageDecision.DISMISSED
        ]
        return [*public, *private]

    def lost_dismissals(self) -> tuple[Dismissal, ...]:
        """Return the dismissals of the edition before whose passage is not found in this one."""
        before = self.article.editions[-2].dismissed if len(self.article.editions) > 1 else ()
        return find_lost_dismissals(before, self.text)

    def is_decided(self, span: Span) -> bool:
        """Return whether the desk has a decision on exactly this passage."""
        return (span.start, span.end) in self.decisions

    def _find(self, edition: Edition, dismissal: Dismissal) -> ResolvedPassage | Orphan:
        position = dismissal.position if edition == self.edition else None
        return resolve_selector(self.text.content, position, dismissal.quote)


def newest_edition_with_text(desk: CurrentRecords, article_id: str) -> EditionWithText:
    """Return the newest edition of an article with its text.

    Raises:
        NotFound: the article does not exist.
        NotRecorded: the desk has its text, but its file is not recorded yet.
        TextNotHeld: the text of its newest edition is not stored on the desk.
    """
    if desk.record(Subject.ARTICLE, article_id) is None and has_text(desk.store, article_id):
        raise NotRecorded(article_id)
    article = desk.article(article_id)
    edition = article.editions[-1] if article.editions else None
    text = read_stored_text(desk.store.connection, edition.edition_sha256) if edition else None
    if edition is None or text is None:
        raise TextNotHeld(article_id)
    decisions = article_decisions(desk.store, article_id)
    return EditionWithText(
        article,
        edition,
        text,
        tuple(desk.appearances(edition.edition_sha256)),
        decisions_by_position(decisions, text.content, edition.edition_sha256),
        claims_left_out(decisions),
    )
