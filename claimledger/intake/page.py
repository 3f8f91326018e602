"""Extracts the article of a web page with trafilatura (extra `evidence`).

The input is the decoded page. The result is the article's paragraphs, one per line, and the metadata that the page
states. The text keeps the order and the words of the page, including repeated sentences.
"""

from __future__ import annotations

import re
from configparser import ConfigParser

from claimledger.errors import LedgerError
from claimledger.intake.encodings import DecodedText
from claimledger.intake.record import SourceFormat, ExtractedDocument, problem_in_file
from claimledger.intake.stated import read_page_metadata

_TABLE_RULE = re.compile(r"\|[-|\s]+\|")
"""The line that trafilatura draws under the head of a table."""
_SENTENCE_END = re.compile(r"[.?!。！？…][\"”’'』」)\]]*(?:\s|$)")
_LONG_LINE = 100
_MIN_LENGTH = 10
"""Code points; for a shorter article trafilatura takes the whole page, including menus, if it finds more text there."""


class PageReaderMissing(LedgerError):
    """Raised when the package that reads web pages is not installed."""

    def __init__(self, name: str) -> None:
        """Name the page in the message."""
        super().__init__(name=name)


def read_page(page: DecodedText, name: str) -> ExtractedDocument:
    """Return the article of a web page with the metadata that the page states.

    Raises:
        PageReaderMissing: trafilatura is not installed.
        ProblemsFound: `html-unreadable` or `html-without-article`.
        MemoryError: reading needs more memory than there is.
    """
    try:
        import trafilatura  # noqa: PLC0415  it is of an extra, and importing it takes longer than most commands
    except ImportError:
        raise PageReaderMissing(name) from None
    try:
        tree = trafilatura.load_html(page.text)
        found = trafilatura.extract(tree, include_comments=False, config=_settings()) if tree is not None else None
    except MemoryError:
        raise
    except Exception as error:  # the parser may raise anything for hostile markup
        raise problem_in_file(name, "html-unreadable", reason=type(error).__name__) from error
    lines = [
        line.rstrip() for line in (found or "").splitlines() if line.strip() and not _TABLE_RULE.fullmatch(line.strip())
    ]
    if tree is None or not any(_SENTENCE_END.search(line) or len(line) >= _LONG_LINE for line in lines):
        raise problem_in_file(name, "html-without-article")
    text = "\n".join(lines) + "\n"
    stated = read_page_metadata(tree, text)
    return ExtractedDocument(
        text.encode(), SourceFormat.HTML, page.encoding, stated.headline, stated.publisher, stated.published_on,
        stated.authors, stated.language, stated.address,
    )  # fmt: skip


def _settings() -> ConfigParser:
    """Return trafilatura's settings with a lower minimum than its 250 code points.

    Korean articles can be shorter.
    """
    from trafilatura.settings import use_config  # noqa: PLC0415  of an extra

    settings = use_config()
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_MIN_LENGTH)
    return settings
