"""Reads the texts of the documents that the desk lists: titles, publishers, summaries in claims, stored copies.

Public records and open drafts count; a confidential document is left out. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from claimledger.earlier_claims.document_matches import DocumentTexts
from claimledger.ledger.content_store import read_stored_content
from claimledger.newsroom.store import DeskStore
from claimledger.vocabulary import Subject

MOST_DOCUMENTS = 5_000
"""The most documents that are read: those that were published last."""
_LONGEST = 200_000
"""The code points of a stored text that are read."""
_NEWEST = """
SELECT CAST(json_extract(body, '$.record') AS TEXT) FROM publication AS one
  WHERE subject = ?1 AND revision = (
    SELECT max(revision) FROM publication WHERE key = one.key AND subject = ?1)
  ORDER BY number DESC LIMIT ?2
"""
_CITING = """
SELECT CAST(json_extract(body, '$.record') AS TEXT) FROM publication AS one
  WHERE subject = 'claim' AND body LIKE '%"evidence":%' AND revision = (
    SELECT max(revision) FROM publication WHERE key = one.key AND subject = 'claim')
"""
_STORED_TEXTS = "SELECT document_id, text_sha256 FROM capture WHERE text_sha256 IS NOT NULL ORDER BY capture_id"


def listed_document_texts(store: DeskStore, folder: Path) -> list[DocumentTexts]:
    """Return the documents of the desk with their texts; `folder` has the texts of stored copies."""
    drafted = [draft.record.to_json() for draft in store.open_drafts() if draft.subject is Subject.DOCUMENT]
    public = _records(store, _NEWEST, (Subject.DOCUMENT.value, MOST_DOCUMENTS))
    documents = {one["document_id"]: one for one in (*public, *drafted) if not one.get("is_withheld")}
    said, stored = _said_of_documents(store), _stored_texts(store, folder, documents)
    return [
        DocumentTexts(
            name,
            {
                "title": [*one["title"].values()],
                "publisher": [*one.get("publisher", {}).values()],
                **said.get(name, {}),
                **({"text": [stored[name]]} if name in stored else {}),
            },
        )
        for name, one in documents.items()
    ]


def listed_names(store: DeskStore) -> list[tuple[str, list[str]]]:
    """Return the public lists of names: the name of each list, and its spellings."""
    lists = _records(store, _NEWEST, (Subject.ALIAS.value, MOST_DOCUMENTS))
    return [(one["alias_id"], [name["text"] for name in one["names"]]) for one in lists]


def _records(store: DeskStore, sql: str, values: Iterable[Any] = ()) -> Iterator[dict[str, Any]]:
    return (msgspec.json.decode(record) for (record,) in store.connection.execute(sql, tuple(values)))


def _said_of_documents(store: DeskStore) -> Mapping[str, dict[str, list[str]]]:
    """Return the texts of claims about each document: summaries, excerpts and the words printed in passages."""
    drafted = (draft.record.to_json() for draft in store.open_drafts() if draft.subject is Subject.CLAIM)
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"summary": [], "excerpt": []})
    for claim in (*_records(store, _CITING), *drafted):
        for entry in claim.get("evidence", ()):
            texts = said[entry["document_id"]]
            texts["summary"] += entry["summary"].values()
            texts["excerpt"] += filter(None, (entry.get("excerpt"), entry.get("passage", {}).get("printed")))
    return said


def _stored_texts(store: DeskStore, folder: Path, documents: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of the newest stored copy of each document, as far as it is read."""
    newest = dict(store.connection.execute(_STORED_TEXTS).fetchall())
    contents = {name: read_stored_content(folder, sha256) for name, sha256 in newest.items() if name in documents}
    return {name: content.decode()[:_LONGEST] for name, content in contents.items() if content}
