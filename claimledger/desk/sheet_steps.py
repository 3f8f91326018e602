"""Review spreadsheets: export claims of the queue, and import the returned sheet, all of it or nothing.

A sheet has the same limits as the forms of a claim's page. Its edits are edits and its verdicts are proposals. A change
of a published verdict is refused, because only that page has a field for the note to the readers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from claimledger.desk.queue_search import search_queue
from claimledger.desk.step_setup import Clock, store_drafts, open_store, utc_now
from claimledger.editorial.work_rows import update_queue
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom import work_items
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import WORK_ITEMS_PER_PAGE, WorkFilter
from claimledger.publishing.csv_exchange import Encoding
from claimledger.sheets.desk_lookup import DeskLookup
from claimledger.sheets.import_drafts import SheetImport
from claimledger.sheets.merge import ConflictChoice, SheetPlan, plan_sheet, resolve_conflicts
from claimledger.sheets.review_sheet import Delimiter, read_sheet, sheet_bytes
from claimledger.sheets.sheet_columns import ReviewRow
from claimledger.workflow import StaffMember
from claimledger.vocabulary import Subject

Choices = Mapping[tuple[str, str], ConflictChoice]
"""(claim_id, column) to `mine`, `theirs` or another text."""


@dataclass(frozen=True, slots=True)
class SheetImportResult:
    """The result of an imported sheet."""

    claim_ids: tuple[str, ...]
    """The claims with a new draft."""
    documents: tuple[str, ...]
    """The documents that were drafted."""


def export_sheet(
    places: LedgerPaths,
    filters: WorkFilter,
    *,
    encoding: Encoding = Encoding.UTF_8_SIG,
    delimiter: Delimiter = Delimiter.COMMA,
    is_workbook: bool = False,
) -> bytes:
    """Return a sheet of all claims that match, as CSV or as an Excel workbook.

    Raises:
        CharacterNotInEncoding, CellTooLong: the text at the named row and column cannot be written.
    """
    with open_store(places) as store:
        update_queue(store)
        claims = in_article_order(DeskLookup(store).rows(selected_claim_ids(places, store, filters)))
    if not is_workbook:
        return sheet_bytes(claims, encoding=encoding, delimiter=delimiter)
    from claimledger.sheets.workbook_writer import write_xlsx  # noqa: PLC0415  imported only where used

    target = io.BytesIO()
    write_xlsx(target, claims)
    return target.getvalue()


def in_article_order(rows: Iterable[ReviewRow]) -> list[ReviewRow]:
    """Return the rows of each article together, in the order of its text."""
    found = [*rows]
    articles = [*dict.fromkeys(row.claim.article_id for row in found)]
    return sorted(found, key=lambda row: (articles.index(row.claim.article_id), _first_position(row)))


def _first_position(row: ReviewRow) -> int:
    newest = row.passages[-1].edition_sha256 if row.passages else ""
    return min((one.position.start for one in row.passages if one.edition_sha256 == newest), default=0)


def selected_claim_ids(places: LedgerPaths, store: DeskStore, filters: WorkFilter) -> Iterator[str]:
    """Yield the IDs of the claims that match, in the order of the task list."""
    found = search_queue(places, store, filters)
    for page in range(1, -(-work_items.count_work_items(store, found) // WORK_ITEMS_PER_PAGE) + 1):
        yield from (row.claim_id for row in work_items.read_work_items(store, found, page))


def plan_import(
    places: LedgerPaths,
    content: bytes,
    name: str,
    actor: StaffMember,
    choice: ConflictChoice = "theirs",
    *,
    clock: Clock = utc_now,
) -> SheetPlan:
    """Return the changes a sheet would make and every refusal that `actor` would get; nothing is written.

    `name` is the file name. The refusals assume that every conflict is decided by `choice`.
    """
    with open_store(places) as store:
        store.connection.execute("BEGIN")  # all rows are read at one moment, without blocking writers
        planned = plan_sheet(read_sheet(content, name), DeskLookup(store))
        decided = resolve_conflicts(
            planned, {(conflict.claim_id, conflict.field): choice for conflict in planned.conflicts}
        )
        _, refused = SheetImport(store, decided, actor, clock()).drafts()
    return replace(planned, found=(*planned.found, *refused))


def plan_fingerprint(planned: SheetPlan) -> str:
    """Return a hash that identifies a plan.

    A form sends it back, so that the imported plan is the one that was shown.
    """
    return sha256(repr((planned.conflicts, planned.rows, planned.problems)).encode()).hexdigest()


def import_sheet(
    places: LedgerPaths,
    content: bytes,
    name: str,
    choices: Choices,
    actor: StaffMember,
    *,
    seen: str | None = None,
    clock: Clock = utc_now,
) -> SheetImportResult:
    """Store drafts of all changes of a sheet; `seen` is the fingerprint of the plan that was shown, if any.

    Raises:
        ProblemsFound: the sheet has a problem or an undecided conflict, the workflow table refuses a change, or the
            plan changed since it was shown. Nothing was stored.
        NotFound: a choice is for a conflict that does not exist.
    """
    with open_store(places) as store, store.writing() as connection:
        planned = plan_sheet(read_sheet(content, name), DeskLookup(store))
        if seen is not None and seen != plan_fingerprint(planned):
            raise ProblemsFound([_PLAN_CHANGED.relocate(file=name)])
        decided = resolve_conflicts(planned, choices)
        if not decided.is_ready:
            raise ProblemsFound([*decided.problems, *_undecided_problems(decided)])
        now = clock()
        drafts, refused = SheetImport(store, decided, actor, now).drafts()
        if refused:
            raise ProblemsFound(refused)
        store_drafts(store, connection, drafts, now)
    return SheetImportResult(
        *(tuple(one.key for one in drafts if one.subject is of) for of in (Subject.CLAIM, Subject.DOCUMENT))
    )


def _undecided_problems(planned: SheetPlan) -> Iterator[Problem]:
    for conflict in planned.conflicts:
        yield Problem("conflict-undecided", file=planned.file, line=conflict.row, field=conflict.field)


_PLAN_CHANGED = Problem("plan-changed-meanwhile")
