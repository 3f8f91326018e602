"""The checks of a ledger's log, store and files; each reports problems with stable codes.

Checks report every problem and never repair one. A check that fails does not stop the others. The check of the log is
the proof of the ledger: it reads, decodes and hashes every body once.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import msgspec
from pydantic import ValidationError

from claimledger.errors import LedgerError, Problem
from claimledger.ledger import log, printing, text_form
from claimledger.ledger.canonical import encode_checked, leaf_sha256, merkle_root
from claimledger.ledger.files import Places
from claimledger.newsroom.drafting import references
from claimledger.newsroom.schema import schema_problems
from claimledger.newsroom.store import DISCARDED
from claimledger.models import MODELS, Claim, Revision, Subjects
from claimledger.vocabulary import SpeakerKind, Subject

MOST_LISTED = 50
"""The largest number of problems that a check lists; the others are only counted."""

_RESTORE_LOG = "Restore the log from git or from a reader's copy."
_RESTORE_DESK = "Restore desk.db from a backup, or move it away to refill it from the log."
_BUILD = "Run 'claimledger build'."


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one check."""

    name: str
    """The name of the check."""
    looked_at: str
    """The scope of the check, or the reason why it could not run."""
    problems: tuple[Problem, ...] = ()
    """The problems."""
    is_done: bool = True
    """Whether the check could run."""


def run(places: Places, against: Path | None = None) -> Iterator[Checked]:
    """Yield the result of each check as it finishes; `against` is the folder of an older copy of the log."""
    yield check_log(places.log)
    yield check_records(places.log)
    yield check_against(against, places.log)
    yield check_store(places)
    yield guarded("claim files", lambda: check_text_form(places))
    yield guarded("references", lambda: check_references(places))
    yield guarded("names", lambda: check_names(claims_in(places)))


def guarded(name: str, check: Callable[[], Checked]) -> Checked:
    """Return the result of a check, or that it could not run because the log cannot be read."""
    try:
        return check()
    except (LedgerError, ValidationError, msgspec.DecodeError) as error:
        return Checked(name, f"the log cannot be read on: {str(error).splitlines()[0]}", is_done=False)


def outcome(name: str, looked_at: str, problems: Sequence[Problem]) -> Checked:
    """Return a check's result with the first problems and the number of further ones."""
    listed = list(problems[:MOST_LISTED])
    if len(problems) > MOST_LISTED:
        more = f"There are {len(problems) - MOST_LISTED:,} more problems."
        listed.append(Problem("more-problems", more, "Mend the first ones and check again."))
    return Checked(name, looked_at, tuple(listed))


def check_log(folder: Path) -> Checked:
    """Check the form of every log file, and every body against the ones before it."""
    chain = log.Chain()
    problems, of_bodies = [], []
    for file in log.read_files(folder):
        name = _log_file_name(file.path)
        if file.fault:
            problems.append(Problem("unreadable-log", file.fault[1], _RESTORE_LOG, name, file.fault[0]))
        for fault in chain.take(file.bodies, file.first):
            line = fault.number - file.first + 1
            of_bodies.append(Problem(fault.code, fault.sentence, _RESTORE_LOG, name, line))
    problems += of_bodies
    if not chain.leaves and not problems:
        return Checked("log", "there is none", is_done=False)
    root = merkle_root(chain.leaves).hex()
    looked_at = f"{len(chain.leaves):,} revisions of {len(chain.heads):,} records, Merkle root {root}"
    return outcome("log", looked_at, problems)


def check_records(folder: Path) -> Checked:
    """Check every body against the models and its canonical form."""
    problems = []
    count = 0
    for file in log.read_files(folder):
        count += len(file.bodies)
        for line, body in enumerate(file.bodies, start=1):
            if found := _body_fault(body):
                problems.append(Problem(*found, _RESTORE_LOG, _log_file_name(file.path), line))
    return outcome("records", f"{count:,} bodies against the models", problems)


def _body_fault(body: bytes) -> tuple[str, str] | None:
    try:
        revision = Revision.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        return "invalid-body", f"{where or 'The body'}: {first['msg']}."
    if encode_checked(revision.to_json()) != body:
        return "not-canonical", "The body is not in its one canonical form."
    return None


