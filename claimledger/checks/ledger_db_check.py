"""The check of ledger.db against a fresh build."""

from __future__ import annotations
import sqlite3
from claimledger.ledger import log
from claimledger.checks.results import READ_FAILURES, CheckResult
from claimledger.errors import Problem
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_db, sum_check


def check_ledger(places: LedgerPaths) -> CheckResult:
    """Compare ledger.db with a fresh build from the log and the published texts."""
    if not places.ledger.exists():
        return CheckResult("ledger.db", "there is none; 'claimledger build' makes it", has_run=False)
    try:
        problems = ledger_db.find_differences(places.ledger, log.read_log(places.log), places.shared_texts)
    except READ_FAILURES:
        return _check_sums(places)
    return CheckResult("ledger.db", "every row and the schema against a fresh build from the log", tuple(problems))


def _check_sums(places: LedgerPaths) -> CheckResult:
    """Compare the rows with the checksums in the file, because a log that cannot be read makes no fresh build."""
    try:
        with ledger_db.open_read_only(places.ledger) as connection:
            altered = sum_check.find_altered_tables(connection)
    except sqlite3.DatabaseError as error:
        problems = [Problem("unreadable-projection", file="ledger.db", reason=str(error))]
    else:
        problems = [Problem("altered-sums", file="ledger.db", table=table) for table in altered]
    return CheckResult(
        "ledger.db", "the log cannot be read on; the rows against their checksums", tuple(problems), bool(problems)
    )
