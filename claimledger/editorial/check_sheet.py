"""The check sheet: an article's numbers and quotations on paper, each with a box to tick and room for a query.

In: an edition at hand, its coverage, and its claims as they stand on the desk. Out: one HTML page, complete in itself,
that prints on A4. The invariant: every item of the coverage has its row, dates too; no verdict stands there without its
claim's findings, or as public if it is not; and every word from the article is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined, Template

from claimledger import agreement, consistency
from claimledger.article import words_after, words_before
from claimledger.coverage import Accounted, Item, Sort
from claimledger.editorial.claim_at_desk import ClaimAtDesk, WriterQuery
from claimledger.editorial.current_edition import EditionAtHand
from claimledger.errors import Problem
from claimledger.models import Verdict
from claimledger.verdicts.answers import answer
from claimledger.vocabulary import Coverage, Term

CONTEXT = 40
"""Code points shown on each side of an item, at most."""


class Served(NamedTuple):
    """What leads on from a sheet that is shown in a browser and not kept as a file."""

    back: str
    """Address of the article's page."""
    script: str
    """Address of the script by which its button prints."""


class Row(NamedTuple):
    """A line of the sheet."""

    number: int
    """From 1."""
    line: int
    """The line of the text, from 1."""
    before: str
    """What stands before the item in its line."""
    words: str
    """The item."""
    after: str
    """What stands after it in its line."""
    sort: Sort
    """What it is."""
    state: str
    """Whether it is accounted for, as a label."""
    by: tuple[str, ...]
    """What the claims that have it say, each with its name; or why it was dismissed."""
    findings: tuple[str, ...]
    """Where the wording of those claims disagrees, as far as nobody waived it."""
    sources: tuple[str, ...]
    """Where the article has it from, according to those claims."""
    queries: tuple[str, ...]
    """What the writer was asked about those claims, with the answer."""


def check_sheet(
    at_hand: EditionAtHand,
    accounted: Accounted,
    claims: Mapping[str, ClaimAtDesk],
    language: str,
    served: Served | None = None,
) -> str:
    """Return the sheet as HTML; `language` is `ko` or `en`, `claims` the claims of the edition by name."""
    return _template().render(
        article=at_hand.article,
        headline=_words(at_hand.article.headline, at_hand.article.language),
        publisher=_words(at_hand.article.publisher, language),
        edition=at_hand.edition,
        rows=list(_rows(at_hand, accounted, claims, language)),
        accounted=accounted,
        states=list(Coverage),
        say=_SAYINGS[language],
        language=language,
        served=served,
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files(__package__).joinpath("check_sheet.html").read_text(encoding="utf-8"))


def _rows(
    at_hand: EditionAtHand, accounted: Accounted, claims: Mapping[str, ClaimAtDesk], language: str
) -> Iterator[Row]:
    for number, item in enumerate(accounted.items, start=1):
        before, after = _around(at_hand.text.content, item)
        own = [claims[name] for name in item.by if name in claims]
        sources = (one.claim.source for one in own)
        yield Row(
            number,
            at_hand.text.line_of(item.span.start),
            before,
            at_hand.words(item.span),
            after,
            item.sort,
            _label(item.state, language),
            tuple(_claimed(name, claims, language) for name in item.by),
            tuple(dict.fromkeys(_found(one, language) for at in own for one in at.findings)),
            tuple(dict.fromkeys(f"{_label(one.kind, language)}: {_words(one.name, language)}" for one in sources)),
            tuple(_asked(one, language) for at in own for one in at.queries()),
        )


def _claimed(name: str, claims: Mapping[str, ClaimAtDesk], language: str) -> str:
    """Return what a claim says, its name and its verdicts; a reason of a dismissal, which names no claim, as it is."""
    if name not in claims:
        return name
    at = claims[name]
    verdicts = (f". {_judged(one, at, language)}" for one in at.claim.verdicts)
    return f"{_words(at.claim.statement, language)} ({name}){''.join(verdicts)}"


def _judged(verdict: Verdict, at: ClaimAtDesk, language: str) -> str:
    """Return what a verdict says, and whether it is only proposed."""
    said = f"{_label(verdict.question, language)}: {_label(answer(verdict.question, verdict.value), language)}"
    is_public = at.public is not None and verdict in at.public.verdicts
    return said if is_public else f"{said} ({_SAYINGS[language]['proposed']})"


def _found(finding: Problem, language: str) -> str:
    meaning = agreement.CODES.get(finding.code) or consistency.CODES[finding.code]
    return f"{meaning.ko if language == 'ko' else meaning.en} [{finding.code}]"


def _asked(query: WriterQuery, language: str) -> str:
    detail = query.asked.deed.detail
    return f"{detail['as_printed']} → {detail['should_read']} ({_label(query.answer, language)})"


def _around(text: str, item: Item) -> tuple[str, str]:
    start, end = text.rfind("\n", 0, item.span.start) + 1, text.find("\n", item.span.end)
    end = len(text) if end < 0 else end
    return words_before(text[start : item.span.start], CONTEXT), words_after(text[item.span.end : end], CONTEXT)


def _words(wording: Mapping[str, str], language: str) -> str:
    return wording.get(language) or next(iter(wording.values()))


def _label(term: Term, language: str) -> str:
    return term.label_ko if language == "ko" else term.label_en


_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Check sheet", "article": "Article", "edition": "Edition (SHA-256)", "line": "Line",
        "passage": "As printed", "state": "State", "claim": "Claim, or why none", "source": "Source",
        "checked": "Checked", "query": "Query to the writer", "numbers": "Numbers and quotations",
        "dates": "Dates and lengths of time", "checker": "Checker", "date": "Date", "of": "of",
        "accounted": "accounted for", "back": "Back to the article", "print": "Print", "other": "한국어",
        "proposed": "proposed, not public yet",
    },
    "ko": {
        "title": "확인 목록", "article": "기사", "edition": "판(SHA-256)", "line": "줄",
        "passage": "기사에 적힌 대로", "state": "상태", "claim": "주장 또는 제외 사유", "source": "출처",
        "checked": "확인", "query": "필자에게 물을 것", "numbers": "숫자와 인용",
        "dates": "날짜와 기간", "checker": "확인한 사람", "date": "날짜", "of": "/",
        "accounted": "처리됨", "back": "기사로 돌아가기", "print": "인쇄", "other": "English",
        "proposed": "제안, 아직 공개되지 않음",
    },
}  # fmt: skip
"""Words of the page by language."""
