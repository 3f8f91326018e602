"""Columns that several tables of `ledger.db` have: each with its type and its meaning in English and Korean.

Each meaning has one column name. `rows` uses these annotated types.
"""

from __future__ import annotations

from typing import Annotated

from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Meaning, label_meaning

OptionalText = str | None
"""Text that may be missing; text that is always there is `str`."""

ArticleKey = Annotated[str, label_meaning("field.article_id", names="articles.article")]
ClaimKey = Annotated[str, label_meaning("field.claim_id", names="claims.claim_id")]
OptionalClaimKey = Annotated[
    OptionalText, label_meaning("field.claim_id", "empty for other records", "다른 기록이면 빈칸", "claims.claim_id")
]
DocumentKey = Annotated[str, label_meaning("field.document_id", names="documents.document_id")]
EditionHash = Annotated[str, Meaning("SHA-256 of the edition's text.", "판 본문의 SHA-256.")]
OtherClaim = Annotated[
    OptionalText, Meaning("The other claim, if two were compared.", "비교한 다른 주장.", "claims.claim_id")
]
Position = Annotated[int, Meaning("Number within the claim, from 1.", "주장 안의 순서(1부터).")]
State = Annotated[str, Meaning("listed (public) or withdrawn.", "공개(listed) 또는 철회(withdrawn).")]
ClaimCount = Annotated[int, Meaning("Number of claims.", "주장 수.")]
Address = Annotated[OptionalText, Meaning("Web address.", "웹 주소.")]
PublishedOn = Annotated[OptionalText, Meaning("Date of publication (EDTF).", "발행일(EDTF).")]

AmountColumn = Annotated[
    Number, Meaning("The value as a plain number, such as 13000000000.", "숫자로만 적은 값(예: 13000000000).")
]
UnitColumn = Annotated[OptionalText, label_meaning("field.unit", "empty for money", "돈이면 빈칸")]
CurrencyColumn = Annotated[
    OptionalText, label_meaning("field.currency", "ISO 4217; empty unless it is money", "ISO 4217, 돈이 아니면 빈칸")
]
ComparatorColumn = Annotated[OptionalText, label_meaning("field.comparator", "about, at_least …", "약, 이상 …")]
AmountText = Annotated[OptionalText, Meaning("The figure as printed in the article.", "기사에 표기된 수치.")]

ChangeId = Annotated[int, Meaning("Number in the log × 10,000 + running number.", "로그 번호×10,000+일련번호.")]
SubjectColumn = Annotated[str, Meaning("Type of record.", "기록의 유형.")]
Key = Annotated[str, Meaning("Permanent ID of the record.", "기록의 고유 ID.")]
RevisionNumber = Annotated[int, Meaning("Version of the record, from 1.", "기록의 버전 번호(1부터).")]
RevisionKindColumn = Annotated[str, Meaning("Kind of change.", "변경 종류.")]
FieldPath = Annotated[str, Meaning("Field as a dotted path; empty for the record.", "필드 경로. 기록 전체면 빈칸.")]
BeforeColumn = Annotated[
    OptionalText, label_meaning("part.before", "empty if redacted later", "이후 비공개 처리되었으면 빈칸")
]
AfterColumn = Annotated[
    OptionalText, label_meaning("part.after", "empty if redacted later", "이후 비공개 처리되었으면 빈칸")
]
AuthorColumn = Annotated[str, Meaning("Author of the change.", "변경을 제안한 사람.")]
ApproverColumn = Annotated[
    str, Meaning("Approver of the change; never its author.", "변경을 승인한 사람. 제안한 사람이 아님.")
]
ReasonColumn = Annotated[str, label_meaning("field.reason", "empty if redacted later", "이후 비공개 처리되었으면 빈칸")]
RecordedAt = Annotated[str, Meaning("Time of publication, UTC.", "공개된 시각(UTC).")]
LogHash = Annotated[str, Meaning("Hash of the revision in the log.", "로그에 실린 버전의 해시.")]
