"""The check of ledger.db against a fresh build."""

from __future__ import annotations
from claimledger.ledger import log
from claimledger.checks.results import Checked
from claimledger.ledger.files import Places
from claimledger.publishing import ledger_db


def check_ledger(places: Places) -> Checked:
    """Compare ledger.db with a fresh build from the log and the published texts."""
    if not places.ledger.exists():
        return Checked("ledger.db", "there is none; 'claimledger build' makes it", is_done=False)
    problems = ledger_db.differences(places.ledger, log.read_log(places.log), places.shared_texts)
    return Checked("ledger.db", "every row and the schema against a fresh build from the log", tuple(problems))
