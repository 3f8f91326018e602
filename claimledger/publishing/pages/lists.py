"""The lists one looks through: articles by date, speakers and sources by name; and one speaker or source.

In: a page number, or a name. Out: rows. The invariant: nothing is sorted by how often a speaker was right, and of a
speaker or a source there are counts alone, no shares, so that nobody reads a ranking out of three claims.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from claimledger.publishing.pages.lines import PAGE, Line, by_language, lines, numbers, offset
from claimledger.vocabulary import VerificationStatus

_ARTICLES = """
SELECT article, headline, headline_ko, published_on, language, claim_count, record_state, (
  SELECT body FROM revision WHERE subject = 'article' AND key = article ORDER BY revision DESC LIMIT 1
) AS body FROM articles ORDER BY published_on DESC, article LIMIT ? OFFSET ?
"""
_SPEAKERS = "SELECT speaker AS name, name_ko, kind, NULL AS date, claim_count FROM speakers"
_SOURCES = "SELECT source AS name, name_ko, kind, published_on AS date, claim_count FROM sources"
_HELD = """
SELECT said, (
  SELECT body ->> ? FROM revision WHERE subject = 'claim' AND key = claim_id ORDER BY revision DESC LIMIT 1
) AS said_ko FROM (SELECT {column} AS said, min(rowid) AS row, claim_id FROM claims
  WHERE speaker = ? AND {column} IS NOT NULL GROUP BY {column}) ORDER BY row
"""
"""What a speaker was when speaking, each once, by the first claim that says so: the tables tell it in one language."""
_PAGED = "ORDER BY name LIMIT ? OFFSET ?"


class ArticleLine(NamedTuple):
    """An article in a list."""

    article_id: str
    headline: Mapping[str, str]
    """By language."""
    publisher: Mapping[str, str]
    """By language."""
    published_on: str
    language: str
    claim_count: int
    is_withdrawn: bool


class NameLine(NamedTuple):
    """A speaker or a source in a list."""

    name: str
    """The name by which it is put together."""
    names: Mapping[str, str]
    """By language."""
    kind: str
    """Words of a vocabulary; several, parted by "; ", where claims differ."""
    date: str | None
    """A source's date (EDTF)."""
    claim_count: int


class NamePage(NamedTuple):
    """What the page of a speaker or a source shows."""

    name: NameLine
    facts: Mapping[str, str]
    """Column of `speakers` or `sources` to what it says, as far as it says anything."""
    held: Mapping[str, tuple[Mapping[str, str], ...]]
    """`roles` and `organizations` of a speaker to what each was, by language; none of a source."""
    counts: Mapping[VerificationStatus, int]
    """Its listed claims by status; every status that occurs."""
    lines: tuple[Line, ...]
    """Its claims on this page, by their names."""


def newest_articles(connection: sqlite3.Connection, page: int) -> tuple[ArticleLine, ...]:
    """Return a page of the articles, the newest first."""
    return tuple(
        ArticleLine(
            row["article"], by_language(row["headline"], row["headline_ko"]), _publisher(row["body"]),
            row["published_on"], row["language"], row["claim_count"], row["record_state"] == "withdrawn",
        )
        for row in connection.execute(_ARTICLES, (PAGE, offset(page)))
    )  # fmt: skip


def _publisher(body: str) -> Mapping[str, str]:
    """Return the publication's name by language: the table has it in one alone."""
    publisher: Mapping[str, str] = msgspec.json.decode(body)["record"]["publisher"]
    return publisher


def speakers(connection: sqlite3.Connection, page: int) -> tuple[NameLine, ...]:
    """Return a page of the speakers, by name."""
    return tuple(map(_name_line, connection.execute(f"{_SPEAKERS} {_PAGED}", (PAGE, offset(page)))))


def sources(connection: sqlite3.Connection, page: int) -> tuple[NameLine, ...]:
    """Return a page of the sources, by name."""
    return tuple(map(_name_line, connection.execute(f"{_SOURCES} {_PAGED}", (PAGE, offset(page)))))


def _name_line(row: sqlite3.Row) -> NameLine:
    return NameLine(row["name"], by_language(row["name"], row["name_ko"]), row["kind"], row["date"], row["claim_count"])


def standing(connection: sqlite3.Connection, column: str, name: str) -> Mapping[VerificationStatus, int]:
    """Return how many listed claims stand how, of those with a name in a column of ours."""
    counted = connection.execute(
        "SELECT verification_status, count(*) FROM claims "  # noqa: S608  our own column
        f"WHERE {column} = ? AND record_state = 'listed' GROUP BY 1",
        (name,),
    )
    found = {VerificationStatus(status): count for status, count in counted}
    return {status: found[status] for status in VerificationStatus if status in found}


def speaker_page(connection: sqlite3.Connection, name: str, page: int) -> NamePage | None:
    """Return what a speaker said and how it stands; None if nobody has that name."""
    facts = connection.execute("SELECT other_names FROM speakers WHERE speaker = ?", (name,))
    found = _name_page(connection, f"{_SPEAKERS} WHERE speaker = ?", facts.fetchone(), ("speaker", name), page)
    return found and found._replace(held=_held(connection, name))


def _held(connection: sqlite3.Connection, name: str) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """Return the roles and the organisations of a speaker when speaking, as far as any are known."""
    every = {
        many: tuple(
            by_language(row["said"], row["said_ko"])
            for row in connection.execute(_HELD.format(column=f"speaker_{one}"), (f"$.record.speaker.{one}.ko", name))
        )
        for many, one in (("roles", "role"), ("organizations", "organization"))
    }
    return {many: found for many, found in every.items() if found}


def source_page(connection: sqlite3.Connection, name: str, page: int) -> NamePage | None:
    """Return what articles have from a source and how it stands; None if no source has that name."""
    facts = connection.execute("SELECT published_on, address FROM sources WHERE source = ?", (name,))
    return _name_page(connection, f"{_SOURCES} WHERE source = ?", facts.fetchone(), ("source", name), page)


def _name_page(
    connection: sqlite3.Connection, sql: str, facts: sqlite3.Row | None, claims: tuple[str, str], page: int
) -> NamePage | None:
    """Make the page of what a column of `claims` names; the column is one of two, ours."""
    if facts is None:
        return None
    column, name = claims
    rows = numbers(
        connection,
        f"SELECT rowid FROM claims WHERE {column} = ? ORDER BY rowid LIMIT ? OFFSET ?",  # noqa: S608
        (name, PAGE, offset(page)),
    )
    return NamePage(
        name=_name_line(connection.execute(sql, (name,)).fetchone()),
        facts={column: facts[column] for column in facts.keys() if facts[column]},  # noqa: SIM118  a row's keys
        held={},
        counts=standing(connection, column, name),
        lines=lines(connection, rows),
    )
