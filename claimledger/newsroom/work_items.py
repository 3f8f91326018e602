"""The task queue of the desk as a table to filter and count: one row per claim, from the log, drafts and actions.

The table is derived. Before it is read, the rows of all claims changed since the last time are made again by a function
that the caller passes in. This module knows the columns, not the workflow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import normalize

import msgspec

from claimledger.newsroom.rechecks import Dependency
from claimledger.newsroom.store import DeskStore
from claimledger.desk_vocabulary import RecheckReason

WORK_ITEMS_PER_PAGE = 50
"""The number of rows on one page."""
MAX_SEARCH_WORDS = 8
"""The largest number of search words that are used."""


class RecheckDue(NamedTuple):
    """The reason to recheck a claim of the queue; all fields are empty if there is none."""

    reason: str
    """A value of `RecheckReason`."""
    of: str
    """The date or the record that is the cause."""
    outcome: str = ""
    """A value of `RecheckOutcome`, if a document was fetched again."""


class WorkItem(NamedTuple):
    """A claim in the queue; missing values are empty."""

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
    """The first cause to recheck it among the records it is based on, as `reason:name:outcome`."""
    draft_id: int
    """The newest open draft."""
    writers: str
    """The authors of the open draft, a JSON list."""
    authors: str
    """The people who may not approve it, a JSON list: its authors, and those of material changes since its first
    publication.
    """
    changed_at: str
    folded: str = ""
    """The searchable text: statements, speaker and names, as `normalize_search_text` returns them."""

    @property
    def checkers(self) -> tuple[str, ...]:
        """The people who check either question about it."""
        return tuple(dict.fromkeys(name for name in (self.assignee, self.assignee_said) if name))

    def reason_to_recheck(self, on: str) -> RecheckDue:
        """Return the reason to recheck it on a date; changes in its basis come before its own recheck date."""
        if self.recheck_why:
            return RecheckDue(*self.recheck_why.split(":"))
        is_due = bool(self.recheck_after) and self.recheck_after < on
        return RecheckDue(RecheckReason.DUE.value, self.recheck_after) if is_due else RecheckDue("", "")


class NewWorkItem(NamedTuple):
    """A new queue row, with the records that its claim is based on."""

    row: WorkItem
    dependencies: Sequence[Dependency] = ()


FILTER_COLUMNS = ("article_id", "speaker", "record", "waiting", "so", "said", "assignee", "priority")
"""The columns that can be filtered by value; an assignee may check either question."""
_ORDER = (
    "CASE priority WHEN 'urgent' THEN 0 WHEN 'later' THEN 2 ELSE 1 END, due_on = '', due_on, changed_at DESC, claim_id"
)
"""The sort order; the text equals that of the index `work_urgency`."""
_COUNTABLE = ("record", "so", "article_id", "speaker", "assignee", "assignee_said", "priority")
"""The columns to count by, in the order of the index `work_counts`, which contains all columns that filters use."""
_KEPT = ("article_id", "speaker", "assignee", "priority")
"""The columns whose counts are kept in `work_count`, by record and by the stage of the fact check."""
MAX_WALKED = 2_000
"""The number of claims of a selection among which the claims before and after another are found."""
_MAX_SORTED = 2_000
"""Up to this many rows, sorting is faster than walking the index."""


class WorkFilter(NamedTuple):
    """A filter of the queue."""

    values: Mapping[str, str] = {}
    """The required value of each column of `FILTER_COLUMNS`."""
    has_findings: bool = False
    """True to select only claims with a finding that is neither fixed nor waived."""
    has_queries: bool = False
    """True to select only claims with a question that the writer has not answered."""
    is_waiting: bool = False
    """True to select only claims with a version that waits for a second person."""
    recheck_before: str = ""
    """A date: select only claims to recheck, because of an earlier recheck date or a change in their basis."""
    not_author: str = ""
    """A person's name: leave out claims that this person may not approve."""
    mine: str = ""
    """A person's name: select only claims that this person has yet to check, or wrote and got back."""
    words: str = ""
    """Search words: select only claims whose statements, speaker or names contain each of them, also inside a word.
    Only the first `MAX_SEARCH_WORDS` words count.
    """
    also: str = ""
    """Claims that a search for the words has found by other means, a JSON list of their IDs."""
    claim_ids: str = ""
    """Claim IDs to select, a JSON list."""


