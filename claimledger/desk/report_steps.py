"""The steps of a reader's report: it comes in, is listed, and is closed or opened again with a reason."""

from __future__ import annotations

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.newsroom import reader_reports as keeping
from claimledger.ledger.files import Places
from claimledger.newsroom.reader_reports import Incoming, Report
from claimledger.workflow import Case, Staff, decide
from claimledger.vocabulary import Action, ReportStage


def report(places: Places, incoming: Incoming, *, address: str, clock: Clock = utc_now) -> int:
    """Keep what a reader says is wrong with a public claim; `address` is the client's, for holding back a flood.

    Raises:
        ProblemsFound, NotFound, ReportsThrottled: it is not taken; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        return keeping.keep_report(connection, incoming, address=address, now=clock())


def reports(places: Places, reader: Staff) -> tuple[list[Report], int]:
    """Return the newest reports, open ones first, and how many there are.

    How to reach who sent one is told to whom the table says.
    """
    with open_store(places) as store:
        found, count = keeping.reports(store)
    return [_as_told(one, reader) for one in found], count


def _as_told(one: Report, reader: Staff) -> Report:
    return one._replace(contact="") if decide(Action.READ_CONTACT, Case(report=one.stage), reader) else one


def open_report_count(places: Places) -> int:
    """Return how many reports are open."""
    with open_store(places) as store:
        return keeping.open_count(store)


def close_report(places: Places, report_id: int, actor: Staff, *, reason: str, clock: Clock = utc_now) -> None:
    """Close a report, which deletes how to reach its reader.

    Raises:
        NotFound: there is no such report.
        ProblemsFound: the table forbids it.
    """
    _settle(places, Action.CLOSE_REPORT, report_id, actor, reason, clock)


def reopen_report(places: Places, report_id: int, actor: Staff, *, reason: str, clock: Clock = utc_now) -> None:
    """Open a report again.

    Raises:
        NotFound: there is no such report.
        ProblemsFound: the table forbids it.
    """
    _settle(places, Action.REOPEN_REPORT, report_id, actor, reason, clock)


def _settle(places: Places, action: Action, report_id: int, actor: Staff, reason: str, clock: Clock) -> None:
    with open_store(places) as store, store.writing() as connection:
        stands = keeping.report(connection, report_id).stage
        demand_allowed(action, actor, Case(report=stands), reason=reason)
        becomes = ReportStage.CLOSED if stands is ReportStage.OPEN else ReportStage.OPEN
        keeping.settle_report(connection, report_id, becomes, reason=reason, author=actor.name, now=clock())
