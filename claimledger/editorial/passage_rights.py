"""Passages reduced to lengths and hashes when an article's rights no longer allow its words.

The identity and the position of a passage do not change. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimledger.newsroom.drafting import ProposedChange
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.store import Draft
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Appearance, Article, record_key
from claimledger.selectors import hash_quote
from claimledger.vocabulary import Subject


def hash_passages(desk: CurrentRecords, drafts: Iterable[Draft]) -> list[ProposedChange]:
    """Return the changes that replace stored words by hashes, for the articles whose drafts withdraw that right."""
    changed = list(drafts)
    own = {draft.key for draft in changed}
    forbidding = [
        one.record for one in changed if isinstance(one.record, Article) and not one.record.rights.may_hold_text
    ]
    passages = (entry for article in forbidding for entry in _passages_with_words(desk, article))
    return [_hash_change(desk, entry) for entry in passages if record_key(entry) not in own]


def _passages_with_words(desk: CurrentRecords, article: Article) -> Iterator[Appearance]:
    for edition in article.editions:
        yield from (one for one in desk.appearances(edition.edition_sha256) if one.quote.has_text)


def _hash_change(desk: CurrentRecords, entry: Appearance) -> ProposedChange:
    key = record_key(entry)
    waiting = desk.drafts.get((Subject.APPEARANCE, key))
    fields = entry.model_copy(update={"quote": hash_quote(entry.quote)}).to_json()
    change = desk.change(Subject.APPEARANCE, key, fields)
    return ProposedChange(change, SourceLocation(key), waiting.draft_id if waiting else None)
