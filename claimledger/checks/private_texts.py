"""What is private on the desk, and a search for it in the bytes of public files.

In: a connection to the desk, and bytes. Out: the private texts with what each is, and which of them stand in the bytes.
The invariant: one pass, whose cost grows with the bytes and not with the number of texts. A text is searched for line
by line, as it is and as JSON writes it; lines of fewer than `SHORTEST` bytes are too common to tell anything, but for
what names a confidential document: that is searched for as a whole value of JSON or a whole cell, however short it is.
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

SHORTEST = 13
"""Bytes that a line must have (UTF-8): five Korean syllables tell as much as thirteen letters."""
LONGEST = 120
"""Characters of a line that are searched for: its beginning tells it from others."""
_PIECE = 1 << 22
_OVERLAP = 6 * LONGEST
_GRAM = 7
"""Bytes of a word that is looked up; whatever is twice as long holds one that begins at a multiple of it, and the
shortest line, 13 bytes, holds one however it stands."""
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

SOURCES: tuple[tuple[str, str], ...] = (
    ("a comment", "SELECT detail ->> 'text' FROM act WHERE action = 'comment'"),
    ("an answer", "SELECT detail ->> 'text' FROM act WHERE action = 'answer'"),
    ("a query", "SELECT detail ->> 'as_printed' FROM act WHERE action = 'query'"),
    ("a query", "SELECT detail ->> 'should_read' FROM act WHERE action = 'query'"),
    ("the reason of an act", "SELECT reason FROM act"),
    ("the reason of a decision", "SELECT reason FROM decision"),
    ("a reader's report", "SELECT text FROM report"),
    ("a reader's contact", "SELECT contact FROM report_contact"),
    ("why a report was settled", "SELECT reason FROM report_event"),
    ("the text of an article", "SELECT CAST(content AS TEXT) FROM text"),
    ("where a text came from", "SELECT origin FROM text"),
    ("where reviews came from", "SELECT origin FROM claim_review WHERE origin NOT LIKE 'http%'"),
    ("the hash of a password", "SELECT hash FROM password"),
    ("the hash of a secret", "SELECT token_sha256 FROM credential"),
    ("the label of a secret", "SELECT label FROM credential"),
    ("the address of a browser", "SELECT client_address FROM account_event"),
    ("the name of a browser", "SELECT user_agent FROM account_event"),
    ("the name of a person", "SELECT name FROM person_version"),
    ("the name of a person", "SELECT shown_name FROM person_version"),
    ("the name of an account", "SELECT name FROM account_event"),
    ("the name of an account", "SELECT key FROM throttle"),
    ("a document's file or address", "SELECT name FROM capture"),
    ("the address of a document", "SELECT final_address FROM capture"),
    (
        "the address of a document",
        "SELECT redirects ->> fullkey FROM capture, json_tree(redirects) WHERE type = 'text'",
    ),
    (
        "the hash of a confidential document",
        "SELECT content_sha256 FROM capture WHERE document_id IN (SELECT document_id FROM withheld)",
    ),
    ("an excerpt", "SELECT exact FROM excerpt"),
    ("what stands before an excerpt", "SELECT quote ->> 'prefix' FROM excerpt"),
    ("what stands behind an excerpt", "SELECT quote ->> 'suffix' FROM excerpt"),
    ("a confidential document", "SELECT document ->> fullkey FROM withheld, json_tree(document) WHERE type = 'text'"),
)
"""What is private, and where each text of it stands in desk.db."""
_NAMING: tuple[tuple[str, str], ...] = (
    (
        "a confidential document",
        """SELECT value FROM withheld, json_tree(document) WHERE type = 'text' AND
        (path IN ('$.title', '$.publisher', '$.rights.holder', '$.rights.statement') OR key LIKE '%address')""",
    ),
    (
        "a confidential document's file or address",
        "SELECT name FROM capture WHERE document_id IN (SELECT document_id FROM withheld)",
    ),
)
"""What names a confidential document, which may be a word."""
_UNPUBLISHED = (
    "SELECT reason, record FROM draft WHERE subject IN ('document', 'claim') AND kind <> 'discarded' "
    "AND draft_id NOT IN (SELECT draft_id FROM publication WHERE draft_id IS NOT NULL)"
)


def private_texts(connection: sqlite3.Connection) -> dict[str, str]:
    """Return each private line that is long enough, with what it is."""
    found: dict[str, str] = {}
    for what, sql in SOURCES:
        for (text,) in connection.execute(sql):
            _keep(found, what, text or "")
    for reason, record in connection.execute(_UNPUBLISHED):
        for text in (reason, *_sentences(msgspec.json.decode(record))):
            _keep(found, "a draft that is not public", text)
    return found


def naming_texts(connection: sqlite3.Connection) -> dict[str, str]:
    """Return each text that names a confidential document and is too short to be one of `private_texts`."""
    found: dict[str, str] = {}
    for what, sql in _NAMING:
        for (text,) in connection.execute(sql):
            if text.strip() and len(text.encode()) < SHORTEST and text.strip() not in _words():
                found.setdefault(text.strip(), what)
    return found


@cache
def _words() -> frozenset[str]:
    """Return the words that the program itself writes into ledger.db."""
    terms = (term for vocabulary in VOCABULARIES for term in vocabulary)
    return frozenset(word for term in terms for word in (term.value, term.label_en, term.label_ko))


def _keep(found: dict[str, str], what: str, text: str) -> None:
    lines = [line.strip()[:LONGEST] for line in text.splitlines()]
    for line in (*lines, *_E_MAIL.findall(text)):
        if len(line.encode()) >= SHORTEST:
            found.setdefault(line, what)


def _sentences(value: Any) -> Iterator[str]:  # noqa: ANN401  any JSON value
    """Yield the texts with more than one word in it: no names of records, no words of a vocabulary."""
    if isinstance(value, str):
        yield from [value] if " " in value else []
    elif isinstance(value, dict):
        for one in value.values():
            yield from _sentences(one)
    elif isinstance(value, list):
        for one in value:
            yield from _sentences(one)


@dataclass(slots=True)
class Searched:
    """What a search came to."""

    found: set[str] = field(default_factory=set)
    """The texts that stand there."""
    size: int = 0
    """How many bytes were looked at."""


def searched(pieces: Iterable[bytes], texts: Iterable[str], whole: Collection[str] = ()) -> Searched:
    """Search pieces of bytes for texts, and for some as whole values; what begins in one piece must end in it."""
    grams = _grams(texts)
    values = {pattern: text for text in whole for pattern in _written(text)}
    any_value = re.compile(b'(?<=["\\0])(?:' + b"|".join(map(re.escape, values)) + b')(?=["\\0])') if values else None
    result = Searched()
    for piece in pieces:
        result.size += len(piece)
        result.found |= {values[one] for one in any_value.findall(piece)} if any_value else set()
        for index, (gram,) in enumerate(iter_unpack(f"{_GRAM}s", piece[: len(piece) // _GRAM * _GRAM])):
            for offset, pattern, text in grams.get(gram, ()):
                start = index * _GRAM - offset
                if start >= 0 and piece.startswith(pattern, start):
                    result.found.add(text)
    return result


def _grams(texts: Iterable[str]) -> Mapping[bytes, list[tuple[int, bytes, str]]]:
    """Return word to the patterns that hold it near their beginning: offset, pattern, text."""
    grams: dict[bytes, list[tuple[int, bytes, str]]] = {}
    for text in texts:
        for pattern in _written(text):
            for offset in range(_GRAM):
                gram = pattern[offset : offset + _GRAM]
                grams.setdefault(gram, []).append((offset, pattern, text))
    return grams


def _written(text: str) -> set[bytes]:
    """Return a text as it may be written: as it is, composed, and both inside JSON."""
    forms = {text, unicodedata.normalize("NFC", text)}
    return {form.encode() for form in forms} | {msgspec.json.encode(form)[1:-1] for form in forms}


def pieces_of(paths: Iterable[Path]) -> Iterator[bytes]:
    """Yield the bytes of files in pieces that overlap by more than the longest text."""
    for path in paths:
        with path.open("rb") as file:
            rest = b""
            while piece := file.read(_PIECE):
                yield rest + piece
                rest = (rest + piece)[-_OVERLAP:]


def cells_of(path: Path) -> Iterator[bytes]:
    """Yield the cells of a database, a row at a time: a long one stands in its file in parts."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0").fetchall()
        for (name,) in tables:
            quoted = name.decode().replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608  a name from the file, quoted
                yield b"\0".join([b"", *(cell for cell in row if isinstance(cell, bytes)), b""])
