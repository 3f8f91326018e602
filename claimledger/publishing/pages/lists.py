"""Lists of articles, speakers and sources, and the page of one speaker or source.

Articles are sorted by date, speakers and sources by name. Nothing is sorted by how often a speaker was right, and only
counts are shown, no percentages, so that no one reads a ranking into three claims.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from claimledger.publishing.pages.lines import (
    LINES_PER_PAGE, ClaimLine, wording_by_language, claim_lines, row_numbers, page_offset,
)  # fmt: skip
from claimledger.publishing.site import PageLanguage
from claimledger.publishing.tallies import make_source_key
from claimledger.vocabulary import SourceKind, VerificationStatus

_ARTICLES = """
SELECT article, headline, headline_ko, published_on, language, claim_count, record_state, (
  SELECT body FROM revision WHERE subject = 'article' AND key = article ORDER BY revision DESC LIMIT 1
) AS body FROM articles ORDER BY published_on DESC, article LIMIT ? OFFSET ?
"""
_SPEAKERS = "SELECT speaker AS name, name_ko, kind, NULL AS date, claim_count FROM speakers"
_SOURCES = "SELECT source AS name, name_ko, kind, published_on AS date, claim_count FROM sources"
_AFFILIATIONS = """
SELECT text, (
  SELECT body ->> ? FROM revision WHERE subject = 'claim' AND key = claim_id ORDER BY revision DESC LIMIT 1
) AS text_ko FROM (SELECT {column} AS text, min(rowid) AS row, claim_id FROM claims
  WHERE speaker = ? AND {column} IS NOT NULL GROUP BY {column}) ORDER BY row
"""
"""The roles or organisations of a speaker, each once, from the first claim with it. The table has them in one
language.
"""
_ORDERS = {"en": "name", "ko": "coalesce(name_ko, name) NOT BETWEEN '가' AND '힣', coalesce(name_ko, name), name"}
"""The order by name, by language of the page. In Korean, names in Hangul come first."""
_PAGE_CLAUSE = "ORDER BY {order} LIMIT ? OFFSET ?"


class ArticleLine(NamedTuple):
    """An article in a list."""

    article_id: str
    headline: Mapping[str, str]
    """The headline, by language."""
    publisher: Mapping[str, str]
    """The publisher's name, by language."""
    published_on: str
    language: str
    claim_count: int
    is_withdrawn: bool


class NameLine(NamedTuple):
    """A speaker or a source in a list."""

    name: str
    """The name that identifies it."""
    names: Mapping[str, str]
    """The names by language."""
    kind: str
    """Values of a vocabulary, separated by "; " if claims differ."""
    date: str | None
    """The date of a source (EDTF)."""
    claim_count: int


class NamePage(NamedTuple):
    """The data of the page of a speaker or a source."""

    name: NameLine
    facts: Mapping[str, str]
    """The non-empty values of some columns of `list_speakers` or `list_sources`, by column."""
    affiliations: Mapping[str, tuple[Mapping[str, str], ...]]
    """The `roles` and `organizations` of a speaker, each by language. Empty for a source."""
    counts: Mapping[VerificationStatus, int]
    """The number of its listed claims by status, without statuses that have none."""
    lines: tuple[ClaimLine, ...]
    """The claims of this page, by claim ID."""


def newest_articles(connection: sqlite3.Connection, page: int) -> tuple[ArticleLine, ...]:
    """Return one page of the articles, newest first."""
    return tuple(
        ArticleLine(
            row["article"], wording_by_language(row["headline"], row["headline_ko"]), _publisher(row["body"]),
            row["published_on"], row["language"], row["claim_count"], row["record_state"] == "withdrawn",
        )
        for row in connection.execute(_ARTICLES, (LINES_PER_PAGE, page_offset(page)))
    )  # fmt: skip


