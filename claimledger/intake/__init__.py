"""An article in: from the bytes of a file or page to the text that is stored, and what it says of itself.

In: bytes, the name the person gave, what a server said of them. Out: an `Intake`, or the problem with what to do about
it. The invariant: a text in UTF-8 is stored byte for byte; everything else becomes UTF-8 without a character lost or
made up, and what the page does not say stays unknown. It knows no network, no file system and no ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimledger.intake.encodings import decode
from claimledger.intake.page import PageReaderMissing, read_page
from claimledger.intake.record import Form, Intake, holds_text, refusal, text_empty
from claimledger.intake.word_file import read_word_file

__all__ = ["LIMIT", "PAGE_LIMIT", "Form", "Intake", "PageReaderMissing", "read_in"]

LIMIT = 20_000_000
"""Bytes an article may have, a Word file unpacked."""
PAGE_LIMIT = 5_000_000
"""Bytes a web page may have: finding the article in markup made to be slow takes eight seconds for each million."""

_ZIP = b"PK\x03\x04"
_OTHER_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Word file, a Hangul file (.hwp) or a Word file with a password"),
    (b"{\\rtf", "a file in Rich Text Format"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file"),
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


def read_in(
    content: bytes, *, name: str, content_type: str | None = None, charset: str | None = None, limit: int = LIMIT
) -> Intake:
    """Return the text that is stored for an article, and what its page or file says of it.

    Args:
        content: the bytes of a text, a web page or a Word file.
        name: the file or address, as the person named it.
        content_type: the media type a server named, without parameters.
        charset: the charset a server named.
        limit: how many bytes an article may have.

    Raises:
        ProblemsFound: `text-empty`, `text-too-large`, `text-binary`, `text-undecodable`, `docx-unreadable`,
            `html-unreadable` or `html-without-article`; nothing of it can be stored.
        PageReaderMissing: it is a web page, and what reads those is not installed.
    """
    _refuse_larger(content, name, limit)
    if content.startswith(_ZIP):
        return read_word_file(content, name, limit)
    _refuse_other_formats(content, name)
    if is_html := _is_html(content, name, content_type):
        _refuse_larger(content, name, min(limit, PAGE_LIMIT))
    decoded = decode(content, name, [*([charset] if charset else []), *(_meta_charsets(content) if is_html else [])])
    if not holds_text(decoded.text):
        raise text_empty(name)
    if is_html:
        return read_page(decoded, name)
    text = content if decoded.encoding == "utf-8" else decoded.text.encode()
    return Intake(text, Form.TEXT, decoded.encoding)


def _refuse_larger(content: bytes, name: str, limit: int) -> None:
    if len(content) > limit:
        sentence = f"It has {len(content):,} bytes; at most {limit:,} are read."
        raise refusal(name, "text-too-large", sentence, "Give a file that holds the article alone.")


def _refuse_other_formats(content: bytes, name: str) -> None:
    for beginning, what in _OTHER_FORMATS:
        if content.startswith(beginning):
            remedy = "Save the article as text in UTF-8, as .docx or as .html."
            raise refusal(name, "text-binary", f"It is {what}.", remedy)


def _is_html(content: bytes, name: str, content_type: str | None) -> bool:
    """Return whether it is a web page: as the server says, else as the file is named, else as it begins."""
    if content_type is not None:
        return content_type in _HTML_TYPES
    if name.lower().endswith(_HTML_SUFFIXES + _TEXT_SUFFIXES):
        return name.lower().endswith(_HTML_SUFFIXES)
    beginning = content[:_HEAD_LENGTH].replace(b"\0", b"").decode("ascii", "ignore")
    return _BEGINS_AS_HTML.match(beginning) is not None


def _meta_charsets(content: bytes) -> Sequence[str]:
    """Return the charsets a page declares for itself."""
    return [(found[1] or found[2]).decode() for found in _META_CHARSET.finditer(content[:_HEAD_LENGTH])]
