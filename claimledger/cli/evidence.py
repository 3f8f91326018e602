"""The commands on evidence: attach a document to a claim, and look again at those that claims rest on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from claimledger.cli.acting import edit_by, who_acts
from claimledger.cli.options import by_language
from claimledger.counting import counted
from claimledger.cli.progress import progress

if TYPE_CHECKING:
    from claimledger.desk import Brought, DocumentReport, Noted
    from claimledger.errors import Problem
    from claimledger.ledger.files import Places
    from claimledger.newsroom.store import Draft
    from claimledger.workflow import Staff

STANCES = ("supports", "refutes", "context")
TIERS = ("primary", "primary_copy", "secondary")
MEDIA = ("web", "pdf", "file", "book_page", "call", "email", "interview", "photograph")


@click.command()
@click.argument("claim_id")
@click.argument("source", required=False)
@click.option("--document", "named", help="A document that the desk has, by its name or address, instead of SOURCE.")
@click.option("--stance", type=click.Choice(STANCES), required=True, help="What the document does to the claim.")
@click.option("--tier", type=click.Choice(TIERS), help="How near it stands to the fact; demanded with SOURCE.")
@click.option("--summary-en", help="What it says, in your own words, in English.")
@click.option("--summary-ko", help="The same in Korean.")
@click.option("--excerpt", default="", help="The passage relied on, word for word; it must stand there once.")
@click.option("--medium", type=click.Choice(MEDIA), help="What it is, where the bytes do not tell.")
@click.option("--title-en", help="Its title in English, where it does not state one.")
@click.option("--title-ko", help="The same in Korean.")
@click.option("--publisher-en", help="Who published it, in English.")
@click.option("--publisher-ko", help="The same in Korean.")
@click.option("--published-on", help="When it was published: 2023, 2023-06 or 2023-06-01.")
@click.option("--language", help="The language it is written in, such as ko.")
@click.option("--address", help="Where readers find what the file holds.")
@click.option("--archive", is_flag=True, help="Ask the Internet Archive for the copy nearest to now.")
@click.option(
    "--confidential/--public", "is_withheld", default=None,
    help="Whether it stays on the desk; by default it does if it has no address.",
)  # fmt: skip
@click.option("--rights-holder-en", help="Who holds the rights, in English.")
@click.option("--rights-holder-ko", help="The same in Korean.")
@click.option("--rights-en", help="What the holder allows or forbids, in your own words, in English.")
@click.option("--rights-ko", help="The same in Korean.")
@click.option("--may-share", is_flag=True, help="The rights allow the ledger to hold the whole document in public.")
@click.option("--reason", default="Evidence was attached.", show_default=True, help="Why; it is published.")
@click.pass_obj
def attach(
    places: Places, /, claim_id: str, source: str | None, *, named: str | None, stance: str, excerpt: str, reason: str,
    archive: bool,
    **said: Any,  # noqa: ANN401  texts, and whether it is confidential
) -> None:  # fmt: skip
    """Attach a document to a claim: an address, which is fetched and kept, a file, or a document that the desk has.

    Without SOURCE and --document, --medium attaches what you have seen or heard yourself, such as a call; nothing of it
    is kept.

    What is kept stays in desk-evidence/, which is private. Readers get the whole document only where rights allow it
    (--may-share); of a confidential one they are told that it exists, what it is, and how near the fact.
    """
    evidence: dict[str, Any] = {
        "stance": stance, "summary": by_language(said.pop("summary_en"), said.pop("summary_ko")),
    }  # fmt: skip
    evidence |= {"excerpt": excerpt} if excerpt else {}
    to = _To(places, claim_id, evidence, who_acts(places), reason)
    if source is not None:
        _attach_brought(to, source, named, said, archive=archive)
    elif named:
        _attach_named(to, named, said | {"archive": archive})
    elif said["medium"] and not archive:
        _attach_seen(to, said)
    else:
        raise click.UsageError("Give SOURCE, an address or a file, or --document; for what you saw or heard, --medium.")


class _To(NamedTuple):
    """What a document is attached to."""

    places: Places
    """The newsroom's."""
    claim_id: str
    """The claim."""
    evidence: Mapping[str, Any]
    """What the document says about it (JSON), without the document's name."""
    who: Staff
    """Who attaches it."""
    reason: str
    """Why."""

    def attach(self, document: Mapping[str, Any], brought: Brought | None = None) -> None:
        """Attach a document that the desk has not (JSON), and say what is drafted."""
        from claimledger import desk

        evidence = {**self.evidence, "document_id": document["document_id"]}
        made = edit_by(self.who, self.reason)
        with _naming_options():
            _say_drafted(desk.attach(self.places, self.claim_id, document, evidence, None, made, brought=brought))


