"""Editions: what became of each claim's passage when the text of its article changed.

In: the appearances in one edition, the new text and, where it is at hand, the old one. Out: for each whether it is
kept, moved, changed or an orphan. The invariant: only the very same words are carried over, the context deciding
between equal ones; whatever else resembles them is a proposal to the editor. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from claimledger.models import Appearance, QuoteSelector, Span
from claimledger.selectors import Orphan, Resolved, make_quote, resolve
from claimledger.vocabulary import Fate

LEAST_LIKENESS = 0.5
"""Share of words (difflib's ratio) that a sentence must have in common with a passage to be proposed for it."""
MOST_PROPOSALS = 3
"""How many places are proposed for one passage."""
LONGEST_SENTENCE = 2_000
"""A longer one is not compared."""

UNMISTAKABLE = 16
"""Code points from which a passage that stands once in each text is the same one, whatever stands around it."""

_SENTENCE = re.compile(r"[^\n.?!]+(?:[.?!](?!\s|$)[^\n.?!]*)*[.?!]?[”’」』\"')]*")
_WORD = re.compile(r"\S+")
_EDGE = " \t\r\u00a0.?!"


@dataclass(frozen=True, slots=True)
class Carried:
    """One appearance of the old edition, seen in the new one."""

    appearance: Appearance
    """The appearance in the old edition."""
    fate: Fate
    """What became of its passage."""
    span: Span | None
    """Where the very same words stand in the new text; none unless kept or moved."""
    proposals: tuple[Span, ...] = ()
    """Places in the new text that an editor may take instead, the likest first."""


def carry_over(
    appearances: Sequence[Appearance], new: str, old: str | None = None, furniture: Sequence[Span] = ()
) -> list[Carried]:
    """Return what became of each appearance; `furniture` is that of the new text, where no claim is carried to.

    Without the old text nothing is proposed but places where the same words stand.

    >>> old = "시험 점수는 지난해보다 40% 정도 낮은 것으로 나타났다. 끝."
    >>> span = Span(start=0, end=old.index("."))
    >>> entry = Appearance(claim_id="low-score-aaaa", article_id="a", edition_sha256="0" * 64, position=span,
    ...     quote=make_quote(old, span, may_hold_text=False))
    >>> [carry_over([entry], new, old)[0].fate.value for new in (f"새 문단. {old}", old.replace("40", "45"))]
    ['moved', 'changed']
    """
    fresh = _fresh_sentences(old, new) if old is not None else []
    return [_carried(entry, new, old, furniture, fresh) for entry in appearances]


def _carried(entry: Appearance, new: str, old: str | None, furniture: Sequence[Span], fresh: Sequence[Span]) -> Carried:
    found = resolve(new, None, _quote(entry, old))
    if isinstance(found, Orphan) and len(found.places) == 1 and _is_unmistakable(_passage(entry, old), old):
        found = Resolved(found.places[0], is_moved=True)
    if isinstance(found, Orphan):
        places = tuple(place for place in found.places if not _touches(place, furniture))
        proposals = places or _likest(_passage(entry, old), new, fresh)
    elif _touches(found.span, furniture):
        proposals = (found.span,)
    else:
        fate = Fate.KEPT if found.span == entry.position else Fate.MOVED
        return Carried(entry, fate, found.span)
    return Carried(entry, Fate.CHANGED if proposals else Fate.ORPHAN, None, proposals[:MOST_PROPOSALS])


def _quote(entry: Appearance, old: str | None) -> QuoteSelector:
    """Return the selector with its words where the old text is at hand: hashing every place of a text takes long."""
    return entry.quote if old is None else make_quote(old, entry.position, may_hold_text=True)


def _passage(entry: Appearance, old: str | None) -> str:
    return "" if old is None else old[entry.position.start : entry.position.end]


def _is_unmistakable(passage: str, old: str | None) -> bool:
    """Whether a passage is long enough, and was the only one of its words, to be known in any surroundings."""
    return old is not None and len(passage) >= UNMISTAKABLE and old.count(passage) == 1


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _fresh_sentences(old: str, new: str) -> list[Span]:
    """Return the sentences of the new text that do not stand in the old one."""
    known = {found[0].strip(_EDGE) for found in _SENTENCE.finditer(old)}
    return [
        _without_edges(found.start(), found[0])
        for found in _SENTENCE.finditer(new)
        if (words := found[0].strip(_EDGE)) and words not in known and len(words) <= LONGEST_SENTENCE
    ]


def _without_edges(start: int, sentence: str) -> Span:
    start += len(sentence) - len(sentence.lstrip(_EDGE))
    return Span(start=start, end=start + len(sentence.strip(_EDGE)))


def _likest(passage: str, new: str, fresh: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches of fresh sentences that have most words in common with a passage, the likest first."""
    wanted = passage.split()
    found = []
    for sentence in fresh:
        words = [Span(start=word.start(), end=word.end()) for word in _WORD.finditer(new, sentence.start, sentence.end)]
        likeness, span = _stretch(wanted, words, new)
        if likeness >= LEAST_LIKENESS:
            found.append((-likeness, span.start, span))
    return tuple(span for *_, span in sorted(found, key=lambda one: one[:2]))


def _stretch(wanted: Sequence[str], words: Sequence[Span], new: str) -> tuple[float, Span]:
    """Return the stretch of a sentence as long as a passage, laid where their longest common run of words lies."""
    printed = [new[word.start : word.end] for word in words]
    matcher = SequenceMatcher(None, wanted, printed, autojunk=False)
    run = matcher.find_longest_match()
    first = max(run.b - run.a, 0)
    last = min(max(run.b - run.a, 0) + len(wanted), len(words)) - 1
    matcher.set_seq2(printed[first : last + 1])
    span = Span(start=words[first].start, end=words[last].end)
    return matcher.ratio(), _without_edges(span.start, new[span.start : span.end])
