"""Split a Korean sentence into words and find the function of each: topic, subject, modifier, end of a clause.

Words keep their offsets into the text; quotations and parentheses are blanked at equal length. kiwi is imported with
the first sentence that needs it, never before. Without kiwi, words are classified by their last syllables and the lists
of speakers. This module does not know cues or speakers.
"""

from __future__ import annotations

import importlib.util
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from claimledger.spotting.korean_speaker_words import speaker_words
from claimledger.spotting.quotations import Quotation

BLANK = "\ue000"
"""The character that replaces every character inside a quotation or in parentheses."""
LONGEST_KOREAN_SENTENCE = 1500
"""The greatest length of a sentence in code points; a longer one is a list or a mistake and is not read for
speakers.
"""

_WORD = re.compile(r"\S+")
_ASIDE = re.compile(r"\([^()\n]{1,120}\)")
_TRAILING = re.compile(r"[,.;:!?…·)\]”’\"'」』》>]+$")
_LEADING = re.compile(r"^[(\[“‘\"'「『《<▲△■◆●○▶※-]+")
_MARK_BEFORE_PARTICLE = re.compile("(?<=[가-힣A-Za-z0-9])[’'”\"」』》](?=(?:은|는|이|가|의|도|측은|측이)$)")
_NOUNS = frozenset(("NNG", "NNP", "NNB", "NR", "NP", "SL", "SH", "SN", "XSN", "XR", "W_SERIAL", "UN"))
_CLOSING = "’'”\"」』>》"
_SUBJECT_MARKS = frozenset("이가")
_VOICES = re.compile(
    "([가-힣]*(?:[업학재]계|(?:의료|법조|노동|문화|교육|과학|체육|종교)계|정치권|여권|야권|금융권|증권가|일각|정가|안팎))에서[는도]$"
)
"""Circles that speak with 에서는: 업계에서는, 일각에서는."""
_LONG_NAME = 4
_PARTICLES = frozenset("은는이가")
_FRAGMENTS = frozenset(("IC", "MAG", "VV", "VA", "EC", "EF", "JX", "JKB", "JKO", "JKS", "VX"))
"""Morphemes that never begin or continue a noun."""
_STEMS = frozenset(("VV", "VA", "VX", "XSV", "XSA", "XPN", "EP"))
"""Morphemes that never end a word: a verb needs an ending. A word that seems to end in one is an unknown name."""
_ALSO = frozenset(("역시", "또한"))
_MARKS = frozenset(("SF", "SP", "SS", "SSO", "SSC", "SE", "SO", "SW", "SB"))


class WordFunction(StrEnum):
    """The functions of a word in its sentence."""

    TOPIC = "topic"
    SUBJECT = "subject"
    OBJECT = "object"
    ADVERBIAL = "adverbial"
    GENITIVE = "genitive"
    PAIR = "pair"
    BARE = "bare"
    DETERMINER = "determiner"
    COPULA = "copula"
    MODIFIER = "modifier"
    CLAUSE_END = "clause_end"
    ADVERB = "adverb"
    QUOTATION = "quotation"
    OTHER = "other"


@dataclass(slots=True)
class Word:
    """One word, as separated by spaces."""

    start: int
    """The start in the text, after opening marks."""
    end: int
    """The end, before closing marks and commas."""
    form: str
    """The characters of the word, without parentheses."""
    function: WordFunction = WordFunction.OTHER
    """The function of the word."""
    stem: str = ""
    """The characters of a noun without the particle."""
    stem_end: int = 0
    """The end of the stem in the text, before the particle."""
    has_comma: bool = False
    """True if a comma or another mark follows."""
    is_proper: bool = False
    """True if it is a proper name or unknown to the dictionary."""
    is_unknown: bool = False
    """True if it is unknown to the dictionary."""
    is_verb: bool = False
    """True if a modifier is made from a verb: 발표한, not 새로운."""


