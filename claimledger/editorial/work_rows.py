"""The task list (queue): a row for each claim, computed from the claim at the desk.

A claim without any work on this desk gets its row from its newest public version only, so that a desk filled from a
long log is ready within seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

import msgspec

from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.newsroom import work_items
from claimledger.newsroom.article_acts import read_deadline
from claimledger.newsroom.rechecks import claim_dependencies, recheck_causes
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import NewWorkItem, WorkItem
from claimledger.newsroom.work_updates import update_work_items
from claimledger.desk_vocabulary import QueryAnswer, CheckStage, Priority, RecordStage
from claimledger.vocabulary import Question, RevisionKind, Subject


def update_queue(store: DeskStore) -> None:
    """Compute the rows of all claims that changed since the last update."""
    update_work_items(store, lambda claim_ids: _rows(store, claim_ids))


def _rows(store: DeskStore, claim_ids: Sequence[str]) -> Iterator[NewWorkItem]:
    deadline_of = cache(partial(read_deadline, store.connection))
    for claim_id in claim_ids:
        head = store.head(Subject.CLAIM, claim_id)
        body = msgspec.json.decode(head.body) if head else {"record": {}}
        if head and not _is_worked_on(store, claim_id):
            row = _public_row(body, deadline_of(body["record"]["article_id"]))
        elif head or store.open_drafts(claim_id):
            row = make_work_item(read_claim_at_desk(read_current_records(store, claim_id), claim_id))
        else:
            continue
        yield NewWorkItem(
            row._replace(recheck_why=_first_reason(store, claim_id, body["record"])), claim_dependencies(body["record"])
        )


def _first_reason(store: DeskStore, claim_id: str, record: Mapping[str, Any]) -> str:
    first = next(iter(recheck_causes(store, claim_id, record)), None)
    return f"{first.reason}:{first.of}:{first.outcome}" if first else ""


def _is_worked_on(store: DeskStore, claim_id: str) -> bool:
    found = store.connection.execute(
        "SELECT 1 FROM act WHERE claim_id = ?1 UNION ALL SELECT 1 FROM waiting "
        "WHERE key = ?1 OR (key >= ?2 AND key < ?3) LIMIT 1",
        (claim_id, f"{claim_id}@", f"{claim_id}A"),
    ).fetchone()
    return found is not None


def make_work_item(claim: ClaimAtDesk) -> WorkItem:
    """Return a claim's row of the queue."""
    waiting = claim.waiting_stage
    return WorkItem(
        **_record_columns(claim.claim.to_json()) | {"recheck_after": _recheck_after(claim.public_fields)},
        record=claim.record,
        waiting="" if waiting is CheckStage.OPEN or claim.is_carried_over else waiting,
        so=claim.stage(Question.SO),
        said=claim.stage(Question.SAID),
        assignee=claim.assignee(Question.SO) or "",
        assignee_said=claim.assignee(Question.SAID) or "",
        due_on=claim.due_on or "",
        priority=claim.priority,
        queries=sum(query.answer is QueryAnswer.OPEN for query in claim.queries()),
        findings=len(claim.findings),
        recheck_why="",
        draft_id=claim.newest_draft_id,
        writers=_encode_names(claim.writers()),
        authors=_encode_names(claim.authors()),
        changed_at=_newest_time(claim),
    )


def _encode_names(names: Iterable[str]) -> str:
    return msgspec.json.encode(sorted(names)).decode()


def _newest_time(claim: ClaimAtDesk) -> str:
    """Return the time of the newest draft, act or public version of a claim (UTC)."""
    newest = [revision.recorded_at for revision in claim.revisions[-1:]]
    return max(*newest, "", *(draft.recorded_at for draft in claim.waiting), *(act.recorded_at for act in claim.acts))


def _recheck_after(record: Mapping[str, Any]) -> str:
    return min((one["recheck_after"] for one in record.get("verdicts", ()) if "recheck_after" in one), default="")


def _public_row(body: Mapping[str, Any], deadline: str) -> WorkItem:
    """Return the row of a claim that has only a public version; `deadline` is that of its article."""
    record = body["record"]
    answered = {verdict["question"] for verdict in record.get("verdicts", ())}
    so, said = (
        CheckStage.PUBLISHED if question.value in answered else CheckStage.OPEN
        for question in (Question.SO, Question.SAID)
    )
    is_withdrawn = body["kind"] == RevisionKind.WITHDRAWAL
    return WorkItem(
        **_record_columns(record),
        record=RecordStage.WITHDRAWN if is_withdrawn else RecordStage.LISTED,
        waiting="",
        so=so,
        said=said,
        assignee="",
        assignee_said="",
        due_on="" if is_withdrawn or so is CheckStage.PUBLISHED else deadline,
        priority=Priority.NORMAL,
        queries=0,
        findings=0,
        recheck_why="",
        draft_id=0,
        writers="[]",
        authors="[]",
        changed_at=body["recorded_at"],
    )


def _record_columns(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns that come from a claim's own fields (JSON)."""
    speaker = record.get("speaker", {}).get("name", {})
    names = record["claim_id"], record["article_id"]
    return {
        "claim_id": record["claim_id"],
        "article_id": record["article_id"],
        "statement_ko": record["statement"].get("ko", ""),
        "statement_en": record["statement"].get("en", ""),
        "speaker": speaker.get("ko") or speaker.get("en") or next(iter(speaker.values()), ""),
        "recheck_after": _recheck_after(record),
        "folded": work_items.normalize_search_text(*names, *record["statement"].values(), *speaker.values()),
    }
