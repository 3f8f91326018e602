"""The commands with earlier claims: found, tied to a claim, and what is to be looked at again since they changed."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_by, who_acts
from claimledger.cli.reading import AS_JSON, LANGUAGE
from claimledger.counting import counted

if TYPE_CHECKING:
    from datetime import datetime

    from claimledger.ledger.files import Places
    from claimledger.rendering import Language

KEY = "CLAIMLEDGER_FACT_CHECK_KEY"
"""Environment variable that holds the key for Google's Fact Check Tools."""
RELATIONS = ("repeats", "contradicts", "supersedes")
_CLAIM_ID = re.compile(r"[a-z0-9-]+-[a-z2-7]{4}")


@click.command()
@click.argument("claim_or_text")
@click.option("--google", is_flag=True, help=f"Ask Google's Fact Check Tools too, with the key in {KEY}.")
@click.option("--text", "is_text", is_flag=True, help="Take CLAIM_OR_TEXT for a text, though it looks like a name.")
@LANGUAGE
@click.pass_obj
def earlier(places: Places, claim_or_text: str, lang: Language, *, google: bool, is_text: bool) -> None:
    """Find what says the same as a claim or a text: in this ledger, and in others' reviews.

    Figures, names and dates decide whether it is the same, and are shown; words that are alike only rank. With --google
    the statement is sent to Google.
    """
    from claimledger import desk, rendering

    is_claim = not is_text and bool(_CLAIM_ID.fullmatch(claim_or_text))
    found = desk.earlier_than(places, claim_or_text) if is_claim else desk.earlier_claims(places, claim_or_text)
    for line in rendering.earlier_lines(found, lang):
        click.echo(line)
    if google:
        text = (
            rendering.words(desk.claim_at_desk(places, claim_or_text).claim.statement, lang)
            if is_claim
            else claim_or_text
        )
        _say_elsewhere(text, lang)
    elif not found:
        click.echo("Nothing like it is known.", err=True)
    if left := desk.earlier_left(places):
        records = counted(left, "record is", "records are")
        click.echo(f"{records} not looked at: 'claimledger build' completes the index.", err=True)


def _say_elsewhere(text: str, lang: Language) -> None:
    from claimledger import desk, rendering

    key = os.environ.get(KEY, "").strip()
    if not key:
        raise click.UsageError(f"--google takes a key of your own Google project in {KEY}.")
    found, problems = desk.reviews_elsewhere(text, key)
    for line in rendering.earlier_lines(found, lang):
        click.echo(line)
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{counted(len(found), 'review', 'reviews')} from Google's Fact Check Tools.", err=True)


@click.command()
@click.argument("claim_id")
@click.argument("relation", type=click.Choice(RELATIONS))
@click.argument("earlier_claim_id")
@click.option("--reason", default="Tied to an earlier claim.", show_default=True, help="Why; it is published.")
@click.pass_obj
def relate(places: Places, claim_id: str, relation: str, earlier_claim_id: str, reason: str) -> None:
    """Say that a claim repeats, contradicts or supersedes an earlier one; a second person approves.

    What repeats a claim rests on its check: when that claim falls, it is due again.
    """
    from claimledger import desk
    from claimledger.newsroom.edit_input import make_relation
    from claimledger.vocabulary import Relation

    who = who_acts(places)
    found = desk.claim_at_desk(places, claim_id)
    seen = desk.Seen(found.head_sha256, found.draft.draft_id if found.draft else None)
    desk.claim_at_desk(places, earlier_claim_id)
    related = [make_relation(Relation(relation), earlier_claim_id)]
    draft = desk.relate(places, claim_id, related, seen, edit_by(who, reason))
    click.echo(f"{draft.kind}: {draft.key}" if draft else "It says so already.")


@click.command()
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to look from (default: today in the newsroom)."
)
@AS_JSON
@LANGUAGE
@click.pass_obj
def recheck(places: Places, day: datetime | None, lang: Language, *, as_json: bool) -> None:
    """List the claims to be looked at again.

    Their day has passed, a document they rest on was found changed or was published anew, or a claim they repeat was
    refuted or withdrawn. 'claimledger evidence settle' says that you looked, and that the claim stands.
    """
    from claimledger import desk, rendering

    on = day.date() if day else desk.newsroom_day()
    rows = desk.rechecks(places, on)
    if as_json:
        told = [row.reason_to_recheck(on.isoformat())._asdict() for row in rows]
        found = [
            {"claim_id": row.claim_id, **why, "statement_en": row.statement_en, "statement_ko": row.statement_ko}
            for row, why in zip(rows, told, strict=True)
        ]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in rendering.recheck_lines(rows, on.isoformat(), lang):
            click.echo(line)
    click.echo(f"{counted(len(rows), 'claim', 'claims')} to look at again.", err=True)
