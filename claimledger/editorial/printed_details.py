"""Reads an article's details from its own lines: headline, date, byline, publication and rights holder.

A plain text has no metadata, but often prints it: "기사승인 2031.05.02", "By Jane Roe", "© 2031 The Harbour Times".
Only whole lines of these forms are read. If two lines contradict each other, or a headline could be a first
sentence, the detail stays unknown. What a page or file states explicitly is never replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import NamedTuple

from claimledger.furniture import is_furniture
from claimledger.intake import ExtractedDocument
from claimledger.quantities import find_figures
from claimledger.quantities.resolving import Basis, resolve_date
from claimledger.quantities.figure import Figure, FigureRole

_LONGEST_HEADLINE = 120
_LONGEST_LINE = 160
_LINES_AT_EDGES = 20
"""Details are printed in the first and the last lines of a text."""
_SPACE = " \t\u00a0\u3000\u200b\ufeff"


class PrintedDetails(NamedTuple):
    """The details that the lines of a text print; None or empty if they print none, or contradict each other."""

    headline: str | None
    published_on: str | None
    authors: tuple[str, ...]
    holder: str | None
    """The name in the copyright line, which is the publication too."""


def add_printed_details(found: ExtractedDocument) -> ExtractedDocument:
    """Return a document whose missing details are filled from its lines."""
    printed = read_printed_details(found.text.decode(errors="replace"))
    return replace(
        found,
        headline=found.headline or printed.headline,
        publisher=found.publisher or printed.holder,
        published_on=found.published_on or printed.published_on,
        authors=found.authors or printed.authors,
    )


def read_printed_details(text: str) -> PrintedDetails:
    r'''Return the details that a text prints.

    >>> details = read_printed_details("""항만 물동량 5월에 10% 늘어
    ... 입력 2031.06.02 09:30 | 수정 2031.06.03
    ... 홍길동 기자
    ...
    ... 항만공사는 물동량이 10% 늘었다고 밝혔다.
    ... <저작권자 © 바다신문 무단전재 및 재배포금지>""")
    >>> details.headline, details.published_on, details.authors, details.holder
    ('항만 물동량 5월에 10% 늘어', '2031-06-02', ('홍길동',), '바다신문')
    '''
    lines = [line.strip(_SPACE) for line in text.splitlines()]
    shown = [line for line in lines if line]
    edges = [line for line in _edges(shown) if len(line) <= _LONGEST_LINE]
    return PrintedDetails(_headline(shown), _publication_date(edges), _authors(edges), _holder(edges))


def _edges(lines: Sequence[str]) -> Sequence[str]:
    return lines if len(lines) <= 2 * _LINES_AT_EDGES else [*lines[:_LINES_AT_EDGES], *lines[-_LINES_AT_EDGES:]]


def _headline(lines: Sequence[str]) -> str | None:
    """Return the first line of the article if it is a headline for certain."""
    body = [*islice((line for line in lines if not is_furniture(line) and not _date_of_line(line)), 2)]
    if len(body) < 2 or len(body[0]) > _LONGEST_HEADLINE:  # noqa: PLR2004  a headline and a text below it
        return None
    is_shorter = len(body[0]) < len(body[1])
    return body[0] if is_shorter and _has_headline_form(body[0]) else None


_SENTENCE_END = re.compile(r"(?:[가-힣][.]|[다요죠]|[.?!]”|;)$")
_DATELINE = re.compile(r"[\[(][^\])]{2,20}=[^\])]{2,12}[\])]|[A-Z]{3,}.{0,40}\([A-Z][A-Za-z]+\) [—–-]")
_LABELLED = re.compile(r"[■◆▶▲【\[-]|(?:by|글|사진) |.{0,24}[:：]$", re.IGNORECASE)
_LONG_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]{3,}")
_TITLE_CASE_SHARE = 0.6


def _has_headline_form(line: str) -> bool:
    """Return whether a line is a headline: no Korean sentence, and no English sentence in lower case."""
    if _SENTENCE_END.search(line) or _DATELINE.match(line) or _LABELLED.match(line):
        return False
    words = _LONG_WORD.findall(line)
    if re.search("[가-힣]", line) or not words or not line.endswith((".", "!", "?")):
        return True
    capitals = [word for word in words if word[0].isupper()]
    return len(capitals) >= _TITLE_CASE_SHARE * len(words)


_STEP = re.compile(
    r"(승인|입력|등록|송고|발행|게재|작성|published|posted)|(수정|업데이트|updated|modified)", re.IGNORECASE
)


def _publication_date(lines: Iterable[str]) -> str | None:
    """Return the only date of publication that the lines state; dates of updates do not count."""
    found = [on for line in lines if (on := _date_of_line(line))]
    return found[0] if len(set(found)) == 1 else None


def _date_of_line(line: str) -> str | None:
    """Return the date of publication in a line that has nothing else, apart from times and words for the step."""
    if len(line) > _LONGEST_LINE or not any(map(str.isdigit, line)):
        return None
    dates = [(one.start, on) for one in find_figures(line) if one.role is FigureRole.DATE and (on := _full_date(one))]
    steps = [*_STEP.finditer(line)]
    if not dates:
        return None
    if not steps:
        return dates[0][1] if _DATE_ALONE.fullmatch(line) else None
    at = next((step.end() for step in steps if step[1]), None)
    return next((on for start, on in dates if at is not None and start >= at), None) if is_furniture(line) else None


_DATE_ALONE = re.compile(
    r"[\[(]?(?:\d{4} ?[-./년] ?\d{1,2} ?[-./월] ?\d{1,2} ?일?\.?|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|"
    r"\d{1,2} [A-Z][a-z]{2,8}\.? \d{4})[\])]?(?: ?\(?[월화수목금토일](?:요일)?\)?)?"
    r"(?:,? ?\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_LENGTH_OF_DAY = 10
_ANY_DAY = date(2000, 1, 1)
"""A printed date with its year does not depend on the day that it is read relative to."""


def _full_date(figure: Figure) -> str | None:
    """Return a date that is printed with its year, to the day."""
    if not re.search(r"\d{4}", figure.text):
        return None
    found = resolve_date(figure, _ANY_DAY)
    is_day = found.basis is Basis.EXPLICIT and len(found.edtf or "") == _LENGTH_OF_DAY
    return found.edtf if is_day else None


_NAME = "[가-힣]{2,4}"
_JOB = "(?:(?:선임|객원|인턴|수습|전문) ?)?기자|특파원|논설위원|편집위원|에디터|통신원"
_KOREAN_BYLINE = re.compile(
    rf"(?:[\[(][^\])]{{2,30}}[\])] ?)?(?:[가-힣]{{2,8}}(?:부|팀|국)? )?"
    rf"(?P<names>{_NAME}(?:[,·] ?{_NAME}){{0,5}}) ?(?:{_JOB})"
    r"(?: ?=| [\w.+-]+@[\w.-]+|\]?$)"
)
_NOT_A_NAME = re.compile(r"본지|본보|사진|취재|편집|수습|선임|객원|시민|공동|.{1,3}(?:부|팀|국|일보|신문|뉴스)$")
_WITH_CHARACTERS = re.compile(r"(?:([가-힣]{2,6}) [一-龥]{2,4}[,·\s]*)+")
_ENGLISH_BYLINE = re.compile(r"by (?P<names>[A-Z][^,|·:;()]{2,80})(?:[,|·].{0,60})?", re.IGNORECASE)
_ENGLISH_NAME = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|van|de|bin|al|von|da|der)){1,4}")


def _authors(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the names in bylines, in their order."""
    return tuple(dict.fromkeys(name for line in lines for name in _byline_names(line)))


