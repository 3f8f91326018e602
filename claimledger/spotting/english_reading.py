"""Read the statements of an English sentence with the cue lists and the small grammar, without a parser.

The result is `EnglishDraft` rows: content, cue, class of the cue, and the words of the source. A statement inside the
content of another is not reported twice. A cue without fitting content reports nothing. Spans are those of the text.
This module does not identify sources.
"""

from __future__ import annotations

from claimledger.spotting.english_according import read_according, read_measurement
from claimledger.spotting.english_clauses import (
    TokenRange, Tokens, group_start, is_finite, is_headline, phrase_right, sentence_end, subject_before,
)  # fmt: skip
from claimledger.spotting.english_drafts import EnglishDraft, StatementShape, TokenDraft
from claimledger.spotting.english_following import content_end, find_complement, is_participle, subordinate_end
from claimledger.spotting.english_quotes import TextRange
from claimledger.spotting.english_verbs import agrees, is_passive, is_verb
from claimledger.spotting.english_lexicon import (
    LABELS, NOT_SPEAKERS, REPORTING_ADJECTIVES, REPORTING_NOUNS, REPORTING_VERBS, VerbForm, Verb,
)  # fmt: skip


_INVERTED = frozenset(
    ("say", "write", "ask", "assert", "explain", "warn", "admit", "report", "announce", "urge", "criticize", "agree"),
)
_SPOKEN = frozenset(("say", "write", "ask"))
_PARENTHETIC = frozenset(
    ("say", "assert", "believe", "write", "report", "explain", "admit", "know", "suggest", "rule", "forecast", "warn",
     "announce", "estimate", "agree", "criticize"),
)  # fmt: skip
_PLAIN_INVERTED = frozenset(("say", "add", "note", "report", "write", "explain", "recall"))
_BEFORE_MEASUREMENT = frozenset(("in", "by"))
_GENERIC = frozenset(("you",))
"""Subjects that mean anybody, who is no source."""
_OWN = frozenset(("his", "her", "their", "its", "my", "our", "your"))
_SHORTEST_LABELLED = 4
_LONGEST_LABEL = 6
_SHORTEST_BEFORE = 2
_SHORTEST_INVERTED = 4
_BETWEEN_PARTS = 12


def read_english_sentence(text: str, tokens: Tokens) -> list[EnglishDraft]:
    """Return the outermost statements of a sentence.

    >>> from claimledger.spotting.english_tokens import tokenize
    >>> line = "Officials said the plan would cost $3 million."
    >>> [line[slice(*draft.content)] for draft in read_english_sentence(line, tokenize(line, 0, len(line), []))]
    ['the plan would cost $3 million']
    """
    labelled = _read_labelled(tokens)
    found: list[TokenDraft] = [labelled] if labelled else []
    at = labelled.next_token if labelled else 0
    headline = is_headline(tokens)
    while at < len(tokens):
        is_name = not headline and at > 0 and tokens[at].tag == tokens[at - 1].tag == "U"
        one = None if is_name else _read_at(text, tokens, at, found)
        at = max(at + 1, one.next_token) if one else at + 1
        if one:
            found = [old for old in found if not _contains_cue(old, one)]
            found.append(one)
    return [draft for one in found for draft in _to_drafts(text, tokens, one)]


def _read_labelled(tokens: Tokens) -> TokenDraft | None:
    """Read a labelled sentence: "Poll: Most voters want change", "Cho: “We will stay.”"."""
    end = sentence_end(tokens)
    if len(tokens) >= _SHORTEST_LABELLED and tokens[1].tag == ":" and tokens[0].low in LABELS:
        return TokenDraft([(2, max(3, end))], (1, 2), "say", (0, 1), StatementShape.MAIN, len(tokens))
    colon = next((at for at in range(min(end, _LONGEST_LABEL)) if tokens[at].tag != "U"), 0)
    is_name = colon > 0 and tokens[colon].tag == ":" and tokens[0].low not in NOT_SPEAKERS and len(tokens[0].low) > 1
    if is_name and colon + 2 == end and tokens[colon + 1].tag == "Q":
        return TokenDraft([(colon + 1, end)], (colon, colon + 1), "say", (0, colon), StatementShape.MAIN, len(tokens))
    return None


def _contains_cue(old: TokenDraft, new: TokenDraft) -> bool:
    return any(first <= old.cue[0] and old.cue[1] <= last for first, last in new.contents)


