"""Reads XML parts of zipped documents (.docx, .hwpx) without document type declarations, and with them entities."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Container, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from claimledger.intake.record import problem_in_file

DAMAGE_ERRORS = (
    zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError,
    OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""The exceptions of zipfile and the parser on damaged files; RuntimeError means a password or XML nested too deep."""
MOST_ENTRIES = 10_000
"""The largest number of files in a zipped document."""


def parse_xml(xml: bytes, name: str, code: str) -> Element:
    """Return the root element of a part of the file `name`; `code` is that of the format's problem.

    Raises:
        ProblemsFound: the part declares a document type.
        ParseError: it is not well-formed.
    """
    return ElementTree.XML(xml, ElementTree.XMLParser(target=_NoDoctype(name, code)))  # noqa: S314  it refuses entities


class _NoDoctype(ElementTree.TreeBuilder):
    """A tree builder that refuses document type declarations, and with them entities."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__()
        self._name, self._code = name, code

    def doctype(self, *_: object) -> None:
        raise problem_in_file(self._name, f"{self._code}/document-type")


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def outermost(element: Element, tags: Container[str], skipped: Container[str]) -> Iterator[Element]:
    """Yield the outermost elements with one of some names below an element, not below skipped ones."""
    for child in element:
        if (name := local_name(child)) in tags:
            yield child
        elif name not in skipped:
            yield from outermost(child, tags, skipped)
