"""The text as a language reads it: whole Hangul syllables and plain spaces, and the way back to the text as stored.

In: a text as stored. Out: the plain text, and for a range of it the range stored. The invariant: the way back never
guesses; it is that of `quantities.folding`, whose folding of single quotation marks is undone here.
It must not know what is read.
"""

from __future__ import annotations

import re

from claimledger.quantities.folding import Folded

_LONE = re.compile("[\ud800-\udfff]")
_FOLDED_MARK = re.compile("'")


class PlainText:
    r"""A text without decomposed letters, invisible signs and lone surrogates.

    >>> plain = PlainText("\u1112\u1161\u11ab\u00a0‘말’")
    >>> plain.text, plain.stored(0, 1)
    ('한 ‘말’', (0, 3))
    """

    def __init__(self, source: str) -> None:
        """Fold a text, keeping its quotation marks."""
        self._folded = Folded(source)
        self.text = _LONE.sub("\ufffd", self._folded.text)
        if "‘" in source or "’" in source:
            self.text = _FOLDED_MARK.sub(lambda mark: source[self._folded.start(mark.start())], self.text)

    def stored(self, start: int, end: int) -> tuple[int, int]:
        """Return the stored range of a range of the plain text."""
        return self._folded.start(start), self._folded.end(end)
