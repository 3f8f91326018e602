"""The rules that mark a statement whose names or subjects are not those of its passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from claimledger.agreement.opposite_words import are_sides_swapped
from claimledger.earlier_claims.name_forms import without_particle
from claimledger.errors import Problem
from claimledger.suggesting.compared_wording import ComparedWording
from claimledger.suggesting.word_tables import suggestion_words
from claimledger.suggesting.name_pairs import PlacedName, find_placed_names, is_printed, names_without_pair

_SUBJECT = re.compile(
    r"(?<![가-힣A-Za-z0-9])([가-힣A-Za-z0-9·]{2,20}?)(은|는|이|가|께서|측은|측이)(?![가-힣A-Za-z0-9])"
)
_OBJECT_END = "을|를|에게서|에게|에서|에|와|과|보다|로부터|으로부터|한테"
_ADVERBIAL = re.compile(r"(?:에|에서|부터|까지|으로|보다|다|고|하|되|있|없|했|됐|않|같|었|았)$|^[0-9]")
"""The ending of a word that is not a subject although a particle seems to follow: 지난해에는, 늘었다는."""
_WORDS = suggestion_words("actors")
_PLAIN_NOUN = re.compile(f"(?:{'|'.join(_WORDS['plain'])})$")
"""Korean words that name no particular actor."""


def actor_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for names and subjects that the passage does not have, or has in another role."""
    if not one.is_same_language:
        yield from _translated_name_marks(one)
        return
    yield from _name_marks(one)
    yield from _subject_marks(one)
    yield from _borrowed_word_marks(one)
    if are_sides_swapped(one.wording, one.passage):
        yield Problem("suggestion-sides-swapped", field=one.field)
    if words := _changed_role(one):
        yield Problem("suggestion-roles-differ", field=one.field, name=words)


def _translated_name_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each name of one statement that has no known form in the other one."""
    for text, other in ((one.wording, one.passage), (one.passage, one.wording)):
        for name in names_without_pair(text, other, one.names):
            yield Problem("suggestion-name-without-pair", field=one.field, name=name.text)
    if words := _other_first_name(one):
        yield Problem("suggestion-roles-differ", field=one.field, name=words)


def _name_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each name that the passage does not have, unless one sentence names it and no other."""
    printed = find_placed_names(one.passage, one.names)
    said = find_placed_names(one.wording, one.names, with_first_word=True)
    for name in said:
        if _has_name(one.passage, printed, name):
            continue
        pointed = find_placed_names(one.pointed, one.names)
        is_pointed = _has_name(one.pointed, pointed, name)
        left_out = [other for other in printed if not _has_name(one.wording, said, other)]
        if not is_pointed or left_out or _has_several(one.pointed, pointed):
            yield Problem("suggestion-name-elsewhere", field=one.field, name=name.text)


def _has_several(text: str, names: list[PlacedName]) -> bool:
    """Return whether a text names more than one thing; Bank of Velora is one."""
    return any(
        not re.fullmatch(r" (?:of |the |and )*", text[one.span.end : other.span.start])
        and (one.group is None or one.group != other.group)
        and one.text != other.text
        for one, other in pairwise(names)
    )


def _has_name(text: str, names: list[PlacedName], name: PlacedName) -> bool:
    if name.group is not None:
        return any(other.group == name.group for other in names)
    return is_printed(name.text, text)