def check_against(older: Path | None, folder: Path) -> Checked:
    """Check that an older copy of the log is its beginning; nothing else shows that the end was cut off."""
    name = "older log"
    if older is None:
        return Checked(name, "none given (--against FOLDER), so a tail cut off cannot be seen", is_done=False)
    count = 0
    then = (body for file in log.read_files(older) for body in file.bodies)
    now = (body for file in log.read_files(folder) for body in file.bodies)
    for count, (ours, theirs) in enumerate(zip_longest(now, then), start=1):
        if theirs is None:
            return Checked(name, f"{count - 1:,} bodies of {older}", () if count > 1 else (_no_log_problem(older),))
        if ours != theirs:
            return Checked(name, f"{count:,} bodies of {older}", (_rewritten_problem(count, ours, folder),))
    return Checked(name, f"{count:,} bodies of {older}", () if count else (_no_log_problem(older),))


def _log_file_name(path: Path) -> str:
    """Return the displayed name of a log file: claims/log/000000.jsonl."""
    return "/".join(path.parts[-3:])


def _no_log_problem(folder: Path) -> Problem:
    return Problem("no-log", "There is no log in the folder.", "Give a copy of claims/log.", str(folder))


def _rewritten_problem(number: int, ours: bytes | None, folder: Path) -> Problem:
    what = "is missing" if ours is None else "was changed"
    file = _log_file_name(log.log_file(folder, number))
    sentence = f"Body {number} of the older log {what}."
    return Problem("log-rewritten", sentence, _RESTORE_LOG, file, log.line_of(number))


