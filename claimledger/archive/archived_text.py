"""Reads the text of one article of an archive again, exactly as it was spotted."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from claimledger.archive.output_files import read_manifest, read_settings, table_path
from claimledger.archive.sources import ArchiveArticle, read_articles
from claimledger.errors import LedgerError


class ArchivedTextMissing(LedgerError):
    """Raised when an archive has no article with an identifier, or its source no longer has that text."""

    def __init__(self, variant: str, article_id: str) -> None:
        """Say which of the two it is, and name the article."""
        super().__init__(variant, article_id=article_id)


def read_archived_text(source: Path, out: Path, article_id: str) -> str:
    """Return the text of an article of a spotted archive.

    Raises:
        ArchivedTextMissing: the archive has no such article, or its text has changed since.
        NotAnArchive: `out` has no archive.
    """
    from pyarrow import parquet  # noqa: PLC0415  of an extra, and slow to import

    fields = read_settings(out).fields
    for name, row in read_manifest(out).items():
        path = table_path(out, "articles", name)
        known = parquet.read_table(path, filters=[("article_id", "=", article_id)]).to_pylist()
        for found in read_articles(source, row.shard, fields) if known else ():
            if isinstance(found, ArchiveArticle) and found.article_id == article_id:
                if sha256(found.text.encode()).hexdigest() != known[0]["text_sha256"]:
                    raise ArchivedTextMissing("changed", article_id)
                return found.text
        if known:
            raise ArchivedTextMissing("changed", article_id)
    raise ArchivedTextMissing("unknown", article_id)
