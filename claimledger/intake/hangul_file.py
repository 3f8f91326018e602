"""Reads the text of a Hangul file of the newer kind (.hwpx, KS X 6101, OWPML) with only the standard library.

The text has the paragraphs in order, one per line, including those of text boxes and captions, and the rows of tables,
as if all tracked changes were accepted. Title, author and date come with it. Headers, footers, notes, comments,
formulas and the words of buttons are left out. Nothing is decompressed beyond the limit. A document type declaration is
refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from xml.etree.ElementTree import Element

from claimledger.intake.record import (
    SourceFormat, ExtractedDocument, has_visible_text, problem_in_file, empty_text_problem,
)  # fmt: skip
from claimledger.intake.stated import plain_date, plain_text
from claimledger.intake.zipped_xml import DAMAGE_ERRORS, MOST_ENTRIES, local_name, outermost, parse_xml

_CODE = "hwpx-unreadable"
_TYPE = b"application/hwp+zip"
"""The type that the file `mimetype` of the package names."""
_PACKAGE = "Contents/content.hpf"
"""The file that lists the parts and has the title, the author and the date."""
_MANIFEST = "META-INF/manifest.xml"
_LOCKED = b"encryption-data"
"""A word in the manifest of a file with a password."""
_SECTION = re.compile(r"section(\d+)\.xml$", re.IGNORECASE)
_SKIPPED_ELEMENTS = frozenset({
    "secPr", "header", "footer", "footNote", "endNote", "hiddenComment", "fieldBegin", "equation", "linesegarray",
})  # fmt: skip
"""Elements whose text is not that of the document; a field begins with its parameters, and a memo is one."""
_CHARACTERS = {"tab": "\t", "lineBreak": "\n", "nbSpace": "\u00a0", "fwSpace": " ", "hyphen": "\u2011"}
_PARTS = ("t", "mainText", "tbl", "rect", "drawText", "caption")
"""Parts of a paragraph: text, text with small letters above it, a table, and boxes with paragraphs of their own.

A rectangle may be the large first letter of the paragraph (`dropcapstyle`).
"""


def is_hangul_file(content: bytes) -> bool:
    """Return whether a zipped file names the type of Hangul files."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("mimetype") as file:
            return file.read(len(_TYPE) + 2).strip() == _TYPE
    except DAMAGE_ERRORS:
        return False


def read_hangul_file(content: bytes, name: str, limit: int) -> ExtractedDocument:
    """Return the text of a Hangul file and its properties; `limit` is decompressed bytes.

    Raises:
        ProblemsFound: `hwpx-unreadable` or `text-empty`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            package, *sections = _read_parts(archive, name, limit)
        reader = _TextReader()
        lines = [line for section in sections for line in reader.lines(section) if has_visible_text(line)]
    except DAMAGE_ERRORS as error:
        raise problem_in_file(name, _CODE, reason=str(error)) from error
    if not lines:
        raise empty_text_problem(name)
    found = _read_properties(package)
    author = plain_text(found.get("creator", ""))
    return ExtractedDocument(
        "".join(f"{line}\n" for line in lines).encode(), SourceFormat.HWPX, None,
        headline=plain_text(found.get("title", "")), authors=(author,) if author else (),
        created_on=plain_date(found.get("CreatedDate", "")),
    )  # fmt: skip


def _read_parts(archive: zipfile.ZipFile, name: str, limit: int) -> list[Element]:
    """Return the package and the sections, in the order of the package."""
    sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    if len(sizes) > MOST_ENTRIES or sizes.get(_MANIFEST, 0) + sizes[_PACKAGE] > limit:
        raise problem_in_file(name, f"{_CODE}/too-large", limit=limit)
    if _MANIFEST in sizes and _LOCKED in archive.read(_MANIFEST):
        raise problem_in_file(name, f"{_CODE}/password")
    package = parse_xml(archive.read(_PACKAGE), name, _CODE)
    parts = _section_names(package, sizes)
    if sum(sizes[part] for part in parts) > limit:
        raise problem_in_file(name, f"{_CODE}/too-large", limit=limit)
    return [package, *(parse_xml(archive.read(part), name, _CODE) for part in parts)]


def _section_names(package: Element, sizes: Mapping[str, int]) -> Sequence[str]:
    """Return the names of the sections: those of the package's order, or else by number."""
    items = {item.get("id"): item.get("href", "") for item in package.iter() if local_name(item) == "item"}
    order = [items.get(item.get("idref"), "") for item in package.iter() if local_name(item) == "itemref"]
    named = [f"Contents/{part.removeprefix('Contents/')}" for part in order if _SECTION.search(part)]
    by_number = {int(found[1]): part for part in sizes if (found := _SECTION.search(part))}
    return named or [by_number[number] for number in sorted(by_number)]


def _read_properties(package: Element) -> Mapping[str, str]:
    """Return the properties of the document in the package, by name."""
    return {item.get("name") or local_name(item): item.text or "" for item in package.iter()}


class _TextReader:
    """Reads the lines of elements in order; a tracked deletion may go on in the next element."""

    def __init__(self) -> None:
        self._is_deleted = self._continues = False

    def lines(self, element: Element) -> Iterator[str]:
        """Yield the lines of all paragraphs; one whose end is a tracked deletion continues in the next."""
        line = ""
        for paragraph in outermost(element, ("p",), _SKIPPED_ELEMENTS):
            self._continues = False
            boxes = []
            for part in outermost(paragraph, _PARTS, _SKIPPED_ELEMENTS):
                match local_name(part):
                    case "tbl":
                        yield line
                        yield from self._rows(part)
                        line = ""
                    case "t" | "mainText":
                        line += "".join(self._pieces(part))
                    case _ if part.get("dropcapstyle", "None") != "None":
                        line += "".join(self.lines(part))
                    case _:
                        boxes.append(part)
            if not (self._continues or self._is_deleted):
                yield line
                line = ""
            for box in boxes:
                yield from self.lines(box)
        yield line

    def _rows(self, table: Element) -> Iterator[str]:
        """Yield the caption of a table, and a line for each row, with tabs between its cells."""
        for row in outermost(table, ("tr", "caption"), _SKIPPED_ELEMENTS):
            if local_name(row) == "caption":
                yield from self.lines(row)
                continue
            cells = (filter(has_visible_text, self.lines(cell)) for cell in outermost(row, ("tc",), _SKIPPED_ELEMENTS))
            yield "\t".join(map(" ".join, cells)).rstrip("\t")

    def _pieces(self, text: Element) -> Iterator[str]:
        """Yield the pieces of a text that are not deleted."""
        yield self._kept(text.text)
        for mark in text:
            name = local_name(mark)
            if name in ("deleteBegin", "deleteEnd"):
                self._is_deleted = name == "deleteBegin"
                self._continues = mark.get("paraend") == "1"
            yield self._kept(_CHARACTERS.get(name))
            yield self._kept(mark.tail)

    def _kept(self, text: str | None) -> str:
        return "" if self._is_deleted or text is None else text
