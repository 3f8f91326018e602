"""What was computed of a claim, as far as the desk can see: its article's day, its passages, its documents.

In: a claim, its passages, and where records are looked up. Out: findings, the waived ones too. The checks themselves
stand in `computed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from claimledger import computed
from claimledger.agreement import Passage
from claimledger.ledger import log, printing
from claimledger.ledger.checks import Checked
from claimledger.ledger.files import Places
from claimledger.models import Article, Claim, Document, key_of
from claimledger.vocabulary import Subject

Record = Callable[[Subject, str], object]
"""Returns a record by its subject and its name, if there is one."""


def computed_of(claim: Claim, passages: Iterable[Passage], record: Record) -> list[computed.Finding]:
    """Return what was computed of a claim."""
    article = record(Subject.ARTICLE, claim.article_id) if len(claim.quantities) > 1 else None
    documents = (record(Subject.DOCUMENT, evidence.document_id) for evidence in claim.evidence)
    at_hand = computed.AtHand(
        published_on=article.published_on if isinstance(article, Article) else None,
        passages=[passage.text for passage in passages],
        documents={one.document_id: one for one in documents if isinstance(one, Document)},
    )
    return computed.findings(claim, at_hand)


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
    count = sum(len(_open(claim, records.get)) for claim in claims)
    return Checked("computed", f"{len(claims):,} claims, {count:,} open findings ('claimledger findings' lists them)")


def _open(claim: Claim, record: Callable[[tuple[Subject, str]], object]) -> list[computed.Finding]:
    return computed.barring(claim, computed_of(claim, (), lambda subject, name: record((subject, name))))
