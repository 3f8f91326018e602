"""The commands that decide on the passages of an article, and those that list the passages still open."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_from_options, current_actor, pass_ledger
from claimledger.cli.reading import LANGUAGE_OPTION
from claimledger.cli.options import text_by_language, print_findings, parse_range
from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.ledger.files import LedgerPaths
    from claimledger.models import Span
    from claimledger.newsroom.store import Draft
    from claimledger.publishing.site import PageLanguage
    from claimledger.rendering import TerminalLanguage

EXCLUSIONS_REASON = "Excluded passages were recorded. · 제외한 구절을 기록했다."
"""The public reason of a draft that records excluded passages, in both languages."""
_SOURCES = ("speech", "report", "post", "filing", "announcement", "open_letter", "publication", "own_reporting")
_reason = click.option("--reason", required=True, help="The reason, in a sentence.")


@click.command()
@click.argument("article_id")
@click.argument("passage", type=parse_range)
@click.argument("slug")
@click.option("--statement-en", help="The statement in your own words, in English.")
@click.option("--statement-ko", help="The statement in your own words, in Korean.")
@click.option(
    "--topic", "topics", multiple=True, required=True, help="A topic of the claim; give the main topic first."
)
@click.option(
    "--source", "source_kind", type=click.Choice(_SOURCES), required=True, help="Kind of the article's source."
)
@click.option("--source-en", help="The source's name in English.")
@click.option("--source-ko", help="The source's name in Korean.")
@click.option("--speaker-kind", type=click.Choice(["person", "organization", "anonymous"]), help="Kind of speaker.")
@click.option("--speaker-en", help="The speaker's name in English.")
@click.option("--speaker-ko", help="The speaker's name in Korean.")
@click.option("--no-speaker", is_flag=True, help="No one is quoted; these are the article's own words.")
@click.option("--said-on", help="Date said: 2023, 2023-04 or 2023-04-25.")
@click.option("--about-on", help="Period covered, in the same form.")
@click.option(
    "--suggestion", type=click.IntRange(min=1), help="Number of the suggestion that the passage or statement is from."
)
@click.option("--leave-out-doubtful", is_flag=True, help="Leave out figures whose amount cannot be meant.")
@click.option("--reason", default="Accepted from the article.", show_default=True, help="The reason. It is published.")
@click.pass_obj
def accept(
    places: LedgerPaths,
    /,
    article_id: str,
    passage: Span,
    slug: str,
    *,
    topics: tuple[str, ...],
    no_speaker: bool,
    leave_out_doubtful: bool,
    reason: str,
    suggestion: int | None,
    **options: str | None,
) -> None:
    """Create a claim from a passage of an article.

    PASSAGE is a range such as 120-164, as 'spot --article' shows it. Figures, speaker and cue are taken from the text;
    you write the statement. SLUG describes the claim in a few words; four random characters are added to it. With
    --suggestion, the statement in the model's language may be left out; the public record says that a model worded it.
    """
    from claimledger import desk
    from claimledger import record_ids
    from claimledger.editorial.candidate_decisions import ClaimInput

    claim_input = ClaimInput(
        record_ids.new_claim_id(slug),
        _statement(places, article_id, suggestion, text_by_language(options["statement_en"], options["statement_ko"])),
        topics,
        options["source_kind"] or "",
        text_by_language(options["source_en"], options["source_ko"]),
        speaker_kind=options["speaker_kind"],
        speaker_name=text_by_language(options["speaker_en"], options["speaker_ko"]) or None,
        has_speaker=not no_speaker,
        said_on=options["said_on"],
        about_on=options["about_on"],
        leaves_out_doubtful=leave_out_doubtful,
    )
    path, drafts = desk.accept(
        places,
        article_id,
        passage,
        claim_input,
        edit_from_options(current_actor(places), reason),
        suggestion_id=suggestion,
    )
    click.echo(places.relative_name(path))
    for line in _values_from_text(drafts):
        click.echo(line, err=True)
    print_findings(places, [path.stem])
    click.echo(
        "Saved as a draft. Edit the file and run 'claimledger record', or ask an editor to publish it.", err=True
    )


def _statement(places: LedgerPaths, article_id: str, suggestion: int | None, written: dict[str, str]) -> dict[str, str]:
    """Return the statement as written; a suggestion gives the language that is missing."""
    from claimledger.desk import lookups

    if suggestion is None:
        return written
    found = lookups.article_suggestions(places, article_id).found
    drafted = {
        one.suggestion.language: one.suggestion.wording for one in found if one.stored.suggestion_id == suggestion
    }
    return {**drafted, **written}


def _values_from_text(drafts: Sequence[Draft]) -> Iterator[str]:
    """Yield the speaker and the figures that a new claim has from the text, for the terminal."""
    from claimledger.cli.language import message_language
    from claimledger.labels import label_text
    from claimledger.models import Claim
    from claimledger.publishing.figure_words import figure_in_words

    language: PageLanguage = "ko" if message_language() == "ko" else "en"
    for claim in (draft.record for draft in drafts if isinstance(draft.record, Claim)):
        names = claim.speaker.name if claim.speaker else {}
        name = names.get(language) or next(iter(names.values()), "–")
        yield f"{label_text('field.speaker', language)}: {name}"
        for quantity in claim.quantities:
            yield f"{label_text('field.quantities', language)}: {quantity.text} = {figure_in_words(quantity, language)}"


@click.command()
@click.argument("article_id")
@click.argument("passage", type=parse_range)
@_reason
@click.option("--again", is_flag=True, help="Reopen the passage: undo the decision.")
@click.pass_obj
def dismiss(places: LedgerPaths, article_id: str, passage: Span, reason: str, again: bool) -> None:
    """Exclude a passage of an article from the claims.

    PASSAGE is a range such as 120-164, as 'spot --article' and 'coverage' show it. The decision is stored for the words
    of the passage, so it also applies to the next edition.
    """
    from claimledger import desk

    desk.dismiss(places, article_id, passage, edit_from_options(current_actor(places), reason), again=again)


@click.command()
@click.argument("article_id")
@click.option(
    "--sheet", type=click.Path(dir_okay=False, path_type=Path), help="Write the check sheet (HTML) to this file."
)
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", show_default=True, help="The sheet's language.")
@click.option("--record", is_flag=True, help="Save the excluded passages as a draft of the article, to publish them.")
@pass_ledger
def coverage(places: LedgerPaths, article_id: str, sheet: Path | None, lang: str, record: bool) -> None:
    """Account for each number and quotation of an article: claimed, excluded or still open.

    Dates and lengths of time are counted on a line of their own. The exit status is 1 if a number or quotation is still
    open.
    """
    from claimledger import article_rendering, desk

    if record:
        edit = edit_from_options(current_actor(places), EXCLUSIONS_REASON, kind="update")
        drafts = desk.record_dismissals(places, article_id, edit)
        click.echo(f"{format_count(len(drafts), 'draft', 'drafts')} not published yet.", err=True)
    loaded, accounted = desk.coverage(places, article_id)
    for line in article_rendering.coverage_lines(loaded.text, accounted):
        click.echo(line)
    if sheet:
        sheet.write_text(desk.check_sheet(places, article_id, lang), encoding="utf-8")
        click.echo(f"{sheet} is ready to print.", err=True)
    sys.exit(0 if accounted.share() == 1 else 1)


@click.command()
@click.argument("article_id")
@LANGUAGE_OPTION
@pass_ledger
def tasks(places: LedgerPaths, article_id: str, lang: TerminalLanguage) -> None:
    """List the claims without a place in the newest edition of an article, with proposals.

    A claim is moved only if its words are unchanged and the text around them agrees. A proposal shows the passage in
    both editions, the reason to ask, and the command that places the claim there.
    """
    from claimledger import article_rendering, desk

    found = desk.list_placement_tasks(places, article_id)
    for task in found:
        for line in article_rendering.task_lines(task, lang):
            click.echo(line)
    click.echo(f"{format_count(len(found), 'claim needs', 'claims need')} an editor's decision.", err=True)
    sys.exit(1 if found else 0)


@click.command()
@click.argument("article_id")
@click.argument("claim_id")
@click.argument("passage", type=parse_range)
@click.option("--reason", default="Placed in the new edition.", show_default=True, help="The reason. It is published.")
@click.pass_obj
def place(places: LedgerPaths, article_id: str, claim_id: str, passage: Span, reason: str) -> None:
    """Set PASSAGE as the position of a claim in the newest edition of its article."""
    from claimledger import desk

    for draft in desk.settle(places, article_id, claim_id, passage, edit_from_options(current_actor(places), reason)):
        click.echo(f"{draft.kind}: {draft.key}")


@click.command("leave-out")
@click.argument("article_id")
@click.argument("claim_id")
@_reason
@click.pass_obj
def leave_out(places: LedgerPaths, article_id: str, claim_id: str, reason: str) -> None:
    """Record that the newest edition of an article no longer makes a claim; the claim itself stays."""
    from claimledger import desk

    desk.settle(places, article_id, claim_id, None, edit_from_options(current_actor(places), reason))
