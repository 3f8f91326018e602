"""The closed vocabularies: every word a record may hold, with its Korean and English label.

A value stored in a file is lower-case English and is never renamed; a retired value stays readable.
The labels are what people see; programs compare members. This module knows nothing of records.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """One word of a closed vocabulary; it equals its stored value and carries two labels."""

    label_en: str
    label_ko: str

    def __new__(cls, value: str, label_en: str = "", label_ko: str = "") -> Self:
        """Make the member from its stored value and its labels."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label_en, member.label_ko = label_en, label_ko
        return member


class Kind(Term):
    """What makes a sentence a claim; derived from the record, never stored."""

    QUANTITATIVE = "quantitative", "quantitative", "수량"
    ATTRIBUTED = "attributed", "attributed", "발언"
    BOTH = "both", "quantitative and attributed", "수량·발언"
    EVENT = "event", "dated happening", "사건"


class SpeakerKind(Term):
    """Who is said to assert a claim: somebody named, an organisation, or somebody only described."""

    PERSON = "person", "person", "개인"
    ORGANIZATION = "organization", "organization", "조직"
    ANONYMOUS = "anonymous", "anonymous", "익명"


class AttributionMode(Term):
    """How the article brings the claim: in somebody's words, or in its own voice."""

    DIRECT_QUOTE = "direct_quote", "direct quotation", "직접 인용"
    INDIRECT_QUOTE = "indirect_quote", "indirect quotation", "간접 인용"
    DOCUMENT = "document", "from a document", "문서"
    NARRATION = "narration", "the article's own voice", "기사의 서술"


class SpeakerBasis(Term):
    """How the reader knows the speaker: named beside the words, by a pronoun, or in an earlier sentence."""

    EXPLICIT = "explicit", "named beside the words", "말 곁에 이름이 있음"
    PRONOUN = "pronoun", "by a pronoun", "대명사로 가리킴"
    CARRIED = "carried", "carried from an earlier sentence", "앞 문장의 발언자"


class SourceKind(Term):
    """Where the article has a claim from."""

    SPEECH = "speech", "speech or interview", "발언·인터뷰"
    REPORT = "report", "report", "보고서"
    POST = "post", "social media post", "소셜미디어 글"
    FILING = "filing", "filing or official notice", "공시·고시"
    ANNOUNCEMENT = "announcement", "announcement of a company or public body", "기업·기관 발표"
    OPEN_LETTER = "open_letter", "open letter", "공개 서한"
    PUBLICATION = "publication", "another publication", "다른 매체"
    OWN_REPORTING = "own_reporting", "the publication's own reporting", "자체 취재"


class Comparator(Term):
    """How the printed words bound a figure; none means the figure is given as it is."""

    ABOUT = "about", "about", "약"
    AT_LEAST = "at_least", "at least", "적어도"
    MORE_THAN = "more_than", "more than", "넘는"
    AT_MOST = "at_most", "at most", "최대"
    LESS_THAN = "less_than", "less than", "미만"
    NEARLY = "nearly", "nearly", "가까이"


class Direction(Term):
    """Which side of the compared value a difference lies on: "40 % lower" is below."""

    ABOVE = "above", "above", "높음"
    BELOW = "below", "below", "낮음"


class Medium(Term):
    """What a document is."""

    WEB = "web", "web page", "웹 페이지"
    PDF = "pdf", "PDF", "PDF"
    FILE = "file", "file with text", "글이 든 파일"
    BOOK_PAGE = "book_page", "book page", "책 쪽"
    CALL = "call", "telephone call", "전화"
    EMAIL = "email", "e-mail", "이메일"
    INTERVIEW = "interview", "interview", "인터뷰"
    PHOTOGRAPH = "photograph", "photograph", "사진"


class Captured(Term):
    """How much of a document is held, or was seen."""

    FULL = "full", "whole document held", "전체 보관"
    EXCERPT = "excerpt", "seen in part", "일부 확인"
    NONE = "none", "nothing held", "보관 없음"


class Tier(Term):
    """How near a document stands to the fact."""

    PRIMARY = "primary", "primary", "1차 자료"
    PRIMARY_COPY = "primary_copy", "copy of a primary text", "1차 자료 사본"
    SECONDARY = "secondary", "secondary", "2차 자료"


