"""The flat tables of claims for fact-checkers: one row a claim, or one row a piece of evidence.

A row has everything that the claim's page says, in both languages, with a label beside each code. The labels are in the
language of the page; the columns have the same names in every language.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from claimledger.publishing.column_labels import value_label
from claimledger.publishing.columns import Meaning, Table, label_meaning
from claimledger.publishing import exports
from claimledger.publishing.csv_exchange import Encoding, Guard, csv_chunks
from claimledger.publishing.exports import ExportFormat, ExportSelection
from claimledger.publishing.feeds import path_in_language
from claimledger.publishing.shared_columns import ArticleKey, ClaimKey, OptionalText
from claimledger.publishing.site import PageLanguage, Site

MOST_CLAIMS = 20_000
"""The largest number of claims in a file."""
_AT_ONCE = 500


class ClaimSheetRow(NamedTuple):
    """A claim with its verdicts and its evidence.

    주장 하나와 그 판정, 근거.
    """

    permalink: Annotated[str, Meaning("Permanent address.", "고정 주소.")]
    claim_id: ClaimKey
    statement_ko: Annotated[OptionalText, Meaning("The claim in Korean.", "주장(한국어).")]
    statement_en: Annotated[OptionalText, Meaning("The claim in English.", "주장(영어).")]
    kind: Annotated[str, Meaning("Kind.", "종류.")]
    kind_label: Annotated[str, Meaning("Label of the kind.", "종류의 이름.")]
    speaker_ko: Annotated[OptionalText, Meaning("The speaker in Korean.", "발언자(한국어).")]
    speaker_en: Annotated[OptionalText, Meaning("The speaker in English.", "발언자(영어).")]
    speaker_role: Annotated[OptionalText, Meaning("The speaker's role.", "직책.")]
    speaker_organization: Annotated[OptionalText, Meaning("The speaker's organisation.", "소속.")]
    attribution: Annotated[str, label_meaning("field.attribution")]
    attribution_label: Annotated[str, Meaning("Label of the attribution.", "인용 방식의 이름.")]
    source: Annotated[str, label_meaning("field.source")]
    fact_check: Annotated[str, label_meaning("field.so")]
    fact_check_label: Annotated[str, Meaning("Label of the fact check's verdict.", "사실 확인 판정의 이름.")]
    fact_check_reason_ko: Annotated[OptionalText, Meaning("Reason for it in Korean.", "그 이유(한국어).")]
    fact_check_reason_en: Annotated[OptionalText, Meaning("Reason for it in English.", "그 이유(영어).")]
    fact_check_as_of: Annotated[OptionalText, Meaning("Its as-of date.", "그 기준일.")]
    quote_check: Annotated[OptionalText, label_meaning("field.said")]
    quote_check_label: Annotated[OptionalText, Meaning("Label of the quote check's verdict.", "발언 확인 판정의 이름.")]
    quote_check_reason_ko: Annotated[OptionalText, Meaning("Reason for it in Korean.", "그 이유(한국어).")]
    quote_check_reason_en: Annotated[OptionalText, Meaning("Reason for it in English.", "그 이유(영어).")]
    quote_check_as_of: Annotated[OptionalText, Meaning("Its as-of date.", "그 기준일.")]
    figures: Annotated[OptionalText, Meaning("Figures as printed.", "수치(기사 표기).")]
    figure_values: Annotated[OptionalText, Meaning("Their values with units.", "수치의 값과 단위.")]
    evidence_count: Annotated[int, Meaning("Number of pieces of evidence.", "근거 수.")]
    evidence: Annotated[
        OptionalText, Meaning("Evidence: relation and address, one a line.", "근거: 관계와 주소, 한 줄에 하나.")
    ]
    article: ArticleKey
    article_headline: Annotated[OptionalText, Meaning("Headline of the article.", "기사 제목.")]
    article_publisher: Annotated[OptionalText, Meaning("Its publication.", "실린 매체.")]
    article_published_on: Annotated[OptionalText, Meaning("Its date of publication (EDTF).", "기사 발행일(EDTF).")]
    article_address: Annotated[OptionalText, Meaning("Its web address.", "기사 주소.")]
    topics: Annotated[str, label_meaning("field.topics")]
    topic_labels: Annotated[str, Meaning("Labels of the topics.", "주제의 이름.")]
    is_corrected: Annotated[int, Meaning("1 if the claim was ever corrected.", "정정된 적이 있으면 1.")]
    last_recorded_at: Annotated[str, Meaning("Time of publication of this version, UTC.", "이 버전의 공개 시각(UTC).")]


class EvidenceSheetRow(NamedTuple):
    """A piece of evidence of a claim.

    주장의 근거 하나.
    """

    permalink: Annotated[str, Meaning("Permanent address.", "고정 주소.")]
    claim_id: ClaimKey
    statement_ko: Annotated[OptionalText, Meaning("The claim in Korean.", "주장(한국어).")]
    statement_en: Annotated[OptionalText, Meaning("The claim in English.", "주장(영어).")]
    fact_check: Annotated[str, label_meaning("field.so")]
    fact_check_label: Annotated[str, Meaning("Label of the fact check's verdict.", "사실 확인 판정의 이름.")]
    position: Annotated[int, Meaning("Number of the evidence, from 1.", "근거 번호(1부터).")]
    stance: Annotated[str, label_meaning("field.stance")]
    stance_label: Annotated[str, Meaning("Label of the relation.", "관계의 이름.")]
    address: Annotated[OptionalText, Meaning("Address of the document.", "문서 주소.")]
    archived_address: Annotated[OptionalText, Meaning("Address of the archived copy.", "보존본 주소.")]
    document_id: Annotated[str, label_meaning("field.document_id")]
    title: Annotated[OptionalText, Meaning("Title.", "제목.")]
    publisher: Annotated[OptionalText, label_meaning("field.publisher")]
    published_on: Annotated[OptionalText, Meaning("Date of publication (EDTF).", "발행일(EDTF).")]
    tier: Annotated[OptionalText, label_meaning("field.tier")]
    tier_label: Annotated[OptionalText, Meaning("Label of the source type.", "자료 구분의 이름.")]
    summary_ko: Annotated[OptionalText, Meaning("Summary in Korean.", "요약(한국어).")]
    summary_en: Annotated[OptionalText, Meaning("Summary in English.", "요약(영어).")]


CLAIM_SHEET = Table("claims", ClaimSheetRow, key=("claim_id",))
EVIDENCE_SHEET = Table("claims-evidence", EvidenceSheetRow, key=("claim_id", "position"))

_CLAIMS = """
SELECT claims.rowid AS row, claims.*, speakers.name_ko AS speaker_ko, articles.headline AS headline, headline_ko,
  articles.publisher AS publisher, articles.published_on AS published_on, articles.address AS address,
  so.rationale_ko AS so_ko, so.rationale_en AS so_en, so.as_of AS so_as_of,
  said.rationale_ko AS said_ko, said.rationale_en AS said_en, said.as_of AS said_as_of,
  (SELECT group_concat(amount_text, '; ') FROM (SELECT amount_text FROM quantities q
    WHERE q.claim_id = claims.claim_id ORDER BY position)) AS figures,
  (SELECT group_concat(coalesce(amount, coalesce(low, '') || '..' || coalesce(high, '')) || ' ' ||
    coalesce(currency, unit, ''), '; ') FROM (SELECT * FROM quantities q
    WHERE q.claim_id = claims.claim_id ORDER BY position)) AS figure_values
