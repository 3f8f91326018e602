"""How one value of a ClaimReview is read: text, rating, date, address, language.

In: a text as it stands in the document. Out: what a record holds, and the code for what was done; None for nothing.
The invariant: reading what a reader returned gives the same again, so that a record printed and read stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from claimledger.intake.stated import plain_date
from claimledger.scalars import (
    INVISIBLE,
    LANGUAGE,
    WEB_ADDRESS,
    Unfit,
    checked_edtf,
    checked_language,
    checked_text,
)  # fmt: skip


class Read(NamedTuple):
    """What a value was read as."""

    value: str | None
    """What a record holds; none if it cannot hold this."""
    code: str = ""
    """What is said of it; nothing if it was taken as it stands."""


Reader = Callable[[str], Read]

LONGEST = 20_000
"""Code points a text of a record may have."""
_LONGEST_ADDRESS = 2_000
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BREAK = "\u200b"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE | re.ASCII)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_KOREAN = re.compile(
    r"\s*(?P<year>\d{4})\s*[.년]\s*(?P<month>\d{1,2})\s*(?:[.월]\s*(?P<day>\d{1,2})(?!\d)|월(?!\s*\d))", re.ASCII
)
_YEAR = re.compile(r"\s*\d{4}\s*년?\s*", re.ASCII)
_WORDED = re.compile(
    rf"\s*(?:[a-z]{{3,9}},\s*)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}"
    rf"|{_MONTH.replace('month', 'month_first')}\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|{_MONTH.replace('month', 'month_alone')}),?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE | re.ASCII,
)


def text(value: str) -> Read:
    """Return a text on its lines, entities as characters, without what nobody sees.

    >>> text("Ports &amp; cranes"), text(" 항만 "), text("R&D")
    (Read(value='Ports & cranes', code='entities'), Read(value='항만', code='text-tidied'), Read(value='R&D', code=''))
    """
    plain = _without_entities(value)
    try:
        tidied = checked_text(INVISIBLE.sub("", _LINE_END.sub("\n", plain)))
    except Unfit:
        return Read(None, "not-kept")  # nothing of it can be seen
    if tidied != (again := _without_entities(tidied)):  # taking out an invisible character has made an entity
        return text(again)._replace(code="entities")
    if len(tidied) > LONGEST:
        return Read(None, "text-too-long")
    return Read(tidied, "" if tidied == value else "entities" if plain != value else "text-tidied")


def _without_entities(value: str) -> str:
    """Return a text whose entities are characters, also those written twice; of a place to break a line, nothing."""
    while _ENTITY.search(value) and (plain := _ENTITY.sub(_character, value)) != value:
        value = plain
    return value


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace(_BREAK, "")


def verbatim(value: str) -> Read:
    """Return a rating character by character; only half a character, which no file can hold, is replaced."""
    kept = _SURROGATE.sub("\ufffd", value)
    if len(kept) > LONGEST:
        return Read(None, "text-too-long")
    return Read(kept, "" if kept == value else "surrogate-replaced")


def date(value: str) -> Read:
    """Return the day, month or year a date names, in its own time zone, as EDTF.

    >>> [date(one).value for one in ("2031-04-07", "2031-04-07 20:05", "2031-04-07T23:30:00-05:00", "April 7, 2031")]
    ['2031-04-07', '2031-04-07', '2031-04-07', '2031-04-07']
    >>> date("2031-03-01 20:30:17 UTC").value, date("Mon, 07 Apr 2031 09:00:00 GMT").value, date("07/04/2031")
    ('2031-03-01', '2031-04-07', Read(value=None, code='date-unreadable'))
    >>> date("2031년 4월").value, date("Apr 2031").value, date("2031년 봄")
    ('2031-04', '2031-04', Read(value=None, code='date-unreadable'))
    """
    day = _dated(value)
    if day is None:
        return Read(None, "date-unreadable")
    return Read(day, "" if day == value else "date-tidied")


def _dated(value: str) -> str | None:
    """Return a date in whatever wording; never a year out of what says more than that."""
    if found := _KOREAN.match(value):
        return _in_calendar(found["year"], int(found["month"]), found["day"])
    if found := _WORDED.match(value):
        month = found["month"] or found["month_first"] or found["month_alone"]
        day = found["day"] or found["day_second"]
        return _in_calendar(found["year"], _MONTHS.index(month.lower()[:3]) + 1, day)
    plain = plain_date(value)
    return plain if plain and (len(plain) > len("2031") or _YEAR.fullmatch(value)) else None


def _in_calendar(year: str, month: int, day: str | None) -> str | None:
    try:
        return checked_edtf(f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else ""))
    except Unfit:
        return None


def address(value: str) -> Read:
    """Return a web address; a host alone, as Google names sites, becomes one.

    >>> address("https://example.org/a"), address("example.org").value, address("n/a")
    (Read(value='https://example.org/a', code=''), 'https://example.org', Read(value=None, code='address-unreadable'))
    """
    kept = value.strip()
    if _HOST.fullmatch(kept):
        kept = f"https://{kept}"
    if not re.match(WEB_ADDRESS, kept) or len(kept) > _LONGEST_ADDRESS or INVISIBLE.search(kept):
        return Read(None, "address-unreadable")
    return Read(kept, "" if kept == value else "address-mended")


def language(value: str) -> Read:
    """Return a language tag in its usual form.

    >>> language("ko").value, language("en_US"), language("Korean")
    ('ko', Read(value='en-US', code='language-mended'), Read(value=None, code='language-unreadable'))
    """
    primary, *rest = value.strip().replace("_", "-").split("-")
    tag = "-".join([primary.lower(), *rest])
    try:
        kept = checked_language(tag) if re.fullmatch(LANGUAGE, tag) else None
    except Unfit:
        kept = None
    return Read(kept, "language-unreadable" if kept is None else "" if kept == value else "language-mended")
