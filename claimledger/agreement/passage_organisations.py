"""Compare the organisations that a statement names with those of the article.

An organisation is wrong only if no part of the article names it, in full or by an abbreviation, and the passage names
another one that the statement leaves out. Across languages only the kinds are compared: a university, a ministry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.word_lists import (
    KOREAN_TITLES,
    MINISTRIES,
    ORGANISATION_KINDS,
    ORGANISATIONS_EN,
    ORGANISATIONS_KO,
)

_PARTICLE = "(?:에서는|에서|에는|에도|으로|[은는이가의을를에도과와])?"
_NAMED_KO = re.compile(rf"[가-힣A-Za-z]{{1,}}?(?:{ORGANISATIONS_KO})(?={_PARTICLE}(?:[\s,.]|$))")
_NAMED_EN = re.compile(
    rf"\b(?:[A-Z][\w’'-]+ )*(?:[A-Z][\w-]*(?:bank|corp|soft)|{ORGANISATIONS_EN})\b(?:(?: of| for) "
    rf"(?:the )?[A-Z][\w-]+)*"
)
_PERSON = re.compile(
    rf"\b[A-Z][a-z]+ [A-Z][a-z]+\b|[가-힣]{{2,4}}(?= (?:\S+ )?[가-힣]{{0,6}}(?:{'|'.join(sorted(KOREAN_TITLES))}))"
)
_TITLE_KO = rf"[가-힣]{{0,6}}(?:{'|'.join(sorted(KOREAN_TITLES))})"
_EMPLOYED_KO = re.compile(
    rf"(?P<first>[가-힣A-Za-z]{{3,}}?(?<![면은는이가을를고며서로]))(?:의)? (?P<one>[가-힣]{{3}}) {_TITLE_KO}"
    rf"|(?P<two>[가-힣]{{3}}) (?P<second>[가-힣A-Za-z]{{3,}}(?<![면은는이가을를고며서로])) {_TITLE_KO}"
)
_LONG_KO = re.compile(
    rf"(?<![가-힣])[가-힣A-Za-z]{{2,}}(?:연구원|연구소|위원회|협회|학회|대(?= (?:연구|교수|병원|총장"
    rf"|학생))|재단|공사|공단|진흥원|센터|대학교|연맹|은행|연합회|감독원|개발원|조사국|우주국|정보국|통계국|수사국|관리국"
    rf"|[가-힣]{{3}}(?<![의위직회합무승사요대당팀단병지공정동])원)(?={_PARTICLE}(?:[\s,.]|$))"
)
_SHORT_KO = re.compile(
    "(?<![가-힣])(?!정부|일부|전부|내부|간부|직원|회원|의원|위원|병원|법원)[가-힣]{1,3}[위원부청처](?=[은는이가] )"
)
_OFFICE_EN = re.compile(
    r"\b(?:[Aa]n?|[Tt]he) ([a-z]+ (?:ministry|agency|institute|department|bank|union|council|commission|university))\b"
)
_AFFILIATION = re.compile(
    r"\b(?P<person>[A-Z][\w’-]+ [A-Z][\w’-]+),? (?:of|from|at|with) (?:the )"
    r"?(?P<org>[A-Z][\w-]+(?:(?: of| for| and)?(?: the)? [A-Z][\w-]+)+)"
)
_PLACE_OF_WORK = re.compile(
    r"\b(?:of|from|at|with|for) (?:the )?(?P<org>[A-Z][\w-]+(?:(?: of| for| and)?(?: the)? [A-Z][\w-]+)+)"
)
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_EXPLAINED = re.compile(r"(?<=[가-힣])\([A-Z]{2,}\)")
"""An acronym beside its Korean name."""
_HANGUL_WORD = re.compile("[가-힣]+")
_HANGUL = re.compile("[가-힣]")
_TYPES = frozenset((*ORGANISATIONS_EN.lower().split("|"), "of", "for", "the", "and", "national"))
_SHORTEST = 3


def other_organisation(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return an organisation of the statement that the article does not name, and one of the passage."""
    whole = texts.article or texts.before + texts.passage
    if found := _other_ministry(texts.statement, texts.passage, whole):
        return found
    is_korean = bool(_HANGUL.search(texts.passage))
    if is_korean != bool(_HANGUL.search(texts.statement)):
        return _other_kind(texts.statement, texts.passage, whole)
    return _employer(texts, whole) or (_korean(texts, whole) if is_korean else _english(texts, whole))


