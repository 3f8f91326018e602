"""The commands that keep the ledger: make a backup, and restore one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.language import message_language
from claimledger.cli.progress import progress
from claimledger.counting import format_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimledger.checks.results import CheckResult
    from claimledger.ledger.files import LedgerPaths


@click.command()
@click.argument("target", metavar="FOLDER_OR_FILE", type=click.Path(path_type=Path))
@click.pass_obj
def backup(places: LedgerPaths, target: Path) -> None:
    """Make a backup of desk.db, its documents, the log and the settings, while the desk is used.

    FOLDER_OR_FILE is a new folder or, if it ends in .tar, .tar.gz or .tgz, a new archive. In an existing folder, the
    backup gets a name made from the time. It is checked after writing. It is not encrypted and contains everything
    private: encrypt it when you carry it away. ledger.db and the claim files are not in it, because 'build' makes them.
    """
    from claimledger.desk import backup_steps
    from claimledger.messages import Message

    with progress("Backing up", "kB") as tick:
        made = backup_steps.make_backup(places, target, tick)
    size = sum(one.size for one in made.manifest.files.values())
    message = Message(
        "backup-made", path=str(made.path), files=len(made.manifest.files), size=size, entries=made.manifest.entries
    )
    click.echo(message.sentence(message_language()))
    click.echo(message.advice(message_language()), err=True)
    _end_with(made.checks, "found; the ledger has them too")


def _end_with(checks: Iterable[CheckResult], where: str) -> None:
    """Print the problems of checks; end with status 1 if there are any."""
    problems = [problem for checked in checks for problem in checked.problems]
    for problem in problems:
        click.echo(problem.line_text(message_language()), err=True)
    if problems:
        click.echo(f"{format_count(len(problems), 'problem', 'problems')} {where}.", err=True)
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--log", "other_log", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another copy of claims/log, which may be newer.",
)  # fmt: skip
@click.option(
    "--checkpoint", "notes", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed note of the log that someone kept; may be repeated.",
)  # fmt: skip
@click.pass_obj
def restore(places: LedgerPaths, source: Path, other_log: Path | None, notes: tuple[Path, ...]) -> None:
    """Restore a backup into the folder of a ledger (--root) that has no desk.db.

    BACKUP is what 'backup' made, or a single desk.db, such as a replica. A newer log in the folder, for example of a
    clone, completes the backup. The command says what the log has that the backup does not, and what is lost. It
    overwrites no file.
    """
    from claimledger.desk import restore_steps
    from claimledger.messages import Message

    texts = [path.read_text("utf-8", errors="replace") for path in notes]
    done = restore_steps.restore_backup(places, source, other_log=other_log, notes=texts)
    language = message_language()
    at = done.newest_at
    click.echo(Message("restored", path=str(places.desk), entries=done.backup_entries, at=at).sentence(language))
    if done.newer:
        names = tuple(dict.fromkeys(entry.key for entry in done.newer))
        message = Message(
            "restored-from-log/refused" if done.refusal else "restored-from-log",
            count=len(done.newer), since=done.newer[0].recorded_at, until=done.newer[-1].recorded_at, names=names[:20],
        )  # fmt: skip
        click.echo(message.sentence(language))
    if done.refusal:
        click.echo(done.refusal.text(language), err=True)
    if done.missing_entries:
        message = Message("entries-missing", count=done.missing_entries, signed=done.signed_entries)
        click.echo(message.text(language), err=True)
    click.echo(Message("work-lost", at=at).sentence(language))
    click.echo(Message("work-lost", at=at).advice(language), err=True)
    _end_with(done.checks, "found in what is restored")
    if done.missing_entries:
        raise click.exceptions.Exit(1)
