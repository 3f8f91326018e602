"""The input and output of intake: bytes to read, and the extracted text with the metadata of its page or file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from claimledger.errors import Problem, ProblemsFound
from claimledger.messages import Message, Value


ARTICLE_SIZE_LIMIT = 20_000_000
"""The largest size of an article in bytes; of a Word file, decompressed."""


class SourceFormat(StrEnum):
    """The format of the bytes."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    RTF = "rtf"
    HWPX = "hwpx"


@dataclass(frozen=True, slots=True)
class UnreadDocument:
    """Bytes to read, with the available information about them."""

    content: bytes
    """The bytes of a text, a web page, a Word, Hangul or RTF file, or a PDF."""
    name: str
    """The file or address, as the person named it."""
    content_type: str | None = None
    """The media type a server named, without parameters."""
    charset: str | None = None
    """The charset a server named."""
    limit: int = ARTICLE_SIZE_LIMIT
    """The largest size in bytes."""
    may_be_pdf: bool = False
    """True if PDFs are read; articles must not be PDFs."""


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """A text that can be stored, with metadata. Metadata that the page or file does not state is None."""

    text: bytes
    """The text in UTF-8; unchanged bytes if it was UTF-8; possibly empty for a PDF."""
    form: SourceFormat
    """The format it was extracted from."""
    encoding: str | None
    """Python's name of the original encoding; None for a format without one."""
    headline: str | None = None
    """The headline."""
    publisher: str | None = None
    """The publication that the page names."""
    published_on: str | None = None
    """The date of publication as the page gives it, in its own time zone (EDTF level 0)."""
    authors: tuple[str, ...] = ()
    """The authors, in the order named."""
    language: str | None = None
    """The language of the text (BCP 47)."""
    address: str | None = None
    """The page's own (canonical) address."""
    created_on: str | None = None
    """The creation date of a Word file; not the date of publication, and often that of a template."""


def problem_in_file(name: str, message: str | Message, /, **values: Value) -> ProblemsFound:
    """Return the refusal with one problem of a file; a key comes with the values of its message."""
    one = message if isinstance(message, Message) else Message(message, **values)
    return ProblemsFound([Problem(one, file=name)])


def has_visible_text(text: str) -> bool:
    """Return whether a text has a visible character."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def empty_text_problem(name: str) -> ProblemsFound:
    """Return the exception for a file without text."""
    return problem_in_file(name, "text-empty/file")
