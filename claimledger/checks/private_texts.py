"""The private texts of the desk, and a search for them in the bytes of public files.

The search passes once over the bytes; its cost grows with them and not with the number of texts. It searches for each
line as it is and as JSON writes it. Lines of fewer than `MIN_LINE_BYTES` bytes are too common to be a sign of a leak.
Only texts that identify a confidential document are searched for at any length, as whole JSON values or table cells.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from struct import iter_unpack
from typing import Any

import msgspec

from claimledger.vocabulary import VOCABULARIES

MIN_LINE_BYTES = 13
"""The fewest bytes of a line (UTF-8); five Korean syllables are as distinctive as thirteen letters."""
MAX_LINE_LENGTH = 120
"""The most characters of a line to search for; the beginning is distinctive enough."""
_PIECE = 1 << 22
_OVERLAP = 6 * MAX_LINE_LENGTH
_GRAM = 7
"""The bytes of a word in the lookup table.

A text of twice this length contains one that begins at a multiple of it, and so does the shortest line (13 bytes).
"""
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

PRIVATE_TEXT_QUERIES: tuple[tuple[str, str], ...] = (
    ("comment", "SELECT detail ->> 'text' FROM act WHERE action = 'comment'"),
    ("answer", "SELECT detail ->> 'text' FROM act WHERE action = 'answer'"),
    ("query", "SELECT detail ->> 'as_printed' FROM act WHERE action = 'query'"),
    ("query", "SELECT detail ->> 'should_read' FROM act WHERE action = 'query'"),
    ("action-reason", "SELECT reason FROM act"),
    ("decision-reason", "SELECT reason FROM decision"),
    ("report", "SELECT text FROM report"),
    ("contact", "SELECT contact FROM report_contact"),
    ("report-reason", "SELECT reason FROM report_event"),
    ("article-text", "SELECT CAST(content AS TEXT) FROM text"),
    ("text-origin", "SELECT origin FROM text"),
    ("reviews-origin", "SELECT origin FROM claim_review WHERE origin NOT LIKE 'http%'"),
    ("password-hash", "SELECT hash FROM password"),
    ("secret-hash", "SELECT token_sha256 FROM credential"),
    ("secret-hash", "SELECT feed_sha256 FROM notice_choice WHERE feed_sha256 IS NOT NULL"),
    ("secret-label", "SELECT label FROM credential"),
    ("client-address", "SELECT client_address FROM account_event"),
    ("user-agent", "SELECT user_agent FROM account_event"),
    ("person", "SELECT name FROM person_version"),
    ("person", "SELECT shown_name FROM person_version"),
    ("e-mail-address", "SELECT address FROM person_address"),
    ("account", "SELECT name FROM account_event"),
    ("account", "SELECT key FROM throttle"),
    ("document-file", "SELECT name FROM capture"),
    ("document-address", "SELECT final_address FROM capture"),
    (
        "document-address",
        "SELECT redirects ->> fullkey FROM capture, json_tree(redirects) WHERE type = 'text'",
    ),
    (
        "confidential-hash",
        "SELECT content_sha256 FROM capture WHERE document_id IN (SELECT document_id FROM withheld)",
    ),
    ("model-answer", "SELECT text FROM answer_text"),
    ("excerpt", "SELECT exact FROM excerpt"),
    ("excerpt-before", "SELECT quote ->> 'prefix' FROM excerpt"),
    ("excerpt-after", "SELECT quote ->> 'suffix' FROM excerpt"),
    ("confidential-document", "SELECT document ->> fullkey FROM withheld, json_tree(document) WHERE type = 'text'"),
)
"""The kinds of private text, and the query for each in desk.db."""
_IDENTIFYING_SOURCES: tuple[tuple[str, str], ...] = (
    (
        "confidential-document",
        """SELECT value FROM withheld, json_tree(document) WHERE type = 'text' AND
        (path IN ('$.title', '$.publisher', '$.rights.holder', '$.rights.statement') OR key LIKE '%address')""",
    ),
    (
        "confidential-file",
        "SELECT name FROM capture WHERE document_id IN (SELECT document_id FROM withheld)",
    ),
)
"""The queries for texts that identify a confidential document and may be a single word."""
_UNPUBLISHED_DRAFTS = (
    "SELECT reason, record FROM draft WHERE subject IN ('document', 'claim') AND kind <> 'discarded' "
    "AND draft_id NOT IN (SELECT draft_id FROM publication WHERE draft_id IS NOT NULL)"
)


def private_texts(connection: sqlite3.Connection) -> dict[str, str]:
    """Return each private line that is long enough, with its kind."""
    found: dict[str, str] = {}
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for what, sql in PRIVATE_TEXT_QUERIES:
        if _first_table(sql) in tables:  # a store of an earlier version lacks some
            for (text,) in connection.execute(sql):
                _add_lines(found, what, text or "")
    for reason, record in connection.execute(_UNPUBLISHED_DRAFTS):
        for text in (reason, *_sentences(msgspec.json.decode(record))):
            _add_lines(found, "draft", text)
    return found


def _first_table(sql: str) -> str:
    return sql.partition(" FROM ")[2].partition(" ")[0].rstrip(",")


def identifying_texts(connection: sqlite3.Connection) -> dict[str, str]:
    """Return each text that identifies a confidential document and is too short for `private_texts`, with its kind."""
    found: dict[str, str] = {}
    for what, sql in _IDENTIFYING_SOURCES:
        for (text,) in connection.execute(sql):
            if text.strip() and len(text.encode()) < MIN_LINE_BYTES and text.strip() not in _program_words():
                found.setdefault(text.strip(), what)
    return found


@cache
def _program_words() -> frozenset[str]:
    """Return the words that the program itself writes into ledger.db."""
    terms = (term for vocabulary in VOCABULARIES for term in vocabulary)
    return frozenset(word for term in terms for word in (term.value, term.label_en, term.label_ko))


def _add_lines(found: dict[str, str], what: str, text: str) -> None:
    lines = [line.strip()[:MAX_LINE_LENGTH] for line in text.splitlines()]
    for line in (*lines, *_E_MAIL.findall(text)):
        if len(line.encode()) >= MIN_LINE_BYTES:
            found.setdefault(line, what)


def _sentences(value: Any) -> Iterator[str]:  # noqa: ANN401  any JSON value
    """Yield the strings of more than one word in a JSON value, which excludes identifiers and vocabulary values."""
    if isinstance(value, str):
        yield from [value] if " " in value else []
    elif isinstance(value, dict):
        for one in value.values():
            yield from _sentences(one)
    elif isinstance(value, list):
        for one in value:
            yield from _sentences(one)


@dataclass(slots=True)
class TextSearchResult:
    """The result of a search."""

    found: set[str] = field(default_factory=set)
    """The texts that were found."""
    size: int = 0
    """The number of bytes searched."""


def search_pieces(pieces: Iterable[bytes], texts: Iterable[str], whole: Collection[str] = ()) -> TextSearchResult:
    """Search pieces of bytes for `texts` anywhere and for `whole` as whole values; each match must lie in one piece."""
    grams = _grams(texts)
    values = {pattern: text for text in whole for pattern in _byte_forms(text)}
    any_value = re.compile(b'(?<=["\\0])(?:' + b"|".join(map(re.escape, values)) + b')(?=["\\0])') if values else None
    result = TextSearchResult()
    for piece in pieces:
        result.size += len(piece)
        result.found |= {values[one] for one in any_value.findall(piece)} if any_value else set()
        for place, gram in _known_words(piece, grams):
            for offset, pattern, text in grams[gram]:
                start = place - offset
                if start >= 0 and piece.startswith(pattern, start):
                    result.found.add(text)
    return result


def _known_words(piece: bytes, grams: Mapping[bytes, object]) -> list[tuple[int, bytes]]:
    """Return the place of each word of a piece that is in the lookup table, with the word."""
    if not grams:
        return []
    words = iter_unpack(f"{_GRAM}s", piece[: len(piece) // _GRAM * _GRAM])
    return [(index * _GRAM, word) for index, (word,) in enumerate(words) if word in grams]


def _grams(texts: Iterable[str]) -> Mapping[bytes, list[tuple[int, bytes, str]]]:
    """Return a lookup table from a word to the patterns that start with it, as offset, pattern and text."""
    grams: dict[bytes, list[tuple[int, bytes, str]]] = {}
    for text in texts:
        for pattern in _byte_forms(text):
            for offset in range(_GRAM):
                gram = pattern[offset : offset + _GRAM]
                grams.setdefault(gram, []).append((offset, pattern, text))
    return grams


def _byte_forms(text: str) -> set[bytes]:
    """Return the byte forms of a text: unchanged and composed (NFC), each also as inside JSON."""
    forms = {text, unicodedata.normalize("NFC", text)}
    return {form.encode() for form in forms} | {msgspec.json.encode(form)[1:-1] for form in forms}


def read_overlapping_pieces(paths: Iterable[Path]) -> Iterator[bytes]:
    """Yield the bytes of files in pieces that overlap by more than the longest text."""
    for path in paths:
        with path.open("rb") as file:
            rest = b""
            while piece := file.read(_PIECE):
                yield rest + piece
                rest = (rest + piece)[-_OVERLAP:]


def read_database_rows(path: Path) -> Iterator[bytes]:
    """Yield the cells of a database row by row, because the file stores a long cell in parts."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0").fetchall()
        for (name,) in tables:
            quoted = name.decode().replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608  a name from the file, quoted
                yield b"\0".join([b"", *(cell for cell in row if isinstance(cell, bytes)), b""])