def article_headlines(connection: sqlite3.Connection, article_ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the headlines of some articles, by language."""
    sql = "SELECT headline, headline_ko FROM articles WHERE article = ?"
    found = {one: connection.execute(sql, (one,)).fetchone() for one in sorted(article_ids)}
    return {one: wording_by_language(*row) for one, row in found.items() if row}


def _publisher(body: str) -> Mapping[str, str]:
    """Return the publisher's name by language. The table has it in one language only."""
    publisher: Mapping[str, str] = msgspec.json.decode(body)["record"]["publisher"]
    return publisher


def list_speakers(connection: sqlite3.Connection, page: int, language: PageLanguage) -> tuple[NameLine, ...]:
    """Return one page of the speakers, sorted by their names in a language."""
    return _name_lines(connection, _SPEAKERS, page, language)


def list_sources(connection: sqlite3.Connection, page: int, language: PageLanguage) -> tuple[NameLine, ...]:
    """Return one page of the sources, sorted by their names in a language."""
    return _name_lines(connection, _SOURCES, page, language)


def _name_lines(connection: sqlite3.Connection, sql: str, page: int, language: PageLanguage) -> tuple[NameLine, ...]:
    ordered = f"{sql} {_PAGE_CLAUSE.format(order=_ORDERS[language])}"
    return tuple(map(_name_line, connection.execute(ordered, (LINES_PER_PAGE, page_offset(page)))))


def _name_line(row: sqlite3.Row) -> NameLine:
    return NameLine(
        row["name"], wording_by_language(row["name"], row["name_ko"]), row["kind"], row["date"], row["claim_count"]
    )


def count_by_status(connection: sqlite3.Connection, column: str, name: str) -> Mapping[VerificationStatus, int]:
    """Return the number of listed claims by status, of those with `name` in `column`, a column of `claims`."""
    counted = connection.execute(
        "SELECT verification_status, count(*) FROM claims "  # noqa: S608  our own column
        f"WHERE {column} = ? AND record_state = 'listed' GROUP BY 1",
        (name,),
    )
    found = {VerificationStatus(status): count for status, count in counted}
    return {status: found[status] for status in VerificationStatus if status in found}


def speaker_page(connection: sqlite3.Connection, name: str, page: int) -> NamePage | None:
    """Return the data of a speaker's page, or None if there is no speaker with that name."""
    facts = connection.execute("SELECT other_names FROM speakers WHERE speaker = ?", (name,))
    found = _name_page(connection, f"{_SPEAKERS} WHERE speaker = ?", facts.fetchone(), ("speaker", name), page)
    return found and found._replace(affiliations=_affiliations(connection, name))


def _affiliations(connection: sqlite3.Connection, name: str) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """Return the known roles and organisations of a speaker at the time of speaking."""
    affiliations = {
        plural: tuple(
            wording_by_language(row["text"], row["text_ko"])
            for row in connection.execute(
                _AFFILIATIONS.format(column=f"speaker_{singular}"), (f"$.record.speaker.{singular}.ko", name)
            )
        )
        for plural, singular in (("roles", "role"), ("organizations", "organization"))
    }
    return {plural: found for plural, found in affiliations.items() if found}


def source_page(connection: sqlite3.Connection, name: str, page: int) -> NamePage | None:
    """Return the data of a source's page, or None if there is no source with that name."""
    facts = connection.execute("SELECT published_on, address FROM sources WHERE source = ?", (name,))
    return _name_page(connection, f"{_SOURCES} WHERE source = ?", facts.fetchone(), ("source", name), page)


def source_of_plain_name(connection: sqlite3.Connection, name: str) -> str | None:
    """Return the key of the source that alone has a plain name; None if there is none, or more than one.

    Earlier addresses of sources had the plain name where it was enough to tell them apart.
    """
    rows = connection.execute(_SOURCES_WITH_PREFIX, (f"{name} (", f"{name} )")).fetchall()
    found = [row[0] for row in rows if row[0] == make_source_key(name, SourceKind(row[1]), row[2])]
    return found[0] if len(found) == 1 else None


_SOURCES_WITH_PREFIX = "SELECT source, kind, published_on FROM sources WHERE source >= ? AND source < ?"


def _name_page(
    connection: sqlite3.Connection, sql: str, facts: sqlite3.Row | None, claims: tuple[str, str], page: int
) -> NamePage | None:
    """Return the page of a speaker or a source. `claims` is the column of `claims` and the name."""
    if facts is None:
        return None
    column, name = claims
    rows = row_numbers(
        connection,
        f"SELECT rowid FROM claims WHERE {column} = ? ORDER BY rowid LIMIT ? OFFSET ?",  # noqa: S608
        (name, LINES_PER_PAGE, page_offset(page)),
    )
    return NamePage(
        name=_name_line(connection.execute(sql, (name,)).fetchone()),
        facts={column: facts[column] for column in facts.keys() if facts[column]},  # noqa: SIM118  a row's keys
        affiliations={},
        counts=count_by_status(connection, column, name),
        lines=claim_lines(connection, rows),
    )
