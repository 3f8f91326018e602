"""The commands on an article's text: take it in, look at it, hold it against the claims."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.acting import edit_by, who_acts
from claimledger.counting import counted

if TYPE_CHECKING:
    from claimledger.editorial.new_editions import Arrived
    from claimledger.intake import Intake
    from claimledger.ledger.files import Places


@click.group()
def article() -> None:
    """Take in and look at an article's text."""


@article.command()
@click.argument("source")
@click.option("--id", "article_id", help="The article's name; needed unless the ledger knows the text.")
@click.option("--headline", help="The headline, where the text does not say it.")
@click.option("--publisher", help="The publication, where the text does not say it.")
@click.option("--published-on", help="The date of publication: 2023, 2023-06 or 2023-06-01.")
@click.option("--language", help="The language it is written in, such as ko.")
@click.option("--rights-holder", default="", help="Who holds the rights.")
@click.option("--rights", default="", help="What the holder allows or forbids, in your own words.")
@click.option("--may-hold-text", is_flag=True, help="The ledger may hold passages of the text.")
@click.option(
    "--may-publish-text", is_flag=True, help="The ledger may publish the whole text, of the newest edition alone."
)
@click.option("--reason", default="The article's text was taken in.", show_default=True, help="Why; it is published.")
@click.pass_obj
def add(
    places: Places,
    /,
    source: str,
    article_id: str | None,
    *,
    reason: str,
    rights_holder: str,
    rights: str,
    may_hold_text: bool,
    may_publish_text: bool,
    **said: str | None,
) -> None:
    """Take in an article: a file, a web address, or - for what is piped in.

    SOURCE may be plain text, HTML or .docx, in UTF-8, CP949 (EUC-KR) or UTF-16. The text is kept, byte for byte, in
    desk.db, which stays private; with --may-publish-text it is published along with the article. Another text of an
    article that is there becomes its new edition, and the claims are carried over to it; the text of the newest edition
    alone is published.
    """
    from claimledger import desk

    edit = edit_by(who_acts(places), reason, kind="update")
    found = _read_source(source)
    taken_in = replace(
        found,
        headline=said["headline"] or found.headline,
        publisher=said["publisher"] or found.publisher,
        published_on=said["published_on"] or found.published_on,
        language=said["language"] or found.language,
    )
    may = {"may_hold_text": may_hold_text, "may_publish_text": may_publish_text}
    allowed = {"holder": {"en": rights_holder}, "statement": {"en": rights}, **may}
    arrived, drafts = desk.add_article(places, taken_in, edit, origin=source, article_id=article_id, rights=allowed)
    _say_arrived(arrived, places)
    if arrived.novelty != "article" and any((*may.values(), *said.values(), rights_holder, rights)):
        file = places.name_of(places.claims / arrived.article_id / "article.yaml")
        click.echo(f"The article is there already, so nothing you said of it was taken: change {file}.", err=True)
    if drafts:
        click.echo(f"{counted(len(drafts), 'draft waits', 'drafts wait')} to be published.", err=True)


def _read_source(source: str) -> Intake:
    """Return what stands at an address, in a file, or in what is piped in."""
    from claimledger.fetching import fetch
    from claimledger.intake import read_in

    if source.startswith(("http://", "https://")):
        click.echo(f"Fetching {source} ...", err=True)
        page = fetch(source)
        return read_in(page.content, name=source, content_type=page.content_type, charset=page.charset)
    content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    return read_in(content, name=source)


def _say_arrived(arrived: Arrived, places: Places) -> None:
    from claimledger import rendering

    click.echo(rendering.arrived_text(arrived))
    match arrived.novelty:
        case "article":
            file = places.name_of(places.claims / arrived.article_id / "article.yaml")
            click.echo(f"Look at {file}, fill in what is empty, then run 'claimledger record'.", err=True)
        case "edition" if any(carried.span is None for carried in arrived.carried):
            click.echo(f"See 'claimledger tasks {arrived.article_id}' for what is left to an editor.", err=True)


@article.command()
@click.argument("text_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def verify(places: Places, text_file: Path) -> None:
    """Hold an article's text against its claims.

    Every passage is looked up in TEXT_FILE, and quantities and quotations in no claim's passage are listed; dates and
    lengths of time are not.
    """
    from claimledger import desk, rendering

    verified = desk.verify(places, text_file)
    passages = f"{verified.found} of {verified.found + len(verified.lost)} passages"
    click.echo(f"{verified.article_id}: {passages} stand where they should.")
    for appearance, where in verified.lost:
        click.echo(f"  {appearance.claim_id}: {rendering.place_text(appearance.position, where)}.", err=True)
    unbound = counted(len(verified.unbound), "figure or quotation", "figures and quotations")
    click.echo(f"{unbound} in no claim's passage, and not dismissed.")
    for item in verified.unbound:
        words = verified.text.content[item.span.start : item.span.end]
        click.echo(f"  line {verified.text.line_of(item.span.start)}, {item.sort}: {words}")
    sys.exit(1 if verified.lost else 0)


@article.command()
@click.argument("article_id")
@click.pass_obj
def show(places: Places, article_id: str) -> None:
    """Show an article's lines: number, language, and F for page furniture, which is not read."""
    from claimledger import desk, rendering
    from claimledger.spotting import paragraph_languages

    at_hand, _ = desk.coverage(places, article_id)
    text, furniture = at_hand.text, at_hand.edition.furniture
    for line in rendering.article_lines(text, furniture, paragraph_languages(text.content, furniture)):
        click.echo(line)
