"""The columns of a review sheet: content, permission to edit, and description in both languages.

`SHEET_COLUMNS` is the one table behind header, cells, protection, word lists and documentation. Every cell except
`passages` and `hidden_characters` comes only from the claim and its revision, so that the same claim always gives the
same cells. The module knows no file format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from claimledger.characters import code_point, hidden_characters
from claimledger.ledger.canonical import encode_body
from claimledger.models import Appearance, Claim, Verdict
from claimledger.publishing.cells import best_wording
from claimledger.publishing.columns import Meaning
from claimledger.verdicts.answers import status_on
from claimledger.vocabulary import Medium, Question, Stance, Term, Tier, VerdictValue

FINGERPRINT_LENGTH = 12
"""The hexadecimal digits of a claim's hash in its fingerprint."""
_EMPTY_WORDING: Mapping[str, str] = MappingProxyType({})


class ReviewRow(NamedTuple):
    """A claim as a review sheet shows it."""

    claim: Claim
    """The claim."""
    revision: int | None
    """The number of the public revision, or None if the claim is only a draft."""
    passages: Sequence[Appearance] = ()
    """The claim's passages, for reading."""
    words: Sequence[str] = ()
    """The words of each passage; empty where the desk does not have the text."""


class ColumnUse(Enum):
    """The handling of a column when the sheet is imported."""

    KEY = "names the row"
    SHOWN = "is not imported; a changed cell is a problem"
    BESIDE = "is not imported, and not compared"
    MERGED = "is imported, after a comparison with the current claim"
    ADDED = "is empty in a new sheet; an entry is imported as new"


class SheetColumn(NamedTuple):
    """A column of the sheet."""

    name: str
    meaning: Meaning
    use: ColumnUse
    cell: Callable[[ReviewRow], str]
    """A function that returns the column's cell in a row."""
    width: int = 20
    """The width in characters of Latin text; Hangul takes two."""
    words: type[Term] | None = None
    """The vocabulary of its cells, or None."""
    is_date: bool = False
    """True if its cells are EDTF dates."""
    verdict: Question | None = None
    """The verdict that it is part of. All parts of a verdict are merged as one, because they depend on each other."""

    @property
    def is_editable(self) -> bool:
        """True if changes in it are imported."""
        return self.use in (ColumnUse.MERGED, ColumnUse.ADDED)


def claim_fingerprint(claim: Claim) -> str:
    """Return an identifier of this version of a claim: `v` and the beginning of the SHA-256 of its JSON."""
    return f"v{sha256(encode_body(claim.to_json())).hexdigest()[:FINGERPRINT_LENGTH]}"


def claim_verdict(claim: Claim, question: Question) -> Verdict | None:
    """Return a claim's verdict on a question, or None."""
    return next((verdict for verdict in claim.verdicts if verdict.question is question), None)


def _bilingual(wording: Mapping[str, str] | None) -> str:
    """Return a wording in Korean and English, or in another language if it has neither."""
    texts = wording or _EMPTY_WORDING
    shown = dict.fromkeys(texts[language] for language in ("ko", "en") if language in texts)
    return " · ".join(shown) if shown else best_wording(texts) if texts else ""


def _speaker(row: ReviewRow) -> str:
    speaker = row.claim.speaker
    parts = (speaker.name, speaker.role, speaker.organization) if speaker else ()
    return ", ".join(filter(None, map(_bilingual, parts)))


def _source(row: ReviewRow) -> str:
    source = row.claim.source
    return ", ".join(filter(None, (_bilingual(source.name), source.published_on)))


def _quantities(row: ReviewRow) -> str:
    return "; ".join(quantity.text for quantity in row.claim.quantities)


def _passages(row: ReviewRow) -> str:
    positions = [f"{one.position.start}-{one.position.end} @ {one.edition_sha256[:12]}" for one in row.passages]
    words = [*row.words, *[""] * (len(positions) - len(row.words))]
    return "; ".join(f"{at} “{said}”" if said else at for at, said in zip(positions, words, strict=True))


def _hidden_characters(row: ReviewRow) -> str:
    return " ".join(map(code_point, hidden_characters("\n".join(row.words))))


def _status(row: ReviewRow) -> str:
    return str(status_on(row.claim, Question.SO))


def _revision(row: ReviewRow) -> str:
    return "" if row.revision is None else str(row.revision)


