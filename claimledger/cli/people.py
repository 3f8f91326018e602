"""The commands on people and their tokens. Whoever can write desk.db's folder is the administrator here.

What is done is kept under the name of whose token was given, without one of the console: nobody types a name to act
under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import VARIABLE, who_keeps_accounts
from claimledger.cli.reading import LANGUAGE

if TYPE_CHECKING:
    from claimledger.ledger.files import Places
    from claimledger.rendering import Language
    from claimledger.workflow import Staff

ROLES = ("checker", "editor", "admin")
_role = click.option(
    "--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="What the person may do."
)


@click.group()
def person() -> None:
    """Look after the people of the desk.

    Whoever can write the folder of desk.db may do this; nobody is asked for a password.
    """


@person.command()
@click.argument("name")
@_role
@click.option("--shown", help="The name that the desk shows; NAME if none is given.")
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", show_default=True, help="Their language.")
@click.pass_obj
def add(places: Places, name: str, roles: tuple[str, ...], shown: str | None, lang: str) -> None:
    """Add somebody.

    NAME is what stands in the log for them, and never changes: at most 40 of a-z, 0-9, '.', '_' and '-'.
    """
    from claimledger.desk import account_steps

    account_steps.add_person(places, name, roles=roles, actor=_actor(places), shown_name=shown, language=lang)
    click.echo(f"Run 'claimledger person link {name}' for the link with which they set a password.", err=True)


def _actor(places: Places) -> Staff:
    """Return who looks after the accounts from here: an administrator, whatever roles that name has on the desk."""
    from claimledger.workflow import Staff
    from claimledger.vocabulary import Role

    return Staff(who_keeps_accounts(places), (Role.ADMIN,))


@person.command("list")
@LANGUAGE
@click.pass_obj
def list_(places: Places, lang: Language) -> None:
    """List everybody, inactive people too."""
    from claimledger import rendering
    from claimledger.desk import account_steps

    reader = _actor(places)
    with_password = account_steps.with_password(places, reader)
    known = [(one, one.name in with_password) for one in account_steps.everybody(places, reader)]
    if known:
        click.echo(rendering.people_table(known, lang))
    else:
        click.echo("There is nobody yet. Run 'claimledger person add'.", err=True)


@person.command("roles")
@click.argument("name")
@_role
@click.pass_obj
def roles_(places: Places, name: str, roles: tuple[str, ...]) -> None:
    """Give somebody these roles, and take away the others."""
    from claimledger.desk import account_steps

    account_steps.change_roles(places, name, roles=roles, actor=_actor(places))


@person.command()
@click.argument("name")
@click.pass_obj
def deactivate(places: Places, name: str) -> None:
    """Let somebody in no longer; their name stays in the log, and nobody else gets it.

    Their sessions, links and tokens end.
    """
    from claimledger.desk import account_steps

    account_steps.deactivate(places, name, actor=_actor(places))


@person.command()
@click.argument("name")
@click.pass_obj
def reactivate(places: Places, name: str) -> None:
    """Let somebody in again, with the roles and the password they had."""
    from claimledger.desk import account_steps

    account_steps.reactivate(places, name, actor=_actor(places))


@person.command()
@click.argument("name")
@click.pass_obj
def link(places: Places, name: str) -> None:
    """Print a link with which somebody sets a password, once; it replaces the one before.

    It is the end of the address: put that of the server before it, and send it to nobody else.
    """
    from claimledger.desk import account_steps

    click.echo(account_steps.invite(places, name, actor=_actor(places)))


@click.group()
def token() -> None:
    """Look after the tokens that say who acts on the command line.

    Whoever can write the folder of desk.db may do this; nobody is asked for a password.
    """


@token.command("new")
@click.argument("name")
@click.option("--label", required=True, help="What it is for, such as the machine it is used on.")
@click.option("--export", is_flag=True, help="Print it as a line that a POSIX shell runs: eval $(...).")
@click.pass_obj
def new_token(places: Places, name: str, label: str, export: bool) -> None:
    """Print a new token of somebody. It is shown this once.

    Commands that change the ledger take it from CLAIMLEDGER_TOKEN, or from a file (--token-file).
    """
    from claimledger.desk import account_steps

    secret = account_steps.issue_token(places, name, label, actor=_actor(places))
    click.echo(f"export {VARIABLE}={secret}" if export else secret)


@token.command("list")
@click.argument("name")
@LANGUAGE
@click.pass_obj
def list_tokens(places: Places, name: str, lang: Language) -> None:
    """List somebody's tokens: label, who issued it, when, and when it was last used."""
    from claimledger import rendering
    from claimledger.desk import account_steps

    found = account_steps.tokens_of(places, name, _actor(places))
    if found:
        click.echo(rendering.token_table(found, lang))
    else:
        click.echo(f"'{name}' has no token.", err=True)


@token.command()
@click.argument("name")
@click.argument("label")
@click.pass_obj
def revoke(places: Places, name: str, label: str) -> None:
    """End a token of somebody."""
    from claimledger.desk import account_steps

    account_steps.revoke_token(places, name, label, actor=_actor(places))