def _attach_brought(to: _To, source: str, named: str | None, said: dict[str, Any], *, archive: bool) -> None:
    """Attach what is at an address or in a file, and keep it."""
    from claimledger import desk

    if named or not said["tier"]:
        raise click.UsageError("SOURCE takes --tier, and no --document.")
    brought = _brought(to.places, to.claim_id, source, to.who)
    document: Mapping[str, Any] = desk.described(brought, _told(said))
    if archive:
        noted = desk.with_archived_copy(brought, document, str(to.evidence.get("excerpt", "")))
        _say_noted(noted)
        document = noted.document
    to.attach(document, brought)
    _say_kept(brought)


def _attach_named(to: _To, named: str, described: Mapping[str, Any]) -> None:
    """Attach a document that the desk has; nothing may describe it anew."""
    from claimledger import desk

    if told := [name for name, value in described.items() if value not in (None, False, "")]:
        option = told[0].removeprefix("is_").replace("_", "-")
        raise click.UsageError(f"--{option} describes a document, and that of --document is described already.")
    _say_drafted(desk.cite(to.places, to.claim_id, named, to.evidence, None, edit_by(to.who, to.reason)))


def _attach_seen(to: _To, said: dict[str, Any]) -> None:
    """Attach what somebody saw or heard now; nothing of it is kept."""
    from claimledger import desk
    from claimledger.newsroom.store import utc_text

    told = _told(said)
    document_id = desk.new_document_id(told.get("title", {}).get("en", ""))
    to.attach({**told, "document_id": document_id, "obtained_at": utc_text(desk.utc_now()), "captured": "none"})


_OPTIONS = ("language", "medium", "tier", "published_on", "address", "excerpt")
_OPTIONS_BY_LANGUAGE = ("title", "publisher", "summary")
"""Fields of a document or its evidence, by the options that say them; the second in Korean and in English."""


@contextmanager
def _naming_options() -> Iterator[None]:
    """Say with which option a field is given that a document lacks or has wrong."""
    from claimledger.errors import ProblemsFound

    try:
        yield
    except ProblemsFound as refusal:
        raise ProblemsFound([_with_option(problem) for problem in refusal.problems]) from refusal


def _with_option(problem: Problem) -> Problem:
    name = problem.field.rpartition(".")[2] if problem.field else ""
    option = f"--{name.replace('_', '-')}"
    if name in _OPTIONS:
        return replace(problem, remedy=f"{problem.remedy} The option is {option}.")
    if name in _OPTIONS_BY_LANGUAGE:
        return replace(problem, remedy=f"{problem.remedy} The options are {option}-ko and {option}-en.")
    return problem


def _say_drafted(drafts: list[Draft]) -> None:
    for draft in drafts:
        click.echo(f"{draft.kind}: {draft.key}")


def _brought(places: Places, claim_id: str, source: str, who: Staff) -> Brought:
    from claimledger import desk
    from claimledger.evidence import WANTED
    from claimledger.evidence.capture import fetch_document

    if not source.startswith(("http://", "https://")):
        with Path(source).open("rb") as file:
            return desk.uploaded(places, claim_id, source, file, who)
    click.echo(f"Fetching {source}, for {WANTED.total_seconds:g} seconds at most ...", err=True)
    with progress("Fetching", "bytes") as tick:
        return desk.fetched(places, claim_id, source, who, partial(fetch_document, progress=tick))


