"""A text taken in: the first of an article, a new edition of one, or one that the ledger knows already.

In: the desk as it stands and a text as stored. Out: what is new, the changes that record it, and what became of each
passage that makes a claim. The invariant: kept and moved passages get an appearance in the new edition and change no
claim; a changed one and an orphan are left to the editor. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from claimledger.article import Text, read_text
from claimledger.editions import Carried, carry_over
from claimledger.editorial.dismissals import taken_over
from claimledger.editorial.current_edition import EditionAtHand
from claimledger.errors import LedgerError
from claimledger.furniture import furniture_spans
from claimledger.intake import Intake
from claimledger.newsroom.decisions import Decision, decisions_on, left_out_of
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.current_records import Standing
from claimledger.newsroom.article_texts import kept_text
from claimledger.models import Appearance, Article, Change, Dismissal, Edition, Span, key_of
from claimledger.selectors import make_quote
from claimledger.spotting import paragraph_languages
from claimledger.vocabulary import Decided, Subject


class Novelty(StrEnum):
    """What a text is to the ledger."""

    ARTICLE = "article"
    """The first text of an article."""
    EDITION = "edition"
    """Another text of an article."""
    KNOWN = "known"
    """The text of an edition that the ledger has."""


class AnotherArticle(LedgerError):
    """The text belongs to another article than the one named."""

    def __init__(self, named: str, owner: str) -> None:
        """Name both."""
        super().__init__(f"This is the text of the article '{owner}', not of '{named}'. Nothing was stored.")


class NameNeeded(LedgerError):
    """The text is new, and no article was named."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "No article of the ledger has this text. Give the article a name with --id, such as "
            "harbour-monthly-2031-04; to add a new edition, give the name of its article."
        )


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text and what it is to the ledger."""

    article_id: str
    """The article."""
    novelty: Novelty
    """What the text is to it."""
    edition: Edition
    """The edition."""
    languages: dict[str, int]
    """Language (BCP 47; "" for none installed) to the number of paragraphs in it."""
    carried: tuple[Carried, ...] = ()
    """For a new edition: what became of each passage of those before."""
    gone: tuple[Dismissal, ...] = ()
    """For a new edition: what was left out of the one before and stands nowhere any more."""


def arrive(standing: Standing, article_id: str | None, text: Text) -> Arrived:
    """Return what a text is to the ledger.

    Raises:
        AnotherArticle: it is the text of another article than the one named.
        NameNeeded: no article has it and none is named.
    """
    owner = next((article for article in standing.articles() if _edition_of(article, text)), None)
    if owner and article_id not in (None, owner.article_id):
        raise AnotherArticle(str(article_id), owner.article_id)
    if owner and (known := _edition_of(owner, text)):
        return Arrived(owner.article_id, Novelty.KNOWN, known, _languages(text, known.furniture))
    if article_id is None:
        raise NameNeeded
    edition = Edition(
        edition_sha256=text.sha256, length=len(text.content), furniture=tuple(furniture_spans(text.content))
    )
    languages = _languages(text, edition.furniture)
    article = standing.record(Subject.ARTICLE, article_id)
    if not isinstance(article, Article):
        return Arrived(article_id, Novelty.ARTICLE, edition, languages)
    carried = _carried(standing, article, text, edition)
    dismissed, gone = taken_over(article, text, decisions_on(standing.store, article_id))
    edition = edition.model_copy(update={"dismissed": dismissed})
    return Arrived(article_id, Novelty.EDITION, edition, languages, tuple(carried), gone)


def _edition_of(article: Article, text: Text) -> Edition | None:
    return next((edition for edition in article.editions if edition.edition_sha256 == text.sha256), None)


def _languages(text: Text, furniture: Sequence[Span]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for paragraph in paragraph_languages(text.content, furniture):
        counts[paragraph.code] = counts.get(paragraph.code, 0) + 1
    return counts


def _carried(standing: Standing, article: Article, text: Text, edition: Edition) -> list[Carried]:
    """Return what became of each passage; of one that an editor left out, only that its words are back."""
    left_out = left_out_of(decisions_on(standing.store, article.article_id))
    found = _seen_in(standing, article.editions, text, edition)
    return [one for one in found if one.span is not None or _place(one.appearance) not in left_out]


def _seen_in(
    standing: Standing, before: Sequence[Edition], text: Text, edition: Edition, placed: Iterable[tuple[str, int]] = ()
) -> list[Carried]:
    """Return, as seen in an edition, the newest passage of each claim of the editions before that is not placed."""
    met = set(placed)
    found: list[Carried] = []
    for earlier in reversed(before):
        entries = [one for one in standing.appearances(earlier.edition_sha256) if (one.claim_id, one.place) not in met]
        met |= {(one.claim_id, one.place) for one in entries}
        old = kept_text(standing.store.connection, earlier.edition_sha256) if entries else None
        found += carry_over(entries, text.content, old.content if old else None, edition.furniture)
    return found


def _place(entry: Appearance) -> tuple[str, str]:
    return entry.claim_id, entry.edition_sha256


def likely_language(found: Intake) -> str:
    """Return the language that most paragraphs of a text are written in (BCP 47), as far as it can be told."""
    counts = _languages(read_text(found.text, "text"), ())
    return max(counts, key=lambda code: counts[code], default="") or "en"


NO_RIGHTS: Mapping[str, Any] = {
    "holder": {"en": ""}, "statement": {"en": ""}, "may_hold_text": False, "may_publish_text": False,
}  # fmt: skip
"""What is left to a person to say of the rights."""


def first_fields(arrived: Arrived, found: Intake, rights: Mapping[str, Any] = NO_RIGHTS) -> dict[str, Any]:
    """Return an article's file for a person to complete: what the text says of itself, and what is missing, empty."""
    language = found.language or max(arrived.languages, key=lambda code: arrived.languages[code], default="") or "en"
    return {
        "article_id": arrived.article_id,
        "headline": {language: found.headline or ""},
        "publisher": {language: found.publisher or ""},
        "published_on": found.published_on or "",
        "language": language,
        **({"authors": [{"name": {language: name}} for name in found.authors]} if found.authors else {}),
        **({"address": found.address} if found.address else {}),
        "rights": dict(rights),
        "editions": [arrived.edition.to_json()],
    }


