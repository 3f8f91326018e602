"""Rights that an article gives no more: its passages as lengths and hashes.

In: the desk as it stands and the drafts about to be stored. Out: what makes hashes of passages held as words. The
invariant: what a passage is and where it stands does not change. It stores nothing.
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


def passages_as_hashes(standing: Standing, drafts: Iterable[Draft]) -> list[Proposed]:
    """Return the changes that make hashes of passages, where the drafts take back an article's right to their words."""
    made = list(drafts)
    own = {draft.key for draft in made}
    forbidding = [one.record for one in made if isinstance(one.record, Article) and not one.record.rights.may_hold_text]
    held = (entry for article in forbidding for entry in _held_as_words(standing, article))
    return [_as_hashes(standing, entry) for entry in held if key_of(entry) not in own]


def _held_as_words(standing: Standing, article: Article) -> Iterator[Appearance]:
    for edition in article.editions:
        yield from (one for one in standing.appearances(edition.edition_sha256) if one.quote.holds_text)


def _as_hashes(standing: Standing, entry: Appearance) -> Proposed:
    key = key_of(entry)
    waiting = standing.drafts.get((Subject.APPEARANCE, key))
    fields = entry.model_copy(update={"quote": without_words(entry.quote)}).to_json()
    change = standing.change(Subject.APPEARANCE, key, fields)
    return Proposed(change, Where(key), waiting.draft_id if waiting else None)