FROM claims LEFT JOIN speakers USING (speaker) LEFT JOIN articles ON articles.article = claims.article
LEFT JOIN verdicts so ON so.claim_id = claims.claim_id AND so.question = 'so'
LEFT JOIN verdicts said ON said.claim_id = claims.claim_id AND said.question = 'said'
WHERE claims.rowid IN
"""
_EVIDENCE = """
SELECT evidence.*, claims.rowid AS row, statement_ko, statement_en, verification_status, documents.address AS address,
  archived_address, title, title_ko, documents.publisher AS publisher, documents.published_on AS published_on, tier
FROM claims JOIN evidence USING (claim_id) LEFT JOIN documents USING (document_id) WHERE claims.rowid IN
"""


def claim_sheet(
    connection: sqlite3.Connection, rows: Sequence[int], site: Site, language: PageLanguage
) -> Iterator[ClaimSheetRow]:
    """Yield the flat rows of claims, which are given by their row numbers, in the same order."""
    for start in range(0, len(rows), _AT_ONCE):
        block = rows[start : start + _AT_ONCE]
        evidence = _evidence_by_claim(connection, block)
        found = {row["row"]: row for row in _select(connection, _CLAIMS, block)}
        yield from (_claim_row(found[row], evidence.get(row, ()), site, language) for row in block)


def evidence_sheet(
    connection: sqlite3.Connection, rows: Sequence[int], site: Site, language: PageLanguage
) -> Iterator[EvidenceSheetRow]:
    """Yield the rows of the evidence of claims, in the order of the claims."""
    for start in range(0, len(rows), _AT_ONCE):
        block = rows[start : start + _AT_ONCE]
        evidence = _evidence_by_claim(connection, block)
        yield from (_evidence_row(one, site, language) for row in block for one in evidence.get(row, ()))


def claim_file(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    site: Site,
    language: PageLanguage,
    *,
    has_evidence: bool = False,
    is_workbook: bool = False,
    guard: Guard = Guard.ON,
    encoding: Encoding = Encoding.UTF_8_SIG,
) -> bytes:
    """Return the flat table of claims, or of their evidence, as CSV or as a workbook with widths and a filter.

    Guard and encoding are those of CSV.

    Raises:
        CharacterNotInEncoding, TextTooLong: the text at the named row and column cannot be written.
    """
    table, read_rows = (EVIDENCE_SHEET, evidence_sheet) if has_evidence else (CLAIM_SHEET, claim_sheet)
    found = read_rows(connection, rows, site, language)
    if not is_workbook:
        return b"".join(csv_chunks(table.header, found, guard=guard, encoding=encoding))
    return b"".join(exports.export_chunks(found, ExportSelection(table.name, table.columns), ExportFormat.XLSX))


def _select(connection: sqlite3.Connection, sql: str, rows: Sequence[int]) -> Iterator[sqlite3.Row]:
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    yield from cursor.execute(f"{sql} ({', '.join('?' * len(rows))})", rows)


def _evidence_by_claim(connection: sqlite3.Connection, rows: Sequence[int]) -> Mapping[int, Sequence[sqlite3.Row]]:
    found: dict[int, list[sqlite3.Row]] = {}
    for one in sorted(_select(connection, _EVIDENCE, rows), key=lambda one: one["position"]):
        found.setdefault(one["row"], []).append(one)
    return found


def _permalink(claim_id: str, site: Site, language: PageLanguage) -> str:
    return site.page(path_in_language(f"/claims/{claim_id}", language))


def _claim_row(row: sqlite3.Row, evidence: Sequence[sqlite3.Row], site: Site, language: PageLanguage) -> ClaimSheetRow:
    def label_in(column: str) -> str | None:
        return value_label("claims", column, row[column], language) if row[column] else None

    topics: list[str] = json.loads(row["topics"])
    return ClaimSheetRow(
        _permalink(row["claim_id"], site, language), row["claim_id"], row["statement_ko"], row["statement_en"],
        row["kind"], label_in("kind") or "", row["speaker_ko"],
        row["speaker"] if row["speaker"] != row["speaker_ko"] else None, row["speaker_role"],
        row["speaker_organization"], row["attribution"], label_in("attribution") or "", row["source"],
        row["verification_status"], label_in("verification_status") or "", row["so_ko"], row["so_en"], row["so_as_of"],
        row["attribution_status"], label_in("attribution_status"), row["said_ko"], row["said_en"], row["said_as_of"],
        row["figures"], row["figure_values"] and row["figure_values"].strip(), len(evidence),
        "\n".join(_evidence_line(one, language) for one in evidence) or None, row["article"],
        (row["headline_ko"] if language == "ko" else None) or row["headline"], row["publisher"], row["published_on"],
        row["address"], "; ".join(topics),
        "; ".join(value_label("claims", "topics", topic, language) for topic in topics), row["is_corrected"],
        row["last_recorded_at"],
    )  # fmt: skip


def _stance(one: sqlite3.Row, language: PageLanguage) -> str:
    return value_label("evidence", "stance", one["stance"], language)


def _evidence_line(one: sqlite3.Row, language: PageLanguage) -> str:
    return f"{_stance(one, language)}: {one['address'] or one['title'] or one['document_id']}"


def _evidence_row(one: sqlite3.Row, site: Site, language: PageLanguage) -> EvidenceSheetRow:
    return EvidenceSheetRow(
        _permalink(one["claim_id"], site, language), one["claim_id"], one["statement_ko"], one["statement_en"],
        one["verification_status"], value_label("claims", "verification_status", one["verification_status"], language),
        one["position"], one["stance"], _stance(one, language), one["address"], one["archived_address"],
        one["document_id"], (one["title_ko"] if language == "ko" else None) or one["title"], one["publisher"],
        one["published_on"], one["tier"],
        value_label("documents", "tier", one["tier"], language) if one["tier"] else None,
        one["summary_ko"], one["summary_en"],
    )  # fmt: skip
