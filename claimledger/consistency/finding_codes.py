"""The codes of the computed checks: what each means, whether it bars, and its sentence, in Korean and English.

In: a code, a claim, and what was computed. Out: a `Finding`. The invariant: no finding has a code that is not in
`codes.toml`, and each says its numbers in both languages. It must not know how anything is computed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

from claimledger.errors import Problem
from claimledger.vocabulary import Severity


class Meaning(NamedTuple):
    """What a code says."""

    severity: Severity
    """Whether it bars."""
    en: str
    """What was found."""
    ko: str
    """The same in Korean."""
    do_en: str
    """What to do, as a sentence."""
    do_ko: str
    """The same in Korean."""
    says_en: str
    """The sentence with what was computed; names in braces are filled in."""
    says_ko: str
    """The same in Korean."""


def _read() -> Mapping[str, Meaning]:
    tables = tomllib.loads((files(__package__) / "codes.toml").read_text(encoding="utf-8"))
    return {code: Meaning(Severity(table.pop("severity")), **table) for code, table in tables.items()}


CODES: Mapping[str, Meaning] = _read()
"""Every code, in the order of the documentation."""


class Finding(NamedTuple):
    """One thing that was computed and is worth knowing."""

    code: str
    """Its code."""
    claim_id: str
    """The claim it is about."""
    field: str
    """The claim's field, as a dotted path."""
    en: str
    """What was computed, as a sentence."""
    ko: str
    """The same in Korean."""
    other_claim_id: str | None = None
    """The other claim, where two were held together."""
    document_id: str | None = None
    """The document, where it is about evidence."""

    @property
    def meaning(self) -> Meaning:
        """What its code says."""
        return CODES[self.code]

    @property
    def bars(self) -> bool:
        """Whether an editor mends or waives it before the claim is listed."""
        return self.meaning.severity is Severity.FINDING

    def as_problem(self) -> Problem:
        """Return it as the desk's refusals tell it."""
        return Problem(self.code, self.en, self.meaning.do_en, file=self.claim_id, field=self.field)


def finding(
    code: str,
    claim_id: str,
    field: str,
    said: Mapping[str, object],
    *,
    other_claim_id: str | None = None,
    document_id: str | None = None,
) -> Finding:
    """Return the finding of a code; `said` fills the names of its two sentences."""
    meaning = CODES[code]
    en, ko = meaning.says_en.format(**said), meaning.says_ko.format(**said)
    return Finding(code, claim_id, field, en, ko, other_claim_id, document_id)
