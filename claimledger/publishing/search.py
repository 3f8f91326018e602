"""Search that finds Korean: the tokens of the full-text index, and the index's answer to a reader's query.

In: texts as they stand in the ledger, queries as people type them. Out: tokens for a stock FTS5 table (unicode61), and
FTS5 match expressions. Hangul, Han and Kana are indexed by every two neighbours, Latin words and numbers whole, signs
one by one, and what stands together without a space is marked so. The invariant: a term or phrase finds exactly the
texts that hold it when both are `normalised` and words and numbers count as wholes. It knows nothing of tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add

_CJK = (
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # Kana
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_LETTERS = rf"[^\W_{_CJK}]+"
_RUN = re.compile(rf"(?:([{_CJK}]+(?: [{_CJK}]+)*)|({_LETTERS}(?: {_LETTERS})*)|(.))( ?)", re.DOTALL)
"""Neighbours to be paired, or whole words, or one sign; and the space after them."""
_SEARCHABLE = re.compile(rf"[{_CJK}]|{_LETTERS}")
_ENDS_IN_PAIR = re.compile(rf"[{_CJK}]{{2}}\Z")

_JOINED = "\ue000"
"""Says that two runs stand together without a space."""
_BREAK = "\ue001"
"""Stands between two texts of one record; no query holds it, so that no phrase runs across."""

_UNSAFE = re.compile("[^ a-z0-9\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ue000-\uf8ff]")
"""What not every version of unicode61 keeps as part of a token; it is spelt with private characters instead."""
_PLANE = 0x10000
"""Code points of one plane of Unicode."""
_DROPPED = re.compile("[\u00ad\u200b-\u200f\u2060\ue000-\uf8ff\ufeff]")
"""Invisible characters, and the private use area, which the index needs for itself."""
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!,?\d)")
_QUOTATION_MARKS = str.maketrans("“”„‟", '""""')
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]*\d분의\s+\d[^\s"]*|[^\s"]+))')
"""An optional minus, then quoted words, or a Korean fraction, or whatever stands without a space."""
_LOOSE_ENDS = "()[]{}<>.,;:!?…·‘’'「」『』《》〈〉^*"
"""Signs that are no part of an unquoted term when they stand at its ends."""


class QueryNotSearchable(ValueError):
    """A query holds nothing that can be searched for; its text says so in English and Korean."""

    def __init__(self, english: str, korean: str) -> None:
        """Keep the sentence in both languages."""
        self.english, self.korean = english, korean
        super().__init__(f"{english} · {korean}")


def normalised(text: str) -> str:
    """Return the form in which texts and queries are compared.

    Compatibility forms are made one (NFKC), case is folded, invisible characters and the commas of thousands are
    dropped, and white space of any kind and length is one space.

    >>> normalised("ＯｐｅｎＡＩ:  1,750억\u200b개")
    'openai: 1750억개'
    """
    if text.isascii():
        folded = text.lower()
    else:
        composed = unicodedata.normalize("NFKC", _DROPPED.sub("", text))
        folded = unicodedata.normalize("NFKC", composed.casefold())
    if "," in folded:
        folded = _THOUSANDS.sub(_without_commas, folded)
    return " ".join(folded.split())


def _without_commas(number: re.Match[str]) -> str:
    return number[0].replace(",", "")


def grams(text: str) -> str:
    """Return the tokens of a text for the full-text index, separated by spaces.

    >>> grams("구글 AI")
    '구글 글 ai'
    """
    return _spelt(_tokens(f"{normalised(text)} "))


def grams_of_all(texts: Iterable[str]) -> str:
    """Return the tokens of several texts of one record; no phrase is found across two of them."""
    return together(*(grams(text) if len(text) > _NAME_LENGTH else _grams_of_name(text) for text in texts))


def together(*tokens: str) -> str:
    """Return tokens of several texts as those of one record."""
    return f" {_BREAK} ".join(filter(None, tokens))


_NAME_LENGTH = 40
"""Shorter texts are names, topics and figures, which come again and again."""


@lru_cache(maxsize=2**16)
def _grams_of_name(text: str) -> str:
    return grams(text)


