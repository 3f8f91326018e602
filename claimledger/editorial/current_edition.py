"""An edition of an article whose text is at hand: what every step on an article begins with.

In: the desk as it stands and an article. Out: its newest edition that the desk holds, with the text, the passages that
make claims and the decisions taken. It decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimledger.article import Text
from claimledger.editorial.dismissals import gone_from
from claimledger.errors import LedgerError
from claimledger.newsroom.decisions import Decision, decisions_in, decisions_on, left_out_of
from claimledger.newsroom.current_records import Standing
from claimledger.newsroom.article_texts import holds_text_of, kept_text
from claimledger.models import Appearance, Article, Dismissal, Edition, Span
from claimledger.selectors import Orphan, Resolved, resolve
from claimledger.vocabulary import Decided, Subject


class TextNotHeld(LedgerError):
    """The desk does not hold the text of an article."""

    def __init__(self, article_id: str) -> None:
        """Name the article."""
        super().__init__(
            f"The desk does not hold the text of '{article_id}'. Whoever has it runs "
            f"'claimledger article add FILE --id {article_id}'."
        )


class NotRecorded(LedgerError):
    """The desk holds an article's text, but not yet what the article is."""

    def __init__(self, article_id: str) -> None:
        """Name the article."""
        super().__init__(
            f"The article '{article_id}' is not recorded yet. Fill in claims/{article_id}/article.yaml and run "
            "'claimledger record'."
        )


@dataclass(frozen=True, slots=True)
class EditionAtHand:
    """An edition, its text, and what stands in it."""

    article: Article
    """The article."""
    edition: Edition
    """The edition."""
    text: Text
    """Its text."""
    appearances: tuple[Appearance, ...]
    """The passages that make claims, open drafts included, in the order of the text."""
    decisions: dict[tuple[int, int], Decision]
    """Start and end of each passage to the newest decision on it."""
    left_out: frozenset[tuple[str, str]]
    """The claims that an editor left out, since their passage is gone, each with the edition that had it last."""

    def words(self, span: Span) -> str:
        """Return the words of a passage."""
        return self.text.content[span.start : span.end]

    def placed(self) -> list[tuple[Appearance, Span]]:
        """Return each passage that is found where it should be, with its place."""
        found = [(entry, resolve(self.text.content, entry.position, entry.quote)) for entry in self.appearances]
        return [(entry, where.span) for entry, where in found if isinstance(where, Resolved)]

    def dismissals(self) -> list[tuple[Span, str]]:
        """Return each passage dismissed, in the article's record of any edition or on the desk, with the reason.

        Where the desk decided on a passage, its decision counts and not the record's.
        """
        public = [
            (where.span, next(iter(one.reason.values())))
            for edition in self.article.editions
            for one in edition.dismissed
            if isinstance(where := self._find(edition, one), Resolved) and not self.is_decided(where.span)
        ]
        private = [
            (Span(start=start, end=end), decision.reason)
            for (start, end), decision in self.decisions.items()
            if decision.decided is Decided.DISMISSED
        ]
        return [*public, *private]

    def gone(self) -> tuple[Dismissal, ...]:
        """Return what was left out of the edition before and stands nowhere in this one any more."""
        before = self.article.editions[-2].dismissed if len(self.article.editions) > 1 else ()
        return gone_from(before, self.text)

    def is_decided(self, span: Span) -> bool:
        """Whether the desk decided on this very passage."""
        return (span.start, span.end) in self.decisions

    def _find(self, edition: Edition, dismissal: Dismissal) -> Resolved | Orphan:
        position = dismissal.position if edition == self.edition else None
        return resolve(self.text.content, position, dismissal.quote)


def edition_at_hand(standing: Standing, article_id: str) -> EditionAtHand:
    """Return the newest edition of an article.

    Raises:
        NotFound: there is no such article.
        NotRecorded: its text is there, and its file is not recorded yet.
        TextNotHeld: the desk does not hold the text of its newest edition.
    """
    if standing.record(Subject.ARTICLE, article_id) is None and holds_text_of(standing.store, article_id):
        raise NotRecorded(article_id)
    article = standing.article(article_id)
    edition = article.editions[-1] if article.editions else None
    text = kept_text(standing.store.connection, edition.edition_sha256) if edition else None
    if edition is None or text is None:
        raise TextNotHeld(article_id)
    decisions = decisions_on(standing.store, article_id)
    return EditionAtHand(
        article,
        edition,
        text,
        tuple(standing.appearances(edition.edition_sha256)),
        decisions_in(decisions, text.content, edition.edition_sha256),
        left_out_of(decisions),
    )
