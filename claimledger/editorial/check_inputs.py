"""Inputs and results of the automatic checks for a claim: its article's date, its documents and their texts.

Of the stored texts, only those of documents cited with an excerpt are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from claimledger import consistency
from claimledger.ledger import log, printing
from claimledger.newsroom.captures import captures_of
from claimledger.checks.ledger_checks import Checked
from claimledger.ledger.content_store import ContentAltered, content_of
from claimledger.ledger.files import Places
from claimledger.newsroom.store import DeskStore
from claimledger.models import Article, Claim, Document, key_of
from claimledger.origins import with_origins
from claimledger.vocabulary import Subject


def day_of_article(claim: Claim, article_of: Callable[[str], object]) -> str | None:
    """Return the publication date of a claim's article (ISO 8601), or None for a claim with fewer than two figures."""
    article = article_of(claim.article_id) if len(claim.quantities) > 1 else None
    return article.published_on if isinstance(article, Article) else None


def kept_texts(store: DeskStore, claim: Claim) -> dict[str, list[str]]:
    """Return the stored texts of the documents that a claim cites with an excerpt, by document, the newest first."""
    folder = Places(store.path.parent).kept_evidence
    names = dict.fromkeys(one.document_id for one in claim.evidence if one.excerpt)
    found = {name: list(_stored_texts(store, folder, name)) for name in names}
    return {name: texts for name, texts in found.items() if texts}


def _stored_texts(store: DeskStore, folder: Path, document_id: str) -> Iterator[str]:
    hashes = dict.fromkeys(capture.text_sha256 for capture in reversed(captures_of(store.connection, document_id)))
    for text_sha256 in filter(None, hashes):
        with suppress(ContentAltered):  # altered bytes are ignored, so that the claim's page still opens
            if content := content_of(folder, text_sha256):
                yield content.decode()


def check_computed(places: Places) -> Checked:
    """Run the automatic checks on every public claim and return the number of open findings.

    An open finding is not a problem here, because the evidence or the check may be newer than the claim. The public
    table
    `findings` lists it, and the next version of the claim needs a decision on it.

    Raises:
        LogDamaged, ValidationError, DecodeError: the log cannot be read.
    """
    records = {
        (revision.subject, key_of(revision.record)): revision.record
        for _, revision in printing.heads(log.read_log(places.log))
    }
    claims = [record for record in records.values() if isinstance(record, Claim)]
    count = sum(len(_open_findings(claim, lambda *place: records.get(place))) for claim in claims)
    return Checked("computed", f"{len(claims):,} claims, {count:,} open findings ('claimledger findings' lists them)")


def _open_findings(claim: Claim, record: Callable[[Subject, str], object]) -> list[consistency.Finding]:
    def document(name: str) -> Document | None:
        found = record(Subject.DOCUMENT, name)
        return found if isinstance(found, Document) else None

    at_hand = consistency.AtHand(
        published_on=day_of_article(claim, lambda name: record(Subject.ARTICLE, name)),
        documents=with_origins((one.document_id for one in claim.evidence), document),
    )
    return consistency.barring(claim, consistency.findings(claim, at_hand))
