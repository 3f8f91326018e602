"""Read statements that a phrase attributes: "according to X", "in a survey of 1,000 adults", "by one estimate".

The functions take the tokens of a sentence and an index, and return a `TokenDraft` or None. This module does not know
how verbs report.
"""

from __future__ import annotations

from claimledger.spotting.english_clauses import TokenRange, Tokens, is_finite, phrase_right, sentence_end
from claimledger.spotting.english_drafts import StatementShape, TokenDraft
from claimledger.spotting.english_following import content_end
from claimledger.spotting.english_lexicon import MEASUREMENTS, REPORTING_VERBS, VerbForm

_SHORTEST_BEFORE = 2
_LONGEST_SOURCE = 25
_ENDS_SOURCE = ",;:-.QC"


def read_according(tokens: Tokens, at: int, found: list[TokenDraft]) -> TokenDraft | None:
    """Read "according to X" with the clause before it, or else the words after it."""
    if at + 2 >= len(tokens) or tokens[at + 1].low != "to":
        return None
    last = _source_end(tokens, at + 2)
    content = _according_content(tokens, at, last, found)
    if last == at + 2 or content[0] >= content[1]:
        return None
    next_token = max(last, min(content[1], sentence_end(tokens)))
    return TokenDraft([content], (at, at + 2), "say", (at + 2, last), StatementShape.MAIN, next_token)


def _source_end(tokens: Tokens, first: int) -> int:
    """Return the end of the source after "according to".

    A participle or an adjective after it belongs to it: "a person briefed on the talks". If the source would take the
    whole sentence, it ends at the first comma, since the clause must come after it.
    """
    last = phrase_right(tokens, first)
    if first < last < len(tokens) and tokens[last].tag == "w":
        while last < min(len(tokens), first + _LONGEST_SOURCE) and tokens[last].tag not in _ENDS_SOURCE:
            last += 1
    if first <= _SHORTEST_BEFORE + 1 and last >= sentence_end(tokens):
        return next((at for at in range(first + 1, last) if tokens[at].tag == ","), last)
    return last


def _according_content(tokens: Tokens, at: int, last: int, found: list[TokenDraft]) -> TokenRange:
    """Return the content of "according to X", which ends at `last`: the words before it, around it, or after it."""
    first = max((one.next_token for one in found), default=0)
    while first < at and tokens[first].tag in ",;.":
        first += 1
    end = sentence_end(tokens)
    before = at - 1 if at and tokens[at - 1].tag in ",-(" else at
    begins = last + 1 if last < len(tokens) and tokens[last].tag == "," else last
    if last < begins < end and is_finite(tokens, begins) and first < before:
        return first, end
    if before - first >= _SHORTEST_BEFORE:
        return first, before
    return begins, content_end(tokens, begins, "that")


def read_measurement(tokens: Tokens, at: int) -> TokenDraft | None:
    """Read "In a survey of 1,000 adults, X" and "X, by one estimate": the measurement is the source.

    >>> from claimledger.spotting.english_tokens import tokenize
    >>> line = "By one estimate, 300 farms have closed."
    >>> read_measurement(tokenize(line, 0, len(line), []), 0).contents
    [(4, 8)]
    """
    last = _measurement_end(tokens, at)
    if last is None:
        return None
    end = sentence_end(tokens)
    if at <= 1 and last + 1 < end and tokens[last].tag == ",":
        content = last + 1, end
        if tokens[last + 1].tag != "#" and _has_own_cue(tokens, last + 1):
            return None
    elif at > _SHORTEST_BEFORE and tokens[at - 1].tag == "," and last == end:
        content = 0, at - 1
    else:
        return None
    next_token = max(last, content[1])
    return TokenDraft([content], (at, at + 1), "estimate", (at + 1, last), StatementShape.MAIN, next_token)


def _measurement_end(tokens: Tokens, at: int) -> int | None:
    """Return the end of the phrase after "in" or "by" if its head is a measurement."""
    head = at + 1
    while head < len(tokens) and (tokens[head].tag in "DUw#AsZ" or tokens[head].low == "/"):
        if tokens[head].low in MEASUREMENTS:
            break
        head += 1
    if head >= len(tokens) or tokens[head].low not in MEASUREMENTS:
        return None
    last = _phrase_end(tokens, head + 1)
    if last + 1 < len(tokens) and tokens[last].tag == "," and tokens[last + 1].low.endswith("ed"):
        return _phrase_end(tokens, last + 1)
    return last


def _phrase_end(tokens: Tokens, first: int) -> int:
    return next((at for at in range(first, len(tokens)) if tokens[at].tag in ",;:.QC("), len(tokens))


def _has_own_cue(tokens: Tokens, first: int) -> bool:
    """Return whether the clause after a measurement has a verb that reports: its subject is the speaker."""
    return any(
        verb.form in (VerbForm.PAST, VerbForm.THIRD) and verb.takes & {"that", "quote"} and is_finite(tokens, at)
        for at in range(first + 1, len(tokens))
        for verb in REPORTING_VERBS.get(tokens[at].low, ())
    )
