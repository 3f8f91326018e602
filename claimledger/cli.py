"""The command line: parse, call the desk, print. No rule lives here.

Results go to standard output, progress and problems to standard error. Exit status: 0 done and nothing found, 1 a
refusal or a finding, 2 wrong usage. Models, SQLite and YAML are imported inside the commands, so that --help is quick.
"""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claimledger import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datetime import datetime

    from claimledger.desk import Built
    from claimledger.ledger.edits import Edit
    from claimledger.ledger.files import Places
    from claimledger.rendering import Language

LANGUAGE = click.option(
    "--lang", type=click.Choice(["en", "ko"]), default="en", envvar="CLAIMLEDGER_LANG", show_default=True,
    help="Language of labels and statements.",
)  # fmt: skip
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


class Desk(click.Group):
    """The commands, in the order of a claim's way; a refusal prints its sentence and exits with 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; print a refusal instead of a traceback."""
        from claimledger.errors import LedgerError

        try:
            return super().invoke(ctx)
        except LedgerError as error:
            click.echo(str(error), err=True)
            ctx.exit(1)


@click.group(cls=Desk, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", envvar="CLAIMLEDGER_ROOT",
    help="Folder that holds claims/ and ledger.db (default: this one).",
)  # fmt: skip
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Keep a ledger of what was claimed in print.

    Each claim is a versioned record with its source, its speaker and its verification status. Edit the files in
    claims/, 'record' the edits, let a second person 'publish' them, and read the ledger here or in Datasette.
    """
    from claimledger.ledger.files import Places

    context.obj = Places(root.resolve())


@main.command()
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


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--author", required=True, help="Who made the edits.")
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
def record(places: Places, /, files: tuple[Path, ...], author: str, reason: str, **edit: str | None) -> None:
    """Take hand-edited claim files in as drafts.

    Without FILES, every file of claims/ that was edited. All or none: every problem in every file is shown, and
    nothing is stored until there is none.
    """
    from claimledger import desk

    drafts = desk.record(places, [file.resolve() for file in files], _edit(author, reason, **edit))
    for draft in drafts:
        click.echo(f"{draft.kind}: {draft.key}")
    click.echo(_counted(len(drafts), "draft", "drafts") + " waiting for 'claimledger publish'.", err=True)


def _edit(
    author: str, reason: str, *, kind: str | None, correction: str | None, note_en: str | None, note_ko: str | None
) -> Edit:
    from claimledger.ledger.edits import make_edit

    note = {language: text for language, text in (("en", note_en), ("ko", note_ko)) if text}
    return make_edit(author=author, reason=reason, kind=kind, correction=correction, note=note)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


@main.command()
@click.pass_obj
def drafts(places: Places) -> None:
    """List the drafts that wait to be published."""
    from claimledger import desk

    for draft in desk.open_drafts(places):
        click.echo(f"{draft.kind:<11}{draft.key}  {', '.join(draft.authors)}: {draft.reason}")


@main.command()
@click.argument("key")
@click.option("--author", required=True, help="Who discards it.")
@click.option("--reason", required=True, help="Why.")
@click.pass_obj
def discard(places: Places, key: str, author: str, reason: str) -> None:
    """Close the open draft of KEY without publishing it."""
    from claimledger import desk

    desk.discard(places, key, author, reason)


@main.command()
@click.argument("keys", nargs=-1)
@click.option("--approver", required=True, help="Who approves; never one of the authors.")
@click.pass_obj
def publish(places: Places, keys: tuple[str, ...], approver: str) -> None:
    """Append open drafts to the public log.

    All, or those of KEYS; then claims/ and ledger.db are brought up to date.
    """
    from claimledger import desk

    count, built = desk.publish(places, approver, keys)
    click.echo(f"{_counted(count, 'revision', 'revisions')} published.")
    _say_built(built, places)


@main.command()
@click.pass_obj
def build(places: Places) -> None:
    """Bring claims/ and ledger.db up to date with the log."""
    from claimledger import desk

    with _progress("Building ledger.db") as tick:
        built = desk.build(places, tick)
    _say_built(built, places)


def _say_built(built: Built, places: Places) -> None:
    for path in built.printed.edited:
        click.echo(f"{path.relative_to(places.root)}: left alone, it holds an edit that is not recorded.", err=True)
    printed = _counted(len(built.printed.written), "file", "files")
    click.echo(f"{printed} of claims/ printed; ledger.db {'built' if built.is_rebuilt else 'was up to date'}.")


@main.command()
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


@main.group()
def article() -> None:
    """Work on an article's text."""


