"""Reads the text of a PDF, page by page, and its metadata with pypdf (extra `evidence`).

The text has a form feed between two pages; title and date come with it. Either the text of the whole document is
returned or none. If pypdf logs that it left something out, the document is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from claimledger.errors import LedgerError
from claimledger.intake.record import SourceFormat, ExtractedDocument, problem_in_file
from claimledger.intake.stated import plain_date, plain_text
from claimledger.messages import Message

if TYPE_CHECKING:
    from pypdf import PdfReader

_PAGES = 2_000
"""The largest number of pages."""
_TEXT_SIZE = 20_000_000
"""The largest number of characters in the text."""
_LEFT_OUT = ("content is skipped", "Impossible to decode")
"""Words with which pypdf logs that it left text out."""


class PdfReaderMissing(LedgerError):
    """Raised when the package that reads PDFs is not installed."""

    def __init__(self, name: str) -> None:
        """Name the file in the message."""
        super().__init__(name=name)


class _TooMuch(Exception):
    """Raised when a PDF has more than is read; no part of it is taken for the whole."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def read_pdf_file(content: bytes, name: str) -> ExtractedDocument:
    """Return the text and metadata of a PDF; a PDF of scanned images has no text.

    Raises:
        PdfReaderMissing: pypdf is not installed.
        ProblemsFound: `pdf-unreadable`.
        MemoryError: reading needs more memory than there is.
    """
    try:
        from pypdf import PdfReader  # noqa: PLC0415  of the extra `evidence`
    except ImportError:
        raise PdfReaderMissing(name) from None
    try:
        with _pypdf_messages() as told:
            pdf = PdfReader(BytesIO(content))
            text = "\f".join(_pages(pdf, told)).encode()
        stated = pdf.metadata
        title, created = (stated.title, stated.creation_date_raw) if stated else (None, None)
    except MemoryError:
        raise
    except Exception as error:  # the parser may raise anything for hostile bytes
        unknown = Message("pdf-unreadable", reason=type(error).__name__)
        raise problem_in_file(name, error.message if isinstance(error, _TooMuch) else unknown) from error
    day = plain_date((created or "").removeprefix("D:"))
    return ExtractedDocument(
        text if text.strip() else b"", SourceFormat.PDF, None, plain_text(title or ""), published_on=day
    )


def _pages(pdf: PdfReader, told: list[str]) -> Iterator[str]:
    """Yield the text of each page, checking the messages that pypdf logs.

    Raises:
        _TooMuch: the PDF has too many pages or too much text, or pypdf left something out.
    """
    if len(pdf.pages) > _PAGES:
        raise _TooMuch(Message("pdf-unreadable/pages", limit=_PAGES))
    size = 0
    for page in pdf.pages:
        text = page.extract_text()
        size += len(text)
        if size > _TEXT_SIZE:
            raise _TooMuch(Message("pdf-unreadable/text", limit=_TEXT_SIZE))
        if any(words in line for line in told for words in _LEFT_OUT):
            raise _TooMuch(Message("pdf-unreadable/entangled"))
        yield text


class _MessageCollector(logging.Handler):
    """A log handler that collects messages."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _pypdf_messages() -> Iterator[list[str]]:
    """Collect the messages that pypdf logs in the `with` block."""
    collector, logger = _MessageCollector(), logging.getLogger("pypdf")
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)
