"""The check sheet: an article's numbers and quotations on paper, each with a box to tick and room for a query.

In: an edition at hand, its coverage, its claims and what the writer was asked of them. Out: one HTML page, complete in
itself, that prints on A4. The invariant: every item of the coverage has its row, dates too, and every word from the
article is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined

from claimledger.article import words_after, words_before
from claimledger.coverage import Accounted, Item, Sort
from claimledger.editorial.at_desk import WriterQuery
from claimledger.editorial.edition_at_hand import EditionAtHand
from claimledger.models import Claim, Verdict
from claimledger.verdicts.answers import answer
from claimledger.vocabulary import Coverage, Term

CONTEXT = 40
"""Code points shown on each side of an item, at most."""
Queries = Mapping[str, Sequence[WriterQuery]]
"""The questions to the writer by the claim they are about."""


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
    sources: tuple[str, ...]
    """Where the article has it from, according to those claims."""
    queries: tuple[str, ...]
    """What the writer was asked about those claims, with the answer."""


def check_sheet(
    at_hand: EditionAtHand,
    accounted: Accounted,
    claims: Mapping[str, Claim],
    queries: Queries,
    language: str,
    served: Served | None = None,
) -> str:
    """Return the sheet as HTML; `language` is `ko` or `en`, `claims` the claims of the edition by name."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files(__package__).joinpath("check_sheet.html").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        article=at_hand.article,
        headline=_words(at_hand.article.headline, at_hand.article.language),
        publisher=_words(at_hand.article.publisher, language),
        edition=at_hand.edition,
        rows=list(_rows(at_hand, accounted, claims, queries, language)),
        accounted=accounted,
        states=list(Coverage),
        say=_SAYINGS[language],
        language=language,
        served=served,
    )


def _rows(
    at_hand: EditionAtHand, accounted: Accounted, claims: Mapping[str, Claim], queries: Queries, language: str
) -> Iterator[Row]:
    for number, item in enumerate(accounted.items, start=1):
        before, after = _around(at_hand.text.content, item)
        sources = (claims[name].source for name in item.by if name in claims)
        yield Row(
            number,
            at_hand.text.line_of(item.span.start),
            before,
            at_hand.words(item.span),
            after,
            item.sort,
            _label(item.state, language),
            tuple(_claimed(name, claims, language) for name in item.by),
            tuple(dict.fromkeys(f"{_label(one.kind, language)}: {_words(one.name, language)}" for one in sources)),
            tuple(_asked(one, language) for name in item.by for one in queries.get(name, ())),
        )


def _claimed(name: str, claims: Mapping[str, Claim], language: str) -> str:
    """Return what a claim says, its name and its verdicts; a reason of a dismissal, which names no claim, as it is."""
    if name not in claims:
        return name
    verdicts = (_judged(one, language) for one in claims[name].verdicts)
    return f"{_words(claims[name].statement, language)} ({name}){''.join(verdicts)}"


def _judged(verdict: Verdict, language: str) -> str:
    told = answer(verdict.question, verdict.value)
    return f". {_label(verdict.question, language)}: {_label(told, language)}"


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
    },
    "ko": {
        "title": "확인 목록", "article": "기사", "edition": "판(SHA-256)", "line": "줄",
        "passage": "기사에 적힌 대로", "state": "상태", "claim": "주장 또는 제외 사유", "source": "출처",
        "checked": "확인", "query": "필자에게 물을 것", "numbers": "숫자와 인용",
        "dates": "날짜와 기간", "checker": "확인한 사람", "date": "날짜", "of": "/",
        "accounted": "처리됨", "back": "기사로 돌아가기", "print": "인쇄", "other": "English",
    },
}  # fmt: skip
"""Words of the page by language."""
