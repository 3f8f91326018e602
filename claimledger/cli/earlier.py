"""The commands for earlier claims: find them, relate a claim to them, and list the claims that are due for recheck."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_from_options, current_actor, pass_ledger
from claimledger.cli.language import message_language
from claimledger.cli.progress import progress
from claimledger.cli.reading import JSON_OPTION, LANGUAGE_OPTION
from claimledger.counting import format_count

if TYPE_CHECKING:
    from datetime import datetime

    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage

KEY_VARIABLE = "CLAIMLEDGER_FACT_CHECK_KEY"
"""The environment variable with the key for Google's Fact Check Tools."""
RELATIONS = ("repeats", "contradicts", "supersedes")
_CLAIM_ID = re.compile(r"[a-z0-9-]+-[a-z2-7]{4}")


@click.command()
@click.argument("claim_or_text")
@click.option("--google", is_flag=True, help=f"Search Google's Fact Check Tools too, with the key in {KEY_VARIABLE}.")
@click.option(
    "--text", "is_text", is_flag=True, help="Read CLAIM_OR_TEXT as a text, even if it looks like a claim's name."
)
@LANGUAGE_OPTION
@pass_ledger
def earlier(places: LedgerPaths, claim_or_text: str, lang: TerminalLanguage, *, google: bool, is_text: bool) -> None:
    """Find earlier claims that resemble a claim or a text, in this ledger and in checks by others.

    "Same content" means the same words in the same order; "The same figures" may still be an opposite, so read both.
    Figures, names and dates that agree or differ are shown. With --google the statement is sent to Google.
    """
    from claimledger import desk, rendering
    from claimledger.desk import lookups

    is_claim = not is_text and bool(_CLAIM_ID.fullmatch(claim_or_text))
    with progress("Indexing", "records") as tick:
        desk.complete_earlier_index(places, tick)
    found = (
        desk.find_earlier_for_claim(places, claim_or_text)
        if is_claim
        else lookups.find_earlier_for_text(places, claim_or_text)
    )
    for line in rendering.earlier_lines(found, lang):
        click.echo(line)
    if google:
        text = (
            rendering.text_in_language(lookups.claim_at_desk(places, claim_or_text).claim.statement, lang)
            if is_claim
            else claim_or_text
        )
        _print_google_reviews(text, lang)
    elif not found:
        click.echo("No similar claim, review or earlier check was found.", err=True)


def _print_google_reviews(text: str, lang: TerminalLanguage) -> None:
    from claimledger import desk, rendering

    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        raise click.UsageError(f"--google needs a key of your own Google project in {KEY_VARIABLE}.")
    found, problems = desk.search_reviews_elsewhere(text, key)
    for line in rendering.earlier_lines(found, lang):
        click.echo(line)
    for problem in problems:
        click.echo(problem.line_text(message_language()), err=True)
    click.echo(f"{format_count(len(found), 'review', 'reviews')} from Google's Fact Check Tools.", err=True)


@click.command()
@click.argument("claim_id")
@click.argument("relation", type=click.Choice(RELATIONS))
@click.argument("earlier_claim_id")
@click.option("--reason", default="Tied to an earlier claim.", show_default=True, help="The reason. It is published.")
@click.pass_obj
def relate(places: LedgerPaths, claim_id: str, relation: str, earlier_claim_id: str, reason: str) -> None:
    """Record that a claim repeats, contradicts or supersedes an earlier one; a second person approves.

    A claim that repeats another relies on its verdict. If that claim is refuted or withdrawn, this one becomes due for
    recheck.
    """
    from claimledger import desk
    from claimledger.desk import check_steps
    from claimledger.desk import lookups
    from claimledger.newsroom.edit_input import make_relation
    from claimledger.vocabulary import Relation

    actor = current_actor(places)
    found = lookups.claim_at_desk(places, claim_id)
    seen = check_steps.SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
    lookups.claim_at_desk(places, earlier_claim_id)
    related = [make_relation(Relation(relation), earlier_claim_id)]
    draft = desk.relate(places, claim_id, related, seen, edit_from_options(actor, reason))
    click.echo(f"{draft.kind}: {draft.key}" if draft else "Nothing to change: this relation is already recorded.")


@click.command()
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="List claims due on this day (default: today in the newsroom).",
)
@JSON_OPTION
@LANGUAGE_OPTION
@pass_ledger
def recheck(places: LedgerPaths, day: datetime | None, lang: TerminalLanguage, *, as_json: bool) -> None:
    """List the claims that are due for recheck.

    A claim is due if its recheck date has passed, if a document that it cites was found changed or has a new public
    version, or if a claim that it repeats was refuted or withdrawn. 'claimledger evidence settle' records that you
    rechecked a claim and that it is unchanged.
    """
    from claimledger import rendering
    from claimledger.desk import lookups

    on = day.date() if day else lookups.newsroom_day()
    rows = lookups.list_due_rechecks(places, on)
    if as_json:
        reasons = [row.reason_to_recheck(on.isoformat())._asdict() for row in rows]
        found = [
            {"claim_id": row.claim_id, **reason, "statement_en": row.statement_en, "statement_ko": row.statement_ko}
            for row, reason in zip(rows, reasons, strict=True)
        ]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in rendering.recheck_lines(rows, on.isoformat(), lang):
            click.echo(line)
    click.echo(f"{format_count(len(rows), 'claim', 'claims')} due for recheck.", err=True)
