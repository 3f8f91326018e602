"""The rows of `ledger.db`: each column with its type and its meaning in English and Korean.

Out: a NamedTuple for each table; `tables` says how each is keyed, indexed and shown. Where a column has no language in
its name it stands in English, else in Korean, else in what there is. The invariant: a change of any of it changes
`tables.FORMAT`. It knows nothing of records.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Meaning
from claimledger.publishing.shared_columns import (
    Actor, Address, After, Amount, AmountText, Approver, ArticleKey, Before, ChangeId, ClaimCount, ClaimIfAny, ClaimKey,
    Comparator, Currency, DocumentKey, EditionHash, FieldPath, Key, LogHash, OtherClaim, Position, PublishedOn, Reason,
    RecordedAt, RevisionKind, RevisionNumber, State, Subject, Text, Unit,
)  # fmt: skip


class ClaimRow(NamedTuple):
    """A claim as it stands now, with the first figure and the first topic.

    주장의 현재 모습. 수와 주제는 첫째 것.
    """

    claim_id: Annotated[str, Meaning("Permanent name, given once.", "한 번 정하면 바뀌지 않는 고유 이름.")]
    statement_en: Annotated[Text, Meaning("The claim in English, in our own words.", "우리가 쓴 영어 문장.")]
    statement_ko: Annotated[Text, Meaning("The claim in Korean, in our own words.", "우리가 쓴 한국어 문장.")]
    kind: Annotated[str, Meaning("quantitative, attributed, both, or event.", "수량, 발언, 둘 다, 사건.")]
    speaker: Annotated[Text, Meaning("Who is said to assert it.", "말한 사람.", "speakers.speaker")]
    speaker_role: Annotated[Text, Meaning("The speaker's role at that moment.", "말할 당시의 직책.")]
    speaker_organization: Annotated[Text, Meaning("The speaker's organisation at that moment.", "말할 당시의 소속.")]
    speaker_is_anonymous: Annotated[int, Meaning("1 if the speaker is only described.", "이름 없이 묘사만 되면 1.")]
    attribution: Annotated[str, Meaning("How the article brings it.", "기사가 전하는 방식.")]
    source: Annotated[str, Meaning("Where the article has it from.", "기사의 출처.", "sources.source")]
    source_kind: Annotated[str, Meaning("What the source is.", "출처의 종류.")]
    amount: Amount
    unit: Unit
    currency: Currency
    comparator: Comparator
    amount_text: AmountText
    topic: Annotated[str, Meaning("Chief topic.", "주된 주제.")]
    article: ArticleKey
    said_on: Annotated[Text, Meaning("When it was uttered (EDTF).", "말한 날(EDTF).")]
    about_on: Annotated[Text, Meaning("The period it speaks of (EDTF).", "주장이 가리키는 때(EDTF).")]
    verification_status: Annotated[str, Meaning("Verdict on whether it is so.", "사실 여부에 대한 판정.")]
    attribution_status: Annotated[
        Text,
        Meaning(
            "Verdict on whether the speaker said it; empty where nobody is quoted.",
            "발언 여부에 대한 판정. 말한 사람이 없으면 빈칸.",
        ),
    ]
    is_corrected: Annotated[int, Meaning("1 if it was ever corrected.", "정정된 적이 있으면 1.")]
    revision_count: Annotated[int, Meaning("Number of public versions.", "공개된 버전의 수.")]
    first_recorded_at: Annotated[
        str, Meaning("When the first version became public, UTC.", "첫 버전의 공개 시각(UTC).")
    ]
    last_recorded_at: Annotated[str, Meaning("When this version became public, UTC.", "이 버전의 공개 시각(UTC).")]
    last_actor: Annotated[str, Meaning("Who proposed this version.", "이 버전을 제안한 사람.")]
    note_en: Annotated[Text, Meaning("Note for the reader, in English.", "독자에게 알리는 말(영어).")]
    note_ko: Annotated[Text, Meaning("Note for the reader, in Korean.", "독자에게 알리는 말(한국어).")]
    waived: Annotated[Text, Meaning("Findings set aside by an editor.", "편집자가 면제한 지적.")]
    record_state: State


class QuantityRow(NamedTuple):
    """A figure of a claim.

    주장에 든 수 하나.
    """

    claim_id: ClaimKey
    position: Position
    amount: Amount
    low: Annotated[Number, Meaning("Lower end of a printed range.", "범위의 최솟값.")]
    high: Annotated[Number, Meaning("Upper end of a printed range.", "범위의 최댓값.")]
    unit: Unit
    currency: Currency
    comparator: Comparator
    direction: Annotated[Text, Meaning("above or below the compared value.", "비교한 값보다 높음 또는 낮음.")]
    amount_text: AmountText
    fact_en: Annotated[
        Text, Meaning("Key of what it measures and when, from the English statement.", "무엇의 언제 값인지(영어).")
    ]
    fact_ko: Annotated[
        Text, Meaning("The same from the Korean statement; equal keys, one fact.", "같은 것(한국어). 같으면 한 사실.")
    ]


class TopicRow(NamedTuple):
    """A topic of a claim.

    주장의 주제 하나.
    """

    claim_id: ClaimKey
    topic: Annotated[str, Meaning("The topic.", "주제.")]
    verification_status: Annotated[
        str | None,
        Meaning("That of the claim; empty once it is withdrawn.", "주장의 검증 상태. 철회되면 빈칸."),
    ]


class AppearanceRow(NamedTuple):
    """A passage of an edition in which a claim stands.

    주장이 실린 판의 구절.
    """

    claim_id: ClaimKey
    edition_sha256: EditionHash
    place: Annotated[int, Meaning("Which of its passages there, from 1.", "그 판 안에서 몇째 구절인지(1부터).")]
    article: ArticleKey
    start: Annotated[int, Meaning("First code point, from 0.", "첫 글자의 위치(코드 포인트, 0부터).")]
    end: Annotated[int, Meaning("One past the last code point.", "마지막 글자 다음 위치.")]
    quote: Annotated[Text, Meaning("The passage, where rights allow.", "구절. 권리 있을 때만.")]
    quote_length: Annotated[int, Meaning("Its length in code points.", "구절의 길이(코드 포인트).")]
    quote_sha256: Annotated[str, Meaning("SHA-256 of the passage in UTF-8.", "구절의 SHA-256(UTF-8).")]
    record_state: State


class VerdictRow(NamedTuple):
    """A checker's answer to one question about a claim.

    주장에 관한 한 물음에 대한 판정.
    """

    claim_id: ClaimKey
    question: Annotated[str, Meaning("said: did the speaker say it; so: is it so.", "said: 발언 여부, so: 사실 여부.")]
    value: Annotated[str, Meaning("The answer.", "판정.")]
    rationale_en: Annotated[Text, Meaning("Why, in English.", "판정 이유(영어).")]
    rationale_ko: Annotated[Text, Meaning("Why, in Korean.", "판정 이유(한국어).")]
    as_of: Annotated[str, Meaning("The day whose knowledge it rests on.", "판정의 기준일.")]
    recheck_after: Annotated[Text, Meaning("The day after which to look again.", "다시 볼 날.")]


class EvidenceRow(NamedTuple):
    """What one document says about one claim.

    문서 하나가 주장 하나에 대해 말하는 것.
    """

    claim_id: ClaimKey
    position: Position
    document_id: DocumentKey
    stance: Annotated[str, Meaning("supports, refutes, or context.", "뒷받침, 반박, 맥락.")]
    summary_en: Annotated[Text, Meaning("What it says, in English.", "문서의 내용(영어).")]
    summary_ko: Annotated[Text, Meaning("What it says, in Korean.", "문서의 내용(한국어).")]
    excerpt: Annotated[Text, Meaning("The passage relied on, where rights allow.", "근거의 발췌. 권리 있을 때만.")]


class RelationRow(NamedTuple):
    """An earlier claim that a claim is tied to.

    주장과 이어진 앞선 주장.
    """

    claim_id: ClaimKey
    position: Position
    relation: Annotated[str, Meaning("repeats, contradicts, or supersedes.", "같음, 모순, 새로 고침.")]
    earlier_claim_id: Annotated[str, Meaning("The earlier claim.", "앞선 주장.", "claims.claim_id")]


class EditionTextRow(NamedTuple):
    """The whole text of an article's newest edition, where its rights allow it.

    기사의 최신 판의 글 전체. 권리가 허락할 때만.
    """

    article: ArticleKey
    edition_sha256: EditionHash
    text: Annotated[str, Meaning("The text as stored, every code point of it.", "보관한 그대로의 글 전체.")]


class DocumentRow(NamedTuple):
    """Something a checker has seen.

    검증자가 직접 본 문서.
    """

    document_id: Annotated[str, Meaning("Permanent name, given once.", "한 번 정하면 바뀌지 않는 고유 이름.")]
    title: Annotated[str, Meaning("Title.", "제목.")]
    title_ko: Annotated[Text, Meaning("Title in Korean.", "제목(한국어).")]
    medium: Annotated[str, Meaning("What it is.", "문서의 종류.")]
    tier: Annotated[str, Meaning("How near it stands to the fact.", "사실에 얼마나 가까운지.")]
    publisher: Annotated[Text, Meaning("Who published it.", "발행처.")]
    language: Annotated[Text, Meaning("Language it is written in (BCP 47).", "쓰인 언어(BCP 47).")]
    published_on: PublishedOn
    address: Address
    archived_address: Annotated[Text, Meaning("Address of an archived copy.", "보존본 주소.")]
    obtained_at: Annotated[Text, Meaning("When the checker saw it, UTC.", "검증자가 본 시각(UTC).")]
    captured: Annotated[str, Meaning("How much of it is held.", "얼마나 보관하는지.")]
    content_sha256: Annotated[Text, Meaning("SHA-256 of the bytes held.", "보관한 바이트의 SHA-256.")]
    derives_from: Annotated[Text, Meaning("Documents it rests on.", "이 문서가 바탕을 둔 문서.")]
    claim_count: ClaimCount
    record_state: State


class FindingRow(NamedTuple):
    """Something that was computed of a claim: a conversion, a sum, an interval, what its evidence says.

    주장에서 계산해 본 것 하나. 환산, 합계, 간격, 근거의 수 등.
    """

    claim_id: ClaimKey
    position: Position
    code: Annotated[str, Meaning("What was found; see vocabulary.", "무엇을 찾았는지. 어휘 표를 볼 것.")]
    severity: Annotated[
        str, Meaning("note, or finding: an editor decides.", "참고(note) 또는 편집자가 정할 지적(finding).")
    ]
    computed_en: Annotated[str, Meaning("What was computed, in English.", "계산한 것(영어).")]
    computed_ko: Annotated[str, Meaning("What was computed, in Korean.", "계산한 것(한국어).")]
    field: FieldPath
    is_waived: Annotated[int, Meaning("1 if an editor let it stand.", "편집자가 면제했으면 1.")]
    other_claim_id: OtherClaim
    document_id: Annotated[Text, Meaning("The document it is about.", "관련 문서.", "documents.document_id")]


class CorrectionRow(NamedTuple):
    """A field changed by a correction, with the note readers see.

    정정으로 바뀐 필드와 독자에게 알리는 말.
    """

    id: ChangeId
    subject: Subject
    key: Key
    claim_id: ClaimIfAny
    revision: RevisionNumber
    kind: Annotated[str, Meaning("What the correction changed.", "정정의 종류.")]
    field: FieldPath
    before: Before
    after: After
    public_note_en: Annotated[Text, Meaning("Note for readers, in English.", "독자에게 알리는 말(영어).")]
    public_note_ko: Annotated[Text, Meaning("Note for readers, in Korean.", "독자에게 알리는 말(한국어).")]
    reason: Reason
    actor: Actor
    approver: Approver
    recorded_at: RecordedAt


class HistoryRow(NamedTuple):
    """A field changed by a revision; a first revision has one row.

    어느 버전에서 바뀐 필드. 첫 버전은 한 줄.
    """

    id: ChangeId
    subject: Subject
    key: Key
    claim_id: ClaimIfAny
    revision: RevisionNumber
    kind: RevisionKind
    field: FieldPath
    before: Before
    after: After
    actor: Actor
    approver: Approver
    reason: Reason
    recorded_at: RecordedAt
    sha256: LogHash


class ArticleRow(NamedTuple):
    """An article the claims stand in.

    주장이 실린 기사.
    """

    article: Annotated[str, Meaning("Permanent name, given once.", "한 번 정하면 바뀌지 않는 고유 이름.")]
    headline: Annotated[str, Meaning("Headline.", "제목.")]
    headline_ko: Annotated[Text, Meaning("Headline in Korean.", "제목(한국어).")]
    publisher: Annotated[str, Meaning("Publication it stands in.", "실린 매체.")]
    issue: Annotated[Text, Meaning("Issue as printed.", "호수.")]
    published_on: Annotated[str, Meaning("Date it was published (EDTF).", "발행일(EDTF).")]
    language: Annotated[str, Meaning("Language of the text (BCP 47).", "쓰인 언어(BCP 47).")]
    section: Annotated[Text, Meaning("Section or series.", "지면이나 연재.")]
    authors: Annotated[Text, Meaning("Who wrote it.", "글쓴이.")]
    translators: Annotated[Text, Meaning("Who translated it.", "옮긴이.")]
    original_publisher: Annotated[Text, Meaning("Where it first stood.", "처음 실린 매체.")]
    original_published_on: Annotated[Text, Meaning("When it was published there (EDTF).", "처음 실린 날(EDTF).")]
    address: Address
    rights_holder: Annotated[str, Meaning("Who holds the rights to the text.", "글의 권리자.")]
    claim_count: ClaimCount
    record_state: State


class EditionRow(NamedTuple):
    """One distinct text of an article.

    기사의 서로 다른 텍스트 하나.
    """

    article: ArticleKey
    edition_sha256: EditionHash
    position: Annotated[int, Meaning("Place in time, from 1.", "시간순 번호(1부터).")]
    length: Annotated[int, Meaning("Length in code points.", "길이(코드 포인트).")]
    dismissed_count: Annotated[int, Meaning("Numbers and quotations left out.", "제외한 숫자와 인용의 수.")]


class SpeakerRow(NamedTuple):
    """Somebody said to assert claims, put together by name.

    주장을 말한 사람이나 조직. 이름으로 묶음.
    """

    speaker: Annotated[str, Meaning("Name, or description of somebody anonymous.", "이름. 익명이면 기사의 묘사.")]
    name_ko: Annotated[Text, Meaning("Name in Korean.", "한국어 이름.")]
    other_names: Annotated[Text, Meaning("Other forms of the name.", "다른 표기.")]
    kind: Annotated[str, Meaning("person, organization, or anonymous.", "개인, 조직, 익명.")]
    is_anonymous: Annotated[int, Meaning("1 if only described.", "묘사만 되면 1.")]
    roles: Annotated[Text, Meaning("Roles held when speaking.", "말할 당시의 직책.")]
    organizations: Annotated[Text, Meaning("Organisations when speaking.", "말할 당시의 소속.")]
    claim_count: ClaimCount


class SourceRow(NamedTuple):
    """Something articles have claims from.

    기사가 주장을 얻은 출처.
    """

    source: Annotated[str, Meaning("Name; kind and date follow where names are alike.", "이름. 겹치면 종류와 날짜도.")]
    name_ko: Annotated[Text, Meaning("Name in Korean.", "한국어 이름.")]
    kind: Annotated[str, Meaning("What it is.", "출처의 종류.")]
    published_on: PublishedOn
    address: Address
    claim_count: ClaimCount


class RevisionRow(NamedTuple):
    """A public version of a record, as it stands in the log.

    로그에 실린 기록의 공개 버전.
    """

    number: Annotated[int, Meaning("Number in the log, from 1.", "로그 번호(1부터).")]
    sha256: LogHash
    subject: Subject
    key: Key
    revision: RevisionNumber
    kind: RevisionKind
    recorded_at: RecordedAt
    actor: Actor
    approver: Approver
    body: Annotated[
        Text,
        Meaning(
            "The whole version: canonical JSON; empty once the record was redacted. Passages that the article's rights "
            "no longer allow stand as lengths and hashes; the hash is that of the version in the log.",
            "버전 전체(정규 JSON). 기록이 삭제되었으면 그 전의 버전은 빈칸. 기사의 권리가 이제 허락하지 않는 구절은 "
            "길이와 해시로 둠. 해시는 로그에 있는 버전의 것.",
        ),
    ]


class VocabularyRow(NamedTuple):
    """A word that records may hold.

    기록에 쓰이는 낱말.
    """

    vocabulary: Annotated[str, Meaning("The vocabulary.", "어휘 이름.")]
    value: Annotated[str, Meaning("The word as stored.", "저장되는 값.")]
    label_en: Annotated[str, Meaning("Label in English.", "영어 표시.")]
    label_ko: Annotated[str, Meaning("Label in Korean.", "한국어 표시.")]
    meaning: Annotated[str, Meaning("What the vocabulary says.", "어휘의 뜻(영어).")]


class CountRow(NamedTuple):
    """What was counted of the whole ledger when this file was made; the pages tell it.

    이 파일을 만들 때 원장 전체를 센 것. 여러 화면이 이것을 보여 준다.
    """

    name: Annotated[str, Meaning("What was counted, and for pictures in which language.", "센 것. 그림은 언어도.")]
    value: Annotated[str, Meaning("What it came to (JSON).", "결과(JSON).")]


class AboutRow(NamedTuple):
    """What this file was made from.

    이 파일의 바탕.
    """

    name: Annotated[str, Meaning("What is said.", "항목.")]
    value: Annotated[str, Meaning("What it is.", "값.")]
