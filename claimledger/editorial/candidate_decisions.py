"""Candidates of an article on the desk, each with what became of it; accepting and dismissing them.

In: an edition at hand, a passage and what a person says about it. Out: the candidates, new ones first asked; or the
change that makes a claim, and the decision to keep. The invariant: a person gives the statement; what the text does not
say is asked for, never filled in. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from claimledger.coverage import Accounted
from claimledger.editorial.current_edition import EditionAtHand
from claimledger.errors import LedgerError, Problem
from claimledger.newsroom.decisions import Decision
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.text_form import check_claim_id
from claimledger.models import Appearance, Change, QuoteSelector, RelatedClaim, Span, key_of
from claimledger.quantities import Role, to_quantity
from claimledger.selectors import make_quote
from claimledger.spotting import Candidate, SpeakerFound, candidate_at, spot_text
from claimledger.vocabulary import AttributionMode, Coverage, Decided, SpeakerBasis, SpeakerKind, Subject


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says about a passage that makes a claim."""

    claim_id: str
    """The claim's name."""
    statement: Mapping[str, str]
    """The claim in our own words, by language."""
    topics: Sequence[str]
    """What it is about, the chief topic first."""
    source_kind: str
    """Where the article has it from."""
    source_name: Mapping[str, str]
    """The name of that, by language."""
    speaker_kind: str | None = None
    """What the speaker is; none if the candidate shall tell."""
    speaker_name: Mapping[str, str] | None = None
    """The speaker's name by language; none if the candidate shall tell."""
    has_speaker: bool = True
    """Whether somebody is said to assert it; if not, it is the article's own voice."""
    said_on: str | None = None
    """When it was uttered, EDTF."""
    about_on: str | None = None
    """The period it speaks of, EDTF."""
    relations: Sequence[RelatedClaim] = ()
    """Earlier claims it is tied to."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate and what became of it."""

    candidate: Candidate
    """The candidate."""
    state: Coverage
    """Claimed, dismissed, or unbound: nobody has decided yet on it, or on a number or quotation in it."""
    claim_ids: tuple[str, ...]
    """The claims whose passage it shares."""
    rest: Span
    """What is still to be decided on: all of it, or between those claims the first part with a number or quotation."""


class NoPassage(LedgerError):
    """The range given is none of the text's."""

    def __init__(self, span: Span, length: int) -> None:
        """Name the range and the length of the text, in code points."""
        super().__init__(
            f"{span.start}-{span.end} is no passage of the text, which has {length:,} code points. "
            "'claimledger spot --article' and 'claimledger coverage' show the ranges."
        )


def proposals(at_hand: EditionAtHand, found: Accounted) -> list[Proposal]:
    """Return the candidates of an edition in the order of the text, with what became of each; `found` is its coverage.

    One that a claim takes up in part is claimed only when no number and no quotation in the rest is left.
    """
    placed, items = at_hand.placed(), [one.span for one in found.undecided()]
    dismissed = [span for span, _ in at_hand.dismissals()]
    spotted = _spotted(at_hand.text.content, at_hand.edition.furniture)
    return [_proposal(at_hand, candidate, placed, dismissed, items) for candidate in spotted]


@lru_cache(maxsize=16)  # reading the sentences of one text takes longer than all the rest of its page
def _spotted(text: str, furniture: tuple[Span, ...]) -> tuple[Candidate, ...]:
    return tuple(spot_text(text, furniture=furniture))


def _proposal(
    at_hand: EditionAtHand,
    candidate: Candidate,
    placed: Sequence[tuple[Appearance, Span]],
    dismissed: Sequence[Span],
    undecided: Sequence[Span],
) -> Proposal:
    own = Span(start=candidate.start, end=candidate.end)
    taken = [(entry.claim_id, span) for entry, span in placed if _share(own, span)]
    claims = tuple(dict.fromkeys(claim_id for claim_id, _ in taken))
    if left := [item for item in undecided if claims and _share(own, item)]:
        rest = _between(at_hand, own, [span for _, span in taken], left[0])
        return Proposal(candidate, Coverage.UNBOUND, claims, rest)
    if claims:
        return Proposal(candidate, Coverage.CLAIMED, claims, own)
    is_dismissed = any(span.start <= own.start and own.end <= span.end for span in dismissed)
    return Proposal(candidate, Coverage.DISMISSED if is_dismissed else Coverage.UNBOUND, (), own)


_JOINS = " \t\r\n,;.·"
"""What stands between two parts of a sentence and belongs to neither."""


def _between(at_hand: EditionAtHand, own: Span, taken: Sequence[Span], item: Span) -> Span:
    """Return the part of a candidate around an item, from the claim before it to the claim after it."""
    start = max((span.end for span in taken if span.end <= item.start), default=own.start)
    end = min((span.start for span in taken if item.end <= span.start), default=own.end)
    words = at_hand.text.content[start:end]
    return Span(start=start + len(words) - len(words.lstrip(_JOINS)), end=start + len(words.rstrip()))


