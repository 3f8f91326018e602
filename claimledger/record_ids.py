"""New identifiers of claims and documents: an ASCII slug of at most 40 characters and four random characters.

An identifier is given once and never reused.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from unicodedata import normalize

from claimledger.scalars import BASE32, SLUG_LENGTH


def make_slug(*texts: str) -> str:
    """Return the slug for a claim's identifier: the words of the first text that has any, Korean ones romanised.

    >>> make_slug("", "직원은 40명이다"), make_slug("Staff: about 40 people", "직원은 40명이다")
    ('jikwoneun-40myeongida', 'staff-about-40-people')
    """
    found = (re.findall(r"[a-z0-9]+", romanize(text).lower()) for text in texts)
    words = next((words for words in found if any(word[0].isalpha() for word in words)), ["claim"])
    while not words[0][0].isalpha():
        words = words[1:]
    return fit_slug(words)


_INITIALS = (
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h",
)  # fmt: skip
_VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng",
    "t", "t", "k", "t", "p", "t",
)  # fmt: skip
_SYLLABLES = re.compile("[가-힣]")


def romanize(text: str) -> str:
    """Return a text with each Hangul syllable in Latin letters (Revised Romanisation, each syllable by itself).

    >>> romanize("한빛조선 12척")
    'hanbitjoseon 12cheok'
    """
    return _SYLLABLES.sub(lambda found: _romanize_syllable(ord(found[0]) - 0xAC00), normalize("NFC", text))


def _romanize_syllable(number: int) -> str:
    initial, rest = divmod(number, len(_VOWELS) * len(_FINALS))
    vowel, final = divmod(rest, len(_FINALS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]


def new_claim_id(slug: str) -> str:
    """Return a new claim identifier: the slug and four random characters."""
    return f"{slug}-{''.join(secrets.choice(BASE32) for _ in range(4))}"


def new_document_id(title: str) -> str:
    """Return a new document identifier: the first ASCII words of the title and four random characters."""
    words = re.findall(r"[a-z0-9]+", title.lower())[:5]
    slug = fit_slug(words if words and words[0][0].isalpha() else ["document", *words])
    return f"{slug}-{''.join(secrets.choice(BASE32) for _ in range(4))}"


def fit_slug(words: Sequence[str]) -> str:
    """Return as many words as fit into a slug, joined by hyphens; a first word that is too long is cut.

    >>> fit_slug(["park-junho-of-seoul", "says", "1", "2", "trillion", "won"])
    'park-junho-of-seoul-says-1-2-trillion'
    """
    fit = "-".join(words)[: SLUG_LENGTH + 1]
    return fit if len(fit) <= SLUG_LENGTH else fit.rpartition("-")[0] or fit[:SLUG_LENGTH]
