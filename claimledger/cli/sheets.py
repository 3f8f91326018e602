"""The commands on review sheets: out for a spreadsheet, and back in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import who_acts
from claimledger.counting import counted

if TYPE_CHECKING:
    from claimledger.ledger.files import Places
    from claimledger.sheets.merge import Plan

ENCODINGS = ("utf-8-sig", "utf-8", "cp949", "utf-16")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.group()
def sheet() -> None:
    """Give claims out as a review sheet, and take it back in."""


@sheet.command("export")
@click.option("--article", "article_id", help="Only claims of this article.")
@click.option("--speaker", help="Only claims of this speaker.")
@click.option("--stage", "so", help="Only claims whose check stands so, such as open or assigned.")
@click.option("--assignee", help="Only claims that this person checks.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else standard output."
)
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8-sig", show_default=True, help="Of CSV.")
@click.option("--delimiter", type=click.Choice([*DELIMITERS]), default="comma", show_default=True, help="Of CSV.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True, help="Of the file."
)
@click.pass_obj
def export(
    places: Places, /, output: Path | None, encoding: str, delimiter: str, form: str, **filters: str | None
) -> None:
    """Write a review sheet of the claims on the desk.

    Either format comes back with 'claimledger sheet import'.
    """
    from claimledger import desk
    from claimledger.newsroom.work_items import Queue
    from claimledger.publishing.csv_exchange import Encoding
    from claimledger.sheets.review_sheet import Delimiter

    content = desk.export_sheet(
        places, Queue({name: value for name, value in filters.items() if value}), encoding=Encoding(encoding),
        delimiter=Delimiter(DELIMITERS[delimiter]), is_workbook=form == "xlsx",
    )  # fmt: skip
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


@sheet.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change or be refused; change nothing.")
@click.option("--mine", "choice", flag_value="mine", help="In every conflict, what the sheet says.")
@click.option("--theirs", "choice", flag_value="theirs", help="In every conflict, what the desk says.")
@click.pass_obj
def import_(places: Places, file: Path, choice: str | None, *, dry_run: bool) -> None:
    """Take an edited review sheet in, all of it or nothing.

    Edits become drafts, verdicts are proposed, new evidence is attached. What was changed in the sheet and on the desk
    is a conflict, and stops it unless --mine or --theirs says which one counts.
    """
    from claimledger import desk

    content = file.read_bytes()
    staff = who_acts(places)
    planned = desk.plan_import(places, content, str(file), staff, choice or "theirs")
    _say(planned)
    choices = {(one.claim_id, one.field): choice for one in planned.conflicts} if choice else {}
    if planned.problems or (planned.conflicts and not choice):
        click.echo("Nothing was taken in.", err=True)
        sys.exit(1)
    if dry_run:
        click.echo("Nothing was taken in: this was a dry run.", err=True)
        return
    taken = desk.take_in(places, content, str(file), choices, staff, seen=desk.seen_of(planned))
    click.echo(f"{counted(len(taken.claim_ids), 'claim waits', 'claims wait')} to be approved.", err=True)
    if taken.documents:
        click.echo(f"New documents, as the sheet describes them: {', '.join(taken.documents)}.", err=True)


def _say(planned: Plan) -> None:
    from claimledger.sheets.merge import diff_lines

    for line in diff_lines(planned):
        click.echo(line)
    for problem in (*planned.notices, *planned.problems):
        click.echo(str(problem), err=True)
