"""What follows a cue: a quotation, a clause, an infinitive, a noun phrase; and where it ends.

In: a sentence's tokens, the place after a verb, what the verb takes. Out: a `Following`, or None when nothing that fits
follows. The invariant: each function walks the sentence at most once. It must not know sources.
"""

from __future__ import annotations

from typing import NamedTuple

from claimledger.spotting.english_clauses import Tokens, is_finite, sentence_end
from claimledger.spotting.english_words import VERBS, Verb


class Following(NamedTuple):
    """What follows a cue."""

    kind: str
    """What it is, in the words of the cue lists."""
    cue_end: int
    """Where the cue ends: after "for" in "called for"."""
    first: int
    """Where the content begins."""


_PHRASE = frozenset("DUw#OPs")
_FAR = 16
_PLAINEST = frozenset(("said", "says", "told", "tells"))
_ADDRESSED = frozenset(("say", "warn", "promise", "ask", "write"))


def follow(tokens: Tokens, after: int, verb: Verb) -> Following | None:
    """Return what follows a verb that ends at a place."""
    place = after
    while place < len(tokens) and tokens[place].tag in "AZN":
        place += 1
    if place >= len(tokens):
        return None
    return (
        _near(tokens, place, after, verb)
        or ("whom" in verb.takes and _past_hearer(tokens, place, after, verb))
        or _plain(tokens, place, after, verb)
        or (bool({"quote", "that"} & verb.takes) and _far(tokens, place, after, verb))
        or None
    )


def _near(tokens: Tokens, place: int, after: int, verb: Verb) -> Following | None:
    token, takes = tokens[place], verb.takes
    if token.tag == "Q" and takes & {"quote", "thing", "as"}:
        return Following("quote", after, place)
    if token.tag in ",:" and place + 1 < len(tokens) and "quote" in takes and (token.tag == ":" or tokens[place + 1].tag == "Q"):
        return Following("quote", after, place + 1)
    if token.low == "that" and "that" in takes:
        return Following("that", after, place)
    if token.low in ("whether", "if") or (token.tag == "W" and token.low != "that"):
        return Following("wh", after, place) if takes & {"wh", "thing", "about"} else None
    if token.tag == "T":
        return Following("to", after, place) if "to" in takes and place + 1 < len(tokens) else None
    if token.tag == "I" and "that" in takes and (far := _far(tokens, place, after, verb)):
        return far
    if token.tag == "I":
        return Following("thing", place + 1, place + 1) if token.low in takes and place + 1 < len(tokens) else None
    if token.low.endswith("ing") and token.tag == "w" and "ing" in takes:
        return Following("ing", after, place)
    return None


def _past_hearer(tokens: Tokens, place: int, after: int, verb: Verb) -> Following | None:
    """Look past somebody spoken to: "told him that", "urged them to", "accused her of"."""
    if tokens[place].tag not in _PHRASE:
        return None
    at = place + 1
    if tokens[place].tag not in "PO":
        while at < len(tokens) and tokens[at].tag in "DUw#sI" and at - place < 12 and tokens[at].low not in verb.takes:
            if is_finite(tokens, at):
                return None
            at += 1
    while at < len(tokens) and tokens[at].tag in "AZ":
        at += 1
    if at >= len(tokens):
        return None
    token = tokens[at]
    first = at if verb.cue_class in _ADDRESSED else place
    if token.tag == "Q" or token.low in ("that", "whether", "if", "how", "what", "why") or token.tag == "T":
        return Following("that", after, first)
    if token.tag in ",:" and at + 1 < len(tokens) and (token.tag == ":" or tokens[at + 1].tag == "Q"):
        return Following("quote", after, at + 1)
    if token.low in verb.takes and token.tag == "I":
        return Following("that", after, place if verb.cue_class not in _ADDRESSED else at)
    if tokens[place].tag in "PO" and token.tag in _PHRASE and verb.cue_class in _ADDRESSED:
        return Following("that", after, at)
    return None