@dataclass(slots=True)
class KoreanSentence:
    """A sentence that is ready to be read."""

    start: int
    """The start in the text."""
    end: int
    """The end, exclusive."""
    masked: str
    """The text with quotations and parentheses blanked, as long as the sentence."""
    quotations: list[Quotation]
    """The quotations that are speech."""
    words: list[Word] = field(default_factory=list)
    """The words."""
    parsed_count: int = 0
    """The number of words, from the first, whose function is known."""

    def word_index(self, position: int) -> int:
        """Return the index of the first word that begins at or after a position of the text."""
        return bisect_right(self.words, position - 1, key=lambda word: word.start)


def has_kiwi() -> bool:
    """Return whether the package of the `ko` extra is installed, without importing it."""
    return importlib.util.find_spec("kiwipiepy") is not None


@lru_cache(maxsize=1)
def load_kiwi() -> Any:  # noqa: ANN401 - kiwipiepy carries no types
    """Return the analyser, which is built on first use (seconds, and half a gigabyte)."""
    from kiwipiepy import Kiwi  # noqa: PLC0415 - pages and figures must never load it

    return Kiwi(num_workers=1)


def make_sentence(text: str, start: int, end: int, quotations: Sequence[Quotation]) -> KoreanSentence:
    """Return a sentence split into words, with its quotations blanked.

    >>> sentence = make_sentence("이류(一流)는 “간다”고", 0, 14, [Quotation(8, 12, True)])
    >>> [word.form for word in sentence.words]
    ['이류는', '“”고']
    """
    parts, at = [], start
    for quotation in quotations:
        parts += [text[at : quotation.start + 1], BLANK * (quotation.end - quotation.start - 2)]
        at = quotation.end - 1
    plain = "".join([*parts, text[at:end]])
    masked = _ASIDE.sub(lambda aside: BLANK * len(aside[0]), plain) if "(" in plain else plain
    sentence = KoreanSentence(start, end, masked, list(quotations))
    sentence.words = [_make_word(found, start) for found in _WORD.finditer(masked)]
    return sentence


def _make_word(found: re.Match[str], offset: int) -> Word:
    whole = found[0]
    has_quotation = len(whole) > 1 and (BLANK in whole) and whole.strip(BLANK)[:1] in "“\"'‘「『"
    lead = _LEADING.match(whole)
    tail = _TRAILING.search(whole)
    first = lead.end() if lead and not has_quotation else 0
    last = tail.start() if tail and tail.start() > first and not has_quotation else len(whole)
    form = whole[first:last].replace(BLANK, "")
    if not form.isalnum():
        form = _MARK_BEFORE_PARTICLE.sub("", form)
    word = Word(offset + found.start() + first, offset + found.start() + last, form)
    word.has_comma = bool(tail and set(tail[0]) & set(",;:.…"))
    word.stem, word.stem_end = word.form, word.end
    return word


def parse_words(sentence: KoreanSentence, until: int | None = None) -> None:
    """Find the functions of a sentence's words up to word `until`, skipping words whose function is known."""
    last = len(sentence.words) if until is None else min(until, len(sentence.words))
    run: list[Word] = []
    for word in sentence.words[sentence.parsed_count : last]:
        if sentence.quotations and _contains_quotation(word, sentence.quotations):
            word.function = WordFunction.QUOTATION
            _find_functions(run)
            run = []
        else:
            run.append(word)
    _find_functions(run)
    parsed = sentence.words[max(sentence.parsed_count - 1, 0) : last]
    for index, (before, word) in enumerate(pairwise(parsed)):
        if word.form in _ALSO and before.function is WordFunction.BARE:
            before.function = WordFunction.TOPIC
        if before.form[-1:] in _PARTICLES and before.function in _MISTAKEN:
            _restore_particle(parsed[index - 1] if index else None, before, word)
    sentence.parsed_count = max(last, sentence.parsed_count)


def _cut_particle_of_role(word: Word) -> None:
    """Make a subject of a role with a particle that was read as one noun: 구단주가 (a stock price), 국장이."""
    known = speaker_words().roles
    if word.form[-1:] in _SUBJECT_MARKS and known.search(word.form[:-1]) and not known.search(word.form):
        word.function, word.stem, word.stem_end = WordFunction.SUBJECT, word.form[:-1], word.end - 1