def first_change(arrived: Arrived, fields: Mapping[str, Any]) -> Change:
    """Return the change that makes an article of what a person says of it (JSON) and its first edition."""
    own = {"article_id": arrived.article_id, "editions": [arrived.edition.to_json()]}
    return Change(subject=Subject.ARTICLE, key=arrived.article_id, base=None, fields={**fields, **own})


def edition_changes(standing: Standing, arrived: Arrived, text: Text) -> Iterator[Change]:
    """Yield the changes of a new edition: the article with it, and an appearance for each passage kept or moved."""
    article = standing.article(arrived.article_id)
    grown = article.to_json() | {"editions": [edition.to_json() for edition in (*article.editions, arrived.edition)]}
    yield standing.change(Subject.ARTICLE, article.article_id, grown)
    for carried in arrived.carried:
        if carried.span is not None:
            entry = _anew(carried.appearance, carried.span, text, may_hold_text=article.rights.may_hold_text)
            yield Change(subject=Subject.APPEARANCE, key=key_of(entry), base=None, fields=entry.to_json())


def _anew(entry: Appearance, span: Span, text: Text, *, may_hold_text: bool) -> Appearance:
    return Appearance(
        claim_id=entry.claim_id,
        article_id=entry.article_id,
        edition_sha256=text.sha256,
        place=entry.place,
        position=span,
        quote=make_quote(text.content, span, may_hold_text=may_hold_text),
    )


def placed(at_hand: EditionAtHand, task: Task, span: Span) -> Change:
    """Return the change that gives a claim its place in the newest edition."""
    may_hold_text = at_hand.article.rights.may_hold_text
    entry = _anew(task.carried.appearance, span, at_hand.text, may_hold_text=may_hold_text)
    return Change(subject=Subject.APPEARANCE, key=key_of(entry), base=None, fields=entry.to_json())


def left_out(at_hand: EditionAtHand, task: Task, edit: Edit) -> Decision:
    """Return the decision that a claim is not made in the newest edition; it holds the passage as far as it may."""
    entry = task.carried.appearance
    return Decision(
        at_hand.article.article_id, entry.edition_sha256, Decided.LEFT_OUT, entry.position, entry.quote,
        edit.reason, edit.author, entry.claim_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A claim of an earlier edition that is not settled in the newest."""

    carried: Carried
    """Its passage in the edition before, and what resembles it now."""
    words: tuple[str, ...]
    """The words of each proposal."""


def tasks(standing: Standing, at_hand: EditionAtHand) -> list[Task]:
    """Return the claims that have no place in the newest edition, and which no editor has left out of it.

    The words of one that was recorded late may stand there unchanged: they are proposed like any others.
    """
    placed = {(entry.claim_id, entry.place) for entry in at_hand.appearances}
    found = _seen_in(standing, at_hand.article.editions[:-1], at_hand.text, at_hand.edition, placed)
    return [_task(at_hand, one) for one in found if _place(one.appearance) not in at_hand.left_out]


def _task(at_hand: EditionAtHand, carried: Carried) -> Task:
    proposals = (carried.span,) if carried.span else carried.proposals
    return Task(replace(carried, proposals=proposals, span=None), tuple(at_hand.words(span) for span in proposals))
