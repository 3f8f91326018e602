"""The codes of the automatic checks: the meaning of each, and whether it blocks publishing.

Every finding has a code of `codes.toml`. Its sentence and its advice are in the table of `messages`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

from claimledger.errors import Problem
from claimledger.messages import Message, Value
from claimledger.vocabulary import Severity


class FindingCode(NamedTuple):
    """The meaning of a code."""

    severity: Severity
    """True if it blocks publishing."""
    en: str
    """The meaning, in English."""
    ko: str
    """The meaning, in Korean."""


def _read() -> Mapping[str, FindingCode]:
    tables = tomllib.loads((files(__package__) / "codes.toml").read_text(encoding="utf-8"))
    return {code: FindingCode(Severity(table.pop("severity")), **table) for code, table in tables.items()}


FINDING_CODES: Mapping[str, FindingCode] = _read()
"""Every code, in the order of the documentation."""


class Finding(NamedTuple):
    """A result of an automatic check."""

    code: str
    """The code, a key of `FINDING_CODES`."""
    claim_id: str
    """The ID of the claim."""
    field: str
    """The claim's field, as a dotted path."""
    message: Message
    """The result, and the advice."""
    other_claim_id: str | None = None
    """The ID of the other claim, if two were compared."""
    document_id: str | None = None
    """The ID of the document, if the result is about evidence."""

    @property
    def en(self) -> str:
        """The result as an English sentence."""
        return self.message.sentence("en")

    @property
    def ko(self) -> str:
        """The result as a Korean sentence."""
        return self.message.sentence("ko")

    @property
    def meaning(self) -> FindingCode:
        """The meaning of the code."""
        return FINDING_CODES[self.code]

    @property
    def is_blocking(self) -> bool:
        """True if an editor must fix it or accept the exception before the claim is published."""
        return self.meaning.severity is Severity.FINDING

    def advice(self, language: str) -> str:
        """Return the advice, in English or Korean."""
        return Message(self.code).advice(language)

    def as_problem(self) -> Problem:
        """Return the finding as a problem."""
        return Problem(self.message, file=self.claim_id, field=self.field)


def make_finding(
    code: str,
    claim_id: str,
    field: str,
    said: Mapping[str, Value],
    *,
    other_claim_id: str | None = None,
    document_id: str | None = None,
) -> Finding:
    """Return a finding; `said` contains the values of the placeholders in its message."""
    return Finding(code, claim_id, field, Message(code, **said), other_claim_id, document_id)
