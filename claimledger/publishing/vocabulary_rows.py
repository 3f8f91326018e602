"""The rows of the table `vocabulary`: stored values and the codes of the automatic checks, with their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from claimledger.consistency import FINDING_CODES
from claimledger.publishing.rows import VocabularyRow
from claimledger.vocabulary import VOCABULARIES, CaptureExtent, Term

_VOCABULARY_NAMES: Mapping[type[Term], str] = {CaptureExtent: "captured"}
"""The names of vocabularies in `ledger.db` that are not their class names; stored names do not change."""


def vocabulary_rows() -> Iterator[VocabularyRow]:
    """Yield the values of the closed vocabularies and the codes of the automatic checks."""
    for vocabulary in VOCABULARIES:
        name = _VOCABULARY_NAMES.get(vocabulary) or re.sub(r"(?<!^)(?=[A-Z])", "_", vocabulary.__name__).lower()
        for term in vocabulary:
            yield VocabularyRow(name, str(term), term.label_en, term.label_ko, str(vocabulary.__doc__))
    for code, meaning in FINDING_CODES.items():
        yield VocabularyRow("finding_code", code, meaning.en, meaning.ko, "The result of an automatic check.")
