"""Read a Korean noun phrase as a speaker with name, role and organisation, or reject it.

A phrase is accepted only if its last noun can speak: a pronoun, a role, an organisation, a described person or a proper
name. Dates and connectives before it are cut off. This module does not know cues or paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from claimledger.models import Span
from claimledger.quantities import FigureRole, find_figures
from claimledger.spotting.korean_speaker_words import (
    is_personal_name, is_short_name, organization_before_role, organization_name, speaker_words,
)  # fmt: skip
from claimledger.spotting.korean_sentence import WordFunction, Word
from claimledger.spotting.language import SpottedSpeaker
from claimledger.vocabulary import SpeakerBasis

LONGEST_PHRASE = 9
"""The greatest number of words in a phrase; a longer phrase is read from its end."""

_WITHIN = frozenset((WordFunction.BARE, WordFunction.GENITIVE, WordFunction.PAIR, WordFunction.DETERMINER))
_NAME = re.compile("[가-힣]{2,4}")
_TITLE = re.compile("(?:씨|님|(?<![가-힣])[군양옹]|(?<=[A-Z])[군양]|(?<=[가-힣]{3})[군양옹]|(?<=^[가-힣]모)[군양])$")
"""Titles of persons; 군, 양 and 옹 only after a letter or a whole name, for 사양 and 모양 are things."""
_SIDE = re.compile("(?:측|^쪽)$")
_SIDES = frozenset(("주최", "주관", "원고", "피고", "상대", "가해자", "피해자"))
"""Words that name a speaker only with 측: 주최 측."""
_ALIAS = re.compile(r"\(([^()\n]{1,120})\)")
_NO_ALIAS = re.compile(r"^\s*(?:만\s?)?\d+(?:세|살)?\s*$|^\s*약 ")
_DATED = re.compile("[0-9](?:년|월|일|분기|개월)(?:도)?$")
_AND = ("겸", "및")
_JOINING = frozenset("와과")
_PAIRING = frozenset((WordFunction.PAIR, WordFunction.ADVERBIAL))
_ET_CETERA = frozenset(("등", "등등", "외"))
_QUOTED_NAME = re.compile("[‘'“\"「『<《](?P<name>[^‘’'“”\"「」『』<>《》\\n]{1,40})[’'”\"」』>》]$")
_POINTING = frozenset(("이", "그", "저", "해당"))
_FOREIGN_NAME = 2
"""The number of words of most foreign names."""
_LONGEST_TITLE = 42
_COUNT = re.compile("^(?:수?[십백천만]+|[0-9,]+|한|두|세|네|다섯|여섯|여러)?(?:여)?\\s?명$")


class Trust(StrEnum):
    """The degrees of readiness to accept a noun as a speaker."""

    LISTED = "listed"
    """A word of the lists, or a proper name of the dictionary."""
    KNOWN = "known"
    """Unknown words too: most are names."""
    ANYBODY = "anybody"
    """Any noun: its position in the sentence leaves no doubt."""


def phrase_start(words: Sequence[Word], last: int, floor: int = 0) -> int:
    """Return the index of the first word of the noun phrase that ends with `last`."""
    known = speaker_words()
    first = last
    while first > floor and last - first < LONGEST_PHRASE:
        before = words[first - 1]
        is_apposition = before.function is WordFunction.COPULA and known.roles.search(before.stem)
        is_within = before.function in _WITHIN or is_apposition or _joins(words, first)
        if before.has_comma or not is_within or before.form in known.apart:
            break
        if not before.form or before.form[-1] in "=]▲■◆":
            break
        first -= 1
    return first


def _joins(words: Sequence[Word], first: int) -> bool:
    """Return whether the word before joins another speaker with 와 or 과: 보건소와 해당 병원."""
    before = words[first - 1]
    stem = before.form[:-1]
    known = speaker_words()
    is_speaker = known.organizations.search(stem) or known.roles.search(stem) or known.anonymous.search(stem)
    return before.form[-1:] in _JOINING and before.function is WordFunction.ADVERBIAL and bool(is_speaker)


def read_speaker(
    text: str, words: Sequence[Word], last: int, floor: int = 0, *, trusts: Trust = Trust.KNOWN
) -> SpottedSpeaker | None:
    """Return the speaker named by the phrase that ends with word `last`, or None if the phrase cannot speak."""
    first = _after_dates(text, words, phrase_start(words, last, floor), last)
    if last > first and words[last].stem in _ET_CETERA:
        before = words[last - 1]
        words = [*words[: last - 1], replace(before, stem=before.form, stem_end=before.end, function=WordFunction.BARE)]
        last -= 1
    quoted = _QUOTED_NAME.search(text, max(words[last].start - _LONGEST_TITLE, 0), words[last].stem_end)
    if quoted and quoted.start() >= words[floor].start - 1:
        return _read_quoted(text, quoted, words[first : last + 1], trusts)
    return read_phrase(text, words[first : last + 1], trusts=trusts)


def _read_quoted(text: str, quoted: re.Match[str], phrase: Sequence[Word], trusts: Trust) -> SpottedSpeaker | None:
    """Return a name in quotation marks, as of a company or a club: 검색 회사 ‘누리길’은."""
    span = Span(start=quoted.start("name"), end=quoted.end("name"))
    name = quoted["name"]
    is_name = trusts is Trust.ANYBODY or phrase[-1].is_proper or bool(speaker_words().organizations.search(name))
    is_clause = name[-1:] in "다까요.?!" or (text[quoted.start()] in '“"' and " " in name)
    if is_clause or not is_name:
        return None
    return SpottedSpeaker(span, name, None, None, is_anonymous=False, basis=SpeakerBasis.EXPLICIT)


def read_phrase(text: str, phrase: Sequence[Word], *, trusts: Trust = Trust.KNOWN) -> SpottedSpeaker | None:
    """Return the speaker named by the words of a phrase, the last with its particle, or None."""
    known = speaker_words()
    head = phrase[-1]
    forms = [
        word.stem if word is head or word.function in (WordFunction.GENITIVE, WordFunction.COPULA) else word.form
        for word in phrase
    ]
    if _is_pronoun(forms):
        return _make_speaker(
            text, phrase[-1:] if len(forms) == 1 else phrase[-2:], forms[-1], basis=SpeakerBasis.PRONOUN
        )
    is_pair = any(word.form[-1:] in _JOINING and word.function in _PAIRING for word in phrase[:-1])
    if phrase[0].form in ("한", *_POINTING) and not is_pair and len(phrase) > 1 and not known.roles.search(forms[-1]):
        is_pointing = phrase[0].form in _POINTING
        return _read_described(text, phrase if is_pointing else phrase[1:], forms[1:], is_pointing)
    if _DATED.search(forms[-1]):
        return None
    if trusts is not Trust.ANYBODY and not _may_speak(head, forms, trusts):
        return None
    return _PhraseReading(text, phrase, list(forms)).speaker()


def _is_pronoun(forms: Sequence[str]) -> bool:
    known = speaker_words().pronouns
    return (len(forms) == 1 and forms[0] in known) or " ".join(forms[-2:]) in known


def _read_described(
    text: str,
    phrase: Sequence[Word],
    forms: Sequence[str],
    is_pointing: bool,  # noqa: FBT001
) -> SpottedSpeaker | None:
    """Return 한 관계자 (a new person) or 이 관계자 (the person before)."""
    known = speaker_words()
    if not (known.anonymous.search(forms[-1]) or known.organizations.search(forms[-1])):
        return None
    if is_pointing:
        return _make_speaker(text, phrase, " ".join(forms), basis=SpeakerBasis.PRONOUN)
    return _PhraseReading(text, phrase, list(forms)).speaker()


def _may_speak(head: Word, forms: Sequence[str], trusts: Trust) -> bool:
    """Return whether the last noun of a phrase is a person or organisation that can speak."""
    known = speaker_words()
    stem = forms[-1]
    if stem in known.apart or not stem:
        return False
    listed = (known.roles, known.anonymous, known.organizations, known.media, known.persons, known.documents)
    if any(pattern.search(stem) for pattern in listed) or _TITLE.search(stem) or _SIDE.search(stem):
        return True
    is_name = head.is_proper and not (head.is_unknown and trusts is Trust.LISTED)
    return is_name or _counts_people(forms) or is_personal_name(stem)


def _counts_people(forms: Sequence[str]) -> bool:
    """Return whether a phrase counts people: 주민 200여 명; a bare number does not."""
    return any(len(forms) > size and _COUNT.match(" ".join(forms[-size:])) for size in (1, 2))


def _after_dates(text: str, words: Sequence[Word], first: int, last: int) -> int:
    """Return the first word after the last date or time of the phrase; numbers of people stay."""
    if first == last:
        return first
    start, end = words[first].start, words[last].start
    for figure in find_figures(text[start : words[last].end]):
        if figure.role is not FigureRole.QUANTITY and start + figure.end <= end:
            while first < last and words[first].start < start + figure.end:
                first += 1
    return first


def _make_speaker(
    text: str, phrase: Sequence[Word], name: str, *, role: str | None = None, organization: str | None = None,
    is_anonymous: bool = False, basis: SpeakerBasis = SpeakerBasis.EXPLICIT,
) -> SpottedSpeaker:  # fmt: skip
    span = Span(start=phrase[0].start, end=max(phrase[-1].stem_end, phrase[0].start + 1))
    aliases = tuple(
        alias.strip()
        for group in _ALIAS.findall(text[span.start : span.end])
        if not _NO_ALIAS.match(group)
        for alias in group.split(",")
    )
    return SpottedSpeaker(span, name, role, organization, is_anonymous, basis, aliases)


@dataclass
class _PhraseReading:
    """A phrase that is being read as name, role and organisation."""

    text: str
    phrase: Sequence[Word]
    forms: list[str]

    def speaker(self) -> SpottedSpeaker | None:
        """Return the speaker by the kind of the phrase's last noun."""
        known = speaker_words()
        head = self.forms[-1]
        if _SIDE.search(head) and not known.roles.search(head):
            self._drop_side()
            head = self.forms[-1] if self.forms else ""
        if not self.forms:
            return None
        if any(word.function in _PAIRING for word in self.phrase[:-1]) and not _counts_people(self.forms):
            return _make_speaker(
                self.text, self.phrase, " ".join(self._printed_words()), is_anonymous=bool(known.anonymous.search(head))
            )
        if _TITLE.sub("", head) != head and (len(self.forms) > 1 or len(head) > 2):  # noqa: PLR2004
            return self._read_titled()
        if known.roles.search(head) and not is_personal_name(head):
            return self._read_with_role()
        is_described = known.persons.search(head) and not (
            self.phrase[-1].is_proper or is_personal_name(head) or known.organizations.search(head)
        )
        if known.anonymous.search(head) or is_described:
            return self._read_anonymous()
        return self._read_named()

    def _drop_side(self) -> None:
        if len(self.forms) > 1 and self.forms[-2] in _SIDES:
            self.forms = [*self.forms[:-2], f"{self.forms[-2]} {self.forms[-1]}"]
            return
        stripped = _SIDE.sub("", self.forms[-1])
        self.forms = [*self.forms[:-1], stripped] if stripped else self.forms[:-1]

    def _read_titled(self) -> SpottedSpeaker:
        name = _TITLE.sub("", self.forms[-1]) or self.forms[-2]
        before = self.forms[: self.forms.index(name)] if name == "모" else []
        if before:  # 정 모 씨
            name = before[-1] + name
        return _make_speaker(self.text, self.phrase, name)

    def _read_with_role(self) -> SpottedSpeaker:
        """Read 김민수 한빛전자 대표, 한빛전자 김민수 대표, 한빛전자의 김민수 대표, 대표."""
        at = self._role_start(len(self.forms) - 1)
        role, before = " ".join(self.forms[at:]), self.forms[:at]
        name, organization = self._name_and_organization(before)
        if name is None:
            described = " ".join(self.forms)
            return _make_speaker(
                self.text, self.phrase, described, role=role, organization=organization, is_anonymous=True
            )
        return _make_speaker(self.text, self.phrase, name, role=role, organization=organization)

    def _role_start(self, at: int) -> int:
        known = speaker_words()
        while at > 0:
            before = self.forms[at - 1]
            if before in _AND:
                at -= 2
            elif (
                (at > 1 and self.forms[at - 2] in _AND)
                or before == "권한"
                or (known.roles.search(before) and not is_personal_name(before) and known.roles.fullmatch(before))
            ):
                at -= 1
            else:
                break
        return max(at, 0)

    def _name_and_organization(self, before: list[str]) -> tuple[str | None, str | None]:
        """Return the name and the organisation among the words before a role."""
        while before and before[-1] in speaker_words().former:
            before = before[:-1]
        if not before:
            return None, None
        owner = next(
            (i for i in reversed(range(len(before))) if self.phrase[i].function is WordFunction.GENITIVE), None
        )
        if owner is not None and owner + 1 < len(before):
            return " ".join(before[owner + 1 :]), organization_name(before[: owner + 1])
        if len(before) == 1:
            return (None, organization_before_role(before)) if self._is_office(before[0], 0) else (before[0], None)
        return self._choose_name(before)

    def _choose_name(self, before: list[str]) -> tuple[str | None, str | None]:
        first, last = before[0], before[-1]
        inner = next((i for i in reversed(range(len(before) - 1)) if self._is_inner_role(before[i])), None)
        if inner is not None:
            return " ".join(before[inner + 1 :]), organization_name(before[:inner])
        if last in speaker_words().places and not self._is_office(first, 0):
            return " ".join(before[:-1]), last
        if is_personal_name(first):
            return first, " ".join(before[1:])
        if is_personal_name(last) or (self.phrase[len(before) - 1].is_proper and is_short_name(last)):
            return last, organization_name(before[:-1])
        if self._is_office(first, 0) or speaker_words().generic.search(last):
            return self._foreign_name_after(before)
        return self._foreign_name_before(before)

    def _is_inner_role(self, word: str) -> bool:
        """Return whether a word before the name is another title: 정부 대변인인 한 교코 관방장관."""
        known = speaker_words().roles
        return bool(known.search(word)) and not is_personal_name(word)

    def _foreign_name_before(self, before: list[str]) -> tuple[str | None, str | None]:
        """Read 알란 피터슨 영국 왕립대 (교수) and 테드 로크 아르코 (대표): two names, then the organisation.

        Two words may be one name or a name and an organisation; both are kept as the name unless the second is listed.
        """
        listed = [i for i in range(1, len(before)) if self._is_listed(before[i])]
        at = min(listed) if listed else min(len(before), _FOREIGN_NAME)
        if listed and at == 1 and len(before) > _FOREIGN_NAME and before[1] not in speaker_words().places:
            return None, organization_before_role(before)
        return " ".join(before[:at]), " ".join(before[at:]) or None

    def _foreign_name_after(self, before: list[str]) -> tuple[str | None, str | None]:
        """Read 러시아 안드레이 볼코프 (장관): the foreign name follows the organisation."""
        at = len(before) - _FOREIGN_NAME
        is_name = at > 0 and all(
            self.phrase[i].is_proper and not self._is_listed(before[i]) for i in range(at, len(before))
        )
        if is_name:
            return " ".join(before[at:]), organization_name(before[:at])
        return None, organization_before_role(before)

    def _is_listed(self, word: str) -> bool:
        """Return whether a word is a known organisation, its kind or a place."""
        known = speaker_words()
        return bool(known.organizations.search(word) or known.generic.search(word)) or word in known.places

    def _is_office(self, word: str, index: int) -> bool:
        """Return whether a word before a role is an organisation, a place or a common noun, not a name."""
        known = speaker_words()
        if is_personal_name(word):
            return False
        listed = known.organizations.search(word) or known.generic.search(word) or word in known.places
        is_latin = word.isascii()
        return bool(listed) or is_latin or not (self.phrase[index].is_proper or len(word) == 1 or _NAME.fullmatch(word))

    def _read_anonymous(self) -> SpottedSpeaker:
        """Read 알리바바 다모아카데미 관계자, 여러 AI 업계 관계자."""
        before = self.forms[:-1]
        has_owner = speaker_words().affiliated.search(self.forms[-1]) and before
        organization = organization_before_role(before) if has_owner else None
        return _make_speaker(
            self.text, self.phrase, " ".join(self._printed_words()), organization=organization, is_anonymous=True
        )

    def _printed_words(self) -> list[str]:
        """Return the words with their inner particles, as printed."""
        return [*(word.form for word in self.phrase[: len(self.forms) - 1]), self.forms[-1]]

    def _read_named(self) -> SpottedSpeaker | None:
        """Read 왕후이원, 미국 상무부, 인공지능 기업 오픈AI, 테슬라 최고경영자 일론 머스크."""
        known = speaker_words()
        if _counts_people(self.forms):
            return _make_speaker(self.text, self.phrase, " ".join(self._printed_words()), is_anonymous=True)
        role_at = next((i for i in reversed(range(len(self.forms) - 1)) if known.roles.search(self.forms[i])), None)
        if role_at is not None:
            at = self._role_start(role_at)
            name = " ".join(self.forms[role_at + 1 :])
            organization = organization_name(self.forms[:at])
            return _make_speaker(
                self.text, self.phrase, name, role=" ".join(self.forms[at : role_at + 1]), organization=organization
            )
        if is_personal_name(self.forms[-1]) and self.phrase[-1].is_proper and len(self.forms) > 1:
            return _make_speaker(self.text, self.phrase, self.forms[-1])
        kept = organization_name(self._printed_words()) or self.forms[-1]
        return _make_speaker(self.text, self.phrase[max(len(self.forms) - len(kept.split(" ")), 0) :], kept)
