"""Scan a folded text for figures: one pattern proposes positions, and one reader per kind decides.

Drafts come in order and never overlap. The scan only moves forward, past all text that a reader rejected, so it takes
linear time. This module does not know how the text was stored, nor how any reader works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from claimledger.quantities.digits import read_at_digit, read_at_point, read_fraction_character
from claimledger.quantities.english_numerals import (
    read_calendar_word, read_multiple, read_number_word, read_share, read_indefinite_number,
)  # fmt: skip
from claimledger.quantities.korean_numerals import (
    read_standalone_number, read_calendar, read_native_count, read_sino_figure, read_native_before_noun,
)  # fmt: skip
from claimledger.quantities.measuring import FigureDraft, FigureReading
from claimledger.quantities.numeral_words import (
    NATIVE_NUMERALS, ENGLISH_SCALES, INDEFINITE_NUMBERS, FRACTION_CHARACTERS, ENGLISH_NUMBERS,
)  # fmt: skip
from claimledger.quantities.unit_tables import (
    CALENDAR_WORDS, MULTIPLES, NATIVE_UNITS, STANDALONE_NUMBERS, alternation, case_variants,
)  # fmt: skip

_RELATIVE = [word for use in ("day", "week", "month", "year") for word in CALENDAR_WORDS[use]]
_KOREAN_CALENDAR = [
    *(word for word in _RELATIVE if word >= "가"),
    *CALENDAR_WORDS["unfixed"]["ko"],
    *CALENDAR_WORDS["time"]["ko"],
    *CALENDAR_WORDS["lengths"],
    "지난",
    "오는",
    "봄",
    "여름",
    "가을",
    "겨울",
    "매주",
    "전반",
    "후반",
]
_ENGLISH_CALENDAR = [
    *(word for word in _RELATIVE if word.isascii()), *CALENDAR_WORDS["unfixed"]["en"], *CALENDAR_WORDS["time"]["en"],
    "early", "mid", "late",
]  # fmt: skip
_NUMBERS = [*ENGLISH_NUMBERS, *ENGLISH_SCALES, "dozen", "half"]
_UNSTATED = [*INDEFINITE_NUMBERS, "several", "many", "a few"]
_MONTHS = [name.rstrip(".") for names in CALENDAR_WORDS["months"].values() for name in names]
_LETTERS = "".join(
    sorted(
        {form[0] for form in [*case_variants([*_NUMBERS, *_ENGLISH_CALENDAR, *_UNSTATED, *MULTIPLES, "a"]), *_MONTHS]}
    )
)
_COUNTERS = "".join(sorted({form[0] for form in NATIVE_UNITS}))
_SINO = (
    "(?:수|몇 ?)?[십백천만억조]|[일이삼사오육칠팔구][십백천만억조]"
    "|[이삼사오육칠팔구십] ?분의|[삼오육칠팔구](?:년|개월|퍼센트|배)"
)
SCAN = re.compile(
    rf"(?=[0-9.{''.join(FRACTION_CHARACTERS)}가-힣{_LETTERS}])(?:(?P<digit>[0-9])|(?P<vulgar>[{''.join(FRACTION_CHARACTERS)}])|(?P<point>\.(?=[0-9]))"
    rf"|(?=[가-힣])(?<![가-힣])(?:(?P<calendar>(?={alternation(_KOREAN_CALENDAR)}))"
    rf"|(?P<counted>{alternation(NATIVE_NUMERALS)})(?= ?[{_COUNTERS}])"
    rf"|(?P<pair>(?:두|세|다섯|여섯|일곱|여덟|아홉|열) )(?=[가-힣]{{2}})"
    rf"|(?P<words>(?={_SINO}))"
    rf"|(?P<alone>{alternation(STANDALONE_NUMBERS)})(?=[^가-힣]|[의은이가을를에도로인만다라뿐중입였])"
    rf")"
    rf"|(?=[{_LETTERS}])(?<![A-Za-z0-9_'@#])(?:"
    rf"(?P<number>(?:[Aa]n? (?=half |hundred |thousand |million |billion |trillion |dozen))?"
    rf"{alternation(case_variants(_NUMBERS))}(?![A-Za-z]))"
    rf"|(?P<share>[Aa]n? (?:third|quarter|fifth|tenth) of )"
    rf"|(?P<multiple>{alternation(case_variants(MULTIPLES))}(?![A-Za-z]))"
    rf"|(?P<unstated>{alternation(case_variants(_UNSTATED))} )"
    rf"|(?P<month>{alternation(_MONTHS)})(?![a-z])"
    rf"|(?P<date>{alternation(case_variants(_ENGLISH_CALENDAR))})(?![a-rt-z])))"
)
"""A position at which a figure may begin; the name of the matched group selects the reader."""

_READERS: dict[str, Callable[[str, int, int], FigureReading]] = {
    "digit": read_at_digit,
    "vulgar": read_fraction_character,
    "point": read_at_point,
    "calendar": read_calendar,
    "counted": read_native_count,
    "pair": read_native_before_noun,
    "words": read_sino_figure,
    "alone": read_standalone_number,
    "number": read_number_word,
    "share": read_share,
    "multiple": read_multiple,
    "unstated": read_indefinite_number,
    "month": read_calendar_word,
    "date": read_calendar_word,
}


def read_drafts(text: str) -> Iterator[FigureDraft]:
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
