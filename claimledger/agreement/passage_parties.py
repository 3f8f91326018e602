"""Find two parties that changed places around the same verb: A notified B, B notified A; A says that B lied.

The rules need no table of verbs: both texts have the verb, in the same voice. Each word for a party must have moved to
the other side, and none may have stayed. Verbs that say the same from both sides, such as "met", are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.content_words import content_words, stems
from claimledger.agreement.word_lists import KOREAN_TITLES, ACTOR_WORDS, SAYING_EN

_HANGUL = re.compile("[가-힣]")
_SENTENCE_END = re.compile(r"[.?!;](?=[\s”’\"']|$)")


def exchanged_parties(statement: str, passage: str) -> tuple[str, str] | None:
    """Return the words of a verb in two texts, if its parties changed places.

    >>> exchanged_parties("재단은 국세청에 추징금을 통보했다.", "국세청은 재단에 추징금을 통보했다.")
    ('통보했다', '통보했다')
    >>> exchanged_parties("Trump said Flynn was right.", "Michael Flynn said Donald Trump was right.")
    ('said', 'said')
    """
    is_korean = _HANGUL.search(statement) is not None
    if is_korean != (_HANGUL.search(passage) is not None):
        return None
    return _exchanged_korean(statement, passage) if is_korean else _exchanged_english(statement, passage)


# Korean


class _Roles(NamedTuple):
    """The parties of a Korean sentence, and its last verb."""

    topics: tuple[str, ...]
    """The words before 은 and 는."""
    subjects: tuple[str, ...]
    """The words before 이 and 가."""
    objects: tuple[str, ...]
    """The words before 을 and 를."""
    receivers: tuple[str, ...]
    """The words before 에게 and 에."""
    sources: tuple[str, ...]
    """The words before 로부터 and 에게서."""
    verb: str
    """The last word."""
    is_report: bool
    """True if the sentence reports, after its topic, an act or a statement of another party."""


_ROLE = re.compile(
    r"(?P<name>[가-힣A-Za-z0-9]+?)"
    r"(?P<particle>께서는|께서|으로부터|로부터|에게서|에게|한테|[은는이가을를에])(?=[ ,“\"‘']|$)"
)
_REPORTS = re.compile(r"[다라자냐]고 |[다라]며 |[”\"’'](?:이?라고|이?라며|고|며) ")
_PASSIVE = re.compile("(?:받|당하|당했|당한|되|됐|돼|된)[가-힣]*$")
_MUTUAL_KO = re.compile(
    "만나|만났|결혼|합의|협력|대화|통화|회담|회동|맞붙|맞서|맞섰|비교|겹|닮|논의|협의|협상|교류|대립|충돌|경쟁"
)
_TITLES = frozenset(KOREAN_TITLES)
_TOPIC, _DOING = frozenset(("은", "는", "께서는")), frozenset(("은", "는", "께서는", "이", "가", "께서"))
_NOUN, _SHORTEST = 2, 2


@lru_cache(maxsize=512)
def _read_roles(text: str) -> Sequence[_Roles]:
    return tuple(
        roles for sentence in _SENTENCE_END.split(text) if sentence.strip() for roles in _roles_of_sentence(sentence)
    )


def _roles_of_sentence(sentence: str) -> Iterator[_Roles]:
    words = [(found["name"], found["particle"], found.start()) for found in _ROLE.finditer(sentence)]
    words = [(_full_name(sentence, name, at), particle, at) for name, particle, at in words if len(name) >= _SHORTEST]

    def names_with(*particles: str) -> tuple[str, ...]:
        return tuple(name for name, particle, _ in words if particle in particles)

    last = re.findall("[가-힣]+", sentence)
    yield _Roles(
        names_with("은", "는", "께서는"), names_with("이", "가", "께서"), names_with("을", "를"),
        names_with("에게", "한테", "에"), names_with("으로부터", "로부터", "에게서"), last[-1] if last else "",
        bool(_REPORTS.search(sentence))
        and [particle in _TOPIC for _, particle, _ in words if particle in _DOING][:1] == [True],
    )  # fmt: skip


def _full_name(sentence: str, name: str, at: int) -> str:
    """Return the word before a particle; a title with the name before it."""
    if name not in _TITLES:
        return name
    return "".join(sentence[:at].split()[-1:]) + name


_KOREAN_WORD = re.compile("[가-힣]+")


@lru_cache(maxsize=512)
def _last_stems(text: str) -> frozenset[str]:
    """Return the beginnings of the last words of sentences."""
    words = (_KOREAN_WORD.findall(sentence)[-1:] for sentence in _SENTENCE_END.split(text))
    return frozenset(last[0][:_NOUN] for last in words if last)


def _exchanged_korean(statement: str, passage: str) -> tuple[str, str] | None:
    if not _last_stems(statement) & _last_stems(passage) and not (
        _REPORTS.search(statement) and _REPORTS.search(passage)
    ):
        return None
    for said in _read_roles(statement):
        for printed in _read_roles(passage):
            if _MUTUAL_KO.search(statement):
                continue
            if _is_turned_report(said, printed) or _is_turned_act(said, printed) or _is_turned_voice(said, printed):
                return said.verb, printed.verb
    return None


def _is_turned_report(said: _Roles, printed: _Roles) -> bool:
    """Return whether the speaker and the one who is spoken of changed places."""
    if not (said.is_report and printed.is_report):
        return False
    return _are_crossed(said.topics[:1], said.subjects[:1], printed.topics[:1], printed.subjects[:1])


def _is_turned_act(said: _Roles, printed: _Roles) -> bool:
    """Return whether the one who acts and the other party changed places."""
    if said.verb[:_NOUN] != printed.verb[:_NOUN] or bool(_PASSIVE.search(said.verb)) != bool(
        _PASSIVE.search(printed.verb)
    ):
        return False
    own, others = (*said.topics, *said.subjects), (*printed.topics, *printed.subjects)
    return any(
        _are_crossed(own, getattr(said, role), others, getattr(printed, role))
        for role in ("objects", "receivers", "sources")
    )


def _is_turned_voice(said: _Roles, printed: _Roles) -> bool:
    """Return whether one party does in one text what it undergoes in the other: 통보했다, 통보받았다."""
    if len(said.verb) <= _NOUN or said.verb[:_NOUN] != printed.verb[:_NOUN]:
        return False
    active, passive = (said, printed) if _PASSIVE.search(printed.verb) else (printed, said)
    if _PASSIVE.search(active.verb) or not _PASSIVE.search(passive.verb) or active.verb[_NOUN] not in "했하한할":
        return False
    doers, undergoing = ((*roles.topics, *roles.subjects) for roles in (active, passive))
    other = (*passive.sources, *passive.receivers)
    return any(one in undergoing for one in doers) and any(one in other for one in (*active.receivers, *active.objects))


def _are_crossed(one: Sequence[str], two: Sequence[str], first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether words of each side are on the other side in the other text, and none on the same side."""
    if set(one) & set(first) or set(two) & set(second):
        return False
    return bool(set(one) & set(second) and set(two) & set(first))


