"""The commands for people and their tokens. A user who can write the folder of desk.db is the administrator here.

Each action is stored under the name of the token's owner or, without a token, under the name of the console. No one
can type a name to act under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import TOKEN_VARIABLE, account_admin, pass_ledger
from claimledger.cli.reading import LANGUAGE_OPTION
from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage
    from claimledger.workflow import StaffMember

ROLES = ("checker", "editor", "admin")
_role = click.option(
    "--role",
    "roles",
    type=click.Choice(ROLES),
    multiple=True,
    required=True,
    help="A role of the person; may be repeated.",
)


@click.group()
def person() -> None:
    """Manage the people of the desk.

    Everyone who can write the folder of desk.db may do this; no password is needed.
    """


@person.command()
@click.argument("name")
@_role
@click.option("--shown", help="The display name (default: NAME).")
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", show_default=True, help="The person's language.")
@click.option("--email", default="", metavar="ADDRESS", help="The person's e-mail address; it is never published.")
@click.pass_obj
def add(places: LedgerPaths, name: str, roles: tuple[str, ...], shown: str | None, lang: str, email: str) -> None:
    """Add a person.

    NAME identifies the person in the log and never changes: at most 40 of a-z, 0-9, '.', '_' and '-'.
    """
    from claimledger.desk import account_steps

    account_steps.add_user(
        places, name, roles=roles, actor=_actor(places), shown_name=shown, language=lang, address=email
    )
    click.echo(f"Run 'claimledger person link {name}' to get a link for setting the password.", err=True)


def _actor(places: LedgerPaths) -> StaffMember:
    """Return the person who manages accounts here: an administrator, with no editorial role."""
    from claimledger.workflow import StaffMember
    from claimledger.desk_vocabulary import Role

    return StaffMember(account_admin(places), (Role.ADMIN,))


@person.command("list")
@LANGUAGE_OPTION
@pass_ledger
def list_(places: LedgerPaths, lang: TerminalLanguage) -> None:
    """List all people, including inactive ones."""
    from claimledger import rendering
    from claimledger.desk import account_steps

    reader = _actor(places)
    with_password = account_steps.users_with_password(places, reader)
    people = [(person, person.name in with_password) for person in account_steps.list_users(places, reader)]
    if people:
        click.echo(rendering.people_table(people, account_steps.list_user_addresses(places, reader), lang))
        for line in rendering.warn_of_second_accounts(*account_steps.find_accounts_of_one(places, reader), lang):
            click.echo(line, err=True)
    else:
        click.echo("No one is registered yet. Run 'claimledger person add'.", err=True)


@person.command("roles")
@click.argument("name")
@_role
@click.pass_obj
def roles_(places: LedgerPaths, name: str, roles: tuple[str, ...]) -> None:
    """Give a person these roles and remove all others."""
    from claimledger.desk import account_steps

    account_steps.change_user_roles(places, name, roles=roles, actor=_actor(places))


@person.command()
@click.argument("name")
@click.argument("address", default="")
@click.pass_obj
def email(places: LedgerPaths, name: str, address: str) -> None:
    """Set a person's e-mail address, or remove it if you give no ADDRESS. It is never published."""
    from claimledger.desk import account_steps

    account_steps.change_user_address(places, name, address=address, actor=_actor(places))


@person.command()
@click.argument("name")
@click.pass_obj
def deactivate(places: LedgerPaths, name: str) -> None:
    """Deactivate a person; their name stays in the log, and no one else can get it.

    Their sessions, links and tokens end.
    """
    from claimledger.desk import account_steps

    account_steps.deactivate_user(places, name, actor=_actor(places))


@person.command()
@click.argument("name")
@click.pass_obj
def reactivate(places: LedgerPaths, name: str) -> None:
    """Reactivate a person with the roles and the password they had."""
    from claimledger.desk import account_steps

    account_steps.reactivate_user(places, name, actor=_actor(places))


