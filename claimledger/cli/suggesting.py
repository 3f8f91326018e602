"""The commands for suggestions of a language model: ask it, list what came back, and decide who may get the text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import current_actor, edit_from_options, pass_ledger
from claimledger.cli.options import parse_range, print_findings
from claimledger.cli.progress import progress
from claimledger.cli.reading import LANGUAGE_OPTION
from claimledger.counting import format_count
from claimledger.desk_vocabulary import ARTICLE_TASKS, CLAIM_TASKS

if TYPE_CHECKING:
    from typing import NoReturn

    from claimledger.desk.model_plan import ModelTask
    from claimledger.desk.suggestion_steps import AskResult
    from claimledger.ledger.files import LedgerPaths
    from claimledger.models import Span
    from claimledger.rendering import TerminalLanguage

_FILE = click.Path(dir_okay=False, path_type=Path)
_REASON = click.option("--reason", required=True, help="The reason, in a sentence; it stays on the desk.")


@click.command()
@click.argument("name")
@click.option(
    "--task", type=click.Choice([one.value for one in (*ARTICLE_TASKS, *CLAIM_TASKS)]), default="claims",
    show_default=True, help="The task of the model; the last four are about a claim.",
)  # fmt: skip
@click.option("--passage", type=parse_range, help="The passage for the task 'statements', such as 120-164.")
@click.option("--document", help="A document for the task 'passages' (default: all that the claim cites).")
@click.option("--model", help="A model of models.toml (default: the first).")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, where to, and its cost; send nothing.")
@click.option("--record", "into", type=_FILE, help="Write the answers into this file too (JSON Lines).")
@click.option("--replay", "replayed", type=_FILE, help="Use the answers of this file; send nothing.")
@LANGUAGE_OPTION
@pass_ledger
def suggest(
    places: LedgerPaths,
    name: str,
    task: str,
    passage: Span | None,
    document: str | None,
    model: str | None,
    into: Path | None,
    replayed: Path | None,
    lang: TerminalLanguage,
    *,
    dry_run: bool,
) -> None:
    """Ask a language model for suggestions about the article or claim NAME.

    A model points at sentences and drafts wording; the program compares each suggestion with the text, and a person
    decides. Requests that were answered before are not sent again. Nothing is sent without models.toml.
    """
    from claimledger import desk
    from claimledger.desk.answer_recording import Replay

    if sum(map(bool, (dry_run, into, replayed))) > 1:
        raise click.UsageError("Use only one of --dry-run, --record and --replay.")
    wanted = _model_task(places, name, task, passage, document, lang)
    if dry_run:
        _show_plan(places, wanted, model, lang)
    actor = current_actor(places)
    with progress("Asking", "requests") as tick:
        if replayed:
            result = desk.replay_answers(places, wanted, actor, Replay(replayed, model), report=tick)
        else:
            result = desk.ask_model(places, wanted, actor, model=model, report=tick)
    if into:
        count = desk.record_answers(places, wanted, model, into)
        click.echo(f"{format_count(count, 'answer', 'answers')} in {into}.")
    _show_result(result, lang)


def _show_plan(places: LedgerPaths, wanted: ModelTask, model: str | None, lang: TerminalLanguage) -> NoReturn:
    from claimledger import article_rendering
    from claimledger.desk.model_plan import plan_requests

    plan = plan_requests(places, wanted, model)
    for line in article_rendering.plan_lines(plan, lang):
        click.echo(line)
    for request in plan.waiting:
        click.echo(f"\n{request.request.system}\n\n{request.request.user}")
    for refusal in (*plan.refusals, *plan.not_sent):
        click.echo(refusal.line_text(lang), err=True)
    sys.exit(1 if plan.refusals or plan.not_sent else 0)


def _show_result(result: AskResult, lang: TerminalLanguage) -> None:
    states = ", ".join(
        f"{state.label_ko if lang == 'ko' else state.label_en} {count}" for state, count in result.counts
    )
    click.echo(f"{format_count(result.calls, 'call', 'calls')}. {states or '–'}")
    for problem in result.not_sent:
        click.echo(problem.line_text(lang), err=True)
    if result.stopped:
        click.echo(result.stopped.text(lang), err=True)
    if result.stopped or result.not_sent:
        sys.exit(1)


def _model_task(
    places: LedgerPaths, name: str, task: str, passage: Span | None, document: str | None, language: str
) -> ModelTask:
    from claimledger.desk import lookups
    from claimledger.desk.model_plan import ModelTask
    from claimledger.desk_vocabulary import SuggestionTask

    if document is not None and task != "passages":
        raise click.UsageError("--document belongs to --task passages.")
    if (passage is None) is (task == "statements"):
        raise click.UsageError("--passage belongs to --task statements, which needs it.")
    if task in ARTICLE_TASKS:
        return ModelTask(SuggestionTask(task), name, passage)
    article_id = lookups.claim_at_desk(places, name).claim.article_id
    return ModelTask(SuggestionTask(task), article_id, claim_id=name, language=language, document_id=document)


@click.command()
@click.argument("name")
@click.option("--refused", is_flag=True, help="List the refused suggestions too.")
@click.option("--count", "counts", is_flag=True, help="Count the suggestions of each model for an article instead.")
@LANGUAGE_OPTION
@pass_ledger
def suggestions(places: LedgerPaths, name: str, lang: TerminalLanguage, *, refused: bool, counts: bool) -> None:
    """List the suggestions of language models about the article or claim NAME, judged by its text as it is now.

    Each line has the number, the place of the passage and the judgement. 'Nothing found' is not a check. Accept one
    with 'claimledger accept … --suggestion NUMBER', or with 'claimledger suggestion translate'.
    """
    from claimledger import article_rendering
    from claimledger.desk import lookups
    from claimledger.labels import label_text

    if counts:
        for line in article_rendering.suggestion_count_lines(lookups.count_suggestions(places, name), lang):
            click.echo(line)
        return
    if name in lookups.list_article_ids(places):
        about = lookups.article_suggestions(places, name)
        found, used = about.found, about.used
        click.echo(f"{format_count(used.calls, 'call', 'calls')}, {used.tokens:,} tokens", err=True)
        if used.unanswered:
            click.echo(f"{label_text('suggestion.unanswered', lang)}: {used.unanswered:,}", err=True)
    else:
        found = lookups.claim_suggestions(places, name)
    shown = [one for one in found if refused or one.state != "refused"]
    for line in article_rendering.suggestion_lines(shown, lang):
        click.echo(line)
    hidden = len(found) - len(shown)
    if hidden:
        click.echo(
            f"{format_count(hidden, 'refused suggestion', 'refused suggestions')} not listed (--refused).", err=True
        )


@click.command()
@LANGUAGE_OPTION
@pass_ledger
def suggesters(places: LedgerPaths, lang: TerminalLanguage) -> None:
    """List the installed suggesters, whether each can be used, and the models that the newsroom has turned on."""
    from claimledger.labels import label_text
    from claimledger.newsroom.model_settings import ModelOff, read_model_choices
    from claimledger.suggesting.suggesters import installed_suggesters, missing_library

    loaded = installed_suggesters()
    for suggester in loaded.found:
        missing = missing_library(suggester)
        state = label_text("suggestion.not_usable" if missing else "suggestion.usable", lang)
        click.echo(f"{suggester.name}: {state}")
        if missing:
            click.echo(missing.text(lang), err=True)
    for problem in loaded.problems:
        click.echo(problem.line_text(lang), err=True)
    try:
        choices = read_model_choices(places.root)
    except ModelOff as off:
        click.echo(off.text(lang), err=True)
        return
    for one in choices.models:
        reaches = one.settings.reaches
        where = reaches.label_ko if lang == "ko" else reaches.label_en
        click.echo(f"{one.settings.name}: {one.settings.suggester}, {one.settings.address} ({where})")


@click.group()
def suggestion() -> None:
    """Decide on suggestions of a language model, and on the text that it may get."""


@suggestion.command()
@click.argument("number", type=click.IntRange(min=1))
@click.pass_obj
def dismiss(places: LedgerPaths, number: int) -> None:
    """Set the suggestion NUMBER aside; no reason is needed."""
    from claimledger import desk

    desk.dismiss_suggestion(places, number, current_actor(places))


@suggestion.command()
@click.argument("claim_id")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--statement", help="The statement as you changed it (default: as suggested).")
@click.option("--reason", default="Translated.", show_default=True, help="The reason. It is published.")
@click.pass_obj
def translate(places: LedgerPaths, claim_id: str, number: int, statement: str | None, reason: str) -> None:
    """Draft the claim with the suggested statement NUMBER in the language that it lacks.

    The public record says that a language model worded it, and whether you changed it.
    """
    from claimledger import desk

    edit = edit_from_options(current_actor(places), reason)
    desk.accept_translation(places, claim_id, number, edit, statement=statement)
    print_findings(places, [claim_id])


_IS_DOCUMENT = click.option("--document", "is_document", is_flag=True, help="NAME is a document, not an article.")


@suggestion.command("allow-sending")
@click.argument("name")
@_IS_DOCUMENT
@_REASON
@click.pass_obj
def allow_sending(places: LedgerPaths, name: str, reason: str, *, is_document: bool) -> None:
    """Allow that the text of the article NAME is sent to a model outside this computer; or of the document NAME.

    Editors decide, by the rights of the text: two must allow it. Confidential documents are never sent.
    """
    _decide_on_sending(places, name, reason, is_document=is_document, may_send=True)


@suggestion.command("forbid-sending")
@click.argument("name")
@_IS_DOCUMENT
@_REASON
@click.pass_obj
def forbid_sending(places: LedgerPaths, name: str, reason: str, *, is_document: bool) -> None:
    """Forbid that the text of the article NAME is sent to a model outside this computer; or of the document NAME."""
    _decide_on_sending(places, name, reason, is_document=is_document, may_send=False)


def _decide_on_sending(places: LedgerPaths, name: str, reason: str, *, is_document: bool, may_send: bool) -> None:
    from claimledger import desk
    from claimledger.newsroom.sending_rights import TextOwner

    owner = TextOwner(name, is_document=is_document)
    state = desk.allow_sending(places, owner, edit_from_options(current_actor(places), reason), may_send=may_send)
    if state.first_editor:
        click.echo("Allowed by one editor. A second editor must allow it too.")


@suggestion.command("delete-answers")
@click.argument("article_id")
@_REASON
@click.pass_obj
def delete_answers(places: LedgerPaths, article_id: str, reason: str) -> None:
    """Delete all answers of models for an article; the calls and people's decisions stay counted."""
    from claimledger import desk

    count = desk.delete_answers(places, article_id, edit_from_options(current_actor(places), reason))
    click.echo(f"{format_count(count, 'answer', 'answers')} deleted.")
