"""Every claim page agrees with `ledger.db` field by field, for the repository's ledger and the made-up one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from made_ledger import made_entries, write_texts
from page_reading import seen

from claimledger.datasette_plugin.public_pages.readable import day_in_words
from claimledger.labels import shared_labels
from claimledger.models import Quantity
from claimledger.publishing import ledger_db
from claimledger.publishing.figure_words import figure_in_words
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.publishing.wording import topic_names
from claimledger.verdicts.answers import QuoteCheckStatus
from claimledger.verdicts.reasons import split_reason
from claimledger.vocabulary import (
    AttributionMode, CaptureExtent, Comparator, CorrectionKind, Direction, Medium, Question, RevisionKind, Severity,
    SourceKind, Stance, Term, Tier, VerificationStatus,
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

FIRST = Path(__file__).parent.parent / "ledger.db"
Serve = Callable[..., Datasette]
LANGUAGES = ("ko", "en")


@pytest.fixture(scope="module")
def made_up_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("agree") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["first", "made"])
async def test_claim_pages_show_all_the_ledger_contains(
    serve: Serve, made_up_ledger: Path, which: str, language: str
) -> None:
    path = FIRST if which == "first" else made_up_ledger
    datasette = serve(path)
    with open_ledger(path) as connection:
        claims = connection.execute("SELECT * FROM claims").fetchall()
        assert len(claims) >= (100 if which == "first" else 8)
        for claim in claims:
            page = await seen(datasette, f"/claims/{claim['claim_id']}?lang={language}")
            missing = [
                text for text in expected_texts(connection, claim, language) if normalise_spaces(text) not in page.words
            ]
            assert missing == [], claim["claim_id"]
            addresses = {address for address in evidence_addresses(connection, claim) if address}
            assert addresses <= set(page.links())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["first", "made"])
async def test_claims_are_listed_by_article_speaker_and_source(
    serve: Serve, made_up_ledger: Path, which: str, language: str
) -> None:
    path = FIRST if which == "first" else made_up_ledger
    datasette = serve(path)
    with open_ledger(path) as connection:
        for column, folder in (("article", "articles"), ("speaker", "speakers"), ("source", "sources")):
            for row in connection.execute(f"SELECT * FROM {folder}").fetchall():  # noqa: S608  a name of our own
                address = datasette.urls.path(f"/{folder}/") + quote(row[column], safe="")
                sql = f"SELECT * FROM claims WHERE {column} = ?"  # noqa: S608  our own
                claims = connection.execute(sql, (row[column],)).fetchall()
                pages = [
                    await seen(datasette, f"{address}?lang={language}&page={number}")
                    for number in range(1, len(claims) // LINES_PER_PAGE + 2)
                ]
                for claim in claims:
                    (page,) = [one for one in pages if f"/claims/{claim['claim_id']}" in one.links()]
                    statement = claim[f"statement_{language}"] or claim["statement_en"] or claim["statement_ko"]
                    after = page.words[
                        page.words.index(normalise_spaces(statement)) + len(normalise_spaces(statement)) :
                    ]
                    assert after.startswith(f" {verdict_words(claim, language)}"), claim["claim_id"]


def verdict_words(claim: sqlite3.Row, language: str) -> str:
    """Return the verdicts as a list shows them for a claim."""
    fact_check, quote_check = (
        f"{MARK[claim[status]]} {label(terms, claim[status], language)}" if claim[status] else ""
        for status, terms in (("verification_status", VerificationStatus), ("attribution_status", QuoteCheckStatus))
    )
    labels = {"ko": ("발언 확인", "사실 확인"), "en": ("Quote check", "Fact check")}[language]
    return (
        fact_check
        if claim["attribution_status"] in (None, "not_checked")
        else f"{labels[0]} {quote_check} {labels[1]} {fact_check}"
    )


def normalise_spaces(text: str) -> str:
    return " ".join(text.split())


def label(vocabulary: type[Term], value: str, language: str) -> str:
    return str(getattr(vocabulary(value), f"label_{language}"))


def in_language_or_other(row: sqlite3.Row, name: str, language: str) -> str | None:
    """Return a text of a row in a language, or else in the other one."""
    other = "en" if language == "ko" else "ko"
    text: str | None = row[f"{name}_{language}"] or row[f"{name}_{other}"]
    return text


def expected_texts(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    """Yield every text of the ledger that the claim's page must contain."""
    yield from filter(
        None, (claim["statement_en"], claim["statement_ko"], in_language_or_other(claim, "note", language))
    )
    for question, status in ((Question.SO, "verification_status"), (Question.SAID, "attribution_status")):
        if question is Question.SAID and not claim["speaker"]:
            yield f"{_question(claim, 'said', language)} {NOT_SAID[language]}"
            continue
        word = label(QuoteCheckStatus if question is Question.SAID else VerificationStatus, claim[status], language)
        yield f"{_question(claim, question, language)} {MARK[claim[status]]} {word}"
    yield label(AttributionMode, claim["attribution"], language)
    yield label(SourceKind, claim["source_kind"], language)
    yield from (_day(day, language) for day in (claim["said_on"], claim["about_on"]) if day)
    yield from _people(connection, claim, language)
    yield from _figures(connection, claim, language)
    yield from _topics(connection, claim, language)
    yield from _verdicts(connection, claim, language)
    yield from _evidence(connection, claim, language)
    yield from _findings(connection, claim, language)
    yield from _places(connection, claim)
    yield from _history(connection, claim, language)


