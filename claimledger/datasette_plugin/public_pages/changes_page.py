"""The page of what changed since a day, and the same changes as a feed and as CSV.

The arguments `since` (a UTC day), `kind` (repeated), `article`, `claim`, `speaker` and `before` are optional. Without
`since` the page shows the thirty days before the newest revision, so that it depends on the ledger only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from claimledger.datasette_plugin.public_pages.visit import (
    LARGEST_NUMBER, LONGEST_SHOWN, ArgumentRefused, Visit,
)  # fmt: skip
from claimledger.publishing.change_files import filter_query
from claimledger.publishing.pages.changes import (
    DEFAULT_GROUPS, GROUPS, NOTHING_FOUND, ChangeCounts, ChangeFilter, PublicChange, count_changes, list_changes,
    newest_day,
)  # fmt: skip
from claimledger.publishing.pages.claim_page import titles_in_changes
from claimledger.publishing.pages.lists import article_headlines
from claimledger.vocabulary import Question

if TYPE_CHECKING:
    from datasette import Response

PAGE_SIZE = 100
"""The number of revisions on one page."""
DAYS_BEFORE = (0, 7, 30)
"""The offered first days, in days before the newest revision; the last one is the default."""
_LAST_GROUPS = ("update", "listed", "document", "earlier_check")
SHOWN_GROUPS = (*(name for name in GROUPS if name not in _LAST_GROUPS), NOTHING_FOUND, *_LAST_GROUPS)
"""The groups in the order of a day."""


class DayGroup(NamedTuple):
    """The changes of one kind on one day."""

    name: str
    changes: Sequence[PublicChange]

    @property
    def by_article(self) -> Mapping[str | None, Sequence[PublicChange]]:
        """The changes by the article of their claims."""
        found: dict[str | None, list[PublicChange]] = {}
        for one in self.changes:
            found.setdefault(one.article_id, []).append(one)
        return found


async def changes(visit: Visit) -> Response:
    """Show what changed since a day, by day and kind."""
    newest = await visit.read(newest_day)
    asked, before = await read_filter(visit), visit.number("before", LARGEST_NUMBER)
    found: list[PublicChange] = []
    counts = ChangeCounts(0, 0, 0, 0, 0, 0)
    if newest:
        found = await visit.read_in_time(list_changes, asked, count=PAGE_SIZE + 1, before=before)
        counts = await visit.read_in_time(count_changes, asked.since)
    shown = found[:PAGE_SIZE]
    titles = await visit.read(titles_in_changes, [change for one in shown for change in one.fields])
    return await visit.page_in_thread(
        "changes.html", asked=asked, counts=counts, days=list(_group_by_day(shown)), before=before, titles=titles,
        older=shown[-1].number if len(found) > PAGE_SIZE else None, offered=_offered_days(newest),
        groups=tuple(GROUPS), query=filter_query(asked, visit.language),
        headlines=await visit.read(article_headlines, {one.article_id for one in shown if one.article_id}),
    )  # fmt: skip


async def read_filter(visit: Visit) -> ChangeFilter:
    """Return the changes that the arguments ask for.

    Raises:
        ArgumentRefused: the day is not a date, or a kind of change does not exist.
    """
    since = visit.date("since")
    chosen = visit.request.args.getlist("kind")
    unknown = [kind for kind in chosen if kind not in GROUPS]
    if unknown:
        raise ArgumentRefused("refused.kind", unknown[0][:LONGEST_SHOWN])
    return ChangeFilter(
        since=since.isoformat() if since else (_offered_days(await visit.read(newest_day)) or ["1970-01-01"])[-1],
        groups=tuple(group for group in GROUPS if group in chosen) or DEFAULT_GROUPS,
        article=visit.argument("article"), claim=visit.argument("claim"), speaker=visit.argument("speaker"),
    )  # fmt: skip


def _offered_days(newest: str | None) -> list[str]:
    """Return the first days that the page offers, newest first."""
    if not newest:
        return []
    day = datetime.date.fromisoformat(newest)
    return [(day - datetime.timedelta(days=days)).isoformat() for days in DAYS_BEFORE]


def _group_by_day(found: Sequence[PublicChange]) -> Iterator[tuple[str, Sequence[DayGroup]]]:
    """Yield each day with its groups, the newest day first."""
    for day, of_day in groupby(found, lambda one: one.day):
        listed = list(of_day)
        groups = (
            DayGroup(name, sorted((one for one in listed if one.group == name), key=_rank)) for name in SHOWN_GROUPS
        )
        yield day, [group for group in groups if group.changes]


_ANSWERS_FIRST = ("refuted", "conflicting_evidence", "supported")
"""The answers on the fact check that are listed first among the verdicts of a day."""


def _rank(one: PublicChange) -> int:
    """Return the place of a change among those of its kind on a day; equal ones stay in their order."""
    answers = [str(answer.after) for answer in one.answers if answer.question is Question.SO]
    return next((place for place, value in enumerate(_ANSWERS_FIRST) if value in answers), len(_ANSWERS_FIRST))