def check_store(places: Places) -> Checked:
    """Check the desk's publications against the log, and its tables and triggers against the expected ones."""
    if not places.desk.exists():
        return Checked("desk", "there is no desk.db here", is_done=False)
    problems = []
    try:
        with closing(sqlite3.connect(f"{places.desk.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")  # mode=ro would leave the journal files behind
            problems += [_desk_problem("altered-schema", finding) for finding in schema_problems(connection)]
            problems += _desk_damages(connection)
            problems += _desk_differences(connection, places)
            count = connection.execute("SELECT count(*) FROM publication").fetchone()[0]
    except sqlite3.DatabaseError as error:
        problems.append(_desk_problem("unreadable-store", f"The file cannot be read on: {error}."))
        return outcome("desk", "desk.db, as far as it can be read", problems)
    return outcome("desk", f"{count:,} publications, tables and triggers; not what drafts say", problems)


def _desk_problem(code: str, sentence: str, remedy: str = _RESTORE_DESK) -> Problem:
    return Problem(code, sentence, remedy, "desk.db")


def _desk_damages(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (finding,) in connection.execute("PRAGMA quick_check"):
        if finding != "ok":
            yield _desk_problem("damaged-store", f"SQLite finds: {finding}.")


def _desk_differences(connection: sqlite3.Connection, places: Places) -> Iterator[Problem]:
    rows = connection.execute(
        "SELECT CAST(body AS BLOB), number, sha256, subject, key, revision FROM publication ORDER BY number"
    )
    logged = (body for file in log.read_files(places.log) for body in file.bodies)
    for number, (row, body) in enumerate(zip_longest(rows, logged), start=1):
        if row is None:
            yield _desk_problem("desk-behind", f"Body {number} of the log is not in it, nor what follows.", _BUILD)
            return
        if body is None:
            yield _desk_problem("log-cut", f"Publication {number} is not in the log, nor what follows.", _BUILD)
            return
        if row[0] != body:
            yield _desk_problem("desk-differs", f"Publication {number} is not body {number} of the log.")
            return
        if row[1:] != _expected_columns(number, body):
            yield _desk_problem("desk-differs", f"Publication {number}: its columns are not those of its body.")


def _expected_columns(number: int, body: bytes) -> tuple[object, ...]:
    (envelope,) = log.decode_envelopes([body])
    if isinstance(envelope, str):
        return ()
    return number, leaf_sha256(body).hex(), envelope.subject, envelope.key, envelope.revision


def check_text_form(places: Places) -> Checked:
    """Check every file of the claims folder against the newest revisions in the log.

    A file that contains an open draft of the desk is correct.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    heads = printing.heads(log.read_log(places.log))
    demanded = dict(printing.printed_files(heads, places))
    foreign = [path for path in text_form.files_in(places) if path not in demanded]
    remedy = "Run 'claimledger record' and publish it, or take it away."
    faults = {path: fault for path, content in demanded.items() if (fault := _file_fault(path, content, places))}
    faults |= {
        path: Problem("not-in-log", "The record is not public.", remedy, places.name_of(path)) for path in foreign
    }
    standing = {path for path in faults if path.is_file()}
    public = [revision.record for _, revision in heads]
    waiting = printing.drafted(standing, _waiting_records(places), public, places) if standing else frozenset()
    looked_at = f"{len(demanded) + len(foreign):,} files, of which {len(waiting):,} wait on the desk to be published"
    return outcome("claim files", looked_at, [fault for path, fault in faults.items() if path not in waiting])


def _waiting_records(places: Places) -> list[Subjects]:
    """Return the records of the desk's open drafts; empty if the desk cannot be read."""
    if not places.desk.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{places.desk.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")  # mode=ro would leave the journal files behind
            rows = connection.execute(
                "SELECT DISTINCT d.subject, record FROM waiting w CROSS JOIN draft d ON d.key = w.key AND "
                "d.subject = w.subject WHERE kind <> ? AND d.draft_id > (SELECT coalesce(max(draft_id), 0) "
                "FROM publication p WHERE p.key = d.key AND p.subject = d.subject)", (DISCARDED,)
            )  # fmt: skip
            found = [_draft_record(subject, record) for subject, record in rows]
    except sqlite3.DatabaseError:
        return []  # check_store reports it
    return [record for record in found if record]


def _draft_record(subject: str, record: str) -> Subjects | None:
    """Return the record of a draft; None if it is not valid, because then no file can contain it."""
    try:
        return MODELS[Subject(subject)].model_validate_json(record)
    except ValueError:  # includes pydantic's ValidationError
        return None


def _file_fault(path: Path, content: bytes, places: Places) -> Problem | None:
    name = places.name_of(path)
    if not path.is_file():
        return Problem("file-missing", "The file is missing.", "Run 'claimledger build' to print it.", name)
    standing = path.read_bytes()
    if standing == content:
        return None
    remedy = "Record and publish the edit, or delete the file and run 'claimledger build'."
    lines = enumerate(zip_longest(standing.split(b"\n"), content.split(b"\n")), start=1)
    line = next(number for number, (ours, theirs) in lines if ours != theirs)
    return Problem("file-differs", "The file differs from the log.", remedy, name, line)


def check_references(places: Places) -> Checked:
    """Check that every article, claim and document that public records refer to is public.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    public = {
        (revision.subject, revision.key): revision.record for _, revision in printing.heads(log.read_log(places.log))
    }
    problems = [
        Problem(f"no-public-{subject}", f"{key} names the {subject} '{named}', which is not public.", "Publish it too.")
        for (_, key), record in public.items()
        for _, subject, named in references(record)
        if (subject, named) not in public
    ]
    return outcome("references", f"{len(public):,} records", problems)


def claims_in(places: Places) -> list[Claim]:
    """Return the newest public version of each claim.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    records = (revision.record for _, revision in printing.heads(log.read_log(places.log)))
    return [record for record in records if isinstance(record, Claim)]


def check_names(claims: Sequence[Claim]) -> Checked:
    """Check for one speaker with two spellings: equal in one language, ignoring case and punctuation, but different.

    Anonymous speakers have a description instead of a name and are ignored.
    """
    spellings: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    named = [claim for claim in claims if claim.speaker and claim.speaker.kind is not SpeakerKind.ANONYMOUS]
    for claim in named:
        names = claim.speaker.name if claim.speaker else {}
        for language, name in names.items():
            for other, value in names.items():
                spellings[language, _fold_name(name), other].setdefault(value, claim.claim_id)
    found = {tuple(sorted(of_one.items())): None for of_one in spellings.values() if len(of_one) > 1}
    problems = [_spelling_problem(dict(of_one)) for of_one in found]
    return outcome("names", f"{len(named):,} claims with a named speaker", problems)


def _fold_name(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _spelling_problem(spellings: dict[str, str]) -> Problem:
    names = " and ".join(f"'{name}' ({claim_id})" for name, claim_id in spellings.items())
    remedy = "Write the name the same in each claim, or give the two names that tell them apart."
    return Problem("speaker-spelled-two-ways", f"{names} seem to be one speaker.", remedy, field="speaker.name")
