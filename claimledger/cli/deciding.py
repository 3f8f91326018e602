"""The commands that decide on an article's passages, and those that show what is left to decide."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_by, who_acts
from claimledger.cli.options import by_language, say_findings, text_range
from claimledger.counting import counted

if TYPE_CHECKING:
    from claimledger.ledger.files import Places
    from claimledger.models import Span

RECORDED = "Passages that make no claim were recorded. · 주장이 아닌 구절을 기록했다."
"""The public reason of drafting what was left out, in both languages."""
_SOURCES = ("speech", "report", "post", "filing", "announcement", "open_letter", "publication", "own_reporting")
_why = click.option("--reason", required=True, help="Why, in a sentence.")


@click.command()
@click.argument("article_id")
@click.argument("passage", type=text_range)
@click.argument("slug")
@click.option("--statement-en", help="The claim in our own words, in English.")
@click.option("--statement-ko", help="The claim in our own words, in Korean.")
@click.option("--topic", "topics", multiple=True, required=True, help="What it is about; the chief topic first.")
@click.option(
    "--source", "source_kind", type=click.Choice(_SOURCES), required=True, help="Where the article has it from."
)
@click.option("--source-en", help="The source's name in English.")
@click.option("--source-ko", help="The source's name in Korean.")
@click.option("--speaker-kind", type=click.Choice(["person", "organization", "anonymous"]), help="What the speaker is.")
@click.option("--speaker-en", help="The speaker's name in English.")
@click.option("--speaker-ko", help="The speaker's name in Korean.")
@click.option("--no-speaker", is_flag=True, help="The article says it in its own voice.")
@click.option("--said-on", help="When it was uttered: 2023, 2023-04 or 2023-04-25.")
@click.option("--about-on", help="The period it speaks of, written the same.")
@click.option("--reason", default="Accepted from the article.", show_default=True, help="Why; it is published.")
@click.pass_obj
def accept(
    places: Places,
    /,
    article_id: str,
    passage: Span,
    slug: str,
    *,
    topics: tuple[str, ...],
    no_speaker: bool,
    reason: str,
    **said: str | None,
) -> None:
    """Make a claim of a passage of an article.

    PASSAGE is a range such as 120-164, as 'spot --article' shows it. Figures, speaker and cue are taken from the text;
    the statement is yours. SLUG says in a few words what is claimed; four random characters are added to it.
    """
    from claimledger import desk
    from claimledger.editorial.candidate_decisions import Told

    told = Told(
        desk.new_claim_id(slug),
        by_language(said["statement_en"], said["statement_ko"]),
        topics,
        said["source_kind"] or "",
        by_language(said["source_en"], said["source_ko"]),
        speaker_kind=said["speaker_kind"],
        speaker_name=by_language(said["speaker_en"], said["speaker_ko"]) or None,
        has_speaker=not no_speaker,
        said_on=said["said_on"],
        about_on=said["about_on"],
    )
    path, _ = desk.accept(places, article_id, passage, told, edit_by(who_acts(places), reason))
    click.echo(places.name_of(path))
    say_findings(places, [path.stem])
    click.echo("It waits as a draft. Change the file and run 'claimledger record', or have it published.", err=True)


@click.command()
@click.argument("article_id")
@click.argument("passage", type=text_range)
@_why
@click.option("--again", is_flag=True, help="Take the decision back: look at the passage again.")
@click.pass_obj
def dismiss(places: Places, article_id: str, passage: Span, reason: str, again: bool) -> None:
    """Leave a passage of an article out of the claims.

    PASSAGE is a range such as 120-164, as 'spot --article' and 'coverage' show it. The decision is remembered by the
    words of the passage, so the next edition does not ask again.
    """
    from claimledger import desk

    desk.dismiss(places, article_id, passage, edit_by(who_acts(places), reason), again=again)


@click.command()
@click.argument("article_id")
@click.option("--sheet", type=click.Path(dir_okay=False, path_type=Path), help="Write the check sheet (HTML) there.")
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", show_default=True, help="The sheet's language.")
@click.option("--record", is_flag=True, help="Draft the article with its dismissals, so that readers see them.")
@click.pass_obj
def coverage(places: Places, article_id: str, sheet: Path | None, lang: str, record: bool) -> None:
    """Account for each number and quotation of an article: claimed, dismissed or unbound.

    Dates and lengths of time are counted on a line of their own. Exit status 1 while a number or quotation is unbound.
    """
    from claimledger import desk, rendering

    if record:
        edit = edit_by(who_acts(places), RECORDED, kind="update")
        drafts = desk.record_dismissals(places, article_id, edit)
        click.echo(f"{counted(len(drafts), 'draft waits', 'drafts wait')} to be published.", err=True)
    at_hand, accounted = desk.coverage(places, article_id)
    for line in rendering.coverage_lines(at_hand.text, accounted):
        click.echo(line)
    if sheet:
        sheet.write_text(desk.check_sheet(places, article_id, lang), encoding="utf-8")
        click.echo(f"{sheet} is ready to print.", err=True)
    sys.exit(0 if accounted.share() == 1 else 1)


@click.command()
@click.argument("article_id")
@click.pass_obj
def tasks(places: Places, article_id: str) -> None:
    """List the claims whose passage the newest edition of an article changed or lost."""
    from claimledger import desk, rendering

    found = desk.tasks(places, article_id)
    for task in found:
        for line in rendering.task_lines(task):
            click.echo(line)
    click.echo(f"{counted(len(found), 'claim waits', 'claims wait')} for an editor.", err=True)
    sys.exit(1 if found else 0)


@click.command()
@click.argument("article_id")
@click.argument("claim_id")
@click.argument("passage", type=text_range)
@click.option("--reason", default="Placed in the new edition.", show_default=True, help="Why; it is published.")
@click.pass_obj
def place(places: Places, article_id: str, claim_id: str, passage: Span, reason: str) -> None:
    """Place a claim in the newest edition of its article, where PASSAGE stands."""
    from claimledger import desk

    for draft in desk.settle(places, article_id, claim_id, passage, edit_by(who_acts(places), reason)):
        click.echo(f"{draft.kind}: {draft.key}")


@click.command("leave-out")
@click.argument("article_id")
@click.argument("claim_id")
@_why
@click.pass_obj
def leave_out(places: Places, article_id: str, claim_id: str, reason: str) -> None:
    """Say that the newest edition of an article no longer makes a claim; the claim itself stays."""
    from claimledger import desk

    desk.settle(places, article_id, claim_id, None, edit_by(who_acts(places), reason))
