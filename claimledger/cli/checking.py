"""The commands of a claim's check: the queue, and each act on a claim by the word it has everywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from claimledger.cli.acting import edit_by, who_acts
from claimledger.cli.options import by_language, say_findings
from claimledger.counting import counted
from claimledger.cli.reading import AS_JSON, LANGUAGE, STATUSES, terminal_width

if TYPE_CHECKING:
    from datetime import datetime

    from claimledger.editorial.claim_at_desk import ClaimAtDesk
    from claimledger.ledger.files import Places
    from claimledger.rendering import Language

VIEWS = ("mine", "review", "open", "flagged", "queries", "recheck", "all")
STAGES = ("open", "assigned", "proposed", "returned", "approved", "published")
RECORDS = ("draft", "listed", "withdrawn")
PRIORITIES = ("urgent", "normal", "later")
QUESTIONS = ("said", "so")
ANSWERS = ("fixed", "stands")
VERDICTS = STATUSES[1:]
_day = click.DateTime(["%Y-%m-%d"])
_yes = click.option("--yes", is_flag=True, help="Do not ask after showing what waits.")


@click.command()
@click.option("--view", type=click.Choice(VIEWS), default="mine", show_default=True, help="What to look at.")
@click.option("--article", "article_id", help="Only this article (its identifier).")
@click.option("--speaker", help="Only this speaker, as the table shows the name.")
@click.option("--record", type=click.Choice(RECORDS), help="Only claims whose record stands there.")
@click.option("--so", type=click.Choice(STAGES), help="Only claims whose check of whether it is so has come this far.")
@click.option("--said", type=click.Choice(STAGES), help="The same of whether the speaker said it.")
@click.option("--assignee", help="Only claims that this person checks.")
@click.option("--priority", type=click.Choice(PRIORITIES), help="Only this priority.")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True, help="Which page; 50 claims are one.")
@AS_JSON
@LANGUAGE
@click.pass_obj
def queue(places: Places, /, view: str, page: int, as_json: bool, lang: Language, **filters: str | None) -> None:
    """List what waits: for you, for a second person, for anybody; findings; open queries; rechecks that are due.

    'mine' and 'review' take your token: they ask who looks.
    """
    from claimledger import desk, rendering
    from claimledger.editorial.queue_views import asked_for

    name = who_acts(places).name if view in ("mine", "review") else ""
    given = {column: value for column, value in filters.items() if value}
    rows, count = desk.queue(places, asked_for(view, name, desk.newsroom_day().isoformat(), given), page)
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=2))
    elif rows:
        click.echo(rendering.queue_table(rows, lang, terminal_width()))
    click.echo(f"{len(rows):,} of {counted(count, 'claim', 'claims')}.", err=True)


@click.command()
@click.argument("claim_id")
@click.option("--to", "assignee", help="Who checks it.")
@click.option("--nobody", is_flag=True, help="Take the assignment back.")
@click.option("--question", type=click.Choice(QUESTIONS), default="so", show_default=True, help="What is checked.")
@click.option("--due", "due_on", type=_day, help="The print deadline, such as 2031-04-09; else as it was.")
@click.option("--priority", type=click.Choice(PRIORITIES), help="How soon it is to be looked at; else as it was.")
@click.pass_obj
def assign(
    places: Places, /, claim_id: str, *, assignee: str | None, nobody: bool, question: str, due_on: datetime | None,
    priority: str | None,
) -> None:  # fmt: skip
    """Say who checks a question about a claim: did the speaker say it, or is it so?"""
    from claimledger import desk
    from claimledger.vocabulary import Priority, Question

    if bool(assignee) == nobody:
        raise click.UsageError("Give --to NAME, or --nobody.")
    if nobody and (due_on or priority):
        raise click.UsageError("--due and --priority go with --to NAME; --nobody takes neither.")
    desk.assign(
        places, claim_id, Question(question), assignee, who_acts(places), due_on=_written(due_on),
        priority=Priority(priority) if priority else None,
    )  # fmt: skip
    due = f", due {_written(due_on)}" if due_on else ""
    click.echo(f"{claim_id}: '{question}' is assigned to {assignee}{due}." if assignee else
               f"{claim_id}: '{question}' is assigned to nobody.")  # fmt: skip


def _written(day: datetime | None) -> str | None:
    return day.date().isoformat() if day else None


@click.command()
@click.argument("claim_id")
@click.option("--as-printed", help="What the article says.")
@click.option("--should-read", help="What it should say.")
@click.pass_obj
def query(places: Places, claim_id: str, as_printed: str | None, should_read: str | None) -> None:
    """Ask the writer about a claim, and print the query's number; without options, list what was asked."""
    from claimledger import desk

    if not as_printed and not should_read:
        for asked in desk.claim_at_desk(places, claim_id).queries():
            detail = asked.asked.deed.detail
            click.echo(f"{asked.act_id}  {asked.answer}: {detail['as_printed']} → {detail['should_read']}")
    elif as_printed and should_read:
        click.echo(desk.query(places, claim_id, as_printed, should_read, who_acts(places)))
    else:
        raise click.UsageError("Give both --as-printed and --should-read.")


@click.command()
@click.argument("claim_id")
@click.argument("number", type=int)
@click.argument("given", type=click.Choice(ANSWERS))
@click.option("--text", default="", help="What the writer said.")
@click.pass_obj
def answer(places: Places, claim_id: str, number: int, given: str, text: str) -> None:
    """Keep what the writer answered to query NUMBER: it was fixed, or stands as printed."""
    from claimledger import desk
    from claimledger.vocabulary import Answer

    desk.answer(places, claim_id, number, Answer(given), text, who_acts(places))
    click.echo(f"{claim_id}: query {number} is answered: {given}.")


