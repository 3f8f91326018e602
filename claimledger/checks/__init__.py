"""The checks that `claimledger check` runs, in their order.

Checks report every problem and never repair one. A check that cannot go on says so and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claimledger.checks.agreement_check import check_agreement
from claimledger.checks.checkpoint_check import check_checkpoints
from claimledger.checks.claim_file_checks import check_names, check_references, check_text_form
from claimledger.checks.consistency_check import check_computed
from claimledger.checks.desk_store_check import check_store
from claimledger.checks.folder_check import check_folder
from claimledger.checks.ledger_db_check import check_ledger
from claimledger.checks.log_checks import check_older_log, check_log, check_records
from claimledger.checks.private_evidence_checks import check_private_evidence
from claimledger.checks.public_form_checks import check_privacy, check_public_forms
from claimledger.checks.public_records import PublicRecords
from claimledger.checks.results import CheckResult, run_guarded
from claimledger.checks.shared_file_checks import check_shared_evidence, check_shared_texts
from claimledger.checks.verdict_history import check_verdicts
from claimledger.ledger.files import LedgerPaths


def run_checks(places: LedgerPaths, against: Path | None = None) -> Iterator[CheckResult]:
    """Run every check and yield each result when it is ready; `against` is the folder of an older copy of the log."""
    yield run_guarded("log", lambda: check_log(places.log))
    yield run_guarded("records", lambda: check_records(places.log))
    yield run_guarded("older log", lambda: check_older_log(against, places.log))
    yield run_guarded("checkpoints", lambda: check_checkpoints(places.log, places.desk))
    yield run_guarded("desk", lambda: check_store(places))
    yield from _check_public_records(places)
    yield run_guarded("ledger.db", lambda: check_ledger(places))
    yield run_guarded("public forms", lambda: check_public_forms(places))
    yield run_guarded("private", lambda: check_privacy(places))
    yield run_guarded("desk evidence", lambda: check_private_evidence(places))
    yield run_guarded("folder", lambda: check_folder(places))


def _check_public_records(places: LedgerPaths) -> Iterator[CheckResult]:
    """Run the checks of the newest public records, which are in memory only during these."""
    public = PublicRecords(places.log)
    yield run_guarded("claim files", lambda: check_text_form(places, public))
    yield run_guarded("references", lambda: check_references(public))
    yield run_guarded("names", lambda: check_names(public.claims))
    yield run_guarded("verdicts", lambda: check_verdicts(places.log))
    yield run_guarded("evidence", lambda: check_shared_evidence(places))
    yield run_guarded("texts", lambda: check_shared_texts(places))
    yield run_guarded("agreement", lambda: check_agreement(places, public))
    yield run_guarded("computed", lambda: check_computed(public))
