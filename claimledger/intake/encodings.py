"""Determines the encoding of bytes from the bytes themselves and from declared charsets, without guessing.

The order is: a byte order mark; the declared charset, if the bytes are really in it; UTF-8; CP949 (EUC-KR), if the
result is Korean; a declared charset that fits any bytes. Every byte is decoded strictly and nothing is replaced. If no
encoding fits, the problem names the byte. Declared names are read as in the WHATWG Encoding Standard (EUC-KR means
CP949).
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from claimledger.errors import ProblemsFound
from claimledger.intake.record import problem_in_file


class DecodedText(NamedTuple):
    """A text with the encoding of its bytes."""

    text: str
    """The text without the byte order mark."""
    encoding: str
    """Python's name of the encoding."""


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, since it begins with the same mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECODED_AS: Mapping[str, str] = {
    "utf-8": "utf-8", "euc_kr": "cp949", "cp949": "cp949",
    "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp", "gb2312": "gb18030", "gbk": "gb18030",
    "gb18030": "gb18030", "big5": "cp950", "cp950": "cp950", "koi8-r": "koi8-r", "cp1251": "cp1251",
    "cp1250": "cp1250", "iso8859-2": "iso8859-2", "cp1252": "cp1252", "iso8859-15": "iso8859-15",
}  # fmt: skip
"""Python's name of a declared charset, mapped to the encoding it is read as; others are ignored."""
_FITS_ANYTHING: Mapping[str, str] = {"ascii": "cp1252", "iso8859-1": "cp1252"}
"""The charsets that servers declare for anything; they are tried last."""
_MIN_HANGUL_SHARE = 0.6
_MIN_COMMON_SHARE = 0.9
_COMMON_HANGUL = frozenset(
    bytes((row, cell)).decode("euc_kr") for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF)
)
"""The 2,350 syllables of KS X 1001. Korean uses these; other bytes read as CP949 do not give them."""


def decode(content: bytes, name: str, declared: Sequence[str] = ()) -> DecodedText:
    """Return the text of bytes with its encoding.

    Args:
        content: the bytes.
        name: the file's name, as the person gave it.
        declared: charsets that a header or the page names, the most reliable first.

    Raises:
        ProblemsFound: `text-binary` or `text-undecodable`.
    """
    decoded = _decode_marked(content, name) or next(_candidates(content, declared), None)
    if decoded is None and b"\0" not in content:
        raise _undecodable(content, name)
    if decoded is None or "\0" in decoded.text:
        if decoded is None:
            raise problem_in_file(name, "text-binary/byte", at=content.index(0))
        raise problem_in_file(name, "text-binary/character", at=decoded.text.index(chr(0)))
    return decoded


def _decode_marked(content: bytes, name: str) -> DecodedText | None:
    """Return the text after a byte order mark, or None if there is no mark."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return DecodedText(content[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError as error:
                at = len(mark) + error.start
                raise problem_in_file(name, "text-undecodable/mark", encoding=encoding, at=at) from error
    return None


def _undecodable(content: bytes, name: str) -> ProblemsFound:
    """Return the problem that names the first byte that is not UTF-8."""
    at = 0
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
    return problem_in_file(name, "text-undecodable", at=at, byte=f"0x{content[at]:02X}")


def _candidates(content: bytes, declared: Sequence[str]) -> Iterator[DecodedText]:
    """Yield the possible readings of bytes without a mark, the most certain first."""
    if b"\0" in content:
        yield from _decode_unmarked_utf16(content)
        return
    names = [_codec_name(charset) for charset in declared]
    utf8 = _decode_strictly(content, "utf-8")
    for decoded in _decode_each(content, map(_DECODED_AS.get, names)):
        if not (utf8 and _gives_way_to_utf8(decoded)):
            yield decoded
    if utf8:
        yield utf8
    yield from (korean for korean in _decode_each(content, ["cp949"]) if is_korean(korean.text))
    yield from _decode_each(content, map(_FITS_ANYTHING.get, names))


def _decode_each(content: bytes, encodings: Iterable[str | None]) -> Iterator[DecodedText]:
    for encoding in filter(None, encodings):
        if decoded := _decode_strictly(content, encoding):
            yield decoded


def _gives_way_to_utf8(decoded: DecodedText) -> bool:
    """Return whether a declared reading gives way to UTF-8 if the bytes are valid UTF-8, too.

    ASCII and the reading of CP949 as Korean do not give way.
    """
    if decoded.text.isascii():
        return False
    return decoded.encoding != "utf-8" and not (decoded.encoding == "cp949" and is_korean(decoded.text))


def is_korean(text: str) -> bool:
    """Return whether a text's letters beyond ASCII are mostly common Hangul; True if it has no such letters.

    >>> is_korean("약 130억달러"), is_korean("약 130억달러".encode().decode("cp949", "replace"))
    (True, False)
    """
    return _share(text, lambda character: character in _COMMON_HANGUL, among=_is_foreign_letter) >= _MIN_HANGUL_SHARE


def _is_foreign_letter(character: str) -> bool:
    return not character.isascii() and character.isalpha()


def _share(text: str, good: Callable[[str], bool], *, among: Callable[[str], bool]) -> float:
    """Return the share of good characters among a text's characters that `among` selects; 1 if it selects none."""
    selected = [(character, count) for character, count in Counter(text).items() if among(character)]
    whole = sum(count for _, count in selected)
    return sum(count for character, count in selected if good(character)) / whole if whole else 1


def _decode_unmarked_utf16(content: bytes) -> Iterator[DecodedText]:
    """Yield UTF-16 without a mark if exactly one byte order gives Korean or English."""
    readings = [_decode_strictly(content, encoding) for encoding in ("utf-16-le", "utf-16-be")]
    clear = [
        reading
        for reading in readings
        if reading and _share(reading.text, _is_common_character, among=_every_character) >= _MIN_COMMON_SHARE
    ]
    if len(clear) == 1:
        yield clear[0]


def _every_character(_: str) -> bool:
    return True


def _is_common_character(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character in "\t\r\n"
    return character in _COMMON_HANGUL or unicodedata.category(character)[0] in "PS"


def _decode_strictly(content: bytes, encoding: str) -> DecodedText | None:
    try:
        return DecodedText(content.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _codec_name(charset: str) -> str:
    try:
        return codecs.lookup(charset.strip()).name
    except (LookupError, ValueError):
        return ""
