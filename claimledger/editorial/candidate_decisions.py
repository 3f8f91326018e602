"""Candidates of an article on the desk with their states, and the changes that accept or dismiss them.

A person writes the statement. Information that the text does not contain is requested and never filled in. Nothing is
stored here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from claimledger.coverage import CoverageReport
from claimledger.editorial.current_edition import EditionWithText
from claimledger.errors import LedgerError, Problem
from claimledger.newsroom.decisions import Decision
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.text_form import check_claim_id
from claimledger.models import Appearance, Change, MachineWording, QuoteSelector, RelatedClaim, Span, record_key
from claimledger.quantities import FigureRole, has_plausible_amount, to_quantity
from claimledger.selectors import make_quote
from claimledger.spotting import (
    Candidate, SpottedSpeaker, SpottedText, candidate_at, failed_plugins, spot_with_problems,
)  # fmt: skip
from claimledger.desk_vocabulary import Coverage, PassageDecision
from claimledger.vocabulary import AttributionMode, SpeakerBasis, SpeakerKind, Subject


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """The fields that a person enters to accept a passage as a claim."""

    claim_id: str
    """The new claim's identifier."""
    statement: Mapping[str, str]
    """The claim in our own words, by language."""
    topics: Sequence[str]
    """The topics, the main one first."""
    source_kind: str
    """The kind of the article's source."""
    source_name: Mapping[str, str]
    """The name of the source, by language."""
    speaker_kind: str | None = None
    """The kind of the speaker, or None to take it from the candidate."""
    speaker_name: Mapping[str, str] | None = None
    """The speaker's name by language, or None to take it from the candidate."""
    has_speaker: bool = True
    """True if a speaker asserts it; if not, it is in the article's own words."""
    said_on: str | None = None
    """The date of the statement, EDTF."""
    about_on: str | None = None
    """The period that the statement is about, EDTF."""
    relations: Sequence[RelatedClaim] = ()
    """The links to earlier claims."""
    machine_wording: Sequence[MachineWording] = ()
    """The marks of statements that a language model worded."""
    leaves_out_doubtful: bool = False
    """True if figures whose amount cannot be meant are left out, for a person to enter."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate and its state."""

    candidate: Candidate
    """The candidate."""
    state: Coverage
    """Claimed, dismissed, or unbound if a decision on it, or on a number or quotation in it, is missing."""
    claim_ids: tuple[str, ...]
    """The claims whose passages overlap it."""
    rest: Span
    """The part without a decision: all of it, or the first open part between its claims."""


class NoPassage(LedgerError):
    """Raised when a range is not a passage of the text."""

    def __init__(self, span: Span, length: int) -> None:
        """Name the range and the length of the text, in code points."""
        super().__init__(start=span.start, end=span.end, length=length)


def list_proposals(at_hand: EditionWithText, found: CoverageReport) -> list[Proposal]:
    """Return the candidates of an edition with their states, in the order of the text; `found` is its coverage.

    A candidate that overlaps a claim counts as claimed only if no other number or quotation in it is open.
    """
    placed, items = at_hand.placed_passages(), [one.span for one in found.undecided_items()]
    dismissed = [span for span, _ in at_hand.dismissals()]
    spotted = spot_cached(at_hand.text.content, at_hand.edition.furniture)
    return [_proposal(at_hand, candidate, placed, dismissed, items) for candidate in spotted.candidates]


def unread_paragraphs(at_hand: EditionWithText) -> tuple[Problem, ...]:
    """Return the problems of languages that failed to load or failed on a paragraph, so that candidates are missing."""
    return (*failed_plugins(), *spot_cached(at_hand.text.content, at_hand.edition.furniture).problems)


@lru_cache(maxsize=16)  # spotting takes longer than the rest of an article's page
def spot_cached(text: str, furniture: tuple[Span, ...]) -> SpottedText:
    """Return the candidates of a text with its furniture."""
    return spot_with_problems(text, furniture=furniture)


