"""The commands that import an archive of past checks: a dry run with a mapping, a proposal, a second editor's act."""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import current_actor, pass_ledger
from claimledger.cli.importing import print_notes
from claimledger.cli.progress import progress
from claimledger.cli.reading import LANGUAGE_OPTION
from claimledger.counting import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimledger.desk.check_imports import CheckImportPlan
    from claimledger.foreign_reviews.check_mapping import CheckMapping, MappedCheck
    from claimledger.ledger.files import LedgerPaths
    from claimledger.newsroom.check_archive import WaitingImport
    from claimledger.rendering import TerminalLanguage

_SAMPLE = 50
"""The number of rows from which a mapping is drafted."""
_SHOWN = 20
"""The number of ratings, columns and missing checks that are named."""
_REASON = "Imported from the archive {name}. · 검증 모음 {name}에서 가져왔다."
_WORDS = {
    "en": {
        "new": "new", "changed": "changed", "unchanged": "unchanged", "refused": "refused", "rows": "rows",
        "ratings": "Ratings, as they are written", "left_out": "Columns that are not taken (filled cells)",
        "missing": "Public checks that the file no longer has; they stay as they are",
        "dry": "Nothing was stored: this was a dry run.",
        "draft": "Look through {file}, then run this command again with --mapping {file}.",
        "waits": "The import waits. A second editor publishes it with: claimledger import approve {name}",
        "nothing": "Nothing is new or changed, so nothing waits for approval.",
    },
    "ko": {
        "new": "새로 추가", "changed": "변경", "unchanged": "그대로", "refused": "제외", "rows": "줄",
        "ratings": "평가(적힌 그대로)", "left_out": "가져오지 않는 열(내용이 있는 칸 수)",
        "missing": "공개되어 있지만 이 파일에는 없는 검증(그대로 둠)",
        "dry": "시험 실행이라 저장하지 않았습니다.",
        "draft": "{file}의 각 줄을 확인한 뒤 --mapping {file} 옵션을 붙여 다시 실행하세요.",
        "waits": "승인 대기 중입니다. 다른 편집자가 다음 명령으로 공개합니다: claimledger import approve {name}",
        "nothing": "새로 추가하거나 바뀐 것이 없어 승인할 것이 없습니다.",
    },
}  # fmt: skip


@click.command("checks")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that maps columns to fields. Without it, one is drafted beside FILE and nothing is stored.",
)  # fmt: skip
@click.option("--name", help="Permanent name of the archive, for a file of ClaimReviews (default: from the file name).")
@click.option("--reason", default="", help="The reason. It is published. A default names the archive.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path),
    help="Write every note to this CSV file: row, field, reason, value before and after.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show the result and store nothing; needs no token.")
@LANGUAGE_OPTION
@click.pass_obj
def checks(
    places: LedgerPaths,
    /,
    file: Path,
    mapping: Path | None,
    name: str | None,
    reason: str,
    report: Path | None,
    lang: TerminalLanguage,
    *,
    dry_run: bool,
) -> None:
    """Import an archive of past checks: CSV, TSV, XLSX, JSON, JSON Lines or ClaimReview.

    Each row becomes a public record "earlier check by NAME", with its rating as it is written. It is never a verdict
    of this ledger and counted as none. A second editor approves the import as a whole. Import the file again whenever
    the archive changes: what is unchanged stays, and corrections become updates.
    """
    from claimledger import desk

    words = _WORDS[lang]
    chosen, drafted = _mapping(places, file, mapping, name, lang)
    actor = None if dry_run or drafted else current_actor(places)
    left_out: Counter[str] = Counter()
    with progress("Reading", "rows") as tick:
        plan = desk.plan_check_import(places, chosen.name, _with_progress(_read_checks(file, chosen, left_out), tick))
    _print_plan(file, plan, left_out, lang)
    if report:
        _write_report(report, plan)
    if drafted:
        click.echo(words["dry"], err=True)
        click.echo(words["draft"].format(file=drafted), err=True)
    elif actor is None:
        click.echo(words["dry"], err=True)
    elif not plan.changes:
        click.echo(words["nothing"], err=True)
    else:
        plan.left_out = left_out
        why = reason or _REASON.format(name=chosen.name)
        desk.propose_check_import(places, plan, actor, reason=why, origin=file.name)
        click.echo(words["waits"].format(name=chosen.name), err=True)
    sys.exit(0 if plan.changes or plan.counts["unchanged"] else 1)