def _to_drafts(text: str, tokens: Tokens, found: TokenDraft) -> list[EnglishDraft]:
    cue = _text_range(tokens, found.cue)
    source = _text_range(tokens, found.source) if found.source else None
    drafts = []
    for first, last in found.contents:
        if first < last:
            content = _strip_end(text, *_text_range(tokens, (first, last)))
            is_quoted = "Q" in (tokens[first].tag, tokens[last - 1].tag)
            drafts.append(EnglishDraft(content, cue, found.cue_class, source, found.shape, is_quoted, found.is_phrase))
    return drafts


def _text_range(tokens: Tokens, of: TokenRange) -> TextRange:
    return tokens[of[0]].start, tokens[of[1] - 1].end


def _strip_end(text: str, start: int, end: int) -> TextRange:
    while end > start + 1 and text[end - 1] in " ,;:—–-":
        end -= 1
    return start, end


def _read_at(text: str, tokens: Tokens, at: int, found: list[TokenDraft]) -> TokenDraft | None:
    low, tag = tokens[at].low, tokens[at].tag
    if low == "according":
        return read_according(tokens, at, found)
    if low in _BEFORE_MEASUREMENT:
        return read_measurement(tokens, at)
    if low in REPORTING_VERBS and (tag not in "IA" or _follows_subject(tokens, at)):
        for verb in REPORTING_VERBS[low]:
            if one := _read_verb(text, tokens, at, verb, found):
                return one
    if low in REPORTING_ADJECTIVES:
        return _read_adjective(tokens, at)
    if low in REPORTING_NOUNS:
        return _read_noun(tokens, at)
    return None


def _follows_subject(tokens: Tokens, at: int) -> bool:
    """Return whether "like", "back" or "regarding" is a verb, since a pronoun or an auxiliary precedes it."""
    return at > 0 and tokens[at - 1].tag in "PTXNM"


def _read_verb(text: str, tokens: Tokens, at: int, verb: Verb, found: list[TokenDraft]) -> TokenDraft | None:
    """Read a statement by one of the verbs whose form the word may be."""
    after = at + 1 + len(verb.particle)
    if verb.particle and tuple(token.low for token in tokens[at + 1 : after]) != verb.particle:
        return None
    first = group_start(tokens, at)
    if not is_verb(tokens, first, at, verb):
        return None
    if one := _read_inverted(text, tokens, (first, after), verb):
        return one
    if is_passive(tokens, first, at, verb):
        return _read_passive(tokens, (first, after), verb)
    return _read_active(text, tokens, (first, after), verb, found)


def _read_active(text: str, tokens: Tokens, cue: TokenRange, verb: Verb, found: list[TokenDraft]) -> TokenDraft | None:
    """Read "“…,” X said", "X said that", "…, X said"."""
    source, is_relative = _find_source(tokens, cue[0], verb, found)
    if source and (tokens[source[0]].low in _GENERIC or not agrees(tokens, source, verb)):
        return None
    may_precede = source is not None and not is_relative
    if (
        source
        and may_precede
        and "quote" in verb.takes
        and (one := _read_quote_before(text, tokens, cue, verb, source))
    ):
        return one
    if following := find_complement(tokens, cue[1], verb):
        shape = StatementShape.RELATIVE if is_relative else StatementShape.MAIN
        end = content_end(tokens, following.first, following.kind)
        end = subordinate_end(tokens, cue[0], following.first, end) if source else end
        content = following.first, end
        is_phrase = following.kind in ("thing", "as")
        return TokenDraft([content], (cue[0], following.cue_end), verb.cue_class, source, shape, end, is_phrase)
    return _read_clause_before(tokens, cue, verb, source) if source and may_precede and "that" in verb.takes else None


def _read_passive(tokens: Tokens, cue: TokenRange, verb: Verb) -> TokenDraft | None:
    """Read "is expected to", "was told that", "was criticized by"."""
    subject, is_relative = subject_before(tokens, cue[0])
    shape = StatementShape.RELATIVE if is_relative else StatementShape.MAIN
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
        return TokenDraft(
            [subject], (cue[0], place + 1), verb.cue_class, (place + 1, last), shape, last, is_phrase=True
        )
    if tokens[place].tag == "Q" and verb.cue_class in ("describe", "name"):
        return TokenDraft([(place, place + 1)], cue, verb.cue_class, None, shape, place + 1)
    if low not in ("to", "that", "as") and not (low == "of" and "of" in verb.takes):
        return None
    begins = place + 1 if low == "as" else place
    end = content_end(tokens, begins, "to" if low == "to" else "that")
    return TokenDraft([(begins, end)], (cue[0], begins), verb.cue_class, None, shape, end) if end > begins + 1 else None


