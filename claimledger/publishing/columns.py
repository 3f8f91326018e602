"""Describe the tables of `ledger.db` and make their SQL.

A table is described by a NamedTuple of its rows. Each field is annotated with its meaning in English and Korean and, if
it refers to another table, with that table's key. SQL text contains no names from anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, get_args, get_type_hints

from claimledger.labels import shared_labels
from claimledger.publishing.cells import Number

_SQL_TYPES: Mapping[object, tuple[str, bool]] = {
    str: ("TEXT", True),
    str | None: ("TEXT", False),
    int: ("INTEGER", True),
    int | None: ("INTEGER", False),
    Number: ("ANY", False),
}
"""The SQL type of each field type, and whether the column is always filled."""


class Meaning(NamedTuple):
    """The meaning of a column, a table or a chart, in both languages."""

    english: str
    korean: str
    names: str = ""
    """The key that the column refers to, as `table.column`; empty if it is not a reference."""

    def __str__(self) -> str:
        """Return both languages on one line.

        >>> print(Meaning("The claim.", "주장."))
        The claim. · 주장.
        """
        return f"{self.english} · {self.korean}"


def label_meaning(key: str, english: str = "", korean: str = "", names: str = "") -> Meaning:
    """Return the meaning of a column from a shared label, with an optional detail in brackets.

    >>> print(label_meaning("field.about_on", "EDTF", "EDTF"))
    Period covered (EDTF). · 대상 시점(EDTF).
    """
    label = shared_labels()[key]
    details = f" ({english})" if english else "", f"({korean})" if korean else ""
    return Meaning(f"{label['en']}{details[0]}.", f"{label['ko']}{details[1]}.", names)


class Column(NamedTuple):
    """A column of a table."""

    name: str
    sql_type: str
    is_required: bool
    meaning: Meaning
    kind: object
    """The type of its cells, as in the annotation of the row's field."""


@dataclass(frozen=True)
class Table:
    """A table: its rows, its key and its presentation in Datasette."""

    name: str
    row: type[tuple[Any, ...]]
    """A NamedTuple; its docstring describes a row, in English and below that in Korean."""
    key: tuple[str, ...]
    facets: tuple[str, ...] = ()
    """The columns that Datasette shows as facets by default; each has an index."""
    array_facets: tuple[str, ...] = ()
    """Columns with JSON arrays, whose values Datasette shows as facets too."""
    filters: tuple[str, ...] = ()
    """Facets for which most rows may have the same value; facets and order have an index under such a filter too."""
    indexes: tuple[tuple[str, ...], ...] = ()
    """More indexes, for queries and sorting. References to other tables always have one."""
    label: str = ""
    """The column that other tables show in place of the key; the key itself if empty."""
    sort_desc: str = ""
    """The column by which the table is sorted, descending; by its key if empty."""
    rows_shown: int = 0
    """The number of rows on a page; the default of Datasette if 0. Lower where rows may be long."""
    search_index: str = ""
    """The contentless full-text index of its rows, whose row numbers are those of the table; none if empty."""
    has_row_numbers: bool = False
    """If true, each row has a row number: the log number of its record's first version. The search refers to it."""

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
        """The description of a row."""
        english, korean = str(self.row.__doc__).split("\n\n")
        return Meaning(english.strip(), korean.strip())

    @property
    def create_sql(self) -> str:
        """The statement that creates the table."""
        parts = ",\n  ".join([*map(_column_sql, self.columns), f"PRIMARY KEY ({sql_identifiers(self.key)})"])
        key_types = [column.sql_type for column in self.columns if column.name in self.key]
        has_rowid = self.has_row_numbers or key_types == ["INTEGER"]
        return f'CREATE TABLE "{self.name}" (\n  {parts}\n) STRICT{"" if has_rowid else ", WITHOUT ROWID"}'

    @property
    def create_search_sql(self) -> str:
        """The statement that creates the full-text index."""
        return (
            f"CREATE VIRTUAL TABLE {self.search_index} "
            "USING fts5(grams, content='', tokenize='unicode61 remove_diacritics 0')"
        )

    @property
    def index_sql(self) -> tuple[str, ...]:
        """The statements that create the indexes."""
        names = [(column.name,) for column in self.columns if column.meaning.names]
        facets = [(facet,) for facet in self.facets if facet not in self.filters]
        beside = [*self.facets, *filter(None, [self.sort_desc])]
        filtered = [(one, other) for one in self.filters for other in beside if other != one]
        wanted = dict.fromkeys([*names, *facets, *filtered, *self.indexes])
        useful = [columns for columns in wanted if columns != self.key[: len(columns)]]
        return tuple(
            f'CREATE INDEX "{self.name}_by_{"_and_".join(columns)}" ON "{self.name}" ({sql_identifiers(columns)})'
            for columns in useful
        )

    @cached_property
    def stored(self) -> tuple[str, ...]:
        """The columns that are stored: the row number, if rows have one, and those of the header."""
        return ("rowid", *self.header) if self.has_row_numbers else self.header

    @cached_property
    def insert_sql(self) -> str:
        """The statement that adds a row of the stored columns."""
        marks = ", ".join("?" * len(self.stored))
        return f'INSERT INTO "{self.name}" ({sql_identifiers(self.stored)}) VALUES ({marks})'  # noqa: S608  names of the field table

    @property
    def select_sql(self) -> str:
        """The statement that reads all rows in the order of their key."""
        return f'SELECT {sql_identifiers(self.header)} FROM "{self.name}" ORDER BY {sql_identifiers(self.key)}'  # noqa: S608  names of the field table


def sql_identifiers(names: Iterable[str]) -> str:
    """Return names as a list of SQL identifiers.

    >>> sql_identifiers(("start", "end"))
    '"start", "end"'
    """
    return ", ".join(f'"{name}"' for name in names)


def _column(name: str, kind: object, meaning: Meaning) -> Column:
    return Column(name, *_SQL_TYPES[kind], meaning, kind)


def _column_sql(column: Column) -> str:
    table, _, key = column.meaning.names.partition(".")
    reference = f' REFERENCES "{table}" ("{key}")' if table else ""
    return f'"{column.name}" {column.sql_type}{" NOT NULL" if column.is_required else ""}{reference}'
