"""What a sentence reports, read with the cue lists and the small grammar alone.

In: a sentence's tokens. Out: `Draft` rows: content, cue, its class, the words of the source beside it. A statement
inside another's content is not reported a second time. The invariant: spans are of the text, and a cue that nothing
fitting follows or precedes reports nothing. It must not know who a source is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claimledger.spotting.english_clauses import (
    Range, Tokens, group_start, is_finite, is_headline, phrase_right, sentence_end, subject_before,
)  # fmt: skip
from claimledger.spotting.english_following import content_end, follow
from claimledger.spotting.english_quotes import Pair
from claimledger.spotting.english_verbs import is_passive, is_verb
from claimledger.spotting.english_lexicon import LABELS, NOUNS, VERBS, Form, Verb


class Shape(StrEnum):
    """How a statement stands in its sentence."""

    MAIN = "main"
    RELATIVE = "relative"
    NOUN = "noun"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement before its speaker is read."""

    content: Pair
    """What is said."""
    cue: Pair | None = None
    """The words that report it."""
    cue_class: str | None = None
    """Their class."""
    source: Pair | None = None
    """The words beside the cue that say whose it is, a pronoun included."""
    shape: Shape = Shape.MAIN
    """How it stands in its sentence."""
    is_quoted: bool = False
    """Whether the content begins or ends with a quotation."""
    is_phrase: bool = False
    """Whether the content is a noun phrase: "announced a tour"."""


@dataclass(slots=True)
class _Found:
    """A draft as ranges of tokens, and where reading goes on."""

    contents: list[Range]
    cue: Range
    cue_class: str
    source: Range | None
    shape: Shape
    goes_on: int
    is_phrase: bool = False


_INVERTED = frozenset(
    ("say", "write", "ask", "assert", "explain", "warn", "admit", "report", "announce", "urge", "criticize", "agree"),
)
_SPOKEN = frozenset(("say", "write", "ask"))
_PARENTHETIC = frozenset(
    ("say", "assert", "believe", "write", "report", "explain", "admit", "know", "suggest", "rule", "forecast", "warn",
     "announce", "estimate", "agree", "criticize"),
)  # fmt: skip
_PLAIN_INVERTED = frozenset(("say", "add", "note", "report", "write", "explain", "recall"))
_OWN = frozenset(("his", "her", "their", "its", "my", "our", "your"))
_SHORTEST_LABELLED = 4
_SHORTEST_BEFORE = 2
_SHORTEST_INVERTED = 4
_BETWEEN_PARTS = 12


def read_sentence(text: str, tokens: Tokens) -> list[Draft]:
    """Return the statements of a sentence, outermost only.

    >>> from claimledger.spotting.english_tokens import tokenize
    >>> line = "Officials said the plan would cost $3 million."
    >>> [line[slice(*draft.content)] for draft in read_sentence(line, tokenize(line, 0, len(line), []))]
    ['the plan would cost $3 million']
    """
    labelled = _labelled(tokens)
    found: list[_Found] = [labelled] if labelled else []
    at = labelled.goes_on if labelled else 0
    headline = is_headline(tokens)
    while at < len(tokens):
        is_name = not headline and at > 0 and tokens[at].tag == tokens[at - 1].tag == "U"
        one = None if is_name else _at(text, tokens, at, found)
        at = max(at + 1, one.goes_on) if one else at + 1
        if one:
            found = [old for old in found if not _inside(old, one)]
            found.append(one)
    return [draft for one in found for draft in _drafts(text, tokens, one)]


def _labelled(tokens: Tokens) -> _Found | None:
    """Read "Poll: Most voters want change"."""
    if len(tokens) < _SHORTEST_LABELLED or tokens[1].tag != ":" or tokens[0].low not in LABELS:
        return None
    return _Found([(2, max(3, sentence_end(tokens)))], (1, 2), "say", (0, 1), Shape.MAIN, len(tokens))


def _inside(old: _Found, new: _Found) -> bool:
    return any(first <= old.cue[0] and old.cue[1] <= last for first, last in new.contents)


def _drafts(text: str, tokens: Tokens, found: _Found) -> list[Draft]:
    cue = _pair(tokens, found.cue)
    source = _pair(tokens, found.source) if found.source else None
    drafts = []
    for first, last in found.contents:
        if first < last:
            content = _stripped(text, *_pair(tokens, (first, last)))
            is_quoted = "Q" in (tokens[first].tag, tokens[last - 1].tag)
            drafts.append(Draft(content, cue, found.cue_class, source, found.shape, is_quoted, found.is_phrase))
    return drafts


def _pair(tokens: Tokens, of: Range) -> Pair:
    return tokens[of[0]].start, tokens[of[1] - 1].end


def _stripped(text: str, start: int, end: int) -> Pair:
    while end > start + 1 and text[end - 1] in " ,;:—–-":
        end -= 1
    return start, end


