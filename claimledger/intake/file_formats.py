"""What bytes are, and who reads them, in this very process.

In: `Unread` bytes. Out: an `Intake`, or the problem with what to do about it. The invariant: nobody guesses: what a
server says goes before the name, and that before how the bytes begin. What is read by a parser of foreign markup is
told by `takes_parser`; such bytes are read in a process of their own (`apart`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimledger.intake.encodings import decode
from claimledger.intake.page import read_page
from claimledger.intake.pdf_file import read_pdf_file
from claimledger.intake.record import Form, Intake, Unread, holds_text, refusal, text_empty
from claimledger.intake.word_file import read_word_file

PAGE_LIMIT = 5_000_000
"""Bytes a web page may have: finding the article in markup made to be slow takes eight seconds for each million, and
half a minute is all that it may take (`apart.Within`)."""

_PDF = b"%PDF-"
_PDF_TYPE = "application/pdf"
_ZIP = b"PK\x03\x04"
_OTHER_FORMATS = (
    (_PDF, "pdf"),
    (b"\xd0\xcf\x11\xe0", "old-word"),
    (b"{\\rtf", "rtf"),
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


def takes_parser(unread: Unread) -> bool:
    """Return whether bytes are a page, a Word file or a PDF, and not so many that they are refused for that."""
    is_parsed = _is_pdf(unread) or unread.content.startswith(_ZIP) or _is_html(unread)
    return is_parsed and len(unread.content) <= unread.limit


def read_here(unread: Unread) -> Intake:
    """Return the text that bytes hold, and what the page or file says of itself.

    Raises:
        ProblemsFound: nothing of it can be stored.
        PageReaderMissing, PdfReaderMissing: what reads pages or PDFs is not installed.
        MemoryError: it takes more memory than there is.
    """
    content, name = unread.content, unread.name
    _refuse_larger(unread, unread.limit)
    if _is_pdf(unread):
        return read_pdf_file(content, name)
    if content.startswith(_ZIP):
        return read_word_file(content, name, unread.limit)
    _refuse_other_formats(unread)
    if is_html := _is_html(unread):
        _refuse_larger(unread, min(unread.limit, PAGE_LIMIT))
    declared = [*([unread.charset] if unread.charset else []), *(_meta_charsets(content) if is_html else [])]
    decoded = decode(content, name, declared)
    if not holds_text(decoded.text):
        raise text_empty(name)
    if is_html:
        return read_page(decoded, name)
    text = content if decoded.encoding == "utf-8" else decoded.text.encode()
    return Intake(text, Form.TEXT, decoded.encoding)


def _refuse_larger(unread: Unread, limit: int) -> None:
    if len(unread.content) > limit:
        raise refusal(unread.name, "text-too-large", size=len(unread.content), limit=limit)


def _refuse_other_formats(unread: Unread) -> None:
    for beginning, variant in _OTHER_FORMATS:
        if unread.content.startswith(beginning):
            raise refusal(unread.name, f"text-binary/{variant}")


def _is_pdf(unread: Unread) -> bool:
    return unread.may_be_pdf and (unread.content_type == _PDF_TYPE or unread.content.startswith(_PDF))


def _is_html(unread: Unread) -> bool:
    """Return whether it is a web page: as the server says, else as the file is named, else as it begins."""
    if unread.content_type is not None:
        return unread.content_type in _HTML_TYPES
    name = unread.name.lower()
    if name.endswith(_HTML_SUFFIXES + _TEXT_SUFFIXES):
        return name.endswith(_HTML_SUFFIXES)
    beginning = unread.content[:_HEAD_LENGTH].replace(b"\0", b"").decode("ascii", "ignore")
    return _BEGINS_AS_HTML.match(beginning) is not None


def _meta_charsets(content: bytes) -> Sequence[str]:
    """Return the charsets a page declares for itself."""
    return [(found[1] or found[2]).decode() for found in _META_CHARSET.finditer(content[:_HEAD_LENGTH])]
