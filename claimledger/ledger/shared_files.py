"""The contents that rights allow git to distribute: documents in claims/evidence, article texts in claims/texts.

For each of the two folders, this module derives the expected, missing, altered and unexpected files from the newest
revision of every record. A content is in its folder, under its SHA-256, only while the newest public version of a
record allows it. git's history keeps what was there before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from claimledger.ledger.content_store import ContentAltered, read_stored_content, content_path
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article, Document, Revision
from claimledger.vocabulary import RevisionKind

Heads = Iterable[tuple[str, Revision]]
"""The (hash, newest revision) of every record."""
_HASH = re.compile("[0-9a-f]{64}")
_UNPUBLISHING_KINDS = (RevisionKind.WITHDRAWAL, RevisionKind.REDACTION)
"""The kinds of revision after which an article's text is no longer public, until a later version allows it again."""


class SharedFolder(NamedTuple):
    """A folder of contents by hash, and the contents that belong in it."""

    folder: Path
    named: Collection[str]
    """The hashes of the contents that public records allow there."""

    @property
    def lacking(self) -> dict[Path, str]:
        """The missing files, each with the hash of its content."""
        places = {content_path(self.folder, sha256): sha256 for sha256 in sorted(self.named)}
        return {path: sha256 for path, sha256 in places.items() if not path.is_file()}

    @property
    def altered_files(self) -> list[Path]:
        """The files whose bytes do not match their names."""
        return [content_path(self.folder, sha256) for sha256 in sorted(self.named) if _is_altered(self.folder, sha256)]

    @property
    def unexpected_files(self) -> list[Path]:
        """The files that no public record allows there."""
        demanded = {content_path(self.folder, sha256) for sha256 in self.named}
        return [path for path in sorted(self.folder.rglob("*")) if path not in demanded and not path.is_dir()]

    @property
    def leftover_files(self) -> list[Path]:
        """The unexpected files that were stored there as contents: their path is that of the hash in their name."""
        return [
            one
            for one in self.unexpected_files
            if _HASH.fullmatch(one.name) and one == content_path(self.folder, one.name)
        ]


def shared_evidence_folder(newest: Heads, places: LedgerPaths) -> SharedFolder:
    """Return the folder of the documents whose bytes public documents name by hash."""
    documents = (revision.record for _, revision in newest if isinstance(revision.record, Document))
    return SharedFolder(places.shared_evidence, {one.content_sha256 for one in documents if one.content_sha256})


def shared_texts_folder(newest: Heads, places: LedgerPaths) -> SharedFolder:
    """Return the folder of texts: the newest edition of every article whose rights allow its whole text."""
    editions = (public_edition(revision) for _, revision in newest)
    return SharedFolder(places.shared_texts, {edition for edition in editions if edition})


def public_edition(revision: Revision) -> str | None:
    """Return the hash of the text that the newest revision of a record allows to be published, or None.

    It is the newest edition of an article, because earlier ones may contain errors that were fixed before print.
    """
    article = revision.record
    if not isinstance(article, Article) or not article.rights.may_publish_text or revision.kind in _UNPUBLISHING_KINDS:
        return None
    return article.editions[-1].edition_sha256 if article.editions else None


def shared_content(revision: Revision, places: LedgerPaths) -> Path | None:
    """Return the path of the content that the newest revision of a record allows to be shared, or None."""
    record = revision.record
    if isinstance(record, Document):
        return content_path(places.shared_evidence, record.content_sha256) if record.content_sha256 else None
    edition = public_edition(revision)
    return content_path(places.shared_texts, edition) if edition else None


def public_text(folder: Path, edition_sha256: str) -> str | None:
    """Return a text from its folder; None if it is missing or altered, which the check of the texts reports."""
    try:
        content = read_stored_content(folder, edition_sha256)
        return content.decode() if content is not None else None
    except (ContentAltered, UnicodeDecodeError):
        return None


def _is_altered(folder: Path, sha256: str) -> bool:
    try:
        read_stored_content(folder, sha256)
    except ContentAltered:
        return True
    return False
