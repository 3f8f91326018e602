"""Days that have not come: no verdict rests on the knowledge of tomorrow, and no document was seen then.

In: drafts and the time. Out: a problem for each day that lies ahead everywhere on earth. The invariant: the day is the
one that has begun in the easternmost time zone (UTC+14), so that nobody's today is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from claimledger.errors import Problem
from claimledger.ledger.store import Draft
from claimledger.models import Claim, Document

_EASTERNMOST = timedelta(hours=14)
_REMEDY = "Give the day on which it was looked at."


def days_ahead(drafts: Sequence[Draft], now: datetime) -> list[Problem]:
    """Return the verdicts and documents of drafts that are dated ahead; `now` is UTC."""
    today = (now + _EASTERNMOST).date().isoformat()
    return [
        Problem("day-ahead", f"'{day}' has not come.", _REMEDY, file=draft.key, field=field)
        for draft in drafts
        for field, day in _days(draft)
        if day[: len(today)] > today[: len(day)]
    ]


def _days(draft: Draft) -> Iterator[tuple[str, str]]:
    record = draft.record
    if isinstance(record, Document) and record.obtained_at:
        yield "obtained_at", record.obtained_at[:10]
    if isinstance(record, Claim):
        for index, verdict in enumerate(record.verdicts, 1):
            yield f"verdicts.{index}.as_of", verdict.as_of.partition("/")[0]
