"""The check that counts the open findings of the automatic checks on every public claim."""

from __future__ import annotations
from collections.abc import Callable
from claimledger import consistency
from claimledger.checks.public_records import PublicRecords
from claimledger.checks.results import CheckResult
from claimledger.models import Claim, Document, record_key
from claimledger.origins import collect_origins
from claimledger.vocabulary import Subject
from claimledger.editorial.check_inputs import article_date


def check_computed(public: PublicRecords) -> CheckResult:
    """Run the automatic checks on every public claim and return the number of open findings.

    An open finding is not a problem here, because the evidence or the check may be newer than the claim. The public
    table `findings` lists it, and the next version of the claim needs a decision on it.

    Raises:
        LogDamaged: the log cannot be read.
    """
    records = {(revision.subject, record_key(revision.record)): revision.record for revision in public.revisions}
    claims = public.claims
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
