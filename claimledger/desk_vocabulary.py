"""The closed vocabularies of the desk: roles, actions, stages and outcomes, with their English and Korean labels.

Records of the desk have these values. The values that public records have are in `vocabulary`, as is `Term`, the base
class. A stored value is never renamed. The labels of a password fault appear inside a phrase.
"""

from __future__ import annotations

from claimledger.vocabulary import Term


class PassageFate(Term):
    """The result of looking for a claim's passage in a new edition of its article."""

    KEPT = "kept", "Unchanged", "그대로"
    MOVED = "moved", "Moved", "위치 이동"
    PROPOSED = "proposed", "Same words, place to confirm", "같은 문구, 위치 확인 필요"
    CHANGED = "changed", "Changed", "문구 변경"
    ORPHAN = "orphan", "Not found", "찾을 수 없음"


class PlaceDoubt(Term):
    """The reason why a person confirms the place of a passage whose words are the same."""

    CONTEXT = "context", "The text around these words is different", "앞뒤 문장이 이전 판과 다름"
    SEVERAL = "several", "The words cannot be assigned to one place", "어느 곳의 문구인지 구별할 수 없음"
    QUOTATION = (
        "quotation", "Quotation marks around these words were added or removed", "이 문구의 따옴표가 생겼거나 없어짐"
    )  # fmt: skip
    CORRECTION = "correction", "Next to words that correct, deny or doubt it", "바로잡거나 부인하는 말과 함께 나옴"
    REWRITTEN = "rewritten", "A sentence like it has other words now", "비슷한 문장의 문구가 바뀌어 있음"
    EMBEDDED = "embedded", "Part of another sentence", "다른 문장의 일부가 됨"
    FURNITURE = "furniture", "Not in the article text", "기사 본문이 아닌 곳에 있음"


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
    SET_DEADLINE = "set_deadline", "Set the deadline of an article", "기사 마감 지정"
    NOTE_ARTICLE = "note_article", "Add a note to an article", "기사 메모 추가"
    ASK_MODEL = "ask_model", "Ask a language model", "언어 모델에 요청"
    DISMISS_SUGGESTION = "dismiss_suggestion", "Set a suggestion aside", "제안 쓰지 않기"
    ALLOW_SENDING = "allow_sending", "Decide on sending text to outside models", "외부 모델로 본문 전송 허용 변경"
    DELETE_ANSWERS = "delete_answers", "Delete the answers of language models", "언어 모델의 답 삭제"
    CHANGE_TEMPLATE = "change_template", "Change a template", "자주 쓰는 문장 수정"
    CHANGE_NOTICES = "change_notices", "Change the settings of notices", "알림 설정 변경"
    READ_CONTACT = "read_contact", "Read a reader's contact details", "제보자 연락처 보기"
    CLOSE_REPORT = "close_report", "Close a report", "제보 닫기"
    REOPEN_REPORT = "reopen_report", "Reopen a report", "제보 다시 열기"
    TAKE_IN_REVIEWS = "take_in_reviews", "Import reviews by others", "다른 매체의 검증 가져오기"
    IMPORT_CHECKS = "import_checks", "Propose an import of earlier checks", "이전 검증 가져오기 제안"
    APPROVE_CHECKS = "approve_checks", "Publish an import of earlier checks", "이전 검증 가져오기 승인"
    DISCARD_CHECKS = "discard_checks", "Discard an import of earlier checks", "이전 검증 가져오기 취소"
    READ_PEOPLE = "read_people", "See users and sign-ins", "사용자와 로그인 기록 보기"
    ADD_PERSON = "add_person", "Add a user", "사용자 추가"
    CHANGE_ROLES = "change_roles", "Change roles", "역할 변경"
    CHANGE_LANGUAGE = "change_language", "Change the language", "언어 변경"
    CHANGE_ADDRESS = "change_address", "Change the e-mail address", "이메일 주소 변경"
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
    """The likeness of an earlier claim to a statement, by words, figures, names and dates."""

    SAME = "same", "Same content", "같은 내용"
    FIGURES = "figures", "The same figures", "같은 수치"
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