def may_have_other_organisation(statement: str, passage: str) -> bool:
    """Return whether a closer look is worth its time: across languages only a full name or a ministry is compared."""
    is_korean = bool(_HANGUL.search(statement))
    if is_korean == bool(_HANGUL.search(passage)):
        return True
    named = _LONG_KO if is_korean else _NAMED_EN
    return bool(named.search(statement) or _MINISTRY.search(statement))


def _employer(texts: ComparedTexts, whole: str) -> tuple[str, str] | None:
    """Return the organisations of a person whom both texts name."""
    people = {name for name in _PERSON.findall(texts.statement) if not _NAMED_EN.search(name)}
    if not any(person in texts.passage for person in people):
        return None
    for found in _EMPLOYED_KO.finditer(texts.statement):
        same = [one for one in _EMPLOYED_KO.finditer(texts.passage) if _person(one) == _person(found)]
        if (
            same
            and _employer_name(found)[:_SHORTEST] not in whole
            and not _is_abbreviated(_employer_name(found), whole)
        ):
            return _employer_name(found), _employer_name(same[0])
    for pattern in (_NAMED_KO, _NAMED_EN):
        said = [name for name in pattern.findall(texts.statement) if name not in whole and name not in people]
        printed = [
            name for name in pattern.findall(texts.passage) if name not in texts.statement and name not in people
        ]
        if said and printed and not _is_abbreviated(said[0], whole):
            return said[0], printed[0]
    for found in _AFFILIATION.finditer(texts.statement):
        others = [one["org"] for one in _PLACE_OF_WORK.finditer(texts.passage) if one["org"] not in texts.statement]
        if found["person"] in texts.passage and others and not _has_own_word(found["org"], whole):
            return found["org"], others[0]
    return None


def _person(found: re.Match[str]) -> str:
    return found["one"] or found["two"]


def _employer_name(found: re.Match[str]) -> str:
    return found["first"] or found["second"]


def _korean(texts: ComparedTexts, whole: str) -> tuple[str, str] | None:
    said = [name for name in _LONG_KO.findall(texts.statement) if not _is_abbreviated(name, whole)]
    passage = _EXPLAINED.sub("", texts.passage)
    named = (*_LONG_KO.findall(passage), *_SHORT_KO.findall(passage))
    printed = [name for name in named if not any(_is_subsequence(name, other) for other in (texts.statement, *said))]
    has_acronym = _ACRONYM.search(_EXPLAINED.sub("", whole))
    return (said[0], printed[0]) if len(said) == 1 and printed and not has_acronym else None


def _english(texts: ComparedTexts, whole: str) -> tuple[str, str] | None:
    said, printed = (
        [name for name in _english_names(text) if not _has_own_word(name, other)]
        for text, other in ((texts.statement, whole), (texts.passage, texts.statement))
    )
    return (said[0], printed[0]) if len(said) == 1 and printed and not _ACRONYM.search(whole) else None


@lru_cache(maxsize=512)
def _english_names(text: str) -> Sequence[str]:
    names = [found[0] for found in _NAMED_EN.finditer(text)] + _OFFICE_EN.findall(text)
    return tuple(name for name in names if _own_words(name))


def _own_words(name: str) -> frozenset[str]:
    return frozenset(word for word in re.findall("[a-z]{3,}", name.lower()) if word not in _TYPES)


def _has_own_word(name: str, whole: str) -> bool:
    """Return whether a text has a word of an English name that is its own, by its first letters."""
    lowered = whole.lower()
    return any(word[:5] in lowered for word in _own_words(name))


