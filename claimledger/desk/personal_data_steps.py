"""The steps for personal data: export what the desk stores about a person or a report, and erase what it need not keep.

An administrator may do both. Backups, copies and replicas of the store keep what was erased until they are deleted.
"""

from __future__ import annotations

from typing import Any

from claimledger.accounts import personal_data
from claimledger.desk.step_setup import demand_allowed, open_for_accounts
from claimledger.desk_vocabulary import Action
from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import Case, StaffMember


def export_person_data(places: LedgerPaths, name: str, reader: StaffMember) -> dict[str, Any]:
    """Return everything that the desk stores about a person, as JSON values by table."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        return personal_data.person_data(store.connection, name)


def export_report_data(places: LedgerPaths, number: int, reader: StaffMember) -> dict[str, Any]:
    """Return everything that the desk stores about a reader's report, as JSON values."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        return personal_data.report_data(store.connection, number)


def forget_person_data(places: LedgerPaths, name: str, actor: StaffMember) -> int:
    """Erase the password, display names, addresses and browsers of a deactivated person; return the rows changed."""
    demand_allowed(Action.DEACTIVATE, actor, Case(account_owner=name))
    with open_for_accounts(places) as store, store.erasing() as connection:
        return personal_data.forget_person(connection, name)


def forget_report_data(places: LedgerPaths, number: int, actor: StaffMember) -> None:
    """Erase the text and the contact of a reader's report."""
    demand_allowed(Action.DEACTIVATE, actor, Case())
    with open_for_accounts(places) as store, store.erasing() as connection:
        personal_data.forget_report(connection, number)