class Stance(Term):
    """What a piece of evidence does to a claim."""

    SUPPORTS = "supports", "supports", "뒷받침"
    REFUTES = "refutes", "refutes", "반박"
    CONTEXT = "context", "context", "맥락"


class Question(Term):
    """What a verdict answers: whether the speaker said it, or whether it is so."""

    SAID = "said", "did the speaker say it?", "발언 여부"
    SO = "so", "is it so?", "사실 여부"


class VerdictValue(Term):
    """A checker's conclusion: AVeriTeC's four labels, and what cannot be checked at all."""

    SUPPORTED = "supported", "supported", "사실로 확인"
    REFUTED = "refuted", "refuted", "사실과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "conflicting evidence", "근거 엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "not enough evidence", "근거 부족"
    NOT_CHECKABLE = "not_checkable", "not checkable", "검증 불가"


class VerificationStatus(Term):
    """The public word for how a claim stands, derived from its published verdicts."""

    NOT_CHECKED = "not_checked", "not checked", "미검증"
    SUPPORTED = "supported", "supported", "사실로 확인"
    REFUTED = "refuted", "refuted", "사실과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "conflicting evidence", "근거 엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "not enough evidence", "근거 부족"
    NOT_CHECKABLE = "not_checkable", "not checkable", "검증 불가"


class Relation(Term):
    """How a claim stands to one that was there before it."""

    REPEATS = "repeats", "repeats", "같은 주장"
    CONTRADICTS = "contradicts", "contradicts", "모순되는 주장"
    SUPERSEDES = "supersedes", "supersedes", "새로 고친 주장"


class RecordState(Term):
    """Where a public record stands."""

    LISTED = "listed", "listed", "공개"
    WITHDRAWN = "withdrawn", "withdrawn", "철회"


class RevisionKind(Term):
    """What a public revision does."""

    LISTED = "listed", "listed", "처음 공개"
    VERDICT = "verdict", "verdict", "판정"
    UPDATE = "update", "update", "갱신"
    CORRECTION = "correction", "correction", "정정"
    WITHDRAWAL = "withdrawal", "withdrawal", "철회"
    REDACTION = "redaction", "redaction", "삭제"


class CorrectionKind(Term):
    """What a correction changed."""

    VERDICT_CHANGED = "verdict_changed", "the verdict changed", "판정 변경"
    VERDICT_UNCHANGED = "verdict_unchanged", "the verdict stands", "판정 유지"
    CLARIFICATION = "clarification", "clarification", "보완 설명"
    RETRACTION = "retraction", "retraction", "전면 취소"


class Subject(Term):
    """What a public revision is a version of."""

    ARTICLE = "article", "article", "기사"
    CLAIM = "claim", "claim", "주장"
    APPEARANCE = "appearance", "appearance", "등장"
    DOCUMENT = "document", "document", "문서"


class Severity(Term):
    """Whether a computed check asks for an editor's decision before a claim is listed, or only tells something."""

    NOTE = "note", "note", "참고"
    FINDING = "finding", "finding", "지적"


class Fate(Term):
    """What became of a claim's passage in a new edition of its article."""

    KEPT = "kept", "kept", "유지"
    MOVED = "moved", "moved", "이동"
    CHANGED = "changed", "changed", "변경"
    ORPHAN = "orphan", "orphan", "사라짐"


class Coverage(Term):
    """Whether a number or a quotation of an article is accounted for."""

    CLAIMED = "claimed", "claimed", "주장 있음"
    DISMISSED = "dismissed", "dismissed", "제외"
    UNBOUND = "unbound", "unbound", "미처리"


class Decided(Term):
    """What an editor decided on a passage; the newest decision counts."""

    ACCEPTED = "accepted", "accepted as a claim", "주장으로 채택"
    DISMISSED = "dismissed", "dismissed", "제외"
    REOPENED = "reopened", "open again", "다시 검토"
    LEFT_OUT = "left_out", "not in this edition", "이 판에 없음"