class TemplateKind(Term):
    """The field of a form that a template is for."""

    QUERY = "query", "Question to the writer", "필자에게 할 질문"
    REASON = "reason", "Reason", "이유"
    RATIONALE = "rationale", "Reason of a verdict", "판정 이유"


class NoticeKind(Term):
    """The event of which a person gets a notice."""

    ASSIGNED = "assigned", "Check assigned to you", "검증 배정"
    RETURNED = "returned", "Sent back to you", "반려"
    ANSWERED = "answered", "Question answered by the writer", "필자 답변"
    DEADLINE = "deadline", "Deadline set or changed", "마감 변경"
    DUE = "due", "Deadline near", "마감 임박"
    PUBLISHED = "published", "Your work published", "내 작업 공개"
    CORRECTED = "corrected", "Correction or withdrawal published", "정정·철회 공개"


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
    SECOND_ACCOUNT = "second_account", "Signed in from another user's session", "다른 사용자의 세션에서 로그인"


class SuggestionTask(Term):
    """A task of a language model on the desk. A model may point at text and draft wording; only people decide."""

    CLAIMS = "claims", "Claims in an article", "기사의 주장"
    STATEMENTS = "statements", "Statements for a passage", "구절의 주장 문장"
    TRANSLATION = "translation", "The statement in the other language", "주장 문장 번역"
    PASSAGES = "passages", "Passages of a document", "문서의 구절"
    RATIONALE = "rationale", "Draft of the reason", "판정 이유 초안"
    QUESTIONS = "questions", "Questions to search for", "찾아볼 질문"
    SECOND_READING = "second_reading", "Second reading", "다시 읽기"


ARTICLE_TASKS = (SuggestionTask.CLAIMS, SuggestionTask.STATEMENTS, SuggestionTask.SECOND_READING)
"""The tasks of a language model on an article; the others are about a claim."""
CLAIM_TASKS = (SuggestionTask.TRANSLATION, SuggestionTask.QUESTIONS, SuggestionTask.PASSAGES, SuggestionTask.RATIONALE)
"""The tasks of a language model on a claim, in the order in which a claim's page offers them."""


class SuggestionState(Term):
    """The judgement of the program on a suggestion. Clean means only that the program found nothing."""

    REFUSED = "refused", "Refused", "거부"
    SHOWN = "shown", "To read with care", "확인 필요"
    CLEAN = "clean", "Nothing found", "발견된 문제 없음"


class SuggestionChoice(Term):
    """A person's decision on a suggestion."""

    ACCEPTED = "accepted", "Accepted", "받아들임"
    EDITED = "edited", "Accepted after editing", "고쳐서 받아들임"
    DISMISSED = "dismissed", "Dismissed", "쓰지 않음"


class ModelReach(Term):
    """The place where a language model runs."""

    THIS_MACHINE = "this_machine", "This computer", "이 컴퓨터"
    OUTSIDE = "outside", "An outside service", "외부 서비스"


class CallOutcome(Term):
    """The result of one call of a language model."""

    ANSWERED = "answered", "Answered", "답변함"
    BROKEN = "broken", "The answer cannot be read", "읽을 수 없는 답변"
    FAILED = "failed", "No answer", "답변 없음"


DESK_VOCABULARIES: tuple[type[Term], ...] = (
    Role,
    Action,
    RecordStage,
    CheckStage,
    ReportStage,
    QueryAnswer,
    Priority,
    TemplateKind,
    NoticeKind,
    RecheckReason,
    Likeness,
    Coverage,
    PassageDecision,
    PassageFate,
    PlaceDoubt,
    ImportTreatment,
    RecheckOutcome,
    PasswordFault,
    AccountEvent,
    SuggestionTask,
    SuggestionState,
    SuggestionChoice,
    ModelReach,
    CallOutcome,
)
"""The vocabularies of the private desk."""