def _at(text: str, tokens: Tokens, at: int, found: list[_Found]) -> _Found | None:
    low = tokens[at].low
    if low == "according":
        return _according(tokens, at, found)
    if low in VERBS:
        for verb in VERBS[low]:
            if one := _verb(text, tokens, at, verb, found):
                return one
    if low in NOUNS:
        return _noun(tokens, at)
    return None


def _according(tokens: Tokens, at: int, found: list[_Found]) -> _Found | None:
    """Read "according to X": what stands before it in the clause, else what follows."""
    if at + 2 >= len(tokens) or tokens[at + 1].low != "to":
        return None
    last = phrase_right(tokens, at + 2)
    content = _beside(tokens, at, last, found)
    if last == at + 2 or content[0] >= content[1]:
        return None
    goes_on = max(last, min(content[1], sentence_end(tokens)))
    return _Found([content], (at, at + 2), "say", (at + 2, last), Shape.MAIN, goes_on)


def _beside(tokens: Tokens, at: int, last: int, found: list[_Found]) -> Range:
    """Return what is said beside "according to X", which ends at `last`: before it, around it, or after it."""
    first = max((one.goes_on for one in found), default=0)
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


def _verb(text: str, tokens: Tokens, at: int, verb: Verb, found: list[_Found]) -> _Found | None:
    """Read a statement by one of the verbs a word may be a form of."""
    after = at + 1 + len(verb.particle)
    if verb.particle and tuple(token.low for token in tokens[at + 1 : after]) != verb.particle:
        return None
    first = group_start(tokens, at)
    if not is_verb(tokens, first, at, verb):
        return None
    if one := _inverted(text, tokens, (first, after), verb):
        return one
    if is_passive(tokens, first, at, verb):
        return _passive(tokens, (first, after), verb)
    return _active(text, tokens, (first, after), verb, found)


def _active(text: str, tokens: Tokens, cue: Range, verb: Verb, found: list[_Found]) -> _Found | None:
    """Read "“…,” X said", "X said that", "…, X said"."""
    source, is_relative = _source(tokens, cue[0], verb, found)
    may_precede = source is not None and not is_relative
    if source and may_precede and "quote" in verb.takes and (one := _quote_before(text, tokens, cue, verb, source)):
        return one
    if following := follow(tokens, cue[1], verb):
        shape = Shape.RELATIVE if is_relative else Shape.MAIN
        end = content_end(tokens, following.first, following.kind)
        content = following.first, end
        is_phrase = following.kind in ("thing", "as")
        return _Found([content], (cue[0], following.cue_end), verb.cue_class, source, shape, end, is_phrase)
    return _clause_before(tokens, cue, verb, source) if source and may_precede and "that" in verb.takes else None


def _passive(tokens: Tokens, cue: Range, verb: Verb) -> _Found | None:
    """Read "is expected to", "was told that", "was criticized by"."""
    subject, is_relative = subject_before(tokens, cue[0])
    shape = Shape.RELATIVE if is_relative else Shape.MAIN
    place = cue[1]
    while place < len(tokens) and tokens[place].tag in "AZ":
        place += 1
    if place >= len(tokens):
        return None
    low = tokens[place].low
    if low == "by":
        last = phrase_right(tokens, place + 1)
        if subject is None or last == place + 1:
            return None
        return _Found([subject], (cue[0], place + 1), verb.cue_class, (place + 1, last), shape, last, is_phrase=True)
    if tokens[place].tag == "Q" and verb.cue_class in ("describe", "name"):
        return _Found([(place, place + 1)], cue, verb.cue_class, None, shape, place + 1)
    if low not in ("to", "that", "as") and not (low == "of" and "of" in verb.takes):
        return None
    begins = place + 1 if low == "as" else place
    end = content_end(tokens, begins, "to" if low == "to" else "that")
    return _Found([(begins, end)], (cue[0], begins), verb.cue_class, None, shape, end) if end > begins + 1 else None


def _source(tokens: Tokens, first: int, verb: Verb, found: list[_Found]) -> tuple[Range | None, bool]:
    """Return whose words they are: the subject, or for "adding that", "and said" that of the clause before."""
    before = tokens[first - 1].tag if first else ""
    is_bound = verb.form is Form.GERUND and tokens[first].tag not in "Xs"
    if is_bound or before == "C" or (tokens[first].tag == "T"):
        return _subject_of_clause(tokens, first, found), False
    source, is_relative = subject_before(tokens, first)
    if source is None and before in (",", "-") and verb.form is not Form.BASE:
        return _subject_of_clause(tokens, first, found), False
    return source, is_relative


def _subject_of_clause(tokens: Tokens, before: int, found: list[_Found]) -> Range | None:
    for one in reversed(found):
        if one.source and one.shape is Shape.MAIN:
            return one.source
    for at in range(1, before):
        if is_finite(tokens, at) and tokens[at - 1].tag in "UwPs)," and tokens[at].tag != "N":
            return subject_before(tokens, group_start(tokens, at))[0]
    return None