def match_expression(query: str) -> str:
    """Return the FTS5 expression that answers a query as people type it.

    All terms must be found. "Double quotes" keep words together, OR joins its two neighbours, a leading minus or NOT
    leaves out, a star after a Latin word or a number stands for any ending. A Korean fraction is one term.

    >>> match_expression('구글 "바이두 AI"')
    '("구글") AND ("바이 이두 두 ai")'

    Raises:
        QueryNotSearchable: no letter and no digit is left to search for, or everything is to be left out.
    """
    wanted, unwanted = _terms(unicodedata.normalize("NFKC", query.translate(_QUOTATION_MARKS)))
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
    return _expression(wanted, unwanted)


def looser_expressions(query: str) -> Iterator[str]:
    """Yield what to ask when a query finds nothing, the nearest first: Latin words with any ending, then a term less.

    >>> list(looser_expressions("13 dollar"))
    ['("13") AND ("dollar" *)', '("13")', '("dollar" *)']
    """
    wanted, unwanted = _terms(unicodedata.normalize("NFKC", query.translate(_QUOTATION_MARKS)))
    opened = [[_WHOLE_WORD.sub(r"\1 *", phrase) for phrase in alternatives] for alternatives in wanted]
    yield _expression(opened, unwanted)
    if 1 < len(opened) <= _MOST_TERMS:
        for place in reversed(range(len(opened))):
            yield _expression(opened[:place] + opened[place + 1 :], unwanted)


_WHOLE_WORD = re.compile(r'\A("[a-z]{3,}")\Z')
_MOST_TERMS = 8
"""Of a query that is asked again without one of them."""


def _expression(wanted: Sequence[Sequence[str]], unwanted: Sequence[str]) -> str:
    found = " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in wanted)
    return f"({found}) NOT ({' OR '.join(unwanted)})" if unwanted else found


def _terms(query: str) -> tuple[list[list[str]], list[str]]:
    """Return what must be found, each with its alternatives, and what must not."""
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    operator = "AND"
    for minus, quoted, bare in _TERM.findall(query):
        if bare in {"AND", "OR", "NOT"} and not minus:
            operator = bare
            continue
        phrase = _phrase(bare.strip(_LOOSE_ENDS) or quoted, has_star=bare.endswith("*"))
        if not phrase:
            continue
        if minus or operator == "NOT":
            unwanted.append(phrase)
        elif operator == "OR" and wanted:
            wanted[-1].append(phrase)
        else:
            wanted.append([phrase])
        operator = "AND"
    return wanted, unwanted


def _phrase(text: str, *, has_star: bool) -> str:
    """Return the FTS5 phrase that finds a text inside a longer one; nothing if it holds no letter and no digit."""
    text = normalised(text)
    if not _SEARCHABLE.search(text):
        return ""
    tokens = _tokens(text)
    is_open = has_star
    if tokens[-1].endswith(_JOINED):
        is_open = not _ENDS_IN_PAIR.search(text)
        tokens[-1:] = [text[-1]] if is_open else []
    return f'"{_spelt(tokens)}"{" *" if is_open else ""}'


def _tokens(text: str) -> list[str]:
    """Return the tokens of normalised text; a run that no space follows counts as joined to another."""
    tokens: list[str] = []
    is_joined_to_word = False
    for neighbours, words, sign, space in _RUN.findall(text):
        if words:
            tokens.append(words)
            is_joined_to_word = not space
            continue
        run = neighbours or sign
        if is_joined_to_word:
            tokens.append(_JOINED + run[0])
            is_joined_to_word = False
        tokens += [pair for pair in map(add, neighbours, neighbours[1:]) if pair[0] != " "]
        tokens.append(run[-1] if space else run[-1] + _JOINED)
    return tokens


def _spelt(tokens: Iterable[str]) -> str:
    return _UNSAFE.sub(_stand_in, " ".join(tokens)).replace("  ", " ")


def _stand_in(character: re.Match[str]) -> str:
    code = ord(character[0])
    if code < _PLANE:
        return chr(15 * _PLANE + code)
    return chr(0xE400 + (code - _PLANE >> 10)) + chr(0xE800 + (code & 0x3FF))
