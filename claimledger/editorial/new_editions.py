"""Adding a text: the first text of an article, a new edition of one, or a text that the ledger knows already.

The module returns the changes that record the text and the fate of each claimed passage. Unchanged and moved passages
get an appearance in the new edition, and no claim changes. A changed or lost passage is left to the editor. Nothing is
stored here.
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
    """The relation of a text to the ledger."""

    ARTICLE = "article"
    """The first text of an article."""
    EDITION = "edition"
    """A new text of a known article."""
    KNOWN = "known"
    """The text of a known edition."""


class AnotherArticle(LedgerError):
    """Raised when the text belongs to another article than the named one."""

    def __init__(self, named: str, owner: str) -> None:
        """Name both articles."""
        super().__init__(f"This is the text of the article '{owner}', not of '{named}'. Nothing was stored.")


class NameNeeded(LedgerError):
    """Raised when the text is new and no article was named."""

    def __init__(self) -> None:
        """Explain which name to give."""
        super().__init__(
            "No article of the ledger has this text. Give the article a name with --id, such as "
            "harbour-monthly-2031-04; to add a new edition, give the name of its article."
        )


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text and its relation to the ledger."""

    article_id: str
    """The article's identifier."""
    novelty: Novelty
    """The text's relation to the article."""
    edition: Edition
    """The edition made of the text."""
    languages: dict[str, int]
    """Language (BCP 47; "" if no package for it is installed) to the number of paragraphs in it."""
    carried: tuple[Carried, ...] = ()
    """For a new edition, the fate of each claimed passage of the editions before."""
    gone: tuple[Dismissal, ...] = ()
    """For a new edition, the dismissals of the edition before whose passage was not found."""


def arrive(desk: Standing, article_id: str | None, text: Text) -> Arrived:
    """Compare a text with the ledger and return its relation to it.

    Raises:
        AnotherArticle: the text belongs to another article than the named one.
        NameNeeded: no article has the text and none is named.
    """
    owner = next((article for article in desk.articles() if _find_edition(article, text)), None)
    if owner and article_id not in (None, owner.article_id):
        raise AnotherArticle(str(article_id), owner.article_id)
    if owner and (known := _find_edition(owner, text)):
        return Arrived(owner.article_id, Novelty.KNOWN, known, _count_languages(text, known.furniture))
    if article_id is None:
        raise NameNeeded
    edition = Edition(
        edition_sha256=text.sha256, length=len(text.content), furniture=tuple(furniture_spans(text.content))
    )
    languages = _count_languages(text, edition.furniture)
    article = desk.record(Subject.ARTICLE, article_id)
    if not isinstance(article, Article):
        return Arrived(article_id, Novelty.ARTICLE, edition, languages)
    carried = _passage_fates(desk, article, text, edition)
    dismissed, gone = taken_over(article, text, decisions_on(desk.store, article_id))
    edition = edition.model_copy(update={"dismissed": dismissed})
    return Arrived(article_id, Novelty.EDITION, edition, languages, tuple(carried), gone)


def _find_edition(article: Article, text: Text) -> Edition | None:
    return next((edition for edition in article.editions if edition.edition_sha256 == text.sha256), None)


