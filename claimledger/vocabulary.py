"""The closed vocabularies: every value a record may have, with its English and Korean label.

A stored value is lower-case English and is never renamed; a retired value stays readable. Programs compare members,
people read labels. Labels are in sentence case, except those that appear inside a phrase (comparator, direction,
password fault). The labels of fields, menus and headings are in `labels.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Term(StrEnum):
    """A value of a closed vocabulary: it equals its stored text and has a label in each language."""

    label_en: str
    label_ko: str

    def __new__(cls, value: str, label_en: str = "", label_ko: str = "") -> Self:
        """Make the member from its stored value and its labels."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label_en, member.label_ko = label_en, label_ko
        return member


class Kind(Term):
    """The kind of a claim; derived from the record, never stored."""

    QUANTITATIVE = "quantitative", "Figure", "수치"
    ATTRIBUTED = "attributed", "Statement", "발언"
    BOTH = "both", "Figure in a statement", "발언 속 수치"
    EVENT = "event", "Event", "사건"


class SpeakerKind(Term):
    """The type of speaker: a named person, an organisation, or someone the article only describes."""

    PERSON = "person", "Person", "인물"
    ORGANIZATION = "organization", "Organisation", "기관·단체"
    ANONYMOUS = "anonymous", "Unnamed", "익명"


class AttributionMode(Term):
    """The way the article quotes a claim."""

    DIRECT_QUOTE = "direct_quote", "Direct quote", "직접 인용"
    INDIRECT_QUOTE = "indirect_quote", "Paraphrase", "간접 인용"
    DOCUMENT = "document", "From a document", "자료 인용"
    NARRATION = "narration", "The article's own words", "기사 서술"


class SpeakerBasis(Term):
    """The way the article identifies the speaker."""

    EXPLICIT = "explicit", "Named with the quote", "이름이 함께 나옴"
    PRONOUN = "pronoun", "By a pronoun", "대명사로 나옴"
    CARRIED = "carried", "Named in an earlier sentence", "앞 문장에 이름이 나옴"


class SourceKind(Term):
    """The type of the article's source for a claim."""

    SPEECH = "speech", "Speech or interview", "발언·인터뷰"
    REPORT = "report", "Report", "보고서"
    POST = "post", "Social media post", "소셜미디어 글"
    FILING = "filing", "Filing or official notice", "공시·고시"
    ANNOUNCEMENT = "announcement", "Announcement by a company or public body", "기업·기관 발표"
    OPEN_LETTER = "open_letter", "Open letter", "공개 서한"
    PUBLICATION = "publication", "Another news outlet", "다른 매체 보도"
    OWN_REPORTING = "own_reporting", "Own reporting", "자체 취재"


SOURCE_KEY_WORDS: Mapping[SourceKind, str] = MappingProxyType({
    SourceKind.SPEECH: "speech or interview",
    SourceKind.REPORT: "report",
    SourceKind.POST: "social media post",
    SourceKind.FILING: "filing or official notice",
    SourceKind.ANNOUNCEMENT: "announcement of a company or public body",
    SourceKind.OPEN_LETTER: "open letter",
    SourceKind.PUBLICATION: "another publication",
    SourceKind.OWN_REPORTING: "the publication's own reporting",
})  # fmt: skip
"""The words for a source's type in the key of a source that shares its name; part of addresses, so never changed."""


class Comparator(Term):
    """The qualifier of a figure; a figure without one is given as exact."""

    ABOUT = "about", "about", "약"
    AT_LEAST = "at_least", "at least", "이상"
    MORE_THAN = "more_than", "more than", "초과"
    AT_MOST = "at_most", "at most", "이하"
    LESS_THAN = "less_than", "less than", "미만"
    NEARLY = "nearly", "nearly", "거의"


class Direction(Term):
    """The side of the compared value on which a difference lies: "40 % lower" is below."""

    ABOVE = "above", "above", "높음"
    BELOW = "below", "below", "낮음"


class Medium(Term):
    """The format of a document."""

    WEB = "web", "Web page", "웹 페이지"
    PDF = "pdf", "PDF", "PDF"
    FILE = "file", "Text file", "텍스트 파일"
    BOOK_PAGE = "book_page", "Book page", "책"
    CALL = "call", "Telephone call", "전화"
    EMAIL = "email", "E-mail", "이메일"
    INTERVIEW = "interview", "Interview", "인터뷰"
    PHOTOGRAPH = "photograph", "Photograph", "사진"


