"""Find the other names of a word in a query: words of both languages, names of topics, and aliases of the ledger.

A name is compared by its key: in the normalised form of search, without spaces and full stops. Words and topics come
with the program; aliases are records of the ledger.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from claimledger.publishing.search import normalize_text

NameLookup = Callable[[str], Sequence[str]]
"""A function that returns all names with the key of a name, itself included; none if it has no others."""
MOST_WORDS = 4
"""The largest number of words of a name in a query."""
_IGNORED = str.maketrans("", "", " .'")


def name_key(name: str) -> str:
    """Return the form in which names are compared.

    >>> name_key("Ernie Bot"), name_key("A.I."), name_key("수출 통제")
    ('erniebot', 'ai', '수출통제')
    """
    return normalize_text(name).translate(_IGNORED)


def known_words(name: str) -> Sequence[str]:
    """Return the words that mean the same as a word in both languages.

    >>> known_words("인공지능")
    ('AI', 'A.I.', '인공지능', 'artificial intelligence')
    """
    return _groups().get(name_key(name), ())


@cache
def _groups() -> dict[str, Sequence[str]]:
    folder = files(__package__ or "")
    words = tomllib.loads(folder.joinpath("search_words.toml").read_text(encoding="utf-8"))["same"]
    topics = tomllib.loads(folder.joinpath("topics.toml").read_text(encoding="utf-8"))
    found: dict[str, Sequence[str]] = {}
    for group in [*words, *(list(names.values()) for names in topics.values())]:
        joined = dict.fromkeys([*group, *(name for one in group for name in found.get(name_key(one), ()))])
        found |= dict.fromkeys(map(name_key, joined), tuple(joined))
    return found


_ALIASES = (
    "SELECT DISTINCT o.name FROM alias_name n JOIN alias USING (alias_id) JOIN alias_name o USING (alias_id) "
    "WHERE n.search_key = ? AND record_state = 'listed'"
)


def name_lookup(connection: sqlite3.Connection) -> NameLookup:
    """Return a lookup of words, topics and the aliases of a ledger."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alias_name'").fetchone():
        return known_words

    def find(name: str) -> Sequence[str]:
        try:
            rows = connection.execute(_ALIASES, (name_key(name),)).fetchall()
        except (
            sqlite3.OperationalError
        ):  # over the time limit, at which SQLite ends the search that asks for names, too
            rows = []
        names = dict.fromkeys([*known_words(name), *(row[0] for row in rows)])
        more = [other for one in names for other in known_words(one)]
        return tuple(dict.fromkeys([*names, *more]))

    return find