def _read_adjective(tokens: Tokens, at: int) -> TokenDraft | None:
    """Read "is worried that", "was critical of": a state of mind that only its subject can report."""
    adjective, first = REPORTING_ADJECTIVES[tokens[at].low], group_start(tokens, at)
    source, is_relative = subject_before(tokens, first)
    following = find_complement(tokens, at + 1, adjective)
    if not any(token.tag == "X" for token in tokens[first:at]) or source is None or following is None:
        return None
    shape = StatementShape.RELATIVE if is_relative else StatementShape.MAIN
    end = content_end(tokens, following.first, following.kind)
    cue = first, following.cue_end
    return TokenDraft([(following.first, end)], cue, adjective.cue_class, source, shape, end, following.kind == "thing")


def _find_source(tokens: Tokens, first: int, verb: Verb, found: list[TokenDraft]) -> tuple[TokenRange | None, bool]:
    """Return the source and whether it is a relative pronoun.

    The source is the subject of the verb. For "adding that" and "and said" it is the subject of the clause before.
    """
    before = tokens[first - 1].tag if first else ""
    is_bound = verb.form is VerbForm.GERUND and tokens[first].tag not in "Xs"
    if is_bound or before == "C" or (tokens[first].tag == "T"):
        return _subject_of_clause(tokens, first, found), False
    source, is_relative = subject_before(tokens, first)
    if source is None and before in (",", "-") and verb.form is not VerbForm.BASE:
        return _subject_of_clause(tokens, first, found), False
    return source, is_relative


def _subject_of_clause(tokens: Tokens, before: int, found: list[TokenDraft]) -> TokenRange | None:
    for one in reversed(found):
        if one.source and one.shape is StatementShape.MAIN:
            return one.source
    for at in range(1, before):
        if is_finite(tokens, at) and tokens[at - 1].tag in "UwPs)," and tokens[at].tag != "N":
            return subject_before(tokens, group_start(tokens, at))[0]
    return None


def _ends_quotation(text: str, tokens: Tokens, at: int) -> bool:
    """Return whether the token is a quotation with closing punctuation in it or after it."""
    if at < 0:
        return False
    if tokens[at].tag == "," and at and tokens[at - 1].tag == "Q":
        return True
    if tokens[at].tag != "Q":
        return False
    inside = text[tokens[at].start : tokens[at].end].rstrip("”\"'’» ")
    return inside[-1:] in ",?!.—-…"


def _content_before(tokens: Tokens, quote: int) -> TokenRange:
    """Return the clause that ends with a quotation."""
    first = quote
    while first and tokens[first - 1].tag not in ";:.":
        first -= 1
    return first, quote + 1


def _read_inverted(text: str, tokens: Tokens, cue: TokenRange, verb: Verb) -> TokenDraft | None:
    """Read a quotation or a clause followed by "said X"."""
    first, after = cue
    if (
        verb.form not in (VerbForm.PAST, VerbForm.THIRD)
        or "quote" not in verb.takes
        or not 0 < first < after < len(tokens)
    ):
        return None
    is_quoted = _ends_quotation(text, tokens, first - 1) and verb.cue_class in _INVERTED
    is_clause = tokens[first - 1].tag == "," and verb.lemma in _PLAIN_INVERTED and first >= _SHORTEST_INVERTED
    is_clause = is_clause and not _is_subject(tokens, first)
    last = phrase_right(tokens, after) if tokens[after].tag in "UDwP" else after
    if last == after or not (is_quoted or (is_clause and _ends_clause(tokens, last))):
        return None
    quote = first - 1 if tokens[first - 1].tag == "Q" else first - 2
    return _add_split_quotation(tokens, _content_before(tokens, quote), cue, verb, (after, last))


def _is_subject(tokens: Tokens, verb: int) -> bool:
    """Return whether all words before a verb are its subject: "A clerk, Hana Seo, said the recall spans 9,000 cars"."""
    return not any(is_finite(tokens, at) for at in range(verb)) and subject_before(tokens, verb)[0] is not None


