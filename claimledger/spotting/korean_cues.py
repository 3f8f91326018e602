"""Find Korean verbs that report speech, by their inflected forms.

The verbs are in `korean_cues.toml`, which an editor may extend, with their class and the kinds of content that may
precede them. The forms are generated, so a new verb is found in all its finite and connective forms and in none of its
adnominal forms ("촉구한 위원장"). Quotations in the sentence are blanked. This module does not know morphemes, speakers
or paragraphs.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

_FIRST, _VOWELS, _CODAS = 0xAC00, 21, 28
_NIEUN, _PIEUP, _SSANG_SIOT = 4, 17, 20
_CONTRACTED = {8: 9, 13: 14, 18: 4, 20: 6}
"""The past-tense vowel of each open stem's vowel: 보- 봤, 꾸- 꿨, 쓰- 썼, 밝히- 밝혔; other vowels only add ㅆ."""
_BRIGHT = frozenset((0, 8))
_IRREGULAR = {"묻": "물었", "긋": "그었", "짓": "지었", "모으": "모았"}
"""Past stems that the last syllable does not show: 묻- 물었, 결론짓- 결론지었, 모으- 모았."""

_SPOKEN = ("네요", "는데요", "죠", "지요", "더군요", "더라고요", "거든요")
"""Sentence ends of broadcasts and letters to readers: 말하더군요, 전했는데요."""
_PAST_ENDINGS = (
    "다", "습니다", "지만", "으며", "으면서", "으면서도", "으나", "고", "는데", "기도", "습니다만", "어요", *_SPOKEN,
)  # fmt: skip
_OPEN_ENDINGS = ("며", "면서", "면서도", "고", "지만", "나", "자", "는데", "기도", "더니", *_SPOKEN)
_CLOSED_ENDINGS = ("으며", "으면서", "으면서도", "고", "지만", "으나", "자", "는데", "기도", "더니", *_SPOKEN)
_OPEN_VERB = re.compile(
    "(?P<noun>[가-힣]{2,4})(?:했(?:다|습니다|으며|고|지만|는데|으나)|한다|합니다|하며|하면서|하고)$"
)
_SAID_BEFORE = re.compile("[다자냐라]고(?:도|만|는)?$")
_SAID_ANYWHERE = re.compile("[다자냐라]고(?:도|만|는)?\\s[가-힣]{3,}[다며서고만나데]")
_THOUGHTS = "생각 착각 오해 가정 상상 확신 의심 실감 각오 결심 결정 판단 간주 인식 기억 이해 추측 자부"
_NAMINGS = "명명 지칭 자처 호칭 정의 표기 통칭 총칭 분류 규정"
_ACTIONS = "시작 계속 노력 참석 방문 출석 제출 사용 이용 결석 체포 구속 기소 입건 접근 유인 협박"
_NO_SPEECH = frozenset(f"{_THOUGHTS} {_NAMINGS} {_ACTIONS}".split())
"""Verbal nouns that may follow …다고 and do not report speech: thoughts, names, and actions
with a reason before them."""
_EMBEDDED = frozenset(("있다고", "있다며", "있다는", "있다면서", "있는", "있음을", "있다"))
_GOES_ON = frozenset(("있다", "있으며", "있고", "있는데", "있지만", "나섰다", "있습니다"))
_WISHES = frozenset(("싶다", "싶은", "싶었다", "싶어", "싶지", "나서", "나니", "보니"))
_HANGUL = re.compile("[가-힣]+")


class Cue(NamedTuple):
    """Words that report a statement."""

    start: int
    """The start of the verb or noun."""
    end: int
    """The end of its last word."""
    kind: str
    """The class, as named in the data file."""
    takes: frozenset[str]
    """The kinds of content that may precede it."""
    is_impersonal: bool
    """True if the form has no personal subject."""
    verb: str
    """The dictionary form."""


@dataclass(frozen=True)
class CueWords:
    """The data file, prepared for look-ups."""

    verbs: dict[str, tuple[tuple[str, frozenset[str], bool], ...]]
    """The classes of each dictionary form: name, kinds of content, and whether it is impersonal."""
    nouns: dict[str, str]
    """The class of each noun."""
    arising: frozenset[str]
    """Verbs after an impersonal noun."""
    grounds: tuple[str, ...]
    """Phrases after a stated reason."""
    forms: dict[str, str] = field(repr=False)
    """The dictionary form of every finite and connective form."""
    halves: dict[str, str] = field(repr=False)
    """Forms that only report together with the next word: 말해 (왔다), 밝힌 (바 있다)."""


@lru_cache(maxsize=1)
def cue_words() -> CueWords:
    """Return the words of the data file."""
    return read_cue_words(files(__package__).joinpath("korean_cues.toml").read_text(encoding="utf-8"))


def read_cue_words(source: str) -> CueWords:
    """Return cue words from TOML text in the format of the data file.

    >>> words = read_cue_words('class.say = {takes = ["quote"], verbs = ["뇌까리다"]}')
    >>> [cue.kind for cue in find_cues("그렇다고 뇌까렸다", words)]
    ['say']
    """
    data: dict[str, Any] = tomllib.loads(source)
    verbs: dict[str, list[tuple[str, frozenset[str], bool]]] = {}
    for name, row in data.get("class", {}).items():
        for verb in row["verbs"]:
            verbs.setdefault(verb, []).append((name, frozenset(row["takes"]), row.get("impersonal", False)))
    return CueWords(
        {verb: tuple(rows) for verb, rows in verbs.items()},
        {noun: name for name, nouns in data.get("noun", {}).items() for noun in nouns},
        frozenset(data.get("arises", {}).get("verbs", ())),
        tuple(data.get("grounds", {}).get("phrases", ())),
        {form: verb for verb in verbs for form in _forms(verb[:-1])},
        {form: verb for verb in verbs for form in _halves(verb[:-1])},
    )


