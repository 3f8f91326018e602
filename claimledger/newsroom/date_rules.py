"""Checks of dates: verdicts and documents may not be dated in the future, and deadlines not in the past.

A date is in the future if it has not begun in the easternmost time zone (UTC+14), so that no one's current date is
refused. A deadline is compared with the newsroom's own date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from claimledger.errors import Problem
from claimledger.newsroom.store import Draft
from claimledger.models import Claim, Document

_EASTERNMOST = timedelta(hours=14)


def future_date_problems(drafts: Sequence[Draft], now: datetime) -> list[Problem]:
    """Return a problem for each verdict or document of the drafts that is dated in the future; `now` is UTC."""
    today = (now + _EASTERNMOST).date().isoformat()
    return [
        Problem("day-ahead", file=draft.key, field=field, day=day)
        for draft in drafts
        for field, day in _days(draft)
        if day[: len(today)] > today[: len(day)]
    ]


def is_past(due_on: str, now: str) -> bool:
    """Return whether a deadline, a day or a time in the newsroom, has passed at a time `now` there (ISO 8601).

    >>> is_past("2031-04-03", "2031-04-03T18:00"), is_past("2031-04-03T17:30", "2031-04-03T18:00")
    (False, True)
    """
    return due_on < now[: len(due_on)]


def past_deadline_problems(due_on: str | None, now: str) -> list[Problem]:
    """Return a problem if a deadline has passed; None means that there is none. See `is_past` for the two forms.

    >>> past_deadline_problems("2031-04-02", "2031-04-03T09:00")[0].code
    'deadline-past'
    """
    if due_on is None or not is_past(due_on, now):
        return []
    return [Problem("deadline-past", field="due_on", day=due_on)]


def _days(draft: Draft) -> Iterator[tuple[str, str]]:
    record = draft.record
    if isinstance(record, Document) and record.obtained_at:
        yield "obtained_at", record.obtained_at[:10]
    if isinstance(record, Claim):
        for index, verdict in enumerate(record.verdicts, 1):
            yield f"verdicts.{index}.as_of", verdict.as_of.partition("/")[0]
