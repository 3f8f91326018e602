"""Search for articles by their headlines, for queries that no claim matches.

A query matches a headline if it has all of its words, in any order. One or two words of a long headline match nothing,
because they would list every claim of the article.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from claimledger.publishing.pages.lines import row_numbers

SHORTEST_QUERY = 3
"""The smallest number of words of a query, unless the whole headline has fewer."""
LONGEST_QUERY = 40
"""The largest number of words of a query."""
MOST_ARTICLES = 100
"""The largest number of articles that are found."""
_WORD = re.compile(r"[^\W_]+")


def find_by_headline(connection: sqlite3.Connection, query: str) -> tuple[str, ...]:
    """Return the IDs of the articles with all words of a query in one headline, at most `MOST_ARTICLES`."""
    words = _words(query)
    if not 0 < len(words) <= LONGEST_QUERY:
        return ()
    patterns = [f"%{word}%" for word in words]
    found = (
        article
        for article, *headlines in connection.execute(_ARTICLES.format(_all_words(len(words))), patterns)
        if any(_is_match(words, headline) for headline in headlines if headline)
    )
    return tuple(article for article, _ in zip(found, range(MOST_ARTICLES), strict=False))


def claims_of_articles(connection: sqlite3.Connection, articles: Sequence[str], most: int) -> list[int]:
    """Return the row numbers of the first claims of some articles, in the order of their rows."""
    return row_numbers(connection, _CLAIMS.format(", ".join("?" * len(articles))), (*articles, most))


_ARTICLES = "SELECT article, headline, headline_ko FROM articles WHERE {} ORDER BY article"
_CLAIMS = "SELECT rowid FROM claims WHERE article IN ({}) ORDER BY rowid LIMIT ?"


def _all_words(count: int) -> str:
    """Return the SQL condition that both headlines together contain some words."""
    return " AND ".join(["coalesce(headline, '') || ' ' || coalesce(headline_ko, '') LIKE ?"] * count)


def _words(text: str) -> list[str]:
    """Return the words of a text, without capitals and signs.

    >>> _words("MS·구글 쫓는 “Chips”")
    ['ms', '구글', '쫓는', 'chips']
    """
    return [found[0].casefold() for found in _WORD.finditer(text)]


def _is_match(words: Sequence[str], headline: str) -> bool:
    """Return whether a headline has all words, and whether they are enough of it.

    >>> [_is_match(words.split(), "Rivals on the heels") for words in ("heels on rivals", "heels", "riv on heels")]
    [True, False, False]
    """
    printed = _words(headline)
    return len(words) >= min(SHORTEST_QUERY, len(printed)) and all(_has_word(printed, word) for word in words)


def _has_word(printed: Sequence[str], word: str) -> bool:
    """Return whether a word is printed; a Korean one may have a particle after it."""
    return word in printed or (not word.isascii() and any(one.startswith(word) for one in printed))
