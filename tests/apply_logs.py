"""Random logs for tests of `apply`: few records that depend on each other, changed in every way that a log allows.

Two articles in two editions, nine claims and four documents. Claims share facts, speakers and sources; amounts follow
counts in the text; durations and dates of events may differ; conversions are of several currencies. A change is a new
version of a record, a withdrawal or a redaction; rights are given and taken back. Many logs begin with `BASE`, so that
claims say something about each other from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from hypothesis import strategies as st
from made_ledger import DIRECTOR, DRIVER, OWN, QUOTED, REPORTED, SO, LogMaker, subject_and_key

from claimledger.ledger.log import LogEntry
from claimledger.vocabulary import CorrectionKind

Fields = dict[str, Any]
Strategy = st.SearchStrategy[Any]
ARTICLES = ("chips-monthly-2023-06", "port-weekly-2023-07")
TEXTS = {
    sha256(text.encode()).hexdigest(): text
    for text in (f"{article}, edition {number}: SECRET {number}." for article in ARTICLES for number in (1, 2))
}
"""The text of each edition by its hash: two editions of each article."""
EDITIONS = {article: [*TEXTS][2 * place : 2 * place + 2] for place, article in enumerate(ARTICLES)}
CLAIMS = tuple(f"claim-number-{4 * letter}" for letter in "abcdefghj")
DOCUMENTS = ("yearbook", "column", "report", "letter")
NOBODY: Fields = {"attribution": {"mode": "narration"}}
FIRST_TIME = datetime(2031, 1, 30, 9, tzinfo=UTC)


PARTS: Mapping[str, Sequence[Sequence[str]]] = {
    "claim": [
        ("statement", "quantities", "about_on", "speaker", "attribution"), ("article_id",), ("source",), ("topics",),
        ("verdicts",), ("evidence",), ("waivers",), ("relations",),
    ],
    "article": [("published_on",), ("headline",), ("rights", "editions")],
    "document": [("derives_from",), ("medium", "tier"), ("title", "published_on")],
    "appearance": [("position", "quote")],
}  # fmt: skip
"""The fields of a record that change together."""
ALL, NOTHING = -2, -1


class LogChange(NamedTuple):
    """A new version of a record."""

    record: Mapping[str, Any]
    kind: str = "update"
    """The kind of revision, if the record is in the log already; the first one is always `listed`."""
    part: int = ALL
    """The part of the record that changes, if the record is in the log already: `ALL`, `NOTHING` or a number."""
    later: timedelta = timedelta(0)
    """The time since the change before."""
    author: str = "haru"


def make_log(changes: Iterable[LogChange]) -> list[LogEntry]:
    """Return the entries of a log with some changes."""
    log, time, newest = LogMaker(), FIRST_TIME, dict[str, Mapping[str, Any]]()
    for number, change in enumerate(changes):
        time += change.later
        subject, key = subject_and_key(change.record)
        said: Fields = {"recorded_at": f"{time:%Y-%m-%dT%H:%M:%S}.000Z", "authors": [change.author]}
        kind = change.kind if key in newest else "listed"
        if kind == "correction":
            correction = str([*CorrectionKind][number % len(CorrectionKind)])
            said["correction"] = {"kind": correction, "public_note": {"en": f"Note {number}."}}
        newest[key] = _changed(newest[key], change, PARTS[subject]) if key in newest else change.record
        log.add(newest[key], kind, reason=f"Reason {number}.", **said)
    return log.entries


def _changed(before: Mapping[str, Any], change: LogChange, parts: Sequence[Sequence[str]]) -> Mapping[str, Any]:
    if change.part < 0:
        return change.record if change.part == ALL else before
    names = parts[change.part % len(parts)]
    kept = {name: value for name, value in before.items() if name not in names}
    return kept | {name: change.record[name] for name in names if name in change.record}


def one_of(*values: object) -> Strategy:
    """Draw one of some values."""
    return st.sampled_from(values)


def few(strategy: Strategy, most: int) -> Strategy:
    """Draw a list of different values."""
    return st.lists(strategy, max_size=most, unique_by=repr)


# Articles and passages


@st.composite
def articles(draw: st.DrawFn) -> Fields:
    """Draw a version of an article."""
    article, may_hold = draw(one_of(*ARTICLES)), draw(st.booleans())
    words = TEXTS[EDITIONS[article][0]][:6]
    quote = {"exact": words} if may_hold else hidden_quote(words)
    dismissed = [{"position": {"start": 0, "end": 6}, "quote": quote, "reason": {"en": "No figure."}}]
    editions = [{"edition_sha256": edition, "length": len(TEXTS[edition])} for edition in EDITIONS[article]]
    editions[0] |= {"dismissed": dismissed} if draw(st.booleans()) else {}
    return {
        "article_id": article,
        "headline": {"en": f"{article} {draw(one_of('one', 'two'))}", "ko": "기사"},
        "publisher": {"en": "Harbour Monthly"},
        "published_on": draw(one_of("2023-06-01", "2023-07-15", "2031-04")),
        "language": "ko",
        "rights": {
            "holder": {"en": "Harbour Monthly"}, "statement": {"en": "See the page."}, "may_hold_text": may_hold,
            "may_publish_text": draw(st.booleans()),
        },
        "editions": editions[: draw(st.integers(0, 2))],
    }  # fmt: skip


def hidden_quote(words: str) -> Fields:
    """Return the quote of words that may not be shown."""
    return {"exact": {"length": len(words), "sha256": sha256(words.encode()).hexdigest()}}


@st.composite
def passages(draw: st.DrawFn) -> Fields:
    """Draw a version of a claim's passage; passages may touch each other, so that an amount follows a count."""
    article = draw(one_of(ARTICLES[0], *ARTICLES))
    edition = draw(one_of(*2 * EDITIONS[article][:1], *EDITIONS[article]))
    start, length = draw(st.integers(0, 5)) * 10, draw(one_of(8, 9, 12))
    words = draw(one_of("칩은 1만 개가 든다. 끝.", "20억위안이다. 그리고 끝"))[:length].ljust(length, ".")
    return {
        "claim_id": draw(one_of(*3 * CLAIMS[2:4], *CLAIMS)),
        "article_id": article,
        "edition_sha256": edition,
        "place": draw(one_of(1, 1, 1, 2)),
        "position": {"start": start, "end": start + length},
        "quote": {"exact": words, "prefix": "앞 "} if draw(st.booleans()) else hidden_quote(words),
    }


