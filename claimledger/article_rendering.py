"""Text for the terminal about articles: added texts, positions of passages, coverage, claims to place, suggestions.

It is in English, except for claims to place and suggestions. Positions are in code points, from 0, with the end
exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from claimledger.article import StoredText
from claimledger.counting import format_count
from claimledger.coverage import CoverageReport
from claimledger.editions import PlaceReason
from claimledger.editorial.model_requests import RequestPlan
from claimledger.editorial.new_editions import IncomingText, PassageInContext, PlacementTask
from claimledger.editorial.suggestion_counts import ModelCounts
from claimledger.editorial.suggestions_at_desk import JudgedSuggestion
from claimledger.labels import label_text
from claimledger.models import Span
from claimledger.selectors import Orphan, ResolvedPassage
from claimledger.spotting import Paragraph
from claimledger.desk_vocabulary import Coverage, PassageFate, SuggestionChoice, SuggestionState
from claimledger.vocabulary import Term


def place_text(position: Span, found: ResolvedPassage | Orphan) -> str:
    """Return the position, in code points, of a passage that is not at its recorded position."""
    if isinstance(found, ResolvedPassage):
        return f"is at {found.span.start}–{found.span.end}, not at {position.start}–{position.end}"
    if found.places:
        return f"is at {len(found.places)} places that cannot be told apart"
    return "is not in the text"


def arrived_text(arrived: IncomingText) -> str:
    """Return a report on an added text: new or known, languages, page furniture, passages carried over."""
    languages = ", ".join(f"{count} {code or 'in no installed language'}" for code, count in arrived.languages.items())
    novelty = {
        "article": "the first text of a new article",
        "edition": "a new edition",
        "known": "the text of a known edition",
    }[arrived.novelty]
    if arrived.is_rewritten:
        novelty = (
            "the same edition as a known text: only white space, line ends, quotation marks or Unicode forms differ. "
            "Nothing was stored, and every claim stays in its place. The known text"
        )
    edition = arrived.edition
    furniture = format_count(len(edition.furniture), "range", "ranges")
    lines = [
        f"{arrived.article_id}: {novelty}, {edition.length:,} code points, SHA-256 {edition.edition_sha256}.",
        f"Paragraphs by language: {languages or 'none'}; {furniture} of page furniture.",
    ]
    if arrived.carried:
        counts = ", ".join(
            f"{fate.label_en} {sum(one.fate is fate for one in arrived.carried)}" for fate in PassageFate
        )
        lines.append(f"Passages of the previous edition: {counts}.")
    if edition.dismissed:
        lines.append(
            f"Excluded again with the same reason: {format_count(len(edition.dismissed), 'passage', 'passages')}."
        )
    for one in arrived.gone:
        reason = next(iter(one.reason.values()))
        span = f"{one.position.start}-{one.position.end}"
        lines.append(f"Excluded in the previous edition at {span} ({reason}), but not found in this one.")
    return "\n".join(lines)


def article_lines(text: StoredText, furniture: Sequence[Span], paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Yield the lines of a text: number, language or F for page furniture, text."""
    languages = {text.line_number(paragraph.span.start): paragraph.code for paragraph in paragraphs}
    masked = {text.line_number(span.start) for span in furniture}
    for number, line in enumerate(text.content.split("\n"), start=1):
        mark = languages.get(number) or ("F" if number in masked else "")
        yield f"{number:>5}  {mark:<3}  {line.rstrip()}".rstrip()


def coverage_lines(text: StoredText, accounted: CoverageReport) -> Iterator[str]:
    """Yield a line for each open item, then the shares; dates and lengths of time have a line of their own."""
    for item in accounted.items:
        if item.state is Coverage.UNBOUND:
            words = text.content[item.span.start : item.span.end].replace("\n", " ")
            yield f"{item.span.start}-{item.span.end}  line {text.line_number(item.span.start)}, {item.sort}: {words}"
    for name, dates in (("Numbers and quotations", False), ("Dates and lengths of time", True)):
        counts = ", ".join(f"{state.label_en} {accounted.count(state, dates=dates)}" for state in Coverage)
        yield f"{name}: {accounted.total(dates=dates)}, {counts} ({accounted.share(dates=dates):.1%} accounted for)."


