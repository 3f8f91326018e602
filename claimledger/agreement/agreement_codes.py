"""The codes of the agreement checks, with their meaning in English and Korean.

The documentation prints them. The sentences and the advice are in the table of `messages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from claimledger.vocabulary import Severity


class AgreementCode(NamedTuple):
    """The meaning of a code."""

    en: str
    """The meaning, in English."""
    ko: str
    """The same in Korean."""
    severity: Severity = Severity.FINDING
    """A finding asks for an editor's decision; a note is for information."""


AGREEMENT_CODES: Mapping[str, AgreementCode] = {
    "figure-text-differs": AgreementCode(
        "The number, unit or currency of a figure differs from its text in the article.",
        "수치의 값·단위·통화가 기사 표기와 다릅니다.",
    ),
    "comparator-differs": AgreementCode(
        "The qualifier of a figure (about, at least, at most) differs from its text or from the passage.",
        "수치의 범위 표현(약, 이상, 이하)이 기사 표기나 인용문과 다릅니다.",
    ),
    "direction-differs": AgreementCode(
        "The direction of a figure (above, below, up, down) differs from its text or from the passage.",
        "수치의 방향(높음, 낮음, 증가, 감소)이 기사 표기나 인용문과 다릅니다.",
    ),
    "statement-number-differs": AgreementCode(
        "A statement has a number that no figure of the claim and no passage has.",
        "문장에 어느 수치에도 인용문에도 없는 수가 있습니다.",
    ),
    "statement-number-missing": AgreementCode(
        "A statement does not mention a figure of the claim. A conversion into other money may be left out.",
        "문장에 주장의 수치가 빠져 있습니다(환산값은 빠져도 됩니다).",
    ),
    "statement-scale-differs": AgreementCode(
        "A statement's number has the right digits but the wrong number of zeros: 130억 and 1.3 billion.",
        "문장의 수는 자릿수가 틀렸습니다(130억과 1.3 billion, 억과 조).",
    ),
    "statement-unit-differs": AgreementCode(
        "A statement has a figure's number with another unit.",
        "문장의 수는 맞으나 단위가 다릅니다.",
    ),
    "statement-currency-differs": AgreementCode(
        "A statement has a figure's number in another currency.",
        "문장의 수는 맞으나 통화가 다릅니다.",
    ),
    "statement-comparator-differs": AgreementCode(
        "A statement qualifies a number differently from the figure. To add 'about' is allowed, to drop it is not.",
        "문장의 범위 표현이 수치와 다릅니다(‘약’을 넣는 것은 괜찮지만 빼는 것은 안 됩니다).",
    ),
    "statement-direction-differs": AgreementCode(
        "A statement says above where the figure says below, or the reverse.",
        "문장이 높고 낮음을 수치와 반대로 적었습니다.",
    ),
    "statement-date-differs": AgreementCode(
        "The dates of a statement match neither the date said nor the period covered.",
        "문장의 날짜가 발언일과도 대상 시점과도 다릅니다.",
    ),
    "statements-differ-in-number": AgreementCode(
        "The Korean and the English statement have different numbers.",
        "한국어 문장과 영어 문장의 수가 다릅니다.",
    ),
    "statements-differ-in-scale": AgreementCode(
        "The two statements have the same digits but a different number of zeros.",
        "두 문장의 수는 자릿수가 다릅니다.",
    ),
    "statements-differ-in-unit": AgreementCode(
        "The two statements have the same number with different units.",
        "두 문장의 단위가 다릅니다.",
    ),
    "statements-differ-in-currency": AgreementCode(
        "The two statements have the same number in different currencies.",
        "두 문장의 통화가 다릅니다.",
    ),
    "statements-differ-in-comparator": AgreementCode(
        "The two statements qualify a number differently: at least, at most.",
        "두 문장의 범위 표현이 다릅니다.",
    ),
    "statements-differ-in-direction": AgreementCode(
        "One statement says above where the other says below.",
        "두 문장에서 높고 낮음이 반대입니다.",
    ),
    "statements-differ-in-date": AgreementCode(
        "The two statements name different dates.",
        "두 문장의 날짜가 다릅니다.",
    ),
    "quantity-not-in-passage": AgreementCode(
        "The text of a figure is in no passage of the claim, and no similar number is there.",
        "수치의 기사 표기가 인용문에 없고 비슷한 수도 없습니다.",
    ),
    "passage-figure-differs": AgreementCode(
        "The passage has another number than the figure.",
        "인용문에 적힌 수가 수치와 다릅니다.",
    ),
    "passage-direction-differs": AgreementCode(
        "A statement says up or above where the passage says down or below, or the reverse.",
        "문장이 늘고 줄거나 높고 낮음을 인용문과 반대로 적었습니다.",
    ),
    "passage-word-opposite": AgreementCode(
        "A statement has the opposite of a word of the passage: profit and loss, approved and rejected.",
        "문장에 인용문과 반대되는 말이 있습니다(흑자와 적자, 승인과 거부).",
    ),
    "passage-sides-swapped": AgreementCode(
        "Two sides of a ratio, of a comparison, or two figures changed places between passage and statement.",
        "비율이나 비교의 두 대상, 또는 두 수치가 인용문과 뒤바뀌었습니다.",
    ),
    "passage-time-differs": AgreementCode(
        "A statement names another day, weekday, month, quarter or year than the passage.",
        "문장의 날짜·요일·달·분기·해가 인용문과 다릅니다.",
    ),
    "passage-bound-differs": AgreementCode(
        "A statement gives a figure the opposite bound, or a length of time another range, than the passage.",
        "수치의 범위(최소, 최대)가 인용문과 반대이거나 기간의 범위가 다릅니다.",
    ),
    "passage-unit-differs": AgreementCode(
        "A statement has a number of the passage with another unit: minutes for seconds, % for percentage points.",
        "문장에 인용문의 수가 다른 단위로 적혀 있습니다(분과 초, %와 %포인트).",
    ),
    "passage-rank-differs": AgreementCode(
        "A statement names another rank than the passage: the largest for the second-largest or one of the largest.",
        "문장의 순위가 인용문과 다릅니다(두 번째로 큰 것을 가장 큰 것으로).",
    ),
    "passage-period-differs": AgreementCode(
        "A statement's figure covers another period than the passage's: a day, a year, cumulative.",
        "문장의 수치가 인용문과 다른 기간이나 단위의 것입니다(하루, 연간, 누적, 1인당).",
    ),
    "quote-not-in-article": AgreementCode(
        "A statement has words between quotation marks that are not in the article.",
        "문장이 따옴표로 옮긴 말이 기사에 없습니다.",
    ),
    "passage-speaker-differs": AgreementCode(
        "A statement names another speaker or organisation than the passage, and the article does not mention it.",
        "문장의 발언자나 소속이 인용문과 다르고 기사에 없습니다.",
    ),
    "hedge-left-out": AgreementCode(
        "The passage speaks of a plan, a possibility or a forecast; the statement has no such word.",
        "인용문은 계획이나 가능성, 전망을 말하는데 문장에는 그런 말이 없습니다.",
        Severity.NOTE,
    ),
    "denial-differs": AgreementCode(
        "Only one of passage and statement has a word that denies.",
        "인용문과 문장 가운데 한쪽에만 부정하는 말이 있습니다.",
        Severity.NOTE,
    ),
    "speaker-not-in-text": AgreementCode(
        "The article mentions none of the speaker's names.",
        "발언자의 이름이 기사에 없습니다.",
    ),
    "cut-before-but": AgreementCode(
        "The passage ends before 'but', 'unless', 다만 or 하지만, and no statement mentions what follows.",
        "인용문이 ‘다만’, ‘하지만’, ‘but’ 앞에서 끝나고 문장에도 그 내용이 없습니다.",
    ),
    "opinion-with-verdict": AgreementCode(
        "An opinion, or a forecast whose time has not come, has a verdict on whether it is true.",
        "의견이거나 아직 결과를 알 수 없는 전망인데 사실 여부를 판정했습니다.",
    ),
}  # fmt: skip
"""Every code, in the order of the documentation."""