# Documents


@st.composite
def documents(draw: st.DrawFn) -> Fields:
    """Draw a version of a document; it may derive from others, also in a circle."""
    name = draw(one_of(*DOCUMENTS))
    return {
        "document_id": name,
        "medium": draw(one_of("web", "pdf")),
        "title": {"en": f"The {name}, {draw(one_of('first', 'second'))} print"},
        "language": "en",
        "published_on": draw(one_of("2023-05", "2031-02-01")),
        "obtained_at": "2031-01-05T08:00:00.000Z",
        "captured": "none",
        "tier": draw(one_of("primary", "primary_copy", "secondary")),
        "derives_from": draw(few(one_of(*(other for other in DOCUMENTS if other != name)), 2)),
    }


def document(name: str, *derives_from: str) -> Fields:
    """Return a document of `BASE`."""
    return {
        "document_id": name, "medium": "web", "title": {"en": f"The {name}"}, "language": "en",
        "obtained_at": "2031-01-05T08:00:00.000Z", "captured": "none", "tier": "secondary",
        "derives_from": list(derives_from),
    }  # fmt: skip


def evidence(*names: str) -> list[Fields]:
    """Return supporting evidence: a document each."""
    return [{"document_id": name, "stance": "supports", "summary": {"en": "It says so."}} for name in names]


# Claims

WON = {"currency": "KRW"}
YUAN = {"text": "20억위안", "amount": "2000000000", "currency": "CNY"}
DOLLARS = {"text": "1000만달러", "amount": "10000000", "currency": "USD"}


def _count(template: Mapping[str, str], unit: str, *amounts: int, **more: str) -> list[Fields]:
    """Return claims with the same words and different figures."""
    return [
        {
            "statement": {language: text.format(amount) for language, text in template.items()},
            "quantities": [{"text": str(amount), "amount": str(amount), "unit": unit, **more}],
        }
        for amount in amounts
    ]  # fmt: skip


