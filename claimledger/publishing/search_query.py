"""A reader's query: its terms and operators, and the expressions by which the full-text index answers it.

In: queries as people type them. Out: what each part was taken for, and FTS5 match expressions. The invariant: any text
is answered or refused with a sentence in both languages. What a term may mean stands in `search_terms`; no table is
known.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from claimledger.publishing.search import DROPPED
from claimledger.publishing.search_terms import Term, exact_term, figure_term, joined, plain_term, word_term
from claimledger.quantities import Figure, Role, find_figures
from claimledger.quantities.unit_tables import PARTICLES, any_of

OPERATORS = frozenset({"AND", "OR", "NOT"})
"""Words that are no terms, in capitals."""
_QUOTATION_MARKS = str.maketrans("“”„‟", '""""')
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]*\d분의\s+\d[^\s"]*|[^\s"]+))')
"""An optional minus, then quoted words, or a Korean fraction, or whatever stands without a space."""
_LOOSE_ENDS = "()[]{}<>.,;:!?…·‘’'「」『』《》〈〉^*"
"""Signs that are no part of an unquoted term when they stand at its ends."""
_NO_FIGURES = re.compile(
    r'-?"[^"]*"?|(?<!\S)-(?:[^\s"]+\*(?!\S))?|(?<!\S)(?:AND|OR|NOT)(?!\S)|(?<![^\s"])[^\s"]+\*(?!\S)'
)
"""Where no figure is read: quoted words, operators, the beginning of a word; looked for once a word, from its start."""
_BILLIONS = re.compile(r"(?<=[0-9])[Bb](?![^\W가-힣])")
_FIGURE = "\ue000"
"""Stands in the query for a figure that was read; no query holds it otherwise."""
_AROUND = re.compile(rf"((?:(?<!\S)-)?)[(\[{{<「『《〈'‘]*{_FIGURE}(?:{any_of(PARTICLES)}(?![^\W_]))?-*")
"""A figure with what may touch it and is no part of it: an opening bracket, a Korean particle, a hyphen."""
_ALONE = re.compile(r"(?:(?:^|\s)-|^|[\s(\[{<「『《〈'‘])\Z")
"""Where a figure may begin that has no unit: the two characters before it say so."""
_GOES_ON = re.compile(r"(?<=[^\W가-힣])(?:[^\W가-힣]|[.,]\d)")
_HAS_BEGUN = re.compile(r"(?:[^\W가-힣]|\d[.,])(?=[^\W가-힣])")
"""A word or number that a figure would cut: after its last character, before its first."""
LONGEST = 500
"""Characters of a query; a longer one is refused."""
_MOST_TERMS = 8
"""Of a query that is asked again without one of them."""


class QueryNotSearchable(ValueError):
    """A query holds nothing that can be searched for; its text says so in English and Korean."""

    def __init__(self, english: str, korean: str) -> None:
        """Keep the sentence in both languages."""
        self.english, self.korean = english, korean
        super().__init__(f"{english} · {korean}")


class Query(NamedTuple):
    """What a query asks for."""

    wanted: Sequence[Sequence[Term]]
    """What must be found: of each of these one."""
    unwanted: Sequence[Term]
    """What must not."""


def read_query(query: str) -> Query:
    """Return what a query as people type it asks for.

    All terms must be found. "Double quotes" keep words together and as they are typed, OR joins its two neighbours, a
    leading minus or NOT leaves out, a star after a Latin word or a number stands for any ending. A figure is one term,
    with its unit.

    Raises:
        QueryNotSearchable: it is longer than `LONGEST`, no letter and no digit is left to search for, or everything is
            to be left out.
    """
    if len(query) > LONGEST:
        raise QueryNotSearchable(
            f"The query is too long, with {len(query):,} characters; write at most {LONGEST}.",
            f"찾을 말이 {len(query):,}자로 너무 깁니다. {LONGEST}자까지 쓰세요.",
        )
    wanted, unwanted = _terms(*_with_figures(_cleaned(query)))
    if not wanted and unwanted:
        raise QueryNotSearchable(
            f"The query '{query}' only says what to leave out; add a word to search for, or put it in double quotes.",
            "뺄 말만 있습니다. 찾을 말을 함께 입력하거나 큰따옴표로 묶으세요.",
        )
    if not wanted:
        raise QueryNotSearchable(
            f"There is nothing to search for in '{query}'; type at least one letter or digit.",
            "검색할 말이 없습니다. 글자나 숫자를 하나 이상 입력하세요.",
        )
    return Query(wanted, unwanted)


def match_expression(query: str) -> str:
    """Return the FTS5 expression that answers a query.

    >>> match_expression('구글이 "바이두 AI"')
    '("구글") AND ("바이 이두 두\ue000 ai")'

    Raises:
        QueryNotSearchable: as `read_query`.
    """
    return expression_of(read_query(query))


