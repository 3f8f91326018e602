"""Find the bounds of subjects, noun phrases and clauses in an English sentence.

The functions take the tokens of a sentence and an index, and return token ranges (first, past the last). They only use
function words, punctuation and a list of verbs, and return None if those do not decide. Each function walks the
sentence at most once. This module does not know classes of cues or speakers.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimledger.spotting.english_tokens import Token
from claimledger.spotting.english_lexicon import FINITE_VERBS, REPORTING_VERBS, VerbForm

TokenRange = tuple[int, int]
Tokens = Sequence[Token]

NOMINAL = frozenset("DU#wsO")
_WHO = frozenset(("who", "which", "that", "whose", "whom"))
_TIMES = frozenset(("week", "month", "year", "morning", "afternoon", "evening", "night", "spring", "summer", "fall"))
_WHICH_TIME = ("this", "last")
_OCCASIONS = frozenset(("interview", "statement", "email"))
_APPOSED = frozenset(("a", "an", "the", "his", "her", "its", "their"))
_JOINING = frozenset(("of", "at", "for", "from", "with", "by"))
_HEADLINE = 0.7
LONGEST_SUBJECT_TOKENS = 40


def is_finite(tokens: Tokens, at: int) -> bool:
    """Return whether a token is likely a finite verb."""
    token = tokens[at]
    if token.tag in "XM":
        return True
    return token.tag == "w" and (token.low in FINITE_VERBS or _is_past(tokens, at) or _is_present(tokens, at))


def _is_present(tokens: Tokens, at: int) -> bool:
    """Return whether a form in -s of a reporting verb is a verb here: "the study shows that"."""
    if not 0 < at < len(tokens) - 1 or tokens[at - 1].tag not in "wU)Z#" or tokens[at + 1].tag not in "DWPUQTA#":
        return False
    return any(verb.form is VerbForm.THIRD for verb in REPORTING_VERBS.get(tokens[at].low, ()))


def _is_past(tokens: Tokens, at: int) -> bool:
    low = tokens[at].low
    if not low.endswith("ed") and not any(verb.form is VerbForm.PAST for verb in REPORTING_VERBS.get(low, ())):
        return False
    return at > 0 and tokens[at - 1].tag in "wUPWO)A," and not (at + 1 < len(tokens) and tokens[at + 1].low == "by")


def group_start(tokens: Tokens, at: int) -> int:
    """Return the start of a verb's group: auxiliaries, negation, adverbs."""
    first = at
    while first and tokens[first - 1].tag in "XMNAT":
        first -= 1
    while first < at and tokens[first].tag == "A" and (first == 0 or tokens[first - 1].tag in ",Q"):
        first += 1
    if first and tokens[first - 1].tag == "s" and tokens[first].tag in "NA" + "w" and tokens[at].low.endswith("ing"):
        first -= 1
    return first


def subject_before(tokens: Tokens, verb: int) -> tuple[TokenRange | None, bool]:
    """Return the subject of the verb group that begins at an index, and whether it is a relative pronoun.

    >>> from claimledger.spotting.english_tokens import tokenize
    >>> subject_before(tokenize("Cho, the mayor of Busan, said", 0, 29, []), 7)
    ((0, 6), False)
    """
    last = verb - 1
    if last < 0:
        return None, False
    token = tokens[last]
    if token.low in _WHO:
        return (last, last + 1), True
    if token.tag == "," and (adverbs := _adverbs_before(tokens, last)):
        return subject_before(tokens, adverbs)
    return _noun_subject(tokens, last), False


def _noun_subject(tokens: Tokens, last: int) -> TokenRange | None:
    """Return the pronoun or the noun phrase that ends with a token, apposition included."""
    tag = tokens[last].tag
    if tag == "P":
        return last, last + 1
    if tag in ",-)":
        return _phrase_before_apposition(tokens, last)
    return _phrase_ending_at(tokens, last + 1) if tag in NOMINAL or tag == "Z" else None


