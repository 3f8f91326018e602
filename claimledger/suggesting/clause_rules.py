"""The rule that marks a translation with a clause which the other statement does not have.

Conjunctions of one meaning (reason, contrast, time) are compared, and so are the joints of clauses. A short clause
without a conjunction can pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimledger.errors import Problem
from claimledger.suggesting.compared_wording import ComparedWording
from claimledger.suggesting.word_tables import suggestion_words

_WORDS = suggestion_words("clauses")
_MEANINGS = ("reason", "contrast", "time", "relative")
_CONJUNCTIONS = tuple(
    (re.compile("|".join(_WORDS[f"{meaning}_en"])), re.compile("|".join(_WORDS[f"{meaning}_ko"])))
    for meaning in _MEANINGS
)
_JOINTS_EN, _JOINTS_KO = (re.compile("|".join(_WORDS[f"joints_{language}"])) for language in ("en", "ko"))


def clause_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem if a translation seems to have a clause that the other statement does not have."""
    if not one.is_same_language and (_adds_english(one) if one.language == "en" else _adds_korean(one)):
        yield Problem("suggestion-clause-added", field=one.field)


def _adds_english(one: ComparedWording) -> bool:
    return any(english.search(one.wording) and not korean.search(one.passage) for english, korean in _CONJUNCTIONS)


def _adds_korean(one: ComparedWording) -> bool:
    return len(_JOINTS_KO.findall(one.wording)) > len(_JOINTS_EN.findall(one.passage))
