"""Find page furniture: the parts of a news page that do not belong to the article.

Furniture is menus, share bars, issue and date lines, bylines, copyright notices, mail lines, picture credits, links to
other articles and ranked lists of them. A line is furniture only if the whole line matches a pattern, or if it is the
next number of a list under the heading of such a list, so possible prose is never removed. Furniture is masked and
never deleted, so offsets stay the same. The words of the patterns are in `furniture.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from claimledger.models import Span

LONGEST_LINE = 300
"""The greatest length of a furniture line in code points; a longer line is prose."""

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_SPACE = " \t\u00a0\u3000\u200b\ufeff"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_NUMBERED = r"\d{4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}"
_DATE = rf"(?:{_NUMBERED}|{_MONTH}\.? \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH} \d{{4}})"
_EDITING_STEP = (
    "(?:승인|입력|수정|등록|송고|발행|게재|작성|업데이트|최종\\s?(?:수정|입력|업데이트)|기사\\s?(?:입력|수정|등록))"
)
_PUBLISHED = "(?:published|updated|posted|last (?:modified|updated)|first published)(?: on| at)?"
_KOREAN_NAMES = "(?:[가-힣]{2,5}[,·\\s]*){1,6}"
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LONGEST_SIGNATURE = 40
_COPYRIGHT_MARK = re.compile(r"[<\[(]?\s*(?:copyright\s*)?(?:©|ⓒ|\(c\)\s*\d{4})|<\s*저작권자", re.IGNORECASE)
_PROSE = re.compile(r"[가-힣](?:다|요|까|죠|라)[.?!]|[a-z]{2,}[.?!](?:\s|$)")
_CREDIT = re.compile(r"(?:(?<=[다요]\.)|(?<=[a-z]\.))\s+([^.\s][^.?!]{1,18})$")
_ENTRY = re.compile(r"(?P<rank>[0-9]{1,2}|[①-⑳])(?:\s?[.)위]|(?=\s|$)|(?<=[①-⑳]))\s*(?P<headline>\S.{2,150})?")
"""An entry of a ranked list: "1. Harbor opens", "2위 …", or only a number before its headline."""
_CAPTION = re.compile(r"\s*(?:[▲△▼▶◀]|\(?사진\)?\s?[=:]|photo:)", re.IGNORECASE)


@dataclass(frozen=True)
class _Patterns:
    lines: tuple[re.Pattern[str], ...]
    rights: re.Pattern[str]
    lines_without_stop: re.Pattern[str]
    ranked: re.Pattern[str]
    """The heading of a ranked list, perhaps with its first entries on the same line."""


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    data = tomllib.loads(files(__package__).joinpath("furniture.toml").read_text(encoding="utf-8"))
    words = {name: "|".join(entries) for name, entries in data.items()}
    lines = (*_PAGE_PARTS, *_date_patterns(), *_list_patterns(words), *_byline_patterns(words), *data["notices"])
    return _Patterns(
        tuple(re.compile(line, re.IGNORECASE) for line in lines),
        re.compile(words["rights"], re.IGNORECASE),
        re.compile("|".join((*data["lines"], _LINK.format(words["links"]))), re.IGNORECASE),
        re.compile(
            rf"{_BULLETS}(?:{words['ranked']})[\]>】\s:：+>›]*(?:1\s?[.)위]\s?(?P<entries>\S.*))?", re.IGNORECASE
        ),
    )


_BULLETS = r"[\[<【■◆▶▲☞●○#\s]*"
_LINK = _BULLETS + r"(?:{})\s?[\]:：|>›»]\s?\S.{{2,150}}"
_PAGE_PARTS = (
    r"[#.]?[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*(?:_[a-z0-9]+)+(?:[_-][a-z0-9]+)*",  # default_news_ad1
    r"#[a-z][a-z0-9-]*|div-[a-z0-9-]+|googletag\..*|\(?adsbygoogle.*",
    r"(?:[가-힣A-Za-z]{1,12}\s?[>›»]\s?)+[가-힣A-Za-z·\s]{2,20}",
    r"(?:[<‹«◀]|처음|이전)?\s*(?:\[?\d{1,2}+\]?+\s*+[|·]?+\s*+){2,}+(?:다음|끝|next|last|[>›»▶])*",
)


def _date_patterns() -> tuple[str, ...]:
    """Return the patterns of lines with dates and issue numbers."""
    return (
        rf"(?:기사\s?)?{_EDITING_STEP}\s?(?:일시?|시간)?\s?[:：|]?\s?(?:\[[^\]]{{1,12}}\]\s?)?{_DATE}.{{0,80}}",
        rf"{_PUBLISHED}\s?[:：|]?\s?(?:[a-z]+day,? )?(?:\d{{1,2}}[:.]\d{{2}}.{{0,20}})?{_DATE}.{{0,60}}",
        rf"\[?(?:제\s?)?\d{{1,5}}호\]?(?:\s?[|·]?\s?{_DATE})?(?:\s?\(?[월화수목금토일]\)?)?",
        r"(?:vol\.?\s?\d+,?\s?)?(?:issue|no\.?)\s?\d+(?:\s?[|·].{0,40})?",
    )


def _list_patterns(words: dict[str, str]) -> tuple[str, ...]:
    """Return the patterns of buttons and of list headings."""
    return (
        rf"(?:(?:{words['buttons']})(?:\s*[|·ㆍ/,•>›]\s*|\s+|$))+",
        rf"{_BULLETS}(?:{words['headings']})[\]>】\s:+>›]*",
    )


def _byline_patterns(words: dict[str, str]) -> tuple[str, ...]:
    """Return the patterns of bylines and of photographer, agency and translator credits."""
    return (
        rf"\[?{_KOREAN_NAMES}(?:{words['bylines']})\]?(?:\s*=?)",
        rf"(?:{words['credits']})\s*[|:=·]?\s*[가-힣]{{2,5}}(?:\s[가-힣]{{2,5}}){{0,3}}(?:\s(?:{words['bylines']}|위원|작가))?",
        rf"[<〈《「][^<>〈〉《》「」]{{2,20}}[>〉》」]\s*(?:{words['bylines']}|제공|발)",
        r"(?:[가-힣]{2,6}\s[一-龥]{2,4}[,·\s]*)+",
        r"by [A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]*|and|van|de|bin|al)){1,8}(?:,? [A-Z][\w .]{2,40})?(?:\s*[|·].{0,60})?",
        r"(?:photo|image|picture|photograph|illustration|video)s?(?: credit)?(?: by)?\s*[:=|].{2,80}",
        r"(?:사진|자료|그래픽|이미지|영상)\s?(?:제공|출처)?\s?[=:|]\s?.{2,40}",
        rf"(?:{words['agencies']})(?:\s?[/=·]\s?.{{1,30}})?",
    )


def furniture_spans(text: str) -> list[Span]:
    r"""Return the spans of a page that do not belong to the article, in order.

    >>> page = "기사승인 [12호] 2024.01.02\n공유\n수출이 2% 늘었다.\n홍길동 기자 hong@example.kr"
    >>> [page[span.start : span.end] for span in furniture_spans(page)]
    ['기사승인 [12호] 2024.01.02', '공유', '홍길동 기자 hong@example.kr']
    """
    spans = []
    ranking = _RankedList()
    for line in _LINE.finditer(text):
        words = line[0].strip(_SPACE)
        start = line.start() + len(line[0]) - len(line[0].lstrip(_SPACE))
        if not words:
            continue
        if len(words) > LONGEST_LINE:
            ranking.end()
            continue
        if ranking.includes(words) or is_furniture(words):
            spans.append(Span(start=start, end=start + len(words)))
        elif _CAPTION.match(words) and (credit := _CREDIT.search(words)):
            spans.append(Span(start=start + credit.start(1), end=start + credit.end(1)))
    return spans


class _RankedList:
    """The state of a ranked list of headlines while the lines of a page are read in order."""

    def __init__(self) -> None:
        """Begin outside any list."""
        self.end()

    def end(self) -> None:
        """Leave the list."""
        self.number: int | None = None
        self.is_number_alone = False

    def includes(self, line: str) -> bool:
        """Return whether a line is the heading of a ranked list or its next entry; any other line ends the list."""
        if heading := _patterns().ranked.fullmatch(line):
            self.number, self.is_number_alone = int(heading["entries"] is not None), False
            return True
        if self.number is None:
            return False
        if self.is_number_alone:
            self.is_number_alone = False
            return True
        entry = _ENTRY.fullmatch(line)
        if entry is None or _rank(entry["rank"]) != self.number + 1 or _PROSE.search(entry["headline"] or ""):
            self.end()
            return False
        self.number += 1
        self.is_number_alone = not entry["headline"]
        return True


def _rank(sign: str) -> int:
    """Return the number of a rank, printed in digits or as ①."""
    return int(unicodedata.numeric(sign)) if len(sign) == 1 else int(sign)


def is_furniture(line: str) -> bool:
    """Return whether a line, stripped of surrounding space, is furniture as a whole.

    >>> is_furniture("<저작권자 © 한빛신문 무단전재 및 재배포금지>"), is_furniture("회사는 저작권자를 찾았다.")
    (True, False)
    """
    if len(line) > LONGEST_LINE:
        return False
    known = _patterns()
    if any(rule.fullmatch(line) for rule in known.lines) or _COPYRIGHT_MARK.match(line):
        return True
    rest = _MAIL.sub("", line)
    if _PROSE.search(rest):
        return False
    if known.lines_without_stop.fullmatch(line):
        return True
    has_mail = rest != line and len(rest) <= _LONGEST_SIGNATURE
    return has_mail or known.rights.search(line) is not None


def merge_spans(spans: Iterable[Span], length: int) -> list[Span]:
    """Return the spans that a person entered, sorted, merged where they touch or overlap, and cut off at `length`.

    >>> found = merge_spans([Span(start=5, end=9), Span(start=0, end=6), Span(start=12, end=30)], 20)
    >>> [(span.start, span.end) for span in found]
    [(0, 9), (12, 20)]
    """
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        end = min(span.end, length)
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, end))
        elif span.start < end:
            merged.append(Span(start=span.start, end=end))
    return merged


def mask_spans(text: str, furniture: Sequence[Span]) -> str:
    r"""Return a text with furniture replaced by spaces; all other code points keep their offsets.

    >>> mask_spans("공유\n본문", [Span(start=0, end=2)])
    '  \n본문'
    """
    parts, at = [], 0
    for span in furniture:
        parts += [text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join([*parts, text[at:]])
