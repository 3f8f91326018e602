"""The steps on a reader's report: submit, list, close with a reason, open again."""

from __future__ import annotations

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.newsroom import reader_reports as keeping
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.reader_reports import NewReport, Report
from claimledger.workflow import Case, StaffMember, decide
from claimledger.desk_vocabulary import Action, ReportStage


def submit_report(places: LedgerPaths, incoming: NewReport, *, address: str, clock: Clock = utc_now) -> int:
    """Store a reader's report of an error in a public claim.

    `address` is the client's IP address, which limits the number of reports from one sender.

    Raises:
        ProblemsFound, NotFound, ReportsThrottled: the report is rejected. Nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        return keeping.store_report(connection, incoming, address=address, now=clock())


def list_reports(places: LedgerPaths, reader: StaffMember) -> tuple[list[Report], int]:
    """Return the newest reports, open ones first, and the number of all reports.

    The sender's contact is included only for people whom the workflow table allows to see it.
    """
    with open_store(places) as store:
        found, count = keeping.newest_reports(store)
    return [_visible_report(one, reader) for one in found], count


def _visible_report(one: Report, reader: StaffMember) -> Report:
    return one._replace(contact="") if decide(Action.READ_CONTACT, Case(report=one.stage), reader) else one


def open_report_count(places: LedgerPaths) -> int:
    """Return the number of open reports."""
    with open_store(places) as store:
        return keeping.count_open_reports(store)


def close_report(
    places: LedgerPaths, report_id: int, actor: StaffMember, *, reason: str, clock: Clock = utc_now
) -> None:
    """Close a report and delete the sender's contact.

    Raises:
        NotFound: the report does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    _settle(places, Action.CLOSE_REPORT, report_id, actor, reason, clock)


def reopen_report(
    places: LedgerPaths, report_id: int, actor: StaffMember, *, reason: str, clock: Clock = utc_now
) -> None:
    """Open a closed report again.

    Raises:
        NotFound: the report does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    _settle(places, Action.REOPEN_REPORT, report_id, actor, reason, clock)


def _settle(places: LedgerPaths, action: Action, report_id: int, actor: StaffMember, reason: str, clock: Clock) -> None:
    with open_store(places) as store, store.writing() as connection:
        stage = keeping.get_report(connection, report_id).stage
        demand_allowed(action, actor, Case(report=stage), reason=reason)
        new_stage = ReportStage.CLOSED if stage is ReportStage.OPEN else ReportStage.OPEN
        keeping.change_report_stage(connection, report_id, new_stage, reason=reason, author=actor.name, now=clock())
