"""Generate whole logs for measurements, one entry at a time: of any size, and the same ones in every run.

The profile `newsroom` is like a real ledger: about 40 claims an article, each with its passage; most facts have one or
two claims; a tenth of the claims is judged by documents, a hundredth is corrected, some are withdrawn. The profile
`shared` is the hard case: all claims measure the same 35 facts, and half of them have the same speaker.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from made_up import made_up_claim

from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.log import BODIES_PER_FILE, LogEntry, log_file
from claimledger.scalars import BASE32


class Profile(StrEnum):
    """The kind of a generated log."""

    NEWSROOM = "newsroom"
    SHARED = "shared"


CLAIMS_PER_ARTICLE = 40
MOST_CLAIMS = 2**20
"""The greatest number of claims in a log; more would get IDs that exist already."""
START = datetime(2021, 1, 4, 9, tzinfo=UTC)
SPAN = timedelta(days=5 * 365)
"""The time between the first revision and the last one."""
_CHECKED_LATER = 25
"""The number of articles between the publication of a claim and that of its verdict."""
_WITHDRAWN_OF = 400
"""One of so many claims is withdrawn."""
_PASSAGE_ROOM = 200
"""The code points between the beginnings of two passages."""
_ENGLISH = ("ba", "de", "gi", "ho", "ju", "ka", "lo", "mi", "na", "pu", "ra", "se", "ti", "wo", "ya", "zu")
_KOREAN = ("바", "데", "기", "호", "주", "가", "로", "미", "나", "푸", "라", "세", "티", "오", "야", "수")
_THINGS = (("library", "도서관"), ("harbour", "항만"), ("school", "학교"), ("tram", "전차"), ("clinic", "보건소"))
_VERDICTS = ("supported", "supported", "refuted", "not_enough_evidence", "conflicting_evidence")
_encoder = msgspec.json.Encoder(order="sorted")


class ClaimVersion(NamedTuple):
    """A claim that was published; its next version continues it."""

    number: int
    """The place of the claim among the generated ones, from 0."""
    claim: Mapping[str, Any]
    revision: int
    sha256: str


class BodyWriter:
    """A writer of the bodies of a log, numbered in order."""

    def __init__(self, number: int = 0) -> None:
        """Continue after an entry with this number."""
        self.number = number
        self.recorded_at = ""

    def set_time(self, share: float) -> None:
        """Set the time of the next entries: a share of `SPAN`, from 0 to 1."""
        moment = START + timedelta(seconds=round(SPAN.total_seconds() * share))
        self.recorded_at = f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"

    def entry(self, subject: str, key: str, record: Mapping[str, Any], **fields: object) -> LogEntry:
        """Return the next entry; by default the first version of its record."""
        self.number += 1
        body = _encoder.encode({
            "format": 1, "nonce": f"{self.number * 0x9E3779B97F4A7C15 % 2**128:032x}", "number": self.number,
            "subject": subject, "key": key, "revision": 1, "kind": "listed", "recorded_at": self.recorded_at,
            "authors": ["haru"], "approver": "sora", "reason": "기사에서 옮겼다.", "record": record, **fields,
        })  # fmt: skip
        return LogEntry(self.number, leaf_sha256(body).hex(), body)

    def next_version(self, before: ClaimVersion, kind: str, claim: Mapping[str, Any], **fields: object) -> LogEntry:
        """Return the next version of a claim."""
        return self.entry(
            "claim", claim["claim_id"], claim, revision=before.revision + 1, kind=kind, prev=before.sha256, **fields
        )


def log_entries(claims: int, profile: Profile = Profile.NEWSROOM) -> Iterator[LogEntry]:
    """Yield the log of so many claims, at most `MOST_CLAIMS`."""
    yield from (_newsroom_entries if profile is Profile.NEWSROOM else _shared_entries)(claims)


def write_log(folder: Path, entries: Iterator[LogEntry]) -> int:
    """Write a log to a new folder without waiting for the disk; return the number of its entries."""
    folder.mkdir(parents=True)
    number, bodies = 0, []
    for entry in entries:
        number = entry.number
        bodies.append(entry.body)
        if number % BODIES_PER_FILE == 0:
            log_file(folder, number).write_bytes(b"\n".join([*bodies, b""]))
            bodies.clear()
    if bodies:
        log_file(folder, number).write_bytes(b"\n".join([*bodies, b""]))
    return number


def _newsroom_entries(claims: int) -> Iterator[LogEntry]:
    bodies, waiting = BodyWriter(), deque[list[ClaimVersion]]()
    articles = -(-claims // CLAIMS_PER_ARTICLE)
    for place in range(articles):
        bodies.set_time(place / articles)
        first = place * CLAIMS_PER_ARTICLE
        numbers = range(first, min(first + CLAIMS_PER_ARTICLE, claims))
        yield bodies.entry("article", article_id(place), _article(place))
        written = list[ClaimVersion]()
        for entry, number, claim in _new_claims(bodies, numbers, claims):
            yield entry
            if claim:
                written.append(ClaimVersion(number, claim, 1, entry.sha256))
        waiting.append(written)
        if len(waiting) > _CHECKED_LATER:
            yield from _later_versions(bodies, waiting.popleft())
    for written in waiting:
        yield from _later_versions(bodies, written)


def _new_claims(
    bodies: BodyWriter, numbers: Sequence[int], claims: int
) -> Iterator[tuple[LogEntry, int, Mapping[str, Any] | None]]:
    """Yield the entries of new claims, each followed by that of its passage."""
    for number in numbers:
        claim = newsroom_claim(number, claims)
        yield bodies.entry("claim", claim["claim_id"], claim), number, claim
        passage = appearance(claim, number)
        yield bodies.entry("appearance", f"{claim['claim_id']}@{passage['edition_sha256'][:12]}", passage), number, None


def _later_versions(bodies: BodyWriter, written: Sequence[ClaimVersion]) -> Iterator[LogEntry]:
    """Yield the verdicts with their documents, the corrections and the withdrawals of the claims of an article."""
    for one in written:
        if one.number % 10 == 0:
            yield from (bodies.entry("document", name, document(name)) for name in _new_documents(one.number))
            judged = judged_claim(one.claim, one.number)
            entry = bodies.next_version(one, "verdict", judged)
            yield entry
            if one.number % 100 == 0:
                before = ClaimVersion(one.number, judged, 2, entry.sha256)
                yield bodies.next_version(before, "correction", corrected_claim(judged), correction=CORRECTION)
        elif one.number % _WITHDRAWN_OF == 1:
            yield bodies.next_version(one, "withdrawal", one.claim)


CORRECTION: Mapping[str, Any] = {"kind": "clarification", "public_note": {"ko": "가리키는 해를 바로잡았다."}}


def corrected_claim(claim: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a claim with another year."""
    english = claim["statement"]["en"].replace(" in 20", " back in 20")
    return {**claim, "about_on": "2020", "statement": {**claim["statement"], "en": english}}


