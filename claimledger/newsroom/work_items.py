"""The work on the desk as a table to filter and count: a row a claim, derived from the log, the drafts and the acts.

In: an open store, and a function that makes a claim's row. Out: rows by filter, and counts. The invariant: a row says
what the log, drafts and acts say; before it is read, the rows of all claims touched since the last time are made anew.
It knows the columns, not the workflow.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import normalize

import msgspec

from claimledger.newsroom.rechecks import Rests
from claimledger.newsroom.store import DeskStore
from claimledger.vocabulary import RecheckReason

PAGE = 50
"""Rows of one page."""
MOST_WORDS = 8
"""So many words of a search are looked for."""


class Due(NamedTuple):
    """Why a claim of the queue is to be looked at again; all empty if it is not."""

    reason: str
    """A word of `RecheckReason`."""
    of: str
    """The day or the record that says so."""
    became: str = ""
    """A word of `Refound`, where a document was fetched anew."""


class Work(NamedTuple):
    """A claim in the queue; what there is none of is empty."""

    claim_id: str
    article_id: str
    statement_ko: str
    statement_en: str
    speaker: str
    record: str
    waiting: str
    so: str
    said: str
    assignee: str
    assignee_said: str
    due_on: str
    priority: str
    queries: int
    findings: int
    recheck_after: str
    recheck_why: str
    """The first of what it rests on that fell or changed since, as `reason:name:became`."""
    draft_id: int
    """The newest draft that waits."""
    writers: str
    """Who wrote what waits, a JSON list."""
    authors: str
    """Who may not approve it, a JSON list: its writers, and who wrote a material part since it was listed."""
    changed_at: str
    folded: str = ""
    """What can be searched: statements, speaker and names, as `folded` makes them."""

    @property
    def checkers(self) -> tuple[str, ...]:
        """Who checks it: whether it is so, and whether it was said."""
        return tuple(dict.fromkeys(name for name in (self.assignee, self.assignee_said) if name))

    def reason_to_recheck(self, on: str) -> Due:
        """Return why it is to be looked at again on a day; what it rests on goes before its own day."""
        if self.recheck_why:
            return Due(*self.recheck_why.split(":"))
        is_due = bool(self.recheck_after) and self.recheck_after < on
        return Due(RecheckReason.DUE.value, self.recheck_after) if is_due else Due("", "")


class Made(NamedTuple):
    """A row of work as it is made, with what its claim rests on."""

    row: Work
    rests: Sequence[Rests] = ()


FILTERS = ("article_id", "speaker", "record", "waiting", "so", "said", "assignee", "priority")
"""Columns that can be asked for by value; an assignee is one of either question."""
_ORDER = (
    "CASE priority WHEN 'urgent' THEN 0 WHEN 'later' THEN 2 ELSE 1 END, due_on = '', due_on, changed_at DESC, claim_id"
)
"""The order of the index `work_urgency`, word for word."""
_ALL = ("record", "so", "article_id", "speaker", "assignee", "assignee_said", "priority")
"""Columns that can be counted by, in the order of the index `work_counts`, which has all that can be asked for."""
_BROAD = {
    "work INDEXED BY work_count_checks": ("record", "so", "assignee", "assignee_said", "priority"),
    "work INDEXED BY work_count_articles": ("record", "so", "article_id"),
    "work INDEXED BY work_count_speakers": ("record", "so", "speaker"),
}
"""Narrow indexes and their columns: one pass of each is sooner done than one of `work_counts`, with far more groups."""
_FEW = 2_000
"""So many rows are sorted sooner than found by walking through all in their order."""


class Queue(NamedTuple):
    """What is asked for."""

    values: Mapping[str, str] = {}
    """Column of `FILTERS` to the value it must have."""
    has_findings: bool = False
    """Only claims with a finding that nobody mended or waived."""
    has_queries: bool = False
    """Only claims with a question the writer has not answered."""
    is_waiting: bool = False
    """Only claims of which a version waits for a second person."""
    recheck_before: str = ""
    """Only claims to be looked at again: before this day, or since what they rest on fell or changed."""
    not_author: str = ""
    """No claims that this person may not approve, having written a part."""
    mine: str = ""
    """Only claims that this person checks, or wrote and got back."""
    words: str = ""
    """Only claims whose statements, speaker or names hold each of these words, as a part of a word too; the first
    `MOST_WORDS` of them."""
    claim_ids: str = ""
    """Only these claims, a JSON list."""


_INSERT = f"INSERT INTO work VALUES ({', '.join('?' * len(Work._fields))})"  # noqa: S608  marks alone
_SEEN = "UPDATE work_seen SET draft_id = max(draft_id, ?), number = max(number, ?), act_id = max(act_id, ?)"
_AT_ONCE = 500
"""So many claims' rows are made while nobody else can write."""


