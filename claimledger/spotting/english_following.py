"""Find the content after a reporting verb: a quotation, a clause, an infinitive or a noun phrase, and its end.

The functions take a sentence's tokens, the index after a verb, and the complements that the verb takes. They return a
`Complement`, or None if no fitting complement follows. Each function walks the sentence at most once. This module does
not know sources.
"""

from __future__ import annotations

from typing import NamedTuple

from claimledger.spotting.english_clauses import Tokens, is_finite, sentence_end
from claimledger.spotting.english_lexicon import REPORTING_VERBS, VerbForm, Verb


class Complement(NamedTuple):
    """The complement of a cue."""

    kind: str
    """The kind of complement, as named in the cue lists."""
    cue_end: int
    """The end of the cue: after "for" in "called for"."""
    first: int
    """The index of the first token of the content."""


_PHRASE = frozenset("DUw#OPs")
_INTRODUCTORY = frozenset(
    ("when", "while", "as", "after", "before", "although", "though", "because", "if", "since"),
)
_CONTRASTING = frozenset(("though", "although", "while", "whereas"))
_SAID_THINGS = frozenset((
    "a", "an", "little", "much", "more", "same", "yes", "no", "goodbye", "last", "next", "that", "word", "words",
    "name", "names", "mass", "prayer", "prayers", "grace", "opposite", "contrary", "thing", "things",
))  # fmt: skip
_LEAST = 2
_SHORTEST_CLAUSE = 3
_FAR = 16
_LONGEST_HEARER = 12
_SUBORDINATING = frozenset(("that", "whether", "if", "how", "what", "why"))
_PLAINEST = frozenset(("said", "says", "told", "tells"))
_SAYS = frozenset(("said", "says"))
_ADDRESSED = frozenset(("say", "warn", "promise", "ask", "write"))


def find_complement(tokens: Tokens, after: int, verb: Verb) -> Complement | None:
    """Return the complement of a verb that ends at an index.

    >>> from claimledger.spotting.english_tokens import tokenize
    >>> find_complement(tokenize("told him on Monday that it rained", 0, 33, []), 1, REPORTING_VERBS["told"][0])
    Complement(kind='that', cue_end=1, first=4)
    """
    place = after
    while place < len(tokens) and tokens[place].tag in "AZN" and not _is_existential(tokens, place):
        place += 1
    if place >= len(tokens):
        return None
    return (
        _complement_at(tokens, place, after, verb)
        or ("whom" in verb.takes and _complement_past_hearer(tokens, place, after, verb))
        or _quotation_past_name(tokens, place, after, verb)
        or _bare_complement(tokens, place, after, verb)
        or (bool({"quote", "that"} & verb.takes) and _distant_complement(tokens, place, after, verb))
        or None
    )


def _is_existential(tokens: Tokens, at: int) -> bool:
    """Return whether "there" at an index is the subject of a clause: "there were 40 complaints"."""
    return tokens[at].low == "there" and any(token.tag in "XM" for token in tokens[at + 1 : at + 2])


def _complement_at(tokens: Tokens, place: int, after: int, verb: Verb) -> Complement | None:
    token, takes = tokens[place], verb.takes
    if token.tag == "Q":
        return Complement("quote", after, place) if takes & {"quote", "thing", "as"} else None
    if "quote" in takes and _opens_quotation(tokens, place):
        return Complement("quote", after, place + 1)
    if token.tag == "I":
        return _complement_after_preposition(tokens, place, after, verb)
    kind = _complement_kind(tokens, place, takes)
    return Complement(kind, after, place) if kind else None


def _opens_quotation(tokens: Tokens, at: int) -> bool:
    """Return whether there is a colon at an index, or a comma and a quotation."""
    if at + 1 >= len(tokens):
        return False
    return tokens[at].tag == ":" or (tokens[at].tag == "," and tokens[at + 1].tag == "Q")


def _complement_after_preposition(tokens: Tokens, place: int, after: int, verb: Verb) -> Complement | None:
    is_taken = tokens[place].low in verb.takes and place + 1 < len(tokens)
    is_addressed = verb.cue_class in _ADDRESSED or not is_taken
    if "that" in verb.takes and is_addressed and (far := _distant_complement(tokens, place, after, verb)):
        return far
    return Complement("thing", place + 1, place + 1) if is_taken else None


