"""Import the archives of past checks in a folder, twice, and account for each row: `python scripts/archives.py FOLDER`.

Each file of the folder becomes an archive, with the mapping `NAME.mapping.toml` beside it, or else with a drafted one.
A file is read again here with plain functions, so that the numbers of rows and the ratings do not come from the code
that is measured. `paraphrases.tsv` has lines of a query and a part of the claim that it must find, separated by a tab.
"""

import argparse
import csv
import json
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import environment
from environment import FULL, say

if TYPE_CHECKING:
    from claimledger.ledger.files import LedgerPaths

LOOKUPS = 200
"""The number of checks of each archive that are looked up with the text of their own claim."""
FIRST = 3
"""A lookup by paraphrase must find its check among this many."""
_READABLE = re.compile("[A-Za-z]{4}|[가-힣]{2}")
"""A claim with a word that the search for earlier claims reads."""
_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl")
_COUNTS = re.compile(r": ([0-9,]+) rows\. new ([0-9,]+), changed ([0-9,]+), unchanged ([0-9,]+), refused ([0-9,]+)\.")


class ImportCounts(NamedTuple):
    """The result of one import of a file."""

    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int
    reasons: Mapping[str, int]
    """The number of refused rows by reason."""


def main(arguments: Sequence[str]) -> int:
    """Import, count and print. The exit code is 1 if a row, a rating or a lookup is lost, or a second run adds some."""
    parser = argparse.ArgumentParser(prog="scripts/archives.py", description="Import archives twice; count each row.")
    parser.add_argument("folder", type=Path, help="folder of archives and mappings, outside the project")
    options = parser.parse_args(arguments)
    environment.enter(FULL, __file__, arguments)
    with tempfile.TemporaryDirectory(prefix="claimledger-archives-") as ledger:
        lines = [*report(options.folder, Path(ledger))]
    for line in lines:
        say(line)
    return int(any(line.endswith(" NO") for line in lines))


def report(folder: Path, ledger: Path) -> Iterator[str]:
    """Yield a line for each archive, and one for the lookups by paraphrase; " NO" ends a line on a loss."""
    from claimledger.ledger.files import LedgerPaths  # noqa: PLC0415  needs the environment

    places = LedgerPaths(ledger)
    tokens = _hire(places)
    for file in sorted(one for one in folder.iterdir() if one.suffix in _SUFFIXES and one.stem != "paraphrases"):
        yield _archive_line(places, file, tokens)
    yield from _paraphrase_lines(places, folder / "paraphrases.tsv")


def _hire(places: "LedgerPaths") -> Sequence[str]:
    """Add two editors; return their tokens."""
    from claimledger.accounts import cli_tokens, people  # noqa: PLC0415
    from claimledger.desk.step_setup import open_store, utc_now  # noqa: PLC0415
    from claimledger.desk_vocabulary import Role  # noqa: PLC0415

    tokens = []
    with open_store(places) as store:
        for name in ("haru", "sora"):
            with store.writing() as connection:
                now = utc_now()
                people.insert_person(connection, name, roles=(Role.EDITOR,), author="admin-console", now=now)
                issued = cli_tokens.issue_cli_token(connection, name, "archives", author="admin-console", now=now)
                tokens.append(issued)
    return tokens


def _run(places: "LedgerPaths", token: str, *arguments: str) -> tuple[str, str]:
    """Run a command of claimledger; return its output and its messages.

    Raises:
        AssertionError: it ended with an exception that it does not handle.
    """
    from click.testing import CliRunner  # noqa: PLC0415

    from claimledger.cli import main as command  # noqa: PLC0415

    done = CliRunner().invoke(command, ["--root", str(places.root), *arguments], env={"CLAIMLEDGER_TOKEN": token})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise AssertionError(arguments) from done.exception
    return done.stdout, done.stderr


