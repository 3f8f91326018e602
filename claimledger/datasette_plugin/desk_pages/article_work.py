"""The passage of an article that is being decided on: what stands around it, and the form that accepts it.

In: an article at the desk and the range its page is asked for; or the form. Out: the passage with the candidates before
and after it; what a person says of it. The invariant: what the text does not say is left empty, never filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.earlier_forms import relations_in
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import text, whole
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.editorial.candidate_decisions import Proposal, Told
from claimledger.models import Claim, Span
from claimledger.spotting import Candidate, SpeakerFound
from claimledger.vocabulary import Coverage, SourceKind, SpeakerKind


@dataclass(frozen=True, slots=True)
class Work:
    """The passage that the page is about, if any."""

    span: Span | None
    """Where it stands."""
    words: str
    """Its words."""
    proposal: Proposal | None
    """The candidate that it is, or of which it is what is left to decide on."""
    dismissed: str
    """Why it was dismissed; empty if it was not."""
    before: str
    """The candidate before it, as an address names it."""
    after: str
    """The candidate after it."""
    next_unbound: str
    """The next candidate that nobody has decided on, from here on and then from the start."""
    with_before: str
    """The passage together with the candidate before it."""
    with_after: str
    """The passage together with the candidate after it."""


def work_at(found: ArticleAtDesk, at: str) -> Work:
    """Return the passage at a range such as `120-164`; without one there is no passage, and the first is the next."""
    span = _range(at, len(found.at_hand.text.content))
    here = span or Span(start=0, end=1)
    others = [one.candidate for one in found.proposals if not _is(one, span)]
    earlier = [one for one in others if span and (one.start, one.end) < (here.start, here.end)]
    later = [one for one in others if not span or (one.start, one.end) > (here.start, here.end)]
    dismissed = {(one.start, one.end): reason for one, reason in found.at_hand.dismissals()}
    return Work(
        span,
        found.at_hand.words(span) if span else "",
        next((one for one in found.proposals if _is(one, span)), None),
        dismissed.get((here.start, here.end), "") if span else "",
        _name(earlier[-1]) if earlier else "",
        _name(later[0]) if later else "",
        _next_unbound(found.proposals, span),
        f"{earlier[-1].start}-{max(here.end, earlier[-1].end)}" if earlier else "",
        f"{here.start}-{max(here.end, later[0].end)}" if span and later else "",
    )


def _range(at: str, length: int) -> Span | None:
    start, end = (whole(part) for part in at.partition("-")[::2])
    return Span(start=start, end=end) if start is not None and end is not None and start < end <= length else None


def _is(proposal: Proposal, span: Span | None) -> bool:
    places = ((one.start, one.end) for one in (proposal.candidate, proposal.rest))
    return span is not None and (span.start, span.end) in places


def _name(passage: Candidate | Span) -> str:
    return f"{passage.start}-{passage.end}"


def _next_unbound(proposals: Sequence[Proposal], span: Span | None) -> str:
    unbound = [one.rest for one in proposals if one.state is Coverage.UNBOUND and not _is(one, span)]
    later = [one for one in unbound if span is None or one.start > span.start]
    following = (later or unbound)[:1]
    return _name(following[0]) if following else ""


def _within(found: ArticleAtDesk, work: Work) -> list[Candidate]:
    """Return the candidate that is the passage; of a merged or narrowed one, those that it shares words with."""
    if work.proposal:
        return [work.proposal.candidate]
    here = work.span or Span(start=0, end=1)
    others = (one.candidate for one in found.proposals)
    return [one for one in others if one.start < here.end and here.start < one.end]


def _agreed(speakers: Sequence[SpeakerFound | None]) -> SpeakerFound | None:
    """Return the speaker that all have; none where one has another, or none."""
    names = {one.name if one else None for one in speakers}
    return speakers[0] if len(names) == 1 else None


def accept_values(found: ArticleAtDesk, work: Work, language: str) -> dict[str, str]:
    """Return the values that the form of acceptance begins with: what the candidate says, all else empty."""
    values = {f"{name}_{one}": "" for name in ("statement", "source_name", "speaker_name") for one in LANGUAGES}
    values |= dict.fromkeys(("topics", "source_kind", "speaker_kind", "said_on", "about_on"), "")
    within = _within(found, work)
    speaker = _agreed([one.speaker for one in within])
    if speaker:
        written = found.at_hand.article.language
        values[f"speaker_name_{written if written in LANGUAGES else language}"] = speaker.name
        values["speaker_kind"] = (
            SpeakerKind.ANONYMOUS.value if speaker.is_anonymous else SpeakerKind.PERSON.value if speaker.role else ""
        )
    is_reported = any(one.speaker or one.cue for one in within)
    values["source_kind"] = "" if is_reported else SourceKind.OWN_REPORTING.value
    values["has_speaker"] = "yes" if is_reported else ""
    return values


@dataclass(frozen=True, slots=True)
class Known:
    """What the claims of an article say, to be taken over."""

    topics: tuple[str, ...]
    """Their topics."""
    sources: Mapping[str, tuple[str, ...]]
    """Language to the names of their sources."""


def known_in(claims: Collection[Claim]) -> Known:
    """Return what claims of one article say that the next one may say too, in alphabetical order."""
    topics = sorted({topic for claim in claims for topic in claim.topics})
    sources = {one: {claim.source.name[one] for claim in claims if one in claim.source.name} for one in LANGUAGES}
    return Known(tuple(topics), {language: tuple(sorted(names)) for language, names in sources.items()})


def told_in(form: FormData) -> Told:
    """Return what the form of acceptance says."""
    statement, topics = _wording(form, "statement"), text(form, "topics").replace(",", " ").split()
    slug = text(form, "claim_slug") or desk.slug_of(statement.get("en", ""), *topics)
    return Told(
        desk.new_claim_id(slug),
        statement,
        topics,
        text(form, "source_kind"),
        _wording(form, "source_name"),
        speaker_kind=text(form, "speaker_kind") or None,
        speaker_name=_wording(form, "speaker_name") or None,
        has_speaker=bool(text(form, "has_speaker")),
        said_on=text(form, "said_on") or None,
        about_on=text(form, "about_on") or None,
        relations=relations_in(form),
    )


def _wording(form: FormData, name: str) -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := text(form, f"{name}_{language}"))}