def _count_languages(text: Text, furniture: Sequence[Span]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for paragraph in paragraph_languages(text.content, furniture):
        counts[paragraph.code] = counts.get(paragraph.code, 0) + 1
    return counts


def _passage_fates(desk: Standing, article: Article, text: Text, edition: Edition) -> list[Carried]:
    """Return the fate of each claimed passage; an excluded one is included only if its words are back."""
    left_out = left_out_of(decisions_on(desk.store, article.article_id))
    found = _fates_in_edition(desk, article.editions, text, edition)
    return [one for one in found if one.span is not None or _place_key(one.appearance) not in left_out]


def _fates_in_edition(
    desk: Standing, before: Sequence[Edition], text: Text, edition: Edition, placed: Iterable[tuple[str, int]] = ()
) -> list[Carried]:
    """Return the fate, in an edition, of the newest earlier passage of each claim that is not in `placed`."""
    seen = set(placed)
    found: list[Carried] = []
    for earlier in reversed(before):
        entries = [one for one in desk.appearances(earlier.edition_sha256) if (one.claim_id, one.place) not in seen]
        seen |= {(one.claim_id, one.place) for one in entries}
        old = kept_text(desk.store.connection, earlier.edition_sha256) if entries else None
        found += carry_over(entries, text.content, old.content if old else None, edition.furniture)
    return found


def _place_key(entry: Appearance) -> tuple[str, str]:
    return entry.claim_id, entry.edition_sha256


def likely_language(found: Intake) -> str:
    """Return the language (BCP 47) of most paragraphs of a text, or English if it cannot be determined."""
    counts = _count_languages(read_text(found.text, "text"), ())
    return max(counts, key=lambda code: counts[code], default="") or "en"


NO_RIGHTS: Mapping[str, Any] = {
    "holder": {"en": ""}, "statement": {"en": ""}, "may_hold_text": False, "may_publish_text": False,
}  # fmt: skip
"""The empty rights statement, for a person to complete."""


def first_fields(arrived: Arrived, found: Intake, rights: Mapping[str, Any] = NO_RIGHTS) -> dict[str, Any]:
    """Return the fields of a new article's file: the text's own statements, and empty fields to complete."""
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
    """Return the change that creates an article from a person's fields (JSON) and its first edition."""
    own = {"article_id": arrived.article_id, "editions": [arrived.edition.to_json()]}
    return Change(subject=Subject.ARTICLE, key=arrived.article_id, base=None, fields={**fields, **own})


def edition_changes(desk: Standing, arrived: Arrived, text: Text) -> Iterator[Change]:
    """Yield the changes of a new edition: the article, and an appearance for each unchanged or moved passage."""
    article = desk.article(arrived.article_id)
    updated = article.to_json() | {"editions": [edition.to_json() for edition in (*article.editions, arrived.edition)]}
    yield desk.change(Subject.ARTICLE, article.article_id, updated)
    for carried in arrived.carried:
        if carried.span is not None:
            entry = _new_appearance(carried.appearance, carried.span, text, may_hold_text=article.rights.may_hold_text)
            yield Change(subject=Subject.APPEARANCE, key=key_of(entry), base=None, fields=entry.to_json())


def _new_appearance(entry: Appearance, span: Span, text: Text, *, may_hold_text: bool) -> Appearance:
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
    entry = _new_appearance(task.carried.appearance, span, at_hand.text, may_hold_text=may_hold_text)
    return Change(subject=Subject.APPEARANCE, key=key_of(entry), base=None, fields=entry.to_json())


def left_out(at_hand: EditionAtHand, task: Task, edit: Edit) -> Decision:
    """Return the decision to exclude a claim from the newest edition; it contains the earlier passage."""
    entry = task.carried.appearance
    return Decision(
        at_hand.article.article_id, entry.edition_sha256, Decided.LEFT_OUT, entry.position, entry.quote,
        edit.reason, edit.author, entry.claim_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A claim of an earlier edition that has no place in the newest one yet."""

    carried: Carried
    """The claim's earlier passage and the proposals for its new place."""
    words: tuple[str, ...]
    """The words of each proposal."""


def tasks(desk: Standing, at_hand: EditionAtHand) -> list[Task]:
    """Return the claims without a place in the newest edition that no editor has excluded from it.

    The words of a claim that was recorded late may occur unchanged in the edition; they are proposed like any others.
    """
    placed = {(entry.claim_id, entry.place) for entry in at_hand.appearances}
    found = _fates_in_edition(desk, at_hand.article.editions[:-1], at_hand.text, at_hand.edition, placed)
    return [_make_task(at_hand, one) for one in found if _place_key(one.appearance) not in at_hand.left_out]


def _make_task(at_hand: EditionAtHand, carried: Carried) -> Task:
    proposals = (carried.span,) if carried.span else carried.proposals
    return Task(replace(carried, proposals=proposals, span=None), tuple(at_hand.words(span) for span in proposals))
