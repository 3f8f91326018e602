"""Find the speaker of each draft across the sentences of one paragraph.

Quotations that continue another get a draft of their own, and each draft gets a `SpottedSpeaker` or None. A pronoun
means a speaker named earlier in the same paragraph, or the only person the paragraph has named. If two people are
possible, no speaker is named. This module does not know how drafts are made.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from claimledger.models import Span
from claimledger.spotting.english_quotes import TextRange, is_term
from claimledger.spotting.english_drafts import EnglishDraft, StatementShape
from claimledger.spotting.english_references import (
    find_antecedent, has_other_subject, names_other_person, reference_noun,
)  # fmt: skip
from claimledger.spotting.english_speakers import (
    ORGANIZATION_NOUNS, TITLES, SourceDescription, describe_source, is_document,
)  # fmt: skip
from claimledger.spotting.language import SpottedSpeaker
from claimledger.vocabulary import SpeakerBasis

SINGULAR_PRONOUNS = frozenset(("he", "she"))
_OTHERS = frozenset(("they", "it"))
REPORTER_PRONOUNS = frozenset(("i", "we", "you", "us", "me", "my", "our", "your"))
"""Pronouns for the article's author or reader."""
_RELATIVE = frozenset(("who", "which", "that", "whose", "whom", "what", "those", "this", "these", "there"))
_POSSESSIVE = {"his": "he", "her": "she", "their": "they", "its": "it"}
_FULL_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?[A-Z][\w’'-]+"
    r"(?:\s+(?:[A-Z]\.|[A-Z][\w’'-]+|de|van|von|bin|al|el))*\s+[A-Z][\w’'-]+|(?:Mr|Mrs|Ms|Dr)\.?\s+[A-Z][\w’'-]+"
)
_PLURAL = re.compile(r"(?:s|people|men|women|police)$")

LONGEST_PRONOUN_DISTANCE = 1_500
"""The greatest distance, in characters, between a pronoun and the name it means."""
_REMEMBERED = 8

KnownSource = tuple[TextRange, SourceDescription]


def add_uncued_quotations(
    text: str, found: Sequence[EnglishDraft], quotations: Sequence[TextRange], sentences: Sequence[Span]
) -> list[EnglishDraft]:
    """Return the drafts, and new drafts for the quotations without a cue, in order.

    A quotation that fills the sentence after another quotation continues it; any other has no source. Titles of works
    and mentioned words are not quotations of anybody.
    """
    drafts = sorted(found, key=lambda draft: draft.content)
    rows = deque(drafts)
    whole = {sentence.start: sentence.end for sentence in sentences}
    starts = list(whole)
    last: EnglishDraft | None = None
    reach = 0
    for quotation in quotations:
        while rows and rows[0].content[0] < quotation[1]:
            row = rows.popleft()
            reach = max(reach, row.content[1])
            last = row if row.is_quoted else last
        if quotation[0] < reach:
            continue
        is_whole = quotation[1] + 1 >= whole.get(quotation[0], len(text) + 2)
        if is_whole and last and _is_next(last, quotation[0], starts):
            last = replace(last, content=quotation, shape=StatementShape.CARRIED)
            drafts.append(last)
        elif is_whole or not is_term(text, quotation):
            drafts.append(EnglishDraft(quotation))
    return sorted(drafts, key=lambda draft: draft.content)


def _is_next(draft: EnglishDraft, start: int, starts: Sequence[int]) -> bool:
    """Return whether no other sentence begins between a draft and a start: its subject might be the speaker."""
    end = max(span[1] for span in (draft.content, draft.cue, draft.source) if span)
    return bisect_right(starts, end) >= bisect_left(starts, start)


def find_speakers(text: str, drafts: Sequence[EnglishDraft], start: int) -> list[SpottedSpeaker | None]:
    """Return the speaker of each draft of a paragraph that begins at `start`."""
    known: list[KnownSource] = []
    return [_find_speaker(text, draft, known, start) for draft in drafts]


def _find_speaker(text: str, draft: EnglishDraft, known: list[KnownSource], start: int) -> SpottedSpeaker | None:
    if draft.source is None:
        return None
    words = text[slice(*draft.source)]
    low = words.lower()
    low = _POSSESSIVE.get(low, low)
    is_carried = draft.shape is StatementShape.CARRIED
    if low in SINGULAR_PRONOUNS or low in _OTHERS:
        basis = SpeakerBasis.CARRIED if is_carried else SpeakerBasis.PRONOUN
        return _to_speaker(_resolve_pronoun(text, low, draft, known, start), basis)
    if low in REPORTER_PRONOUNS or low in _RELATIVE or not any(letter.isalnum() for letter in words):
        return None
    if noun := reference_noun(words):
        antecedent = _resolve_reference(text, noun, draft.source, known, start)
        known += [antecedent] if antecedent and not is_carried else []
        return _to_speaker(antecedent, SpeakerBasis.CARRIED)
    source = draft.source, describe_source(words)
    if not is_carried:
        known.append(source)
        del known[:-_REMEMBERED]
    return _to_speaker(source, SpeakerBasis.CARRIED if is_carried else SpeakerBasis.EXPLICIT)