def _subject_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each Korean subject that the passage does not have, unless it is a pointed one."""
    subjects = _subjects(one.wording)
    for word in subjects:
        if _is_in(word, one.passage, one) or _PLAIN_NOUN.search(word):
            continue
        left_out = [other for other in _subjects(one.passage) if not _is_in(other, one.wording, one)]
        named = [other for other in left_out if not _PLAIN_NOUN.search(other) and other not in _PRONOUNS]
        if named or not _is_in(word, one.pointed, one):
            yield Problem("suggestion-subject-elsewhere", field=one.field, word=word)


_ANY_NOUN = re.compile(
    r"(?<![가-힣A-Za-z0-9])([가-힣A-Za-z]{2,20}?)(?:(은|는|이|가|의|에|에서|에게|와|과|을|를|도)?)(?![가-힣A-Za-z0-9])"
)
_FOREIGN_NOUN = 3
"""The fewest syllables of a word with a particle that a text must have if it is to name an actor."""


def _borrowed_word_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each Korean word that another part of the article has, and neither passage nor pointed."""
    if one.language != "ko":
        return
    known = f"{one.passage} {one.pointed}"
    for found in _ANY_NOUN.finditer(one.wording):
        word, has_particle = found[1], bool(found[2])
        if _is_in(word, known, one) or _PLAIN_NOUN.search(word) or _ADVERBIAL.search(word):
            continue
        is_elsewhere = re.search(rf"(?<![가-힣]){re.escape(word)}", one.article) is not None
        if is_elsewhere or (has_particle and len(word) >= _FOREIGN_NOUN):
            yield Problem("suggestion-name-elsewhere", field=one.field, name=word)


_PRONOUNS = frozenset(_WORDS["pronouns"])


def _subjects(text: str) -> list[str]:
    """Return the words of a Korean text that have the particle of a subject.

    >>> _subjects("한빛조선은 수주가 늘었다고 밝혔다.")
    ['한빛조선', '수주']
    """
    return [found[1] for found in _SUBJECT.finditer(text) if not _ADVERBIAL.search(found[1])]


def _is_in(word: str, text: str, one: ComparedWording) -> bool:
    """Return whether a text has a word, or another name of the same group."""
    if word in text or without_particle(word) in text:
        return True
    group = one.names.group_of.get(word.casefold())
    return group is not None and any(found.group == group for found in find_placed_names(text, one.names))


def _changed_role(one: ComparedWording) -> str | None:
    """Return a name that is the subject of the statement and only an object of the passage, or the other way round."""
    if one.language == "ko":
        return _changed_role_ko(one)
    said, printed = (_first_names(text, one) for text in (one.wording, one.passage))
    shared = [name for name in said if name in printed]
    order = [name for name in printed if name in shared]
    return shared[0] if len(shared) > 1 and shared[0] != order[0] else None


def _changed_role_ko(one: ComparedWording) -> str | None:
    own, printed = _subjects(one.wording), _subjects(one.passage)
    for word in own:
        stem = without_particle(word)
        if stem in one.passage and stem not in {without_particle(other) for other in printed}:
            rivals = [other for other in printed if re.search(rf"{re.escape(other)}(?:{_OBJECT_END})", one.wording)]
            left_out = [other for other in printed if other not in one.wording and not _PLAIN_NOUN.search(other)]
            if rivals or (left_out and not _PLAIN_NOUN.search(stem)):
                return word
    return None


def _first_names(text: str, one: ComparedWording) -> list[str]:
    """Return the names of a text in order, each in the form of its group that is listed first."""
    forms = (name.text if name.group is None else one.names.groups[name.group][0] for name in _names(text, one))
    return list(dict.fromkeys(forms))


def _names(text: str, one: ComparedWording) -> list[PlacedName]:
    return find_placed_names(text, one.names)


def _other_first_name(one: ComparedWording) -> str | None:
    """Return the Korean subject, if the English statement begins with another listed name and has both."""
    english, korean = (one.wording, one.passage) if one.language == "en" else (one.passage, one.wording)
    groups = [name for name in _names(english, one) if name.group is not None]
    subjects = [
        name
        for name in _names(korean, one)
        if name.group is not None and re.match("(?:은|는|이|가)(?![가-힣])", korean[name.span.end :])
    ]
    if len({name.group for name in groups}) < 2 or not subjects:  # noqa: PLR2004
        return None
    if groups[0].group == next(name.group for name in _names(korean, one) if name.group is not None):
        return None
    has_turn = re.search(r"\b(?:by|from|with|against|than)\b", english)
    return subjects[0].text if groups[0].group != subjects[0].group and not has_turn else None
