"""Read figures that set one number against another: ratios, fractions, "eight out of 10".

Each reader returns a draft or None. This module does not know units beyond the ratio and the score.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.figure import FigureRole
from claimledger.quantities.measuring import FigureDraft
from claimledger.quantities.numeral_words import ENGLISH_NUMBERS
from claimledger.quantities.numerals import DIGITS, MOST_DIGITS, last_digit_step, rounded_quotient
from claimledger.quantities.units import read_unit

_RATIO = re.compile(rf"(?P<one>{DIGITS})(?: ?대 ?|-to-)(?P<other>{DIGITS})(?![만억천백조%]|여? ?명)")


def read_ratio(text: str, start: int) -> FigureDraft | None:
    """Read "8.7대 1" as a ratio, or as a score if the second number is not 1.

    >>> read_ratio("8.7대 1의 경쟁률", 0).amount, read_ratio("53대 46으로", 0).unit
    (Decimal('8.7'), 'score')
    """
    found = _RATIO.match(text, start)
    if not found or found.end() - start > MOST_DIGITS or read_unit(text, found.end()):
        return None
    one, other = (Decimal(number.replace(",", "")) for number in found.group("one", "other"))
    draft = FigureDraft(start, found.end(), FigureRole.QUANTITY, precision=Decimal(1), is_measure=True)
    if other == 1:
        draft.unit, draft.amount, draft.precision = "ratio", one, last_digit_step(found["one"])
    else:
        draft.unit, draft.low, draft.high = "score", min(one, other), max(one, other)
    return draft


KOREAN_FRACTION = re.compile(
    rf"(?P<bottom>{DIGITS}|[이삼사오육칠팔구십]|백|천) ?분의 ?(?P<top>{DIGITS}|[일이삼사오육칠팔구](?![가-힣]{{2}}))"
)
"""A Korean fraction: 3분의 2, 삼분의 일."""
_SINO_SMALL = {word: value for value, word in enumerate("영일이삼사오육칠팔구십")} | {"백": 100, "천": 1000}


def read_korean_fraction(text: str, start: int) -> FigureDraft | None:
    """Read a Korean fraction, which names the denominator first.

    >>> read_korean_fraction("3분의 2에 불과", 0).amount
    Decimal('0.6667')
    """
    found = KOREAN_FRACTION.match(text, start)
    if not found or found.end() - start > MOST_DIGITS:
        return None
    bottom, top = (_SINO_SMALL.get(word) or Decimal(word.replace(",", "")) for word in found.group("bottom", "top"))
    if not bottom:
        return None
    return FigureDraft(
        start, found.end(), FigureRole.QUANTITY, rounded_quotient(top, bottom), unit="ratio", is_measure=True
    )


_OUT_OF = re.compile(
    r" (?P<of>out of|in|of(?= (?:every |10 |ten |100 ))) (?:every )?"
    r"(?P<bottom>[0-9]{1,4}|two|three|four|five|six|seven|eight|nine|ten|twenty)(?=[ .,;)]|$)",
    re.IGNORECASE,
)


def read_share_of_total(text: str, draft: FigureDraft) -> FigureDraft | None:
    """Read "eight out of 10" or "one in three" after the bare first number.

    >>> read_share_of_total("8 out of 10 say", FigureDraft(0, 1, amount=Decimal(8))).amount
    Decimal('0.8')
    """
    found = _OUT_OF.match(text, draft.end)
    if not found or draft.amount is None or (found["of"].lower() == "in" and draft.amount != 1):
        return None
    bottom = ENGLISH_NUMBERS.get(found["bottom"].lower()) or int(found["bottom"])
    if bottom <= draft.amount or draft.amount < 1:
        return None
    share = rounded_quotient(draft.amount, bottom)
    return FigureDraft(draft.start, found.end("bottom"), amount=share, unit="ratio", is_measure=True)


_COMMON_BOTTOMS = frozenset(("2", "3", "4", "5", "6", "8", "10", "12", "16", "32", "64", "100", "128", "1000"))
SLASHED_FRACTION = re.compile(r"(?P<top>[0-9]{1,3})/(?P<bottom>[1-9][0-9]{0,3})(?![0-9/.,]|분기|[0-9])")


def read_slashed_fraction(text: str, start: int) -> FigureDraft | None:
    """Read a fraction with a slash.

    >>> read_slashed_fraction("1/16 of a pint", 0).amount
    Decimal('0.0625')
    """
    found = SLASHED_FRACTION.match(text, start)
    if not found or int(found["top"]) > int(found["bottom"]):
        return None
    if found["bottom"] not in _COMMON_BOTTOMS and not text.startswith(" of ", found.end()):
        return None
    return FigureDraft(
        start,
        found.end(),
        FigureRole.QUANTITY,
        rounded_quotient(int(found["top"]), int(found["bottom"])),
        unit="ratio",
        is_measure=True,
    )