def _to_speaker(found: KnownSource | None, basis: SpeakerBasis) -> SpottedSpeaker | None:
    if found is None:
        return None
    span, source = found
    place = Span(start=span[0], end=span[1])
    return SpottedSpeaker(
        place, source.name, source.role, source.organization, source.is_anonymous, basis, source.aliases
    )


def _resolve_reference(
    text: str, noun: str, place: TextRange, known: Sequence[KnownSource], start: int
) -> KnownSource | None:
    """Return the organisation or the described document that "the company" or "the filing" means, if one is possible.

    >>> _resolve_reference("The filing said", "filing", (0, 10), [], 0)
    """
    described = {source.name: (span, source) for span, source in known if _is_described_by(source, noun)}
    if len(described) == 1:
        return next(iter(described.values()))
    persons = [source.name for _, source in known if source.organization != source.name]
    found = None if described else find_antecedent(text, noun, (start, place[0]), persons)
    if found is None:
        return None
    name = text[slice(*found)]
    return found, SourceDescription(name, None, name, is_anonymous=False, aliases=())


def _is_described_by(source: SourceDescription, noun: str) -> bool:
    """Return whether a source was described with a noun: "a filing by Daon Motors"."""
    return is_document(source.name) and re.search(rf"\b{re.escape(noun)}\b", source.name.lower()) is not None


def _resolve_pronoun(
    text: str, pronoun: str, draft: EnglishDraft, known: list[KnownSource], start: int
) -> KnownSource | None:
    """Return the source that a pronoun means, if only one is possible."""
    place = draft.source[0] if draft.source else start
    fitting = [one for one in known if one[0][1] <= place and _fits(text, pronoun, one)]
    if pronoun in SINGULAR_PRONOUNS:
        return _resolve_person(text, pronoun, fitting, (start, place))
    if not fitting or fitting[-1] is not known[-1] or has_other_subject(text, fitting[-1][0][1], place):
        return None
    return fitting[-1]


def _fits(text: str, pronoun: str, one: KnownSource) -> bool:
    span, source = one
    words = text[slice(*span)]
    is_thing = source.organization == source.name or is_document(words)
    if pronoun in SINGULAR_PRONOUNS:
        is_described = words.lower().startswith(("a ", "an ", "the ", "one ")) and not _PLURAL.search(words)
        is_one = is_described or not source.is_anonymous
        return is_one and not is_thing and _title(words) in ("", pronoun)
    is_many = bool(_PLURAL.search(source.name)) and source.is_anonymous
    is_organization = is_thing or words.lower().rsplit(maxsplit=1)[-1] in ORGANIZATION_NOUNS
    return is_organization or (pronoun == "they" and is_many)


def _title(words: str) -> str:
    return TITLES.get(words.split(maxsplit=1)[0].lower(), "")


def _resolve_person(text: str, pronoun: str, fitting: list[KnownSource], within: TextRange) -> KnownSource | None:
    """Return the last named speaker, unless another person is named after them; else the only person named at all."""
    since = fitting[-1][0][1] if fitting else within[0]
    if within[1] - since > LONGEST_PRONOUN_DISTANCE:
        return None
    names = [match for match in _FULL_NAME.finditer(text, since, within[1]) if _title_fits(match[0], pronoun)]
    if fitting:
        same = fitting[-1][1].name
        is_other = names_other_person(text, since, within[1], same)
        return None if is_other or not all(_is_same(match[0], same) for match in names) else fitting[-1]
    if not names or not all(_is_same(match[0], _without_title(names[0][0])) for match in names):
        return None
    name = _without_title(names[0][0])
    is_other = names_other_person(text, names[0].end(), within[1], name)
    return None if is_other else (names[0].span(), describe_source(names[0][0]))


def _title_fits(name: str, pronoun: str) -> bool:
    return _title(name) in ("", pronoun)


def _without_title(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() in TITLES and rest else name


def _is_same(name: str, other: str) -> bool:
    """Return whether two names may mean one person, because they end in the same word."""
    return re.sub(r"[’']s?$", "", name).rsplit(maxsplit=1)[-1] == re.sub(r"[’']s?$", "", other).rsplit(maxsplit=1)[-1]
