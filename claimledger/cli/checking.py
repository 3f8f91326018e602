"""The commands for the check of a claim: the task list, and one command for each action of the workflow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from claimledger.cli.acting import edit_from_options, current_actor, pass_ledger
from claimledger.cli.options import text_by_language, print_findings
from claimledger.cli.reading import JSON_OPTION, LANGUAGE_OPTION, STATUSES, terminal_width
from claimledger.counting import format_count

if TYPE_CHECKING:
    from datetime import datetime

    from claimledger.editorial.claim_at_desk import ClaimAtDesk
    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage

VIEWS = ("mine", "review", "open", "flagged", "queries", "recheck", "all")
STAGES = ("open", "assigned", "proposed", "returned", "approved", "published")
RECORDS = ("draft", "listed", "withdrawn")
PRIORITIES = ("urgent", "normal", "later")
QUESTIONS = ("said", "so")
ANSWERS = ("fixed", "stands")
VERDICTS = [status for status in STATUSES if status not in {"not_checked", "nothing_found"}]
_day = click.DateTime(["%Y-%m-%d"])
_yes = click.option("--yes", is_flag=True, help="Do not ask for confirmation after showing the drafts.")


@click.command()
@click.option("--view", type=click.Choice(VIEWS), default="mine", show_default=True, help="The list of tasks.")
@click.option("--article", "article_id", help="Only this article (its identifier).")
@click.option("--speaker", help="Only this speaker, as the table shows the name.")
@click.option("--record", type=click.Choice(RECORDS), help="Only claims with this record state.")
@click.option("--so", type=click.Choice(STAGES), help="Only claims with this stage of the fact check.")
@click.option("--said", type=click.Choice(STAGES), help="Only claims with this stage of the quote check.")
@click.option("--assignee", help="Only claims assigned to this person.")
@click.option("--priority", type=click.Choice(PRIORITIES), help="Only this priority.")
@click.option(
    "--page", type=click.IntRange(min=1), default=1, show_default=True, help="Page of the list; a page has 50 claims."
)
@JSON_OPTION
@LANGUAGE_OPTION
@pass_ledger
def queue(
    places: LedgerPaths, /, view: str, page: int, as_json: bool, lang: TerminalLanguage, **filters: str | None
) -> None:
    """List the tasks: your own, those that need approval, unassigned claims, findings, open queries and due rechecks.

    The views 'mine' and 'review' need your token, because they depend on who you are.
    """
    from claimledger import rendering
    from claimledger.desk import lookups
    from claimledger.editorial.queue_views import queue_of_view

    name = current_actor(places).name if view in ("mine", "review") else ""
    given = {column: value for column, value in filters.items() if value}
    rows, count = lookups.queue(places, queue_of_view(view, name, lookups.newsroom_day().isoformat(), given), page)
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=2))
    elif rows:
        click.echo(rendering.queue_table(rows, lang, terminal_width()))
    click.echo(f"{len(rows):,} of {format_count(count, 'claim', 'claims')}.", err=True)


@click.command()
@click.argument("claim_id")
@click.option("--to", "assignee", help="The person who checks it.")
@click.option("--nobody", is_flag=True, help="Remove the assignment.")
@click.option(
    "--question",
    type=click.Choice(QUESTIONS),
    default="so",
    show_default=True,
    help="Check whether it was said (said) or is true (so).",
)
@click.option("--due", "due_on", type=_day, help="The print deadline, such as 2031-04-09 (default: unchanged).")
@click.option("--priority", type=click.Choice(PRIORITIES), help="The priority (default: unchanged).")
@click.pass_obj
def assign(
    places: LedgerPaths,
    /,
    claim_id: str,
    *,
    assignee: str | None,
    nobody: bool,
    question: str,
    due_on: datetime | None,
    priority: str | None,
) -> None:
    """Assign a question about a claim to a person: was it really said, or is it true?"""
    from claimledger import desk
    from claimledger.desk_vocabulary import Priority
    from claimledger.vocabulary import Question

    if bool(assignee) == nobody:
        raise click.UsageError("Give --to NAME, or --nobody.")
    if nobody and (due_on or priority):
        raise click.UsageError("Use --due and --priority with --to NAME, not with --nobody.")
    desk.assign(
        places, claim_id, Question(question), assignee, current_actor(places), due_on=_iso_day(due_on),
        priority=Priority(priority) if priority else None,
    )  # fmt: skip
    due = f", due {_iso_day(due_on)}" if due_on else ""
    click.echo(f"{claim_id}: '{question}' is assigned to {assignee}{due}." if assignee else
               f"{claim_id}: '{question}' is no longer assigned to anyone.")  # fmt: skip


def _iso_day(day: datetime | None) -> str | None:
    return day.date().isoformat() if day else None


@click.command()
@click.argument("claim_id")
@click.option("--as-printed", help="The wording in the article.")
@click.option("--should-read", help="The wording it should have.")
@click.pass_obj
def query(places: LedgerPaths, claim_id: str, as_printed: str | None, should_read: str | None) -> None:
    """Ask the writer about a claim and print the query's number; without options, list the claim's queries."""
    from claimledger import desk
    from claimledger.desk import lookups

    if not as_printed and not should_read:
        for query_record in lookups.claim_at_desk(places, claim_id).queries():
            detail = query_record.asked.entry.detail
            click.echo(
                f"{query_record.act_id}  {query_record.answer}: {detail['as_printed']} → {detail['should_read']}"
            )
    elif as_printed and should_read:
        click.echo(desk.query(places, claim_id, as_printed, should_read, current_actor(places)))
    else:
        raise click.UsageError("Give both --as-printed and --should-read.")


@click.command()
@click.argument("claim_id")
@click.argument("number", type=int)
@click.argument("given", type=click.Choice(ANSWERS))
@click.option("--text", default="", help="The writer's answer.")
@click.pass_obj
def answer(places: LedgerPaths, claim_id: str, number: int, given: str, text: str) -> None:
    """Record the writer's answer to query NUMBER: fixed, or kept as printed (stands)."""
    from claimledger import desk
    from claimledger.desk_vocabulary import QueryAnswer

    desk.record_answer(places, claim_id, number, QueryAnswer(given), text, current_actor(places))
    click.echo(f"{claim_id}: query {number} is answered: {given}.")