def find_cues(sentence: str, words: CueWords | None = None) -> list[Cue]:
    """Return the reporting verbs of a sentence in order, without adnominal, negated and future forms.

    >>> [(cue.verb, cue.kind) for cue in find_cues("늘었다고 밝히고 더 늘 것으로 전망했다")]
    [('밝히다', 'say'), ('전망하다', 'forecast')]
    >>> find_cues("규제를 촉구한 위원장이 왔다")
    []
    """
    words = words or cue_words()
    spoken = [(word.start(), word.end(), word[0]) for word in _HANGUL.finditer(sentence)]
    found: list[Cue] = []
    for index, (start, _, form) in enumerate(spoken):
        last = index
        verb = words.forms.get(form) or (_unlisted_verb(form, spoken[index - 1][2], words) if index else None)
        following = spoken[index + 1][2] if index + 1 < len(spoken) else ""
        if verb is None:
            verb = words.halves.get(form)
            if verb is None or not _completes(following, spoken[index + 2][2] if index + 2 < len(spoken) else ""):
                continue
            last = index + (1 if following.endswith(("왔다", "오고")) else 2)
        elif form.endswith("고") and (following in _WISHES or following in _EMBEDDED - _GOES_ON):
            continue
        elif form.endswith("고") and following in _GOES_ON:
            last = index + 1
        found.append(_cue(start, spoken[last][1], verb, words))
    return found


def _unlisted_verb(form: str, before: str, words: CueWords) -> str | None:
    """Return 하다 if an unlisted noun with 하다 follows …다고 at once, since such verbs report: …했다고 총평했다."""
    found = _OPEN_VERB.match(form) if _SAID_BEFORE.search(before) else None
    is_open = found is not None and found["noun"] not in _NO_SPEECH and form not in words.halves
    return "말하다" if is_open and "말하다" in words.verbs else None


def may_report(sentence: str, words: CueWords) -> bool:
    """Return whether any word of a sentence could be a cue; this quick check precedes the exact one."""
    spoken = _HANGUL.findall(sentence)
    if "고 " in sentence and _SAID_ANYWHERE.search(sentence):
        return True
    return not (words.forms.keys().isdisjoint(spoken) and words.halves.keys().isdisjoint(spoken))


def cue_class_for(cue: Cue, taken: str, words: CueWords | None = None) -> str:
    """Return the class of a cue by the content before it, for verbs with several classes."""
    rows = (words or cue_words()).verbs[cue.verb]
    return next((name for name, takes, _ in rows if taken in takes), cue.kind)


def _cue(start: int, end: int, verb: str, words: CueWords) -> Cue:
    rows = words.verbs[verb]
    takes = frozenset[str]().union(*(row[1] for row in rows))
    return Cue(start, end, rows[0][0], takes, rows[0][2], verb)


def _completes(following: str, second: str) -> bool:
    return following in ("왔다", "오고") or (following == "바" and second.startswith("있"))


def _forms(stem: str) -> list[str]:
    """Return a stem's finite and connective forms."""
    is_open = _parts(stem)[1] == 0
    forms = [past + ending for past in _past_stems(stem) for ending in _PAST_ENDINGS]
    forms += [stem + ending for ending in (_OPEN_ENDINGS if is_open else _CLOSED_ENDINGS)]
    forms += (
        [_with_coda(stem, _NIEUN) + "다", _with_coda(stem, _PIEUP) + "니다"]
        if is_open
        else [stem + "는다", stem + "습니다"]
    )
    return [*forms, _infinitive(stem) + "왔다"]


def _halves(stem: str) -> list[str]:
    is_open = _parts(stem)[1] == 0
    return [_infinitive(stem), _with_coda(stem, _NIEUN) if is_open else stem + "은"]


def _past_stems(stem: str) -> list[str]:
    """Return the past stems: 말하- 말했, 밝히- 밝혔, 적- 적었, 묻- 물었, 털어놓- 털어놓았 and 털어놨."""
    if stem.endswith("하"):
        return [stem[:-1] + "했"]
    irregular = next((end for end in _IRREGULAR if stem.endswith(end)), None)
    if irregular:
        return [stem.removesuffix(irregular) + _IRREGULAR[irregular]]
    vowel, coda = _parts(stem)
    if coda:
        whole = stem + ("았" if vowel in _BRIGHT else "었")
        return [whole, stem[:-1] + "놨"] if stem.endswith("놓") else [whole]
    return [stem[:-1] + _syllable(stem, _CONTRACTED.get(vowel, vowel), _SSANG_SIOT)]


def _infinitive(stem: str) -> str:
    """Return the form before 왔다: 말하- 말해."""
    past = _past_stems(stem)[0]
    vowel, coda = _parts(past)
    return (
        past[:-1] + _syllable(past, vowel, 0)
        if coda == _SSANG_SIOT and len(past) == len(stem)
        else past[:-1] + {"았": "아", "었": "어"}.get(past[-1], past[-1])
    )


def _parts(word: str) -> tuple[int, int]:
    """Return vowel and coda of a word's last syllable."""
    index = ord(word[-1]) - _FIRST
    return index // _CODAS % _VOWELS, index % _CODAS


def _syllable(word: str, vowel: int, coda: int) -> str:
    """Return a word's last syllable with another vowel and coda."""
    onset = (ord(word[-1]) - _FIRST) // (_CODAS * _VOWELS)
    return chr(_FIRST + (onset * _VOWELS + vowel) * _CODAS + coda)


def _with_coda(stem: str, coda: int) -> str:
    return stem[:-1] + _syllable(stem, _parts(stem)[0], coda)
