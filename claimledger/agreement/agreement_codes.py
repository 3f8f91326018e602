"""The codes of the agreement checks: what each means, in Korean and English, and what to do about it.

In: a code, a sentence and a field. Out: a `Problem`. The invariant: no finding has a code that is not in `CODES`, and
the documentation prints `CODES`. It must not know how a difference is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from claimledger.errors import Problem


class Meaning(NamedTuple):
    """What a code says."""

    en: str
    """What was found."""
    ko: str
    """The same in Korean."""
    remedy: str
    """What to do, as a sentence."""


_NUMBERS = "Correct whichever is wrong: the statement, or the quantity."
_BOTH = "Correct whichever statement is wrong."
_PRINTED = "Read the passage again; correct the quantity, or print the passage's own words in 'text'."

CODES: Mapping[str, Meaning] = {
    "figure-text-differs": Meaning(
        "A quantity's number, unit or currency is not that of its own printed text.",
        "수량의 값·단위·통화가 인쇄된 글귀와 다르다.",
        "Correct the quantity's fields, or its 'text'.",
    ),
    "comparator-differs": Meaning(
        "A quantity is bounded otherwise than its printed text or the passage: about, at least, at most.",
        "수량의 한정(약, 적어도, 최대 …)이 인쇄된 글귀나 인용문과 다르다.",
        "Give the comparator the printed words have, and print them in 'text'.",
    ),
    "direction-differs": Meaning(
        "A quantity lies on another side of what it is compared with than its printed text or the passage says.",
        "수량의 높고 낮음이 인쇄된 글귀나 인용문과 다르다.",
        "Give the direction the printed words have, and print them in 'text'.",
    ),
    "statement-number-differs": Meaning(
        "A statement has a number that no quantity and no passage has.",
        "문장에 어느 수량에도 인용문에도 없는 수가 있다.",
        _NUMBERS,
    ),
    "statement-number-missing": Meaning(
        "A statement leaves out a quantity of the claim. One that gives another again in other money may be left out.",
        "문장에 주장의 수량이 빠져 있다(환산값은 빠져도 된다).",
        "Say the figure in the statement, or take the quantity out of this claim.",
    ),
    "statement-scale-differs": Meaning(
        "A statement's number has the right digits and a wrong power of ten: 130억 and 1.3 billion.",
        "문장의 수가 자릿수에서 틀렸다(130억과 1.3 billion, 억과 조).",
        "Count the zeros again: 1억 is 100 million, 1조 is 1 trillion.",
    ),
    "statement-unit-differs": Meaning(
        "A statement has a quantity's number with another unit.",
        "문장의 수는 맞으나 단위가 다르다.",
        _NUMBERS,
    ),
    "statement-currency-differs": Meaning(
        "A statement has a quantity's number in another currency.",
        "문장의 수는 맞으나 통화가 다르다.",
        _NUMBERS,
    ),
    "statement-comparator-differs": Meaning(
        "A statement bounds a figure otherwise than the quantity. To add 'about' is no difference, to drop it is.",
        "문장의 한정이 수량과 다르다(‘약’을 보태는 것은 괜찮고 빼는 것은 다르다).",
        "Say in the statement what the printed words say: about, at least, more than, at most.",
    ),
    "statement-direction-differs": Meaning(
        "A statement puts a difference on the other side than the quantity: above for below.",
        "문장이 높고 낮음을 수량과 반대로 적었다.",
        _NUMBERS,
    ),
    "statement-date-differs": Meaning(
        "The dates of a statement are neither when it was said nor the period the claim speaks of.",
        "문장의 날짜가 발언 날짜와도 다루는 시기와도 다르다.",
        "Correct the statement, or 'said_on' and 'about_on'.",
    ),
    "statements-differ-in-number": Meaning(
        "The Korean and the English statement have another number.",
        "한국어 문장과 영어 문장의 수가 다르다.",
        _BOTH,
    ),
    "statements-differ-in-scale": Meaning(
        "The two statements have the same digits and another power of ten.",
        "두 문장의 수가 자릿수에서 다르다.",
        "Count the zeros again: 1억 is 100 million, 1조 is 1 trillion.",
    ),
    "statements-differ-in-unit": Meaning(
        "The two statements have the same number with another unit.",
        "두 문장의 단위가 다르다.",
        _BOTH,
    ),
    "statements-differ-in-currency": Meaning(
        "The two statements have the same number in another currency.",
        "두 문장의 통화가 다르다.",
        _BOTH,
    ),
    "statements-differ-in-comparator": Meaning(
        "The two statements bound a figure on different sides: at least, at most.",
        "두 문장이 수를 서로 다른 쪽으로 한정한다.",
        _BOTH,
    ),
    "statements-differ-in-direction": Meaning(
        "The two statements put a difference on different sides.",
        "두 문장에서 높고 낮음이 반대다.",
        _BOTH,
    ),
    "statements-differ-in-date": Meaning(
        "The two statements name different dates.",
        "두 문장의 날짜가 다르다.",
        _BOTH,
    ),
    "quantity-not-in-passage": Meaning(
        "A quantity's printed text stands in no passage of the claim, and no figure there is like it.",
        "수량의 글귀가 인용문에 없고 비슷한 수도 없다.",
        _PRINTED,
    ),
    "passage-figure-differs": Meaning(
        "The passage prints another figure than the quantity.",
        "인용문에 적힌 수가 수량과 다르다.",
        _PRINTED,
    ),
    "speaker-not-in-text": Meaning(
        "None of the speaker's names stands in the article.",
        "발언자의 이름이 기사에 없다.",
        "Name the speaker as the article does, or as somebody anonymous with the article's description.",
    ),
    "cut-before-but": Meaning(
        "The passage ends where the text goes on with 'but', 'unless', 다만 or 하지만, and no statement keeps that.",
        "인용문이 ‘다만’, ‘하지만’, ‘but’ 앞에서 잘렸고 문장도 그 내용을 담지 않았다.",
        "Take the passage further and say the condition in the statement, or waive this with the reason.",
    ),
    "opinion-with-verdict": Meaning(
        "An opinion, or a forecast that is not due, has a verdict on whether it is so.",
        "의견이거나 아직 때가 되지 않은 전망인데 사실 여부를 판정했다.",
        "Answer 'so' with 'not_checkable'; whether the speaker said it can be checked.",
    ),
}  # fmt: skip
"""Every code, in the order of the documentation."""


def problem(code: str, sentence: str, field: str) -> Problem:
    """Return the problem with a code."""
    return Problem(code, sentence, CODES[code].remedy, field=field)