def _complement_kind(tokens: Tokens, place: int, takes: frozenset[str]) -> str | None:
    """Return the kind of complement that a word introduces, if the verb takes it."""
    token = tokens[place]
    if token.low == "that":
        return "that" if "that" in takes else None
    if token.tag == "W" or token.low in ("whether", "if"):
        return "wh" if takes & {"wh", "thing", "about"} else None
    if token.tag == "T":
        return "to" if "to" in takes and place + 1 < len(tokens) else None
    return "ing" if token.tag == "w" and token.low.endswith("ing") and "ing" in takes else None


def _complement_past_hearer(tokens: Tokens, place: int, after: int, verb: Verb) -> Complement | None:
    """Look past the person addressed: "told him that", "urged them to", "accused her of"."""
    at = _hearer_end(tokens, place, verb.takes)
    if at is None:
        return None
    token = tokens[at]
    is_addressed = verb.cue_class in _ADDRESSED
    first = at if is_addressed else place
    if token.tag in "QT" or token.low in _SUBORDINATING or (token.tag == "I" and token.low in verb.takes):
        return Complement("that", after, first)
    if _opens_quotation(tokens, at):
        return Complement("quote", after, at + 1)
    is_bare = tokens[place].tag in "PO" and token.tag in _PHRASE and is_addressed
    return Complement("that", after, at) if is_bare else None


def _quotation_past_name(tokens: Tokens, place: int, after: int, verb: Verb) -> Complement | None:
    """Read a quotation after the person addressed: "scolded him: “…”"."""
    is_addressed = tokens[place].tag in "OU" and "quote" in verb.takes and place + 1 < len(tokens)
    if is_addressed and tokens[place + 1].tag == ":" and _opens_quotation(tokens, place + 1):
        return Complement("quote", after, place + 2)
    return None


def _hearer_end(tokens: Tokens, place: int, takes: frozenset[str]) -> int | None:
    """Return the end of the words for the person addressed."""
    if tokens[place].tag not in _PHRASE:
        return None
    at = place + 1
    while tokens[place].tag not in "PO" and at < min(len(tokens), place + _LONGEST_HEARER):
        if tokens[at].tag not in "DUw#sI" or tokens[at].low in takes:
            break
        if is_finite(tokens, at):
            return None
        at += 1
    while at < len(tokens) and tokens[at].tag in "AZ":
        at += 1
    return at if at < len(tokens) else None


def _bare_complement(tokens: Tokens, place: int, after: int, verb: Verb) -> Complement | None:
    """Read a clause without "that", or a noun phrase."""
    token = tokens[place]
    if token.tag not in _PHRASE and token.low not in ("that", "there", "not", "any"):
        return None
    if "that" in verb.takes and (begins_clause(tokens, place) or _is_said_clause(tokens, place, after)):
        return Complement("that", after, place)
    if not verb.takes & {"thing", "as"} or (token.tag == "w" and is_finite(tokens, place)):
        return None
    return Complement("as" if "as" in verb.takes else "thing", after, place)


def _is_said_clause(tokens: Tokens, place: int, after: int) -> bool:
    """Return whether words after "X said" are a clause although no verb is known: "said 40 shops shut for good".

    Nothing but a clause follows "said" and its subject, except a few nouns ("said a prayer", "said little about it").
    """
    if tokens[after - 1].low not in _SAYS or after < _LEAST or tokens[after - 2].tag not in "UwP)":
        return False
    end = next((at for at in range(place, len(tokens)) if tokens[at].tag in ",;:.Q-"), len(tokens))
    has_thing = any(token.low in _SAID_THINGS for token in tokens[place : place + 2])
    return tokens[place].tag in "D#w" and not has_thing and end - place >= _SHORTEST_CLAUSE


def begins_clause(tokens: Tokens, place: int) -> bool:
    """Return whether a clause with its own verb begins at an index."""
    if tokens[place].tag == "P" and tokens[place].low not in ("it", "you"):
        return True
    bare = (VerbForm.THIRD, VerbForm.BASE)
    for at in range(place + 1, min(len(tokens), place + _FAR)):
        if tokens[at].tag in ",;:.Q-" or tokens[at].low in ("who", "which", "that"):
            return False
        if is_finite(tokens, at) or _is_bare_third(tokens, at):
            return True
        if any(verb.form in bare for verb in REPORTING_VERBS.get(tokens[at].low, ())) and tokens[at - 1].tag in "PU":
            return True
    return False


def _is_bare_third(tokens: Tokens, at: int) -> bool:
    """Return whether an unlisted word in -s is a verb: a singular noun before it, "the" or a number after it."""
    token, before = tokens[at], tokens[at - 1]
    is_after_noun = before.tag in "wU" and not before.low.endswith("s")
    is_form = token.tag == "w" and token.low.endswith("s") and not token.low.endswith("ss")
    return is_form and is_after_noun and at + 1 < len(tokens) and tokens[at + 1].tag in "D#"


