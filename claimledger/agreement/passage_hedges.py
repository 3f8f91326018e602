"""Note a plan, a forecast or a denial of the passage that the statement leaves out. The notes ask for nothing.

Rules see only a part of the ways to say "may" or "not"; a note is a reason to read again, not a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.content_words import content_words, sentence_about, stems
from claimledger.agreement.word_lists import DENIAL, HEDGE, HEDGE_OR_FUTURE, SOFT_DENIAL
from claimledger.errors import Problem


def hedge_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield the notes on a statement: a hedge of the passage left out, or a denial in only one of the two."""
    sentence = sentence_about(texts.passage, texts.statement)
    if not sentence:
        return
    hedge = HEDGE.search(_without_other_clauses(sentence, texts.statement))
    if hedge and (not HEDGE_OR_FUTURE.search(texts.statement) or _is_made_certain(hedge[0], texts.statement)):
        yield Problem("hedge-left-out", field=texts.path, printed=hedge[0])
    yield from _denial_problems(sentence, texts)


_POSSIBLE = re.compile("may|might|could|possib", re.IGNORECASE)
_CERTAIN = re.compile(r"\b(?:will|shall)\b", re.IGNORECASE)


def _is_made_certain(hedge: str, statement: str) -> bool:
    """Return whether a possibility became a certain future: it could, it will."""
    return bool(_POSSIBLE.match(hedge) and _CERTAIN.search(statement)) and not HEDGE.search(statement)


_ASIDE = re.compile(r", (?:which|who|whose|where|although|though|while|but|and) [^,.;]*|; [^.;]*")


def _without_other_clauses(sentence: str, statement: str) -> str:
    """Return a sentence without the clauses at its side that the statement has no two words of."""
    own = stems(content_words(statement))
    return _ASIDE.sub(lambda aside: aside[0] if len(stems(content_words(aside[0])) & own) > 1 else " ", sentence)


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
