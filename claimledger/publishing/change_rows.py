"""The rows of `ledger.db` about changes: the fields that a version changed, and those that a correction changed.

They follow the rules of `rows`, which has the rows of the other tables.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from claimledger.publishing.columns import label_meaning
from claimledger.publishing.shared_columns import (
    AuthorColumn, AfterColumn, ApproverColumn, BeforeColumn, ChangeId, OptionalClaimKey, FieldPath, Key, LogHash,
    ReasonColumn, RecordedAt, RevisionKindColumn, RevisionNumber, SubjectColumn, OptionalText,
)  # fmt: skip


class CorrectionRow(NamedTuple):
    """A field changed by a correction, with the note to readers.

    정정으로 바뀐 필드와 정정문.
    """

    id: ChangeId
    subject: SubjectColumn
    key: Key
    claim_id: OptionalClaimKey
    revision: RevisionNumber
    kind: Annotated[str, label_meaning("field.correction")]
    field: FieldPath
    before: BeforeColumn
    after: AfterColumn
    public_note_en: Annotated[OptionalText, label_meaning("field.public_note", "English", "영어")]
    public_note_ko: Annotated[OptionalText, label_meaning("field.public_note", "Korean", "한국어")]
    reason: ReasonColumn
    actor: AuthorColumn
    approver: ApproverColumn
    recorded_at: RecordedAt


class HistoryRow(NamedTuple):
    """A field changed by a revision; the first revision of a record has one row.

    한 버전에서 바뀐 필드. 첫 버전은 한 줄.
    """

    id: ChangeId
    subject: SubjectColumn
    key: Key
    claim_id: OptionalClaimKey
    revision: RevisionNumber
    kind: RevisionKindColumn
    field: FieldPath
    before: BeforeColumn
    after: AfterColumn
    actor: AuthorColumn
    approver: ApproverColumn
    reason: ReasonColumn
    recorded_at: RecordedAt
    sha256: LogHash