class CaptureExtent(Term):
    """The extent of the stored copy of a document."""

    FULL = "full", "Full copy", "전체 보관"
    EXCERPT = "excerpt", "Partly read", "일부만 확인"
    NONE = "none", "No copy", "보관본 없음"


class Tier(Term):
    """The source type of a document: the original, a copy of it, or a report about it."""

    PRIMARY = "primary", "Primary source", "1차 자료"
    PRIMARY_COPY = "primary_copy", "Copy of a primary source", "1차 자료 사본"
    SECONDARY = "secondary", "Secondary source", "2차 자료"


class Stance(Term):
    """The relation of a piece of evidence to the claim."""

    SUPPORTS = "supports", "Supports", "뒷받침"
    REFUTES = "refutes", "Contradicts", "반박"
    CONTEXT = "context", "Background", "배경"


class Question(Term):
    """The question a verdict answers: was it really said (quote check), or is it true (fact check)."""

    SAID = "said", "Quote check", "발언 확인"
    SO = "so", "Fact check", "사실 확인"


class VerdictValue(Term):
    """A checker's conclusion on the fact check: AVeriTeC's four labels, and one for claims that cannot be checked."""

    SUPPORTED = "supported", "Confirmed", "사실로 확인"
    REFUTED = "refuted", "Incorrect", "사실과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Mixed", "엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not enough evidence", "근거 부족"
    NOT_CHECKABLE = "not_checkable", "Not a checkable fact", "검증 대상 아님"


class VerificationStatus(Term):
    """The public status of a claim, derived from its published verdict on the fact check."""

    NOT_CHECKED = "not_checked", "Not checked yet", "검증 전"
    SUPPORTED = "supported", "Confirmed", "사실로 확인"
    REFUTED = "refuted", "Incorrect", "사실과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Mixed", "엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not enough evidence", "근거 부족"
    NOT_CHECKABLE = "not_checkable", "Not a checkable fact", "검증 대상 아님"


class Relation(Term):
    """The relation of a claim to an earlier one."""

    REPEATS = "repeats", "Same claim", "같은 주장"
    CONTRADICTS = "contradicts", "Contradicts", "반대되는 주장"
    SUPERSEDES = "supersedes", "Replaces", "대체한 주장"


class RecordState(Term):
    """The state of a public record."""

    LISTED = "listed", "Public", "공개"
    WITHDRAWN = "withdrawn", "Withdrawn", "철회"


class RevisionKind(Term):
    """The kind of change that a public revision makes."""

    LISTED = "listed", "First published", "첫 공개"
    VERDICT = "verdict", "Verdict", "판정"
    UPDATE = "update", "Update", "내용 추가"
    CORRECTION = "correction", "Correction", "정정"
    WITHDRAWAL = "withdrawal", "Withdrawal", "철회"
    REDACTION = "redaction", "Redaction", "비공개 처리"


class CorrectionKind(Term):
    """The kind of a correction."""

    VERDICT_CHANGED = "verdict_changed", "Verdict changed", "판정 변경"
    VERDICT_UNCHANGED = "verdict_unchanged", "Error fixed, verdict unchanged", "내용 정정(판정 유지)"
    CLARIFICATION = "clarification", "Clarification", "설명 보완"
    RETRACTION = "retraction", "Full retraction", "전면 취소"


class Subject(Term):
    """The type of record that a public revision belongs to."""

    ARTICLE = "article", "Article", "기사"
    CLAIM = "claim", "Claim", "주장"
    APPEARANCE = "appearance", "Position in the article", "기사 속 위치"
    DOCUMENT = "document", "Document", "문서"


class Severity(Term):
    """The severity of an automatic check: for information, or to be reviewed by an editor before publication."""

    NOTE = "note", "For information", "참고"
    FINDING = "finding", "Needs review", "검토 필요"


class PassageFate(Term):
    """The result of looking for a claim's passage in a new edition of its article."""

    KEPT = "kept", "Unchanged", "그대로"
    MOVED = "moved", "Moved", "위치 이동"
    CHANGED = "changed", "Changed", "문구 변경"
    ORPHAN = "orphan", "Not found", "찾을 수 없음"


class Coverage(Term):
    """The state of a number or quotation of an article: it has a claim, is excluded, or is still open."""

    CLAIMED = "claimed", "Has a claim", "주장 등록됨"
    DISMISSED = "dismissed", "Excluded", "제외"
    UNBOUND = "unbound", "Still open", "검토 전"


