"""The row of `ledger.db` about a check that was made elsewhere or before this ledger.

Such a check is never a verdict of this ledger: no count of claims includes it. It follows the rules of `rows`.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import msgspec

from claimledger.models import EarlierCheck
from claimledger.publishing.cells import best_wording
from claimledger.publishing.columns import Meaning, label_meaning
from claimledger.publishing.shared_columns import Address, OptionalText, State
from claimledger.vocabulary import RecordState


class EarlierCheckRow(NamedTuple):
    """A check by another newsroom, or from before this ledger. Its rating is not a verdict of this ledger.

    다른 곳에서 하거나 이 기록 이전에 한 검증 하나. 평가는 이 기록의 판정이 아님.
    """

    earlier_check_id: Annotated[str, Meaning("Permanent ID.", "바뀌지 않는 고유 ID.")]
    import_id: Annotated[str, Meaning("The archive that it came with.", "함께 가져온 검증 모음.")]
    publisher: Annotated[str, Meaning("The newsroom that made the check.", "검증한 곳.")]
    publisher_ko: Annotated[OptionalText, Meaning("Its name in Korean.", "검증한 곳의 한국어 이름.")]
    claim: Annotated[str, Meaning("The claim in the words of the check.", "검증 글에 적힌 주장.")]
    language: Annotated[OptionalText, label_meaning("field.language", "BCP 47", "BCP 47")]
    speaker: Annotated[OptionalText, Meaning("The person or organisation that it is attributed to.", "주장한 사람.")]
    said_on: Annotated[OptionalText, label_meaning("field.said_on", "EDTF", "EDTF")]
    rating: Annotated[str, Meaning("The rating in the publisher's own words.", "검증한 곳의 평가 그대로.")]
    rating_scale: Annotated[OptionalText, Meaning("The scale of the rating.", "평가 기준.")]
    address: Address
    checked_on: Annotated[OptionalText, Meaning("Date of the check (EDTF).", "검증한 날(EDTF).")]
    headline: Annotated[OptionalText, Meaning("Headline of the check.", "검증 글의 제목.")]
    summary: Annotated[OptionalText, Meaning("Reasons, as far as its rights allow.", "이유(권리가 허락하는 만큼).")]
    topics: Annotated[str, Meaning("Topics, as a JSON array.", "주제(JSON 배열).")]
    record_state: State


def earlier_check_row(check: EarlierCheck, state: RecordState) -> EarlierCheckRow:
    """Return the row of an earlier check."""
    return EarlierCheckRow(
        check.earlier_check_id, check.import_id, best_wording(check.publisher), check.publisher.get("ko"), check.claim,
        check.language, check.speaker, check.said_on, check.rating, check.rating_scale, check.address,
        check.checked_on, check.headline, check.summary, msgspec.json.encode(check.topics).decode(), str(state),
    )  # fmt: skip