def _distant_complement(tokens: Tokens, place: int, after: int, verb: Verb) -> Complement | None:
    """Look past "in an interview", "to reporters on Friday"."""
    if tokens[place].tag not in "ITZO,":
        return None
    for at in range(place, min(len(tokens), place + _FAR)):
        if tokens[at].tag in ";." or (at > place and _begins_other_clause(tokens, at)):
            return None
        if first := _distant_start(tokens, at, verb.takes):
            return Complement("that" if tokens[at].low == "that" else "quote", after, first)
    return None


def _begins_other_clause(tokens: Tokens, at: int) -> bool:
    """Return whether a word is another verb; after a comma, a participle is an aside: "said, citing Cho, that"."""
    return is_finite(tokens, at) or (is_participle(tokens[at].low) and tokens[at - 1].tag != ",")


def _distant_start(tokens: Tokens, at: int, takes: frozenset[str]) -> int | None:
    """Return the start of the content if a mark or "that" at an index opens it."""
    token, before = tokens[at], tokens[at - 1].tag
    if token.low == "that":
        return at if "that" in takes and before in "wUZ,#O" else None
    if "quote" not in takes:
        return None
    if token.tag == "Q":
        return at if before in ",:" else None
    return at + 1 if token.tag == ":" and at + 1 < len(tokens) else None


def content_end(tokens: Tokens, first: int, kind: str) -> int:
    """Return the end of content of some kind that begins at an index."""
    end = sentence_end(tokens)
    at = first + 1
    while at < end:
        if _ends_content(tokens, at, kind):
            return at
        at += 1
    return max(end, min(first + 1, len(tokens)))


def subordinate_end(tokens: Tokens, cue: int, first: int, end: int) -> int:
    """Return the end of content whose cue is in an introductory or a relative clause, else `end`.

    The main clause follows the comma that ends such a clause: "When Cho said it was safe, the mayor …", "Cho, who said
    it was safe, left …".
    """
    opener = next((at for at in reversed(range(cue)) if tokens[at].tag in ",;:"), -1) + 1
    if opener >= cue:
        return end
    is_introductory = opener == 0 and tokens[0].low in _INTRODUCTORY
    if not is_introductory and not (opener and tokens[opener].low in ("who", "which")):
        return end
    for at in range(first + 1, end - 2):
        if tokens[at].tag == "," and (begins_clause(tokens, at + 1) if is_introductory else is_finite(tokens, at + 1)):
            return at
    return end


def _ends_content(tokens: Tokens, at: int, kind: str) -> bool:
    """Return whether content of some kind ends before an index."""
    if at + 1 >= len(tokens) or tokens[at].tag == ";":
        return tokens[at].tag == ";"
    tag, following = tokens[at].tag, tokens[at + 1].low
    if kind == "quote" and tag == "S" and tokens[at - 1].tag == "Q":
        return True  # "“…,” she said, “…” when asked": the clause belongs to the cue
    if tokens[at - 1].tag == "Q" and is_participle(tokens[at].low):
        return True
    if (tag == "," and is_participle(following)) or (tag in ",C" and _leads_to_cue(tokens, at)):
        return True
    return kind not in ("that", "wh", "quote") and _ends_phrase(tag, tokens[at].low, following, kind)


def _ends_phrase(tag: str, low: str, following: str, kind: str) -> bool:
    is_noun = kind in ("thing", "as")
    if tag in ",:-)":
        return not (tag == "," and is_noun and following in ("who", "which", "where", "whose"))
    return tag == "S" and low not in ("than", "if", "whether") and not (low == "as" and is_noun)


def is_participle(low: str) -> bool:
    """Return whether a word is the -ing form of a verb that reports: "adding", "citing"."""
    kinds = {"that", "quote", "thing"}
    return any(verb.form is VerbForm.GERUND and verb.takes & kinds for verb in REPORTING_VERBS.get(low, ()))


def _leads_to_cue(tokens: Tokens, at: int) -> bool:
    """Return whether a comma or conjunction leads to another cue: "and said", "but she added"."""
    place = at + 1
    if tokens[at].tag == "," and (tokens[place].tag == "C" or tokens[place].low in _CONTRASTING):
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
    return any(
        verb.form in (VerbForm.PAST, VerbForm.THIRD) and verb.takes & {"that", "quote"}
        for verb in REPORTING_VERBS.get(low, ())
    )
