"""Reads a captured document: its main text, and its own metadata as a proposal for its record.

trafilatura reads pages and pypdf reads PDFs (extra `evidence`). An image has no text, and a page without text gives the
reason. The text is made only from the stored bytes. Metadata that the document does not state stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence.capture import Capture
from claimledger.evidence.packages import PackageMissing
from claimledger.intake import (
    SourceFormat, ExtractedDocument, PageReaderMissing, PdfReaderMissing, ReadingLimits, extract_document,
)  # fmt: skip
from claimledger.vocabulary import Medium

__all__ = ["DocumentReading", "PackageMissing", "read_document"]
_NO_TEXT = Problem("document-without-text")


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """The text and metadata of a document."""

    medium: Medium
    """The format of the document."""
    text: str | None = None
    """Its main text, not normalised to NFC; None if no text was found."""
    no_text_problem: Problem | None = None
    """The reason that there is no text."""
    title: str | None = None
    """The title it states."""
    publisher: str | None = None
    """The publisher it states."""
    published_on: str | None = None
    """The date of publication it states (EDTF level 0)."""
    language: str | None = None
    """The language it states (BCP 47)."""

    @property
    def text_sha256(self) -> str | None:
        """The SHA-256 of the text in UTF-8."""
        return sha256(self.text.encode()).hexdigest() if self.text is not None else None


def read_document(capture: Capture, within: ReadingLimits | None = None) -> DocumentReading:
    """Read a document in a separate process with limits of time and memory.

    Raises:
        PackageMissing: the package for this format is not installed.
        ReadingBusy: other documents were being read until the time was up.
    """
    media_type = capture.media_type or ""
    if media_type.startswith("image/"):
        return DocumentReading(Medium.PHOTOGRAPH, no_text_problem=_NO_TEXT)
    try:
        intake = extract_document(
            capture.content, name=capture.name, content_type=capture.media_type, charset=capture.charset,
            may_be_pdf=True, within=within,
        )  # fmt: skip
    except PageReaderMissing:
        raise PackageMissing("trafilatura", "web-pages") from None
    except PdfReaderMissing:
        raise PackageMissing("pypdf", "pdfs") from None
    except ProblemsFound as refusal:
        return DocumentReading(_medium(capture, None), no_text_problem=refusal.problems[0])
    return _make_reading(intake, _medium(capture, intake.form))


def _medium(capture: Capture, form: SourceFormat | None) -> Medium:
    """Return the format of a document; a file is a web page only if it is written in HTML."""
    if capture.media_type == "application/pdf":
        return Medium.PDF
    is_file = form in (SourceFormat.DOCX, SourceFormat.HWPX)
    is_page = form is SourceFormat.HTML or (capture.final_address is not None and not is_file)
    return Medium.WEB if is_page else Medium.FILE


def _make_reading(intake: ExtractedDocument, medium: Medium) -> DocumentReading:
    text = intake.text.decode() or None
    why_not = None if text else _NO_TEXT
    return DocumentReading(
        medium, text, why_not, intake.headline, intake.publisher, intake.published_on, intake.language
    )
