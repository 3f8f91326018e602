"""Compares a claim with its evidence: figures, excerpts, dates, and copies that are counted twice.

The checks take the claim, its documents, and the stored texts of the documents. A figure is compared only with one of
the same dimension, and a document that does not mention the figure is not an error. The module `origins` decides which
documents count as one source; a copy that does not name its source is not found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

from claimledger.agreement.figure_comparison import DifferenceKind, is_rounding_of, is_same_figure, difference_kind
from claimledger.agreement.figure_meaning import (
    NormalizedFigure, figure_of_quantity, read_figures_cached, read_worded_numbers,
)  # fmt: skip
from claimledger.agreement.opposite_words import oppositions
from claimledger.agreement.word_lists import LOWER_BOUNDS, UPPER_BOUNDS
from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.consistency.date_ranges import day_range
from claimledger.consistency.relation_words import CITING, WORD_REST
from claimledger.counting import item_path
from claimledger.messages import Label, Value
from claimledger.models import Claim, Document, Evidence
from claimledger.origins import SourceSign, source_signs
from claimledger.selectors import find_spans
from claimledger.vocabulary import Stance, Tier

_POINTS = frozenset(("percentage_point", "point"))
_INFINITY, _HUNDRED_PERCENT = Decimal("Infinity"), Decimal(100)
_DAY = timedelta(days=1)
_EXCERPT_LENGTH = 24
"""The number of code points of an excerpt that a finding shows."""


def evidence_findings(
    claim: Claim, documents: Mapping[str, Document], kept: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Yield the problems of a claim's evidence; `kept` has the stored texts of documents by name."""
    if not claim.evidence:
        return
    for index, evidence in enumerate(claim.evidence):
        yield from _figure_findings(claim, index, evidence)
        yield from _opposite_findings(claim, index, evidence)
        yield from _excerpt_findings(claim, index, evidence, kept.get(evidence.document_id, ()))
        if document := documents.get(evidence.document_id):
            yield from _date_findings(claim, index, evidence, document)
            yield from _citation_findings(claim, index, evidence, document)
    yield from _copy_findings(claim, documents)


def _evidence_finding(
    code: str, claim: Claim, index: int, said: Mapping[str, Value], document_id: str, part: str = ""
) -> Finding:
    field = item_path("evidence", index) + part
    return make_finding(code, claim.claim_id, field, {"document": document_id, **said}, document_id=document_id)


# Figures


def _figure_findings(claim: Claim, index: int, evidence: Evidence) -> Iterator[Finding]:
    if not (claim.quantities or evidence.excerpt):
        return
    summary = _figures(evidence.summary.values())
    excerpt = _figures([evidence.excerpt]) if evidence.excerpt else []
    quantities = [figure_of_quantity(one) for one in claim.quantities]
    for quantity in quantities:
        others = [one for one in quantities if one is not quantity]
        figures = [one for one in (*summary, *excerpt) if not any(_is_same_value(one, other) for other in others)]
        if code_and_figure := _differing_figure(quantity, figures, evidence.stance):
            code, figure = code_and_figure
            values = {"printed": quantity.text, "figure": figure.text}
            yield _evidence_finding(code, claim, index, values, evidence.document_id, ".summary")
            break
    if excerpt and (pair := _differing_pair(summary, excerpt)):
        values = {"figure": pair[0].text, "printed": pair[1].text}
        yield _evidence_finding("excerpt-figure-differs", claim, index, values, evidence.document_id, ".summary")


def _figures(texts: Iterable[str]) -> list[NormalizedFigure]:
    return [figure for text in texts for figure in (*read_figures_cached(text).said, *read_worded_numbers(text))]


