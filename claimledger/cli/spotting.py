"""The command that proposes claims: figures, quotations and reported statements of a text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from claimledger.counting import format_count
from claimledger.cli.language import message_language
from claimledger.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimledger.editorial.candidate_decisions import Proposal
    from claimledger.ledger.files import LedgerPaths
    from claimledger.spotting import Candidate, CandidateFormat, SpottedFile


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@click.option("--article", "article_id", help="Read this article's newest text from the desk instead of FILES.")
@click.option("--all", "shows_all", is_flag=True, help="With --article: candidates that are settled too.")
@click.option(
    "--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True,
    help="Output format.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read files.")
@click.pass_obj
def spot(
    places: LedgerPaths, files: tuple[str, ...], article_id: str | None, shows_all: bool, form: str, workers: int
) -> None:
    """Propose the claims of texts: speakers, statements and figures.

    FILES are UTF-8 texts, web pages (.html) or Word files. Each candidate is a passage with its offsets in code points;
    a person decides which of them are claims. Missing language support is reported on standard error; if a language
    fails on a text, the exit status is 1. With --article, candidates that are already claimed or excluded are left out.
    """
    from claimledger.spotting import (
        CandidateFormat, failed_plugins, spot_files, spotting_problems, write_candidates,
    )  # fmt: skip

    if bool(files) == bool(article_id):
        raise click.UsageError("Give FILES, or --article.")
    for problem in spotting_problems():
        click.echo(problem.line_text(message_language()), err=True)
    if article_id:
        _spot_article(places, article_id, CandidateFormat(form), shows_all=shows_all)
        return
    bad: list[str] = []
    spotted = _report_problems(spot_files(files, workers, _progress if len(files) > 1 else None), bad)
    write_candidates(spotted, sys.stdout, CandidateFormat(form), label="file" if len(files) > 1 else "")
    sys.exit(1 if bad or failed_plugins() else 0)


def _spot_article(places: LedgerPaths, article_id: str, form: CandidateFormat, *, shows_all: bool) -> None:
    from claimledger import desk
    from claimledger.spotting import write_candidates
    from claimledger.desk_vocabulary import Coverage

    found, others = desk.list_candidates(places, article_id)
    shown = [proposal for proposal in found if shows_all or proposal.state is Coverage.UNBOUND]
    rows = ((_state(proposal), [proposal.candidate]) for proposal in shown)
    write_candidates(rows, sys.stdout, form, label="state" if shows_all else "")
    counts = ", ".join(f"{state.label_en} {sum(one.state is state for one in found):,}" for state in Coverage)
    candidates = format_count(len(found), "candidate", "candidates")
    passages = format_count(len(others), "claim's passage", "claims' passages")
    click.echo(f"{candidates}: {counts}; {passages} without one.", err=True)
    for entry in others:
        click.echo(f"  {entry.position.start}-{entry.position.end}  {entry.claim_id}", err=True)
    unread = desk.list_unread_paragraphs(places, article_id)
    for problem in unread:
        click.echo(problem.line_text(message_language()), err=True)
    if unread:
        sys.exit(1)


def _state(proposal: Proposal) -> str:
    return ", ".join(proposal.claim_ids) or proposal.state.value


def _report_problems(spotted: Iterable[SpottedFile], bad: list[str]) -> Iterator[tuple[str, Iterable[Candidate]]]:
    """Yield each file with its candidates; report files that could not be read, and continue."""
    for one in spotted:
        if one.problem:
            bad.append(one.path)
            click.echo(one.problem.line_text(message_language()), err=True)
        if one.is_extracted:
            click.echo(Message("offsets-of-extracted-text", file=one.path).text(message_language()), err=True)
        yield one.path, one.candidates


def _progress(done: int, path: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} read, now {path}", nl=False, err=True)