@article.command()
@click.argument("text_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def verify(places: Places, text_file: Path) -> None:
    """Hold an article's text against its claims.

    Every passage is looked up in TEXT_FILE, and figures and quotations in no claim's passage are listed.
    """
    from claimledger import desk

    verified = desk.verify(places, text_file)
    passages = f"{verified.found} of {verified.found + len(verified.lost)} passages"
    click.echo(f"{verified.article_id}: {passages} stand where they should.")
    for appearance, where in verified.lost:
        click.echo(f"  {appearance.claim_id}: {where}", err=True)
    click.echo(
        f"{_counted(len(verified.uncovered), 'figure or quotation', 'figures and quotations')} in no claim's passage."
    )
    for what, span in verified.uncovered:
        click.echo(
            f"  line {verified.text.line_of(span.start)}, {what}: {verified.text.content[span.start : span.end]}"
        )
    sys.exit(1 if verified.lost else 0)


@main.command("list")
@click.option("--article", help="Only this article (its identifier).")
@click.option("--speaker", help="Only this speaker, as the table shows the name.")
@click.option("--kind", help="Only this kind: quantitative, attributed, both, event.")
@click.option("--status", "verification_status", help="Only this verification status, such as not_checked.")
@click.option("--topic", help="Only this chief topic.")
@click.option("--currency", help="Only this currency (ISO 4217).")
@AS_JSON
@LANGUAGE
@click.pass_obj
def list_(places: Places, /, as_json: bool, lang: Language, **filters: str | None) -> None:
    """List the claims of the published ledger."""
    from claimledger import rendering
    from claimledger.publishing import reading

    with reading.opened(_fresh(places)) as connection:
        rows = [
            dict(row) for row in reading.list_claims(connection, {k: v for k, v in filters.items() if v is not None})
        ]
    click.echo(_json(rows) if as_json else rendering.claim_table(rows, lang, _width()))


def _width() -> int | None:
    """Return the terminal's width in cells; none in a pipe, where lines are not wrapped."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _fresh(places: Places) -> Path:
    """Return ledger.db, built anew if it is older than the log."""
    from claimledger import desk

    with _progress("Building ledger.db") as tick:
        desk.build_ledger(places, tick)
    return places.ledger


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@main.command()
@click.argument("claim_id")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As the ledger stood at the end of this day (UTC).")
@AS_JSON
@LANGUAGE
@click.pass_obj
def show(places: Places, claim_id: str, on: datetime | None, as_json: bool, lang: Language) -> None:
    """Show a claim, as it stands or stood on a day."""
    from claimledger import rendering
    from claimledger.publishing import reading

    with reading.opened(_fresh(places)) as connection:
        revision = reading.claim_revisions(connection, claim_id, on=on.date().isoformat() if on else None)[-1]
    click.echo(_json(revision) if as_json else rendering.claim_text(revision, lang))


@main.command()
@click.argument("claim_id")
@AS_JSON
@LANGUAGE
@click.pass_obj
def history(places: Places, claim_id: str, as_json: bool, lang: Language) -> None:
    """Show a claim's revisions: what, when, who, why."""
    from claimledger import rendering
    from claimledger.publishing import reading

    with reading.opened(_fresh(places)) as connection:
        revisions = reading.claim_revisions(connection, claim_id)
        rows = [dict(row) for row in reading.claim_history(connection, claim_id)]
    click.echo(_json(rows) if as_json else rendering.history_text(revisions, rows, lang))


@main.group()
def export() -> None:
    """Take the claims away in a file."""


OUTPUT = click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: standard output)."
)


@contextmanager
def _written(output: Path | None) -> Iterator[BinaryIO]:
    """Open what is written to; a file appears whole or not at all."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


@export.command("csv")
@OUTPUT
@click.option(
    "--encoding", type=click.Choice(["utf-8-sig", "utf-8", "cp949", "utf-16"]), default="utf-8-sig", show_default=True,
    help="utf-8-sig opens right in Excel.",
)  # fmt: skip
@click.option(
    "--guard",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Whether cells that a spreadsheet would run or spoil get an apostrophe.",
)
@click.pass_obj
def export_csv(places: Places, /, output: Path | None, encoding: str, guard: str) -> None:
    """Write the table of claims as CSV."""
    from claimledger.publishing import csv_exchange, reading

    chosen, guarding = csv_exchange.Encoding(encoding), csv_exchange.Guard(guard)
    with reading.opened(_fresh(places)) as connection, _written(output) as file:
        header, rows = reading.claim_cells(connection)
        csv_exchange.write_csv(file, header, rows, encoding=chosen, guard=guarding)


@export.command("jsonl")
@OUTPUT
@click.pass_obj
def export_jsonl(places: Places, /, output: Path | None) -> None:
    """Write each claim's newest public revision with its hash, a JSON object a line."""
    from claimledger.publishing import reading

    with reading.opened(_fresh(places)) as connection, _written(output) as file:
        for revision in reading.newest_revisions(connection):
            file.write(json.dumps(revision, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    """Show a counter on a terminal, nothing in a pipe."""
    done = 0
    is_shown = False

    def tick(count: int) -> None:
        nonlocal done, is_shown
        done += count
        if sys.stderr.isatty():
            is_shown = True
            click.echo(f"\r{what}: {done:,} revisions", nl=False, err=True)

    yield tick
    if is_shown:
        click.echo(err=True)
