"""Store that a person used a text of a language model, when a draft of a claim has a new text that is based on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from claimledger.desk_vocabulary import SuggestionChoice
from claimledger.models import Claim
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.machine_wording import ModelDraft, claim_texts, find_draft, read_model_drafts
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.suggestions import find_stored_suggestion, store_suggestion_decision
from claimledger.vocabulary import Subject


def store_used_suggestions(store: DeskStore, connection: sqlite3.Connection, draft: Draft, now: datetime) -> None:
    """Store the decision on each suggestion that a draft uses and the version before it did not; `now` is UTC.

    Call it inside a `writing` transaction, before the draft is stored. A decision that names the claim is not repeated.
    """
    claim = draft.record
    if not isinstance(claim, Claim) or not (known := read_model_drafts(connection, claim.claim_id, claim.article_id)):
        return
    decided = [one for one in known if _is_used_in(connection, one, claim)]
    for name, language, text in _new_texts(store, claim):
        used = find_draft(name, language, text, known)
        if used and not find_draft(name, language, text, decided):
            choice = SuggestionChoice.ACCEPTED if text.strip() == used.text.strip() else SuggestionChoice.EDITED
            author, claim_id = draft.authors[0], claim.claim_id
            store_suggestion_decision(connection, used.suggestion_id, choice, author, now, claim_id=claim_id)


def _is_used_in(connection: sqlite3.Connection, draft: ModelDraft, claim: Claim) -> bool:
    stored = find_stored_suggestion(connection, draft.suggestion_id)
    return stored is not None and stored.used_in == claim.claim_id


def _new_texts(store: DeskStore, claim: Claim) -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a claim that the version before does not have."""
    before = read_current_records(store, claim.claim_id).record(Subject.CLAIM, claim.claim_id)
    earlier = set(claim_texts(before)) if isinstance(before, Claim) else set()
    yield from (one for one in claim_texts(claim) if one not in earlier)
