"""The steps that make records public (publish, build) and the step that proves the result (check)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from claimledger.desk.check_steps import DRAFT_CHANGED
from claimledger.desk.release_steps import sign_release
from claimledger.desk.step_setup import Clock, ProgressCallback, open_store, report_no_progress, utc_now
from claimledger.editorial.publication_plan import plan_publication, missing_bytes_problems
from claimledger.errors import LedgerError, NotFound, NothingToPublish, ProblemsFound
from claimledger.failures import failure_kind, failure_reason
from claimledger import checks
from claimledger.newsroom import arrivals, drafting, earlier_index, log_signing, public_files, publication
from claimledger.ledger import log, printing
from claimledger.newsroom.actions import store_action
from claimledger.newsroom.clock_doubt import ClockAhead, find_clock_doubt
from claimledger.checks.earlier_results import EarlierResults
from claimledger.checks.results import CheckResult
from claimledger.newsroom.withheld_excerpts import withheld_excerpt_problems
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.printing import PrintResult
from claimledger.newsroom.log_comparison import Comparison
from claimledger.newsroom.publication import read_selected_drafts
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Revision, LedgerRecord
from claimledger.publishing import ledger_db
from claimledger.workflow import StaffMember
from claimledger.vocabulary import Subject


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of a build."""

    printed: PrintResult
    """The result of printing the text form."""
    is_changed: bool
    """True if ledger.db was out of date and was updated, or was built from nothing."""
    unchecked_names: tuple[str, ...] = ()
    """The authors and approvers in the log, if there is no desk that could know them."""


class PublicFilesNotWritten(LedgerError):
    """Raised when the log is complete, but claims/, ledger.db or the index of the desk could not be updated."""

    def __init__(self, error: Exception, *, is_published: bool) -> None:
        """Include the reason, and whether the same step has just published something."""
        super().__init__("published" if is_published else "", reason=failure_reason(error))


def publish(
    places: LedgerPaths,
    actor: StaffMember,
    keys: Sequence[str] = (),
    *,
    seen: Collection[int] | None = None,
    is_clock_right: bool = False,
    clock: Clock = utc_now,
    progress: ProgressCallback = report_no_progress,
) -> tuple[int, BuildResult]:
    """Append open drafts (all, or those of `keys`) to the public log in one transaction, then print and build.

    Only the files of records that were published since the files were last printed are updated.

    Drafts that no one has approved yet are approved by `actor` in the same transaction, if the workflow table allows
    it. `seen` contains the draft numbers that a form showed; if other drafts are open now, the call is refused.
    `is_clock_right` says that a person has compared the clock.

    Raises:
        ProblemsFound: the workflow table refuses it, a draft names a record that is not public or bytes that are
            missing, or an excerpt of a withheld document would become public. Nothing was published.
        SecondEditorRequired: `actor` wrote part of one of the drafts. Nothing was published.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest. Nothing was published.
        NotFound: a record of `keys` has no open draft. Nothing was published.
        NothingToPublish: no draft is open.
        LogNotWritten, PublicFilesNotWritten: the drafts were published, but files could not be written.
        LogKeyMissing, PrivateKeyUnusable, KeyUntrusted, KeyListsChanged, NoteInvalid, CheckpointContradicts: the log
            has keys, and cannot be signed. Nothing was published.
        ClockAhead: the clock is far ahead of everything recorded, and no one has compared it. Nothing was published.
        LogsDisagree, LogDamaged: a file of the log that changed since it was last compared has another body, or is not
            complete. Nothing was published.
    """
    with open_store(places, Comparison.CHANGED) as store:
        with store.writing() as connection:
            drafts = read_selected_drafts(store, keys)
            if not drafts:
                raise NothingToPublish
            if seen is not None and {draft.draft_id for draft in drafts} != set(seen):
                raise ProblemsFound([DRAFT_CHANGED])
            plan = plan_publication(read_current_records(store), drafts, actor)
            missing = [*drafting.unpublished_references(drafts, store), *missing_bytes_problems(places, drafts)]
            if problems := [*plan.problems, *missing, *withheld_excerpt_problems(drafts, store)]:
                raise ProblemsFound(problems)
            append_and_sign(places, store, connection, drafts, plan.approvers, clock, is_clock_right=is_clock_right)
            for deed in plan.deeds:
                store_action(connection, deed, clock())
        store.fill_log()
    return len(drafts), refresh_after_publication(places, progress)


def append_and_sign(
    places: LedgerPaths,
    store: DeskStore,
    connection: sqlite3.Connection,
    drafts: Sequence[Draft],
    approvers: Mapping[tuple[Subject, str], str],
    clock: Clock,
    *,
    is_clock_right: bool,
) -> None:
    """Append drafts to the log inside a `writing` transaction, and sign it if it has keys.

    Raises:
        ClockAhead: the clock is far ahead of everything recorded, and no one has compared it.
        LogKeyMissing, PrivateKeyUnusable, KeyUntrusted, KeyListsChanged, NoteInvalid, CheckpointContradicts: the log
            has keys, and cannot be signed.
    """
    key = log_signing.find_signing_key(connection, places.log)
    now = clock()
    if not is_clock_right and (doubt := find_clock_doubt(connection, now)):
        raise doubt
    publication.append_revisions(store, connection, drafts, approvers, now=now)
    if key:
        log_signing.sign_log(connection, places.log, key)


