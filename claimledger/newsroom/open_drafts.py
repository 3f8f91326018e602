"""The open drafts of a desk as a mapping that reads each record's drafts when they are first used.

A step that needs the drafts of one claim reads no others, however many are open. To list or count them reads all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import Subject

RecordKey = tuple[Subject, str]
"""The identity of a record: its subject and its key."""


class OpenDrafts(Mapping[RecordKey, Draft]):
    """The newest version of each open draft, by its record; use it while the store is open."""

    def __init__(self, store: DeskStore) -> None:
        """Read nothing yet."""
        self._store = store
        self._read: dict[str, Mapping[RecordKey, Draft]] = {}
        self._all: Mapping[RecordKey, Draft] | None = None

    def record_drafts(self, key: str) -> Mapping[RecordKey, Draft]:
        """Return the open drafts under a key and, for a claim, of its passages."""
        if key not in self._read:
            self._read[key] = group_by_record(self._store.open_drafts(key))
        return self._read[key]

    def read_drafts(self, keys: Sequence[str]) -> None:
        """Read the open drafts under several keys at once, for the look-ups that follow."""
        groups: dict[str, dict[RecordKey, Draft]] = {key: {} for key in keys}
        for place, draft in group_by_record(self._store.find_open_drafts(keys)).items():
            groups[draft.key.partition("@")[0]][place] = draft
        self._read = {**groups, **self._read}

    def __getitem__(self, place: RecordKey) -> Draft:
        """Return the open draft of a record."""
        return self.record_drafts(place[1].partition("@")[0])[place]

    def __iter__(self) -> Iterator[RecordKey]:
        """Yield the subject and key of every record with an open draft, in the order of their first versions."""
        return iter(self._everything())

    def __len__(self) -> int:
        """Return the number of open drafts."""
        return len(self._everything())

    def _everything(self) -> Mapping[RecordKey, Draft]:
        """Read all drafts at once, also for the look-ups that follow."""
        if self._all is None:
            self._all = group_by_record(self._store.open_drafts())
            groups: dict[str, dict[RecordKey, Draft]] = {}
            for place, draft in self._all.items():
                groups.setdefault(draft.key.partition("@")[0], {})[place] = draft
            self._read = {**groups, **self._read}
        return self._all


def group_by_record(drafts: list[Draft]) -> dict[RecordKey, Draft]:
    """Return drafts by their records."""
    return {(draft.subject, draft.key): draft for draft in drafts}
