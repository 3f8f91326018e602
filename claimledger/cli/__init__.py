"""The command line: parse the arguments, call the desk, print the result. No rule lives here.

Results go to standard output, progress and problems to standard error. Exit status: 0 if the command succeeded and
found nothing, 1 for a refusal or a finding, 2 for wrong usage. Models, SQLite and YAML are imported inside the
commands, so that --help is quick.

`article`, `spotting` and `archive` read texts, and `deciding` turns their passages into claims or excludes them;
`suggesting` asks a language model about them.
`checking` has the commands for the check of a claim, `evidence` for its documents and `earlier` for related claims.
`acts` changes and verifies the ledger, `reading` shows what is published, and `exporting` writes it to files.
`importing` reads the reviews of other publications, `check_importing` archives of past checks. `proving` has the keys
and proofs of the log, and `keeping` its backups. `hosting_commands` create and serve a ledger. `acting` finds the
person who acts from a token.
"""

from __future__ import annotations

from pathlib import Path

import click

from claimledger import __version__
from claimledger.cli import (
    acting, acts, archive, article, check_importing, checking, deciding, earlier, evidence, exporting,
    hosting_commands, importing, keeping, notice_commands, people, proving, reading, sheets, spotting, suggesting,
)  # fmt: skip


class CommandGroup(click.Group):
    """The command group. It lists its commands in workflow order and prints refusals without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; print a refusal or a file error as one sentence and exit with status 1."""
        import sqlite3

        from claimledger.cli.language import UnknownLanguage, message_language
        from claimledger.errors import LedgerError
        from claimledger.failures import failure_kind

        try:
            return super().invoke(ctx)
        except UnknownLanguage as error:
            message = error.bilingual()
        except LedgerError as error:
            message = error.text(message_language())
        except BrokenPipeError:
            raise  # click ends quietly when the reader of a pipe has gone
        except OSError as error:
            message = (
                file_failure(error, error.filename) if failure_kind(error) else f"{error.filename}: {error.strerror}."
            )
        except sqlite3.Error as error:
            if not failure_kind(error):
                raise
            message = file_failure(error)
        click.echo(message, err=True)
        raise click.exceptions.Exit(1)


def file_failure(error: Exception, path: object = None) -> str:
    """Return the sentence for a file that could not be read or written; `path` is its path, if that is known."""
    from claimledger.cli.language import message_language
    from claimledger.failures import failure_reason
    from claimledger.messages import Message

    here: Path = click.get_current_context().params.get("root", Path())
    return Message("file-failure", path=str(path or here), reason=failure_reason(error)).text(message_language())


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", envvar="CLAIMLEDGER_ROOT",
    help="Folder with claims/ and ledger.db (default: this one).",
)  # fmt: skip
@click.option(
    "--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the token of who acts (default: the token in CLAIMLEDGER_TOKEN).",
)  # fmt: skip
@click.pass_context
def main(context: click.Context, root: Path, token_file: Path | None) -> None:
    """Keep a ledger of the claims that articles make.

    Each claim is a versioned record with its source, its speaker and its verification status. Edit the files in
    claims/, 'record' the edits, let a second person 'publish' them, and read the ledger here or in Datasette.
    Commands that change the ledger need a token that says who you are ('claimledger token new').
    """
    from claimledger.cli.language import message_language
    from claimledger.ledger.files import LedgerPaths

    message_language()
    context.obj = LedgerPaths(root.resolve())
    acting.remember_token_file(context, token_file)


for command in (
    hosting_commands.init, hosting_commands.serve, hosting_commands.demo,
    article.article, spotting.spot, archive.archive, deciding.accept, deciding.dismiss, deciding.coverage,
    suggesting.suggest, suggesting.suggestions, suggesting.suggestion, suggesting.suggesters,
    deciding.tasks, deciding.place, deciding.leave_out, earlier.earlier, earlier.relate, acts.new, acts.record,
    acts.waive, checking.queue, checking.assign, evidence.attach, evidence.evidence, checking.query, checking.answer,
    checking.comment, checking.propose, checking.approve, checking.return_, checking.withdraw, earlier.recheck,
    acts.drafts, acts.discard, acts.publish, acts.build, acts.check, reading.list_, reading.show, reading.history,
    reading.findings, exporting.export, people.person, people.token, sheets.sheet, importing.import_, proving.key,
    proving.checkpoint, proving.prove, proving.witness, proving.verify, notice_commands.notices,
    keeping.backup, keeping.restore,
    hosting_commands.metadata,
):  # fmt: skip
    main.add_command(command)
for command in (check_importing.checks, check_importing.waiting, check_importing.approve, check_importing.discard):
    importing.import_.add_command(command)
