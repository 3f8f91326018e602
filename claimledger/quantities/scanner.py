"""The scan: one pattern proposes where a figure may begin, one short reader for each way decides.

In: folded text. Out: drafts in order, never overlapping. The invariant: the scan only moves forward, past all that
a reader has looked at and refused, so that time grows with the length of the text and nothing else.
It must not know how the text was stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from claimledger.quantities import numerals
from claimledger.quantities.dates import (
    ENGLISH_DATE, ENGLISH_YEAR, read_date_at_digit, read_english_word, read_korean_word, read_time_at_digit,
)  # fmt: skip
from claimledger.quantities.figure import Role
from claimledger.quantities.measuring import (
    Draft, join_range, join_smaller, measure, read_korean_fraction, read_ratio, read_sign, read_slashed, take_unit,
)  # fmt: skip
from claimledger.quantities.nouns import begins_with_noun, read_noun
from claimledger.quantities.numerals import NATIVE, Numeral, fraction, read_digits, read_fraction, read_native, read_sino
from claimledger.quantities.tables import (
    BEFORE, DATES, IDIOMS_EN, IDIOMS_KO, JOINED_NAMES, KOREAN_NAMES, NAME_WORDS, NATIVE_UNITS, PREFIXES, any_of, cased,
)  # fmt: skip
from claimledger.quantities.units import AFTER_WORD, read_native_unit, read_unit

_KO_CALENDAR = [
    *(word for use in ("day", "week", "month", "year") for word in DATES[use] if word > "가"),
    *DATES["unfixed"]["ko"], *DATES["time"]["ko"], *DATES["lengths"], "지난", "오는", "봄", "여름", "가을", "겨울", "매주", "전반", "후반",
]  # fmt: skip
_EN_CALENDAR = [
    *(word for use in ("day", "week", "month", "year") for word in DATES[use] if word.isascii()),
    *DATES["unfixed"]["en"], "early", "mid", "late", "noon", "midnight",
]  # fmt: skip
_NUMBER_WORDS = [
    *("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()),
    *("seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand".split()),
    "million", "billion", "trillion",
]  # fmt: skip
_COUNTER_STARTS = "".join(sorted({form[0] for form in NATIVE_UNITS}))
_SEVERAL = ["tens", "hundreds", "thousands", "millions", "billions", "trillions", "dozens", "several", "many", "a few"]
_MONTHS = [name.rstrip(".") for names in DATES["months"].values() for name in names]
_EN_STARTS = "".join(sorted({form[0] for form in cased([*_NUMBER_WORDS, *_EN_CALENDAR, *_SEVERAL, "a", "half"]) + _MONTHS}))
SCAN = re.compile(
    rf"(?P<digits>[0-9])|(?P<vulgar>[{''.join(numerals.VULGAR)}])|(?P<point>\.(?=[0-9]))"
    rf"|(?=[가-힣])(?<![가-힣])(?:(?P<calendar>(?={any_of(_KO_CALENDAR)}))"
    rf"|(?P<native>{any_of(NATIVE)})(?= ?[{_COUNTER_STARTS}])"
    rf"|(?P<pair>(?:두|세|다섯|여섯|일곱|여덟|아홉|열) )(?=[가-힣]{{2}})"
    rf"|(?P<sino>(?=(?:수|몇 ?)?[십백천만억조]|[일이삼사오육칠팔구][십백천만억조]|[이삼사오육칠팔구십] ?분의|[삼오육칠팔구](?:년|개월|퍼센트|배)))"
    rf"|(?P<half>절반|하나)(?=[^가-힣]|[의은이가을를에도로인만]))"
    rf"|(?=[{_EN_STARTS}])(?<![A-Za-z0-9_'@#])(?:"
    rf"(?P<spelled>(?:[Aa]n? (?=half |hundred |thousand |million |billion |trillion |dozen))?{any_of(cased([*_NUMBER_WORDS, 'dozen', 'half']))}(?![A-Za-z]))"
    rf"|(?P<fraction>[Aa]n? (?:third|quarter|fifth|tenth) of )"
    rf"|(?P<several>{any_of(cased(_SEVERAL))} )"
    rf"|(?P<month>{any_of(_MONTHS)})(?![a-z])"
    rf"|(?P<english>{any_of(cased(_EN_CALENDAR))})(?![a-rt-z]))"
)
"""Where a figure may begin."""
Reading = tuple[Draft | None, int]
"""What a reader found, and where the scan goes on."""

_RUN = re.compile(r"[0-9A-Za-z.,]*+")
_DIGIT_RUN = re.compile(r"[0-9]++(?:[.,][0-9]++)*+")
_CHAIN = re.compile(r"[0-9]++-[0-9]++(?= ?(?:번지|호(?!선)))|[0-9]++(?:-[0-9]++){2,}+|[0-9]++(?:\.[0-9]++){2,}+|[0-9]{3,}+-[0-9]{4}(?![0-9])")
_ROW = re.compile(r"[0-9]++(?:[ ,.:;/|~·-]{1,2}+[0-9]++){30,}+")
"""Thirty numbers and more with nothing between are a table or a code."""
_ADDRESS = re.compile(
    r"[0-9]{1,5}(?:-[0-9]{1,5})? (?:[A-Z][A-Za-z.]*+ |[0-9]{1,3}(?:st|nd|rd|th) ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Way|Drive|Dr|Lane|Ln|Boulevard|Blvd|Square|Court|Place|Highway)(?![a-z])"
    r"|[0-9]{1,5} (?:Rue|Ave|Avenue|Via|Calle) [A-Z]"
)
_SCORE = re.compile(r"(?P<one>[0-9]{1,3}) ?[-:] ?(?P<other>[0-9]{1,3})(?![0-9]|[.,:-][0-9])(?P<after>[가-힣%A-Za-z$]| [가-힣]{2})?")
_LETTERS_BEFORE = re.compile(r"[A-Za-z_#@&\\]")
_HANGUL_BEFORE = re.compile("[가-힣]{1,6}$")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])(?:-[a-z]+)?", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:(?:^|[\s(:$£€])-|\bminus[ -]|영하 ?|마이너스 ?)$", re.IGNORECASE)
_AGE = re.compile(r" ?[,)·/]|세")
_AGO = re.compile(r" ?(?:전(?=에|의|부터|만|인|까지|과|에는|에도|,|\.| |$)|뒤(?![가-힣]{2})|후(?![가-힣]{2}))|(?: and a half)? (?:ago|earlier|later|hence|from now)(?![A-Za-z])")
_LENGTHS = re.compile(f"(?P<word>{any_of(DATES['lengths'])})[간째]?")
_LASTS = re.compile("만에| ?동안|간")
_CAPITAL_BEFORE = re.compile(r"(?:^|[\s(\"'“])(?P<word>[A-Za-z&][A-Za-z&.'/-]*)[ -]{1,2}$")
_KOREAN_NEAR = re.compile("[가-힣]")
_UNKNOWN_COUNTER = re.compile("[가-힣]{1,6}")


def read_drafts(text: str) -> Iterator[Draft]:
    """Yield the figures of a folded text in order."""
    position = floor = 0
    while found := SCAN.search(text, position):
        draft, position = _READERS[str(found.lastgroup)](text, found.start(), floor)
        if draft is not None:
            yield draft
            floor = position = max(position, draft.end)
        elif position <= found.start():
            position = found.start() + 1


def _read_digits(text: str, start: int, floor: int) -> Reading:
    if refused := _refusal(text, start, floor):
        return None, refused
    if ratio := read_ratio(text, start):
        return ratio, ratio.end
    if (end := read_time_at_digit(text, start)) is not None:
        return Draft(start, end, Role.TIME), end
    if (end := read_date_at_digit(text, start)) is not None:
        return Draft(start, end, Role.DATE), end
    if special := read_korean_fraction(text, start) or read_slashed(text, start):
        return special, special.end
    sign = read_sign(text, start, floor)
    if sign is None and (score := _score(text, start)):
        return score, score.end
    numeral = read_digits(text, start, is_money=sign is not None)
    if numeral is None:
        return None, _run_end(text, start)
    draft = measure(text, _ordinal_start(text, start, floor), numeral, sign)
    if draft.is_bare and (year := _year(text, start, draft)):
        return year, year.end
    _extend(text, draft, numeral, floor, sign)
    return _settle(text, start, draft, floor)


def _extend(text: str, draft: Draft, numeral: Numeral, floor: int, sign: tuple[int, str] | None) -> None:
    join_range(text, draft, numeral, floor, sign)
    join_smaller(text, draft)
    if draft.start and draft.low is None and (minus := _NEGATIVE.search(text, max(floor, draft.start - 6), draft.start)):
        if draft.amount is not None:
            draft.amount = -draft.amount
            draft.start = minus.end() - 1 if minus[0].endswith("-") and "m" not in minus[0].lower() else draft.start
    _reckon(text, draft)


def _ordinal_start(text: str, start: int, floor: int) -> int:
    """Return where 제 before an ordinal begins, else `start`."""
    for length in (1, 2):
        if start - length >= floor and text[start - length : start] in ("제", "제 "):
            before = text[start - length - 1 : start - length]
            return start if "가" <= before <= "힣" else start - length
    return start


def _run_end(text: str, start: int) -> int:
    found = _RUN.match(text, start)
    return max(found.end() if found else start, start + 1)


def _refusal(text: str, start: int, floor: int) -> int:
    """Return where to go on when the digits belong to a name or a longer string, else 0."""
    if name := JOINED_NAMES.match(text, start):
        return name.end()
    if row := _ROW.match(text, start):
        return row.end()
    if address := _ADDRESS.match(text, start):
        return address.end()
    if chain := _CHAIN.match(text, start):
        return 0 if read_date_at_digit(text, start) else chain.end()
    if start == 0:
        return 0
    before = text[start - 1]
    if (before in ".," and start > 1 and text[start - 2].isdigit()) or before.isdigit():
        return _run_end(text, start)
    if _LETTERS_BEFORE.match(before) and not read_sign(text, start, floor):
        return _run_end(text, start)
    if KOREAN_NAMES.search(text, max(0, start - 4), start):
        return _run_end(text, start)
    if before == "-" and start > 1 and text[start - 2].isalpha() and not _hyphened(text, start):
        return _run_end(text, start)
    if "가" <= before <= "힣" and not _touches(text, start):
        return _run_end(text, start)
    return 0


_HYPHENED = frozenset(("sub", "minus", "mid", "plus", "near", "a", "now", "to", "or", "and", "then", "over", "under", "nearly"))


def _hyphened(text: str, start: int) -> bool:
    found = re.compile(r"[A-Za-z가-힣]{1,7}$").search(text, max(0, start - 8), start - 1)
    return bool(found) and found[0].lower() in _HYPHENED  # type: ignore[index]


def _touches(text: str, start: int) -> bool:
    """Whether the Hangul right before the digits is no part of a name: 약130억, or a figure no name has."""
    found = _HANGUL_BEFORE.search(text, max(0, start - 6), start)
    if not found or found[0] in PREFIXES or read_time_at_digit(text, start) or text[start - 1] in "년월일시분":
        return True
    numeral = read_digits(text, start, is_money=False)
    unit = numeral and read_unit(text, numeral.end)
    return bool(numeral and (numeral.is_scaled or (unit and unit.unit.name != "ordinal"))) or bool(_WHOLE_DATE.match(text, start))


_WHOLE_DATE = re.compile(r"[12][0-9]{3}년|[0-9]{1,2}월 ?[0-9]{1,2}일")


def _score(text: str, start: int) -> Draft | None:
    found = _SCORE.match(text, start)
    if not found or found["after"] and found["after"] not in ("로", "으", "승", "패", "무"):
        return None
    one, other = Decimal(found["one"]), Decimal(found["other"])
    if " " in found[0] or found["one"][0] == "0" and len(found["one"]) > 1 or found["other"][0] == "0" and len(found["other"]) > 1:
        return None
    if read_noun(text, found.end(), is_one=False) or read_unit(text, found.end("other")):
        return None
    return Draft(start, found.end("other"), Role.QUANTITY, None, min(one, other), max(one, other), "score", precision=Decimal(1))


def _settle(text: str, start: int, draft: Draft, floor: int) -> Reading:
    """Accept the draft, or refuse it as a name; give a bare English number its noun."""
    if not draft.is_bare:
        return (None if text[draft.start] == "제" and draft.unit != "ordinal" and draft.currency else draft), draft.end
    if ordinal := _ORDINAL.match(text, draft.end):
        return None, ordinal.end()
    if _KOREAN_NEAR.search(text, max(0, start - 10), min(len(text), draft.end + 6)):
        return _settle_korean(text, start, draft)
    return _settle_english(text, start, draft)


def _settle_korean(text: str, start: int, draft: Draft) -> Reading:
    end = draft.end
    if text[end : end + 1].isascii() and text[end : end + 1].isalpha():
        return None, _run_end(text, end)
    if _is_code(text, start, end):
        return None, end
    if draft.end - start < 4 and not AFTER_WORD.match(text, end):
        return None, end
    if start and text[start - 1] in "(·.," and draft.amount is not None and 1 <= draft.amount < 120 and _AGE.match(text, end):
        draft.unit = "year_of_age"
        return draft, end
    if draft.low is None and (year := ENGLISH_YEAR.match(text, start)) and year.end() == end:
        return Draft(start, end, Role.DATE), end
    if _is_version(text, start, draft) or _name_before(text, start):
        return None, end
    return draft, end


def _is_code(text: str, start: int, end: int) -> bool:
    """Whether a bare number has leading zeros, as codes have: 007."""
    return text[start] == "0" and end - start > 1 and text[start + 1].isdigit()


def _is_version(text: str, start: int, draft: Draft) -> bool:
    """Whether the number is printed as a version: AI 2.0."""
    printed = text[start : draft.end]
    return len(printed) == 3 and printed.endswith(".0")


def _name_before(text: str, start: int) -> bool:
    found = _CAPITAL_BEFORE.search(text, max(0, start - 24), start)
    return bool(found) and (found["word"][0].isupper() or found["word"].lower() in NAME_WORDS)  # type: ignore[index]


def _settle_english(text: str, start: int, draft: Draft) -> Reading:
    end = draft.end
    if text[end : end + 1].isalpha():
        return None, _run_end(text, end)
    if _is_code(text, start, end):
        return None, end
    noun = read_noun(text, end, is_one=draft.amount == 1)
    if _is_name(text, start, draft, has_noun=noun is not None):
        return None, end
    if noun:
        draft.unit, draft.end = noun
        draft.is_bare = False
    elif start > 1 and text[start - 2 : start] == ", " and text[end : end + 1] == "," and draft.amount and draft.amount < 120:
        draft.unit = "year_of_age"
    return draft, draft.end


_YEAR_CUE = re.compile(r"(?:\b(?:in|since|by|of|from|until|till|during|to|through|before|after|and|mid|early|late|for|around|circa|between|the|his|her|its|their|this|last|january|february|march|april|may|june|july|august|september|october|november|december|winter|summer|spring|fall|autumn)|^|[(\"'“,;-])[ -]?$", re.I)
_QUANTITY_CUE = re.compile(r"(?:about|over|than|nearly|almost|least|some|around|approximately|roughly|to) $", re.I)


def _year(text: str, start: int, draft: Draft) -> Draft | None:
    found = ENGLISH_YEAR.match(text, start)
    if not found or found.end() < draft.end:
        return None
    before = text[max(0, start - 12) : start]
    noun = read_noun(text, found.end(), is_one=False)
    if noun and not _YEAR_CUE.search(before) and noun[1] - found.end() < 12:
        return None
    if noun and _QUANTITY_CUE.search(before) and noun[1] - found.end() < 12:
        return None
    return Draft(start, found.end(), Role.DATE)


def _is_name(text: str, start: int, draft: Draft, *, has_noun: bool) -> bool:
    """Whether a bare number is the tail of a name: iPhone 11, Game 7, Fortune 100."""
    if draft.low is not None or (draft.amount is not None and draft.amount >= 1000 and not has_noun and "," in text[start : draft.end]):
        return False
    found = _CAPITAL_BEFORE.search(text, max(0, start - 24), start)
    if not found:
        return False
    word = found["word"]
    if word.lower() in NAME_WORDS:
        return True
    if not word[0].isupper() and not word[1:2].isupper() and not (word[:1].islower() and word[1:].lower() != word[1:]):
        return False
    is_first = found.start("word") == 0 or text[max(0, found.start("word") - 2) : found.start("word")] in (". ", "? ", "! ", "“", '"')
    return not (is_first and word.lower() in _OPENERS) and word.lower() not in _OPENERS


_OPENERS = frozenset(
    """at in on of by to from the a an with for and or but only just about nearly almost some over under more than all these those
    another every between after before since during its their our there they we he she it total roughly around up down when
    also even still is was are were has had have i you at least most least""".split()
) | frozenset(form for form in BEFORE if form.isascii())


def _read_point(text: str, start: int, floor: int) -> Reading:
    if start and text[start - 1] not in " (+$£€~-\n\t":
        return None, _run_end(text, start)
    return _read_digits(text, start, floor)


def _read_vulgar(text: str, start: int, floor: int) -> Reading:
    top, bottom = numerals.VULGAR[text[start]]
    draft = measure(text, start, Numeral(start + 1, fraction(top, bottom), is_fraction=True), None)
    return draft, draft.end


def _read_calendar(text: str, start: int, floor: int) -> Reading:
    if found := read_korean_word(text, start):
        end, is_time = found
        return Draft(start, end, Role.TIME if is_time else Role.DATE), end
    if draft := _length(text, start):
        return draft, draft.end
    return _read_native(text, start, floor)


def _length(text: str, start: int) -> Draft | None:
    """Read a word that is a length of time: 하루, 일주일."""
    word = _LENGTHS.match(text, start)
    if not word or not (_LASTS.match(text, word.end()) or AFTER_WORD.match(text, word.end("word"))):
        return None
    many, unit = DATES["lengths"][word["word"]]
    draft = Draft(start, word.end(), Role.DURATION, Decimal(many), unit=unit, precision=Decimal(1))
    _reckon(text, draft)
    return draft


def _reckon(text: str, draft: Draft) -> None:
    """Make a length of time before 전, 뒤, ago a distance from a date."""
    if draft.role is Role.DURATION and (distance := _AGO.match(text, draft.end)):
        draft.role, draft.is_offset, draft.last = Role.DATE, True, distance.end()


def _korean_idiom(text: str, start: int) -> int:
    """Return the end of the figure of speech the numeral at `start` stands in, else 0."""
    for found in IDIOMS_KO.finditer(text, max(0, start - 4), start + 16):
        if found.start() <= start < found.end():
            return found.end()
    return 0


_NATIVE = re.compile(any_of(NATIVE))


def _read_native(text: str, start: int, floor: int) -> Reading:
    if idiom := _korean_idiom(text, start):
        return None, idiom
    word = _NATIVE.match(text, start)
    found = word and read_native_unit(text, word.end())
    if not word or not found:
        return (None, start + 1) if not text[start : start + 1] in "십백천만억조수몇일이삼사오육칠팔구" else _read_sino(text, start, floor)
    if not _may_count(word[0], text[word.end() : found.end]):
        return None, found.end
    numeral = read_native(word[0], word.end())
    draft = Draft(start, word.end(), Role.QUANTITY, numeral.amount, numeral.low, numeral.high, precision=numeral.precision)
    take_unit(draft, found)
    _reckon(text, draft)
    return draft, draft.end


_ATTACHED = frozenset(("명", "개", "번", "달", "살", "배", "곳", "건", "시간", "가지", "차례", "마리", "잔", "권", "채", "쌍", "번째", "달간", "사람"))
_NOUNS = frozenset(("여성", "여자", "남성", "남자", "회사", "기업", "업체", "나라", "작품", "팀", "가족", "아이", "아들", "딸", "경기", "게임",
                    "시합", "시즌", "후보", "이", "시민", "단어", "형제", "자매", "여성"))  # fmt: skip


def _may_count(word: str, counter: str) -> bool:
    """Whether numeral and counter are meant as such: 세종 and 한편 are words, 한 여성 is a certain woman."""
    form = counter.lstrip(" ")
    if word == "첫":
        return form == "번째"
    if form == counter and len(word) == 1:
        return form in _ATTACHED
    return not (word == "한" and form in _NOUNS)


_NOUN = re.compile(rf"[가-힣]{{2,6}}?(?={AFTER_WORD.pattern})")


def _read_pair(text: str, start: int, floor: int) -> Reading:
    """Read a native numeral before a noun that is no counter: 두 학자."""
    if idiom := _korean_idiom(text, start):
        return None, idiom
    word = _NATIVE.match(text, start)
    noun = word and _NOUN.match(text, word.end() + 1)
    if not word or not noun:
        return None, start + 1
    numeral = read_native(word[0], word.end())
    return Draft(start, noun.end(), Role.QUANTITY, numeral.amount, precision=numeral.precision, is_bare=True), noun.end()


_MONEY = re.compile(" ?(?:원|달러|위안|엔|유로)")
_LONE_SCALE = re.compile(" ?(?:명|원|달러|개|년|배|번|곳|가지|건|마리|위안|엔)")


def _read_sino(text: str, start: int, floor: int) -> Reading:
    if idiom := _korean_idiom(text, start):
        return None, idiom
    if special := read_korean_fraction(text, start):
        return special, special.end
    numeral = read_sino(text, start)
    if numeral is None:
        return None, start + 1
    if "조" in text[start : numeral.end] and not _MONEY.match(text, numeral.end):
        return None, numeral.end
    if numeral.end == start + 1 and not _LONE_SCALE.match(text, numeral.end):
        return None, numeral.end
    draft = measure(text, start, numeral, None)
    if draft.is_bare:
        return None, max(numeral.end, start + 1)
    if not AFTER_WORD.match(text, draft.end):
        return None, numeral.end
    _extend(text, draft, numeral, floor, None)
    return draft, draft.end


def _read_half(text: str, start: int, floor: int) -> Reading:
    if IDIOMS_KO.match(text, start) or not AFTER_WORD.match(text, start + 2):
        return None, start + 2
    if text.startswith("절반", start):
        return Draft(start, start + 2, Role.QUANTITY, Decimal("0.5"), unit="ratio", is_measure=True), start + 2
    if re.search(r"(?:중|가운데|의|중에|단) $", text[max(0, start - 4) : start]):
        return Draft(start, start + 2, Role.QUANTITY, Decimal(1), unit="item", precision=Decimal(1)), start + 2
    return None, start + 2


_WORD_END = re.compile(r"[A-Za-z]++")
_HALF_OF = re.compile(r"(?:an? )?half(?: of (?:the|its|their|all|them|our|his|her|those|these|which|whom|that|an?|[a-z]+s)\b| (?:the|its|their|all|of)\b| (?:a|an) (?=[a-z]))", re.I)
_HALF_CUE = re.compile(r"(?:about|nearly|almost|over|than|roughly|around|by|least|some|in|just|only|under) $", re.I)
_HALF_SCALE = re.compile(r"half(?: a|-a)?[ -](?P<scale>hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z])", re.I)
_DOZEN = re.compile(r"(?:(?P<many>an?|one|two|three|four|five|six|several|half a|few) )?dozen(?![A-Za-z])", re.I)
_ONE_OUT_OF = re.compile(r" (?:out of|in) (?:every )?(?P<bottom>[0-9]{1,4}|two|three|four|five|six|seven|eight|nine|ten|twenty)(?: |\.|,)", re.I)


def _read_spelled(text: str, start: int, floor: int) -> Reading:
    end = _WORD_END.match(text, start).end()  # type: ignore[union-attr]
    if idiom := _idiom(text, start, end):
        return None, idiom
    if text[start - 1 : start] == "-" or (start > 1 and text[start - 2 : start] == " -"):
        return None, end
    if share := read_fraction(text, start):
        draft = measure(text, start, share, None)
        return draft, draft.end
    if found := _HALF_SCALE.match(text, start):
        return _scaled_half(text, start, found, floor)
    if found := re.compile(r"(?:an? )?half(?![A-Za-z])", re.I).match(text, start):
        return _half(text, start, found.end(), floor)
    if found := _DOZEN.match(text, start):
        return _dozen(text, start, found, floor)
    numeral = numerals.read_spelled(text, start)
    if numeral is None:
        return None, end
    return _count(text, start, numeral, floor)


def _idiom(text: str, start: int, end: int) -> int:
    """Return the end of the figure of speech the word at `start` stands in, else 0."""
    low = max(0, start - 12)
    for found in IDIOMS_EN.finditer(text, low, min(len(text), end + 24)):
        if found.start() <= start < found.end() and not text[found.start() - 1 : found.start()].isalpha():
            return max(found.end(), end)
    return 0


def _count(text: str, start: int, numeral: Numeral, floor: int) -> Reading:
    draft = measure(text, start, numeral, None)
    _extend(text, draft, numeral, floor, None)
    if not draft.is_bare:
        return draft, draft.end
    if draft.amount == 1 and (ratio := _ONE_OUT_OF.match(text, draft.end)):
        return _one_out_of(text, start, ratio)
    if draft.amount == 1 and not begins_with_noun(text, draft.end):
        return None, draft.end
    if draft.low is None and _name_before(text, start) and text[start].isupper():
        return None, draft.end
    noun = read_noun(text, draft.end, is_one=draft.amount == 1)
    if noun:
        draft.unit, draft.end = noun
        draft.is_bare = False
    elif draft.amount == 1:
        return None, draft.end
    return draft, draft.end


def _one_out_of(text: str, start: int, found: re.Match[str]) -> Reading:
    bottom = numerals.read_spelled(text, found.start("bottom"))
    amount = Decimal(found["bottom"]) if found["bottom"].isdigit() else bottom and bottom.amount
    if not amount:
        return None, found.end("bottom")
    draft = Draft(start, found.end("bottom"), Role.QUANTITY, fraction(1, amount), unit="ratio", is_measure=True)
    return draft, draft.end


def _scaled_half(text: str, start: int, found: re.Match[str], floor: int) -> Reading:
    amount = {"dozen": Decimal(6)}.get(found["scale"].lower())
    if amount is None:
        amount = Decimal(5 * 10 ** (numerals._SCALES[found["scale"].lower()] - 1))
    return _count(text, start, Numeral(found.end(), amount, precision=amount, is_scaled=True), floor)


def _half(text: str, start: int, end: int, floor: int) -> Reading:
    before = text[max(floor, start - 14) : start]
    if not (_HALF_OF.match(text, start) or _HALF_CUE.search(before)) or re.search(r"(?:first|second|other|opening|final|this|latter|better|top|bottom|a) $", before, re.I):
        return None, end
    if found := re.compile(r" an? (?=[a-z])").match(text, end):
        unit = read_unit(text, found.end() - 1)
        if unit:
            draft = Draft(start, end, Role.QUANTITY, Decimal("0.5"))
            take_unit(draft, unit)
            return draft, draft.end
    draft = Draft(start, end, Role.QUANTITY, Decimal("0.5"), unit="ratio", is_measure=True)
    return draft, end


def _dozen(text: str, start: int, found: re.Match[str], floor: int) -> Reading:
    many = (found["many"] or "a").lower()
    if many in ("several", "few"):
        return None, found.end()
    times = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}.get(many)
    amount = Decimal(12 * times) if times else Decimal(6)
    return _count(text, start, Numeral(found.end(), amount, precision=Decimal(1), is_scaled=True), floor)


def _read_fraction(text: str, start: int, floor: int) -> Reading:
    share = read_fraction(text, start)
    if not share or re.search(r"(?:final|first|last|top|bottom|attacking|defensive|defending|middle)$", text[max(0, start - 10) : start].rstrip(), re.I):
        return None, start + 1
    return Draft(start, share.end, Role.QUANTITY, share.amount, unit="ratio", is_measure=True), share.end


_SOME = re.compile(
    r"(?:(?P<few>several|a few|many) (?P<one>hundred|thousand|million|billion)s?|(?P<first>tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    r"(?: of (?P<second>hundreds|thousands|millions|billions|trillions))?)(?![A-Za-z])", re.I)  # fmt: skip


def _read_several(text: str, start: int, floor: int) -> Reading:
    found = _SOME.match(text, start)
    if not found:
        end = _WORD_END.match(text, start).end()  # type: ignore[union-attr]
        return _read_spelled(text, start, floor) if text[start:end].lower() in ("hundred", "thousand", "million") else (None, end)
    words = [word.lower() for word in (found["one"] and found["one"] + "s", found["first"], found["second"]) if word]
    low = 1
    for word in words:
        low *= numerals.SOME[word]
    numeral = numerals.unstated(found.end(), Decimal(low))
    draft = measure(text, start, numeral, None)
    if draft.is_bare:
        of = re.compile(" of(?: the| its| their)?(?= )").match(text, draft.end)
        unit = of and read_unit(text, of.end())
        noun = read_noun(text, of.end() if of else draft.end, is_one=False)
        if unit:
            take_unit(draft, unit)
        elif noun:
            draft.unit, draft.end = noun
    return draft, draft.end


def _read_month(text: str, start: int, floor: int) -> Reading:
    found = ENGLISH_DATE.match(text, start)
    end = found and read_english_word(text, start)
    if not end:
        return None, _WORD_END.match(text, start).end()  # type: ignore[union-attr]
    return Draft(start, end, Role.DATE), end


def _read_english(text: str, start: int, floor: int) -> Reading:
    word = _WORD_END.match(text, start)[0]  # type: ignore[index]
    if word.lower() in ("noon", "midnight"):
        return Draft(start, start + len(word), Role.TIME), start + len(word)
    end = read_english_word(text, start)
    return (Draft(start, end, Role.DATE), end) if end else (None, start + len(word))


_READERS: dict[str, Callable[[str, int, int], Reading]] = {
    "digits": _read_digits,
    "point": _read_point,
    "vulgar": _read_vulgar,
    "pair": _read_pair,
    "calendar": _read_calendar,
    "native": _read_native,
    "sino": _read_sino,
    "half": _read_half,
    "spelled": _read_spelled,
    "fraction": _read_fraction,
    "several": _read_several,
    "month": _read_month,
    "english": _read_english,
}