@person.command()
@click.argument("name")
@click.pass_obj
def link(places: LedgerPaths, name: str) -> None:
    """Print a one-time link for a person to set a password; it replaces the previous link.

    The link is the end of an address: put the address of your server before it, and send it only to that person.
    """
    from claimledger.desk import account_steps

    click.echo(account_steps.invite_user(places, name, actor=_actor(places)))


_report = click.option(
    "--report", type=click.IntRange(min=1), help="A reader's report, by its number, instead of NAME."
)


@person.command("export")
@click.argument("name", required=False)
@_report
@click.pass_obj
def export_(places: LedgerPaths, name: str | None, report: int | None) -> None:
    """Print everything that the desk stores about a person, or about a reader's report, as JSON.

    Published entries are listed by their numbers in the log. Secrets are left out.
    """
    import json

    from claimledger.desk import personal_data_steps as steps

    _demand_one(name, report)
    data = (
        steps.export_report_data(places, report, _actor(places)) if report
        else steps.export_person_data(places, name or "", _actor(places))
    )  # fmt: skip
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@person.command()
@click.argument("name", required=False)
@_report
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_obj
def forget(places: LedgerPaths, name: str | None, report: int | None, *, yes: bool) -> None:
    """Erase personal data that the desk need not keep.

    Of a deactivated person, these are the password, the display names, the e-mail addresses, and the network addresses
    and browsers of sign-ins. The name in the log stays, because every entry needs its author. Of a reader's report,
    these are text and contact.
    """
    from claimledger.desk import personal_data_steps as steps

    _demand_one(name, report)
    if not yes:
        click.confirm("Erase this? It cannot be undone.", abort=True, err=True)
    if report:
        steps.forget_report_data(places, report, _actor(places))
        click.echo(f"Report {report}: text and contact are erased.")
    else:
        count = steps.forget_person_data(places, name or "", _actor(places))
        click.echo(f"{name}: {format_count(count, 'row', 'rows')} erased. The name stays in the log.")
    click.echo("Backups and replicas made before keep the data until you delete them.", err=True)


def _demand_one(name: str | None, report: int | None) -> None:
    if bool(name) == bool(report):
        raise click.UsageError("Give NAME or --report.")


@click.group()
def token() -> None:
    """Manage the tokens that say who acts on the command line.

    Everyone who can write the folder of desk.db may do this; no password is needed.
    """


@token.command("new")
@click.argument("name")
@click.option("--label", required=True, help="A label, for example the machine it is used on.")
@click.option("--export", is_flag=True, help="Print it as a line for a POSIX shell: eval $(...).")
@click.pass_obj
def new_token(places: LedgerPaths, name: str, label: str, export: bool) -> None:
    """Print a new token for a person. It is shown only once.

    Commands that change the ledger read it from CLAIMLEDGER_TOKEN or from a file (--token-file).
    """
    from claimledger.desk import account_steps

    secret = account_steps.issue_user_token(places, name, label, actor=_actor(places))
    click.echo(f"export {TOKEN_VARIABLE}={secret}" if export else secret)


@token.command("list")
@click.argument("name")
@LANGUAGE_OPTION
@pass_ledger
def list_tokens(places: LedgerPaths, name: str, lang: TerminalLanguage) -> None:
    """List a person's tokens: the label, who issued it, when, and when it was last used."""
    from claimledger import rendering
    from claimledger.desk import account_steps

    found = account_steps.list_user_tokens(places, name, _actor(places))
    if found:
        click.echo(rendering.token_table(found, lang))
    else:
        click.echo(f"'{name}' has no tokens.", err=True)


@token.command()
@click.argument("name")
@click.argument("label")
@click.pass_obj
def revoke(places: LedgerPaths, name: str, label: str) -> None:
    """Revoke a person's token."""
    from claimledger.desk import account_steps

    account_steps.revoke_user_token(places, name, label, actor=_actor(places))
