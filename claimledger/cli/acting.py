"""The person who acts on the command line, identified by a token.

The token comes from the variable `CLAIMLEDGER_TOKEN` or from the file named with --token-file. The person has the
roles that are stored for them at this moment. No command that changes the ledger accepts a typed name instead.
"""

from __future__ import annotations

import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from claimledger.errors import LedgerError, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimledger.desk.account_steps import Person
    from claimledger.newsroom.edit_input import Edit
    from claimledger.ledger.files import LedgerPaths
    from claimledger.workflow import StaffMember

Result = TypeVar("Result")

TOKEN_VARIABLE = "CLAIMLEDGER_TOKEN"  # noqa: S105  the name of a variable
"""The environment variable with the token of the person who acts."""
_FILE = "claimledger.token_file"
"""The key under which click's context stores the file named with --token-file."""


class TokenNeeded(LedgerError):
    """Raised when a command that changes the ledger was given no token."""

    def __init__(self, *, is_empty: bool) -> None:
        """Explain how to get a token and, if the desk has no people yet, how to add the first person."""
        super().__init__("first-person" if is_empty else "")


class TokenRefused(LedgerError):
    """Raised when a token belongs to no active person."""


def remember_token_file(context: click.Context, file: Path | None) -> None:
    """Remember the file with the token for the command that runs next."""
    context.meta[_FILE] = file


def pass_ledger(command: Callable[..., Result]) -> Callable[..., Result]:
    """Pass the ledger's paths to a command that only reads; without a ledger it says so and makes no file.

    Raises:
        NotFound: the folder has neither a log nor a desk.
    """

    @click.pass_obj
    @wraps(command)
    def run(places: LedgerPaths, /, *arguments: Any, **options: Any) -> Result:  # noqa: ANN401  click's arguments
        if not places.has_ledger:
            raise NotFound("ledger", str(places.root))
        return command(places, *arguments, **options)

    return run


def current_actor(places: LedgerPaths) -> StaffMember:
    """Return the person whose token was given, with their roles.

    Raises:
        TokenNeeded: no token was given.
        TokenRefused: the token belongs to no active person.
    """
    from claimledger.desk import account_steps
    from claimledger.workflow import StaffMember

    token = _read_token()
    if not token:
        raise TokenNeeded(is_empty=not places.desk.exists() or account_steps.has_no_users(places))
    person = _token_owner(places, token)
    return StaffMember(person.name, person.roles)


def account_admin(places: LedgerPaths) -> str:
    """Return the name of the token's owner or, without a token, the name of this machine's console, which needs none.

    Raises:
        TokenRefused: a token was given that belongs to no active person.
    """
    from claimledger.accounts.credential_rules import CONSOLE_AUTHOR

    token = _read_token()
    return _token_owner(places, token).name if token else CONSOLE_AUTHOR


def _token_owner(places: LedgerPaths, token: str) -> Person:
    from claimledger.desk import account_steps

    person = account_steps.find_token_user(places, token) if places.desk.exists() else None
    if not person:
        raise TokenRefused
    return person


def _read_token() -> str:
    file: Path | None = click.get_current_context().meta.get(_FILE)
    return (file.read_text(encoding="utf-8") if file else os.environ.get(TOKEN_VARIABLE, "")).strip()


def edit_from_options(
    actor: StaffMember,
    reason: str,
    *,
    kind: str | None = None,
    correction: str | None = None,
    note_en: str | None = None,
    note_ko: str | None = None,
) -> Edit:
    """Return an edit with its author, made from the options of a command."""
    from claimledger.cli.options import text_by_language
    from claimledger.newsroom.edit_input import make_edit

    note = text_by_language(note_en, note_ko)
    return make_edit(author=actor.name, reason=reason, kind=kind, correction=correction, note=note, roles=actor.roles)
