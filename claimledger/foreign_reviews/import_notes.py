"""What is said of a ClaimReview that was taken in: the codes, each with what became of the part, in both languages.

The invariant: no note has a code that is not in `CODES`, and the documentation prints `CODES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from claimledger.vocabulary import Handling


class Meaning(NamedTuple):
    """What a code says."""

    handling: Handling
    """What became of the part."""
    en: str
    """What was found."""
    ko: str
    """The same in Korean."""


class Note(NamedTuple):
    """One part of a document that was not simply taken as it stands."""

    item: int
    """Which review of the document, from 1; 0 for the document itself."""
    code: str
    """A code of `CODES`."""
    path: str
    """Where the part stands, as `itemReviewed.author.0.name`; empty for the whole."""
    before: str
    """What stands there; of long text its beginning."""
    after: str = ""
    """What was taken; empty if nothing was."""


_DROPPED, _MENDED, _KEPT = Handling.DROPPED, Handling.MENDED, Handling.KEPT

CODES: Mapping[str, Meaning] = {
    "document-too-large": Meaning(_DROPPED, "The document is larger than is read.", "문서가 읽는 한도보다 크다."),
    "encoding-broken": Meaning(
        _MENDED, "Some bytes are in no encoding; a mark stands for them.", "글자로 읽히지 않는 바이트를 표시로 바꿨다."
    ),
    "json-broken": Meaning(_DROPPED, "This part is no JSON.", "JSON이 아니다."),
    "json-in-entities": Meaning(
        _MENDED, "The JSON was written with HTML entities.", "JSON이 HTML 문자 참조로 쓰여 있었다."
    ),
    "name-repeated": Meaning(
        _DROPPED,
        "The same name stands in the map again; the last value holds.",
        "같은 이름이 또 있어 마지막 값을 썼다.",
    ),
    "none-found": Meaning(_DROPPED, "No ClaimReview stands in it.", "ClaimReview가 없다."),
    "not-a-claim-review": Meaning(_DROPPED, "It is no ClaimReview.", "ClaimReview가 아니다."),
    "no-claim": Meaning(_DROPPED, "It says of no claim that can be taken.", "가져올 수 있는 주장이 없다."),
    "duplicate": Meaning(_DROPPED, "The same review stands in the document already.", "같은 검증이 앞에 이미 있다."),
    "not-kept": Meaning(_DROPPED, "The ledger has no place for this.", "원장에 둘 곳이 없다."),
    "taken-from-elsewhere": Meaning(
        _MENDED, "It stands in another place than schema.org has for it.", "schema.org가 정한 자리가 아닌 곳에 있었다."
    ),
    "type-mended": Meaning(_MENDED, "Another type is meant here.", "유형을 바로잡았다."),
    "entities": Meaning(_MENDED, "HTML entities became characters.", "HTML 문자 참조를 글자로 바꿨다."),
    "text-tidied": Meaning(
        _MENDED, "White space or characters nobody sees were taken out.", "빈칸이나 보이지 않는 글자를 정리했다."
    ),
    "text-too-long": Meaning(_DROPPED, "The text is longer than a record holds.", "기록에 담을 수 있는 길이를 넘는다."),
    "surrogate-replaced": Meaning(
        _MENDED, "Half a character cannot be written; a mark stands for it.", "반쪽 글자를 표시로 바꿨다."
    ),
    "date-tidied": Meaning(
        _MENDED, "The day was taken, as the publisher writes it.", "발행처가 적은 그대로 날짜만 가져왔다."
    ),
    "date-unreadable": Meaning(_DROPPED, "It is no date that can be read one way.", "한 가지로 읽히는 날짜가 아니다."),
    "address-mended": Meaning(_MENDED, "The address lacked its beginning.", "주소의 앞부분을 채웠다."),
    "address-unreadable": Meaning(_DROPPED, "It is no web address.", "웹 주소가 아니다."),
    "language-mended": Meaning(_MENDED, "The language tag was put in its usual form.", "언어 표시를 바로잡았다."),
    "language-unreadable": Meaning(_DROPPED, "It is no language tag.", "언어 표시가 아니다."),
    "rating-out-of-bounds": Meaning(
        _KEPT,
        "The numbers make no scale: worst below 1, best not above worst, or the value outside.",
        "숫자가 척도를 이루지 않는다. 최저가 1보다 작거나, 최고가 최저보다 크지 않거나, 값이 범위 밖이다.",
    ),
}
"""Every code. What is kept of a rating is kept as its publisher wrote it, however broken."""