def task_lines(task: PlacementTask, language: Literal["en", "ko"]) -> Iterator[str]:
    """Yield a claim without a place in a new edition: its earlier passage, and each proposal with its reason."""
    carried = task.carried
    yield f"{_term_label(carried.fate, language)}: {carried.appearance.claim_id}"
    if task.earlier:
        yield f"    {label_text('placement.earlier', language)}: {_context_text(task.earlier)}"
    command = f"claimledger place {carried.appearance.article_id} {carried.appearance.claim_id}"
    for span, place, reason in zip(carried.proposals, task.places, carried.reasons, strict=True):
        yield f"    {label_text('placement.proposed', language)}: {_context_text(place)}"
        yield f"        {_reason_text(reason, language)}"
        yield f"        {label_text('placement.to_place', language)}: {command} {span.start}-{span.end}"


def _context_text(place: PassageInContext) -> str:
    return " ".join(f"{place.before}[{place.words}]{place.after}".split())


def _reason_text(reason: PlaceReason | None, language: Literal["en", "ko"]) -> str:
    """Return why a person has to look at a proposal, with the words beside the place that are the reason."""
    if reason is None:
        return label_text("placement.changed", language)
    words = f" (“{reason.words}”)" if reason.words else ""
    return f"{_term_label(reason.doubt, language)}{words}"


def _term_label(term: Term, language: Literal["en", "ko"]) -> str:
    return term.label_ko if language == "ko" else term.label_en


def suggestion_lines(found: Iterable[JudgedSuggestion], language: Literal["en", "ko"]) -> Iterator[str]:
    """Yield the lines of each suggestion of a language model, with its reasons for care."""
    for one in found:
        place = f"{one.passage.start}-{one.passage.end}" if one.passage else "–"
        state = _term_label(one.stored.choice or one.state, language)
        yield f"{one.stored.suggestion_id:>5}  {place}  {state} ({_term_label(one.suggestion.task, language)})"
        yield f"       {one.suggestion.wording or one.suggestion.note}"
        if one.claim_ids:
            yield f"       {label_text('suggestion.has_claim', language)}: {', '.join(one.claim_ids)}"
        for reason in one.reasons:
            yield f"       ! {reason.text(language)}"


def suggestion_count_lines(counts: Iterable[ModelCounts], language: Literal["en", "ko"]) -> Iterator[str]:
    """Yield the counts of each model, one on each line."""
    for one in counts:
        yield one.model
        yield f"  {label_text('suggestion.total', language)}: {one.total}"
        for state in SuggestionState:
            yield f"  {_term_label(state, language)}: {one.states[state]}"
        for choice in SuggestionChoice:
            yield f"  {_term_label(choice, language)}: {one.choices[choice]}"
        for name in ("undecided", "claims", "found_by_program", "found_by_either"):
            yield f"  {label_text(f'suggestion.{name}', language)}: {getattr(one, name)}"


def plan_lines(plan: RequestPlan, language: Literal["en", "ko"]) -> Iterator[str]:
    """Yield the requests that would be sent to a language model, and its address."""
    settings, used = plan.model.settings, plan.used
    cost = f"{plan.cost:f} {plan.model.currency}" if plan.cost is not None else "–"
    yield f"{settings.name}: {settings.address} ({_term_label(settings.reaches, language)})"
    values = (
        ("requests", f"{len(plan.waiting):,}"), ("answered", f"{plan.answered:,}"), ("most_tokens", f"{plan.tokens:,}"),
        ("most_cost", cost), ("used_calls", f"{used.calls:,}"),
        ("used_tokens", f"{used.tokens:,} / {plan.choices.limits.tokens_per_article:,}"),
    )  # fmt: skip
    for name, value in values:
        yield f"{label_text(f'suggestion.{name}', language)}: {value}"
