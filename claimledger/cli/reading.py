"""The commands that show the published ledger."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import pass_ledger
from claimledger.cli.progress import progress
from claimledger.counting import format_count

if TYPE_CHECKING:
    from datetime import datetime

    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage

LANGUAGE_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ko"]), default="en", envvar="CLAIMLEDGER_LANG", show_default=True,
    help="Language of labels and statements.",
)  # fmt: skip
STATUSES = (
    "not_checked", "supported", "refuted", "conflicting_evidence", "not_enough_evidence", "nothing_found",
    "not_checkable",
)  # fmt: skip
JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


@click.command("list")
@click.option("--article", help="Only this article (its identifier).")
@click.option("--speaker", help="Only this speaker (English or Korean name).")
@click.option("--kind", type=click.Choice(["quantitative", "attributed", "both", "event"]), help="Only this kind.")
@click.option("--status", "verification_status", type=click.Choice(STATUSES), help="Only this verification status.")
@click.option("--topic", help="Only claims with this topic.")
@click.option("--currency", help="Only claims with a figure in this currency (ISO 4217).")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="List the claims as of the end of this day (UTC).")
@JSON_OPTION
@LANGUAGE_OPTION
@pass_ledger
def list_(
    places: LedgerPaths, /, on: datetime | None, as_json: bool, lang: TerminalLanguage, **filters: str | None
) -> None:
    """List the claims of the published ledger, today or on a past date."""
    from claimledger import rendering
    from claimledger.publishing import ledger_reader

    chosen, redacted = {name: value for name, value in filters.items() if value is not None}, 0
    with ledger_reader.open_ledger(up_to_date_ledger(places)) as connection:
        if on:
            rows, redacted = ledger_reader.list_claims_as_of(connection, chosen, on.date())
        else:
            rows = [dict(row) for row in ledger_reader.list_claims(connection, chosen)]
        names = ledger_reader.korean_names(connection) if lang == "ko" else {}
    if as_json:
        click.echo(_json(rows))
    elif rows:
        click.echo(rendering.claim_table(rows, names, lang, terminal_width()))
    else:
        click.echo("No claims match these filters.", err=True)
    if redacted:
        hidden = format_count(redacted, "claim", "claims")
        click.echo(f"Not listed: {hidden} whose content of that day was redacted later.", err=True)


def terminal_width() -> int | None:
    """Return the terminal's width in cells; None in a pipe, where lines are not wrapped."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def up_to_date_ledger(places: LedgerPaths) -> Path:
    """Return the path of ledger.db, updated first if it is older than the log.

    Raises:
        NotFound: the folder has no log and no ledger.db; a command that reads makes none.
    """
    from claimledger.desk import publish_steps
    from claimledger.errors import NotFound

    if not places.log.is_dir() and not places.ledger.is_file():
        raise NotFound("ledger", str(places.root))
    with progress("Building ledger.db") as tick:
        publish_steps.build_ledger(places, tick)
    return places.ledger


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@click.command()
@click.argument("claim_id")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Show the record at the end of this day (UTC).")
@JSON_OPTION
@LANGUAGE_OPTION
@pass_ledger
def show(places: LedgerPaths, claim_id: str, on: datetime | None, as_json: bool, lang: TerminalLanguage) -> None:
    """Show a claim, today or on a past date."""
    from claimledger import rendering
    from claimledger.publishing import ledger_reader

    with ledger_reader.open_ledger(up_to_date_ledger(places)) as connection:
        revision = ledger_reader.claim_revision(connection, claim_id, on.date() if on else None)
    click.echo(_json(revision) if as_json else rendering.claim_text(revision, lang))


@click.command()
@click.argument("claim_id")
@JSON_OPTION
@LANGUAGE_OPTION
@pass_ledger
def history(places: LedgerPaths, claim_id: str, as_json: bool, lang: TerminalLanguage) -> None:
    """Show the version history of a claim: what changed, when, by whom and why."""
    from claimledger import rendering
    from claimledger.publishing import ledger_reader

    with ledger_reader.open_ledger(up_to_date_ledger(places)) as connection:
        revisions = ledger_reader.claim_revisions(connection, claim_id)
        rows = ledger_reader.claim_history(connection, claim_id)
    click.echo(_json(rows) if as_json else rendering.history_text(revisions, rows, lang))


@click.command()
@click.argument("claim_id", required=False)
@click.option("--article", help="Only claims of this article (its identifier).")
@click.option("--code", help="Only this code (listed in docs/computed-checks.md).")
@click.option("--severity", type=click.Choice(["note", "finding"]), help="Only notes, or only findings.")
@JSON_OPTION
@LANGUAGE_OPTION
@pass_ledger
def findings(places: LedgerPaths, /, as_json: bool, lang: TerminalLanguage, **filters: str | None) -> None:
    """List the results of the automatic checks of published claims: conversions, sums, intervals and evidence.

    A note is for information; a finding is for an editor to fix or to waive. The exit status is 1 if a finding is open.
    """
    from claimledger import rendering
    from claimledger.publishing import ledger_reader

    chosen_filters = {name: value for name, value in filters.items() if value}
    with ledger_reader.open_ledger(up_to_date_ledger(places)) as connection:
        rows = [dict(row) for row in ledger_reader.list_findings(connection, chosen_filters)]
    if as_json:
        click.echo(_json(rows))
    else:
        for line in rendering.finding_lines(rows, lang):
            click.echo(line)
    sys.exit(1 if any(row["severity"] == "finding" and not row["is_waived"] for row in rows) else 0)
