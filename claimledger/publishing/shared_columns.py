"""Columns that several tables of `ledger.db` have, each with its type and its meaning in English and Korean.

Out: annotated types for `rows`. The invariant: one meaning, one name. It knows no table.
"""

from __future__ import annotations

from typing import Annotated

from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Meaning

Text = str | None
"""Text that may be absent; what is always there is `str`."""

ArticleKey = Annotated[str, Meaning("The article.", "기사.", "articles.article")]
ClaimKey = Annotated[str, Meaning("The claim.", "주장.", "claims.claim_id")]
ClaimIfAny = Annotated[Text, Meaning("The claim; empty for other records.", "주장. 아니면 빈칸.", "claims.claim_id")]
DocumentKey = Annotated[str, Meaning("The document.", "문서.", "documents.document_id")]
EditionHash = Annotated[str, Meaning("SHA-256 of the edition's text.", "판 본문의 SHA-256.")]
OtherClaim = Annotated[
    Text, Meaning("The other claim, where two were held together.", "함께 견준 다른 주장.", "claims.claim_id")
]
Position = Annotated[int, Meaning("Place in the claim's own order, from 1.", "주장 안의 순서(1부터).")]
State = Annotated[str, Meaning("listed, or withdrawn.", "공개(listed) 또는 철회(withdrawn).")]
ClaimCount = Annotated[int, Meaning("Number of claims.", "주장 수.")]
Address = Annotated[Text, Meaning("Web address.", "웹 주소.")]
PublishedOn = Annotated[Text, Meaning("Date it was published (EDTF).", "발행일(EDTF).")]

Amount = Annotated[Number, Meaning("The number in plain units.", "풀어 쓴 수.")]
Unit = Annotated[Text, Meaning("What is counted; empty for money.", "세는 단위. 돈이면 빈칸.")]
Currency = Annotated[Text, Meaning("ISO 4217 code; empty unless it is money.", "통화(ISO 4217). 돈이 아니면 빈칸.")]
Comparator = Annotated[Text, Meaning("How the words bound it: about, at_least …", "수를 한정하는 말: 약, 적어도 …")]
AmountText = Annotated[Text, Meaning("The figure as printed.", "실린 그대로의 수.")]

ChangeId = Annotated[int, Meaning("Number in the log × 10,000 + running number.", "로그 번호×10,000+일련번호.")]
Subject = Annotated[str, Meaning("What it is a version of.", "무엇의 버전인지.")]
Key = Annotated[str, Meaning("The record's permanent name.", "기록의 고유 이름.")]
RevisionNumber = Annotated[int, Meaning("Version of the record, from 1.", "기록의 버전 번호(1부터).")]
RevisionKind = Annotated[str, Meaning("What the revision does.", "이 버전이 한 일.")]
FieldPath = Annotated[str, Meaning("Field as a dotted path; empty for the record.", "필드 경로. 기록 전체면 빈칸.")]
Before = Annotated[Text, Meaning("What it said; empty if redacted since.", "바뀌기 전. 삭제되었으면 빈칸.")]
After = Annotated[Text, Meaning("What it says; empty if redacted since.", "바뀐 뒤. 삭제되었으면 빈칸.")]
Actor = Annotated[str, Meaning("Who proposed it.", "제안한 사람.")]
Approver = Annotated[str, Meaning("Who approved it; never the proposer.", "승인한 사람. 제안자가 아님.")]
Reason = Annotated[str, Meaning("Why; empty if redacted since.", "이유. 삭제되었으면 빈칸.")]
RecordedAt = Annotated[str, Meaning("When it became public, UTC.", "공개된 시각(UTC).")]
LogHash = Annotated[str, Meaning("Hash of the revision in the log.", "로그에 실린 버전의 해시.")]