def catch_up(store: DeskStore, make_rows: Callable[[Sequence[str]], Iterable[Made]]) -> int:
    """Make the rows of all claims touched since the last time anew, and return how many there were.

    A claim that was discarded before it was public has no row any more. Of very many claims, others may write between
    some and the next; what was seen moves with the last of them alone, to what was there before the first.
    """
    newest, seen = _newest(store), _seen(store)
    if newest == seen:
        return 0
    claim_ids = _touched(store.connection, seen)
    for first in range(0, max(len(claim_ids), 1), _AT_ONCE):
        with store.writing() as connection:
            _remake(connection, claim_ids[first : first + _AT_ONCE], make_rows)
            if first + _AT_ONCE >= len(claim_ids):
                connection.execute(_SEEN, newest)
    return len(claim_ids)


def _remake(
    connection: sqlite3.Connection, claim_ids: Sequence[str], make_rows: Callable[[Sequence[str]], Iterable[Made]]
) -> None:
    connection.executemany("DELETE FROM work WHERE claim_id = ?", ((claim_id,) for claim_id in claim_ids))
    connection.executemany("DELETE FROM rests_on WHERE claim_id = ?", ((claim_id,) for claim_id in claim_ids))
    for made in make_rows(claim_ids):
        connection.execute(_INSERT, made.row)
        rests = ((made.row.claim_id, one.subject.value, one.key) for one in made.rests)
        connection.executemany("INSERT INTO rests_on VALUES (?, ?, ?)", rests)


def _newest(store: DeskStore) -> tuple[int, int, int]:
    row: tuple[int, int, int] = store.connection.execute(
        "SELECT (SELECT coalesce(max(draft_id), 0) FROM draft), (SELECT coalesce(max(number), 0) FROM publication), "
        "(SELECT coalesce(max(act_id), 0) FROM act)"
    ).fetchone()
    return row


def _seen(store: DeskStore) -> tuple[int, int, int]:
    row: tuple[int, int, int] = store.connection.execute("SELECT draft_id, number, act_id FROM work_seen").fetchone()
    return row


def _touched(connection: sqlite3.Connection, seen: tuple[int, int, int]) -> list[str]:
    rows = connection.execute(
        "SELECT key FROM draft WHERE draft_id > ? AND subject IN ('claim', 'appearance') "
        "UNION SELECT key FROM publication WHERE number > ? AND subject IN ('claim', 'appearance') "
        "UNION SELECT claim_id FROM act WHERE act_id > ?",
        seen,
    )
    own = dict.fromkeys(key.partition("@")[0] for (key,) in rows)
    return [*own, *(claim_id for claim_id in _resting(connection, own, seen[1]) if claim_id not in own)]