def _differing_figure(
    quantity: NormalizedFigure, figures: Sequence[NormalizedFigure], stance: Stance
) -> tuple[str, NormalizedFigure] | None:
    """Return the code and the figure with which evidence differs from a claim's figure.

    Return None if the evidence has the figure, or none of its dimension.
    """
    if stance is Stance.REFUTES or any(_fits_value(quantity, figure) for figure in figures):
        return None
    for figure in figures:
        if figure.raw is not None and figure.raw == quantity.raw and _is_points_for_percent(quantity, figure):
            return "evidence-percent-for-points", figure
    alike = [figure for figure in figures if quantity.dimension and figure.dimension == quantity.dimension]
    if not alike or stance is not Stance.SUPPORTS:
        return None
    scaled = [
        figure
        for figure in alike
        if figure.unit == quantity.unit and difference_kind(figure, quantity) is DifferenceKind.SCALE
    ]
    return ("evidence-off-by-ten", scaled[0]) if scaled else ("evidence-figure-differs", alike[0])


def _is_same_value(figure: NormalizedFigure, quantity: NormalizedFigure) -> bool:
    """Return whether a figure is the claim's, or one of the two is a rounding of the other."""
    return is_same_figure(figure, quantity) or is_rounding_of(figure, quantity) or is_rounding_of(quantity, figure)


def _fits_value(quantity: NormalizedFigure, figure: NormalizedFigure) -> bool:
    """Return whether a figure is the claim's or fits it: an overlapping range or bound, or the rest of the whole."""
    if _is_same_value(figure, quantity):
        return True
    if figure.dimension != quantity.dimension:
        return False
    (low, high), (least, most) = _value_range(quantity), _value_range(figure)
    is_rest = quantity.dimension == "share" and abs(low + least - _HUNDRED_PERCENT) <= 1
    return (low <= most and least <= high) or is_rest


def _value_range(figure: NormalizedFigure) -> tuple[Decimal, Decimal]:
    """Return the smallest and the largest value that a figure can have by its bound."""
    low, high = figure.low or Decimal(0), figure.high or Decimal(0)
    return (
        -_INFINITY if figure.comparator in UPPER_BOUNDS else low,
        _INFINITY if figure.comparator in LOWER_BOUNDS else high,
    )


def _differing_pair(
    summary: Sequence[NormalizedFigure], excerpt: Sequence[NormalizedFigure]
) -> tuple[NormalizedFigure, NormalizedFigure] | None:
    """Return a figure of the summary and the excerpt's only figure of that dimension, if they differ."""
    for dimension in dict.fromkeys(figure.dimension for figure in summary if figure.dimension):
        own, printed = ([one for one in side if one.dimension == dimension] for side in (summary, excerpt))
        if len(printed) == 1 and not any(_fits_value(one, printed[0]) for one in own):
            return own[0], printed[0]
    return None


