"""Which encoding bytes are in: decided by what they are, not by what is likely.

In: bytes and the charsets somebody declared for them. Out: the text and the encoding, or a problem that names the byte.
A byte order mark decides; else the declared charset if the bytes are really in it; else UTF-8; else CP949 (EUC-KR) if
it makes Korean; else the declared charset that fits any bytes. The invariant: every byte is decoded strictly, nothing
is replaced. Declared names are read as the WHATWG Encoding Standard reads them (EUC-KR means CP949).
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from claimledger.errors import ProblemsFound
from claimledger.intake.record import refusal


class Decoded(NamedTuple):
    """A text and the encoding its bytes were in."""

    text: str
    """The text without byte order mark."""
    encoding: str
    """Python's name of the encoding."""


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_READ_AS: Mapping[str, str] = {
    "utf-8": "utf-8", "euc_kr": "cp949", "cp949": "cp949",
    "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp", "gb2312": "gb18030", "gbk": "gb18030",
    "gb18030": "gb18030", "big5": "cp950", "cp950": "cp950", "koi8-r": "koi8-r", "cp1251": "cp1251",
    "cp1250": "cp1250", "iso8859-2": "iso8859-2", "cp1252": "cp1252", "iso8859-15": "iso8859-15",
}  # fmt: skip
"""Python's name of a declared charset to that of the encoding it is read as; others are not believed."""
_FITS_ANYTHING: Mapping[str, str] = {"ascii": "cp1252", "iso8859-1": "cp1252"}
"""What servers declare for anything: believed last."""
_ENOUGH = 0.6
_NEARLY_ALL = 0.9
_COMMON_HANGUL = frozenset(
    bytes((row, cell)).decode("euc_kr") for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF)
)
"""The 2,350 syllables of KS X 1001: Korean is written with these, other bytes read as CP949 are not."""


def decode(content: bytes, name: str, declared: Sequence[str] = ()) -> Decoded:
    """Return the text that bytes hold.

    Args:
        content: the bytes.
        name: how the person named the file.
        declared: charsets that a header or the page names for them, the more believable first.

    Raises:
        ProblemsFound: `text-binary` or `text-undecodable`.
    """
    decoded = _marked(content, name) or next(_candidates(content, declared), None)
    if decoded is None and b"\0" not in content:
        raise _undecodable(content, name)
    if decoded is None or "\0" in decoded.text:
        if decoded is None:
            raise refusal(name, "text-binary/byte", at=content.index(0))
        raise refusal(name, "text-binary/character", at=decoded.text.index(chr(0)))
    return decoded


def _marked(content: bytes, name: str) -> Decoded | None:
    """Return the text behind a byte order mark, or None if there is no mark."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return Decoded(content[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError as error:
                at = len(mark) + error.start
                raise refusal(name, "text-undecodable/mark", encoding=encoding, at=at) from error
    return None


def _undecodable(content: bytes, name: str) -> ProblemsFound:
    """Return the refusal that names the first byte that is not UTF-8."""
    at = 0
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
    return refusal(name, "text-undecodable", at=at, byte=f"0x{content[at]:02X}")


def _candidates(content: bytes, declared: Sequence[str]) -> Iterator[Decoded]:
    """Yield the readings of bytes without a mark, the most certain first."""
    if b"\0" in content:
        yield from _unmarked_utf16(content)
        return
    names = [_codec_name(charset) for charset in declared]
    utf8 = _strictly(content, "utf-8")
    for decoded in _readings(content, map(_READ_AS.get, names)):
        if not (utf8 and _contradicts(decoded)):
            yield decoded
    if utf8:
        yield utf8
    yield from (korean for korean in _readings(content, ["cp949"]) if is_korean(korean.text))
    yield from _readings(content, map(_FITS_ANYTHING.get, names))


def _readings(content: bytes, encodings: Iterable[str | None]) -> Iterator[Decoded]:
    for encoding in filter(None, encodings):
        if decoded := _strictly(content, encoding):
            yield decoded


def _contradicts(decoded: Decoded) -> bool:
    """Return whether bytes that are UTF-8 too are so by design: all but ASCII, and Korean of a few syllables."""
    if decoded.text.isascii():
        return False
    return decoded.encoding != "utf-8" and not (decoded.encoding == "cp949" and is_korean(decoded.text))


def is_korean(text: str) -> bool:
    """Return whether the letters of a text beyond ASCII are mostly everyday Hangul; without such letters it may be.

    >>> is_korean("약 130억달러"), is_korean("약 130억달러".encode().decode("cp949", "replace"))
    (True, False)
    """
    return _share(text, lambda character: character in _COMMON_HANGUL, among=_is_foreign_letter) >= _ENOUGH


def _is_foreign_letter(character: str) -> bool:
    return not character.isascii() and character.isalpha()


def _share(text: str, good: Callable[[str], bool], *, among: Callable[[str], bool]) -> float:
    """Return which share of a text's characters `among` are good; 1 if there are none."""
    counted = [(character, count) for character, count in Counter(text).items() if among(character)]
    whole = sum(count for _, count in counted)
    return sum(count for character, count in counted if good(character)) / whole if whole else 1


def _unmarked_utf16(content: bytes) -> Iterator[Decoded]:
    """Yield UTF-16 without mark, if one of its byte orders gives Korean or English and the other does not."""
    readings = [_strictly(content, encoding) for encoding in ("utf-16-le", "utf-16-be")]
    clear = [reading for reading in readings if reading and _share(reading.text, _is_usual, among=_any) >= _NEARLY_ALL]
    if len(clear) == 1:
        yield clear[0]


def _any(_: str) -> bool:
    return True


def _is_usual(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character in "\t\r\n"
    return character in _COMMON_HANGUL or unicodedata.category(character)[0] in "PS"


def _strictly(content: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(content.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _codec_name(charset: str) -> str:
    try:
        return codecs.lookup(charset.strip()).name
    except (LookupError, ValueError):
        return ""
