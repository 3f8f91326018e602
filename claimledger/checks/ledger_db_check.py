"""The check of ledger.db against a fresh build."""

from __future__ import annotations
from claimledger.ledger import log
from claimledger.checks.results import CheckResult
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_db


def check_ledger(places: LedgerPaths) -> CheckResult:
    """Compare ledger.db with a fresh build from the log and the published texts."""
    if not places.ledger.exists():
        return CheckResult("ledger.db", "there is none; 'claimledger build' makes it", has_run=False)
    problems = ledger_db.find_differences(places.ledger, log.read_log(places.log), places.shared_texts)
    return CheckResult("ledger.db", "every row and the schema against a fresh build from the log", tuple(problems))