def article_documents(store: DeskStore, article_id: str) -> list[str]:
    """Return the documents that public claims of an article are based on, according to the rows."""
    rows = store.connection.execute(
        "SELECT DISTINCT key FROM work JOIN rests_on USING (claim_id) WHERE article_id = ? AND subject = 'document' "
        "ORDER BY key",
        (article_id,),
    )
    return [document_id for (document_id,) in rows]


def claims_based_on_document(store: DeskStore, document_id: str | None = None) -> list[str]:
    """Return the public claims based on a document, or on any document, as of the last `update_work_items`."""
    rows = store.connection.execute(
        "SELECT DISTINCT claim_id FROM rests_on WHERE subject = 'document' AND (?1 IS NULL OR key = ?1) "
        "ORDER BY claim_id",
        (document_id,),
    )
    return [claim_id for (claim_id,) in rows]


def normalize_search_text(*texts: str) -> str:
    r"""Return texts in the form used for search: Unicode NFKC and casefolded, joined by line ends.

    >>> normalize_search_text("Émile", "１３０억달러")
    'émile\n130억달러'
    """
    return normalize("NFKC", "\n".join(texts)).casefold()


def resolve_search(store: DeskStore, queue: WorkFilter) -> WorkFilter:
    """Return a filter by claim IDs instead of search words, if few claims match.

    This reads the searchable text of every claim once. If many claims match, the filter is returned unchanged.
    """
    if not queue.words.split():
        return queue
    matching = None if queue.claim_ids else _few_claims(store, WorkFilter(words=queue.words))
    if matching is not None:
        matching += msgspec.json.decode(queue.also, type=list[str]) if queue.also else []
        found = _few_claims(store, queue._replace(words="", also="", claim_ids=_encode_ids(matching)))
    else:
        found = _few_claims(store, queue)
    return queue if found is None else WorkFilter(claim_ids=_encode_ids(found))


def _encode_ids(claim_ids: list[str]) -> str:
    return msgspec.json.encode(claim_ids).decode()


def _few_claims(store: DeskStore, queue: WorkFilter) -> list[str] | None:
    """Return the claims that a filter selects; None if they are more than `_MAX_SORTED`."""
    where, values = _where_clause(queue)
    sql = f"SELECT claim_id FROM work WHERE {where} LIMIT {_MAX_SORTED + 1}"  # noqa: S608  constants of this module
    claim_ids = [claim_id for (claim_id,) in store.connection.execute(sql, values)]
    return claim_ids if len(claim_ids) <= _MAX_SORTED else None


def read_work_items(store: DeskStore, queue: WorkFilter, page: int = 1) -> list[WorkItem]:
    """Return one page of the selected rows, from page 1: urgent and soon due first."""
    where, values = _where_clause(queue)
    source = "work" if count_work_items(store, queue) <= _MAX_SORTED else "work INDEXED BY work_urgency"
    sql = f"SELECT * FROM {source} WHERE {where} ORDER BY {_order(source)} LIMIT ? OFFSET ?"  # noqa: S608  constants of this module
    return [
        WorkItem(*row)
        for row in store.connection.execute(sql, (*values, WORK_ITEMS_PER_PAGE, WORK_ITEMS_PER_PAGE * (page - 1)))
    ]


class QueuePosition(NamedTuple):
    """The position of a claim in a selection of the queue."""

    rank: int
    """Its number, from 1; 0 if the claim is not among the first `MAX_WALKED` of the selection."""
    total: int
    """The number of claims in the selection."""
    previous: str
    """The claim before it, or an empty string."""
    following: str
    """The claim after it, or else the first one; an empty string if there is no other."""


