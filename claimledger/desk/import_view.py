"""A waiting import of past checks for its second editor: counts, sample rows, and what is left out or corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from claimledger.desk.check_imports import require_waiting, waiting_drafts
from claimledger.desk.step_setup import open_store
from claimledger.ledger.files import LedgerPaths
from claimledger.models import EarlierCheck, Revision
from claimledger.newsroom import check_archive
from claimledger.newsroom.check_archive import WaitingImport
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import Subject

SAMPLES = 10
"""The number of new and of changed checks that are shown."""
_RATINGS = 20


class _Rating(msgspec.Struct):
    rating: str


_rating = msgspec.json.Decoder(_Rating)


class SampleCheck(NamedTuple):
    """A check of a waiting import."""

    before: EarlierCheck | None
    """The public version that it changes; None if it is new."""
    after: EarlierCheck
    """The check that would become public."""

    def changed_fields(self) -> list[tuple[str, str, str]]:
        """Return the name, the old and the new value of each field that changes."""
        old, new = (one.to_json() if one else {} for one in (self.before, self.after))
        return [
            (name, _format_value(old.get(name)), _format_value(new.get(name)))
            for name in dict.fromkeys([*old, *new])
            if old.get(name) != new.get(name)
        ]


class ImportView(NamedTuple):
    """A waiting import with samples."""

    waiting: WaitingImport
    """The import."""
    new: list[SampleCheck]
    """The first new checks."""
    changed: list[SampleCheck]
    """The first changed checks."""
    ratings: list[tuple[str, int]]
    """The most frequent ratings of the rows to publish, verbatim, with their numbers."""


def view_waiting_import(places: LedgerPaths, name: str) -> ImportView:
    """Return a waiting import with its first rows.

    Raises:
        NotFound: no import of this archive waits.
    """
    with open_store(places) as store:
        waiting = require_waiting(check_archive.find_waiting(store.connection, name), name)
        drafts = waiting_drafts(places, waiting)
        new = [_sample(store, one) for one in islice((one for one in drafts if not one.base), SAMPLES)]
        changed = [_sample(store, one) for one in islice((one for one in drafts if one.base), SAMPLES)]
    return ImportView(waiting, new, changed, Counter(_ratings(drafts)).most_common(_RATINGS))


def _sample(store: DeskStore, draft: Draft) -> SampleCheck:
    head = store.head(Subject.EARLIER_CHECK, draft.key) if draft.base else None
    before = Revision.model_validate_json(head.body).record if head else None
    after = draft.record
    assert isinstance(after, EarlierCheck)  # noqa: S101  an import has no other records
    return SampleCheck(before if isinstance(before, EarlierCheck) else None, after)


def _ratings(drafts: Sequence[Draft]) -> Iterator[str]:
    return (_rating.decode(one.record_json).rating for one in drafts)


def _format_value(value: object) -> str:
    """Return a value of a field (JSON) as one text."""
    if isinstance(value, dict):
        return " / ".join(str(one) for one in value.values())
    return (
        ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value or "")
    )