def _plain(tokens: Tokens, place: int, after: int, verb: Verb) -> Following | None:
    """A clause without "that", or a noun phrase."""
    token = tokens[place]
    if token.tag not in _PHRASE and token.low not in ("that", "there", "not", "any"):
        return None
    if "that" in verb.takes and begins_clause(tokens, place):
        return Following("that", after, place)
    if "thing" in verb.takes or ("as" in verb.takes):
        kind = "as" if "as" in verb.takes else "thing"
        return None if token.tag == "w" and is_finite(tokens, place) else Following(kind, after, place)
    return None


def begins_clause(tokens: Tokens, place: int) -> bool:
    """Whether a clause with its own verb begins at a place."""
    if tokens[place].tag == "P" and tokens[place].low not in ("it", "you", "many", "others"):
        return True
    for at in range(place + 1, min(len(tokens), place + _FAR)):
        if tokens[at].tag in ",;:.Q-" or tokens[at].low in ("who", "which", "that"):
            return False
        if is_finite(tokens, at):
            return True
        if any(verb.form in ("third", "base") for verb in VERBS.get(tokens[at].low, ())) and tokens[at - 1].tag in "PU":
            return True
    return False


def _far(tokens: Tokens, place: int, after: int, verb: Verb) -> Following | None:
    """Look past "in an interview", "to reporters on Friday"."""
    if tokens[place].tag not in "ITZO,":
        return None
    for at in range(place, min(len(tokens), place + _FAR)):
        token = tokens[at]
        if token.tag in ";." or (token.tag == "S" and at == place):
            return None
        if token.tag == "Q" and "quote" in verb.takes and tokens[at - 1].tag in ",:":
            return Following("quote", after, at)
        if token.low == "that" and "that" in verb.takes and tokens[at - 1].tag in "wUZ,#O":
            return Following("that", after, at)
        if token.tag == ":" and "quote" in verb.takes and at + 1 < len(tokens):
            return Following("quote", after, at + 1)
        if at > place and is_finite(tokens, at):
            return None
    return None


def content_end(tokens: Tokens, first: int, kind: str) -> int:
    """Return where content of a kind that begins at a place ends."""
    end = sentence_end(tokens)
    at = first + 1
    while at < end:
        if _stops(tokens, at, kind):
            return at
        at += 1
    return max(end, min(first + 1, len(tokens)))


def _stops(tokens: Tokens, at: int, kind: str) -> bool:
    tag = tokens[at].tag
    if tag == ";":
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return False
    if tag == "," and _is_participle(following.low):
        return True
    if tag in ",C" and _new_cue(tokens, at):
        return True
    if kind in ("that", "wh", "quote"):
        return False
    if tag in ",:-)":
        return not (tag == "," and kind in ("thing", "as") and following.low in ("who", "which", "where", "whose"))
    return tag == "S" and tokens[at].low not in ("than", "if", "whether") and not (tokens[at].low == "as" and kind == "as")


def _is_participle(low: str) -> bool:
    return any(verb.form == "gerund" and verb.takes & {"that", "quote"} for verb in VERBS.get(low, ()))


def _new_cue(tokens: Tokens, at: int) -> bool:
    """Whether a comma or conjunction leads to another cue: "and said", "but she added"."""
    place = at + 1
    if tokens[at].tag == "," and tokens[place].tag == "C":
        place += 1
    if tokens[at].tag == "," and place == at + 1:
        return False
    if place < len(tokens) and tokens[place].tag in "AX":
        place += 1
    is_clause = place < len(tokens) and tokens[place].tag == "P"
    if is_clause:
        place += 1
    if place + 1 >= len(tokens):
        return False
    low = tokens[place].low
    if tokens[place + 1].tag not in ("WDPUQOT,:Iw#" if low in _PLAINEST else "WDPUQOT,:I"):
        return False
    return any(verb.form in ("past", "third") and verb.takes & {"that", "quote"} for verb in VERBS.get(low, ()))
