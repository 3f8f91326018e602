"""The rows of `ledger.db`: one NamedTuple a table, each column with its type and its meaning in English and Korean.

`tables` defines the keys, indexes and presentation. Text in a column without a language in its name is in English, else
in Korean, else in any language there is. A change of a column requires a new `tables.TABLES_FORMAT`.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Meaning, label_meaning
from claimledger.publishing.shared_columns import (
    AuthorColumn, Address, AmountColumn, AmountText, ApproverColumn, ArticleKey, ClaimCount, ClaimKey, ComparatorColumn,
    CurrencyColumn, DocumentKey, EditionHash, FieldPath, Key, LogHash, OtherClaim, Position, PublishedOn, RecordedAt,
    RevisionKindColumn, RevisionNumber, State, SubjectColumn, OptionalText, UnitColumn,
)  # fmt: skip


class ClaimRow(NamedTuple):
    """A claim in its current version, with its first figure.

    주장의 현재 내용. 수치는 첫 번째 것.
    """

    claim_id: Annotated[str, Meaning("Permanent ID.", "바뀌지 않는 고유 ID.")]
    statement_en: Annotated[
        OptionalText, Meaning("The claim in English, in our own words.", "직접 쓴 주장 문장(영어).")
    ]
    statement_ko: Annotated[
        OptionalText, Meaning("The claim in Korean, in our own words.", "직접 쓴 주장 문장(한국어).")
    ]
    kind: Annotated[
        str, Meaning("Kind: quantitative, attributed, both or event.", "종류: 수치, 발언, 발언 속 수치, 사건.")
    ]
    speaker: Annotated[
        OptionalText, Meaning("The person or organisation that is quoted.", "발언자.", "speakers.speaker")
    ]
    speaker_role: Annotated[OptionalText, Meaning("The speaker's role at the time.", "발언 당시 직책.")]
    speaker_organization: Annotated[OptionalText, Meaning("The speaker's organisation at the time.", "발언 당시 소속.")]
    speaker_is_anonymous: Annotated[int, Meaning("1 if the speaker is unnamed.", "익명이면 1.")]
    attribution: Annotated[str, label_meaning("field.attribution")]
    source: Annotated[str, Meaning("The article's source.", "기사가 밝힌 출처.", "sources.source")]
    source_kind: Annotated[str, label_meaning("field.source_kind")]
    amount: AmountColumn
    unit: UnitColumn
    currency: CurrencyColumn
    comparator: ComparatorColumn
    amount_text: AmountText
    topic: Annotated[str, Meaning("Main topic.", "주된 주제.")]
    topics: Annotated[str, Meaning("All topics, as a JSON array.", "모든 주제(JSON 배열).")]
    article: ArticleKey
    said_on: Annotated[OptionalText, label_meaning("field.said_on", "EDTF", "EDTF")]
    about_on: Annotated[OptionalText, label_meaning("field.about_on", "EDTF", "EDTF")]
    verification_status: Annotated[str, Meaning("Result of the fact check.", "사실 확인 결과.")]
    attribution_status: Annotated[
        OptionalText,
        Meaning(
            "Result of the quote check; empty if no one is quoted.",
            "발언 확인 결과(인용이 없으면 빈칸).",
        ),
    ]
    reason_en: Annotated[
        OptionalText, Meaning("The reason for the verdict in one sentence (English).", "판정 이유 한 문장(영어).")
    ]
    reason_ko: Annotated[
        OptionalText, Meaning("The reason for the verdict in one sentence (Korean).", "판정 이유 한 문장(한국어).")
    ]
    is_corrected: Annotated[int, Meaning("1 if the claim was ever corrected.", "정정된 적이 있으면 1.")]
    revision_count: Annotated[int, Meaning("Number of public versions.", "공개된 버전의 수.")]
    first_recorded_at: Annotated[str, Meaning("Time of first publication, UTC.", "첫 공개 시각(UTC).")]
    last_recorded_at: Annotated[str, Meaning("Time of publication of this version, UTC.", "이 버전의 공개 시각(UTC).")]
    last_actor: Annotated[str, Meaning("Author of this version.", "이 버전을 제안한 사람.")]
    note_en: Annotated[OptionalText, label_meaning("field.note", "English", "영어")]
    note_ko: Annotated[OptionalText, label_meaning("field.note", "Korean", "한국어")]
    waived: Annotated[OptionalText, label_meaning("field.waivers")]
    machine_wording: Annotated[
        OptionalText,
        Meaning(
            "The texts that a language model worded, each with its language and model, and whether a person edited it.",
            "언어 모델이 쓴 문장: 항목, 언어, 모델, 사람이 고쳤는지.",
        ),
    ]
    record_state: State


class QuantityRow(NamedTuple):
    """A figure of a claim.

    주장에 나온 수치 하나.
    """

    claim_id: ClaimKey
    position: Position
    amount: AmountColumn
    low: Annotated[Number, Meaning("Lower end of a range.", "범위의 최솟값.")]
    high: Annotated[Number, Meaning("Upper end of a range.", "범위의 최댓값.")]
    unit: UnitColumn
    currency: CurrencyColumn
    comparator: ComparatorColumn
    direction: Annotated[
        OptionalText,
        Meaning("Direction: above or below the compared value.", "방향: 비교한 값보다 높음(above) 또는 낮음(below)."),
    ]
    amount_text: AmountText
    fact_en: Annotated[
        OptionalText,
        Meaning("Key of the measured thing and its date, from the English claim.", "측정 대상과 시점의 키(영어)."),
    ]
    fact_ko: Annotated[
        OptionalText,
        Meaning(
            "The same from the Korean claim; equal keys mean the same fact.",
            "측정 대상과 시점의 키(한국어). 같으면 같은 사실.",
        ),
    ]


class TopicRow(NamedTuple):
    """A topic of a claim.

    주장의 주제 하나.
    """

    claim_id: ClaimKey
    topic: Annotated[str, Meaning("The topic.", "주제.")]
    verification_status: Annotated[
        str | None,
        Meaning("Result of the fact check; empty once withdrawn.", "사실 확인 결과. 철회되면 빈칸."),
    ]


class AppearanceRow(NamedTuple):
    """A passage of an edition that contains a claim.

    주장이 있는 판의 구절.
    """

    claim_id: ClaimKey
    edition_sha256: EditionHash
    place: Annotated[int, Meaning("Number of the passage in the edition, from 1.", "판 안의 구절 번호(1부터).")]
    article: ArticleKey
    start: Annotated[int, Meaning("First code point, from 0.", "첫 글자의 위치(코드 포인트, 0부터).")]
    end: Annotated[int, Meaning("One past the last code point.", "마지막 글자 다음 위치.")]
    quote: Annotated[OptionalText, Meaning("The passage, if the rights allow it.", "구절(권리가 허락할 때만).")]
    quote_length: Annotated[int, Meaning("Its length in code points.", "구절의 길이(코드 포인트).")]
    quote_sha256: Annotated[str, Meaning("SHA-256 of the passage in UTF-8.", "구절의 SHA-256(UTF-8).")]
    record_state: State


class VerdictRow(NamedTuple):
    """A verdict on one question about a claim.

    주장의 한 가지 질문에 대한 판정.
    """

    claim_id: ClaimKey
    question: Annotated[str, Meaning("said: quote check; so: fact check.", "said: 발언 확인, so: 사실 확인.")]
    value: Annotated[str, label_meaning("field.value")]
    rationale_en: Annotated[OptionalText, label_meaning("field.rationale", "English", "영어")]
    rationale_ko: Annotated[OptionalText, label_meaning("field.rationale", "Korean", "한국어")]
    as_of: Annotated[str, label_meaning("field.as_of")]
    recheck_after: Annotated[OptionalText, label_meaning("field.recheck_after")]
    searched_en: Annotated[OptionalText, label_meaning("field.searched", "English", "영어")]
    searched_ko: Annotated[OptionalText, label_meaning("field.searched", "Korean", "한국어")]


class EvidenceRow(NamedTuple):
    """A document as evidence for or against a claim.

    주장의 근거가 되는 문서 하나.
    """

    claim_id: ClaimKey
    position: Position
    document_id: DocumentKey
    stance: Annotated[str, label_meaning("field.stance", "supports, refutes or context", "뒷받침, 반박, 배경")]
    summary_en: Annotated[OptionalText, label_meaning("field.summary", "English", "영어")]
    summary_ko: Annotated[OptionalText, label_meaning("field.summary", "Korean", "한국어")]
    excerpt: Annotated[OptionalText, label_meaning("field.excerpt", "if the rights allow it", "권리가 허락할 때만")]
    passage_place_en: Annotated[OptionalText, label_meaning("field.passage_place", "English", "영어")]
    passage_place_ko: Annotated[OptionalText, label_meaning("field.passage_place", "Korean", "한국어")]
    passage_printed: Annotated[OptionalText, label_meaning("field.printed")]
    passage_length: Annotated[int | None, Meaning("Length of the passage, in code points.", "구절의 길이(글자 수).")]
    passage_sha256: Annotated[OptionalText, Meaning("SHA-256 of the passage as seen.", "확인한 구절의 SHA-256.")]
    passage_seen_on: Annotated[OptionalText, label_meaning("field.seen_on")]


class RelationRow(NamedTuple):
    """A related earlier claim.

    앞선 관련 주장.
    """

    claim_id: ClaimKey
    position: Position
    relation: Annotated[str, label_meaning("field.relation", "repeats, contradicts or supersedes", "같음, 반대, 대체")]
    earlier_claim_id: Annotated[str, Meaning("The earlier claim.", "앞선 주장.", "claims.claim_id")]


class EditionTextRow(NamedTuple):
    """The whole text of an article's newest edition, if its rights allow it.

    기사 최신 판의 본문 전체(권리가 허락할 때만).
    """

    article: ArticleKey
    edition_sha256: EditionHash
    text: Annotated[str, Meaning("The whole text as stored.", "보관한 본문 전체.")]


class DocumentRow(NamedTuple):
    """A document that a checker has seen.

    검증자가 직접 확인한 문서.
    """

    document_id: Annotated[str, Meaning("Permanent ID.", "바뀌지 않는 고유 ID.")]
    title: Annotated[str, Meaning("Title.", "제목.")]
    title_ko: Annotated[OptionalText, Meaning("Title in Korean.", "제목(한국어).")]
    medium: Annotated[str, label_meaning("field.medium")]
    tier: Annotated[str, label_meaning("field.tier")]
    publisher: Annotated[OptionalText, label_meaning("field.publisher")]
    language: Annotated[OptionalText, label_meaning("field.language", "BCP 47", "BCP 47")]
    published_on: PublishedOn
    address: Address
    archived_address: Annotated[OptionalText, Meaning("Address of the archived copy.", "보존본 주소.")]
    obtained_at: Annotated[OptionalText, label_meaning("field.obtained_at", "UTC", "UTC")]
    opened_on: Annotated[OptionalText, label_meaning("field.opened_on")]
    not_opened_since: Annotated[
        OptionalText, Meaning("Not opened again since this month.", "이 달 뒤로 다시 열지 않음.")
    ]
    extent_seen: Annotated[
        OptionalText, label_meaning("field.extent_seen", "whole, opening or excerpt", "전체, 앞부분, 일부")
    ]
    mirror_of: Annotated[
        OptionalText, label_meaning("field.mirror_of", "if the address is a mirror", "주소가 사본일 때")
    ]
    captured: Annotated[str, label_meaning("field.captured", "full, excerpt or none", "전체, 일부, 없음")]
    content_sha256: Annotated[OptionalText, Meaning("SHA-256 of the stored file.", "보관한 파일의 SHA-256.")]
    derives_from: Annotated[OptionalText, label_meaning("field.derives_from", "document IDs", "문서 ID")]
    claim_count: ClaimCount
    record_state: State


class FindingRow(NamedTuple):
    """A result of an automatic check of a claim: of a conversion, a sum, an interval or the evidence.

    주장의 자동 점검 결과 하나. 환산, 합계, 간격, 근거 등.
    """

    claim_id: ClaimKey
    position: Position
    code: Annotated[str, Meaning("Code of the check; see vocabulary.", "점검 코드(vocabulary 표 참고).")]
    severity: Annotated[
        str, Meaning("note: for information; finding: needs review.", "note: 참고, finding: 검토 필요.")
    ]
    computed_en: Annotated[str, Meaning("The result in words, in English.", "점검 결과(영어).")]
    computed_ko: Annotated[str, Meaning("The result in words, in Korean.", "점검 결과(한국어).")]
    field: FieldPath
    is_waived: Annotated[int, Meaning("1 if an editor accepted an exception.", "편집자가 예외로 인정했으면 1.")]
    other_claim_id: OtherClaim
    document_id: Annotated[
        OptionalText, Meaning("The document that was checked.", "점검한 문서.", "documents.document_id")
    ]


class ArticleRow(NamedTuple):
    """An article that contains claims.

    주장이 실린 기사.
    """

    article: Annotated[str, Meaning("Permanent ID.", "바뀌지 않는 고유 ID.")]
    headline: Annotated[str, Meaning("Headline.", "제목.")]
    headline_ko: Annotated[OptionalText, Meaning("Headline in Korean.", "제목(한국어).")]
    publisher: Annotated[str, Meaning("The publication.", "실린 매체.")]
    issue: Annotated[OptionalText, Meaning("Issue as printed.", "호수.")]
    published_on: Annotated[str, label_meaning("field.published_on", "EDTF", "EDTF")]
    language: Annotated[str, label_meaning("field.language", "BCP 47", "BCP 47")]
    section: Annotated[OptionalText, Meaning("Section or series.", "지면이나 연재.")]
    authors: Annotated[OptionalText, label_meaning("field.authors")]
    translators: Annotated[OptionalText, Meaning("Translators.", "번역자.")]
    original_publisher: Annotated[OptionalText, label_meaning("part.original")]
    original_published_on: Annotated[
        OptionalText, Meaning("Date of the original publication (EDTF).", "원문 발행일(EDTF).")
    ]
    address: Address
    rights_holder: Annotated[str, label_meaning("field.holder")]
    claim_count: ClaimCount
    record_state: State


class EditionRow(NamedTuple):
    """One distinct text of an article.

    기사의 서로 다른 본문 하나.
    """

    article: ArticleKey
    edition_sha256: EditionHash
    position: Annotated[int, Meaning("Number in order of time, from 1.", "시간순 번호(1부터).")]
    length: Annotated[int, Meaning("Length in code points.", "길이(코드 포인트).")]
    dismissed_count: Annotated[int, Meaning("Number of excluded numbers and quotations.", "제외한 숫자와 인용의 수.")]


class SpeakerRow(NamedTuple):
    """A speaker: all claims quoted from one name.

    발언자. 같은 이름의 주장을 묶음.
    """

    speaker: Annotated[str, Meaning("Name; for an unnamed speaker, the description.", "이름. 익명이면 기사의 묘사.")]
    name_ko: Annotated[OptionalText, Meaning("Name in Korean.", "한국어 이름.")]
    other_names: Annotated[OptionalText, Meaning("Other forms of the name.", "다른 표기.")]
    kind: Annotated[
        str, label_meaning("field.speaker_kind", "person, organization or anonymous", "인물, 기관·단체, 익명")
    ]
    is_anonymous: Annotated[int, Meaning("1 if unnamed.", "익명이면 1.")]
    roles: Annotated[OptionalText, Meaning("Roles at the time of speaking.", "발언 당시 직책.")]
    organizations: Annotated[OptionalText, Meaning("Organisations at the time of speaking.", "발언 당시 소속.")]
    claim_count: ClaimCount


class SourceRow(NamedTuple):
    """A source that articles cite for claims.

    기사가 밝힌 출처.
    """

    source: Annotated[str, Meaning("Name, with type and date.", "이름(구분과 날짜).")]
    name_ko: Annotated[OptionalText, Meaning("Name in Korean.", "한국어 이름.")]
    kind: Annotated[str, label_meaning("field.source_kind")]
    published_on: PublishedOn
    address: Address
    claim_count: ClaimCount


class RevisionRow(NamedTuple):
    """A public version of a record, as published in the log.

    로그에 실린 기록의 공개 버전.
    """

    number: Annotated[int, Meaning("Number in the log, from 1.", "로그 번호(1부터).")]
    sha256: LogHash
    subject: SubjectColumn
    key: Key
    revision: RevisionNumber
    kind: RevisionKindColumn
    recorded_at: RecordedAt
    actor: AuthorColumn
    approver: ApproverColumn
    body: Annotated[
        OptionalText,
        Meaning(
            "The whole version as canonical JSON; empty if the record was redacted later. Passages that the article's "
            "rights no longer allow are given as lengths and hashes. sha256 is the hash of the version in the log.",
            "버전 전체(정규 JSON). 이후 비공개 처리되었으면 빈칸. 기사 권리가 더는 허락하지 않는 구절은 "
            "길이와 해시로 표시. sha256은 로그에 있는 버전의 해시.",
        ),
    ]


class VocabularyRow(NamedTuple):
    """A value that records may have.

    기록에 쓰이는 값.
    """

    vocabulary: Annotated[str, Meaning("The vocabulary.", "어휘 이름.")]
    value: Annotated[str, Meaning("The stored value.", "저장되는 값.")]
    label_en: Annotated[str, Meaning("Label in English.", "영어 이름.")]
    label_ko: Annotated[str, Meaning("Label in Korean.", "한국어 이름.")]
    meaning: Annotated[str, Meaning("Meaning of the vocabulary.", "어휘의 뜻(영어).")]


class AboutRow(NamedTuple):
    """A property of this file: its format, log and exchange rates.

    이 파일의 정보.
    """

    name: Annotated[str, Meaning("Property.", "항목.")]
    value: Annotated[str, Meaning("Value.", "값.")]
