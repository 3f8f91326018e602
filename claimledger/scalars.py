"""The plain values records are made of: text, amounts, dates, names, each with its one rule.

Patterns are anchored regular expressions, the same in Python and in JSON Schema. Each `checked_` function
returns the value in its one normal form or raises ValueError with a sentence for the person who typed it.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation

BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
"""RFC 4648 base 32, in lower case."""
SLUG = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
CLAIM_ID = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z2-7]{4}$"
SLUG_LENGTH = 40
"""A claim's slug has at most this many characters; its identifier five more."""
ACTOR = r"^[a-z][a-z0-9_.-]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
SHA256 = r"^[0-9a-f]{64}$"
NONCE = r"^[0-9a-f]{32}$"
UTC_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
WEB_ADDRESS = r"^https?://[^\s/?#]+[^\s]*$"
AMOUNT = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"

_EDTF_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")


def checked_text(text: str) -> str:
    """Return `text` in NFC without surrounding white space.

    Raises:
        ValueError: it is empty or holds a control character, a lone surrogate or a byte order mark.
    """
    if found := _FORBIDDEN.search(text):
        raise ValueError(f"the character U+{ord(found[0]):04X} may not stand in a text; take it out")
    normal = unicodedata.normalize("NFC", text).strip()
    if not normal:
        raise ValueError("the text is empty; leave the field out instead")
    return normal


def checked_amount(amount: object) -> Decimal:
    """Return a finite Decimal from a whole number or from decimal text without exponent.

    >>> checked_amount("13000000000"), checked_amount("1.50")
    (Decimal('13000000000'), Decimal('1.50'))

    Raises:
        ValueError: it is a binary fraction (write it in quotes), or not a plain number.
    """
    if isinstance(amount, Decimal):
        amount = format(amount, "f")
    if isinstance(amount, float):
        raise ValueError(f"write the number in quotes, as printed and without exponent, not as {amount!r}")
    if isinstance(amount, bool) or not re.fullmatch(AMOUNT.strip("^$"), str(amount), re.ASCII):
        raise ValueError("write a plain number without separators, sign or exponent, such as '13000000000' or '1.5'")
    try:
        return Decimal(str(amount))
    except InvalidOperation as error:
        raise ValueError("the number is too long") from error


def checked_edtf(text: str) -> str:
    """Return an EDTF level 0 date: year, month, day, or an interval of two (ISO 8601-2:2019, Library of Congress EDTF).

    >>> checked_edtf("2022-10"), checked_edtf("2023-01/2023-03")
    ('2022-10', '2023-01/2023-03')

    Raises:
        ValueError: it is not one, is no date of the calendar, or the interval runs backward.
    """
    bounds = [_first_day(part) for part in text.split("/")]
    if len(bounds) > 2 or None in bounds:
        raise ValueError("write the date as 2023, 2023-03, 2023-03-14 or 2023-01/2023-03")
    if bounds[0] > bounds[-1]:  # type: ignore[operator]  # None was refused above
        raise ValueError("the interval runs backward")
    return text


def _first_day(text: str) -> datetime.date | None:
    found = _EDTF_DAY.fullmatch(text)
    if not found:
        return None
    try:
        return datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
