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
_NOUNS = frozenset(("NNG", "NNP", "NNB", "NR", "NP", "SL", "SH", "SN", "XSN", "XR", "W_SERIAL", "UN"))
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
    word = Word(offset + found.start() + first, offset + found.start() + last, whole[first:last].replace(BLANK, ""))
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
    for before, word in pairwise(sentence.words[sentence.parsed_count : last]):
        if word.form in _ALSO and before.function is WordFunction.BARE:
            before.function = WordFunction.TOPIC
    sentence.parsed_count = max(last, sentence.parsed_count)


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
            word.stem = word.form[:at]
            word.stem_end = word.end - (len(word.form) - at)
        word.function = _BY_PARTICLE.get(_decisive_particle(tags[cut:]), WordFunction.ADVERBIAL)
    elif last in _NOUNS:
        word.function = WordFunction.BARE
    else:
        word.function = _BY_TAG.get(last.split("-")[0], WordFunction.OTHER)
        word.is_verb = not {"VA", "XSA", "VCP", "VCN"} & set(tags)
        if last == "ETM" and "VCP" in tags:
            _cut_copula(word, start, parts, tags)
    word.is_unknown = any(part.oov for part in parts[:cut])
    word.is_proper = "SN" not in nouns and (
        "SL" in nouns or all(tag in ("NNP", "SH") or part.oov for part, tag in zip(parts[:cut], nouns, strict=True))
    )


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

_ENDINGS = (
    (re.compile("(?:하는|되는|있는|없는|같은|많은|높은|한|된|할|될)$"), WordFunction.MODIFIER),
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
    for pattern, does in _ENDINGS:
        found = pattern.search(word.form)
        if found and (found.start() or does not in _HAVE_STEM):
            word.function = does
            if does in _HAVE_STEM:
                word.stem, word.stem_end = word.form[: found.start()], word.end - len(found[0])
            return
    word.function = WordFunction.BARE
