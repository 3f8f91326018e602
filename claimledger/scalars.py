"""Define the plain values of records: texts, amounts, dates and names, each with one rule.

Patterns are anchored regular expressions that are the same in Python and in JSON Schema. `PATTERN_DESCRIPTIONS`
explains each pattern in words. A `checked_` function returns the value in its normal form or raises `InvalidValue`,
whose faults are sentences for the person who typed the value. Fields are declared with the annotated types at the end.
This module knows no record and no file.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from decimal import Decimal
from typing import Annotated, Any, NamedTuple, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo
from pydantic.json_schema import WithJsonSchema

from claimledger.characters import code_point, hidden_characters
from claimledger.errors import Problem
from claimledger.messages import Label

Value_co = TypeVar("Value_co", covariant=True)

BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
"""The alphabet of RFC 4648 base 32, in lower case."""
SLUG = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
CLAIM_ID = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z2-7]{4}$"
SLUG_LENGTH = 40
"""The greatest length of a claim's slug in characters; the claim's identifier has five more."""
ACTOR = r"^[a-z][a-z0-9_.-]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
SHA256 = r"^[0-9a-f]{64}$"
NONCE = r"^[0-9a-f]{32}$"
UTC_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
WEB_ADDRESS = r"^https?://[^\s/?#]+[^\s]*$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
EDTF = r"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$"
AMOUNT = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
AMOUNT_LENGTH = 100
"""The greatest length of an amount in characters."""
CURRENCY = r"^[A-Z]{3}$"
VARIABLE = r"^[A-Z][A-Z0-9_]{0,99}$"


class PatternDescription(NamedTuple):
    """A description of a pattern in words."""

    name: Label
    """The description of such a value, in English and Korean."""
    example: str
    """A value of the form."""


PATTERN_DESCRIPTIONS: Mapping[str, PatternDescription] = {
    SLUG: PatternDescription(
        Label(
            "a name of lower-case letters, digits and single hyphens that begins with a letter",
            "영문 소문자로 시작하고 소문자·숫자·붙임표(-)로 된 이름",
        ),
        "economy-insight-158",
    ),
    CLAIM_ID: PatternDescription(
        Label(
            "a claim ID: words of lower-case letters and digits joined by hyphens, then a hyphen and four characters "
            "of a to z and 2 to 7",
            "주장 ID(영문 소문자와 숫자로 된 낱말을 붙임표로 잇고 끝에 네 글자)",
        ),
        "microsoft-invested-13b-hvv3",
    ),
    ACTOR: PatternDescription(
        Label(
            "a user name: at most 40 of a-z, 0-9, '.', '_' and '-', beginning with a letter",
            "사용자 이름(영문 소문자로 시작, a-z 0-9 . _ - 최대 40자)",
        ),
        "kim.jh",
    ),
    VARIABLE: PatternDescription(
        Label("the name of an environment variable, in capitals", "대문자로 된 환경 변수 이름"), "MODEL_KEY"
    ),
    LANGUAGE: PatternDescription(Label("a language tag (BCP 47)", "언어 코드(BCP 47)"), "ko, en or zh-Hant"),
    SHA256: PatternDescription(
        Label("a SHA-256: 64 digits of 0-9 and a-f", "SHA-256(0-9와 a-f 64자)"), "e3b0c442…, as the program printed it"
    ),
    NONCE: PatternDescription(
        Label("a nonce: 32 digits of 0-9 and a-f", "임의값(0-9와 a-f 32자)"), "as the program wrote it"
    ),
    UTC_TIME: PatternDescription(
        Label("a time in UTC with milliseconds", "밀리초까지 적은 UTC 시각"), "2023-06-01T09:30:00.000Z"
    ),
    DAY: PatternDescription(Label("a day", "날짜"), "2023-03-14"),
    WEB_ADDRESS: PatternDescription(
        Label("a web address without spaces that begins with https:// or http://", "웹 주소(http://, https://)"),
        "https://example.org/news/1",
    ),
    CURRENCY: PatternDescription(
        Label("a currency of three capital letters (ISO 4217)", "영문 대문자 세 글자의 통화 코드(ISO 4217)"),
        "KRW",
    ),
}
"""Pattern to its description for people."""


class InvalidValue(ValueError):
    """Raised when no record may have a value; it has every fault that the rule found."""

    def __init__(self, *faults: Problem) -> None:
        """Store the faults; the text lists all of them."""
        self.faults = faults
        super().__init__(" ".join(fault.text() for fault in faults))


class FrozenMap(Mapping[str, Value_co]):
    """An immutable, hashable map that is sorted by its keys."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value_co]) -> None:
        """Copy the values, which must be hashable."""
        self._values = dict(sorted(values.items()))

    @classmethod
    def from_sorted(cls, values: dict[str, Value_co]) -> Self:
        """Return a map of a dictionary, which is copied only if its keys are not sorted; do not change it later."""
        made = cls.__new__(cls)
        keys = iter(values)
        last = next(keys, "")
        for key in keys:
            if key < last:
                return cls(values)
            last = key
        made._values = values  # noqa: SLF001  an instance of this class
        return made

    def __getitem__(self, key: str) -> Value_co:
        """Return the value of a key."""
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in sorted order."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        """Return whether a key has a value."""
        return key in self._values

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  as in Mapping
        """Return the value of a key, or a default."""
        return self._values.get(key, default)

    def items(self) -> ItemsView[str, Value_co]:
        """Return the keys with their values, sorted by key."""
        return self._values.items()

    def values(self) -> ValuesView[Value_co]:
        """Return the values, sorted by key."""
        return self._values.values()

    def __eq__(self, other: object) -> bool:
        """Return whether another map has the same keys and values."""
        return self._values == (other._values if isinstance(other, FrozenMap) else other)

    def __hash__(self) -> int:
        """Return a hash that is the same for equal maps."""
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        """Return the expression that makes this map."""
        return f"FrozenMap({self._values!r})"


def freeze(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return an immutable copy of a JSON value, with lists as tuples and maps as `FrozenMap`."""
    match value:
        case Mapping():
            return FrozenMap({key: freeze(part) for key, part in value.items()})
        case list() | tuple():
            return tuple(freeze(part) for part in value)
        case _:
            return value