@click.command()
@click.argument("claim_id")
@click.argument("text")
@click.pass_obj
def comment(places: LedgerPaths, claim_id: str, text: str) -> None:
    """Add a comment for your colleagues; it stays private."""
    from claimledger import desk

    desk.comment(places, claim_id, text, current_actor(places))
    click.echo(f"{claim_id}: the comment is stored.")


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A verdict made from the options of the command."""

    question: str
    value: str
    rationale: dict[str, str]
    as_of: str
    recheck_after: str | None

    def replace_in(self, verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the verdicts (JSON) with this one in place of the verdict on the same question."""
        others = {verdict["question"]: verdict for verdict in verdicts}
        own = {"question": self.question, "value": self.value, "rationale": self.rationale, "as_of": self.as_of}
        others[self.question] = own | ({"recheck_after": self.recheck_after} if self.recheck_after else {})
        return [others[question] for question in QUESTIONS if question in others]


@click.command()
@click.argument("claim_id")
@click.option("--so", type=click.Choice(VERDICTS), help="Verdict on the question: is it true?")
@click.option("--said", type=click.Choice(VERDICTS), help="Verdict on the question: was it really said?")
@click.option("--rationale-en", help="The rationale for readers, in English.")
@click.option("--rationale-ko", help="The same in Korean.")
@click.option("--as-of", type=_day, help="The last day covered by the check (default: today in the newsroom).")
@click.option("--recheck-after", type=_day, help="Recheck after this day.")
@click.option(
    "--reason", default="A verdict is proposed.", show_default=True, help="The reason for the change. It is published."
)
@click.pass_obj
def propose(
    places: LedgerPaths, /, claim_id: str, *, so: str | None, said: str | None, as_of: datetime | None,
    recheck_after: datetime | None, reason: str, **rationale: str | None,
) -> None:  # fmt: skip
    """Propose a verdict on a claim that you check. An editor who wrote no part of it approves it.

    Add evidence first: with 'claimledger attach', in the browser or in the claim's file. The verdicts
    not_enough_evidence and not_checkable need no evidence.
    """
    from claimledger import desk
    from claimledger.desk import check_steps
    from claimledger.desk import lookups

    if bool(so) == bool(said):
        raise click.UsageError("Give either --so VALUE or --said VALUE.")
    words = text_by_language(rationale["rationale_en"], rationale["rationale_ko"])
    day = _iso_day(as_of) or lookups.newsroom_day().isoformat()
    proposal = _Proposal("so" if so else "said", so or said or "", words, day, _iso_day(recheck_after))
    edit = edit_from_options(current_actor(places), reason, kind="verdict")
    found = lookups.claim_at_desk(places, claim_id)
    fields = found.claim.to_json()
    fields["verdicts"] = proposal.replace_in(fields.get("verdicts", []))
    seen = check_steps.SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
    draft = desk.edit(places, claim_id, fields, seen, edit)
    click.echo(f"{draft.kind}: {draft.key}" if draft else "Nothing to change: this verdict is already recorded.")
    print_findings(places, [claim_id])


