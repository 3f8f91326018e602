"""Determines the format of bytes and reads them in this process.

Formats are not guessed: the server's media type comes first, then the file name, then the first bytes. `needs_parser`
says whether a parser of foreign markup is needed; such bytes are read in a separate process (`apart`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimledger.intake.encodings import decode
from claimledger.intake.hangul_file import is_hangul_file, read_hangul_file
from claimledger.intake.page import read_page
from claimledger.intake.pdf_file import read_pdf_file
from claimledger.intake.record import (
    SourceFormat, ExtractedDocument, UnreadDocument, has_visible_text, problem_in_file, empty_text_problem,
)  # fmt: skip
from claimledger.intake.rtf_file import read_rtf_file
from claimledger.intake.word_file import read_word_file

PAGE_SIZE_LIMIT = 5_000_000
"""The largest size of a web page in bytes.

Finding the article in deliberately slow markup takes eight seconds per million bytes, and the limit of
`apart.ReadingLimits` is half a minute.
"""

_PDF = b"%PDF-"
_PDF_TYPE = "application/pdf"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_RTF = b"{\\rtf"
_HANGUL_FILE = b"HWP Document File"
"""Words in the header of each Hangul file (.hwp), of version 3 at its beginning."""
_OTHER_FORMATS = (
    (_PDF, "pdf"),
    (_OLE, "old-word"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\x1f\x8b", "packed"),
)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_TEXT_SUFFIXES = (".txt", ".md", ".text")
_BEGINS_AS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HEAD_LENGTH = 4096
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]+)|^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w:.-]+)",
    re.IGNORECASE,
)


def needs_parser(unread: UnreadDocument) -> bool:
    """Return whether bytes are a page, a Word, Hangul or RTF file, or a PDF within the size limit."""
    is_parsed = _is_pdf(unread) or unread.content.startswith((_ZIP, _RTF)) or _is_html(unread)
    return is_parsed and len(unread.content) <= unread.limit


def read_in_this_process(unread: UnreadDocument) -> ExtractedDocument:
    """Return the text of bytes, and the metadata that the page or file states.

    Raises:
        ProblemsFound: nothing of it can be stored.
        PageReaderMissing, PdfReaderMissing: the package that reads pages or PDFs is not installed.
        MemoryError: reading needs more memory than there is.
    """
    content, name = unread.content, unread.name
    _refuse_larger(unread, unread.limit)
    if _is_pdf(unread):
        return read_pdf_file(content, name)
    if content.startswith(_ZIP):
        read_zipped = read_hangul_file if is_hangul_file(content) else read_word_file
        return read_zipped(content, name, unread.limit)
    if content.startswith(_RTF):
        return read_rtf_file(content, name)
    _refuse_other_formats(unread)
    if is_html := _is_html(unread):
        _refuse_larger(unread, min(unread.limit, PAGE_SIZE_LIMIT))
    declared = [*([unread.charset] if unread.charset else []), *(_meta_charsets(content) if is_html else [])]
    decoded = decode(content, name, declared)
    if not has_visible_text(decoded.text):
        raise empty_text_problem(name)
    if is_html:
        return read_page(decoded, name)
    text = content if decoded.encoding == "utf-8" else decoded.text.encode()
    return ExtractedDocument(text, SourceFormat.TEXT, decoded.encoding)


def _refuse_larger(unread: UnreadDocument, limit: int) -> None:
    if len(unread.content) > limit:
        raise problem_in_file(unread.name, "text-too-large", size=len(unread.content), limit=limit)


def _refuse_other_formats(unread: UnreadDocument) -> None:
    if unread.content.startswith((_HANGUL_FILE, _OLE)) and _HANGUL_FILE in unread.content:
        raise problem_in_file(unread.name, "text-binary/hwp")
    for beginning, variant in _OTHER_FORMATS:
        if unread.content.startswith(beginning):
            raise problem_in_file(unread.name, f"text-binary/{variant}")


def _is_pdf(unread: UnreadDocument) -> bool:
    return unread.may_be_pdf and (unread.content_type == _PDF_TYPE or unread.content.startswith(_PDF))


def _is_html(unread: UnreadDocument) -> bool:
    """Return whether bytes are a web page, by the media type, or else by the file name, or else by the first bytes."""
    if unread.content_type is not None:
        return unread.content_type in _HTML_TYPES
    if unread.name.lower().endswith(_TEXT_SUFFIXES):
        return False
    return begins_as_page(unread.content, unread.name)


def begins_as_page(content: bytes, name: str) -> bool:
    """Return whether a file is a web page by its name or by its first bytes.

    >>> begins_as_page(b"<!doctype html><p>", "a.txt"), begins_as_page(b"Sales rose 3%.", "a.txt")
    (True, False)
    """
    beginning = content[:_HEAD_LENGTH].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").decode("ascii", "ignore")
    return name.lower().endswith(_HTML_SUFFIXES) or _BEGINS_AS_HTML.match(beginning) is not None


def _meta_charsets(content: bytes) -> Sequence[str]:
    """Return the charsets that a page declares."""
    return [(found[1] or found[2]).decode() for found in _META_CHARSET.finditer(content[:_HEAD_LENGTH])]
