"""Full-text search that works for Korean: normalise texts, make index tokens, and make FTS5 phrases.

The tokens are for a stock FTS5 table (tokenizer unicode61). Hangul, Han and Kana are indexed by pairs of neighbouring
characters, Latin words and numbers as wholes, and signs one by one. Tokens that follow each other without a space are
marked. A phrase finds exactly the texts that contain it after `normalize_text`, with words and numbers as wholes. The
module knows no tables and does not parse queries.
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
"""A run of characters to be paired, of whole words, or one sign; then the space after it."""
_SEARCHABLE = re.compile(rf"[{_CJK}]|{_LETTERS}")
_ENDS_IN_PAIR = re.compile(rf"[{_CJK}]{{2}}\Z")

_JOINT_MARK = "\ue000"
"""The mark for two runs without a space between them."""
_TEXT_BREAK = "\ue001"
"""The separator between two texts of one record. No query contains it, so no phrase matches across it."""

_UNSAFE = re.compile("[^ a-z0-9\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ue000-\uf8ff]")
"""Characters that some versions of unicode61 do not keep in a token. They are replaced by private use characters."""
_UNSAFE_CJK = re.compile(
    "[\u1100-\u11ff\ua960-\ua97f\ud7a4-\ud7ff\u3005\u3007\u3041-\u30ff\u31f0-\u31ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""The rare characters of Hangul, Kana and Han among the unsafe ones."""
_PLANE = 0x10000
"""The number of code points in one plane of Unicode."""
DROPPED_CHARACTERS = re.compile("[\u00ad\u200b-\u200f\u2060\ue000-\uf8ff\ufeff]")
"""Invisible characters, and the private use area, which the index uses itself."""
_SPACE_LIKE = re.compile("[-‐‑‒–—―−﹣·ㆍᆞ・‧∙•]")
"""Hyphens and middle dots, which become spaces."""
_APOSTROPHE = re.compile("[‘’ʼ′]")
"""The apostrophes that become the one of ASCII."""
_OPTIONAL_SPACE = re.compile(
    rf" (?:(?=[{_CJK}])(?:(?<=[^\W_{_CJK}] )|(?<=[십백천만억조] ))|(?<=[{_CJK}] )(?=[^\W_{_CJK}]))"
)
"""A space that Korean spelling may omit: between scripts and before a counted noun, as in 생성형 AI or 130 억 달러.

The pattern begins with the space itself, because a fixed first character is found fast.
"""
_MAY_BE_THOUSANDS = re.compile(r",(?<=\d,)\d{3}")
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?:,\d{3})+(?!,?\d)")


def normalize_text(text: str) -> str:
    """Return the form in which texts and queries are compared.

    The form is NFKC and case-folded, without invisible characters and thousands separators. White space, hyphens and
    middle dots become one space. Between Hangul, Han or Kana and a Latin word or number, and after a number word such
    as 억, they are removed.

    >>> normalize_text("ＯｐｅｎＡＩ:  1,750억\u200b 개"), normalize_text("생성형 AI·지피티-4")
    ('openai: 1750억개', '생성형ai지피티4')
    """
    if text.isascii():
        folded = text.lower().replace("-", " ")
    else:
        composed = unicodedata.normalize("NFKC", DROPPED_CHARACTERS.sub("", text))
        folded = _SPACE_LIKE.sub(" ", unicodedata.normalize("NFKC", composed.casefold()))
        folded = _APOSTROPHE.sub("'", folded)
    if _MAY_BE_THOUSANDS.search(folded):
        folded = _THOUSANDS.sub(_without_commas, folded)
    spaced = " ".join(folded.split())
    return spaced if spaced.isascii() else _OPTIONAL_SPACE.sub("", spaced)


def _without_commas(number: re.Match[str]) -> str:
    return number[0].replace(",", "")