def refresh_after_publication(places: LedgerPaths, progress: ProgressCallback) -> BuildResult:
    """Print the files of the records that were published, and update ledger.db to the end of the log.

    Raises:
        PublicFilesNotWritten: a file could not be written.
    """
    build = partial(build_ledger, places, progress, compares_texts=False)
    with _reporting_failures(is_published=True), open_store(places) as store:
        return _refresh_files(places, store, public_files.print_changed, build)


@contextmanager
def _reporting_failures(*, is_published: bool) -> Iterator[None]:
    """Say truly what was done if public files cannot be written, for example on a full disk.

    Raises:
        PublicFilesNotWritten: writing failed or, after a publication, anything else.
    """
    try:
        yield
    except PublicFilesNotWritten:
        raise
    except Exception as error:
        if is_published or failure_kind(error) or failure_kind(error.__cause__):
            raise PublicFilesNotWritten(error, is_published=is_published) from error
        raise


def read_clock_doubt(places: LedgerPaths, clock: Clock = utc_now) -> ClockAhead | None:
    """Return why the clock may be too wrong to publish, or None."""
    with open_store(places) as store:
        return find_clock_doubt(store.connection, clock())


def public_record(places: LedgerPaths, subject: Subject, key: str) -> LedgerRecord | None:
    """Return the newest public version of a record, or None if it is not public."""
    with open_store(places) as store:
        head = store.head(subject, key)
    return Revision.model_validate_json(head.body).record if head else None


def build_public_files(
    places: LedgerPaths, progress: ProgressCallback = report_no_progress, *, is_fresh: bool = False
) -> BuildResult:
    """Print the text form and update ledger.db from the log; with `is_fresh`, build ledger.db from nothing.

    If there is a desk, its index of earlier claims is updated too. A fresh `ledger.db` is signed if the key is here. A
    desk that has published nothing gets an empty ledger.

    Raises:
        NotFound: there is neither a log nor a desk.
        PublicFilesNotWritten: a file could not be written.
    """
    if not places.has_ledger:
        raise NotFound("ledger", str(places.root))
    build = partial(build_ledger, places, progress, is_fresh=is_fresh)
    if not places.desk.exists():
        names = tuple(sorted(set(arrivals.names_in([*log.read_bodies(places.log)]))))
        with _reporting_failures(is_published=False):
            return BuildResult(printing.print_text_form(places), build(), names)
    with open_store(places, Comparison.ALL) as store, _reporting_failures(is_published=False):
        store.fill_log()
        built = _refresh_files(places, store, public_files.print_all, build)
        if is_fresh:
            sign_release(places, store)
        return built


def _refresh_files(
    places: LedgerPaths,
    store: DeskStore,
    print_files: Callable[[LedgerPaths, DeskStore], PrintResult],
    build: Callable[[], bool],
) -> BuildResult:
    """Print files and update ledger.db, then the index of earlier claims."""
    with store.writing():  # one process prints at a time, so that none overwrites newer files
        built = BuildResult(print_files(places, store), build())
    earlier_index.update_earlier_index(store)
    return built


def build_ledger(
    places: LedgerPaths,
    progress: ProgressCallback = report_no_progress,
    *,
    compares_texts: bool = True,
    is_fresh: bool = False,
) -> bool:
    """Bring ledger.db to the end of the log and to the published texts; return whether anything changed.

    Without `compares_texts`, only texts of articles with new versions are found. With `is_fresh`, the file is built
    from nothing: its bytes then depend only on the log, the texts and the version of SQLite.

    """
    if is_fresh:
        ledger_db.build_ledger_db(log.read_log(places.log), places.ledger, places.shared_texts, progress=progress)
        return True
    return ledger_db.update_ledger_db(
        places.ledger, places.log, places.shared_texts, progress=progress, compares_texts=compares_texts
    )


def _demand_log(places: LedgerPaths) -> None:
    if not places.log.is_dir():
        raise NotFound("ledger", str(places.root))


def check(
    places: LedgerPaths, against: Path | None = None, earlier: EarlierResults | None = None
) -> Iterator[CheckResult]:
    """Run every check and yield each result when it is ready; `against` is an older copy of the log's folder.

    Nothing is written, and a check that fails to run does not stop the others. With `earlier`, checks are left out if
    nothing that they read changed since they found no problem; `earlier` is updated, and the caller saves it.

    Raises:
        NotFound: the log is missing.
    """
    _demand_log(places)
    yield from checks.run_checks(places, against, earlier)
