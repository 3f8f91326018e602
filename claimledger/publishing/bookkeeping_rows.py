"""The rows of the hidden tables of `ledger.db`, which keep counts and sums so that a change costs only what it changes.

They follow the rules of `rows`, which has the rows of the tables that readers browse. `tables.BOOKKEEPING` lists them.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from claimledger.publishing.columns import Meaning
from claimledger.publishing.shared_columns import Position


class TallyRow(NamedTuple):
    """A number of claims that have something in common; the pages show it.

    공통점이 있는 주장의 수. 여러 화면에 나온다.
    """

    name: Annotated[str, Meaning("Name of the count.", "집계 항목.")]
    key: Annotated[str, Meaning("The article, speaker or other thing that they share.", "함께 속한 기사, 발언자 등.")]
    text: Annotated[str, Meaning("The wording that they share; empty for all of them.", "함께 쓰는 표현. 전체는 빈칸.")]
    number: Annotated[int, Meaning("Number of claims.", "주장의 수.")]


class StatusChangeRow(NamedTuple):
    """A change in the number of listed claims with a result of the fact check, by one revision.

    한 버전으로 달라진 사실 확인 결과별 주장 수.
    """

    number: Annotated[int, Meaning("Number of the revision in the log.", "로그 번호.")]
    status: Annotated[str, Meaning("Result of the fact check.", "사실 확인 결과.")]
    claims: Annotated[int, Meaning("1 claim more, or -1 for one less.", "늘면 1, 줄면 -1.")]


class CorrectionTimeRow(NamedTuple):
    """The time that a corrected text of a claim was public.

    정정되기 전 내용이 공개된 기간.
    """

    number: Annotated[int, Meaning("Number of the correction in the log.", "정정의 로그 번호.")]
    milliseconds: Annotated[int, Meaning("The time in milliseconds.", "기간(밀리초).")]


class SilentEditRow(NamedTuple):
    """A revision that changed what only a correction may change.

    정정으로만 바꿀 수 있는 내용을 바꾼 버전.
    """

    claim_id: Annotated[str, Meaning("The claim.", "주장.", "claims.claim_id")]
    revision: Annotated[int, Meaning("The revision.", "버전.")]


class FactFigureRow(NamedTuple):
    """A figure of a listed claim by the fact that it measures, in the order of the log.

    측정 대상별 수치. 로그 순서.
    """

    fact: Annotated[str, Meaning("Language and key of the fact.", "언어와 측정 대상의 키.")]
    number: Annotated[int, Meaning("Log number of the claim's first version.", "주장의 첫 버전의 로그 번호.")]
    position: Position
    claim_id: Annotated[str, Meaning("The claim.", "주장.")]


class TableSumRow(NamedTuple):
    """A checksum of a table: the sum of the SHA-256 of its rows. It finds faults, not forgery.

    표의 검사합: 행별 SHA-256의 합. 오류를 찾기 위한 값이며 위조 방지용은 아니다.
    """

    name: Annotated[str, Meaning("The table.", "표.")]
    row_count: Annotated[int, Meaning("Number of rows.", "행의 수.")]
    sum: Annotated[str, Meaning("The sum modulo 2^256, in hexadecimal.", "합(2^256으로 나눈 나머지, 16진수).")]


class FrontierRow(NamedTuple):
    """The hash of a complete subtree at the end of the log (RFC 6962): one a level, largest first towards the root.

    로그 끝의 완전한 부분 트리의 해시(RFC 6962).
    """

    level: Annotated[int, Meaning("Level; the subtree has 2^level entries.", "단계. 2^단계 개의 기록.")]
    sha256: Annotated[str, Meaning("The hash in hexadecimal.", "해시(16진수).")]
