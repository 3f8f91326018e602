"""What a document says: its main text, and what it states of itself as a proposal for its record.

In: a capture. Out: a `Reading`; a picture has no text, and a page in which no text is found says why. trafilatura
reads pages, pypdf PDFs (extra `evidence`). The invariant: the text is made from the kept bytes alone, and what the
document does not state stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence.capture import Capture
from claimledger.evidence.packages import PackageMissing
from claimledger.intake import Form, Intake, PageReaderMissing, PdfReaderMissing, Within, read_in
from claimledger.vocabulary import Medium

__all__ = ["PackageMissing", "Reading", "read"]
_NO_TEXT = Problem("document-without-text")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says."""

    medium: Medium
    """What it is."""
    text: str | None = None
    """Its main text, NFC or not as it stands there; none where none was found."""
    why_not: Problem | None = None
    """Why there is no text."""
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
        """SHA-256 of the text in UTF-8."""
        return sha256(self.text.encode()).hexdigest() if self.text is not None else None


def read(capture: Capture, within: Within | None = None) -> Reading:
    """Return what a document says, read in a process of its own within limits of time and memory.

    Raises:
        PackageMissing: what reads such documents is not installed.
        ReadingBusy: others were being read for so long that there was no time for it.
    """
    media_type = capture.media_type or ""
    if media_type.startswith("image/"):
        return Reading(Medium.PHOTOGRAPH, why_not=_NO_TEXT)
    try:
        found = read_in(
            capture.content, name=capture.name, content_type=capture.media_type, charset=capture.charset,
            may_be_pdf=True, within=within,
        )  # fmt: skip
    except PageReaderMissing:
        raise PackageMissing("trafilatura", "web-pages") from None
    except PdfReaderMissing:
        raise PackageMissing("pypdf", "pdfs") from None
    except ProblemsFound as refusal:
        return Reading(_medium(capture, None), why_not=refusal.problems[0])
    return _reading(found, _medium(capture, found.form))


def _medium(capture: Capture, form: Form | None) -> Medium:
    """Return what a document is; one that no address gave is no web page unless it is written as one."""
    if capture.media_type == "application/pdf":
        return Medium.PDF
    is_page = form is Form.HTML or (capture.final_address is not None and form is not Form.DOCX)
    return Medium.WEB if is_page else Medium.FILE


def _reading(found: Intake, medium: Medium) -> Reading:
    text = found.text.decode() or None
    why_not = None if text else _NO_TEXT
    return Reading(medium, text, why_not, found.headline, found.publisher, found.published_on, found.language)
