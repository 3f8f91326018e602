"""Note a plan, a forecast or a denial of the passage that the statement leaves out. The notes ask for nothing.

Rules see only a part of the ways to say "may" or "not"; a note is a reason to read again, not a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.content_words import content_words, stems
from claimledger.agreement.word_lists import DENIAL, HEDGE, HEDGE_OR_FUTURE, SOFT_DENIAL
from claimledger.errors import Problem

_SENTENCE = re.compile(r"[^.?!\n]+(?:[.?!](?=[0-9])[^.?!\n]*)*[.?!]?[”’\"']?")
_ENOUGH = 2


def hedge_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield the notes on a statement: a hedge of the passage left out, or a denial in only one of the two."""
    sentence = _sentence_about(texts.passage, texts.statement)
    if not sentence:
        return
    hedge = HEDGE.search(sentence)
    if hedge and not HEDGE_OR_FUTURE.search(texts.statement):
        yield Problem("hedge-left-out", field=texts.path, printed=hedge[0])
    yield from _denial_problems(sentence, texts)


def _denial_problems(sentence: str, texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a note if one text denies, and the other neither denies nor has a word of its own that may do so."""
    said, printed = DENIAL.search(texts.statement), DENIAL.search(sentence)
    found = said or printed
    if found is None or (said and printed):
        return
    denying, other = (texts.statement, sentence) if said else (sentence, texts.statement)
    if set(SOFT_DENIAL.findall(other)) <= set(SOFT_DENIAL.findall(denying)):
        code = "denial-differs/added" if said else "denial-differs"
        yield Problem(code, field=texts.path, words=found[0].strip())


def _sentence_about(passage: str, statement: str) -> str:
    """Return the sentence of a passage that the statement gives; empty if it is not the only one that may be meant."""
    sentences = [found[0] for found in _SENTENCE.finditer(passage) if found[0].strip()]
    if len(sentences) <= 1:
        return passage
    own = stems(content_words(statement))
    scored = sorted(((len(stems(content_words(one)) & own), one) for one in sentences), reverse=True)
    is_sure = scored[0][0] >= _ENOUGH and scored[0][0] > scored[1][0] + 1
    return scored[0][1] if is_sure else ""
