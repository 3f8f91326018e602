"""The commands for evidence: attach a document, search the documents for a claim, and recheck those that it cites."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from claimledger.cli.acting import edit_from_options, current_actor, pass_ledger
from claimledger.cli.options import text_by_language
from claimledger.cli.progress import progress
from claimledger.cli.reading import LANGUAGE_OPTION
from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.desk.archived_copies import ArchiveLookupResult
    from claimledger.desk.exhibits import IncomingDocument
    from claimledger.desk.recheck_steps import DocumentReport
    from claimledger.errors import Problem
    from claimledger.ledger.files import LedgerPaths
    from claimledger.newsroom.store import Draft
    from claimledger.rendering import TerminalLanguage
    from claimledger.workflow import StaffMember

STANCES = ("supports", "refutes", "context")
TIERS = ("primary", "primary_copy", "secondary")
MEDIA = ("web", "pdf", "file", "book_page", "call", "email", "interview", "photograph")


@click.command()
@click.argument("claim_id")
@click.argument("source", required=False)
@click.option(
    "--document", "named", help="A document that the desk has (its identifier or address), instead of SOURCE."
)
@click.option("--stance", type=click.Choice(STANCES), required=True, help="Relation to the claim.")
@click.option("--tier", type=click.Choice(TIERS), help="Source type; required with SOURCE.")
@click.option("--summary-en", help="Summary in your own words, in English.")
@click.option("--summary-ko", help="The same in Korean.")
@click.option("--excerpt", default="", help="The relevant passage, word for word; it must occur once in the document.")
@click.option("--medium", type=click.Choice(MEDIA), help="Format, if it cannot be detected.")
@click.option("--title-en", help="Title in English, if the document has none.")
@click.option("--title-ko", help="The same in Korean.")
@click.option("--publisher-en", help="Publisher, in English.")
@click.option("--publisher-ko", help="The same in Korean.")
@click.option("--published-on", help="Date of publication: 2023, 2023-06 or 2023-06-01.")
@click.option("--language", help="Language of the document, such as ko.")
@click.option("--address", help="Web address where readers find the content of the file.")
@click.option("--archive", is_flag=True, help="Look up the newest copy in the Internet Archive.")
@click.option(
    "--confidential/--public", "is_withheld", default=None,
    help="Keep the document private, or show it (default: private if it has no address).",
)  # fmt: skip
@click.option("--rights-holder-en", help="Rights holder, in English.")
@click.option("--rights-holder-ko", help="The same in Korean.")
@click.option("--rights-en", help="The rights holder's terms, in your own words, in English.")
@click.option("--rights-ko", help="The same in Korean.")
@click.option("--may-share", is_flag=True, help="The rights allow the ledger to publish the whole document.")
@click.option("--reason", default="Evidence was attached.", show_default=True, help="The reason. It is published.")
@click.pass_obj
def attach(
    places: LedgerPaths,
    /,
    claim_id: str,
    source: str | None,
    *,
    named: str | None,
    stance: str,
    excerpt: str,
    reason: str,
    archive: bool,
    **options: Any,  # noqa: ANN401  texts and flags
) -> None:
    """Attach a document to a claim: a web address, a file, or a document that the desk already has.

    A web address is fetched, and the fetched file is stored. Without SOURCE and --document, --medium describes
    something that you saw or heard yourself, such as a call; no file is stored then.

    Stored files are in desk-evidence/, which is private. Readers get the whole document only if its rights allow it
    (--may-share). Of a confidential document they see only that it exists, its format and its source type.
    """
    evidence: dict[str, Any] = {
        "stance": stance, "summary": text_by_language(options.pop("summary_en"), options.pop("summary_ko")),
    }  # fmt: skip
    evidence |= {"excerpt": excerpt} if excerpt else {}
    target = _Target(places, claim_id, evidence, current_actor(places), reason)
    if source is not None:
        _attach_source(target, source, named, options, archive=archive)
    elif named:
        _attach_known(target, named, options | {"archive": archive})
    elif options["medium"] and not archive:
        _attach_observed(target, options)
    else:
        raise click.UsageError(
            "Give SOURCE (an address or a file) or --document. For something you saw or heard, give --medium."
        )


class _Target(NamedTuple):
    """The claim to attach a document to, and the evidence to record with it."""

    places: LedgerPaths
    """The files of the newsroom."""
    claim_id: str
    """The claim's name."""
    evidence: Mapping[str, Any]
    """The evidence (JSON) without the name of its document."""
    actor: StaffMember
    """The person who attaches it."""
    reason: str
    """The public reason."""

    def attach(self, document: Mapping[str, Any], incoming: IncomingDocument | None = None) -> None:
        """Attach a document (JSON) that the desk does not have yet, and print the drafts."""
        from claimledger import desk

        evidence = {**self.evidence, "document_id": document["document_id"]}
        edit = edit_from_options(self.actor, self.reason)
        with _name_options_in_problems():
            _print_drafts(desk.attach(self.places, self.claim_id, document, evidence, None, edit, incoming=incoming))


