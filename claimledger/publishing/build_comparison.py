"""Compare a published database with a fresh build: every schema object, every row and every search token.

The connection is to the fresh build; the database to check is attached as `given`. Two databases without a reported
problem show readers the same, even if different SQLite versions built them. Nothing is repaired. The tables are known
only through the field table (`tables`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from claimledger.errors import Problem
from claimledger.publishing.columns import Table
from claimledger.publishing.tables import BOOKKEEPING, CLAIMS, SEARCHED_TABLES, TABLES

_LONGEST_SHOWN = 80
"""The longest value, in characters, that a message shows in full."""


def compare_databases(connection: sqlite3.Connection, given: str, file: str) -> list[Problem]:
    """Return every difference. `given` is the URI of the database to check; `file` is its name in messages."""
    problems: list[Problem] = []
    try:
        connection.execute("ATTACH ? AS given", (given,))
        problems += (problem.relocate(file=file) for problem in _differences(connection))
    except sqlite3.DatabaseError as error:
        problems.append(Problem("unreadable-projection", file=file, reason=str(error)))
    return problems


def _differences(connection: sqlite3.Connection) -> Iterator[Problem]:
    yield from _damages(connection)
    yield from _schema_differences(connection)
    for table in (*TABLES, *BOOKKEEPING):
        if _columns(connection, table.name) >= set(table.header):
            yield from _row_differences(connection, table)
    for table in SEARCHED_TABLES:
        if _columns(connection, table.search_index):
            yield from _search_differences(connection, table)


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?, 'given')", (table,))}


def _damages(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (finding,) in connection.execute("PRAGMA given.integrity_check"):
        if finding != "ok":
            yield Problem("damaged-projection", reason=finding)


def _schema_differences(connection: sqlite3.Connection) -> Iterator[Problem]:
    made, given = _schema(connection, "main"), _schema(connection, "given")
    for sort, name in dict.fromkeys([*made, *given]):
        if (sort, name) not in given:
            yield Problem("altered-schema/built-missing", field=name, sort=sort, name=name)
        elif (sort, name) not in made:
            yield Problem("altered-schema/built-foreign", field=name, sort=sort, name=name)
        elif made[sort, name] != given[sort, name]:
            yield Problem("altered-schema/built-changed", field=name, sort=sort, name=name)


def _schema(connection: sqlite3.Connection, database: str) -> dict[tuple[str, str], str | None]:
    rows = connection.execute(f"SELECT type, name, sql FROM {database}.sqlite_schema")  # noqa: S608  main or given
    return {(sort, name): sql for sort, name, sql in rows}


def _row_differences(connection: sqlite3.Connection, table: Table) -> Iterator[Problem]:
    names = (*table.header, "rowid") if table.has_row_numbers else table.header
    for row in connection.execute(_altered_sql(table, names)):
        made, given = row[: len(names)], row[len(names) :]
        row_key = _key(table, made)
        if not any(value is not None for value in given):
            yield Problem("altered-projection/missing", field=table.name, table=table.name, row=row_key)
            continue
        for name, says, said in zip(names, made, given, strict=True):
            if (type(says), says) != (type(said), said):
                yield Problem(
                    "altered-projection", field=f"{table.name}.{name}", table=table.name, row=row_key, column=name,
                    found=_shorten_value(said), logged=_shorten_value(says),
                )  # fmt: skip
    for row in connection.execute(_unknown_sql(table)):
        yield Problem("altered-projection/foreign", field=table.name, table=table.name, row=_key(table, row))


def _altered_sql(table: Table, names: Sequence[str]) -> str:
    """Return SQL for each fresh row joined with its counterpart, if a column differs or there is no counterpart."""
    exact = {column.name for column in table.columns if column.sql_type == "ANY"}
    differs = " OR ".join(_differs_sql(name, "quote" if name in exact else "") for name in names)
    columns = ", ".join(f'{side}."{name}"' for side in ("made", "checked") for name in names)
    tables = f'main."{table.name}" AS made LEFT JOIN given."{table.name}" AS checked ON {_same_key(table)}'
    return f"SELECT {columns} FROM {tables} WHERE {differs}"  # noqa: S608  names of the field table


def _differs_sql(column: str, form: str) -> str:
    """Return the SQL condition that a column differs. With `form` "quote", 1 and 1.0 differ too."""
    return f'{form}(made."{column}") IS NOT {form}(checked."{column}")'


def _unknown_sql(table: Table) -> str:
    """Return SQL for the rows of `given` whose key is not in the fresh build."""
    columns = ", ".join(f'checked."{name}"' for name in table.header)
    tables = f'given."{table.name}" AS checked LEFT JOIN main."{table.name}" AS made ON {_same_key(table)}'
    return f'SELECT {columns} FROM {tables} WHERE made."{table.key[0]}" IS NULL'  # noqa: S608  names of the field table


def _same_key(table: Table) -> str:
    return " AND ".join(f'made."{name}" = checked."{name}"' for name in table.key)


def _key(table: Table, row: Sequence[object]) -> str:
    return ", ".join(str(row[table.header.index(name)]) for name in table.key)


def _shorten_value(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _search_differences(connection: sqlite3.Connection, table: Table) -> Iterator[Problem]:
    """Compare the search index of a table byte by byte, and token by token if the bytes differ.

    The bytes may differ between SQLite versions.
    """
    index = table.search_index
    if not all(_is_same(connection, f"{index}_{part}", key) for part, key in (("docsize", "id"), ("config", "k"))):
        yield Problem("altered-search", field=index)
    if all(_is_same(connection, f"{index}_{part}", key) for part, key in (("data", "id"), ("idx", "segid, term"))):
        return
    for database in ("main", "given"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{database}_tokens")
        made_of = f"fts5vocab({database}, {index}, instance)"
        connection.execute(f"CREATE VIRTUAL TABLE temp.{database}_tokens USING {made_of}")
    for number, key in connection.execute(_OTHER_TOKENS_SQL.format(table=table.name, key=table.key[0])):
        if key and table is CLAIMS:
            yield Problem("altered-search/claim", field=index, claim=key)
        else:
            yield Problem("altered-search/row", field=index, row=number)


_OTHER_TOKENS_SQL = """
WITH made AS (SELECT doc, term, offset FROM temp.main_tokens),
  checked AS (SELECT doc, term, offset FROM temp.given_tokens)
SELECT DISTINCT doc, {key}
FROM (SELECT * FROM (SELECT * FROM made EXCEPT SELECT * FROM checked)
      UNION ALL SELECT * FROM (SELECT * FROM checked EXCEPT SELECT * FROM made))
LEFT JOIN main.{table} ON {table}.rowid = doc ORDER BY doc
"""


def _is_same(connection: sqlite3.Connection, table: str, key: str) -> bool:
    made, given = (
        connection.execute(f'SELECT * FROM {database}."{table}" ORDER BY {key}')  # noqa: S608  constants
        for database in ("main", "given")
    )
    return all(one == other for one, other in zip_longest(made, given))
