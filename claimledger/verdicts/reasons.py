"""Split the reason of a verdict into its first sentence, which answers on its own, and the rest.

The first sentence is what readers see first: on the claim's page, in lists, in link previews and in the tables. The
desk shows the lengths of `LONGEST_FIRST_SENTENCE` as a hint; a longer sentence is published unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from claimledger.models import Claim
from claimledger.models.claims import Verdict
from claimledger.vocabulary import Question, VerdictValue

LONGEST_FIRST_SENTENCE: Mapping[str, int] = {"en": 140, "ko": 70}
"""The advised length of the first sentence by language, in characters. A Korean character takes more room."""

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|ca|cf"
    r"|e\.g|i\.e|a\.m|p\.m)|\b[A-Z]|\b(?:[A-Z]\.)+[A-Z])\.$"
)
"""A full stop of an abbreviation or an initial, which does not end a sentence. If one does, the sentence becomes
longer than it is, and no word is lost.
"""
_LOWER_CASE = re.compile(r"\s+[a-z]")


def split_reason(text: str) -> tuple[str, str]:
    """Return the first sentence of a reason and the text after it, which may be empty.

    >>> split_reason("The report counts jobs, not people. It was read in part.")
    ('The report counts jobs, not people.', 'It was read in part.')
    >>> split_reason("U.S. sales rose 4.5 % at Harbour Inc. in May. The filing says so.")[0]
    'U.S. sales rose 4.5 % at Harbour Inc. in May.'
    >>> split_reason("전망이라 아직 확인할 수 없다.")
    ('전망이라 아직 확인할 수 없다.', '')
    """
    trimmed = text.strip()
    end = next(_sentence_ends(trimmed), len(trimmed))
    return trimmed[:end], trimmed[end:].strip()


def _sentence_ends(text: str) -> Iterator[int]:
    """Yield the positions after each full stop that ends a sentence before the end of the text."""
    for found in _END.finditer(text):
        is_abbreviation = _ABBREVIATION.search(text, 0, found.end())
        if not is_abbreviation and not _LOWER_CASE.match(text, found.end()):
            yield found.end()


def deciding_verdict(claim: Claim) -> Verdict | None:
    """Return the verdict whose reason says most about a claim, or None if there is none.

    It is the fact check, or the quote check if there is no fact check or the claim is not a checkable fact.
    """
    by_question = {verdict.question: verdict for verdict in claim.verdicts}
    so, said = by_question.get(Question.SO), by_question.get(Question.SAID)
    is_checkable = so is not None and so.value is not VerdictValue.NOT_CHECKABLE
    return so if is_checkable else said or so


def reason_in_short(claim: Claim, language: str) -> str | None:
    """Return the first sentence of the deciding verdict's reason in a language, or None without one."""
    verdict = deciding_verdict(claim)
    text = verdict.rationale.get(language) if verdict else None
    return split_reason(text)[0] if text else None
