"""Adding a text: the first text of an article, a new edition of one, or a text that the ledger knows already.

The module returns the changes that record the text and the fate of each claimed passage. Unchanged and moved passages
get an appearance in the new edition, and no claim changes. A proposed, changed or lost passage is left to the editor. A
text that differs from a known one only in white space, line ends, quotation marks or Unicode form is not a new edition.
Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from claimledger.article import StoredText, decode_article, words_after, words_before
from claimledger.editions import CarriedAppearance, carry_over, comparable_form
from claimledger.editorial.dismissals import carry_over_dismissals
from claimledger.editorial.current_edition import EditionWithText
from claimledger.editorial.printed_details import add_printed_details
from claimledger.errors import LedgerError
from claimledger.furniture import furniture_spans
from claimledger.intake import ExtractedDocument
from claimledger.newsroom.decisions import Decision, article_decisions, claims_left_out
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.article_texts import read_stored_text
from claimledger.models import Appearance, Article, Change, Dismissal, Edition, Span, record_key
from claimledger.selectors import make_quote
from claimledger.spotting import paragraph_languages
from claimledger.desk_vocabulary import PassageDecision
from claimledger.vocabulary import Subject


class Novelty(StrEnum):
    """The relation of a text to the ledger."""

    ARTICLE = "article"
    """The first text of an article."""
    EDITION = "edition"
    """A new text of a known article."""
    KNOWN = "known"
    """The text of a known edition, perhaps written with other white space, line ends, marks or Unicode forms."""


class AnotherArticle(LedgerError):
    """Raised when the text belongs to another article than the named one."""

    def __init__(self, named: str, owner: str) -> None:
        """Name both articles."""
        super().__init__(named=named, owner=owner)


class NameNeeded(LedgerError):
    """Raised when the text is new and no article was named."""


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text and its relation to the ledger."""

    article_id: str
    """The article's identifier."""
    novelty: Novelty
    """The text's relation to the article."""
    edition: Edition
    """The edition made of the text."""
    languages: dict[str, int]
    """Language (BCP 47; "" if no package for it is installed) to the number of paragraphs in it."""
    carried: tuple[CarriedAppearance, ...] = ()
    """For a new edition, the fate of each claimed passage of the editions before."""
    gone: tuple[Dismissal, ...] = ()
    """For a new edition, the dismissals of the edition before whose passage was not found."""
    is_rewritten: bool = False
    """True for the text of a known edition in other bytes; these are not stored."""


def identify_text(desk: CurrentRecords, article_id: str | None, text: StoredText) -> IncomingText:
    """Compare a text with the ledger and return its relation to it.

    Raises:
        AnotherArticle: the text belongs to another article than the named one.
        NameNeeded: no article has the text and none is named.
    """
    owner = next((article for article in desk.articles() if _find_edition(article, text)), None)
    if owner and article_id not in (None, owner.article_id):
        raise AnotherArticle(str(article_id), owner.article_id)
    if owner and (known := _find_edition(owner, text)):
        return IncomingText(owner.article_id, Novelty.KNOWN, known, _count_languages(text, known.furniture))
    if found := _find_rewritten_edition(desk, article_id, text):
        return found
    if article_id is None:
        raise NameNeeded
    edition = Edition(
        edition_sha256=text.sha256, length=len(text.content), furniture=tuple(furniture_spans(text.content))
    )
    languages = _count_languages(text, edition.furniture)
    article = desk.record(Subject.ARTICLE, article_id)
    if not isinstance(article, Article):
        return IncomingText(article_id, Novelty.ARTICLE, edition, languages)
    carried = _passage_fates(desk, article, text, edition)
    dismissed, gone = carry_over_dismissals(article, text, article_decisions(desk.store, article_id))
    edition = edition.model_copy(update={"dismissed": dismissed})
    return IncomingText(article_id, Novelty.EDITION, edition, languages, tuple(carried), gone)


def _find_edition(article: Article, text: StoredText) -> Edition | None:
    return next((edition for edition in article.editions if edition.edition_sha256 == text.sha256), None)


