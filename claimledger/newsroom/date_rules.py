"""Checks of dates: verdicts and documents may not be dated in the future, and deadlines not in the past.

A date is in the future if it has not begun in the easternmost time zone (UTC+14), so that no one's current date is
refused. A deadline is compared with the newsroom's own date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

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


def past_deadline_problems(due_on: str | None, today: date) -> list[Problem]:
    """Return a problem if a print deadline (ISO 8601 date) has passed; None is no deadline.

    >>> past_deadline_problems("2031-04-02", date(2031, 4, 3))[0].code
    'deadline-past'
    """
    if due_on is None or due_on >= today.isoformat():
        return []
    return [Problem("deadline-past", field="due_on", day=due_on)]


def _days(draft: Draft) -> Iterator[tuple[str, str]]:
    record = draft.record
    if isinstance(record, Document) and record.obtained_at:
        yield "obtained_at", record.obtained_at[:10]
    if isinstance(record, Claim):
        for index, verdict in enumerate(record.verdicts, 1):
            yield f"verdicts.{index}.as_of", verdict.as_of.partition("/")[0]
