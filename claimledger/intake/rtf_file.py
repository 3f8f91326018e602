"""Reads the text of a Rich Text Format file (RTF 1.9) with only the standard library.

Paragraphs become lines, and the cells of a table row are joined by tabs. Fonts, styles, pictures, headers, footnotes
and other destinations are left out. Nothing outside the file is read.
"""

from __future__ import annotations

import codecs
import re

from claimledger.intake.record import (
    ExtractedDocument, SourceFormat, empty_text_problem, has_visible_text, problem_in_file,
)  # fmt: skip

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf "
    b"footnote annotation listtable listoverridetable rsidtbl themedata datastore generator xmlnstbl fldinst".split()
)  # fmt: skip
"""The destinations that are not text of the document."""
_CHARACTERS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_CODE_PAGES = {949: "cp949", 932: "cp932", 936: "gbk", 950: "cp950", 65001: "utf-8"}


def read_rtf_file(content: bytes, name: str) -> ExtractedDocument:
    """Return the text of an RTF file.

    Raises:
        ProblemsFound: `rtf-unreadable` if a character cannot be decoded, or `text-empty`.
    """
    try:
        text = _text(content)
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise problem_in_file(name, "rtf-unreadable", reason=str(error)) from error
    lines = (line.rstrip("\t ") for line in text.split("\n"))
    found = "\n".join(line for line in lines if has_visible_text(line))
    if not found:
        raise empty_text_problem(name)
    return ExtractedDocument(f"{found}\n".encode(), SourceFormat.RTF, None)


def _text(content: bytes) -> str:
    page = re.search(rb"\\ansicpg([0-9]{1,6})", content)
    number = int(page[1]) if page else 1252
    decoder = codecs.getincrementaldecoder(_CODE_PAGES.get(number, f"cp{number}"))("strict")
    pieces: list[str] = []
    stack: list[tuple[bool, int]] = []
    skips, width, left = False, 1, 0
    for word, value, code, symbol, brace, plain in (found.groups() for found in _TOKEN.finditer(content)):
        if brace == b"{":
            stack.append((skips, width))
        elif brace and stack:
            skips, width = stack.pop()
        elif word in _SKIPPED or symbol == b"*":
            skips = True
        elif word == b"uc":
            width = int(value or 1)
        elif word == b"u" and value:
            left = width
            pieces.append("" if skips else _utf_16(int(value)))
        elif word == b"bin" and value:
            raise ValueError("binary data")
        elif code or plain:
            encoded = bytes.fromhex(code.decode()) if code else plain
            taken, left = encoded[left:], max(0, left - len(encoded))
            pieces.append("" if skips else decoder.decode(taken))
        elif not skips and (word in _CHARACTERS or symbol in _SYMBOLS):
            pieces.append(_CHARACTERS.get(word or b"", "") or _SYMBOLS.get(symbol or b"", ""))
    pieces.append(decoder.decode(b"", final=True))
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16")


def _utf_16(value: int) -> str:
    """Return the unit of UTF-16 that a number means; numbers above 32,767 are written as negative."""
    return chr(value % 65_536)
