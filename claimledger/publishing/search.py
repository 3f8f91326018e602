"""Search that finds Korean: the one form of spellings, the tokens of the full-text index, and phrases of them.

In: texts as they stand in the ledger. Out: tokens for a stock FTS5 table (unicode61), and the FTS5 phrase that finds a
text. Hangul, Han and Kana are indexed by every two neighbours, Latin words and numbers whole, signs one by one, and
what stands together without a space is marked so. The invariant: a phrase finds exactly the texts that hold it when
both are `normalised` and words and numbers count as wholes. It knows nothing of tables, nor how a query is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
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
DROPPED = re.compile("[\u00ad\u200b-\u200f\u2060\ue000-\uf8ff\ufeff]")
"""Invisible characters, and the private use area, which the index needs for itself."""
_FOLDED = str.maketrans({**dict.fromkeys("-‐‑‒–—―−﹣·ㆍᆞ・‧∙•", " "), **dict.fromkeys("‘’ʼ′", "'")})
"""Hyphens and middle dots part words as a space does; apostrophes are one."""
_OPTIONAL = re.compile(
    rf"(?<=[{_CJK}]) (?=[^\W_{_CJK}])|(?<=[^\W_{_CJK}]) (?=[{_CJK}])|(?<=[십백천만억조]) (?=[{_CJK}])"
)
"""A space that Korean may leave out, between scripts and before what is counted: 생성형 AI, 130 억 달러."""
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?:,\d{3})+(?!,?\d)")


def normalised(text: str) -> str:
    """Return the form in which texts and queries are compared.

    Compatibility forms are made one (NFKC), case is folded, invisible characters and the commas of thousands are
    dropped. White space of any kind and length, a hyphen or a middle dot is one space; between Hangul, Han or Kana and
    a Latin word or number, and after a word of scale such as 억, it is none.

    >>> normalised("ＯｐｅｎＡＩ:  1,750억\u200b 개"), normalised("생성형 AI·지피티-4")
    ('openai: 1750억개', '생성형ai지피티4')
    """
    if text.isascii():
        folded = text.lower().replace("-", " ")
    else:
        composed = unicodedata.normalize("NFKC", DROPPED.sub("", text))
        folded = unicodedata.normalize("NFKC", composed.casefold()).translate(_FOLDED)
    if "," in folded:
        folded = _THOUSANDS.sub(_without_commas, folded)
    return _OPTIONAL.sub("", " ".join(folded.split()))


def _without_commas(number: re.Match[str]) -> str:
    return number[0].replace(",", "")


def grams(text: str) -> str:
    r"""Return the tokens of a text for the full-text index, separated by spaces.

    >>> grams("구글 AI"), grams("구글의")
    ('구글 글\ue000 ai', '구글 글의 의')
    """
    return spelt(_tokens(f"{normalised(text)} "))


def grams_of_all(texts: Iterable[str]) -> str:
    """Return the tokens of several texts of one record; no phrase is found across two of them."""
    return as_one_record(*(grams(text) if len(text) > _NAME_LENGTH else _grams_of_name(text) for text in texts))


def as_one_record(*tokens: str) -> str:
    """Return tokens of several texts as those of one record."""
    return f" {_BREAK} ".join(filter(None, tokens))


_NAME_LENGTH = 40
"""Shorter texts are names, topics and figures, which come again and again."""


@lru_cache(maxsize=2**16)
def _grams_of_name(text: str) -> str:
    return grams(text)


def phrase(text: str, *, has_star: bool = False) -> str:
    r"""Return the FTS5 phrase that finds a text inside a longer one; nothing if it holds no letter and no digit.

    With a star, the last word or number may go on.

    >>> phrase("바이두 AI"), phrase("open", has_star=True)
    ('"바이 이두 두\ue000 ai"', '"open" *')
    """
    text = normalised(text)
    if not _SEARCHABLE.search(text):
        return ""
    tokens = _tokens(text)
    is_open = has_star
    if tokens[-1].endswith(_JOINED):
        is_open = not _ENDS_IN_PAIR.search(text)
        tokens[-1:] = [text[-1]] if is_open else []
    return f'"{spelt(tokens)}"{" *" if is_open else ""}'


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


def spelt(tokens: Iterable[str]) -> str:
    """Return tokens in characters that every version of unicode61 keeps, separated by spaces."""
    return _UNSAFE.sub(_stand_in, " ".join(tokens)).replace("  ", " ")


def _stand_in(character: re.Match[str]) -> str:
    code = ord(character[0])
    if code < _PLANE:
        return chr(15 * _PLANE + code)
    return chr(0xE400 + (code - _PLANE >> 10)) + chr(0xE800 + (code & 0x3FF))
