"""Parse a reader's search query and convert it to FTS5 expressions.

Any text is either answered or refused with a sentence in English and Korean. `search_terms` decides what a term can
mean; no table is known here.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from claimledger.errors import LedgerError
from claimledger.publishing.search import DROPPED_CHARACTERS
from claimledger.publishing.search_names import MOST_WORDS, NameLookup, known_words
from claimledger.publishing.search_terms import (
    SearchTerm, exact_term, figure_term, joined_phrase, plain_term, stem, synonym_term, word_term,
)  # fmt: skip
from claimledger.quantities import Figure, FigureRole, find_figures
from claimledger.quantities.unit_tables import PARTICLES, alternation

OPERATORS = frozenset({"AND", "OR", "NOT"})
"""Operators, written in capitals. They are not search terms."""
_QUOTATION_MARKS = str.maketrans("“”„‟", '""""')
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]*\d분의\s+\d[^\s"]*|[^\s"]+))')
"""An optional minus, then a quoted phrase, a Korean fraction, or any text without spaces."""
_STRIPPED = "()[]{}<>.,;:!?…·‘’'「」『』《》〈〉^*"
"""Characters that are stripped from the ends of an unquoted term."""
_NO_FIGURES = re.compile(
    r'-?"[^"]*"?|(?<!\S)-(?:[^\s"]+\*(?!\S))?|(?<!\S)(?:AND|OR|NOT)(?!\S)|(?<![^\s"])[^\s"]+\*(?!\S)'
)
"""Parts of a query where no figures are read: quoted phrases, operators and words with a star. The pattern looks at
each word once, from its start.
"""
_BILLIONS = re.compile(r"(?<=[0-9])[Bb](?![^\W가-힣])")
_FIGURE = "\ue000"
"""The placeholder for a figure in the query. Queries themselves cannot contain it."""
_FIGURE_CONTEXT = re.compile(rf"((?:(?<!\S)-)?)[(\[{{<「『《〈'‘]*{_FIGURE}(?:{alternation(PARTICLES)}(?![^\W_]))?-*")
"""A figure with adjacent characters that are not part of it: an opening bracket, a Korean particle or a hyphen."""
_BEFORE_FIGURE = re.compile(r"(?:(?:^|\s)-|^|[\s(\[{<「『《〈'‘])\Z")
"""The characters before a figure without a unit: the start of the query, a space or an opening bracket."""
_WORD_AFTER = re.compile(r"(?<=[^\W가-힣])(?:[^\W가-힣]|[.,]\d)")
_WORD_BEFORE = re.compile(r"(?:[^\W가-힣]|\d[.,])(?=[^\W가-힣])")
"""A word or number that a figure would cut: the patterns match after the figure's last and before its first
character.
"""
MAX_QUERY_LENGTH = 500
"""The maximum length of a query, in code points."""
_MAX_LOOSENED_TERMS = 8
"""The maximum number of terms of a query that is tried again without each of them."""


class QueryNotSearchable(LedgerError):
    """Raised when a query has nothing that can be searched for."""


class SearchQuery(NamedTuple):
    """A parsed query."""

    required: Sequence[Sequence[SearchTerm]]
    """The required terms. Of each inner sequence one term must match."""
    excluded: Sequence[SearchTerm]
    """The terms that must not match."""


def read_query(query: str, names: NameLookup = known_words) -> SearchQuery:
    """Parse a query as people type it. A name also matches its other names, which `names` finds.

    All terms must match. "Double quotes" keep words together and as typed, OR joins its two neighbours, and a leading
    minus or NOT excludes a term. A star after a Latin word or a number matches any ending. A figure with its unit is
    one term.

    Raises:
        QueryNotSearchable: the query is longer than `MAX_QUERY_LENGTH`, contains no letter and no digit, or only
            excludes terms.
    """
    if len(query) > MAX_QUERY_LENGTH:
        raise QueryNotSearchable("too-long", count=len(query), limit=MAX_QUERY_LENGTH)
    wanted, unwanted = _terms(*_replace_figures(_clean(query)), names)
    if not wanted and unwanted:
        raise QueryNotSearchable("only-excluded", query=query)
    if not wanted:
        raise QueryNotSearchable("nothing", query=query)
    return SearchQuery(wanted, unwanted)


def match_expression(query: str, names: NameLookup = known_words) -> str:
    """Return the FTS5 expression for a query as typed.

    >>> match_expression('구글이 "바이두 AI"')
    '("구글") AND ("바이 이두 두\ue000 ai")'

    Raises:
        QueryNotSearchable: as in `read_query`.
    """
    return query_expression(read_query(query, names))


def query_expression(parsed: SearchQuery) -> str:
    """Return the FTS5 expression for a parsed query."""
    return _expression([_answers(terms) for terms in _add_joined_words(parsed.required)], parsed.excluded)


def looser_expressions(parsed: SearchQuery) -> Iterator[str]:
    """Yield expressions to try if a query finds nothing, the closest first.

    The first allows any ending of Latin words and any unit of figures. The others drop one term each.

    >>> list(looser_expressions(read_query("card dollar")))
    ['("card" *) AND ("dollar" *)', '("card" *)', '("dollar" *)']
    """
    opened = [[phrase for term in terms for phrase in term.looser] for terms in parsed.required]
    yield _expression(opened, parsed.excluded)
    if 1 < len(opened) <= _MAX_LOOSENED_TERMS:
        for position in reversed(range(len(opened))):
            yield _expression(opened[:position] + opened[position + 1 :], parsed.excluded)


