"""The closed vocabularies of public records: every value that is published, with its English and Korean label.

A stored value is lower-case English and is never renamed; a retired value stays readable. Programs compare members,
people read labels. Labels are in sentence case, except those that appear inside a phrase (comparator, direction).
The vocabularies of the desk are in `desk_vocabulary`; the labels of fields, menus and headings are in `labels.toml`.
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


class SeenExtent(Term):
    """The part of a document that a checker has read."""

    WHOLE = "whole", "Whole document", "전체"
    OPENING = "opening", "Opening only", "앞부분만"
    EXCERPT = "excerpt", "Excerpts only", "일부만"


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
    """The public status of a claim, derived from its published verdict on the fact check and from its evidence.

    Not enough evidence without any document is *Searched, nothing found*.
    """

    NOT_CHECKED = "not_checked", "Not checked yet", "검증 전"
    SUPPORTED = "supported", "Confirmed", "사실로 확인"
    REFUTED = "refuted", "Incorrect", "사실과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Mixed", "엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not enough evidence", "근거 부족"
    NOTHING_FOUND = "nothing_found", "Searched, nothing found", "찾았으나 자료 없음"
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
    ALIAS = "alias", "Names of one thing", "같은 대상의 이름"
    EARLIER_CHECK = "earlier_check", "Earlier check by others", "다른 곳의 이전 검증"


class AliasKind(Term):
    """The kind of person or thing that has several names."""

    PERSON = "person", "Person", "인물"
    ORGANIZATION = "organization", "Organisation", "기관·단체"
    PRODUCT = "product", "Product", "제품"
    PLACE = "place", "Place", "장소"
    WORK = "work", "Work", "저작물"
    EVENT = "event", "Event", "사건"
    TOPIC = "topic", "Topic", "주제"


class Severity(Term):
    """The severity of an automatic check: for information, or to be reviewed by an editor before publication."""

    NOTE = "note", "For information", "참고"
    FINDING = "finding", "Needs review", "검토 필요"


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
    SeenExtent,
    Tier,
    Relation,
    RecordState,
    RevisionKind,
    CorrectionKind,
    Subject,
    AliasKind,
    Severity,
)
"""The vocabularies of the public record, in the order of the documentation."""