def _adverbs_before(tokens: Tokens, comma: int) -> int | None:
    """Return the start of adverbs between commas that end at an index: "Cho, however, said"."""
    at = comma - 1
    while at > 0 and tokens[at].tag == "A":
        at -= 1
    return at if 0 < at < comma - 1 and tokens[at].tag == "," else None


def _phrase_ending_at(tokens: Tokens, end: int) -> TokenRange | None:
    """Return the noun phrase that ends at an index."""
    first = end
    while first and end - first < LONGEST_SUBJECT_TOKENS:
        tag = tokens[first - 1].tag
        if tag == ")" and (opening := _parenthesis_start(tokens, first - 1)):
            first = opening
        elif tag in ",;:-().QSPXMNWT" or is_finite(tokens, first - 1):
            relative = _relative_start(tokens, first - 1)
            if relative is None:
                break
            first = relative
        elif tag == "C" and not _joins_nouns(tokens, first - 1):
            break
        else:
            first -= 1
    return _trim_phrase(tokens, _list_start(tokens, first, end), end)


def _list_start(tokens: Tokens, first: int, end: int) -> int:
    """Return the start of a list of names joined by "and"."""
    if not any(token.tag == "C" for token in tokens[first:end]):
        return first
    start = first
    while start > 1 and tokens[start - 1].tag == "," and tokens[start - 2].tag == "U" and tokens[start].tag == "U":
        start -= 2
        while start and tokens[start - 1].tag == "U":
            start -= 1
    return first if start and tokens[start - 1].tag == "I" else start


def _parenthesis_start(tokens: Tokens, closing: int) -> int | None:
    """Return the start of a parenthesis of at most seven tokens."""
    for at in range(closing - 1, max(0, closing - 8), -1):
        if tokens[at].tag == "(":
            return at
    return None


def _relative_start(tokens: Tokens, at: int) -> int | None:
    """Return the start of the relative clause that contains this verb-like word."""
    while at > 0 and tokens[at].tag not in ",;:-().Q":
        if tokens[at].low in _WHO and tokens[at - 1].tag in "wUOP)":
            return at - 1 if tokens[at - 1].tag == "P" else at
        at -= 1
    return None


def _joins_nouns(tokens: Tokens, at: int) -> bool:
    """Return whether a conjunction joins two nouns rather than two clauses."""
    left = at - 1
    while left >= 0 and tokens[left].tag in "DU#wsIA":
        if is_finite(tokens, left):
            return False
        left -= 1
    return left < 0 or tokens[left].tag in ",;Q"


def _trim_phrase(tokens: Tokens, first: int, end: int) -> TokenRange | None:
    """Return a noun phrase without the words that introduce it: "In Ohio officials"."""
    end = _end_before_time(tokens, first, end)
    while first < end and tokens[first].tag in "ACZs":
        first += 1
    if first < end and tokens[first].tag == "I":
        starts = [at for at in range(first + 2, end) if _begins_phrase(tokens, at)]
        if not starts:
            return None
        first = starts[-1]
    return (first, end) if first < end else None


def _end_before_time(tokens: Tokens, first: int, end: int) -> int:
    """Return the end of a noun phrase without a following "just this month"."""
    if end - first <= len(_WHICH_TIME) or tokens[end - 1].low not in _TIMES or tokens[end - 2].low not in _WHICH_TIME:
        return end
    end -= 2
    while end > first and tokens[end - 1].tag == "A":
        end -= 1
    return end


def _begins_phrase(tokens: Tokens, at: int) -> bool:
    before = tokens[at - 1].tag
    return before not in "DIs#C" and (tokens[at].tag == "D" or (tokens[at].tag == "U" and before != "U"))


def _phrase_before_apposition(tokens: Tokens, comma: int) -> TokenRange | None:
    """Return the phrase before the apposition that a comma closes, apposition included."""
    opening = {")": "("}.get(tokens[comma].tag, tokens[comma].tag)
    head = comma
    for _ in range(5):
        mark = head - 1
        while mark >= 0 and tokens[mark].tag not in (opening, ";", ":", "Q"):
            mark -= 1
        if mark < 0 or tokens[mark].tag != opening:
            break
        phrase = _phrase_ending_at(tokens, mark)
        if phrase and _may_head(tokens, phrase[0], mark):
            return phrase[0], comma + (opening == "(")
        head = mark
    return None