class Role(Term):
    """What a person may do on the desk; an administrator looks after accounts, and has no editorial power by that."""

    CHECKER = "checker", "fact-checker", "팩트체커"
    EDITOR = "editor", "editor", "편집자"
    ADMIN = "admin", "administrator", "관리자"


class Action(Term):
    """An act of the desk: on a claim, or on a passage, an article, a report, what others found, or an account."""

    ACCEPT = "accept", "accept as a claim", "채택"
    EDIT = "edit", "edit", "수정"
    LIST = "list", "list publicly", "등재"
    ASSIGN = "assign", "assign", "배정"
    WAIVE = "waive", "waive a finding", "지적 면제"
    ATTACH = "attach", "attach evidence", "근거 첨부"
    RECHECK = "recheck", "open a recheck", "재확인 열기"
    QUERY = "query", "ask the writer", "필자에게 묻기"
    ANSWER = "answer", "record the writer's answer", "필자의 답 기록"
    COMMENT = "comment", "comment", "의견"
    PROPOSE = "propose", "propose a verdict", "판정 제안"
    APPROVE = "approve", "approve", "승인"
    RETURN = "return", "return", "반려"
    PUBLISH = "publish", "publish", "공개"
    CORRECT = "correct", "propose a correction", "정정 제안"
    WITHDRAW = "withdraw", "propose a withdrawal", "철회 제안"
    DISCARD = "discard", "discard a draft", "초안 버리기"
    SETTLE_RECHECK = "settle_recheck", "say after a recheck that the claim stands", "재확인 마치기"
    READ_WITHHELD = "read_withheld", "read what is withheld of its evidence", "비공개 근거 보기"
    READ_SAVINGS = "read_savings", "see who saved what is withheld", "비공개 근거를 저장한 사람 보기"
    ADD_ARTICLE = "add_article", "add an article's text", "기사 본문 추가"
    DISMISS = "dismiss", "leave a passage out of the claims", "대목 제외"
    REOPEN = "reopen", "look at a passage again", "대목 다시 검토"
    SETTLE = "settle", "place a claim in a new edition, or leave it out", "새 판의 자리 정하기"
    RECORD_DISMISSALS = "record_dismissals", "draft the article with what was left out", "제외한 대목 기록"
    MARK_FURNITURE = "mark_furniture", "say what is page furniture", "지면 요소 표시"
    READ_CONTACT = "read_contact", "read how to reach a reader", "제보자 연락처 보기"
    CLOSE_REPORT = "close_report", "close a report", "제보 닫기"
    REOPEN_REPORT = "reopen_report", "open a report again", "제보 다시 열기"
    TAKE_IN_REVIEWS = "take_in_reviews", "take in what others found", "다른 매체의 검증 들이기"
    READ_PEOPLE = "read_people", "see the people and what happened to their access", "사람과 접근 기록 보기"
    ADD_PERSON = "add_person", "add somebody", "사람 추가"
    CHANGE_ROLES = "change_roles", "change somebody's roles", "역할 변경"
    CHANGE_LANGUAGE = "change_language", "choose the desk's language", "언어 변경"
    DEACTIVATE = "deactivate", "let somebody in no longer", "계정 비활성화"
    INVITE = "invite", "make a link to set a password", "비밀번호 설정 링크 만들기"
    ISSUE_TOKEN = "issue_token", "issue a token of the command line", "토큰 발급"
    REVOKE_TOKEN = "revoke_token", "end a token of the command line", "토큰 폐기"


class RecordStage(Term):
    """Where a claim's record stands on the desk."""

    NONE = "none", "not there", "없음"
    DRAFT = "draft", "draft", "초안"
    LISTED = "listed", "listed", "공개"
    WITHDRAWN = "withdrawn", "withdrawn", "철회"


class CheckStage(Term):
    """How far the check of one question about a claim has come."""

    OPEN = "open", "open", "미배정"
    ASSIGNED = "assigned", "assigned", "배정됨"
    PROPOSED = "proposed", "proposed", "제안됨"
    RETURNED = "returned", "returned", "반려됨"
    APPROVED = "approved", "approved", "승인됨"
    PUBLISHED = "published", "published", "공개됨"


class ReportStage(Term):
    """Where a reader's report stands."""

    OPEN = "open", "open", "열림"
    CLOSED = "closed", "closed", "닫힘"