def expression_of(asked: Query) -> str:
    """Return the FTS5 expression for what a query asks for."""
    return _expression([_answers(terms) for terms in _with_joined(asked.wanted)], asked.unwanted)


def looser_expressions(asked: Query) -> Iterator[str]:
    """Yield what to ask when a query finds nothing, the nearest first.

    Latin words with any ending and figures of any unit, then a term less.

    >>> list(looser_expressions(read_query("card dollar")))
    ['("card" *) AND ("dollar" *)', '("card" *)', '("dollar" *)']
    """
    opened = [[phrase for term in terms for phrase in term.looser] for terms in asked.wanted]
    yield _expression(opened, asked.unwanted)
    if 1 < len(opened) <= _MOST_TERMS:
        for place in reversed(range(len(opened))):
            yield _expression(opened[:place] + opened[place + 1 :], asked.unwanted)


def _expression(wanted: Sequence[Sequence[str]], unwanted: Sequence[Term]) -> str:
    found = " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in wanted)
    left_out = " OR ".join(answer for term in unwanted for answer in term.answers)
    return f"({found}) NOT ({left_out})" if unwanted else found


def _answers(terms: Sequence[Term]) -> Sequence[str]:
    return list(dict.fromkeys(answer for term in terms for answer in term.answers))


def _with_joined(wanted: Sequence[Sequence[Term]]) -> Sequence[Sequence[Term]]:
    """Return the terms, those that stand side by side found written as one, too: open AI, OpenAI."""
    together = [
        joined(before[0], after[0]) if len(before) == len(after) == 1 else "" for before, after in pairwise(wanted)
    ]
    return [
        [term._replace(answers=[*term.answers, *filter(None, (left, right))]) for term in terms]
        for terms, left, right in zip(wanted, ["", *together], [*together, ""], strict=True)
    ]


def _cleaned(query: str) -> str:
    return unicodedata.normalize("NFKC", DROPPED.sub("", query.translate(_QUOTATION_MARKS)))


def _with_figures(query: str) -> tuple[str, Sequence[tuple[str, Figure]]]:
    """Return a query with a sign for each figure in it, and the figures as typed, without the words that bound them."""
    legible = _NO_FIGURES.sub(lambda found: "\n" * len(found[0]), query)
    parts: list[str] = []
    figures: list[tuple[str, Figure]] = []
    end = 0
    for figure in _figures(legible):
        if _is_term(query, figure):
            parts += [query[end : figure.start], _FIGURE]
            figures.append((query[figure.core_start : figure.core_end], figure))
            end = figure.end
    return _AROUND.sub(rf" \1{_FIGURE} ", "".join([*parts, query[end:]])), figures


def _figures(query: str) -> Iterator[Figure]:
    """Yield the figures of a query; there B after a digit counts billions, as in 175B parameters."""
    added = [found.end() + place for place, found in enumerate(_BILLIONS.finditer(query))]
    for figure in find_figures(_BILLIONS.sub(r"\g<0>n", query)):
        start, end, core_start, core_end = (at - bisect_left(added, at) for at in figure[:4])
        yield figure._replace(start=start, end=end, core_start=core_start, core_end=core_end)


def _is_term(query: str, figure: Figure) -> bool:
    """Whether a figure says how many and cuts no word of the query; without a unit it must stand alone."""
    says_none = figure.amount is None and figure.low is None and figure.high is None
    if says_none or figure.role not in (Role.QUANTITY, Role.DURATION):
        return False
    if not (figure.unit or figure.currency) and not _ALONE.search(query, max(0, figure.start - 2), figure.start):
        return False
    begins = (_HAS_BEGUN.match(query, max(0, figure.start - length)) for length in (1, 2))
    return not _GOES_ON.match(query, figure.end) and not any(one and one.end() == figure.start for one in begins)


def _terms(query: str, figures: Sequence[tuple[str, Figure]]) -> tuple[list[list[Term]], list[Term]]:
    """Return what must be found, each with its alternatives, and what must not."""
    wanted: list[list[Term]] = []
    unwanted: list[Term] = []
    remaining = iter(figures)
    operator = "AND"
    for minus, quoted, bare in _TERM.findall(query):
        if bare in OPERATORS and not minus:
            operator = bare
            continue
        is_out = bool(minus) or operator == "NOT"
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


def _term(quoted: str, bare: str, *, as_typed: bool) -> Term | None:
    word = bare.strip(_LOOSE_ENDS)
    if quoted or bare.endswith("*"):
        return exact_term(word or quoted, has_star=bare.endswith("*"))
    return plain_term(word, word) if as_typed else word_term(word)