def _share(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def without_candidate(at_hand: EditionAtHand, found: Sequence[Proposal]) -> list[Appearance]:
    """Return the passages that make claims and share nothing with any candidate."""
    met = {claim_id for proposal in found for claim_id in proposal.claim_ids}
    return [entry for entry in at_hand.appearances if entry.claim_id not in met]


def passage(at_hand: EditionAtHand, span: Span) -> QuoteSelector:
    """Return the selector, with its words, of a passage that a decision is kept on.

    Raises:
        NoPassage: it reaches past the end of the text, or holds nothing but space.
    """
    if span.end > len(at_hand.text.content) or not at_hand.words(span).strip():
        raise NoPassage(span, len(at_hand.text.content))
    return make_quote(at_hand.text.content, span, may_hold_text=True)


def decision(at_hand: EditionAtHand, span: Span, decided: Decided, edit: Edit, claim_id: str | None = None) -> Decision:
    """Return a decision on a passage, with the claim made of it.

    Raises:
        NoPassage: it is none of the text's.
    """
    article_id, edition = at_hand.article.article_id, at_hand.edition.edition_sha256
    return Decision(article_id, edition, decided, span, passage(at_hand, span), edit.reason, edit.author, claim_id)


def changes(at_hand: EditionAtHand, span: Span, told: Told) -> tuple[tuple[Change, Change], list[Problem]]:
    """Return the changes that make a claim and its appearance of a passage, and what is not told well enough.

    With a problem they are no changes to store, but what else is wrong with them can be found.

    Raises:
        NoPassage: it is none of the text's.
        ProblemsFound: the name given is none for a claim.
    """
    passage(at_hand, span)
    check_claim_id(told.claim_id)
    article, text = at_hand.article, at_hand.text.content
    appearance = Appearance(
        claim_id=told.claim_id,
        article_id=article.article_id,
        edition_sha256=at_hand.edition.edition_sha256,
        position=span,
        quote=make_quote(text, span, may_hold_text=article.rights.may_hold_text),
    )
    candidate = candidate_at(text, span, at_hand.edition.furniture)
    claim = {"claim_id": told.claim_id, "article_id": article.article_id, **_as_told(told), **_as_printed(candidate)}
    problems = _untold(candidate, told)
    claim |= _attributed(candidate, told, article.language) if not problems else _NARRATED
    return (
        Change(subject=Subject.CLAIM, key=told.claim_id, base=None, fields=claim),
        Change(subject=Subject.APPEARANCE, key=key_of(appearance), base=None, fields=appearance.to_json()),
    ), problems


def _as_told(told: Told) -> dict[str, Any]:
    fields = {
        "statement": dict(told.statement),
        "source": {"kind": told.source_kind, "name": dict(told.source_name)},
        "topics": list(told.topics),
        "said_on": told.said_on,
        "about_on": told.about_on,
        "relations": [one.to_json() for one in told.relations] or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _as_printed(candidate: Candidate) -> dict[str, Any]:
    figures = [figure for figure in candidate.figures if figure.role is Role.QUANTITY]
    return {"quantities": [to_quantity(figure).to_json() for figure in figures]} if figures else {}


def _untold(candidate: Candidate, told: Told) -> list[Problem]:
    """Return what neither the text nor the person says of the speaker, or what they say against each other."""
    if not told.has_speaker:
        return [_NOT_SAID] if told.speaker_name or told.speaker_kind else []
    if candidate.speaker is None and not told.speaker_name:
        is_reported = candidate.mode is not AttributionMode.NARRATION
        if is_reported:
            return [_NO_SPEAKER, *_unless(told.speaker_kind, _NO_KIND)]
        return [_KIND_ALONE] if told.speaker_kind else []
    return _unless(told.speaker_kind or _kind(candidate.speaker), _NO_KIND)


def _unless(told: str | None, problem: Problem) -> list[Problem]:
    return [] if told else [problem]


def _attributed(candidate: Candidate, told: Told, language: str) -> dict[str, Any]:
    """Return the speaker and the attribution, of the person's words where there are any, else of the candidate's."""
    found = candidate.speaker
    if not told.has_speaker or (found is None and not told.speaker_name):
        return _NARRATED
    mode = AttributionMode.INDIRECT_QUOTE if candidate.mode is AttributionMode.NARRATION else candidate.mode
    basis = found.basis if found else SpeakerBasis.EXPLICIT
    attribution = {"mode": mode.value, "cue": candidate.cue, "speaker_basis": basis.value}
    speaker = {
        "kind": told.speaker_kind or _kind(found),
        "name": dict(told.speaker_name or {language: found.name if found else ""}),
        **{name: {language: words} for name in ("role", "organization") if (words := getattr(found, name, None))},
    }
    return {"speaker": speaker, "attribution": {name: word for name, word in attribution.items() if word}}


def _kind(found: SpeakerFound | None) -> str | None:
    """Return what a speaker is; none if the text does not tell a person from an organisation."""
    if found and found.is_anonymous:
        return SpeakerKind.ANONYMOUS.value
    return SpeakerKind.PERSON.value if found and found.role else None


_NARRATED: dict[str, Any] = {"attribution": {"mode": AttributionMode.NARRATION.value}}
_NOT_SAID = Problem(
    "speaker-not-said", "A speaker's name or kind is given, and it is said that nobody asserts it.",
    "Say that somebody does, or leave out the speaker's name and kind.", field="speaker",
)  # fmt: skip
_NO_SPEAKER = Problem(
    "speaker-needed", "The passage reports what somebody says, and the text does not surely say who.",
    "Name the speaker, or say that the article says it in its own voice.", field="speaker",
)  # fmt: skip
_KIND_ALONE = Problem(
    "speaker-kind-alone", "It is said what the speaker is, and the text does not tell who that is.",
    "Name the speaker, or leave out what the speaker is: then the article says it in its own voice.", field="speaker",
)  # fmt: skip
_NO_KIND = Problem(
    "speaker-kind-needed", "The text does not tell whether the speaker is a person or an organisation.",
    "Say which: person, organization or anonymous.", field="speaker.kind",
)  # fmt: skip
