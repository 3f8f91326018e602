"""The checks that `claimledger check` runs, in their order.

Checks report every problem and never repair one. A check that cannot go on says so and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claimledger.checks.agreement_check import check_agreement
from claimledger.checks.claim_file_checks import check_names, check_references, check_text_form, claims_in
from claimledger.checks.consistency_check import check_computed
from claimledger.checks.desk_store_check import check_store
from claimledger.checks.ledger_db_check import check_ledger
from claimledger.checks.log_checks import check_against, check_log, check_records
from claimledger.checks.private_evidence_checks import check_kept
from claimledger.checks.public_form_checks import check_privacy, check_public_forms
from claimledger.checks.results import Checked, guarded
from claimledger.checks.shared_file_checks import check_held, check_texts
from claimledger.checks.verdict_history import check_verdicts
from claimledger.ledger.files import Places


def run(places: Places, against: Path | None = None) -> Iterator[Checked]:
    """Run every check and yield each result when it is ready; `against` is the folder of an older copy of the log."""
    yield check_log(places.log)
    yield check_records(places.log)
    yield check_against(against, places.log)
    yield check_store(places)
    yield guarded("claim files", lambda: check_text_form(places))
    yield guarded("references", lambda: check_references(places))
    yield guarded("names", lambda: check_names(claims_in(places)))
    yield guarded("verdicts", lambda: check_verdicts(places.log))
    yield guarded("evidence", lambda: check_held(places))
    yield guarded("texts", lambda: check_texts(places))
    yield guarded("agreement", lambda: check_agreement(places))
    yield guarded("computed", lambda: check_computed(places))
    yield guarded("ledger.db", lambda: check_ledger(places))
    yield guarded("public forms", lambda: check_public_forms(places))
    yield guarded("private", lambda: check_privacy(places))
    yield guarded("desk evidence", lambda: check_kept(places))