class PassageDecision(Term):
    """An editor's decision on a passage; the newest decision counts."""

    ACCEPTED = "accepted", "Added as a claim", "주장으로 등록"
    DISMISSED = "dismissed", "Excluded", "제외"
    REOPENED = "reopened", "Reopened", "다시 검토"
    LEFT_OUT = "left_out", "Not in this edition", "이 판에 없음"


class Role(Term):
    """A role on the desk. An administrator manages accounts and has no editorial rights from that role."""

    CHECKER = "checker", "Fact-checker", "팩트체커"
    EDITOR = "editor", "Editor", "편집자"
    ADMIN = "admin", "Administrator", "관리자"


class Action(Term):
    """An action of the desk: on a claim, a passage, an article, a report, a review by others, or an account."""

    ACCEPT = "accept", "Add as a claim", "주장으로 등록"
    EDIT = "edit", "Edit", "수정"
    LIST = "list", "Publish for the first time", "첫 공개"
    ASSIGN = "assign", "Assign", "담당자 지정"
    WAIVE = "waive", "Accept an exception", "예외로 인정"
    ATTACH = "attach", "Add evidence", "근거 추가"
    RECHECK = "recheck", "Request a recheck", "재검증 요청"
    QUERY = "query", "Ask the writer", "필자에게 질문"
    ANSWER = "answer", "Record the answer", "답변 기록"
    COMMENT = "comment", "Comment", "의견"
    PROPOSE = "propose", "Propose a verdict", "판정안 제출"
    APPROVE = "approve", "Approve", "승인"
    RETURN = "return", "Send back", "반려"
    PUBLISH = "publish", "Publish", "공개"
    CORRECT = "correct", "Propose a correction", "정정 제안"
    WITHDRAW = "withdraw", "Propose a withdrawal", "철회 제안"
    DISCARD = "discard", "Discard the draft", "초안 삭제"
    SETTLE_RECHECK = "settle_recheck", "Mark as rechecked, no change", "재검증 완료(변경 없음)"
    READ_WITHHELD = "read_withheld", "Read confidential evidence", "비공개 근거 보기"
    READ_SAVINGS = "read_savings", "See who downloaded confidential evidence", "비공개 근거를 내려받은 사람 보기"
    ADD_ARTICLE = "add_article", "Add the text of an article", "기사 본문 추가"
    DISMISS = "dismiss", "Exclude a passage", "구절 제외"
    REOPEN = "reopen", "Reopen a passage", "구절 다시 검토"
    SETTLE = "settle", "Place a claim in a new edition", "새 판에서 위치 지정"
    RECORD_DISMISSALS = "record_dismissals", "Record the exclusions", "제외 내용 기록"
    MARK_FURNITURE = "mark_furniture", "Mark text outside the article", "기사가 아닌 부분 표시"
    READ_CONTACT = "read_contact", "Read a reader's contact details", "제보자 연락처 보기"
    CLOSE_REPORT = "close_report", "Close a report", "제보 닫기"
    REOPEN_REPORT = "reopen_report", "Reopen a report", "제보 다시 열기"
    TAKE_IN_REVIEWS = "take_in_reviews", "Import reviews by others", "다른 매체의 검증 가져오기"
    READ_PEOPLE = "read_people", "See users and sign-ins", "사용자와 로그인 기록 보기"
    ADD_PERSON = "add_person", "Add a user", "사용자 추가"
    CHANGE_ROLES = "change_roles", "Change roles", "역할 변경"
    CHANGE_LANGUAGE = "change_language", "Change the language", "언어 변경"
    DEACTIVATE = "deactivate", "Deactivate a user", "사용 중지"
    INVITE = "invite", "Create a link to set a password", "비밀번호 설정 링크 만들기"
    ISSUE_TOKEN = "issue_token", "Issue a token", "토큰 발급"
    REVOKE_TOKEN = "revoke_token", "Revoke a token", "토큰 폐기"


class RecordStage(Term):
    """The stage of a claim's record on the desk."""

    NONE = "none", "Not there", "없음"
    DRAFT = "draft", "Draft", "초안"
    LISTED = "listed", "Public", "공개"
    WITHDRAWN = "withdrawn", "Withdrawn", "철회"


class CheckStage(Term):
    """The stage of the check of one question about a claim."""

    OPEN = "open", "Unassigned", "미배정"
    ASSIGNED = "assigned", "In progress", "검증 중"
    PROPOSED = "proposed", "Verdict proposed", "판정안 제출"
    RETURNED = "returned", "Sent back", "반려"
    APPROVED = "approved", "Approved", "승인"
    PUBLISHED = "published", "Published", "공개"