def find_position(store: DeskStore, queue: WorkFilter, claim_id: str) -> QueuePosition:
    """Return the position of a claim in a selection, and the claims beside it; the first claim for an empty ID."""
    where, values = _where_clause(queue)
    count = count_work_items(store, queue)
    source = "work" if count <= _MAX_SORTED else "work INDEXED BY work_urgency"
    sql = f"SELECT claim_id FROM {source} WHERE {where} ORDER BY {_order(source)} LIMIT {MAX_WALKED}"  # noqa: S608  constants of this module
    names = [name for (name,) in store.connection.execute(sql, values)]
    if claim_id not in names:
        return QueuePosition(0, count, "", names[0] if names else "")
    place = names.index(claim_id)
    others = [*names[place + 1 :], *names[:place]]
    return QueuePosition(place + 1, count, names[place - 1] if place else "", others[0] if others else "")


def _order(source: str) -> str:
    """Return the sort order of a query; a constant first term keeps SQLite from sorting a few rows by index."""
    return f"'', {_ORDER}" if source == "work" else _ORDER


def count_work_items(store: DeskStore, queue: WorkFilter) -> int:
    """Return how many claims a filter selects."""
    kept = _kept_counts(queue)
    where, values = kept or _where_clause(queue, "+")
    counted = "coalesce(sum(claims), 0) FROM work_count" if kept else "count(*) FROM work"
    number: int = store.connection.execute(f"SELECT {counted} WHERE {where}", values).fetchone()[0]
    return number


def count_by_column(
    store: DeskStore, queue: WorkFilter, columns: Sequence[str], most: int = 30
) -> dict[str, list[tuple[str, int]]]:
    """Return the values of each column with their numbers of claims, the most common first, for a filter."""
    if unknown := [column for column in columns if column not in _COUNTABLE]:
        raise ValueError(f"'{unknown[0]}' is not a column that can be counted")
    if not _other_columns(queue) and {*columns} <= {*_KEPT, "record", "so"}:
        kept = {column: _kept_counts(queue, column if column in _KEPT else "priority") for column in columns}
        if all(kept.values()):
            return {column: _kept_values(store, counts, column, most) for column, counts in kept.items() if counts}
    groups = _groups(store, queue)
    found = {column: _counter(column, _COUNTABLE, groups) for column in columns}
    return {column: sorted(found[column].items(), key=_most_common_first)[:most] for column in columns}


def _other_columns(queue: WorkFilter) -> list[str]:
    """Return the columns of a filter besides those by which all counts are kept."""
    return [name for name, value in queue.values.items() if value and name not in ("record", "so")]


def _kept_counts(queue: WorkFilter, column: str = "") -> tuple[str, tuple[str, ...]] | None:
    """Return a filter as SQL on `work_count`, or None if it needs more than the counts of one column."""
    others = _other_columns(queue)
    if any(is_used for is_used, _ in _other_terms(queue)) or len(others) > 1 or not {*others} <= {*_KEPT}:
        return None
    terms = [_Term('"column" = ?', (column or next(iter(others), "priority"),))]
    for name, value in queue.values.items():
        if value:
            terms.append(_Term("value = ?" if name in others else f"{name} = ?", (value,)))
    return " AND ".join(term.sql for term in terms), tuple(value for term in terms for value in term.values)


def _kept_values(
    store: DeskStore, counts: tuple[str, tuple[str, ...]], column: str, most: int
) -> list[tuple[str, int]]:
    """Return the values of a column with their kept counts, the most common first; `counts` are from `_kept_counts`."""
    where, values = counts
    value = "value" if column in _KEPT else column
    sql = f"SELECT {value}, sum(claims) FROM work_count WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most:d}"  # noqa: S608  constants of this module
    return store.connection.execute(sql, values).fetchall()


def _groups(store: DeskStore, queue: WorkFilter) -> list[tuple[Any, ...]]:
    """Return the distinct combinations of the columns to count by, each with its number of claims."""
    is_small = _kept_counts(queue) is not None and count_work_items(store, queue) <= _MAX_SORTED
    where, values = _where_clause(queue, "" if is_small else "+")
    named = ", ".join(_COUNTABLE)
    sql = f"SELECT {named}, count(*) FROM work WHERE {where} GROUP BY {named}"  # noqa: S608  constants of this module
    return store.connection.execute(sql, values).fetchall()