def _find_rewritten_edition(desk: CurrentRecords, article_id: str | None, text: StoredText) -> IncomingText | None:
    """Return a known text that has the same words, of the named article or, without a name, of any article."""
    folded = comparable_form(text.content)
    named = desk.articles() if article_id is None else [desk.record(Subject.ARTICLE, article_id)]
    for article in (one for one in named if isinstance(one, Article)):
        for edition in reversed(article.editions):
            known = read_stored_text(desk.store.connection, edition.edition_sha256)
            if known and _may_have_words(known.content, folded) and comparable_form(known.content) == folded:
                languages = _count_languages(known, edition.furniture)
                return IncomingText(article.article_id, Novelty.KNOWN, edition, languages, is_rewritten=True)
    return None


def _may_have_words(content: str, folded: str) -> bool:
    """Return whether a text begins with the words of a folded one; few texts need to be folded as a whole."""
    return folded.startswith(comparable_form(content[:_BEGINNING])[:_COMPARED_BEGINNING])


_BEGINNING, _COMPARED_BEGINNING = 256, 32
"""The code points of a text that are folded first, and how many of the result are compared."""


def _count_languages(text: StoredText, furniture: Sequence[Span]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for paragraph in paragraph_languages(text.content, furniture):
        counts[paragraph.code] = counts.get(paragraph.code, 0) + 1
    return counts


def _passage_fates(
    desk: CurrentRecords, article: Article, text: StoredText, edition: Edition
) -> list[CarriedAppearance]:
    """Return the fate of each claimed passage; an excluded one is included only if its words are back."""
    left_out = claims_left_out(article_decisions(desk.store, article.article_id))
    found = _fates_in_edition(desk, article.editions, text, edition)
    return [one for one in found if one.span is not None or _place_key(one.appearance) not in left_out]


def _fates_in_edition(
    desk: CurrentRecords,
    before: Sequence[Edition],
    text: StoredText,
    edition: Edition,
    placed: Iterable[tuple[str, int]] = (),
) -> list[CarriedAppearance]:
    """Return the fate, in an edition, of the newest earlier passage of each claim that is not in `placement_change`."""
    seen = set(placed)
    found: list[CarriedAppearance] = []
    for earlier in reversed(before):
        entries = [one for one in desk.appearances(earlier.edition_sha256) if (one.claim_id, one.place) not in seen]
        seen |= {(one.claim_id, one.place) for one in entries}
        old = read_stored_text(desk.store.connection, earlier.edition_sha256) if entries else None
        found += carry_over(entries, text.content, old.content if old else None, edition.furniture)
    return found


def _place_key(entry: Appearance) -> tuple[str, str]:
    return entry.claim_id, entry.edition_sha256


def likely_language(found: ExtractedDocument) -> str:
    """Return the language (BCP 47) of most paragraphs of a text, or English if it cannot be determined."""
    counts = _count_languages(decode_article(found.text, "text"), ())
    return max(counts, key=lambda code: counts[code], default="") or "en"


EMPTY_RIGHTS: Mapping[str, Any] = {
    "holder": {"en": ""}, "statement": {"en": ""}, "may_hold_text": False, "may_publish_text": False,
}  # fmt: skip
"""The empty rights statement, for a person to complete."""


def new_article_fields(
    arrived: IncomingText, found: ExtractedDocument, rights: Mapping[str, Any] = EMPTY_RIGHTS
) -> dict[str, Any]:
    """Return the fields of a new article's file: what page and text state, and empty fields to complete."""
    found = add_printed_details(found)
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


def new_article_change(arrived: IncomingText, fields: Mapping[str, Any]) -> Change:
    """Return the change that creates an article from a person's fields (JSON) and its first edition."""
    own = {"article_id": arrived.article_id, "editions": [arrived.edition.to_json()]}
    return Change(subject=Subject.ARTICLE, key=arrived.article_id, base=None, fields={**fields, **own})


def edition_changes(desk: CurrentRecords, arrived: IncomingText, text: StoredText) -> Iterator[Change]:
    """Yield the changes of a new edition: the article, and an appearance for each unchanged or moved passage."""
    article = desk.article(arrived.article_id)
    updated = article.to_json() | {"editions": [edition.to_json() for edition in (*article.editions, arrived.edition)]}
    yield desk.change(Subject.ARTICLE, article.article_id, updated)
    for carried in arrived.carried:
        if carried.span is not None:
            entry = _new_appearance(carried.appearance, carried.span, text, may_hold_text=article.rights.may_hold_text)
            yield Change(subject=Subject.APPEARANCE, key=record_key(entry), base=None, fields=entry.to_json())


def _new_appearance(entry: Appearance, span: Span, text: StoredText, *, may_hold_text: bool) -> Appearance:
    return Appearance(
        claim_id=entry.claim_id,
        article_id=entry.article_id,
        edition_sha256=text.sha256,
        place=entry.place,
        position=span,
        quote=make_quote(text.content, span, may_hold_text=may_hold_text),
    )


def placement_change(at_hand: EditionWithText, task: PlacementTask, span: Span) -> Change:
    """Return the change that gives a claim its place in the newest edition."""
    may_hold_text = at_hand.article.rights.may_hold_text
    entry = _new_appearance(task.carried.appearance, span, at_hand.text, may_hold_text=may_hold_text)
    return Change(subject=Subject.APPEARANCE, key=record_key(entry), base=None, fields=entry.to_json())


def exclusion_decision(at_hand: EditionWithText, task: PlacementTask, edit: Edit) -> Decision:
    """Return the decision to exclude a claim from the newest edition; it contains the earlier passage."""
    entry = task.carried.appearance
    return Decision(
        at_hand.article.article_id, entry.edition_sha256, PassageDecision.LEFT_OUT, entry.position, entry.quote,
        edit.reason, edit.author, entry.claim_id,
    )  # fmt: skip


CONTEXT_SHOWN = 60
"""The greatest number of code points shown before and after a passage."""


class PassageInContext(NamedTuple):
    """A passage with the words around it, for a person who compares two places."""

    before: str
    """The end of the text before it."""
    words: str
    """The passage."""
    after: str
    """The beginning of the text after it."""


@dataclass(frozen=True, slots=True)
class PlacementTask:
    """A claim of an earlier edition that has no place in the newest one yet."""

    carried: CarriedAppearance
    """The claim's earlier passage and the proposals for its new place."""
    words: tuple[str, ...]
    """The words of each proposal."""
    places: tuple[PassageInContext, ...] = ()
    """Each proposal with the words around it."""
    earlier: PassageInContext | None = None
    """The earlier passage with the words around it; None if its text is not stored on the desk."""


def find_placement_tasks(desk: CurrentRecords, at_hand: EditionWithText) -> list[PlacementTask]:
    """Return the claims without a place in the newest edition that no editor has excluded from it.

    The words of a claim that was recorded late may occur unchanged in the edition; they are proposed like any others.
    """
    placed = {(entry.claim_id, entry.place) for entry in at_hand.appearances}
    found = _fates_in_edition(desk, at_hand.article.editions[:-1], at_hand.text, at_hand.edition, placed)
    return [_make_task(desk, at_hand, one) for one in found if _place_key(one.appearance) not in at_hand.left_out]


def _make_task(desk: CurrentRecords, at_hand: EditionWithText, carried: CarriedAppearance) -> PlacementTask:
    proposals, reasons = ((carried.span,), (None,)) if carried.span else (carried.proposals, carried.reasons)
    old = read_stored_text(desk.store.connection, carried.appearance.edition_sha256)
    return PlacementTask(
        replace(carried, proposals=proposals, reasons=reasons, span=None),
        tuple(at_hand.words(span) for span in proposals),
        tuple(_in_context(at_hand.text.content, span) for span in proposals),
        _in_context(old.content, carried.appearance.position) if old else None,
    )


def _in_context(text: str, span: Span) -> PassageInContext:
    before, after = (
        words_before(text[: span.start], CONTEXT_SHOWN),
        words_after(text[span.end : span.end + 2 * CONTEXT_SHOWN], CONTEXT_SHOWN),
    )
    return PassageInContext(before, text[span.start : span.end], after)
