"""Inputs and results of the automatic checks for a claim: its article's date, its documents and their texts.

Of the stored texts, only those of documents cited with an excerpt are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from claimledger.newsroom.captures import document_captures
from claimledger.ledger.content_store import ContentAltered, read_stored_content
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore
from claimledger.models import Article, Claim


def article_date(claim: Claim, article_of: Callable[[str], object]) -> str | None:
    """Return the publication date of a claim's article (ISO 8601), or None for a claim with fewer than two figures."""
    article = article_of(claim.article_id) if len(claim.quantities) > 1 else None
    return article.published_on if isinstance(article, Article) else None


def read_evidence_texts(store: DeskStore, claim: Claim) -> dict[str, list[str]]:
    """Return the stored texts of the documents that a claim cites with an excerpt, by document, the newest first."""
    folder = LedgerPaths(store.path.parent).private_evidence
    names = dict.fromkeys(one.document_id for one in claim.evidence if one.excerpt)
    found = {name: list(_stored_texts(store, folder, name)) for name in names}
    return {name: texts for name, texts in found.items() if texts}


def read_newest_text(store: DeskStore, document_id: str) -> str | None:
    """Return the newest stored text of a document, or None if the desk has none."""
    folder = LedgerPaths(store.path.parent).private_evidence
    return next(_stored_texts(store, folder, document_id), None)


def _stored_texts(store: DeskStore, folder: Path, document_id: str) -> Iterator[str]:
    hashes = dict.fromkeys(
        capture.text_sha256 for capture in reversed(document_captures(store.connection, document_id))
    )
    for text_sha256 in filter(None, hashes):
        with suppress(ContentAltered):  # altered bytes are ignored, so that the claim's page still opens
            if content := read_stored_content(folder, text_sha256):
                yield content.decode()