def _may_head(tokens: Tokens, first: int, mark: int) -> bool:
    """Return whether a phrase before a comma is the head, not another apposition."""
    token = tokens[first]
    before = tokens[first - 1].tag if first else ";"
    is_apposed_name = before == "," and tokens[mark + 1].tag == "U"  # "…, her agent, Paula Renn, recalled"
    is_described = (token.tag == "D" or token.low == "her") and (before in ";:-QC.S" or is_apposed_name)
    return (token.tag == "U" or is_described) and tokens[mark - 1].tag in "Uws#)"


def phrase_right(tokens: Tokens, first: int) -> int:
    """Return the end of the noun phrase that begins at an index, apposition included.

    >>> from claimledger.spotting.english_tokens import tokenize
    >>> phrase_right(tokenize("said Cho, the mayor of Busan, on Monday", 0, 39, []), 1)
    7
    """
    at = first
    if at < len(tokens) and tokens[at].tag in "PO":
        return at + 1
    while at < len(tokens):
        tag = tokens[at].tag
        if tag == ",":
            if at == first or not _opens_apposition(tokens, at):
                break
            at = _apposition_end(tokens, at)
            continue
        if (tag == "I" and tokens[at].low not in _JOINING) or tag in ";:-().QSPXMNZTA":
            break
        if tag == "W" and tokens[at].low not in _WHO:
            break
        if tag == "w" and is_finite(tokens, at) and at > first:
            break
        if tag == "C" and not (at + 1 < len(tokens) and tokens[at + 1].tag in "DUw"):
            break
        if tag == "W":
            return _relative_end(tokens, at)
        at += 1
    return at


def _relative_end(tokens: Tokens, at: int) -> int:
    while at < len(tokens) and tokens[at].tag not in ",;:.Q":
        at += 1
    return at


def _opens_apposition(tokens: Tokens, comma: int) -> bool:
    if comma + 1 >= len(tokens):
        return False
    following = tokens[comma + 1]
    if following.low in ("who", "whose", "which"):
        return True
    if _has_verb(tokens, comma + 1):
        return False
    if following.tag in "D#":
        return following.low in _APPOSED or (following.tag == "#" and _is_age(tokens, comma + 1))
    return following.tag in "wU" and not following.low.endswith(("ing", "ed")) and following.low not in REPORTING_VERBS


def _is_age(tokens: Tokens, at: int) -> bool:
    """Return whether a number stands alone between commas, as an age does."""
    return at + 1 >= len(tokens) or tokens[at + 1].tag in ",.)"


def _has_verb(tokens: Tokens, first: int) -> bool:
    """Return whether the tokens up to the next punctuation are a clause."""
    for at in range(first, len(tokens)):
        if tokens[at].tag in ",;:.Q-" or tokens[at].low in _WHO:
            return False
        if is_finite(tokens, at):
            return True
    return False


def _apposition_end(tokens: Tokens, comma: int) -> int:
    at = comma + 1
    while at < len(tokens) and tokens[at].tag not in ";:.Q-":
        if tokens[at].tag == "," and not _opens_apposition(tokens, at):
            break
        if tokens[at].low == "in" and any(token.low in _OCCASIONS for token in tokens[at + 2 : at + 3]):
            break
        at += 1
    return at


def is_headline(tokens: Tokens) -> bool:
    """Return whether most words of a sentence are capitalised, so that capitals carry no information."""
    words = [token.tag for token in tokens if token.tag in "Uw"]
    return words.count("U") > _HEADLINE * len(words)


def sentence_end(tokens: Tokens) -> int:
    """Return the end of the sentence without its closing punctuation."""
    end = len(tokens)
    while end and tokens[end - 1].tag == ".":
        end -= 1
    return end
