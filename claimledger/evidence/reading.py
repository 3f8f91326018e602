"""What a document says: its main text, and what it states of itself as a proposal for its record.

In: a capture. Out: a `Reading`; a picture has no text, and a page in which no text is found says why. trafilatura
reads pages, pypdf PDFs (extra `evidence`). The invariant: the text is made from the kept bytes alone, and what the
document does not state stays unknown.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence.capture import Capture
from claimledger.evidence.packages import PackageMissing
from claimledger.intake import Intake, PageReaderMissing, read_in
from claimledger.intake.stated import plain_date, plain_text
from claimledger.vocabulary import Medium

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["PackageMissing", "Reading", "read"]
_PAGES = 2_000
"""Pages that a PDF may have."""
_TEXT_SIZE = 20_000_000
"""Characters that its text may have."""
_SECONDS = 30
"""How long reading it may take, looked at after each page."""
_NO_TEXT = Problem("document-without-text", "No text was found in it.", "Name the passage relied on in the summary.")


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


def read(capture: Capture) -> Reading:
    """Return what a document says.

    Raises:
        PackageMissing: what reads such documents is not installed.
    """
    media_type = capture.media_type or ""
    if media_type == "application/pdf":
        return _read_pdf(capture.content)
    if media_type.startswith("image/"):
        return Reading(Medium.PHOTOGRAPH, why_not=_NO_TEXT)
    try:
        found = read_in(
            capture.content, name=capture.name, content_type=capture.media_type, charset=capture.charset
        )  # fmt: skip
    except PageReaderMissing:
        raise PackageMissing("trafilatura", "Reading web pages") from None
    except ProblemsFound as refusal:
        return Reading(Medium.WEB, why_not=refusal.problems[0])
    return _reading(found)


def _reading(found: Intake) -> Reading:
    text = found.text.decode()
    return Reading(Medium.WEB, text, None, found.headline, found.publisher, found.published_on, found.language)


def _read_pdf(content: bytes) -> Reading:
    """Return what a PDF says, page by page, a form feed between two.

    Raises:
        PackageMissing: pypdf is not installed.
    """
    try:
        from pypdf import PdfReader  # noqa: PLC0415  of the extra `evidence`
    except ImportError:
        raise PackageMissing("pypdf", "Reading PDFs") from None
    try:
        pdf = PdfReader(io.BytesIO(content))
        text = "\f".join(_pages(pdf))
        stated = pdf.metadata
        title, created = (stated.title, stated.creation_date_raw) if stated else (None, None)
    except Exception as error:  # noqa: BLE001  whatever made-up bytes bring a foreign parser to
        why = str(error) if isinstance(error, _TooMuch) else type(error).__name__
        sentence = f"The PDF cannot be read ({why})."
        return Reading(Medium.PDF, why_not=Problem("pdf-unreadable", sentence, "Look whether it opens elsewhere."))
    if not text.strip():
        return Reading(Medium.PDF, why_not=_NO_TEXT, title=plain_text(title or ""))
    day = plain_date((created or "").removeprefix("D:"))
    return Reading(Medium.PDF, text, None, plain_text(title or ""), published_on=day)


class _TooMuch(Exception):
    """A PDF has more than is read; nothing of it is taken for the whole."""


def _pages(pdf: PdfReader) -> Iterator[str]:
    """Yield the text of each page.

    Raises:
        _TooMuch: it has more pages or text than there is room for, or takes too long.
    """
    if len(pdf.pages) > _PAGES:
        raise _TooMuch(f"it has more than {_PAGES:,} pages")
    size, until = 0, time.monotonic() + _SECONDS
    for page in pdf.pages:
        text = page.extract_text()
        size += len(text)
        if size > _TEXT_SIZE:
            raise _TooMuch(f"its text has more than {_TEXT_SIZE:,} characters")
        if time.monotonic() > until:
            raise _TooMuch(f"it takes more than {_SECONDS} seconds")
        yield text
