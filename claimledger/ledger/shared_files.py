"""What rights allow git to take along: documents' bytes in claims/evidence, articles' texts in claims/texts.

In: the newest revision of every record. Out: for each of the two folders what is to stand in it, what it lacks, what is
altered in it and what no record names. The invariant: a content stands in its folder under its SHA-256 while the newest
public version of a record allows it there, and no longer. git's history keeps what once stood there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from claimledger.ledger.content_store import ContentAltered, content_of, place_of
from claimledger.ledger.files import Places
from claimledger.models import Article, Document, Revision
from claimledger.vocabulary import RevisionKind

Heads = Iterable[tuple[str, Revision]]
"""(Hash, newest revision) of every record."""
_HASH = re.compile("[0-9a-f]{64}")
_TAKEN_BACK = (RevisionKind.WITHDRAWAL, RevisionKind.REDACTION)
"""What an article was changed by for its text to be public no more, until a later version allows it again."""


class Shelf(NamedTuple):
    """A folder of contents by their hashes, and what is to stand in it."""

    folder: Path
    named: Collection[str]
    """The contents that public records allow there."""

    @property
    def lacking(self) -> dict[Path, str]:
        """The files that are not there, with the hash of what belongs in each."""
        places = {place_of(self.folder, sha256): sha256 for sha256 in sorted(self.named)}
        return {path: sha256 for path, sha256 in places.items() if not path.is_file()}

    @property
    def altered(self) -> list[Path]:
        """The files that hold other bytes than their names say."""
        return [place_of(self.folder, sha256) for sha256 in sorted(self.named) if _is_altered(self.folder, sha256)]

    @property
    def unnamed(self) -> list[Path]:
        """The files that no public record allows there."""
        demanded = {place_of(self.folder, sha256) for sha256 in self.named}
        return [path for path in sorted(self.folder.rglob("*")) if path not in demanded and not path.is_dir()]

    @property
    def left_over(self) -> list[Path]:
        """Those of them that were put there as contents: in the place of the hash that is their name."""
        return [one for one in self.unnamed if _HASH.fullmatch(one.name) and one == place_of(self.folder, one.name)]


def evidence(newest: Heads, places: Places) -> Shelf:
    """Return the documents' bytes: those that public documents say the ledger holds."""
    documents = (revision.record for _, revision in newest if isinstance(revision.record, Document))
    return Shelf(places.shared_evidence, {one.content_sha256 for one in documents if one.content_sha256})


def texts(newest: Heads, places: Places) -> Shelf:
    """Return the articles' texts: the newest edition of every article whose rights allow the whole of it."""
    editions = (public_edition(revision) for _, revision in newest)
    return Shelf(places.shared_texts, {edition for edition in editions if edition})


def public_edition(revision: Revision) -> str | None:
    """Return the text, by its hash, that the newest revision of a record allows to be published.

    Of an article's editions that is the newest: what stood in earlier ones may have been mended before it was printed.
    """
    article = revision.record
    if not isinstance(article, Article) or not article.rights.may_publish_text or revision.kind in _TAKEN_BACK:
        return None
    return article.editions[-1].edition_sha256 if article.editions else None


def public_text(folder: Path, edition_sha256: str) -> str | None:
    """Return a text from its folder; none if it is not held there, or altered, as the check of the texts says."""
    try:
        content = content_of(folder, edition_sha256)
        return content.decode() if content is not None else None
    except (ContentAltered, UnicodeDecodeError):
        return None


def _is_altered(folder: Path, sha256: str) -> bool:
    try:
        content_of(folder, sha256)
    except ContentAltered:
        return True
    return False