def _resting(connection: sqlite3.Connection, touched: Iterable[str], number: int) -> list[str]:
    """Return the claims that rest on touched ones, over any number of steps, or on documents published since."""
    rows = connection.execute(
        "WITH RECURSIVE resting(claim_id) AS ("
        "SELECT claim_id FROM rests_on WHERE subject = 'claim' AND key IN (SELECT value FROM json_each(?)) "
        "UNION SELECT claim_id FROM rests_on WHERE subject = 'document' AND key IN "
        "(SELECT key FROM publication WHERE number > ? AND subject = 'document') "
        "UNION SELECT r.claim_id FROM rests_on r JOIN resting ON r.subject = 'claim' AND r.key = resting.claim_id"
        ") SELECT claim_id FROM resting",
        (msgspec.json.encode(list(touched)).decode(), number),
    )
    return [claim_id for (claim_id,) in rows]


def documents_of_article(store: DeskStore, article_id: str) -> list[str]:
    """Return the documents that public claims of an article rest on, as the rows say."""
    rows = store.connection.execute(
        "SELECT DISTINCT key FROM work JOIN rests_on USING (claim_id) WHERE article_id = ? AND subject = 'document' "
        "ORDER BY key",
        (article_id,),
    )
    return [document_id for (document_id,) in rows]


def resting_on_documents(store: DeskStore, document_id: str | None = None) -> list[str]:
    """Return the claims that in public rest on a document, without its name on any, as of the last `catch_up`."""
    rows = store.connection.execute(
        "SELECT DISTINCT claim_id FROM rests_on WHERE subject = 'document' AND (?1 IS NULL OR key = ?1) "
        "ORDER BY claim_id",
        (document_id,),
    )
    return [claim_id for (claim_id,) in rows]


def folded(*texts: str) -> str:
    r"""Return texts as they are searched: Unicode's compatibility forms, without regard to capital letters.

    >>> folded("Émile", "１３０억달러")
    'émile\n130억달러'
    """
    return normalize("NFKC", "\n".join(texts)).casefold()


def found(store: DeskStore, asked: Queue) -> Queue:
    """Return what is asked for as the claims it comes to, if words are searched and these are few.

    Every row is read for that, once; where many hold the words, each question reads them itself.
    """
    if not asked.words.split():
        return asked
    where, values = _where(asked)
    sql = f"SELECT claim_id FROM work WHERE {where} LIMIT {_FEW + 1}"  # noqa: S608  words of this module
    claim_ids = [claim_id for (claim_id,) in store.connection.execute(sql, values)]
    return Queue(claim_ids=msgspec.json.encode(claim_ids).decode()) if len(claim_ids) <= _FEW else asked


def rows(store: DeskStore, asked: Queue, page: int = 1) -> list[Work]:
    """Return a page, from 1, of what is asked for: urgent and soon due first."""
    where, values = _where(asked)
    source = "work" if count(store, asked) <= _FEW else "work INDEXED BY work_urgency"
    order = f"'', {_ORDER}" if source == "work" else _ORDER  # another first term, and no index is taken for the order
    sql = f"SELECT * FROM {source} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608  words of this module
    return [Work(*row) for row in store.connection.execute(sql, (*values, PAGE, PAGE * (page - 1)))]


def count(store: DeskStore, asked: Queue) -> int:
    """Return how many claims are asked for."""
    where, values = _where(asked, "+")
    number: int = store.connection.execute(f"SELECT count(*) FROM work WHERE {where}", values).fetchone()[0]  # noqa: S608
    return number


def counts(store: DeskStore, asked: Queue, columns: Sequence[str], most: int = 30) -> dict[str, list[tuple[str, int]]]:
    """Return, for each column, value and number of claims, of what is asked for; the commonest first."""
    if unknown := [column for column in columns if column not in _ALL]:
        raise ValueError(f"'{unknown[0]}' is no column to count by")
    found: dict[str, Counter[str]] = {}
    for source, grouped in (_BROAD if _is_broad(asked) else {"work": _ALL}).items():
        groups = _groups(store, asked, source, grouped)
        found |= {column: _counter(column, grouped, groups) for column in columns if column in grouped}
    return {column: sorted(found[column].items(), key=_commonest)[:most] for column in columns}


