"""The check sheet: an article's numbers and quotations on paper, each with a tick box and space for a query.

The result is one HTML page that prints on A4. Every item of the coverage has a row, dates included. A verdict appears
only with its claim's findings, and is marked as proposed if it is not public. All article text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined, Template

from claimledger import agreement, consistency
from claimledger.article import words_after, words_before
from claimledger.coverage import CoverageReport, CoverageItem, CoverageKind
from claimledger.editorial.claim_at_desk import ClaimAtDesk, WriterQuery
from claimledger.editorial.current_edition import EditionWithText
from claimledger.errors import Problem
from claimledger.labels import label_text
from claimledger.models import Verdict
from claimledger.verdicts.answers import labelled_verdict
from claimledger.desk_vocabulary import Coverage
from claimledger.vocabulary import Term

ITEM_CONTEXT = 40
"""The most code points shown on each side of an item."""


class PageLinks(NamedTuple):
    """The links of a sheet that is shown in a browser instead of being saved as a file."""

    back: str
    """The address of the article's page."""
    script: str
    """The address of the script behind the print button."""


class CheckSheetRow(NamedTuple):
    """A row of the sheet."""

    number: int
    """The row's number, from 1."""
    line: int
    """The line of the text, from 1."""
    before: str
    """The words before the item in its line."""
    words: str
    """The item."""
    after: str
    """The words after the item in its line."""
    sort: CoverageKind
    """The item's type."""
    state: str
    """The label of its state."""
    by: tuple[str, ...]
    """The statements of its claims with their identifiers, or the reason of its dismissal."""
    findings: tuple[str, ...]
    """The open findings on those claims."""
    sources: tuple[str, ...]
    """The article's sources according to those claims."""
    queries: tuple[str, ...]
    """The queries on those claims, with their answers."""


def render_check_sheet(
    at_hand: EditionWithText,
    accounted: CoverageReport,
    claims: Mapping[str, ClaimAtDesk],
    language: str,
    served: PageLinks | None = None,
) -> str:
    """Return the sheet as HTML; `language` is `ko` or `en`, and `claims` maps identifiers to the edition's claims."""
    return _template().render(
        article=at_hand.article,
        headline=_words(at_hand.article.headline, at_hand.article.language),
        publisher=_words(at_hand.article.publisher, language),
        edition=at_hand.edition,
        rows=list(_rows(at_hand, accounted, claims, language)),
        accounted=accounted,
        states=list(Coverage),
        say=_PAGE_TEXTS[language],
        language=language,
        served=served,
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files(__package__).joinpath("check_sheet.html").read_text(encoding="utf-8"))


def _rows(
    at_hand: EditionWithText, accounted: CoverageReport, claims: Mapping[str, ClaimAtDesk], language: str
) -> Iterator[CheckSheetRow]:
    for number, item in enumerate(accounted.items, start=1):
        before, after = _context(at_hand.text.content, item)
        own = [claims[name] for name in item.by if name in claims]
        sources = (one.claim.source for one in own)
        yield CheckSheetRow(
            number,
            at_hand.text.line_number(item.span.start),
            before,
            at_hand.words(item.span),
            after,
            item.sort,
            _label(item.state, language),
            tuple(_claim_text(name, claims, language) for name in item.by),
            tuple(dict.fromkeys(_finding_text(one, language) for at in own for one in at.findings)),
            tuple(dict.fromkeys(f"{_label(one.kind, language)}: {_words(one.name, language)}" for one in sources)),
            tuple(_query_text(one, language) for at in own for one in at.queries()),
        )


def _claim_text(name: str, claims: Mapping[str, ClaimAtDesk], language: str) -> str:
    """Return a claim's statement, identifier and verdicts; a dismissal reason is returned unchanged."""
    if name not in claims:
        return name
    at = claims[name]
    verdicts = (f". {_verdict_text(one, at, language)}" for one in at.claim.verdicts)
    return f"{_words(at.claim.statement, language)} ({name}){''.join(verdicts)}"


def _verdict_text(verdict: Verdict, at: ClaimAtDesk, language: str) -> str:
    """Return the label of a verdict, marked if it is only proposed."""
    text = (
        f"{_label(verdict.question, language)}: {_label(labelled_verdict(verdict.question, verdict.value), language)}"
    )
    is_public = at.public is not None and verdict in at.public.verdicts
    return text if is_public else f"{text} ({_PAGE_TEXTS[language]['proposed']})"


def _finding_text(finding: Problem, language: str) -> str:
    meaning = agreement.AGREEMENT_CODES.get(finding.code) or consistency.FINDING_CODES[finding.code]
    return f"{meaning.ko if language == 'ko' else meaning.en} [{finding.code}]"


def _query_text(query: WriterQuery, language: str) -> str:
    detail = query.asked.entry.detail
    return f"{detail['as_printed']} → {detail['should_read']} ({_label(query.answer, language)})"


def _context(text: str, item: CoverageItem) -> tuple[str, str]:
    start, end = text.rfind("\n", 0, item.span.start) + 1, text.find("\n", item.span.end)
    end = len(text) if end < 0 else end
    return words_before(text[start : item.span.start], ITEM_CONTEXT), words_after(
        text[item.span.end : end], ITEM_CONTEXT
    )


def _words(wording: Mapping[str, str], language: str) -> str:
    return wording.get(language) or next(iter(wording.values()))


def _label(term: Term, language: str) -> str:
    return term.label_ko if language == "ko" else term.label_en


_PAGE_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Check sheet", "article": label_text("field.article_id", "en"), "edition": "Edition (SHA-256)",
        "line": "Line", "passage": label_text("field.quote", "en"), "state": "Status",
        "claim": "Claim, or reason for the exclusion", "source": label_text("field.source", "en"),
        "checked": "Checked", "query": label_text("field.query", "en"), "numbers": "Numbers and quotations",
        "dates": "Dates and durations", "checker": "Checked by", "date": "Date", "of": "of",
        "accounted": "reviewed", "back": "Back to the article", "print": "Print", "other": "한국어",
        "proposed": "proposed, not public yet",
    },
    "ko": {
        "title": "확인 목록", "article": label_text("field.article_id", "ko"), "edition": "판(SHA-256)",
        "line": "줄", "passage": label_text("field.quote", "ko"), "state": "상태",
        "claim": "주장 또는 제외한 이유", "source": label_text("field.source", "ko"),
        "checked": "확인", "query": label_text("field.query", "ko"), "numbers": "숫자와 인용",
        "dates": "날짜와 기간", "checker": "확인한 사람", "date": "날짜", "of": "/",
        "accounted": "검토함", "back": "기사로 돌아가기", "print": "인쇄", "other": "English",
        "proposed": "판정안, 아직 공개되지 않음",
    },
}  # fmt: skip
"""The texts of the page by language."""