def _archive_line(places: "LedgerPaths", file: Path, tokens: Sequence[str]) -> str:
    mapping, notes = file.with_suffix(".mapping.toml"), places.root / "notes.csv"
    if not mapping.exists():
        _run(places, tokens[0], "import", "checks", str(file))  # drafts it, unless the file has ClaimReviews
    name = f"{file.stem}-{len(str(file))}" if not mapping.exists() else ""
    more = ["--mapping", str(mapping)] if mapping.exists() else ["--name", name]
    command = ["import", "checks", str(file), *more, "--report", str(notes)]
    log = places.log
    first = _import(places, tokens[0], command, notes)
    if first is None:
        return f"{file.name}: the mapping needs a person"
    archive = _mapping_name(mapping) or name
    _run(places, tokens[1], "import", "approve", archive, "--yes")
    size = sum(one.stat().st_size for one in log.iterdir()) if log.exists() else 0
    second = _import(places, tokens[0], command, notes)
    grown = (sum(one.stat().st_size for one in log.iterdir()) if log.exists() else 0) - size
    raw_rows, raw_values = _read_plainly(file)
    ratings, found, looked_up = _stored_ratings(places, archive)
    is_whole = (
        second is not None and first.rows == raw_rows == first.new + first.refused
        and first.refused == sum(first.reasons.values()) and not (second.new or second.changed or grown)
        and ratings <= raw_values and found == looked_up
    )  # fmt: skip
    reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(first.reasons.items()))
    return (
        f"{file.name}: {raw_rows:,} rows; taken {first.new:,}, refused {first.refused:,} ({reasons or 'none'}); second "
        f"run: new {second.new if second else '?'}, changed {second.changed if second else '?'}, log +{grown} bytes; "
        f"ratings not verbatim {len(ratings - raw_values)} of {len(ratings):,}; found by their own claim {found} of "
        f"{looked_up}: {'yes' if is_whole else 'NO'}"
    )


def _mapping_name(mapping: Path) -> str:
    found = re.search("(?m)^name = [\"']([^\"']+)", mapping.read_text(encoding="utf-8")) if mapping.exists() else None
    return found[1] if found else ""


def _import(places: "LedgerPaths", token: str, command: Sequence[str], notes: Path) -> ImportCounts | None:
    """Propose an import; return its counts, or None if the mapping is not complete."""
    found = _COUNTS.search(_run(places, token, *command)[1])
    if not found:
        return None
    with notes.open(encoding="utf-8-sig", newline="") as stream:
        codes = [(row["row"], row["code"]) for row in csv.DictReader(stream) if not row["field"]]
    reasons = Counter(code for _, code in dict(codes).items())
    rows, new, changed, unchanged, refused = (int(one.replace(",", "")) for one in found.groups())
    return ImportCounts(rows, new, changed, unchanged, refused, reasons)


def _read_plainly(file: Path) -> tuple[int, set[str]]:
    """Return the number of rows, or of reviews, of a file, and all values in it."""
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".tsv":
        lines = [line for line in text.split("\n") if line.strip()]
        return len(lines), {cell for line in lines for cell in line.rstrip("\r").split("\t")}
    if file.suffix == ".csv":
        csv.field_size_limit(1 << 24)
        rows = [row for row in csv.reader(text.splitlines(keepends=True)) if any(row)]
        return len(rows) - 1, {cell for row in rows for cell in row}
    maps = json.loads(text) if file.suffix == ".json" else [json.loads(line) for line in text.splitlines() if line]
    reviews = sum(len(one.get("claimReview", ())) for one in maps)
    return reviews or len(maps), set(_leaves(maps))


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401  any JSON
    if isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)


def _stored_ratings(places: "LedgerPaths", archive: str) -> tuple[set[str], int, int]:
    """Return the ratings of an archive, and how many of some readable checks are found by the text of their claim."""
    from claimledger.desk import lookups  # noqa: PLC0415

    with closing(sqlite3.connect(places.ledger)) as connection:
        query = "SELECT claim, rating FROM earlier_checks WHERE import_id = ? ORDER BY earlier_check_id"
        rows = [*connection.execute(query, (archive,))]
    readable = [claim for claim, _ in rows if _READABLE.search(claim)]
    some = readable[:: max(len(readable) // LOOKUPS, 1)][:LOOKUPS]
    found = sum(claim in _found_claims(lookups.find_earlier_for_text(places, claim, FIRST)) for claim in some)
    return {rating for _, rating in rows}, found, len(some)


def _found_claims(matches: Sequence[Any]) -> list[str]:
    return [match.check.claim for match in matches if match.check]


def _paraphrase_lines(places: "LedgerPaths", file: Path) -> Iterator[str]:
    from claimledger.desk import lookups  # noqa: PLC0415

    if not file.exists():
        return
    pairs = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    lost = []
    for query, part in pairs:
        claims = _found_claims(lookups.find_earlier_for_text(places, query, FIRST))
        if not any(part.casefold() in claim.casefold() for claim in claims):
            lost.append(query)
    yield from (f"not found: {query}" for query in lost)
    found = f"{len(pairs) - len(lost)} of {len(pairs)} among the first {FIRST}"
    yield f"paraphrases: {found}: {'yes' if not lost else 'NO'}"


if __name__ == "__main__":
    environment.finish(main)
