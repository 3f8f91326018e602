"""The article of a web page.

In: a page's text, decoded. Out: the article's paragraphs, one a line, and what the page says of itself. trafilatura
finds the article (extra `evidence`). The invariant: what it keeps stands in the order and the words of the page, and
nothing said twice on the page is dropped for that.
"""

from __future__ import annotations

import re
from configparser import ConfigParser

from claimledger.errors import LedgerError
from claimledger.intake.encodings import Decoded
from claimledger.intake.record import Form, Intake, refusal
from claimledger.intake.stated import stated_by

_RULE = re.compile(r"\|[-|\s]+\|")
"""What trafilatura draws under the head of a table."""
_SENTENCE = re.compile(r"[.?!。！？…][\"”’'』」)\]]*(?:\s|$)")
_LONG_LINE = 100
_SHORTEST = 10
"""Code points; below it trafilatura takes the whole page, menus included, when it finds more there."""


class PageReaderMissing(LedgerError):
    """What reads web pages is not installed."""

    def __init__(self, name: str) -> None:
        """Name the page."""
        super().__init__(name=name)


def read_page(page: Decoded, name: str) -> Intake:
    """Return the article of a web page and what the page says of itself.

    Raises:
        PageReaderMissing: trafilatura is not installed.
        ProblemsFound: `html-unreadable` or `html-without-article`.
        MemoryError: it takes more memory than there is.
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
    except Exception as error:  # whatever made-up markup brings a foreign parser to
        raise refusal(name, "html-unreadable", reason=type(error).__name__) from error
    lines = [line.rstrip() for line in (found or "").splitlines() if line.strip() and not _RULE.fullmatch(line.strip())]
    if tree is None or not any(_SENTENCE.search(line) or len(line) >= _LONG_LINE for line in lines):
        raise refusal(name, "html-without-article")
    text = "\n".join(lines) + "\n"
    stated = stated_by(tree, text)
    return Intake(
        text.encode(), Form.HTML, page.encoding, stated.headline, stated.publisher, stated.published_on,
        stated.authors, stated.language, stated.address,
    )  # fmt: skip


def _settings() -> ConfigParser:
    """Return trafilatura's settings but for its 250 code points of a whole article: a Korean one may be shorter."""
    from trafilatura.settings import use_config  # noqa: PLC0415  of an extra

    settings = use_config()
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_SHORTEST)
    return settings