def _question(claim: sqlite3.Row, question: str, language: str) -> str:
    """Return the question in full; for a claim from a report it has its own form."""
    is_report = question == "said" and claim["attribution"] == "document" and claim["source_kind"] == "report"
    return shared_labels()[f"question.{question}{'_report' if is_report else ''}"][language]


def _day(date: str, language: str) -> str:
    return day_in_words(date, "ko" if language == "ko" else "en")


NOT_SAID = {"ko": "− 해당 없음 인용된 발언이 없습니다.", "en": "− Not applicable No one is quoted:"}
MARK = {"not_checked": "○", "supported": "✓", "refuted": "✕", "conflicting_evidence": "⇄", "not_enough_evidence": "?",
        "nothing_found": "∅", "not_checkable": "–"}  # fmt: skip


def _rows(connection: sqlite3.Connection, table: str, claim: sqlite3.Row) -> list[sqlite3.Row]:
    sql = f"SELECT * FROM {table} WHERE claim_id = ?"  # noqa: S608  a name of our own
    return connection.execute(sql, (claim["claim_id"],)).fetchall()


def _people(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    for table, column in (("speakers", "speaker"), ("sources", "source")):
        sql = f"SELECT * FROM {table} WHERE {column} = ?"  # noqa: S608  names of our own
        named = connection.execute(sql, (claim[column],)).fetchone()
        if named:
            name = str(named[column]).split(" (")[0] if table == "sources" else named[column]
            yield named["name_ko"] if language == "ko" and named["name_ko"] else name
    if language == "en":
        yield from filter(None, (claim["speaker_role"], claim["speaker_organization"]))


def _figures(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    for row in _rows(connection, "quantities", claim):
        yield row["amount_text"]
        numbers: dict[str, Any] = {
            name: Decimal(str(row[name])) for name in ("amount", "low", "high") if row[name] is not None
        }
        bounds: dict[str, Any] = {name: of(row[name]) for name, of in BOUNDS.items() if row[name]}
        quantity = Quantity(text=row["amount_text"], unit=row["unit"], currency=row["currency"], **numbers, **bounds)
        yield figure_in_words(quantity, "ko" if language == "ko" else "en")


BOUNDS: Mapping[str, type[Term]] = {"comparator": Comparator, "direction": Direction}


def _topics(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    for row in _rows(connection, "topics", claim):
        names = topic_names(row["topic"])
        yield names.get(language) or names["en"]


def _verdicts(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    for row in _rows(connection, "verdicts", claim):
        yield from split_reason(str(in_language_or_other(row, "rationale", language)))
        yield from (_day(row[name], language) for name in ("as_of", "recheck_after") if row[name])


def _evidence(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    for row in _rows(connection, "evidence", claim):
        yield label(Stance, row["stance"], language)
        yield from filter(None, (in_language_or_other(row, "summary", language), row["excerpt"]))
        document = connection.execute("SELECT * FROM documents WHERE document_id = ?", (row["document_id"],)).fetchone()
        for name in (row["document_id"], *(document["derives_from"] or "").split("; ")):
            sql = "SELECT title, title_ko FROM documents WHERE document_id = ?"
            for title, korean in connection.execute(sql, (name,)):
                yield (korean if language == "ko" else None) or title
        texts = ("address", "archived_address", "content_sha256", "document_id")
        yield from (document[name] for name in texts if document[name])
        yield _day(document["published_on"] or "", language)
        yield document["obtained_at"][:10]
        for name, vocabulary in (("medium", Medium), ("tier", Tier), ("captured", CaptureExtent)):
            yield label(vocabulary, document[name], language)


def evidence_addresses(connection: sqlite3.Connection, claim: sqlite3.Row) -> Iterator[str | None]:
    """Yield the addresses where the evidence of a claim can be read."""
    for row in connection.execute(
        "SELECT address, archived_address FROM evidence JOIN documents USING (document_id) WHERE claim_id = ?",
        (claim["claim_id"],),
    ):
        yield from row


def _findings(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    for row in _rows(connection, "findings", claim):
        yield from (row["code"], row[f"computed_{language}"], label(Severity, row["severity"], language))
        yield from filter(None, (row["other_claim_id"], row["document_id"]))


def _places(connection: sqlite3.Connection, claim: sqlite3.Row) -> Iterator[str]:
    for row in _rows(connection, "appearances", claim):
        yield from (row["edition_sha256"], f"{row['start'] + 1:,}", f"{row['end']:,}")
        yield row["quote"] or row["quote_sha256"]


def _history(connection: sqlite3.Connection, claim: sqlite3.Row, language: str) -> Iterator[str]:
    rows = _rows(connection, "history", claim)
    redacted = max((row["revision"] for row in rows if row["kind"] == RevisionKind.REDACTION), default=0)
    for row in rows:
        at = f"{row['recorded_at'][:10]} {row['recorded_at'][11:16]} UTC"
        yield f"{at} {label(RevisionKind, row['kind'], language)} ·"
        yield from (row["actor"], row["approver"])
        if row["revision"] > redacted:  # an earlier reason may contain the redacted text
            yield row["reason"]
    for row in _rows(connection, "corrections", claim):
        yield label(CorrectionKind, row["kind"], language)
        if row["revision"] > redacted:
            yield str(in_language_or_other(row, "public_note", language))