def _is_points_for_percent(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    units = {one.unit, other.unit}
    return "percent" in units and bool(units & _POINTS)


# Opposite words


def _opposite_findings(claim: Claim, index: int, evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding if evidence that should support the claim says up where it says down, or another opposite.

    Summary and statement are compared in one language if both have it.
    """
    if evidence.stance is not Stance.SUPPORTS:
        return
    shared = [language for language in claim.statement if language in evidence.summary]
    pairs = [(claim.statement[language], evidence.summary[language]) for language in shared] or [
        (next(iter(claim.statement.values())), next(iter(evidence.summary.values())))
    ]
    found = [next(oppositions(statement, summary), None) for statement, summary in pairs]
    if found[0] and all(found):
        values = {"said": found[0].said.word, "printed": found[0].printed.word}
        yield _evidence_finding("evidence-says-opposite", claim, index, values, evidence.document_id, ".summary")


# Excerpts


def _excerpt_findings(claim: Claim, index: int, evidence: Evidence, kept: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding if an excerpt is in no stored text of its document, white space aside.

    The recheck of a document reports an excerpt that is only in an older text.
    """
    if evidence.excerpt and kept and not any(find_spans(text, evidence.excerpt) for text in kept):
        values = {"excerpt": evidence.excerpt[:_EXCERPT_LENGTH]}
        yield _evidence_finding("excerpt-not-in-document", claim, index, values, evidence.document_id, ".excerpt")


# Dates


def _date_findings(claim: Claim, index: int, evidence: Evidence, document: Document) -> Iterator[Finding]:
    seen = (document.obtained_at or "")[:10]  # confidential documents have no time in public
    dated = day_range(document.published_on) if document.published_on else None
    if dated and seen and dated.first.isoformat() > _next_day(seen):
        said = {"seen": seen, "dated": document.published_on or ""}
        yield _evidence_finding("seen-before-published", claim, index, said, document.document_id)
    about = day_range(claim.about_on) if claim.about_on else None
    if about is None or evidence.stance is not Stance.SUPPORTS:  # what is older may well refute: it was so before
        return
    if dated and dated.last < about.first:
        said = {"dated": document.published_on or "", "about": claim.about_on or ""}
        yield _evidence_finding("evidence-older-than-state", claim, index, said, document.document_id)


def _next_day(day: str) -> str:
    """Return the next day: where a document is published, its date may already be tomorrow's."""
    return (day_range(day).last + _DAY).isoformat()


# Copies


def _citation_findings(claim: Claim, index: int, evidence: Evidence, document: Document) -> Iterator[Finding]:
    """Yield a finding if a summary says that its document cites another one, and the record does not name it."""
    if evidence.stance is Stance.CONTEXT or document.tier is not Tier.SECONDARY or document.derives_from:
        return
    cited = {language: found for language, words in sorted(evidence.summary.items()) if (found := _citing_word(words))}
    if cited:
        said = {"words": Label(_quote_word(cited, "en"), _quote_word(cited, "ko"))}
        yield _evidence_finding("source-only-in-summary", claim, index, said, document.document_id, ".summary")


def _citing_word(words: str) -> str | None:
    """Return the whole word with which a summary says that the document cites another."""
    found = CITING.search(words)
    ending = WORD_REST.match(words, found.end()) if found else None
    return f"{found[0]}{ending[0]}".strip(" :") if found and ending else None


_QUOTE_FORMATS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "en": ("'{}'", "'{}' ({})", {"ko": "Korean"}),
    "ko": ("‘{}’", "‘{}’({})", {"en": "영어"}),
}
"""The language of a sentence, with its quotation of an own word, of a foreign word, and the foreign language's name."""


def _quote_word(cited: Mapping[str, str], language: str) -> str:
    """Return the quoted word of a language, or else another language's word with its name."""
    own, foreign, names = _QUOTE_FORMATS[language]
    if language in cited:
        return own.format(cited[language])
    other, word = next(iter(cited.items()))
    return foreign.format(word, names.get(other, other))


_SAME_SOURCE_REASONS: Mapping[str, Label] = {
    "origin": Label(
        "one derives from the other, or both from a third",
        "하나가 다른 것에서, 또는 둘이 제삼의 것에서 나왔다",
    ),
    "bytes": Label("their bytes are the same", "바이트가 같다"),
    "address": Label("their address is the same", "주소가 같다"),
    "title": Label("their publisher, title and date are the same", "발행처와 제목과 날짜가 같다"),
}
"""The reasons that two documents are one source, in English and Korean."""


def _copy_findings(claim: Claim, documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Yield a finding if two documents with the same stance are one source.

    The workflow table decides whether a verdict has enough sources.
    """
    for stance in (Stance.SUPPORTS, Stance.REFUTES):
        names = dict.fromkeys(one.document_id for one in claim.evidence if one.stance is stance)
        origins = {name: source_signs(name, documents.get) for name in names if name in documents}
        shared = ((one, other, origins[one] & origins[other]) for one, other in combinations(origins, 2))
        if found := next((pair for pair in shared if pair[2]), None):
            yield _same_source_finding(claim, *found)


def _same_source_finding(claim: Claim, one: str, other: str, shared: Collection[SourceSign]) -> Finding:
    kinds = {kind for kind, _ in shared}
    why = next(label for kind, label in _SAME_SOURCE_REASONS.items() if kind in kinds)
    said: dict[str, Value] = {"document": one, "other": other, "why": why}
    return make_finding("copies-of-one-source", claim.claim_id, "evidence", said, document_id=other)