STATEMENTS: Sequence[Fields] = [
    *_count({"ko": "하늘항의 직원은 {}명이다."}, "person", 340, 430, 431, 555, 777),
    *_count({"ko": "하늘항의 직원은 모두 {}명이다.", "en": "Haneul port has {} workers."}, "person", 340, 900),
    *_count({"en": "Haneul port has {} workers."}, "person", 430, 12, comparator="about"),
    *_count({"ko": "칩은 {}개가 든다."}, "gpu", 10, 1, 4000),
    {"statement": {"ko": "칩 값은 20억위안이다."}, "quantities": [YUAN]},
    *(
        {"statement": {"ko": f"칩 값은 20억위안({number}억원)이다."}, "quantities": [
            YUAN, {"text": f"{number}억원", "amount": f"{number}00000000", **WON},
        ]} for number in (3834, 2100, 3710)
    ),
    *(
        {"statement": {"ko": f"크레인 값은 1000만달러({number}억원)다."}, "quantities": [
            DOLLARS, {"text": f"{number}억원", "amount": f"{number}00000000", **WON},
        ]} for number in (132, 133)
    ),
    *(
        {"statement": {"ko": "미리내-4가 나오고 하루 만에 가람봇도 나왔다."}, "about_on": "2023-03",
         "quantities": [{"text": text, "amount": amount, "unit": "day"}]}
        for text, amount in (("하루 만에", "1"), ("2일", "2"))
    ),
    *(
        {"statement": {"ko": f"{name} 나왔다."}, "about_on": about, "speaker": None}
        for name in ("가람봇이", "미리내-4가") for about in ("2023-03-14", "2023-03-16")
    ),
    {"statement": {"en": "Grains of sand were moved."}, "quantities": [
        {"text": "many", "amount": "123456789012345678901234567890", "unit": "grain"},
        {"text": "few", "low": "5", "high": "7.5", "unit": "metre"},
    ]},
]  # fmt: skip
SPEAKERS: Sequence[Mapping[str, Any] | None] = [
    None, DIRECTOR, {**DIRECTOR, "role": {"en": "chief executive"}}, {**DIRECTOR, "kind": "organization"},
    {**DIRECTOR, "name": {"en": "Seo Mirae", "ko": "서 미래"}}, DRIVER,
]  # fmt: skip
SOURCES: Sequence[Mapping[str, Any]] = [
    OWN,
    *(
        {"kind": kind, "name": {"en": "Port briefing", **korean}, **date}
        for kind in ("speech", "report")
        for korean in ({}, {"ko": "항만 브리핑"}, {"ko": "하늘항 브리핑"})
        for date in ({}, {"published_on": "2031-03-20"}, {"published_on": "2031-03", "address": "https://example.org/"})
    ),
]
VERDICT_VALUES = ("supported", "refuted", "not_enough_evidence")


@st.composite
def claims(draw: st.DrawFn, names: Sequence[str] = CLAIMS) -> Fields:
    """Draw a version of a claim."""
    said = draw(st.sampled_from(STATEMENTS))
    speaker = None if "speaker" in said else draw(st.sampled_from(SPEAKERS))
    spoken: Fields = {"speaker": speaker, "attribution": draw(one_of(QUOTED, REPORTED))} if speaker else NOBODY
    fields: Fields = {name: value for name, value in said.items() if name != "speaker"} | spoken
    if not speaker and not fields.get("quantities"):
        fields.setdefault("about_on", "2023-03-14")
    questions = draw(few(one_of("so", "said"), 2))
    return fields | {
        "claim_id": draw(st.sampled_from(names)),
        "article_id": draw(one_of(ARTICLES[0], *ARTICLES)),
        "source": draw(st.sampled_from(SOURCES)),
        "topics": draw(st.lists(one_of("ports", "chips", "jobs"), min_size=1, max_size=3, unique=True)),
        "verdicts": [{**SO, "question": one, "value": draw(one_of(*VERDICT_VALUES))} for one in questions],
        "evidence": [
            {"document_id": name, "stance": draw(one_of("supports", "refutes")), "summary": {"en": "It says so."}}
            for name in draw(few(one_of(*DOCUMENTS), 2))
        ],
        "waivers": [
            {"code": code, "reason": {"en": "Accepted."}}
            for code in draw(few(one_of("two-values-in-article", "two-values-in-ledger", "amount-for-each"), 1))
        ],
        "relations": [
            {"relation": "repeats", "claim_id": "claim-elsewhere-zzzz"} for _ in range(draw(st.integers(0, 1)))
        ],
    }


# Changes