def _is_abbreviated(name: str, whole: str) -> bool:
    """Return whether a text has a Korean name, or an abbreviation of it.

    >>> [_is_abbreviated("공정거래위원회", text) for text in ("공정위는 조사에 나섰다", "금감원은 조사에 나섰다")]
    [True, False]
    """
    if name in whole:
        return True
    return any(
        word[0] == name[0] and any(_is_subsequence(word[:length], name) for length in range(_SHORTEST, len(word) + 1))
        for word in _HANGUL_WORD.findall(whole)
    )


def _is_subsequence(short: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in short)


_CAPITALISED = re.compile(r"[A-Z][\w&’'-]*(?: (?:of |for |the |and )*[A-Z][\w&’'-]*)+")
_SHORTEST_ACRONYM = 2


def is_short_for(name: str, whole: str) -> bool:
    """Return whether a name is the abbreviation of a longer one in a text.

    >>> is_short_for("금감원", "금융감독원은 밝혔다"), is_short_for("IEA", "the International Energy Agency said")
    (True, True)
    """
    letters = name.replace(".", "")
    if letters.isascii():
        initials = ("".join(re.findall(r"\b[A-Z]", found)) for found in _CAPITALISED.findall(whole))
        return len(letters) >= _SHORTEST_ACRONYM and letters.isupper() and any(letters in one for one in initials)
    longer = (word for word in _HANGUL_WORD.findall(whole) if word[0] == name[0] and len(word) > len(name) + 1)
    return len(name) >= _SHORTEST and any(_is_subsequence(name, word) for word in longer)


# Ministries

_MINISTRY = re.compile(
    r"[가-힣]{2,8}(?:부|부처)(?=[ 은는이가의와도]|에서)(?: ?장관)?|[가-힣]{2,8}(?:부 ?)?장관"
    r"|\b[A-Za-z]+ [Mm]inist(?:ry|er)s?\b"
    r"|\b(?:ministry|Ministry|minister|Minister) (?:of|for) [A-Za-z]+(?:,? (?:and )?[A-Z][a-z]+)*"
)


def _other_ministry(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    """Return the ministries, or ministers, of two texts whose fields differ."""
    said, printed = ([(words, fields) for words in _MINISTRY.findall(text) if (fields := _fields(words))]
                     for text in (statement, passage))  # fmt: skip
    known = frozenset(field for words in _MINISTRY.findall(whole) for field in _fields(words))
    for words, fields in said if printed else ():
        if not fields & known:
            return words, printed[0][0]
    return None


def _fields(words: str) -> frozenset[str]:
    return frozenset(field for field, pattern in MINISTRIES.items() if pattern.search(words))


# Across languages


def _other_kind(statement: str, passage: str, whole: str) -> tuple[str, str] | None:
    """Return an organisation of a kind that the article, in another language, never has."""
    if _HANGUL.search(statement):
        said, printed = _LONG_KO.findall(statement), _english_names(passage)
    else:
        said, printed = [found[0] for found in _NAMED_EN.finditer(statement)], _LONG_KO.findall(passage)
    for name in said if printed else ():
        kinds = [kind for kind in ORGANISATION_KINDS.values() if _is_of_kind(name, kind)]
        if kinds and not any(_has_kind(whole, kind) for kind in kinds) and not _ACRONYM.search(whole):
            return name, printed[0]
    return None


def _is_of_kind(name: str, kind: Mapping[str, Sequence[str]]) -> bool:
    if _HANGUL.search(name):
        return name.endswith(tuple(kind["ko"]))
    return kind["en"][0] in name


def _has_kind(whole: str, kind: Mapping[str, Sequence[str]]) -> bool:
    if _HANGUL.search(whole):
        return bool(re.search(rf"(?:{'|'.join(kind['ko'])}){_PARTICLE}(?![가-힣])", whole))
    return bool(re.search("|".join(kind["en"]), whole, re.IGNORECASE))
