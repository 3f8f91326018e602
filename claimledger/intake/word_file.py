"""Reads the text of a Word file (.docx, ECMA-376) with only the standard library.

The text has the paragraphs in order, one per line, including those of text boxes, and the rows of tables, as if all
tracked changes were accepted. The core properties come with it. Headers, footers, notes and comments are left out.
Nothing outside the file is read, and nothing is decompressed beyond the limit. A document type declaration, which the
format forbids and entities need, is refused.
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

from claimledger.intake.record import (
    SourceFormat, ExtractedDocument, has_visible_text, problem_in_file, empty_text_problem,
)  # fmt: skip
from claimledger.intake.stated import plain_date, plain_text

_DAMAGE_ERRORS = (
    zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError,
    OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""The exceptions of zipfile and the parser on damaged files; RuntimeError means a password or XML nested too deep."""
_MOST_ENTRIES = 10_000
_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_SKIPPED_ELEMENTS = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "Fallback"})
"""Elements that are skipped: tracked deletions, field instructions, formatting, and second forms of a text box."""
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_HANGUL_TYPE = b"application/hwp+zip"
"""The type that a Hangul file of the newer kind (.hwpx) names."""
_DOCUMENT = re.compile(r"/officeDocument$")


class _WordParts(NamedTuple):
    document: Element
    properties: Element | None


def read_word_file(content: bytes, name: str, limit: int) -> ExtractedDocument:
    """Return the text of a Word file and its properties; `limit` is decompressed bytes.

    Raises:
        ProblemsFound: `docx-unreadable`, `text-binary` for another kind of zip, or `text-empty`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_size(archive, name, limit)
            part = _read_parts(archive, name)
        text = "\n".join(line for line in _paragraphs(part.document) if has_visible_text(line))
    except _DAMAGE_ERRORS as error:
        raise problem_in_file(name, "docx-unreadable", reason=str(error)) from error
    if not text:
        raise empty_text_problem(name)
    return ExtractedDocument(
        f"{text}\n".encode(), SourceFormat.DOCX, None, **_read_properties(part.properties)._asdict()
    )


def _check_size(archive: zipfile.ZipFile, name: str, limit: int) -> None:
    entries, names = archive.infolist(), archive.namelist()
    if "mimetype" in names and archive.read("mimetype").strip() == _HANGUL_TYPE:
        raise problem_in_file(name, "text-binary/hwpx")
    if "[Content_Types].xml" not in names or not any(entry.startswith("word/") for entry in names):
        raise problem_in_file(name, "text-binary/zip")
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > limit:
        raise problem_in_file(name, "docx-unreadable/too-large", limit=limit)


def _read_parts(archive: zipfile.ZipFile, name: str) -> _WordParts:
    """Return the main document, at the path that the package names, and the core properties."""
    relations = _parse_xml(archive.read("_rels/.rels"), name)
    targets = [item.get("Target", "") for item in relations if _DOCUMENT.search(item.get("Type", ""))]
    document = _parse_xml(archive.read((targets or ["word/document.xml"])[0].lstrip("/")), name)
    has_properties = "docProps/core.xml" in archive.namelist()
    return _WordParts(document, _parse_xml(archive.read("docProps/core.xml"), name) if has_properties else None)


def _parse_xml(xml: bytes, name: str) -> Element:
    return ElementTree.XML(xml, ElementTree.XMLParser(target=_NoDoctype(name)))  # noqa: S314  it refuses entities


class _NoDoctype(ElementTree.TreeBuilder):
    """A tree builder that refuses document type declarations, and with them entities."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def doctype(self, *_: object) -> None:
        raise problem_in_file(self._name, "docx-unreadable/document-type")


def _paragraphs(element: Element) -> Iterator[str]:
    """Yield the lines of all paragraphs, and a line for each row of a table, with tabs between its cells.

    A paragraph whose end is a tracked deletion continues in the next.
    """
    line = ""
    for paragraph in _outermost(element, "p", "tbl"):
        if _local_name(paragraph) == "tbl":
            yield from (row for row in _table_rows(paragraph) if has_visible_text(row))
            continue
        line += "".join(_text_pieces(paragraph))
        if not _continues_in_next(paragraph):
            yield line
            line = ""
        for box in _outermost(paragraph, "txbxContent"):
            yield from _paragraphs(box)
    if line:
        yield line


def _table_rows(table: Element) -> Iterator[str]:
    for row in _outermost(table, "tr"):
        cells = (filter(has_visible_text, _paragraphs(cell)) for cell in _outermost(row, "tc"))
        yield "\t".join(map(" ".join, cells)).rstrip("\t")


def _outermost(element: Element, *tags: str) -> Iterator[Element]:
    """Yield the outermost elements with one of some names below an element."""
    for child in element:
        if (name := _local_name(child)) in tags:
            yield child
        elif name not in _SKIPPED_ELEMENTS:
            yield from _outermost(child, *tags)


def _text_pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = _local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name != "txbxContent" and name not in _SKIPPED_ELEMENTS:
            yield from _text_pieces(child)


def _continues_in_next(paragraph: Element) -> bool:
    return any(paragraph.find(f"{space}pPr/{space}rPr/{space}del") is not None for space in _NAMESPACES)


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


class _Properties(NamedTuple):
    headline: str | None = None
    authors: tuple[str, ...] = ()
    created_on: str | None = None


def _read_properties(properties: Element | None) -> _Properties:
    found = {_local_name(child): child.text or "" for child in properties} if properties is not None else {}
    author = plain_text(found.get("creator", ""))
    return _Properties(
        plain_text(found.get("title", "")), (author,) if author else (), plain_date(found.get("created", ""))
    )
