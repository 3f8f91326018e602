"""Define the plain values of records: texts, amounts, dates and names, each with one rule.

Patterns are anchored regular expressions that are the same in Python and in JSON Schema. `PATTERN_DESCRIPTIONS`
explains each pattern in words. A `checked_` function returns the value in its normal form or raises `InvalidValue`,
whose
faults are sentences for the person who typed the value. Fields are declared with the annotated types at the end. This
module knows no record and no file.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic.json_schema import WithJsonSchema

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
AMOUNT = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
AMOUNT_LENGTH = 100
"""The greatest length of an amount in characters."""
CURRENCY = r"^[A-Z]{3}$"


class Form(NamedTuple):
    """A description of a pattern in words."""

    words: str
    """A noun phrase that describes the values that match."""
    example: str
    """An example of such a value."""


FORMS: Mapping[str, Form] = {
    SLUG: Form("a name of lower-case letters, digits and single hyphens, a letter first", "economy-insight-158"),
    CLAIM_ID: Form(
        "a claim's name: words of lower-case letters and digits joined by hyphens, then a hyphen and four characters "
        "of a to z and 2 to 7",
        "microsoft-invested-13b-hvv3",
    ),
    ACTOR: Form("a person's short name: at most 40 of a-z, 0-9, '.', '_' and '-', a letter first", "kim.jh"),
    LANGUAGE: Form("a language tag (BCP-47)", "ko, en or zh-Hant"),
    SHA256: Form("a SHA-256: 64 digits of 0-9 and a-f", "e3b0c442…, as the program printed it"),
    NONCE: Form("a nonce: 32 digits of 0-9 and a-f", "as the program wrote it"),
    UTC_TIME: Form("a time in UTC with milliseconds", "2023-06-01T09:30:00.000Z"),
    DAY: Form("a day", "2023-03-14"),
    WEB_ADDRESS: Form("a web address without spaces that begins with https:// or http://", "https://example.org/news/1"),
    CURRENCY: Form("a currency of three capital letters (ISO 4217)", "KRW, USD or CNY"),
}  # fmt: skip
"""The description of each pattern, so that nobody has to read a regular expression."""


class Fault(NamedTuple):
    """One thing that is wrong with a value, without the position of the value in a record."""

    code: str
    """The stable kebab-case name of the fault."""
    sentence: str
    """A sentence that says what is wrong."""
    remedy: str
    """A sentence that says what to do about it."""
    field: str = ""
    """The field with the fault, as a dotted path below the value; empty for the value itself."""


class Unfit(ValueError):
    """Raised when a value breaks its rule. It carries every fault that the rule found."""

    def __init__(self, *faults: Fault) -> None:
        """Store the faults; the message of the exception lists all of them."""
        self.faults = faults
        super().__init__(" ".join(f"{fault.sentence} {fault.remedy}" for fault in faults))


class FrozenMap(Mapping[str, Value_co]):
    """An immutable, hashable map that is sorted by its keys."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value_co]) -> None:
        """Copy the values, which must be hashable."""
        self._values = dict(sorted(values.items()))

    def __getitem__(self, key: str) -> Value_co:
        """Return the value of a key."""
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in sorted order."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._values)

    def __hash__(self) -> int:
        """Return a hash that is the same for equal maps."""
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        """Return the expression that makes this map."""
        return f"FrozenMap({self._values!r})"


