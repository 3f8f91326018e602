"""The commands that change the ledger, and those that prove it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_by, who_acts
from claimledger.cli.options import by_language, say_findings
from claimledger.counting import counted
from claimledger.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimledger.desk import Built
    from claimledger.ledger.files import Places
    from claimledger.newsroom.store import Draft
    from claimledger.workflow import Staff

WAIVED = "A finding was let stand. · 지적 하나를 그대로 두기로 했다."
"""The public reason of a waiver, in both languages; the waiver itself says which finding, and why."""


@click.command()
@click.argument("article_id")
@click.argument("slug")
@click.option(
    "--text",
    "text_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The article's text, as stored.",
)
@click.option("--quote", required=True, help="The passage that makes the claim, exactly as printed.")
@click.option(
    "--nth", type=click.IntRange(min=1), default=1, show_default=True, help="Which of several equal passages."
)
@click.pass_obj
def new(places: Places, article_id: str, slug: str, text_file: Path, quote: str, nth: int) -> None:
    """Start a claim's file from a passage of an article.

    SLUG says in a few words what is claimed, such as microsoft-invested-13b; four random characters are added to it.
    """
    from claimledger import desk

    path = desk.new_claim(places, article_id, slug, text_file, quote=quote, nth=nth)
    click.echo(path.relative_to(places.root))
    click.echo("Fill in what is empty, then run 'claimledger record'.", err=True)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="Why, in a sentence; it is published.")
@click.option(
    "--kind",
    type=click.Choice(["verdict", "update", "correction"]),
    help="What the edits are, for records that are public already.",
)
@click.option(
    "--correction",
    type=click.Choice(["verdict_changed", "verdict_unchanged", "clarification", "retraction"]),
    help="What a correction changed.",
)
@click.option("--note-en", help="What readers are told of a correction, in English.")
@click.option("--note-ko", help="What readers are told of a correction, in Korean.")
@click.pass_obj
def record(places: Places, /, files: tuple[Path, ...], reason: str, **edit: str | None) -> None:
    """Take hand-edited claim files in as drafts.

    Without FILES, every file of claims/ that was edited. All or none: every problem in every file is shown, and
    nothing is stored until there is none.
    """
    from claimledger import desk

    drafts = desk.record(places, [file.resolve() for file in files], edit_by(who_acts(places), reason, **edit))
    for draft in drafts:
        click.echo(f"{draft.kind}: {draft.key}")
    say_findings(places, (draft.key for draft in drafts if draft.subject == "claim"))
    waiting = len(desk.open_drafts(places))
    click.echo(f"{counted(len(drafts), 'new draft', 'new drafts')}; {waiting:,} in all wait to be published.", err=True)


@click.command()
@click.argument("claim_id")
@click.argument("code")
@click.option("--reason-en", help="Why the finding does not hold, for the reader, in English.")
@click.option("--reason-ko", help="The same in Korean.")
@click.pass_obj
def waive(places: Places, claim_id: str, code: str, reason_en: str | None, reason_ko: str | None) -> None:
    """Set a finding of the agreement checks aside.

    CODE is what stands in brackets behind a finding, such as cut-before-but. The reason is public; another editor
    approves it.
    """
    from claimledger import desk
    from claimledger.newsroom.edit_input import make_waiver

    waiver = make_waiver(code, by_language(reason_en, reason_ko))
    draft = desk.waive(places, claim_id, waiver, edit_by(who_acts(places), WAIVED))
    click.echo(f"{draft.kind}: {draft.key}" if draft else "It is waived already.")


@click.command()
@click.pass_obj
def drafts(places: Places) -> None:
    """List the drafts that wait to be published."""
    from claimledger import desk

    for draft in desk.open_drafts(places):
        click.echo(f"{draft.kind:<11}{draft.key}  {', '.join(draft.authors)}: {draft.reason}")


@click.command()
@click.argument("key")
@click.option("--reason", required=True, help="Why.")
@click.option("--yes", is_flag=True, help="Do not ask after showing what waits.")
@click.pass_obj
def discard(places: Places, key: str, reason: str, *, yes: bool) -> None:
    """Close the open draft of KEY without publishing it, after it was shown.

    Its authors may, and editors. Documents that were never public and that nothing else names are closed with it.
    """
    from claimledger import desk

    who = who_acts(places)
    found = desk.open_drafts(places, [key])
    for draft in found:
        click.echo(f"{draft.kind}: {draft.key}  {', '.join(draft.authors)}: {draft.reason}")
    if not yes:
        click.confirm("Discard this?", abort=True, err=True)
    for draft in desk.discard(places, key, desk.newest_id(found), edit_by(who, reason))[len(found) :]:
        click.echo(f"Closed with it: {draft.key}")


@click.command()
@click.argument("keys", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show which public rows would change, and change none.")
@click.option("--yes", is_flag=True, help="Do not ask after showing what would be published.")
@click.pass_obj
def publish(places: Places, keys: tuple[str, ...], *, dry_run: bool, yes: bool) -> None:
    """Append open drafts to the public log, after they were shown.

    All, or those of KEYS, with the article and the documents that they name and that are not public yet. Whatever
    nobody approved yet you approve by this, so you may have written no part of it. Then claims/ and ledger.db are
    brought up to date.
    """
    from claimledger import desk

    who = who_acts(places)
    going = desk.going_out(places, keys)
    _say_drafts(going, keys)
    for article_id, count in desk.undecided(places, [draft.record for draft in going]).items():
        open_ones = counted(count, "number or quotation is", "numbers and quotations are")
        click.echo(f"{article_id}: {open_ones} not decided on; see 'claimledger coverage {article_id}'.", err=True)
    own = list(dict.fromkeys(draft.key for draft in going))
    if dry_run:
        _say_preview(places, own, who)
        return
    if not yes:
        question = f"Publish {counted(len(going), 'draft', 'drafts')}? What is public is never taken away."
        click.confirm(question, abort=True, err=True)
    seen = [draft.draft_id for draft in going if draft.draft_id]
    with progress("Building ledger.db") as tick:
        count, built = desk.publish(places, who, own, seen=seen, progress=tick)
    click.echo(f"{counted(count, 'revision', 'revisions')} published.")
    _say_built(built, places)
    click.echo("A server that is running shows it from the next request on; commit claims/ and ledger.db.", err=True)


def _say_drafts(going: Sequence[Draft], keys: Sequence[str]) -> None:
    for draft in going:
        along = "" if not keys or {draft.key, draft.key.partition("@")[0]} & set(keys) else "  (goes along)"
        click.echo(f"{draft.kind}: {draft.key}{along}  {', '.join(draft.authors)}: {draft.reason}", err=True)


def _say_preview(places: Places, keys: Sequence[str], actor: Staff) -> None:
    from claimledger import desk, rendering

    found = desk.preview(places, actor, keys)
    for line in rendering.row_change_lines(found):
        click.echo(line)
    for one in desk.waiting(places, actor, keys)[0]:
        for problem in one.refusals:
            click.echo(str(problem), err=True)
    click.echo(f"{counted(len(found), 'public row', 'public rows')} would change; nothing was published.", err=True)


@click.command()
@click.pass_obj
def build(places: Places) -> None:
    """Bring claims/ and ledger.db up to date with the log."""
    from claimledger import desk

    with progress("Building ledger.db") as tick:
        built = desk.build(places, tick)
    _say_built(built, places)


def _say_built(built: Built, places: Places) -> None:
    for path in built.printed.edited:
        click.echo(f"{path.relative_to(places.root)}: left alone, it holds an edit that is not recorded.", err=True)
    for path in built.printed.removed:
        click.echo(f"{path.relative_to(places.root)}: taken away; git's history keeps what was committed.", err=True)
    printed = counted(len(built.printed.written), "file", "files")
    click.echo(f"{printed} of claims/ printed; ledger.db {'built' if built.is_rebuilt else 'was up to date'}.")


@click.command()
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of an older copy of claims/log, which must be the beginning of this one.",
)
@click.pass_obj
def check(places: Places, against: Path | None) -> None:
    """Prove that log, claim files and ledger.db agree."""
    from claimledger import desk

    found = 0
    for checked in desk.check(places, against):
        found += len(checked.problems)
        outcome = (
            "not checked" if not checked.is_done else f"{len(checked.problems)} found" if checked.problems else "ok"
        )
        click.echo(f"{checked.name}: {outcome} ({checked.looked_at})")
        for problem in checked.problems:
            click.echo(f"  {problem}", err=True)
    sys.exit(1 if found else 0)