class ReportStage(Term):
    """The state of a reader's report."""

    OPEN = "open", "Open", "처리 전"
    CLOSED = "closed", "Closed", "처리 완료"


class QueryAnswer(Term):
    """The writer's answer to a question."""

    OPEN = "open", "No answer yet", "답변 대기"
    FIXED = "fixed", "Fixed", "수정함"
    STANDS = "stands", "Kept as printed", "그대로 둠"


class ImportTreatment(Term):
    """The treatment of one part of a ClaimReview on import."""

    DROPPED = "dropped", "Left out", "제외함"
    MENDED = "mended", "Fixed", "고침"
    KEPT = "kept", "Unchanged", "그대로 둠"


class RecheckReason(Term):
    """The reason why a claim is due for recheck."""

    DUE = "due", "Review date reached", "재검증 시점 도래"
    FALLEN = "fallen", "Related claim refuted or withdrawn", "근거로 삼은 주장이 반박·철회됨"
    DOCUMENT = "document", "Source document changed", "근거 문서 변경"


class Likeness(Term):
    """The likeness of an earlier claim to a statement, by figures, names and dates."""

    SAME = "same", "Same content", "같은 내용"
    DIFFERS = "differs", "Different figure", "수치가 다름"
    OTHER_DATE = "other_date", "Different date", "날짜가 다름"
    ALIKE = "alike", "Similar", "비슷함"


class RecheckOutcome(Term):
    """The outcome of checking a stored document again."""

    UNCHANGED = "unchanged", "Unchanged", "변경 없음"
    CHANGED = "changed", "Changed", "변경됨"
    MOVED = "moved", "Moved", "주소 이동"
    GONE = "gone", "Removed", "삭제됨"
    UNREACHABLE = "unreachable", "Could not be reached", "접속 불가"
    NOT_COMPARED = "not_compared", "No copy to compare", "비교할 보관본 없음"


class Priority(Term):
    """The priority of the check of a claim."""

    URGENT = "urgent", "Urgent", "긴급"
    NORMAL = "normal", "Normal", "보통"
    LATER = "later", "Low", "낮음"


class PasswordFault(Term):
    """The reason why a new password is rejected."""

    TOO_SHORT = "too_short", "too short", "너무 짧음"
    TOO_LONG = "too_long", "too long", "너무 긺"
    CONTROL_CHARACTER = "control_character", "with a character that cannot be typed", "입력할 수 없는 문자 포함"
    OWN_NAME = "own_name", "the user's own name", "본인 이름"
    COMMON = "common", "too common", "흔한 비밀번호"


class AccountEvent(Term):
    """An event in a user's access to the desk."""

    SIGNED_IN = "signed_in", "Signed in", "로그인"
    UNKNOWN_NAME = "unknown_name", "Unknown name", "없는 이름"
    WRONG_PASSWORD = "wrong_password", "Wrong password", "비밀번호 틀림"
    NO_PASSWORD = "no_password", "No password set yet", "비밀번호 미설정"
    INACTIVE = "inactive", "Deactivated user", "사용 중지된 계정"
    THROTTLED = "throttled", "Too many attempts", "시도 횟수 초과"
    SIGNED_OUT = "signed_out", "Signed out", "로그아웃"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", "Signed out everywhere", "모든 기기 로그아웃"
    LINK_ISSUED = "link_issued", "Link created", "링크 발급"
    PASSWORD_SET = "password_set", "Password set", "비밀번호 설정"
    TOKEN_ISSUED = "token_issued", "Token issued", "토큰 발급"
    TOKEN_REVOKED = "token_revoked", "Token revoked", "토큰 폐기"


VOCABULARIES: tuple[type[Term], ...] = (
    Kind,
    VerificationStatus,
    AttributionMode,
    SpeakerKind,
    SpeakerBasis,
    SourceKind,
    Comparator,
    Direction,
    Question,
    VerdictValue,
    Stance,
    Medium,
    CaptureExtent,
    Tier,
    Relation,
    RecordState,
    RevisionKind,
    CorrectionKind,
    Subject,
    Severity,
)
"""The vocabularies of the public record, in the order of the documentation."""
DESK_VOCABULARIES: tuple[type[Term], ...] = (
    Role,
    Action,
    RecordStage,
    CheckStage,
    ReportStage,
    QueryAnswer,
    Priority,
    RecheckReason,
    Likeness,
    Coverage,
    PassageDecision,
    PassageFate,
    ImportTreatment,
    RecheckOutcome,
    PasswordFault,
    AccountEvent,
)
"""The vocabularies of the private desk."""