def _restore_particle(preceding: Word | None, word: Word, following: Word) -> None:
    """Make a topic or subject of a noun whose particle was read as part of it.

    A role may read like a verb: 사서는 (buying), and 배우는 (learning) before a quotation or after a name. An unknown
    noun may take up its particle: 에미르가.
    """
    noun = word.form[:-1]
    function = WordFunction.SUBJECT if word.form[-1] in _SUBJECT_MARKS else WordFunction.TOPIC
    is_readable = function is WordFunction.TOPIC or word.function is WordFunction.OTHER
    is_role = is_readable and speaker_words().roles.fullmatch(noun)
    is_after_name = preceding is not None and preceding.function is WordFunction.BARE and preceding.is_proper
    if word.function is WordFunction.BARE:
        is_long = len(noun) >= _LONG_NAME
        is_noun = word.is_unknown and len(noun) > 1 and (is_long or following.function not in _NOUN_GOES_ON)
    else:
        is_noun = bool(is_role) and (
            word.function is not WordFunction.MODIFIER or is_after_name or following.function is WordFunction.QUOTATION
        )
    if is_noun:
        word.function, word.stem, word.stem_end = function, noun, word.end - 1


def _contains_quotation(word: Word, quotations: Sequence[Quotation]) -> bool:
    return any(
        word.start <= quotation.start < word.end or word.start < quotation.end <= word.end for quotation in quotations
    )


def _find_functions(words: list[Word]) -> None:
    if not words:
        return
    if not has_kiwi():
        for word in words:
            _set_function_by_ending(word)
        return
    line = " ".join(word.form for word in words)
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word.form) + 1
    morphemes: list[list[Any]] = [[] for _ in words]
    for morpheme in load_kiwi().tokenize(line):
        morphemes[max(bisect_right(starts, morpheme.start) - 1, 0)].append(morpheme)
    for word, start, parts in zip(words, starts, morphemes, strict=True):
        _set_function_by_morphemes(word, start, [part for part in parts if part.tag not in _MARKS])


def _set_function_by_morphemes(word: Word, start: int, parts: list[Any]) -> None:
    """Set a word's function and the start of its particle from its morphemes."""
    if not parts:
        return
    tags = [part.tag for part in parts]
    last = tags[-1]
    cut = len(parts)
    while cut > 1 and tags[cut - 1][0] == "J":
        cut -= 1
    nouns = tags[:cut]
    if last[0] == "J" and nouns[-1] in _NOUNS:
        at = parts[cut].start - start
        if 0 < at < len(word.form):
            word.stem = word.form[:at].rstrip(_CLOSING)
            word.stem_end = word.end - (len(word.form) - at)
        word.function = _BY_PARTICLE.get(_decisive_particle(tags[cut:]), WordFunction.ADVERBIAL)
    elif last in _NOUNS or last.split("-")[0] in _STEMS:
        word.function = WordFunction.BARE
        _cut_particle_of_role(word)
    else:
        word.function = _BY_TAG.get(last.split("-")[0], WordFunction.OTHER)
        word.is_verb = not {"VA", "XSA", "VCP", "VCN"} & set(tags)
        if last == "ETM" and "VCP" in tags:
            _cut_copula(word, start, parts, tags)
    voices = _VOICES.match(word.form) if last == "JX" else None
    if voices:
        word.function, word.stem = WordFunction.TOPIC, voices[1]
        word.stem_end = word.end - len(word.form) + voices.end(1)
    word.is_unknown = any(part.oov for part in parts[:cut]) or _is_broken(word, nouns)
    whole = nouns[:-1] if nouns[-1] == "SN" and len(nouns) > 1 else nouns
    word.is_proper = "SN" not in whole and (
        "SL" in whole
        or _is_broken(word, nouns)
        or all(tag in ("NNP", "SH") or part.oov for part, tag in zip(parts, whole, strict=False))
    )