def _proposal(
    at_hand: EditionWithText,
    candidate: Candidate,
    placed: Sequence[tuple[Appearance, Span]],
    dismissed: Sequence[Span],
    undecided: Sequence[Span],
) -> Proposal:
    own = Span(start=candidate.start, end=candidate.end)
    overlapping = [(entry.claim_id, span) for entry, span in placed if _overlap(own, span)]
    claims = tuple(dict.fromkeys(claim_id for claim_id, _ in overlapping))
    if claims and (left := [item for item in undecided if _overlap(own, item)]):
        rest = _open_part(at_hand, own, [span for _, span in overlapping], left[0])
        return Proposal(candidate, Coverage.UNBOUND, claims, rest)
    if claims:
        return Proposal(candidate, Coverage.CLAIMED, claims, own)
    is_dismissed = any(span.start <= own.start and own.end <= span.end for span in dismissed)
    return Proposal(candidate, Coverage.DISMISSED if is_dismissed else Coverage.UNBOUND, (), own)


_SEPARATORS = " \t\r\n,;.·"
"""The characters between two parts of a sentence that belong to neither."""


def _open_part(at_hand: EditionWithText, own: Span, overlapping: Sequence[Span], item: Span) -> Span:
    """Return the part of a candidate around an item, from the claim before it to the claim after it."""
    start = max((span.end for span in overlapping if span.end <= item.start), default=own.start)
    end = min((span.start for span in overlapping if item.end <= span.start), default=own.end)
    words = at_hand.text.content[start:end]
    return Span(start=start + len(words) - len(words.lstrip(_SEPARATORS)), end=start + len(words.rstrip()))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def passages_without_candidate(at_hand: EditionWithText, found: Sequence[Proposal]) -> list[Appearance]:
    """Return the claimed passages that overlap no candidate."""
    claimed = {claim_id for proposal in found for claim_id in proposal.claim_ids}
    return [entry for entry in at_hand.appearances if entry.claim_id not in claimed]


def make_passage_selector(at_hand: EditionWithText, span: Span) -> QuoteSelector:
    """Return the quote selector of a passage, with its words.

    Raises:
        NoPassage: the range ends after the text, or contains only white space.
    """
    if span.end > len(at_hand.text.content) or not at_hand.words(span).strip():
        raise NoPassage(span, len(at_hand.text.content))
    return make_quote(at_hand.text.content, span, may_hold_text=True)


def make_decision(
    at_hand: EditionWithText, span: Span, decided: PassageDecision, edit: Edit, claim_id: str | None = None
) -> Decision:
    """Return a decision on a passage, with the claim made from it, if any.

    Raises:
        NoPassage: the range is not a passage of the text.
    """
    article_id, edition = at_hand.article.article_id, at_hand.edition.edition_sha256
    return Decision(
        article_id, edition, decided, span, make_passage_selector(at_hand, span), edit.reason, edit.author, claim_id
    )


def claim_changes(
    at_hand: EditionWithText, span: Span, given: ClaimInput
) -> tuple[tuple[Change, Change], list[Problem]]:
    """Return the changes that create a claim and its appearance, and the problems of the input.

    If there are problems, the changes cannot be stored, but other problems in them can still be found.

    Raises:
        NoPassage: the range is not a passage of the text.
        ProblemsFound: the identifier is not one for a claim.
    """
    make_passage_selector(at_hand, span)
    check_claim_id(given.claim_id)
    article, text = at_hand.article, at_hand.text.content
    appearance = Appearance(
        claim_id=given.claim_id,
        article_id=article.article_id,
        edition_sha256=at_hand.edition.edition_sha256,
        position=span,
        quote=make_quote(text, span, may_hold_text=article.rights.may_hold_text),
    )
    candidate = candidate_at(text, span, at_hand.edition.furniture)
    claim = {
        "claim_id": given.claim_id,
        "article_id": article.article_id,
        **_input_fields(given),
        **_quantity_fields(candidate),
    }
    problems = _speaker_problems(candidate, given)
    doubts = [] if given.leaves_out_doubtful else _amount_problems(candidate)
    claim |= _attribution_fields(candidate, given, article.language) if not problems else _NARRATION
    return (
        Change(subject=Subject.CLAIM, key=given.claim_id, base=None, fields=claim),
        Change(subject=Subject.APPEARANCE, key=record_key(appearance), base=None, fields=appearance.to_json()),
    ), [*problems, *doubts]


