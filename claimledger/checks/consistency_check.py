"""The check that counts the open findings of the automatic checks on every public claim."""

from __future__ import annotations
from collections.abc import Callable
from claimledger import consistency
from claimledger.ledger import log, printing
from claimledger.checks.results import Checked
from claimledger.ledger.files import Places
from claimledger.models import Claim, Document, key_of
from claimledger.origins import with_origins
from claimledger.vocabulary import Subject
from claimledger.editorial.check_inputs import day_of_article


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
