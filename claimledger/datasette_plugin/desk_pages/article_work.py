"""The passage of an article that a person is deciding on, with its neighbours, and the form that makes it a claim.

Values that the text does not contain stay empty; they are never filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from claimledger import record_ids
from claimledger.datasette_plugin.desk_pages.claim_form import read_topics
from claimledger.datasette_plugin.desk_pages.earlier_forms import chosen_relations
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import text, whole_number
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.editorial.candidate_decisions import Proposal, ClaimInput
from claimledger.editorial.known_speakers import KnownSpeaker, find_known_speaker
from claimledger.editorial.passage_dates import PassageDate, only_date, passage_dates
from claimledger.models import Article, Claim, Span
from claimledger.spotting import Candidate, SpottedSpeaker
from claimledger.desk_vocabulary import Coverage
from claimledger.vocabulary import SourceKind, SpeakerKind


@dataclass(frozen=True, slots=True)
class PassageWork:
    """The passage that the page is about, if there is one."""

    span: Span | None
    """The position of the passage."""
    words: str
    """The words of the passage."""
    proposal: Proposal | None
    """The candidate that equals the passage, or whose undecided rest equals it."""
    dismissed: str
    """The reason why it was excluded; empty if it was not."""
    before: str
    """The previous candidate, in the notation of addresses."""
    after: str
    """The next candidate."""
    next_unbound: str
    """The next open candidate, from here to the end and then from the start."""
    with_before: str
    """The passage joined with the previous candidate."""
    with_after: str
    """The passage joined with the next candidate."""


def passage_work(found: ArticleAtDesk, at: str) -> PassageWork:
    """Return the passage at a range such as `120-164`; without a range, an empty one before the first candidate."""
    span = _range(at, len(found.at_hand.text.content))
    position = span or Span(start=0, end=1)
    others = [one.candidate for one in found.proposals if not _is_at(one, span)]
    earlier = [one for one in others if span and (one.start, one.end) < (position.start, position.end)]
    later = [one for one in others if not span or (one.start, one.end) > (position.start, position.end)]
    dismissed = {(one.start, one.end): reason for one, reason in found.at_hand.dismissals()}
    return PassageWork(
        span,
        found.at_hand.words(span) if span else "",
        next((one for one in found.proposals if _is_at(one, span)), None),
        dismissed.get((position.start, position.end), "") if span else "",
        _name(earlier[-1]) if earlier else "",
        _name(later[0]) if later else "",
        _next_unbound(found.proposals, span),
        f"{earlier[-1].start}-{max(position.end, earlier[-1].end)}" if earlier else "",
        f"{position.start}-{max(position.end, later[0].end)}" if span and later else "",
    )


def _range(at: str, length: int) -> Span | None:
    start, end = (whole_number(part) for part in at.partition("-")[::2])
    return Span(start=start, end=end) if start is not None and end is not None and start < end <= length else None


def _is_at(proposal: Proposal, span: Span | None) -> bool:
    places = ((one.start, one.end) for one in (proposal.candidate, proposal.rest))
    return span is not None and (span.start, span.end) in places


def _name(passage: Candidate | Span) -> str:
    return f"{passage.start}-{passage.end}"


def _next_unbound(proposals: Sequence[Proposal], span: Span | None) -> str:
    unbound = [one.rest for one in proposals if one.state is Coverage.UNBOUND and not _is_at(one, span)]
    later = [one for one in unbound if span is None or one.start > span.start]
    following = (later or unbound)[:1]
    return _name(following[0]) if following else ""


def _overlapping(found: ArticleAtDesk, work: PassageWork) -> list[Candidate]:
    """Return the candidate that equals the passage; for a merged or narrowed one, those that overlap it."""
    if work.proposal:
        return [work.proposal.candidate]
    position = work.span or Span(start=0, end=1)
    others = (one.candidate for one in found.proposals)
    return [one for one in others if one.start < position.end and position.start < one.end]


def _common_speaker(speakers: Sequence[SpottedSpeaker | None]) -> SpottedSpeaker | None:
    """Return the speaker that all candidates share; None if they differ."""
    names = {one.name if one else None for one in speakers}
    return speakers[0] if len(names) == 1 else None


def spotted_speaker(found: ArticleAtDesk, work: PassageWork) -> SpottedSpeaker | None:
    """Return the speaker that the text names for a passage, if it names only one."""
    return _common_speaker([one.speaker for one in _overlapping(found, work)])


def accept_values(
    found: ArticleAtDesk, work: PassageWork, language: str, known: Sequence[KnownSpeaker] = ()
) -> dict[str, str]:
    """Return the initial values of the form that makes a claim: those that the text contains, all others empty."""
    values = {f"{name}_{one}": "" for name in ("statement", "source_name", "speaker_name") for one in LANGUAGES}
    values |= dict.fromkeys(("topics", "source_kind", "speaker_kind", "said_on", "about_on"), "")
    is_reported = any(one.speaker or one.cue for one in _overlapping(found, work))
    values["has_speaker"] = "yes" if is_reported else ""
    if is_reported:
        return values | _speaker_values(found, spotted_speaker(found, work), language, known)
    return values | _source_values(found.at_hand.article) | {"about_on": only_date(dates_of_work(found, work))}


def _speaker_values(
    found: ArticleAtDesk, speaker: SpottedSpeaker | None, language: str, known: Sequence[KnownSpeaker]
) -> dict[str, str]:
    if not speaker:
        return {}
    if not speaker.is_anonymous and (same := find_known_speaker(speaker.name, known)):
        names = {f"speaker_name_{one}": same.name[one] for one in LANGUAGES if one in same.name}
        return names | {"speaker_kind": same.kind.value}
    article_language = found.at_hand.article.language
    kind = SpeakerKind.ANONYMOUS.value if speaker.is_anonymous else SpeakerKind.PERSON.value if speaker.role else ""
    name = f"speaker_name_{article_language if article_language in LANGUAGES else language}"
    return {name: speaker.name, "speaker_kind": kind}


def _source_values(article: Article) -> dict[str, str]:
    """Return the source of an article's own words: the article's publication, or the one that it translates."""
    kind = SourceKind.PUBLICATION if article.original else SourceKind.OWN_REPORTING
    publisher = article.original.publisher if article.original else article.publisher
    return {"source_kind": kind.value} | {f"source_name_{one}": publisher[one] for one in LANGUAGES if one in publisher}


def dates_of_work(found: ArticleAtDesk, work: PassageWork) -> list[PassageDate]:
    """Return the dates of a passage with their values, as far as text and article determine them."""
    article = found.at_hand.article
    return passage_dates(found.at_hand.text.content, work.span, article.published_on) if work.span else []


@dataclass(frozen=True, slots=True)
class ClaimSuggestions:
    """The values of an article's claims, as suggestions for the next claim."""

    topics: tuple[str, ...]
    """The topics of the claims."""
    sources: Mapping[str, tuple[str, ...]]
    """The names of the sources, by language."""


