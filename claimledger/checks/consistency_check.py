"""The check that counts the open findings of the automatic checks on every public claim."""

from __future__ import annotations
from collections.abc import Callable
from claimledger import consistency
from claimledger.ledger import log, printing
from claimledger.checks.results import CheckResult
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Document, record_key
from claimledger.origins import collect_origins
from claimledger.vocabulary import Subject
from claimledger.editorial.check_inputs import article_date


def check_computed(places: LedgerPaths) -> CheckResult:
    """Run the automatic checks on every public claim and return the number of open findings.

    An open finding is not a problem here, because the evidence or the check may be newer than the claim. The public
    table `findings` lists it, and the next version of the claim needs a decision on it.

    Raises:
        LogDamaged, ValidationError, DecodeError: the log cannot be read.
    """
    records = {
        (revision.subject, record_key(revision.record)): revision.record
        for _, revision in printing.newest_records(log.read_log(places.log))
    }
    claims = [record for record in records.values() if isinstance(record, Claim)]
    count = sum(len(_open_findings(claim, lambda *place: records.get(place))) for claim in claims)
    return CheckResult(
        "computed", f"{len(claims):,} claims, {count:,} open findings ('claimledger findings' lists them)"
    )


def _open_findings(claim: Claim, record: Callable[[Subject, str], object]) -> list[consistency.Finding]:
    def document(name: str) -> Document | None:
        found = record(Subject.DOCUMENT, name)
        return found if isinstance(found, Document) else None

    at_hand = consistency.CheckContext(
        published_on=article_date(claim, lambda name: record(Subject.ARTICLE, name)),
        documents=collect_origins((one.document_id for one in claim.evidence), document),
    )
    return consistency.blocking_findings(claim, consistency.consistency_findings(claim, at_hand))