def _changes(records: Strategy, *kinds: str) -> Strategy:
    return st.builds(
        LogChange,
        record=records,
        kind=one_of("update", "update", "withdrawal", "redaction", *kinds),
        part=one_of(ALL, NOTHING, *range(8)),
        later=st.sampled_from([timedelta(0), timedelta(minutes=1), timedelta(days=1), timedelta(days=40)]),
        author=one_of("haru", "miru"),
    )


claim_changes = _changes(claims(), "update", "verdict", "correction", "correction")
article_changes = _changes(articles())
changes = st.one_of(
    *4 * [claim_changes], _changes(passages()), article_changes, article_changes, _changes(documents()),
)  # fmt: skip


def base_claim(place: int, said: Fields, **more: object) -> Fields:
    """Return a claim of `BASE`."""
    spoken: Fields = NOBODY if "speaker" in said else {"speaker": DIRECTOR, "attribution": QUOTED}
    fields = {name: value for name, value in said.items() if name != "speaker"} | spoken
    return fields | {
        "claim_id": CLAIMS[place], "article_id": ARTICLES[0], "source": OWN, "topics": ["chips"], **more,
    }  # fmt: skip


def base_passage(place: int, start: int) -> Fields:
    """Return a passage of a claim of `BASE`, 8 code points long."""
    return {
        "claim_id": CLAIMS[place], "article_id": ARTICLES[0], "edition_sha256": EDITIONS[ARTICLES[0]][0], "place": 1,
        "position": {"start": start, "end": start + 8}, "quote": hidden_quote("12345678"),
    }  # fmt: skip


def statement_with(text: str) -> Fields:
    """Return the words and figures of a claim by a part of its statement."""
    return next(one for one in STATEMENTS if text in str(one["statement"]))


_RIGHTS = {"holder": {"en": "Harbour Monthly"}, "statement": {"en": "See the page."}, "may_hold_text": True}
BASE: Sequence[LogChange] = [
    *(
        LogChange({
            "article_id": article, "headline": {"en": article}, "publisher": {"en": "Harbour Monthly"},
            "published_on": "2023-06-01", "language": "ko", "rights": _RIGHTS,
            "editions": [{"edition_sha256": EDITIONS[article][0], "length": 60}],
        }) for article in ARTICLES
    ),
    LogChange(document("yearbook")),
    LogChange(document("column", "yearbook")),
    LogChange(document("report", "column")),
    LogChange(document("letter")),
    LogChange(base_claim(0, statement_with("직원은 340명"), evidence=evidence("report", "letter"))),
    LogChange(base_claim(1, statement_with("직원은 430명"), article_id=ARTICLES[1])),
    LogChange(base_claim(2, statement_with("칩은 10개"))),
    LogChange(base_claim(3, statement_with("20억위안이다"))),
    LogChange(base_passage(2, 10)),
    LogChange(base_passage(3, 20)),
    LogChange(base_claim(4, statement_with("3834억원"))),
    LogChange(base_claim(5, statement_with("133억원"))),
    LogChange(base_claim(6, statement_with("가람봇도"))),
    LogChange(base_claim(7, statement_with("가람봇이"), about_on="2023-03-16")),
    LogChange(base_claim(8, statement_with("미리내-4가 나왔다"), about_on="2023-03-14")),
]  # fmt: skip
"""Changes after which every check across claims finds something."""


@st.composite
def logs(draw: st.DrawFn, least: int, most: int) -> list[LogEntry]:
    """Draw the entries of a log: often those of `BASE`, then some random changes."""
    first = draw(st.sampled_from([BASE, BASE, BASE[:2], ()]))
    return make_log([*first, *draw(st.lists(changes, min_size=least, max_size=most))])


@st.composite
def cut_logs(draw: st.DrawFn, least: int, most: int) -> list[list[LogEntry]]:
    """Draw a log and where it is cut into steps; the first step may be empty."""
    entries = draw(logs(least, most))
    cuts = sorted(draw(st.sets(st.integers(0, len(entries) - 1), min_size=1, max_size=len(entries))))
    ends = [*cuts[1:], len(entries)] if cuts[0] == 0 else [*cuts, len(entries)]
    starts = [0, *ends[:-1]]
    steps = [entries[start:end] for start, end in zip(starts, ends, strict=True)]
    return [[], *steps] if cuts[0] == 0 else steps
