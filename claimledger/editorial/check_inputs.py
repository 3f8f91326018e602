"""What is at hand of a claim to compute with, as far as the desk sees: its article's day, its documents, their texts.

In: a claim, where records are looked up, an open store. Out: what the checks of `computed` are given; their outcome for
every public claim. The invariant: of the texts that are kept, only those of documents cited with an excerpt are read.
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
    """Return when a claim's article was published; a claim with fewer than two figures is not asked for it."""
    article = article_of(claim.article_id) if len(claim.quantities) > 1 else None
    return article.published_on if isinstance(article, Article) else None


def kept_texts(store: DeskStore, claim: Claim) -> dict[str, list[str]]:
    """Return the texts that are kept of the documents a claim cites with an excerpt, each document's newest first."""
    folder = Places(store.path.parent).kept_evidence
    names = dict.fromkeys(one.document_id for one in claim.evidence if one.excerpt)
    found = {name: list(_texts(store, folder, name)) for name in names}
    return {name: texts for name, texts in found.items() if texts}


def _texts(store: DeskStore, folder: Path, document_id: str) -> Iterator[str]:
    hashes = dict.fromkeys(kept.text_sha256 for kept in reversed(captures_of(store.connection, document_id)))
    for text_sha256 in filter(None, hashes):
        with suppress(ContentAltered):  # what was altered is no text of the document, and a claim's page is to open
            if content := content_of(folder, text_sha256):
                yield content.decode()


def check_computed(places: Places) -> Checked:
    """Compute with every public claim again, and tell how many findings are open.

    An open finding on a public claim is no damage: evidence, or a check, may have come later. It stands in the public
    table `findings`, and the next version of the claim waits for a decision on it.

    Raises:
        LogDamaged, ValidationError, DecodeError: the log cannot be read.
    """
    records = {
        (revision.subject, key_of(revision.record)): revision.record
        for _, revision in printing.heads(log.read_log(places.log))
    }
    claims = [record for record in records.values() if isinstance(record, Claim)]
    count = sum(len(_open(claim, lambda *place: records.get(place))) for claim in claims)
    return Checked("computed", f"{len(claims):,} claims, {count:,} open findings ('claimledger findings' lists them)")


def _open(claim: Claim, record: Callable[[Subject, str], object]) -> list[consistency.Finding]:
    def document(name: str) -> Document | None:
        found = record(Subject.DOCUMENT, name)
        return found if isinstance(found, Document) else None

    at_hand = consistency.AtHand(
        published_on=day_of_article(claim, lambda name: record(Subject.ARTICLE, name)),
        documents=with_origins((one.document_id for one in claim.evidence), document),
    )
    return consistency.barring(claim, consistency.findings(claim, at_hand))
