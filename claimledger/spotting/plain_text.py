"""Prepare a text for the language plug-ins: whole Hangul syllables, plain spaces, and a mapping to the stored offsets.

The mapping is that of `quantities.folding` and is exact. The folding of single quotation marks is undone here. This
module does not know what is read.
"""

from __future__ import annotations

import re

from claimledger.quantities.folding import FoldedText

_LONE = re.compile("[\ud800-\udfff]")
_FOLDED_MARK = re.compile("'")


class PlainText:
    r"""A text without decomposed letters, invisible characters and lone surrogates.

    >>> plain = PlainText("\u1112\u1161\u11ab\u00a0‘말’")
    >>> plain.text, plain.stored_range(0, 1)
    ('한 ‘말’', (0, 3))
    """

    def __init__(self, source: str) -> None:
        """Fold a text, keeping its quotation marks."""
        self._folded = FoldedText(source)
        self.text = _LONE.sub("\ufffd", self._folded.text)
        if "‘" in source or "’" in source:
            self.text = _FOLDED_MARK.sub(lambda mark: source[self._folded.start(mark.start())], self.text)

    def stored_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the stored text for a range of the plain text."""
        return self._folded.start(start), self._folded.end(end)
