"""Scan a folded text for figures: one pattern proposes positions, and one reader per kind decides.

Drafts come in order and never overlap. The scan only moves forward, past all text that a reader rejected, so it takes
linear time. This module does not know how the text was stored, nor how any reader works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from claimledger.quantities.digits import read_at_digit, read_at_point, read_vulgar
from claimledger.quantities.english_numerals import read_calendar_word, read_number_word, read_share, read_unstated
from claimledger.quantities.korean_numerals import read_alone, read_calendar, read_counted, read_in_words, read_pair
from claimledger.quantities.measuring import Draft, Reading
from claimledger.quantities.numerals import NATIVE, SCALES, SOME, VULGAR, WORDS
from claimledger.quantities.unit_tables import DATES, NATIVE_UNITS, STANDING_ALONE, any_of, cased

_RELATIVE = [word for use in ("day", "week", "month", "year") for word in DATES[use]]
_KOREAN_CALENDAR = [
    *(word for word in _RELATIVE if word >= "가"), *DATES["unfixed"]["ko"], *DATES["time"]["ko"], *DATES["lengths"],
    "지난", "오는", "봄", "여름", "가을", "겨울", "매주", "전반", "후반",
]  # fmt: skip
_ENGLISH_CALENDAR = [
    *(word for word in _RELATIVE if word.isascii()), *DATES["unfixed"]["en"], *DATES["time"]["en"],
    "early", "mid", "late",
]  # fmt: skip
_NUMBERS = [*WORDS, *SCALES, "dozen", "half"]
_UNSTATED = [*SOME, "several", "many", "a few"]
_MONTHS = [name.rstrip(".") for names in DATES["months"].values() for name in names]
_LETTERS = "".join(sorted({form[0] for form in [*cased([*_NUMBERS, *_ENGLISH_CALENDAR, *_UNSTATED, "a"]), *_MONTHS]}))
_COUNTERS = "".join(sorted({form[0] for form in NATIVE_UNITS}))
_SINO = (
    "(?:수|몇 ?)?[십백천만억조]|[일이삼사오육칠팔구][십백천만억조]"
    "|[이삼사오육칠팔구십] ?분의|[삼오육칠팔구](?:년|개월|퍼센트|배)"
)
SCAN = re.compile(
    rf"(?=[0-9.{''.join(VULGAR)}가-힣{_LETTERS}])(?:(?P<digit>[0-9])|(?P<vulgar>[{''.join(VULGAR)}])|(?P<point>\.(?=[0-9]))"
    rf"|(?=[가-힣])(?<![가-힣])(?:(?P<calendar>(?={any_of(_KOREAN_CALENDAR)}))"
    rf"|(?P<counted>{any_of(NATIVE)})(?= ?[{_COUNTERS}])"
    rf"|(?P<pair>(?:두|세|다섯|여섯|일곱|여덟|아홉|열) )(?=[가-힣]{{2}})"
    rf"|(?P<words>(?={_SINO}))"
    rf"|(?P<alone>{any_of(STANDING_ALONE)})(?=[^가-힣]|[의은이가을를에도로인만다라뿐중입였])"
    rf")"
    rf"|(?=[{_LETTERS}])(?<![A-Za-z0-9_'@#])(?:"
    rf"(?P<number>(?:[Aa]n? (?=half |hundred |thousand |million |billion |trillion |dozen))?"
    rf"{any_of(cased(_NUMBERS))}(?![A-Za-z]))"
    rf"|(?P<share>[Aa]n? (?:third|quarter|fifth|tenth) of )"
    rf"|(?P<unstated>{any_of(cased(_UNSTATED))} )"
    rf"|(?P<month>{any_of(_MONTHS)})(?![a-z])"
    rf"|(?P<date>{any_of(cased(_ENGLISH_CALENDAR))})(?![a-rt-z])))"
)
"""A position at which a figure may begin; the name of the matched group selects the reader."""

_READERS: dict[str, Callable[[str, int, int], Reading]] = {
    "digit": read_at_digit,
    "vulgar": read_vulgar,
    "point": read_at_point,
    "calendar": read_calendar,
    "counted": read_counted,
    "pair": read_pair,
    "words": read_in_words,
    "alone": read_alone,
    "number": read_number_word,
    "share": read_share,
    "unstated": read_unstated,
    "month": read_calendar_word,
    "date": read_calendar_word,
}


def read_drafts(text: str) -> Iterator[Draft]:
    """Yield the figures of a folded text in order.

    >>> [text[draft.start : draft.end] for text in ["직원 40명, 2주 전"] for draft in read_drafts(text)]
    ['40명', '2주']
    """
    position = floor = 0
    while found := SCAN.search(text, position):
        draft, position = _READERS[str(found.lastgroup)](text, found.start(), floor)
        position = max(position, found.start() + 1)
        if draft is not None:
            yield draft
            floor = position = max(position, draft.end)
