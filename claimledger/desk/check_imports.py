"""The steps that import an archive of past checks: plan, propose, and approve or discard as one act.

Each row becomes a public record of its own, an earlier check, never a verdict of this ledger. An editor proposes the
import, and a second editor approves it. The proposed records wait among the private contents of the desk. A later
import of the same archive finds its records again: an unchanged record stays, and a changed one becomes an update.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from claimledger.desk.publish_steps import BuildResult, append_and_sign, refresh_after_publication
from claimledger.desk.step_setup import Clock, ProgressCallback, demand_allowed, open_store, report_no_progress, utc_now
from claimledger.desk_vocabulary import Action
from claimledger.earlier_claims.name_forms import find_word_stems
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.foreign_reviews.check_mapping import MappedCheck
from claimledger.foreign_reviews.import_notes import ImportNote
from claimledger.ledger.canonical import MAX_BODY, encode_body
from claimledger.ledger.content_store import read_stored_content, storing_contents
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import check_archive
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.check_archive import PublicCheck, WaitingImport
from claimledger.newsroom.log_comparison import Comparison
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import RevisionKind, Subject
from claimledger.workflow import Case, StaffMember

_IMPORT_CHANGED = Problem("import-changed-meanwhile")
_EXAMPLES = 3
"""The number of examples of each kind of note that a proposal keeps."""
_LONGEST_EXAMPLE = 100
_MOST_COLUMNS = 100
_ROOM = 4_096
"""The bytes of a log entry around the record of a check."""


class ImportWaits(LedgerError):
    """Raised when an import of the same archive waits for a second editor."""


class PlannedCheck(NamedTuple):
    """A record that an import adds or changes."""

    key: str
    base: str | None
    """The hash of the public version that it changes; None if it is new."""
    record: bytes
    """The record as canonical JSON."""


@dataclass
class CheckImportPlan:
    """The effects of an import, before anything is stored."""

    name: str
    """The name of the archive."""
    changes: list[PlannedCheck] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """The numbers of rows that are new, changed, unchanged and refused."""
    ratings: Counter[str] = field(default_factory=Counter)
    """The number of rows by rating, verbatim."""
    notes: list[ImportNote] = field(default_factory=list)
    """The notes on what is lost, corrected or refused, by row."""
    missing: list[str] = field(default_factory=list)
    """The public checks of the archive that the file no longer has; they stay as they are."""
    left_out: Counter[str] = field(default_factory=Counter)
    """The columns that no field takes, each with its number of filled rows."""


def plan_check_import(places: LedgerPaths, name: str, rows: Iterable[MappedCheck]) -> CheckImportPlan:
    """Compare the rows of an archive with its public checks; return changes, counts and notes. Nothing is stored."""
    known = check_archive.PublicChecks([])
    if places.has_ledger:
        with open_store(places) as store:
            known = check_archive.PublicChecks(check_archive.read_public_checks(store.connection, name))
    plan = CheckImportPlan(name)
    planned: dict[str, tuple[int, bytes]] = {}
    unmatched: list[tuple[MappedCheck, str]] = []
    for row in rows:
        plan.notes += row.notes
        if row.check is None:
            plan.counts["refused"] += row.number > 0
            continue
        plan.ratings[row.check.rating] += 1
        key = check_archive.check_key(name, row.check, row.own_id)
        public = known.find(key)
        if public is None and known.has_address(row.check.address):
            unmatched.append((row, key))
        else:
            _plan_row(plan, planned, row, public, key)
    for row, key in unmatched:
        _plan_row(plan, planned, row, known.find_alone(row.check.address if row.check else None), key)
    plan.missing = known.keys_left()
    return plan


def _plan_row(
    plan: CheckImportPlan, planned: dict[str, tuple[int, bytes]], row: MappedCheck, public: PublicCheck | None, key: str
) -> None:
    """Add a row to a plan; `planned` has the row and the hash of each record so far."""
    key = public.key if public else key
    assert row.check is not None  # noqa: S101  refused rows do not come here
    record = encode_body(row.check.model_copy(update={"earlier_check_id": key}).to_json())
    digest = sha256(record).digest()
    first, first_digest = planned.setdefault(key, (row.number, digest))
    code = ""
    if first != row.number:
        code = "duplicate" if digest == first_digest else "same-check-differs"
    elif len(record) > MAX_BODY - _ROOM:
        code = "text-too-long"
    elif public and public.is_withdrawn:
        code = "check-withdrawn"
    if code:
        plan.counts["refused"] += 1
        earlier = str(first) if first != row.number else ""
        plan.notes.append(ImportNote(row.number, code, "", row.check.claim[:300], earlier))
    else:
        is_known = public is not None and public.digest == digest
        plan.counts["unchanged" if is_known else "changed" if public else "new"] += 1
        plan.changes += [] if is_known else [PlannedCheck(key, public.sha256 if public else None, record)]
        if not find_word_stems(row.check.claim):
            plan.notes.append(
                ImportNote(row.number, "other-script", "claim", row.check.claim[:300], row.check.claim[:300])
            )


def propose_check_import(
    places: LedgerPaths,
    plan: CheckImportPlan,
    actor: StaffMember,
    *,
    reason: str,
    origin: str,
    clock: Clock = utc_now,
) -> None:
    """Let the changes of a plan wait for a second editor; nothing becomes public.

    Raises:
        ProblemsFound: the workflow table refuses it.
        ImportWaits: an import of this archive waits already.
    """
    demand_allowed(Action.IMPORT_CHECKS, actor, reason=reason)
    rows = [(one.key, one.base, msgspec.Raw(one.record)) for one in plan.changes]
    content = zlib.compress(msgspec.json.encode(rows), 6)
    detail = {
        "content_sha256": sha256(content).hexdigest(), "origin": origin, "counts": dict(plan.counts),
        "missing": len(plan.missing), "left_out": dict(plan.left_out.most_common(_MOST_COLUMNS)), "notes": _notes(plan),
    }  # fmt: skip
    deed = ActionEntry(Action.IMPORT_CHECKS, check_archive.act_key(plan.name), actor.name, None, reason, None, detail)
    kept = storing_contents(places.private_evidence, [content])
    with open_store(places) as store, kept, store.writing() as connection:
        if check_archive.find_waiting(connection, plan.name):
            raise ImportWaits(name=plan.name)
        store_action(connection, deed, clock())


def _notes(plan: CheckImportPlan) -> dict[str, dict[str, Any]]:
    """Return the number of notes of each kind and the first ones, for the second editor."""
    found: dict[str, dict[str, Any]] = {}
    for note in plan.notes:
        one = found.setdefault(note.code, {"count": 0, "examples": []})
        one["count"] += 1
        if len(one["examples"]) < _EXAMPLES:
            one["examples"].append(
                [note.item, note.path, note.before[:_LONGEST_EXAMPLE], note.after[:_LONGEST_EXAMPLE]]
            )
    return found


def list_waiting_imports(places: LedgerPaths) -> list[WaitingImport]:
    """Return the imports that wait for a second editor, the oldest first."""
    with open_store(places) as store:
        return check_archive.list_waiting(store.connection)


def approve_check_import(
    places: LedgerPaths,
    name: str,
    actor: StaffMember,
    *,
    seen: str = "",
    is_clock_right: bool = False,
    clock: Clock = utc_now,
    progress: ProgressCallback = report_no_progress,
) -> tuple[int, BuildResult]:
    """Publish the checks of a waiting import in one transaction, then update ledger.db; return their number.

    `seen` is the hash of the content that a page showed; if another import of the archive waits now, it is refused.

    Raises:
        NotFound: no import of this archive waits.
        ProblemsFound: the workflow table refuses it, for example because `actor` proposed the import.
        ClaimChangedMeanwhile: a check has another version than the one that the import was compared with.
        LogNotWritten, PublicFilesNotWritten, ClockAhead, LogsDisagree, LogDamaged: as in `publish`.
    """
    with open_store(places, Comparison.CHANGED) as store:
        count = _append_checks(places, store, name, actor, clock, seen, is_clock_right=is_clock_right)
        store.fill_log()
    return count, refresh_after_publication(places, progress)


def _append_checks(
    places: LedgerPaths,
    store: DeskStore,
    name: str,
    actor: StaffMember,
    clock: Clock,
    seen: str,
    *,
    is_clock_right: bool,
) -> int:
    """Append the checks of a waiting import to the log in one transaction; return their number."""
    demand_allowed(Action.APPROVE_CHECKS, actor)
    with store.writing() as connection:
        waiting = require_waiting(check_archive.find_waiting(connection, name), name)
        demand_allowed(Action.APPROVE_CHECKS, actor, Case(authors=(waiting.author,)))
        if seen and seen != waiting.content_sha256:
            raise ProblemsFound([_IMPORT_CHANGED])
        drafts = waiting_drafts(places, waiting)
        approvers = {(draft.subject, draft.key): actor.name for draft in drafts}
        append_and_sign(places, store, connection, drafts, approvers, clock, is_clock_right=is_clock_right)
        store_action(connection, ActionEntry(Action.APPROVE_CHECKS, check_archive.act_key(name), actor.name), clock())
    return len(drafts)


def require_waiting(waiting: WaitingImport | None, name: str) -> WaitingImport:
    """Return a waiting import.

    Raises:
        NotFound: no import of this archive waits.
    """
    if waiting is None:
        raise NotFound("waiting-import", name)
    return waiting


def waiting_drafts(places: LedgerPaths, waiting: WaitingImport) -> Sequence[Draft]:
    """Return the drafts of the checks of a waiting import."""
    content = read_stored_content(places.private_evidence, waiting.content_sha256) or b""
    rows = msgspec.json.decode(zlib.decompress(content), type=list[tuple[str, str | None, msgspec.Raw]])
    authors = (waiting.author,)
    return [
        Draft(
            Subject.EARLIER_CHECK, key, base, RevisionKind.UPDATE if base else RevisionKind.LISTED, authors,
            waiting.reason, bytes(record),
        )
        for key, base, record in rows
    ]  # fmt: skip


def discard_check_import(
    places: LedgerPaths, name: str, actor: StaffMember, reason: str, clock: Clock = utc_now
) -> None:
    """Discard a waiting import; nothing of it becomes public.

    Raises:
        NotFound: no import of this archive waits.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.DISCARD_CHECKS, actor, reason=reason)
    with open_store(places) as store, store.writing() as connection:
        require_waiting(check_archive.find_waiting(connection, name), name)
        deed = ActionEntry(Action.DISCARD_CHECKS, check_archive.act_key(name), actor.name, None, reason)
        store_action(connection, deed, clock())
