"""The language in which the command line prints problems and refusals."""

from __future__ import annotations

import os

from claimledger.errors import LedgerError

VARIABLE = "CLAIMLEDGER_LANGUAGE"
"""The environment variable with the language of messages."""
LANGUAGES = ("en", "ko")
"""The languages that messages have; the first is the default."""


class UnknownLanguage(LedgerError):
    """Raised when the environment variable has a language that messages do not have."""

    def __init__(self, name: str) -> None:
        """Name the value of the variable."""
        super().__init__(variable=VARIABLE, name=name, languages=LANGUAGES)


def message_language() -> str:
    """Return the language of messages, `en` or `ko`.

    Raises:
        UnknownLanguage: the environment variable has another value.
    """
    name = os.environ.get(VARIABLE, "").strip() or LANGUAGES[0]
    if name not in LANGUAGES:
        raise UnknownLanguage(name)
    return name