def _mapping(
    places: LedgerPaths, file: Path, mapping: Path | None, name: str | None, lang: TerminalLanguage
) -> tuple[CheckMapping, Path | None]:
    """Return the mapping, and the path of the one that was drafted, if none was given."""
    from claimledger.foreign_reviews import check_mapping, check_tables
    from claimledger.publishing.site import read_settings_file, site_from_settings

    if mapping is not None:
        return check_mapping.read_mapping(mapping.read_text(encoding="utf-8"), mapping), None
    if check_tables.has_claim_reviews(file):
        return check_mapping.review_mapping(name or check_mapping.archive_name(file)), None
    drafted = file.with_name(f"{file.stem}.mapping.toml")
    if not drafted.exists():
        sample = [*islice(check_tables.read_rows(file), _SAMPLE)]
        if not (has_header := check_mapping.has_header(sample)):
            sample = [*islice(check_tables.read_rows(file, has_header=False), _SAMPLE)]
        publisher = site_from_settings(read_settings_file(places.root), "").organization or {}
        text = check_mapping.draft_mapping(file, sample, has_header=has_header, language=lang, publisher=publisher)
        if name:
            text = re.sub("(?m)^name = .*$", f'name = "{name}"', text, count=1)
        drafted.write_text(text, encoding="utf-8")
    text = drafted.read_text(encoding="utf-8")
    click.echo(text)
    return check_mapping.read_mapping(text, drafted), drafted


def _read_checks(file: Path, mapping: CheckMapping, left_out: Counter[str]) -> Iterator[MappedCheck]:
    from claimledger.foreign_reviews import check_mapping, check_tables

    rows = check_tables.read_rows(file, has_header=mapping.header)
    return check_mapping.map_rows(check_mapping.count_columns_left_out(rows, mapping, left_out), mapping)


def _with_progress(rows: Iterable[MappedCheck], tick: Callable[[int], None]) -> Iterator[MappedCheck]:
    for number, row in enumerate(rows, start=1):
        if number % 1_000 == 0:
            tick(1_000)
        yield row


def _print_plan(file: Path, plan: CheckImportPlan, left_out: Counter[str], lang: TerminalLanguage) -> None:
    words = _WORDS[lang]
    print_notes(plan.notes, lang, most_of_a_code=_SHOWN)
    rows = f"{sum(plan.counts.values()):,} {words['rows']}"
    parts = [f"{words[name]} {plan.counts[name]:,}" for name in ("new", "changed", "unchanged", "refused")]
    click.echo(f"{file.name}: {rows}. {', '.join(parts)}.", err=True)
    for title, counts in (("ratings", plan.ratings), ("left_out", left_out)):
        if counts:
            click.echo(f"{words[title]}: {_most_common(counts)}", err=True)
    if plan.missing:
        click.echo(f"{words['missing']} ({len(plan.missing):,}): {', '.join(plan.missing[:_SHOWN])}", err=True)


def _write_report(report: Path, plan: CheckImportPlan) -> None:
    from claimledger.publishing.csv_exchange import write_csv

    with report.open("wb") as target:
        write_csv(target, ("row", "code", "field", "before", "after"), plan.notes)


def _most_common(counts: Counter[str]) -> str:
    shown = [f"{_on_one_line(value)} ({count:,})" for value, count in counts.most_common(_SHOWN)]
    return ", ".join(shown) + (f", … ({len(counts):,})" if len(counts) > _SHOWN else "")


def _on_one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:100])


@click.command("waiting")
@pass_ledger
def waiting(places: LedgerPaths) -> None:
    """List the imports of past checks that wait for a second editor."""
    from claimledger.desk import check_imports

    for one in check_imports.list_waiting_imports(places):
        click.echo(_line(one))


def _line(one: WaitingImport) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in one.counts.items())
    return f"{one.name}  {one.recorded_at[:16]}  {one.author}  {one.origin}: {counts}  {one.reason}"


@click.command("approve")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation after showing the import.")
@click.option("--clock-is-right", is_flag=True, help="You have compared the clock, which is far ahead of the log.")
@pass_ledger
def approve(places: LedgerPaths, name: str, *, yes: bool, clock_is_right: bool) -> None:
    """Publish a waiting import of past checks; you may not have proposed it."""
    from claimledger import desk
    from claimledger.desk import check_imports

    actor = current_actor(places)
    found = [one for one in check_imports.list_waiting_imports(places) if one.name == name]
    waiting = check_imports.require_waiting(found[0] if found else None, name)
    click.echo(_line(waiting), err=True)
    if not yes:
        click.confirm("Publish these earlier checks? Published entries cannot be deleted.", abort=True, err=True)
    with progress("Building ledger.db") as tick:
        count, _ = desk.approve_check_import(
            places, name, actor, seen=waiting.content_sha256, is_clock_right=clock_is_right, progress=tick
        )
    click.echo(f"{format_count(count, 'earlier check', 'earlier checks')} published.")
    click.echo("A running server shows them from the next request. Commit claims/ and ledger.db.", err=True)


@click.command("discard")
@click.argument("name")
@click.option("--reason", required=True, help="The reason.")
@pass_ledger
def discard(places: LedgerPaths, name: str, reason: str) -> None:
    """Discard a waiting import of past checks; nothing of it becomes public."""
    from claimledger import desk

    desk.discard_check_import(places, name, current_actor(places), reason)
    click.echo(f"Discarded: {name}")