def frozen(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return an immutable copy of a JSON value, with lists as tuples and maps as `FrozenMap`."""
    match value:
        case Mapping():
            return FrozenMap({key: frozen(part) for key, part in value.items()})
        case list() | tuple():
            return tuple(frozen(part) for part in value)
        case _:
            return value


def thawed(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return a mutable copy of a frozen JSON value, with tuples as lists and maps as dictionaries."""
    match value:
        case Mapping():
            return {key: thawed(part) for key, part in value.items()}
        case tuple():
            return [thawed(part) for part in value]
        case _:
            return value


INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that no text may contain: controls other than tab and newline, lone surrogates, other line ends, byte
order marks.
"""


def checked_text(text: str) -> str:
    r"""Return `text` in Unicode NFC without surrounding white space.

    >>> checked_text(" 약 130억달러\n")
    '약 130억달러'

    Raises:
        InvalidValue: the text has no visible character, or it contains a forbidden invisible one.
    """
    if found := INVISIBLE.search(text):
        raise Unfit(invisible_character(found[0]))
    normal = unicodedata.normalize("NFC", text).strip()
    if all(unicodedata.category(character)[0] in "CZ" for character in normal):
        raise Unfit(Fault("empty-text", "The text is empty.", "Write it, or take the line away."))
    return normal


def invisible_character(character: str) -> Fault:
    """Return the fault for an invisible character that no text may contain."""
    sentence = f"An invisible character, U+{ord(character):04X}, stands here."
    return Fault("invisible-character", sentence, "Delete it; typing the words anew is the surest way.")


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
        raise Unfit(number_without_quotes(repr(amount)))
    digits = str(amount)
    if isinstance(amount, bool) or not re.fullmatch(AMOUNT, digits):
        sentence = f"'{digits[:40]}' is not a plain number."
        raise Unfit(Fault("not-a-number", sentence, "Write digits alone, without separator or unit: '13000000000'."))
    if len(digits) > AMOUNT_LENGTH:
        raise Unfit(Fault("number-too-long", f"The number has {len(digits)} characters.", "Is it really one number?"))
    return Decimal(digits)


def number_without_quotes(number: str) -> Fault:
    """Return the fault for a number that a program would read as a binary fraction and round."""
    sentence = f"Without quotes a program reads {number} as a binary fraction and rounds it."
    return Fault("number-without-quotes", sentence, "Put it in quotes, in plain digits: '1.50'.")


def checked_edtf(text: str) -> str:
    """Return an EDTF level 0 date: year, month, day, or an interval of two (ISO 8601-2:2019, Library of Congress EDTF).

    >>> checked_edtf("2022-10"), checked_edtf("2023-01/2023-03")
    ('2022-10', '2023-01/2023-03')

    Raises:
        InvalidValue: the text has another form, the calendar has no such date, or the interval runs backward.
    """
    found = _EDTF.fullmatch(text)
    if not found:
        sentence = f"'{text}' is not a date as it is written here."
        raise Unfit(Fault("not-a-date", sentence, "Write 2023, 2023-03, 2023-03-14, or 2023-01/2023-03 for a period."))
    for day in filter(None, found.groups()):
        _check_in_calendar(day)
    begin, end = found[1], found[2] or found[1]
    known = min(len(begin), len(end))
    if end[:known] < begin[:known]:
        raise Unfit(Fault("interval-backward", f"'{text}' ends before it begins.", "Write the earlier date first."))
    return text


_DAY = "[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_EDTF = re.compile(f"({_DAY})(?:/({_DAY}))?")


def _check_in_calendar(day: str) -> None:
    year, month, day_of_month = [*map(int, day.split("-")), 1, 1][:3]
    try:
        datetime.date(year, month, day_of_month)
    except ValueError as error:
        raise Unfit(Fault("no-such-day", f"The calendar has no '{day}'.", "Look the date up.")) from error


def checked_time(text: str) -> str:
    """Return a UTC time that matches `UTC_TIME`, after checking that its date and time of day exist.

    Raises:
        InvalidValue: there is no such day or no such time.
    """
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise Unfit(Fault("no-such-day", f"Calendar and clock have no '{text}'.", "Look the time up.")) from error
    return text


_COUNTRIES: Mapping[str, str] = {"kr": "ko", "jp": "ja", "cn": "zh"}


def checked_language(tag: str) -> str:
    """Return a language tag, after checking that it is not a country code by mistake.

    Raises:
        InvalidValue: the tag is the country code of Korea, Japan or China. As a language, `kr` is Kanuri; `jp` and `cn`
        are
            not language tags.
    """
    if language := _COUNTRIES.get(tag):
        raise Unfit(Fault("country-for-language", f"'{tag}' is a country, not a language.", f"Write '{language}'."))
    return tag


RESERVED = frozenset(
    {"documents", "evidence", "log", "texts", "new", "con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
"""Names that no article or document may have: folders and pages with that name exist, or Windows reserves it."""


def checked_name(name: str) -> str:
    """Return the name of an article or a document, which is also the name of a folder or file.

    Raises:
        InvalidValue: the name is reserved.
    """
    if name in RESERVED:
        raise Unfit(Fault("reserved-name", f"'{name}' is kept for something else.", "Give it a longer name."))
    return name


Text = Annotated[str, AfterValidator(checked_text), Field(min_length=1, max_length=20_000)]
Passage = Annotated[str, Field(min_length=1, max_length=20_000)]
"""Verbatim text of an article or a document, neither normalised nor stripped."""
Amount = Annotated[
    Decimal,
    BeforeValidator(checked_amount),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "maxLength": AMOUNT_LENGTH}),
]
Currency = Annotated[str, Field(pattern=CURRENCY)]
EdtfDate = Annotated[str, AfterValidator(checked_edtf)]
Day = Annotated[str, Field(pattern=DAY), AfterValidator(checked_edtf)]
UtcTime = Annotated[str, Field(pattern=UTC_TIME), AfterValidator(checked_time)]
Sha256 = Annotated[str, Field(pattern=SHA256)]
Nonce = Annotated[str, Field(pattern=NONCE)]
Language = Annotated[str, Field(pattern=LANGUAGE), AfterValidator(checked_language)]
ClaimId = Annotated[str, Field(pattern=CLAIM_ID, max_length=SLUG_LENGTH + 5)]
ArticleId = Annotated[str, Field(pattern=SLUG, max_length=60), AfterValidator(checked_name)]
DocumentId = Annotated[str, Field(pattern=SLUG, max_length=60), AfterValidator(checked_name)]
Topic = Annotated[str, Field(pattern=SLUG, max_length=SLUG_LENGTH)]
ProblemCode = Annotated[str, Field(pattern=SLUG, max_length=SLUG_LENGTH)]
Actor = Annotated[str, Field(pattern=ACTOR)]
WebAddress = Annotated[str, Field(pattern=WEB_ADDRESS, max_length=2000)]
CodePoints = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]
"""A position in a list, counted from 1."""