def _ends_quotation(text: str, tokens: Tokens, at: int) -> bool:
    """Whether the token is a quotation with closing punctuation in it or after it."""
    if at < 0:
        return False
    if tokens[at].tag == "," and at and tokens[at - 1].tag == "Q":
        return True
    if tokens[at].tag != "Q":
        return False
    inside = text[tokens[at].start : tokens[at].end].rstrip("”\"'’» ")
    return inside[-1:] in ",?!.—-…"


def _content_before(tokens: Tokens, quote: int) -> Range:
    """Return the clause that a quotation closes."""
    first = quote
    while first and tokens[first - 1].tag not in ";:.":
        first -= 1
    return first, quote + 1


def _inverted(text: str, tokens: Tokens, cue: Range, verb: Verb) -> _Found | None:
    """Read a quotation or a clause followed by "said X"."""
    first, after = cue
    if verb.form not in (Form.PAST, Form.THIRD) or "quote" not in verb.takes or not 0 < first < after < len(tokens):
        return None
    is_quoted = _ends_quotation(text, tokens, first - 1) and verb.cue_class in _INVERTED
    is_clause = tokens[first - 1].tag == "," and verb.lemma in _PLAIN_INVERTED and first >= _SHORTEST_INVERTED
    last = phrase_right(tokens, after) if tokens[after].tag in "UDwP" else after
    if last == after or not (is_quoted or (is_clause and _ends_clause(tokens, last))):
        return None
    quote = first - 1 if tokens[first - 1].tag == "Q" else first - 2
    return _with_rest(tokens, _content_before(tokens, quote), cue, verb, (after, last))


def _ends_clause(tokens: Tokens, at: int) -> bool:
    return at >= sentence_end(tokens) or tokens[at].tag in ",;-:I"


def _with_rest(tokens: Tokens, content: Range, cue: Range, verb: Verb, source: Range) -> _Found:
    """Add the second part of a split quotation: "A," he said, "B"."""
    contents = [content]
    goes_on = max(source[1], cue[1])
    place = goes_on
    while place < len(tokens) and tokens[place].tag in "AZIwUDO#T" and place - goes_on < _BETWEEN_PARTS:
        place += 1
    if place + 1 < len(tokens) and tokens[place].tag in ",:-" and tokens[place + 1].tag == "Q":
        end = content_end(tokens, place + 1, "quote")
        contents.append((place + 1, end))
        goes_on = end
    elif place < len(tokens) and tokens[place].tag == "Q":
        contents.append((place, place + 1))
        goes_on = place + 1
    return _Found(contents, cue, verb.cue_class, source, Shape.MAIN, goes_on)


def _quote_before(text: str, tokens: Tokens, cue: Range, verb: Verb, source: Range) -> _Found | None:
    """Read a quotation followed by "X said"."""
    start = source[0]
    if not _ends_quotation(text, tokens, start - 1):
        return None
    quote = start - 1 if tokens[start - 1].tag == "Q" else start - 2
    following = follow(tokens, cue[1], verb)
    content = _content_before(tokens, quote)
    if following and (content[0] < quote or (following.kind in ("that", "thing") and verb.cue_class not in _SPOKEN)):
        return None
    return _with_rest(tokens, content, cue, verb, source)


def _clause_before(tokens: Tokens, cue: Range, verb: Verb, source: Range) -> _Found | None:
    """Read "The bridge was closed, officials said", or the same as a parenthesis."""
    start = source[0]
    if start < _SHORTEST_BEFORE or tokens[start - 1].tag not in ",-Q" or verb.cue_class not in _PARENTHETIC:
        return None
    first = next((at + 1 for at in reversed(range(start - 1)) if tokens[at].tag == ";"), 0)
    place = cue[1]
    while place < len(tokens) and tokens[place].tag not in ",;:.-Q":
        place += 1
    end = sentence_end(tokens)
    if place + 2 < end and tokens[place].tag in ",-" and tokens[place + 1].tag != "Q":
        return _Found([(first, end)], cue, verb.cue_class, source, Shape.MAIN, end)
    return _with_rest(tokens, (first, start if tokens[start - 1].tag == "Q" else start - 1), cue, verb, source)


def _noun(tokens: Tokens, at: int) -> _Found | None:
    """Read "his plan to", "the claim that", "support for"."""
    noun = NOUNS[tokens[at].low]
    if at + 2 >= len(tokens) or tokens[at + 1].low not in noun.takes:
        return None
    begins = at + 1 if tokens[at + 1].low in ("that", "to") else at + 2
    end = content_end(tokens, begins, "noun")
    source = _owner(tokens, at)
    return _Found([(begins, end)], (at, begins), noun.cue_class, source, Shape.NOUN, end) if end > begins else None


def _owner(tokens: Tokens, at: int) -> Range | None:
    """Return whose plan or claim it is: "his", "Kim's"."""
    if at and tokens[at - 1].low in _OWN:
        return at - 1, at
    if at < _SHORTEST_BEFORE or tokens[at - 1].tag != "s":
        return None
    first = at - 2
    while first and tokens[first - 1].tag in "UD":
        first -= 1
    return first, at - 1