def _byline_names(line: str) -> Sequence[str]:
    if found := _KOREAN_BYLINE.match(line):
        names = re.split(r"[,·] ?", found["names"])
        return [] if any(map(_NOT_A_NAME.match, names)) else names
    if _WITH_CHARACTERS.fullmatch(line):
        return re.findall("[가-힣]{2,6}", line)
    if (found := _ENGLISH_BYLINE.fullmatch(line)) and is_furniture(line):
        names = re.split(r",? and |, ?", found["names"].strip())
        return names if all(map(_ENGLISH_NAME.fullmatch, names)) else []
    return []


_MARK = r"(?:©|ⓒ|Ⓒ|\([cC]\))"
_COPYRIGHT = re.compile(
    rf"[<\[(]?\s*(?P<owner>저작권자)?\s*(?:copyrights?\s*)?(?:{_MARK}|(?<=copyright )(?=\d{{4}}))\s*(?:copyright\s*)?"
    r"(?:\d{4}(?:[-–]\d{4})?[,.]?\s*)?(?:by )?(?P<name>[^\d<>\[\]()|,.:;&]{2,40}?)"
    r"\s*(?P<end>[,.>\])|&]|무단|재배포|all rights|\d{4}|$)",
    re.IGNORECASE,
)


def _holder(lines: Iterable[str]) -> str | None:
    """Return the only rights holder that copyright lines name; a line with 저작권자 or a reservation goes first."""
    found = [(one["name"].strip(), _is_reservation(line, one)) for line in lines if (one := _copyright(line))]
    chosen = {name for name, is_reserved in found if is_reserved} or {name for name, _ in found}
    return chosen.pop() if len(chosen) == 1 else None


def _copyright(line: str) -> re.Match[str] | None:
    found = _COPYRIGHT.match(line)
    return found if found and not re.search(r"(?:다|요)$", found["name"]) else None


def _is_reservation(line: str, found: re.Match[str]) -> bool:
    return bool(found["owner"]) or re.search(r"무단|재배포|all rights", line, re.IGNORECASE) is not None
