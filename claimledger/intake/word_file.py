"""Reads the text of a Word file (.docx, ECMA-376) with only the standard library.

The text has the paragraphs in order, one per line, including those of text boxes, and the rows of tables, as if all
tracked changes were accepted. The core properties come with it. Headers, footers, notes and comments are left out.
Nothing outside the file is read, and nothing is decompressed beyond the limit. A document type declaration is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element

from claimledger.intake.record import (
    SourceFormat, ExtractedDocument, has_visible_text, problem_in_file, empty_text_problem,
)  # fmt: skip
from claimledger.intake.stated import plain_date, plain_text
from claimledger.intake.zipped_xml import DAMAGE_ERRORS, MOST_ENTRIES, local_name, outermost, parse_xml

_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_SKIPPED_ELEMENTS = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "Fallback"})
"""Elements that are skipped: tracked deletions, field instructions, formatting, and second forms of a text box."""
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_CODE = "docx-unreadable"
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
    except DAMAGE_ERRORS as error:
        raise problem_in_file(name, _CODE, reason=str(error)) from error
    if not text:
        raise empty_text_problem(name)
    return ExtractedDocument(
        f"{text}\n".encode(), SourceFormat.DOCX, None, **_read_properties(part.properties)._asdict()
    )


def _check_size(archive: zipfile.ZipFile, name: str, limit: int) -> None:
    entries, names = archive.infolist(), archive.namelist()
    if "[Content_Types].xml" not in names or not any(entry.startswith("word/") for entry in names):
        raise problem_in_file(name, "text-binary/zip")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > limit:
        raise problem_in_file(name, "docx-unreadable/too-large", limit=limit)


def _read_parts(archive: zipfile.ZipFile, name: str) -> _WordParts:
    """Return the main document, at the path that the package names, and the core properties."""
    relations = parse_xml(archive.read("_rels/.rels"), name, _CODE)
    targets = [item.get("Target", "") for item in relations if _DOCUMENT.search(item.get("Type", ""))]
    document = parse_xml(archive.read((targets or ["word/document.xml"])[0].lstrip("/")), name, _CODE)
    has_properties = "docProps/core.xml" in archive.namelist()
    properties = parse_xml(archive.read("docProps/core.xml"), name, _CODE) if has_properties else None
    return _WordParts(document, properties)


def _paragraphs(element: Element) -> Iterator[str]:
    """Yield the lines of all paragraphs, and a line for each row of a table, with tabs between its cells.

    A paragraph whose end is a tracked deletion continues in the next.
    """
    line = ""
    for paragraph in _outermost(element, "p", "tbl"):
        if local_name(paragraph) == "tbl":
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
    return outermost(element, tags, _SKIPPED_ELEMENTS)


def _text_pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name != "txbxContent" and name not in _SKIPPED_ELEMENTS:
            yield from _text_pieces(child)


def _continues_in_next(paragraph: Element) -> bool:
    return any(paragraph.find(f"{space}pPr/{space}rPr/{space}del") is not None for space in _NAMESPACES)


class _Properties(NamedTuple):
    headline: str | None = None
    authors: tuple[str, ...] = ()
    created_on: str | None = None


def _read_properties(properties: Element | None) -> _Properties:
    found = {local_name(child): child.text or "" for child in properties} if properties is not None else {}
    author = plain_text(found.get("creator", ""))
    return _Properties(
        plain_text(found.get("title", "")), (author,) if author else (), plain_date(found.get("created", ""))
    )
