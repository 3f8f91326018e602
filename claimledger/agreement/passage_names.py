"""Find names that a statement has in the place of others: Kenya for Uganda, one hospital or one person for another.

A name is wrong only if no part of the article has it, in any of its forms, and if the passage has another one of the
same kind in its place that the statement leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.places import PLACE_FORMS, read_places
from claimledger.agreement.word_lists import KOREAN_TITLES, ACTOR_WORDS, ORGANISATIONS_EN, SAYING_EN


def other_name(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return a name of the statement that the article does not have, and the name in its place in the passage."""
    whole = texts.article or texts.before + texts.passage
    return (
        _other_place(texts.statement, texts.passage, whole)
        or _other_member(texts.statement, texts.passage, whole)
        or _other_person(texts.statement, texts.passage, whole)
        or _other_compound(texts.statement, texts.passage, whole)
        or _other_capital_name(texts.statement, texts.passage, whole)
    )


def may_have_other_name(statement: str, passage: str) -> bool:
    """Return whether a statement has a place, a capitalised word or a Korean title that its passage does not have."""
    said = read_places(statement)
    if said and any(place.word not in passage for place in said):
        printed = {place.name for place in read_places(passage)}
        if printed and any(place.name not in printed for place in said):
            return True
    if bool(_HANGUL.search(statement)) != bool(_HANGUL.search(passage)):
        return False  # names of two scripts are compared as places only
    return any(word not in passage for word in _NAME_LIKE.findall(statement))


_NAME_LIKE = re.compile(
    r"(?<=[^.?!] )[A-Z][\w’'-]+|[A-Z]{2,}|^[A-Z][a-z]+(?= [A-Z])"
    rf"|^[A-Z][a-z]+(?= (?:{'|'.join(ACTOR_WORDS['agent_en'])}|{SAYING_EN})\b)"
    rf"|[가-힣]{{2,5}}(?= (?:{'|'.join(sorted(KOREAN_TITLES))}))"
    r"|[가-힣A-Za-z]{2,}(?=[·,] ?[가-힣A-Za-z])|(?<=[·,])[가-힣]{2,4}"
    rf"|[가-힣A-Za-z]+(?:{'|'.join(ACTOR_WORDS['compound_ko'])})"
)


# Places


def _other_place(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    said, printed = read_places(statement), read_places(passage)
    own = {place.name for place in said}
    known = {place.name for place in read_places(whole)} if said else own
    for place in said:
        others = [other for other in printed if other.kind == place.kind and other.name not in own]
        if place.name not in known and place.word not in whole and others:
            return place.word, others[0].word
    return None


# Members of a list

_LINK = re.compile(r"\s*(?:·|ㆍ|/|,(?: and| or)?(?= )|(?<=[가-힣])(?:와|과|하고|및)(?= )|\band\b|\bor\b|&)\s*")
_LONGEST_MEMBER = 3
_EDGE = re.compile(r"[^\w가-힣]+")
_PARTICLE = re.compile("(?:에서|에게|으로|까지|등이|등은|[은는이가을를의에로도])$")


def _other_member(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    """Return a member of a list that the article does not have, beside two others that are a list of the passage."""
    for said in _lists(statement):
        missing = [member for member in said if not _is_known_member(member, whole)]
        if len(missing) != 1 or len(said) < _LONGEST_MEMBER:
            continue
        for printed in _lists(passage):
            shared = [member for member in said if any(_is_same_member(member, other) for other in printed)]
            rest = [other for other in printed if not any(_is_same_member(other, member) for member in said)]
            if len(shared) == len(said) - 1 and (len(rest) == 1 or (not rest and missing[0][:1].isupper())):
                return missing[0], (rest or printed)[-1]
    return None


@lru_cache(maxsize=512)
def _lists(text: str) -> Sequence[Sequence[str]]:
    """Return the lists of a text, each with the nearest words of its members.

    >>> _lists("기상청은 강원·경북·충북 지역에 눈이 온다고 했다."), _lists("It covers Kenya, Uganda and Tanzania.")
    ((('강원', '경북', '충북'),), (('Kenya', 'Uganda', 'Tanzania'),))
    """
    return tuple(_read_lists(text))


def _read_lists(text: str) -> Iterator[tuple[str, ...]]:
    for sentence in re.split(r"[.?!](?=\s|$)", text):
        parts = _LINK.split(sentence)
        if len(parts) < _LONGEST_MEMBER:
            continue
        members = [_nearest(parts[0], -1), *(part for part in parts[1:-1]), _nearest(parts[-1], 0)]
        runs: list[list[str]] = [[]]
        for number, member in enumerate(members):
            is_end = number in (0, len(members) - 1)
            if is_end or len(member.split()) <= _LONGEST_MEMBER:
                runs[-1].append(_nearest(member, -1) if not is_end else member)
            else:
                runs[-1].append(_nearest(member, 0))
                runs.append([_nearest(member, -1)])
        yield from (tuple(run) for run in runs if len(run) >= _LONGEST_MEMBER and all(run))


def _nearest(part: str, at: int) -> str:
    words = part.split()
    return _PARTICLE.sub("", _EDGE.sub("", words[at])) if words else ""


def _is_known_member(member: str, whole: str) -> bool:
    return member in whole or member.lower() in whole.lower() or (member >= "가" and member[:2] in whole)


def _is_same_member(one: str, other: str) -> bool:
    return one.lower() == other.lower() or (len(one) > 1 and len(other) > 1 and (one in other or other in one))


# People with a Korean title

_TITLED = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣]{1,4}[가-힣](?<![은는을를의에로며고와과])) "
    rf"(?P<title>[가-힣]{{0,4}}?(?:{'|'.join(sorted(KOREAN_TITLES, key=len, reverse=True))}))"
    "(?=[은는이가도의을를과와]|에게|,)"
)
_MODIFIERS = tuple(ACTOR_WORDS["modifier_ko"])


