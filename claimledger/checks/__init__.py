"""The checks that `claimledger check` runs, in their order.

Checks report every problem and never repair one. A check that cannot go on reports it and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from claimledger.checks.agreement_check import check_agreement
from claimledger.checks.checkpoint_check import check_checkpoints
from claimledger.checks.claim_file_checks import check_names, check_references, check_text_form
from claimledger.checks.consistency_check import check_computed
from claimledger.checks.desk_store_check import check_store
from claimledger.checks.earlier_results import ALWAYS, EarlierResults, LedgerPart
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

_LOG, _CLAIMS, _DESK, _EVIDENCE, _LEDGER = LedgerPart


class CheckRun(NamedTuple):
    """One run of the checks: everything that they may read."""

    places: LedgerPaths
    """The files of the ledger."""
    public: PublicRecords
    """The newest public records, read at the first use."""
    against: Path | None
    """The folder of an older copy of the log."""


class Check(NamedTuple):
    """A check, with the files that it reads."""

    name: str
    """Its name."""
    parts: frozenset[LedgerPart]
    """The parts of the folder on which its result depends; `ALWAYS` if it runs even if these did not change."""
    run: Callable[[CheckRun], CheckResult]
    """The function that runs it."""


def _check(name: str, parts: frozenset[LedgerPart] | set[LedgerPart], run: Callable[[CheckRun], CheckResult]) -> Check:
    return Check(name, frozenset(parts), run)


_LOG_CHECKS = (
    _check("log", ALWAYS, lambda given: check_log(given.places.log)),
    _check("records", {_LOG}, lambda given: check_records(given.places.log)),
    _check("older log", ALWAYS, lambda given: check_older_log(given.against, given.places.log)),
    _check("checkpoints", {_LOG, _DESK, _LEDGER}, lambda given: check_checkpoints(given.places.log, given.places.desk)),
    _check("desk", {_LOG, _DESK}, lambda given: check_store(given.places)),
)
_RECORD_CHECKS = (
    _check("claim files", {_LOG, _CLAIMS, _DESK}, lambda given: check_text_form(given.places, given.public)),
    _check("references", {_LOG}, lambda given: check_references(given.public)),
    _check("names", {_LOG}, lambda given: check_names(given.public.claims)),
    _check("verdicts", {_LOG}, lambda given: check_verdicts(given.places.log)),
    _check("evidence", {_LOG, _CLAIMS}, lambda given: check_shared_evidence(given.places)),
    _check("texts", {_LOG, _CLAIMS}, lambda given: check_shared_texts(given.places)),
    _check("agreement", {_LOG, _DESK}, lambda given: check_agreement(given.places, given.public)),
    _check("computed", {_LOG}, lambda given: check_computed(given.public)),
)
_DATABASE_CHECKS = (
    _check("ledger.db", {_LOG, _CLAIMS, _LEDGER}, lambda given: check_ledger(given.places)),
    _check("public forms", {_LOG, _DESK}, lambda given: check_public_forms(given.places)),
    _check("private", {_LOG, _CLAIMS, _DESK, _LEDGER}, lambda given: check_privacy(given.places)),
    _check("desk evidence", {_DESK, _EVIDENCE}, lambda given: check_private_evidence(given.places)),
    _check("folder", ALWAYS, lambda given: check_folder(given.places)),
)
CHECK_GROUPS: tuple[tuple[Check, ...], ...] = (_LOG_CHECKS, _RECORD_CHECKS, _DATABASE_CHECKS)
"""All checks in order; the public records are in memory only during the group that needs them."""


def run_checks(
    places: LedgerPaths, against: Path | None = None, earlier: EarlierResults | None = None
) -> Iterator[CheckResult]:
    """Run every check and yield each result when it is ready; `against` is the folder of an older copy of the log.

    With `earlier`, a check is left out if nothing that it reads changed since it found no problem, and the results of
    this run are added.
    """
    for group in CHECK_GROUPS:
        given = CheckRun(places, PublicRecords(places.log), against)
        for check in group:
            result = earlier.find(check.name, check.parts) if earlier else None
            if result is None:
                result = run_guarded(check.name, partial(check.run, given))
                if earlier:
                    earlier.add(check.name, check.parts, result)
            yield result
