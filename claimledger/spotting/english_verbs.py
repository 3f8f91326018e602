"""Decide whether a word with the form of a reporting verb is a verb in its sentence.

Only the neighbouring words are used. This module does not know what the verb reports.
"""

from __future__ import annotations

from claimledger.spotting.english_clauses import TokenRange, Tokens, is_finite
from claimledger.spotting.english_lexicon import REPORTING_NOUNS, VerbForm, Verb

_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "am", "'re", "'m"))
_MAKE_BASE = frozenset(("do", "does", "did", "to"))
_PLURAL_DETERMINERS = frozenset(("some", "these", "those", "many", "such", "both", "any"))
_PLURALS = frozenset(("people", "women", "men", "police", "children"))
_BEFORE_THIRD = "PUwWQ),O"
_BEFORE_PAST = "PUwWQ),-CO#"


def is_verb(tokens: Tokens, first: int, at: int, verb: Verb) -> bool:
    """Return whether a word is this form of a verb, if its verb group begins at `first`."""
    group = tokens[first:at]
    has_auxiliary = any(token.tag == "X" for token in group)
    if verb.form is VerbForm.BASE:
        return any(token.tag == "M" or token.low in _MAKE_BASE for token in group) or _is_base(tokens, first, at)
    if verb.form is VerbForm.GERUND:
        return has_auxiliary or first == 0 or tokens[first - 1].tag not in "Ds#"
    if verb.form is VerbForm.THIRD:
        return not has_auxiliary and first > 0 and not _has(group, "M") and _is_third(tokens, first, at)
    return has_auxiliary or (first > 0 and not _has(group, "MT") and tokens[first - 1].tag in _BEFORE_PAST)


def _has(group: Tokens, tags: str) -> bool:
    return any(token.tag in tags for token in group)


def _is_base(tokens: Tokens, first: int, at: int) -> bool:
    """Return whether the words before are a subject that takes the bare form."""
    if first == 0:
        return False
    before = tokens[first - 1]
    if before.tag == "P" or before.low in ("who", "that") or _is_plural(tokens, first - 1):
        return True
    has_clause = at + 1 < len(tokens) and tokens[at + 1].low == "that"
    return has_clause and before.tag in "wU)" and tokens[at].low not in REPORTING_NOUNS


def _is_third(tokens: Tokens, first: int, at: int) -> bool:
    tag = tokens[first - 1].tag
    if tag == "C":  # "… is safe and says it will open": a noun in -s cannot precede a clause
        return tokens[at].low not in REPORTING_NOUNS and at + 1 < len(tokens) and tokens[at + 1].tag in "WPOQDT"
    return tag in _BEFORE_THIRD and not (tag == "w" and _is_plural_noun(tokens, at))


def agrees(tokens: Tokens, subject: TokenRange, verb: Verb) -> bool:
    """Return whether a subject can be that of a form in -s, which may be a plural noun: "some dubious claims"."""
    if verb.form is not VerbForm.THIRD:
        return True
    first = subject[0]
    if tokens[first].low in _PLURAL_DETERMINERS:
        return False
    return tokens[first].tag != "w" or first == 0 or tokens[first - 1].tag in ",;:-C.Q"


def _is_plural(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.tag not in "wU":
        return False
    has_ending = token.low.endswith("s") and not token.low.endswith(("ss", "us"))
    return token.low in _PLURALS or has_ending or (at > 1 and tokens[at - 1].low == "and")


def _is_plural_noun(tokens: Tokens, at: int) -> bool:
    """Return whether the next word shows that a word in -s is a plural noun."""
    return at + 1 < len(tokens) and (tokens[at + 1].low == "of" or is_finite(tokens, at + 1))


def is_passive(tokens: Tokens, first: int, at: int, verb: Verb) -> bool:
    """Return whether a verb is passive: its last auxiliary is "be", or "by" follows a bare participle."""
    if verb.form not in (VerbForm.PARTICIPLE, VerbForm.PAST):
        return False
    auxiliaries = [token.low for token in tokens[first:at] if token.tag in "Xs"]
    if auxiliaries:
        return auxiliaries[-1] in _BE
    after = at + 1 + len(verb.particle)
    return after < len(tokens) and tokens[after].low == "by"