def claim_suggestions(claims: Collection[Claim]) -> ClaimSuggestions:
    """Return the topics and sources of an article's claims, in alphabetical order."""
    topics = sorted({topic for claim in claims for topic in claim.topics})
    sources = {one: {claim.source.name[one] for claim in claims if one in claim.source.name} for one in LANGUAGES}
    return ClaimSuggestions(tuple(topics), _sorted_names(sources))


def _sorted_names(found: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(sorted(names)) for language, names in found.items()}


def read_claim_input(form: FormData, known: Sequence[KnownSpeaker] = ()) -> ClaimInput:
    """Return the values of the form that makes a claim; a known speaker's kind needs no choice."""
    statement, topics = _wording(form, "statement"), read_topics(text(form, "topics"))
    slug = text(form, "claim_slug") or record_ids.make_slug(statement.get("en", ""), statement.get("ko", ""), *topics)
    return ClaimInput(
        record_ids.new_claim_id(slug),
        statement,
        topics,
        text(form, "source_kind"),
        _wording(form, "source_name"),
        speaker_kind=text(form, "speaker_kind") or _known_kind(form, known),
        speaker_name=_wording(form, "speaker_name") or None,
        has_speaker=bool(text(form, "has_speaker")),
        said_on=text(form, "said_on") or None,
        about_on=text(form, "about_on") or None,
        relations=chosen_relations(form),
        leaves_out_doubtful=bool(text(form, "leaves_out_doubtful")),
    )


def _known_kind(form: FormData, known: Sequence[KnownSpeaker]) -> str | None:
    names = _wording(form, "speaker_name").values() if text(form, "has_speaker") else ()
    found = next((same for name in names if (same := find_known_speaker(name, known))), None)
    return found.kind.value if found else None


def _wording(form: FormData, name: str) -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := text(form, f"{name}_{language}"))}
