"""Hypothesis strategies for every record: valid ones, in Korean, English and other scripts, that use every field."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from claimledger.models import (
    Alias, AliasName, Appearance, Article, ArticleRights, Attribution, Change, Claim, Correction, Dismissal, Document,
    EarlierCheck, Edition, Evidence, EvidencePassage, MachineWording, PassageHash, CreditedPerson, Publication,
    Quantity, QuoteSelector, RelatedClaim, Rights, SearchedPlace, Source, Span, Speaker, Verdict, Waiver,
)  # fmt: skip
from claimledger.characters import hidden_characters
from claimledger.scalars import BASE32, RESERVED_NAMES
from claimledger.selectors import make_quote
from claimledger.vocabulary import (
    AliasKind, AttributionMode, CaptureExtent, Comparator, CorrectionKind, Direction, Medium, Question, Relation,
    SeenExtent, SourceKind, SpeakerBasis, SpeakerKind, Stance, Subject, Tier, VerdictValue,
)  # fmt: skip

Strategy = st.SearchStrategy[Any]


def examples(count: int) -> settings:
    """Return settings with the given number of cases, and a tenth of it in the quick tests."""
    is_quick = settings.get_current_profile_name() == "quick"
    return settings(max_examples=max(count // 10, 5) if is_quick else count)


few = examples(25)
"""For tests that make whole records, which takes most of their time."""

TRAPS = (
    "no", "yes", "on", "~", "null", "true", "012", "1_000", "12:30:45", "2023-03-14", "1e3", "1.50", ".inf", "0x1F",
    "1e400", "- 값", "값: 2", "약 # 3", "#1", "'", '"', "\\n", "&a", "*a", "!", "%", "@", "`", "|", ">", "---", "...",
    "<<", "=", "?", "=1+1", "바이두는 “40% 낮다”고 밝혔다.", "첫 줄\n둘째 줄", "첫 줄\n\n  들여 쓴 줄\n", "탭\t안",
    "NBSP\u00a0안", "👩🏽‍🚀 🇰🇷", "é", "각", "줄 끝의 빈칸 \n다음", "\u200b사이",
)  # fmt: skip
"""Texts that YAML, a spreadsheet or a careless program would read as something else."""

letters = st.one_of(
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.sampled_from("\n\t #:'\"-{}[]%&*!|>@`,?~…“”‘’·\u00a0\u3000\u0301\u11a8"),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF),
)


def _as_kept(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _is_visible(text: str) -> bool:
    return not hidden_characters(text) and any(unicodedata.category(character)[0] not in "CZ" for character in text)


typed = st.one_of(
    st.text(letters, min_size=1, max_size=40),
    st.sampled_from(TRAPS),
    st.text("0123456789.eE+-_:xob", min_size=1, max_size=8),
)
texts = typed.map(_as_kept).filter(_is_visible)
"""Texts in the form that records keep."""
passages = texts | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
"""Verbatim passages of any code points except surrogates."""
names = (
    st.lists(st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True), min_size=1, max_size=4)
    .map("-".join)
    .filter(lambda name: name not in RESERVED_NAMES)
)
claim_ids = st.tuples(names, st.text(BASE32, min_size=4, max_size=4)).map("-".join)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
wordings = st.dictionaries(st.sampled_from(["ko", "en", "zh", "zh-Hant", "no", "ja"]), texts, min_size=1, max_size=3)
dates = st.dates(min_value=datetime.date(1000, 1, 1)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}", f"{day:%Y}/{day:%Y-%m}"])
)
days = st.dates(min_value=datetime.date(1000, 1, 1)).map(str)
times = st.datetimes(min_value=datetime.datetime(1900, 1, 1)).map(  # noqa: DTZ001  all are UTC
    lambda time: f"{time.isoformat(timespec='milliseconds')}Z"
)
addresses = st.sampled_from(["https://example.org/", "http://example.org/기사?id=1#a", "https://예시.한국/no"])
amounts = st.integers(-(10**30), 10**30).map(Decimal) | st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=3
)
currencies = st.sampled_from(["KRW", "USD", "CNY"])


def maybe(strategy: Strategy) -> Strategy:
    """Draw None or a value."""
    return st.none() | strategy


def several(strategy: Strategy, **sizes: Any) -> Strategy:  # noqa: ANN401  the sizes of st.lists
    """Draw a tuple of values."""
    return st.lists(strategy, **{"max_size": 2, **sizes}).map(tuple)


spans = st.tuples(st.integers(0, 9000), st.integers(1, 9000)).map(lambda pair: Span(start=pair[0], end=sum(pair)))
people = st.builds(CreditedPerson, name=wordings)
publications = st.builds(
    Publication, publisher=wordings, headline=maybe(wordings), issue=maybe(texts), published_on=maybe(dates),
    address=maybe(addresses),
)  # fmt: skip
rights = st.builds(
    ArticleRights, holder=wordings, statement=wordings, may_hold_text=st.booleans(), may_publish_text=st.booleans()
)


@st.composite
def dismissals(draw: st.DrawFn) -> Dismissal:
    """Draw a dismissal without text, which fits every article."""
    span = draw(spans)
    quote = QuoteSelector(exact=PassageHash(length=span.end - span.start, sha256=draw(hashes)))
    return Dismissal(position=span, quote=quote, reason=draw(wordings))


editions = st.builds(
    Edition, edition_sha256=hashes, length=st.integers(0, 10**6), furniture=several(spans),
    dismissed=several(dismissals()),
)  # fmt: skip
articles = st.builds(
    Article, article_id=names, headline=wordings, publisher=wordings, issue=maybe(texts), published_on=dates,
    language=st.sampled_from(["ko", "en", "zh-Hant"]), section=maybe(wordings), authors=several(people),
    translators=several(people), original=maybe(publications), address=maybe(addresses), rights=rights,
    editions=several(editions, unique_by=lambda edition: edition.edition_sha256),
)  # fmt: skip
_yes = st.just(True)  # noqa: FBT003  a strategy takes its value so
documents = (
    st.builds(
        Document,
        document_id=names.map(lambda name: f"d-{name}"),
        medium=st.sampled_from(Medium),
        title=wordings,
        publisher=maybe(wordings),
        language=st.just("ko"),
        published_on=maybe(dates),
        address=maybe(addresses),
        archived_address=maybe(addresses),
        obtained_at=times,
        captured=st.just(CaptureExtent.FULL),
        content_sha256=hashes,
        tier=st.sampled_from(Tier),
        derives_from=several(names.map(lambda name: f"e-{name}")),
        rights=st.builds(Rights, holder=wordings, statement=wordings, may_hold_text=_yes),
        opened_on=maybe(days),
        extent_seen=maybe(st.sampled_from(SeenExtent)),
        mirror_of=maybe(st.just("https://example.org/original")),
    )
    | st.builds(
        Document,
        document_id=names,
        medium=st.sampled_from(Medium),
        captured=st.just(CaptureExtent.NONE),
        tier=st.sampled_from(Tier),
        is_withheld=_yes,
    )
    | st.builds(
        Document,
        document_id=names,
        medium=st.sampled_from(Medium),
        title=wordings,
        language=st.just("en"),
        obtained_at=times,
        captured=st.sampled_from([CaptureExtent.EXCERPT, CaptureExtent.NONE]),
        tier=st.sampled_from(Tier),
    )
)


@st.composite
def quotes(draw: st.DrawFn) -> QuoteSelector:
    """Draw a quotation as text, or as lengths and hashes."""
    parts: Strategy = draw(
        st.sampled_from([passages, st.builds(PassageHash, length=st.integers(1, 9000), sha256=hashes)])
    )
    return QuoteSelector(exact=draw(parts), prefix=draw(maybe(parts)), suffix=draw(maybe(parts)))


@st.composite
def appearances(draw: st.DrawFn, claim_id: Strategy = claim_ids) -> Appearance:
    """Draw an appearance whose position and quotation have the same length."""
    quote = draw(quotes())
    start = draw(st.integers(0, 9000))
    return Appearance(
        claim_id=draw(claim_id), article_id=draw(names), edition_sha256=draw(hashes), place=draw(st.integers(1, 3)),
        position=Span(start=start, end=start + quote.length), quote=quote,
    )  # fmt: skip


@st.composite
def selected(draw: st.DrawFn) -> tuple[str, Span, QuoteSelector]:
    """Draw a text, a span of it, and its selector as text or as hashes."""
    text = draw(st.text(st.sampled_from("가나다 ab👩🏽‍🚀.\n"), min_size=1, max_size=120))
    start = draw(st.integers(0, len(text) - 1))
    span = Span(start=start, end=draw(st.integers(start + 1, len(text))))
    return text, span, make_quote(text, span, may_hold_text=draw(st.booleans()))


speakers = st.builds(
    Speaker, kind=st.sampled_from(SpeakerKind), name=wordings, role=maybe(wordings), organization=maybe(wordings)
)
sources = st.builds(
    Source, kind=st.sampled_from(SourceKind), name=wordings, published_on=maybe(dates), address=maybe(addresses)
)
evidence_passages = st.builds(
    EvidencePassage,
    place=wordings,
    printed=maybe(passages),
    whole=maybe(st.builds(PassageHash, length=st.integers(1, 9000), sha256=hashes)),
    seen_on=maybe(days),
)
evidence = st.builds(
    Evidence,
    document_id=names,
    stance=st.sampled_from(Stance),
    summary=wordings,
    excerpt=maybe(passages),
    passage=maybe(evidence_passages),
)
searched = st.builds(SearchedPlace, where=wordings, address=maybe(addresses), terms=maybe(texts), on=days) | st.builds(
    SearchedPlace, address=addresses, on=days
)


def machine_wordings(text: Mapping[str, str]) -> Strategy:
    """Draw which languages of a text a model worded."""
    one = st.builds(MachineWording, language=st.sampled_from(sorted(text)), model=texts, is_edited=st.booleans())
    return several(one, unique_by=lambda worded: worded.language)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """Draw a figure or a range, of money or of counted things."""
    low, high = sorted((draw(amounts), draw(amounts)))
    number = draw(st.sampled_from([{"amount": low}, {"low": low, "high": high}, {"low": low}]))
    measure = {"currency": draw(currencies)} if draw(st.booleans()) else {"unit": draw(texts)}
    comparator, direction = draw(maybe(st.sampled_from(Comparator))), draw(maybe(st.sampled_from(Direction)))
    fields: dict[str, Any] = {**number, **measure}
    return Quantity(text=draw(texts), comparator=comparator, direction=direction, **fields)


@st.composite
def verdicts(draw: st.DrawFn) -> tuple[Verdict, ...]:
    """Draw verdicts on different questions."""
    asked = draw(st.lists(st.sampled_from(Question), unique=True))
    return tuple(
        Verdict(
            question=question, value=draw(st.sampled_from(VerdictValue)), rationale=rationale, as_of=draw(dates),
            recheck_after=draw(maybe(dates)), searched=draw(several(searched)),
            machine_wording=draw(machine_wordings(rationale)),
        )
        for question, rationale in [(question, draw(wordings)) for question in asked]
    )  # fmt: skip


waivers = st.dictionaries(names, wordings, max_size=2).map(
    lambda reasons: tuple(Waiver(code=code[:40].rstrip("-"), reason=reason) for code, reason in reasons.items())
)
relations = st.lists(
    st.builds(RelatedClaim, relation=st.sampled_from(Relation), claim_id=claim_ids), max_size=2,
    unique_by=lambda related: related.claim_id,
)  # fmt: skip
QUOTED = [AttributionMode.DIRECT_QUOTE, AttributionMode.INDIRECT_QUOTE, AttributionMode.DOCUMENT]


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Draw a claim of any kind."""
    speaker = draw(maybe(speakers))
    attribution = Attribution(
        mode=draw(st.sampled_from(QUOTED)) if speaker else AttributionMode.NARRATION,
        cue=draw(maybe(texts)),
        speaker_basis=draw(st.sampled_from(SpeakerBasis)) if speaker else None,
    )
    figures = draw(several(quantities()))
    claim_id = draw(claim_ids)
    is_happening = not speaker and not figures
    statement = draw(wordings)
    return Claim(
        claim_id=claim_id, article_id=draw(names), statement=statement, speaker=speaker,
        attribution=attribution, source=draw(sources), quantities=figures, topics=draw(several(names, min_size=1)),
        said_on=draw(maybe(dates)), about_on=draw(dates if is_happening else maybe(dates)),
        evidence=draw(several(evidence)), verdicts=draw(verdicts()), note=draw(maybe(wordings)),
        waivers=draw(waivers),
        relations=tuple(related for related in draw(relations) if related.claim_id != claim_id),
        machine_wording=draw(machine_wordings(statement)),
    )  # fmt: skip


alias_names = st.builds(AliasName, text=texts, language=maybe(st.sampled_from(["ko", "en", "zh"])))
aliases = st.builds(
    Alias, alias_id=names, kind=st.sampled_from(AliasKind), note=maybe(wordings),
    names=several(alias_names, min_size=2, max_size=4, unique_by=lambda name: name.text),
)  # fmt: skip
earlier_checks = st.builds(
    EarlierCheck, earlier_check_id=names, import_id=names, publisher=wordings, claim=texts,
    language=maybe(st.just("ko")), speaker=maybe(texts), said_on=maybe(dates), rating=passages,
    rating_scale=maybe(texts), address=maybe(addresses), checked_on=maybe(dates), headline=maybe(texts),
    summary=maybe(texts), topics=several(names),
)  # fmt: skip
records = articles | documents | appearances() | claims() | aliases | earlier_checks
corrections = st.builds(Correction, kind=st.sampled_from(CorrectionKind), public_note=wordings)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(names, values, max_size=3),
    max_leaves=5,
)
changes = st.builds(
    Change, subject=st.sampled_from(Subject), key=names, base=maybe(hashes),
    fields=st.dictionaries(names, json_values, max_size=3),
)  # fmt: skip