# English

_VERB = re.compile(
    rf"\b(?:[a-z]+ed|{SAYING_EN}|won|led|hit|saw|bought|sold|sent|paid|lent|gave|took|brought|taught|beat|lost)\b"
    r"|(?<=to )[a-z]{3,}|(?:(?<=will )|(?<=would )|(?<=has )|(?<=had )|(?<=may )|(?<=could ))[a-z]{3,}"
)
_BE = re.compile(r"\b(?:is|are|was|were|been|being|be|get|gets|got)(?: [a-z]+ly)? $")
_BY = re.compile(r"[^,.;]{0,40}? by ")
_CUT = re.compile(
    r" (?:by|for|in|at|with|over|on|from|to|as|during|of|against|into|after|before|because|while|when|since|if)(?= )"
    r"|,? [0-9$£€]|[;:]|, (?:but|and|which|who|while) "
)
_NAME = re.compile(r"[A-Z][\w’'-]+")
_ORDINARY = frozenset(ACTOR_WORDS["ordinary_en"])
_SAYS = frozenset(SAYING_EN.split("|"))
_MUTUAL_EN = frozenset([
    "meets", "married", "marries", "marry", "faced", "faces", "face", "fight", "fought", "joined", "joins", "border",
    "borders", "play", "played", "plays", "versus", "equal", "equals", "match", "matches", "matched", "resembles",
    "resembled", "rivals", "rival", "compared", "with", "than", "between", "both", "like", "unlike", "passed",
])  # fmt: skip
_STEM = 5


class _Clause(NamedTuple):
    """The words on both sides of an English verb."""

    verb: str
    left: str
    right: str
    is_passive: bool


@lru_cache(maxsize=256)
def _read_clauses(text: str) -> dict[str, list[_Clause]]:
    """Return the clauses around each word of a text that may be a verb, by the beginning of the word."""
    clauses: dict[str, list[_Clause]] = {}
    start = 0
    for end in (*(found.start() for found in _SENTENCE_END.finditer(text)), len(text)):
        sentence = text[start:end]
        start = end + 1
        for found in _VERB.finditer(sentence):
            before = sentence[: found.start()]
            if found[0] in _MUTUAL_EN or before.rstrip()[-1:] in (",", "”", '"', ""):
                continue
            after = sentence[found.end() :]
            clause = _Clause(
                found[0], before, _CUT.split(after, maxsplit=1)[0], bool(_BE.search(before) or _BY.match(after))
            )
            clauses.setdefault(found[0][:_STEM], []).append(clause)
    return clauses


def _exchanged_english(statement: str, passage: str) -> tuple[str, str] | None:
    if any(word in _MUTUAL_EN for word in statement.lower().split()):
        return None
    said, printed = _read_clauses(statement), _read_clauses(passage)
    for stem in said.keys() & printed.keys():
        pairs = [(one, other) for one in said[stem] for other in printed[stem]]
        if pairs and all(_are_sides_exchanged(one, other) for one, other in pairs):
            return pairs[0][0].verb, pairs[0][1].verb
    return None


def _are_sides_exchanged(one: _Clause, other: _Clause) -> bool:
    if one.is_passive != other.is_passive:
        return False
    sides = [_party_names(side) for side in (one.left, one.right, other.left, other.right)]
    if not all(sides):
        left, right, others, rest = (
            stems(content_words(side)) for side in (one.left, one.right, other.left, other.right)
        )
        is_plain = one.verb.endswith("ed") and one.verb not in _SAYS
        return is_plain and bool(left and right) and left <= rest and right <= others and not others & rest
    left, right, others, rest = sides
    return bool(left & rest and right & others) and not (left & others or right & rest)


def _party_names(side: str) -> frozenset[str]:
    return frozenset(
        word.removesuffix("’s").removesuffix("'s").lower() for word in _NAME.findall(side) if word not in _ORDINARY
    )
