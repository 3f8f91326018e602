"""Who acts on the command line: the person a token is of.

In: the token in `CLAIMLEDGER_TOKEN`, or in the file named with --token-file. Out: who acts, with the roles they have at
this moment. The invariant: no command that changes the ledger takes a name from whoever types it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.errors import LedgerError

if TYPE_CHECKING:
    from claimledger.desk.account_steps import Person
    from claimledger.newsroom.edit_input import Edit
    from claimledger.ledger.files import Places
    from claimledger.workflow import Staff

VARIABLE = "CLAIMLEDGER_TOKEN"
"""Environment variable that holds the token of who acts."""
_FILE = "claimledger.token_file"
"""Where click's context keeps the file named with --token-file."""


class TokenNeeded(LedgerError):
    """A command changes the ledger, and nobody says who does it."""

    def __init__(self, *, is_empty: bool) -> None:
        """Say how to get a token; on a desk without people, how to add the first."""
        first = "There is nobody on this desk yet. Run 'claimledger person add NAME --role checker --role editor'. "
        how = "Run 'claimledger token new NAME --label here' and put what it prints into CLAIMLEDGER_TOKEN"
        super().__init__(
            f"Who does this takes a token. {first if is_empty else ''}{how}, or name its file: --token-file."
        )


class TokenRefused(LedgerError):
    """A token is nobody's."""

    def __init__(self) -> None:
        """Say the same of a token that was revoked, one that never was, and one of somebody inactive."""
        super().__init__(
            f"The token is nobody's, or no longer. Take it out of {VARIABLE} (or leave --token-file out), then get "
            "another: 'claimledger token new NAME --label here'."
        )


def keep_token_file(context: click.Context, file: Path | None) -> None:
    """Remember, for the command that runs, which file holds the token."""
    context.meta[_FILE] = file


def who_acts(places: Places) -> Staff:
    """Return whose token was given.

    Raises:
        TokenNeeded, TokenRefused: none was, or it is nobody's.
    """
    from claimledger.desk import account_steps
    from claimledger.workflow import Staff

    token = _token()
    if not token:
        raise TokenNeeded(is_empty=not places.desk.exists() or account_steps.is_nobody_there(places))
    person = _holder(places, token)
    return Staff(person.name, person.roles)


def who_keeps_accounts(places: Places) -> str:
    """Return who changes an account: whose token was given; without one the console of this machine, which needs none.

    Raises:
        TokenRefused: a token was given that is nobody's.
    """
    from claimledger.accounts.credential_rules import CONSOLE

    token = _token()
    return _holder(places, token).name if token else CONSOLE


def _holder(places: Places, token: str) -> Person:
    from claimledger.desk import account_steps

    person = account_steps.token_holder(places, token) if places.desk.exists() else None
    if not person:
        raise TokenRefused
    return person


def _token() -> str:
    file: Path | None = click.get_current_context().meta.get(_FILE)
    return (file.read_text(encoding="utf-8") if file else os.environ.get(VARIABLE, "")).strip()


def edit_by(
    who: Staff,
    reason: str,
    *,
    kind: str | None = None,
    correction: str | None = None,
    note_en: str | None = None,
    note_ko: str | None = None,
) -> Edit:
    """Return an edit of who acts, from what they typed."""
    from claimledger.cli.options import by_language
    from claimledger.newsroom.edit_input import make_edit

    note = by_language(note_en, note_ko)
    return make_edit(author=who.name, reason=reason, kind=kind, correction=correction, note=note, roles=who.roles)