def _attach_source(target: _Target, source: str, named: str | None, options: dict[str, Any], *, archive: bool) -> None:
    """Attach the content of an address or a file, and store it."""
    from claimledger.desk import archived_copies
    from claimledger.desk import evidence_steps

    if named or not options["tier"]:
        raise click.UsageError("With SOURCE, give --tier and leave out --document.")
    incoming = _incoming_document(target.places, target.claim_id, source, target.actor)
    document: Mapping[str, Any] = evidence_steps.describe_document(incoming, _document_fields(options))
    if archive:
        lookup = archived_copies.add_archived_copy(incoming, document, str(target.evidence.get("excerpt", "")))
        _print_archive_lookup(lookup)
        document = lookup.document
    target.attach(document, incoming)
    _print_stored(incoming)


def _attach_known(target: _Target, named: str, described: Mapping[str, Any]) -> None:
    """Attach a document that the desk has; refuse options that would describe it again."""
    from claimledger import desk

    if fields := [name for name, value in described.items() if value not in (None, False, "")]:
        option = fields[0].removeprefix("is_").replace("_", "-")
        raise click.UsageError(f"Leave out --{option}: the document of --document is already described.")
    _print_drafts(
        desk.cite(
            target.places, target.claim_id, named, target.evidence, None, edit_from_options(target.actor, target.reason)
        )
    )


def _attach_observed(target: _Target, options: dict[str, Any]) -> None:
    """Attach something that was seen or heard now; no file is stored."""
    from claimledger.desk import step_setup
    from claimledger import record_ids
    from claimledger.newsroom.store import utc_text

    fields = _document_fields(options)
    document_id = record_ids.new_document_id(fields.get("title", {}).get("en", ""))
    target.attach(
        {**fields, "document_id": document_id, "obtained_at": utc_text(step_setup.utc_now()), "captured": "none"}
    )


_OPTIONS = ("language", "medium", "tier", "published_on", "address", "excerpt")
_OPTIONS_BY_LANGUAGE = ("title", "publisher", "summary")
"""Fields of a document or its evidence that have an option each; those here have one option per language."""


@contextmanager
def _name_options_in_problems() -> Iterator[None]:
    """Add the matching option to each problem with a missing or wrong field."""
    from claimledger.errors import ProblemsFound

    try:
        yield
    except ProblemsFound as refusal:
        raise ProblemsFound([_with_option(problem) for problem in refusal.problems]) from refusal


def _with_option(problem: Problem) -> Problem:
    """Return a problem with the name of the option in place of the field's."""
    name = problem.field.rpartition(".")[2] if problem.field else ""
    option = f"--{name.replace('_', '-')}"
    if name in _OPTIONS:
        return problem.relocate(field=option)
    if name in _OPTIONS_BY_LANGUAGE:
        return problem.relocate(field=f"{option}-ko, {option}-en")
    return problem


def _print_drafts(drafts: list[Draft]) -> None:
    for draft in drafts:
        click.echo(f"{draft.kind}: {draft.key}")


def _incoming_document(places: LedgerPaths, claim_id: str, source: str, actor: StaffMember) -> IncomingDocument:
    from claimledger.desk import evidence_steps
    from claimledger.evidence import DOCUMENT_LIMITS
    from claimledger.evidence.capture import fetch_document

    if not source.startswith(("http://", "https://")):
        with Path(source).open("rb") as file:
            return evidence_steps.read_upload(places, claim_id, source, file, actor)
    click.echo(f"Fetching {source}, for at most {DOCUMENT_LIMITS.total_seconds:g} seconds ...", err=True)
    with progress("Fetching", "bytes") as tick:
        return evidence_steps.fetch_for_claim(places, claim_id, source, actor, partial(fetch_document, progress=tick))


def _document_fields(options: dict[str, Any]) -> dict[str, Any]:
    """Return the document's fields (JSON) from the options, with title, publisher and rights by language."""
    may_share = options.pop("may_share")
    fields: dict[str, Any] = {
        name: text_by_language(options.pop(f"{name}_en"), options.pop(f"{name}_ko"))
        for name in ("title", "publisher", "rights_holder", "rights")
    }
    holder, rights = fields.pop("rights_holder"), fields.pop("rights")
    if may_share or holder or rights:
        fields["rights"] = {"holder": holder, "statement": rights} | ({"may_hold_text": True} if may_share else {})
    return {name: value for name, value in (options | fields).items() if value not in (None, {})}


