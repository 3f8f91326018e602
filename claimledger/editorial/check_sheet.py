"""The check sheet: an article's numbers and quotations on paper, each with a box to tick and room for a query.

In: an edition at hand and its coverage. Out: one HTML page, complete in itself, that prints on A4. The invariant: every
item of the coverage has its row, dates too, and every word from the article is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined

from claimledger.coverage import Accounted, Item, Sort
from claimledger.editorial.edition_at_hand import EditionAtHand
from claimledger.models import Claim
from claimledger.vocabulary import Coverage, SourceKind

CONTEXT = 40
"""Code points shown on each side of an item."""


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


def check_sheet(at_hand: EditionAtHand, accounted: Accounted, claims: Mapping[str, Claim], language: str) -> str:
    """Return the sheet as HTML; `language` is `ko` or `en`, `claims` the claims of the edition by name."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files(__package__).joinpath("check_sheet.html").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        article=at_hand.article,
        headline=_words(at_hand.article.headline, at_hand.article.language),
        publisher=_words(at_hand.article.publisher, language),
        edition=at_hand.edition,
        rows=list(_rows(at_hand, accounted, claims, language)),
        accounted=accounted,
        states=list(Coverage),
        label=lambda term: term.label_ko if language == "ko" else term.label_en,
        say=_SAYINGS[language],
        language=language,
    )


def _rows(at_hand: EditionAtHand, accounted: Accounted, claims: Mapping[str, Claim], language: str) -> Iterator[Row]:
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
            item.state.label_ko if language == "ko" else item.state.label_en,
            tuple(_claimed(name, claims, language) for name in item.by),
            tuple(dict.fromkeys(f"{_label(one.kind, language)}: {_words(one.name, language)}" for one in sources)),
        )


def _claimed(name: str, claims: Mapping[str, Claim], language: str) -> str:
    """Return what a claim says and its name; a reason of a dismissal, which names no claim, as it is."""
    return f"{_words(claims[name].statement, language)} ({name})" if name in claims else name


def _around(text: str, item: Item) -> tuple[str, str]:
    first = max(text.rfind("\n", 0, item.span.start) + 1, item.span.start - CONTEXT)
    line_end = text.find("\n", item.span.end)
    last = min(len(text) if line_end < 0 else line_end, item.span.end + CONTEXT)
    return text[first : item.span.start], text[item.span.end : last]


def _words(wording: Mapping[str, str], language: str) -> str:
    return wording.get(language) or next(iter(wording.values()))


def _label(kind: SourceKind, language: str) -> str:
    return kind.label_ko if language == "ko" else kind.label_en


_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Check sheet", "article": "Article", "edition": "Edition (SHA-256)", "line": "Line",
        "passage": "As printed", "state": "State", "claim": "Claim, or why none", "source": "Source",
        "checked": "Checked", "query": "Query to the writer", "numbers": "Numbers and quotations",
        "dates": "Dates and lengths of time", "checker": "Checker", "date": "Date", "of": "of",
        "accounted": "accounted for",
    },
    "ko": {
        "title": "확인 목록", "article": "기사", "edition": "판(SHA-256)", "line": "줄",
        "passage": "기사에 적힌 대로", "state": "상태", "claim": "주장 또는 제외 사유", "source": "출처",
        "checked": "확인", "query": "필자에게 물을 것", "numbers": "숫자와 인용",
        "dates": "날짜와 기간", "checker": "확인한 사람", "date": "날짜", "of": "/",
        "accounted": "처리됨",
    },
}  # fmt: skip
"""Words of the page by language."""