def _expression(wanted: Sequence[Sequence[str]], unwanted: Sequence[SearchTerm]) -> str:
    found = " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in wanted)
    left_out = " OR ".join(answer for term in unwanted for answer in term.answers)
    return f"({found}) NOT ({left_out})" if unwanted else found


def _answers(terms: Sequence[SearchTerm]) -> Sequence[str]:
    return list(dict.fromkeys(answer for term in terms for answer in term.answers))


def _add_joined_words(wanted: Sequence[Sequence[SearchTerm]]) -> Sequence[Sequence[SearchTerm]]:
    """Return the terms so that adjacent ones also match when written as one word: open AI, OpenAI."""
    joined_pairs = [
        joined_phrase(before[0], after[0]) if len(before) == len(after) == 1 else ""
        for before, after in pairwise(wanted)
    ]
    return [
        [term._replace(answers=[*term.answers, *filter(None, (left, right))]) for term in terms]
        for terms, left, right in zip(wanted, ["", *joined_pairs], [*joined_pairs, ""], strict=True)
    ]


def _clean(query: str) -> str:
    return unicodedata.normalize("NFKC", DROPPED_CHARACTERS.sub("", query.translate(_QUOTATION_MARKS)))


def _replace_figures(query: str) -> tuple[str, Sequence[tuple[str, Figure]]]:
    """Return the query with placeholders for its figures, and the figures as typed, without their qualifiers."""
    legible = _NO_FIGURES.sub(lambda found: "\n" * len(found[0]), query)
    parts: list[str] = []
    figures: list[tuple[str, Figure]] = []
    end = 0
    for figure in _figures(legible):
        if _is_term(query, figure):
            parts += [query[end : figure.start], _FIGURE]
            figures.append((query[figure.core_start : figure.core_end], figure))
            end = figure.end
    return _FIGURE_CONTEXT.sub(rf" \1{_FIGURE} ", "".join([*parts, query[end:]])), figures


def _figures(query: str) -> Iterator[Figure]:
    """Yield the figures of a query. A B after a digit means billions, as in 175B parameters."""
    added = [found.end() + place for place, found in enumerate(_BILLIONS.finditer(query))]
    for figure in find_figures(_BILLIONS.sub(r"\g<0>n", query)):
        start, end, core_start, core_end = (at - bisect_left(added, at) for at in figure[:4])
        yield figure._replace(start=start, end=end, core_start=core_start, core_end=core_end)


def _is_term(query: str, figure: Figure) -> bool:
    """Return whether a figure has a value and does not cut a word. A figure without a unit must stand alone."""
    says_none = figure.amount is None and figure.low is None and figure.high is None
    if says_none or figure.role not in (FigureRole.QUANTITY, FigureRole.DURATION):
        return False
    if not (figure.unit or figure.currency) and not _BEFORE_FIGURE.search(
        query, max(0, figure.start - 2), figure.start
    ):
        return False
    begins = (_WORD_BEFORE.match(query, max(0, figure.start - length)) for length in (1, 2))
    return not _WORD_AFTER.match(query, figure.end) and not any(one and one.end() == figure.start for one in begins)


def _terms(
    query: str, figures: Sequence[tuple[str, Figure]], names: NameLookup
) -> tuple[list[list[SearchTerm]], list[SearchTerm]]:
    """Return the required terms, each with its alternatives, and the excluded terms."""
    wanted: list[list[SearchTerm]] = []
    unwanted: list[SearchTerm] = []
    remaining = iter(figures)
    operator = "AND"
    tokens, place = _TERM.findall(query), 0
    while place < len(tokens):
        minus, quoted, bare = tokens[place]
        place += 1
        if bare in OPERATORS and not minus:
            operator = bare
            continue
        is_out = bool(minus) or operator == "NOT"
        length, term = (0, None) if is_out or bare == _FIGURE else _named_term(tokens[place - 1 :], names)
        place += max(length - 1, 0)
        if not term:
            term = figure_term(*next(remaining)) if bare == _FIGURE else _term(quoted, bare, as_typed=is_out)
        if not term:
            continue
        if is_out:
            unwanted.append(term)
        elif operator == "OR" and wanted:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        operator = "AND"
    return wanted, unwanted


def _named_term(tokens: Sequence[tuple[str, str, str]], names: NameLookup) -> tuple[int, SearchTerm | None]:
    """Return the longest name at the start of some words with its number of words; 0 and None without one."""
    words: list[str] = []
    for minus, _, bare in tokens[:MOST_WORDS]:
        if minus or not bare or bare in OPERATORS or bare == _FIGURE or bare.endswith("*"):
            break
        words.append(bare.strip(_STRIPPED))
    for length in range(len(words), 0, -1):
        typed = " ".join(words[:length])
        for name in dict.fromkeys((typed, stem(typed))):
            if found := names(name):
                return length, synonym_term(typed, name, found)
    return 0, None


def _term(quoted: str, bare: str, *, as_typed: bool) -> SearchTerm | None:
    word = bare.strip(_STRIPPED)
    if quoted or bare.endswith("*"):
        return exact_term(word or quoted, has_star=bare.endswith("*"))
    return plain_term(word, word) if as_typed else word_term(word)
