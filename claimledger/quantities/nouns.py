"""What an English number counts: the head of the noun phrase after it, without a parser.

In: folded text and the end of a number. Out: the noun in the singular and where the phrase ends, or nothing.
The invariant: at most five words are looked at. It must not know numbers or units of measure.
"""

from __future__ import annotations

import re

_WORDS = re.compile(r"(?:(?:[ -]|' )(?=[A-Za-z])[A-Za-z][A-Za-z']*+(?:(?<=[A-Za-z])/[A-Za-z]+)?){1,5}")
_WORD = re.compile(r"[A-Za-z][A-Za-z'/]*")
_STOP = frozenset(
    """a an the this that these those of in on at by for from to with without within into onto over under above below
    between among across through during before after since until till than as per plus minus versus vs and or but nor
    so yet if when while where who whom whose which what why how because although though unless whether it its he his
    him she her they them their we our us you your i my me is are was were be been being am has have had having do
    does did will would can could may might shall should must not no never also just only even still already ago
    apiece each both all any some such there here then now today yesterday tomorrow according including excluding
    compared following up down out off away back against around about near behind beyond via despite like said says
    say told tells came come comes went go goes got get gets made make makes took take takes gave give gave left
    won lost scored voted took worked live lived lives died killed wide long tall deep high old larger higher lower
    earlier later more less fewer at's early per""".split()
)
_ADJECTIVE = re.compile(r"(?:al|ic|ous|ive|able|ible|ful|less|ary|ed|ing|est|ern|ean|ish|ese)$")
_ADJECTIVES = frozenset(
    """new old good bad big small large great long short high low major minor main single top key young early late
    free full real whole different additional extra further huge tiny simple special little best better recent
    separate former other next last previous current big-name""".split()
)
_PLURALS = frozenset(
    """people men women children feet teeth mice geese fish sheep deer aircraft spacecraft police staff media data
    criteria fishermen policemen servicemen businessmen lives folk folks cattle troops crew species series headquarters
    offspring youth""".split()
)
_NOT_PLURALS = ("ss", "us", "is", "'s", "ous")
_SINGULARS = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth",
    "mice": "mouse", "lives": "life", "wives": "wife", "knives": "knife", "species": "species", "series": "series",
    "headquarters": "headquarters", "movies": "movie", "cookies": "cookie", "calories": "calorie", "ties": "tie",
    "shoes": "shoe", "criteria": "criterion", "persons": "person", "leaves": "leaf", "halves": "half",
    "businesses": "business", "buses": "bus", "viruses": "virus", "bonuses": "bonus", "campuses": "campus",
    "gases": "gas", "heroes": "hero", "potatoes": "potato", "tomatoes": "tomato", "axes": "axis", "lies": "lie",
    "pies": "pie", "zombies": "zombie", "rookies": "rookie", "caches": "cache",
}  # fmt: skip


def singular(noun: str) -> str:
    """Return an English noun in the singular, in lower case.

    >>> singular("companies"), singular("boxes"), singular("fishermen")
    ('company', 'box', 'fisherman')
    """
    word = noun.lower()
    if word in _SINGULARS:
        return _SINGULARS[word]
    if word.endswith("men"):
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1] if _is_plural(word) and word not in _PLURALS else word


def _is_plural(word: str) -> bool:
    return word in _PLURALS or (len(word) > 2 and word.endswith("s") and not word.endswith(_NOT_PLURALS)) or word.endswith("men")


def read_noun(text: str, end: int, *, is_one: bool) -> tuple[str, int] | None:
    """Return the noun counted by the number that ends at `end`, and where it ends.

    >>> read_noun("50 different products and", 2, is_one=False)
    ('product', 21)
    """
    found = _WORDS.match(text, end)
    if not found:
        return None
    phrase: list[re.Match[str]] = []
    for word in _WORD.finditer(found[0]):
        if word[0].lower() in _STOP:
            break
        phrase.append(word)
    if not phrase:
        return None
    head = _one(phrase) if is_one else _many(phrase)
    if head is None and text[end] == "-":
        head = phrase[0]
    return (singular(head[0]), end + head.end()) if head else None


def _one(phrase: list[re.Match[str]]) -> re.Match[str] | None:
    for place, word in enumerate(phrase[:3]):
        lower = word[0].lower()
        following = phrase[place + 1][0].lower() if place + 1 < len(phrase) else ""
        if following and not _is_plural(following) and (lower in _ADJECTIVES or _ADJECTIVE.search(lower)):
            continue
        return None if place == 0 and _is_plural(lower) else word
    return None


_COMPOUND = frozenset(("sales", "sports", "goods", "news", "earnings", "savings", "arms", "women", "men", "systems"))
"""Plurals that themselves describe the noun after them."""


def _many(phrase: list[re.Match[str]]) -> re.Match[str] | None:
    plurals = [word for word in phrase if _is_plural(word[0].lower())]
    if len(plurals) > 1 and plurals[0][0].lower() in _COMPOUND and plurals[1].start() == plurals[0].end() + 1:
        return plurals[1]
    return plurals[0] if plurals else None


def begins_with_noun(text: str, end: int) -> bool:
    """Whether a word that is no function word follows directly.

    >>> begins_with_noun("one that was", 3), begins_with_noun("one proposal asks", 3)
    (False, True)
    """
    found = _WORDS.match(text, end)
    return bool(found) and _WORD.search(found[0])[0].lower() not in _STOP  # type: ignore[index]