def _ends_clause(tokens: Tokens, at: int) -> bool:
    return at >= sentence_end(tokens) or tokens[at].tag in ",;-:I"


def _add_split_quotation(
    tokens: Tokens, content: TokenRange, cue: TokenRange, verb: Verb, source: TokenRange
) -> TokenDraft:
    """Add the second part of a split quotation: "A," he said, "B"."""
    contents = [content]
    next_token = max(source[1], cue[1])
    place = next_token
    while place < len(tokens) and tokens[place].tag in "AZIwUDO#T" and place - next_token < _BETWEEN_PARTS:
        place += 1
    if place + 1 < len(tokens) and tokens[place].tag in ",:-" and tokens[place + 1].tag == "Q":
        end = content_end(tokens, place + 1, "quote")
        contents.append((place + 1, end))
        next_token = end
    elif place < len(tokens) and tokens[place].tag == "Q":
        contents.append((place, place + 1))
        next_token = place + 1
    return TokenDraft(contents, cue, verb.cue_class, source, StatementShape.MAIN, next_token)


def _read_quote_before(text: str, tokens: Tokens, cue: TokenRange, verb: Verb, source: TokenRange) -> TokenDraft | None:
    """Read a quotation followed by "X said"."""
    start = source[0]
    if not _ends_quotation(text, tokens, start - 1):
        return None
    quote = start - 1 if tokens[start - 1].tag == "Q" else start - 2
    following = find_complement(tokens, cue[1], verb)
    content = _content_before(tokens, quote)
    if following and (content[0] < quote or (following.kind in ("that", "thing") and verb.cue_class not in _SPOKEN)):
        return None
    return _add_split_quotation(tokens, content, cue, verb, source)


def _read_clause_before(tokens: Tokens, cue: TokenRange, verb: Verb, source: TokenRange) -> TokenDraft | None:
    """Read "The bridge was closed, officials said", or the same as a parenthesis."""
    start = source[0]
    if start < _SHORTEST_BEFORE or tokens[start - 1].tag not in ",-Q" or verb.cue_class not in _PARENTHETIC:
        return None
    first = next((at + 1 for at in reversed(range(start - 1)) if tokens[at].tag == ";"), 0)
    if not _is_reportable_clause(tokens, first, start):
        return None
    place = cue[1]
    while place < len(tokens) and tokens[place].tag not in ",;:.-Q":
        place += 1
    end = sentence_end(tokens)
    is_continued = place + 2 < end and tokens[place].tag in ",-" and tokens[place + 1].tag != "Q"
    if is_continued and not is_participle(tokens[place + 1].low):
        return TokenDraft([(first, end)], cue, verb.cue_class, source, StatementShape.MAIN, end)
    return _add_split_quotation(
        tokens, (first, start if tokens[start - 1].tag == "Q" else start - 1), cue, verb, source
    )


def _is_reportable_clause(tokens: Tokens, first: int, end: int) -> bool:
    """Return whether words before a comma are a clause, and not a phrase or a subordinate clause that opens one."""
    if tokens[first].tag == "C" and first + 1 < end:
        first += 1
    if tokens[first].tag == "S" and tokens[first].low != "so":
        return any(token.tag == "," for token in tokens[first : end - 1])
    has_verb = any(is_finite(tokens, at) or tokens[at].tag == "Q" for at in range(first, end))
    return tokens[first].tag != "I" or has_verb


def _read_noun(tokens: Tokens, at: int) -> TokenDraft | None:
    """Read "his plan to", "the claim that", "support for"."""
    noun = REPORTING_NOUNS[tokens[at].low]
    if at + 2 >= len(tokens) or tokens[at + 1].low not in noun.takes:
        return None
    begins = at + 1 if tokens[at + 1].low in ("that", "to") else at + 2
    end = content_end(tokens, begins, "noun")
    source = _noun_owner(tokens, at)
    return (
        TokenDraft([(begins, end)], (at, begins), noun.cue_class, source, StatementShape.NOUN, end)
        if end > begins
        else None
    )


def _noun_owner(tokens: Tokens, at: int) -> TokenRange | None:
    """Return the owner of a plan or claim: "his", "Kim's"."""
    if at and tokens[at - 1].low in _OWN:
        return at - 1, at
    if at < _SHORTEST_BEFORE or tokens[at - 1].tag != "s":
        return None
    first = at - 2
    while first and tokens[first - 1].tag in "UD":
        first -= 1
    return first, at - 1
