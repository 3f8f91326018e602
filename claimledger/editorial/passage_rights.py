"""Passages reduced to lengths and hashes when an article's rights no longer allow its words.

The identity and the position of a passage do not change. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimledger.newsroom.drafting import Proposed
from claimledger.newsroom.current_records import Standing
from claimledger.newsroom.store import Draft
from claimledger.ledger.yaml_source import Where
from claimledger.models import Appearance, Article, key_of
from claimledger.selectors import without_words
from claimledger.vocabulary import Subject


def passages_as_hashes(desk: Standing, drafts: Iterable[Draft]) -> list[Proposed]:
    """Return the changes that replace stored words by hashes, for the articles whose drafts withdraw that right."""
    changed = list(drafts)
    own = {draft.key for draft in changed}
    forbidding = [
        one.record for one in changed if isinstance(one.record, Article) and not one.record.rights.may_hold_text
    ]
    passages = (entry for article in forbidding for entry in _passages_with_words(desk, article))
    return [_hash_change(desk, entry) for entry in passages if key_of(entry) not in own]


def _passages_with_words(desk: Standing, article: Article) -> Iterator[Appearance]:
    for edition in article.editions:
        yield from (one for one in desk.appearances(edition.edition_sha256) if one.quote.holds_text)


def _hash_change(desk: Standing, entry: Appearance) -> Proposed:
    key = key_of(entry)
    waiting = desk.drafts.get((Subject.APPEARANCE, key))
    fields = entry.model_copy(update={"quote": without_words(entry.quote)}).to_json()
    change = desk.change(Subject.APPEARANCE, key, fields)
    return Proposed(change, Where(key), waiting.draft_id if waiting else None)
