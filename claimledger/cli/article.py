"""The commands for an article's text: add it, show it, and compare it with the claims."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_from_options, current_actor, pass_ledger
from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.editorial.new_editions import IncomingText
    from claimledger.intake import ExtractedDocument
    from claimledger.ledger.files import LedgerPaths

ADDITION_REASON = "The article's text was added. · 기사 본문을 추가했다."
"""The default public reason for a new text, in both languages."""


@click.group()
def article() -> None:
    """Add and inspect the text of an article."""


@article.command()
@click.argument("source")
@click.option("--id", "article_id", help="The article's identifier; needed unless the ledger knows the text.")
@click.option("--headline", help="The headline, if the text does not contain it.")
@click.option("--publisher", help="The publication, if the text does not name it.")
@click.option("--published-on", help="The date of publication: 2023, 2023-06 or 2023-06-01.")
@click.option("--language", help="The language of the text, such as ko.")
@click.option("--rights-holder", default="", help="The rights holder.")
@click.option("--rights", default="", help="The rights holder's terms, in your own words.")
@click.option("--may-hold-text", is_flag=True, help="The ledger may contain passages of the text.")
@click.option("--may-publish-text", is_flag=True, help="The ledger may publish the whole text of the newest edition.")
@click.option("--reason", default=ADDITION_REASON, show_default=True, help="The reason. It is published.")
@click.pass_obj
def add(
    places: LedgerPaths,
    /,
    source: str,
    article_id: str | None,
    *,
    reason: str,
    rights_holder: str,
    rights: str,
    may_hold_text: bool,
    may_publish_text: bool,
    **options: str | None,
) -> None:
    """Add an article from a file, a web address, or standard input (-).

    SOURCE may be plain text in UTF-8, CP949 (EUC-KR) or UTF-16, HTML, .docx, .hwpx, .rtf or PDF. Plain text is stored
    unchanged, byte for byte, in desk.db, which stays private; with --may-publish-text it is published with the article.
    A different text of a known article becomes its new edition, and the claims are carried over to it. Only the text of
    the newest edition is published.
    """
    from claimledger import desk

    edit = edit_from_options(current_actor(places), reason, kind="update")
    found = _read_source(source)
    document = replace(
        found,
        headline=options["headline"] or found.headline,
        publisher=options["publisher"] or found.publisher,
        published_on=options["published_on"] or found.published_on,
        language=options["language"] or found.language,
    )
    may = {"may_hold_text": may_hold_text, "may_publish_text": may_publish_text}
    rights_fields = {"holder": {"en": rights_holder}, "statement": {"en": rights}, **may}
    arrived, drafts = desk.add_article(
        places, document, edit, origin=source, article_id=article_id, rights=rights_fields
    )
    _print_arrival(arrived, places)
    if arrived.novelty != "article" and any((*may.values(), *options.values(), rights_holder, rights)):
        file = places.relative_name(places.claims / arrived.article_id / "article.yaml")
        click.echo(f"This article already exists, so its details were not changed. Edit {file} instead.", err=True)
    if drafts:
        click.echo(f"{format_count(len(drafts), 'draft', 'drafts')} not published yet.", err=True)


def _read_source(source: str) -> ExtractedDocument:
    """Return the article read from a web address, a file or standard input."""
    from claimledger.fetching import fetch
    from claimledger.intake import extract_article_file, extract_document

    if source.startswith(("http://", "https://")):
        click.echo(f"Fetching {source} ...", err=True)
        page = fetch(source)
        return extract_document(page.content, name=source, content_type=page.content_type, charset=page.charset)
    content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    return extract_article_file(content, source)


def _print_arrival(arrived: IncomingText, places: LedgerPaths) -> None:
    from claimledger import article_rendering

    click.echo(article_rendering.arrived_text(arrived))
    match arrived.novelty:
        case "article":
            file = places.relative_name(places.claims / arrived.article_id / "article.yaml")
            click.echo(f"Check {file} and fill in the empty fields, then run 'claimledger record'.", err=True)
        case "edition" if any(carried.span is None for carried in arrived.carried):
            click.echo(f"An editor has to place some claims: see 'claimledger tasks {arrived.article_id}'.", err=True)


@article.command()
@click.argument("text_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def verify(places: LedgerPaths, text_file: Path) -> None:
    """Compare an article's text with its claims.

    The command looks up the passage of every claim in TEXT_FILE. It also lists figures and quotations that are in no
    claim's passage; dates and lengths of time are not listed.
    """
    from claimledger import article_rendering, desk

    verified = desk.verify(places, text_file)
    passages = f"{verified.found} of {verified.found + len(verified.lost)} passages"
    click.echo(f"{verified.article_id}: {passages} found at their recorded position.")
    for appearance, where in verified.lost:
        click.echo(f"  {appearance.claim_id}: {article_rendering.place_text(appearance.position, where)}.", err=True)
    unbound = format_count(len(verified.unbound), "figure or quotation", "figures and quotations")
    click.echo(f"{unbound} still open: in no claim's passage and not excluded.")
    for item in verified.unbound:
        words = verified.text.content[item.span.start : item.span.end]
        click.echo(f"  line {verified.text.line_number(item.span.start)}, {item.sort}: {words}")
    sys.exit(1 if verified.lost else 0)


@article.command()
@click.argument("article_id")
@click.argument("due_on", required=False)
@click.option("--none", "is_removed", is_flag=True, help="Remove the deadline.")
@click.pass_obj
def deadline(places: LedgerPaths, article_id: str, due_on: str | None, is_removed: bool) -> None:
    """Set the deadline of an article.

    DUE_ON is a time in the newsroom such as "2031-04-03 17:30", or a day. Claims without a deadline inherit it.
    """
    from claimledger import desk

    if bool(due_on) == is_removed:
        raise click.UsageError("Give a deadline, or --none.")
    desk.set_deadline(places, article_id, due_on, current_actor(places))
    click.echo(f"{article_id}: the deadline is {due_on}." if due_on else f"{article_id} has no deadline.")


@article.command()
@click.argument("article_id")
@click.argument("text")
@click.pass_obj
def note(places: LedgerPaths, article_id: str, text: str) -> None:
    """Add a note on an article for colleagues. It is never published."""
    from claimledger import desk

    desk.note_article(places, article_id, text, current_actor(places))
    click.echo(f"{article_id}: the note was saved.")


@article.command()
@click.argument("article_id")
@pass_ledger
def show(places: LedgerPaths, article_id: str) -> None:
    """Show the lines of an article: number, language, and F for page furniture, which is not searched for claims."""
    from claimledger import article_rendering, desk
    from claimledger.spotting import paragraph_languages

    loaded, _ = desk.coverage(places, article_id)
    text, furniture = loaded.text, loaded.edition.furniture
    for line in article_rendering.article_lines(text, furniture, paragraph_languages(text.content, furniture)):
        click.echo(line)
