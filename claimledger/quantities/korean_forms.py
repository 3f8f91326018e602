"""Read Korean figures of a fixed form: articles of a law, shares in tenths, terms in months, bare amounts in 조.

Each function looks at a bounded window around a number. This module does not know how a scan works.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.figure import FigureRole
from claimledger.quantities.measuring import FigureDraft
from claimledger.quantities.unit_tables import LAW_WORDS, MONEY_WORDS, alternation
from claimledger.quantities.units import AFTER_WORD

_ARTICLE = re.compile(
    r"(?P<number>[0-9]{1,4})조(?P<part>의 ?[0-9]{1,2}|(?: ?제? ?[0-9]{1,2}(?:항|호|목)(?!공|차|실|기)){1,3})?"
    r"(?: ?제? ?[0-9]{1,2}(?:항|호|목)(?!공|차|실|기)){0,3}"
)
"""An article with its paragraph and number: 제250조 2항, 47조의2 제1호."""
_LAW_BEFORE = re.compile(
    rf"(?:{alternation(LAW_WORDS['before'])}[)」』’”\"']? ?)?제 ?$|{alternation(LAW_WORDS['before'])}[)」』’”\"']? ?$"
)
_LAW_AFTER = re.compile(alternation(LAW_WORDS["after"]))
_NUMBER = re.compile("[0-9만억천백십여.,]|원|달러")


def read_article(text: str, start: int) -> FigureDraft | None:
    """Read an article of a law: 조 is no trillion after 제 or a law, or before 항, 호 or "에 따라".

    >>> draft = read_article("형법 제250조 2항에 따라", 4)
    >>> draft.amount, draft.end, draft.unit
    (Decimal('250'), 11, 'law_article')
    >>> read_article("3조 원에", 0) is None
    True
    """
    found = _ARTICLE.match(text, start)
    if not found:
        return None
    end = found.end()
    before = _LAW_BEFORE.search(text, max(0, start - 10), start)
    if not (found["part"] or (before and not _NUMBER.match(text, end)) or _LAW_AFTER.match(text, end)):
        return None
    if text.startswith(("원", " 원", "달러", " 달러"), end):
        return None
    ordinal = re.search("제 ?$", text[max(0, start - 2) : start])
    first = start - len(ordinal[0]) if ordinal else start
    return FigureDraft(
        first, end, amount=Decimal(found["number"]), unit="law_article", precision=Decimal(1), is_measure=True
    )


_GROUPS = re.compile("[·,] ?[0-9]{1,2}조(?![0-9원]| [원달])|(?:와|과) [0-9]{1,2}조(?![0-9원]| [원달])")
_GROUP_BEFORE = re.compile(
    "(?:예선|본선|조별리그|리그|추첨|[·,] ?[0-9]{1,2}조[·,와과] ?|[0-9]조[·,] ?|[0-9]조[와과] )$"
)
_INTO_GROUPS = re.compile("(?:로|으로|씩) ?(?:나[눠누뉘]|편성|갈라|짜)|로 편성|를 짜")


def read_numbered_group(text: str, start: int, draft: FigureDraft) -> FigureDraft | None:
    """Read a bare number in 조 as a group: 1조·2조, 예선 3조, 4조로 나눠; the number has no scale then.

    >>> draft = FigureDraft(0, 2, amount=Decimal("1E+12"))
    >>> read_numbered_group("1조·2조 경기", 0, draft).unit, read_numbered_group("1조를 투자", 0, draft)
    ('ordinal', None)
    """
    printed = text[start : draft.end]
    if not printed[:-1].isdigit():
        return None
    is_divided = _INTO_GROUPS.match(text, draft.end)
    if not (is_divided or _GROUPS.match(text, draft.end) or _GROUP_BEFORE.search(text, max(0, start - 8), start)):
        return None
    unit = "group" if is_divided else "ordinal"
    return FigureDraft(start, draft.end, amount=Decimal(printed[:-1]), unit=unit, precision=Decimal(1))


_MONEY_BEFORE = re.compile(
    rf"{alternation(MONEY_WORDS['before'])}(?:[은는이가을를도의만]|으로|에서|에|액은|액이)? ?"
    r"(?:(?:약|총|모두|무려|최대|최소|연간|연|올해|지난해|각각|또|현재) ?)*$"
)
_MONEY_AFTER = re.compile(alternation(MONEY_WORDS["after"]))


def is_money_in_trillions(text: str, start: int, draft: FigureDraft) -> bool:
    """Return whether the words around a bare number in 조 show an amount of money.

    A number that is the whole text, as pages print it, is one too.

    >>> is_money_in_trillions("예산 3조를", 3, FigureDraft(3, 5))
    True
    >>> is_money_in_trillions("그는 3조에 있다", 3, FigureDraft(3, 5))
    False
    """
    if _MONEY_AFTER.match(text, draft.end) or (
        start < _ALONE and not text[:start].strip() and not text[draft.end : draft.end + _ALONE].strip()
    ):
        return True
    return bool(_MONEY_BEFORE.search(text, max(0, start - 20), start))


_ALONE = 4
"""The greatest number of spaces around a number that is the whole text."""


_TENTHS = re.compile("(?P<ten>[0-9]{1,2})할(?: ?(?P<hundred>[0-9])푼)?(?: ?(?P<thousand>[0-9])리)?")


def read_tenths(text: str, start: int) -> FigureDraft | None:
    """Read a share or a batting average in tenths: 3할 2푼 5리 is 0.325.

    >>> read_tenths("3할2푼5리를 쳤다", 0).amount
    Decimal('0.325')
    """
    found = _TENTHS.match(text, start)
    if not found or not AFTER_WORD.match(text, found.end()):
        return None
    share, step = Decimal(0), Decimal("0.1")
    for place, part in enumerate(found.group("ten", "hundred", "thousand"), 1):
        if part:
            step = Decimal((0, (1,), -place))
            share += int(part) * step
    return FigureDraft(start, found.end(), amount=share, unit="ratio", is_measure=True, precision=step)


_TERM = re.compile("([0-9]{1,2})월(?![0-9가-힣]|[ ]?[0-9]{1,2}일)|([0-9]{1,2})월(?=[에을의형과로이])")
_SENTENCE = re.compile(
    "(?:징역|금고|실형|구류|정직|자격정지|영업정지|업무정지|면허정지|집행유예|출전정지|감봉)(?:형)? ?(?:각각 ?)?$"
)


def read_term(text: str, start: int) -> FigureDraft | None:
    """Read 4월 after a penalty as a number of months, not as April: 징역 4월.

    >>> read_term("징역 4월을 선고", 3).unit, read_term("오는 4월", 3)
    ('month', None)
    """
    found = _TERM.match(text, start)
    if not found or not _SENTENCE.search(text, max(0, start - 8), start):
        return None
    amount = Decimal(found[1] or found[2])
    return FigureDraft(start, found.end(), FigureRole.DURATION, amount, unit="month", precision=Decimal(1))


def read_fixed_form(text: str, start: int) -> FigureDraft | None:
    """Read an article of a law, a share in tenths or a term in months that begins with the digit at `start`.

    >>> read_fixed_form("민법 750조에 따라", 3).amount
    Decimal('750')
    """
    found = _FORM.match(text, start)
    return _READERS[found[1]](text, start) if found else None


_FORM = re.compile("[0-9]{1,4}([조할월])")
_READERS = {"조": read_article, "할": read_tenths, "월": read_term}
