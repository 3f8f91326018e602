"""What was computed of a claim, as far as the desk can see: its article's day, its passages, its documents.

In: a claim, its passages, and where records are looked up. Out: findings, the waived ones too. The checks themselves
stand in `computed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from claimledger import computed
from claimledger.agreement import Passage
from claimledger.errors import Problem
from claimledger.ledger import log, printing
from claimledger.ledger.checks import Checked, outcome
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
    """Compute with every public claim again; what an editor would have to decide and nobody waived is a problem.

    Raises:
        LogDamaged, ValidationError, DecodeError: the log cannot be read.
    """
    records = {
        (revision.subject, key_of(revision.record)): revision.record
        for _, revision in printing.heads(log.read_log(places.log))
    }
    claims = [record for record in records.values() if isinstance(record, Claim)]
    looked_at = f"{len(claims):,} claims: conversions, sums, changes, intervals, evidence"
    return outcome("computed", looked_at, [problem for claim in claims for problem in _open(claim, records.get)])


def _open(claim: Claim, record: Callable[[tuple[Subject, str]], object]) -> Iterator[Problem]:
    found = computed_of(claim, (), lambda subject, name: record((subject, name)))
    yield from (one.as_problem() for one in computed.barring(claim, found))
