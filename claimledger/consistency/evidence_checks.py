"""What a claim rests on, against the claim: figures, excerpts, dates, and copies that are counted twice.

In: a claim, its documents, and the texts of them that are kept. Out: findings. The invariant: a figure is only held
against one that measures the same; a document that says nothing of it is no fault. Limits: what makes two documents
one source is told in `origins`; a copy that says nothing of it is not found.
It must not know how documents are fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

from claimledger.agreement.figure_comparison import Slip, is_rounded, is_same, slip
from claimledger.agreement.figure_meaning import Said, of_quantity, read_short, read_words
from claimledger.agreement.word_lists import LOWER, UPPER
from claimledger.consistency.finding_codes import Finding, finding
from claimledger.consistency.date_ranges import days_of
from claimledger.consistency.relation_words import CITING, ENDING
from claimledger.counting import item
from claimledger.messages import Label, Value
from claimledger.models import Claim, Document, Evidence
from claimledger.origins import Sign, origins_of
from claimledger.selectors import spans_of
from claimledger.vocabulary import Stance, Tier

_POINTS = frozenset(("percentage_point", "point"))
_ENDLESS, _WHOLE = Decimal("Infinity"), Decimal(100)
_DAY = timedelta(days=1)
_SHOWN = 24
"""Code points of an excerpt that are shown."""


def findings_of(
    claim: Claim, documents: Mapping[str, Document], kept: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Yield what does not fit in a claim's evidence; `kept` are the texts of documents by their names."""
    if not claim.evidence:
        return
    for index, evidence in enumerate(claim.evidence):
        yield from _of_figures(claim, index, evidence)
        yield from _of_excerpt(claim, index, evidence, kept.get(evidence.document_id, ()))
        if document := documents.get(evidence.document_id):
            yield from _of_dates(claim, index, evidence, document)
            yield from _of_citing(claim, index, evidence, document)
    yield from _of_copies(claim, documents)


def _found(code: str, claim: Claim, index: int, said: Mapping[str, Value], document_id: str, part: str = "") -> Finding:
    field = item("evidence", index) + part
    return finding(code, claim.claim_id, field, {"document": document_id, **said}, document_id=document_id)


# Figures


def _of_figures(claim: Claim, index: int, evidence: Evidence) -> Iterator[Finding]:
    summary = _figures(evidence.summary.values())
    excerpt = _figures([evidence.excerpt]) if evidence.excerpt else []
    quantities = [of_quantity(one) for one in claim.quantities]
    for quantity in quantities:
        others = [one for one in quantities if one is not quantity]
        figures = [one for one in (*summary, *excerpt) if not any(_is_value(one, other) for other in others)]
        if code_and_figure := _differing(quantity, figures, evidence.stance):
            code, figure = code_and_figure
            said = {"printed": quantity.text, "figure": figure.text}
            yield _found(code, claim, index, said, evidence.document_id, ".summary")
            break
    if excerpt and (pair := _apart(summary, excerpt)):
        said = {"figure": pair[0].text, "printed": pair[1].text}
        yield _found("excerpt-figure-differs", claim, index, said, evidence.document_id, ".summary")


def _figures(texts: Iterable[str]) -> list[Said]:
    return [said for text in texts for said in (*read_short(text).said, *read_words(text))]


def _differing(quantity: Said, figures: Sequence[Said], stance: Stance) -> tuple[str, Said] | None:
    """Return how evidence gives a claim's figure otherwise, and as what; none if it has the figure, or none like it."""
    if stance is Stance.REFUTES or any(_is_given(quantity, figure) for figure in figures):
        return None
    for figure in figures:
        if figure.raw is not None and figure.raw == quantity.raw and _is_points_for_percent(quantity, figure):
            return "evidence-percent-for-points", figure
    alike = [figure for figure in figures if quantity.dimension and figure.dimension == quantity.dimension]
    if not alike or stance is not Stance.SUPPORTS:
        return None
    scaled = [figure for figure in alike if figure.unit == quantity.unit and slip(figure, quantity) is Slip.SCALE]
    return ("evidence-off-by-ten", scaled[0]) if scaled else ("evidence-figure-differs", alike[0])


def _is_value(figure: Said, quantity: Said) -> bool:
    """Whether a figure is the claim's, or one of the two is the other, rounded."""
    return is_same(figure, quantity) or is_rounded(figure, quantity) or is_rounded(quantity, figure)


def _is_given(quantity: Said, figure: Said) -> bool:
    """Whether a figure is the claim's, or fits it: a range or a bound that meets it, the rest of the whole."""
    if _is_value(figure, quantity):
        return True
    if figure.dimension != quantity.dimension:
        return False
    (low, high), (least, most) = _span(quantity), _span(figure)
    is_rest = quantity.dimension == "share" and abs(low + least - _WHOLE) <= 1
    return (low <= most and least <= high) or is_rest


def _span(said: Said) -> tuple[Decimal, Decimal]:
    """Return the least and the most that a figure may be by its bound."""
    low, high = said.low or Decimal(0), said.high or Decimal(0)
    return -_ENDLESS if said.comparator in UPPER else low, _ENDLESS if said.comparator in LOWER else high


