"""Suggest similar queries if a query finds nothing.

Suggestions differ by one typing mistake (`near_words`) and do find claims; the one with the most results comes first. A
word is suggested only if a claim's text has a word with this beginning, and as that text writes it. The cost depends on
the query, not on the size of the ledger.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from claimledger.publishing.near_words import near_words
from claimledger.publishing.pages.lines import row_numbers
from claimledger.publishing.search import fts_phrase
from claimledger.publishing.search_names import name_lookup
from claimledger.publishing.search_query import OPERATORS, SearchQuery, match_expression
from claimledger.publishing.search_terms import SearchTerm, letter_spellings, plain_term, spellings
from claimledger.publishing.tables import SEARCH_INDEX

MAX_SPELLINGS = 5
"""The maximum number of suggestions."""
_MAX_COUNTED = 1_000
_MIN_LENGTH, _MAX_LENGTH = 2, 16
"""The length of the words that are corrected. Similar words of one letter are useless."""
_MAX_UNKNOWN_WORDS = 2
"""The maximum number of unknown words. With more, nothing is suggested."""
_MAX_TRIED = 1_000
"""The maximum number of similar words that are looked up in the index, for all unknown words together."""
_MAX_READ = 10
"""The number of claims that are read to see how they spell a word."""
_NOT_WORDS = OPERATORS | {""}
_MAX_CANDIDATES = 30
"""The maximum number of similar words in the index that are looked up in texts."""
_MATCHING_ROWS = f"SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608  ours
_TEXTS = """
SELECT statement_en, statement_ko, claims.speaker, speakers.name_ko, other_names, speaker_role, speaker_organization,
  claims.source, sources.name_ko, topic
FROM claims LEFT JOIN speakers ON speakers.speaker = claims.speaker
LEFT JOIN sources ON sources.source = claims.source WHERE claims.rowid IN
"""


class NearQuery(NamedTuple):
    """A query similar to one that finds nothing."""

    query: str
    found_count: int
    """The number of claims it finds. 1,001 means more than 1,000."""


def near_queries(connection: sqlite3.Connection, text: str, parsed: SearchQuery) -> tuple[NearQuery, ...]:
    """Return queries similar to one that finds nothing. `text` is the query as typed, `parsed` its parsed form."""
    unknown = [term for term in _correctable_terms(parsed) if not _matching_rows(connection, _any_answer(term), 1)]
    if len(unknown) > _MAX_UNKNOWN_WORDS:
        return ()
    found = {term.word: _similar_words(connection, term.word, _MAX_TRIED // len(unknown)) for term in unknown}
    if not found or not all(found.values()):
        return ()
    others = {word: near[0] for word, near in found.items()}
    chosen = unknown[0].word
    queries = [_replace_words(text, {**others, chosen: near}) for near in found[chosen]]
    names = name_lookup(connection)
    counted = [
        NearQuery(query, len(_matching_rows(connection, match_expression(query, names), _MAX_COUNTED + 1)))
        for query in queries
    ]
    return tuple(sorted((one for one in counted if one.found_count), key=lambda one: -one.found_count)[:MAX_SPELLINGS])


def _correctable_terms(parsed: SearchQuery) -> Iterator[SearchTerm]:
    """Yield the words that may be misspelled: no figures, no quoted words, no alternatives."""
    for terms in parsed.required:
        if len(terms) == 1 and not (terms[0].figure or terms[0].is_exact):
            yield terms[0]


def _replace_words(text: str, replaced: dict[str, str]) -> str:
    """Return the query with some of its words replaced where they begin a word."""
    text = unicodedata.normalize("NFKC", text)
    for word, spelling in replaced.items():
        if found := re.search(rf"(?<![^\W_]){re.escape(word)}", text):
            text = f"{text[: found.start()]}{spelling}{text[found.end() :]}"
    return text


def _similar_words(connection: sqlite3.Connection, word: str, tried: int) -> Sequence[str]:
    """Return similar words as the claims' texts write them, the most frequent first."""
    if not _MIN_LENGTH <= len(word) <= _MAX_LENGTH:
        return ()
    near = (one for one in islice(near_words(word), tried) if len(one) >= _MIN_LENGTH and _is_indexed(connection, one))
    indexed = filter(None, (plain_term(one, one) for one in islice(near, _MAX_CANDIDATES)))
    counts = {
        written: len(_matching_rows(connection, _any_answer(term), _MAX_COUNTED))
        for term in indexed
        if (written := _spelling_in_texts(connection, term)) not in _NOT_WORDS
    }
    whole = [one for one in counts if not any(other != one and one in other for other in counts)]
    return sorted(whole, key=lambda one: -counts[one])[:MAX_SPELLINGS]


def _is_indexed(connection: sqlite3.Connection, word: str) -> bool:
    """Return whether a claim contains a word in this spelling.

    Checking all its spellings would take up to ten times as long.
    """
    return any(_matching_rows(connection, found, 1) for found in map(fts_phrase, letter_spellings(word)) if found)


def _spelling_in_texts(connection: sqlite3.Connection, term: SearchTerm) -> str:
    """Return a word as a claim's text writes it, or "" if no text has a word with this beginning.

    A word that the texts spell differently is returned unchanged.
    """
    rows = _matching_rows(connection, _any_answer(term), _MAX_READ)
    marks = ", ".join("?" * len(rows))
    texts = [
        unicodedata.normalize("NFKC", text)
        for row in connection.execute(f"{_TEXTS} ({marks}) ORDER BY claims.rowid", rows)
        for text in row
        if text
    ]
    for spelling in spellings(term.word):
        words = r"[\s\-–·]+".join(map(re.escape, re.split(r"[\s-]+", spelling)))
        begins = re.compile(rf"(?<![^\W_]){words}", re.IGNORECASE)
        if found := next(filter(None, map(begins.search, texts)), None):
            return found[0] if spelling == term.word else term.word
    return ""


def _any_answer(term: SearchTerm) -> str:
    return f"({' OR '.join(term.answers)})"


def _matching_rows(connection: sqlite3.Connection, expression: str, most: int) -> Sequence[int]:
    return row_numbers(connection, _MATCHING_ROWS, (expression, most))
