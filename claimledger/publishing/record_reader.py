"""Read from `ledger.db` the versions of records, and what their rows need from the records beside them.

The bodies come from the table `revision`. Where words are hidden there, because of a redaction or of rights, the body
comes from the log. Articles and documents are read once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from claimledger.ledger.canonical import leaf_sha256
from claimledger.publishing.projection import LoggedVersion
from claimledger.publishing.record_projection import LoggedRecord, NeededRecords
from claimledger.vocabulary import RevisionKind, Subject

BodyLookup = Callable[[int], bytes]
"""A function that returns a body of the log by its number, from 1."""
_VERSIONS = (
    "SELECT number, sha256, revision, kind, recorded_at, actor, body FROM revision "
    "WHERE subject = ? AND key = ? ORDER BY revision"
)
_NEWEST = "SELECT number, body FROM revision WHERE subject = ? AND key = ? ORDER BY revision DESC LIMIT 1"
_BEFORE = "SELECT body FROM revision WHERE subject = ? AND key = ? AND number <= ? ORDER BY revision DESC LIMIT 1"
_PASSAGES = "SELECT quote FROM appearances WHERE claim_id = ? AND edition_sha256 = ? AND quote NOT NULL ORDER BY place"


class ArticleFacts(NamedTuple):
    """What the rows of other records need from an article."""

    published_on: str | None = None
    may_hold_text: bool = True
    edition: str = ""
    """The newest edition; empty if there is none."""


class _Rights(msgspec.Struct):
    may_hold_text: bool = False


class _Edition(msgspec.Struct):
    edition_sha256: str


class _Article(msgspec.Struct):
    rights: _Rights
    published_on: str
    editions: list[_Edition] = []


class _ArticleBody(msgspec.Struct):
    record: _Article


class _Evidence(msgspec.Struct):
    document_id: str


class _Names(msgspec.Struct):
    article_id: str = ""
    evidence: list[_Evidence] = []
    derives_from: list[str] = []


class _NamesBody(msgspec.Struct):
    record: _Names


_article_bodies = msgspec.json.Decoder(_ArticleBody)
_named = msgspec.json.Decoder(_NamesBody)


class RecordReader:
    """A reader of records for one change of the file, which contains the first `applied` entries of the log already."""

    def __init__(self, connection: sqlite3.Connection, applied: int, body_of: BodyLookup) -> None:
        """Read from a file to which the new revisions were added."""
        self._connection, self._applied, self._body_of = connection, applied, body_of
        self._articles: dict[str, ArticleFacts] = {}
        self._documents: dict[str, tuple[int, str] | None] = {}

    def read(self, subject: Subject, key: str, *, is_anew: bool = False, claim_count: int = 0) -> LoggedRecord:
        """Return a record with its versions and what its rows need.

        With `is_anew`, the rows of the versions that the file contains already may change too.
        """
        rows = self._connection.execute(_VERSIONS, (subject.value, key)).fetchall()
        applied = sum(row[0] <= self._applied for row in rows)
        is_anew = is_anew or (applied > 0 and any(row[3] == RevisionKind.REDACTION for row in rows[applied:]))
        first = 0 if is_anew else max(applied - 1, 0)
        versions = [
            LoggedVersion._make(
                (*row[:6], self._logged_body(subject, row) if place >= min(first, len(rows) - 1) else "")
            )
            for place, row in enumerate(rows)
        ]
        needed = self._find_needed(subject, key, versions[-1].body)
        is_validated = self._applied > 0
        return LoggedRecord(subject, key, versions, applied, is_anew, needed, is_validated, claim_count)

    def _logged_body(self, subject: Subject, row: Sequence[Any]) -> str:
        """Return a body as it is in the log, from the log itself if the file hides words of it."""
        number, digest, body = row[0], row[1], row[-1]
        may_differ = number <= self._applied and subject in _WITH_PASSAGES
        if body is None or (may_differ and leaf_sha256(body.encode()).hex() != digest):
            return self._body_of(number).decode()
        return str(body)

    def _find_needed(self, subject: Subject, key: str, body: str) -> NeededRecords:
        match subject:
            case Subject.CLAIM:
                return self._find_needed_by_claim(key, _named.decode(body).record)
            case Subject.APPEARANCE:
                return NeededRecords(may_hold_text=self.article(_named.decode(body).record.article_id).may_hold_text)
            case Subject.ARTICLE:
                return NeededRecords(may_hold_text=self.article(key).may_hold_text)
            case Subject.DOCUMENT | Subject.ALIAS | Subject.EARLIER_CHECK:
                return NeededRecords()

    def _find_needed_by_claim(self, claim_id: str, names: _Names) -> NeededRecords:
        article = self.article(names.article_id)
        rows = self._connection.execute(_PASSAGES, (claim_id, article.edition)) if article.edition else ()
        documents = self._with_origins({one.document_id for one in names.evidence}) if names.evidence else ()
        return NeededRecords(article.published_on, article.may_hold_text, [quote for (quote,) in rows], list(documents))

    def article(self, article_id: str) -> ArticleFacts:
        """Return what other rows need from the newest version of an article; the defaults if it is not public."""
        if article_id not in self._articles:
            row = self._connection.execute(_NEWEST, (Subject.ARTICLE.value, article_id)).fetchone()
            self._articles[article_id] = _article_facts(row[1]) if row else ArticleFacts()
        return self._articles[article_id]

    def article_before(self, article_id: str) -> ArticleFacts | None:
        """Return the same of the version that the file contained before; None if it contained none."""
        row = self._connection.execute(_BEFORE, (Subject.ARTICLE.value, article_id, self._applied)).fetchone()
        return _article_facts(row[0]) if row else None

    def _with_origins(self, names: Iterable[str]) -> Iterator[tuple[int, str]]:
        waiting, known = sorted(names), set[str]()
        while waiting:
            name = waiting.pop()
            document = None if name in known else self._document(name)
            known.add(name)
            if document:
                yield document
                with suppress(msgspec.MsgspecError):
                    waiting += _named.decode(document[1]).record.derives_from

    def _document(self, name: str) -> tuple[int, str] | None:
        if name not in self._documents:
            if len(self._documents) >= _MOST_DOCUMENTS:
                self._documents.clear()
            self._documents[name] = self._connection.execute(_NEWEST, (Subject.DOCUMENT.value, name)).fetchone()
        return self._documents[name]


_WITH_PASSAGES = frozenset({Subject.ARTICLE, Subject.APPEARANCE})
_MOST_DOCUMENTS = 10_000
"""The number of documents that are kept in memory."""


def _article_facts(body: str) -> ArticleFacts:
    with suppress(msgspec.MsgspecError):
        record = _article_bodies.decode(body).record
        edition = record.editions[-1].edition_sha256 if record.editions else ""
        return ArticleFacts(record.published_on, record.rights.may_hold_text, edition)
    return ArticleFacts(may_hold_text=False)
