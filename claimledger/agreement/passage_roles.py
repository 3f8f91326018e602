"""Find acts whose two parties changed places: A sued B, B sued A. The languages of the two texts may differ.

An act has a kind, the words for the party that acts, and the words for the other one. Parties are compared by their
words, or across languages by the sound of their names. Both must have changed places, and neither may stay.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from claimledger.agreement.content_words import content_words, stems
from claimledger.agreement.english_forms import english_forms
from claimledger.agreement.korean_stem_forms import stem_forms
from claimledger.agreement.name_sounds import sound_key


class Act(NamedTuple):
    """What one party does to another."""

    kind: str
    """The kind of act; selling is buying with its parties exchanged."""
    actor: str
    """The words for the party that acts."""
    other: str
    """The words for the other party."""
    word: str
    """The verb as printed."""


_TABLE: Mapping[str, Mapping[str, Any]] = tomllib.loads((files(__package__) / "acts.toml").read_text(encoding="utf-8"))
_EN = {
    form: kind
    for kind, row in _TABLE.items()
    for word in (*row.get("en", ()), *row.get("en_phrases", ()), *row.get("en_to", ()))
    for form in english_forms(word)
}
_KO = {
    form: (kind, False)
    for kind, row in _TABLE.items()
    for form in (*row.get("ko_heads", ()), *(form for stem in row.get("ko", ()) for form in stem_forms(stem)))
    if len(form) > 1
} | {
    stem[:-1] + ending: (kind, True)
    for kind, row in _TABLE.items()
    for stem in row.get("ko", ())
    if stem.endswith("하") and "turned" not in row
    for ending in ("되", "돼", "됐", "된", "될", "당하", "당했", "당한")
}
"""The kind of act of a form, and whether the form is passive."""
_VERB_EN = re.compile(rf"\b(?:{'|'.join(sorted(_EN, key=len, reverse=True))})\b")
_VERB_KO = re.compile(rf"(?<![가-힣])(?P<verb>{'|'.join(sorted(_KO, key=len, reverse=True))})(?P<rest>[가-힣]*)")
_ENGLISH_WORD, _KOREAN_WORD = re.compile("[A-Za-z]+"), re.compile("[가-힣]+")
_FIRST_EN, _FIRST_KO = frozenset(form.partition(" ")[0] for form in _EN), frozenset(form[:2] for form in _KO)
"""The first word of every English form and the first two syllables of every Korean one: few words of a text are one."""
_BE = re.compile(r"\b(?:is|are|was|were|been|being|be|get|gets|got)(?: [a-z]+ly)? $")
_SENTENCE_END = re.compile(r"[.?!;](?=\s|$)")
_PREPOSITION = re.compile(r" (?:by|for|in|at|with|over|on|from|to|as|during|of|about|against|into)(?= )|,? [0-9$£€]")
_CLAUSE_EN = re.compile(r"[;:]| (?:after|before|because|while|although|since|when) |, (?:but|and|which|who) ")
_VERB_BEFORE = re.compile("(?<=[고며해로서]) ")
_AMOUNT_LAST = re.compile(r"(?:^| )[0-9][^ ]*$")
_PARTY = r"(?P<party>(?:[^\s,.]+ ){0,4}?[^\s,.]+?)"
_PARTY_KO = re.compile(
    rf"(?:^|[,.] |(?<=[은는이가을를에의서로과와고며]) ){_PARTY}(?P<particle>은|는|이|가|을|를|에게서"
    rf"|에게|에서|으로부터|로부터|에)(?=[ ,])"
)


@lru_cache(maxsize=512)
def read_acts(text: str) -> Sequence[Act]:
    """Return the acts of a text.

    >>> [(act.kind, act.actor, act.other) for act in read_acts("다온소프트가 게임사 온달을 90억원에 인수한다.")]
    [('buy', '다온소프트', '게임사 온달')]
    >>> [(act.kind, act.actor, act.other) for act in read_acts("Ondal was bought by Daon.")]
    [('buy', 'Daon', 'Ondal')]
    """
    found = _korean_acts(text) if re.search("[가-힣]", text) else _english_acts(text)
    return tuple(act for act in found if act.actor and act.other)


def _english_verbs(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for word in _ENGLISH_WORD.finditer(text):
        found = _VERB_EN.match(text, word.start()) if word[0] in _FIRST_EN and word.start() >= end else None
        if found:
            end = found.end()
            yield found


def _korean_verbs(text: str) -> Iterator[re.Match[str]]:
    for word in _KOREAN_WORD.finditer(text):
        found = _VERB_KO.match(text, word.start()) if word[0][:2] in _FIRST_KO else None
        if found:
            yield found


def _english_acts(text: str) -> Iterator[Act]:
    for verb in _english_verbs(text):
        row = _TABLE[_EN[verb[0]]]
        start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, verb.start())), default=0)
        stop = _SENTENCE_END.search(text, verb.end())
        before = text[start : verb.start()]
        after = _CLAUSE_EN.split(text[verb.end() : stop.start() if stop else len(text)], maxsplit=1)[0]
        if _BE.search(before):
            actor, by, patient = after.partition(" by ")[2], " by " in after, _BE.sub("", before)
            if by:
                yield _make_act(_EN[verb[0]], _PREPOSITION.split(actor, maxsplit=1)[0], patient, verb[0])
            continue
        links = (*row.get("en_from", ()), *row.get("en_after", ()), *row.get("en_needed", ()))
        word = next((f" {word} " for word in links if f" {word} " in after), "")
        if "en_needed" in row and not word:
            continue
        other = after.partition(word)[2] if word else after
        yield _make_act(_EN[verb[0]], before, _PREPOSITION.split(other, maxsplit=1)[0], verb[0])


def _make_act(kind: str, actor: str, other: str, word: str) -> Act:
    kind = _TABLE[kind].get("same", kind)
    base = _TABLE[kind].get("turned")
    actor, other = (re.sub(r"^\W+|\W+$", "", party) for party in (actor, other))
    return Act(base, other, actor, word) if base else Act(kind, actor, other, word)


def _korean_acts(text: str) -> Iterator[Act]:
    for verb in _korean_verbs(text):
        start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, verb.start())), default=0)
        parties = [
            (_VERB_BEFORE.split(one["party"])[-1], one["particle"])
            for one in _PARTY_KO.finditer(text, start, verb.start())
            if not _AMOUNT_LAST.search(one["party"])
        ]
        kind, is_passive = _KO[verb["verb"]]
        row = _TABLE[kind]
        subject = next((party for party, particle in parties if particle in "은는이가"), "")
        wanted = ("에", "에게") if is_passive else (*row.get("from", ()), *row.get("to", ()))
        other = _last_party(parties, wanted) or (
            "" if is_passive else _last_party(parties, ("을", "를")) or _last_party(parties, ("에", "에게"))
        )
        if is_passive:
            subject, other = other, subject
        yield _make_act(kind, subject, other, verb[0])


def _last_party(parties: Sequence[tuple[str, str]], particles: Sequence[str]) -> str:
    return next((party for party, particle in reversed(parties) if particle in particles), "")


def turned_act(statement: str, passage: str) -> tuple[str, str] | None:
    """Return the verbs of an act whose parties changed places.

    >>> turned_act("Velora sold the rights to Saesol.", "벨로라는 새솔에서 권리를 사들였다.")
    ('sold', '사들였다')
    >>> turned_act("Saesol sold the rights to Velora.", "벨로라는 새솔에서 권리를 사들였다.") is None
    True
    """
    for said in read_acts(statement):
        printed = [act for act in read_acts(passage) if act.kind == said.kind]
        if printed and all(_are_exchanged(said, act) for act in printed):
            return said.word, printed[0].word
    return None


def _are_exchanged(said: Act, printed: Act) -> bool:
    if _has_shared_word(said.actor, printed.actor) or _has_shared_word(said.other, printed.other):
        return False
    crossed = _shared_words(said.actor, printed.other), _shared_words(said.other, printed.actor)
    return all(crossed) and (
        _is_one_script(said.actor, printed.other) or max(map(len, crossed[0] | crossed[1])) >= _LONG
    )


_WORD = re.compile(r"[가-힣]+|[A-Za-z][A-Za-z'’-]*")
_SHORTEST, _LONG = 2, 3
"""The number of consonants of a name that is compared, and of one that is hardly shared by chance."""


def _has_shared_word(one: str, other: str) -> bool:
    return bool(_shared_words(one, other))


def _shared_words(one: str, other: str) -> frozenset[str]:
    """Return the words that two parties share, or the sounds of their names if their languages differ."""
    if _is_one_script(one, other):
        return stems(content_words(one)) & stems(content_words(other))
    return _sounds(one) & _sounds(other)


def _is_one_script(one: str, other: str) -> bool:
    return bool(re.search("[가-힣]", one)) == bool(re.search("[가-힣]", other))


def _sounds(party: str) -> frozenset[str]:
    keys = (sound_key(word) for word in _WORD.findall(party))
    return frozenset(
        form for key in keys for form in (key, key.rstrip("L") if len(key) > _LONG else key) if len(form) >= _SHORTEST
    )
