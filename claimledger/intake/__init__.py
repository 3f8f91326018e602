"""An article in: from the bytes of a file or page to the text that is stored, and what it says of itself.

In: bytes, the name the person gave, what a server said of them. Out: an `Intake`, or the problem with what to do about
it. The invariant: a text in UTF-8 is stored byte for byte; everything else becomes UTF-8 without a character lost or
made up, and what the page does not say stays unknown. What takes a parser of foreign markup is read in a process of its
own, with hard limits. It knows no network, no file system and no ledger.
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
    """Return the text that is stored for an article, and what its page or file says of it.

    Args:
        content: the bytes of a text, a web page or a Word file.
        name: the file or address, as the person named it.
        content_type: the media type a server named, without parameters.
        charset: the charset a server named.
        limit: how many bytes an article may have.
        may_be_pdf: whether it may be a PDF too, which an article may not.
        within: how much time and memory reading a page, a Word file or a PDF may take.

    Raises:
        ProblemsFound: `text-empty`, `text-too-large`, `text-binary`, `text-undecodable`, `docx-unreadable`,
            `html-unreadable`, `html-without-article` or `pdf-unreadable`; or that reading it took too much:
            `reading-too-slow`, `reading-too-large`, `reading-too-long`, `reading-broke-off`. Nothing can be stored.
        ReadingBusy: others were being read for so long that there was no time for it.
        PageReaderMissing, PdfReaderMissing: it is a page or a PDF, and what reads those is not installed.
    """
    unread = Unread(content, name, content_type, charset, limit, may_be_pdf)
    return read_apart(unread, within or Within()) if takes_parser(unread) else read_here(unread)