def _told(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said of the document as its fields (JSON)."""
    may_share = said.pop("may_share")
    told: dict[str, Any] = {
        name: by_language(said.pop(f"{name}_en"), said.pop(f"{name}_ko"))
        for name in ("title", "publisher", "rights_holder", "rights")
    }
    holder, rights = told.pop("rights_holder"), told.pop("rights")
    if may_share or holder or rights:
        told["rights"] = {"holder": holder, "statement": rights} | ({"may_hold_text": True} if may_share else {})
    return {name: value for name, value in (said | told).items() if value not in (None, {})}


def _say_noted(noted: Noted) -> None:
    if noted.refusal:
        click.echo(f"No archived copy was noted. {noted.refusal}", err=True)
    elif noted.copy is None:
        click.echo("No archived copy was found that shows what the document shows.", err=True)
    else:
        click.echo(f"Archived copy of {noted.copy.archived_at:%Y-%m-%d %H:%M} UTC: {noted.copy.address}", err=True)


def _say_kept(brought: Brought) -> None:
    capture, reading = brought.capture, brought.reading
    size = counted(len(capture.content), "byte", "bytes")
    read = f"{len(reading.text):,} characters of text" if reading.text else "no text"
    click.echo(f"Kept {size} ({read}), sha256 {capture.sha256}.", err=True)
    if reading.why_not:
        click.echo(str(reading.why_not), err=True)


@click.group()
def evidence() -> None:
    """Look again at the documents that claims rest on."""


@evidence.command()
@click.option("--claim", "claim_ids", multiple=True, help="The claim whose documents to look at; may be repeated.")
@click.option("--all", "every", is_flag=True, help="The documents of every claim.")
@click.pass_obj
def check(places: Places, claim_ids: tuple[str, ...], *, every: bool) -> None:
    """Fetch documents anew and say what became of them: unchanged, changed, moved, gone.

    What changed opens a recheck of the claims that rest on it, which 'claimledger recheck' lists; no
    verdict is changed. The exit status is 1 if anything changed or was not reached.
    """
    from claimledger import desk

    if bool(claim_ids) == every:
        raise click.UsageError("Give --claim CLAIM, or --all.")
    who, count, faults = who_acts(places), 0, 0
    for report in desk.look_again(places, claim_ids, who):
        count, faults = count + 1, faults + report.is_fault
        _say_report(report)
    click.echo(f"{counted(count, 'document', 'documents')} looked at; {faults:,} to look into.", err=True)
    sys.exit(1 if faults else 0)


def _say_report(report: DocumentReport) -> None:
    looked = report.looked
    click.echo(f"{report.document_id}: {looked.refound.label_en} / {looked.refound.label_ko} ({report.address})")
    if looked.refusal:
        click.echo(f"  {looked.refusal}")
    if looked.reading and looked.reading.why_not:
        click.echo(f"  {looked.reading.why_not}")
    if looked.refound == "moved" and looked.capture:
        click.echo(f"  → {looked.capture.final_address}")
    for excerpt in looked.lost:
        click.echo(f"  no longer there / 더는 없음: “{excerpt}”")
    for claim_id in report.opened:
        click.echo(f"  recheck opened / 재확인: {claim_id}")


@evidence.command()
@click.argument("claim_id")
@click.option("--reason", required=True, help="Why the claim stands as it is.")
@click.pass_obj
def settle(places: Places, claim_id: str, reason: str) -> None:
    """Say that you looked at what the claim rests on and that fell or changed, and that the claim stands as it is."""
    from claimledger import desk

    desk.settle_recheck(places, claim_id, who_acts(places), reason=reason)
