"""Readers for the values of a ClaimReview: text, rating, date, address, language.

A reader takes a text as it is in the document and returns the value for a record, and the code of a note. Reading a
returned value again gives the same value; a record that is printed and read therefore stays the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from claimledger.characters import hidden_characters, without_hidden
from claimledger.intake.stated import plain_date
from claimledger.scalars import (
    INVISIBLE_CHARACTER, LANGUAGE, WEB_ADDRESS, InvalidValue, checked_edtf, checked_language, checked_text,
)  # fmt: skip


class ReadValue(NamedTuple):
    """The result of reading a value."""

    value: str | None
    """The value for a record; None if a record cannot store it."""
    code: str = ""
    """The code of a note; empty if the value was taken unchanged."""


ValueReader = Callable[[str], ReadValue]

MAX_REVIEW_TEXT_LENGTH = 20_000
"""The largest number of code points in a text of a record."""
_MAX_ADDRESS_LENGTH = 2_000
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ZERO_WIDTH_SPACE = "\u200b"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/[^/]+/(?=https?:)")
_NUMBERED_DATE = re.compile(r"([0-9]{1,2})\s*[-./]\s*([0-9]{1,2})\s*[-./]\s*([0-9]{4}|[0-9]{1,2})(?:\.|[ T].*)?")
_DATE_PARTS = {"day first": (2, 1, 0), "month first": (2, 0, 1), "year first": (0, 1, 2)}
"""The places of year, month and day in a date of three numbers, by its order."""
_FIRST_SHORT_YEAR = 69
"""Years of two digits are those from 1969 to 2068, as POSIX reads them."""
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE | re.ASCII)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_KOREAN_DATE = re.compile(
    r"\s*(?P<year>\d{4})\s*[.년]\s*(?P<month>\d{1,2})\s*(?:[.월]\s*(?P<day>\d{1,2})(?!\d)|월(?!\s*\d))", re.ASCII
)
_YEAR = re.compile(r"\s*\d{4}\s*년?\s*", re.ASCII)
_WORDED_DATE = re.compile(
    rf"\s*(?:[a-z]{{3,9}},\s*)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}"
    rf"|{_MONTH.replace('month', 'month_first')}\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|{_MONTH.replace('month', 'month_alone')}),?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE | re.ASCII,
)


def text(value: str) -> ReadValue:
    """Return a text with its line breaks, with entities as characters and without invisible characters.

    >>> text("Ports &amp; cranes"), text(" 항만 ")
    (ReadValue(value='Ports & cranes', code='entities'), ReadValue(value='항만', code='text-tidied'))
    >>> text("R&D")
    ReadValue(value='R&D', code='')
    """
    plain = _without_entities(value)
    try:
        tidied = checked_text(without_hidden(INVISIBLE_CHARACTER.sub("", _LINE_END.sub("\n", plain))))
    except InvalidValue:
        return ReadValue(None, "not-kept")  # nothing in it is visible
    if tidied != (again := _without_entities(tidied)):  # removing an invisible character made an entity
        return text(again)._replace(code="entities")
    if len(tidied) > MAX_REVIEW_TEXT_LENGTH:
        return ReadValue(None, "text-too-long")
    return ReadValue(tidied, "" if tidied == value else "entities" if plain != value else "text-tidied")


def _without_entities(value: str) -> str:
    """Return a text with entities as characters, even doubly escaped ones, and without zero-width spaces."""
    while _ENTITY.search(value) and (plain := _ENTITY.sub(_entity_character, value)) != value:
        value = plain
    return value


def _entity_character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace(_ZERO_WIDTH_SPACE, "")


def verbatim(value: str) -> ReadValue:
    """Return a rating character by character; only unpaired surrogates, which cannot be stored, are replaced."""
    result = _SURROGATE.sub("\ufffd", value)
    if len(result) > MAX_REVIEW_TEXT_LENGTH:
        return ReadValue(None, "text-too-long")
    return ReadValue(result, "" if result == value else "surrogate-replaced")


def date(value: str) -> ReadValue:
    """Return the day, month or year of a date, in its own time zone, as EDTF.

    >>> [date(one).value for one in ("2031-04-07", "2031-04-07 20:05", "2031-04-07T23:30:00-05:00", "April 7, 2031")]
    ['2031-04-07', '2031-04-07', '2031-04-07', '2031-04-07']
    >>> date("2031-03-01 20:30:17 UTC").value, date("Mon, 07 Apr 2031 09:00:00 GMT").value, date("07/04/2031")
    ('2031-03-01', '2031-04-07', ReadValue(value=None, code='date-unreadable'))
    >>> date("2031년 4월").value, date("Apr 2031").value, date("2031년 봄")
    ('2031-04', '2031-04', ReadValue(value=None, code='date-unreadable'))
    """
    day = _parse_date(value)
    if day is None:
        return ReadValue(None, "date-unreadable")
    return ReadValue(day, "" if day == value else "date-tidied")


def _parse_date(value: str) -> str | None:
    """Return a date in any supported wording; a date with more than a year is never cut to the year."""
    if found := _KOREAN_DATE.match(value):
        return _calendar_date(found["year"], int(found["month"]), found["day"])
    if found := _WORDED_DATE.match(value):
        month = found["month"] or found["month_first"] or found["month_alone"]
        day = found["day"] or found["day_second"]
        return _calendar_date(found["year"], _MONTHS.index(month.lower()[:3]) + 1, day)
    plain = plain_date(value)
    return plain if plain and (len(plain) > len("2031") or _YEAR.fullmatch(value)) else None


def _calendar_date(year: str, month: int, day: str | None) -> str | None:
    try:
        return checked_edtf(f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else ""))
    except InvalidValue:
        return None


def address(value: str) -> ReadValue:
    """Return a web address; a bare host name, as Google names sites, becomes one.

    >>> address("https://example.org/a"), address("example.org").value
    (ReadValue(value='https://example.org/a', code=''), 'https://example.org')
    >>> address("n/a")
    ReadValue(value=None, code='address-unreadable')
    """
    result = value.strip()
    if _HOST.fullmatch(result):
        result = f"https://{result}"
    if not re.match(WEB_ADDRESS, result) or len(result) > _MAX_ADDRESS_LENGTH or hidden_characters(result):
        return ReadValue(None, "address-unreadable")
    return ReadValue(result, "" if result == value else "address-mended")


def site_of_address(value: str) -> str:
    """Return the site of a web address, which names the publisher if nothing else does; empty if it has none.

    Of a copy in a web archive, it is the site of the original.

    >>> site_of_address("https://www.Hanbit.example/check/7"), site_of_address("n/a")
    ('hanbit.example', '')
    >>> site_of_address("https://web.archive.org/web/20310407/https://seorae.example/3")
    'seorae.example'
    """
    try:
        host = urlsplit(_ARCHIVED.sub("", value)).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def date_in_order(value: str, order: str) -> ReadValue:
    """Return a date of three numbers, of which the order is known: "day first", "month first" or "year first".

    The century of a year with two digits is noted, since no one wrote it.

    >>> date_in_order("7-4-2031", "day first").value, date_in_order("04/07/2031", "month first").value
    ('2031-04-07', '2031-04-07')
    >>> date_in_order("31. 4. 7.", "year first"), date_in_order("07-04-98T06:08:00", "day first").value
    (ReadValue(value='2031-04-07', code='date-tidied'), '1998-04-07')
    """
    found = _NUMBERED_DATE.fullmatch(value.strip()) if order else None
    year, month, day = (found.groups()[place] for place in _DATE_PARTS[order]) if found else ("", "", "")
    if not found or len(year) < len("31") or len(day) > len("07"):
        return date(value)
    is_short = len(year) == len("31")
    if is_short:
        year = str(int(year) + (1900 if int(year) >= _FIRST_SHORT_YEAR else 2000))
    result = _calendar_date(year, int(month), day)
    return ReadValue(result, "date-unreadable" if result is None else "date-tidied" if is_short else "")


def language(value: str) -> ReadValue:
    """Return a language tag in its usual form.

    >>> language("ko").value, language("en_US"), language("Korean")
    ('ko', ReadValue(value='en-US', code='language-mended'), ReadValue(value=None, code='language-unreadable'))
    """
    primary, *rest = value.strip().replace("_", "-").split("-")
    tag = "-".join([primary.lower(), *rest])
    try:
        result = checked_language(tag) if re.fullmatch(LANGUAGE, tag) else None
    except InvalidValue:
        result = None
    return ReadValue(result, "language-unreadable" if result is None else "" if result == value else "language-mended")