class Answer(Term):
    """What the writer answered to a query."""

    OPEN = "open", "open", "답 없음"
    FIXED = "fixed", "fixed", "고침"
    STANDS = "stands", "stands as printed", "그대로 둠"


class Handling(Term):
    """What became of a part of a ClaimReview when it was taken in."""

    DROPPED = "dropped", "left out", "버림"
    MENDED = "mended", "mended", "고침"
    KEPT = "kept", "kept as it is", "그대로 둠"


class RecheckReason(Term):
    """Why a claim is to be looked at again."""

    DUE = "due", "its day has come", "다시 볼 날이 됨"
    FALLEN = "fallen", "a claim it repeats fell", "기댄 주장이 무너짐"
    DOCUMENT = "document", "a document it rests on changed", "기댄 문서가 바뀜"


class Likeness(Term):
    """How an earlier claim is like a statement, by figures, names and dates."""

    SAME = "same", "says the same", "같은 내용"
    DIFFERS = "differs", "another figure", "수가 다름"
    OTHER_DATE = "other_date", "of another date", "날짜가 다름"
    ALIKE = "alike", "only alike", "비슷할 뿐"


class Refound(Term):
    """What became of a document that was looked at again."""

    UNCHANGED = "unchanged", "unchanged", "그대로"
    CHANGED = "changed", "changed", "바뀜"
    MOVED = "moved", "moved", "옮겨짐"
    GONE = "gone", "gone", "사라짐"
    UNREACHABLE = "unreachable", "not reached", "연결 안 됨"
    NOT_COMPARED = "not_compared", "there; nothing is held to compare", "있음(대조할 보관본 없음)"


class Priority(Term):
    """How soon a claim is to be looked at."""

    URGENT = "urgent", "urgent", "긴급"
    NORMAL = "normal", "normal", "보통"
    LATER = "later", "later", "나중"


class PasswordFault(Term):
    """Why a password is not taken."""

    TOO_SHORT = "too_short", "too short", "너무 짧음"
    TOO_LONG = "too_long", "too long", "너무 긺"
    CONTROL_CHARACTER = "control_character", "with a character nobody can type", "입력할 수 없는 문자 포함"
    OWN_NAME = "own_name", "the person's own name", "본인 이름"
    COMMON = "common", "one of those tried first", "흔한 비밀번호"


class AccountEvent(Term):
    """What happened to a person's access to the desk."""

    SIGNED_IN = "signed_in", "signed in", "로그인"
    UNKNOWN_NAME = "unknown_name", "unknown name", "없는 이름"
    WRONG_PASSWORD = "wrong_password", "wrong password", "비밀번호 틀림"
    NO_PASSWORD = "no_password", "no password set yet", "비밀번호 미설정"
    INACTIVE = "inactive", "inactive person", "비활성 계정"
    THROTTLED = "throttled", "told to wait", "대기"
    SIGNED_OUT = "signed_out", "signed out", "로그아웃"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", "signed out everywhere", "모든 기기 로그아웃"
    LINK_ISSUED = "link_issued", "link issued", "링크 발급"
    PASSWORD_SET = "password_set", "password set", "비밀번호 설정"
    TOKEN_ISSUED = "token_issued", "token issued", "토큰 발급"
    TOKEN_REVOKED = "token_revoked", "token revoked", "토큰 폐기"


VOCABULARIES: tuple[type[Term], ...] = (
    Kind, VerificationStatus, AttributionMode, SpeakerKind, SpeakerBasis, SourceKind, Comparator, Direction, Question,
    VerdictValue, Stance, Medium, Captured, Tier, Relation, RecordState, RevisionKind, CorrectionKind, Subject, Severity
)  # fmt: skip
"""Every vocabulary of the public ledger, in the order the documentation prints them."""
DESK_VOCABULARIES: tuple[type[Term], ...] = (
    Role, Action, RecordStage, CheckStage, ReportStage, Answer, Priority, RecheckReason, Likeness, Coverage, Decided,
    Fate, Handling, Refound, PasswordFault, AccountEvent,
)  # fmt: skip
"""Vocabularies of the private desk."""