def _other_person(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    """Return a person whom the article does not name, and the one who has the same title in the passage."""
    for said in _TITLED.finditer(statement):
        if said["name"].startswith(_MODIFIERS) or said["name"] in whole:
            continue
        printed = [
            one["name"]
            for one in _TITLED.finditer(passage)
            if one["title"] == said["title"] and not one["name"].startswith(_MODIFIERS) and one["name"] not in statement
        ]
        if printed and not any(f"{said['name'][0]}{rest}" in whole for rest in (" " + said["title"], said["title"])):
            return said["name"], printed[0]
    return None


# Korean names with a common last part

_COMPOUND = re.compile(
    r"(?<![가-힣A-Za-z])(?P<own>[가-힣A-Za-z]{2,}?)"
    rf"(?P<kind>{'|'.join(sorted(ACTOR_WORDS['compound_ko'], key=len, reverse=True))})"
    r"(?=(?:에서는|에서|에게|에는|에도|으로|[은는이가의을를에도과와])?(?:[\s,.·(]|$))"
)


def _other_compound(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    """Return a name whose own part the article does not have, and one of the passage with the same last part."""
    for said in _COMPOUND.finditer(statement):
        if said["own"] in whole or said[0] in whole or _is_shortened(said["own"], whole):
            continue
        printed = [
            one for one in _COMPOUND.finditer(passage) if one["kind"] == said["kind"] and one["own"] not in statement
        ]
        if printed and not printed[0]["own"].endswith(said["own"]) and not said["own"].endswith(printed[0]["own"]):
            return said[0], printed[0][0]
    return None


def _is_shortened(own: str, whole: str) -> bool:
    """Return whether a text has a word with the first two syllables of a name."""
    return own[:2] in whole


# Capitalised names


class _Name(NamedTuple):
    """A capitalised name of an English text."""

    words: tuple[str, ...]
    """Its words, in lower case, without those that name no one."""
    kinds: frozenset[str]
    """Its words that many names share: post, department."""
    printed: str
    """The name as printed."""
    near: frozenset[str]
    """The beginnings of the words beside it."""
    is_place: bool
    """True if it follows a preposition of place: off Cornwall."""


_PHRASE = re.compile(
    r"[A-ZÀ-Ý][\w&’'-]*(?:\.[A-Z]\.?)*(?: (?:of |for |de |van |von |al-)?[A-ZÀ-Ý][\w&’'-]*(?:\.[A-Z]\.?)*)*"
)
_TOKEN = re.compile(r"[A-Za-zÀ-ÿ][\w’'-]*")
_ORDINARY = frozenset(ACTOR_WORDS["ordinary_en"])
_TYPES = frozenset((*ACTOR_WORDS["type_en"], *ORGANISATIONS_EN.split("|")))
_PLACE_WORDS = frozenset(word for form in PLACE_FORMS if form < "가" for word in form.split())
_AGENT = re.compile(rf" (?:has |had |also |will )?(?:{'|'.join(ACTOR_WORDS['agent_en'])}|{SAYING_EN})\b")
_PLACE_BEFORE = re.compile(r"\b(?:in|off|near|outside|across|around|(?:coast|city|town|village|island) of) (?:the )?$")
_LINKS = frozenset([
    "the", "a", "an", "of", "in", "on", "at", "to", "and", "by", "for", "from", "that", "with", "was", "is", "were",
    "are", "has", "had", "have", "its", "his", "her", "as",
])  # fmt: skip
_STEM, _NEAR = 5, 2
_SAME: Sequence[Sequence[str]] = ACTOR_WORDS["same_en"]
_HANGUL = re.compile("[가-힣]")


def _other_capital_name(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    """Return a capitalised name, and one with a word in common beside it or with the same kind in the passage."""
    if _HANGUL.search(passage) or _HANGUL.search(statement):
        return None
    lowered, own = whole.lower(), statement.lower()
    for said in _names(statement):
        if any(_is_known_word(word, lowered) for word in said.words) or _is_abbreviated(said, whole):
            continue
        for printed in _names(passage):
            is_left_out = not any(_is_known_word(word, own) for word in printed.words)
            is_alike = said.near & printed.near or said.kinds & printed.kinds or (said.is_place and printed.is_place)
            if is_left_out and is_alike:
                return said.printed, printed.printed
    return None


@lru_cache(maxsize=512)
def _names(text: str) -> Sequence[_Name]:
    """Return the capitalised names of a text.

    >>> [name.printed for name in _names("Residents sued. The Senate let Paul Reyes see the New York Post.")]
    ['Senate', 'Paul Reyes', 'New York Post']
    """
    return tuple(_read_names(text))


def _read_names(text: str) -> Iterator[_Name]:
    for found in _PHRASE.finditer(text):
        words = found[0].split(" ")
        start, is_first = found.start(), _begins_sentence(text, found.start())
        while words and words[0] != "New" and (words[0].rstrip(".") in _ORDINARY or words[0] in ("of", "for")):
            start += len(words.pop(0)) + 1
            is_first = False
        if not words or (is_first and len(words) == 1 and not _names_someone(words[0], text, found.end())):
            continue
        bare = [re.sub(r"[’']s?$", "", word) for word in words if word[0].isupper()]
        own = tuple(word.lower() for word in bare if word not in _TYPES and word not in _ORDINARY)
        kinds = frozenset(word.lower() for word in bare if word in _TYPES)
        if own and not all(word in _PLACE_WORDS for word in bare):
            is_place = _PLACE_BEFORE.search(text, 0, start) is not None
            yield _Name(own, kinds, " ".join(words), _near_words(text, start, found.end()), is_place)


def _begins_sentence(text: str, start: int) -> bool:
    return not text[:start].rstrip() or text[:start].rstrip(" “\"'‘")[-1:] in (".", "?", "!", "\n", ":", "")


def _names_someone(word: str, text: str, end: int) -> bool:
    """Return whether a single word at the beginning of a sentence is a name: OPEC, or Clinton before "called"."""
    return word.isupper() or (not word.endswith("s") and bool(_AGENT.match(text, end)))


def _near_words(text: str, start: int, end: int) -> frozenset[str]:
    before, after = _TOKEN.findall(text[:start])[-_NEAR:], _TOKEN.findall(text[end : end + 40])[:_NEAR]
    words = (word.lower() for word in (*before, *after))
    return frozenset("said" if word in ("says", "say") else word[:_STEM] for word in words if word not in _LINKS)


def _is_known_word(word: str, lowered: str) -> bool:
    return word[:_STEM] in lowered if len(word) > _STEM else re.search(rf"\b{re.escape(word)}", lowered) is not None


def _is_abbreviated(name: _Name, whole: str) -> bool:
    """Return whether a text has an abbreviation of a name, the name of an abbreviation, or another name for it."""
    lowered = whole.lower()
    if any(form.lower() in lowered for group in _SAME if name.printed in group for form in group):
        return True
    if name.printed.replace(".", "").isupper():
        letters = name.printed.replace(".", "")
        return any(_initials(found[0]).startswith(letters) for found in _PHRASE.finditer(whole))
    return len(name.printed.split()) > 1 and re.search(rf"\b{_initials(name.printed)}\b", whole) is not None


def _initials(phrase: str) -> str:
    return "".join(word[0] for word in phrase.split(" ") if word[:1].isupper() and word not in ("The", "A"))
