"""Find each claim's passage in a new edition of an article.

Each appearance in the old edition is kept, moved, changed or an orphan. Only identical words are carried over; the
context decides between equal passages. Anything that merely resembles a passage becomes a proposal to the editor.
Nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from claimledger.models import Appearance, QuoteSelector, Span
from claimledger.selectors import Orphan, ResolvedPassage, make_quote, resolve_selector
from claimledger.desk_vocabulary import PassageFate

LEAST_SIMILARITY = 0.5
"""The share of words (difflib's ratio) that a sentence must share with a passage to be proposed for it."""
MOST_PROPOSALS = 3
"""The greatest number of proposals for one passage."""
LONGEST_COMPARED_SENTENCE = 2_000
"""The greatest length of a compared sentence, in code points."""

UNMISTAKABLE_LENGTH = 16
"""The length in code points from which a passage that occurs once in each text is the same in any surroundings."""

_SENTENCE = re.compile(r"[^\n.?!]+(?:[.?!](?!\s|$)[^\n.?!]*)*[.?!]?[”’」』\"')]*")
_WORD = re.compile(r"\S+")
_EDGE = " \t\r\u00a0.?!"


@dataclass(frozen=True, slots=True)
class CarriedAppearance:
    """The result of carrying one appearance from the old edition to the new one."""

    appearance: Appearance
    """The appearance in the old edition."""
    fate: PassageFate
    """The result for its passage: kept, moved, changed or orphan."""
    span: Span | None
    """The span of the same words in the new text; None unless the passage was kept or moved."""
    proposals: tuple[Span, ...] = ()
    """Spans of the new text that an editor may choose instead, the most similar first."""


def carry_over(
    appearances: Sequence[Appearance], new: str, old: str | None = None, furniture: Sequence[Span] = ()
) -> list[CarriedAppearance]:
    """Return the result for each appearance; no claim is carried into `furniture`, the furniture of the new text.

    Without the old text, only spans with the same words are proposed.

    >>> old = "시험 점수는 지난해보다 40% 정도 낮은 것으로 나타났다. 끝."
    >>> span = Span(start=0, end=old.index("."))
    >>> entry = Appearance(claim_id="low-score-aaaa", article_id="a", edition_sha256="0" * 64, position=span,
    ...     quote=make_quote(old, span, may_hold_text=False))
    >>> [carry_over([entry], new, old)[0].fate.value for new in (f"새 문단. {old}", old.replace("40", "45"))]
    ['moved', 'changed']
    """
    fresh = _new_sentences(old, new) if old is not None else []
    return [_carry(entry, new, old, furniture, fresh) for entry in appearances]


def _carry(
    entry: Appearance, new: str, old: str | None, furniture: Sequence[Span], fresh: Sequence[Span]
) -> CarriedAppearance:
    found = resolve_selector(new, None, _quote(entry, old))
    if isinstance(found, Orphan) and len(found.places) == 1 and _is_unmistakable(_passage(entry, old), old):
        found = ResolvedPassage(found.places[0], is_moved=True)
    if isinstance(found, Orphan):
        places = tuple(place for place in found.places if not _overlaps(place, furniture))
        proposals = places or _most_similar(_passage(entry, old), new, fresh)
    elif _overlaps(found.span, furniture):
        proposals = (found.span,)
    else:
        fate = PassageFate.KEPT if found.span == entry.position else PassageFate.MOVED
        return CarriedAppearance(entry, fate, found.span)
    return CarriedAppearance(
        entry, PassageFate.CHANGED if proposals else PassageFate.ORPHAN, None, proposals[:MOST_PROPOSALS]
    )


def _quote(entry: Appearance, old: str | None) -> QuoteSelector:
    """Return the quote selector, with words if the old text is known: hashing every position of a text is slow."""
    return entry.quote if old is None else make_quote(old, entry.position, may_hold_text=True)


def _passage(entry: Appearance, old: str | None) -> str:
    return "" if old is None else old[entry.position.start : entry.position.end]


def _is_unmistakable(passage: str, old: str | None) -> bool:
    """Return whether a passage is long and unique enough in the old text to be recognised in any surroundings."""
    return old is not None and len(passage) >= UNMISTAKABLE_LENGTH and old.count(passage) == 1


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _new_sentences(old: str, new: str) -> list[Span]:
    """Return the spans of the new text's sentences that the old text does not contain."""
    known = {found[0].strip(_EDGE) for found in _SENTENCE.finditer(old)}
    return [
        _trimmed_span(found.start(), found[0])
        for found in _SENTENCE.finditer(new)
        if (words := found[0].strip(_EDGE)) and words not in known and len(words) <= LONGEST_COMPARED_SENTENCE
    ]


def _trimmed_span(start: int, sentence: str) -> Span:
    start += len(sentence) - len(sentence.lstrip(_EDGE))
    return Span(start=start, end=start + len(sentence.strip(_EDGE)))


def _most_similar(passage: str, new: str, fresh: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans in new sentences that share the most words with a passage, the most similar first."""
    wanted = passage.split()
    found = []
    for sentence in fresh:
        words = [Span(start=word.start(), end=word.end()) for word in _WORD.finditer(new, sentence.start, sentence.end)]
        similarity, span = _best_part(wanted, words, new)
        if similarity >= LEAST_SIMILARITY:
            found.append((-similarity, span.start, span))
    return tuple(span for *_, span in sorted(found, key=lambda one: one[:2]))


def _best_part(wanted: Sequence[str], words: Sequence[Span], new: str) -> tuple[float, Span]:
    """Return the best matching part of a sentence, as long as the passage, and its similarity from 0 to 1.

    The part is placed so that the longest run of words in common has the same offset in both.
    """
    printed = [new[word.start : word.end] for word in words]
    matcher = SequenceMatcher(None, wanted, printed, autojunk=False)
    run = matcher.find_longest_match()
    first = max(run.b - run.a, 0)
    last = min(max(run.b - run.a, 0) + len(wanted), len(words)) - 1
    matcher.set_seq2(printed[first : last + 1])
    span = Span(start=words[first].start, end=words[last].end)
    return matcher.ratio(), _trimmed_span(span.start, new[span.start : span.end])