def thaw(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return a mutable copy of a frozen JSON value, with tuples as lists and maps as dictionaries."""
    match value:
        case Mapping():
            return {key: thaw(part) for key, part in value.items()}
        case tuple():
            return [thaw(part) for part in value]
        case _:
            return value


INVISIBLE_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that no text may contain, also if it was stored before the table of hidden characters: controls other
than tab and newline, lone surrogates, other line ends, byte order marks.
"""
STORED: Mapping[str, bool] = {"is_stored": True}
"""The context in which pydantic reads a record that was stored before. Its texts may have characters that new ones may
not, because what is published stays readable.
"""


def text_of_record(text: str, info: ValidationInfo) -> str:
    """Return the text of a record in its normal form (`checked_text`).

    Raises:
        InvalidValue: see `checked_text`; a text that was stored before may have hidden characters.
    """
    return _plain_text(text) if info.context is STORED else checked_text(text)


def address_of_record(address: str, info: ValidationInfo) -> str:
    """Return a web address.

    Raises:
        InvalidValue: it has a hidden character and was not stored before.
    """
    if info.context is not STORED:
        _check_characters(address)
    return address


def checked_text(text: str) -> str:
    r"""Return `text` in Unicode NFC without surrounding white space.

    >>> checked_text(" 약 130억달러\n")
    '약 130억달러'

    Raises:
        InvalidValue: the text has no visible character, or it contains a hidden one (`characters`).
    """
    normal = _plain_text(text)
    _check_characters(normal)
    return normal


def _check_characters(text: str) -> None:
    if found := hidden_characters(text):
        raise InvalidValue(*map(invisible_character_fault, found))


def _plain_text(text: str) -> str:
    if found := INVISIBLE_CHARACTER.search(text):
        raise InvalidValue(invisible_character_fault(found[0]))
    normal = unicodedata.normalize("NFC", text).strip()
    if all(unicodedata.category(character)[0] in "CZ" for character in normal):
        raise InvalidValue(Problem("empty-text"))
    return normal


def invisible_character_fault(character: str) -> Problem:
    """Return the problem of an invisible character that no text may have."""
    return Problem("invisible-character", character=code_point(character))


def checked_amount(amount: object) -> Decimal:
    """Return a finite Decimal from an integer or from decimal text without an exponent; every digit is kept.

    >>> checked_amount("13000000000"), checked_amount("1.50")
    (Decimal('13000000000'), Decimal('1.50'))

    Raises:
        InvalidValue: the amount is a binary fraction (write it in quotes), is not a plain number, or is too long.
    """
    if isinstance(amount, Decimal):
        amount = format(amount, "f")
    if isinstance(amount, float):
        raise InvalidValue(unquoted_number_fault(repr(amount)))
    digits = str(amount)
    if isinstance(amount, bool) or not re.fullmatch(AMOUNT, digits):
        raise InvalidValue(Problem("not-a-number", value=digits[:40]))
    if len(digits) > AMOUNT_LENGTH:
        raise InvalidValue(Problem("number-too-long", count=len(digits), limit=AMOUNT_LENGTH))
    return Decimal(digits)


def unquoted_number_fault(number: str) -> Problem:
    """Return the problem of a number that a program would round."""
    return Problem("number-without-quotes", number=number)


def checked_edtf(text: str) -> str:
    """Return an EDTF level 0 date: year, month, day, or an interval of two (ISO 8601-2:2019, Library of Congress EDTF).

    >>> checked_edtf("2022-10"), checked_edtf("2023-01/2023-03")
    ('2022-10', '2023-01/2023-03')

    Raises:
        InvalidValue: the text has another form, the calendar has no such date, or the interval runs backward.
    """
    found = _EDTF.fullmatch(text)
    if not found:
        raise InvalidValue(Problem("not-a-date", value=text))
    for day in filter(None, found.groups()):
        _check_in_calendar(day)
    begin, end = found[1], found[2] or found[1]
    known = min(len(begin), len(end))
    if end[:known] < begin[:known]:
        raise InvalidValue(Problem("interval-backward", value=text))
    return text


_EDTF = re.compile(EDTF)


def _check_in_calendar(day: str) -> None:
    year, month, day_of_month = [*map(int, day.split("-")), 1, 1][:3]
    try:
        datetime.date(year, month, day_of_month)
    except ValueError as error:
        raise InvalidValue(Problem("no-such-day", day=day)) from error


def checked_time(text: str) -> str:
    """Return a UTC time that matches `UTC_TIME`, after checking that its date and time of day exist.

    Raises:
        InvalidValue: there is no such day or no such time.
    """
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(Problem("no-such-day/time", time=text)) from error
    return text


_COUNTRIES: Mapping[str, str] = {"kr": "ko", "jp": "ja", "cn": "zh"}


def checked_language(tag: str) -> str:
    """Return a language tag, after checking that it is not a country code by mistake.

    Raises:
        InvalidValue: the tag is the country code of Korea, Japan or China. As a language, `kr` is Kanuri; `jp` and `cn`
            are not language tags.
    """
    if language := _COUNTRIES.get(tag):
        raise InvalidValue(Problem("country-for-language", country=tag, language=language))
    return tag


RESERVED_NAMES = frozenset(
    {"documents", "evidence", "log", "texts", "new", "con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
"""Names that no article or document may have: folders and pages with that name exist, or Windows reserves it."""


def checked_name(name: str) -> str:
    """Return the name of an article or a document, which is also the name of a folder or file.

    Raises:
        InvalidValue: the name is reserved.
    """
    if name in RESERVED_NAMES:
        raise InvalidValue(Problem("reserved-name", name=name))
    return name


Text = Annotated[str, AfterValidator(text_of_record), Field(min_length=1, max_length=20_000)]
ShortText = Annotated[str, AfterValidator(text_of_record), Field(min_length=1, max_length=200)]
VerbatimText = Annotated[str, Field(min_length=1, max_length=20_000, json_schema_extra={"$comment": "as printed"})]
"""Verbatim text of an article or a document, neither normalised nor stripped."""
PrintedWords = Annotated[str, Field(min_length=1, max_length=120, json_schema_extra={"$comment": "as printed"})]
"""A few words of a document, verbatim."""
VerbatimRating = Annotated[str, Field(min_length=1, max_length=1_000, json_schema_extra={"$comment": "as printed"})]
"""A rating in its publisher's own words, verbatim."""
Amount = Annotated[
    Decimal,
    BeforeValidator(checked_amount),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "maxLength": AMOUNT_LENGTH}),
]
Currency = Annotated[str, Field(pattern=CURRENCY)]
VariableName = Annotated[str, Field(pattern=VARIABLE)]
EdtfDate = Annotated[str, AfterValidator(checked_edtf), Field(json_schema_extra={"pattern": EDTF})]
Day = Annotated[str, Field(pattern=DAY), AfterValidator(checked_edtf)]
UtcTime = Annotated[str, Field(pattern=UTC_TIME), AfterValidator(checked_time)]
Sha256 = Annotated[str, Field(pattern=SHA256)]
Nonce = Annotated[str, Field(pattern=NONCE)]
Language = Annotated[str, Field(pattern=LANGUAGE), AfterValidator(checked_language)]
ClaimId = Annotated[str, Field(pattern=CLAIM_ID, max_length=SLUG_LENGTH + 5)]
ArticleId = Annotated[str, Field(pattern=SLUG, max_length=60), AfterValidator(checked_name)]
DocumentId = Annotated[str, Field(pattern=SLUG, max_length=60), AfterValidator(checked_name)]
RecordName = Annotated[str, Field(pattern=SLUG, max_length=60)]
"""The name of a record or of an import, or of a role."""
Topic = Annotated[str, Field(pattern=SLUG, max_length=SLUG_LENGTH)]
ProblemCode = Annotated[str, Field(pattern=SLUG, max_length=SLUG_LENGTH)]
Actor = Annotated[str, Field(pattern=ACTOR)]
WebAddress = Annotated[str, Field(pattern=WEB_ADDRESS, max_length=2000), AfterValidator(address_of_record)]
CodePoints = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]
"""A position in a list, counted from 1."""
