"""The commands that change the ledger and the commands that verify it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_from_options, current_actor, pass_ledger
from claimledger.cli.options import text_by_language, print_findings
from claimledger.counting import format_count
from claimledger.cli.progress import progress
from claimledger.cli.language import message_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimledger.checks.earlier_results import EarlierResults
    from claimledger.checks.results import CheckResult
    from claimledger.desk.publish_steps import BuildResult
    from claimledger.errors import Problem
    from claimledger.ledger.files import LedgerPaths
    from claimledger.newsroom.store import Draft
    from claimledger.workflow import StaffMember

WAIVER_REASON = "An exception was accepted. · 예외로 인정했다."
"""The public reason of a waiver, in both languages. The waiver itself names the finding and the editor's reason."""


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
    "--nth",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Number of the passage, if it occurs several times.",
)
@click.pass_obj
def new(places: LedgerPaths, article_id: str, slug: str, text_file: Path, quote: str, nth: int) -> None:
    """Create a claim file from a passage of an article.

    SLUG describes the claim in a few words, such as microsoft-invested-13b; four random characters are added to it.
    """
    from claimledger import desk

    path = desk.new_claim(places, article_id, slug, text_file, quote=quote, nth=nth)
    click.echo(path.relative_to(places.root))
    click.echo("Fill in what is empty, then run 'claimledger record'.", err=True)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="The reason, in a sentence. It is published.")
@click.option(
    "--kind",
    type=click.Choice(["verdict", "update", "correction"]),
    help="Kind of the edits, for records that are already public.",
)
@click.option(
    "--correction",
    type=click.Choice(["verdict_changed", "verdict_unchanged", "clarification", "retraction"]),
    help="Kind of the correction.",
)
@click.option("--note-en", help="Public note on a correction, in English.")
@click.option("--note-ko", help="Public note on a correction, in Korean.")
@click.pass_obj
def record(places: LedgerPaths, /, files: tuple[Path, ...], reason: str, **edit: str | None) -> None:
    """Save hand-edited claim files as drafts.

    Without FILES, the command reads every edited file in claims/. It stores all edits or none: if any file has a
    problem, every problem in every file is shown and nothing is stored. A text that a language model worded keeps its
    mark in 'machine_wording', also if the file lacks it.
    """
    from claimledger import desk
    from claimledger.desk import lookups

    made = edit_from_options(current_actor(places), reason, **edit)
    notices: list[Problem] = []
    drafts = desk.record(places, [file.resolve() for file in files], made, notify=notices.append)
    for notice in notices:
        click.echo(notice.line_text(message_language()), err=True)
    for draft in drafts:
        click.echo(f"{draft.kind}: {draft.key}")
    print_findings(places, (draft.key for draft in drafts if draft.subject == "claim"))
    waiting = len(lookups.open_drafts(places))
    click.echo(
        f"{format_count(len(drafts), 'new draft', 'new drafts')}; {waiting:,} in all not published yet.", err=True
    )


@click.command()
@click.argument("claim_id")
@click.argument("code")
@click.option("--reason-en", help="Reason why the finding does not apply, for readers, in English.")
@click.option("--reason-ko", help="The same in Korean.")
@click.pass_obj
def waive(places: LedgerPaths, claim_id: str, code: str, reason_en: str | None, reason_ko: str | None) -> None:
    """Accept an exception: set a finding of the agreement checks aside.

    CODE is shown in brackets after the finding, for example cut-before-but. The reason is published, and another editor
    has to approve the exception.
    """
    from claimledger import desk
    from claimledger.newsroom.edit_input import make_waiver

    waiver = make_waiver(code, text_by_language(reason_en, reason_ko))
    draft = desk.waive(places, claim_id, waiver, edit_from_options(current_actor(places), WAIVER_REASON))
    click.echo(f"{draft.kind}: {draft.key}" if draft else "This finding is already waived.")


@click.command()
@pass_ledger
def drafts(places: LedgerPaths) -> None:
    """List the drafts that are not published yet."""
    from claimledger.desk import lookups

    for draft in lookups.open_drafts(places):
        click.echo(f"{draft.kind:<11}{draft.key}  {', '.join(draft.authors)}: {draft.reason}")


@click.command()
@click.argument("key")
@click.option("--reason", required=True, help="The reason.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation after showing the drafts.")
@pass_ledger
def discard(places: LedgerPaths, key: str, reason: str, *, yes: bool) -> None:
    """Discard the open draft of KEY, after showing it.

    Its authors and editors may do this. Documents that were never public and that no other record names are discarded
    with it.
    """
    from claimledger import desk
    from claimledger.desk import lookups

    actor = current_actor(places)
    found = lookups.open_drafts(places, [key])
    for draft in found:
        click.echo(f"{draft.kind}: {draft.key}  {', '.join(draft.authors)}: {draft.reason}")
    if not yes:
        click.confirm("Discard this?", abort=True, err=True)
    for draft in desk.discard(places, key, lookups.newest_draft_number(found), edit_from_options(actor, reason))[
        len(found) :
    ]:
        click.echo(f"Discarded with it: {draft.key}")