def _print_archive_lookup(lookup: ArchiveLookupResult) -> None:
    if lookup.refusal:
        click.echo(f"No archived copy was recorded. {lookup.refusal}", err=True)
    elif lookup.copy is None:
        click.echo("No archived copy with the same content was found.", err=True)
    else:
        click.echo(f"Archived copy of {lookup.copy.archived_at:%Y-%m-%d %H:%M} UTC: {lookup.copy.address}", err=True)


def _print_stored(incoming: IncomingDocument) -> None:
    capture, reading = incoming.capture, incoming.reading
    size = format_count(len(capture.content), "byte", "bytes")
    read = f"{len(reading.text):,} characters of text" if reading.text else "no text"
    click.echo(f"Stored {size} ({read}), sha256 {capture.sha256}.", err=True)
    if reading.no_text_problem:
        click.echo(str(reading.no_text_problem), err=True)


@click.group()
def evidence() -> None:
    """Search the documents of the desk, and recheck those that claims cite."""


@evidence.command()
@click.option("--claim", "claim_ids", multiple=True, help="A claim whose documents to recheck; may be repeated.")
@click.option("--all", "every", is_flag=True, help="The documents of every claim.")
@pass_ledger
def check(places: LedgerPaths, claim_ids: tuple[str, ...], *, every: bool) -> None:
    """Fetch documents again and report the result: unchanged, changed, moved or removed.

    A changed document opens a recheck of the claims that cite it; 'claimledger recheck' lists them. No verdict is
    changed. The exit status is 1 if a document changed or could not be reached.
    """
    from claimledger import desk

    if bool(claim_ids) == every:
        raise click.UsageError("Give --claim CLAIM, or --all.")
    actor, count, faults = current_actor(places), 0, 0
    for report in desk.recheck_documents(places, claim_ids, actor):
        count, faults = count + 1, faults + report.is_fault
        _print_report(report)
    click.echo(
        f"{format_count(count, 'document', 'documents')} rechecked; {faults:,} changed or not reached.", err=True
    )
    sys.exit(1 if faults else 0)


def _print_report(report: DocumentReport) -> None:
    result = report.result
    click.echo(f"{report.document_id}: {result.outcome.label_en} / {result.outcome.label_ko} ({report.address})")
    if result.refusal:
        click.echo(f"  {result.refusal}")
    if result.reading and result.reading.no_text_problem:
        click.echo(f"  {result.reading.no_text_problem}")
    if result.outcome == "moved" and result.capture:
        click.echo(f"  → {result.capture.final_address}")
    for excerpt in result.lost:
        click.echo(f"  no longer there / 더는 없음: “{excerpt}”")
    for claim_id in report.opened_claim_ids:
        click.echo(f"  recheck opened / 재확인: {claim_id}")


@evidence.command()
@click.argument("claim_id")
@click.option("--reason", required=True, help="Reason why the claim is unchanged.")
@click.pass_obj
def settle(places: LedgerPaths, claim_id: str, reason: str) -> None:
    """Record that you rechecked a claim whose evidence or earlier claim changed, and that the claim is unchanged."""
    from claimledger import desk

    desk.settle_recheck(places, claim_id, current_actor(places), reason=reason)


@evidence.command("search")
@click.argument("claim_id")
@click.option("--note", "question", type=click.Choice(("so", "said")), help="Note the search at this verdict.")
@click.option(
    "--reason", default="The documents listed here were searched.", show_default=True,
    help="With --note: the reason for the edit. It is published.",
)  # fmt: skip
@LANGUAGE_OPTION
@pass_ledger
def search_for_claim(
    places: LedgerPaths, claim_id: str, lang: TerminalLanguage, *, question: str | None, reason: str
) -> None:
    """Search the desk's documents for a claim: by figures, names and words, in Korean and English.

    Titles, publishers, summaries, excerpts and stored texts are searched; confidential documents are not. Each
    document is shown with what it shares with the claim. Read them before you say that nothing was found. --note adds
    the search to the claim's verdict as a place that was searched; a second person approves it.
    """
    from claimledger import desk, rendering
    from claimledger.desk.document_search import searched_entry
    from claimledger.vocabulary import Question

    found = desk.search_documents(places, claim_id)
    for line in rendering.document_lines(found.found, lang):
        click.echo(line)
    documents = format_count(found.document_count, "document", "documents")
    click.echo(f"{documents} searched for: {found.terms}", err=True)
    if question:
        edit = edit_from_options(current_actor(places), reason)
        draft = desk.record_search(places, claim_id, Question(question), edit)
        entry = searched_entry(found)
        click.echo(f"{draft.kind}: {draft.key}: {entry['on']}" if draft else "This search is already noted.")