def text_tokens(text: str) -> str:
    r"""Return the tokens of a text for the full-text index, separated by spaces.

    >>> text_tokens("구글 AI"), text_tokens("구글의")
    ('구글 글\ue000 ai', '구글 글의 의')
    """
    return _tokens(f"{normalize_text(text)} ")


def record_tokens(texts: Iterable[str]) -> str:
    """Return the tokens of several texts of one record. No phrase matches across two of them."""
    return join_text_tokens(
        *(text_tokens(text) if len(text) > _NAME_LENGTH else _grams_of_name(text) for text in texts)
    )


def join_text_tokens(*tokens: str) -> str:
    """Return the tokens of several texts joined by the separator of texts."""
    return f" {_TEXT_BREAK} ".join(filter(None, tokens))


_NAME_LENGTH = 40
"""The longest text, in code points, whose tokens are cached: names, topics and figures repeat often."""


@lru_cache(maxsize=2**16)
def _grams_of_name(text: str) -> str:
    return text_tokens(text)


def fts_phrase(text: str, *, has_star: bool = False) -> str:
    r"""Return the FTS5 phrase that finds a text inside a longer one, or "" if it has no letter and no digit.

    With `has_star` the last word or number may continue.

    >>> fts_phrase("바이두 AI"), fts_phrase("open", has_star=True)
    ('"바이 이두 두\ue000 ai"', '"open" *')
    """
    text = normalize_text(text)
    if not _SEARCHABLE.search(text):
        return ""
    tokens, is_open = _tokens(text), has_star
    if tokens.endswith(_JOINT_MARK):
        is_open = not _ENDS_IN_PAIR.search(text)
        last = _encode(text[-1]) if is_open else ""
        tokens = f"{tokens.rpartition(' ')[0]} {last}".strip(" ")
    return f'"{tokens}"{" *" if is_open else ""}'


def _tokens(text: str) -> str:
    """Return the encoded tokens of a normalised text. A run without a following space is marked as joined to the next.

    The last character of a Korean word and the space after it are a pair, too, which is the token of that character.
    """
    tokens: list[str] = []
    joint_mark = ""
    for neighbours, words, sign, space in _RUN.findall(text):
        if words:
            tokens.append(words if words.isascii() else _encode(words))
            joint_mark = "" if space else _JOINT_MARK
        elif sign:
            tokens.append(_sign_tokens(sign, joint_mark, space))
            joint_mark = ""
        else:
            if joint_mark:
                tokens.append(joint_mark + neighbours[0])
                joint_mark = ""
            tokens += [pair for pair in map(add, neighbours, neighbours[1:]) if pair[0] != " "]
            tokens.append(neighbours[-1] if space else neighbours[-1] + _JOINT_MARK)
    joined = _join(tokens)
    return joined if joined.isascii() else _UNSAFE_CJK.sub(_substitute, joined)


@lru_cache(maxsize=2**12)
def _sign_tokens(sign: str, joint_mark: str, space: str) -> str:
    """Return the tokens of a sign: one that joins it to the word before it, if any, and its own."""
    encoded = _encode(sign)
    own = encoded if space else encoded + _JOINT_MARK
    return f"{joint_mark}{encoded} {own}" if joint_mark else own


def _encode(text: str) -> str:
    return _UNSAFE.sub(_substitute, text)


def encode_tokens(tokens: Iterable[str]) -> str:
    """Return tokens separated by spaces, in characters that every version of unicode61 keeps."""
    return _UNSAFE.sub(_substitute, _join(tokens))


def _join(tokens: Iterable[str]) -> str:
    """Return tokens separated by one space, also where a token ends with a space."""
    return " ".join(tokens).replace("  ", " ")


def _substitute(character: re.Match[str]) -> str:
    code = ord(character[0])
    if code < _PLANE:
        return chr(15 * _PLANE + code)
    return chr(0xE400 + (code - _PLANE >> 10)) + chr(0xE800 + (code & 0x3FF))