@click.command()
@click.argument("claim_id")
@_yes
@click.pass_obj
def approve(places: LedgerPaths, claim_id: str, yes: bool) -> None:
    """Approve the draft of a claim as its second person, after showing it."""
    from claimledger import desk

    actor = current_actor(places)
    found = _show_drafts(places, claim_id)
    if not yes:
        click.confirm("Approve this?", abort=True, err=True)
    desk.approve(places, claim_id, found.newest_draft_id, actor)
    click.echo(f"{claim_id}: approved. 'claimledger publish {claim_id}' makes it public.")


@click.command("return")
@click.argument("claim_id")
@click.option("--reason", required=True, help="Changes that the authors have to make.")
@_yes
@click.pass_obj
def return_(places: LedgerPaths, claim_id: str, reason: str, yes: bool) -> None:
    """Send the draft of a claim back to its authors, after showing it."""
    from claimledger import desk

    actor = current_actor(places)
    found = _show_drafts(places, claim_id)
    if not yes:
        click.confirm("Send this back?", abort=True, err=True)
    desk.return_(places, claim_id, found.newest_draft_id, actor, reason=reason)
    click.echo(f"{claim_id}: sent back to {', '.join(sorted(found.writers()))}.")


def _show_drafts(places: LedgerPaths, claim_id: str) -> ClaimAtDesk:
    """Print the claim's drafts, changes and findings; return the claim as it was shown.

    Raises:
        ProblemsFound: the claim has no draft.
    """
    from claimledger.desk import bulk_steps
    from claimledger.desk import lookups
    from claimledger.publishing.field_changes import field_changes

    found = lookups.claim_at_desk(places, claim_id)
    bulk_steps.demand_open_drafts(places, [claim_id])
    for draft in found.waiting:
        click.echo(f"{draft.kind}: {draft.key}  {', '.join(draft.authors)}: {draft.reason}")
    for change in field_changes(found.public_fields, found.claim.to_json()) if found.draft else ():
        click.echo(f"  {change.field}: {change.before or '-'} → {change.after or '-'}")
    for finding in found.findings:
        click.echo(str(finding), err=True)
    return found


@click.command()
@click.argument("claim_id")
@click.option("--reason", required=True, help="The reason, in a sentence. It is published.")
@click.pass_obj
def withdraw(places: LedgerPaths, claim_id: str, reason: str) -> None:
    """Propose to withdraw a public claim; another editor approves it."""
    from claimledger import desk

    draft = desk.withdraw(places, claim_id, current_actor(places), reason=reason)
    click.echo(f"{draft.kind}: {draft.key}")
