"""Checks of the claim files against the log, and of the references and names in the newest public records."""

from __future__ import annotations
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from claimledger.errors import Problem
from claimledger.ledger import printing, text_form
from claimledger.newsroom.drafting import record_references
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DISCARDED
from claimledger.models import MODELS, Claim, LedgerRecord
from claimledger.vocabulary import SpeakerKind, Subject
from claimledger.checks.public_records import PublicRecords
from claimledger.checks.results import CheckResult, make_check_result


def check_text_form(places: LedgerPaths, public: PublicRecords) -> CheckResult:
    """Check every file of the claims folder against the newest revisions in the log.

    A file that contains an open draft of the desk is correct.

    Raises:
        LogDamaged: The log cannot be read.
    """
    demanded = dict(printing.printed_files(public.newest, places))
    foreign = [path for path in text_form.list_record_files(places) if path not in demanded]
    faults = {path: fault for path, content in demanded.items() if (fault := _file_fault(path, content, places))}
    faults |= {path: Problem("not-in-log", file=places.relative_name(path)) for path in foreign}
    standing = {path for path in faults if path.is_file()}
    records = [revision.record for revision in public.revisions]
    waiting = (
        printing.files_with_drafts(standing, _waiting_records(places), records, places) if standing else frozenset()
    )
    looked_at = f"{len(demanded) + len(foreign):,} files, of which {len(waiting):,} wait on the desk to be published"
    return make_check_result("claim files", looked_at, [fault for path, fault in faults.items() if path not in waiting])


def _waiting_records(places: LedgerPaths) -> list[LedgerRecord]:
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


def _draft_record(subject: str, record: str) -> LedgerRecord | None:
    """Return the record of a draft; None if it is not valid, because then no file can contain it."""
    try:
        return MODELS[Subject(subject)].model_validate_json(record)
    except ValueError:  # includes pydantic's ValidationError
        return None


def _file_fault(path: Path, content: bytes, places: LedgerPaths) -> Problem | None:
    name = places.relative_name(path)
    if not path.is_file():
        return Problem("file-missing", file=name)
    standing = path.read_bytes()
    if standing == content:
        return None
    lines = enumerate(zip_longest(standing.split(b"\n"), content.split(b"\n")), start=1)
    line = next(number for number, (ours, theirs) in lines if ours != theirs)
    return Problem("file-differs", file=name, line=line)


def check_references(records: PublicRecords) -> CheckResult:
    """Check that every article, claim and document that public records refer to is public.

    Raises:
        LogDamaged: The log cannot be read.
    """
    public = {(revision.subject, revision.key): revision.record for revision in records.revisions}
    problems = [
        Problem(f"no-public-{subject}", key=key, named=named)
        for (_, key), record in public.items()
        for _, subject, named in record_references(record)
        if (subject, named) not in public
    ]
    return make_check_result("references", f"{len(public):,} records", problems)


def check_names(claims: Sequence[Claim]) -> CheckResult:
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
    return make_check_result("names", f"{len(named):,} claims with a named speaker", problems)


def _fold_name(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _spelling_problem(spellings: dict[str, str]) -> Problem:
    names = tuple(f"'{name}' ({claim_id})" for name, claim_id in spellings.items())
    return Problem("speaker-spelled-two-ways", field="speaker.name", names=names)