def _is_broken(word: Word, nouns: list[str]) -> bool:
    """Return whether the dictionary broke a noun into pieces that form no noun, as it does with unknown names."""
    if word.function is WordFunction.BARE:
        return nouns[-1].split("-")[0] in _STEMS
    is_noun = word.function in _HAVE_STEM and len(nouns) > 1 and word.stem.isalpha()
    return is_noun and bool(_FRAGMENTS & set(nouns[:-1]))


def _cut_copula(word: Word, start: int, parts: list[Any], tags: list[str]) -> None:
    """Keep the noun of 공동창업자였던."""
    at = parts[tags.index("VCP")].start - start
    word.function = WordFunction.COPULA
    word.stem = word.form[:at] if at > 0 else word.form


def _decisive_particle(tags: list[str]) -> str:
    """Return the decisive particle: the last of 께서는 and 만이, the first of 에는 and 에서는."""
    return tags[0] if tags[0] in ("JKB", "JKG", "JKO") else tags[-1]


_BY_PARTICLE = {
    "JX": WordFunction.TOPIC,
    "JKS": WordFunction.SUBJECT,
    "JKC": WordFunction.SUBJECT,
    "JKO": WordFunction.OBJECT,
    "JKG": WordFunction.GENITIVE,
    "JC": WordFunction.PAIR,
    "JKB": WordFunction.ADVERBIAL,
    "JKQ": WordFunction.CLAUSE_END,
}
_BY_TAG = {
    "ETM": WordFunction.MODIFIER,
    "EC": WordFunction.CLAUSE_END,
    "EF": WordFunction.CLAUSE_END,
    "MAG": WordFunction.ADVERB,
    "MAJ": WordFunction.ADVERB,
    "IC": WordFunction.ADVERB,
    "MM": WordFunction.DETERMINER,
    "JX": WordFunction.ADVERBIAL,
    "JKB": WordFunction.ADVERBIAL,
    "ETN": WordFunction.OTHER,
}

_MISTAKEN = frozenset((WordFunction.ADVERBIAL, WordFunction.MODIFIER, WordFunction.OTHER, WordFunction.BARE))
_NOUN_GOES_ON = frozenset((WordFunction.BARE, WordFunction.TOPIC, WordFunction.GENITIVE, WordFunction.PAIR))

_ENDINGS = (
    (re.compile("(?:^낸|펴낸|내놓은|하는|되는|있는|없는|같은|많은|높은|한|된|할|될)$"), WordFunction.MODIFIER),
    (re.compile("(?:은|는|도|만)$"), WordFunction.TOPIC),
    (re.compile("(?:이|가|께서)$"), WordFunction.SUBJECT),
    (re.compile("(?:을|를)$"), WordFunction.OBJECT),
    (re.compile("의$"), WordFunction.GENITIVE),
    (re.compile("(?:에서|에게|에|으로|로|대해|위해|통해|따라|^게)$"), WordFunction.ADVERBIAL),
    (re.compile("(?:며|면서|고|지만|다|까|요)$"), WordFunction.CLAUSE_END),
)
_HAVE_STEM = frozenset((WordFunction.TOPIC, WordFunction.SUBJECT, WordFunction.GENITIVE))


def _set_function_by_ending(word: Word) -> None:
    """Set a word's likely function from its last syllable; words with a listed ending are bare nouns."""
    known = speaker_words()
    if known.roles.search(word.form) or known.organizations.search(word.form) or known.anonymous.search(word.form):
        word.function = WordFunction.BARE
        return
    if word.form.endswith("인") and known.roles.search(word.form[:-1]):
        word.function, word.stem = WordFunction.COPULA, word.form[:-1]
        return
    for pattern, does in _ENDINGS:
        found = pattern.search(word.form)
        if found and (found.start() or does not in _HAVE_STEM):
            word.is_verb = does is WordFunction.MODIFIER
            word.function = does
            if does in _HAVE_STEM:
                word.stem, word.stem_end = word.form[: found.start()], word.end - len(found[0])
            return
    word.function = WordFunction.BARE