def _input_fields(given: ClaimInput) -> dict[str, Any]:
    fields = {
        "statement": dict(given.statement),
        "source": {"kind": given.source_kind, "name": dict(given.source_name)},
        "topics": list(given.topics),
        "said_on": given.said_on,
        "about_on": given.about_on,
        "relations": [one.to_json() for one in given.relations] or None,
        "machine_wording": [one.to_json() for one in given.machine_wording] or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _amount_problems(candidate: Candidate) -> list[Problem]:
    """Return a problem for each figure whose amount its unit cannot have: it was misread and is left to a person."""
    return [
        Problem("implausible-amount", field="quantities", printed=figure.text)
        for figure in candidate.figures
        if figure.role is FigureRole.QUANTITY and not has_plausible_amount(figure)
    ]


def _quantity_fields(candidate: Candidate) -> dict[str, Any]:
    """Return the quantities of a candidate (JSON); a figure whose amount cannot be meant never is one."""
    figures = [
        figure for figure in candidate.figures if figure.role is FigureRole.QUANTITY and has_plausible_amount(figure)
    ]
    return {"quantities": [to_quantity(figure).to_json() for figure in figures]} if figures else {}


def _speaker_problems(candidate: Candidate, given: ClaimInput) -> list[Problem]:
    """Return the problems with the speaker: missing in text and input, or contradictory."""
    if not given.has_speaker:
        return [_SPEAKER_DENIED] if given.speaker_name or given.speaker_kind else []
    if candidate.speaker is None and not given.speaker_name:
        is_reported = candidate.mode is not AttributionMode.NARRATION
        if is_reported:
            return [_NO_SPEAKER, *_problem_unless(given.speaker_kind, _NO_KIND)]
        return [_KIND_WITHOUT_NAME] if given.speaker_kind else []
    return _problem_unless(given.speaker_kind or _speaker_kind(candidate.speaker), _NO_KIND)


def _problem_unless(given: str | None, problem: Problem) -> list[Problem]:
    return [] if given else [problem]


def _attribution_fields(candidate: Candidate, given: ClaimInput, language: str) -> dict[str, Any]:
    """Return the speaker and the attribution (JSON), from the input or else from the candidate."""
    found = candidate.speaker
    if not given.has_speaker or (found is None and not given.speaker_name):
        return _NARRATION
    mode = AttributionMode.INDIRECT_QUOTE if candidate.mode is AttributionMode.NARRATION else candidate.mode
    basis = found.basis if found else SpeakerBasis.EXPLICIT
    attribution = {"mode": mode.value, "cue": candidate.cue, "speaker_basis": basis.value}
    speaker = {
        "kind": given.speaker_kind or _speaker_kind(found),
        "name": dict(given.speaker_name or {language: found.name if found else ""}),
        **{name: {language: words} for name in ("role", "organization") if (words := getattr(found, name, None))},
    }
    return {"speaker": speaker, "attribution": {name: word for name, word in attribution.items() if word}}


def _speaker_kind(found: SpottedSpeaker | None) -> str | None:
    """Return the kind of a speaker, or None if the text does not show whether it is a person or an organisation."""
    if found and found.is_anonymous:
        return SpeakerKind.ANONYMOUS.value
    return SpeakerKind.PERSON.value if found and found.role else None


_NARRATION: dict[str, Any] = {"attribution": {"mode": AttributionMode.NARRATION.value}}
_SPEAKER_DENIED = Problem("speaker-not-said", field="speaker")
_NO_SPEAKER = Problem("speaker-needed", field="speaker")
_KIND_WITHOUT_NAME = Problem("speaker-kind-alone", field="speaker")
_NO_KIND = Problem("speaker-kind-needed", field="speaker.kind", kinds=tuple(SpeakerKind))  # fmt: skip
