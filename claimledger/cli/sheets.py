"""The commands that export a review spreadsheet and import it again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import current_actor, pass_ledger
from claimledger.cli.language import message_language
from claimledger.cli.reading import up_to_date_ledger
from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.ledger.files import LedgerPaths
    from claimledger.publishing.site import PageLanguage
    from claimledger.sheets.merge import SheetPlan

ENCODINGS = ("utf-8-sig", "utf-8", "cp949", "utf-16")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.group()
def sheet() -> None:
    """Export claims as a review spreadsheet, and import it again."""


@sheet.command("export")
@click.option("--article", "article_id", help="Only claims of this article.")
@click.option("--speaker", help="Only claims of this speaker.")
@click.option("--stage", "so", help="Only claims with this stage of the fact check, such as open or assigned.")
@click.option("--assignee", help="Only claims assigned to this person.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: standard output)."
)
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8-sig", show_default=True, help="CSV encoding.")
@click.option(
    "--delimiter", type=click.Choice([*DELIMITERS]), default="comma", show_default=True, help="CSV delimiter."
)
@click.option(
    "--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True, help="File format."
)
@click.option(
    "--table", type=click.Choice(["review", "claims", "evidence"]), default="review", show_default=True,
    help="A review sheet, or the published claims or their evidence as one flat table.",
)  # fmt: skip
@pass_ledger
def export(
    places: LedgerPaths, /, output: Path | None, encoding: str, delimiter: str, form: str, table: str,
    **filters: str | None,
) -> None:  # fmt: skip
    """Write a spreadsheet of the claims on the desk.

    'claimledger sheet import' reads a review sheet in both formats. The tables of claims and evidence are those of the
    public page of claims, to read and share; labels are in the language of messages, the delimiter is a comma.
    """
    from claimledger import desk
    from claimledger.newsroom.work_items import WorkFilter
    from claimledger.publishing.csv_exchange import Encoding
    from claimledger.publishing.site import read_settings_file, site_from_settings
    from claimledger.sheets.review_sheet import Delimiter

    asked = WorkFilter({name: value for name, value in filters.items() if value})
    if table == "review":
        content = desk.export_sheet(
            places, asked, encoding=Encoding(encoding), delimiter=Delimiter(DELIMITERS[delimiter]),
            is_workbook=form == "xlsx",
        )  # fmt: skip
    else:
        up_to_date_ledger(places)
        language: PageLanguage = "ko" if message_language() == "ko" else "en"
        site = site_from_settings(read_settings_file(places.root), "")
        content = desk.export_flat_table(
            places, asked, site, language, has_evidence=table == "evidence", is_workbook=form == "xlsx",
            encoding=Encoding(encoding),
        )  # fmt: skip
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


@sheet.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the changes and problems; change nothing.")
@click.option("--mine", "choice", flag_value="mine", help="In every conflict, use the value in the sheet.")
@click.option("--theirs", "choice", flag_value="theirs", help="In every conflict, keep the value on the desk.")
@click.pass_obj
def import_(places: LedgerPaths, file: Path, choice: str | None, *, dry_run: bool) -> None:
    """Import an edited review spreadsheet, all of it or nothing.

    Edits become drafts, verdicts are proposed, and new evidence is attached. A field that was changed both in the sheet
    and on the desk is a conflict. Conflicts stop the import unless --mine or --theirs says which value to use.
    """
    from claimledger import desk
    from claimledger.desk import sheet_steps

    content = file.read_bytes()
    staff = current_actor(places)
    planned = desk.plan_import(places, content, str(file), staff, choice or "theirs")
    _print_plan(planned)
    choices = {(one.claim_id, one.field): choice for one in planned.conflicts} if choice else {}
    if planned.problems or (planned.conflicts and not choice):
        click.echo("Nothing was imported.", err=True)
        sys.exit(1)
    if dry_run:
        click.echo("Nothing was imported: this was a dry run.", err=True)
        return
    result = desk.import_sheet(places, content, str(file), choices, staff, seen=sheet_steps.plan_fingerprint(planned))
    click.echo(f"{format_count(len(result.claim_ids), 'claim needs', 'claims need')} approval.", err=True)
    if result.documents:
        click.echo(f"New documents, described in the sheet: {', '.join(result.documents)}.", err=True)


def _print_plan(planned: SheetPlan) -> None:
    from claimledger.sheets.merge import plan_diff_lines

    for line in plan_diff_lines(planned):
        click.echo(line)
    for problem in (*planned.notices, *planned.problems):
        click.echo(problem.line_text(message_language()), err=True)
