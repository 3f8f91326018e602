"""What intake takes and hands on: bytes to be read, and the text to store with what the page or file says of itself."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from claimledger.errors import Problem, ProblemsFound
from claimledger.messages import Message, Value

LIMIT = 20_000_000
"""Bytes an article may have, a Word file unpacked."""


class Form(StrEnum):
    """What the bytes were."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Unread:
    """Bytes that wait to be read, with what is said of them."""

    content: bytes
    """The bytes of a text, a web page, a Word file or a PDF."""
    name: str
    """The file or address, as the person named it."""
    content_type: str | None = None
    """The media type a server named, without parameters."""
    charset: str | None = None
    """The charset a server named."""
    limit: int = LIMIT
    """How many bytes it may have."""
    may_be_pdf: bool = False
    """Whether PDFs are read; of an article they are refused."""


@dataclass(frozen=True, slots=True)
class Intake:
    """A text that can be stored. What the page does not say of itself is None."""

    text: bytes
    """The text in UTF-8; of a text that was UTF-8 the very bytes; of a PDF perhaps nothing."""
    form: Form
    """What it was taken from."""
    encoding: str | None
    """The encoding it was in, by Python's name; None for a form that has none."""
    headline: str | None = None
    """The headline."""
    publisher: str | None = None
    """The publication it stands in."""
    published_on: str | None = None
    """The date of publication as the page writes it, in its own time zone (EDTF level 0)."""
    authors: tuple[str, ...] = ()
    """Who wrote it, in the order named."""
    language: str | None = None
    """The language it is written in (BCP 47)."""
    address: str | None = None
    """The address the page gives as its own."""
    created_on: str | None = None
    """The day a Word file was begun: not the date of publication, and often that of a template."""


def refusal(name: str, message: str | Message, /, **values: Value) -> ProblemsFound:
    """Return the refusal with one problem of a file; a key comes with the values of its message."""
    one = message if isinstance(message, Message) else Message(message, **values)
    return ProblemsFound([Problem(one, file=name)])


def holds_text(text: str) -> bool:
    """Return whether there is anything to see in a text."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def text_empty(name: str) -> ProblemsFound:
    """Return the refusal of what holds no text."""
    return refusal(name, "text-empty/file")
