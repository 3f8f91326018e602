"""The text of a Word file (.docx, ECMA-376), read with the standard library alone.

In: the bytes of a zip. Out: its paragraphs in order, one a line, those of tables and text boxes too, as a reader with
all tracked changes accepted sees them; and its core properties. Headers, footers, notes and comments are left out. The
invariant: nothing outside the file is read and nothing is unpacked beyond the limit; a document type declaration, which
the format forbids and entities need, is refused.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from claimledger.intake.record import Form, Intake, holds_text, refusal, text_empty
from claimledger.intake.stated import plain_date, plain_text

_BROKEN = (
    zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError,
    OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What zipfile and the parser raise on damaged files; RuntimeError is a password or XML nested too deep."""
_MOST_ENTRIES = 10_000
_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_LEFT_OUT = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "Fallback"})
"""Taken away by a tracked change, a field's instruction, formatting, or a second form of the same text box."""
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_DOCUMENT = re.compile(r"/officeDocument$")


class _Part(NamedTuple):
    document: Element
    properties: Element | None


def read_word_file(content: bytes, name: str, limit: int) -> Intake:
    """Return the text of a Word file and what its properties say; `limit` is bytes, unpacked.

    Raises:
        ProblemsFound: `docx-unreadable`, `text-binary` for another kind of zip, or `text-empty`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_size(archive, name, limit)
            part = _read_parts(archive, name)
        text = "\n".join(line for line in _paragraphs(part.document) if holds_text(line))
    except _BROKEN as error:
        raise refusal(name, "docx-unreadable", reason=str(error)) from error
    if not text:
        raise text_empty(name)
    return Intake(f"{text}\n".encode(), Form.DOCX, None, **_stated(part.properties)._asdict())


def _check_size(archive: zipfile.ZipFile, name: str, limit: int) -> None:
    entries, names = archive.infolist(), archive.namelist()
    if "[Content_Types].xml" not in names or not any(entry.startswith("word/") for entry in names):
        raise refusal(name, "text-binary/zip")
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > limit:
        raise refusal(name, "docx-unreadable/too-large", limit=limit)


def _read_parts(archive: zipfile.ZipFile, name: str) -> _Part:
    """Return the main document, wherever the package says it is, and the core properties."""
    relations = _parsed(archive.read("_rels/.rels"), name)
    targets = [item.get("Target", "") for item in relations if _DOCUMENT.search(item.get("Type", ""))]
    document = _parsed(archive.read((targets or ["word/document.xml"])[0].lstrip("/")), name)
    has_properties = "docProps/core.xml" in archive.namelist()
    return _Part(document, _parsed(archive.read("docProps/core.xml"), name) if has_properties else None)


def _parsed(xml: bytes, name: str) -> Element:
    return ElementTree.XML(xml, ElementTree.XMLParser(target=_NoDoctype(name)))  # noqa: S314  it takes no entities


class _NoDoctype(ElementTree.TreeBuilder):
    """A tree without entities: where one would be declared, the file is refused."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def doctype(self, *_: object) -> None:
        raise refusal(self._name, "docx-unreadable/document-type")


def _paragraphs(element: Element) -> Iterator[str]:
    """Yield the lines of all paragraphs; one whose end a tracked change took away goes on in the next."""
    line = ""
    for paragraph in _outermost(element, "p"):
        line += "".join(_pieces(paragraph))
        if not _is_joined(paragraph):
            yield line
            line = ""
        for box in _outermost(paragraph, "txbxContent"):
            yield from _paragraphs(box)
    if line:
        yield line


def _outermost(element: Element, tag: str) -> Iterator[Element]:
    """Yield the elements of a name below one, but not those within them."""
    for child in element:
        if (name := _name(child)) == tag:
            yield child
        elif name not in _LEFT_OUT:
            yield from _outermost(child, tag)


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name != "txbxContent" and name not in _LEFT_OUT:
            yield from _pieces(child)


def _is_joined(paragraph: Element) -> bool:
    return any(paragraph.find(f"{space}pPr/{space}rPr/{space}del") is not None for space in _NAMESPACES)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


class _Stated(NamedTuple):
    headline: str | None = None
    authors: tuple[str, ...] = ()
    created_on: str | None = None


def _stated(properties: Element | None) -> _Stated:
    found = {_name(child): child.text or "" for child in properties} if properties is not None else {}
    author = plain_text(found.get("creator", ""))
    return _Stated(
        plain_text(found.get("title", "")), (author,) if author else (), plain_date(found.get("created", ""))
    )
