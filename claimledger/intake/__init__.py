"""Reads an article from the bytes of a file or page: the text to store, and the metadata it states.

The input is the bytes, the name that the person gave, and what a server said about them. The result is an
`ExtractedDocument`, or a problem with advice. A text in UTF-8 is stored byte for byte. Other encodings are converted to
UTF-8 without losing or adding a character, and metadata that the page does not state stays unknown. Bytes that need a
parser for markup are read in a separate process with hard limits. The package knows no network, no file system and no
ledger.
"""

from __future__ import annotations

from dataclasses import replace

from claimledger.intake.apart import ReadingBusy, ReadingLimits, read_in_subprocess
from claimledger.intake.page import PageReaderMissing
from claimledger.intake.pdf_file import PdfReaderMissing
from claimledger.intake.pdf_lines import join_lines
from claimledger.intake.file_formats import PAGE_SIZE_LIMIT, begins_as_page, read_in_this_process, needs_parser
from claimledger.intake.record import (
    ARTICLE_SIZE_LIMIT, SourceFormat, ExtractedDocument, UnreadDocument, problem_in_file,
)  # fmt: skip

__all__ = [
    "ARTICLE_SIZE_LIMIT",
    "PAGE_SIZE_LIMIT",
    "ExtractedDocument",
    "PageReaderMissing",
    "PdfReaderMissing",
    "ReadingBusy",
    "ReadingLimits",
    "SourceFormat",
    "UnreadDocument",
    "begins_as_page",
    "extract_article_file",
    "extract_document",
    "read_in_this_process",
]  # fmt: skip


def extract_document(
    content: bytes,
    *,
    name: str,
    content_type: str | None = None,
    charset: str | None = None,
    limit: int = ARTICLE_SIZE_LIMIT,
    may_be_pdf: bool = False,
    within: ReadingLimits | None = None,
) -> ExtractedDocument:
    """Return the text to store for an article, and the metadata that its page or file states.

    Args:
        content: the bytes of a text, a web page, a Word or Hangul file, or RTF.
        name: the file or address, as the person named it.
        content_type: the media type a server named, without parameters.
        charset: the charset a server named.
        limit: the largest size of an article in bytes.
        may_be_pdf: True if PDFs are accepted, too.
        within: the limits of time and memory for reading a page, a Word or Hangul file, or a PDF.

    Raises:
        ProblemsFound: nothing can be stored. The codes are `text-empty`, `text-too-large`, `text-binary`,
            `text-undecodable`, `docx-unreadable`, `hwpx-unreadable`, `html-unreadable`, `html-without-article`
            and `pdf-unreadable`. If reading exceeded a limit they are `reading-too-slow`, `reading-too-large`,
            `reading-too-long` and `reading-broke-off`.
        ReadingBusy: other documents were being read until the time was up.
        PageReaderMissing, PdfReaderMissing: the package that reads pages or PDFs is not installed.
    """
    unread = UnreadDocument(content, name, content_type, charset, limit, may_be_pdf)
    return (
        read_in_subprocess(unread, within or ReadingLimits()) if needs_parser(unread) else read_in_this_process(unread)
    )


def extract_article_file(content: bytes, name: str) -> ExtractedDocument:
    """Return the text to store for an article from a file; the lines of a PDF become paragraphs.

    Raises:
        ProblemsFound: nothing can be stored, as in `extract_document`; a PDF of scanned pages has no text.
        ReadingBusy, PageReaderMissing, PdfReaderMissing: as in `extract_document`.
    """
    found = extract_document(content, name=name, may_be_pdf=True)
    if found.form is not SourceFormat.PDF:
        return found
    text = join_lines(found.text.decode())
    if not text:
        raise problem_in_file(name, "text-empty/scanned")
    return replace(found, text=text.encode())