@click.command()
@click.argument("keys", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show which public rows would change; publish nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation after showing the drafts.")
@click.option("--clock-is-right", is_flag=True, help="You have compared the clock, which is far ahead of the log.")
@click.pass_obj
def publish(places: LedgerPaths, keys: tuple[str, ...], *, dry_run: bool, yes: bool, clock_is_right: bool) -> None:
    """Publish open drafts in the public log, after showing them.

    Without KEYS, all drafts are published. The article and the documents that a draft names are published with it, if
    they are not public yet. Publishing also approves each draft that no one has approved, so you may not have written
    any part of those. Afterwards claims/ and ledger.db are updated.
    """
    from claimledger import desk
    from claimledger.desk import lookups

    actor = current_actor(places)
    selected = lookups.drafts_to_publish(places, keys)
    _print_drafts(selected, keys)
    for article_id, count in lookups.undecided_counts(places, [draft.record for draft in selected]).items():
        open_ones = format_count(count, "number or quotation is", "numbers and quotations are")
        click.echo(f"{article_id}: {open_ones} still open; see 'claimledger coverage {article_id}'.", err=True)
    own = list(dict.fromkeys(draft.key for draft in selected))
    if dry_run:
        _print_preview(places, own, actor)
        return
    if not yes:
        clock_is_right = clock_is_right or _confirm_clock(places)
        question = f"Publish {format_count(len(selected), 'draft', 'drafts')}? Published entries cannot be deleted."
        click.confirm(question, abort=True, err=True)
    seen = [draft.draft_id for draft in selected if draft.draft_id]
    with progress("Building ledger.db") as tick:
        count, built = desk.publish(places, actor, own, seen=seen, is_clock_right=clock_is_right, progress=tick)
    click.echo(f"{format_count(count, 'revision', 'revisions')} published.")
    _print_build_result(built, places)
    click.echo("A running server shows it from the next request. Commit claims/ and ledger.db.", err=True)


def _confirm_clock(places: LedgerPaths) -> bool:
    """Ask whether the clock is right, if that is in doubt; return whether a person has said so."""
    from claimledger.desk import lookups

    doubt = lookups.read_clock_doubt(places)
    if doubt:
        click.echo(doubt.message.sentence(message_language()), err=True)
        click.confirm("Is the clock right?", abort=True, err=True)
    return doubt is not None


def _print_drafts(selected: Sequence[Draft], keys: Sequence[str]) -> None:
    for draft in selected:
        suffix = "" if not keys or {draft.key, draft.key.partition("@")[0]} & set(keys) else "  (published too)"
        click.echo(f"{draft.kind}: {draft.key}{suffix}  {', '.join(draft.authors)}: {draft.reason}", err=True)


def _print_preview(places: LedgerPaths, keys: Sequence[str], actor: StaffMember) -> None:
    from claimledger import desk, rendering
    from claimledger.desk import lookups

    found = desk.preview(places, actor, keys)
    for line in rendering.row_change_lines(found):
        click.echo(line)
    for one in lookups.list_waiting_records(places, actor, keys)[0]:
        for problem in one.refusals:
            click.echo(problem.line_text(message_language()), err=True)
    click.echo(
        f"{format_count(len(found), 'public row', 'public rows')} would change; nothing was published.", err=True
    )


@click.command()
@click.option("--fresh", is_flag=True, help="Build ledger.db from nothing, also if it is up to date.")
@click.pass_obj
def build(places: LedgerPaths, *, fresh: bool) -> None:
    """Update claims/ and ledger.db from the log.

    Only what is new in the log is added to ledger.db. Use --fresh to get the same bytes on every computer with the
    same version of SQLite, for example before you commit ledger.db or put it on a host for static files.
    """
    from claimledger import desk

    with progress("Building ledger.db") as tick:
        built = desk.build_public_files(places, tick, is_fresh=fresh)
    _print_build_result(built, places)


def _print_build_result(built: BuildResult, places: LedgerPaths) -> None:
    from claimledger.messages import Message

    for path in built.printed.edited:
        click.echo(
            f"{path.relative_to(places.root)}: not changed, because it has an edit that is not recorded.", err=True
        )
    for path in built.printed.removed:
        click.echo(f"{path.relative_to(places.root)}: removed; committed versions stay in git's history.", err=True)
    if built.unchecked_names:
        message = Message("names-not-checked", names=built.unchecked_names)
        click.echo(message.text(message_language()), err=True)
    printed = format_count(len(built.printed.written), "file", "files")
    click.echo(f"{printed} of claims/ printed; ledger.db {'updated' if built.is_changed else 'was up to date'}.")


@click.command()
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of an older copy of claims/log, which must be the beginning of this one.",
)
@click.option(
    "--changed",
    "only_changed",
    is_flag=True,
    help="Leave out each check that found no problem before, if nothing that it reads changed since.",
)
@click.pass_obj
def check(places: LedgerPaths, against: Path | None, *, only_changed: bool) -> None:
    """Verify that the log, the claim files and ledger.db agree.

    With --changed, the results are kept in your cache folder. The log is always read as a whole, and the databases are
    compared byte by byte; files of claims and documents count as changed if their size, times or rights did.
    """
    from claimledger import desk
    from claimledger.checks.earlier_results import EarlierResults

    found, earlier = 0, EarlierResults.read(places) if only_changed else None
    for checked in desk.check(places, against, earlier):
        found += len(checked.problems)
        click.echo(f"{checked.name}: {_check_outcome(checked)} ({checked.scope})")
        for problem in checked.problems:
            click.echo(f"  {problem.line_text(message_language())}", err=True)
    if earlier:
        _save_results(earlier)
    sys.exit(1 if found else 0)


def _check_outcome(checked: CheckResult) -> str:
    if checked.problems:
        return f"{len(checked.problems)} found"
    outcome = "ok" if checked.has_run else "not checked"
    return f"{outcome}, unchanged since {checked.unchanged_since}" if checked.unchanged_since else outcome


def _save_results(earlier: EarlierResults) -> None:
    """Keep the results for the next check, or say why that is not possible; the check itself is complete."""
    from claimledger.failures import failure_reason
    from claimledger.messages import Message

    try:
        earlier.save()
    except OSError as error:
        message = Message("results-not-kept", file=str(earlier.path), reason=failure_reason(error))
        click.echo(message.text(message_language()), err=True)
