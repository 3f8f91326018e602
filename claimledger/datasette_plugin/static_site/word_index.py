"""The search of the copy: which claims contain a word or a name, in files that a page loads one at a time.

A word is found in both languages, with or without a Korean particle, and by the other names that the server knows too.
The words are split over a fixed number of files by their first letter, so a search loads one small file a word.
"""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from claimledger.publishing.search import normalize_text
from claimledger.publishing.search_names import NameLookup, name_key, name_lookup
from claimledger.publishing.search_terms import stem

BUCKETS = 64
"""The number of files with words; search.js has the same number."""
CLAIMS_PER_FILE = 100
FOLDER = "search-index"
_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[\w'’.]+")
_CLAIMS = """
SELECT c.claim_id, c.statement_en, c.statement_ko, c.verification_status, c.record_state, c.speaker, s.name_ko,
  s.other_names, c.speaker_organization, c.source, o.name_ko AS source_ko, c.amount_text, c.topics
FROM claims c LEFT JOIN speakers s USING (speaker) LEFT JOIN sources o USING (source) ORDER BY c.rowid
"""
_SHOWN = 5
"""The number of columns that a result needs."""


class IndexFile(NamedTuple):
    """A file of the index."""

    name: str
    content: bytes


def index_files(connection: sqlite3.Connection) -> Iterator[IndexFile]:
    """Yield the files of the index; the words of all claims are in memory, but not their texts."""
    words: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    names = lru_cache(100_000)(name_lookup(connection))
    shown: list[list[str | None]] = []
    count = 0
    for row in connection.execute(_CLAIMS):
        for word in claim_words([text for text in row[1:3] + row[_SHOWN:] if text], names):
            words[word].append(count)
        shown.append([row[0], row[1], row[2], row[3], row[4]])
        count += 1
        if len(shown) == CLAIMS_PER_FILE:
            yield _file(f"claims-{count // CLAIMS_PER_FILE - 1}", shown)
            shown = []
    if shown:
        yield _file(f"claims-{count // CLAIMS_PER_FILE}", shown)
    for bucket in range(BUCKETS):
        of = {word: list(words[word]) for word in sorted(words) if ord(word[0]) % BUCKETS == bucket}
        yield _file(f"words-{bucket}", of)


def _file(name: str, value: object) -> IndexFile:
    return IndexFile(f"{FOLDER}/{name}.json", json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def claim_words(texts: list[str], names: NameLookup) -> set[str]:
    """Return the words of some texts: as written, without particles, joined in pairs, and their other names.

    >>> sorted(claim_words(["바이두가"], lambda name: ()))
    ['바이두', '바이두가']
    """
    found: set[str] = set()
    for text in texts:
        plain = _PLAIN.findall(text)
        stems = [stem(word) for word in plain]
        pairs = [f"{one} {other}" for one, other in zip(plain, stems[1:], strict=False)]
        for name in dict.fromkeys([*plain, *stems, *pairs]):
            found.update(index_words(name))
            for other in names(name):
                found.update(index_words(other))
                found.add(name_key(other))
        found.update(map(name_key, pairs))
    return {word for word in found if word}


def index_words(text: str) -> list[str]:
    """Return the words of a text as the index has them.

    >>> index_words("OpenAI's GPT-4")
    ['openai', 's', 'gpt', '4']
    """
    return _WORD.findall(normalize_text(text))
