"""The command that takes in what other publications found: ClaimReviews, as the field publishes them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimledger.cli.acting import who_acts
from claimledger.counting import counted
from claimledger.cli.reading import AS_JSON, LANGUAGE

if TYPE_CHECKING:
    from claimledger.foreign_reviews import Note, TakenIn
    from claimledger.ledger.files import Places
    from claimledger.rendering import Language


@click.group("import")
def import_() -> None:
    """Take in what others have published."""


@import_.command("claimreview")
@click.argument("source")
@click.option("--dry-run", is_flag=True, help="Say what is in it, and keep nothing; takes no token.")
@AS_JSON
@LANGUAGE
@click.pass_obj
def claimreview(places: Places, /, source: str, *, dry_run: bool, as_json: bool, lang: Language) -> None:
    """Take in the ClaimReviews of a file, a web address, or - for what is piped in.

    SOURCE may be JSON, JSON Lines or a web page: schema.org ClaimReview, alone, in graphs and feeds, or what Google's
    Fact Check Tools answer. Ratings are kept as they were written. Everything that was left out or mended is listed,
    with what it was before and after. The reviews are kept on the desk, each once.
    """
    from claimledger import desk

    who = None if dry_run else who_acts(places)
    taken = _read(source)
    new = desk.take_in_reviews(places, taken.reviews, who, origin=source) if who and taken.reviews else 0
    if as_json:
        click.echo(json.dumps(_as_json(taken, new), ensure_ascii=False, indent=2))
    else:
        _say(taken, lang)
    click.echo(_sum(taken, new if who else None, lang), err=True)
    sys.exit(0 if taken.reviews else 1)


def _sum(taken: TakenIn, new: int | None, lang: Language) -> str:
    """Return how much was found, can be taken and is new on the desk; `new` is none where nothing was kept."""
    if lang == "ko":
        kept = "연습이라 아무것도 저장하지 않음" if new is None else f"데스크에 새로 들인 것 {new:,}건"
        return f"문서에 든 검증 {taken.found:,}건, 들일 수 있는 것 {len(taken.reviews):,}건, {kept}."
    kept = "nothing was kept: this was a dry run" if new is None else f"{counted(new, 'is', 'are')} new on the desk"
    found = counted(taken.found, "review stands", "reviews stand")
    return f"{found} in it, {len(taken.reviews):,} can be taken, {kept}."


def _read(source: str) -> TakenIn:
    """Return the reviews that stand at an address, in a file, or in what is piped in."""
    from dataclasses import replace

    from claimledger.fetching import USUAL, fetch
    from claimledger.foreign_reviews import LIMIT, read_claim_reviews

    if source.startswith(("http://", "https://")):
        click.echo(f"Fetching {source} ...", err=True)
        types = (*USUAL.types, "application/json", "application/ld+json", "application/x-ndjson")
        page = fetch(source, limits=replace(USUAL, size=LIMIT, types=types))
        return read_claim_reviews(page.content, [page.charset] if page.charset else [])
    return read_claim_reviews(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())


def _as_json(taken: TakenIn, new: int) -> dict[str, Any]:
    return {
        "found": taken.found,
        "new": new,
        "reviews": [review.to_json() for review in taken.reviews],
        "notes": [note._asdict() for note in taken.notes],
    }


def _say(taken: TakenIn, lang: Language) -> None:
    """Print each note, and how often each code was said with what it means."""
    from claimledger.foreign_reviews import CODES

    for note in taken.notes:
        click.echo(_line(note))
    for code, count in sorted(Counter(note.code for note in taken.notes).items()):
        meaning = CODES[code]
        korean = lang == "ko"
        handling = meaning.handling.label_ko if korean else meaning.handling.label_en
        click.echo(f"{code} ({count:,}): {meaning.ko if korean else meaning.en} [{handling}]", err=True)


def _line(note: Note) -> str:
    """Return a note on one line, whatever stands in the document: no control character reaches the terminal."""
    where = ": ".join(filter(None, (str(note.item or "-"), note.path, note.code)))
    line = f"{where}: {note.before}" + (f" → {note.after}" if note.after else "")
    return "".join(letter if letter.isprintable() else " " for letter in line)