def _empty(_: ReviewRow) -> str:
    return ""


def _statement(language: str) -> Callable[[ReviewRow], str]:
    return lambda row: row.claim.statement.get(language, "")


def _note(language: str) -> Callable[[ReviewRow], str]:
    return lambda row: (row.claim.note or _EMPTY_WORDING).get(language, "")


def _verdict_cell(question: Question, part: Callable[[Verdict], str]) -> Callable[[ReviewRow], str]:
    def cell(row: ReviewRow) -> str:
        verdict = claim_verdict(row.claim, question)
        return part(verdict) if verdict else ""

    return cell


def _rationale(question: Question, language: str) -> Callable[[ReviewRow], str]:
    return _verdict_cell(question, lambda verdict: verdict.rationale.get(language, ""))


class VerdictColumns(NamedTuple):
    """The names of the columns of one verdict."""

    value: str
    ko: str
    en: str
    as_of: str


VERDICT_COLUMNS: Mapping[Question, VerdictColumns] = {
    Question.SO: VerdictColumns("verdict_so", "rationale_ko", "rationale_en", "as_of"),
    Question.SAID: VerdictColumns("verdict_said", "said_rationale_ko", "said_rationale_en", "said_as_of"),
}
"""The columns of each verdict; that on `so` has the short names, because sheets are mostly used for it."""
_QUESTION_WORDS: Mapping[Question, Meaning] = {
    Question.SO: Meaning("of the fact check", "사실 확인"),
    Question.SAID: Meaning("of the quote check", "발언 확인"),
}


def _verdict_columns(question: Question) -> Iterator[SheetColumn]:
    names, asked = VERDICT_COLUMNS[question], _QUESTION_WORDS[question]
    value = Meaning(f"Verdict {asked.english}.", f"{asked.korean} 판정.")
    yield SheetColumn(
        names.value, value, ColumnUse.MERGED, _verdict_cell(question, lambda verdict: verdict.value.value), 22,
        words=VerdictValue, verdict=question,
    )  # fmt: skip
    for name, language, english, korean in ((names.ko, "ko", "Korean", "한국어"), (names.en, "en", "English", "영어")):
        why = Meaning(
            f"Reason for the verdict {asked.english}, in {english}.", f"{asked.korean} 판정의 이유({korean})."
        )
        yield SheetColumn(name, why, ColumnUse.MERGED, _rationale(question, language), 44, verdict=question)
    day = Meaning(f"As-of date of the verdict {asked.english} (EDTF).", f"{asked.korean} 판정의 기준일(EDTF).")
    yield SheetColumn(
        names.as_of, day, ColumnUse.MERGED, _verdict_cell(question, lambda verdict: verdict.as_of), 13, is_date=True,
        verdict=question,
    )  # fmt: skip