def _apart(summary: Sequence[Said], excerpt: Sequence[Said]) -> tuple[Said, Said] | None:
    """Return a summary's figure and the excerpt's, where each has one of a kind and they differ."""
    for dimension in dict.fromkeys(said.dimension for said in summary if said.dimension):
        own, printed = ([one for one in side if one.dimension == dimension] for side in (summary, excerpt))
        if len(printed) == 1 and not any(_is_given(one, printed[0]) for one in own):
            return own[0], printed[0]
    return None


def _is_points_for_percent(one: Said, other: Said) -> bool:
    units = {one.unit, other.unit}
    return "percent" in units and bool(units & _POINTS)


# Excerpts


def _of_excerpt(claim: Claim, index: int, evidence: Evidence, kept: Sequence[str]) -> Iterator[Finding]:
    """Yield that an excerpt stands in no text that is kept of its document, white space aside.

    That it stands in an older one alone is told where the document is looked at again.
    """
    if evidence.excerpt and kept and not any(spans_of(text, evidence.excerpt) for text in kept):
        said = {"excerpt": evidence.excerpt[:_SHOWN]}
        yield _found("excerpt-not-in-document", claim, index, said, evidence.document_id, ".excerpt")


# Dates


def _of_dates(claim: Claim, index: int, evidence: Evidence, document: Document) -> Iterator[Finding]:
    seen = (document.obtained_at or "")[:10]  # of a withheld document nobody is told
    dated = days_of(document.published_on) if document.published_on else None
    if dated and seen and dated.first.isoformat() > _next_day(seen):
        said = {"seen": seen, "dated": document.published_on or ""}
        yield _found("seen-before-published", claim, index, said, document.document_id)
    about = days_of(claim.about_on) if claim.about_on else None
    if about is None or evidence.stance is not Stance.SUPPORTS:  # what is older may well refute: it was so before
        return
    if dated and dated.last < about.first:
        said = {"dated": document.published_on or "", "about": claim.about_on or ""}
        yield _found("evidence-older-than-state", claim, index, said, document.document_id)


def _next_day(day: str) -> str:
    """Return the day after one: a document may be of tomorrow where it is published."""
    return (days_of(day).last + _DAY).isoformat()


# Copies


def _of_citing(claim: Claim, index: int, evidence: Evidence, document: Document) -> Iterator[Finding]:
    """Yield that a summary says its document cites another, of which the document's record says nothing."""
    if evidence.stance is Stance.CONTEXT or document.tier is not Tier.SECONDARY or document.derives_from:
        return
    cited = {language: found for language, words in sorted(evidence.summary.items()) if (found := _citing(words))}
    if cited:
        said = {"words": Label(_quoted(cited, "en"), _quoted(cited, "ko"))}
        yield _found("source-only-in-summary", claim, index, said, document.document_id, ".summary")


def _citing(words: str) -> str | None:
    """Return the whole word by which a summary says that it cites."""
    found = CITING.search(words)
    ending = ENDING.match(words, found.end()) if found else None
    return f"{found[0]}{ending[0]}".strip(" :") if found and ending else None


_QUOTED: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "en": ("'{}'", "'{}' ({})", {"ko": "Korean"}),
    "ko": ("‘{}’", "‘{}’({})", {"en": "영어"}),
}
"""Language of a sentence to how it quotes a word of its own, how one of another, and what it calls that."""


def _quoted(cited: Mapping[str, str], language: str) -> str:
    """Return the word of a language, else another's with its language."""
    own, foreign, names = _QUOTED[language]
    if language in cited:
        return own.format(cited[language])
    other, word = next(iter(cited.items()))
    return foreign.format(word, names.get(other, other))


_WHY: Mapping[str, Label] = {
    "origin": Label(
        "one derives from the other, or both from a third",
        "하나가 다른 것에서, 또는 둘이 제삼의 것에서 나왔다",
    ),
    "bytes": Label("their bytes are the same", "바이트가 같다"),
    "address": Label("their address is the same", "주소가 같다"),
    "title": Label("their publisher, title and date are the same", "발행처와 제목과 날짜가 같다"),
}
"""By what two documents are told to be one source, in English and Korean."""


def _of_copies(claim: Claim, documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Yield that two documents of one stance are one source; the table asks whether a verdict has enough."""
    for stance in (Stance.SUPPORTS, Stance.REFUTES):
        names = dict.fromkeys(one.document_id for one in claim.evidence if one.stance is stance)
        origins = {name: origins_of(name, documents.get) for name in names if name in documents}
        shared = ((one, other, origins[one] & origins[other]) for one, other in combinations(origins, 2))
        if found := next((pair for pair in shared if pair[2]), None):
            yield _of_source(claim, *found)


def _of_source(claim: Claim, one: str, other: str, shared: Collection[Sign]) -> Finding:
    kinds = {kind for kind, _ in shared}
    why = next(label for kind, label in _WHY.items() if kind in kinds)
    said: dict[str, Value] = {"document": one, "other": other, "why": why}
    return finding("copies-of-one-source", claim.claim_id, "evidence", said, document_id=other)
