"""What a table of `ledger.db` is, and the SQL text made from it.

A table is a NamedTuple of its rows; each field is annotated with its meaning in English and Korean and, where it holds
another table's key, with that table. In: such a NamedTuple, its key and how it is shown. Out: columns, and the
statements that make and fill the table. The invariant: no name reaches SQL text from anywhere else.
It knows no single table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, get_args, get_type_hints

from claimledger.publishing.cells import Number

_SQL_TYPES: Mapping[object, tuple[str, bool]] = {
    str: ("TEXT", True),
    str | None: ("TEXT", False),
    int: ("INTEGER", True),
    int | None: ("INTEGER", False),
    Number: ("ANY", False),
}
"""Type of a field to type of its column, and whether it is always filled."""


class Meaning(NamedTuple):
    """What a column or a table holds, in both languages."""

    english: str
    korean: str
    names: str = ""
    """The key the column holds, as `table.column`; nothing if it holds no key."""

    def __str__(self) -> str:
        """Return both languages on one line.

        >>> print(Meaning("The claim.", "주장."))
        The claim. · 주장.
        """
        return f"{self.english} · {self.korean}"


class Column(NamedTuple):
    """A column of a table."""

    name: str
    sql_type: str
    is_required: bool
    meaning: Meaning
    kind: object
    """The type its cells have, as the row's field is annotated."""


@dataclass(frozen=True)
class Table:
    """A table: its rows, its key, and how it is shown."""

    name: str
    row: type[tuple[Any, ...]]
    """A NamedTuple; its docstring says what a row is, in English and below that in Korean."""
    key: tuple[str, ...]
    facets: tuple[str, ...] = ()
    """Columns whose values are counted beside the table unless a reader asks for others; indexed."""
    filters: tuple[str, ...] = ()
    """Facets of which most rows may have one value: under such a filter too, facets and order come from an index."""
    indexes: tuple[tuple[str, ...], ...] = ()
    """Further indexes, for queries and sorting; columns that hold another table's key are indexed anyway."""
    label: str = ""
    """Column shown in place of the key wherever another table holds it; the key itself if empty."""
    sort_desc: str = ""
    """Column the table is sorted by, downward; in the order of its key if empty."""
    rows_shown: int = 0
    """How many rows a page of it shows; as many as Datasette is set to if 0. For rows that may each be long."""
    has_row_numbers: bool = False
    """Whether rows have numbers beside their key, in the order of the key; the full-text index speaks of those."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        hints = get_type_hints(self.row, include_extras=True)
        return tuple(_column(name, *get_args(hint)) for name, hint in hints.items())

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def meaning(self) -> Meaning:
        """What a row is."""
        english, korean = str(self.row.__doc__).split("\n\n")
        return Meaning(english.strip(), korean.strip())

    @property
    def create_sql(self) -> str:
        """The statement that makes the table."""
        parts = ",\n  ".join([*map(_column_sql, self.columns), f"PRIMARY KEY ({quoted(self.key)})"])
        key_types = [column.sql_type for column in self.columns if column.name in self.key]
        has_rowid = self.has_row_numbers or key_types == ["INTEGER"]
        return f'CREATE TABLE "{self.name}" (\n  {parts}\n) STRICT{"" if has_rowid else ", WITHOUT ROWID"}'

    @property
    def index_sql(self) -> tuple[str, ...]:
        """The statements that make the indexes."""
        names = [(column.name,) for column in self.columns if column.meaning.names]
        facets = [(facet,) for facet in self.facets if facet not in self.filters]
        beside = [*self.facets, *filter(None, [self.sort_desc])]
        filtered = [(one, other) for one in self.filters for other in beside if other != one]
        wanted = dict.fromkeys([*names, *facets, *filtered, *self.indexes])
        useful = [columns for columns in wanted if columns != self.key[: len(columns)]]
        return tuple(
            f'CREATE INDEX "{self.name}_by_{"_and_".join(columns)}" ON "{self.name}" ({quoted(columns)})'
            for columns in useful
        )

    @property
    def insert_sql(self) -> str:
        """The statement that adds a row."""
        places = ", ".join("?" * len(self.header))
        return f'INSERT INTO "{self.name}" ({quoted(self.header)}) VALUES ({places})'  # noqa: S608  names of the field table

    @property
    def select_sql(self) -> str:
        """The statement that reads all rows in the order of their key."""
        return f'SELECT {quoted(self.header)} FROM "{self.name}" ORDER BY {quoted(self.key)}'  # noqa: S608  names of the field table


def quoted(names: Iterable[str]) -> str:
    """Return names as a list of SQL identifiers.

    >>> quoted(("start", "end"))
    '"start", "end"'
    """
    return ", ".join(f'"{name}"' for name in names)


def _column(name: str, kind: object, meaning: Meaning) -> Column:
    return Column(name, *_SQL_TYPES[kind], meaning, kind)


def _column_sql(column: Column) -> str:
    table, _, key = column.meaning.names.partition(".")
    reference = f' REFERENCES "{table}" ("{key}")' if table else ""
    return f'"{column.name}" {column.sql_type}{" NOT NULL" if column.is_required else ""}{reference}'