_KEYS = (
    SheetColumn(
        "claim_id",
        Meaning("Claim ID.", "주장 ID."),
        ColumnUse.KEY,
        lambda row: row.claim.claim_id,
        38,
    ),
    SheetColumn(
        "revision",
        Meaning(
            "Number of the public version in this row; empty for a draft.",
            "이 행에 있는 공개 버전 번호. 초안이면 빈칸.",
        ),
        ColumnUse.KEY,
        _revision,
        9,
    ),
    SheetColumn(
        "fingerprint",
        Meaning("Identifies the version of the claim in this row.", "이 행에 있는 주장의 버전을 구별하는 값."),
        ColumnUse.KEY,
        lambda row: claim_fingerprint(row.claim),
        15,
    ),
)
_CONTEXT = (
    SheetColumn(
        "article",
        Meaning("Article.", "기사."),
        ColumnUse.SHOWN,
        lambda row: row.claim.article_id,
        24,
    ),
    SheetColumn(
        "passages",
        Meaning("Position in the article (code points @ edition) and words.", "기사 속 위치(코드 포인트 @ 판)와 구절."),
        ColumnUse.BESIDE,
        _passages,
        26,
    ),
    SheetColumn(
        "hidden_characters",
        Meaning(
            "Characters of the passages that a reader cannot see, by code point; empty if there are none.",
            "구절 안의 보이지 않는 글자(코드 포인트). 없으면 빈칸.",
        ),
        ColumnUse.BESIDE,
        _hidden_characters,
        18,
    ),
    SheetColumn(
        "verification_status",
        Meaning("Result of the fact check, or not_checked.", "사실 확인 결과. 없으면 not_checked."),
        ColumnUse.SHOWN,
        _status,
        20,
    ),
    SheetColumn(
        "speaker",
        Meaning("Speaker.", "발언자."),
        ColumnUse.SHOWN,
        _speaker,
        30,
    ),
    SheetColumn(
        "source",
        Meaning("Article's source.", "기사가 밝힌 출처."),
        ColumnUse.SHOWN,
        _source,
        30,
    ),
    SheetColumn(
        "quantities",
        Meaning("Figures, as written in the article.", "수치(기사 표기)."),
        ColumnUse.SHOWN,
        _quantities,
        24,
    ),
)
_STATEMENTS = (
    SheetColumn(
        "statement_ko",
        Meaning("Claim in Korean, in our own words.", "주장(한국어, 직접 쓴 문장)."),
        ColumnUse.MERGED,
        _statement("ko"),
        50,
    ),
    SheetColumn(
        "statement_en",
        Meaning("Claim in English, in our own words.", "주장(영어, 직접 쓴 문장)."),
        ColumnUse.MERGED,
        _statement("en"),
        50,
    ),
)
_NOTES = (
    SheetColumn(
        "note_ko",
        Meaning("Editor's note, in Korean.", "편집자 주(한국어)."),
        ColumnUse.MERGED,
        _note("ko"),
        36,
    ),
    SheetColumn(
        "note_en",
        Meaning("Editor's note, in English.", "편집자 주(영어)."),
        ColumnUse.MERGED,
        _note("en"),
        36,
    ),
)


def _document_columns() -> Iterator[SheetColumn]:
    """Yield the columns that describe a document which the desk does not have."""
    for name, english, korean, words in (
        ("medium", "format", "형식", Medium),
        ("tier", "source type", "자료 구분", Tier),
        ("title_ko", "title in Korean", "제목(한국어)", None),
        ("title_en", "title in English", "제목(영어)", None),
        ("language", "language (BCP 47)", "언어(BCP 47)", None),
    ):
        meaning = Meaning(f"New document: {english}.", f"새 문서: {korean}.")
        yield SheetColumn(
            f"evidence_{name}", meaning, ColumnUse.ADDED, _empty, 14 if words or name == "language" else 36, words
        )


_ADDED = (
    SheetColumn(
        "evidence_address",
        Meaning("New evidence: web address.", "새 근거: 웹 주소."),
        ColumnUse.ADDED,
        _empty,
        36,
    ),
    SheetColumn(
        "evidence_stance",
        Meaning("New evidence: relation to the claim.", "새 근거: 주장과의 관계."),
        ColumnUse.ADDED,
        _empty,
        14,
        words=Stance,
    ),
    SheetColumn(
        "evidence_summary_ko",
        Meaning("New evidence: summary in Korean.", "새 근거: 요약(한국어)."),
        ColumnUse.ADDED,
        _empty,
        44,
    ),
    SheetColumn(
        "evidence_summary_en",
        Meaning("New evidence: summary in English.", "새 근거: 요약(영어)."),
        ColumnUse.ADDED,
        _empty,
        44,
    ),
    *_document_columns(),
    SheetColumn(
        "reason",
        Meaning("Reason for the change.", "변경 이유."),
        ColumnUse.ADDED,
        _empty,
        30,
    ),
)
SHEET_COLUMNS: tuple[SheetColumn, ...] = (
    *_KEYS, *_CONTEXT, *_STATEMENTS, *_verdict_columns(Question.SO), *_verdict_columns(Question.SAID), *_NOTES, *_ADDED,
)  # fmt: skip
"""All columns, in order."""
SHEET_COLUMNS_BY_NAME: Mapping[str, SheetColumn] = {column.name: column for column in SHEET_COLUMNS}
SHEET_HEADER: tuple[str, ...] = tuple(SHEET_COLUMNS_BY_NAME)
REQUIRED_COLUMNS = ("claim_id", "revision")
"""The columns without which a sheet cannot be read."""


def row_cells(row: ReviewRow) -> tuple[str, ...]:
    """Return the cells of a row, in the order of `SHEET_COLUMNS`."""
    return tuple(column.cell(row) for column in SHEET_COLUMNS)
