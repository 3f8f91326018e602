"""The pictures of the ledger as data: status over time, claims by article and speaker, amounts by currency.

In: ledger.db, opened read-only with rows by name. Out: what is counted, in codes, numbers and names of the ledger, and
the `Picture` of it: a table with words to what it shows; `drawing` makes the SVG of it. The invariants: a picture shows
its table and nothing else, and one ledger gives the same table. Withdrawn claims are counted nowhere; where rows are
left out for length, a last row counts them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from claimledger.publishing.columns import Meaning
from claimledger.publishing.site import Language
from claimledger.vocabulary import VerificationStatus

Name = Literal["status-over-time", "claims-per-article", "claims-per-speaker", "amounts-by-currency", "standing"]

MONTHS = 24
"""Months that are shown: the newest; earlier ones are in the first of them."""
LONGEST = 15
"""Bars that are shown; what is left is counted together."""


Rows = tuple[tuple[str | int, ...], ...]
"""What was counted; a number in the place of a name is of so many others together."""


class Heading(NamedTuple):
    """A column of a picture's table: its name in data, and what people read."""

    name: str
    meaning: Meaning


class Picture(NamedTuple):
    """A picture as a table."""

    name: Name
    title: Meaning
    description: Meaning
    headings: tuple[Heading, ...]
    rows: Rows
    """Texts are those of the ledger, in the language asked for."""


class Words(NamedTuple):
    """What a picture is called, and its columns."""

    title: Meaning
    description: Meaning
    headings: tuple[Heading, ...]


def picture(connection: sqlite3.Connection, name: Name, language: Language) -> Picture:
    """Return a picture of the whole ledger, counted now."""
    return worded(name, PICTURES[name](connection, language), language)


def worded(name: Name, rows: Rows, language: Language) -> Picture:
    """Return the picture of what was counted, with today's words."""
    return Picture(name, *_WORDS[name], tuple((_named(first, language), *rest) for first, *rest in rows))


_OTHERS = Meaning("{} others", "그 밖의 {}")


def _named(first: str | int, language: Language) -> str:
    words = _OTHERS.korean if language == "ko" else _OTHERS.english
    return first if isinstance(first, str) else words.format(f"{first:,}")


_CLAIMS = Heading("claims", Meaning("claims", "주장"))


def status_over_time(connection: sqlite3.Connection, language: Language) -> Rows:  # noqa: ARG001  no words of the ledger
    """Return how many listed claims had which verification status at the end of each month, UTC.

    The newest month is that of the newest entry of the log, and told as of that entry: a ledger knows no other now.
    """
    statuses = tuple(VerificationStatus)
    changes: dict[str, Counter[str]] = {}
    for month, status, count in _status_changes(connection):
        changes.setdefault(month, Counter())[status] += count
    standing: Counter[str] = Counter()
    rows: list[tuple[str | int, ...]] = []
    newest = [month for (month,) in connection.execute(_NEWEST_MONTH)]
    for month in _months([*changes, *newest] if changes else []):
        standing.update(changes.get(month, {}))
        rows.append((month, *(standing[status] for status in statuses)))
    return tuple(rows[-MONTHS:])


def _status_changes(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int]]:
    """Yield by how much the number of claims with a status changed in a month."""
    unchecked = str(VerificationStatus.NOT_CHECKED)
    for month, count in connection.execute(_LISTED):
        yield month, unchecked, count
    for month, before, after, count in connection.execute(_JUDGED):
        yield month, before or unchecked, -count
        yield month, after or unchecked, count
    for month, status, count in connection.execute(_WITHDRAWN):
        yield month, status, -count


_NEWEST_MONTH = "SELECT substr(recorded_at, 1, 7) FROM revision ORDER BY number DESC LIMIT 1"
_LISTED = (
    "SELECT substr(recorded_at, 1, 7), count(*) FROM history WHERE kind = 'listed' AND subject = 'claim' GROUP BY 1"
)
_JUDGED = (
    "SELECT substr(recorded_at, 1, 7), before, after, count(*) FROM history "
    "WHERE kind IN ('verdict', 'correction') AND field = 'verdicts.so.value' GROUP BY 1, 2, 3"
)
_WITHDRAWN = (
    "SELECT substr(h.recorded_at, 1, 7), c.verification_status, count(DISTINCT h.key) FROM history h "
    "JOIN claims c ON c.claim_id = h.key WHERE h.kind = 'withdrawal' AND h.subject = 'claim' GROUP BY 1, 2"
)


def _months(named: Collection[str]) -> Iterator[str]:
    """Yield each month from the first to the last of those named.

    >>> list(_months(["2031-02", "2030-11"]))
    ['2030-11', '2030-12', '2031-01', '2031-02']
    """
    if not named:
        return
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(named), max(named)))
    for number in range(first, last + 1):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"


def standing(counts: Mapping[VerificationStatus, int]) -> Picture:
    """Return how some claims stand."""
    rows = tuple((str(status), counts[status]) for status in VerificationStatus if counts.get(status))
    return Picture("standing", *_WORDS["standing"], rows)


