"""The command that imports the ClaimReviews (schema.org) of other publications."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimledger.cli.acting import current_actor
from claimledger.cli.reading import JSON_OPTION, LANGUAGE_OPTION
from claimledger.counting import format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimledger.foreign_reviews import ImportNote, ReviewImport
    from claimledger.ledger.files import LedgerPaths
    from claimledger.rendering import TerminalLanguage


@click.group("import")
def import_() -> None:
    """Import reviews that others have published."""


@import_.command("claimreview")
@click.argument("source")
@click.option("--dry-run", is_flag=True, help="Show the reviews and store nothing; needs no token.")
@JSON_OPTION
@LANGUAGE_OPTION
@click.pass_obj
def claimreview(places: LedgerPaths, /, source: str, *, dry_run: bool, as_json: bool, lang: TerminalLanguage) -> None:
    """Import the ClaimReviews of a file, a web address, or standard input (-).

    SOURCE may be JSON, JSON Lines or a web page with schema.org ClaimReview, alone, in graphs and in feeds, or an
    answer of Google's Fact Check Tools. Ratings are stored as they were written. Everything that was left out or
    corrected is listed with its value before and after. Each review is stored on the desk once.
    """
    from claimledger import desk

    actor = None if dry_run else current_actor(places)
    imported = _read_source(source)
    new = desk.import_reviews(places, imported.reviews, actor, origin=source) if actor and imported.reviews else 0
    if as_json:
        click.echo(json.dumps(_as_json(imported, new), ensure_ascii=False, indent=2))
    else:
        print_notes(imported.notes, lang)
    click.echo(_summary(imported, new if actor else None, lang), err=True)
    sys.exit(0 if imported.reviews else 1)


def _summary(imported: ReviewImport, new: int | None, lang: TerminalLanguage) -> str:
    """Return a summary of the reviews found, usable and new on the desk; `new` is None if nothing was stored."""
    if lang == "ko":
        stored = "시험 실행이라 저장하지 않음" if new is None else f"데스크에 새로 저장한 것 {new:,}건"
        return f"문서에서 찾은 검증 {imported.found:,}건, 가져올 수 있는 것 {len(imported.reviews):,}건, {stored}."
    stored = (
        "nothing stored: this was a dry run" if new is None else f"{format_count(new, 'is', 'are')} new on the desk"
    )
    found = format_count(imported.found, "review", "reviews")
    return f"{found} found, {len(imported.reviews):,} can be imported, {stored}."


def _read_source(source: str) -> ReviewImport:
    """Return the reviews in the content of an address, a file or standard input."""
    from dataclasses import replace

    from claimledger.fetching import ARTICLE_LIMITS, fetch
    from claimledger.foreign_reviews import REVIEW_DOCUMENT_SIZE_LIMIT, read_claim_reviews

    if source.startswith(("http://", "https://")):
        click.echo(f"Fetching {source} ...", err=True)
        types = (*ARTICLE_LIMITS.types, "application/json", "application/ld+json", "application/x-ndjson")
        page = fetch(source, limits=replace(ARTICLE_LIMITS, size=REVIEW_DOCUMENT_SIZE_LIMIT, types=types))
        return read_claim_reviews(page.content, [page.charset] if page.charset else [])
    return read_claim_reviews(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())


def _as_json(imported: ReviewImport, new: int) -> dict[str, Any]:
    return {
        "found": imported.found,
        "new": new,
        "reviews": [review.to_json() for review in imported.reviews],
        "notes": [note._asdict() for note in imported.notes],
    }


def print_notes(notes: Sequence[ImportNote], lang: TerminalLanguage, most_of_a_code: int | None = None) -> None:
    """Print each note, or the first ones of each code, then each code with its number of notes and its meaning."""
    from claimledger.foreign_reviews import IMPORT_NOTE_CODES

    counts: Counter[str] = Counter()
    for note in notes:
        counts[note.code] += 1
        if most_of_a_code is None or counts[note.code] <= most_of_a_code:
            click.echo(_line(note))
    for code, count in sorted(counts.items()):
        meaning = IMPORT_NOTE_CODES[code]
        korean = lang == "ko"
        handling = meaning.handling.label_ko if korean else meaning.handling.label_en
        click.echo(f"{code} ({count:,}): {meaning.ko if korean else meaning.en} [{handling}]", err=True)


def _line(note: ImportNote) -> str:
    """Return a note on one line; control characters of the document are replaced, so that none reaches the terminal."""
    where = ": ".join(filter(None, (str(note.item or "-"), note.path, note.code)))
    line = f"{where}: {note.before}" + (f" → {note.after}" if note.after else "")
    return "".join(letter if letter.isprintable() else " " for letter in line)
