"""The command that sends the desk's notices by e-mail, for a desk whose server does not run all the time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import pass_ledger
from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.ledger.files import LedgerPaths


@click.group()
def notices() -> None:
    """Send the desk's notices by e-mail."""


@notices.command()
@pass_ledger
def send(places: LedgerPaths) -> None:
    """Send the notices that wait, as the server of the desk does every half minute.

    The mail server is set in the table [mail] of claimledger.toml.
    """
    from claimledger.desk.notice_mail import MailOff, read_mail_settings
    from claimledger.desk.notice_steps import send_notices

    settings = read_mail_settings(places.root)
    if settings is None:
        raise MailOff
    result = send_notices(places, settings)
    click.echo(f"{format_count(result.sent, 'e-mail', 'e-mails')} sent, {result.failed} to be tried again.")
    sys.exit(1 if result.failed else 0)