def _counter(column: str, columns: Sequence[str], groups: Iterable[tuple[Any, ...]]) -> Counter[str]:
    """Return the number of claims of each value; an assignee may check either question, and "" is no assignee."""
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


def _most_common_first(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


class _Term(NamedTuple):
    """An SQL condition and the values of its parameters."""

    sql: str
    values: Sequence[str] = ()


def _where_clause(queue: WorkFilter, sign: str = "") -> tuple[str, tuple[str, ...]]:
    """Return a filter as SQL; with the sign "+", SQLite looks up none of its columns in an index.

    For counts, one pass over the index that contains every column is faster than fetching many rows.
    """
    terms = [_value_term(name, value, sign) for name, value in queue.values.items() if name in FILTER_COLUMNS and value]
    terms += [term for is_used, term in _other_terms(queue) if is_used]
    return " AND ".join(term.sql for term in terms) or "1", tuple(value for term in terms for value in term.values)


def _value_term(name: str, value: str, sign: str) -> _Term:
    if name == "assignee":
        return _Term(f"({sign}assignee = ? OR {sign}assignee_said = ?)", (value, value))
    return _Term(f"{sign}{name} = ?", (value,))


def _other_terms(queue: WorkFilter) -> Iterator[tuple[bool, _Term]]:
    """Yield each condition that is not on a column's value, and whether the filter uses it."""
    name, day = queue.mine, queue.recheck_before
    yield queue.has_findings, _Term("findings > 0")
    yield queue.has_queries, _Term("claim_id IN (SELECT claim_id FROM work INDEXED BY work_queries WHERE queries > 0)")
    yield queue.is_waiting, _Term("waiting <> '' AND waiting IN ('proposed', 'approved')")
    yield bool(queue.not_author), _Term("NOT " + _IN_JSON_LIST.format("authors"), (queue.not_author,))
    yield bool(name), _Term(f"claim_id IN ({_MINE})", (name, name, name))
    yield bool(day), _Term(f"claim_id IN ({_RECHECK_DUE}) AND +record = 'listed'", (day,))
    yield bool(queue.claim_ids), _Term(f"claim_id IN ({_IDS_IN_JSON})", (queue.claim_ids,))
    if words := normalize_search_text(queue.words).split()[:MAX_SEARCH_WORDS]:
        patterns = [_glob_pattern(word) for word in words]
        contained = " AND ".join(["folded GLOB ?"] * len(words))
        found = f"claim_id IN ({_IDS_IN_JSON})"
        sql = f"({contained} OR {found})" if queue.also else f"({contained})"
        yield True, _Term(sql, (*patterns, queue.also) if queue.also else tuple(patterns))


def _glob_pattern(word: str) -> str:
    """Return the pattern of `GLOB`, which is faster than `instr`, for texts that contain a word."""
    literal = re.sub(r"[*?[]", r"[\g<0>]", word)
    return f"*{literal}*"


_IDS_IN_JSON = "SELECT value FROM json_each(?)"
_IN_JSON_LIST = "EXISTS (SELECT 1 FROM json_each({}) WHERE value = ?)"
_MINE = (
    "SELECT claim_id FROM work WHERE assignee <> '' AND assignee = ? AND so IN ('assigned', 'returned') "  # noqa: S608  constants of this module
    "UNION SELECT claim_id FROM work WHERE assignee_said <> '' AND assignee_said = ? "
    "AND said IN ('assigned', 'returned') UNION SELECT claim_id FROM work "
    f"WHERE waiting <> '' AND waiting = 'returned' AND {_IN_JSON_LIST.format('writers')}"
)
_RECHECK_DUE = (
    "SELECT claim_id FROM work WHERE recheck_after <> '' AND recheck_after < ? "
    "UNION SELECT claim_id FROM work WHERE recheck_why <> ''"
)
"""The claims of one person and those due, as separate queries: SQLite uses no index for a combined condition."""
