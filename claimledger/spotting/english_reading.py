"""What a sentence reports, read with the cue lists and the small grammar alone.

In: a sentence's tokens. Out: `Draft` rows: content, cue, its class, the words of the source beside it. A statement
inside another's content is not reported a second time. The invariant: spans are of the text, and a cue that nothing
fitting follows or precedes reports nothing. It must not know who a source is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claimledger.spotting.english_clauses import (
    Range, Tokens, group_start, is_finite, phrase_right, sentence_end, subject_before,
)  # fmt: skip
from claimledger.spotting.english_following import content_end, follow
from claimledger.spotting.english_quotes import Pair
from claimledger.spotting.english_words import LABELS, NOUNS, VERBS, Form, Verb


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


@dataclass(slots=True)
class _Found:
    """A draft as ranges of tokens, and where reading goes on."""

    contents: list[Range]
    cue: Range
    cue_class: str
    source: Range | None
    shape: Shape
    goes_on: int


_INVERTED = frozenset(("say", "write", "ask", "assert", "explain", "warn", "admit", "report", "announce", "urge", "criticize", "agree"))
_SPOKEN = frozenset(("say", "write", "ask"))
_PARENTHETIC = frozenset(
    ("say", "assert", "believe", "write", "report", "explain", "admit", "know", "suggest", "rule", "forecast", "warn",
     "announce", "estimate", "agree", "criticize"),
)  # fmt: skip
_PLAIN_INVERTED = frozenset(("say", "add", "note", "report", "write", "explain", "recall"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "am", "'re", "'m", "'s"))
_HAVE = frozenset(("has", "have", "had", "having", "'ve", "'s", "'d"))


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
    while at < len(tokens):
        one = _at(text, tokens, at, found)
        at = max(at + 1, one.goes_on) if one else at + 1
        if one:
            found = [old for old in found if not _inside(old, one)]
            found.append(one)
    return [draft for one in found for draft in _drafts(text, tokens, one)]


def _labelled(tokens: Tokens) -> _Found | None:
    """Read "Poll: Most voters want change"."""
    if len(tokens) < 4 or tokens[1].tag != ":" or tokens[0].low not in LABELS:
        return None
    return _Found([(2, max(3, sentence_end(tokens)))], (1, 2), "say", (0, 1), Shape.MAIN, len(tokens))


def _inside(old: _Found, new: _Found) -> bool:
    return any(first <= old.cue[0] and old.cue[1] <= last for first, last in new.contents)


def _drafts(text: str, tokens: Tokens, found: _Found) -> list[Draft]:
    cue = _pair(tokens, found.cue)
    source = _pair(tokens, found.source) if found.source else None
    return [
        Draft(
            _stripped(text, *_pair(tokens, content)), cue, found.cue_class, source, found.shape,
            is_quoted=tokens[content[0]].tag == "Q" or tokens[content[1] - 1].tag == "Q",
        )  # fmt: skip
        for content in found.contents
        if content[0] < content[1]
    ]


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
    if last == at + 2:
        return None
    first = max((one.goes_on for one in found), default=0)
    while first < at and tokens[first].tag in ",;.":
        first += 1
    end = sentence_end(tokens)
    before = (first, at - 1 if at and tokens[at - 1].tag in ",-(" else at)
    begins = last + 1 if last < len(tokens) and tokens[last].tag == "," else last
    if begins > last and begins < end and is_finite(tokens, begins) and before[0] < before[1]:
        return _Found([(first, end)], (at, at + 2), "say", (at + 2, last), Shape.MAIN, end)
    content = before if before[1] - before[0] >= 2 else (begins, content_end(tokens, begins, "that"))
    if content[0] >= content[1]:
        return None
    return _Found([content], (at, at + 2), "say", (at + 2, last), Shape.MAIN, max(last, min(content[1], end)))


def _verb(text: str, tokens: Tokens, at: int, verb: Verb, found: list[_Found]) -> _Found | None:
    after = at + 1 + len(verb.particle)
    if verb.particle and tuple(token.low for token in tokens[at + 1 : after]) != verb.particle:
        return None
    first = group_start(tokens, at)
    if not _is_verb(tokens, first, at, verb):
        return None
    if one := _inverted(text, tokens, first, after, verb):
        return one
    if _is_passive(tokens, first, at, verb, after):
        return _passive(tokens, first, at, after, verb)
    source, is_relative = _source(tokens, first, at, verb, found)
    shape = Shape.RELATIVE if is_relative else Shape.MAIN
    start = source[0] if source else first
    if "quote" in verb.takes and not is_relative and (one := _quote_before(text, tokens, start, (first, after), verb, source)):
        return one
    following = follow(tokens, after, verb)
    if following:
        end = content_end(tokens, following.first, following.kind)
        if end > following.first:
            return _Found([(following.first, end)], (first, following.cue_end), verb.cue_class, source, shape, end)
    if following is None and source and "that" in verb.takes and not is_relative:
        return _clause_before(tokens, start, (first, after), verb, source, found)
    return None


def _is_verb(tokens: Tokens, first: int, at: int, verb: Verb) -> bool:
    """Whether a word is a verb here and not a noun or an adjective spelled alike."""
    before = tokens[first - 1] if first else None
    group = {token.tag for token in tokens[first:at]}
    aux = tokens[first:at]
    if verb.form is Form.BASE:
        if "M" in group or any(token.low in ("do", "does", "did", "to") for token in aux):
            return True
        return before is not None and (before.tag == "P" or before.low in ("who", "that") or _is_plural(tokens, first - 1)
                                       or (at + 1 < len(tokens) and tokens[at + 1].low == "that" and before.tag in "wU)" and tokens[at].low not in NOUNS))
    if verb.form is Form.THIRD:
        if group & set("M") or before is None or any(token.tag == "X" for token in aux):
            return False
        return before.tag in "PUwWQ),O" and not (before.tag == "w" and _noun_follows(tokens, at))
    if verb.form is Form.GERUND:
        return before is None or any(token.tag == "X" for token in aux) or before.tag not in "Ds#"
    if any(token.tag == "X" for token in aux):
        return True
    if before is None or group & set("MT"):
        return False
    return before.tag in "PUwWQ),-CO" or before.tag == "#"


def _is_plural(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.tag not in "wU":
        return False
    if token.low in ("people", "women", "men", "police", "children"):
        return True
    return token.low.endswith("s") and not token.low.endswith(("ss", "us")) or (at > 1 and tokens[at - 1].low == "and")


def _noun_follows(tokens: Tokens, at: int) -> bool:
    """Whether what follows a word in -s shows it is a plural noun."""
    if at + 1 >= len(tokens):
        return False
    following = tokens[at + 1]
    return following.low == "of" or is_finite(tokens, at + 1)


def _is_passive(tokens: Tokens, first: int, at: int, verb: Verb, after: int) -> bool:
    if verb.form not in (Form.PARTICIPLE, Form.PAST):
        return False
    aux = [token.low for token in tokens[first:at] if token.tag == "X" or token.low == "'s"]
    if not aux:
        return after < len(tokens) and tokens[after].low == "by"
    if aux[-1] == "'s":
        return False
    return aux[-1] in _BE


def _passive(tokens: Tokens, first: int, at: int, after: int, verb: Verb) -> _Found | None:
    """Read "is expected to", "was told that", "was criticized by"."""
    subject, is_relative = subject_before(tokens, first)
    shape = Shape.RELATIVE if is_relative else Shape.MAIN
    place = after
    while place < len(tokens) and tokens[place].tag in "AZ":
        place += 1
    if place >= len(tokens):
        return None
    low = tokens[place].low
    if low == "by":
        last = phrase_right(tokens, place + 1)
        content = subject or (last, last)
        if last > place + 1 and subject:
            return _Found([content], (first, place + 1), verb.cue_class, (place + 1, last), shape, last)
        return None
    if low in ("to", "that", "as") or (low == "of" and "of" in verb.takes):
        begins = place + 1 if low == "as" else place
        end = content_end(tokens, begins, "to" if low == "to" else "that")
        return _Found([(begins, end)], (first, begins), verb.cue_class, None, shape, end) if end > begins + 1 else None
    if tokens[place].tag == "Q" and verb.cue_class in ("describe", "name"):
        return _Found([(place, place + 1)], (first, after), verb.cue_class, None, shape, place + 1)
    return None


def _source(tokens: Tokens, first: int, at: int, verb: Verb, found: list[_Found]) -> tuple[Range | None, bool]:
    """Return whose words they are: the subject, or for "adding that", "and said" that of the clause before."""
    before = tokens[first - 1] if first else None
    has_aux = any(token.tag == "X" for token in tokens[first:at])
    is_bound = verb.form is Form.GERUND and not has_aux
    if is_bound or (before is not None and before.tag == "C") or (first < at and tokens[first].tag == "T"):
        return _subject_of_clause(tokens, first, found), False
    source, is_relative = subject_before(tokens, first)
    if source is None and before is not None and before.tag in ",-" and verb.form is not Form.BASE:
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


def _content_before(tokens: Tokens, quote: int, floor: int) -> Range:
    """Return the clause that a quotation closes."""
    first = quote
    while first > floor and tokens[first - 1].tag not in ";:.":
        first -= 1
    return first, quote + 1


def _inverted(text: str, tokens: Tokens, first: int, after: int, verb: Verb) -> _Found | None:
    """Read a quotation or a clause followed by "said X"."""
    if verb.form not in (Form.PAST, Form.THIRD) or "quote" not in verb.takes or after >= len(tokens) or first == 0:
        return None
    if tokens[after].tag not in "UDwP":
        return None
    is_quoted = _ends_quotation(text, tokens, first - 1) and verb.cue_class in _INVERTED
    if not is_quoted and not (tokens[first - 1].tag == "," and verb.lemma in _PLAIN_INVERTED and first > 3):
        return None
    last = phrase_right(tokens, after)
    quote = first - 1 if tokens[first - 1].tag == "Q" else first - 2
    content = _content_before(tokens, quote, 0)
    if last == after or (not is_quoted and last < sentence_end(tokens) and tokens[last].tag not in ",;-:I"):
        return None
    return _with_rest(tokens, content, (first, after), verb, (after, last), last)


def _with_rest(tokens: Tokens, content: Range, cue: Range, verb: Verb, source: Range | None, last: int) -> _Found:
    """Add the second part of a split quotation: "A," he said, "B"."""
    contents = [content]
    goes_on = max(last, cue[1])
    place = goes_on
    while place < len(tokens) and tokens[place].tag in "AZIwUDO#T" and place - goes_on < 12:
        place += 1
    if place + 1 < len(tokens) and tokens[place].tag in ",:-" and tokens[place + 1].tag == "Q":
        end = content_end(tokens, place + 1, "quote")
        contents.append((place + 1, end))
        goes_on = end
    elif place < len(tokens) and tokens[place].tag == "Q":
        contents.append((place, place + 1))
        goes_on = place + 1
    return _Found(contents, cue, verb.cue_class, source, Shape.MAIN, goes_on)


def _quote_before(
    text: str, tokens: Tokens, start: int, cue: Range, verb: Verb, source: Range | None
) -> _Found | None:
    """Read a quotation followed by "X said"."""
    if not _ends_quotation(text, tokens, start - 1) or source is None:
        return None
    quote = start - 1 if tokens[start - 1].tag == "Q" else start - 2
    following = follow(tokens, cue[1], verb)
    content = _content_before(tokens, quote, 0)
    if following and (content[0] < quote or (following.kind in ("that", "thing") and verb.cue_class not in _SPOKEN)):
        return None
    return _with_rest(tokens, content, cue, verb, source, cue[1])


def _clause_before(
    tokens: Tokens, start: int, cue: Range, verb: Verb, source: Range, found: list[_Found]
) -> _Found | None:
    """Read "The bridge was closed, officials said", or the same as a parenthesis."""
    if start < 2 or tokens[start - 1].tag not in ",-Q" or verb.cue_class not in _PARENTHETIC:
        return None
    first = 0
    for at in range(start - 1):
        if tokens[at].tag == ";":
            first = at + 1
    place = cue[1]
    while place < len(tokens) and tokens[place].tag not in ",;:.-Q":
        place += 1
    end = sentence_end(tokens)
    if place + 2 < end and tokens[place].tag in ",-" and tokens[place + 1].tag != "Q":
        return _Found([(first, end)], cue, verb.cue_class, source, Shape.MAIN, end)
    return _with_rest(tokens, (first, start if tokens[start - 1].tag == "Q" else start - 1), cue, verb, source, cue[1])


def _noun(tokens: Tokens, at: int) -> _Found | None:
    """Read "his plan to", "the claim that", "support for"."""
    noun = NOUNS[tokens[at].low]
    if at + 2 >= len(tokens) or tokens[at + 1].low not in noun.takes:
        return None
    low = tokens[at + 1].low
    begins = at + 1 if low in ("that", "to") else at + 2
    end = content_end(tokens, begins, "noun")
    if end <= begins:
        return None
    source = None
    if at and tokens[at - 1].low in ("his", "her", "their", "its", "my", "our", "your"):
        source = (at - 1, at)
    elif at > 1 and tokens[at - 1].tag == "s":
        first = at - 2
        while first and tokens[first - 1].tag in "UD":
            first -= 1
        source = (first, at - 1)
    return _Found([(begins, end)], (at, max(begins, at + 1)), noun.cue_class, source, Shape.NOUN, end)
