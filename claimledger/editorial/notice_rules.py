"""Decides who gets a notice of an act on a claim or an article, or of a deadline that is near.

No one gets a notice of their own act. The rules read acts that are stored already, and the assignments of the moment at
which they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from claimledger.desk_vocabulary import Action, NoticeKind
from claimledger.newsroom.actions import RecordedAction, actions_after
from claimledger.newsroom.article_acts import article_of_key
from claimledger.newsroom.date_rules import is_past
from claimledger.newsroom.notices import NewNotice
from claimledger.newsroom.store import DeskStore
from claimledger.vocabulary import RevisionKind

NEAR = timedelta(hours=2)
"""The time before a deadline with hours at which it is near; a day's deadline is near on that day."""
MOST_ACTS = 2_000
"""The number of acts of which notices are made in one transaction."""
_AUTHORS = """
SELECT DISTINCT author FROM draft WHERE (key = ?1 OR (key >= ?1 || '@' AND key < ?1 || 'A')) AND draft_id <= ?2
  AND draft_id > (SELECT coalesce(max(draft_id), 0) FROM publication WHERE key = ?1 AND draft_id < ?2)
"""
_EARLIER_PEOPLE = """
SELECT author.value FROM publication AS p, json_each(p.body, '$.authors') AS author
  WHERE p.key = ?1 AND subject = 'claim'
UNION SELECT body ->> '$.approver' FROM publication WHERE key = ?1 AND subject = 'claim'
"""
_ASSIGNEES = """
SELECT assignee FROM work WHERE article_id = ?1 AND assignee <> '' AND so IN ('assigned', 'returned')
UNION SELECT assignee_said FROM work WHERE article_id = ?1 AND assignee_said <> '' AND said IN ('assigned', 'returned')
"""
_DUE = """
SELECT assignee, article_id, due_on FROM work
  WHERE assignee <> '' AND so IN ('assigned', 'returned') AND due_on BETWEEN ?1 AND ?2
UNION SELECT assignee_said, article_id, due_on FROM work
  WHERE assignee_said <> '' AND said IN ('assigned', 'returned') AND due_on BETWEEN ?1 AND ?2
"""
_Event = tuple[NoticeKind, str, Iterable[str]]
"""A kind of notice, its claim or article, and the people whom it concerns."""


def notices_of_acts(store: DeskStore, after: int) -> tuple[list[NewNotice], int]:
    """Return the notices of the acts after one, and the number of the last act that was read."""
    acts = actions_after(store, after, MOST_ACTS)
    found = [notice for act in acts for notice in _act_notices(store, act)]
    return found, acts[-1].act_id if acts else after


def _act_notices(store: DeskStore, act: RecordedAction) -> Iterator[NewNotice]:
    rule = _RULES.get(act.entry.action)
    for kind, about, names in rule(store, act) if rule else ():
        yield from (NewNotice(name, kind, about, str(act.act_id)) for name in sorted({*names} - {act.entry.actor}))


def _assignment_events(_: DeskStore, act: RecordedAction) -> Iterator[_Event]:
    if assignee := act.entry.detail.get("assignee"):
        yield NoticeKind.ASSIGNED, act.entry.claim_id, [str(assignee)]


def _return_events(store: DeskStore, act: RecordedAction) -> Iterator[_Event]:
    yield NoticeKind.RETURNED, act.entry.claim_id, _authors(store, act)


def _answer_events(store: DeskStore, act: RecordedAction) -> Iterator[_Event]:
    yield NoticeKind.ANSWERED, act.entry.claim_id, _names(store, "SELECT actor FROM act WHERE act_id = ?",
                                                          act.entry.detail["query"])  # fmt: skip


def _publication_events(store: DeskStore, act: RecordedAction) -> Iterator[_Event]:
    kind = store.connection.execute("SELECT kind FROM draft WHERE draft_id = ?", (act.entry.draft_id,)).fetchone()
    if kind and kind[0] in (RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL):
        people = {*_authors(store, act), *_names(store, _EARLIER_PEOPLE, act.entry.claim_id)}
        yield NoticeKind.CORRECTED, act.entry.claim_id, people
    else:
        yield NoticeKind.PUBLISHED, act.entry.claim_id, _authors(store, act)


def _deadline_events(store: DeskStore, act: RecordedAction) -> Iterator[_Event]:
    article_id = article_of_key(act.entry.claim_id)
    yield NoticeKind.DEADLINE, article_id, _names(store, _ASSIGNEES, article_id)


def _authors(store: DeskStore, act: RecordedAction) -> list[str]:
    """Return the authors of the drafts that an act is about."""
    return _names(store, _AUTHORS, act.entry.claim_id, act.entry.draft_id or 0)


def _names(store: DeskStore, sql: str, *values: object) -> list[str]:
    return [name for (name,) in store.connection.execute(sql, values)]


_RULES: Mapping[Action, Callable[[DeskStore, RecordedAction], Iterator[_Event]]] = {
    Action.ASSIGN: _assignment_events,
    Action.RETURN: _return_events,
    Action.ANSWER: _answer_events,
    Action.LIST: _publication_events,
    Action.PUBLISH: _publication_events,
    Action.SET_DEADLINE: _deadline_events,
}


def notices_of_deadlines(store: DeskStore, local: datetime) -> list[NewNotice]:
    """Return a notice for each person and article whose deadline is near; `local` is the newsroom's time.

    The task list must be up to date.
    """
    now, until = (one.isoformat(timespec="minutes") for one in (local, local + NEAR))
    rows = store.connection.execute(_DUE, (now[:10], until))
    return [
        NewNotice(name, NoticeKind.DUE, article_id, due_on)
        for name, article_id, due_on in rows
        if not is_past(due_on, now)
    ]
