"""The command that imports the ClaimReviews (schema.org) of other publications."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from claimledger.cli.acting import current_actor, pass_ledger
from claimledger.cli.reading import JSON_OPTION, LANGUAGE_OPTION
from claimledger.counting import format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimledger.foreign_reviews import ImportNote, ReviewImport
    from claimledger.ledger.files import LedgerPaths
    from claimledger.models import ClaimReview
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
    corrected is listed with its value before and after. Each review is stored on the desk once. A file of JSON or JSON
    Lines may have any size.
    """
    from claimledger import desk

    actor = None if dry_run else current_actor(places)
    imported = _read_source(source)
    stored = actor and imported.reviews
    counts = desk.import_reviews(places, imported.reviews, actor, origin=source) if actor and stored else None
    if as_json:
        click.echo(json.dumps(_as_json(imported, counts.new if counts else 0), ensure_ascii=False, indent=2))
    else:
        print_notes(imported.notes, lang)
    if imported.reviews:
        click.echo(_findable(imported, lang), err=True)
    click.echo(_summary(imported, (counts.new if counts else 0) if actor else None, lang), err=True)
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


def _findable(imported: ReviewImport, lang: TerminalLanguage) -> str:
    """Return how many reviews the search for earlier claims finds, and what the others lack."""
    from claimledger.desk.review_import import count_findable

    found, lacking = count_findable(imported.reviews)
    names = _FIELD_NAMES[lang]
    parts = ", ".join(f"{names.get(name, name)} ({count:,})" for name, count in sorted(lacking.items()))
    if lang == "ko":
        return f"검색으로 찾을 수 있는 것 {found:,}건." + (f" 나머지에 없는 항목: {parts}." if parts else "")
    verb = "can be found by search" if found == 1 else "can be found by searches"
    return f"{found:,} {verb}." + (f" The others lack: {parts}." if parts else "")


_FIELD_NAMES = {
    "en": {"address": "an address", "publisher": "a publisher", "rating": "a rating"},
    "ko": {"address": "주소", "publisher": "검증한 곳", "rating": "평가"},
}


@import_.command("reviews")
@click.option("--format", "form", type=click.Choice(["list", "csv", "jsonl"]), default="list", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@pass_ledger
def reviews(places: LedgerPaths, form: str, out: Path | None) -> None:
    """List or export the ClaimReviews that were imported, the oldest first.

    The CSV has a row for each review, with what it lacks if searches cannot find it. JSON Lines has whole records.
    """
    with out.open("wb") if out else nullcontext(sys.stdout.buffer) as target:
        _export_reviews(places, form, target)
        target.flush()


def _export_reviews(places: LedgerPaths, form: str, target: BinaryIO) -> None:
    from claimledger.desk.review_import import each_imported_review
    from claimledger.publishing.csv_exchange import write_csv

    found = each_imported_review(places)
    if form == "csv":
        write_csv(target, _COLUMNS, (_cells(review) for review in found))
        return
    for review in found:
        shown = "  ".join(" ".join(cell.split()) for cell in _cells(review)[:5])
        line = json.dumps(review.to_json(), ensure_ascii=False) if form == "jsonl" else shown
        target.write(f"{line}\n".encode())


_COLUMNS = ("publisher", "rating", "reviewed_on", "claim", "url", "claimants", "language", "title", "lacks")


def _cells(review: ClaimReview) -> tuple[str, ...]:
    from claimledger.desk.review_import import publisher_name, searchable_review

    rating = review.rating and (review.rating.label or review.rating.value)
    claimants = ", ".join(one.name for one in review.claimants if one.name)
    lacks = searchable_review(review)
    values = (
        publisher_name(review), rating, review.reviewed_on, review.claim, review.url, claimants, review.language,
        review.title, lacks if isinstance(lacks, str) else None,
    )  # fmt: skip
    return tuple(value or "" for value in values)


def _read_source(source: str) -> ReviewImport:
    """Return the reviews in the content of an address, a file or standard input."""
    from dataclasses import replace

    from claimledger.fetching import ARTICLE_LIMITS, fetch
    from claimledger.foreign_reviews import REVIEW_DOCUMENT_SIZE_LIMIT, read_claim_reviews, read_review_file

    if source.startswith(("http://", "https://")):
        click.echo(f"Fetching {source} ...", err=True)
        types = (*ARTICLE_LIMITS.types, "application/json", "application/ld+json", "application/x-ndjson")
        page = fetch(source, limits=replace(ARTICLE_LIMITS, size=REVIEW_DOCUMENT_SIZE_LIMIT, types=types))
        return read_claim_reviews(page.content, [page.charset] if page.charset else [])
    return read_claim_reviews(sys.stdin.buffer.read()) if source == "-" else read_review_file(Path(source))


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