def claims_per_article(connection: sqlite3.Connection, language: Language) -> Rows:
    """Return how many listed claims stand in each article, the most first."""
    return _longest(connection.execute(_ARTICLES, {"korean": language == "ko"}))


def claims_per_speaker(connection: sqlite3.Connection, language: Language) -> Rows:
    """Return how many listed claims each speaker makes, the most first; anonymous ones by their description."""
    return _longest(connection.execute(_SPEAKERS, {"korean": language == "ko"}))


_ARTICLES = (
    "SELECT coalesce(CASE WHEN :korean THEN a.headline_ko END, a.headline), count(*) FROM claims c "
    "JOIN articles a USING (article) WHERE c.record_state = 'listed' GROUP BY article ORDER BY 2 DESC, article"
)
_SPEAKERS = (
    "SELECT coalesce(CASE WHEN :korean THEN s.name_ko END, s.speaker), count(*) FROM claims c "
    "JOIN speakers s USING (speaker) WHERE c.record_state = 'listed' GROUP BY speaker ORDER BY 2 DESC, speaker"
)


def _longest(rows: Iterable[tuple[str, int]]) -> Rows:
    """Return the first rows, and one that counts the others together."""
    every = [(name, count) for name, count in rows]
    first, others = every[:LONGEST], every[LONGEST:]
    return (*first, (len(others), sum(count for _, count in others))) if others else tuple(first)


def amounts_by_currency(connection: sqlite3.Connection, language: Language) -> Rows:  # noqa: ARG001  no words of the ledger
    """Return how many amounts of money there are, by currency and by power of ten; nothing is added up."""
    found: Counter[tuple[str, int]] = Counter()
    for currency, amount, count in connection.execute(_MONEY):
        found[currency, _power(amount)] += count
    return tuple((currency, power, count) for (currency, power), count in sorted(found.items()))


_MONEY = (
    "SELECT q.currency, coalesce(q.amount, q.high, q.low), count(*) FROM quantities q JOIN claims c USING (claim_id) "
    "WHERE q.currency IS NOT NULL AND c.record_state = 'listed' GROUP BY 1, 2"
)


def _power(amount: float | str) -> int:
    """Return the power of ten an amount's first digit stands for.

    >>> _power(13_000_000_000), _power("0.05"), _power(0)
    (10, -2, 0)
    """
    return Decimal(str(amount)).adjusted() if Decimal(str(amount)) else 0


_WORDS: Mapping[Name, Words] = {
    "status-over-time": Words(
        Meaning("Verification status over time", "시간에 따른 검증 상태"),
        Meaning(
            "Listed claims at the end of each month, by status; in the newest, as of the newest entry of the log.",
            "매달 말에 실려 있던 주장의 수, 상태별. 마지막 달은 로그의 최신 기록 시점 기준.",
        ),
        (
            Heading("month", Meaning("month", "달")),
            *(Heading(str(status), Meaning(status.label_en, status.label_ko)) for status in VerificationStatus),
        ),
    ),
    "claims-per-article": Words(
        Meaning("Claims in each article", "기사별 주장 수"),
        Meaning(
            "Listed claims by the article they were first taken from.", "처음 실린 기사별로 센, 지금 실려 있는 주장."
        ),
        (Heading("article", Meaning("article", "기사")), _CLAIMS),
    ),
    "claims-per-speaker": Words(
        Meaning("Claims of each speaker", "발언자별 주장 수"),
        Meaning(
            "Listed claims by who is said to assert them; how many says nothing of whether they hold.",
            "누가 말했는지에 따라 센, 지금 실려 있는 주장. 수는 사실 여부와 무관하다.",
        ),
        (Heading("speaker", Meaning("speaker", "발언자")), _CLAIMS),
    ),
    "amounts-by-currency": Words(
        Meaning("Amounts of money", "금액의 크기"),
        Meaning(
            "Amounts in listed claims by currency and size: 1M, in the table the power of ten 6, stands for 1,000,000 "
            "to 9,999,999. They are counted, not added up: one sum may be named in many claims.",
            "지금 실려 있는 주장에 나온 금액을 통화와 크기로 센 것. 100만(표에는 10의 거듭제곱 6)은 1,000,000부터 "
            "9,999,999까지다. 같은 금액이 여러 번 나올 수 있어 더하지 않는다.",
        ),
        (
            Heading("currency", Meaning("currency", "통화")),
            Heading("power_of_ten", Meaning("power of ten", "10의 거듭제곱")),
            Heading("amounts", Meaning("amounts", "금액 수")),
        ),
    ),
    "standing": Words(
        Meaning("How the claims stand", "주장 검증 현황"),
        Meaning("Claims by verification status.", "검증 상태별 주장 수."),
        (Heading("status", Meaning("status", "검증 상태")), _CLAIMS),
    ),
}
PICTURES: Mapping[Name, Callable[[sqlite3.Connection, Language], Rows]] = {
    "status-over-time": status_over_time,
    "claims-per-article": claims_per_article,
    "claims-per-speaker": claims_per_speaker,
    "amounts-by-currency": amounts_by_currency,
}
"""What counts each picture of the whole ledger, in the order their page shows them."""
