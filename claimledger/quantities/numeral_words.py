"""The words of numerals in both languages, with their values: digits, scale words, fractions, "dozens".

`numerals` combines them into numbers.
"""

from __future__ import annotations

KOREAN_DIGITS = {digit: value for value, digit in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
SMALL_SCALES = {"십": 1, "백": 2, "천": 3}
GREAT_SCALES = {"만": 4, "억": 8, "조": 12, "경": 16}

_ONES = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS = ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
NATIVE_NUMERALS: dict[str, tuple[int, int]] = {
    **{word: (value, value) for value, word in enumerate(_ONES, 1)},
    **{word: (10 * value, 10 * value) for value, word in enumerate(_TENS, 1)},
    **{ten + one: (10 * t + o, 10 * t + o) for t, ten in enumerate(_TENS, 1) for o, one in enumerate(_ONES, 1)},
    "스무": (20, 20), "석": (3, 3), "넉": (4, 4), "첫": (1, 1), "한두": (1, 2), "두세": (2, 3), "두어": (2, 3),
    "서너": (3, 4), "두서너": (2, 4), "네댓": (4, 5), "네다섯": (4, 5), "너댓": (4, 5), "대여섯": (5, 6),
    "대여덟": (5, 8), "예닐곱": (6, 7), "일고여덟": (7, 8), "여덟아홉": (8, 9), "열두어": (11, 13),
}  # fmt: skip
"""Native Korean numerals before a counter, with their lowest and highest value: 서너 is 3 to 4."""

_ENGLISH_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ENGLISH_NUMBERS = {word: value for value, word in enumerate(_ENGLISH_ONES)} | {
    word: 10 * tens for tens, word in enumerate(_ENGLISH_TENS, start=2)
}
"""English number words below a hundred."""
ENGLISH_SCALES = {
    "hundred": 2, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12, "quadrillion": 15,
}  # fmt: skip
"""English scale words and their powers of ten."""
SHORT_SCALES = {
    "k": 3, "K": 3, "m": 6, "M": 6, "mn": 6, "mln": 6, "mm": 6, "mil": 6, "b": 9, "B": 9, "bn": 9, "Bn": 9, "BN": 9,
    "bln": 9, "t": 12, "T": 12, "tn": 12, "trn": 12, "MN": 6, "MM": 6, "Mn": 6, "Mln": 6, "mio": 6, "mill": 6,
    "Bln": 9, "bil": 9, "mrd": 9, "Tn": 12, "TN": 12, "tln": 12, "cr": 7, "Cr": 7,
}  # fmt: skip
"""Letters that scale an amount of money; without a currency, only the unambiguous ones count."""
UNAMBIGUOUS_SCALES = frozenset((
    "mn", "mln", "bn", "Bn", "BN", "bln", "tn", "trn", "M", "K", "k", "MN", "Mn", "Mln", "mio", "Bln", "bil", "Tn",
    "TN", "tln",
))  # fmt: skip
SPACED_SCALES = frozenset(("mn", "mln", "bn", "bln", "tn", "trn", "tln", "mio"))
"""Abbreviated scales that are nothing else, even after a space: 4 bn people, 300 mln euros."""
COUNTED_SCALES = frozenset(("m", "b"))
"""Letters that scale a number only before a noun that it counts: 2.3m people."""
FRACTION_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
"""English words for the part in a fraction, with the number of such parts in one."""
INDEFINITE_NUMBERS = {
    "tens": 10, "lakhs": 10**5, "crores": 10**7, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1000,
    "millions": 10**6, "billions": 10**9, "trillions": 10**12,
}  # fmt: skip
"""English words for an indefinite number, with its lowest value."""
FRACTION_CHARACTERS = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
    "⅞": (7, 8),
    "⅕": (1, 5),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
}