def _is_broad(asked: Queue) -> bool:
    """Whether the columns that every narrow index has are all that is asked for."""
    return not any(is_asked for is_asked, _ in _asked_besides(asked)) and {*asked.values} <= {"record", "so"}


def _groups(store: DeskStore, asked: Queue, source: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the values of some columns that go together, each time with the number of claims."""
    where, values = _where(asked, "+")
    named = ", ".join(columns)
    sql = f"SELECT {named}, count(*) FROM {source} WHERE {where} GROUP BY {named}"  # noqa: S608  words of this module
    return store.connection.execute(sql, values).fetchall()


def _counter(column: str, columns: Sequence[str], groups: Iterable[tuple[Any, ...]]) -> Counter[str]:
    """Return value to number of claims; an assignee is one of either question, and nobody that of neither."""
    counter = Counter[str]()
    if column != "assignee":
        place = columns.index(column)
        for group in groups:
            counter[group[place]] += group[-1]
        return counter
    so, said = columns.index("assignee"), columns.index("assignee_said")
    for group in groups:
        for name in {group[so], group[said]} - {""} or {""}:
            counter[name] += group[-1]
    return counter


def _commonest(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


class _Term(NamedTuple):
    """A condition, and what stands for its question marks."""

    sql: str
    values: Sequence[str] = ()


def _where(asked: Queue, sign: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the terms of what is asked for; with the sign "+", none of their columns is looked up in an index.

    To count, one pass of the index that holds every column is sooner done than many rows are fetched.
    """
    terms = [_value(name, value, sign) for name, value in asked.values.items() if name in FILTERS and value]
    terms += [term for is_asked, term in _asked_besides(asked) if is_asked]
    return " AND ".join(term.sql for term in terms) or "1", tuple(value for term in terms for value in term.values)


def _value(name: str, value: str, sign: str) -> _Term:
    if name == "assignee":
        return _Term(f"({sign}assignee = ? OR {sign}assignee_said = ?)", (value, value))
    return _Term(f"{sign}{name} = ?", (value,))


def _asked_besides(asked: Queue) -> Iterator[tuple[bool, _Term]]:
    """Yield each term that is no column's value, and whether it is asked for."""
    name, day = asked.mine, asked.recheck_before
    yield asked.has_findings, _Term("findings > 0")
    yield asked.has_queries, _Term("queries > 0")
    yield asked.is_waiting, _Term("waiting <> '' AND waiting IN ('proposed', 'approved')")
    yield bool(asked.not_author), _Term("NOT " + _IS_AMONG.format("authors"), (asked.not_author,))
    yield bool(name), _Term(f"claim_id IN ({_OF_ONE})", (name, name, name))
    yield bool(day), _Term(f"claim_id IN ({_DUE}) AND +record = 'listed'", (day,))
    yield bool(asked.claim_ids), _Term("claim_id IN (SELECT value FROM json_each(?))", (asked.claim_ids,))
    for word in folded(asked.words).split()[:MOST_WORDS]:
        yield True, _Term("instr(folded, ?)", (word,))


_IS_AMONG = "EXISTS (SELECT 1 FROM json_each({}) WHERE value = ?)"
_OF_ONE = (
    "SELECT claim_id FROM work WHERE assignee <> '' AND assignee = ? "  # noqa: S608  words of this module
    "UNION SELECT claim_id FROM work WHERE assignee_said <> '' AND assignee_said = ? UNION SELECT claim_id FROM work "
    f"WHERE waiting <> '' AND waiting = 'returned' AND {_IS_AMONG.format('writers')}"
)
_DUE = (
    "SELECT claim_id FROM work WHERE recheck_after <> '' AND recheck_after < ? "
    "UNION SELECT claim_id FROM work WHERE recheck_why <> ''"
)
"""What one person has to do, and what is due: several questions, for where they are one SQLite asks no index."""