def judged_claim(claim: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return a claim with a verdict and its evidence: a document of its own, and one that other claims have too."""
    value = _VERDICTS[number // 10 % len(_VERDICTS)]
    stance = {"supported": "supports", "refuted": "refutes"}.get(value, "context")
    verdict = {"question": "so", "value": value, "as_of": "2026-01-05",
               "rationale": {"ko": "예산서와 대조했다.", "en": "It was compared with the budget."}}  # fmt: skip
    evidence = [
        {"document_id": own_document(number), "stance": stance, "summary": {"ko": "같은 수치가 있다."}},
        {"document_id": shared_document(number), "stance": "context", "summary": {"en": "It explains the budget."}},
    ]
    return {**claim, "verdicts": [verdict], "evidence": evidence}


def own_document(number: int) -> str:
    """Return the name of the document that only this claim has."""
    return f"report-on-{spell_name(number, _ENGLISH)}-{_tail(number)}"


def shared_document(number: int) -> str:
    """Return the name of the document that the judged claims of ten articles have in common."""
    return own_document(number // (10 * CLAIMS_PER_ARTICLE) * 10 * CLAIMS_PER_ARTICLE)


def _new_documents(number: int) -> Iterator[str]:
    yield own_document(number)


def document(name: str) -> Mapping[str, Any]:
    """Return a document."""
    return {
        "document_id": name, "medium": "web", "title": {"en": f"Report {name}", "ko": f"보고서 {name}"},
        "publisher": {"en": "City council", "ko": "시의회"}, "language": "ko", "published_on": "2020-12-01",
        "address": f"https://example.org/{name}", "obtained_at": "2021-01-03T09:00:00.000Z", "captured": "none",
        "tier": "primary",
    }  # fmt: skip


def article_id(place: int) -> str:
    """Return the ID of an article by its place, from 0."""
    return f"{spell_name(place, _ENGLISH)}-weekly-{place + 1}"


def edition(place: int) -> str:
    """Return the hash of the edition of an article."""
    return sha256(article_id(place).encode()).hexdigest()


def is_korean(place: int) -> bool:
    """Return whether an article is written in Korean: every second one is."""
    return place % 2 == 0


_RIGHTS: Mapping[str, Any] = {"holder": {"ko": "주간"}, "statement": {"ko": "구절만 실을 수 있다."}}


def _allows_passages(place: int) -> bool:
    """Return whether the rights of an article allow its passages: those of three quarters do."""
    return place % 4 > 0


def _article(place: int) -> Mapping[str, Any]:
    """Return an article by its place, from 0."""
    return {
        "article_id": article_id(place), "headline": {"en": f"Budgets {place + 1}", "ko": f"예산 {place + 1}"},
        "publisher": {"en": "Weekly", "ko": "주간"}, "published_on": "2021-01-04",
        "language": "ko" if is_korean(place) else "en",
        "rights": {**_RIGHTS, **({"may_hold_text": True} if _allows_passages(place) else {})},
        "editions": [{"edition_sha256": edition(place), "length": (CLAIMS_PER_ARTICLE + 1) * _PASSAGE_ROOM}],
    }  # fmt: skip


def appearance(claim: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return the passage of a claim: its words, or their hash if the rights of the article do not allow them."""
    place = number // CLAIMS_PER_ARTICLE
    start = number % CLAIMS_PER_ARTICLE * _PASSAGE_ROOM
    words = claim["statement"]["ko" if is_korean(place) else "en"]
    hashed = {"length": len(words), "sha256": sha256(words.encode()).hexdigest()}
    exact = words if _allows_passages(place) else hashed
    return {
        "claim_id": claim["claim_id"], "article_id": claim["article_id"], "edition_sha256": edition(place),
        "position": {"start": start, "end": start + len(words)}, "quote": {"exact": exact},
    }  # fmt: skip


def spell_name(number: int, syllables: Sequence[str]) -> str:
    """Return a name of four syllables or more for a number.

    >>> spell_name(1, _ENGLISH), spell_name(1, _KOREAN)
    ('bababade', '바바바데')
    """
    digits = f"{number:04x}"
    return "".join(syllables[int(digit, 16)] for digit in digits)


def _tail(number: int) -> str:
    """Return four characters that no other claim has; they are not sorted."""
    mixed = number * 2_654_435_761 % MOST_CLAIMS
    return "".join(BASE32[mixed >> 5 * place & 31] for place in range(4))


def newsroom_claim(number: int, claims: int) -> Mapping[str, Any]:
    """Return one of so many claims of the profile `newsroom`, by its place from 0."""
    mixed = _mix(number)
    fact = mixed % max(claims * 3 // 4, 1)
    thing, in_korean = _THINGS[fact % len(_THINGS)]
    town = spell_name(fact // 30, _ENGLISH).title(), spell_name(fact // 30, _KOREAN)
    english, korean, quantities = _statement(fact, 2 + mixed // 2**40 % 997, (thing, in_korean), town)
    claim: dict[str, Any] = {
        "claim_id": f"{town[0].lower()}-{thing}-{_tail(number)}",
        "article_id": article_id(number // CLAIMS_PER_ARTICLE),
        "statement": {"en": english, "ko": korean}, "topics": [thing], "about_on": str(2015 + fact // 6 % 6),
        "source": _source(mixed, claims), "attribution": {"mode": "narration"},
    }  # fmt: skip
    if quantities:
        claim["quantities"] = quantities
    if fact % 6 == _QUOTED or (fact % 6 != _EVENT and number % 2):
        claim["speaker"] = _speaker(mixed, claims, town)
        claim["attribution"] = {"mode": "direct_quote", "speaker_basis": "explicit"}
        claim["said_on"] = "2021-01-03"
    return claim


_SHARE, _AMOUNT, _COUNT, _COST, _QUOTED, _EVENT = range(6)
"""The kinds of statements; the last two have no figures."""


def _statement(
    fact: int, amount: int, thing: tuple[str, str], town: tuple[str, str]
) -> tuple[str, str, list[Mapping[str, Any]]]:
    """Return a statement in English and Korean with its figures. Claims with the same fact differ only in figures."""
    (what, what_ko), (city, city_ko), year = thing, town, 2015 + fact // 6 % 6
    kind = fact % 6
    if kind == _SHARE:
        return (f"The {what} budget of {city} grew by about {amount}% in {year}.",
                f"{city_ko}시의 {year}년 {what_ko} 예산은 약 {amount}% 늘었다.",
                [{"text": f"약 {amount}%", "amount": str(amount), "unit": "percent", "comparator": "about",
                  "direction": "above"}])  # fmt: skip
    if kind == _AMOUNT:
        return (f"{city} spent {amount} billion won on its {what} in {year}.",
                f"{city_ko}시는 {year}년 {what_ko}에 {amount * 10}억 원을 썼다.",
                [{"text": f"{amount * 10}억 원", "amount": str(amount * 10**9), "currency": "KRW"}])  # fmt: skip
    if kind == _COUNT:
        return (f"More than {amount * 100:,} people used the {what} of {city} in {year}.",
                f"{year}년 {city_ko}시 {what_ko} 이용자는 {amount * 100:,}명을 넘었다.",
                [{"text": f"{amount * 100:,}명", "amount": str(amount * 100), "unit": "person",
                  "comparator": "more_than"}])  # fmt: skip
    if kind == _COST:
        return (f"The {what} of {city} cost {amount} million dollars and took 3 years in {year}.",
                f"{city_ko}시 {what_ko}에는 {year}년 {amount}백만 달러와 3년이 들었다.",
                [{"text": f"{amount}백만 달러", "amount": str(amount * 10**6), "currency": "USD"},
                 {"text": "3년", "amount": "3", "unit": "year"}])  # fmt: skip
    if kind == _QUOTED:
        return (f"The {what} of {city} will stay open, plan {amount} says.",
                f"{city_ko}시 {what_ko}은 계속 연다고 계획서에 적혀 있다.", [])  # fmt: skip
    return (f"The {what} of {city} opened after the works of {year}.",
            f"{city_ko}시 {what_ko}이 {year}년 공사를 마치고 문을 열었다.", [])  # fmt: skip


def _mix(number: int) -> int:
    """Return 64 bits that follow from a number and look like chance."""
    mixed = (number + 1) * 0x9E3779B97F4A7C15 % 2**64
    mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93 % 2**64
    return mixed ^ mixed >> 32


def _skew(mixed: int, size: int) -> int:
    """Return a number below `size`; small ones are much more frequent than large ones."""
    return int(size * (mixed % 2**32 / 2**32) ** 2)


def _speaker(mixed: int, claims: int, town: tuple[str, str]) -> Mapping[str, Any]:
    person = _skew(mixed, claims // 30 + 5)
    return {
        "kind": "person",
        "name": {"en": f"Oh {spell_name(person, _ENGLISH).title()}", "ko": f"오{spell_name(person, _KOREAN)}"},
        "role": {"en": "budget director", "ko": "예산과장"},
        "organization": {"en": f"City of {town[0]}", "ko": f"{town[1]}시"},
    }


def _source(mixed: int, claims: int) -> Mapping[str, Any]:
    place = _skew(mixed >> 32, claims // 100 + 5)
    name = {"en": f"Council {spell_name(place, _ENGLISH).title()}", "ko": f"{spell_name(place, _KOREAN)} 의회"}
    return {"kind": "speech", "name": name}


def _shared_entries(claims: int) -> Iterator[LogEntry]:
    """Yield the log of the hard case: articles, then claims with their verdicts and corrections, without passages."""
    bodies = BodyWriter()
    bodies.set_time(0)
    for name in sorted({str(made_up_claim(number)["article_id"]) for number in range(min(claims, 5_000))}):
        yield bodies.entry("article", name, {**_article(0), "article_id": name})
    for number in range(claims):
        bodies.set_time(number / claims)
        claim = shared_claim(number)
        entry = bodies.entry("claim", claim["claim_id"], claim)
        yield entry
        if number % 10 == 0:
            yield from _judged_and_corrected(bodies, ClaimVersion(number, claim, 1, entry.sha256))


def _judged_and_corrected(bodies: BodyWriter, one: ClaimVersion) -> Iterator[LogEntry]:
    verdict = {"question": "so", "value": _VERDICTS[one.number // 10 % len(_VERDICTS)], "as_of": "2031-05-01",
               "rationale": {"ko": "예산서를 찾지 못했다."}}  # fmt: skip
    judged = {**one.claim, "verdicts": [verdict]}
    entry = bodies.next_version(one, "verdict", judged)
    yield entry
    if one.number % 100 == 0:
        before = ClaimVersion(one.number, judged, 2, entry.sha256)
        yield bodies.next_version(before, "correction", {**judged, "about_on": "2029"}, correction=CORRECTION)


def shared_claim(number: int) -> Mapping[str, Any]:
    """Return a claim of the profile `shared`; every second one has one of 2,000 other speakers."""
    claim = made_up_claim(number)
    if number % 2 == 0:
        return claim
    name = {"en": f"Oh Dasom {number % 2_000}", "ko": f"오다솜 {number % 2_000}"}
    return {**claim, "speaker": {**claim["speaker"], "name": name}}
