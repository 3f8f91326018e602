"""Reads an article from the bytes of a file or page: the text to store, and the metadata it states.

The input is the bytes, the name that the person gave, and what a server said about them. The result is an
`ExtractedDocument`, or a problem with advice. A text in UTF-8 is stored byte for byte. Other encodings are converted to
UTF-8 without losing or adding a character, and metadata that the page does not state stays unknown. Bytes that need a
parser for markup are read in a separate process with hard limits. The package knows no network, no file system and no
ledger.
"""

from __future__ import annotations

from claimledger.intake.apart import ReadingBusy, Within, read_apart
from claimledger.intake.page import PageReaderMissing
from claimledger.intake.pdf_file import PdfReaderMissing
from claimledger.intake.file_formats import PAGE_LIMIT, read_here, takes_parser
from claimledger.intake.record import LIMIT, Form, Intake, Unread

__all__ = [
    "LIMIT", "PAGE_LIMIT", "Form", "Intake", "PageReaderMissing", "PdfReaderMissing", "ReadingBusy", "Unread", "Within",
    "read_here", "read_in",
]  # fmt: skip


def read_in(
    content: bytes,
    *,
    name: str,
    content_type: str | None = None,
    charset: str | None = None,
    limit: int = LIMIT,
    may_be_pdf: bool = False,
    within: Within | None = None,
) -> Intake:
    """Return the text to store for an article, and the metadata that its page or file states.

    Args:
        content: the bytes of a text, a web page or a Word file.
        name: the file or address, as the person named it.
        content_type: the media type a server named, without parameters.
        charset: the charset a server named.
        limit: the largest size of an article in bytes.
        may_be_pdf: True if PDFs are accepted, too; articles must not be PDFs.
        within: the limits of time and memory for reading a page, a Word file or a PDF.

    Raises:
        ProblemsFound: nothing can be stored. The codes are `text-empty`, `text-too-large`, `text-binary`,
            `text-undecodable`, `docx-unreadable`, `html-unreadable`, `html-without-article` and `pdf-unreadable`. If
            reading exceeded a limit they are `reading-too-slow`, `reading-too-large`, `reading-too-long` and
            `reading-broke-off`.
        ReadingBusy: other documents were being read until the time was up.
        PageReaderMissing, PdfReaderMissing: the package that reads pages or PDFs is not installed.
    """
    unread = Unread(content, name, content_type, charset, limit, may_be_pdf)
    return read_apart(unread, within or Within()) if takes_parser(unread) else read_here(unread)
