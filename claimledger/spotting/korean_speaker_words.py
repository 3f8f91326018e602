"""Load the Korean words that identify speakers: pronouns, roles, organisations, described people.

The lists are in `korean_speakers.toml`, which an editor may extend. A word matches if it equals a listed word or ends
with one. This module does not know sentences, phrases or cues.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_HANGUL = re.compile("[가-힣]+")
_SYLLABLES = 3
_OFFICES = ("[가-힣]{2}시", "^[시도군구당]", "[가-힣]{3}부", "[가-힣]{3}국")
_DIVISIONS = (r"\d+(?:재판|형사|민사)?부", r"\d+(?:단독|전담|팀|과|지구대|구조대)")
"""Numbered parts of a court or an office: 형사7부, 민사2단독."""


@dataclass(frozen=True)
class SpeakerWords:
    """The data file, prepared for look-ups."""

    pronouns: frozenset[str]
    plural_pronouns: frozenset[str]
    roles: re.Pattern[str]
    anonymous: re.Pattern[str]
    affiliated: re.Pattern[str]
    organizations: re.Pattern[str]
    generic: re.Pattern[str]
    documents: re.Pattern[str]
    findings: re.Pattern[str]
    tellings: re.Pattern[str]
    media: re.Pattern[str]
    things: re.Pattern[str]
    no_sources: re.Pattern[str]
    works: re.Pattern[str]
    persons: re.Pattern[str]
    apart: frozenset[str]
    former: frozenset[str]
    places: frozenset[str]
    surnames: frozenset[str]
    plain_roles: tuple[str, ...]


@lru_cache(maxsize=1)
def speaker_words() -> SpeakerWords:
    """Return the words of the data file."""
    data = tomllib.loads(files(__package__).joinpath("korean_speakers.toml").read_text(encoding="utf-8"))
    return SpeakerWords(
        pronouns=frozenset(data["pronouns"]),
        plural_pronouns=frozenset(data["plural_pronouns"]),
        roles=_role_pattern(data["roles"], data["alone"]),
        anonymous=_ending_pattern(data["anonymous"], "들(?<=[자원인민생들]들)"),
        affiliated=_ending_pattern(data["affiliated"]),
        organizations=_ending_pattern(data["organizations"], *_OFFICES, *_DIVISIONS),
        generic=_ending_pattern(data["generic"]),
        documents=_ending_pattern(data["documents"]),
        findings=_ending_pattern(data["findings"]),
        tellings=_ending_pattern(data["tellings"]),
        media=re.compile(f".(?:{'|'.join(data['media'])})들?$"),
        things=_thing_pattern(data["things"], data["measures"]),
        no_sources=_thing_pattern(data["no_sources"], ["법"]),
        works=_ending_pattern(data["works"]),
        persons=_person_pattern(data["persons"], data["no_persons"]),
        apart=frozenset(data["apart"]),
        former=frozenset(data["former"]),
        places=frozenset(data["places"]),
        surnames=frozenset(data["surnames"]),
        plain_roles=tuple(sorted(data["roles"], key=len, reverse=True)),
    )


def _role_pattern(roles: Sequence[str], alone: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for a role; some roles must be the whole word, except for a rank."""
    rest = "|".join(sorted((role for role in roles if role not in alone), key=len, reverse=True))
    return re.compile(f"(?:{rest}|C[A-Z]O|\\d단|^(?:선임|수석|책임|전임|부|주한)?(?:{'|'.join(alone)}))들?$")


def _person_pattern(endings: Sequence[str], others: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for a word of three syllables or more that ends like a person, except words that sound alike."""
    return re.compile(f"^[가-힣]{{2,8}}(?:{'|'.join(endings)})들?(?<!{')(?<!'.join(others)})$")


def _thing_pattern(words: Sequence[str], endings: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for a word that is one of these or ends in a longer one, or in one of the endings."""
    longer = "|".join([*endings, *(word for word in words if len(word) > 1)])
    single = "|".join(word for word in words if len(word) == 1)
    return re.compile(f"(?:{longer}|^(?:{single}))들?$") if single else re.compile(f"(?:{longer})들?$")


def _ending_pattern(words: Sequence[str], *more: str) -> re.Pattern[str]:
    """Return a pattern for a word that is, or ends in, one of these; 들 may follow."""
    return re.compile(f"(?:{'|'.join([*sorted(map(re.escape, words), key=len, reverse=True), *more])})들?$")


def is_personal_name(word: str) -> bool:
    """Return whether a word has the form of a Korean personal name: three syllables, the first a family name."""
    return len(word) == _SYLLABLES and _begins_like_a_name(word)


def is_short_name(word: str) -> bool:
    """Return whether a word may be a personal name of two syllables; this only means something beside a role."""
    return len(word) == _SYLLABLES - 1 and word not in speaker_words().places and _begins_like_a_name(word)


def _begins_like_a_name(word: str) -> bool:
    known = speaker_words()
    listed = (known.roles, known.anonymous, known.organizations, known.generic)
    is_hangul = word[0] in known.surnames and _HANGUL.fullmatch(word) is not None
    return is_hangul and not any(pattern.search(word) for pattern in listed)


def organization_name(words: Sequence[str]) -> str | None:
    """Return the name of an organisation: the words after the last one that only describes its kind.

    >>> organization_name(["중국", "GPU", "설계", "기업", "비런커지"])
    '비런커지'
    """
    known = speaker_words().generic
    at = max((i + 1 for i, word in enumerate(words) if known.search(word) and i + 1 < len(words)), default=0)
    return " ".join(words[at:]) or None


def organization_before_role(words: Sequence[str]) -> str | None:
    """Return the organisation that words before a role name; None if they only describe a kind.

    >>> organization_before_role(["알리바바", "다모아카데미"])
    '알리바바 다모아카데미'
    >>> organization_before_role(["중국", "거대", "모델", "개발사"])
    """
    known = speaker_words()
    if not words or known.generic.search(words[-1]):
        return None
    return organization_name(words)
