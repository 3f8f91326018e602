"""The steps of a reader's report: it comes in, is listed, and is closed or opened again with a reason."""

from __future__ import annotations

from claimledger.desk.opening import Clock, open_store, utc_now
from claimledger.errors import ProblemsFound
from claimledger.ledger import reports as keeping
from claimledger.ledger.files import Places
from claimledger.ledger.reports import Incoming, Report
from claimledger.review import Case, Staff, decide
from claimledger.vocabulary import Action, RecordStage, Role


def report(places: Places, incoming: Incoming, *, address: str, clock: Clock = utc_now) -> int:
    """Keep what a reader says is wrong with a public claim; `address` is the client's, for holding back a flood.

    Raises:
        ProblemsFound, NotFound, ReportsThrottled: it is not taken; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        return keeping.keep_report(connection, incoming, address=address, now=clock())


def reports(places: Places, actor: Staff) -> tuple[list[Report], int]:
    """Return the newest reports, open ones first, and how many there are; only an editor sees how to reach a reader."""
    with open_store(places) as store:
        found, count = keeping.reports(store)
    return found if Role.EDITOR in actor.roles else [one._replace(contact="") for one in found], count


def open_report_count(places: Places) -> int:
    """Return how many reports are open."""
    with open_store(places) as store:
        return keeping.open_count(store)


def close_report(places: Places, report_id: int, actor: Staff, *, reason: str, clock: Clock = utc_now) -> None:
    """Close a report, which deletes how to reach its reader.

    Raises:
        NotFound: there is no such report, or it is closed already.
        ProblemsFound: there is no reason, or the table forbids it: who may comment on a claim may settle its reports.
    """
    _settle(places, report_id, actor, reason, clock, closes=True)


def reopen_report(places: Places, report_id: int, actor: Staff, *, reason: str, clock: Clock = utc_now) -> None:
    """Open a closed report again.

    Raises:
        NotFound: there is no such report, or it is open.
        ProblemsFound: there is no reason, or the table forbids it.
    """
    _settle(places, report_id, actor, reason, clock, closes=False)


def _settle(places: Places, report_id: int, actor: Staff, reason: str, clock: Clock, *, closes: bool) -> None:
    if problems := decide(Action.COMMENT, Case(RecordStage.LISTED), actor):
        raise ProblemsFound(problems)
    with open_store(places) as store, store.writing() as connection:
        keeping.settle_report(connection, report_id, closes=closes, reason=reason, author=actor.name, now=clock())
