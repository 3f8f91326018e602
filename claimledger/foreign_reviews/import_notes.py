"""The codes of the notes on an imported ClaimReview, each with its meaning in English and Korean.

Every note has a code of `IMPORT_NOTE_CODES`, and the documentation prints them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from claimledger.desk_vocabulary import ImportTreatment


class ImportNoteCode(NamedTuple):
    """The meaning of a code."""

    handling: ImportTreatment
    """The treatment of the part."""
    en: str
    """The meaning, in English."""
    ko: str
    """The same in Korean."""


class ImportNote(NamedTuple):
    """A part of a document that was not imported unchanged."""

    item: int
    """The number of the review in the document, from 1; 0 for the document itself."""
    code: str
    """A code of `IMPORT_NOTE_CODES`."""
    path: str
    """The path of the part, such as `itemReviewed.author.0.name`; empty for the whole."""
    before: str
    """The original value; of a long text its beginning."""
    after: str = ""
    """The imported value; empty if nothing was imported."""


_DROPPED, _MENDED, _KEPT = ImportTreatment.DROPPED, ImportTreatment.MENDED, ImportTreatment.KEPT

IMPORT_NOTE_CODES: Mapping[str, ImportNoteCode] = {
    "document-too-large": ImportNoteCode(_DROPPED, "The document is larger than the limit.", "문서가 한도보다 큽니다."),
    "encoding-broken": ImportNoteCode(
        _MENDED,
        "Some bytes could not be decoded and were replaced by a mark.",
        "글자로 읽을 수 없는 바이트를 표시로 바꿨습니다.",
    ),
    "json-broken": ImportNoteCode(_DROPPED, "This part is not JSON.", "JSON이 아닙니다."),
    "json-in-entities": ImportNoteCode(
        _MENDED, "The JSON was written with HTML entities.", "JSON이 HTML 문자 참조로 쓰여 있었습니다."
    ),
    "name-repeated": ImportNoteCode(
        _DROPPED,
        "The same name is in the map twice; the last value was used.",
        "같은 이름이 두 번 나와 마지막 값을 썼습니다.",
    ),
    "none-found": ImportNoteCode(_DROPPED, "The document has no ClaimReview.", "ClaimReview가 없습니다."),
    "other-script": ImportNoteCode(
        _KEPT,
        "The claim has no words in Korean or Latin letters. The page of earlier checks finds it by its words, but "
        "'claimledger earlier' only by figures and names.",
        "주장에 한글이나 로마자 낱말이 없습니다. 이전 검증 페이지에서는 낱말로 검색되지만, "
        "'claimledger earlier'는 수치와 이름으로만 찾습니다.",
    ),
    "not-a-claim-review": ImportNoteCode(_DROPPED, "The item is not a ClaimReview.", "ClaimReview가 아닙니다."),
    "no-claim": ImportNoteCode(
        _DROPPED, "The review has no claim that can be imported.", "가져올 수 있는 주장이 없습니다."
    ),
    "duplicate": ImportNoteCode(
        _DROPPED, "The document already has the same review.", "같은 검증이 앞에 이미 있습니다."
    ),
    "no-rating": ImportNoteCode(_DROPPED, "The check has no rating.", "평가가 없습니다."),
    "no-publisher": ImportNoteCode(
        _DROPPED,
        "The check names no publisher, and no address that one can be derived from.",
        "검증한 곳의 이름도, 이름을 알 수 있는 주소도 없습니다.",
    ),
    "same-check-differs": ImportNoteCode(
        _DROPPED,
        "An earlier row is the same check with other content. Map a column with a number of its own to 'id'.",
        "앞줄에 내용이 다른 같은 검증이 있습니다. 검증마다 다른 번호가 있는 열을 'id'로 지정하세요.",
    ),
    "check-withdrawn": ImportNoteCode(
        _DROPPED, "This check was withdrawn and does not come back.", "철회된 검증이라 다시 가져오지 않습니다."
    ),
    "not-a-map": ImportNoteCode(_DROPPED, "The value has no named fields.", "이름 붙은 항목이 없는 값입니다."),
    "topic-unreadable": ImportNoteCode(
        _DROPPED, "A topic is words in Latin letters.", "주제는 로마자 낱말이어야 합니다."
    ),
    "not-kept": ImportNoteCode(_DROPPED, "There is no field for this.", "이 내용을 저장할 항목이 없습니다."),
    "taken-from-elsewhere": ImportNoteCode(
        _MENDED, "The value was not where schema.org defines it.", "schema.org가 정한 자리가 아닌 곳에 있었습니다."
    ),
    "type-mended": ImportNoteCode(_MENDED, "The type was corrected.", "유형을 바로잡았습니다."),
    "entities": ImportNoteCode(
        _MENDED, "HTML entities were replaced by characters.", "HTML 문자 참조를 글자로 바꿨습니다."
    ),
    "text-tidied": ImportNoteCode(
        _MENDED, "White space or invisible characters were removed.", "빈칸이나 보이지 않는 글자를 정리했습니다."
    ),
    "text-too-long": ImportNoteCode(
        _DROPPED, "The text is longer than a record allows.", "기록에 담을 수 있는 길이를 넘습니다."
    ),
    "surrogate-replaced": ImportNoteCode(
        _MENDED, "Half a character was replaced by a mark.", "반쪽 글자를 표시로 바꿨습니다."
    ),
    "date-tidied": ImportNoteCode(
        _MENDED, "Only the day was imported, as the publisher writes it.", "발행처가 적은 그대로 날짜만 가져왔습니다."
    ),
    "date-unreadable": ImportNoteCode(
        _DROPPED, "The date is ambiguous or not a date.", "날짜가 아니거나 두 가지로 읽힙니다."
    ),
    "address-mended": ImportNoteCode(_MENDED, "The beginning of the address was added.", "주소의 앞부분을 채웠습니다."),
    "address-unreadable": ImportNoteCode(_DROPPED, "The value is not a web address.", "웹 주소가 아닙니다."),
    "language-mended": ImportNoteCode(_MENDED, "The language tag was corrected.", "언어 표시를 바로잡았습니다."),
    "language-unreadable": ImportNoteCode(_DROPPED, "The value is not a language tag.", "언어 표시가 아닙니다."),
    "rating-out-of-bounds": ImportNoteCode(
        _KEPT,
        "The numbers are not a scale: worst below 1, best not above worst, or the value outside.",
        "숫자가 척도를 이루지 않습니다. 최저가 1보다 작거나, 최고가 최저보다 크지 않거나, 값이 범위 밖입니다.",
    ),
}
"""Every code. A rating is stored as its publisher wrote it, even if its numbers make no scale."""