@click.command()
@click.argument("claim_id")
@click.argument("text")
@click.pass_obj
def comment(places: Places, claim_id: str, text: str) -> None:
    """Leave a remark for the colleagues; it stays private."""
    from claimledger import desk

    desk.comment(places, claim_id, text, who_acts(places))
    click.echo(f"{claim_id}: the comment is kept.")


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A verdict as it was typed."""

    question: str
    value: str
    rationale: dict[str, str]
    as_of: str
    recheck_after: str | None

    def among(self, verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return verdicts (JSON) with this one in the place of that on the same question."""
        others = {verdict["question"]: verdict for verdict in verdicts}
        mine = {"question": self.question, "value": self.value, "rationale": self.rationale, "as_of": self.as_of}
        others[self.question] = mine | ({"recheck_after": self.recheck_after} if self.recheck_after else {})
        return [others[question] for question in QUESTIONS if question in others]


@click.command()
@click.argument("claim_id")
@click.option("--so", type=click.Choice(VERDICTS), help="Is it so?")
@click.option("--said", type=click.Choice(VERDICTS), help="Did the speaker say it?")
@click.option("--rationale-en", help="Why, for the reader, in English.")
@click.option("--rationale-ko", help="The same in Korean.")
@click.option("--as-of", type=_day, help="The day up to which it was looked at (default: today in the newsroom).")
@click.option("--recheck-after", type=_day, help="When to look at it again.")
@click.option("--reason", default="A verdict is proposed.", show_default=True, help="Why now; it is published.")
@click.pass_obj
def propose(
    places: Places, /, claim_id: str, *, so: str | None, said: str | None, as_of: datetime | None,
    recheck_after: datetime | None, reason: str, **rationale: str | None,
) -> None:  # fmt: skip
    """Propose a verdict on a claim that you check; an editor who wrote no part of it approves.

    Attach evidence first, by 'claimledger attach', in the browser or in the claim's file; not_enough_evidence and
    not_checkable need none.
    """
    from claimledger import desk

    if bool(so) == bool(said):
        raise click.UsageError("Give --so VALUE or --said VALUE, one of them.")
    words = by_language(rationale["rationale_en"], rationale["rationale_ko"])
    day = _written(as_of) or desk.newsroom_day().isoformat()
    proposal = _Proposal("so" if so else "said", so or said or "", words, day, _written(recheck_after))
    edit = edit_by(who_acts(places), reason, kind="verdict")
    found = desk.claim_at_desk(places, claim_id)
    fields = found.claim.to_json()
    fields["verdicts"] = proposal.among(fields.get("verdicts", []))
    seen = desk.Seen(found.head_sha256, found.draft.draft_id if found.draft else None)
    draft = desk.edit(places, claim_id, fields, seen, edit)
    click.echo(f"{draft.kind}: {draft.key}" if draft else "It says so already.")
    say_findings(places, [claim_id])


@click.command()
@click.argument("claim_id")
@_yes
@click.pass_obj
def approve(places: Places, claim_id: str, yes: bool) -> None:
    """Approve what waits of a claim, as its second person, after it was shown."""
    from claimledger import desk

    who = who_acts(places)
    found = _shown(places, claim_id)
    if not yes:
        click.confirm("Approve this?", abort=True, err=True)
    desk.approve(places, claim_id, found.newest_draft_id, who)
    click.echo(f"{claim_id}: approved. 'claimledger publish {claim_id}' makes it public.")


@click.command("return")
@click.argument("claim_id")
@click.option("--reason", required=True, help="What is missing, for its authors.")
@_yes
@click.pass_obj
def return_(places: Places, claim_id: str, reason: str, yes: bool) -> None:
    """Give what waits of a claim back to its authors, after it was shown."""
    from claimledger import desk

    who = who_acts(places)
    found = _shown(places, claim_id)
    if not yes:
        click.confirm("Return this?", abort=True, err=True)
    desk.return_(places, claim_id, found.newest_draft_id, who, reason=reason)
    click.echo(f"{claim_id}: returned to {', '.join(sorted(found.writers()))}.")


def _shown(places: Places, claim_id: str) -> ClaimAtDesk:
    """Show what waits against what is public, with what disagrees, and return the claim as it was shown.

    Raises:
        ProblemsFound: nothing of it waits.
    """
    from claimledger import desk
    from claimledger.publishing.field_changes import changes

    found = desk.claim_at_desk(places, claim_id)
    desk.demand_waiting(places, [claim_id])
    for draft in found.waiting:
        click.echo(f"{draft.kind}: {draft.key}  {', '.join(draft.authors)}: {draft.reason}")
    for change in changes(found.public_fields, found.claim.to_json()) if found.draft else ():
        click.echo(f"  {change.field}: {change.before or '-'} → {change.after or '-'}")
    for finding in found.findings:
        click.echo(str(finding), err=True)
    return found


@click.command()
@click.argument("claim_id")
@click.option("--reason", required=True, help="Why, in a sentence; it is published.")
@click.pass_obj
def withdraw(places: Places, claim_id: str, reason: str) -> None:
    """Propose to take a public claim back; another editor approves."""
    from claimledger import desk

    draft = desk.withdraw(places, claim_id, who_acts(places), reason=reason)
    click.echo(f"{draft.kind}: {draft.key}")
